package coveragelive

import (
	"context"
	"fmt"
	"runtime"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/pack/packdb"
)

// Stores are where a district is read from.
type Stores struct {
	Packs      *packdb.Store
	Divisions  *divisiondb.Store
	Coverage   *coveragedb.Store
	Facilities *facilitydb.Store

	// Types gives the facility types of an authority, and a word that changes whenever they
	// do; nil for those that come with the program.
	Types func(ctx context.Context, adcode string) (facilities.Types, string, error)

	// Workers is how many work at a load and at an answer at once, on which nothing depends
	// but the time it takes; 0 is as many as there are processors.
	Workers int

	// Snapshot runs read with stores that all see one moment of the database, so that
	// a load that commits meanwhile is seen whole or not at all.
	Snapshot func(ctx context.Context, read func(at Stores) error) error
}

// Progress is told what is being done: a stage's code word, and how many of its
// steps are done. It may be called from several goroutines, one at a time.
type Progress func(stage string, done, total int)

// The stages of a load, in order.
const (
	StageRead    = "read"    // from the database
	StageNetwork = "network" // building the pedestrian network
	StageSnap    = "snap"    // putting people and facilities onto it
)

// Load reads a district whole, builds its network and puts people and facilities onto
// it. An empty adcode means the district opened last. progress may be nil.
func Load(ctx context.Context, from Stores, adcode string, progress Progress) (*State, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	s := &State{workers: from.Workers, homes: &homeIndex{}, grounds: newGrounds()}
	if s.workers <= 0 {
		s.workers = runtime.GOMAXPROCS(0)
	}
	s.slots = make(slots, s.workers)
	s.sitings = make(slots, sitingsAtOnce)
	s.forget()
	r := reading{progress: progress}
	err := from.Snapshot(ctx, func(at Stores) error { return s.read(ctx, at, adcode, &r) })
	if err != nil {
		return nil, err
	}
	if err := s.build(r); err != nil {
		return nil, err
	}
	s.keepsHours = s.Network.KeepsHours()
	s.Hierarchy = coverage.NewHierarchy(s.Divisions)
	if err := s.place(r.codes); err != nil {
		return nil, err
	}
	if err := s.snap(ctx, progress); err != nil {
		return nil, err
	}
	s.Bounds = s.bounds()
	s.GroundVersion = s.groundVersion()
	s.Version = s.version()
	return s, nil
}

// reading is what a read leaves for the steps after it.
type reading struct {
	progress Progress
	codes    map[divisions.Base][]string // of the population points' divisions
	ways     []walknet.Way
	barriers []walknet.Barrier
}

// read fills the state from the stores.
func (s *State) read(ctx context.Context, from Stores, adcode string, r *reading) error {
	const steps = 4
	var err error
	if s.Pack, err = from.Packs.Opened(ctx, adcode); err != nil {
		return fmt.Errorf("read the data pack: %w", err)
	}
	adcode = s.Pack.AdCode
	s.SnapLimitM = s.Pack.Manifest.SnapLimit()
	r.progress(StageRead, 0, steps)
	if s.Divisions, err = from.Divisions.List(ctx, adcode); err != nil {
		return fmt.Errorf("read divisions: %w", err)
	}
	r.progress(StageRead, 1, steps)
	if err := s.readFacilities(ctx, from); err != nil {
		return err
	}
	r.progress(StageRead, 2, steps)
	if r.codes, err = s.readDemand(ctx, from.Coverage); err != nil {
		return err
	}
	r.progress(StageRead, 3, steps)
	if r.ways, r.barriers, err = from.Coverage.Ways(ctx, adcode); err != nil {
		return fmt.Errorf("read roads: %w", err)
	}
	if s.estates, err = from.Coverage.Estates(ctx, adcode); err != nil {
		return err
	}
	r.progress(StageRead, steps, steps)
	return nil
}

func (s *State) build(r reading) error {
	r.progress(StageNetwork, 0, 1)
	opts := walknet.BuildOptions{JoinM: s.Pack.Manifest.Layers.Roads.Join()}
	var err error
	if s.Network, s.Report, err = walknet.Build(r.ways, r.barriers, opts); err != nil {
		return fmt.Errorf("build the pedestrian network: %w", err)
	}
	r.progress(StageNetwork, 1, 1)
	return nil
}

func (s *State) readDemand(ctx context.Context, from *coveragedb.Store) (map[divisions.Base][]string, error) {
	for _, b := range s.Pack.Manifest.Bands {
		band := coverage.Band{ID: b.ID, FromAge: b.From, ToAge: -1, Widest: b.Widest}
		if b.To != nil {
			band.ToAge = *b.To
		}
		s.Bands = append(s.Bands, band)
	}
	var err error
	if s.Bases, err = from.Bases(ctx, s.Pack.AdCode); err != nil {
		return nil, fmt.Errorf("read population bases: %w", err)
	}
	s.Demand = map[divisions.Base]*coverage.Demand{}
	s.points = map[divisions.Base]map[string]int32{}
	codes := map[divisions.Base][]string{}
	for _, base := range s.Bases {
		d, at, err := from.Demand(ctx, s.Pack.AdCode, base, s.Bands)
		if err != nil {
			return nil, fmt.Errorf("read %s population: %w", base, err)
		}
		s.Demand[base], codes[base] = d, at
		index := make(map[string]int32, len(d.IDs))
		for i, id := range d.IDs {
			index[id] = int32(i)
		}
		s.points[base] = index
	}
	return codes, nil
}

// place turns division codes into indices.
func (s *State) place(codes map[divisions.Base][]string) error {
	for base, d := range s.Demand {
		d.Division = make([]int32, len(d.Points))
		for i, code := range codes[base] {
			d.Division[i] = s.Hierarchy.Find(code)
			if code != "" && d.Division[i] < 0 {
				return fmt.Errorf("population point %s: division %q is not loaded", d.IDs[i], code)
			}
		}
	}
	return nil
}

// snap puts people and facilities onto the network, in parallel; each point's snap
// depends on it alone.
func (s *State) snap(ctx context.Context, progress Progress) error {
	type job struct {
		points []orb.Point
		into   []walknet.Snap
	}
	where := make([]orb.Point, len(s.Facilities))
	for i, f := range s.Facilities {
		where[i] = f.Point
	}
	s.facilitySnaps = make([]walknet.Snap, len(where))
	jobs := []job{{where, s.facilitySnaps}}
	for _, base := range s.Bases {
		d := s.Demand[base]
		d.Snaps = make([]walknet.Snap, len(d.Points))
		jobs = append(jobs, job{d.Points, d.Snaps})
	}
	total, done := 0, 0
	for _, j := range jobs {
		total += len(j.points)
	}
	const block = 1024
	for _, j := range jobs {
		for start := 0; start < len(j.points); start += block * s.workers {
			end := min(start+block*s.workers, len(j.points))
			err := each(ctx, end-start, s.workers, func(i int) {
				j.into[start+i] = s.Network.Snap(j.points[start+i], s.SnapLimitM)
			})
			if err != nil {
				return err
			}
			progress(StageSnap, done+end, total)
		}
		done += len(j.points)
	}
	return nil
}

func (s *State) bounds() orb.Bound {
	if len(s.Divisions) == 0 {
		return s.Network.Bound()
	}
	b := s.Divisions[0].Boundary.Bound()
	for _, d := range s.Divisions[1:] {
		b = b.Union(d.Boundary.Bound())
	}
	return b
}
