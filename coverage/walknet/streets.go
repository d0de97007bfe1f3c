package walknet

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// NamedStreet is a street with a name near a place.
type NamedStreet struct {
	Name   string
	Metres float64   // from the place to the street, as the crow flies
	At     orb.Point // the street's point nearest to the place, lon/lat
}

// NamedStreets lists the streets with a name that pass within so many metres of a place,
// the nearest first, each name once, and at most so many. Streets that edits added have no
// name that anybody knows and are not among them. O(segments nearby).
func (n *Network) NamedStreets(p orb.Point, withinM float64, most int) []NamedStreet {
	if len(n.from) == 0 || !validPoint(p) || !(withinM >= 0) {
		return nil
	}
	plane := planeAt(p)
	box := orb.Bound{
		Min: orb.Point{p[0] - withinM/plane.kx, p[1] - withinM/plane.ky},
		Max: orb.Point{p[0] + withinM/plane.kx, p[1] + withinM/plane.ky},
	}
	best := map[string]NamedStreet{}
	n.index.in(box, func(i int32) {
		name := n.ways[n.way[n.vertEdge[i]]].name
		if name == "" {
			return
		}
		a, b := n.verts[i], n.verts[i+1]
		t, d2 := nearestOn(vec{}, plane.to(a), plane.to(b))
		m := math.Sqrt(d2)
		if known, ok := best[name]; m > withinM || ok && known.Metres <= m {
			return
		}
		best[name] = NamedStreet{name, m, orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}}
	})
	out := make([]NamedStreet, 0, len(best))
	for _, s := range best {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b NamedStreet) int {
		return cmp.Or(cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.Name, b.Name))
	})
	return out[:min(most, len(out))]
}
