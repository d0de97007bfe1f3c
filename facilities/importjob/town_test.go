package importjob

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/facilities/likeness"
	"yike/facilities/placing"
	"yike/geo/divisions"
	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
)

// town is a district of two subdistricts, the western with two communities, and somebody
// who may import all over it and somebody who may in the west.
type town struct {
	db               *postgres.DB
	divisions        []divisions.Division
	words            *imports.Language
	planner, steward postgres.Writer
}

func newTown(t testing.TB) town {
	t.Helper()
	x := town{db: dbtest.New(t)}
	box := func(w, e float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{w, 39}, {e, 39}, {e, 39.1}, {w, 39.1}, {w, 39}}}}
	}
	x.divisions = []divisions.Division{
		{Code: adcode, Level: divisions.District, NameZH: "试验区", Boundary: box(117, 117.4)},
		{Code: "990001001", Level: divisions.Subdistrict, ParentCode: adcode, NameZH: "花桥街道", Boundary: box(117, 117.2)},
		{Code: "990001001001", Level: divisions.Community, ParentCode: "990001001", NameZH: "幸福里社区", Boundary: box(117, 117.1)},
		{Code: "990001001002", Level: divisions.Community, ParentCode: "990001001", NameZH: "朝阳社区", Boundary: box(117.1, 117.2)},
		{Code: "990001002", Level: divisions.Subdistrict, ParentCode: adcode, NameZH: "柳林镇", Boundary: box(117.2, 117.4)},
		{Code: "990001002001", Level: divisions.Community, ParentCode: "990001002", NameZH: "朝阳村", Boundary: box(117.2, 117.4)},
	}
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		for _, d := range x.divisions {
			_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, parent_code, name_zh, geom) VALUES (@adcode, gen_random_uuid(), @code, @level, nullif(@parent, ''), @name, @geom)`,
				pgx.StrictNamedArgs{"adcode": adcode, "code": d.Code, "level": string(d.Level), "parent": d.ParentCode, "name": d.NameZH, "geom": d.Boundary})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	if x.words, err = imports.NewLanguage(types); err != nil {
		t.Fatal(err)
	}
	x.planner, x.steward = x.person(t, "planner", ""), x.person(t, "subdistrict_steward", "990001001")
	return x
}

func (x town) person(t testing.TB, role, division string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: adcode, Who: role}
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES (@adcode, gen_random_uuid(), @name, @name) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, @division FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "name": strings.ReplaceAll(role, "_", "-"), "role": role, "division": division}).Scan(&w.Account)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// table is a file as a test has it.
type table struct {
	columns []string
	rows    [][]string
	at      int
}

// Next gives the rows in turn; row numbers begin below a heading.
func (f *table) Next() (imports.Row, bool, error) {
	if f.at == len(f.rows) {
		return imports.Row{}, false, nil
	}
	f.at++
	return imports.Row{Number: f.at + 1, Cells: f.rows[f.at-1]}, true, nil
}

// Word is the same for every table.
func (f *table) Word() string { return "table" }

// Close does nothing.
func (f *table) Close() error { return nil }

// numbers reads degrees as they are.
func numbers(x, y string) (orb.Point, string, string, bool) {
	var p orb.Point
	if _, err := fmt.Sscanf(x+" "+y, "%f %f", &p[0], &p[1]); err != nil {
		return p, "不是坐标", "no coordinates", false
	}
	return p, "", "", true
}

// ground is what the rows of the town are held against. Addresses are found where they say
// 花桥路 N 号.
func (x town) ground() imports.Ground {
	locator := divisions.NewLocator(x.divisions)
	return imports.Ground{
		AdCode: adcode, Names: imports.NewDivisions(adcode, x.divisions), Types: x.words.Types(), Bounds: locator.Bound(), Locate: locator.Code,
		Find: func(s imports.Seeking) imports.Spot {
			var n int
			if _, err := fmt.Sscanf(s.Address, "花桥路%d号", &n); err != nil || n > 999 {
				return imports.Spot{}
			}
			return imports.Spot{Placed: true, Point: orb.Point{117 + float64(n)/10_000, 39.05}, Confidence: 90}
		},
	}
}

// sameNames finds records of the same name: rough, but it has all that an index of
// likeness has.
type sameNames struct {
	list    []facilities.Facility
	decided *decided
}

// Find gives records of the same name.
func (n *sameNames) Find(f facilities.Facility) []imports.Alike {
	var out []imports.Alike
	seen := map[string]bool{}
	apart := (&likenesses{decided: n.decided}).apart(RecordOf(f))
	for _, have := range slices.Backward(n.list) {
		if !seen[have.ID] && !apart[have.ID] && have.NameZH == f.NameZH && have.ID != f.ID {
			out = append(out, imports.Alike{Facility: have.ID, Name: have.NameZH, Score: 90, ZH: "名称相同", EN: "the same name"})
		}
		seen[have.ID] = true
	}
	slices.SortFunc(out, func(a, b imports.Alike) int { return strings.Compare(a.Facility, b.Facility) })
	return out
}

// Same is what was decided.
func (n *sameNames) Same(f facilities.Facility) (facilities.Facility, bool) {
	return (&likenesses{decided: n.decided}).Same(f)
}

// Add takes a record in.
func (n *sameNames) Add(f facilities.Facility) {
	n.list = append(n.list, f)
	if n.decided != nil {
		n.decided.change(f)
	}
}

// finder is what fingerprints are made by.
func (x town) finder() *likeness.Finder {
	return likeness.New(likeness.Words{Divisions: x.divisions, Types: x.words.Types()})
}

// job is the work as a test runs it: over a table instead of a file.
func (x town) job(file *table) Job {
	return Job{
		DB: x.db, Now: func() time.Time { return time.Date(2026, 11, 27, 4, 0, 0, 0, time.UTC) },
		Ready: func(ctx context.Context, _ string, _ imports.Batch) (Field, error) {
			alike := &sameNames{}
			rows, err := x.db.Pool().Query(ctx, `SELECT id::text, name_zh FROM facility ORDER BY id`)
			if err != nil {
				return Field{}, err
			}
			var f facilities.Facility
			_, err = pgx.ForEachRow(rows, []any{&f.ID, &f.NameZH}, func() error {
				alike.Add(f)
				return nil
			})
			return Field{Words: x.words, Ground: x.ground(), Place: numbers, Alike: alike}, err
		},
		Open: func(context.Context, postgres.Querier, string, imports.Batch) (Rows, error) {
			return &table{columns: file.columns, rows: file.rows}, nil
		},
	}
}

// bring keeps a table as a batch of somebody, mapped by its headings.
func (x town) bring(t testing.TB, w postgres.Writer, file *table, o imports.Options, mapping imports.Mapping) imports.Batch {
	t.Helper()
	profiler := imports.NewProfiler(file.columns, nil)
	for i, row := range file.rows {
		profiler.Add(i+2, row)
	}
	var b imports.Batch
	err := x.db.Write(t.Context(), w, "a test", func(tx *postgres.Tx) error {
		text := fmt.Sprint(file.columns, file.rows)
		id, err := importdb.Create(t.Context(), tx, importdb.NewBatch{
			FileName: "食堂.csv", FileSize: int64(len(text)), SHA256: strings.Repeat("0", 64), Source: []byte(`{}`), Profile: profiler.Profile(),
			Headers: imports.Headers(profiler.Profile().Sources()), Mapping: mapping, Options: o,
		}, strings.NewReader(text))
		if err != nil {
			return err
		}
		b, err = importdb.Apply(t.Context(), tx, id, 1, importdb.Change{Mapping: &mapping, Options: &o})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// run runs one step of a batch as a job, and gives the batch as it is then.
func (x town) run(t testing.TB, j Job, w postgres.Writer, b imports.Batch, kind string, args any) (imports.Batch, jobs.Job) {
	t.Helper()
	var id string
	err := x.db.Write(t.Context(), w, "a test", func(tx *postgres.Tx) error {
		var err error
		id, err = jobs.Ask(t.Context(), tx, jobs.Request{Kind: kind, Args: args})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	done, _, err := jobs.RunOne(t.Context(), x.db, jobs.One{AdCode: adcode, ID: id, Run: j.Kinds()[kind].Run, Log: quiet()})
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	now, err := importdb.New(x.db).Read(t.Context(), postgres.System(adcode, "test"), b.ID)
	if err != nil {
		t.Fatal(err)
	}
	return now, done
}

func (x town) checked(t testing.TB, j Job, w postgres.Writer, b imports.Batch) imports.Batch {
	t.Helper()
	b, _ = x.run(t, j, w, b, Kind, Args{Batch: b.ID, Step: Check, Version: b.Version})
	return b
}

func (x town) committed(t testing.TB, j Job, w postgres.Writer, b imports.Batch) imports.Batch {
	t.Helper()
	b, _ = x.run(t, j, w, b, Kind, Args{Batch: b.ID, Step: Commit, Version: b.Version})
	return b
}

func (x town) catalogue(context.Context, string) ([]facilities.TypeInfo, error) {
	return x.words.Types(), nil
}

func noGazetteer(context.Context, string, string) (*placing.Gazetteer, error) {
	return nil, nil
}
