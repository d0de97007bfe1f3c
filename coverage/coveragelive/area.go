package coveragelive

import (
	"context"
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"yike/coverage"
)

// What a question about an area may be wrong about, besides its shapes (*coverage.ShapeError).
var (
	ErrNoArea         = errors.New("no area is asked about")
	ErrNoDivision     = errors.New("the data have no division of this code")
	ErrNoServiceArea  = errors.New("the facility has no documented service area")
	ErrAreaOfFacility = errors.New("no facility has this id")
)

// AreaQuery names an area: by shapes, by divisions, by a facility's documented service area,
// or by several of these, of which people in more than one count once.
type AreaQuery struct {
	Shapes    orb.MultiPolygon // lon/lat WGS 84
	Divisions []string         // codes; each with all that lies below it
	Facility  string           // id: the divisions that it is documented to serve; of any type, open or not
}

// CodeError says which code of an AreaQuery is of no division.
type CodeError struct {
	Index int
	Code  string
}

// Error names the code.
func (e *CodeError) Error() string { return fmt.Sprintf("%v: %q", ErrNoDivision, e.Code) }

// Unwrap gives the reason.
func (e *CodeError) Unwrap() error { return ErrNoDivision }

// AreaAnswer is what became of the people of an area, today and with a plan.
type AreaAnswer struct {
	WhatIf    *WhatIf // the question and the plan
	Before    coverage.AreaCount
	After     coverage.AreaCount
	Divisions []int32 // that the area is made of, as indices
	// Reaching are the people of the area, per band, who walk to the facility asked about
	// within the limit today; nil where none was asked about, or it is not an open one of the
	// type asked for.
	Reaching []coverage.People
}

// Area counts the people of an area by their own walks; without steps, before and after are
// the same. It is O(points). Errors are ErrNoArea, *coverage.ShapeError, *CodeError,
// ErrNoServiceArea, ErrAreaOfFacility and those of WhatIf.
func (s *State) Area(ctx context.Context, q Query, asked AreaQuery, steps []Step) (*AreaAnswer, error) {
	area, err := s.areaOf(asked)
	if err != nil {
		return nil, err
	}
	w, err := s.WhatIf(ctx, q, steps)
	if err != nil {
		return nil, err
	}
	return inSlot(s.slots, func(context.Context) (*AreaAnswer, error) {
		base := w.Delta.Baseline
		out := &AreaAnswer{WhatIf: w, Before: base.In(area), After: w.Delta.In(area), Divisions: area.Divisions}
		for i, site := range base.Sites {
			if asked.Facility != "" && site.ID == asked.Facility {
				out.Reaching = base.Reaching(int32(i), area) //nolint:gosec // fewer than 2^31
			}
		}
		return out, nil
	})(ctx)
}

func (s *State) areaOf(asked AreaQuery) (coverage.Area, error) {
	area := coverage.Area{Shapes: asked.Shapes}
	if err := area.Check(); err != nil {
		return area, err
	}
	for i, code := range asked.Divisions {
		at := s.Hierarchy.Find(code)
		if at < 0 {
			return area, &CodeError{i, code}
		}
		area.Divisions = append(area.Divisions, at)
	}
	if asked.Facility != "" {
		served, err := s.documented(asked.Facility)
		if err != nil {
			return area, err
		}
		area.Divisions = append(area.Divisions, served...)
	}
	if len(area.Shapes) == 0 && len(area.Divisions) == 0 {
		return area, ErrNoArea
	}
	return area, nil
}

// documented are the divisions that a facility is documented to serve.
func (s *State) documented(id string) ([]int32, error) {
	for _, f := range s.Facilities {
		if f.ID != id {
			continue
		}
		var out []int32
		for _, code := range f.Serves {
			if at := s.Hierarchy.Find(code); at >= 0 {
				out = append(out, at)
			}
		}
		if len(out) == 0 {
			return nil, ErrNoServiceArea
		}
		return out, nil
	}
	return nil, ErrAreaOfFacility
}
