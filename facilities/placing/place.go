package placing

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/internal/address"
)

const (
	clear   = 10  // how much better than any other place the best must be
	sameM   = 150 // two candidates so near each other are of one place
	mostFit = 97
)

// search is one query that is being answered.
type search struct {
	g       *Gazetteer
	q       Query
	a, name address.Address
	c       context
	found   []Candidate
}

// Place looks for an address. O(1) look-ups, and for crossings the product of the two
// roads' vertices.
func (g *Gazetteer) Place(q Query) Result {
	s := &search{g: g, q: q, a: address.Parse(q.Text), name: address.Parse(q.Name)}
	s.c = g.contextOf(q, s.a, s.name)
	s.estates()
	s.doors()
	s.spots()
	s.crossings()
	if len(s.found) == 0 {
		s.anyName()
	}
	s.local()
	s.byFacilityName()
	s.wholeRoads()
	s.judge()
	s.division()
	return s.result()
}

// add enters a candidate. What lowers its confidence is said behind what was matched.
func (s *search) add(c Candidate) { s.found = append(s.found, c) }

// lower takes confidence off a candidate and says why.
func (c *Candidate) lower(by int, zh, en string) {
	c.Confidence -= by
	c.say(zh, en)
}

func (c *Candidate) say(zh, en string) {
	if zh != "" {
		c.ZH += "；" + zh
		c.EN += "; " + en
	}
}

// spotted says how a name was found where it was not as it is written.
func (c *Candidate) spotted(h how, written, found string) {
	switch h {
	case byEnd:
		c.lower(15, fmt.Sprintf("地址写的是“%s”，按“%s”理解", written, found), fmt.Sprintf("the address says %s, taken for %s", written, found))
	case bySound:
		c.lower(15, fmt.Sprintf("地址写的是“%s”，同音，按“%s”理解", written, found), fmt.Sprintf("the address says %s, which sounds like %s", written, found))
	case exactly:
	}
}

// estates looks for the estate that the address names, and the building in it.
func (s *search) estates() {
	names := []string{}
	if s.a.Estate != "" {
		names = append(names, s.a.Estate+s.a.Phase, s.a.Estate)
	}
	if s.a.Building != "" || s.a.Relation == address.Inside {
		names = append(names, s.a.Places...)
		names = append(names, bareDivision(s.a.Community))
	}
	for _, name := range names {
		if s.estate(name, 0) {
			return
		}
	}
}

// estate gives the candidates in estates of a name; false where there is none.
func (s *search) estate(name string, less int) bool {
	key := nameKey(name)
	list, h := s.g.estates.find(key, bareEstate(key), s.g.sounds)
	list = once(list)
	number := firstOf(s.a.Building, s.villageNumber())
	for _, x := range list {
		c, ok := s.inEstate(x, number)
		if !ok {
			continue
		}
		c.Confidence -= less
		c.spotted(h, name, x.name)
		if len(list) > 1 {
			c.lower(s.ambiguity(c.Point), fmt.Sprintf("辖区内有 %d 处叫%s", len(list), x.name), fmt.Sprintf("%d places are called %s", len(list), x.name))
		}
		s.add(c)
	}
	return len(s.found) > 0
}

// villageNumber is a house number that no road has: 永莲里8号.
func (s *search) villageNumber() string {
	if s.a.Road == "" && s.a.Number.From > 0 {
		return fmt.Sprint(s.a.Number.From)
	}
	return ""
}

// inEstate finds a building of an estate by its number, or, without a number, some
// building in the middle of it.
func (s *search) inEstate(x *estate, number string) (Candidate, bool) {
	var same []spot
	for _, b := range x.buildings {
		if b.id == s.q.Except && b.kind == Facility {
			continue
		}
		if number != "" && b.number == number {
			same = append(same, b)
		}
	}
	if len(same) > 0 {
		b := same[0]
		c := Candidate{
			Kind: Building, ID: b.id, Name: b.name, Point: b.point, Placed: true, Confidence: 90,
			ZH: fmt.Sprintf("%s %s 号楼", x.name, number), EN: fmt.Sprintf("building %s of %s", number, x.name),
		}
		if b.kind == Facility {
			c.lower(8, "该楼的位置来自已登记的"+b.name, "its place is that of "+b.name+", which is registered there")
		}
		return c, true
	}
	middle := x.middle(s.q.Except)
	if middle == nil {
		return Candidate{}, false
	}
	half := geo.Distance(x.bound.Min, x.bound.Max) / 2
	c := Candidate{Kind: Estate, ID: middle.id, Name: x.name, Point: middle.point, Placed: true, Confidence: 35, Show: padded(x.bound, 60)}
	switch {
	case half <= 30 && len(x.buildings) == 1 && middle.number == "":
		c.Kind, c.Confidence = Building, 88
		c.ZH, c.EN = x.name, x.name
		return c, true
	case half <= 80:
		c.Confidence = 55
	case half <= 200:
		c.Confidence = 45
	}
	c.ZH, c.EN = fmt.Sprintf("%s，未写明哪栋楼，暂取小区中部的一栋", x.name), fmt.Sprintf("%s; the building is not named, so one in the middle of it is shown", x.name)
	if number != "" {
		c.ZH, c.EN = fmt.Sprintf("%s；地图上没有 %s 号楼，暂取小区中部的一栋", x.name, number), fmt.Sprintf("%s; the map has no building %s there, so one in the middle of it is shown", x.name, number)
	}
	return c, true
}

// middle is the building nearest to the middle of an estate: a real building, not a
// computed point. nil where the record itself is all there is.
func (x *estate) middle(except string) *spot {
	var best *spot
	for i := range x.buildings {
		b := &x.buildings[i]
		if b.kind == Facility && b.id == except {
			continue
		}
		if best == nil || geo.Distance(b.point, x.bound.Center()) < geo.Distance(best.point, x.bound.Center()) {
			best = b
		}
	}
	return best
}

// spots looks for named buildings, facilities and places that the address names.
func (s *search) spots() {
	names := slices.Clone(s.a.Places)
	if s.a.Estate != "" {
		names = append(names, s.a.Estate)
	}
	for _, name := range names {
		s.spot(name, 0)
	}
}

func (s *search) spot(name string, less int) {
	key := nameKey(name)
	list, h := s.g.spots.find(key, "", s.g.sounds)
	list = slices.DeleteFunc(once(list), func(x *spot) bool { return x.id == s.q.Except && x.kind == Facility })
	for _, x := range list {
		c := Candidate{Kind: x.kind, ID: x.id, Name: x.name, Point: x.point, Placed: true, Confidence: 85 - less, ZH: x.name, EN: x.name}
		if x.kind == Facility {
			c.Confidence = 82 - less
			c.say("已登记的设施", "a facility of the registry")
		}
		c.spotted(h, name, x.name)
		if len(list) > 1 {
			c.lower(s.ambiguity(x.point), fmt.Sprintf("辖区内有 %d 处叫%s", len(list), x.name), fmt.Sprintf("%d places are called %s", len(list), x.name))
		}
		s.add(c)
	}
}

// ambiguity is what a name that several places have costs one of them: little where it is
// the one in the division that is named.
func (s *search) ambiguity(p orb.Point) int {
	if s.g.holds(s.c, p) > 0 && !s.c.weak {
		return 3
	}
	return 30
}

// anyName looks for names of the gazetteer inside a text that names nothing by itself.
func (s *search) anyName() {
	r := []rune(nameKey(s.q.Text))
	const longestName, shortestName = 12, 3
	for n := min(longestName, len(r)); n >= shortestName; n-- {
		for i := 0; i+n <= len(r) && len(s.found) == 0; i++ {
			word := string(r[i : i+n])
			if len(s.g.spots.exact[word]) > 0 {
				s.spot(word, 10)
			} else if len(s.g.estates.exact[word]) > 0 {
				s.estate(word, 10)
			}
		}
	}
}

// byFacilityName takes the name of the facility itself for a hint: 嘉枫苑老人家食堂 is in 嘉枫苑.
func (s *search) byFacilityName() {
	if len(s.found) > 0 || s.q.Name == "" {
		return
	}
	r := []rune(nameKey(s.q.Name))
	const shortestName = 3
	for n := len(r); n >= shortestName && len(s.found) == 0; n-- {
		if word := string(r[:n]); len(s.g.estates.exact[word]) > 0 {
			s.estate(word, 10)
		}
	}
	for i := range s.found {
		s.found[i].say("只据设施名称推断", "inferred from the facility's name only")
	}
}

// once takes out what is there twice.
func once[T comparable](list []T) []T {
	var out []T
	for _, v := range list {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// result orders what was found, and keeps what was asked for.
func (s *search) result() Result {
	r := Result{Candidates: s.found}
	slices.SortStableFunc(r.Candidates, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	r.Candidates = merged(r.Candidates)
	limit := s.q.Limit
	if limit <= 0 {
		limit = 5
	}
	if len(r.Candidates) > limit {
		r.Candidates = slices.Clip(r.Candidates[:limit])
	}
	if s.c.at >= 0 && s.c.against[0] < 0 && (!s.c.weak || len(r.Candidates) > 0) {
		r.Division = s.g.list[s.c.at].Code
	}
	r.ZH, r.EN = s.sentence(r)
	return r
}

// merged leaves out a candidate that stands where a better one does and is of the same
// kind.
func merged(list []Candidate) []Candidate {
	var out []Candidate
	for _, c := range list {
		again := slices.ContainsFunc(out, func(o Candidate) bool {
			return o.Kind == c.Kind && o.Placed == c.Placed && o.Name == c.Name && (!c.Placed || geo.Distance(o.Point, c.Point) < 1)
		})
		if !again {
			out = append(out, c)
		}
	}
	return out
}

// sentence says what came of it.
func (s *search) sentence(r Result) (zh, en string) {
	best, sure := r.Best()
	switch {
	case sure:
		zh, en = fmt.Sprintf("已定位（把握 %d）：%s", best.Confidence, best.ZH), fmt.Sprintf("placed (confidence %d): %s", best.Confidence, best.EN)
	case len(r.Candidates) > 0 && r.Candidates[0].Placed:
		zh, en = fmt.Sprintf("有 %d 个可能的位置，请在地图上确认", len(r.Candidates)), fmt.Sprintf("%d possible places; confirm one on the map", len(r.Candidates))
	case len(r.Candidates) > 0 && r.Candidates[0].Kind == Road:
		zh, en = "只知道在哪条路上，请在地图上点选", "only the road is known; click the place on the map"
	case len(r.Candidates) > 0:
		zh, en = "只知道在哪个辖区，请在地图上点选", "only the division is known; click the place on the map"
	default:
		zh, en = "地址里没有认得的地名，请在地图上点选", "the address names nothing that is known; click the place on the map"
	}
	if noteZH, noteEN := s.g.say(s.c); noteZH != "" {
		zh, en = zh+"；"+noteZH, en+"; "+noteEN
	}
	return zh, en
}
