// Package demogen owns the synthetic district: it invents a plausible piece of a
// Chinese city with its people, divisions and facilities and writes it as a data
// pack. Nothing in it is taken from a real place.
//
// The same options give the same bytes on every machine. The package must not know
// how a pack is loaded or stored.
package demogen

import (
	"context"
	"errors"
	"fmt"
)

// The number of people a district may have.
const (
	LeastPeople = 1
	MostPeople  = 20_000_000
)

// ErrPeople is a number of people that no district can have.
var ErrPeople = errors.New("人数须在 1 至 20000000 之间 / the number of people must be between 1 and 20,000,000")

// Options says which district to make.
type Options struct {
	People int    // residents, exactly
	Seed   uint64 // any number; another seed is another district
}

// Summary counts what was written.
type Summary struct {
	People, Households        int
	Subdistricts, Communities int
	Buildings, Facilities     int
	Nodes, Ways               int
	Gates, LockedGates        int
}

// district is everything that is written.
type district struct {
	opts         Options
	ground       ground
	layout       *layout
	net          *net
	blocks       []block
	buildings    []building
	subdistricts []division
	communities  []division
	facilities   []facility
	gates        int
	locked       int
}

// Generate makes the district of the options and writes it into dir as a data
// pack. dir must be absent, empty, or hold an earlier result of Generate. Time and
// memory grow linearly with the number of people.
func Generate(ctx context.Context, o Options, dir string) (Summary, error) {
	if o.People < LeastPeople || o.People > MostPeople {
		return Summary{}, fmt.Errorf("%w: %d", ErrPeople, o.People)
	}
	if err := prepare(dir); err != nil {
		return Summary{}, err
	}
	d, err := newDistrict(ctx, o)
	if err != nil {
		return Summary{}, err
	}
	if err := d.write(ctx, dir); err != nil {
		return Summary{}, err
	}
	return d.summary(), nil
}

// newDistrict invents the district, stage by stage.
func newDistrict(ctx context.Context, o Options) (*district, error) {
	on := func(stage string) dice { return newDice(o.Seed, stage) }
	d := &district{opts: o, ground: newGround(on("ground"))}
	names := newNamer(on("names"))
	l := newLayout(o.People, on("layout"))
	d.layout, d.net = l, newNet(d.ground)
	d.blocks = l.layBlocks(on("blocks"))
	l.assignUses(o.People, d.blocks, on("uses"))
	l.cutLanes(d.blocks, on("lanes"))
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("lay out the district: %w", err)
	}
	b := &builder{l: l, net: d.net, blocks: d.blocks, d: on("buildings")}
	b.build()
	b.addFarms()
	b.addIslands()
	d.gates, d.locked = b.gates, b.locked
	settle(b.buildings, o.People, on("people"))
	for _, h := range b.buildings {
		d.blocks[h.block].people.add(h.people)
	}
	d.subdistricts, d.communities = l.divide(d.blocks, o.People, names)
	l.nameRoads(names)
	b.nameEstates(names)
	d.facilities = placeFacilities(b, d.subdistricts, d.communities, o.People, on("facilities"))
	d.facilities = repeat(d.facilities, max(1, len(d.facilities)/60), on("repeats"))
	record(d.facilities, on("records"))
	d.buildings = b.buildings
	d.countHouseholds()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("settle the district: %w", err)
	}
	l.layStreets(d.net)
	l.layStripLines(d.net)
	for i := range d.subdistricts {
		l.drawBoundary(d.net, d.blocks, &d.subdistricts[i])
	}
	for i := range d.communities {
		l.drawBoundary(d.net, d.blocks, &d.communities[i])
	}
	if err := d.checkBoundaries(); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *district) countHouseholds() {
	parent := map[string]int{}
	for s, sub := range d.subdistricts {
		parent[sub.code] = s
	}
	for _, h := range d.buildings {
		c := &d.communities[d.blocks[h.block].member]
		c.households += h.households
		d.subdistricts[parent[c.parent]].households += h.households
	}
}

func (d *district) summary() Summary {
	s := Summary{
		Subdistricts: len(d.subdistricts), Communities: len(d.communities),
		Buildings: len(d.buildings), Facilities: len(d.facilities),
		Nodes: len(d.net.nodes), Ways: len(d.net.ways), Gates: d.gates, LockedGates: d.locked,
	}
	for _, h := range d.buildings {
		s.People += h.people.resident[0]
		s.Households += h.households
	}
	return s
}
