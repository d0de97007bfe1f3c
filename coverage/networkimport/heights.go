package networkimport

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"github.com/paulmach/orb"

	"yike/coverage/coveragedb"
	"yike/geo"
	"yike/internal/gdal"
	"yike/internal/pack"
)

// How heights are taken. Grids of a whole city are coarse and wrong by some metres from
// cell to cell, and what is summed up along a road would take each of these errors for a
// climb. So a height is the mean over about 90 m, as routing engines average over a
// distance (GraphHopper's RoadElevationInterpolator: the points of a road within 180 m);
// over the ground, not along the road, so that a steady slope stays what it is and roads
// agree where they meet. Of what is left along a road only what departs from straight by
// 2 m or more counts, which is our choice. Bridges and tunnels go straight from end to end,
// as they do there: the grid has the ground beneath or above them.
const (
	heightStep   = 1.0 / 3600 // degrees between heights, some 30 m, where that is not too many
	mostHeights  = 16 << 20
	leastWiggleM = 2.0
)

// ground are heights on a grid over the roads.
type ground struct {
	origin     orb.Point // the middle of the south-western cell
	step       float64   // degrees
	cols, rows int
	metres     []float32 // row by row from the south; NaN where unknown
}

// addHeights gives every road whose whole line the grid of heights knows the heights of
// its vertices.
func addHeights(ctx context.Context, root string, layer pack.Named, roads []coveragedb.Road) error {
	h := layer.Heights
	if h == nil || len(roads) == 0 {
		return nil
	}
	g := groundAround(roads)
	west, south := g.origin[0]-g.step/2, g.origin[1]-g.step/2
	box := [4]float64{west, south, west + float64(g.cols)*g.step, south + float64(g.rows)*g.step}
	raster := gdal.Raster{Path: filepath.Join(root, filepath.FromSlash(h.File)), Driver: h.Driver(), CRS: h.CRS}
	metres, err := gdal.Heights(ctx, raster, box, g.cols, g.rows)
	var broken *gdal.ProcessError
	if errors.As(err, &broken) && ctx.Err() == nil {
		return pack.Bad(pack.Roads, pack.Fault{
			File: h.File, Field: layer.Field + ".heights",
			Reason: pack.Text{ZH: "高程数据读不出来：" + broken.Error(), EN: "the heights cannot be read: " + broken.Error()},
		})
	}
	if err != nil {
		return fmt.Errorf("read heights: %w", err)
	}
	g.metres = metres
	g.smooth()
	known := 0
	for i := range roads {
		if roads[i].Heights = g.along(&roads[i]); roads[i].Heights != nil {
			known++
		}
	}
	if known == 0 {
		return pack.Bad(pack.Roads, pack.Fault{
			File: h.File, Field: layer.Field + ".heights",
			Reason: pack.Text{ZH: "没有一条道路落在高程数据范围内", EN: "no road lies within the heights"},
			Hint:   pack.Text{ZH: "请核对坐标系", EN: "Check the coordinate system"},
		})
	}
	return nil
}

// groundAround is a grid two cells wider than the roads.
func groundAround(roads []coveragedb.Road) *ground {
	box := roads[0].Line.Bound()
	for i := range roads {
		box = box.Union(roads[i].Line.Bound())
	}
	g := &ground{step: heightStep}
	for {
		g.origin = orb.Point{box.Min[0] - 2*g.step, box.Min[1] - 2*g.step}
		cols, rows := (box.Max[0]-box.Min[0])/g.step+5, (box.Max[1]-box.Min[1])/g.step+5
		if cols*rows <= mostHeights {
			g.cols, g.rows = int(cols), int(rows)
			return g
		}
		g.step *= 1.25
	}
}

// smooth makes each height the mean of those around it that are known.
func (g *ground) smooth() {
	out := make([]float32, len(g.metres))
	for y := range g.rows {
		for x := range g.cols {
			out[y*g.cols+x] = g.mean(x, y)
		}
	}
	g.metres = out
}

// mean is over the cell and its eight neighbours; unknown where the cell is. Where only
// one of two opposite neighbours is known, neither counts: it would tilt the mean.
func (g *ground) mean(x, y int) float32 {
	at := func(x, y int) float32 {
		if x < 0 || y < 0 || x >= g.cols || y >= g.rows {
			return float32(math.NaN())
		}
		return g.metres[y*g.cols+x]
	}
	sum, n := at(x, y), float32(1)
	for _, d := range [4][2]int{{1, 0}, {0, 1}, {1, 1}, {1, -1}} {
		if pair := at(x+d[0], y+d[1]) + at(x-d[0], y-d[1]); pair == pair { // not NaN
			sum, n = sum+pair, n+2
		}
	}
	return sum / n
}

// at is the height of a place, linear between the grid's; NaN where unknown.
func (g *ground) at(p orb.Point) float64 {
	x, y := (p[0]-g.origin[0])/g.step, (p[1]-g.origin[1])/g.step
	if !(x >= 0 && y >= 0 && x < float64(g.cols-1) && y < float64(g.rows-1)) {
		return math.NaN()
	}
	i := int(y)*g.cols + int(x)
	u, v := x-math.Floor(x), y-math.Floor(y)
	south := (1-u)*float64(g.metres[i]) + u*float64(g.metres[i+1])
	north := (1-u)*float64(g.metres[i+g.cols]) + u*float64(g.metres[i+g.cols+1])
	return (1-v)*south + v*north
}

// along is the heights of a road's vertices; nil where one is not known, or is none that
// there is on this earth.
func (g *ground) along(r *coveragedb.Road) []float32 {
	const highest, deepest = 9000, -500
	metres, way := make([]float64, len(r.Line)), make([]float64, len(r.Line))
	for i, p := range r.Line {
		if metres[i] = g.at(p); !(metres[i] > deepest && metres[i] < highest) {
			return nil
		}
		if i > 0 {
			way[i] = way[i-1] + geo.Distance(r.Line[i-1], p)
		}
	}
	tolerance := leastWiggleM
	if r.Bridge || r.Tunnel {
		tolerance = math.Inf(1)
	}
	straighten(metres, way, tolerance)
	heights := make([]float32, len(metres))
	for i, m := range metres {
		heights[i] = float32(m)
	}
	return heights
}

// straighten makes a profile straight between its ends but where it departs from that by
// tolerance or more, there and on both sides likewise (Ramer 1972, Douglas and Peucker
// 1973, on heights).
func straighten(metres, way []float64, tolerance float64) {
	last := len(metres) - 1
	if last < 2 || way[last] == way[0] {
		return
	}
	line := func(i int) float64 {
		return metres[0] + (metres[last]-metres[0])*(way[i]-way[0])/(way[last]-way[0])
	}
	far, most := 0, 0.0
	for i := 1; i < last; i++ {
		if d := math.Abs(metres[i] - line(i)); d > most {
			far, most = i, d
		}
	}
	if most >= tolerance {
		straighten(metres[:far+1], way[:far+1], tolerance)
		straighten(metres[far:], way[far:], tolerance)
		return
	}
	for i := 1; i < last; i++ {
		metres[i] = line(i)
	}
}

// describeHeights says what is known of slopes.
func describeHeights(out *pack.Report, roads Roads) {
	known := 0
	for i := range roads.Roads {
		if roads.Roads[i].Heights != nil {
			known++
		}
	}
	if known == 0 {
		return
	}
	out.Count("roads_with_heights", int64(known))
	out.Fact(fmt.Sprintf("%d 条路有高程，坡度计入在意坡度者的步行时间", known),
		fmt.Sprintf("%d roads have heights, so slopes count for walkers who mind them", known))
}
