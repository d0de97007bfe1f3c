package record

import "reflect"

// Difference is a field that two versions of a record have otherwise.
type Difference struct {
	Field         string // as the API calls it
	Before, After any
}

// Differing gives the fields whose values differ, in their order. Both lists are of the same
// fields in the same order, with what a version has as Before.
func Differing(from, to []Difference) []Difference {
	var out []Difference
	for i, d := range from {
		d.After = to[i].Before
		if !reflect.DeepEqual(d.Before, d.After) {
			out = append(out, d)
		}
	}
	return out
}

// Values are the differences as the audit log has them: what the fields were and are, by their
// names.
func Values(list []Difference) (before, after map[string]any) {
	before, after = map[string]any{}, map[string]any{}
	for _, d := range list {
		before[d.Field], after[d.Field] = d.Before, d.After
	}
	return before, after
}
