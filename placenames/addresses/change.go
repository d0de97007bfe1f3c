package addresses

import (
	"slices"

	"yike/internal/record"
)

// Patch is what a person wants otherwise of an address; nil leaves a field as it is. Its state
// changes by moves only, and its text by the rule.
type Patch struct {
	Level                   *Level
	NameID, ParentID        *string
	Number, Suffix, Label   *string
	Main                    *bool
	MainID, Roman, Division *string
	Positions               *[]Position
	Code                    *Code
	Codes                   *[]ForeignCode
	Custody                 *Custody
	Decision                *Decision
	Note                    *string
}

// Apply gives a with what the patch says, its texts trimmed.
func (p Patch) Apply(a Address) Address {
	set(&a.Level, p.Level)
	for _, f := range []struct{ field, to *string }{
		{&a.NameID, p.NameID},
		{&a.ParentID, p.ParentID},
		{&a.Number, p.Number},
		{&a.Suffix, p.Suffix},
		{&a.Label, p.Label},
		{&a.MainID, p.MainID},
		{&a.Roman, p.Roman},
		{&a.Division, p.Division},
		{&a.Note, p.Note},
	} {
		set(f.field, f.to)
	}
	set(&a.Main, p.Main)
	set(&a.Positions, p.Positions)
	set(&a.Code, p.Code)
	set(&a.Codes, p.Codes)
	set(&a.Custody, p.Custody)
	set(&a.Decision, p.Decision)
	return Clean(a)
}

func set[T any](field, to *T) {
	if to != nil {
		*field = *to
	}
}

// Changed gives the faults of a change from one version to the next that is not a correction: a
// door that people know is not given another number, name or place in the tree by editing it. It
// is renumbered, by a new record that the old one names. What is not approved yet may change.
func Changed(before, after Address, c record.Change) []record.Fault {
	var f faults
	if before.State == Historical && !c.Correction {
		f.add("state", string(before.State), "历史地址不再变更；原来就登记错误的，请用更正", "a historical address does not change any more; if it was entered wrongly, make it a correction")
	}
	if c.Correction || before.State == Reserved || before.State == Provisional {
		return f
	}
	for _, d := range []struct{ field, before, after string }{
		{"level", string(before.Level), string(after.Level)},
		{"name_id", before.NameID, after.NameID},
		{"parent_id", before.ParentID, after.ParentID},
		{"number", before.Number, after.Number},
		{"suffix", before.Suffix, after.Suffix},
		{"label", before.Label, after.Label},
	} {
		if d.before != d.after {
			f.add(d.field, d.after, "标准地址改号应新建地址，并由原地址指明；原来就登记错误的，请用更正",
				"a standard address is renumbered by a new record that this one names; if it was entered wrongly, make it a correction")
		}
	}
	return f
}

// Differences gives the fields in which an address is not what it was, in the order of the
// record. Ids and versions are no content.
func Differences(from, to Address) []record.Difference {
	return record.Differing(content(from), content(to))
}

func content(a Address) []record.Difference {
	var places []any
	for _, p := range a.Positions {
		places = append(places, map[string]any{
			"kind": string(p.Kind), "lon": p.Point[0], "lat": p.Point[1], "source": string(p.Source), "accuracy_m": p.Accuracy, "day": string(p.Day), "note": p.Note,
		})
	}
	return []record.Difference{
		{Field: "level", Before: string(a.Level)},
		{Field: "name_id", Before: a.NameID},
		{Field: "parent_id", Before: a.ParentID},
		{Field: "number", Before: a.Number},
		{Field: "suffix", Before: a.Suffix},
		{Field: "label", Before: a.Label},
		{Field: "main", Before: a.Main},
		{Field: "main_id", Before: a.MainID},
		{Field: "state", Before: string(a.State)},
		{Field: "text", Before: a.Text},
		{Field: "roman", Before: a.Roman},
		{Field: "division_code", Before: a.Division},
		{Field: "positions", Before: places},
		{Field: "code", Before: a.Code},
		{Field: "foreign_codes", Before: orNil(a.Codes)},
		{Field: "custody", Before: string(a.Custody)},
		{Field: "decision", Before: a.Decision},
		{Field: "former", Before: orNil(a.Former)},
		{Field: "successor_ids", Before: orNil(a.Successors)},
		{Field: "valid_until", Before: string(a.ValidUntil)},
		{Field: "note", Before: a.Note},
	}
}

// orNil is a list as it is compared and shown: one without entries is none.
func orNil[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	return slices.Clone(list)
}
