// Package standards owns the checks that facilities are held to: the catalogue of them
// (standards.json, the rules FAC-01 to FAC-34), and which inputs of a rule are read from
// a record of the registry.
//
// Checks are of facilities, and of divisions: that a subdistrict has no centre at all is a
// finding of the subdistrict, since there is no facility that could have it.
//
// The package is pure. What a check needs beyond the record (distances, people, what else
// there is in the subdistrict) is brought by whoever asks; what is not brought is not
// known, and a check that needs it is undetermined.
package standards

import (
	_ "embed"
	"fmt"
	"slices"

	"yike/facilities"
	"yike/internal/record"
	"yike/internal/rules"
)

//go:embed standards.json
var standardsJSON []byte

// The subjects of the rules.
const (
	OfFacility    = "facility"
	OfSubdistrict = "subdistrict"
	OfCommunity   = "community"
	OfGrid        = "grid"
	OfGrids       = "grids"  // of a community, together
	OfLedger      = "ledger" // of the public premises in a subdistrict
)

// Set reads the rules that come with the program. The error says what is wrong with the
// embedded file; a test keeps it nil.
func Set() (*rules.Set, error) {
	s, err := rules.Parse(standardsJSON)
	if err != nil {
		return nil, fmt.Errorf("read the standards of facilities: %w", err)
	}
	return s, nil
}

// Known reports whether every check that a type names is in the set; the error names the
// type and the check.
func Known(set *rules.Set, types []facilities.TypeInfo) error {
	for _, t := range types {
		for _, id := range t.Standards {
			if !slices.ContainsFunc(set.Rules, func(r rules.Rule) bool { return r.ID == id }) {
				return fmt.Errorf("type %q: standards: there is no check %q", t.Type, id)
			}
		}
	}
	return nil
}

// The inputs that are measured, or that divisions have.
const (
	CentresInSubdistrict = "centres_in_subdistrict"
	Setting              = "setting"
	Households           = "households"
	GridWorkers          = "workers"
	GridGapM2            = "grid_gap_m2"
	GridOverlapM2        = "grid_overlap_m2"
	LedgerRooms          = "ledger_rooms"
	LedgerComplete       = "ledger_complete"
	FarthestHomeM        = "farthest_home_m"
	FarthestHomeMin      = "farthest_home_min"
	PeopleServed         = "people_served"
	PeopleWithin300M     = "people_within_300m"
	PeopleWithin15Min    = "people_within_15min"
	PeopleOffNetwork     = "people_off_network"
	WalkingSpeed         = "walking_speed"
	HealthStationM       = "health_station_m"
	ResidentsServed      = "residents_served"
	MortalityPermille    = "mortality_permille"
	ForbiddenGround      = "forbidden_ground"
	OutsidersBuried      = "outsiders_buried"
)

// UsualMortality is the yearly mortality in thousandths that the Tianjin plan reckons
// with, used where a bureau sets no other.
const UsualMortality = 5.715

// Context is what a check needs beside the record.
type Context struct {
	Regions []string               // where the district lies, as rules.Set.Chain gives them
	Day     record.Day             // the day that rules and licences must hold on
	Beyond  map[string]rules.Input // inputs that no record has, by the names above
}

// Check holds a facility to the standards of its type and gives what each finds, in the
// order of the catalogue. Of several rules under one id those that do not apply are left
// out when another does. What is closed, or was replaced, is held to nothing.
func Check(set *rules.Set, f facilities.Facility, info facilities.TypeInfo, ctx Context) []rules.Finding {
	if f.Status == facilities.Closed || f.Tombstone() || len(info.Standards) == 0 {
		return nil
	}
	out := set.Evaluate(rules.Question{Subject: OfFacility, Only: info.Standards, Regions: ctx.Regions, Day: ctx.Day, Inputs: Inputs(f, info, ctx)})
	slices.SortStableFunc(out, func(a, b rules.Finding) int {
		return slices.Index(info.Standards, a.Rule.ID) - slices.Index(info.Standards, b.Rule.ID)
	})
	return applicable(out)
}

// applicable leaves out what does not apply where another rule of the same id does.
func applicable(all []rules.Finding) []rules.Finding {
	applies := map[string]bool{}
	for _, f := range all {
		if f.Outcome != rules.NotApplicable {
			applies[f.Rule.ID] = true
		}
		for _, beaten := range f.Beat {
			applies[beaten.ID] = true
		}
	}
	return slices.DeleteFunc(all, func(f rules.Finding) bool { return f.Outcome == rules.NotApplicable && applies[f.Rule.ID] })
}

// Needs reports whether a check of the type needs an input.
func Needs(set *rules.Set, info facilities.TypeInfo, input string) bool {
	return slices.ContainsFunc(set.Rules, func(r rules.Rule) bool {
		return slices.Contains(info.Standards, r.ID) && slices.Contains(r.Inputs(), input)
	})
}
