package facilitydb_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const many = 300_000

// province is a registry of many records, a third of which changed once.
func province(b *testing.B) fixture {
	b.Helper()
	db := dbtest.New(b)
	town(b, db)
	x := fixture{db: db, store: facilitydb.New(db), planner: dbtest.Person(b, db, adcode, "planner", "")}
	for _, sql := range []string{`
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, address, capacity, division_code, geom, verified_on, valid, fields)
SELECT '990001', ('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'many:' || i,
	(ARRAY['elderly_canteen', 'meal_point', 'day_care_centre', 'columbarium'])[1 + i % 4], (ARRAY['汉口', '江岸', '中山', '幸福'])[1 + i % 4] || '第' || md5(i::text) || '号', 'open', '解放路' || i || '号', i % 900,
	(ARRAY['990001001001', '990001001002', '990001002', '990001'])[1 + i % 4], ST_SetSRID(ST_MakePoint(117 + (i % 400) / 1000.0, 39 + (i % 97) / 1000.0), 4326),
	'2026-01-01'::date + i % 300, daterange('2026-01-01', NULL), jsonb_build_object('seats', i % 90, 'operator', '某公司')
FROM generate_series(1, @n::int) AS i`, `
UPDATE facility SET capacity = capacity + 1, valid = daterange('2026-06-01', NULL) WHERE capacity % 3 = @n::int % 3`} {
		err := db.Write(b.Context(), postgres.System(adcode, "bench"), "a province", func(tx *postgres.Tx) error {
			_, err := tx.Exec(b.Context(), sql, pgx.StrictNamedArgs{"n": many})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if _, err := db.Pool().Exec(b.Context(), `VACUUM ANALYZE facility, facility_history`); err != nil {
		b.Fatal(err)
	}
	return x
}

// BenchmarkList asks for pages of 100 of 300,000 records: the first, and the one in the
// middle of the list, which must not cost more.
func BenchmarkList(b *testing.B) {
	x := province(b)
	for _, c := range []struct {
		name   string
		filter facilities.Filter
		page   facilities.Page
		at     record.At
	}{
		{"id", facilities.Filter{}, facilities.Page{Limit: 100}, record.At{}},
		{"name", facilities.Filter{}, facilities.Page{Limit: 100, Sort: facilities.ByName}, record.At{}},
		{"verified", facilities.Filter{}, facilities.Page{Limit: 100, Sort: facilities.ByVerified, Descending: true}, record.At{}},
		{"type", facilities.Filter{}, facilities.Page{Limit: 100, Sort: facilities.ByType}, record.At{}},
		{"filtered", facilities.Filter{Types: []facilities.Type{"meal_point"}, Division: "990001001"}, facilities.Page{Limit: 100, Sort: facilities.ByName}, record.At{}},
		{"text", facilities.Filter{Text: "解放路 77"}, facilities.Page{Limit: 100, Sort: facilities.ByName}, record.At{}},
		{"pinyin", facilities.Filter{Text: "xingfu 77"}, facilities.Page{Limit: 100, Sort: facilities.ByName}, record.At{}},
		{"initials", facilities.Filter{Text: "xfd 77"}, facilities.Page{Limit: 100, Sort: facilities.ByName}, record.At{}},
		{"area", facilities.Filter{Area: ring(117, 39, 117.2, 39.06)}, facilities.Page{Limit: 100, Sort: facilities.ByName}, record.At{}},
		{"asof", facilities.Filter{}, facilities.Page{Limit: 100, Sort: facilities.ByName}, record.At{Valid: "2026-03-01"}},
	} {
		for _, deep := range []bool{false, true} {
			p := c.page
			if deep {
				p.After = x.middle(b, p.Sort)
			}
			b.Run(fmt.Sprintf("%s/%s", c.name, map[bool]string{false: "first", true: "page3000"}[deep]), func(b *testing.B) {
				for b.Loop() {
					l, err := x.store.Query(b.Context(), x.planner, c.filter, p, c.at, today)
					if err != nil || len(l.Facilities) == 0 {
						b.Fatalf("%d facilities, %v", len(l.Facilities), err)
					}
				}
			})
		}
	}
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			if c, err := x.store.Count(b.Context(), x.planner, facilities.Filter{}, today); err != nil || c.Total != many {
				b.Fatalf("%+v, %v", c, err)
			}
		}
	})
}

// middle is the cursor of the record in the middle of the list: where the 1,500th page of
// 100 ends.
func (x fixture) middle(b *testing.B, key facilities.SortKey) *facilities.Cursor {
	b.Helper()
	by, text := map[facilities.SortKey]string{
		facilities.ByName: `name_zh COLLATE yike_pinyin,`, facilities.ByType: `type COLLATE "C",`, facilities.ByVerified: "verified_on,",
	}[key], map[facilities.SortKey]string{facilities.ByName: "name_zh", facilities.ByType: "type", facilities.ByVerified: "verified_on::text"}[key]
	if text == "" {
		text = `''`
	}
	var c facilities.Cursor
	err := x.db.Pool().QueryRow(b.Context(), `SELECT id::text, `+text+` FROM facility ORDER BY `+by+` id OFFSET $1 LIMIT 1`, many/2).Scan(&c.ID, &c.Value)
	if err != nil {
		b.Fatal(err)
	}
	return &c
}
