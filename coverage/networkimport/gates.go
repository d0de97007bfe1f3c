package networkimport

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/coverage/coveragedb"
	"yike/coverage/walknet"
	"yike/geo"
	"yike/internal/pack"
	"yike/internal/pack/packimport"
)

// gateM is how far in metres a gate of a points layer may be from the road that it is on:
// who draws gates draws them beside the centreline.
const gateM = 10.0

// readGates reads the points layer of barriers that goes with a line layer, and puts each
// onto the nearest walkable road, which gets a vertex there. Those too far from any are
// counted and not kept.
func readGates(ctx context.Context, root string, layer pack.Named, roads *Roads) (err error) {
	if layer.Barriers == nil {
		return nil
	}
	of := pack.Named{Kind: pack.Roads, Field: layer.Field + ".barriers", Layer: layer.Barriers}
	table, err := packimport.Open(ctx, root, of)
	if err != nil {
		return err
	}
	if roads.Contradicts == "" {
		roads.Contradicts = table.Contradicts()
	}
	var gates []walknet.Barrier
	seen := map[string]bool{}
	err = table.Each(ctx, func(row *packimport.Row) {
		if gate, ok := readGate(row); ok {
			if seen[gate.SourceID] {
				row.Fault("source", gate.SourceID, "重复", "is used twice")
			}
			seen[gate.SourceID] = true
			gates = append(gates, gate)
		}
	})
	if err := errors.Join(err, table.Close()); err != nil {
		return err
	}
	roads.placeGates(gates)
	return nil
}

// readGate reads one row: what it is, whether one can pass, and when.
func readGate(row *packimport.Row) (walknet.Barrier, bool) {
	gate := walknet.Barrier{SourceID: row.Key(), Kind: row.Text("kind"), Passable: row.Flag("passable", true)}
	if gate.Kind == "" {
		gate.Kind = "gate"
	}
	if hours := row.Text("hours"); hours != "" {
		gate.Hours = hoursOf(Tags{"opening_hours": hours})
		if gate.Hours == nil && hours != "24/7" {
			row.Fault("hours", hours, "应如 06:00-22:00，多段以逗号分隔；全天开放为 24/7", "must be like 06:00-22:00, several parts with commas between; 24/7 is always")
		}
	}
	point, ok := row.Point()
	gate.Point = point
	return gate, ok && !row.Bad()
}

// spot is a place on a road.
type spot struct {
	road, segment int
	share         float64 // of the segment
	metres        float64 // away
	point         orb.Point
}

// placeGates puts gates onto roads.
func (r *Roads) placeGates(gates []walknet.Barrier) {
	near := newRoadIndex(r.Roads)
	vertices := map[int][]spot{} // to add, by road
	for _, gate := range gates {
		at, ok := near.nearest(r.Roads, gate.Point)
		if !ok {
			r.FarGates = append(r.FarGates, gate.Point)
			continue
		}
		if at.share > 0 && at.share < 1 {
			vertices[at.road] = append(vertices[at.road], at)
		}
		gate.Point = at.point
		r.Barriers = append(r.Barriers, gate)
	}
	for road, at := range vertices {
		// From the end on, so that what is added moves nothing that is to be added.
		slices.SortFunc(at, func(a, b spot) int {
			if a.segment != b.segment {
				return b.segment - a.segment
			}
			return int(math.Copysign(1, b.share-a.share))
		})
		line := slices.Clone(r.Roads[road].Line)
		for _, v := range at {
			if line[v.segment+1] != v.point {
				line = slices.Insert(line, v.segment+1, v.point)
			}
		}
		r.Roads[road].Line = line
	}
}

// roadIndex are the segments of walkable roads by the cells that they are within gateM of.
type roadIndex map[[2]int][][2]int

const indexCell = 0.001 // degrees, about 100 m

func cellOf(v float64) int { return int(math.Floor(v / indexCell)) }

func newRoadIndex(roads []coveragedb.Road) roadIndex {
	x := roadIndex{}
	const pad = gateM / 50_000 // degrees, more than gateM up to 60° of latitude
	for i := range roads {
		for k := range len(roads[i].Line) - 1 {
			if !roads[i].Walkable {
				break
			}
			box := orb.MultiPoint{roads[i].Line[k], roads[i].Line[k+1]}.Bound().Pad(pad)
			for cx := cellOf(box.Min[0]); cx <= cellOf(box.Max[0]); cx++ {
				for cy := cellOf(box.Min[1]); cy <= cellOf(box.Max[1]); cy++ {
					x[[2]int{cx, cy}] = append(x[[2]int{cx, cy}], [2]int{i, k})
				}
			}
		}
	}
	return x
}

// nearest is the nearest place on a road within gateM, at a vertex where one is within
// half a metre of it; of equally near ones the first.
func (x roadIndex) nearest(roads []coveragedb.Road, p orb.Point) (spot, bool) {
	const same = walknet.DefaultJoinM
	frame := geo.Frame(p)
	best, found := spot{metres: gateM}, false
	for _, s := range x[[2]int{cellOf(p[0]), cellOf(p[1])}] {
		from, to := roads[s[0]].Line[s[1]], roads[s[0]].Line[s[1]+1]
		a, b := frame.To(from), frame.To(to)
		dx, dy := b[0]-a[0], b[1]-a[1]
		t := 0.0
		if length := dx*dx + dy*dy; length > 0 {
			t = min(max(-(a[0]*dx+a[1]*dy)/length, 0), 1)
		}
		d := math.Hypot(a[0]+t*dx, a[1]+t*dy)
		if d > best.metres || found && d == best.metres {
			continue
		}
		long := math.Hypot(dx, dy)
		best, found = spot{s[0], s[1], t, d, orb.Point{from[0] + t*(to[0]-from[0]), from[1] + t*(to[1]-from[1])}}, true
		switch {
		case t*long <= same:
			best.share, best.point = 0, from
		case (1-t)*long <= same:
			best.share, best.point = 1, to
		}
	}
	return best, found
}

// describeGates warns of gates that are on no road.
func describeGates(out *pack.Report, roads Roads) {
	if n := len(roads.FarGates); n > 0 {
		out.Count("far_barriers", int64(n))
		out.Warn(fmt.Sprintf("%d 处门或障碍离可步行的路超过 %.0f 米，未采用：%s", n, gateM, places(roads.FarGates)),
			fmt.Sprintf("%d barriers are more than %.0f m from any walkable road and were left out: %s", n, gateM, places(roads.FarGates)))
	}
}
