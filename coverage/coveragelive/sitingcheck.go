package coveragelive

import (
	"fmt"

	"github.com/paulmach/orb"

	"yike/coverage"
)

// check refuses what can be refused without looking at candidates, and names the field.
func (a SitingAsked) check(bands []coverage.Band, band int) error {
	if a.tooWide() {
		return fmt.Errorf("%w: %d s at %d mm/s, at most %d m", ErrTooWide, a.LimitS, a.Speed, mostWalkM)
	}
	for _, check := range []func() error{a.checkAim, a.checkMoney, a.checkCapacity, func() error { return a.checkPreference(bands, band) }} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (a SitingAsked) checkAim() error {
	switch a.Aim {
	case MostPeople, ShortestWays, ShortestLongest:
		if a.Sites < 1 || a.Sites > MostNewSites {
			return blame("sites", fmt.Errorf("%w: %d sites", ErrBadCount, a.Sites))
		}
		if len(a.Required) > a.Sites {
			return blame("required", fmt.Errorf("%w: %d of %d", ErrManyRequired, len(a.Required), a.Sites))
		}
	case FewestSites:
		if !(a.Share > 0 && a.Share <= 1) {
			return blame("share", fmt.Errorf("%w: a share of %v", ErrBadCount, a.Share))
		}
	default:
		return blame("aim", fmt.Errorf("%w: %q", ErrUnknownAim, a.Aim))
	}
	if !(a.ApartM >= 0) {
		return blame("candidates/apart_m", ErrBadNumber)
	}
	return nil
}

// checkMoney holds prices and the budget to what the aim knows. A candidate without a
// price beside others that have one would be nearly free.
func (a SitingAsked) checkMoney() error {
	if a.Price < 0 || a.Price > MostPrice {
		return blame("price", ErrBadNumber)
	}
	if a.Budget < 0 || a.Budget > MostPrice {
		return blame("budget", ErrBadNumber)
	}
	own := 0
	for _, p := range a.Rules.Places {
		if p.Price < 0 || p.Price > MostPrice {
			return blame("candidates/points", ErrBadNumber)
		}
		if p.Price > 0 {
			own++
		}
	}
	switch {
	case a.Aim == FewestSites && a.Budget > 0:
		return blame("budget", ErrNotOfAim)
	case a.Aim == ShortestLongest && a.Budget > 0 && own > 0:
		return blame("budget", ErrNotOfAim)
	case a.Price == 0 && (own > 0 || a.Budget > 0) && (own < len(a.Rules.Places) || a.Rules.SpacingM > 0):
		return blame("price", ErrNoPrice)
	}
	return nil
}

// counts says whether capacities play a part.
func (a SitingAsked) counts() bool { return a.Capacity.UseRate > 0 }

func (a SitingAsked) checkCapacity() error {
	c, own := a.Capacity, false
	for _, p := range a.Rules.Places {
		if p.Capacity < 0 || p.Capacity > MostUnits {
			return blame("candidates/points", ErrBadNumber)
		}
		own = own || p.Capacity > 0
	}
	switch {
	case c == CapacityAsked{} && !own:
		return nil
	case a.Aim != MostPeople:
		return blame("capacity", ErrNotOfAim)
	case c.New < 0 || c.New > MostUnits:
		return blame("capacity/new", ErrBadNumber)
	case c.UseRate == 0:
		return blame("capacity/use_rate", ErrNoUse)
	case !(c.UseRate >= leastUse && c.UseRate <= 1):
		return blame("capacity/use_rate", ErrBadNumber)
	case c.Unknown != "" && c.Unknown != Boundless && c.Unknown != NotCounted:
		return blame("capacity/unknown", ErrBadNumber)
	}
	return nil
}

func (a SitingAsked) checkPreference(bands []coverage.Band, band int) error {
	p := a.Prefer
	if p == (Preference{}) {
		return nil
	}
	at := coverage.BandIndex(bands, p.Band)
	switch {
	case a.Aim != MostPeople && a.Aim != ShortestWays:
		return blame("prefer", ErrNotOfAim)
	case a.counts():
		return blame("prefer", fmt.Errorf("%w: people have one place each", ErrNotOfAim))
	case at < 0:
		return blame("prefer/band", ErrUnknownBand)
	case at == band || !within(bands[at], bands[band]):
		return blame("prefer/band", ErrBandApart)
	case p.Times < 2 || p.Times > MostTimes:
		return blame("prefer/times", ErrBadNumber)
	}
	return nil
}

// within says whether everybody of a band is of another one, too.
func within(inner, outer coverage.Band) bool {
	return inner.FromAge >= outer.FromAge && (outer.ToAge < 0 || inner.ToAge >= 0 && inner.ToAge <= outer.ToAge)
}

// within joins the boundaries of divisions.
func (s *State) within(codes []string) (orb.MultiPolygon, error) {
	var area orb.MultiPolygon
	for i, code := range codes {
		at := s.Hierarchy.Find(code)
		if at < 0 || len(s.Divisions[at].Boundary) == 0 {
			return nil, blame(fmt.Sprintf("candidates/within/%d", i), ErrUnknownWithin)
		}
		area = append(area, s.Divisions[at].Boundary...)
	}
	return area, nil
}
