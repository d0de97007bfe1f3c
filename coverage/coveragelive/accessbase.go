package coveragelive

import (
	"slices"

	"yike/coverage"
	"yike/coverage/access"
	"yike/coverage/walknet"
	"yike/facilities"
)

// CapacitySource says where the capacity of a facility is from, as it is written in the API.
type CapacitySource string

// The sources.
const (
	Recorded CapacitySource = "recorded" // in the registry
	Stated   CapacitySource = "stated"   // nobody recorded it, and the question says what stands for it
	Planned  CapacitySource = "planned"  // a plan says it
	Nowhere  CapacitySource = "unknown"  // nobody recorded it: the facility is left out
)

// AccessFigures are one state of things: how it is, or how a plan makes it.
type AccessFigures struct {
	Sites     []AccessSite    // per site of the plan, or of the baseline
	All       access.Spread   // of all people of the band, in coverage.People; Lorenz at each twentieth of them
	Divisions []access.Spread // per division of the hierarchy
	Supply    float64         // of all facilities that count
	Reached   float64         // of those that somebody reaches
	Handed    float64         // Σ people × access: Reached, up to rounding
	Demand    float64         // over all facilities that somebody reaches, the people each is shared out among
	Access    []float64       // per population point, places per person; only to be read
	Capacity  CapacityCensus  // of the open facilities
}

// CapacityCensus counts open facilities by where their capacity is from.
type CapacityCensus struct {
	Open, Recorded, Stated, Planned, Unknown int
	Zero                                     int // that count and supply nothing
	Unreached                                int // that count and that nobody reaches
}

// AccessSite is one facility.
type AccessSite struct {
	Open     bool
	Source   CapacitySource
	Capacity float64         // 0 where the source is Nowhere
	Demand   float64         // people it is shared out among, nearer ones weighing more; 0 where nobody reaches it or it is left out
	Ratio    float64         // places per person of those; 0 where Demand is
	Within   coverage.People // people of the band within the limit, whatever they weigh
}

// Counts says whether the facility is part of the supply.
func (s AccessSite) Counts() bool { return s.Open && s.Source != Nowhere }

// accessKey is a question without its plan.
type accessKey struct {
	query   Query
	band    int
	method  AccessMethod
	unknown float64
	under   [MostThresholds]float64 // 0 where no more are asked for
}

func (k accessKey) thresholds() []float64 {
	n := 0
	for n < len(k.under) && k.under[n] > 0 {
		n++
	}
	return k.under[:n]
}

// accessBase is a measure of access and the facilities that it is of. A base that is kept
// never changes; plans change clones.
type accessBase struct {
	key     accessKey
	measure *access.Measure
	people  []int64 // per point, in coverage.People
	in      access.Divisions
	number  []int32 // per site, its number in the measure; -1 of one that is not part of the supply
	sites   []AccessSite
	told    *AccessFigures // without a plan
}

// AccessQuestion asks how much of a supply, such as beds, falls to the people of one band
// within the limit of a baseline: sites are numbers of the baseline's, ascending, each with
// its supply. Times are milliseconds. O(walks × log).
func AccessQuestion(b *coverage.Baseline, sites []int32, supply []float64, band int) access.Question {
	q := access.Question{Unit: int64(coverage.Person), Supply: supply}
	for _, n := range b.Ground.Demand.People[band] {
		q.People = append(q.People, int64(n))
	}
	q.Links.Start = []int{0}
	for _, j := range sites {
		place, time := byPlace(b.Points(j))
		q.Links.Place, q.Links.Time = append(q.Links.Place, place...), append(q.Links.Time, time...)
		q.Links.Start = append(q.Links.Start, len(q.Links.Place))
	}
	return q
}

// byPlace puts walks into the order of their points.
func byPlace(points []int32, times []walknet.Milliseconds) (place, time []int32) {
	// One number holds both, since sorting numbers is several times as fast.
	walks := make([]uint64, len(points))
	for at, p := range points {
		walks[at] = uint64(p)<<32 | uint64(times[at]) //nolint:gosec // neither is below 0
	}
	slices.Sort(walks)
	place, time = make([]int32, len(walks)), make([]int32, len(walks))
	for at, w := range walks {
		place[at], time[at] = int32(w>>32), int32(w) //nolint:gosec // as they were
	}
	return place, time
}

// capacityOf is what the registry says. A capacity of 0 is one that nobody recorded, unless
// the field that it follows says 0.
func capacityOf(f facilities.Facility, info facilities.TypeInfo) (float64, bool) {
	if f.Capacity > 0 {
		return float64(f.Capacity), true
	}
	n, ok := f.Value(info, info.CapacityField).(float64)
	return n, ok
}

// supplyOf settles what a facility supplies, apart from a plan.
func supplyOf(f facilities.Facility, info facilities.TypeInfo, unknown float64) AccessSite {
	if n, ok := capacityOf(f, info); ok {
		return AccessSite{Open: true, Source: Recorded, Capacity: n}
	}
	if unknown > 0 {
		return AccessSite{Open: true, Source: Stated, Capacity: unknown}
	}
	return AccessSite{Open: true, Source: Nowhere}
}

func newAccessBase(b *coverage.Baseline, list []facilities.Facility, info facilities.TypeInfo, key accessKey) (*accessBase, error) {
	base := &accessBase{key: key, in: access.Divisions{Of: b.Ground.Demand.Division}}
	for i := range b.Ground.Hierarchy.Len() {
		base.in.Parent = append(base.in.Parent, b.Ground.Hierarchy.Parent(int32(i))) //nolint:gosec // fewer than 2^31
	}
	var sites []int32
	var supply []float64
	for i, f := range list {
		site, number := supplyOf(f, info, key.unknown), int32(-1)
		served := b.Served[i][key.band]
		if site.Within = served.Only + served.Shared; site.Counts() {
			number = int32(len(sites))                                             //nolint:gosec // fewer than 2^31
			sites, supply = append(sites, int32(i)), append(supply, site.Capacity) //nolint:gosec // fewer than 2^31
		}
		base.sites, base.number = append(base.sites, site), append(base.number, number)
	}
	rule, _ := key.method.rule(b.Params.Limit)
	q := AccessQuestion(b, sites, supply, key.band)
	m, err := access.New(q, rule)
	if err != nil {
		return nil, err
	}
	base.measure, base.people = m.Ready(), q.People
	base.told, err = base.figures()
	return base, err
}

// planned is the base as a plan makes it.
func (base *accessBase) planned(d *coverage.Delta, list []facilities.Facility, info facilities.TypeInfo, stated map[int]float64) (*accessBase, error) {
	out := *base
	out.measure, out.number, out.sites = base.measure.Clone(), slices.Clone(base.number), slices.Clone(base.sites)
	walks := d.Walks
	for i := range d.Sites {
		site := supplyOf(list[i], info, base.key.unknown)
		if n, ok := stated[i]; ok {
			site.Source, site.Capacity = Planned, n
		}
		served := d.ServedBy(int32(i))[base.key.band] //nolint:gosec // fewer than 2^31
		site.Open, site.Within = d.Open[i], served.Only+served.Shared
		if i == len(out.sites) {
			out.sites, out.number = append(out.sites, AccessSite{}), append(out.number, -1)
		}
		var walk *coverage.SiteWalks
		if len(walks) > 0 && int(walks[0].Site) == i {
			walk, walks = &walks[0], walks[1:]
		}
		if err := out.change(d.Baseline, i, site, walk); err != nil {
			return nil, err
		}
	}
	return &out, nil
}

// change brings the measure to what a site is now; walks are nil where they are the baseline's.
func (base *accessBase) change(b *coverage.Baseline, i int, site AccessSite, walks *coverage.SiteWalks) error {
	was, number := base.sites[i], &base.number[i]
	base.sites[i] = site
	if *number >= 0 && (walks != nil || !site.Counts()) {
		base.measure.SetOpen(int(*number), false)
		*number = -1
	}
	switch {
	case !site.Counts():
		return nil
	case *number >= 0:
		if site.Capacity == was.Capacity {
			return nil
		}
		return base.measure.SetSupply(int(*number), site.Capacity)
	}
	if walks == nil {
		points, times := b.Points(int32(i)) //nolint:gosec // fewer than 2^31
		walks = &coverage.SiteWalks{Points: points, Times: times}
	}
	place, time := byPlace(walks.Points, walks.Times)
	n, err := base.measure.Open(place, time, site.Capacity)
	*number = int32(n) //nolint:gosec // fewer than 2^31
	return err
}

// lorenzParts are the parts of the people that a Lorenz curve is told of.
const lorenzParts = 20

// AccessPercentiles are those that are told of each division, in Spread.At.
func AccessPercentiles() []float64 { return []float64{0.1, 0.25, 0.5, 0.75, 0.9} }

// figures tells of the measure as it is.
func (base *accessBase) figures() (*AccessFigures, error) {
	f := &AccessFigures{Sites: slices.Clone(base.sites), Access: base.measure.Access(), Reached: base.measure.Reached()}
	for i, n := range base.people {
		f.Handed += float64(f.Access[i] * (float64(n) / float64(coverage.Person)))
	}
	want := access.Wanted{Percentiles: AccessPercentiles(), Under: base.key.thresholds(), Parts: lorenzParts}
	var err error
	if f.All, f.Divisions, err = access.Spreads(f.Access, base.people, base.in, want); err != nil {
		return nil, err
	}
	for i := range f.Sites {
		site := &f.Sites[i]
		if n := base.number[i]; n >= 0 {
			site.Demand, site.Ratio = base.measure.Demand(int(n)), base.measure.Ratio(int(n))
			f.Supply += site.Capacity
			f.Demand += site.Demand
		}
		f.Capacity.add(*site)
	}
	return f, nil
}

func (c *CapacityCensus) add(s AccessSite) {
	if !s.Open {
		return
	}
	c.Open++
	switch s.Source {
	case Recorded:
		c.Recorded++
	case Stated:
		c.Stated++
	case Planned:
		c.Planned++
	default:
		c.Unknown++
		return
	}
	if s.Capacity == 0 {
		c.Zero++
	}
	if s.Demand == 0 {
		c.Unreached++
	}
}
