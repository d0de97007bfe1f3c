package coveragelive

import (
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
)

// Step is one thing that somebody thinks of changing.
type Step struct {
	Kind StepKind
	// ID is that of a facility of the type asked for; of AddSite and AddPath one of the
	// caller's choice, which later steps may name; of steps about streets the source's.
	ID   string
	At   orb.Point      // lon/lat WGS 84; of AddSite and MoveSite
	Line orb.LineString // lon/lat WGS 84, from street to street; of AddPath
}

// StepKind is what a step does, as it is written in the API and in addresses.
type StepKind string

// The steps. Closing what is closed and reopening what is open change nothing. A facility
// that is not open today may be reopened, whether it is closed or only planned.
const (
	AddSite    StepKind = "add"
	MoveSite   StepKind = "move"
	CloseSite  StepKind = "close"
	ReopenSite StepKind = "reopen"
	CloseWay   StepKind = "close_way"
	OpenGate   StepKind = "open_gate"
	ShutGate   StepKind = "shut_gate"
	AddPath    StepKind = "add_path"
)

// Bounds of a plan.
const (
	MostSteps       = 100
	MostStreetSteps = 20    // each is paid for with a look at every street
	mostPathPoints  = 50    // of a path
	mostPathM       = 5_000 // of a path, in metres
	mostWalkM       = 3_600 // of a question: a baseline keeps every walk
)

// What a plan may be wrong about.
var (
	ErrTooManySteps = errors.New("the plan has too many steps")
	ErrTooWide      = errors.New("the walks asked for are too long to keep them all")
	ErrNoFacility   = errors.New("no facility of this type has this id")
	ErrSameID       = errors.New("the id is another's")
	ErrBadPlace     = errors.New("no longitude and latitude")
	ErrBadPath      = errors.New("the path is too long or has too many points")
	ErrStepKind     = errors.New("a step of an unknown kind")
)

// StepError says which step of a plan cannot be taken.
type StepError struct {
	Step int // index into the plan's steps
	Err  error
}

// Error names the step by its place, from 1 on.
func (e *StepError) Error() string { return fmt.Sprintf("step %d: %v", e.Step+1, e.Err) }

// Unwrap gives the reason.
func (e *StepError) Unwrap() error { return e.Err }

// planning turns steps that name facilities into a plan of numbered sites.
type planning struct {
	state *State
	query Query
	sites map[string]int32 // by id
	next  int32
	plan  coverage.Plan

	facilities []facilities.Facility // by site; of an added one only the id
	steps      []int                 // per edit of the network, the step it came from
	siteSteps  []int                 // per edit of sites
}

func (s *State) planOf(t *trial, q Query, steps []Step) (*planning, error) {
	if len(steps) > MostSteps {
		return nil, fmt.Errorf("%w: %d, at most %d", ErrTooManySteps, len(steps), MostSteps)
	}
	p := &planning{
		state: s, query: q, sites: map[string]int32{}, next: int32(len(t.facilities)), //nolint:gosec // fewer than 2^31
		facilities: append([]facilities.Facility{}, t.facilities...),
	}
	for i, f := range t.facilities {
		p.sites[f.ID] = int32(i) //nolint:gosec // fewer than 2^31
	}
	for i, step := range steps {
		if err := p.take(i, step); err != nil {
			return nil, &StepError{i, err}
		}
	}
	if len(p.plan.Network) > MostStreetSteps {
		return nil, fmt.Errorf("%w: %d about streets, at most %d", ErrTooManySteps, len(p.plan.Network), MostStreetSteps)
	}
	return p, nil
}

func (p *planning) take(i int, step Step) error {
	switch step.Kind {
	case AddSite:
		return p.addSite(i, step)
	case MoveSite, CloseSite, ReopenSite:
		return p.editSite(i, step)
	case CloseWay, OpenGate, ShutGate:
		kinds := map[StepKind]walknet.EditKind{CloseWay: walknet.CloseWay, OpenGate: walknet.OpenGate, ShutGate: walknet.ShutGate}
		p.street(i, walknet.Edit{Kind: kinds[step.Kind], ID: step.ID})
		return nil
	case AddPath:
		if len(step.Line) > mostPathPoints || !(geo.Length(step.Line) <= mostPathM) {
			return ErrBadPath
		}
		p.street(i, walknet.Edit{Kind: walknet.AddPath, Path: walknet.Path{ID: step.ID, Line: step.Line}})
		return nil
	default:
		return fmt.Errorf("%w: %q", ErrStepKind, step.Kind)
	}
}

func (p *planning) street(i int, e walknet.Edit) {
	p.plan.Network, p.steps = append(p.plan.Network, e), append(p.steps, i)
}

func (p *planning) site(i int, e coverage.SiteEdit) {
	p.plan.Sites, p.siteSteps = append(p.plan.Sites, e), append(p.siteSteps, i)
}

func (p *planning) addSite(i int, step Step) error {
	if !onEarth(step.At) {
		return ErrBadPlace
	}
	if _, taken := p.facility(step.ID); taken || step.ID == "" {
		return ErrSameID
	}
	if _, taken := p.sites[step.ID]; taken {
		return ErrSameID
	}
	p.add(i, coverage.Site{ID: step.ID, Point: step.At, Division: p.state.locate().Locate(step.At)}, facilities.Facility{ID: step.ID, Point: step.At})
	return nil
}

func (p *planning) add(i int, s coverage.Site, f facilities.Facility) {
	p.site(i, coverage.SiteEdit{Kind: coverage.AddSite, To: s})
	p.sites[s.ID] = p.next
	p.facilities = append(p.facilities, f)
	p.next++
}

// facility finds one of the type that is asked for, open or not.
func (p *planning) facility(id string) (facilities.Facility, bool) {
	for _, f := range p.state.Facilities {
		if f.ID == id {
			return f, f.Type == p.query.Type
		}
	}
	return facilities.Facility{}, false
}

func (p *planning) editSite(i int, step Step) error {
	at, known := p.sites[step.ID]
	if !known {
		// Not open today, so not of the baseline: it joins the plan when it is opened.
		f, ok := p.facility(step.ID)
		switch {
		case !ok:
			return ErrNoFacility
		case step.Kind == CloseSite:
			return nil
		case step.Kind == ReopenSite:
			p.add(i, p.state.site(f, walknet.NoSnap()), f)
			return nil
		}
		return fmt.Errorf("%w that is open; reopen it first", ErrNoFacility)
	}
	e := coverage.SiteEdit{Site: at}
	switch step.Kind {
	case CloseSite:
		e.Kind = coverage.CloseSite
	case ReopenSite:
		e.Kind = coverage.ReopenSite
	default:
		if !onEarth(step.At) {
			return ErrBadPlace
		}
		e.Kind, e.To = coverage.MoveSite, coverage.Site{Point: step.At, Division: p.state.locate().Locate(step.At)}
	}
	p.site(i, e)
	return nil
}

func onEarth(p orb.Point) bool {
	return math.Abs(p.Lon()) <= 180 && math.Abs(p.Lat()) <= 90
}

// blame says which of the caller's steps the engine could not take.
func (p *planning) blame(err error) error {
	var site *coverage.StepError
	var street *walknet.EditError
	switch {
	case errors.As(err, &site):
		return &StepError{p.siteSteps[site.Step], site.Err}
	case errors.As(err, &street):
		return &StepError{p.steps[street.Step], street.Err}
	default:
		return err
	}
}
