package coveragelive

import (
	"context"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/facilities"
	"yike/geo/divisions"
)

// Completeness is how far the street data of every division of one level can be trusted.
type Completeness struct {
	Base  divisions.Base  // whose people are asked how far they live from a path
	Level divisions.Level // community, or the next wider one that the data have; "" for none
	List  []coverage.Completeness
}

// Completeness judges the street data by the people of a base ("" is the first that the
// data have) and by buildings, which are asked for where they are not known yet: one point
// each. It is worked out once and kept as long as the streets are. Errors are
// ErrUnknownBase, those of buildings and those of the context.
func (s *State) Completeness(ctx context.Context, base divisions.Base, buildings func(context.Context) ([]orb.Point, error)) (*Completeness, error) {
	if base == "" && len(s.Bases) > 0 {
		base = s.Bases[0]
	}
	if s.Demand[base] == nil {
		return nil, ErrUnknownBase
	}
	return s.grounds.surveys.get(base).get(ctx, func(ctx context.Context) (*Completeness, error) {
		houses, err := buildings(ctx)
		if err != nil {
			return nil, err
		}
		return inSlot(s.slots, func(ctx context.Context) (*Completeness, error) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			level := s.levelOf(facilities.TypeInfo{})
			return &Completeness{Base: base, Level: level, List: coverage.Survey{
				Network: s.Network, Demand: s.Demand[base], Divisions: s.Divisions, Hierarchy: s.Hierarchy, Level: level,
				Buildings: houses, Dangles: s.Report.Dangles,
			}.Completeness()}, nil
		})(ctx)
	})
}
