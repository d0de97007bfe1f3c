package coverageexport_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/coverageexport"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

func at(east, north float64) orb.Point { return orb.Point{114.27 + east/95_900, 30.63 + north/110_900} }

// sheet is a street with a canteen at one end, worked out for real; the division's
// boundary runs clockwise, against RFC 7946.
func sheet(t *testing.T, name string) coverageexport.Sheet {
	t.Helper()
	net, _, err := walknet.Build([]walknet.Way{{SourceID: "street", Line: orb.LineString{at(0, 0), at(1000, 0)}}}, nil, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := &coverage.Demand{
		Bands: []coverage.Band{{ID: "70+", FromAge: 70, ToAge: -1, Widest: true}}, IDs: []string{"near", "far", "fields"},
		Points:   []orb.Point{at(100, 5), at(900, 5), at(500, 400)},
		Division: []int32{0, 0, -1}, People: [][]coverage.People{{12_345, 20_000, 4}},
	}
	for _, p := range d.Points {
		d.Snaps = append(d.Snaps, net.Snap(p, 100))
	}
	ds := []divisions.Division{{
		Code: "990101001", Level: divisions.Subdistrict, NameZH: name, NameEN: "Street", Complete: true,
		Boundary: orb.MultiPolygon{{{at(0, -50), at(0, 50), at(1000, 50), at(1000, -50), at(0, -50)}}},
	}}
	h := coverage.NewHierarchy(ds)
	site := coverage.Site{ID: "c1", Point: at(0, 5), Snap: net.Snap(at(0, 5), 100)}
	p := coverage.Params{Limit: 300_000, Speed: 900}
	r := &coverage.Report{
		Base: divisions.Resident, Demand: d, Divisions: ds, Hierarchy: h, Sites: []coverage.Site{site},
		Result:  coverage.Compute(net, d, []coverage.Site{site}, p),
		Circles: []coverage.Circle{coverage.CircleOf(net, d, site, p, walknet.CircleOptions{})},
	}
	r.Summary = coverage.Summarise(d, r.Result, h, r.Sites)
	b := coverage.NewGround(net, d, h, 100).Baseline(r.Sites, p, 1)
	r.Overlaps, r.Served = &b.Overlaps, b.Served
	if r.Gaps, err = coverage.Gaps(t.Context(), d, r.Result, coverage.GapOptions{}); err != nil {
		t.Fatal(err)
	}
	return coverageexport.Sheet{
		Type: "elderly_canteen", TypeName: coverage.Text{ZH: "老人家食堂", EN: "elderly canteen"}, Version: "v1", Report: r,
		Facilities: []facilities.Facility{{ID: "c1", NameZH: "示例食堂", Example: true, Point: at(0, 5)}},
	}
}

func notices() []coverageexport.Notice {
	return []coverageexport.Notice{{ZH: "© 地图数据", EN: "© map data", URL: "https://example.org", Licence: "ODbL"}}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := coverageexport.WriteCSV(&out, []coverageexport.Sheet{sheet(t, "某街道")}, notices(), coverageexport.CSVOptions{BOM: true}); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(out.String(), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows[1:] {
		got = append(got, strings.Join(row, "|"))
	}
	want := []string{
		"elderly_canteen|老人家食堂|resident|300|0.9|subdistrict|990101001||某街道|Street||true|70+|3.2345|1.2345|2|0|0.381666||||1.2345|0|walk||plain||",
		"elderly_canteen|老人家食堂|resident|300|0.9|outside_subdistrict|||不在该级任何区划内|In no division of this level||true|70+|0.0004|0|0|0.0004|0.000000||||0|0|walk||plain||",
		"elderly_canteen|老人家食堂|resident|300|0.9|total|||合计|Total||true|70+|3.2349|1.2345|2|0.0004|0.381619||||1.2345|0|walk||plain||",
		"|||||notice|||© 地图数据 https://example.org|© map data ODbL||||||||||||||||||",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// No text of the data may be run as a formula by a spreadsheet.
func TestCSVRunsNoFormulas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom([]string{"=", "+", "-", "@", "\t", "\r", "\n", "=", "+", "-", "@", "甲"}).Draw(rt, "first") + rapid.String().Draw(rt, "rest")
		s := sheet(t, name)
		s.TypeName.ZH = name
		var out bytes.Buffer
		if err := coverageexport.WriteCSV(&out, []coverageexport.Sheet{s}, []coverageexport.Notice{{ZH: name, EN: name}}, coverageexport.CSVOptions{}); err != nil {
			rt.Fatal(err)
		}
		r := csv.NewReader(&out)
		r.LazyQuotes = true
		rows, err := r.ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
					rt.Fatalf("cell %q", cell)
				}
			}
		}
	})
}

func TestGeoJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := coverageexport.WriteGeoJSON(&out, []coverageexport.Sheet{sheet(t, `某"街道"`)}, notices(), false); err != nil {
		t.Fatal(err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(out.Bytes())
	if err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	if said, ok := fc.ExtraMembers["notices"].([]any); !ok || len(said) != 1 {
		t.Errorf("notices %v", fc.ExtraMembers)
	}
	byKind := map[string][]*geojson.Feature{}
	for _, f := range fc.Features {
		kind := f.Properties.MustString("kind")
		byKind[kind] = append(byKind[kind], f)
		if f.Properties.MustString("id") == "" || f.Properties.MustInt("limit_s") != 300 {
			t.Errorf("%s: %v", kind, f.Properties)
		}
	}
	division, circle := byKind["division"][0], byKind["service_circle"][0]
	if division.Properties["name_zh"] != `某"街道"` || division.Properties["covered 70+"] != 1.2345 || division.Properties["population_coverage 70+"] != 0.381666 {
		t.Errorf("%v", division.Properties)
	}
	for _, f := range []*geojson.Feature{division, circle, byKind["gap"][0]} {
		for _, polygon := range f.Geometry.(orb.MultiPolygon) {
			if polygon[0].Orientation() != orb.CCW || !polygon[0].Closed() {
				t.Errorf("%v: the outer ring is not closed and counterclockwise", f.Properties["kind"])
			}
		}
	}
	if circle.Properties["example"] != true || circle.Properties["people 70+"] != 1.2345 || circle.Properties.MustInt("area_m2") <= 0 {
		t.Errorf("%v", circle.Properties)
	}
	if circle.Properties["only 70+"] != 1.2345 || circle.Properties["shared 70+"] != 0.0 || division.Properties["covered_by_one 70+"] != 1.2345 {
		t.Errorf("overlaps of %v and %v", circle.Properties, division.Properties)
	}
	var unserved []string
	for _, f := range byKind["unserved_point"] {
		unserved = append(unserved, f.Properties.MustString("id")+" "+f.Properties.MustString("state")+" "+f.Properties.MustString("division_code"))
	}
	if diff := cmp.Diff([]string{"far uncovered 990101001", "fields unsnapped "}, unserved); diff != "" {
		t.Error(diff)
	}
	if got := byKind["unserved_point"][0].Geometry.(orb.Point); got[0] < at(900, 5)[0]-1e-7 || got[0] > at(900, 5)[0]+1e-7 {
		t.Errorf("point at %v", got)
	}
}

// A question by division has no limit, one by distance no time, and what was not counted is
// not nought.
func TestOtherQuestions(t *testing.T) {
	t.Parallel()
	byDivision := sheet(t, "某街道")
	byDivision.Report.Result.Params = coverage.Params{Mode: coverage.ByDivision, Level: divisions.Subdistrict}
	far := sheet(t, "某街道")
	far.Asked = coverageexport.Asked{Metres: 300, Hour: walknet.AtMinute(480), Tier: 5}
	uncounted := sheet(t, "某街道")
	uncounted.Report.Overlaps, uncounted.Report.Served = nil, nil
	uncounted.Asked.Walker = coverage.Elder
	for name, c := range map[string]struct {
		sheet      coverageexport.Sheet
		limit, end string
	}{
		"by division": {byDivision, "|", "1.2345|0|division||||"},
		"by distance": {far, "|", "1.2345|0|walk|300|plain|08:00|5"},
		"long walks":  {uncounted, "300|0.9", "||walk||elder||"},
	} {
		var table, layers bytes.Buffer
		if err := coverageexport.WriteCSV(&table, []coverageexport.Sheet{c.sheet}, nil, coverageexport.CSVOptions{}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&table).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(rows[1][3:5], "|"); got != c.limit {
			t.Errorf("%s: limit and speed %q", name, got)
		}
		if got := strings.Join(rows[1][len(rows[1])-7:], "|"); got != c.end {
			t.Errorf("%s: %q, want %q", name, got, c.end)
		}
		if err := coverageexport.WriteGeoJSON(&layers, []coverageexport.Sheet{c.sheet}, nil, false); err != nil {
			t.Fatal(err)
		}
		fc, err := geojson.UnmarshalFeatureCollection(layers.Bytes())
		if err != nil || (fc.Features[0].Properties["limit_s"] == nil) != (c.limit == "|") {
			t.Errorf("%s: %v, %v", name, fc.Features[0].Properties, err)
		}
	}
}

func TestNothingToExport(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := coverageexport.WriteGeoJSON(&out, nil, nil, false); err != nil {
		t.Fatal(err)
	}
	if fc, err := geojson.UnmarshalFeatureCollection(out.Bytes()); err != nil || len(fc.Features) != 0 {
		t.Errorf("%v in %s", err, out.String())
	}
}

var errFull = errors.New("disk full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrorsAreTold(t *testing.T) {
	t.Parallel()
	s := []coverageexport.Sheet{sheet(t, "某街道")}
	for name, write := range map[string]func(io.Writer) error{
		"csv": func(w io.Writer) error {
			return coverageexport.WriteCSV(w, s, nil, coverageexport.CSVOptions{BOM: true})
		},
		"geojson": func(w io.Writer) error { return coverageexport.WriteGeoJSON(w, s, nil, false) },
	} {
		if err := write(full{}); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
