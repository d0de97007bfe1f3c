package coverage

import "yike/geo/divisions"

// Count is the people of one band, split by what became of them. Population is the
// sum of the other three, exactly.
type Count struct {
	Population, Covered, Uncovered, Unsnapped People
}

// add puts n people in state s into the count.
func (c *Count) add(n People, s State) {
	c.Population += n
	switch s {
	case Covered:
		c.Covered += n
	case Uncovered:
		c.Uncovered += n
	default:
		c.Unsnapped += n
	}
}

func (c *Count) merge(o Count) {
	c.Population += o.Population
	c.Covered += o.Covered
	c.Uncovered += o.Uncovered
	c.Unsnapped += o.Unsnapped
}

// PopulationCoverage is the share of people within the limit, 0 to 1: covered over
// population. The unsnapped stay in the base, so the share is never flattered by
// people whose walk is unknown. It is not defined (false) where nobody lives.
func (c Count) PopulationCoverage() (float64, bool) {
	if c.Population == 0 {
		return 0, false
	}
	return float64(c.Covered) / float64(c.Population), true
}

// Units counts communities: all of them, and those that have a site or are assigned
// to one. Total is 0 where no communities are known below a division.
type Units struct{ Total, With int }

// UnitCoverage is the share of communities that have a site, 0 to 1; not defined
// (false) where there are none.
func (u Units) UnitCoverage() (float64, bool) {
	if u.Total == 0 {
		return 0, false
	}
	return float64(u.With) / float64(u.Total), true
}

// Summary is a result added up by division and by band.
type Summary struct {
	Total     []Count   // per band, over all points
	Divisions [][]Count // per division of the hierarchy, per band; people below count in every ancestor
	Outside   []Count   // per band, the people in no division at all
	Points    int       // all points
	Unsnapped int       // points off the network
	Beyond    int       // points in no division at all
	Rest      []Rest    // per level that exists, from the widest: what its rows do not hold
	Units     []Units   // per division of the hierarchy
	AllUnits  Units     // over all communities
}

// Rest is the people who live in no division of one level, though the level exists:
// its rows and the rest add up to the total.
type Rest struct {
	Level  divisions.Level
	Counts []Count
}

// Summarise adds a result up. Sums are integers, so the order of points is of no
// matter. O(points × bands + divisions × depth).
func Summarise(d *Demand, r *Result, h *Hierarchy, sites []Site) Summary {
	bands := len(d.Bands)
	s := Summary{
		Total:     make([]Count, bands),
		Outside:   make([]Count, bands),
		Divisions: make([][]Count, h.Len()),
		Points:    len(d.Points),
	}
	for i := range s.Divisions {
		s.Divisions[i] = make([]Count, bands)
	}
	own := make([][]Count, h.Len())
	for i := range own {
		own[i] = make([]Count, bands)
	}
	for i, at := range d.Division {
		row := s.Outside
		if at >= 0 {
			row = own[at]
		} else {
			s.Beyond++
		}
		if r.State[i] == Unsnapped {
			s.Unsnapped++
		}
		for b := range bands {
			row[b].add(d.People[b][i], r.State[i])
		}
	}
	s.rollUp(own, h)
	s.Rest = rests(s.Total, s.Divisions, h)
	s.Units, s.AllUnits = unitsOf(h, sites)
	return s
}

// rollUp adds the people found directly in each division to it and to all its
// ancestors, and everybody to the total.
func (s *Summary) rollUp(own [][]Count, h *Hierarchy) {
	merge := func(into, from []Count) {
		for b := range from {
			into[b].merge(from[b])
		}
	}
	for i, counts := range own {
		merge(s.Total, counts)
		for at := int32(i); at >= 0; at = h.Parent(at) {
			merge(s.Divisions[at], counts)
		}
	}
	merge(s.Total, s.Outside)
}

func rests(total []Count, rows [][]Count, h *Hierarchy) []Rest {
	var out []Rest
	for _, level := range h.Levels() {
		rest := Rest{Level: level, Counts: append([]Count(nil), total...)}
		for i, row := range rows {
			if h.Level(int32(i)) != level {
				continue
			}
			for b := range row {
				rest.Counts[b].Population -= row[b].Population
				rest.Counts[b].Covered -= row[b].Covered
				rest.Counts[b].Uncovered -= row[b].Uncovered
				rest.Counts[b].Unsnapped -= row[b].Unsnapped
			}
		}
		out = append(out, rest)
	}
	return out
}
