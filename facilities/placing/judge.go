package placing

import (
	"fmt"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/internal/address"
)

// judge holds every candidate to the rest of what the address says: the division, the
// road beside an estate, words such as 对面, and the other candidates.
func (s *search) judge() {
	along, _ := s.roadOf(s.a.Road)
	for i := range s.found {
		c := &s.found[i]
		if c.Placed {
			s.judgeDivision(c)
			s.judgeRoad(c, along)
			s.judgeRelation(c)
			s.agreeing(c)
			c.Division = s.g.locator.Code(c.Point)
			if c.Show.IsZero() {
				c.Show = padded(orb.Bound{Min: c.Point, Max: c.Point}, 150)
			}
		}
		if s.c.foreign != "" {
			c.Confidence = min(c.Confidence, 30)
		}
		c.Confidence = min(max(c.Confidence, 1), mostFit)
	}
}

func (s *search) judgeDivision(c *Candidate) {
	zh, en := s.g.divisionName(s.c.at)
	switch holds := s.g.holds(s.c, c.Point); {
	case holds > 0 && !s.c.weak:
		c.Confidence += 5
		c.say("在所写的"+zh+"内", "in "+en+" as written")
	case holds < 0 && s.c.weak:
		c.lower(15, "不在名称所说的"+zh+"内", "not in "+en+", which the name says")
	case holds < 0:
		c.lower(40, "不在所写的"+zh+"内", "not in "+en+", which is written")
	}
	if s.c.against[0] >= 0 {
		c.lower(25, "", "")
	}
}

// judgeRoad looks whether a building or an estate is by the road that the address names.
func (s *search) judgeRoad(c *Candidate, r *road) {
	if r == nil || len(r.pieces) == 0 || c.Kind == Door || c.Kind == Between || c.Kind == Crossing {
		return
	}
	switch away, _ := r.distanceTo(c.Point); {
	case away <= 200:
		c.Confidence += 3
		c.say("在"+r.name+"旁", "by "+r.name)
	case away > 800:
		c.lower(25, fmt.Sprintf("但离%s约 %.0f 米", r.name, away), fmt.Sprintf("yet some %.0f m from %s", away, r.name))
	}
}

// judgeRelation takes off what 旁, 对面 and the like leave open.
func (s *search) judgeRelation(c *Candidate) {
	if c.Kind == Crossing && s.a.Relation == address.Crossing {
		return
	}
	switch s.a.Relation {
	case address.Gate:
		c.lower(5, "在其门口", "at its gate")
	case address.Beside:
		c.lower(12, "在其旁边", "beside it")
	case address.Crossing:
		c.lower(12, "在路口", "at the crossing")
	case address.Opposite:
		c.lower(15, "在其对面", "opposite it")
	case address.Side:
		c.lower(15, "在其一侧", "to one side of it")
	case address.Near:
		c.lower(30, "在其附近", "near it")
	case address.At, address.Inside:
	}
}

// agreeing raises what another kind of evidence puts at the same place.
func (s *search) agreeing(c *Candidate) {
	for _, o := range s.found {
		if o.Placed && o.Kind != c.Kind && o.ID != c.ID && o.Kind != Between && c.Kind != Between && geo.Distance(o.Point, c.Point) <= sameM {
			c.Confidence += 4
			c.say("与"+o.Name+"相符", "which agrees with "+o.Name)
			return
		}
	}
}

// division adds the division itself where nothing finer is known: no position.
func (s *search) division() {
	if s.c.at < 0 || s.c.foreign != "" {
		return
	}
	for _, c := range s.found {
		if c.Confidence >= 10 {
			return
		}
	}
	d := s.g.list[s.c.at]
	zh, en := s.g.divisionName(s.c.at)
	s.add(Candidate{
		Kind: Division, ID: d.ID, Name: d.NameZH, Division: d.Code, Show: d.Boundary.Bound(), Confidence: 10,
		ZH: "只写明在" + zh, EN: "only " + en + " is named",
	})
}
