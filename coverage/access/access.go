// Package access owns how much of a supply people can get at: beds, meals and seats shared
// out among those who can reach them, in the family of the floating catchment areas, and
// how evenly that falls.
//
// Coverage asks whether a site is near; access asks whether there is room in it for all who
// are near. In a first step each site's supply is divided by the people around it, nearer
// ones weighing more; in a second step each place adds up the shares of the sites around it:
//
//	R_j = S_j / Σ_i P_i G_ij W_ij        A_i = Σ_j R_j G_ij W_ij
//
// W falls with the time from place i to site j (Decay), and G is 1 in two steps and the
// share of site j among all that place i may choose in three (Rule). Whatever W and G
// are, Σ_i P_i A_i is the supply of all sites that anybody reaches: nothing is counted twice.
//
// The package is pure. It knows neither maps nor walking nor what is supplied. The same
// question gives the same answer, byte for byte, whether it was asked at once or site by site.
package access

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrShape says that the lists of a question do not fit together; it is wrapped with what
// was found where.
var ErrShape = errors.New("access: lists do not fit together")

// Rule says how people weigh sites.
type Rule struct {
	// Weight is W: two steps (Luo and Wang 2003) need no more.
	Weight Decay
	// Choice adds a third step: people split over the sites they may choose by it, G being
	// its share, so that demand is not overstated where there are many sites (Wan, Zou and
	// Sternberg 2012, who take the same decay for both). If it goes on where Weight is 0,
	// people also choose sites that do not count for them, as in PySAL. Nil leaves it out.
	Choice Decay
}

// Links lists which places each of m sites serves, all lists in one array: site j serves
// Place[Start[j]:Start[j+1]], ascending and without repeats.
type Links struct {
	Start []int   // m+1, ascending from 0 to len(Place)
	Place []int32 // indices of places
	Time  []int32 // parallel to Place, at least 0, in the unit of the decay's limits; from the place to the site
}

// Sites is m, the number of lists.
func (l Links) Sites() int { return max(len(l.Start)-1, 0) }

// Question is who lives where and what is supplied where.
type Question struct {
	People []int64   // per place, at least 0, in units of which Unit are a person
	Unit   int64     // 0 stands for 1
	Supply []float64 // per site, at least 0 and finite: beds, meals a day, seats
	Links  Links
}

func (q *Question) unit() float64 { return float64(max(q.Unit, 1)) }

func (q *Question) check() error {
	if q.Links.Sites() != len(q.Supply) || len(q.Links.Time) != len(q.Links.Place) || q.Unit < 0 {
		return fmt.Errorf("%w: %d lists, %d supplies, %d places listed with %d times, unit %d",
			ErrShape, q.Links.Sites(), len(q.Supply), len(q.Links.Place), len(q.Links.Time), q.Unit)
	}
	for i, p := range q.People {
		if p < 0 {
			return fmt.Errorf("%w: place %d has %d people", ErrShape, i, p)
		}
	}
	if len(q.Links.Start) == 0 {
		if len(q.Links.Place) > 0 {
			return fmt.Errorf("%w: places without lists", ErrShape)
		}
		return nil
	}
	if q.Links.Start[0] != 0 || q.Links.Start[len(q.Supply)] != len(q.Links.Place) {
		return fmt.Errorf("%w: lists do not begin and end with their array", ErrShape)
	}
	for j, supply := range q.Supply {
		from, to := q.Links.Start[j], q.Links.Start[j+1]
		if from > to || to > len(q.Links.Place) {
			return fmt.Errorf("%w: the list of site %d goes from %d to %d", ErrShape, j, from, to)
		}
		if err := checkSite(q.Links.Place[from:to], q.Links.Time[from:to], supply, len(q.People)); err != nil {
			return fmt.Errorf("site %d: %w", j, err)
		}
	}
	return nil
}

func checkSite(place, time []int32, supply float64, places int) error {
	if len(place) != len(time) || !(supply >= 0) || math.IsInf(supply, 1) {
		return fmt.Errorf("%w: a supply of %v for %d places with %d times", ErrShape, supply, len(place), len(time))
	}
	last := int32(-1)
	for at, i := range place {
		if i <= last || int(i) >= places || time[at] < 0 {
			return fmt.Errorf("%w: place %d of %d at the time %d comes after %d", ErrShape, i, places, time[at], last)
		}
		last = i
	}
	return nil
}

// Measure is the access of each place, kept up to date as sites open, close and change.
// It is for one goroutine at a time.
type Measure struct {
	people []float64 // per place, persons
	rule   Rule
	sites  []site
	at     [][]link  // per place, its links by site; made when first needed
	total  []float64 // per place, the sum of Choice over its open sites; nil in two steps
	access []float64
	mark   []bool // scratch, per place
	seen   []bool // scratch, per site
}

type site struct {
	supply float64
	open   bool
	place  []int32
	weight []float64 // W, parallel to place
	choice []float64 // parallel to place; nil in two steps
	demand float64   // Σ P G W
	ratio  float64   // R
}

type link struct {
	site, at int32 // a site and a place in its list
}

// New measures access. O(len(Place)) evaluations of the decay.
func New(q Question, rule Rule) (*Measure, error) {
	if err := q.check(); err != nil {
		return nil, fmt.Errorf("measure access: %w", err)
	}
	m := &Measure{
		people: make([]float64, len(q.People)), rule: rule,
		sites: make([]site, len(q.Supply)), access: make([]float64, len(q.People)),
		mark: make([]bool, len(q.People)), seen: make([]bool, len(q.Supply)),
	}
	for i, p := range q.People {
		m.people[i] = float64(p) / q.unit()
	}
	weight, choice := rule.over(q.Links.Time)
	if choice != nil {
		m.total = make([]float64, len(m.people))
		for at, i := range q.Links.Place {
			m.total[i] += choice[at]
		}
	}
	for j := range m.sites {
		from, to := q.Links.Start[j], q.Links.Start[j+1]
		m.sites[j] = site{supply: q.Supply[j], open: true, place: q.Links.Place[from:to], weight: weight[from:to]}
		if choice != nil {
			m.sites[j].choice = choice[from:to]
		}
	}
	for j := range m.sites {
		m.divide(&m.sites[j])
		for at, i := range m.sites[j].place {
			m.access[i] += m.part(&m.sites[j], at)
		}
	}
	return m, nil
}

// over weighs times; the second list is nil in two steps.
func (r Rule) over(times []int32) (weight, choice []float64) {
	weight = make([]float64, len(times))
	for at, t := range times {
		weight[at] = r.Weight(t)
	}
	if r.Choice == nil {
		return weight, nil
	}
	choice = make([]float64, len(times))
	for at, t := range times {
		choice[at] = r.Choice(t)
	}
	return weight, choice
}

// pull is G × W of a place in a site's list.
func (m *Measure) pull(s *site, at int) float64 {
	switch {
	case s.choice == nil:
		return s.weight[at]
	case s.choice[at] == 0:
		return 0
	}
	return float64(s.weight[at]*s.choice[at]) / m.total[s.place[at]]
}

// part is what a site gives to a place in its list. Conversions keep the machine from
// fusing products with sums, so that all machines agree.
func (m *Measure) part(s *site, at int) float64 {
	return float64(s.ratio * m.pull(s, at))
}

// divide finds a site's ratio: 0 where nobody reaches it.
func (m *Measure) divide(s *site) {
	demand := 0.0
	for at, i := range s.place {
		demand += float64(m.people[i] * m.pull(s, at))
	}
	s.demand, s.ratio = 0, 0
	if demand > 0 && s.open {
		s.demand, s.ratio = demand, s.supply/demand
	}
}

// Access is, per place, the supply that falls to each person there. The slice is the
// measure's own: it changes with it and is only to be read.
func (m *Measure) Access() []float64 { return m.access }

// Ratio is a site's supply per person around it; 0 when it is closed or nobody reaches it.
func (m *Measure) Ratio(site int) float64 { return m.sites[site].ratio }

// Demand is how many people a site is shared out among, nearer ones weighing more: the
// supply over it is the ratio. It is 0 when the site is closed or nobody reaches it.
func (m *Measure) Demand(site int) float64 { return m.sites[site].demand }

// Reached is the supply of all open sites that somebody reaches: what Access times people
// adds up to.
func (m *Measure) Reached() float64 {
	sum := 0.0
	for _, s := range m.sites {
		if s.demand > 0 {
			sum += s.supply
		}
	}
	return sum
}

// Clone is an independent copy, for a scenario beside a baseline. The lists are shared,
// since they never change. O(places + sites + what changed so far). Any number of clones
// may be made at once of a measure that was made Ready.
func (m *Measure) Clone() *Measure {
	c := *m
	c.sites, c.access, c.total = slices.Clone(m.sites), slices.Clone(m.access), slices.Clone(m.total)
	c.mark, c.seen = slices.Clone(m.mark), slices.Clone(m.seen)
	c.at = slices.Clone(m.at)
	for i := range c.at {
		c.at[i] = slices.Clip(c.at[i])
	}
	return &c
}
