package coverage

import "yike/coverage/walknet"

// State says what became of the people of one point. The three states exclude one
// another, so their people add up to the population exactly.
type State uint8

// The states of a point.
const (
	Unsnapped State = iota // no path within the snap limit: listed, neither covered nor uncovered
	Covered                // walks to a site within the limit
	Uncovered              // on the network, but no site within the limit
)

// String is the word used in files, tiles and the API.
func (s State) String() string {
	switch s {
	case Covered:
		return "covered"
	case Uncovered:
		return "uncovered"
	default:
		return "unsnapped"
	}
}

// Result is the answer for every point of a Demand, as parallel arrays.
type Result struct {
	Params  Params
	Time    []walknet.Milliseconds // from the point's door to the nearest site's; walknet.Unreached beyond the limit
	Nearest []int32                // index of that site; -1 beyond the limit. Ties go to the lowest index
	State   []State
}

// Compute finds the nearest site of every point by walking time from the point to
// the site: the point's leg to the path, the path, and the site's leg to its door.
// Sites off the network serve nobody. One bounded search serves all points, so the
// cost is that of the area within the limit of any site plus one look-up per point.
// Modes other than OnFoot need divisions, see Ground.Baseline: here nothing is known of
// anybody then, and every point is Unsnapped.
func Compute(net *walknet.Network, d *Demand, sites []Site, p Params) *Result {
	n := len(d.Points)
	r := &Result{
		Params:  p,
		Time:    make([]walknet.Milliseconds, n),
		Nearest: make([]int32, n),
		State:   make([]State, n),
	}
	snaps, index := snapped(sites)
	labels := net.Nearest(snaps, p.Limit, p.Speed)
	for i, s := range d.Snaps {
		r.Time[i], r.Nearest[i], r.State[i] = walknet.Unreached, -1, Unsnapped
		if !s.OK() || p.Mode != OnFoot {
			continue
		}
		r.State[i] = Uncovered
		if t, near := labels.At(s); near >= 0 {
			r.Time[i], r.Nearest[i], r.State[i] = t, index[near], Covered
		}
	}
	return r
}

// snapped returns the snaps of the sites that lie on the network and, for each, its
// index among all sites. The order is kept, so ties between sites are too.
func snapped(sites []Site) ([]walknet.Snap, []int32) {
	snaps := make([]walknet.Snap, 0, len(sites))
	index := make([]int32, 0, len(sites))
	for i, s := range sites {
		if s.Snap.OK() {
			snaps = append(snaps, s.Snap)
			index = append(index, int32(i))
		}
	}
	return snaps, index
}
