package coveragelive

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/coverage/walknet"
	"yike/geo"
)

// ErrCandidates says that rules of candidates make no sense or make too many.
var ErrCandidates = errors.New("rules of candidates make no sense")

const (
	leastSpacingM  = 20
	mostCells      = 200_000
	mostCandidates = 20_000
	halfDiagonal   = math.Sqrt2 / 2
)

// CandidateRules say where a new site may be: at places along the streets, at given places
// such as parcels and rooms of the ledger of premises, or both. A place must meet all of
// them.
type CandidateRules struct {
	Within    []orb.MultiPolygon // a place must lie in each; none stands for everywhere
	Excluded  []orb.MultiPolygon // a place inside one of them is no candidate
	Apart     []orb.Point        // lon/lat WGS 84, such as the open sites
	ApartM    float64            // a place must be at least so far from each of Apart, in a straight line; 0 for no such rule
	SpacingM  float64            // of places along the streets, at least 20; 0 for none
	Places    []CandidatePlace
	Dismissed []Refused // places that were refused before they came here; they are told first
}

// PlaceKind says where a candidate comes from, as it is written in the API.
type PlaceKind string

// The kinds of candidates.
const (
	StreetPlace PlaceKind = "street" // found along a street
	GivenPlace  PlaceKind = "point"  // somebody named it, or a file did
	RoomPlace   PlaceKind = "room"   // a room of the ledger of premises
)

// CandidatePlace is a given place and what is known of it.
type CandidatePlace struct {
	ID       string
	Kind     PlaceKind
	Name     string    // for people; "" where there is none besides the id
	Point    orb.Point // lon/lat WGS 84
	Price    int64     // of opening it, at least 1; 0 where nobody said, which counts as 1
	Capacity int64     // in the unit of whoever asks: units of the type, coverage.People of a SitingQuestion; 0 where nobody said
}

// Candidate is a place where a site may be, put onto the streets.
type Candidate struct {
	CandidatePlace
	Snap walknet.Snap
}

// Refusal is why a given place is no candidate. Who refuses places before they come here
// may have reasons of their own.
type Refusal string

// The refusals.
const (
	OutsideArea  Refusal = "outside the area"
	InExcluded   Refusal = "in an excluded area"
	TooNear      Refusal = "too near to an open site"
	OffTheStreet Refusal = "no street within the snap limit"
)

// Refused is a given place that is no candidate, so that none is left out silently.
type Refused struct {
	ID     string
	Kind   PlaceKind
	Name   string
	Reason Refusal
}

// Candidates makes candidates by rules: the given places first, in their order, then
// places along the streets, by rows from the south west. For the latter a grid is laid over
// the areas (or, without one, over the network), and the street point nearest to the middle
// of each cell is taken, once. Errors are ErrCandidates. O((places + cells) × rules).
func Candidates(net *walknet.Network, rules CandidateRules, snapLimitM float64) ([]Candidate, []Refused, error) {
	var out []Candidate
	refused := slices.Clone(rules.Dismissed)
	for _, p := range rules.Places {
		if p.Price < 0 || p.Capacity < 0 {
			return nil, nil, fmt.Errorf("%w: %s has the price %d and the capacity %d", ErrCandidates, p.ID, p.Price, p.Capacity)
		}
		c := Candidate{CandidatePlace: p, Snap: net.Snap(p.Point, snapLimitM)}
		why := rules.refuses(p.Point)
		if why == "" && !c.Snap.OK() {
			why = OffTheStreet
		}
		if why != "" {
			refused = append(refused, Refused{p.ID, p.Kind, p.Name, why})
			continue
		}
		out = append(out, c)
	}
	along, err := rules.alongStreets(net, snapLimitM)
	if err != nil {
		return nil, nil, err
	}
	if out = append(out, along...); len(out) > mostCandidates {
		return nil, nil, fmt.Errorf("%w: %d candidates are more than %d", ErrCandidates, len(out), mostCandidates)
	}
	return out, refused, nil
}

// refuses says which rule of place a point breaks, the first of them; "" for none.
func (r *CandidateRules) refuses(p orb.Point) Refusal {
	for _, area := range r.Within {
		if !planar.MultiPolygonContains(area, p) {
			return OutsideArea
		}
	}
	for _, area := range r.Excluded {
		if planar.MultiPolygonContains(area, p) {
			return InExcluded
		}
	}
	if r.ApartM > 0 {
		for _, other := range r.Apart {
			if geo.Distance(p, other) < r.ApartM {
				return TooNear
			}
		}
	}
	return ""
}

// bound is what the grid is laid over; false where the areas have nothing in common.
func (r *CandidateRules) bound(net *walknet.Network) (orb.Bound, bool) {
	bound := net.Bound()
	for i, area := range r.Within {
		b := area.Bound()
		if i == 0 {
			bound = b
			continue
		}
		if !bound.Intersects(b) {
			return bound, false
		}
		bound = orb.Bound{
			Min: orb.Point{max(bound.Min[0], b.Min[0]), max(bound.Min[1], b.Min[1])},
			Max: orb.Point{min(bound.Max[0], b.Max[0]), min(bound.Max[1], b.Max[1])},
		}
	}
	return bound, true
}

// alongStreets takes the street point nearest to the middle of each cell of a grid.
func (r *CandidateRules) alongStreets(net *walknet.Network, snapLimitM float64) ([]Candidate, error) {
	bound, any := r.bound(net)
	if r.SpacingM == 0 || net.Edges() == 0 || !any {
		return nil, nil
	}
	frame := geo.Frame(bound.Min)
	far := frame.To(bound.Max)
	across, up := math.Ceil(far[0]/r.SpacingM), math.Ceil(far[1]/r.SpacingM)
	if !(r.SpacingM >= leastSpacingM) || !(across*up <= mostCells) {
		return nil, fmt.Errorf("%w: %v by %v cells of %v m", ErrCandidates, across, up, r.SpacingM)
	}
	type streetPoint struct{ edge, offset int32 }
	had := map[streetPoint]bool{}
	var out []Candidate
	for row := range int(up) {
		for col := range int(across) {
			middle := frame.From(orb.Point{(float64(col) + 0.5) * r.SpacingM, (float64(row) + 0.5) * r.SpacingM})
			near := net.Snap(middle, r.SpacingM*halfDiagonal)
			if !near.OK() || had[streetPoint{near.Edge, near.OffsetMM}] || r.refuses(near.Point) != "" {
				continue
			}
			had[streetPoint{near.Edge, near.OffsetMM}] = true
			id := fmt.Sprintf("grid/%d/%d", row, col)
			// Put onto the streets again, as a plan does with the point when it is answered.
			c := Candidate{CandidatePlace: CandidatePlace{ID: id, Kind: StreetPlace, Point: near.Point}, Snap: net.Snap(near.Point, snapLimitM)}
			if c.Snap.OK() {
				out = append(out, c)
			}
		}
	}
	return out, nil
}
