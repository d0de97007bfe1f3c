package coverage

import (
	"slices"

	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// Mode is what it means for a type of site to reach people.
type Mode uint8

// The modes.
const (
	// OnFoot is a walk within Params.Limit at Params.Speed.
	OnFoot Mode = iota
	// ByDivision is that the division of Params.Level which people live in has a site, or
	// is named as served by one, itself or with a wider division. It is for types that
	// nobody walks to, such as rescue stations and columbaria: there is no time in the
	// answer, because none is known. People in no division of that level are Unsnapped:
	// nothing is known of them.
	ByDivision
)

// presence finds the points of divisions of one level.
type presence struct {
	hierarchy *Hierarchy
	level     divisions.Level
	holder    []int32   // per division, the one of the level that it is or lies in; -1 for none
	points    [][]int32 // per division of the level, ascending
}

func (g *Ground) presence(level divisions.Level) *presence {
	p := &presence{hierarchy: g.Hierarchy, level: level, holder: g.Hierarchy.Holders(level), points: make([][]int32, g.Hierarchy.Len())}
	for i, at := range g.Demand.Division {
		if at >= 0 && p.holder[at] >= 0 {
			p.points[p.holder[at]] = append(p.points[p.holder[at]], int32(i))
		}
	}
	return p
}

// of lists the points that a site reaches, division by division.
func (p *presence) of(s Site) []int32 {
	var out []int32
	for unit, points := range p.points {
		if len(points) > 0 && p.reaches(s, int32(unit)) {
			out = append(out, points...)
		}
	}
	return out
}

func (p *presence) reaches(s Site, unit int32) bool {
	if s.Division >= 0 && p.holder[s.Division] == unit {
		return true
	}
	return slices.ContainsFunc(s.Serves, func(served int32) bool { return served >= 0 && p.hierarchy.under(unit, served) })
}

// knows says whether a point lies in a division of the level.
func (p *presence) knows(division int32) bool { return division >= 0 && p.holder[division] >= 0 }

// lists are the points of every site, without times.
func (p *presence) lists(sites []Site) *walknet.Lists {
	rows := make([][]int32, len(sites))
	for i, s := range sites {
		rows[i] = p.of(s)
	}
	return walknet.ListsOf(rows)
}

// sameReach says whether two sites reach the same by division.
func sameReach(a, b Site) bool { return a.Division == b.Division && slices.Equal(a.Serves, b.Serves) }
