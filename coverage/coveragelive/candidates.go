package coveragelive

import (
	"errors"
	"fmt"
	"math"

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
// such as parcels and rooms of the ledger of premises, or both.
type CandidateRules struct {
	Area     orb.MultiPolygon   // a place outside is no candidate; empty stands for everywhere
	Excluded []orb.MultiPolygon // a place inside one of them is no candidate either
	SpacingM float64            // of places along the streets, at least 20; 0 for none
	Places   []CandidatePlace
}

// CandidatePlace is a given place and what is known of it.
type CandidatePlace struct {
	ID       string
	Point    orb.Point // lon/lat WGS 84
	Price    int64     // of opening it, at least 1; 0 where nobody said, which counts as 1
	Capacity int64     // in coverage.People; 0 where nobody said
}

// Candidate is a place where a site may be, put onto the streets.
type Candidate struct {
	CandidatePlace
	Snap walknet.Snap
}

// Refusal is why a given place is no candidate.
type Refusal string

// The refusals.
const (
	OutsideArea  Refusal = "outside the area"
	InExcluded   Refusal = "in an excluded area"
	OffTheStreet Refusal = "no street within the snap limit"
)

// Refused is a given place that is no candidate, so that none is left out silently.
type Refused struct {
	ID     string
	Reason Refusal
}

// Candidates makes candidates by rules: the given places first, in their order, then
// places along the streets, by rows from the south west. For the latter a grid is laid over
// the area (or, without one, over the network), and the street point nearest to the middle of
// each cell is taken, once. Errors are ErrCandidates. O(places + cells).
func Candidates(net *walknet.Network, rules CandidateRules, snapLimitM float64) ([]Candidate, []Refused, error) {
	var out []Candidate
	var refused []Refused
	for _, p := range rules.Places {
		c := Candidate{CandidatePlace: p, Snap: net.Snap(p.Point, snapLimitM)}
		switch {
		case p.Price < 0 || p.Capacity < 0:
			return nil, nil, fmt.Errorf("%w: %s has the price %d and the capacity %d", ErrCandidates, p.ID, p.Price, p.Capacity)
		case !rules.inArea(p.Point):
			refused = append(refused, Refused{p.ID, OutsideArea})
		case rules.excludes(p.Point):
			refused = append(refused, Refused{p.ID, InExcluded})
		case !c.Snap.OK():
			refused = append(refused, Refused{p.ID, OffTheStreet})
		default:
			out = append(out, c)
		}
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

func (r *CandidateRules) inArea(p orb.Point) bool {
	return len(r.Area) == 0 || planar.MultiPolygonContains(r.Area, p)
}

func (r *CandidateRules) excludes(p orb.Point) bool {
	for _, area := range r.Excluded {
		if planar.MultiPolygonContains(area, p) {
			return true
		}
	}
	return false
}

// alongStreets takes the street point nearest to the middle of each cell of a grid.
func (r *CandidateRules) alongStreets(net *walknet.Network, snapLimitM float64) ([]Candidate, error) {
	if r.SpacingM == 0 || net.Edges() == 0 {
		return nil, nil
	}
	bound := net.Bound()
	if len(r.Area) > 0 {
		bound = r.Area.Bound()
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
			if !near.OK() || had[streetPoint{near.Edge, near.OffsetMM}] || !r.inArea(near.Point) || r.excludes(near.Point) {
				continue
			}
			had[streetPoint{near.Edge, near.OffsetMM}] = true
			id := fmt.Sprintf("grid/%d/%d", row, col)
			// Put onto the streets again, as a plan does with the point when it is answered.
			c := Candidate{CandidatePlace: CandidatePlace{ID: id, Point: near.Point}, Snap: net.Snap(near.Point, snapLimitM)}
			if c.Snap.OK() {
				out = append(out, c)
			}
		}
	}
	return out, nil
}
