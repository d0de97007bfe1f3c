package coverage

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
)

// Plan is what somebody thinks of changing, as steps in order. The zero Plan changes
// nothing. Steps that undo one another leave nothing behind.
//
// Sites of a plan are numbered: those of the baseline keep their indices, and every
// AddSite takes the next one. A closed site keeps its number, so that the numbers of
// the others stay what they are.
//
// Network steps are taken first, whatever their place among the others: a plan is what
// will be, not the order in which it is built.
type Plan struct {
	Sites   []SiteEdit
	Network []walknet.Edit
}

// SiteEdit is one step about a site.
type SiteEdit struct {
	Kind SiteEditKind
	Site int32 // the site's number; of no meaning for AddSite
	// To is the new site for AddSite: ID, Point, Division and Serves. For MoveSite only
	// its Point and Division are read; the site keeps its ID and whom it serves. Its Snap
	// is never read: Apply puts the point onto the plan's streets.
	To Site
}

// SiteEditKind is what a step does.
type SiteEditKind uint8

// The steps. Closing what is closed and reopening what is open change nothing. A site
// that is closed may be moved and stays closed.
const (
	AddSite SiteEditKind = iota
	MoveSite
	CloseSite
	ReopenSite
)

// Errors of a plan.
var (
	ErrNoSuchSite = errors.New("the plan has no site of this number")
	ErrNoSuchStep = errors.New("the plan has a step of an unknown kind")
)

// StepError says which step about sites cannot be taken; of steps about the network
// that is a *walknet.EditError.
type StepError struct {
	Step int // index into Plan.Sites
	Err  error
}

// Error names the step by its place, from 1 on.
func (e *StepError) Error() string { return fmt.Sprintf("step %d of the plan: %v", e.Step+1, e.Err) }

// Unwrap gives the reason.
func (e *StepError) Unwrap() error { return e.Err }

// planned are the sites after all steps of a plan.
type planned struct {
	sites []Site
	open  []bool
	moved []bool // or added: its snap is not known yet
}

// fold takes the steps.
func (b *Baseline) fold(steps []SiteEdit) (planned, error) {
	n := len(b.Sites)
	p := planned{
		sites: append(make([]Site, 0, n+len(steps)), b.Sites...),
		open:  make([]bool, n, n+len(steps)), moved: make([]bool, n, n+len(steps)),
	}
	for i := range p.open {
		p.open[i] = true
	}
	for i, s := range steps {
		if s.Kind == AddSite {
			p.sites, p.open, p.moved = append(p.sites, s.To), append(p.open, true), append(p.moved, true)
			continue
		}
		if s.Site < 0 || int(s.Site) >= len(p.sites) {
			return planned{}, &StepError{i, fmt.Errorf("%w: %d", ErrNoSuchSite, s.Site)}
		}
		switch s.Kind {
		case MoveSite:
			p.sites[s.Site].Point, p.sites[s.Site].Division = s.To.Point, s.To.Division
			p.moved[s.Site] = true
		case CloseSite:
			p.open[s.Site] = false
		case ReopenSite:
			p.open[s.Site] = true
		default:
			return planned{}, &StepError{i, fmt.Errorf("%w: %d", ErrNoSuchStep, s.Kind)}
		}
	}
	return p, nil
}

// settle puts the sites onto the streets and takes the place of those that are closed
// away from them. Of an edited network also those that stay may lie on another street.
func (p *planned) settle(net, before *walknet.Network, limitM float64) {
	for i := range p.sites {
		s := &p.sites[i]
		switch {
		case !p.open[i]:
			s.Snap, s.Division, s.Serves = walknet.NoSnap(), -1, nil
		case p.moved[i]:
			s.Snap = net.Snap(s.Point, limitM)
		}
	}
	if net == before {
		return
	}
	points := make([]orb.Point, len(p.sites))
	for i, s := range p.sites {
		points[i] = s.Point
	}
	elsewhere, now := net.Resnap(points, snapsOf(p.sites), limitM)
	for k, i := range elsewhere {
		if p.open[i] {
			p.sites[i].Snap = now[k]
		}
	}
}
