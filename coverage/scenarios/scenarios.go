// Package scenarios owns named scenarios (比选方案): what somebody tried on the map and
// keeps, with its question, its steps, what it costs and who pays, what it came to on the
// day it was saved, who may see it and what was decided about it.
//
// It is pure. It knows nothing of storage and HTTP, and nothing of how a question is
// answered: a question is kept whole, as the parameters that the coverage API takes.
package scenarios

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/internal/record"
)

// Scenario is one named plan for one question.
type Scenario struct {
	ID           string // UUIDv7, text form
	AdCode       string // of the authority that keeps the record
	DivisionCode string // for which division it is meant; the whole district's code at the widest
	Name         string
	Note         string
	Question     Question
	Steps        []Step
	Costs        []CostLine
	State        State
	SharedOn     record.Day // since when all may see it; "" while only its owner may
	Owner        Owner
	Decision     Decision
	// Saved is what the plan came to when its question, its steps or its figures were last
	// written, by band in the order of the data; DataVersion is that of the data then.
	Saved       []Figure
	DataVersion string
	Version     int
	ChangedAt   time.Time // when the present version was written
}

// Owner is the account that made a scenario.
type Owner struct {
	AccountID string // UUID, text form
	Name      string // as it was then
}

// State is how far a scenario is.
type State string

// The states. What is archived is seen by those who saw it before.
const (
	Draft    State = "draft"
	Shared   State = "shared"
	Archived State = "archived"
)

// States lists every state.
func States() []State { return []State{Draft, Shared, Archived} }

// Private says whether only the owner may see the scenario.
func (s Scenario) Private() bool { return s.SharedOn == "" }

// Verdict is what was decided about a scenario.
type Verdict string

// The verdicts; "" is none yet.
const (
	Undecided Verdict = ""
	Adopted   Verdict = "adopted"
	Declined  Verdict = "declined"
)

// Decision is a verdict with its reason, its day and who gave it. The zero Decision is none.
type Decision struct {
	Verdict Verdict
	Reason  string
	On      record.Day
	By      string
}

// Question is a coverage question whole, by the names of the parameters of
// /api/v1/coverage, e.g. type: elderly_canteen, limit: 900. Which there are and what they
// mean is not known here, so that a question asked in a new way is kept like any other.
type Question map[string]string

// Same says whether two questions are one.
func (q Question) Same(o Question) bool { return maps.Equal(q, o) }

// String writes the question as limit=900&type=elderly_canteen, by the names in order.
func (q Question) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(q)) {
		parts = append(parts, name+"="+q[name])
	}
	return strings.Join(parts, "&")
}

// Step is one step of the plan, as the what-if API takes it, with the name of its place
// as people know it.
type Step struct {
	Do   string         `json:"do"`
	ID   string         `json:"id"`
	Name string         `json:"name,omitempty"` // of the facility, the street or the new place; "" for none
	At   orb.Point      `json:"at,omitzero"`    // lon/lat WGS 84; of add and move
	Line orb.LineString `json:"line,omitempty"` // lon/lat WGS 84; of add_path
}

// Figure is what a plan came to for one band, in people.
type Figure struct {
	Band       string          `json:"band"`
	Population coverage.People `json:"population"`
	Before     coverage.People `json:"before"` // covered without the plan
	Gained     coverage.People `json:"gained"`
	Lost       coverage.People `json:"lost"`
}

// Net is how many more are covered with the plan than without.
func (f Figure) Net() coverage.People { return f.Gained - f.Lost }

// FigureOf finds the figure of a band.
func FigureOf(list []Figure, band string) (Figure, bool) {
	i := slices.IndexFunc(list, func(f Figure) bool { return f.Band == band })
	if i < 0 {
		return Figure{}, false
	}
	return list[i], true
}

// FiguresOf gives the figures of a delta, by band in the order of its data.
func FiguresOf(d *coverage.Delta) []Figure {
	before := d.Baseline.Summary.Total
	out := make([]Figure, len(before))
	for k, b := range d.Baseline.Ground.Demand.Bands {
		out[k] = Figure{
			Band: b.ID, Population: before[k].Population, Before: before[k].Covered,
			Gained: d.Total[k].Gained, Lost: d.Total[k].Lost,
		}
	}
	return out
}

// CostLine is one thing that has to be paid for.
type CostLine struct {
	What   string   `json:"what"`
	Kind   CostKind `json:"kind"`
	Fen    int64    `json:"fen"`              // hundredths of a yuan
	Source string   `json:"source,omitempty"` // who pays, from which budget; "" where nobody said
}

// CostKind says whether a cost comes once or every year.
type CostKind string

// The kinds of costs.
const (
	OneOff  CostKind = "one_off"
	PerYear CostKind = "per_year"
)

// CostKinds lists every kind.
func CostKinds() []CostKind { return []CostKind{OneOff, PerYear} }

// Cost adds the lines up. Without lines the cost is not known.
func Cost(lines []CostLine) coverage.Cost {
	c := coverage.Cost{Known: len(lines) > 0}
	for _, l := range lines {
		if l.Kind == PerYear {
			c.PerYear += l.Fen
		} else {
			c.OneOff += l.Fen
		}
	}
	return c
}

// SourceCost is what one source pays.
type SourceCost struct {
	Source          string // "" where nobody said
	OneOff, PerYear int64  // fen
}

// BySource adds the lines up by who pays, by the names in order and those without a name last.
func BySource(lines []CostLine) []SourceCost {
	sums := map[string]*SourceCost{}
	for _, l := range lines {
		s := sums[l.Source]
		if s == nil {
			s = &SourceCost{Source: l.Source}
			sums[l.Source] = s
		}
		if l.Kind == PerYear {
			s.PerYear += l.Fen
		} else {
			s.OneOff += l.Fen
		}
	}
	out := make([]SourceCost, 0, len(sums))
	for _, s := range sums {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b SourceCost) int {
		if (a.Source == "") != (b.Source == "") {
			return cmp.Compare(len(b.Source), len(a.Source))
		}
		return cmp.Compare(a.Source, b.Source)
	})
	return out
}
