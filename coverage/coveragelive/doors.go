package coveragelive

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/facilities"
)

// ElderPace is the pace in mm/s at which walks from doors are told.
const ElderPace = walknet.Speed(900)

// DoorWalk is the nearest facility of a kind as an older person walks to it from a door; the
// zero value where there is none within the limit.
type DoorWalk struct {
	Facility string // id
	Time     walknet.Milliseconds
}

// DoorWalks knows from everywhere in the district which facilities are nearest on foot for an
// older person. It is read-only and safe for concurrent use.
type DoorWalks struct {
	Version string // changes whenever the ways or the facilities that are asked for do

	network *walknet.Network
	limitM  float64
	asks    []doorAsk
}

type doorAsk struct {
	labels *walknet.Labels
	ids    []string
}

// DoorWalks searches the ways to the nearest open facility of each list of types, walking at
// ElderPace as walknet.Elder does, within the limit inclusive: one search for a list, O(k log k)
// in the junctions reached. It returns the error of ctx.
func (s *State) DoorWalks(ctx context.Context, asks [][]facilities.Type, limit walknet.Milliseconds) (*DoorWalks, error) {
	network, err := s.Network.For(walknet.Elder())
	if err != nil && !errors.Is(err, walknet.ErrProfiled) {
		return nil, fmt.Errorf("walk as an older person: %w", err)
	}
	if network == nil {
		network = s.Network
	}
	out := &DoorWalks{Version: s.DoorWalksVersion(asks, limit), network: network, limitM: s.SnapLimitM}
	for _, types := range asks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var ask doorAsk
		var sites []walknet.Snap
		for _, f := range s.atDoors(types) {
			ask.ids = append(ask.ids, f.ID)
			sites = append(sites, network.Snap(f.Point, s.SnapLimitM))
		}
		ask.labels = network.Nearest(sites, limit, ElderPace)
		out.asks = append(out.asks, ask)
	}
	return out, nil
}

// DoorWalksVersion is the version of the walks that DoorWalks would give, without searching them.
func (s *State) DoorWalksVersion(asks [][]facilities.Type, limit walknet.Milliseconds) string {
	version := []string{s.GroundVersion, fmt.Sprint(ElderPace, limit)}
	for _, types := range asks {
		version = append(version, fmt.Sprint(types))
		for _, f := range s.atDoors(types) {
			version = append(version, f.ID, fmt.Sprint(f.Point))
		}
	}
	return digest(version)
}

// atDoors are the facilities of some types that serve people now.
func (s *State) atDoors(types []facilities.Type) []facilities.Facility {
	var out []facilities.Facility
	for _, f := range s.Facilities {
		if !f.Unplaced && f.Status == facilities.Open && slices.Contains(types, f.Type) {
			out = append(out, f)
		}
	}
	return out
}

// From gives the walks from a place, one for each list of types.
func (d *DoorWalks) From(p orb.Point) []DoorWalk {
	out := make([]DoorWalk, len(d.asks))
	at := d.network.Snap(p, d.limitM)
	for i, a := range d.asks {
		if time, site := a.labels.At(at); site >= 0 {
			out[i] = DoorWalk{a.ids[site], time}
		}
	}
	return out
}
