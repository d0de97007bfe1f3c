package coveragelive

import (
	"context"
	"sync"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// landmarks are what places are told by: made when first asked for, for the facilities of
// one state.
type landmarks struct {
	once sync.Once
	all  *coverage.Landmarks
}

func (s *State) marks() *coverage.Landmarks {
	s.landmarks.once.Do(func() {
		list := append([]coverage.Landmark{}, s.estates...)
		for _, f := range s.Facilities {
			if f.Status == facilities.Open && !f.Example && !f.Unplaced {
				list = append(list, coverage.Landmark{Name: coverage.Text{ZH: f.NameZH, EN: f.NameEN}, Point: f.Point})
			}
		}
		s.landmarks.all = coverage.NewLandmarks(list)
	})
	return s.landmarks.all
}

// Unserved is everybody whom no site is known to serve, by place: the gaps, and the people
// of whom nothing is known because no path is near. Their people add up to the uncovered
// and the unsnapped, exactly.
type Unserved struct {
	Gaps      []coverage.Gap
	Places    []coverage.Place // parallel to Gaps
	Off       []coverage.Gap
	OffPlaces []coverage.Place // parallel to Off
}

// Places tells of each gap where it is and why it is one, in step with Gaps. It stops with
// the context's error.
func (a *Answer) Places(ctx context.Context) ([]coverage.Place, error) {
	return a.places.get(ctx, func(ctx context.Context) ([]coverage.Place, error) {
		gaps, err := a.Gaps(ctx)
		if err != nil {
			return nil, err
		}
		return inSlot(a.state.slots, func(ctx context.Context) ([]coverage.Place, error) {
			return a.state.around(a.state.Network, a.Demand, a.Result, a.Sites).Places(ctx, gaps)
		})(ctx)
	})
}

func (s *State) around(net *walknet.Network, d *coverage.Demand, r *coverage.Result, sites []coverage.Site) coverage.Surroundings {
	return coverage.Surroundings{Network: net, Demand: d, Result: r, Hierarchy: s.Hierarchy, Sites: sites, Landmarks: s.marks()}
}

// Unserved lists whom the facilities of today do not serve. It stops with the context's error.
func (w *WhatIf) UnservedToday(ctx context.Context) (Unserved, error) {
	b := w.Delta.Baseline
	return w.state.unserved(ctx, b.Ground.Network, b.Ground.Demand, b.Result, b.Sites)
}

// Unserved lists whom the plan does not serve. It stops with the context's error.
func (w *WhatIf) Unserved(ctx context.Context) (Unserved, error) {
	return w.state.unserved(ctx, w.Delta.Network, w.Delta.Demand(), w.Delta.Result(), w.Delta.Sites)
}

func (s *State) unserved(ctx context.Context, net *walknet.Network, d *coverage.Demand, r *coverage.Result, sites []coverage.Site) (Unserved, error) {
	return inSlot(s.slots, func(ctx context.Context) (Unserved, error) {
		var u Unserved
		opt := coverage.GapOptions{Within: s.Hierarchy.Holders(divisions.Subdistrict)}
		around := s.around(net, d, r, sites)
		var err error
		if u.Gaps, err = coverage.Gaps(ctx, d, r, opt); err != nil {
			return u, err
		}
		if u.Places, err = around.Places(ctx, u.Gaps); err != nil {
			return u, err
		}
		if u.Off, err = coverage.OffNetwork(ctx, d, r, opt); err != nil {
			return u, err
		}
		u.OffPlaces, err = around.Places(ctx, u.Off)
		return u, err
	})(ctx)
}
