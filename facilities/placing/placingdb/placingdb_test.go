package placingdb_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities/placing"
	"yike/facilities/placing/placingdb"
	"yike/geo"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const adcode = "990001"

// town fills a database with one of everything that has a name.
func town(t *testing.T) *postgres.DB {
	t.Helper()
	db := dbtest.New(t)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		for _, sql := range []string{
			`INSERT INTO division (adcode, id, code, level, name_zh, geom) VALUES (@adcode, gen_random_uuid(), '990001001', 'subdistrict', '西营门街道',
	'SRID=4326;MULTIPOLYGON(((117 39, 117.02 39, 117.02 39.02, 117 39.02, 117 39)))')`,
			`INSERT INTO division (adcode, id, code, level, parent_code, name_zh, geom) VALUES (@adcode, gen_random_uuid(), '990001001001', 'community', '990001001', '友谊社区',
	'SRID=4326;MULTIPOLYGON(((117 39, 117.01 39, 117.01 39.02, 117 39.02, 117 39)))')`,
			`INSERT INTO road (adcode, id, source_id, name, class, walkable, geom) VALUES (@adcode, gen_random_uuid(), 'r1', '解放路', 'residential', true,
	'SRID=4326;LINESTRING(117 39.001, 117.02 39.001)')`,
			`INSERT INTO road (adcode, id, source_id, name, class, walkable, geom) VALUES (@adcode, gen_random_uuid(), 'r2', '', 'residential', true,
	'SRID=4326;LINESTRING(117 39.002, 117.02 39.002)')`,
			`INSERT INTO building (adcode, id, source_id, name, geom) VALUES (@adcode, gen_random_uuid(), 'b1', '嘉枫苑3号楼',
	'SRID=4326;MULTIPOLYGON(((117.004 39.004, 117.0044 39.004, 117.0044 39.0044, 117.004 39.0044, 117.004 39.004)))')`,
			`INSERT INTO facility (adcode, id, source_id, type, name_zh, status, division_code, address, geom, placed_by) VALUES (@adcode, gen_random_uuid(), 'f1', 'elderly_canteen', '友谊食堂', 'open', '990001001001', '解放路12号', 'SRID=4326;POINT(117.005 39.0012)', 'map')`,
			`INSERT INTO facility (adcode, id, source_id, type, name_zh, status, division_code, address, geom, placed_by, place_confidence) VALUES (@adcode, gen_random_uuid(), 'f2', 'elderly_canteen', '推定食堂', 'open', '990001001001', '解放路30号', 'SRID=4326;POINT(117.007 39.0012)', 'address', 80)`,
			`INSERT INTO facility (adcode, id, source_id, type, name_zh, status, stage, division_code, address, geom, placed_by) VALUES (@adcode, gen_random_uuid(), 'f3', 'elderly_canteen', '草稿食堂', 'open', 'draft', '990001001001', '解放路50号', 'SRID=4326;POINT(117.008 39.0012)', 'map')`,
			`INSERT INTO facility (adcode, id, source_id, type, name_zh, status, division_code, address, geom, placed_by) VALUES (@adcode, gen_random_uuid(), 'f4', 'elderly_canteen', '无位食堂', 'open', '990001001001', '解放路60号', NULL, '')`,
			`INSERT INTO facility (adcode, id, source_id, type, name_zh, status, division_code, address, geom, placed_by, example) VALUES (@adcode, gen_random_uuid(), 'f5', 'elderly_canteen', '示例食堂', 'open', '990001001001', '解放路70号', 'SRID=4326;POINT(117.009 39.0012)', 'given', true)`,
		} {
			if _, err := tx.Exec(t.Context(), sql, pgx.StrictNamedArgs{"adcode": adcode}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestGazetteer(t *testing.T) {
	t.Parallel()
	db := town(t)
	store := placingdb.New(db)
	g, err := store.Gazetteer(t.Context(), adcode)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		text string
		kind placing.Kind
		kept bool
		at   orb.Point
	}{
		{"西营门街道友谊社区解放路12号", placing.Door, true, orb.Point{117.005, 39.0012}},
		{"解放路30号", placing.Door, false, orb.Point{117.007, 39.0012}}, // whose own place was found from its address
		{"解放路50号", placing.Road, false, orb.Point{}},                 // a draft is nobody's to see
		{"解放路60号", placing.Road, false, orb.Point{}},
		{"解放路70号", placing.Road, false, orb.Point{}},
		{"嘉枫苑3号楼", placing.Building, true, orb.Point{117.0042, 39.0042}},
		{"友谊食堂", placing.Facility, true, orb.Point{117.005, 39.0012}},
		{"友谊社区", placing.Division, false, orb.Point{}},
	} {
		r := g.Place(placing.Query{Text: tc.text})
		var best placing.Candidate
		if len(r.Candidates) > 0 {
			best = r.Candidates[0]
		}
		if _, kept := r.Best(); best.Kind != tc.kind || kept != tc.kept || tc.at != (orb.Point{}) && geo.Distance(best.Point, tc.at) > 20 {
			t.Errorf("%s: %s kept %v at %v: %s", tc.text, best.Kind, kept, best.Point, best.ZH)
		}
	}
	if !g.Knows("990001001001") || g.Knows("1") {
		t.Error("the divisions are not there")
	}
}

func TestMoreSourcesAndAnEmptyDistrict(t *testing.T) {
	t.Parallel()
	store := placingdb.New(dbtest.New(t))
	door := placing.Entry{Kind: placing.Door, ID: "a1", Name: "友谊路", Number: "8", Point: orb.Point{117.003, 39.003}}
	g, err := store.Gazetteer(t.Context(), adcode, slices.Values([]placing.Entry{door}))
	if err != nil {
		t.Fatal(err)
	}
	if best, ok := g.Place(placing.Query{Text: "友谊路8号"}).Best(); !ok || best.ID != "a1" {
		t.Errorf("%+v", best)
	}
	if _, ok := g.Place(placing.Query{Text: "解放路12号"}).Best(); ok {
		t.Error("an empty district has addresses")
	}
}

// TestWithoutAnImport leaves out what an import made, and nothing else: not what it
// changed, and not what another import made.
func TestWithoutAnImport(t *testing.T) {
	t.Parallel()
	db := town(t)
	store := placingdb.New(db)
	const made, other = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"
	result := func(batch, outcome, facility string, number int) {
		t.Helper()
		err := db.Write(t.Context(), postgres.System(adcode, "test"), "an import", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO import_result (adcode, batch_id, number, outcome, facility_id)
SELECT @adcode, @batch, @number, @outcome, id FROM facility WHERE source_id = @facility`,
				pgx.StrictNamedArgs{"adcode": adcode, "batch": batch, "number": number, "outcome": outcome, "facility": facility})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	finds := func(batch, text string) bool {
		t.Helper()
		g, err := store.Without(t.Context(), adcode, batch)
		if err != nil {
			t.Fatal(err)
		}
		r := g.Place(placing.Query{Text: text})
		return len(r.Candidates) > 0 && r.Candidates[0].Placed
	}
	result(made, "create", "f1", 2)
	result(made, "update", "f2", 3)
	result(made, "error", "f9", 4) // of no facility
	for name, tc := range map[string]struct {
		batch, text string
		want        bool
	}{
		"what it made":               {made, "解放路12号", false},
		"by its name":                {made, "友谊食堂", false},
		"what it changed":            {made, "解放路30号", true},
		"buildings":                  {made, "嘉枫苑3号楼", true},
		"what another made":          {other, "解放路12号", true},
		"what no import made at all": {"00000000-0000-7000-8000-000000000009", "友谊食堂", true},
	} {
		if got := finds(tc.batch, tc.text); got != tc.want {
			t.Errorf("%s: %s found: %v", name, tc.text, got)
		}
	}
	result(other, "unplaced", "f1", 2)
	if finds(other, "解放路12号") {
		t.Error("a record that waited for its place when it came is evidence of itself")
	}
	if _, err := store.Without(t.Context(), adcode, "no id"); err == nil {
		t.Error("any text is a batch")
	}
	empty, err := placingdb.New(dbtest.New(t)).Without(t.Context(), adcode, made)
	if err != nil || empty.Knows("990001001") || len(empty.Place(placing.Query{Text: "解放路12号"}).Candidates) > 0 {
		t.Errorf("an empty district: %v", err)
	}
}

func TestMark(t *testing.T) {
	t.Parallel()
	db := town(t)
	store := placingdb.New(db)
	first, err := store.Mark(t.Context(), adcode)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), postgres.System(adcode, "test"), "rename", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE facility SET name_zh = '改名食堂' WHERE source_id = 'f1'`)
		return err
	})
	second, markErr := store.Mark(t.Context(), adcode)
	if err != nil || markErr != nil || second == first {
		t.Errorf("%s stays: %v, %v", second, err, markErr)
	}
	err = db.Write(t.Context(), postgres.System(adcode, "test"), "load", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO layer (adcode, id, kind, digest, row_count, crs) VALUES ('990001', gen_random_uuid(), 'roads', 'd', 1, 'EPSG:4326')`)
		return err
	})
	if third, markErr := store.Mark(t.Context(), adcode); err != nil || markErr != nil || third == second {
		t.Errorf("%s stays: %v, %v", third, err, markErr)
	}
}
