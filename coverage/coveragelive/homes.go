package coveragelive

import (
	"slices"
	"sync"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo"
	"yike/geo/divisions"
)

// HomesQuery says what of homes is asked.
type HomesQuery struct {
	Band    int           // index into the state's bands: whose homes
	WithinM float64       // a walk of so many metres, inclusive
	LimitS  int           // and one of so many seconds, inclusive
	Speed   walknet.Speed // of those seconds
}

// Homes is how the homes in the communities that a facility serves lie to it.
type Homes struct {
	Communities []string        // codes: those that it serves, else the one that it is in; none where that is not known
	Base        divisions.Base  // of the people
	Everybody   coverage.People // who live there, of the widest band
	People      coverage.People // of the band asked for
	WithinM     coverage.People // of them within the walk
	WithinLimit coverage.People // and within the time
	OffNetwork  coverage.People // of them with no path to it, who belong to neither side
	FarthestM   float64         // the longest walk from the home of any of them that has a path
	FarthestS   float64         // the same in seconds, at the speed
	Reached     bool            // whether there is such a home
}

// homeIndex finds the population points of a community. It is filled when first asked.
type homeIndex struct {
	once   sync.Once
	points map[int32][]int32
}

// of gives the points in a community, by its index among the divisions.
func (h *homeIndex) of(s *State, d *coverage.Demand, community int32) []int32 {
	h.once.Do(func() {
		h.points = map[int32][]int32{}
		for i, at := range d.Division {
			if at = s.Hierarchy.At(at, divisions.Community); at >= 0 {
				h.points[at] = append(h.points[at], int32(i)) //nolint:gosec // fewer than 2^31 points
			}
		}
	})
	return h.points[community]
}

// farthestWalkM bounds the search for the farthest home. A path that is longer is taken
// for none: nobody walks two hours to a meal.
const farthestWalkM = 8_000

// Homes measures the walks to a facility from the homes in the communities that it
// serves, over the first base that the data have. It is two searches of the network as
// far as the homes lie.
func (s *State) Homes(f facilities.Facility, q HomesQuery) Homes {
	out := Homes{}
	served := s.served(f)
	for _, at := range served {
		out.Communities = append(out.Communities, s.Divisions[at].Code)
	}
	if len(s.Bases) == 0 || len(served) == 0 {
		return out
	}
	out.Base = s.Bases[0]
	d := s.Demand[out.Base]
	var points []int32
	for _, at := range served {
		points = append(points, s.homes.of(s, d, at)...)
	}
	for _, i := range points {
		out.Everybody += d.People[coverage.Widest(d.Bands)][i]
		out.People += d.People[q.Band][i]
	}
	if !f.Unplaced {
		s.walks(&out, f, q, points)
	}
	return out
}

// served are the communities of a facility, as indices.
func (s *State) served(f facilities.Facility) []int32 {
	var out []int32
	for _, code := range f.Serves {
		if at := s.Hierarchy.Find(code); at >= 0 && !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	if at := s.Hierarchy.At(s.Hierarchy.Find(f.DivisionCode), divisions.Community); len(out) == 0 && at >= 0 {
		out = append(out, at)
	}
	return out
}

func (s *State) walks(out *Homes, f facilities.Facility, q HomesQuery, points []int32) {
	d := s.Demand[out.Base]
	site := s.Network.Snap(f.Point, s.SnapLimitM)
	// Paths are longer than the crow's flight, yet seldom by three times.
	reach := 500.0
	for _, i := range points {
		reach = max(reach, 3*geo.Distance(f.Point, d.Points[i]))
	}
	reach = min(reach, farthestWalkM)
	const metre = walknet.Speed(1000) // at a metre a second a millisecond is a millimetre
	byLength := s.Network.Reach(site, walknet.Milliseconds(reach*1000), metre)
	byTime := s.Network.Reach(site, walknet.Milliseconds(reach*1000*1000/float64(max(q.Speed, 1))), q.Speed)
	for _, i := range points {
		people := d.People[q.Band][i]
		if people == 0 {
			continue
		}
		mm, ms := byLength.At(d.Snaps[i]), byTime.At(d.Snaps[i])
		if mm == walknet.Unreached || ms == walknet.Unreached {
			out.OffNetwork += people
			continue
		}
		out.Reached = true
		out.FarthestM, out.FarthestS = max(out.FarthestM, float64(mm)/1000), max(out.FarthestS, float64(ms)/1000)
		if float64(mm) <= q.WithinM*1000 {
			out.WithinM += people
		}
		if int64(ms) <= int64(q.LimitS)*1000 {
			out.WithinLimit += people
		}
	}
}

// NearestM is the walk from a facility to the nearest of other places, in metres; false
// where none is within 8 km on foot.
func (s *State) NearestM(f facilities.Facility, others []facilities.Facility) (float64, bool) {
	if f.Unplaced || len(others) == 0 {
		return 0, false
	}
	const metre = walknet.Speed(1000)
	reach := s.Network.Reach(s.Network.Snap(f.Point, s.SnapLimitM), farthestWalkM*1000, metre)
	best, found := 0.0, false
	for _, o := range others {
		if o.Unplaced {
			continue
		}
		if mm := reach.At(s.Network.Snap(o.Point, s.SnapLimitM)); mm != walknet.Unreached && (!found || float64(mm)/1000 < best) {
			best, found = float64(mm)/1000, true
		}
	}
	return best, found
}
