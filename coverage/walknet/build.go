package walknet

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// DefaultJoinM is the distance within which the ends of line layers are joined.
const DefaultJoinM = 0.5

// BuildOptions steer a build. The zero value is the default.
type BuildOptions struct {
	// JoinM is how near, in metres, an end of a line-layer way must be to another
	// end or line to be joined to it; 0 means DefaultJoinM.
	JoinM float64
}

// ErrJoin is returned by Build for a join distance that makes no sense.
var ErrJoin = errors.New("join distance must be between 0 and 50 m")

// Build makes the network. Ways with NodeIDs meet where ids are equal; ways
// without are noded: joined at shared or nearly shared ends, where an end touches
// another line, and at true crossings of the same Level. The two kinds do not join
// one another. Impassable barriers cut the network. The result does not depend on
// the order of ways and barriers. Ways that cannot be used are left out and
// reported; the error is about the options only. O(n log n) in the vertices.
func Build(ways []Way, barriers []Barrier, opts BuildOptions) (*Network, Report, error) {
	join := opts.JoinM
	if join == 0 {
		join = DefaultJoinM
	}
	if !(join > 0 && join <= 50) {
		return nil, Report{}, fmt.Errorf("%w: %v", ErrJoin, opts.JoinM)
	}
	var rep Report
	usable := usableWays(ways, &rep)
	barriers = sortedBarriers(barriers)

	d := &draft{ways: usable, gateNode: make([]int32, len(barriers))}
	for i := range d.gateNode {
		d.gateNode[i] = -1
	}
	matched := make([]bool, len(barriers))
	d.addTopological(barriers, matched)
	d.addLines(barriers, matched, join)
	for i, b := range barriers {
		if !matched[i] && !b.Passable {
			rep.Skipped = append(rep.Skipped, Skipped{b.SourceID, BarrierOffNetwork})
		}
	}
	d.notePosts()
	d.cutAtBarriers()
	n := d.assemble(barriers, &rep)
	n.connect(&rep)
	n.index = newSegmentIndex(n.verts, n.bound, n.segments())
	n.version = n.digest()
	rep.Dangles = n.dangles(usable)
	slices.SortStableFunc(rep.Skipped, func(a, b Skipped) int { return cmp.Compare(a.SourceID, b.SourceID) })
	return n, rep, nil
}

// usableWays returns the ways that can be built, by SourceID.
func usableWays(ways []Way, rep *Report) []*Way {
	sorted := make([]*Way, len(ways))
	for i := range ways {
		sorted[i] = &ways[i]
	}
	slices.SortFunc(sorted, compareWays)
	usable := sorted[:0]
	previous := ""
	for i, w := range sorted {
		reason := wayFault(w)
		if reason == "" && i > 0 && w.SourceID == previous {
			reason = DuplicateSourceID
		}
		previous = w.SourceID
		if reason != "" {
			rep.Skipped = append(rep.Skipped, Skipped{w.SourceID, reason})
			continue
		}
		usable = append(usable, w)
	}
	return usable
}

// compareWays orders by SourceID; ways that wrongly share one are ordered by what
// they hold, so that the one kept does not depend on the order given.
func compareWays(a, b *Way) int {
	return cmp.Or(
		cmp.Compare(a.SourceID, b.SourceID),
		slices.CompareFunc(a.Line, b.Line, comparePoints),
		slices.Compare(a.NodeIDs, b.NodeIDs),
		cmp.Compare(a.Class, b.Class), cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Level, b.Level),
		cmp.Compare(a.Crossing, b.Crossing), cmp.Compare(a.Wheels, b.Wheels), cmp.Compare(a.Incline, b.Incline),
		slices.Compare(a.Heights, b.Heights),
	)
}

func comparePoints(a, b orb.Point) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
}

func wayFault(w *Way) Reason {
	if len(w.Line) < 2 {
		return TooFewPoints
	}
	if w.NodeIDs != nil && len(w.NodeIDs) != len(w.Line) {
		return NodeIDMismatch
	}
	for _, p := range w.Line {
		if !validPoint(p) {
			return InvalidCoordinates
		}
	}
	if w.Heights != nil && len(w.Heights) != len(w.Line) {
		return HeightMismatch
	}
	for _, h := range w.Heights {
		if !(math.Abs(float64(h)) <= steepestM) {
			return HeightMismatch
		}
	}
	return ""
}

func validPoint(p orb.Point) bool {
	return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 // false for NaN
}

func sortedBarriers(barriers []Barrier) []Barrier {
	sorted := slices.Clone(barriers)
	slices.SortFunc(sorted, func(a, b Barrier) int {
		return cmp.Or(
			cmp.Compare(a.SourceID, b.SourceID), cmp.Compare(a.NodeID, b.NodeID),
			comparePoints(a.Point, b.Point), cmp.Compare(a.Kind, b.Kind),
		)
	})
	return sorted
}
