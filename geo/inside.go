package geo

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Inside gives a point inside the largest polygon of a boundary: the centroid where
// that is inside, else the middle of the longest stretch at its height. So a ring-shaped
// block has its people on the block, not in its yard. The zero point for no polygon.
// O(n log n) for n corners.
func Inside(boundary orb.MultiPolygon) orb.Point {
	var largest orb.Polygon
	most := -1.0
	for _, polygon := range boundary {
		if len(polygon) == 0 {
			continue
		}
		if a := planar.Area(polygon); a > most {
			largest, most = polygon, a
		}
	}
	if largest == nil {
		return orb.Point{}
	}
	centre, area := planar.CentroidArea(largest)
	if area > 0 && planar.PolygonContains(largest, centre) {
		return centre
	}
	return middle(largest)
}

// middle is the middle of the longest stretch inside along the horizontal through the
// middle of the box; the first vertex for a polygon without area.
func middle(polygon orb.Polygon) orb.Point {
	box := polygon.Bound()
	y := (box.Min[1] + box.Max[1]) / 2
	var crossings []float64
	for _, ring := range polygon {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > y) != (b[1] > y) {
				crossings = append(crossings, a[0]+(y-a[1])*(b[0]-a[0])/(b[1]-a[1]))
			}
		}
	}
	slices.Sort(crossings)
	best, at := 0.0, polygon[0][0]
	for i := 1; i < len(crossings); i += 2 {
		if w := crossings[i] - crossings[i-1]; w > best {
			best, at = w, orb.Point{(crossings[i] + crossings[i-1]) / 2, y}
		}
	}
	return at
}
