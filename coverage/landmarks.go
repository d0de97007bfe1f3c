package coverage

import (
	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"yike/geo"
)

// Landmark is something with a name by which people tell where a place is.
type Landmark struct {
	Name  Text      // EN is "" where there is none
	Point orb.Point // lon/lat
	// Home is whether people live there, as in an estate or a village. Others, such as
	// schools, are what people live near to.
	Home bool
}

// Landmarks finds landmarks near points. It is read-only and safe for concurrent use; nil
// holds none.
type Landmarks struct {
	list []Landmark
	tree rtree.RTreeGN[float64, int32]
}

// NewLandmarks takes the landmarks that have a name. O(n log n).
func NewLandmarks(list []Landmark) *Landmarks {
	l := &Landmarks{list: list}
	for i, m := range list {
		if m.Name.ZH != "" || m.Name.EN != "" {
			l.tree.Insert([2]float64(m.Point), [2]float64(m.Point), int32(i)) //nolint:gosec // fewer than 2^31
		}
	}
	return l
}

// nearest is the index of the landmark nearest to p among those at most so many metres
// away, of equals the first; -1 for none.
func (l *Landmarks) nearest(p orb.Point, withinM float64, homes bool) int32 {
	best, least := int32(-1), withinM
	if l == nil {
		return best
	}
	frame := geo.Frame(p)
	low, high := frame.From(orb.Point{-withinM, -withinM}), frame.From(orb.Point{withinM, withinM})
	l.tree.Search([2]float64(low), [2]float64(high), func(_, _ [2]float64, i int32) bool {
		if homes && !l.list[i].Home {
			return true
		}
		if m := metres(frame.To(l.list[i].Point)); m < least || m == least && (best < 0 || i < best) {
			best, least = i, m
		}
		return true
	})
	return best
}
