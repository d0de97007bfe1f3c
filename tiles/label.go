package tiles

import (
	"container/heap"
	"math"

	"github.com/paulmach/orb"
)

// LabelPoint is a place for the label of an area: the point inside its largest polygon
// that is farthest from the border, to about 1 % of the polygon's size (the "polylabel"
// search: cells halved in order of what they may still hold). False when there is no
// polygon with an area.
func LabelPoint(area orb.MultiPolygon) (orb.Point, bool) {
	poly, ok := largest(area)
	if !ok {
		return orb.Point{}, false
	}
	b := poly.Bound()
	// Degrees of longitude are shorter than those of latitude; distances must not be.
	m := measure{poly: poly, squeeze: math.Cos(b.Center()[1] * math.Pi / 180)}
	w, h := (b.Max[0]-b.Min[0])*m.squeeze, b.Max[1]-b.Min[1]
	precision := max(w, h) / 100
	half := max(min(w, h), precision) / 2 // a sliver is not cut into a million squares
	best := m.cell(b.Center(), 0)
	queue := cells{}
	for y := b.Min[1] + half; y < b.Max[1]+half; y += 2 * half {
		for x := b.Min[0] + half/m.squeeze; x < b.Max[0]+half/m.squeeze; x += 2 * half / m.squeeze {
			heap.Push(&queue, m.cell(orb.Point{x, y}, half))
		}
	}
	for queue.Len() > 0 {
		c, _ := heap.Pop(&queue).(cell)
		if c.clear > best.clear {
			best = c
		}
		if c.most-best.clear <= precision {
			break
		}
		half := c.half / 2
		for _, d := range [][2]float64{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
			heap.Push(&queue, m.cell(orb.Point{c.at[0] + d[0]*half/m.squeeze, c.at[1] + d[1]*half}, half))
		}
	}
	return best.at, best.clear > 0
}

func largest(area orb.MultiPolygon) (orb.Polygon, bool) {
	var best orb.Polygon
	most := 0.0
	for _, p := range area {
		if len(p) == 0 {
			continue
		}
		if a := math.Abs(ringArea(p[0])); a > most {
			best, most = p, a
		}
	}
	return best, most > 0
}

func ringArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += (r[i-1][0]-r[0][0])*(r[i][1]-r[0][1]) - (r[i-1][1]-r[0][1])*(r[i][0]-r[0][0])
	}
	return sum / 2
}

// cell is a square of the search: its distance from the border (less than 0 outside)
// and the most that any point in it can have.
type cell struct {
	at          orb.Point
	half        float64
	clear, most float64
}

type measure struct {
	poly    orb.Polygon
	squeeze float64
}

func (m measure) cell(at orb.Point, half float64) cell {
	d := m.clearance(at)
	return cell{at: at, half: half, clear: d, most: d + half*math.Sqrt2}
}

// clearance is the distance to the border in degrees of latitude, negative outside.
func (m measure) clearance(p orb.Point) float64 {
	inside := false
	nearest := math.Inf(1)
	for _, ring := range m.poly {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])+a[0] {
				inside = !inside
			}
			nearest = min(nearest, m.toSegment(p, a, b))
		}
	}
	if inside {
		return nearest
	}
	return -nearest
}

func (m measure) toSegment(p, a, b orb.Point) float64 {
	dx, dy := (b[0]-a[0])*m.squeeze, b[1]-a[1]
	px, py := (p[0]-a[0])*m.squeeze, p[1]-a[1]
	if l := dx*dx + dy*dy; l > 0 {
		t := min(max((px*dx+py*dy)/l, 0), 1)
		px, py = px-t*dx, py-t*dy
	}
	return math.Hypot(px, py)
}

// cells is a heap with the most promising cell on top.
type cells []cell

func (c cells) Len() int           { return len(c) }
func (c cells) Less(i, j int) bool { return c[i].most > c[j].most }
func (c cells) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c *cells) Push(x any)        { v, _ := x.(cell); *c = append(*c, v) }
func (c *cells) Pop() any {
	old := *c
	last := old[len(old)-1]
	*c = old[:len(old)-1]
	return last
}
