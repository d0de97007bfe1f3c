package coveragelive

import (
	"context"
	"sync"

	"yike/coverage"
	"yike/geo/divisions"
)

// grounds are what plans stand on: made when first asked for, and kept as long as the
// district is loaded, since facilities do not change them.
type grounds struct {
	byBase *cache[divisions.Base, *lazy[*coverage.Ground]]

	once    sync.Once
	locator *divisions.Locator
	streets streetIndex
}

// mostBases is more than any pack has.
const mostBases = 8

func newGrounds() *grounds {
	return &grounds{byBase: newCache[divisions.Base](mostBases, newLazy[*coverage.Ground])}
}

// ground prepares questions over a base that the data have.
func (s *State) ground(ctx context.Context, base divisions.Base) (*coverage.Ground, error) {
	return s.grounds.byBase.get(base).get(ctx, func(ctx context.Context) (*coverage.Ground, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return coverage.NewGround(s.Network, s.Demand[base], s.Hierarchy, s.SnapLimitM), nil
	})
}

// locate finds the divisions that places lie in.
func (s *State) locate() *divisions.Locator {
	s.grounds.once.Do(func() { s.grounds.locator = divisions.NewLocator(s.Divisions) })
	return s.grounds.locator
}
