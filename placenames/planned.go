package placenames

import (
	"strings"

	"yike/internal/record"
)

// CleanPlanned takes away the space around what a person wrote of a reserved name.
func CleanPlanned(p Planned) Planned {
	for _, t := range []*string{&p.Text, &p.Kind, &p.Plan, &p.Division, &p.Note} {
		*t = strings.TrimSpace(*t)
	}
	tidy(&p.Document)
	return p
}

// ValidatePlanned gives everything about a reserved name that a person may not write so. Only
// the catalogue, the day and the divisions of k count.
func ValidatePlanned(p Planned, k Known) []record.Fault {
	var f faults
	f.words(Name{Text: p.Text, Note: p.Note})
	f.kind(Name{Kind: p.Kind}, k)
	f.place(Name{Divisions: kept([]string{p.Division})}, k)
	for i := range f {
		if f[i].Field == "divisions/0" {
			f[i].Field = "division"
		}
	}
	switch {
	case p.Plan == "":
		f.add("plan", "", "请写明是哪一份地名规划", "say which plan it is of")
	case Characters(p.Plan) > longestPlan:
		f.add("plan", p.Plan, "不应超过 200 个字", "at most 200 characters")
	}
	if p.Document != (Decision{}) {
		f.document("document", p.Document, k.Today)
	}
	f.day("until", p.Until, "")
	return f
}

const longestPlan = 200

// PlannedDifferences gives the fields in which after is not before. Ids and who took the name
// are no content.
func PlannedDifferences(before, after Planned) []record.Difference {
	return record.Differing(plannedContent(before), plannedContent(after))
}

func plannedContent(p Planned) []record.Difference {
	return []record.Difference{
		{Field: "text", Before: p.Text},
		{Field: "kind", Before: p.Kind},
		{Field: "plan", Before: p.Plan},
		{Field: "document", Before: p.Document},
		{Field: "division", Before: p.Division},
		{Field: "until", Before: string(p.Until)},
		{Field: "note", Before: p.Note},
	}
}
