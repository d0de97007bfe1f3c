package coverage

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
)

// Gap is one connected area of people beyond the limit. The people counted are
// those of its points; the area is a drawing of where these points lie.
type Gap struct {
	ID       string           // follows from the points alone
	Area     orb.MultiPolygon // valid, lon/lat
	AreaM2   float64
	Points   []int32   // indices of the uncovered points, ascending; every one belongs to exactly one gap
	People   []People  // per band
	Division int32     // the finest division with most of the people of the widest band; -1 outside all
	Centre   orb.Point // the gap's point nearest to the middle of its people
}

// GapOptions sets how gaps are made.
type GapOptions struct {
	CellM float64 // side of a raster cell in metres; 50 when 0
	// Within gives for every division the one that a gap must stay in, as an index; -1
	// for none. Nil lets gaps cross all boundaries. People outside all divisions are
	// apart from those inside.
	Within []int32
}

// owner is who may share a gap with the people of a division, as a number above 0.
func (o GapOptions) owner(division int32) int32 {
	switch {
	case o.Within == nil:
		return 1
	case division < 0:
		return 2 // outside all divisions
	default:
		return o.Within[division] + 4 // 3 in no division of that level
	}
}

// Gaps groups the uncovered points and outlines each group, the most people of the
// widest band first. Points are put on a raster of small cells; their cells and the
// eight around each are marked, except neighbouring cells in which only covered or
// unsnapped points lie; marked cells that touch, corners included, are one gap. So
// points less than two cells apart are together, and sums over all gaps are the
// uncovered, exactly. A cell that holds uncovered and other points is drawn as a gap,
// and corners are rounded by an eighth of a cell: nearer than that the drawing and the
// points may differ, the counts never. Where
// gaps must stay within divisions, a cell belongs to that of its first point: one
// cell is never cut.
//
// The raster is dense over the bounds of the uncovered points: O(area in cells +
// points × bands). It stops with the context's error.
func Gaps(ctx context.Context, d *Demand, r *Result, opt GapOptions) ([]Gap, error) {
	return areasOf(ctx, d, r, Uncovered, opt)
}

// UnsnappedAreas groups the people of whom nothing is known, as Gaps groups those beyond the
// limit: with the gaps' they are all whom nobody is known to serve, each once.
func UnsnappedAreas(ctx context.Context, d *Demand, r *Result, opt GapOptions) ([]Gap, error) {
	return areasOf(ctx, d, r, Unsnapped, opt)
}

// areasOf groups and outlines the points of one state.
func areasOf(ctx context.Context, d *Demand, r *Result, state State, opt GapOptions) ([]Gap, error) {
	if opt.CellM <= 0 {
		opt.CellM = 50
	}
	uncovered := withState(r, state)
	if len(uncovered) == 0 {
		return nil, nil
	}
	g := newRaster(d.Points, uncovered, opt.CellM)
	for _, other := range []State{Unsnapped, Covered, Uncovered} {
		if other != state {
			g.bar(d.Points, withState(r, other))
		}
	}
	g.mark(d, uncovered, opt)
	groups := g.groups()
	members := make([][]int32, len(groups))
	for _, i := range uncovered {
		k := g.label[g.cell(d.Points[i])] - 1
		members[k] = append(members[k], i)
	}
	widest := Widest(d.Bands)
	gaps := make([]Gap, 0, len(groups))
	for k, box := range groups {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		gap := describe(d, members[k], widest)
		gap.Area = g.outline(int32(k)+1, box)
		gap.AreaM2 = geo.Area(gap.Area)
		gaps = append(gaps, gap)
	}
	slices.SortFunc(gaps, func(a, b Gap) int {
		if widest >= 0 {
			if c := cmp.Compare(b.People[widest], a.People[widest]); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.Points[0], b.Points[0])
	})
	return gaps, nil
}

func withState(r *Result, s State) []int32 {
	var out []int32
	for i, t := range r.State {
		if t == s {
			out = append(out, int32(i))
		}
	}
	return out
}

// describe fills in everything of a gap that follows from its points.
func describe(d *Demand, points []int32, widest int) Gap {
	g := Gap{Points: points, People: make([]People, len(d.Bands)), Division: -1}
	hash := sha256.New()
	byDivision := map[int32]People{}
	var lon, lat, weight float64
	for _, i := range points {
		hash.Write([]byte(d.IDs[i]))
		hash.Write([]byte{0})
		for b := range d.Bands {
			g.People[b] += d.People[b][i]
		}
		w := weightOf(d, widest, i)
		byDivision[d.Division[i]] += w
		lon += d.Points[i].Lon() * float64(w)
		lat += d.Points[i].Lat() * float64(w)
		weight += float64(w)
	}
	g.ID = "gap-" + hex.EncodeToString(hash.Sum(nil)[:8])
	g.Division = most(byDivision)
	g.Centre = nearestTo(d.Points, points, orb.Point{lon / weight, lat / weight})
	return g
}

// weightOf is the say of a point in where a gap lies: its people of the widest band
// and a ten-thousandth more, so that points without people have a place too.
func weightOf(d *Demand, widest int, i int32) People {
	if widest < 0 {
		return 1
	}
	return d.People[widest][i] + 1
}

// most is the division with the greatest weight, the lowest index of equals.
func most(by map[int32]People) int32 {
	best, found := int32(-1), false
	for at, n := range by {
		if !found || n > by[best] || (n == by[best] && at < best) {
			best, found = at, true
		}
	}
	return best
}

func nearestTo(all []orb.Point, points []int32, p orb.Point) orb.Point {
	best, least := all[points[0]], -1.0
	for _, i := range points {
		if m := geo.Distance(all[i], p); least < 0 || m < least {
			best, least = all[i], m
		}
	}
	return best
}
