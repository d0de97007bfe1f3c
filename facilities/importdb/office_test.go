package importdb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	west   = "990001001"
	east   = "990001002"
	today  = record.Day("2026-11-27")
)

// office is a district of two subdistricts with those who may import all over it, in the
// west, and nowhere.
type office struct {
	db                       *postgres.DB
	store                    *importdb.Store
	planner, steward, reader postgres.Writer
}

func open(t *testing.T) office {
	t.Helper()
	o := office{db: dbtest.New(t)}
	o.store = importdb.New(o.db)
	o.system(t, func(tx *postgres.Tx) error {
		for code, level := range map[string]string{adcode: "district", west: "subdistrict", east: "subdistrict"} {
			left, right := 117.0, 117.4
			switch code {
			case west:
				right = 117.2
			case east:
				left = 117.2
			}
			_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, name_zh, geom)
VALUES (@adcode, gen_random_uuid(), @code, @level, @code, ST_Multi(ST_MakeEnvelope(@left, 39, @right, 39.1, 4326)))`,
				pgx.StrictNamedArgs{"adcode": adcode, "code": code, "level": level, "left": left, "right": right})
			if err != nil {
				return err
			}
		}
		return nil
	})
	o.planner, o.steward, o.reader = o.person(t, "planner", ""), o.person(t, "subdistrict_steward", west), o.person(t, "read_only", "")
	return o
}

func (o office) person(t *testing.T, role, division string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: adcode, Who: role}
	o.system(t, func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES (@adcode, gen_random_uuid(), @name, @name) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, @division FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "name": strings.ReplaceAll(role, "_", "-") + division, "role": role, "division": division}).Scan(&w.Account)
	})
	return w
}

// system does something in the name of the system, as jobs do.
func (o office) system(t *testing.T, fn func(tx *postgres.Tx) error) {
	t.Helper()
	if err := o.write(t, postgres.System(adcode, "test"), fn); err != nil {
		t.Fatal(err)
	}
}

func (o office) write(t *testing.T, w postgres.Writer, fn func(tx *postgres.Tx) error) error {
	t.Helper()
	return o.db.Write(t.Context(), w, "a test", fn)
}

// sheet is a file of names.
func sheet(names ...string) importdb.NewBatch {
	p := imports.NewProfiler([]string{"名称"}, nil)
	for i, name := range names {
		p.Add(i+2, []string{name})
	}
	o := imports.UsualOptions()
	o.Type = "elderly_canteen"
	return importdb.NewBatch{
		FileName: "食堂.csv", FileSize: 12, SHA256: strings.Repeat("a", 64), Source: []byte(`{}`), Profile: p.Profile(), Headers: "h1",
		Mapping: imports.Mapping{Columns: []imports.Column{{Header: "名称", Field: "name_zh"}}}, Options: o,
	}
}

// bring keeps a file of somebody's.
func (o office) bring(t *testing.T, w postgres.Writer, n importdb.NewBatch) imports.Batch {
	t.Helper()
	var id string
	err := o.write(t, w, func(tx *postgres.Tx) error {
		var err error
		id, err = importdb.Create(t.Context(), tx, n, strings.NewReader("名称\r\n甲"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return o.read(t, id)
}

func (o office) read(t *testing.T, id string) imports.Batch {
	t.Helper()
	b, err := o.store.Read(t.Context(), postgres.System(adcode, "test"), id)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// stage stores rows of a file as a job does.
func (o office) stage(t *testing.T, id string, list ...imports.Row) {
	t.Helper()
	o.system(t, func(tx *postgres.Tx) error { return importdb.Stage(t.Context(), tx, id, "word", rowsOf(list...)) })
}

func rowsOf(list ...imports.Row) func() (imports.Row, bool, error) {
	return func() (imports.Row, bool, error) {
		if len(list) == 0 {
			return imports.Row{}, false, nil
		}
		next := list[0]
		list = list[1:]
		return next, true, nil
	}
}

// checked gives a batch results, and the state that goes with them.
func (o office) checked(t *testing.T, b imports.Batch, results ...imports.Result) imports.Batch {
	t.Helper()
	rows := make([]imports.Row, len(results))
	for i, r := range results {
		rows[i] = imports.Row{Number: r.Row, Cells: []string{fmt.Sprint("第", r.Row)}}
	}
	o.stage(t, b.ID, rows...)
	o.system(t, func(tx *postgres.Tx) error {
		if _, err := importdb.Apply(t.Context(), tx, b.ID, b.Version, importdb.Change{}); err != nil {
			return err
		}
		if err := importdb.KeepResults(t.Context(), tx, b.ID, true, results); err != nil {
			return err
		}
		return importdb.CheckDone(t.Context(), tx, b.ID, b.Version+1, imports.Count(results))
	})
	return o.read(t, b.ID)
}

// taken takes facilities in, one chunk for each of the calls, as a job does for whoever
// brought the file. The rows begin with first.
func (o office) taken(t *testing.T, b imports.Batch, last bool, first int, made []facilities.Facility, changed []facilitydb.Changed) []imports.Result {
	t.Helper()
	var results []imports.Result
	for _, f := range made {
		outcome := imports.Create
		if f.Unplaced {
			outcome = imports.Unplaced
		}
		results = append(results, imports.Result{Row: first + len(results), Outcome: outcome, Facility: f.ID, Print: uuid.NewString()})
	}
	for _, c := range changed {
		results = append(results, imports.Result{Row: first + len(results), Outcome: imports.Update, Facility: c.Before.ID, Print: uuid.NewString()})
	}
	o.system(t, func(tx *postgres.Tx) error {
		err := tx.OnBehalf(t.Context(), b.AskedBy, func() error {
			if err := facilitydb.InsertMany(t.Context(), tx, made, today); err != nil {
				return err
			}
			return facilitydb.UpdateMany(t.Context(), tx, changed)
		})
		if err != nil {
			return err
		}
		if err := importdb.KeepResults(t.Context(), tx, b.ID, false, results); err != nil {
			return err
		}
		return importdb.Took(t.Context(), tx, b.ID, first, first+len(results)-1, imports.Count(results), imports.Count(results), last)
	})
	return results
}

// canteen is a facility of a division with an id of its own.
func canteen(name, division string) facilities.Facility {
	at := orb.Point{117.1, 39.05}
	if division == east {
		at = orb.Point{117.3, 39.05}
	}
	return facilities.Facility{
		ID: uuid.Must(uuid.NewV7()).String(), Type: "elderly_canteen", NameZH: name, Status: facilities.Open, Stage: facilities.Submitted,
		DivisionCode: division, Point: at, PlacedBy: facilities.PlacedGiven, BureauNo: "B" + name,
	}
}

// facility gives a record as it is now; false where it is gone.
func (o office) facility(t *testing.T, id string) (facilities.Facility, bool) {
	t.Helper()
	list, err := facilitydb.Find(t.Context(), o.db.Pool(), adcode, facilitydb.ByIDs, []string{id})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		return facilities.Facility{}, false
	}
	return list[0], true
}

func (o office) edit(t *testing.T, w postgres.Writer, id string, p facilities.Patch) {
	t.Helper()
	f, ok := o.facility(t, id)
	if !ok {
		t.Fatal("no such facility")
	}
	if _, err := facilitydb.New(o.db).Update(t.Context(), w, id, f.Version, p, record.Change{Reason: "核实"}, today); err != nil {
		t.Fatal(err)
	}
}

func ptr[T any](v T) *T { return &v }

// days is a moment some days after the batch was taken.
func days(b imports.Batch, n int) time.Time { return b.CommittedAt.AddDate(0, 0, n) }
