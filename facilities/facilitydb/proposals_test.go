package facilitydb_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func (x fixture) propose(t *testing.T, w postgres.Writer, f facilities.Facility, p facilities.Patch) facilities.Proposal {
	t.Helper()
	made, err := x.store.Propose(t.Context(), w, seen(f), p, "现场所见", today)
	if err != nil {
		t.Fatalf("propose: %v", err)
	}
	return made
}

func of(p facilities.Proposal, keep ...string) facilitydb.Decision {
	return facilitydb.Decision{Proposal: facilitydb.Seen{ID: p.ID, Version: p.Version}, Keep: keep, Reason: "属实"}
}

// A field worker says what is otherwise, and who may write there takes it, beside what
// others changed meanwhile.
func TestProposalIsAccepted(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	worker := dbtest.Person(t, x.db, adcode, "field_worker", "990001001")
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	f := x.create(t, 0)
	worker.Key, worker.RequestHash = "p", []byte{1}
	patch := facilities.Patch{
		Address: ptr(" 花桥路 2 号 "), Capacity: ptr(90), Lon: ptr(117.06), PlacedBy: ptr(facilities.PlacedMap), Fields: map[string]any{"operator": "某公司", "seats": 40},
	}
	p := x.propose(t, worker, f, patch)
	if again := x.propose(t, worker, f, patch); !cmp.Equal(p, again) {
		t.Errorf("asked again: %s", cmp.Diff(p, again))
	}
	worker.Key = ""
	if p.State != facilities.ProposalOpen || p.Division != "990001001001" || p.Who != worker.Who || p.BaseVersion != 1 || p.Patch["address"] != "花桥路 2 号" || p.Base["capacity"] != 80.0 {
		t.Errorf("%+v", p)
	}
	now := x.update(t, f, facilities.Patch{Capacity: ptr(85), NameEN: ptr("Jia canteen"), Fields: map[string]any{"seats": 44}}, because("核实"), today)
	shown, beside, err := x.store.Proposal(t.Context(), steward, p.ID)
	if err != nil || beside.Version != 2 {
		t.Fatal(beside, err)
	}
	var crossed []string
	for _, each := range shown.Against(beside) {
		if each.Standing == facilities.StandsCrossed {
			crossed = append(crossed, each.Field)
		}
	}
	if d := cmp.Diff([]string{"capacity", "fields.seats"}, crossed); d != "" {
		t.Error(d)
	}
	if _, err := x.store.Accept(t.Context(), steward, of(p), today); invalidFields(err) != "capacity fields.seats" {
		t.Errorf("undecided: %v", err)
	}
	d := of(p, "capacity")
	d.Take = []string{"fields.seats"}
	steward.Key, steward.RequestHash = "a", []byte{1}
	for range 2 {
		done, err := x.store.Accept(t.Context(), steward, d, today)
		if err != nil || done.State != facilities.ProposalAccepted || done.DecidedBy != steward.Who || done.MadeID != f.ID || done.DecidedAt == nil {
			t.Fatal(done, err)
		}
	}
	steward.Key = ""
	after, err := x.store.ByID(t.Context(), x.planner, f.ID)
	if err != nil || after.Version != 3 || after.Address != "花桥路 2 号" || after.Capacity != now.Capacity || after.NameEN != "Jia canteen" || after.Point[0] != 117.06 ||
		after.PlacedBy != facilities.PlacedMap || after.Fields["operator"] != "某公司" || after.Fields["seats"] != 40.0 {
		t.Errorf("%+v, %v", after, err)
	}
	if _, err := x.store.Accept(t.Context(), steward, d, today); !errors.Is(err, facilitydb.ErrDecided) {
		t.Errorf("again: %v", err)
	}
	if got := x.deeds(t, f.ID) + ", " + x.deeds(t, p.ID); got != "facility.create facility.update facility.accept, facility.propose facility_proposal.accepted" {
		t.Errorf("the log says %s", got)
	}
	// Somebody did what is proposed meanwhile.
	p = x.propose(t, worker, after, facilities.Patch{Status: ptr(facilities.Suspended)})
	x.update(t, after, facilities.Patch{Status: ptr(facilities.Suspended)}, because("停业"), today)
	if done, err := x.store.Accept(t.Context(), steward, of(p), today); err != nil || done.MadeID != f.ID {
		t.Errorf("%+v, %v", done, err)
	}
}

func TestProposalOfANewFacility(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	worker := dbtest.Person(t, x.db, adcode, "field_worker", "990001001")
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	patch := facilities.Patch{
		Type: ptr(facilities.Type("elderly_canteen")), NameZH: ptr("丁食堂"), Status: ptr(facilities.Open), Capacity: ptr(30), Lon: ptr(place(1)[0]), Lat: ptr(39.05),
	}
	p, err := x.store.Propose(t.Context(), worker, facilitydb.Seen{}, patch, "新开一处", today)
	if err != nil || p.FacilityID != "" || p.Division != "990001001002" || p.Patch["name_zh"] != "丁食堂" {
		t.Fatal(p, err)
	}
	done, err := x.store.Accept(t.Context(), steward, of(p), today)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x.store.ByID(t.Context(), steward, done.MadeID)
	if err != nil || made.NameZH != "丁食堂" || made.Stage != facilities.Submitted || made.DivisionCode != "990001001002" || made.Fields["meals_per_day"] != 30.0 {
		t.Errorf("%+v, %v", made, err)
	}
	nowhere := patch
	nowhere.Lon, nowhere.Lat, nowhere.Unplaced, nowhere.DivisionCode = nil, nil, ptr(true), ptr("990001001")
	if p, err = x.store.Propose(t.Context(), worker, facilitydb.Seen{}, nowhere, "新开一处", today); err != nil {
		t.Fatal(err)
	}
	if done, err = x.store.Accept(t.Context(), steward, of(p), today); err != nil {
		t.Fatal(err)
	}
	if made, err = x.store.ByID(t.Context(), steward, done.MadeID); err != nil || !made.Unplaced || made.DivisionCode != "990001001" {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestProposalsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	worker := dbtest.Person(t, x.db, adcode, "field_worker", "990001001")
	f, next := x.create(t, 0), x.create(t, 2)
	draft := canteen(0)
	draft.Stage = facilities.Draft
	hidden := x.register(t, draft)[0]
	gone := x.create(t, 1)
	if _, err := x.store.Merge(t.Context(), x.planner, seen(gone), seen(f), facilities.Merge{Reason: "重复"}, today); err != nil {
		t.Fatal(err)
	}
	gone.Version++
	rename := facilities.Patch{NameZH: ptr("乙食堂")}
	var replaced *facilitydb.ReplacedError
	for _, tc := range []struct {
		name   string
		who    postgres.Writer
		of     facilitydb.Seen
		patch  facilities.Patch
		reason string
		want   string
		is     error
	}{
		{"nothing", worker, seen(f), facilities.Patch{}, "a", "patch", nil},
		{"for no reason", worker, seen(f), rename, "", "reason", nil},
		{"a stage", worker, seen(f), facilities.Patch{Stage: ptr(facilities.Draft)}, "a", "stage", nil},
		{"what cannot be", worker, seen(f), facilities.Patch{NameZH: ptr(""), Lat: ptr(50.0), Fields: map[string]any{"niches_total": 3}}, "a", "name_zh lat fields.niches_total", nil},
		{"half a new one", worker, facilitydb.Seen{}, rename, "a", "type status lat lon", nil},
		{"of a former version", worker, facilitydb.Seen{ID: f.ID, Version: 7}, rename, "a", "", postgres.ErrStale},
		{"of a draft that one does not see", worker, seen(hidden), rename, "a", "", facilitydb.ErrNotFound},
		{"of nothing", worker, facilitydb.Seen{ID: "x"}, rename, "a", "", facilitydb.ErrNotFound},
		{"next door", worker, seen(next), rename, "a", "", postgres.ErrForbidden},
		{"by a reader", dbtest.Person(t, x.db, adcode, "read_only", ""), seen(f), rename, "a", "", postgres.ErrForbidden},
	} {
		_, err := x.store.Propose(t.Context(), tc.who, tc.of, tc.patch, tc.reason, today)
		if tc.is != nil && !errors.Is(err, tc.is) || tc.is == nil && sortedFields(err) != sortedWords(tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if _, err := x.store.Propose(t.Context(), worker, seen(gone), rename, "a", today); !errors.As(err, &replaced) {
		t.Errorf("of a tombstone: %v", err)
	}
}

func sortedWords(text string) string {
	words := strings.Fields(text)
	for i := range words {
		for j := range words[:i] {
			if words[j] > words[i] {
				words[i], words[j] = words[j], words[i]
			}
		}
	}
	return strings.Join(words, " ")
}

func sortedFields(err error) string { return sortedWords(invalidFields(err)) }

// Who sees which proposals and may decide them, and what becomes of them.
func TestProposalsAreDecided(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	worker := dbtest.Person(t, x.db, adcode, "field_worker", "990001001")
	other := dbtest.Person(t, x.db, adcode, "plate_manager", "")
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	neighbour := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001002")
	f := x.create(t, 0)
	propose := func(w postgres.Writer, name string) facilities.Proposal {
		return x.propose(t, w, f, facilities.Patch{NameZH: &name})
	}
	first, second, third := propose(worker, "一"), propose(worker, "二"), propose(other, "三")
	see := func(w postgres.Writer, filter facilitydb.ProposalFilter) string {
		t.Helper()
		var out []string
		for before := ""; ; {
			list, next, total, err := x.store.Proposals(t.Context(), w, filter, before, 1)
			if err != nil {
				return err.Error()
			}
			for _, p := range list {
				out = append(out, fmt.Sprint(p.Patch["name_zh"], ":", p.State))
			}
			if before = next; before == "" {
				return fmt.Sprint(total, " ", strings.Join(out, " "))
			}
		}
	}
	for _, tc := range []struct {
		name   string
		who    postgres.Writer
		filter facilitydb.ProposalFilter
		want   string
	}{
		{"a steward", steward, facilitydb.ProposalFilter{}, "3 三:open 二:open 一:superseded"},
		{"a steward, what is open", steward, facilitydb.ProposalFilter{State: facilities.ProposalOpen, Facility: f.ID}, "2 三:open 二:open"},
		{"a steward, his own", steward, facilitydb.ProposalFilter{Mine: true}, "0 "},
		{"whoever proposed", worker, facilitydb.ProposalFilter{}, "2 二:open 一:superseded"},
		{"whoever proposed, of nothing", worker, facilitydb.ProposalFilter{Facility: "x"}, "0 "},
		{"a neighbour", neighbour, facilitydb.ProposalFilter{}, "0 "},
	} {
		if got := see(tc.who, tc.filter); got != tc.want {
			t.Errorf("%s sees %q, want %q", tc.name, got, tc.want)
		}
	}
	if _, _, _, err := x.store.Proposals(t.Context(), steward, facilitydb.ProposalFilter{}, "x", 1); !errors.Is(err, facilitydb.ErrBadCursor) {
		t.Errorf("after nothing: %v", err)
	}
	accept := func(w postgres.Writer, d facilitydb.Decision) error {
		_, err := x.store.Accept(t.Context(), w, d, today)
		return err
	}
	reject := func(w postgres.Writer, d facilitydb.Decision) error {
		_, err := x.store.Reject(t.Context(), w, d)
		return err
	}
	withdraw := func(w postgres.Writer, d facilitydb.Decision) error {
		_, err := x.store.Withdraw(t.Context(), w, d)
		return err
	}
	stale := of(second)
	stale.Proposal.Version = 7
	for _, tc := range []struct {
		name string
		err  error
		want error
	}{
		{"whoever proposed accepts", accept(worker, of(second)), postgres.ErrForbidden},
		{"whoever proposed rejects", reject(worker, of(second)), postgres.ErrForbidden},
		{"a neighbour accepts", accept(neighbour, of(second)), facilitydb.ErrNoProposal},
		{"a steward withdraws", withdraw(steward, of(second)), postgres.ErrForbidden},
		{"of another version", accept(steward, stale), postgres.ErrStale},
		{"of what was superseded", reject(steward, of(first)), facilitydb.ErrDecided},
		{"of nothing", withdraw(worker, facilitydb.Decision{Proposal: facilitydb.Seen{ID: "x"}}), facilitydb.ErrNoProposal},
		{"a look at nothing", func() error { _, _, err := x.store.Proposal(t.Context(), steward, first.ID[:35]+"x"); return err }(), facilitydb.ErrNoProposal},
	} {
		if !errors.Is(tc.err, tc.want) {
			t.Errorf("%s: %v", tc.name, tc.err)
		}
	}
	if err := reject(steward, facilitydb.Decision{Proposal: of(second).Proposal}); invalidFields(err) != "reason" {
		t.Errorf("rejected for no reason: %v", err)
	}
	if err := errors.Join(withdraw(worker, of(second)), reject(steward, of(third))); err != nil {
		t.Error(err)
	}
	if got := see(steward, facilitydb.ProposalFilter{}); got != "3 三:rejected 二:withdrawn 一:superseded" {
		t.Errorf("in the end %s", got)
	}
	// Past the store: nobody decides for others, or brings a decided one back.
	for name, sql := range map[string]string{
		"decides": `UPDATE facility_proposal SET state = 'accepted', decided_at = now() WHERE id = $1 RETURNING 1`,
		"reopens": `UPDATE facility_proposal SET state = 'open', decided_at = NULL WHERE id = $1 RETURNING 1`,
	} {
		for _, p := range []facilities.Proposal{second, propose(worker, "四")} {
			var n int
			err := x.db.Write(t.Context(), worker, "a test", func(tx *postgres.Tx) error { return tx.QueryRow(t.Context(), sql, p.ID).Scan(&n) })
			if err == nil {
				t.Errorf("%s past the store", name)
			}
		}
	}
}

// A facility that others took the place of cannot become what was proposed of it.
func TestProposalOfATombstone(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	f, into := x.create(t, 0), x.create(t, 1)
	p := x.propose(t, dbtest.Person(t, x.db, adcode, "field_worker", ""), f, facilities.Patch{NameZH: ptr("乙")})
	if _, err := x.store.Merge(t.Context(), x.planner, seen(f), seen(into), facilities.Merge{Reason: "重复"}, today); err != nil {
		t.Fatal(err)
	}
	var replaced *facilitydb.ReplacedError
	if _, err := x.store.Accept(t.Context(), x.planner, of(p), today); !errors.As(err, &replaced) {
		t.Errorf("%v", err)
	}
	if _, err := x.store.Reject(t.Context(), x.planner, of(p)); err != nil {
		t.Error(err)
	}
}

// Drafts of before are for those who work on them, as drafts of now.
func TestHistoryOfDrafts(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	reviewer := dbtest.Person(t, x.db, adcode, "estate_reviewer", "")
	f := canteen(0)
	f.Stage = facilities.Draft
	made := x.register(t, f)[0]
	if _, err := x.store.HistoryOf(t.Context(), reviewer, made.ID); !errors.Is(err, facilitydb.ErrNotFound) {
		t.Errorf("of a draft: %v", err)
	}
	x.update(t, made, facilities.Patch{Stage: ptr(facilities.Published)}, because("发布"), today)
	for who, want := range map[*postgres.Writer]int{&reviewer: 1, &x.planner: 2} {
		if list, err := x.store.HistoryOf(t.Context(), *who, made.ID); err != nil || len(list) != want {
			t.Errorf("%s sees %d versions, %v; want %d", who.Who, len(list), err, want)
		}
	}
}
