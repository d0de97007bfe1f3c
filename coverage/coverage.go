// Package coverage owns who is within reach of what: demand, the counting of
// people by their own walking time, service circles, gaps, the two notions of
// coverage rate, and what a plan would change.
//
// A question is answered once, by Compute and Summarise, or by Ground.Baseline, which
// keeps every walk. Baseline.Apply then answers plans, of sites added, moved, closed
// and of streets changed, as exact differences.
//
// People are counted by the network time of the point they live at, never by a
// polygon; polygons are drawings. The package is pure: values in, values out, no
// I/O, no clock, no logger, and it knows nothing of facility types or storage.
package coverage

import (
	"math"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// People counts persons in integer ten-thousandths of a person, rounded once when
// data are loaded, so that every sum is exact. It is rounded only for display.
type People int64

// Person is one person in the unit of People.
const Person People = 10_000

// Band is an age band that a data pack declares. The widest band of a pack is
// shown under its own name ("20+"), never as "all".
type Band struct {
	ID      string // e.g. "70+", "all", "0-17"
	FromAge int    // years, inclusive
	ToAge   int    // years, inclusive; -1 means open
	Widest  bool
}

// Demand is where people live, as parallel arrays of one length n.
type Demand struct {
	Bands    []Band
	IDs      []string       // n record ids
	Points   []orb.Point    // n, lon/lat WGS 84
	Division []int32        // n, index into the caller's divisions of the finest one that holds the point; -1 outside all
	People   [][]People     // len(Bands) rows of n
	Snaps    []walknet.Snap // n; Edge < 0 where no path is within the snap limit
}

// Site is a place that serves people: an open facility of the type asked for.
type Site struct {
	ID       string
	Point    orb.Point
	Snap     walknet.Snap // Edge < 0 when no path is near enough; such a site serves nobody and is listed
	Division int32        // index into the caller's divisions of the finest one that holds the site; -1 outside all
	Serves   []int32      // the divisions it is assigned to by a documented service area, as indices
}

// Text is a sentence for people in both languages.
type Text struct{ ZH, EN string }

// Params is one coverage question. The zero Mode asks for walks.
type Params struct {
	Limit walknet.Milliseconds // inclusive
	Speed walknet.Speed
	Mode  Mode
	Level divisions.Level // for ByDivision
}

// WithinMetres asks for a walk of so many metres, inclusive, whatever the time: at a
// metre a second a millisecond of the answer is a millimetre. Of a network that is For a
// profile stairs and waits count as metres; ask for distances of the plain one.
func WithinMetres(m float64) Params {
	return Params{Limit: walknet.Milliseconds(min(m*1000, math.MaxInt32)), Speed: 1000}
}
