package addressimport_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/geo"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames/addressdb"
	"yike/placenames/addresses"
	"yike/placenames/addressimport"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-28")
	road   = "01900000-0000-7000-8000-000000000001"
	estate = "01900000-0000-7000-8000-000000000002"
	twinA  = "01900000-0000-7000-8000-000000000003"
	twinB  = "01900000-0000-7000-8000-000000000004"
)

type fixture struct {
	db     *postgres.DB
	taker  addressimport.Taker
	keeper postgres.Writer
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	db := dbtest.New(t)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, name_zh, geom) VALUES (@adcode, gen_random_uuid(), @adcode, 'district', '示范区', ST_Multi(ST_MakeEnvelope(117, 39, 117.4, 39.1, 4326)))`,
			pgx.StrictNamedArgs{"adcode": adcode})
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `
INSERT INTO place_name (adcode, id, text, kind, class, state, divisions, decision_kind, decision_number, decision_day, decision_body)
SELECT @adcode, n.id::uuid, n.text, 'road', 'street', 'approved', ARRAY[@adcode], 'naming', '1号', '2026-01-05', '区政府'
FROM (VALUES (@road, '沣东大道'), (@estate, '嘉枫苑'), (@twin_a, '友谊路'), (@twin_b, '友谊路')) AS n(id, text)`,
			pgx.StrictNamedArgs{"adcode": adcode, "road": road, "estate": estate, "twin_a": twinA, "twin_b": twinB})
		return err
	})
	if err != nil {
		t.Fatalf("make the town: %v", err)
	}
	store := addressdb.New(db)
	return fixture{db: db, taker: addressimport.Taker{DB: db, Store: store}, keeper: dbtest.Person(t, db, adcode, "plate_manager", "")}
}

func read(t *testing.T, name, content string) addressimport.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := addressimport.Read(t.Context(), path, name, geo.WGS84())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const register = `标准地址编码,标准地址,二维码内容,经度,纬度
GA0001,示范区沣东大道12号,https://old.example.cn/q?id=0001&s=+/=,117.02,39.05
GA0002,示范区沣东大道12号附1号,,117.021,39.05
GA0003,示范区嘉枫苑3号楼2单元501室,,,
GA0004,示范区友谊路5号,,,
GA0005,示范区无此路5号,,,
GA0006,示范区沣东大道20-24号,,,
GA0007,示范区沣东大道12号,,,
`

func (f fixture) take(t *testing.T, file addressimport.File, s addressimport.Setting, trial bool) addressimport.Taken {
	t.Helper()
	out, err := f.taker.Take(t.Context(), f.keeper, file, s, "导入台账", trial, today)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func told(out addressimport.Taken) string {
	var words []string
	for _, d := range out.Rows {
		words = append(words, strings.TrimSpace(string(d.Outcome)+" "+d.Reason))
	}
	return strings.Join(words, ", ")
}

func setting() addressimport.Setting {
	return addressimport.Setting{System: "公安标准地址", Custody: addresses.Own, Accuracy: 3, Create: true}
}

// A police register comes in whole; codes and payloads stay as they are, what cannot be told waits
// for a person, and the same file again changes nothing.
func TestARegisterTwice(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	file := read(t, "公安.csv", register)
	if len(file.Faults) != 0 || file.Columns["code"] != "标准地址编码" {
		t.Fatalf("%+v, %+v", file.Faults, file.Columns)
	}
	const first = "created, created, created, difference several, difference no_name, difference no_number, difference other"
	if out := f.take(t, file, setting(), true); told(out) != first || out.Made != 5 {
		t.Errorf("tried: %s, %d made", told(out), out.Made)
	}
	if page, err := f.taker.Store.List(t.Context(), f.keeper, addresses.Filter{}, addressdb.After{}, 10); err != nil || len(page.Rows) != 0 {
		t.Errorf("a trial made %d, %v", len(page.Rows), err)
	}
	out := f.take(t, file, setting(), false)
	if told(out) != first || out.New != 4 {
		t.Fatalf("taken: %s, %d new differences", told(out), out.New)
	}
	page, err := f.taker.Store.List(t.Context(), f.keeper, addresses.Filter{Text: "0001"}, addressdb.After{}, 10)
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("%d, %v", len(page.Rows), err)
	}
	made := page.Rows[0]
	if made.Text != "示范区沣东大道12号" || len(made.Codes) != 2 || made.Codes[1].Code != "https://old.example.cn/q?id=0001&s=+/=" || len(made.Positions) != 1 || made.Positions[0].Accuracy != 3 {
		t.Errorf("made %+v", made.Address)
	}
	again := f.take(t, file, setting(), false)
	if again.Outcomes[addressimport.Unchanged] != 3 || again.Made != 0 || again.New != 0 || again.Outcomes[addressimport.Difference] != 4 {
		t.Errorf("again: %s", told(again))
	}
	if now, err := f.taker.Store.ByID(t.Context(), f.keeper, made.ID); err != nil || now.Version != made.Version {
		t.Errorf("the same file made version %d, %v", now.Version, err)
	}
	f.settle(t, made.ID)
}

// settle decides what waits for a person.
func (f fixture) settle(t *testing.T, id string) {
	t.Helper()
	open, err := f.taker.Store.Unmatched(t.Context(), f.keeper, 10)
	if err != nil || len(open) != 4 {
		t.Fatalf("%d wait, %v", len(open), err)
	}
	if err := f.taker.Store.Settle(t.Context(), f.keeper, open[0].ID, open[0].Version, id, "就是这里", addressimport.CodesOf, today); err != nil {
		t.Fatal(err)
	}
	if err := f.taker.Store.Settle(t.Context(), f.keeper, open[1].ID, open[1].Version, "", "不在本区", addressimport.CodesOf, today); err != nil {
		t.Fatal(err)
	}
	if err := f.taker.Store.Settle(t.Context(), f.keeper, open[1].ID, open[1].Version, "", "再来", addressimport.CodesOf, today); err == nil {
		t.Error("settled twice")
	}
	if err := f.taker.Store.Settle(t.Context(), f.keeper, open[2].ID, open[2].Version, road, "没有", addressimport.CodesOf, today); err == nil {
		t.Error("settled to what is no address")
	}
	if open, err = f.taker.Store.Unmatched(t.Context(), f.keeper, 10); err != nil || len(open) != 2 {
		t.Errorf("%d wait, %v", len(open), err)
	}
	reader := dbtest.Person(t, f.db, adcode, "read_only", "")
	if list, err := f.taker.Store.Unmatched(t.Context(), reader, 10); err != nil || len(list) != 0 {
		t.Errorf("a reader sees %d, %v", len(list), err)
	}
}

func TestForeignRegister(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := setting()
	s.Custody = addresses.Foreign
	if out := f.take(t, read(t, "a.csv", "路名,门牌号,编码\n沣东大道,甲8,X1\n沣东大道,10号,X2\n"), s, false); told(out) != "created, created" {
		t.Fatalf("%s", told(out))
	}
	page, err := f.taker.Store.List(t.Context(), f.keeper, addresses.Filter{Custody: addresses.Foreign}, addressdb.After{}, 10)
	if err != nil || len(page.Rows) != 2 || page.Rows[0].MayWrite {
		t.Fatalf("%+v, %v", page.Rows, err)
	}
	s.Create = false
	out := f.take(t, read(t, "b.csv", "路名,门牌号,编码\n沣东大道,99,X9\n沣东大道,10,X7\n沣东大道,甲8,X1\n"), s, false)
	if told(out) != "difference absent, difference other, unchanged" {
		t.Errorf("%s", told(out))
	}
}

func TestARegisterThatCannotBeTaken(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	outside := read(t, "a.csv", "路名,门牌号,经度,纬度\n沣东大道,2,117.02,39.05\n沣东大道,4,116.02,39.05\n")
	out := f.take(t, outside, setting(), false)
	if len(out.Faults) != 1 || out.Faults[0].Row != 3 {
		t.Errorf("faults %+v", out.Faults)
	}
	if page, err := f.taker.Store.List(t.Context(), f.keeper, addresses.Filter{}, addressdb.After{}, 10); err != nil || len(page.Rows) != 0 {
		t.Errorf("half of it was taken: %d, %v", len(page.Rows), err)
	}
	if file := read(t, "b.csv", "甲,乙\n1,2\n"); len(file.Faults) == 0 {
		t.Error("a file without addresses was read")
	}
	if file := read(t, "c.csv", "路名,门牌号,经度,纬度\n沣东大道,2,x,39.05\n"); len(file.Faults) != 1 {
		t.Errorf("a longitude that is none: %+v", file.Faults)
	}
	worker := dbtest.Person(t, f.db, adcode, "field_worker", "")
	if _, err := f.taker.Take(t.Context(), worker, outside, setting(), "导入", true, today); err == nil {
		t.Error("who does not number took a register")
	}
}

// Plates of a pilot come in one file.
func TestThousandsOfPlates(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var b strings.Builder
	b.WriteString("门牌编码,路名,门牌号,附号,二维码内容,经度,纬度\n")
	for i := range 2_000 {
		fmt.Fprintf(&b, "P%05d,沣东大道,%d,,https://old.example.cn/%05d,%.6f,39.05\n", i, i+1, i, 117.01+float64(i)*0.00003)
	}
	file := read(t, "pilot.csv", b.String())
	if out := f.take(t, file, setting(), false); out.Outcomes[addressimport.Created] != 2_000 {
		t.Fatalf("%+v, %+v", out.Outcomes, out.Faults)
	}
	if out := f.take(t, file, setting(), false); out.Outcomes[addressimport.Unchanged] != 2_000 {
		t.Errorf("again %+v", out.Outcomes)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("标准地址,门牌号\n沣东大道12号,12\n")
	f.Add("路名,门牌号,经度,纬度\n甲,12-,1,2\n")
	f.Fuzz(func(t *testing.T, content string) {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := addressimport.Read(t.Context(), path, "f.csv", geo.WGS84())
		if err != nil {
			return
		}
		for _, d := range addressimport.Decide(file.Rows, addressdb.Register{}, setting()).Rows {
			if d.Outcome == addressimport.Created {
				t.Errorf("made of nothing known: %+v", d)
			}
		}
	})
}
