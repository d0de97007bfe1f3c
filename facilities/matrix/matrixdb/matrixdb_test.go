package matrixdb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/matrix"
	"yike/facilities/matrix/matrixdb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const adcode = "990001"

func do(t *testing.T, db *postgres.DB, sql string) {
	t.Helper()
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), sql)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFacilitiesAndAreas(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s, w := matrixdb.New(db), postgres.System(adcode, "test")
	if list, err := s.Facilities(t.Context(), w); len(list) != 0 || err != nil {
		t.Errorf("of nothing: %v, %v", list, err)
	}
	seen := map[string]bool{}
	mark := func(what string) {
		t.Helper()
		m, err := s.Mark(t.Context(), w)
		if err != nil || seen[m] {
			t.Errorf("%s left the mark at %s: %v", what, m, err)
		}
		seen[m] = true
	}
	mark("nothing")
	do(t, db, `
INSERT INTO facility (adcode, id, source_id, type, name_zh, name_en, status, stage, capacity, serves, division_code, geom, placed_by, fields, replaced_by)
SELECT '990001', ('01900000-0000-7000-8000-00000000000' || n)::uuid, n::text, 'elderly_canteen', name, 'A', status, stage, 7, '{990001001002}', '990001001001',
	CASE WHEN placed THEN 'SRID=4326;POINT(117 39)'::geometry END, CASE WHEN placed THEN 'given' ELSE '' END, '{"floor_area": 12.5}', replaced::uuid[]
FROM (VALUES (1, '甲', 'open', 'published', true, '{}'), (2, '未落图', 'planned', 'published', false, '{}'), (3, '已关', 'closed', 'published', true, '{}'),
	(4, '草稿', 'open', 'draft', true, '{}'), (5, '已并', 'open', 'published', true, '{01900000-0000-7000-8000-000000000001}')) AS v (n, name, status, stage, placed, replaced)`)
	mark("facilities")
	list, err := s.Facilities(t.Context(), w)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	want := facilities.Facility{
		ID: "01900000-0000-7000-8000-000000000002", Type: "elderly_canteen", NameZH: "未落图", NameEN: "A", Status: facilities.Planned, Stage: facilities.Published,
		Capacity: 7, Serves: []string{"990001001002"}, DivisionCode: "990001001001", Fields: map[string]any{"floor_area": 12.5}, Unplaced: true,
	}
	if d := cmp.Diff(want, list[1]); d != "" || list[0].NameZH != "甲" || list[0].Point != (orb.Point{117, 39}) || list[0].Unplaced {
		t.Error(d)
	}
	do(t, db, `
INSERT INTO service_area (adcode, id, name_zh, name_en, division_code, communities, closed)
VALUES ('990001', gen_random_uuid(), '桥北片区', '', '990001001', '{990001001001,990001001002}', false), ('990001', gen_random_uuid(), '旧片区', '', '990001001', '{}', true)`)
	mark("areas")
	areas, err := s.Areas(t.Context(), w)
	if d := cmp.Diff([]matrix.ServiceArea{{Name: matrix.Text{ZH: "桥北片区", EN: "桥北片区"}, Communities: []string{"990001001001", "990001001002"}}}, areas); d != "" || err != nil {
		t.Error(d, err)
	}
	do(t, db, `INSERT INTO premises (adcode, id, name, division_code, state) VALUES ('990001', gen_random_uuid(), '甲', '990001', 'planned')`)
	mark("a room")
	do(t, db, `UPDATE premises SET note = 'a'`)
	mark("a change of it")
	do(t, db, `INSERT INTO division (adcode, id, code, level, name_zh, geom)
VALUES ('990001', gen_random_uuid(), '990001', 'district', '甲', 'SRID=4326;MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))')`)
	mark("a division")
	again, err := s.Mark(t.Context(), w)
	if err != nil || !seen[again] {
		t.Errorf("asked twice: %s, %v", again, err)
	}
	db.Close()
	_, one := s.Facilities(t.Context(), w)
	_, two := s.Areas(t.Context(), w)
	_, three := s.Mark(t.Context(), w)
	for _, err := range []error{one, two, three} {
		if err == nil {
			t.Error("a database that is closed answers")
		}
	}
}
