package premises

import (
	"slices"

	"yike/geo/divisions"
)

// Line is what the rooms of one division come to.
type Line struct {
	Division   divisions.Division // without its boundary; the zero value for all together
	Rooms      int
	Area       Area
	Unmeasured int           // rooms whose area is unknown
	ByUse      map[Use]Area  // by purpose, whatever the state of the room
	Unassigned Area          // of rooms that are split, what no part has; and of rooms without an approved use all
	Counted    map[Norm]Area // what counts for a norm at present
	ForNorm    map[Norm]int  // rooms some of which is for a norm, whether it counts yet or not
	HandedOver Area          // of rooms handed over
	ByState    map[State]int // rooms
	Misused    int           // rooms
	Idle       int           // rooms that are vacant
	Incomplete int           // rooms of which the ledger lacks a fact
	Overdue    int           // misuses that should have been put right by now
	Households divisions.Households
	// Of the communities in a wider division, those of which the households are known,
	// all of them, and what the known ones have: a rate is of these only.
	KnownCommunities, Communities int
	KnownHouseholds               int
	KnownCounted                  map[Norm]Area
}

// Per100 is the area that counts for a norm per 100 households, in square metres; false
// where no households are known.
func (l Line) Per100(n Norm) (float64, bool) {
	if l.KnownHouseholds == 0 {
		return 0, false
	}
	return l.KnownCounted[n].M2() * 100 / float64(l.KnownHouseholds), true
}

// HandedOverShare is the part of the known area that was handed over; false where no
// area is known.
func (l Line) HandedOverShare() (float64, bool) {
	if l.Area == 0 {
		return 0, false
	}
	return float64(l.HandedOver) / float64(l.Area), true
}

// Summary is the ledger by place.
type Summary struct {
	Total        Line
	Subdistricts []Line // in the order of their codes, also those without a room
	Communities  []Line // in the order of their codes, also those without a room
	// Outside are rooms in no community of the list: of a subdistrict or the district as
	// a whole. They are in the lines of the wider divisions that hold them.
	Outside Line
}

// Summarise adds rooms up by subdistrict and community. Withdrawn rooms are left out.
// overdue says of how many rooms, by id, a rectification is overdue. The list of
// divisions is in the order of levels and codes, as it is stored; households are theirs.
// O(rooms × depth of the tree + divisions).
func Summarise(rooms []Room, list []divisions.Division, households map[string]divisions.Households, overdue map[string]bool) Summary {
	s := &adding{byCode: map[string]divisions.Division{}, lines: map[string]*Line{}, total: newLine(divisions.Division{}), outside: newLine(divisions.Division{})}
	for _, d := range list {
		d.Boundary, d.People = nil, nil
		s.byCode[d.Code] = d
		if d.Level == divisions.Subdistrict || d.Level == divisions.Community {
			l := newLine(d)
			l.Households = households[d.Code]
			s.lines[d.Code] = &l
		}
	}
	for _, r := range rooms {
		if r.State != Withdrawn {
			s.add(r, overdue[r.ID])
		}
	}
	s.known()
	out := Summary{Total: s.total, Outside: s.outside, Subdistricts: []Line{}, Communities: []Line{}}
	for _, d := range list {
		switch d.Level {
		case divisions.Subdistrict:
			out.Subdistricts = append(out.Subdistricts, *s.lines[d.Code])
		case divisions.Community:
			out.Communities = append(out.Communities, *s.lines[d.Code])
		}
	}
	return out
}

type adding struct {
	byCode         map[string]divisions.Division
	lines          map[string]*Line
	total, outside Line
}

func newLine(d divisions.Division) Line {
	return Line{Division: d, ByUse: map[Use]Area{}, Counted: map[Norm]Area{}, ForNorm: map[Norm]int{}, ByState: map[State]int{}, KnownCounted: map[Norm]Area{}}
}

func (s *adding) add(r Room, overdue bool) {
	s.total.add(r, overdue)
	inCommunity := false
	for code, steps := r.DivisionCode, 0; code != "" && steps < len(s.byCode); steps++ {
		if l, ok := s.lines[code]; ok {
			l.add(r, overdue)
			inCommunity = inCommunity || l.Division.Level == divisions.Community
		}
		code = s.byCode[code].ParentCode
	}
	if !inCommunity {
		s.outside.add(r, overdue)
	}
}

func (l *Line) add(r Room, overdue bool) {
	l.Rooms++
	l.Area += r.Area
	l.ByState[r.State]++
	if r.Area == 0 {
		l.Unmeasured++
	}
	purposes := r.Purposes()
	rest := r.Area
	for _, p := range purposes {
		l.ByUse[p.Use] += p.Area
		rest -= p.Area
	}
	l.Unassigned += rest
	for _, n := range []Norm{CommunityNorm, ElderlyNorm} {
		l.Counted[n] += r.Counted(n)
		l.ForNorm[n] += one(slices.ContainsFunc(purposes, func(p Part) bool { return p.CountsFor == n }))
	}
	if r.State == HandedOver {
		l.HandedOver += r.Area
	}
	l.Misused += one(r.Misused())
	l.Idle += one(r.PresentUse == Vacant)
	l.Incomplete += one(len(r.Missing()) > 0)
	l.Overdue += one(overdue)
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// known carries the communities of which the households are known to what holds them.
func (s *adding) known() {
	for _, l := range s.lines {
		if l.Division.Level != divisions.Community {
			continue
		}
		over := []*Line{l, &s.total}
		if up, ok := s.lines[l.Division.ParentCode]; ok {
			over = append(over, up)
		}
		for _, o := range over {
			o.Communities++
			if !l.Households.Known() {
				continue
			}
			o.KnownCommunities++
			o.KnownHouseholds += l.Households.Count
			for _, n := range []Norm{CommunityNorm, ElderlyNorm} {
				o.KnownCounted[n] += l.Counted[n]
			}
		}
	}
}
