package placing

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/internal/address"
)

// roadOf finds the road that the address is on. 西营门街 may have been read as short for a
// subdistrict.
func (s *search) roadOf(name string) (*road, how) {
	for _, n := range []string{name, s.townRoad(name)} {
		key := nameKey(n)
		list, h := s.g.roads.find(key, bareRoad(key), s.g.sounds)
		if list = once(list); len(list) == 1 {
			return list[0], h
		}
	}
	return nil, exactly
}

// townRoad is the name that was read as a subdistrict's, when there is no road.
func (s *search) townRoad(name string) string {
	if name == "" {
		return s.a.Town
	}
	return ""
}

// doors looks for the house number: itself, or those on both sides of it.
func (s *search) doors() {
	if s.a.Number.From == 0 || s.a.Road == "" && s.a.Town == "" || s.a.Lane != "" {
		return
	}
	r, h := s.roadOf(s.a.Road)
	if r == nil {
		return
	}
	n := s.a.Number
	var below, above *door
	for i := range r.doors {
		d := &r.doors[i]
		if d.id == s.q.Except && d.kind == Facility {
			continue
		}
		switch {
		case d.number.From == n.From && d.number.Mark == n.Mark:
			s.add(s.atDoor(r, d, h))
		case (d.number.From-n.From)%2 != 0: // the other side of the road
		case d.number.From < n.From:
			below = d
		case above == nil:
			above = d
		}
	}
	if len(s.found) == 0 && below != nil && above != nil {
		s.between(r, below, above, h)
	}
}

// atDoor is the candidate of a house number that is known.
func (s *search) atDoor(r *road, d *door, h how) Candidate {
	n := s.a.Number
	c := Candidate{
		Kind: Door, ID: d.id, Name: r.name + n.String() + "号", Point: d.point, Placed: true, Confidence: 92,
		ZH: fmt.Sprintf("%s %s 号", r.name, d.number), EN: fmt.Sprintf("%s No. %s", r.name, d.number),
	}
	if d.kind == Facility {
		c.Confidence = 86
		c.say("同一门牌的"+d.name+"已登记在此", d.name+" is registered at the same number")
		if d.unsure {
			c.lower(12, "而它的位置也是按地址推定的", "whose own place was found from its address")
		}
	}
	if n.Sub != d.number.Sub {
		c.lower(7, "附号不同", "the sub-number is another")
	}
	c.spotted(h, s.a.Road, r.name)
	if away, _ := r.distanceTo(d.point); len(r.pieces) > 0 && away > 300 {
		c.lower(25, fmt.Sprintf("但该点离%s约 %.0f 米", r.name, away), fmt.Sprintf("yet that place is some %.0f m from %s", away, r.name))
	}
	return c
}

// between places a number between two known ones of the same side, on the road.
func (s *search) between(r *road, below, above *door, h how) {
	apart := geo.Distance(below.point, above.point)
	share := float64(s.a.Number.From-below.number.From) / float64(above.number.From-below.number.From)
	p := orb.Point{
		below.point[0] + share*(above.point[0]-below.point[0]),
		below.point[1] + share*(above.point[1]-below.point[1]),
	}
	if away, on := r.distanceTo(p); away < 200 {
		p = on
	}
	c := Candidate{
		Kind: Between, Name: r.name + s.a.Number.String() + "号", Point: p, Placed: true, Confidence: 40,
		Show: padded(orb.MultiPoint{below.point, above.point}.Bound(), 60),
		ZH:   fmt.Sprintf("%s，按 %s 号与 %s 号之间推算（两者相距约 %.0f 米）", r.name, below.number, above.number, apart),
		EN:   fmt.Sprintf("%s, worked out between No. %s and No. %s, which are some %.0f m apart", r.name, below.number, above.number, apart),
	}
	doors := float64(above.number.From-below.number.From) / 2
	switch {
	case apart <= 60 && apart >= leastFront*doors:
		c.Confidence = 78 // whichever of the doors between it is, it is within some paces
	case apart <= 100:
		c.Confidence = 70
	case apart <= 250:
		c.Confidence = 60
	case apart > 1500:
		return
	}
	if apart < leastFront*doors {
		c.say("两处门牌隔得太近，其中之一可能有误", "the two are too near each other for their numbers, so one of them may be wrong")
	}
	if below.unsure || above.unsure {
		c.lower(12, "其中一处的位置也是按地址推定的", "the place of one of them was itself found from its address")
	}
	c.spotted(h, s.a.Road, r.name)
	s.add(c)
}

// leastFront is how wide in metres a house is at least along its road: numbers that stand
// closer are not in order, or one of them is wrong.
const leastFront = 4

// crossings looks for where the two roads meet that the address names.
func (s *search) crossings() {
	other := firstOf(s.a.Cross, s.crossingLane())
	if s.a.Road == "" || other == "" {
		return
	}
	a, ha := s.roadOf(s.a.Road)
	b, hb := s.roadOf(other)
	if a == nil || b == nil || a == b {
		return
	}
	places := meetings(a, b)
	for _, p := range places {
		c := Candidate{
			Kind: Crossing, Name: a.name + "与" + b.name + "交口", Point: p, Placed: true, Confidence: 70,
			ZH: a.name + "与" + b.name + "交口", EN: "where " + a.name + " meets " + b.name,
		}
		c.spotted(ha, s.a.Road, a.name)
		c.spotted(hb, other, b.name)
		if len(places) > 1 {
			c.lower(s.ambiguity(p), fmt.Sprintf("两路有 %d 处相交", len(places)), fmt.Sprintf("the roads meet %d times", len(places)))
		}
		s.add(c)
	}
}

// crossingLane is the road that another leaves, where the address says that they cross.
func (s *search) crossingLane() string {
	if s.a.Relation == address.Crossing && s.a.Number.IsZero() {
		return s.a.Main
	}
	return ""
}

// wholeRoads gives the roads themselves, which are no position.
func (s *search) wholeRoads() {
	for i, name := range []string{s.a.Road, s.a.Main} {
		if name == "" && i > 0 || name == "" && s.a.Town == "" {
			continue
		}
		r, h := s.roadOf(name)
		if r == nil || len(r.pieces) == 0 {
			continue
		}
		show := s.partIn(r)
		m := r.length()
		c := Candidate{Kind: Road, Name: r.name, Show: padded(show, 60), Confidence: 15}
		switch {
		case m <= 300:
			c.Confidence = 35
		case m <= 1000:
			c.Confidence = 25
		}
		c.ZH, c.EN = fmt.Sprintf("%s，全长约 %.0f 米，没有可用的门牌", r.name, math.Round(m/10)*10), fmt.Sprintf("%s, some %.0f m long; no house number helps", r.name, math.Round(m/10)*10)
		c.spotted(h, name, r.name)
		s.add(c)
		return
	}
}

// partIn is the part of a road to show: that in the division that is named.
func (s *search) partIn(r *road) orb.Bound {
	if s.c.at < 0 {
		return r.bound
	}
	box := s.g.list[s.c.at].Boundary.Bound()
	var part orb.Bound
	some := false
	for _, line := range r.pieces {
		for _, p := range line {
			if !box.Contains(p) {
				continue
			}
			if !some {
				part, some = orb.Bound{Min: p, Max: p}, true
			}
			part = part.Extend(p)
		}
	}
	if !some {
		return r.bound
	}
	return part
}
