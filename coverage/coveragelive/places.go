package coveragelive

import (
	"context"
	"sync"

	"github.com/paulmach/orb"

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
			info, _ := s.TypeInfo(f.Type)
			// Nobody tells where they live by a columbarium.
			if info.Measure == facilities.Walk && f.Status == facilities.Open && !f.Example && !f.Unplaced {
				list = append(list, coverage.Landmark{Name: coverage.Text{ZH: f.NameZH, EN: f.NameEN}, Point: f.Point})
			}
		}
		s.landmarks.all = coverage.NewLandmarks(list)
	})
	return s.landmarks.all
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
			return a.state.around(a.Network, a.Demand, a.Result, a.Sites).Places(ctx, gaps)
		})(ctx)
	})
}

func (s *State) around(net *walknet.Network, d *coverage.Demand, r *coverage.Result, sites []coverage.Site) coverage.Surroundings {
	return coverage.Surroundings{Network: net, Demand: d, Result: r, Hierarchy: s.Hierarchy, Sites: sites, Landmarks: s.marks()}
}

// Unserved lists by place whom the plan does not serve. It stops with the context's error.
func (w *WhatIf) Unserved(ctx context.Context) (coverage.Unserved, error) {
	d := w.Delta
	return inSlot(w.state.slots, func(ctx context.Context) (coverage.Unserved, error) {
		return w.state.around(d.Network, d.Demand(), d.Result(), d.Sites).Unserved(ctx, w.state.gapOptions())
	})(ctx)
}

// gapOptions keep gaps within subdistricts where there are any: a gap is then one office's
// to close.
func (s *State) gapOptions() coverage.GapOptions {
	return coverage.GapOptions{Within: s.Hierarchy.Holders(divisions.Subdistrict)}
}

// Where tells of a point of the district where it is, in names; Text is empty where nothing
// near has one.
func (s *State) Where(p orb.Point) coverage.Text {
	around := coverage.Surroundings{Network: s.Network, Hierarchy: s.Hierarchy, Landmarks: s.marks()}
	return around.Where(p, s.locate().Locate(p)).Label(s.Divisions)
}
