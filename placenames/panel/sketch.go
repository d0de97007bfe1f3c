package panel

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
)

// Line is a drawn line in a square of 1000 by 1000, from the north-west corner.
type Line [][2]int

// Label is a name on a sketch, where it begins.
type Label struct {
	X, Y int
	Text string
}

// Sketch is a drawing of where a place is, small enough to stand within a page.
type Sketch struct {
	Subject []Line  `json:"subject,omitempty"` // what is named
	Area    bool    `json:"area,omitempty"`    // its lines close
	Around  []Line  `json:"around,omitempty"`  // roads
	Labels  []Label `json:"labels,omitempty"`  // names of roads
	Metres  int     `json:"metres,omitempty"`  // from side to side
}

// Road is a road near a place.
type Road struct {
	Name string
	Line orb.LineString
}

// The bounds of a sketch, by which it has less than 5 kB.
const (
	sketchSide   = 1000
	sketchAround = 40
	sketchLabels = 8
	sketchMargin = 0.35 // of the longer side, on each side
	leastMetres  = 300
	metresDegree = 111_320
)

// DrawSketch draws a place (lon/lat WGS 84) with the roads around it, the north above. The zero
// sketch comes for a place that nobody drew. Roads come in the order of their importance: of
// too many the last are left out. O(points).
func DrawSketch(place orb.Geometry, roads []Road) Sketch {
	if place == nil {
		return Sketch{}
	}
	f := frameOf(place.Bound())
	out := Sketch{Metres: int(math.Round(f.metres))}
	switch g := place.(type) {
	case orb.Point:
		out.Subject = append(out.Subject, f.line(orb.LineString{g, g}))
	case orb.LineString:
		out.Subject = append(out.Subject, f.line(g))
	case orb.MultiLineString:
		for _, l := range g {
			out.Subject = append(out.Subject, f.line(l))
		}
	case orb.Polygon:
		out.Area = true
		for _, ring := range g {
			out.Subject = append(out.Subject, f.line(orb.LineString(ring)))
		}
	case orb.MultiPolygon:
		out.Area = true
		for _, p := range g {
			for _, ring := range p {
				out.Subject = append(out.Subject, f.line(orb.LineString(ring)))
			}
		}
	default:
		return Sketch{}
	}
	const mostSubject = 40
	out.Subject = out.Subject[:min(len(out.Subject), mostSubject)]
	named := map[string]bool{}
	for _, r := range roads[:min(len(roads), sketchAround)] {
		for _, part := range f.inside(f.line(r.Line)) {
			out.Around = append(out.Around, part)
			if r.Name != "" && !named[r.Name] && len(out.Labels) < sketchLabels {
				if at, ok := labelAt(part, out.Labels); ok {
					named[r.Name] = true
					out.Labels = append(out.Labels, Label{X: at[0], Y: at[1], Text: r.Name})
				}
			}
		}
	}
	return out
}

// frame turns places into points of the square.
type frame struct {
	west, north    float64
	scaleX, scaleY float64 // of a degree
	metres         float64
}

func frameOf(b orb.Bound) frame {
	mid := b.Center()
	perLon := metresDegree * math.Cos(mid.Lat()*math.Pi/180)
	side := max((b.Max.Lon()-b.Min.Lon())*perLon, (b.Max.Lat()-b.Min.Lat())*metresDegree)
	side = max(side*(1+2*sketchMargin), leastMetres)
	return frame{
		west: mid.Lon() - side/2/perLon, north: mid.Lat() + side/2/metresDegree,
		scaleX: sketchSide * perLon / side, scaleY: sketchSide * metresDegree / side, metres: side,
	}
}

// line draws a line with as few points as show it to a two-hundredth of the side.
func (f frame) line(l orb.LineString) Line {
	flat := make(orb.LineString, len(l))
	for i, p := range l {
		flat[i] = orb.Point{(p.Lon() - f.west) * f.scaleX, (f.north - p.Lat()) * f.scaleY}
	}
	if len(flat) > 2 {
		flat, _ = simplify.DouglasPeucker(sketchSide / 200).Simplify(flat).(orb.LineString)
	}
	out := make(Line, len(flat))
	for i, p := range flat {
		out[i] = [2]int{int(math.Round(p[0])), int(math.Round(p[1]))}
	}
	return out
}

// inside gives the parts of a line that have a point in the square, each with the points next
// to it, which the page cuts off.
func (frame) inside(l Line) []Line {
	in := func(p [2]int) bool { return p[0] >= 0 && p[0] <= sketchSide && p[1] >= 0 && p[1] <= sketchSide }
	near := func(i int) bool { return i >= 0 && i < len(l) && in(l[i]) }
	var out []Line
	var part Line
	for i, p := range l {
		if near(i-1) || near(i) || near(i+1) {
			part = append(part, p)
			continue
		}
		if len(part) > 1 {
			out = append(out, part)
		}
		part = nil
	}
	if len(part) > 1 {
		out = append(out, part)
	}
	return out
}

// labelAt finds a point of a line where a name does not lie over those before it.
func labelAt(l Line, before []Label) ([2]int, bool) {
	const edge, wide, high = 40, 260, 60
	for _, p := range l {
		if p[0] < edge || p[0] > sketchSide-wide || p[1] < 2*edge || p[1] > sketchSide-edge {
			continue
		}
		if !slices.ContainsFunc(before, func(b Label) bool { return abs(b.X-p[0]) < wide && abs(b.Y-p[1]) < high }) {
			return p, true
		}
	}
	return [2]int{}, false
}

func abs(n int) int { return max(n, -n) }
