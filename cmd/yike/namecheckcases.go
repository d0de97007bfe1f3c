package main

import (
	"context"
	"encoding/json"
	"slices"

	"yike/placenames"
	"yike/placenames/naming"
	caseprocess "yike/placenames/process"
)

// renamed is a record with the name that a case would give it; as it is where the case gives none.
func renamed(n placenames.Name, to caseprocess.Proposal) placenames.Name {
	if to.Text == "" {
		return n
	}
	n.Text, n.Roman, n.Parts = to.Text, to.Roman, to.Parts
	n.Readings, n.Planned, n.Reuses = nil, "", nil // they are of the name that it has
	return n
}

// freezeCase gives what is kept of a check with an event of a case: how many rules forbid the
// name, and what they all said.
func (k *nameChecks) freezeCase(ctx context.Context, d caseprocess.Dossier) (naming.Frozen, json.RawMessage, error) {
	item, err := k.names.ByID(ctx, k.writer(ctx), d.NameID)
	if err != nil {
		return naming.Frozen{}, nil, err
	}
	return k.Freeze(ctx, renamed(item.Name, d.Proposed), placenames.DecisionKind(d.Act), d.ID)
}

// of adds what a case itself says: which materials were handed in, which reports it needs, who
// approved it, and the days that the law counts.
func (f *nameCaseFacts) of(d caseprocess.Dossier) {
	day := func(step string, kind caseprocess.Kind) (caseprocess.Event, bool) {
		e, there := d.Standing.Taken[step]
		return e, there && e.Kind == kind
	}
	f.NewName = d.Proposed
	f.Papers.Known = true
	for _, e := range d.Standing.Taken {
		for _, m := range e.Materials {
			if !slices.Contains(f.Papers.Materials, m) {
				f.Papers.Materials = append(f.Papers.Materials, m)
			}
		}
	}
	slices.Sort(f.Papers.Materials)
	f.Papers.NeedsKnown = true
	for _, step := range []string{"assessment", "experts", "consultation"} {
		i := slices.IndexFunc(d.Frozen.Rules.Steps, func(s caseprocess.Step) bool { return s.Code.Code == step })
		_, waived := day(step, caseprocess.Waived)
		_, done := day(step, caseprocess.Done)
		switch {
		case i < 0 || waived:
		case done || !d.Frozen.Rules.Steps[i].Waivable:
			f.Papers.Needs = append(f.Papers.Needs, step)
		default:
			f.Papers.NeedsKnown = false
		}
	}
	if e, ok := day("approval", caseprocess.Done); ok {
		f.Clock.Approved = e.Day
		f.approved(e.Office)
	}
	if e, ok := day("filing", caseprocess.Done); ok {
		f.Clock.Filed = e.Day
	}
	if e, ok := day("announcement", caseprocess.Done); ok {
		f.Clock.Announced = e.Day
	}
	if e, ok := day("sign", caseprocess.Done); ok {
		f.Clock.Sign = e.Day
	}
}

// approved says who approved. What the administration of a new area may approve its mandate
// says, which nobody has read: who approved is then not known to be right or wrong.
func (f *nameCaseFacts) approved(office string) {
	other := false
	switch office {
	case "new_area_authority", "place_name_authority", "committee":
	case "housing_department", "sector_department":
		f.Approver, other = office, true
	default:
		f.Approver = office
	}
	f.Clock.OtherDepartment = &other
}
