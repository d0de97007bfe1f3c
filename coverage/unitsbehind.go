package coverage

import (
	"slices"

	"yike/geo/divisions"
)

// Unit is a community and the sites that it has by the notion of unit coverage.
type Unit struct {
	Division int32
	In       []int32 // that stand in it or in a grid of it, ascending
	Serving  []int32 // of all others, those that name it as served, ascending
}

// Has says whether unit coverage counts the community.
func (u Unit) Has() bool { return len(u.In)+len(u.Serving) > 0 }

// UnitsBehind lists the communities at or below a division, or all for Everywhere: those
// that Units counts, in the order of the hierarchy. There are none in NoDivision.
// O(sites + divisions × depth).
func UnitsBehind(h *Hierarchy, sites []Site, division int32) []Unit {
	in, serving := map[int32][]int32{}, map[int32][]int32{}
	for i, s := range sites {
		home := h.At(s.Division, divisions.Community)
		if home >= 0 {
			in[home] = append(in[home], int32(i))
		}
		for _, at := range s.Serves {
			if at >= 0 && at != home && h.level[at] == divisions.Community && !slices.Contains(serving[at], int32(i)) {
				serving[at] = append(serving[at], int32(i))
			}
		}
	}
	var out []Unit
	for i, level := range h.level {
		at := int32(i)
		if level == divisions.Community && (division == Everywhere || (division >= 0 && h.under(at, division))) {
			out = append(out, Unit{at, in[at], serving[at]})
		}
	}
	return out
}
