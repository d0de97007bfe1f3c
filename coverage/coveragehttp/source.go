// Package coveragehttp serves coverage: the question who reaches what on foot, what
// became of one point, and the facts of the district that the question is about. It
// owns the JSON shapes, their descriptions and the checks of what is asked; it knows
// nothing of how answers are made or stored, and takes them from a Source.
package coveragehttp

import (
	"context"
	"errors"

	"yike/coverage"
	"yike/facilities"
	"yike/geo/divisions"
)

// Source gives what is served. It is safe for concurrent use.
type Source interface {
	// Status says how far the server is; it answers at any time.
	Status() Status
	// Version names the data that answers are made from, "" before they are loaded.
	Version() string
	// District returns the facts of the loaded district, or ErrNotReady.
	District(ctx context.Context) (District, error)
	// Coverage answers a question whole, circles and gaps drawn.
	Coverage(ctx context.Context, q Query) (*Answer, error)
	// Point returns the same question's answer for one population point, or
	// ErrNoPoint.
	Point(ctx context.Context, id string, q Query) (*Point, error)
}

// What a Source reports.
var (
	ErrNotReady    = errors.New("the data are not loaded yet")
	ErrUnknownType = errors.New("unknown facility type")
	ErrUnknownBase = errors.New("the data have no such population base")
	ErrNoPoint     = errors.New("no such population point")

	ErrTooWide      = errors.New("the walks asked for are too long for a plan")
	ErrTooManySteps = errors.New("the plan has too many steps")
)

// Answer is a question's whole answer.
type Answer struct {
	Query      Query // as it was answered
	Version    string
	Measure    string          // how the type is judged: walk, presence or drive
	Level      divisions.Level // of the divisions by which a type is judged that is not walked to; else ""
	Untiered   int             // open facilities of the type that are not counted, since their tier is not known
	Remarks    []coverage.Text // what of the question had no bearing, and what was left out
	Note       *coverage.Text  // what to keep in mind with this type; nil when nothing
	Absent     []coverage.Text
	Report     *coverage.Report
	Facilities []facilities.Facility // parallel to Report.Sites
	Places     []coverage.Place      // parallel to Report.Gaps; nil where gaps are not told
}

// Point is the answer for one population point.
type Point struct {
	Answer  *Answer
	Index   int32 // into the answer's Demand and Result
	Nearest int32 // into the answer's Facilities; -1 when none is within the limit
}
