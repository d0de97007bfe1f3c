package placenamedb_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
)

// hundredThousand fills the register with made-up names, each of which was another before 2025,
// and gives some of their ids.
func hundredThousand(b *testing.B) (*fixture, []string) {
	b.Helper()
	x := newFixture(b)
	const chars = "安永文明康福瑞景嘉新清春秋云晴锦玉金碧翠青紫丹怀德仁义礼智友善勤学望思恒映听芳雅静润沁悦逸晨暖平源泉林庭桐槐柳松梅兰竹枫莲溪湖塘湾洲岭峰"
	for i := range 20 {
		write(b, x, `
INSERT INTO place_name (adcode, id, text, specific, generic, initial, kind, class, state, divisions, geom, decision_kind, decision_number, decision_day, decision_body, valid)
SELECT '990001', gen_random_uuid(), s.specific || '路', s.specific, '路', 'A', 'road', 'street', 'approved', ARRAY['990001001'],
	ST_SetSRID(ST_MakeLine(ST_MakePoint(117 + random() * 0.4, 39 + random() * 0.1), ST_MakePoint(117 + random() * 0.4, 39 + random() * 0.1)), 4326),
	'naming', '示例' || i, '2020-01-01', '区', daterange('2020-01-01', NULL)
FROM generate_series(@first::int, @first + 4999) AS i,
	LATERAL (SELECT substr(@chars, 1 + i % 60, 1) || substr(@chars, 1 + i / 60 % 60, 1) || substr(@chars, 1 + i / 3600 % 60, 1) AS specific) AS s`,
			pgx.StrictNamedArgs{"first": 5000 * i, "chars": chars})
		write(b, x, `UPDATE place_name SET note = 'x', valid = daterange('2025-01-01', NULL) WHERE note = ''`, pgx.StrictNamedArgs{})
	}
	if _, err := x.db.Pool().Exec(b.Context(), `ANALYZE place_name, place_name_history`); err != nil {
		b.Fatal(err)
	}
	rows, err := x.db.Pool().Query(b.Context(), `SELECT id::text FROM place_name ORDER BY id LIMIT 1000`)
	if err != nil {
		b.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		b.Fatal(err)
	}
	return x, ids
}

func write(b *testing.B, x *fixture, sql string, args pgx.StrictNamedArgs) {
	b.Helper()
	err := x.db.Write(b.Context(), postgres.System(adcode, "test"), "a register", func(tx *postgres.Tx) error {
		_, err := tx.Exec(b.Context(), sql, args)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkHundredThousandNames reads a register of that size as a registrar would. Times are
// milliseconds.
func BenchmarkHundredThousandNames(b *testing.B) {
	x, ids := hundredThousand(b)
	then := record.At{Valid: "2024-06-30"}
	middle := placenamedb.After{Text: "柳泉安路", ID: nobody}
	list := func(f placenames.Filter, at record.At, after placenamedb.After) func(int) error {
		return func(int) error {
			page, err := x.store.List(b.Context(), x.registrar, f, at, after, 100)
			if err == nil && f.Text == "" && len(page.Rows) != 100 {
				b.Fatalf("%d rows", len(page.Rows))
			}
			return err
		}
	}
	for _, c := range []struct {
		name string
		read func(i int) error
	}{
		{"first page", list(placenames.Filter{}, record.At{}, placenamedb.After{})},
		{"page in the middle", list(placenames.Filter{}, record.At{}, middle)},
		{"page of a former day", list(placenames.Filter{}, then, middle)},
		{"a rare word", list(placenames.Filter{Text: "翠青暖路"}, record.At{}, placenamedb.After{})},
		{"counts", func(int) error {
			_, err := x.store.Counts(b.Context(), x.registrar, placenames.Filter{}, record.At{})
			return err
		}},
		{"a record of a former day", func(i int) error {
			_, err := x.store.AsOf(b.Context(), x.registrar, ids[i%len(ids)], then)
			return err
		}},
		{"mark", func(int) error {
			_, err := x.store.Mark(b.Context(), x.registrar)
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				from := time.Now()
				if err := c.read(i); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(from))
			}
			slices.Sort(took)
			at := func(part int) float64 { return float64(took[len(took)*part/100].Microseconds()) / 1000 }
			b.ReportMetric(at(50), "p50-ms")
			b.ReportMetric(at(99), "p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}
