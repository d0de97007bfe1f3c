package lists

// Outcome says what becomes of a row of a list.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	Faulty    Outcome = "faulty"
)

// Tell puts the faults of a row together: what could not be read of it, and what is wrong
// with what was. What could not be read of a field is said once, not that the field is
// missing, too. O(faults).
func Tell(unread, wrong []Fault) []Fault {
	said := map[string]bool{}
	out := append([]Fault{}, unread...)
	for _, f := range unread {
		said[f.Field], said[f.Column] = true, true
	}
	for _, f := range wrong {
		if !said[f.Field] && (f.Column == "" || !said[f.Column]) {
			out = append(out, f)
			said[f.Field] = true
		}
	}
	return out
}
