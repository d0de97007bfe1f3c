package walknet

import (
	"math"

	"github.com/paulmach/orb"
)

// CircleOptions steer the drawing of a service circle. The zero value is the default.
// For each set of options a network keeps a raster of the ground that circles were
// drawn on, 6 bytes a cell, so few different ones should be asked for.
type CircleOptions struct {
	CellM      float64 // width of the raster's cells in metres; 0 means 10, and 5 where the limit allows less than 600 m
	OffStreetM float64 // how far off a street the circle goes at most, in metres; 0 means 100, the usual snap limit
}

const (
	defaultCellM      = 10.0
	nearCellM         = 5.0   // half a cell around a small circle is a large part of it
	nearM             = 600.0 // so far is near
	defaultOffStreetM = 100.0 // less would leave people outside the circle who are counted inside
	leastCellM        = 1.0
	sliverCells       = 3.0 // parts and holes smaller than this many cells are noise of the raster
)

// Circle draws the service circle: the places from which the site can be walked to
// within the limit. A place counts by the street nearest to it, as people do: time
// from the nearest point of that street plus the way there off the street at the
// same speed, and at most OffStreetM of it. It is a drawing with an error of about
// half a cell, and up to one where streets of different reach lie close together. The
// streets within reach lie in it, but for a metre or two of their ends. People are
// counted with At, never with it.
//
// The polygons are valid (see contour.Polygons); parts and holes of less than
// three cells are left out, but never the last part. A reach of nothing gives an
// empty MultiPolygon. O(cells + edges within reach), and where no circle was drawn
// before, also the length of the streets around.
func (r *Reach) Circle(opts CircleOptions) orb.MultiPolygon {
	if !r.site.OK() {
		return orb.MultiPolygon{}
	}
	c := r.net.borrowCanvas()
	defer r.net.giveBack(c)
	c.lay(r, opts)
	g := c.grid()
	return withoutSlivers(c.tracer.Polygons(g, 0), sliverCells*g.CellLon*g.CellLat)
}

// withoutSlivers drops parts and holes smaller than least, in square degrees, but
// keeps the largest part.
func withoutSlivers(m orb.MultiPolygon, least float64) orb.MultiPolygon {
	kept := orb.MultiPolygon{}
	largest, size := -1, 0.0
	for i, p := range m {
		area := ringArea(p[0])
		if area > size {
			largest, size = i, area
		}
		if area >= least {
			kept = append(kept, withoutSmallHoles(p, least))
		}
	}
	if len(kept) == 0 && largest >= 0 {
		kept = append(kept, m[largest])
	}
	return kept
}

func withoutSmallHoles(p orb.Polygon, least float64) orb.Polygon {
	kept := orb.Polygon{p[0]}
	for _, hole := range p[1:] {
		if ringArea(hole) >= least {
			kept = append(kept, hole)
		}
	}
	return kept
}

func ringArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		sum += (a[0]-r[0][0])*(b[1]-r[0][1]) - (b[0]-r[0][0])*(a[1]-r[0][1])
	}
	return math.Abs(sum / 2)
}
