package crsguess

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
)

// The thresholds.
const (
	mostDeciding = 1000 // rows that choose among projections
	mostEvidence = 4000 // rows that choose among shifts
	fewestFits   = 0.3  // share of the rows that a projection must place in the district
	besideFits   = 0.2  // share of the best projection's fits that makes another worth naming
	nearM        = 2000 // a place so far outside the district's box still fits: no shift is farther
)

// row is what is written in one row of the columns.
type row struct {
	i    int
	x, y string
	a, b cell
	err  error // the cells hold no two coordinates
}

// guesser holds what is the same for all guesses.
type guesser struct {
	area  Area
	rows  []row // with something in them
	read  int   // of them, those that hold two coordinates
	pair  bool
	reach orb.Bound // where a place is believed; the zero value when the district is not known
}

// Guess gives the guesses for two columns as a file has them, the most likely first. ys
// is nil, or empty in every row, where one column holds both coordinates ("117.1,39.1").
// Rows empty in both columns count for nothing. There is no guess for columns that hold
// no coordinates. O(rows × guesses); of more than 4,000 rows an even selection decides,
// and all are looked at for what does not fit.
func Guess(xs, ys []string, area Area) []Candidate {
	g := &guesser{area: area}
	g.readRows(xs, ys)
	if g.read == 0 {
		return nil
	}
	if !area.Bounds.IsZero() {
		g.reach = padded(area.Bounds, nearM)
	}
	families, outside := g.families()
	var out []Candidate
	for _, f := range families {
		out = append(out, g.candidates(f, families, outside)...)
	}
	out = append(out, g.recognised(families)...)
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return out
}

// readRows reads the cells, of one column or of two.
func (g *guesser) readRows(xs, ys []string) {
	oneColumn := !slices.ContainsFunc(ys, func(s string) bool { return !blank(s) }) ||
		!slices.ContainsFunc(xs, func(s string) bool { return !blank(s) })
	g.pair = oneColumn
	for i := range max(len(xs), len(ys)) {
		r := row{i: i, x: at(xs, i), y: at(ys, i)}
		if blank(r.x) && blank(r.y) {
			continue
		}
		r.a, r.b, r.err = reading{pair: oneColumn}.cells(r.x, r.y)
		if r.err == nil {
			g.read++
		}
		g.rows = append(g.rows, r)
	}
}

func at(column []string, i int) string {
	if i < len(column) {
		return column[i]
	}
	return ""
}

// family is a projection and a way round, and how many rows it places in the district.
type family struct {
	reading
	fits   int // of all rows
	sample int // of the selection
}

// families gives the projections that place rows in the district; where none does, those
// that place them in China at all, and outside is true.
func (g *guesser) families() (list []family, outside bool) {
	all := g.readings()
	list = g.choose(all)
	if len(list) == 0 && g.known() {
		there := *g
		there.area, there.reach = Area{}, orb.Bound{}
		list, outside = there.choose(all), true
	}
	return list, outside
}

// known reports whether it is known where the district is.
func (g *guesser) known() bool { return !g.reach.IsZero() || g.area.Holds != nil }

// choose counts what each reading places, first in a selection and then, for those that
// are worth it, in all rows.
func (g *guesser) choose(all []reading) []family {
	selection := g.selection(mostDeciding)
	var list []family
	best := 0
	for _, r := range all {
		f := family{reading: r}
		for _, row := range selection {
			if _, ok := g.fits(r, row); ok {
				f.sample++
			}
		}
		if f.sample > 0 {
			list = append(list, f)
			best = max(best, f.sample)
		}
	}
	list = slices.DeleteFunc(list, func(f family) bool {
		return float64(f.sample) < besideFits*float64(best) || float64(best) < fewestFits*float64(len(selection))
	})
	for i := range list {
		for _, row := range g.rows {
			if _, ok := g.fits(list[i].reading, row); ok {
				list[i].fits++
			}
		}
	}
	list = slices.DeleteFunc(list, func(f family) bool { return f.packed && !g.mayBePacked(f) })
	slices.SortStableFunc(list, func(a, b family) int { return cmp.Compare(b.fits, a.fits) })
	return list
}

// mayBePacked reports whether degrees.minutes-seconds fits too well for chance: of plain
// degrees in a small district two in three rows have a figure for seconds of 60 or more.
func (g *guesser) mayBePacked(f family) bool {
	const fewest = 12
	long := 0
	for _, r := range g.rows {
		if r.err == nil && fine(r.a.v) && fine(r.b.v) {
			long++
		}
	}
	return long >= fewest && 2*long >= g.read && 20*f.fits >= 19*g.read
}

// fine reports whether a number has four decimals or more.
func fine(v float64) bool { return math.Abs(v*1000-math.Round(v*1000)) > 1e-6 }

// selection is an even selection of the rows that hold two coordinates.
func (g *guesser) selection(most int) []row {
	out := make([]row, 0, min(most, g.read))
	seen := 0
	for _, r := range g.rows {
		if r.err != nil {
			continue
		}
		if seen*most/max(g.read, most) >= len(out) && len(out) < most {
			out = append(out, r)
		}
		seen++
	}
	return out
}

// fits places a row, and says whether it may be in the district.
func (g *guesser) fits(r reading, row row) (orb.Point, bool) {
	if row.err != nil {
		return orb.Point{}, false
	}
	p, err := r.place(row.a, row.b)
	return p, err == nil && g.near(p)
}

// near reports whether a place may be of the district: in it, or so little outside that a
// shift or a facility beyond the border may be why. Where nothing is known of the district
// it is whether the place is in China.
func (g *guesser) near(p orb.Point) bool {
	switch {
	case !g.reach.IsZero():
		return g.reach.Contains(p)
	case g.area.Holds != nil:
		return g.area.Holds(p)
	}
	return p[0] >= 73 && p[0] <= 136 && p[1] >= 3 && p[1] <= 54
}

// readings lists every reading that the numbers do not rule out.
func (g *guesser) readings() []reading {
	var out []reading
	for _, swapped := range []bool{false, true} {
		degrees := reading{pair: g.pair, swapped: swapped}
		packed := degrees
		packed.packed = true
		mercator := degrees
		mercator.crs = crs("EPSG:3857")
		out = append(out, degrees, packed, mercator)
		for _, name := range g.grids(swapped) {
			grid := degrees
			grid.crs = crs(name)
			out = append(out, grid)
		}
	}
	return out
}

// grids lists the Gauss-Krüger systems that the eastings may be of: those of the zone
// prefixes that are there, or those of every meridian within reach of the district.
func (g *guesser) grids(swapped bool) []string {
	var prefixes [46]bool
	plain, far := false, false
	for _, r := range g.selection(mostDeciding) {
		easting, northing := r.a.v, r.b.v
		if swapped {
			easting, northing = northing, easting
		}
		if northing < 300_000 || northing > 6_700_000 {
			continue
		}
		zone := int(easting / 1_000_000)
		switch {
		case easting > 0 && zone == 0:
			plain = true
			far = far || math.Abs(easting-500_000) > 200_000
		case zone >= 13 && zone <= 23 || zone >= 25 && zone <= 45:
			prefixes[zone] = true
		}
	}
	var out []string
	for zone, there := range prefixes {
		if there {
			out = append(out, gridName(zone, true))
		}
	}
	if plain {
		out = append(out, g.meridians(far)...)
	}
	return out
}

// meridians lists the systems without zone prefix. Those of 3 and of 6 degrees with the
// same central meridian give the same numbers, so there is one for each meridian; far
// eastings are of 6 degrees.
func (g *guesser) meridians(far bool) []string {
	from, to := 75.0, 135.0
	const reachDeg = 6 // an easting of 500 km
	if !g.reach.IsZero() {
		from, to = max(from, g.reach.Min[0]-reachDeg), min(to, g.reach.Max[0]+reachDeg)
	}
	var out []string
	for m := 75; m <= 135; m += 3 {
		if float64(m) < from || float64(m) > to {
			continue
		}
		zone := m / 3
		if far && m%6 == 3 {
			zone = (m + 3) / 6
		}
		out = append(out, gridName(zone, false))
	}
	return out
}

// padded is a box with some metres more on each side.
func padded(b orb.Bound, m float64) orb.Bound {
	f := geo.Frame(b.Center())
	by := f.From(orb.Point{m, m})
	dx, dy := by[0]-b.Center()[0], by[1]-b.Center()[1]
	return orb.Bound{Min: orb.Point{b.Min[0] - dx, b.Min[1] - dy}, Max: orb.Point{b.Max[0] + dx, b.Max[1] + dy}}
}
