package crsguess_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/geo/crsguess"
)

// town is a district: a round border, streets with buildings beside them, and communities
// in squares.
type town struct {
	centre    orb.Point
	frame     geo.LocalFrame
	radius    float64
	roads     []orb.LineString
	buildings []orb.Point
	grid      map[[2]int]bool // 20 m cells with a building
}

func newTown(centre orb.Point, seed uint64) *town {
	r := rand.New(rand.NewPCG(seed, 7))
	t := &town{centre: centre, frame: geo.Frame(centre), radius: 3000 + 2500*r.Float64(), grid: map[[2]int]bool{}}
	const block = 260.0
	for k := -int(t.radius / block); k <= int(t.radius/block); k++ {
		for _, across := range []bool{false, true} {
			line := orb.LineString{}
			at := float64(k)*block + 60*r.Float64()
			for along := -t.radius; along <= t.radius; along += 130 {
				m := orb.Point{along, at + 12*r.NormFloat64()}
				if across {
					m[0], m[1] = m[1], m[0]
				}
				line = append(line, t.frame.From(m))
				if r.Float64() < 0.75 {
					side := 14 + 14*r.Float64()
					if r.Float64() < 0.5 {
						side = -side
					}
					b := orb.Point{along + 60*r.Float64(), m[1] + side}
					if across {
						b = orb.Point{m[0] + side, along + 60*r.Float64()}
					}
					if math.Hypot(b[0], b[1]) < t.radius {
						t.buildings = append(t.buildings, t.frame.From(b))
						t.grid[cellOf(b, 20)] = true
					}
				}
			}
			t.roads = append(t.roads, line)
		}
	}
	return t
}

func cellOf(m orb.Point, side float64) [2]int {
	return [2]int{int(math.Floor(m[0] / side)), int(math.Floor(m[1] / side))}
}

func (t *town) bounds() orb.Bound {
	return orb.Bound{Min: t.frame.From(orb.Point{-t.radius, -t.radius}), Max: t.frame.From(orb.Point{t.radius, t.radius})}
}

func (t *town) holds(p orb.Point) bool {
	m := t.frame.To(p)
	return math.Hypot(m[0], m[1]) <= t.radius
}

func (t *town) built(p orb.Point) bool { return t.grid[cellOf(t.frame.To(p), 20)] }

func (t *town) community(p orb.Point) [2]int { return cellOf(t.frame.To(p), 900) }

// fixture is a table as somebody might send it, with what it really is.
type fixture struct {
	name   string
	xs, ys []string
	area   crsguess.Area
	places []orb.Point // of the rows; zero for those that are wrong or empty
	// decidable: something tells the shift, or there is none to tell.
	decidable bool
}

// system is one way to write coordinates.
type system struct {
	name    string
	crs     string // as geo.ParseCRS knows it; "" degrees of a shift
	swapped bool
	pair    bool
	form    string // "", dms, packed
	drawn   bool   // Web Mercator over a shifted map
	shifty  bool   // degrees or Web Mercator: the shift has to be told
}

func systems(at orb.Point) []system {
	zone3, zone6 := int(math.Round(at[0]/3)), int(math.Floor(at[0]/6))+1
	out := []system{
		{name: "WGS 84", crs: "EPSG:4326", shifty: true},
		{name: "GCJ-02", crs: "GCJ-02", shifty: true},
		{name: "BD-09", crs: "BD-09", shifty: true},
		{name: "WGS 84 dms", crs: "EPSG:4326", form: "dms", shifty: true},
		{name: "GCJ-02 pair", crs: "GCJ-02", pair: true, shifty: true},
		{name: "BD-09 dms pair", crs: "BD-09", pair: true, form: "dms", shifty: true},
		{name: "WGS 84 packed", crs: "EPSG:4326", form: "packed"},
		{name: "Web Mercator", crs: "EPSG:3857", shifty: true},
		{name: "Web Mercator over Amap", crs: "EPSG:3857", drawn: true, shifty: true},
		{name: "3 degrees", crs: fmt.Sprint("EPSG:", 4534+zone3-25)},
		{name: "3 degrees, prefix", crs: fmt.Sprint("EPSG:", 4513+zone3-25)},
		{name: "6 degrees", crs: fmt.Sprint("EPSG:", 4502+zone6-13)},
		{name: "6 degrees, prefix", crs: fmt.Sprint("EPSG:", 4491+zone6-13)},
		{name: "3 degrees, the zone beside", crs: fmt.Sprint("EPSG:", 4534+zone3-25+1)},
	}
	for _, s := range slices.Clone(out) {
		s.swapped = true
		s.name += ", exchanged"
		out = append(out, s)
	}
	return out
}

func (s system) cells(t *testing.T, p orb.Point, r *rand.Rand) (x, y string) {
	t.Helper()
	c, err := geo.ParseCRS(s.crs)
	if err != nil {
		t.Fatal(err)
	}
	if s.drawn {
		p = geo.WGS84ToGCJ02(p)
	}
	q, err := c.FromWGS84(p)
	if err != nil {
		t.Fatal(err)
	}
	texts := [2]string{}
	for i, v := range q {
		switch {
		case s.form == "dms":
			texts[i] = dms(v, i, r)
		case s.form == "packed":
			d, m, sec := parts(v)
			texts[i] = fmt.Sprintf("%d.%02d%07.4f", d, m, sec)
			texts[i] = strings.Replace(texts[i], ".", "·", 1)
			texts[i] = strings.ReplaceAll(texts[i], ".", "")
			texts[i] = strings.Replace(texts[i], "·", ".", 1)
		case c.Geographic():
			texts[i] = fmt.Sprintf("%.6f", v)
		default:
			texts[i] = fmt.Sprintf("%.2f", v)
		}
	}
	if s.swapped {
		texts[0], texts[1] = texts[1], texts[0]
	}
	if s.pair {
		return texts[0] + []string{",", "，", ", ", "、", " "}[r.IntN(4)] + texts[1], ""
	}
	return texts[0], texts[1]
}

func parts(v float64) (d, m int, s float64) {
	d = int(v)
	m = int((v - float64(d)) * 60)
	s = ((v-float64(d))*60 - float64(m)) * 60
	if s > 59.9999 {
		s = 59.9999
	}
	return d, m, s
}

func dms(v float64, axis int, r *rand.Rand) string {
	d, m, s := parts(v)
	letters := [2]string{"E", "N"}
	words := [2]string{"东经", "北纬"}
	switch r.IntN(5) {
	case 0:
		return fmt.Sprintf("%d°%d′%.2f″", d, m, s)
	case 1:
		return fmt.Sprintf("%s%d度%d分%.2f秒", words[axis], d, m, s)
	case 2:
		return fmt.Sprintf("%d°%02d'%.2f\"%s", d, m, s, letters[axis])
	case 3:
		return fmt.Sprintf("%s%d°%.4f′", letters[axis], d, float64(m)+s/60)
	}
	return fmt.Sprintf("%d-%d-%.2f", d, m, s)
}

// evidences are what may be known besides the numbers.
func evidences() []string {
	return []string{"nothing", "community", "anchors", "buildings", "roads", "hint", "no district"}
}

// makeFixture writes a table of n rows, some of them wrong.
func makeFixture(t *testing.T, w *town, s system, evidence string, seed uint64) fixture {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 11))
	n := 40 + r.IntN(60)
	f := fixture{name: s.name + " / " + evidence, places: make([]orb.Point, n), decidable: !s.shifty}
	f.area = crsguess.Area{Bounds: w.bounds(), Holds: w.holds}
	named := make([][2]int, n)
	anchors := map[int]orb.Point{}
	for i := range n {
		p := w.buildings[r.IntN(len(w.buildings))]
		x, y := s.cells(t, p, r)
		named[i] = w.community(p)
		if r.IntN(20) == 0 { // the wrong community
			named[i][0]++
		}
		if r.IntN(4) == 0 {
			anchors[i] = w.frame.From(shifted(w.frame.To(p), 40*r.NormFloat64(), 40*r.NormFloat64()))
		}
		f.places[i] = p
		switch r.IntN(25) {
		case 0:
			x, y, f.places[i] = "", "", orb.Point{}
		case 1:
			x, f.places[i] = "待核实", orb.Point{}
		case 2:
			if !s.pair {
				y, f.places[i] = "", orb.Point{}
			}
		}
		f.xs, f.ys = append(f.xs, x), append(f.ys, y)
	}
	switch evidence {
	case "nothing":
		f.area.Holds = nil
	case "community":
		f.area.Agrees = func(row int, p orb.Point) (bool, bool) { return w.community(p) == named[row], true }
		f.decidable = true
	case "anchors":
		f.area.Anchors, f.decidable = anchors, true
	case "buildings":
		f.area.Built, f.decidable = w.built, true
	case "roads":
		f.area.Roads, f.decidable = w.roads, true
	case "hint":
		words := map[string]string{"EPSG:4326": "经度（WGS84）", "GCJ-02": "高德经度", "BD-09": "百度坐标"}
		f.area.Hints, f.decidable = []string{"名称", words[s.crs], "地址"}, !s.shifty || words[s.crs] != ""
		f.area.Holds = nil // the border alone may tell
	case "no district":
		f.area = crsguess.Area{}
		// Without the district no meridian can be told from another.
		f.decidable = strings.Contains(s.name, "prefix")
	}
	return f
}

func shifted(p orb.Point, dx, dy float64) orb.Point { return orb.Point{p[0] + dx, p[1] + dy} }

// right tells whether a candidate places the rows where they are.
func (f fixture) right(c crsguess.Candidate) bool {
	good, all := 0, 0
	for i, p := range f.places {
		if p == (orb.Point{}) {
			continue
		}
		all++
		if q, err := c.Apply(f.xs[i], f.ys[i]); err == nil && geo.Distance(p, q) < 3 {
			good++
		}
	}
	return 100*good >= 95*all
}

func fixtures(t *testing.T) []fixture {
	t.Helper()
	var out []fixture
	seed := uint64(1)
	for _, at := range []orb.Point{{117.0, 39.1}, {108.8, 34.3}, {114.27, 30.63}} {
		w := newTown(at, seed)
		for _, s := range systems(at) {
			for _, e := range evidences() {
				seed++
				// Without the district packed degrees look like plain ones.
				if e == "no district" && s.form == "packed" {
					continue
				}
				out = append(out, makeFixture(t, w, s, e, seed))
			}
		}
	}
	return out
}

// TestGuesses holds the guesses to what the tables are: where something tells, the first
// guess must be right and ask nothing; where nothing does, the right one must be among those
// that a person is asked about.
func TestGuesses(t *testing.T) {
	t.Parallel()
	all := fixtures(t)
	if len(all) < 200 {
		t.Fatalf("only %d fixtures", len(all))
	}
	decidable, right, asked, askedWell := 0, 0, 0, 0
	for _, f := range all {
		list := crsguess.Guess(f.xs, f.ys, f.area)
		if len(list) == 0 {
			t.Errorf("%s: no guess", f.name)
			continue
		}
		if f.decidable {
			decidable++
			if f.right(list[0]) && !list[0].Ask {
				right++
				continue
			}
			t.Logf("%s: %s", f.name, describe(list))
			continue
		}
		asked++
		if ok := slices.ContainsFunc(list, func(c crsguess.Candidate) bool { return c.Ask && f.right(c) }); ok && list[0].Ask {
			askedWell++
		} else {
			t.Logf("%s, nothing tells: %s", f.name, describe(list))
		}
	}
	rate := float64(right) / float64(decidable)
	t.Logf("%d fixtures: %d of %d decidable ones right (%.1f %%); asked a person in %d of %d others, the right guess among the choices", len(all), right, decidable, 100*rate, askedWell, asked)
	if rate < 0.98 {
		t.Errorf("%.1f %% right; want 98", 100*rate)
	}
	if askedWell < asked*98/100 {
		t.Errorf("%d of %d asked well", askedWell, asked)
	}
}

func describe(list []crsguess.Candidate) string {
	var out []string
	for _, c := range list[:min(4, len(list))] {
		words := ""
		for _, r := range c.Reasons {
			words += r.EN + "; "
		}
		out = append(out, fmt.Sprintf("%s %d ask=%v (%s)", c.Key, c.Confidence, c.Ask, words))
	}
	return strings.Join(out, "\n\t")
}
