package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/cmd/yike/demogen"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// BenchmarkListEstates lists a page of those of 5,000 estates of four rooms each that do not
// comply, over HTTP: asked again and again (where they stand is kept), and after one of them
// changed each time (all are read and checked again). Last, a new rule is tried on all of them
// before it is kept: what each comes to with it and without, the differences listed.
func BenchmarkListEstates(b *testing.B) {
	dir, url := b.TempDir(), dbtest.URL(b)
	if _, err := demogen.Generate(b.Context(), demogen.Options{People: 50_000, Seed: 1}, dir); err != nil {
		b.Fatal(err)
	}
	planner := published(b, []string{"DATABASE_URL=" + url, "YIKE_STATE_DIR=" + b.TempDir(), "YIKE_REGIONS=12"}, dir, "990100")
	db, err := postgres.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(db.Close)
	change := func(why, sql string) {
		err := db.Write(b.Context(), postgres.System("990100", "test"), why, func(tx *postgres.Tx) error {
			tag, err := tx.Exec(b.Context(), sql, pgx.StrictNamedArgs{"adcode": "990100"})
			if err == nil && tag.RowsAffected() == 0 {
				err = fmt.Errorf("%s: nothing", why)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	change("many estates", `
INSERT INTO estate (adcode, id, name, kind, division_code, boundary, households, people, housing_floor, phases, rooms, conditions, plan)
SELECT adcode, gen_random_uuid(), '小区' || n, 'new', code, ST_Buffer(ST_PointOnSurface(geom), 0.001, 8), 300 + n % 3000, 900 + n % 9000, 3000000 + n * 5000,
	jsonb_build_array(jsonb_build_object('no', 1, 'households', 300 + n % 3000, 'housing_started_on', '2024-03-01', 'housing_accepted_on', '2026-03-01')),
	(SELECT jsonb_agg(jsonb_build_object('id', gen_random_uuid(), 'name', '用房' || k, 'building', '1', 'floor', '1', 'room_no', k::text, 'phase', 1,
		'use', (ARRAY['party_mass', 'elderly_service', 'property_management', 'culture'])[k], 'area', 10000 + (n * k) % 90000, 'land_share', 30000,
		'started_on', '2024-03-01', 'accepted_on', '2026-03-01')) FROM generate_series(1, 4) AS k),
	'{"number": "规条"}', '{"number": "建审"}'
FROM generate_series(1, 5000) AS n JOIN (
	SELECT adcode, code, geom, row_number() OVER (ORDER BY code) AS place, count(*) OVER () AS places FROM division WHERE adcode = @adcode AND level = 'community') AS d
	ON d.place = n % places + 1`)
	const path = estatesPath + "?conclusion=not_compliant&limit=100"
	planner.do(b, http.MethodGet, path, "")
	b.Run("asked again", func(b *testing.B) { each(b, func(int) { planner.do(b, http.MethodGet, path, "") }) })
	b.Run("after a change", func(b *testing.B) {
		each(b, func(i int) {
			b.StopTimer()
			change("a note", fmt.Sprintf(`UPDATE estate SET note = '%d' WHERE adcode = @adcode AND name = '小区7'`, i))
			b.StartTimer()
			planner.do(b, http.MethodGet, path, "")
		})
	})
	rule := elderlyTotal("990100", "500")
	delete(rule, "reason") // of what is kept
	draft, err := json.Marshal(rule)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("a rule tried", func(b *testing.B) {
		each(b, func(int) { planner.do(b, http.MethodPost, estateRulesPath+"/trial", string(draft)) })
	})
}
