package facilitydb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// hangers notes where a store has the files of records go.
type hangers struct {
	moved []string
	err   error
}

func (h *hangers) Follow(_ context.Context, tx *postgres.Tx, kind, from, to string) error {
	h.moved = append(h.moved, fmt.Sprint(kind, " ", from, " to ", to, " by ", tx.Change()))
	return h.err
}

func (h *hangers) Return(_ context.Context, _ *postgres.Tx, kind, to, change string, from []string) error {
	slices.Sort(from)
	h.moved = append(h.moved, fmt.Sprint(kind, " back to ", to, " from ", change, " of ", from))
	return h.err
}

// merged makes a record of two, of which the one that goes has codes and serves others.
func (x fixture) merged(t *testing.T) (gone, tombstone, into, kept facilities.Facility) {
	t.Helper()
	f := canteen(0)
	f.NameZH, f.BureauNo, f.Serves, f.Status = "甲食堂（旧）", "G-1", []string{"990001001002"}, facilities.Suspended
	gone, into = x.register(t, f)[0], x.register(t, canteen(1))[0]
	kept, err := x.store.Merge(t.Context(), x.planner, seen(gone), seen(into), facilities.Merge{Take: []string{facilities.Placement, "name_zh"}, Reason: "重复登记"}, today)
	if err != nil {
		t.Fatal(err)
	}
	tombstone, err = x.store.ByID(t.Context(), x.planner, gone.ID)
	if err != nil {
		t.Fatal(err)
	}
	return gone, tombstone, into, kept
}

func TestUnmerge(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	files := &hangers{}
	x.store = x.store.WithFiles(files)
	gone, tombstone, into, kept := x.merged(t)
	x.update(t, kept, facilities.Patch{Address: ptr("改过的地址")}, because("更正"), today)
	x.planner.Key, x.planner.RequestHash = "u", []byte{1}
	var back facilities.Facility
	for i := range 2 {
		got, err := x.store.Unmerge(t.Context(), x.planner, seen(tombstone), "并错了", today)
		if err != nil || i == 1 && !cmp.Equal(back, got) {
			t.Fatalf("%+v, %v", got, err)
		}
		back = got
	}
	x.planner.Key = ""
	want := gone
	want.Version = 3
	if d := cmp.Diff(want, back); d != "" {
		t.Errorf("what came back: %s", d)
	}
	left, err := x.store.ByID(t.Context(), x.planner, into.ID)
	want = into
	want.Version, want.Address = 4, "改过的地址"
	if d := cmp.Diff(want, left); d != "" || err != nil {
		t.Errorf("what stayed: %s, %v", d, err)
	}
	if got := x.deeds(t, gone.ID) + ", " + x.deeds(t, into.ID); got != "facility.create facility.merge facility.unmerge, facility.create facility.merge facility.update facility.unmerge" {
		t.Errorf("the log says %s", got)
	}
	if len(files.moved) != 2 {
		t.Fatalf("files: %q", files.moved)
	}
	var change string
	if _, err := fmt.Sscanf(files.moved[0], "facility "+gone.ID+" to "+into.ID+" by %s", &change); err != nil || files.moved[1] != "facility back to "+gone.ID+" from "+change+" of ["+into.ID+"]" {
		t.Errorf("files: %q, %v", files.moved, err)
	}
	// It may be merged again, and that undone.
	if _, err := x.store.Merge(t.Context(), x.planner, seen(back), seen(left), facilities.Merge{Reason: "还是重复"}, today); err != nil {
		t.Fatal(err)
	}
	again, err := x.store.ByID(t.Context(), x.planner, gone.ID)
	if err != nil {
		t.Fatal(err)
	}
	if back, err = x.store.Unmerge(t.Context(), x.planner, seen(again), "又错了", today); err != nil || back.Status != facilities.Suspended || len(back.ReplacedBy) > 0 {
		t.Errorf("again: %+v, %v", back, err)
	}
}

// TestUnmergeFromWhatIsGone undoes a merge into a record that was merged on since, which
// stays as it is; what the last of them still has of the first's is a fault.
func TestUnmergeFromWhatIsGone(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	files := &hangers{}
	x.store = x.store.WithFiles(files)
	_, tombstone, _, kept := x.merged(t)
	last := x.register(t, canteen(2))[0]
	last, err := x.store.Merge(t.Context(), x.planner, seen(kept), seen(last), facilities.Merge{Reason: "重复"}, today)
	if err != nil || last.BureauNo != "G-1" {
		t.Fatalf("%+v, %v", last, err)
	}
	if _, err := x.store.Unmerge(t.Context(), x.planner, seen(tombstone), "并错了", today); invalidFields(err) != "bureau_no" {
		t.Errorf("while another has its number: %v", err)
	}
	x.update(t, last, facilities.Patch{BureauNo: ptr("L-1")}, because("换号"), today)
	back, err := x.store.Unmerge(t.Context(), x.planner, seen(tombstone), "并错了", today)
	if err != nil || back.BureauNo != "G-1" || len(back.ReplacedBy) != 0 {
		t.Errorf("%+v, %v", back, err)
	}
	if n := len(files.moved); n != 3 || !strings.HasSuffix(files.moved[2], " of ["+kept.ID+" "+last.ID+"]") {
		t.Errorf("files: %q", files.moved)
	}
	between, err := x.store.ByID(t.Context(), x.planner, kept.ID)
	if err != nil || between.Version != kept.Version+1 || !between.Tombstone() {
		t.Errorf("the one between: %+v, %v", between, err)
	}
}

func TestUnmergesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	files := &hangers{}
	x.store = x.store.WithFiles(files)
	_, tombstone, _, kept := x.merged(t)
	whole := x.register(t, canteen(2))[0]
	if _, err := x.store.Split(t.Context(), x.planner, seen(whole), make([]facilities.Patch, 2), "分", today); err != nil {
		t.Fatal(err)
	}
	split, err := x.store.ByID(t.Context(), x.planner, whole.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		who  postgres.Writer
		seen facilitydb.Seen
		why  string
		want string
		is   error
	}{
		{"by who may not publish", dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001"), seen(tombstone), "a", "", postgres.ErrForbidden},
		{"for no reason", x.planner, seen(tombstone), " ", "reason", nil},
		{"of a former version", x.planner, facilitydb.Seen{ID: tombstone.ID, Version: 1}, "a", "", postgres.ErrStale},
		{"of what was never merged", x.planner, seen(kept), "a", "", facilitydb.ErrNotMerged},
		{"of what was split", x.planner, seen(split), "a", "", facilitydb.ErrNotMerged},
		{"of nothing", x.planner, facilitydb.Seen{ID: "x", Version: 1}, "a", "", facilitydb.ErrNotFound},
	} {
		_, err := x.store.Unmerge(t.Context(), tc.who, tc.seen, tc.why, today)
		if tc.want != "" && invalidFields(err) != tc.want || tc.is != nil && !errors.Is(err, tc.is) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	files.err = errors.New("files are stuck")
	if _, err := x.store.Unmerge(t.Context(), x.planner, seen(tombstone), "a", today); !errors.Is(err, files.err) {
		t.Errorf("with stuck files: %v", err)
	}
	if now, err := x.store.ByID(t.Context(), x.planner, tombstone.ID); err != nil || !cmp.Equal(now, tombstone) {
		t.Errorf("half undone: %+v, %v", now, err)
	}
}
