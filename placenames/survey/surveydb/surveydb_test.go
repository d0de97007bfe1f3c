package surveydb_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames/survey"
	"yike/placenames/survey/surveydb"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-28")
	west   = "990001001"
	road   = "01900000-0000-7000-8000-000000000001"
	aCase  = "01900000-0000-7000-8000-000000000002"
	ended  = "01900000-0000-7000-8000-000000000003"
	nobody = "01900000-0000-7000-8000-000000000009"
)

type fixture struct {
	db     *postgres.DB
	store  *surveydb.Store
	worker postgres.Writer // in the west
}

// newFixture has a subdistrict with a road, a case about it, and one that has ended.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{db: dbtest.New(t)}
	f.sql(t, `
INSERT INTO division (adcode, id, code, level, name_zh, geom) VALUES
	(@adcode, gen_random_uuid(), '990001001', 'subdistrict', '西街', ST_Multi(ST_MakeEnvelope(117, 39, 117.2, 39.1, 4326)))`)
	f.sql(t, `
INSERT INTO place_name (adcode, id, text, kind, class, state, divisions, extent, size, geom) VALUES
	(@adcode, '01900000-0000-7000-8000-000000000001', '沣东路', 'road', 'street', 'proposed', '{990001001}', '{"from": "沣惠路"}', '{"length_m": 500}',
	 ST_SetSRID(ST_MakeLine(ST_MakePoint(117.1, 39.05), ST_MakePoint(117.11, 39.05)), 4326))`)
	f.sql(t, `
INSERT INTO name_case (adcode, id, year, no, act, class, kind, division_code, track, name_id, text, applicant, reason, opened_on, opened_by, rules, ending, decided) VALUES
	(@adcode, '01900000-0000-7000-8000-000000000002', 2026, 1, 'naming', 'street', 'road', '990001001', 'decide', '01900000-0000-7000-8000-000000000001', '沣东路', '公司', '新建', '2026-11-01', 't', '{}', '', false),
	(@adcode, '01900000-0000-7000-8000-000000000003', 2026, 2, 'naming', 'street', 'road', '990001001', 'decide', '01900000-0000-7000-8000-000000000001', '沣东路', '公司', '新建', '2026-11-01', 't', '{}', 'refused', false)`)
	f.store, f.worker = surveydb.New(f.db), dbtest.Person(t, f.db, adcode, "field_worker", west)
	return f
}

func (f *fixture) sql(t *testing.T, statement string) {
	t.Helper()
	err := f.db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), statement, pgx.StrictNamedArgs{"adcode": adcode})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func visit() survey.Visit {
	return survey.Visit{
		CaseID: aCase, Day: today, People: []survey.Person{{Office: " 街道办 ", Name: "李科员"}, {}},
		Track:    []survey.Fix{{At: 1000, Point: orb.Point{117.1, 39.05}, AccuracyM: 6}, {At: 31_000, Point: orb.Point{117.101, 39.05}}, {At: 61_000, Point: orb.Point{117.102, 39.05}, AccuracyM: 4}},
		Points:   []survey.Point{{Kind: survey.Start, Fix: survey.Fix{At: 1000, Point: orb.Point{117.1, 39.05}, AccuracyM: 6}, Note: "路口"}},
		Findings: survey.Findings{LengthM: 480, WidthM: 18, Direction: "east_west", Agreement: survey.Agrees}, Note: "晴",
	}
}

func TestLifeOfAVisit(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	w := f.worker
	w.Key, w.RequestHash = "once", []byte{1}
	made, err := f.store.Create(t.Context(), w, visit(), record.Change{Reason: "踏勘"}, today)
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.store.Create(t.Context(), w, visit(), record.Change{Reason: "踏勘"}, today)
	if err != nil || again.ID != made.ID {
		t.Errorf("the same request made %s and %s, %v", made.ID, again.ID, err)
	}
	if made.Division != west || len(made.People) != 1 || made.People[0].Office != "街道办" || len(made.Track) != 2 || made.Track[1].At != 61_000 ||
		made.Points[0].Note != "路口" || made.Findings.LengthM != 480 || made.By == "" || made.Settled || made.Photos != 0 {
		t.Errorf("it is kept as %+v", made)
	}
	note, day := "阴", record.Day("2026-11-27")
	changed, err := f.store.Update(t.Context(), f.worker, made.ID, made.Version, survey.Patch{Note: &note, Day: &day}, record.Change{Reason: "更正", Correction: true}, today)
	if err != nil || changed.Note != note || changed.Day != day || changed.Version != 2 || len(changed.Track) != 2 {
		t.Fatalf("%+v, %v", changed, err)
	}
	same, err := f.store.Update(t.Context(), f.worker, made.ID, 2, survey.Patch{Note: &note}, record.Change{Reason: "再来"}, today)
	if err != nil || same.Version != 2 {
		t.Errorf("what changes nothing made version %d, %v", same.Version, err)
	}
	if _, err := f.store.Update(t.Context(), f.worker, made.ID, 1, survey.Patch{}, record.Change{Reason: "迟了"}, today); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("another version: %v", err)
	}
	keeper := dbtest.Person(t, f.db, adcode, "place_name_registrar", "")
	if list, err := f.store.HistoryOf(t.Context(), keeper, made.ID); err != nil || len(list) != 2 {
		t.Errorf("%d versions, %v", len(list), err)
	}
	if list, err := f.store.OfCase(t.Context(), f.worker, aCase); err != nil || len(list) != 1 {
		t.Errorf("%d visits, %v", len(list), err)
	}
	if err := f.store.Remove(t.Context(), f.worker, made.ID, 2, record.Change{Reason: "误登"}, today); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.ByID(t.Context(), f.worker, made.ID); !errors.Is(err, survey.ErrNotFound) {
		t.Errorf("it is there still: %v", err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	create := func(w postgres.Writer, v survey.Visit, c record.Change) error {
		_, err := f.store.Create(t.Context(), w, v, c, today)
		return err
	}
	why := record.Change{Reason: "踏勘"}
	of := func(id string) survey.Visit { v := visit(); v.CaseID = id; return v }
	var invalid *record.InvalidError
	if err := create(f.worker, of(nobody), why); !errors.Is(err, survey.ErrNoCase) {
		t.Errorf("of no case: %v", err)
	}
	if err := create(f.worker, of("x"), why); !errors.Is(err, survey.ErrNoCase) {
		t.Errorf("of no id: %v", err)
	}
	if err := create(f.worker, of(ended), why); !errors.Is(err, survey.ErrRests) {
		t.Errorf("of an ended case: %v", err)
	}
	if err := create(f.worker, visit(), record.Change{}); !errors.As(err, &invalid) {
		t.Errorf("without a reason: %v", err)
	}
	far := visit()
	far.Track, far.Points = []survey.Fix{{Point: orb.Point{116, 40}}}, nil
	if err := create(f.worker, far, why); !errors.As(err, &invalid) {
		t.Errorf("in another town: %v", err)
	}
	for _, role := range []string{"read_only", "expert"} {
		if err := create(dbtest.Person(t, f.db, adcode, role, ""), visit(), why); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("by a %s: %v", role, err)
		}
	}
	if err := create(dbtest.Person(t, f.db, adcode, "field_worker", "990001002"), visit(), why); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by a worker of another subdistrict: %v", err)
	}
	if _, err := f.store.Update(t.Context(), f.worker, nobody, 1, survey.Patch{}, why, today); !errors.Is(err, survey.ErrNotFound) {
		t.Errorf("a change of nothing: %v", err)
	}
}

// What a step was taken on stays, through the store and around it.
func TestSettledStays(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	made, err := f.store.Create(t.Context(), f.worker, visit(), record.Change{Reason: "踏勘"}, today)
	if err != nil {
		t.Fatal(err)
	}
	f.sql(t, `
INSERT INTO name_case_event (adcode, id, case_id, no, kind, step, day, office, person, entered, ending, decided, recorded_by)
VALUES (@adcode, gen_random_uuid(), '01900000-0000-7000-8000-000000000002', 1, 'done', 'survey', '2026-11-28', 'place_name_authority', 'x', false, '', false, 't')`)
	note := "改"
	if _, err := f.store.Update(t.Context(), f.worker, made.ID, 1, survey.Patch{Note: &note}, record.Change{Reason: "改"}, today); !errors.Is(err, survey.ErrRests) {
		t.Errorf("changed: %v", err)
	}
	if err := f.store.Remove(t.Context(), f.worker, made.ID, 1, record.Change{Reason: "删"}, today); !errors.Is(err, survey.ErrRests) {
		t.Errorf("removed: %v", err)
	}
	for _, statement := range []string{`UPDATE name_visit SET note = 'x' WHERE adcode = @adcode`, `DELETE FROM name_visit WHERE adcode = @adcode`} {
		err := f.db.Write(t.Context(), postgres.System(adcode, "test"), "around", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), statement, pgx.StrictNamedArgs{"adcode": adcode})
			return err
		})
		if err == nil {
			t.Errorf("%s went through", statement)
		}
	}
	later, err := f.store.Create(t.Context(), f.worker, visit(), record.Change{Reason: "复勘"}, today)
	if err != nil || later.Settled {
		t.Errorf("a later visit: %+v, %v", later, err)
	}
}

func TestSites(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if _, err := f.store.Create(t.Context(), f.worker, visit(), record.Change{Reason: "踏勘"}, today); err != nil {
		t.Fatal(err)
	}
	got, err := f.store.Sites(t.Context(), f.worker, []string{aCase, ended, nobody, "x"})
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	s := got[aCase]
	line, isLine := s.Geometry.(orb.LineString)
	if s.Number != "2026-001" || s.Visits != 1 || s.Ended || s.Applied().LengthM != 500 || s.Applied().From != "沣惠路" || !isLine || len(line) != 2 || !got[ended].Ended {
		t.Errorf("%+v", s)
	}
	if none, err := f.store.Sites(t.Context(), f.worker, nil); err != nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
}
