package facilities

import (
	"reflect"
	"slices"
)

// Unmerged gives a record that another was merged into without what the merge gave it:
// before and after are the two sides of the merge, now is what became of it since. What was
// changed after the merge stays, and so do communities that were added to those it serves.
func Unmerged(before, after, now Facility) Facility {
	out := now
	undo(&out.Type, before.Type, after.Type)
	undo(&out.NameZH, before.NameZH, after.NameZH)
	undo(&out.NameEN, before.NameEN, after.NameEN)
	undo(&out.Status, before.Status, after.Status)
	undo(&out.Address, before.Address, after.Address)
	undo(&out.Capacity, before.Capacity, after.Capacity)
	undo(&out.USCC, before.USCC, after.USCC)
	undo(&out.InstitutionCode, before.InstitutionCode, after.InstitutionCode)
	undo(&out.BureauNo, before.BureauNo, after.BureauNo)
	undo(&out.VerifiedOn, before.VerifiedOn, after.VerifiedOn)
	place := placementOf(now)
	undo(&place, placementOf(before), placementOf(after))
	if place != placementOf(now) {
		out.Unplaced, out.Point, out.PlacedBy, out.PlaceConfidence, out.DivisionCode = place.unplaced, place.point, place.by, place.confidence, before.DivisionCode
	}
	out.Serves = slices.DeleteFunc(slices.Clone(now.Serves), func(code string) bool {
		return slices.Contains(after.Serves, code) && !slices.Contains(before.Serves, code)
	})
	out.Fields = TidyFields(now.Fields)
	for name, v := range TidyFields(after.Fields) {
		was, had := before.Fields[name]
		switch {
		case had && reflect.DeepEqual(was, v), !reflect.DeepEqual(out.Fields[name], v):
		case had:
			out.Fields[name] = was
		default:
			delete(out.Fields, name)
		}
	}
	return out
}

// undo sets now to what it was before a change, where the change is the last that it had.
func undo[T comparable](now *T, before, after T) {
	if before != after && *now == after {
		*now = before
	}
}

type placement struct {
	unplaced   bool
	point      [2]float64
	by         Placing
	confidence int
}

func placementOf(f Facility) placement {
	return placement{f.Unplaced, f.Point, f.PlacedBy, f.PlaceConfidence}
}
