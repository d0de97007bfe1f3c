package signs

import (
	"github.com/paulmach/orb"

	"yike/internal/record"
)

// Patch is what a person wants otherwise of a sign; nil leaves a field as it is. How far the
// sign is changes by moves only.
type Patch struct {
	Text, Roman, Where, Division, Keeper, Kind, Note *string
	Point                                            *orb.Point // lon/lat WGS 84
	Unplace                                          bool       // nobody knows any more where it is
	SeenOn, DueBy                                    *record.Day
}

// Apply gives s with what the patch says, its texts trimmed. A sign that is moved on the map
// belongs to the division there, unless the patch names one.
func (p Patch) Apply(s Sign) Sign {
	for _, f := range []struct{ field, to *string }{
		{&s.Text, p.Text}, {&s.Roman, p.Roman}, {&s.Where, p.Where}, {&s.Division, p.Division}, {&s.Keeper, p.Keeper}, {&s.Kind, p.Kind}, {&s.Note, p.Note},
	} {
		if f.to != nil {
			*f.field = *f.to
		}
	}
	if p.Point != nil {
		s.Point, s.Placed = *p.Point, true
		if p.Division == nil {
			s.Division = ""
		}
	}
	if p.Unplace {
		s.Point, s.Placed = orb.Point{}, false
	}
	if p.SeenOn != nil {
		s.SeenOn = *p.SeenOn
	}
	if p.DueBy != nil {
		s.DueBy = *p.DueBy
	}
	return Clean(s)
}

// Differences gives the fields in which a sign is not what it was, in the order of the record.
func Differences(from, to Sign) []record.Difference {
	return record.Differing(content(from), content(to))
}

func content(s Sign) []record.Difference {
	var point any
	if s.Placed {
		point = []float64{s.Point[0], s.Point[1]}
	}
	return []record.Difference{
		{Field: "name_id", Before: s.NameID},
		{Field: "kind", Before: s.Kind},
		{Field: "text", Before: s.Text},
		{Field: "roman", Before: s.Roman},
		{Field: "where", Before: s.Where},
		{Field: "position", Before: point},
		{Field: "division_code", Before: s.Division},
		{Field: "keeper", Before: s.Keeper},
		{Field: "state", Before: string(s.State)},
		{Field: "needed_on", Before: string(s.NeededOn)},
		{Field: "ordered_on", Before: string(s.OrderedOn)},
		{Field: "made_on", Before: string(s.MadeOn)},
		{Field: "stood_on", Before: string(s.StoodOn)},
		{Field: "seen_on", Before: string(s.SeenOn)},
		{Field: "bad_since", Before: string(s.BadSince)},
		{Field: "removed_on", Before: string(s.RemovedOn)},
		{Field: "due_by", Before: string(s.DueBy)},
		{Field: "note", Before: s.Note},
	}
}
