package coveragelive

import (
	"context"
	"sync"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// grounds are what plans stand on: made when first asked for. Those of the streets as they
// are stay as long as the district is loaded, since facilities do not change them; those
// of other walkers and hours only for the last few.
type grounds struct {
	byBase    *cache[divisions.Base, *lazy[*coverage.Ground]]
	byProfile *cache[groundKey, *lazy[*coverage.Ground]]
	surveys   *cache[divisions.Base, *lazy[*Completeness]]

	once    sync.Once
	locator *divisions.Locator
	streets streetIndex
}

type groundKey struct {
	base    divisions.Base
	profile walknet.Profile
}

const (
	// mostBases is more than any pack has.
	mostBases = 8
	// profilesKept bounds the memory of other walkers' streets: with those that answers and
	// baselines still hold, about 50 bytes a point and 5 an edge each.
	profilesKept = 4
)

func newGrounds() *grounds {
	return &grounds{
		byBase:    newCache[divisions.Base](mostBases, newLazy[*coverage.Ground]),
		byProfile: newCache[groundKey](profilesKept, newLazy[*coverage.Ground]),
		surveys:   newCache[divisions.Base](mostBases, newLazy[*Completeness]),
	}
}

// ground prepares questions over the base and for the walkers of a complete question.
func (s *State) ground(ctx context.Context, q Query) (*coverage.Ground, error) {
	plain, err := s.grounds.byBase.get(q.Base).get(ctx, func(ctx context.Context) (*coverage.Ground, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return coverage.NewGround(s.Network, s.Demand[q.Base], s.Hierarchy, s.SnapLimitM), nil
	})
	if err != nil || !q.otherwiseWalked() {
		return plain, err
	}
	return s.grounds.byProfile.get(groundKey{q.Base, q.profile()}).get(ctx, func(ctx context.Context) (*coverage.Ground, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return plain.For(q.profile())
	})
}

// locate finds the divisions that places lie in.
func (s *State) locate() *divisions.Locator {
	s.grounds.once.Do(func() { s.grounds.locator = divisions.NewLocator(s.Divisions) })
	return s.grounds.locator
}
