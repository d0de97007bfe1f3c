package indicators

import (
	"math"
	"slices"
	"strconv"

	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/record"
)

// Facts are what the registry and the data of the district say on a day.
type Facts struct {
	Day        record.Day
	Types      []facilities.TypeInfo
	Facilities []facilities.Facility // as they were on Day by what is known now; in any stage and status
	Divisions  []divisions.Division
	Elders     []People // aged 60 and over, a line for each base that is known
	ElderNote  Text     // why bases are missing; empty where none is
	// Reach says who walks to one of these types within the usual limit; nil where no
	// walking times are at hand.
	Reach func(types []facilities.Type) Reach
	// Rate gives a pass rate of new estates by its code; nil where there is no report on them.
	Rate func(code string) PassRate
}

// People is how many people of a base there are.
type People struct {
	Base   divisions.Base
	Number float64
}

// Reach is the share of people within a walk, which is no unit coverage.
type Reach struct {
	Covered    float64        `json:"covered"`
	Population float64        `json:"population"`
	Base       divisions.Base `json:"base"`
	Band       string         `json:"band"` // of ages
	Minutes    int            `json:"minutes"`
	Day        record.Day     `json:"day"`    // of the facilities and paths walked to; "" is that of the facts
	Reason     Text           `json:"reason"` // why there is no figure; else empty
}

// Share is the share in per cent; false where there is none.
func (r Reach) Share() (float64, bool) {
	if !r.Reason.Empty() || r.Population == 0 {
		return 0, false
	}
	return r.Covered / r.Population * 100, true
}

// Result is what a formula gives on a day, with all that it comes from.
type Result struct {
	Day     record.Day `json:"day"`
	Number  *float64   `json:"number"`             // nil where it cannot be computed
	AtLeast *float64   `json:"at_least,omitempty"` // of what is known so far, where Number is nil
	Reason  Text       `json:"reason"`             // why Number is nil; else empty
	Inputs  []Input    `json:"inputs"`             // in the order of the sentence
	Bases   []BaseRate `json:"bases,omitempty"`    // the rate by each base, where it has several
	Units   *Units     `json:"units,omitempty"`    // of a unit coverage
	Reach   *Reach     `json:"reach,omitempty"`    // beside a unit coverage
	Notes   []Text     `json:"notes,omitempty"`    // what to keep in mind

	Counted []string `json:"counted,omitempty"` // ids of the facilities that count, sorted
	Lacking []string `json:"lacking,omitempty"` // ids of those that would, and lack what is needed, sorted
}

// Input is one number that a result is made of.
type Input struct {
	Name   Text     `json:"name"`
	Number *float64 `json:"number"` // nil where it is not known
	Unit   Text     `json:"unit"`
}

// BaseRate is a rate by one base.
type BaseRate struct {
	Base   Base    `json:"base"`
	People float64 `json:"people"`
	Number float64 `json:"number"`
}

// Units are divisions that have what is asked for, and those that do not.
type Units struct {
	Total    int      `json:"total"`
	Own      int      `json:"own"`      // have one
	Assigned int      `json:"assigned"` // have none, and are assigned to one
	Without  []string `json:"without"`  // codes of the rest, sorted
}

// field gives a number of a facility: what the type's field says, or the capacity where
// the field is what the capacity follows.
func (f Facts) field(of facilities.Facility, field string) (float64, bool) {
	switch v := of.Fields[field].(type) {
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case int:
		return float64(v), true
	}
	info, ok := typeOf(f.Types, of.Type)
	if ok && info.CapacityField == field && of.Capacity > 0 {
		return float64(of.Capacity), true
	}
	return 0, false
}

// answer is yes, no or not known.
type answer int

const (
	no answer = iota
	yes
	notKnown
)

// matches holds a facility against conditions: no as soon as one is not so.
func matches(f facilities.Facility, list []Condition) answer {
	out := yes
	for _, c := range list {
		switch v := f.Fields[c.Field].(type) {
		case nil:
			out = notKnown
		case string:
			if !slices.Contains(c.Is, v) {
				return no
			}
		case bool:
			if !slices.Contains(c.Is, strconv.FormatBool(v)) {
				return no
			}
		case []string:
			if !slices.ContainsFunc(v, func(s string) bool { return slices.Contains(c.Is, s) }) {
				return no
			}
		default:
			return no
		}
	}
	return out
}

// open reports whether a facility is there for people on the day, as far as is known: it
// is published and open, nothing took its place, and it was not opened later.
func (f Facts) open(of facilities.Facility) bool {
	if of.Status != facilities.Open || of.Stage != facilities.Published || of.Tombstone() {
		return false
	}
	opened, ok := of.Fields["opened_on"].(string)
	return !ok || record.Day(opened) <= f.Day
}

// selected is what a formula counts, and what it would if more were known.
type selected struct {
	sure, unsure []facilities.Facility
	registered   int // of the types, in any stage and status
	examples     int
	undated      int // open ones that say neither since when they are open nor since when they are on record
}

func (f Facts) selectFor(of []Selection) selected {
	var out selected
	for _, place := range f.Facilities {
		best := no
		for _, s := range of {
			if s.Type != place.Type {
				continue
			}
			if m := matches(place, s.Where); m == yes || best == no {
				best = m
			}
		}
		if slices.ContainsFunc(of, func(s Selection) bool { return s.Type == place.Type }) {
			out.registered++
		}
		if best == no || !f.open(place) {
			continue
		}
		if best == notKnown {
			out.unsure = append(out.unsure, place)
			continue
		}
		out.sure = append(out.sure, place)
		if place.Example {
			out.examples++
		}
		if _, dated := place.Fields["opened_on"]; !dated && place.ValidFrom == "" {
			out.undated++
		}
	}
	return out
}

func ids(list []facilities.Facility) []string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = f.ID
	}
	slices.Sort(out)
	return out
}
