package demogen_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
)

// require is what testing.T and rapid.T have in common.
type require interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// row is persons by column, e.g. resident_70plus.
type row map[string]int

func (r row) plus(o row) row {
	if r == nil {
		r = row{}
	}
	for k, n := range o {
		r[k] += n
	}
	return r
}

type house struct {
	source string
	point  orb.Point
	counts row
}

type unit struct {
	code, parent, level, name, setting string
	counts                             row
	shape                              orb.MultiPolygon
	bound                              orb.Bound
}

type place struct {
	kind, status, name string
	serves             []string
	point              orb.Point
}

// districtPack is a pack as read back from its files.
type districtPack struct {
	divisions   []unit
	people      []house
	residential map[string]bool // building source -> lived in by plan
	facilities  []place
}

func readPack(t require, dir string) districtPack {
	t.Helper()
	p := districtPack{residential: map[string]bool{}}
	for _, f := range readFeatures(t, filepath.Join(dir, "divisions.geojson")) {
		u := unit{
			code: f.Properties.MustString("code"), parent: f.Properties.MustString("parent"), level: f.Properties.MustString("level"),
			name: f.Properties.MustString("name_zh"), setting: f.Properties.MustString("setting"), counts: row{},
			shape: f.Geometry.(orb.MultiPolygon), //nolint:forcetypeassert // a wrong type fails the test
		}
		for k := range f.Properties {
			if strings.HasPrefix(k, "resident_") || strings.HasPrefix(k, "registered_") {
				u.counts[k] = f.Properties.MustInt(k)
			}
		}
		u.bound = u.shape.Bound()
		p.divisions = append(p.divisions, u)
	}
	for _, f := range readFeatures(t, filepath.Join(dir, "buildings.geojson")) {
		p.residential[f.Properties.MustString("source")] = f.Properties.MustString("use") == "residential"
	}
	for _, f := range readFeatures(t, filepath.Join(dir, "facilities.geojson")) {
		fac := place{
			kind: f.Properties.MustString("type"), status: f.Properties.MustString("status"), name: f.Properties.MustString("name_zh"),
			point: f.Point(),
		}
		if s := f.Properties.MustString("serves"); s != "" {
			fac.serves = strings.Split(s, ";")
		}
		p.facilities = append(p.facilities, fac)
	}
	p.people = readPeople(t, filepath.Join(dir, "population.csv"))
	return p
}

func readFeatures(t require, path string) []*geojson.Feature {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var fc geojson.FeatureCollection
	if err := json.Unmarshal(data, &fc); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return fc.Features
}

func readPeople(t require, path string) []house {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer f.Close() //nolint:errcheck // read only
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var out []house
	for _, r := range rows[1:] {
		h := house{source: r[0], counts: row{}}
		for i, column := range rows[0] {
			if i == 0 {
				continue
			}
			x, err := strconv.ParseFloat(r[i], 64)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			switch column {
			case "lon":
				h.point[0] = x
			case "lat":
				h.point[1] = x
			default:
				h.counts[column] = int(x)
			}
		}
		out = append(out, h)
	}
	return out
}

// holder is the one division of a level that holds p.
func (p districtPack) holder(t require, at orb.Point, level string) unit {
	t.Helper()
	var found []unit
	for _, d := range p.divisions {
		if d.level == level && d.bound.Contains(at) && planar.MultiPolygonContains(d.shape, at) {
			found = append(found, d)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%v lies in %d divisions of level %s", at, len(found), level)
	}
	return found[0]
}

// segment is a piece of a border from one point to the next.
type segment struct{ a, b orb.Point }

// checkBorders proves that the divisions of a level neither overlap nor leave a gap:
// every piece of border is walked once by the division on its left and once, the
// other way, by the one on its right, but for the outer border, which is the same
// for both levels.
func checkBorders(t require, p districtPack) {
	t.Helper()
	outer := map[string][]segment{}
	for _, level := range []string{"subdistrict", "community"} {
		seen := map[segment]string{}
		for _, d := range p.divisions {
			if d.level != level {
				continue
			}
			for _, poly := range d.shape {
				checkRings(t, d.code, poly)
				for _, ring := range poly {
					for i := 1; i < len(ring); i++ {
						s := segment{ring[i-1], ring[i]}
						if other, ok := seen[s]; ok {
							t.Errorf("%s and %s lie on the same side of %v", d.code, other, s)
						}
						seen[s] = d.code
					}
				}
			}
		}
		for s := range seen {
			if _, ok := seen[segment{s.b, s.a}]; !ok {
				outer[level] = append(outer[level], s)
			}
		}
		slices.SortFunc(outer[level], func(x, y segment) int {
			return slices.Compare([]float64{x.a[0], x.a[1], x.b[0], x.b[1]}, []float64{y.a[0], y.a[1], y.b[0], y.b[1]})
		})
	}
	if !slices.Equal(outer["subdistrict"], outer["community"]) {
		t.Errorf("subdistricts and communities do not cover the same ground")
	}
	checkOneOutline(t, outer["community"])
}

// checkOneOutline wants the outer border to be one ring: no holes, no exclaves.
func checkOneOutline(t require, border []segment) {
	t.Helper()
	next := map[orb.Point]orb.Point{}
	for _, s := range border {
		next[s.a] = s.b
	}
	if len(next) != len(border) || len(border) == 0 {
		t.Errorf("the district's border touches itself")
		return
	}
	start := border[0].a
	steps := 1
	for p := next[start]; p != start && steps <= len(border); p = next[p] {
		steps++
	}
	if steps != len(border) {
		t.Errorf("the district's border is in pieces: %d of %d", steps, len(border))
	}
}

func checkRings(t require, code string, poly orb.Polygon) {
	t.Helper()
	for i, ring := range poly {
		want := orb.CCW
		if i > 0 {
			want = orb.CW
		}
		if !ring.Closed() || ring.Orientation() != want || len(ring) < 4 {
			t.Errorf("%s: ring %d is not closed or runs the wrong way", code, i)
		}
	}
}

// checkFacilities wants every facility in a division, of a known status, and what it
// serves to exist.
func checkFacilities(t require, p districtPack) {
	t.Helper()
	codes := map[string]bool{}
	for _, d := range p.divisions {
		codes[d.code] = true
		if !regexp.MustCompile(`^990100\d{3}(\d{3})?$`).MatchString(d.code) {
			t.Errorf("code %s", d.code)
		}
		if d.level == "community" && (d.parent != d.code[:9] || !codes[d.parent]) {
			t.Errorf("community %s under %q", d.code, d.parent)
		}
	}
	if len(codes) != len(p.divisions) {
		t.Errorf("%d divisions have %d codes", len(p.divisions), len(codes))
	}
	kinds := map[string]int{}
	for _, f := range p.facilities {
		p.holder(t, f.point, "community")
		kinds[f.kind]++
		if !slices.Contains([]string{"planned", "building", "open", "suspended", "closed"}, f.status) {
			t.Errorf("%s: status %q", f.name, f.status)
		}
		for _, s := range f.serves {
			if !codes[s] {
				t.Errorf("%s serves %s, which is no division", f.name, s)
			}
		}
	}
	for _, kind := range []string{"day_care_centre", "elderly_canteen", "columbarium", "rescue_station", "community_premises"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s", kind)
		}
	}
}
