package attachmentdb_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/attachments"
	"yike/internal/attachments/attachmentdb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const (
	adcode = "990001"
	west   = "990001001"
	east   = "990001002"
)

type fixture struct {
	db                                *postgres.DB
	store                             *attachmentdb.Store
	facility                          string
	owner                             attachments.Owner
	planner, westSteward, eastSteward postgres.Writer
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	db := dbtest.New(t)
	x := fixture{db: db, store: attachmentdb.New(db)}
	x.owner, _ = attachments.OwnerOf("facility")
	x.planner, x.westSteward, x.eastSteward = person(t, db, "planner", ""), person(t, db, "subdistrict_steward", west), person(t, db, "subdistrict_steward", east)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a canteen", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, division_code, geom)
VALUES (@adcode, gen_random_uuid(), 'x', 'elderly_canteen', '食堂', 'open', @division, ST_Point(117.05, 39.05, 4326)) RETURNING id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "division": west + "001"}).Scan(&x.facility)
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func person(t *testing.T, db *postgres.DB, role, division string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: adcode, Who: role}
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES (@adcode, gen_random_uuid(), @name, @name) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, @division FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "name": "a-" + role[:4] + "-" + division + "0", "role": role, "division": division}).Scan(&w.Account)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (x fixture) file(digit string) attachments.Attachment {
	return attachments.Attachment{
		OwnerID: x.facility, Kind: attachments.Photo, Title: "门", FileName: "门.jpg", MediaType: "image/jpeg", Size: 9, SHA256: strings.Repeat(digit, 64),
		ThumbSHA256: strings.Repeat("e", 64), Width: 4, Height: 3, OriginalSHA256: strings.Repeat("f", 64), TakenOn: "2026-11-20", Position: &orb.Point{117.01, 39.02},
	}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	w := x.westSteward
	w.Key, w.RequestHash = "k", []byte("h")
	made, err := x.store.Create(t.Context(), w, x.owner, x.file("a"), "")
	want := x.file("a")
	want.OwnerKind, want.DivisionCode, want.Version = "facility", west+"001", 1
	ignored := cmpopts.IgnoreFields(attachments.Attachment{}, "ID", "AddedAt")
	if d := cmp.Diff(want, made, ignored); d != "" || err != nil {
		t.Fatal(d, err)
	}
	again, err := x.store.Create(t.Context(), w, x.owner, x.file("a"), "")
	if d := cmp.Diff(made, again, cmpopts.EquateApproxTime(time.Microsecond)); d != "" || err != nil {
		t.Error("the same request again:", d, err)
	}
	document := x.file("b")
	document.Kind, document.ThumbSHA256, document.Position, document.TakenOn = attachments.Document, "", nil, ""
	if _, err := x.store.Create(t.Context(), x.planner, x.owner, document, "合同"); err != nil {
		t.Fatal(err)
	}
	if _, err := x.store.Create(t.Context(), x.planner, x.owner, x.file("c"), "又一张"); err != nil {
		t.Fatal(err)
	}
	list, err := x.store.List(t.Context(), x.eastSteward, x.owner, x.facility)
	var order string
	for _, a := range list {
		order += a.SHA256[:1]
	}
	if order != "acb" || err != nil {
		t.Errorf("listed %q, %v; want photos first", order, err)
	}
	if one, err := x.store.ByID(t.Context(), x.eastSteward, made.ID); err != nil || cmp.Diff(made, one) != "" {
		t.Errorf("by id: %s, %v", cmp.Diff(made, one), err)
	}
}

func TestWhoMayNot(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made, err := x.store.Create(t.Context(), x.planner, x.owner, x.file("a"), "")
	if err != nil {
		t.Fatal(err)
	}
	premises, _ := attachments.OwnerOf("premises")
	stranger := "0198c0de-0000-7000-8000-000000000000"
	for name, got := range map[string]error{
		"steward elsewhere, asked before": x.store.Allowed(t.Context(), x.eastSteward, x.owner, x.facility),
		"steward elsewhere, adding":       second(x.store.Create(t.Context(), x.eastSteward, x.owner, x.file("b"), "")),
		"steward elsewhere, removing":     x.store.Remove(t.Context(), x.eastSteward, x.owner, x.facility, made.ID, 1, "x"),
	} {
		if !errors.Is(got, postgres.ErrForbidden) {
			t.Errorf("%s: %v", name, got)
		}
	}
	for name, tc := range map[string]struct{ got, want error }{
		"no record":        {x.store.Allowed(t.Context(), x.planner, x.owner, stranger), attachmentdb.ErrNoOwner},
		"no id":            {x.store.Allowed(t.Context(), x.planner, x.owner, "x"), attachmentdb.ErrNoOwner},
		"no room":          {x.store.Allowed(t.Context(), x.planner, premises, stranger), attachmentdb.ErrNoOwner},
		"no such kind":     {x.store.Allowed(t.Context(), x.planner, attachments.Owner{Kind: "road", Action: "facility.write"}, x.facility), attachmentdb.ErrNoOwner},
		"list of none":     {second(x.store.List(t.Context(), x.planner, x.owner, stranger)), attachmentdb.ErrNoOwner},
		"none by id":       {second(x.store.ByID(t.Context(), x.planner, stranger)), attachmentdb.ErrNotFound},
		"no id at all":     {second(x.store.ByID(t.Context(), x.planner, "x")), attachmentdb.ErrNotFound},
		"removing none":    {x.store.Remove(t.Context(), x.planner, x.owner, x.facility, stranger, 1, "x"), attachmentdb.ErrNotFound},
		"of another":       {x.store.Remove(t.Context(), x.planner, x.owner, stranger, made.ID, 1, "x"), attachmentdb.ErrNotFound},
		"an older version": {x.store.Remove(t.Context(), x.planner, x.owner, x.facility, made.ID, 9, "x"), postgres.ErrStale},
	} {
		if !errors.Is(tc.got, tc.want) {
			t.Errorf("%s: got %v, want %v", name, tc.got, tc.want)
		}
	}
	// The database itself holds the bound, whatever a store forgets.
	err = x.db.Write(t.Context(), x.eastSteward, "around the store", func(tx *postgres.Tx) error {
		tag, err := tx.Exec(t.Context(), `DELETE FROM attachment WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode})
		if err == nil && tag.RowsAffected() != 0 {
			return fmt.Errorf("%d rows", tag.RowsAffected())
		}
		return err
	})
	if err != nil {
		t.Errorf("a steward elsewhere removed: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestRemovedFilesAreHeldForAWhile(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made, err := x.store.Create(t.Context(), x.planner, x.owner, x.file("a"), "")
	if err != nil {
		t.Fatal(err)
	}
	held := func(digit string, after time.Time) bool {
		t.Helper()
		h, err := attachmentdb.Referenced(t.Context(), x.db.Reader(), strings.Repeat(digit, 64), after)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	future := time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)
	if !held("a", future) || !held("e", future) || held("f", time.Time{}) {
		t.Error("content and small picture are held, the original is not")
	}
	if err := x.store.Remove(t.Context(), x.planner, x.owner, x.facility, made.ID, 1, "拍错了"); err != nil {
		t.Fatal(err)
	}
	if !held("a", time.Time{}) || !held("e", time.Time{}) || held("a", future) || held("e", future) {
		t.Error("what was removed is held until its time")
	}
	var why string
	err = x.db.Reader().QueryRow(t.Context(), `
SELECT e.why FROM attachment_history h JOIN audit_entry e ON e.id = h.ended_by WHERE h.adcode = @adcode AND h.id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": made.ID}).Scan(&why)
	if err != nil || why != "拍错了" {
		t.Errorf("the history says %q, %v", why, err)
	}
}

func TestRecordsDoNotFillUp(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "many", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO attachment (adcode, id, owner_kind, owner_id, division_code, kind, title, file_name, media_type, size, sha256, original_sha256)
SELECT @adcode, gen_random_uuid(), 'facility', @owner, @division, 'document', 'x', 'x', 'application/pdf', 1, repeat('a', 64), repeat('a', 64)
FROM generate_series(1, @n)`, pgx.StrictNamedArgs{"adcode": adcode, "owner": x.facility, "division": west + "001", "n": attachmentdb.MaxPerRecord})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.store.Allowed(t.Context(), x.planner, x.owner, x.facility); !errors.Is(err, attachmentdb.ErrFull) {
		t.Errorf("got %v, want ErrFull", err)
	}
}

func TestTombstonesTakeNoFiles(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a merge", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE facility SET replaced_by = ARRAY[gen_random_uuid()], status = 'closed' WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": x.facility})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]error{
		"asked before": x.store.Allowed(t.Context(), x.planner, x.owner, x.facility),
		"adding":       second(x.store.Create(t.Context(), x.planner, x.owner, x.file("a"), "")),
	} {
		if !errors.Is(got, attachmentdb.ErrReplaced) {
			t.Errorf("%s: got %v, want ErrReplaced", name, got)
		}
	}
}
