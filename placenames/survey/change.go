package survey

import (
	"math"

	"yike/internal/record"
)

// Patch is what a person wants otherwise of a visit; nil leaves a field as it is.
type Patch struct {
	Day      *record.Day
	People   *[]Person
	Track    *[]Fix
	Points   *[]Point
	Findings *Findings
	Note     *string
}

// Apply gives v with what the patch says, cleaned.
func (p Patch) Apply(v Visit) Visit {
	if p.Day != nil {
		v.Day = *p.Day
	}
	if p.People != nil {
		v.People = *p.People
	}
	if p.Track != nil {
		v.Track = Kept(*p.Track)
	}
	if p.Points != nil {
		v.Points = *p.Points
	}
	if p.Findings != nil {
		v.Findings = *p.Findings
	}
	if p.Note != nil {
		v.Note = *p.Note
	}
	return Clean(v)
}

// Changes gives the fields in which a visit is not what it was, in the order of the record. Of a
// track it says how many fixes and metres it has, not where it goes.
func Changes(from, to Visit) []record.Difference { return record.Differing(content(from), content(to)) }

func content(v Visit) []record.Difference {
	var people, points, track any
	if len(v.People) > 0 {
		people = v.People
	}
	if len(v.Points) > 0 {
		list := make([]map[string]any, len(v.Points))
		for i, p := range v.Points {
			list[i] = map[string]any{"kind": p.Kind, "lon": p.Point[0], "lat": p.Point[1], "note": p.Note}
		}
		points = list
	}
	if len(v.Track) > 0 {
		track = map[string]any{"fixes": len(v.Track), "metres": math.Round(Walked(v.Track)), "from": v.Track[0].At, "to": v.Track[len(v.Track)-1].At}
	}
	return []record.Difference{
		{Field: "case_id", Before: v.CaseID},
		{Field: "day", Before: string(v.Day)},
		{Field: "people", Before: people},
		{Field: "track", Before: track},
		{Field: "points", Before: points},
		{Field: "findings", Before: v.Findings},
		{Field: "note", Before: v.Note},
	}
}
