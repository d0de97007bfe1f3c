package coverage

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo/divisions"
)

// MostOptions is how many plans Compare takes at once.
const MostOptions = 16

// What plans may be wrong about that are to be compared.
var (
	ErrOtherBaseline  = errors.New("the plans do not start from the same baseline")
	ErrTooManyOptions = errors.New("too many plans to compare")
)

// Option is one of several plans for the same question.
type Option struct {
	Name  string
	Delta *Delta
	After Summary // Delta's Summary
	Cost  Cost
}

// Cost is what a plan costs in fen, hundredths of a yuan. Where nobody said what it
// costs, Known is false and the rest is zero; a plan that costs nothing has Known set.
type Cost struct {
	Known           bool
	OneOff, PerYear int64
}

// Net is the people of a band who are covered with the plan less those who are today.
func (o Option) Net(band int) People { return o.Delta.Total[band].Count.Covered }

// CostPerPerson is an amount in fen over people, in fen a person, rounded half up. There
// is none (false) where nobody is gained or the amount is below zero.
func CostPerPerson(fen int64, people People) (int64, bool) {
	if people <= 0 || fen < 0 || fen > math.MaxInt64/int64(Person)-int64(people) {
		return 0, false
	}
	return (fen*int64(Person) + int64(people)/2) / int64(people), true
}

// Comparison sets plans for one question side by side. All figures are exact integers
// and follow from the deltas alone.
type Comparison struct {
	Baseline *Baseline
	Options  []Option
	Level    divisions.Level
	// Divisions are those of the level in which people or communities stand otherwise in
	// any option, ascending by index.
	Divisions []DivisionRow
	// Rest is per option and band what changes for people in no division of the level:
	// with the rows it adds up to the option's Total.
	Rest  [][]Change
	Sites []SiteRow // first the baseline's by number, then those that options add, by option
	// Gained and Lost split the people whom any option gains or loses by how many options
	// do. Of an option's own people the sums are its Total's.
	Gained, Lost Shares
}

// DivisionRow is one division in every option, in it and below.
type DivisionRow struct {
	Division int32 // index into the hierarchy
	Options  []DivisionIn
}

// DivisionIn is a division in one option. Bands is never nil.
type DivisionIn struct {
	Bands []Change // per band; zero where nothing changes
	Only  []People // per band: gained by this option and by no other
	Units Units    // communities, with the plan
}

// SiteRow is one site in every option.
type SiteRow struct {
	ID       string
	Point    orb.Point // today, or where the options put it that add it
	Baseline int32     // its number in the baseline; -1 for one that only options have
	Options  []SiteIn
}

// SiteIn is a site in one option.
type SiteIn struct {
	Site  int32        // its number in the option's Delta; -1 where the option does not have it
	Bands []ServedBand // per band; nil where nothing changes for it
}

// Shares are people who stand otherwise in at least one option.
type Shares struct {
	Any []People // per band: in at least one option
	All []People // per band: in every option
	// By is per number of options and band: By[k] are those for whom it is so in exactly k+1.
	By   [][]People
	Only [][]People // per option and band: in this option and no other
	// OnlyPoints are per option the points of Only, ascending.
	OnlyPoints [][]int32
}

// Compare sets plans side by side, by divisions of one level. All deltas must be of this
// very baseline, else the error is ErrOtherBaseline; ErrTooManyOptions is the other.
// O(points changed × log + divisions × options).
func Compare(b *Baseline, options []Option, level divisions.Level) (*Comparison, error) {
	if len(options) > MostOptions {
		return nil, fmt.Errorf("%w: %d, at most %d", ErrTooManyOptions, len(options), MostOptions)
	}
	for _, o := range options {
		if o.Delta == nil || o.Delta.Baseline != b {
			return nil, fmt.Errorf("%w: %q", ErrOtherBaseline, o.Name)
		}
	}
	c := &Comparison{Baseline: b, Options: options, Level: level}
	c.Gained = c.shares(func(p PointChange) bool { return p.After.State == Covered && p.Before.State != Covered })
	c.Lost = c.shares(func(p PointChange) bool { return p.Before.State == Covered && p.After.State != Covered })
	c.Divisions = c.divisionRows()
	c.Rest = c.rest()
	c.Sites = c.siteRows()
	return c, nil
}

// bands is how many there are.
func (c *Comparison) bands() int { return len(c.Baseline.Summary.Total) }

// pointIn is a point for which something is so in an option.
type pointIn struct {
	point  int32
	option int
}

// shares splits the points for which something is so by the options in which it is.
func (c *Comparison) shares(so func(PointChange) bool) Shares {
	n, bands := len(c.Options), c.bands()
	s := Shares{
		Any: make([]People, bands), All: make([]People, bands),
		By: rowsOf[People](n, bands), Only: rowsOf[People](n, bands), OnlyPoints: make([][]int32, n),
	}
	var all []pointIn
	for i, o := range c.Options {
		for _, p := range o.Delta.Points {
			if so(p) {
				all = append(all, pointIn{p.Point, i})
			}
		}
	}
	slices.SortFunc(all, func(a, b pointIn) int { return cmp.Compare(a.point, b.point) })
	people := c.Baseline.Ground.Demand.People
	for len(all) > 0 {
		point, k := all[0].point, 1
		for k < len(all) && all[k].point == point {
			k++
		}
		for band := range bands {
			who := people[band][point]
			s.Any[band] += who
			s.By[k-1][band] += who
			if k == 1 {
				s.Only[all[0].option][band] += who
			}
		}
		if k == 1 {
			s.OnlyPoints[all[0].option] = append(s.OnlyPoints[all[0].option], point)
		}
		all = all[k:]
	}
	if n > 0 {
		copy(s.All, s.By[n-1])
	}
	return s
}

func (c *Comparison) divisionRows() []DivisionRow {
	h := c.Baseline.Ground.Hierarchy
	changes := make([]map[int32][]Change, len(c.Options))
	only := make([]map[int32][]People, len(c.Options))
	for i, o := range c.Options {
		changes[i] = map[int32][]Change{}
		for _, d := range o.Delta.Divisions {
			changes[i][d.Division] = d.Bands
		}
		only[i] = c.onlyIn(c.Gained.OnlyPoints[i])
	}
	var rows []DivisionRow
	for at := range int32(h.Len()) { //nolint:gosec // fewer than 2^31
		if h.Level(at) != c.Level || !c.differs(at, changes) {
			continue
		}
		row := DivisionRow{Division: at, Options: make([]DivisionIn, len(c.Options))}
		for i, o := range c.Options {
			in := DivisionIn{Bands: changes[i][at], Only: only[i][at], Units: o.After.Units[at]}
			if in.Bands == nil {
				in.Bands = make([]Change, c.bands())
			}
			if in.Only == nil {
				in.Only = make([]People, c.bands())
			}
			row.Options[i] = in
		}
		rows = append(rows, row)
	}
	return rows
}

// differs says whether any option changes something in a division.
func (c *Comparison) differs(at int32, changes []map[int32][]Change) bool {
	for i, o := range c.Options {
		if changes[i][at] != nil || o.After.Units[at] != c.Baseline.Summary.Units[at] {
			return true
		}
	}
	return false
}

// onlyIn adds points up by the division of the level that holds them.
func (c *Comparison) onlyIn(points []int32) map[int32][]People {
	g := c.Baseline.Ground
	out := map[int32][]People{}
	for _, p := range points {
		at := g.Hierarchy.At(g.Demand.Division[p], c.Level)
		if at < 0 {
			continue
		}
		if out[at] == nil {
			out[at] = make([]People, c.bands())
		}
		for k := range out[at] {
			out[at][k] += g.Demand.People[k][p]
		}
	}
	return out
}

func (c *Comparison) rest() [][]Change {
	out := make([][]Change, len(c.Options))
	for i, o := range c.Options {
		out[i] = slices.Clone(o.Delta.Total)
		for _, row := range c.Divisions {
			for k := range out[i] {
				out[i][k].merge(row.Options[i].Bands[k].negative())
			}
		}
	}
	return out
}

// negative is the change the other way round.
func (c Change) negative() Change {
	return Change{
		Gained: -c.Gained, Lost: -c.Lost, Nearer: -c.Nearer, Farther: -c.Farther,
		Count: Count{
			Population: -c.Count.Population, Covered: -c.Count.Covered,
			Uncovered: -c.Count.Uncovered, Unsnapped: -c.Count.Unsnapped,
		},
		Overlap: Overlap{One: -c.Overlap.One, Several: -c.Overlap.Several},
	}
}

// addedSite says which sites of different options are one: those of one id and place.
type addedSite struct {
	id    string
	point orb.Point
}

// siteRows lists the sites for which something is otherwise in any option. A site that an
// option adds is the same in another one where its id and its place are.
func (c *Comparison) siteRows() []SiteRow {
	n := int32(len(c.Baseline.Sites)) //nolint:gosec // fewer than 2^31
	known, added := map[int32]int{}, map[addedSite]int{}
	var rows []SiteRow
	for i, o := range c.Options {
		for site, bands := range o.touched() {
			s := o.Delta.Sites[site]
			at, have := known[site]
			if site >= n {
				at, have = added[addedSite{s.ID, s.Point}]
			}
			if !have {
				at = len(rows)
				rows = append(rows, c.siteRow(site, s))
				if site < n {
					known[site] = at
				} else {
					added[addedSite{s.ID, s.Point}] = at
				}
			}
			rows[at].Options[i] = SiteIn{site, bands}
		}
	}
	slices.SortStableFunc(rows, func(a, b SiteRow) int {
		// Of those that no baseline has, the number is -1, which as unsigned is the last.
		return cmp.Compare(uint32(a.Baseline), uint32(b.Baseline)) //nolint:gosec // that is meant
	})
	return rows
}

// siteRow is a row in which no option does anything yet.
func (c *Comparison) siteRow(site int32, s Site) SiteRow {
	row := SiteRow{ID: s.ID, Point: s.Point, Baseline: -1, Options: make([]SiteIn, len(c.Options))}
	if int(site) < len(c.Baseline.Sites) {
		row.Baseline, row.Point = site, c.Baseline.Sites[site].Point
	}
	for i := range row.Options {
		row.Options[i].Site = row.Baseline
	}
	return row
}

// touched yields the sites that the plan adds, moves or closes, and those for which
// something changes, ascending. What a plan adds and closes again is nothing.
func (o Option) touched() func(func(int32, []ServedBand) bool) {
	return func(yield func(int32, []ServedBand) bool) {
		was, served := o.Delta.Baseline.Sites, o.Delta.Served
		for i, s := range o.Delta.Sites {
			site := int32(i) //nolint:gosec // fewer than 2^31
			var bands []ServedBand
			if len(served) > 0 && served[0].Site == site {
				bands, served = served[0].Bands, served[1:]
			}
			planned := i >= len(was) && o.Delta.Open[i] || i < len(was) && (!o.Delta.Open[i] || s.Point != was[i].Point)
			if (planned || bands != nil) && !yield(site, bands) {
				return
			}
		}
	}
}

// Dominated gives for each option the first other one that makes it pointless, or -1: that
// gains no fewer people of the band, loses no more and costs no more, once and each year,
// is better in one of these, and is itself made pointless by none. An option whose cost
// nobody knows neither makes another pointless nor is made so, unless the cost of none is
// known: then people alone decide.
func (c *Comparison) Dominated(band int) []int {
	priced := slices.ContainsFunc(c.Options, func(o Option) bool { return o.Cost.Known })
	beats := func(a, b Option) bool {
		if priced && (!a.Cost.Known || !b.Cost.Known) {
			return false
		}
		x, y := a.Delta.Total[band], b.Delta.Total[band]
		noWorse := x.Gained >= y.Gained && x.Lost <= y.Lost && a.Cost.OneOff <= b.Cost.OneOff && a.Cost.PerYear <= b.Cost.PerYear
		return noWorse && (x.Gained != y.Gained || x.Lost != y.Lost || a.Cost != b.Cost)
	}
	beaten := func(b Option) bool { return slices.ContainsFunc(c.Options, func(a Option) bool { return beats(a, b) }) }
	out := make([]int, len(c.Options))
	for i, o := range c.Options {
		out[i] = slices.IndexFunc(c.Options, func(a Option) bool { return beats(a, o) && !beaten(a) })
	}
	return out
}
