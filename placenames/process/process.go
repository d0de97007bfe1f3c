// Package process owns the procedure by which a place name is given, changed or retired: two
// tracks of steps as data (process.json), one that decides and one that gives an opinion to
// the department that does; what each step needs and who may take it; the events of a case,
// of which its standing follows and nothing else; and the clocks of the law and of places,
// in days of the calendar or working days, with what stops them.
//
// Places have presets that change steps and clocks, each with where it stands. A case of no
// events has done nothing, and a step is done or set aside with a reason, never skipped.
//
// The package is pure: the calendar of holidays is given to it, and so is today. It looks at
// no name and knows no storage, no rights and no paper beyond its code word.
package process

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"yike/placenames"
)

//go:embed process.json
var processJSON []byte

// Cite is where a step or clock comes from, and how well it was read: R the text itself, r an
// excerpt, S3 a plan, P proposed by the makers of the program.
type Cite struct {
	Source   string `json:"source"`
	ClauseZH string `json:"clause_zh,omitempty"`
	ClauseEN string `json:"clause_en,omitempty"`
	Grade    string `json:"grade"`
}

// Step is one step of a track.
type Step struct {
	placenames.Code
	By          []string            `json:"by"`    // offices that may take it
	After       []string            `json:"after"` // steps that are done or set aside before it; several steps may be open side by side
	Needs       []string            `json:"needs"` // materials
	NeedsFor    map[string][]string `json:"needs_for,omitempty"`
	Waivable    bool                `json:"waivable,omitempty"`      // may be set aside, with a reason
	MayRefuse   bool                `json:"may_refuse,omitempty"`    // the case may end here
	MaySendBack bool                `json:"may_send_back,omitempty"` // to an earlier step
	Authority   bool                `json:"authority,omitempty"`     // taken by the authority for the class, where the preset has one
	Document    bool                `json:"document,omitempty"`      // needs the number of a document
	Verdict     bool                `json:"verdict,omitempty"`       // says whether it agrees
	Cite        Cite                `json:"cite"`
}

// Clock is a limit from one step to another.
type Clock struct {
	placenames.Code
	From     string  `json:"from"`
	To       string  `json:"to"`
	Days     int     `json:"days"`
	Unit     string  `json:"unit"`             // calendar or working
	Pauses   bool    `json:"pauses,omitempty"` // stands still while corrections are outstanding
	Severity string  `json:"severity"`
	Alarms   []Alarm `json:"alarms,omitempty"`
	Cite     Cite    `json:"cite"`
}

// The units of clocks.
const (
	CalendarDays = "calendar"
	WorkingDays  = "working"
)

// Alarm is whom a clock tells, how many days of the calendar after its last day; before it
// where Days is below 0.
type Alarm struct {
	Days int    `json:"days"`
	To   string `json:"to"`
}

// Track is a procedure.
type Track struct {
	placenames.Code
	Classes []string `json:"classes"` // of names that go this way
	Steps   []Step   `json:"steps"`   // in an order in which they can be taken
	Clocks  []Clock  `json:"clocks"`
}

// Preset is the practice of a place.
type Preset struct {
	placenames.Code
	Regions     []string            `json:"regions"`
	Authorities map[string][]string `json:"authorities"` // who approves, by class
	Changes     []StepChange        `json:"changes"`
	Clocks      []ClockChange       `json:"clocks"` // in place of those of their code, else besides
	Notes       []placenames.Code   `json:"notes"`
}

// StepChange is what a preset has otherwise of a step.
type StepChange struct {
	Track    string   `json:"track"`
	Step     string   `json:"step"`
	By       []string `json:"by,omitempty"`
	Needs    []string `json:"needs,omitempty"`
	Waivable *bool    `json:"waivable,omitempty"`
	Cite     Cite     `json:"cite"`
}

// ClockChange is a clock of a preset.
type ClockChange struct {
	Track string `json:"track"`
	Clock Clock  `json:"clock"`
}

// Book is all that there is: offices, materials, tracks and presets. Read-only once made.
type Book struct {
	Offices   []placenames.Code `json:"offices"`
	Materials []placenames.Code `json:"materials"`
	Sources   []placenames.Code `json:"sources"`
	Tracks    []Track           `json:"tracks"`
	Presets   []Preset          `json:"presets"`
}

// NewBook reads the procedures that come with the program. The error says what is wrong with
// the embedded file; a test keeps it nil.
func NewBook() (*Book, error) {
	b, err := ParseBook(processJSON)
	if err != nil {
		return nil, fmt.Errorf("read the procedures of place names: %w", err)
	}
	return b, nil
}

// ParseBook reads procedures and checks them whole, each track as every preset has it: all
// codes are there, a step comes after steps before it only, a clock runs between steps.
func ParseBook(data []byte) (*Book, error) {
	var b Book
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&b); err != nil {
		return nil, fmt.Errorf("read procedures: %w", err)
	}
	if len(b.Tracks) == 0 || len(b.Presets) == 0 {
		return nil, errors.New("procedures: there are no tracks or no presets")
	}
	for _, p := range b.Presets {
		for _, t := range b.Tracks {
			if _, err := b.For(t.Code.Code, p.Code.Code); err != nil {
				return nil, err
			}
		}
	}
	return &b, nil
}

// Rules are a track as a preset has it, with who approves what.
type Rules struct {
	Track
	Preset      string
	Authorities map[string][]string
}

// For gives a track as a preset has it.
func (b *Book) For(track, preset string) (Rules, error) {
	ti := slices.IndexFunc(b.Tracks, func(t Track) bool { return t.Code.Code == track })
	pi := slices.IndexFunc(b.Presets, func(p Preset) bool { return p.Code.Code == preset })
	if ti < 0 || pi < 0 {
		return Rules{}, fmt.Errorf("there is no track %q or no preset %q", track, preset)
	}
	p := b.Presets[pi]
	r := Rules{Track: b.Tracks[ti], Preset: preset, Authorities: p.Authorities}
	r.Steps, r.Clocks = slices.Clone(r.Steps), slices.Clone(r.Clocks)
	for _, c := range p.Changes {
		if c.Track != track {
			continue
		}
		i := r.at(c.Step)
		if i < 0 {
			return Rules{}, fmt.Errorf("preset %q: there is no step %q", preset, c.Step)
		}
		s := &r.Steps[i]
		if c.By != nil {
			s.By = c.By
		}
		if c.Needs != nil {
			s.Needs = c.Needs
		}
		if c.Waivable != nil {
			s.Waivable = *c.Waivable
		}
		s.Cite = c.Cite
	}
	for _, c := range p.Clocks {
		if c.Track != track {
			continue
		}
		if i := slices.IndexFunc(r.Clocks, func(k Clock) bool { return k.Code.Code == c.Clock.Code.Code }); i >= 0 {
			r.Clocks[i] = c.Clock
		} else {
			r.Clocks = append(r.Clocks, c.Clock)
		}
	}
	if err := b.check(r); err != nil {
		return Rules{}, fmt.Errorf("track %q of preset %q: %w", track, preset, err)
	}
	return r, nil
}

func (r Rules) at(step string) int {
	return slices.IndexFunc(r.Steps, func(s Step) bool { return s.Code.Code == step })
}

func known(list []placenames.Code, code string) bool {
	return slices.ContainsFunc(list, func(c placenames.Code) bool { return c.Code == code && c.ZH != "" && c.EN != "" })
}

func (b *Book) check(r Rules) error {
	if len(r.Steps) == 0 || r.ZH == "" || r.EN == "" {
		return errors.New("needs steps, zh and en")
	}
	for i, s := range r.Steps {
		if err := b.checkStep(r, i); err != nil {
			return fmt.Errorf("step %q: %w", s.Code.Code, err)
		}
	}
	for _, c := range r.Clocks {
		switch {
		case c.ZH == "" || c.EN == "" || c.Days < 1 || c.Unit != CalendarDays && c.Unit != WorkingDays:
			return fmt.Errorf("clock %q: needs zh, en, days and a unit", c.Code.Code)
		case r.at(c.From) < 0 || r.at(c.To) <= r.at(c.From):
			return fmt.Errorf("clock %q: runs from a step to a later one", c.Code.Code)
		case !known(b.Sources, c.Cite.Source):
			return fmt.Errorf("clock %q: there is no source %q", c.Code.Code, c.Cite.Source)
		case c.Severity == "error" && c.Cite.Grade != "R" && c.Cite.Grade != "r":
			return fmt.Errorf("clock %q: a limit whose text was not read is never an error", c.Code.Code)
		}
		for _, a := range c.Alarms {
			if !known(b.Offices, a.To) {
				return fmt.Errorf("clock %q: there is no office %q", c.Code.Code, a.To)
			}
		}
	}
	for class, offices := range r.Authorities {
		for _, o := range offices {
			if !known(b.Offices, o) {
				return fmt.Errorf("authority of %q: there is no office %q", class, o)
			}
		}
	}
	return nil
}

func (b *Book) checkStep(r Rules, i int) error {
	s := r.Steps[i]
	switch {
	case s.Code.Code == "" || s.ZH == "" || s.EN == "" || len(s.By) == 0:
		return errors.New("needs code, zh, en and by")
	case r.at(s.Code.Code) != i:
		return errors.New("is there twice")
	case !known(b.Sources, s.Cite.Source):
		return fmt.Errorf("there is no source %q", s.Cite.Source)
	}
	for _, before := range s.After {
		if k := r.at(before); k < 0 || k >= i {
			return fmt.Errorf("comes after %q, which is not before it", before)
		}
	}
	for _, o := range s.By {
		if !known(b.Offices, o) {
			return fmt.Errorf("there is no office %q", o)
		}
	}
	needs := slices.Clone(s.Needs)
	for _, more := range s.NeedsFor {
		needs = append(needs, more...)
	}
	for _, m := range needs {
		if !known(b.Materials, m) {
			return fmt.Errorf("there is no material %q", m)
		}
	}
	return nil
}

// Offices are those that may take a step for a name of a class: where it is for the authority
// to take and the preset says who that is, only they.
func (r Rules) Offices(s Step, class string) []string {
	if by, ok := r.Authorities[class]; s.Authority && ok {
		return by
	}
	return s.By
}
