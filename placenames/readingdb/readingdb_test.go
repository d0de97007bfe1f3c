package readingdb_test

import (
	"errors"
	"strings"
	"testing"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
	"yike/placenames/readingdb"
	"yike/placenames/roman"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
	nobody = "01900000-0000-7000-8000-000000000001"
)

func because(reason string) record.Change { return record.Change{Reason: reason} }

func ruling(text, readings string) roman.Ruling {
	return roman.Ruling{Text: text, Readings: strings.Fields(readings), Document: "示例地名〔2026〕1号"}
}

func TestLexicon(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := readingdb.New(db)
	w := dbtest.Person(t, db, adcode, "place_name_registrar", "")
	ctx := t.Context()
	start, err := s.Mark(ctx, w)
	if err != nil || start != 0 {
		t.Fatalf("%d, %v", start, err)
	}
	made, err := s.Create(ctx, w, ruling("六安", "lù ān"), because("委员会审定"), today)
	if err != nil || made.Version != 1 || !made.MayWrite || made.ValidFrom != today || made.Where() != "示例地名〔2026〕1号" || made.ChangedAt.IsZero() {
		t.Fatalf("%+v, %v", made, err)
	}
	var invalid *record.InvalidError
	bad := ruling("重庆", "chóng qìng")
	bad.NameID = nobody
	for name, r := range map[string]roman.Ruling{"text": ruling("六安", "liù ān"), "name_id": bad, "name_id ": {Text: "重庆", Readings: []string{"chóng", "qìng"}, NameID: "x"}} {
		if _, err := s.Create(ctx, w, r, because("再收"), today); !errors.As(err, &invalid) || invalid.Faults[0].Field != strings.TrimSpace(name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Create(ctx, w, ruling("重庆", "chóng qìng"), because(""), today); !errors.As(err, &invalid) {
		t.Errorf("without a reason: %v", err)
	}
	var stale *postgres.StaleError
	if _, err := s.Update(ctx, w, made.ID, 7, made.Ruling, because("改"), today); !errors.As(err, &stale) {
		t.Errorf("%v", err)
	}
	if _, err := s.Update(ctx, w, nobody, 1, made.Ruling, because("改"), today); !errors.Is(err, roman.ErrNoRuling) {
		t.Errorf("%v", err)
	}
	other := ruling("六安", "liù ān")
	other.NameID = "x"
	if _, err := s.Update(ctx, w, made.ID, 1, other, because("改"), today); !errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
	changed, err := s.Update(ctx, w, made.ID, 1, ruling("六安", "liù ān"), because("更正"), today)
	if err != nil || changed.Version != 2 || changed.Readings[0] != "liù" {
		t.Errorf("%+v, %v", changed, err)
	}
	mark, all, err := s.Precedents(ctx, w)
	if err != nil || mark <= start || len(all) != 1 || !all[0].Ruled || all[0].Readings[0] != "liù" {
		t.Errorf("%d %+v, %v", mark, all, err)
	}
	list, err := s.List(ctx, w, "安")
	if err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := s.List(ctx, w, "庆"); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if err := s.Remove(ctx, w, made.ID, 1, because("误收"), today); !errors.As(err, &stale) {
		t.Errorf("%v", err)
	}
	if err := s.Remove(ctx, w, made.ID, 2, because(""), today); !errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
	if err := s.Remove(ctx, w, made.ID, 2, because("误收"), today); err != nil {
		t.Error(err)
	}
	for _, id := range []string{made.ID, "x"} {
		if _, err := s.ByID(ctx, w, id); !errors.Is(err, roman.ErrNoRuling) {
			t.Errorf("%v", err)
		}
	}
	versions, err := s.HistoryOf(ctx, w, made.ID)
	if err != nil || len(versions) != 2 || versions[0].Removed == nil || versions[0].Removed.Why != "误收" {
		t.Errorf("%+v, %v", versions, err)
	}
	for _, id := range []string{nobody, "x"} {
		if _, err := s.HistoryOf(ctx, w, id); !errors.Is(err, roman.ErrNoRuling) {
			t.Errorf("%v", err)
		}
	}
	if again, err := s.Mark(ctx, w); err != nil || again <= mark {
		t.Errorf("the mark stayed at %d, %v", again, err)
	}
}

func TestOnlyWhoMakesTheRules(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := readingdb.New(db)
	ctx := t.Context()
	made, err := s.Create(ctx, postgres.System(adcode, "test"), ruling("六安", "lù ān"), because("审定"), today)
	if err != nil {
		t.Fatal(err)
	}
	for role, may := range map[string]bool{"place_name_registrar": true, "approver": false, "expert": false} {
		w := dbtest.Person(t, db, adcode, role, "")
		if got, err := s.MayMake(ctx, w); err != nil || got != may {
			t.Errorf("%s may write: %v, %v", role, got, err)
		}
		if may {
			continue
		}
		if _, err := s.Create(ctx, w, ruling("重庆", "chóng qìng"), because("审定"), today); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s adds: %v", role, err)
		}
		if _, err := s.Update(ctx, w, made.ID, 1, ruling("六安", "liù ān"), because("审定"), today); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s changes: %v", role, err)
		}
		if err := s.Remove(ctx, w, made.ID, 1, because("审定"), today); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s removes: %v", role, err)
		}
		got, err := s.ByID(ctx, w, made.ID)
		if err != nil || got.MayWrite {
			t.Errorf("%s reads %+v, %v", role, got, err)
		}
	}
}

// A reading that was confirmed in the record of a name in use is a precedent for others; that of
// a draft is not.
func TestRecordsArePrecedents(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	ctx := t.Context()
	w := postgres.System(adcode, "test")
	err := db.Write(ctx, w, "a town", func(tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, `
INSERT INTO division (adcode, id, code, level, name_zh, geom)
VALUES ('990001', gen_random_uuid(), '990001', 'district', '示例区', ST_Multi(ST_MakeEnvelope(117, 39, 117.4, 39.1, 4326)))`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	register := placenamedb.New(db, catalogue)
	s := readingdb.New(db)
	naming := placenames.Decision{Kind: placenames.Naming, Number: "示例地名〔2026〕3号", Day: "2026-05-01", Body: "示例区人民政府", Title: "批复"}
	for _, n := range []placenames.Name{
		{Text: "长安街", State: placenames.Approved, Decision: naming, Readings: []string{"cháng", "ān", "jiē"}},
		{Text: "长乐街", State: placenames.Draft, Readings: []string{"cháng", "lè", "jiē"}},
		{Text: "长兴街", State: placenames.Approved, Decision: naming},
	} {
		n.Kind, n.Divisions = "road", []string{adcode}
		if _, err := register.Create(ctx, w, n, because("登记"), today); err != nil {
			t.Fatal(err)
		}
	}
	mark, all, err := s.Precedents(ctx, w)
	if err != nil || mark == 0 || len(all) != 1 || all[0].Text != "长安街" || all[0].Ruled || all[0].Where != "长安街 示例地名〔2026〕3号" {
		t.Errorf("%d %+v, %v", mark, all, err)
	}
}
