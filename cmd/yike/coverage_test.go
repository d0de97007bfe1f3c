package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb/geojson"

	"yike/cmd/yike/demogen"
	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/pack"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// hankou loads the real district, or skips where its data are not.
// stores are where a district is read from, with the types that come with the program.
func stores(db *postgres.DB) coveragelive.Stores { return (&app{}).stores(db) }

func hankou(t *testing.T) (*coveragelive.State, *pack.Manifest, string, *postgres.DB) {
	t.Helper()
	const dir = "../../packs/hankou"
	m, err := pack.Read(dir)
	if err != nil {
		t.Fatalf("read the manifest: %v", err)
	}
	root := m.Folder(dir, os.Getenv(pack.DataDirEnv))
	if _, err := os.Stat(root); err != nil {
		t.Skipf("the data of Hankou are not on this machine: %v", err)
	}
	db := dbtest.New(t)
	return loaded(t, db, dir), m, root, db
}

// loaded loads a pack and takes it into memory.
func loaded(t *testing.T, db *postgres.DB, dir string) *coveragelive.State {
	t.Helper()
	if _, err := runLoad(t.Context(), db, dir, loadOptions{}, func(string, string, int, int) {}); err != nil {
		t.Fatalf("load %s: %v", dir, err)
	}
	s, err := coveragelive.Load(t.Context(), stores(db), "", nil)
	if err != nil {
		t.Fatalf("take %s into memory: %v", dir, err)
	}
	return s
}

// demo generates a small synthetic district and loads it.
func demo(t *testing.T) (*coveragelive.State, *postgres.DB) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	if _, err := demogen.Generate(t.Context(), demogen.Options{People: 3000, Seed: 7}, dir); err != nil {
		t.Fatalf("generate: %v", err)
	}
	db := dbtest.New(t)
	return loaded(t, db, dir), db
}

func TestHankou(t *testing.T) {
	t.Parallel()
	s, m, root, db := hankou(t)
	t.Run("people are those of the file", func(t *testing.T) {
		checkFileSums(t, s, filepath.Join(root, m.Layers.Population.File), m.Layers.Population.Bands)
	})
	t.Run("times are those of a plain Dijkstra", func(t *testing.T) { checkOracle(t, s) })
	t.Run("less than straight circles", func(t *testing.T) { checkCircles(t, s, 900) })
	t.Run("what is absent", func(t *testing.T) { checkHankouFacts(t, s) })
	t.Run("drawings are valid", func(t *testing.T) { checkDrawings(t, s, db) })
	t.Run("drawn gaps agree with the counts", func(t *testing.T) { checkGapsAgree(t, s, 0.003) })
}

func TestDemo(t *testing.T) {
	t.Parallel()
	s, db := demo(t)
	t.Run("times are those of a plain Dijkstra", func(t *testing.T) { checkOracle(t, s) })
	t.Run("less than straight circles", func(t *testing.T) { checkCircles(t, s, 300) })
	t.Run("unit coverage", func(t *testing.T) { checkUnits(t, s) })
	t.Run("drawings are valid", func(t *testing.T) { checkDrawings(t, s, db) })
	t.Run("drawn gaps agree with the counts", func(t *testing.T) { checkGapsAgree(t, s, 0.003) })
	t.Run("command", func(t *testing.T) { checkCommand(t, s) })
}

// checkFileSums adds the file up in exact decimals, each cell rounded to a
// ten-thousandth once, and wants the same from every band's total.
func checkFileSums(t *testing.T, s *coveragelive.State, file string, bands map[string][]string) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[strings.TrimPrefix(name, "\ufeff")] = i
	}
	a := ask(t, s, s.PresentTypes()[0], 900, 900)
	if a.Summary.Points != len(rows)-1 {
		t.Errorf("%d points, %d rows", a.Summary.Points, len(rows)-1)
	}
	for b, band := range s.Bands {
		want := int64(0)
		for _, row := range rows[1:] {
			sum := new(big.Rat)
			for _, name := range bands[band.ID] {
				n, ok := new(big.Rat).SetString(row[column[name]])
				if !ok {
					t.Fatalf("%s: %q", name, row[column[name]])
				}
				sum.Add(sum, n)
			}
			want += tenThousandths(sum)
		}
		if got := a.Summary.Total[b].Population; got != coverage.People(want) {
			t.Errorf("%s: %s people, the file has %s", band.ID, got, coverage.People(want))
		}
	}
}

// tenThousandths rounds half up.
func tenThousandths(n *big.Rat) int64 {
	n = new(big.Rat).Mul(n, big.NewRat(10_000, 1))
	n.Add(n, big.NewRat(1, 2))
	return new(big.Int).Div(n.Num(), n.Denom()).Int64()
}

func ask(t *testing.T, s *coveragelive.State, typ facilities.Type, limitS int, speed walknet.Speed) *coveragelive.Answer {
	t.Helper()
	a, err := s.Coverage(t.Context(), coveragelive.Query{Type: typ, LimitS: limitS, Speed: speed})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// walkedTypes are the types present that are judged by walks.
func walkedTypes(s *coveragelive.State) []facilities.Type {
	return slices.DeleteFunc(s.PresentTypes(), func(t facilities.Type) bool {
		info, _ := s.TypeInfo(t)
		return info.Measure != facilities.Walk
	})
}

func checkOracle(t *testing.T, s *coveragelive.State) {
	for _, speed := range []walknet.Speed{1200, 900, 700} {
		o := newWalkOracle(s.Network, speed)
		for _, typ := range walkedTypes(s) {
			a := ask(t, s, typ, 900, speed)
			want := o.times(s, a.Query.Base, snapsOf(a), 900_000)
			var covered coverage.People
			for i, ms := range want {
				if int64(a.Result.Time[i]) != ms {
					t.Fatalf("%s at %d mm/s, point %s: %d ms, by plain Dijkstra %d", typ, speed, a.Demand.IDs[i], a.Result.Time[i], ms)
				}
				if ms >= 0 {
					covered += a.Demand.People[0][i]
				}
			}
			if got := a.Summary.Total[0].Covered; got != covered {
				t.Errorf("%s at %d mm/s: %s covered, by plain Dijkstra %s", typ, speed, got, covered)
			}
			checkCloses(t, a)
		}
	}
}

func snapsOf(a *coveragelive.Answer) []walknet.Snap {
	out := make([]walknet.Snap, len(a.Sites))
	for i, s := range a.Sites {
		out[i] = s.Snap
	}
	return out
}

func checkCloses(t *testing.T, a *coveragelive.Answer) {
	t.Helper()
	rows := append([][]coverage.Count{a.Summary.Total, a.Summary.Outside}, a.Summary.Divisions...)
	for _, row := range rows {
		for _, c := range row {
			if c.Covered+c.Uncovered+c.Unsnapped != c.Population {
				t.Errorf("%s: %+v does not close", a.Query.Type, c)
			}
		}
	}
	gaps, err := a.Gaps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for b, c := range a.Summary.Total {
		var sum coverage.People
		for _, g := range gaps {
			sum += g.People[b]
		}
		if sum != c.Uncovered {
			t.Errorf("%s: gaps hold %s people, uncovered are %s", a.Query.Type, sum, c.Uncovered)
		}
	}
}

// checkCircles holds network coverage within straight circles: nobody walks farther
// as the crow flies than along the streets, give or take the accuracy of distances and
// the joints of lines; and in a town many walk farther.
func checkCircles(t *testing.T, s *coveragelive.State, limitS int) {
	const slack = 1.005
	differs := false
	for _, typ := range walkedTypes(s) {
		a := ask(t, s, typ, limitS, 900)
		radius := float64(limitS) * 0.9
		var inCircle, covered coverage.People
		for i, p := range a.Demand.Points {
			nearest := -1.0
			for _, site := range a.Sites {
				if m := geo.Distance(p, site.Point); nearest < 0 || m < nearest {
					nearest = m
				}
			}
			if nearest >= 0 && nearest <= radius {
				inCircle += a.Demand.People[0][i]
			}
			if a.Result.State[i] != coverage.Covered {
				continue
			}
			covered += a.Demand.People[0][i]
			if m := geo.Distance(p, a.Sites[a.Result.Nearest[i]].Point); m > radius*slack {
				t.Errorf("%s: a point %.1f m away is covered within %.0f m", typ, m, radius)
			}
		}
		if covered > inCircle+inCircle/50 {
			t.Errorf("%s: %s covered on foot, %s within a straight circle", typ, covered, inCircle)
		}
		if 10*covered < 9*inCircle {
			differs = true
		}
		t.Logf("%s: straight circles %s people, on foot %s", typ, inCircle.Fixed(0), covered.Fixed(0))
	}
	if !differs {
		t.Error("nowhere does the network make a difference of a tenth: is it used at all?")
	}
}

// checkHankouFacts holds what the source says of itself: 13 subdistricts, one of them
// whole, no communities, example facilities of every core type.
func checkHankouFacts(t *testing.T, s *coveragelive.State) {
	whole := 0
	for _, d := range s.Divisions {
		if d.Complete {
			whole++
		}
	}
	if levels := words(s.Hierarchy.Levels()); len(s.Divisions) != 13 || whole != 1 || fmt.Sprint(levels) != "[subdistrict]" {
		t.Errorf("%d divisions, %d whole, levels %v", len(s.Divisions), whole, levels)
	}
	for _, f := range s.Facilities {
		if !f.Example || !strings.HasPrefix(f.NameZH, "示例") {
			t.Errorf("%s is not labelled an example", f.NameZH)
		}
	}
	core := 0
	for _, info := range s.Types {
		if !info.Core {
			continue
		}
		core++
		a := ask(t, s, info.Type, 900, 900)
		if len(a.Facilities) == 0 {
			t.Errorf("no example of %s", info.Type)
		}
		if _, ok := a.Summary.AllUnits.UnitCoverage(); ok || len(a.Absent) == 0 {
			t.Error("there is a unit coverage without communities, or no word on why there is none")
		}
	}
	if core != 5 {
		t.Errorf("%d core types", core)
	}
}

// checkUnits counts communities by hand: those that a facility lies in or names.
func checkUnits(t *testing.T, s *coveragelive.State) {
	defined := 0
	for _, typ := range s.PresentTypes() {
		a := ask(t, s, typ, 900, 900)
		with, total := 0, 0
		for _, d := range s.Divisions {
			if d.Level != divisions.Community {
				continue
			}
			total++
			for _, f := range a.Facilities {
				if strings.HasPrefix(f.DivisionCode, d.Code) || contains(f.Serves, d.Code) {
					with++
					break
				}
			}
		}
		if got := (coverage.Units{Total: total, With: with}); got != a.Summary.AllUnits {
			t.Errorf("%s: %+v, by hand %+v", typ, a.Summary.AllUnits, got)
		}
		if share, ok := a.Summary.AllUnits.UnitCoverage(); ok && share > 0 && share < 1 {
			defined++
		}
	}
	if defined == 0 {
		t.Error("no type has a unit coverage between none and all; the test shows nothing")
	}
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// checkDrawings lets PostGIS judge every circle and gap.
func checkDrawings(t *testing.T, s *coveragelive.State, db *postgres.DB) {
	drawn := 0
	for _, typ := range walkedTypes(s) {
		r, err := ask(t, s, typ, 900, 900).Report(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		check := func(name string, g any) {
			var why string
			drawn++
			if err := db.Pool().QueryRow(t.Context(), `SELECT ST_IsValidReason($1::geometry)`, g).Scan(&why); err != nil || why != "Valid Geometry" {
				t.Errorf("%s %s: %s, %v", typ, name, why, err)
			}
		}
		for i, c := range r.Circles {
			if r.Sites[i].Snap.OK() {
				check("circle", c.Area)
			}
		}
		for _, g := range r.Gaps {
			check(g.ID, g.Area)
		}
	}
	if drawn == 0 {
		t.Error("nothing was drawn")
	}
}

// checkCommand runs what the verb runs after loading, in every format.
func checkCommand(t *testing.T, s *coveragelive.State) {
	dir := t.TempDir()
	c := coverageCmd{
		Limit: 15 * 60e9, Speed: 0.9, Format: "table", Gaps: 3, BOM: true,
		OutCSV: filepath.Join(dir, "out.csv"), OutGeoJSON: filepath.Join(dir, "out.geojson"),
	}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	reports, err := c.answers(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	var table, list, rows bytes.Buffer
	for format, out := range map[string]*bytes.Buffer{"table": &table, "json": &list, "csv": &rows} {
		c.Format = format
		if err := c.print(out, s, reports); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
	}
	for _, want := range append([]string{"合计 / total", "单位覆盖率", "不是真实地区"}, bandIDs(s)...) {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table does not say %q", want)
		}
	}
	var doc struct {
		Answers []struct{ Bands []struct{ Band string } }
	}
	if err := json.Unmarshal(list.Bytes(), &doc); err != nil || len(doc.Answers) != len(s.PresentTypes()) || len(doc.Answers[0].Bands) != len(s.Bands) {
		t.Errorf("JSON: %d answers, %v", len(doc.Answers), err)
	}
	if _, err := csv.NewReader(&rows).ReadAll(); err != nil {
		t.Errorf("CSV: %v", err)
	}
	if err := c.writeFiles(&bytes.Buffer{}, s, reports); err != nil {
		t.Fatal(err)
	}
	checkFiles(t, c, s)
}

func bandIDs(s *coveragelive.State) []string {
	var out []string
	for _, b := range s.Bands {
		out = append(out, b.ID)
	}
	return out
}

func checkFiles(t *testing.T, c coverageCmd, s *coveragelive.State) {
	t.Helper()
	text, err := os.ReadFile(c.OutCSV)
	if err != nil || !bytes.HasPrefix(text, []byte("\ufeff")) {
		t.Errorf("CSV file: %v", err)
	}
	data, err := os.ReadFile(c.OutGeoJSON)
	if err != nil {
		t.Fatal(err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(data)
	if err != nil {
		t.Fatalf("GeoJSON file: %v", err)
	}
	kinds := map[string]int{}
	for _, f := range fc.Features {
		kinds[f.Properties.MustString("kind")]++
	}
	if kinds["division"] != len(s.Divisions)*len(s.PresentTypes()) || kinds["service_circle"] == 0 || kinds["unserved_point"] == 0 {
		t.Errorf("features %v", kinds)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(c.OutCSV), ".yike-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestCoverageRefusesBadQuestions(t *testing.T) {
	t.Parallel()
	for _, c := range []coverageCmd{
		{Limit: 59e9, Speed: 0.9},
		{Limit: 7201e9, Speed: 0.9},
		{Limit: 60e9 + 1, Speed: 0.9},
		{Limit: 60e9, Speed: 0.29},
		{Limit: 60e9, Speed: 2.01},
		{Limit: 60e9, Speed: 0.9, Metres: 49},
		{Limit: 60e9, Speed: 0.9, Metres: 3601},
		{Limit: 60e9, Speed: 0.9, Metres: 500, Profile: "elder"},
		{Limit: 60e9, Speed: 0.9, Profile: "runner"},
		{Limit: 60e9, Speed: 0.9, At: "24:00"},
		{Limit: 60e9, Speed: 0.9, Tier: 7},
	} {
		if err := c.check(); err == nil || !isBadInput(err) {
			t.Errorf("%s at %g m/s: %v", c.Limit, c.Speed, err)
		}
	}
	s := &coveragelive.State{Hierarchy: coverage.NewHierarchy(nil), Bands: []coverage.Band{{ID: "70+"}}, Bases: []divisions.Base{divisions.Resident}}
	s.Types, _ = facilities.Catalogue()
	for _, c := range []coverageCmd{
		{},
		{Type: "pub"},
		{Type: "elderly_canteen", Base: "registered"},
		{Type: "elderly_canteen", Band: "90+"},
		{Type: "elderly_canteen", Level: "community"},
	} {
		if _, err := c.answers(context.Background(), s); err == nil || !isBadInput(err) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestHalfAFileIsNoFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "out.csv")
	broken := errors.New("broken")
	if err := writeWhole(path, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return broken
	}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestTablePlaces(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "abc": 3, "花桥街道": 8, "60+": 3, "（甲）": 6, "é": 1, "e\u0301": 1, "–": 1} {
		if got := places(s); got != want {
			t.Errorf("%q takes %d places, want %d", s, got, want)
		}
	}
	var out bytes.Buffer
	table := textTable{right: []bool{false, true}}
	table.add("花桥", "1")
	table.add("ab", "100")
	table.print(&out)
	if want := "花桥    1\nab    100\n"; out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
}
