// Package coveragelive holds a loaded district in memory: divisions, facilities, the
// pedestrian network and the demand snapped onto it, read-only and behind an atomic
// pointer, and answers coverage questions from them. It owns the joining of these
// parts and the caching of answers; the rules are coverage's, the SQL the stores'.
package coveragelive

import (
	"errors"
	"slices"
	"sync/atomic"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/pack/packdb"
)

// What a question may be wrong about.
var (
	ErrUnknownType = errors.New("unknown facility type")
	ErrUnknownBase = errors.New("the data have no such population base")
)

// State is one district as it was loaded. It never changes; a new load makes a new
// one, and so does a change of facilities or types, which shares all the rest with the one
// before.
// It is safe for concurrent use.
type State struct {
	Pack       packdb.Record
	Divisions  []divisions.Division
	Hierarchy  *coverage.Hierarchy // of Divisions
	Facilities []facilities.Facility
	Types      []facilities.TypeInfo // the whole catalogue
	Groups     []facilities.Group    // its headings
	Network    *walknet.Network
	Report     walknet.Report // how the network was built, its islands and dangles
	Bands      []coverage.Band
	Bases      []divisions.Base                    // that have people, resident first
	Demand     map[divisions.Base]*coverage.Demand // snapped, with divisions
	Bounds     orb.Bound                           // of all divisions, else of the network
	SnapLimitM float64
	Version    string // changes whenever anything of the above does

	// GroundVersion changes whenever anything but the facilities does.
	GroundVersion string

	mark          string         // of the facilities as they were read
	typesMark     string         // of their types
	facilitySnaps []walknet.Snap // parallel to Facilities
	points        map[divisions.Base]map[string]int32
	estates       []coverage.Landmark // named homes
	landmarks     *landmarks          // these and the facilities
	homes         *homeIndex          // of the first base; shared by states on the same ground
	answers       *cache[Query, *lazy[*Answer]]
	profiled      *cache[Query, *lazy[*Answer]] // those whose people are put onto streets of their own
	keepsHours    bool                          // some gate is open at some hours only
	grounds       *grounds                      // shared by states on the same ground
	baselines     *cache[Query, *lazy[*trial]]
	accesses      *cache[accessKey, *lazy[*accessBase]]
	workers       int
	slots         slots // for what is worked out now
	sitings       slots // for questions about places, which take long
}

// answersKept bounds the memory of answers: about 10 bytes a point each, and their
// drawings.
const answersKept = 32

// profiledKept bounds it for other walkers than anybody: 40 bytes a point more.
const profiledKept = 8

// Holder publishes the state to whoever serves: nil until the first is loaded.
type Holder struct{ state atomic.Pointer[State] }

// State returns the state published last, or nil.
func (h *Holder) State() *State { return h.state.Load() }

// Publish makes s what everyone sees from now on.
func (h *Holder) Publish(s *State) { h.state.Store(s) }

// TypeInfo finds a type in the catalogue.
func (s *State) TypeInfo(t facilities.Type) (facilities.TypeInfo, bool) {
	i := slices.IndexFunc(s.Types, func(info facilities.TypeInfo) bool { return info.Type == t })
	if i < 0 {
		return facilities.TypeInfo{}, false
	}
	return s.Types[i], true
}

// PresentTypes lists the types that have at least one facility, in the order of the
// catalogue.
func (s *State) PresentTypes() []facilities.Type {
	have := map[facilities.Type]bool{}
	for _, f := range s.Facilities {
		have[f.Type] = true
	}
	var out []facilities.Type
	for _, info := range s.Types {
		if have[info.Type] {
			out = append(out, info.Type)
		}
	}
	return out
}

// Point finds a population point by its record id, in any base, the first base first.
func (s *State) Point(id string) (divisions.Base, int32, bool) {
	for _, base := range s.Bases {
		if i, ok := s.points[base][id]; ok {
			return base, i, true
		}
	}
	return "", -1, false
}

// IslandPeople counts the people of a base, per band, whose path lies on a part of
// the network that is not connected with the largest one, and the people too far
// from any path. Both show where data are in the way, not distance.
func (s *State) IslandPeople(base divisions.Base) (island, unsnapped []coverage.People) {
	island, unsnapped = make([]coverage.People, len(s.Bands)), make([]coverage.People, len(s.Bands))
	d := s.Demand[base]
	if d == nil {
		return island, unsnapped
	}
	for i, snap := range d.Snaps {
		into := unsnapped
		if snap.OK() {
			if s.Network.Component(snap.Edge) == 0 {
				continue
			}
			into = island
		}
		for b := range s.Bands {
			into[b] += d.People[b][i]
		}
	}
	return island, unsnapped
}
