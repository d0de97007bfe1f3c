package packimport

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/internal/pack"
)

// table writes text to a file of that name and opens it as a layer.
func table(t *testing.T, name, text string, layer pack.Layer) (*Table, error) {
	t.Helper()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	layer.File = name
	if layer.CRS == "" {
		layer.CRS = "EPSG:4326"
	}
	return Open(t.Context(), root, pack.Named{Kind: pack.Population, Field: "layers.population", Layer: &layer})
}

// faults reads all rows with do and gives what is wrong as "row field".
func faults(t *testing.T, tab *Table, do func(*Row)) []string {
	t.Helper()
	if err := tab.Each(t.Context(), do); err != nil {
		t.Fatal(err)
	}
	err := tab.Close()
	if err == nil {
		return nil
	}
	var bad *pack.BadPackError
	if !errors.As(err, &bad) {
		t.Fatal(err)
	}
	var list []string
	for _, f := range bad.Faults {
		list = append(list, fmt.Sprintf("%d %s", f.Row, f.Field))
		if f.Reason.EN == "" || f.Reason.ZH == "" {
			t.Errorf("not in both languages: %+v", f)
		}
	}
	return list
}

func TestRowsByTheManifestsWords(t *testing.T) {
	t.Parallel()
	tab, err := table(t, "p.csv", "编号,经度,纬度,类,有,n,a,b\n k1 ,117.1,39.1,甲,是,12.0,1.25,0.5\n", pack.Layer{
		Fields: map[string]string{"source": "编号", "lon": "经度", "lat": "纬度", "type": "类", "complete": "有", "floors": "n", "name": ""},
		Values: map[string]map[string]string{"type": {"甲": "first"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	list := faults(t, tab, func(r *Row) {
		p, _ := r.Point()
		got = map[string]any{
			"key": r.Key(), "type": r.Text("type"), "name": r.Text("name"), "point": p,
			"flag": r.Flag("complete", false), "whole": r.Whole("floors"), "people": r.People([]string{"a", "b"}),
		}
	})
	want := map[string]any{
		"key": "k1", "type": "first", "name": "", "point": orb.Point{117.1, 39.1}, "flag": true, "whole": 12, "people": int64(17500),
	}
	if d := cmp.Diff(want, got); d != "" || list != nil {
		t.Error(d, list)
	}
}

func TestEveryBadRowIsNamed(t *testing.T) {
	t.Parallel()
	const text = `source,lon,lat,floors,flag,n
ok,117.1,39.1,3,yes,1
,117.1,39.1,3,yes,1
far,217.1,39.1,3,yes,1
word,east,39.1,3,yes,1
minus,117.1,39.1,-3,yes,1
half,117.1,39.1,3.5,yes,1
maybe,117.1,39.1,3,perhaps,1
blank,117.1,39.1,3,yes,
less,117.1,39.1,3,yes,-0.5
`
	tab, err := table(t, "p.csv", text, pack.Layer{Bands: map[string][]string{"all": {"n"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := faults(t, tab, func(r *Row) {
		r.Key()
		r.Point()
		r.Whole("floors")
		r.Flag("flag", true)
		r.People([]string{"n"})
	})
	want := []string{"3 source", "4 lon / x", "5 lon", "6 floors", "7 floors", "8 flag", "9 n", "10 n"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestMissingColumnsAreNamed(t *testing.T) {
	t.Parallel()
	_, err := table(t, "p.csv", "a,b\n1,2\n", pack.Layer{
		Fields: map[string]string{"source": "cell"}, Bands: map[string][]string{"all": {"a", "c"}},
	})
	var bad *pack.BadPackError
	if !errors.As(err, &bad) || bad.Count != 2 || !strings.Contains(err.Error(), "cell") || !strings.Contains(err.Error(), "a, b") {
		t.Errorf("got %v", err)
	}
}

func TestExchangedCoordinatesAreSaidFirst(t *testing.T) {
	t.Parallel()
	tab, err := table(t, "p.csv", "lon,lat\n39.1,117.1\n39.2,117.2\n39.3,117.3\n", pack.Layer{})
	if err != nil {
		t.Fatal(err)
	}
	if err := tab.Each(t.Context(), func(r *Row) { r.Point() }); err != nil {
		t.Fatal(err)
	}
	var bad *pack.BadPackError
	if err := tab.Close(); !errors.As(err, &bad) || !strings.Contains(bad.Faults[0].Reason.EN, "exchanged") {
		t.Errorf("got %v", err)
	}
}

func TestFileAndManifestDisagreeOnTheSystem(t *testing.T) {
	t.Parallel()
	const text = `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}},
"features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[500000,4000000]}}]}`
	for _, c := range []struct {
		name, crs string
		disagree  bool
	}{
		{"another zone", "EPSG:4548", true},
		{"the same", "EPSG:4547", false},
		{"degrees", "EPSG:4326", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tab, err := table(t, "p.geojson", text, pack.Layer{CRS: c.crs})
			if err != nil {
				t.Fatal(err)
			}
			if got := tab.Contradicts(); (got != "") != c.disagree {
				t.Errorf("contradicts %q", got)
			}
			if err := tab.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestStopsWhenTold(t *testing.T) {
	t.Parallel()
	tab, err := table(t, "p.csv", "lon,lat\n117,39\n", pack.Layer{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := tab.Each(ctx, func(*Row) { t.Error("a row was read") }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := tab.Close(); err != nil {
		t.Error(err)
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	row := func(g orb.Geometry) *Row {
		layer := pack.Named{Kind: pack.Roads, Layer: &pack.Layer{}}
		return &Row{Geometry: g, t: &Table{layer: layer, columns: map[string]bool{}}}
	}
	open := orb.Polygon{{{0, 0}, {1, 0}, {1, 1}}}
	if got, ok := row(open).Area(); !ok || len(got[0][0]) != 4 || got[0][0][3] != got[0][0][0] {
		t.Errorf("an open ring became %v", got)
	}
	for name, g := range map[string]orb.Geometry{"none": nil, "sliver": orb.Polygon{{{0, 0}, {1, 0}}}, "line": orb.LineString{{0, 0}, {1, 1}}} {
		r := row(g)
		if _, ok := r.Area(); ok || !r.Bad() {
			t.Errorf("%s was taken for an area", name)
		}
	}
	r := row(orb.MultiLineString{{{0, 0}, {0, 0}, {1, 1}}, {{2, 2}, {2, 2}}})
	if got := r.Lines(); len(got) != 1 || len(got[0]) != 2 || r.Bad() {
		t.Errorf("lines became %v", got)
	}
	if r := row(orb.LineString{{0, 0}, {0, 0}}); r.Lines() != nil || !r.Bad() {
		t.Error("a line of one point was taken")
	}
	if p, ok := row(orb.MultiPoint{{1, 2}}).Point(); !ok || p != (orb.Point{1, 2}) {
		t.Error("a multipoint of one point is a point")
	}
}

// The sum is exact in decimals and rounded once, whatever the columns.
func TestPeopleAgainstRationals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		fields := map[string]string{}
		var columns []string
		sum := new(big.Rat)
		for i := range rapid.IntRange(1, 6).Draw(t, "columns") {
			c := fmt.Sprint("c", i)
			text := rapid.StringMatching(`[0-9]{1,7}(\.[0-9]{0,9})?`).Draw(t, "value")
			fields[c], columns = text, append(columns, c)
			v, ok := new(big.Rat).SetString(strings.TrimSuffix(text, "."))
			if !ok {
				t.Fatalf("%q", text)
			}
			sum.Add(sum, v)
		}
		r := &Row{t: &Table{}, fields: fields}
		// Half up: floor(10000 x + 1/2).
		x := new(big.Rat).Mul(sum, big.NewRat(10_000, 1))
		x.Add(x, big.NewRat(1, 2))
		want := new(big.Int).Quo(x.Num(), x.Denom()).Int64()
		if got := r.People(columns); got != want || r.Bad() {
			t.Fatalf("%v: %d, want %d", fields, got, want)
		}
	})
}

// Each value may be believed and their sum still be more than an integer holds.
func TestPeopleSumDoesNotOverflow(t *testing.T) {
	t.Parallel()
	tab := &Table{}
	r := &Row{t: tab, fields: map[string]string{"a": "1000000000"}}
	columns := strings.Split(strings.Repeat("a", 10), "")
	if got := r.People(columns); got < 0 || !r.Bad() || tab.Faults.First[0].Field != "a" {
		t.Errorf("got %d people, %+v", got, tab.Faults)
	}
}

func FuzzParsePeople(f *testing.F) {
	for _, s := range []string{"0", "12.5", "-0", "-1", "1e3", "NaN", "", ".", "0x10", "1_000", "99999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, zh, _ := parsePeople(s)
		if n < 0 || n > mostPeople*nano || zh != "" && n != 0 {
			t.Errorf("%q gave %d %s", s, n, zh)
		}
	})
}
