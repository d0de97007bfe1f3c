package addresses

import (
	"cmp"
	"slices"

	"yike/internal/record"
)

// Pair is a row of the old–new table (新旧对照表): what an address was called, what the door is
// called now, and by which document. A door that is gone has no new address.
type Pair struct {
	OldID, NewID string // the same where the road was renamed and the door kept its number
	Old, New     string // short texts; New is "" where nothing has its place
	OldFull      string
	NewFull      string
	Why          DecisionKind
	Decision     Decision
	Until        record.Day // the last day of the old address
	Division     string
}

// Pairs gives the rows that one address makes: one for each text that it had under a former name
// and, where it is historical, one for each successor, or one that says it is gone. Reserved
// numbers that were given up make none: nobody was told of them. by gives an address by its id.
// The rows are by day, the oldest first. O(former + successors).
func Pairs(a Address, by func(id string) (Address, bool)) []Pair {
	var out []Pair
	for i, o := range a.Former {
		next, full := a.Short, a.Text
		if i+1 < len(a.Former) {
			next, full = a.Former[i+1].Short, a.Former[i+1].Text
		}
		out = append(out, Pair{
			OldID: a.ID, NewID: a.ID, Old: o.Short, New: next, OldFull: o.Text, NewFull: full, Why: o.Decision.Kind, Decision: o.Decision, Until: o.Until, Division: a.Division,
		})
	}
	if a.State == Historical && a.ValidUntil != "" && !a.Withheld() {
		ended := Pair{OldID: a.ID, Old: a.Short, OldFull: a.Text, Why: a.Decision.Kind, Decision: a.Decision, Until: a.ValidUntil, Division: a.Division}
		if len(a.Successors) == 0 {
			out = append(out, ended)
		}
		for _, id := range a.Successors {
			row := ended
			row.NewID = id
			if n, ok := by(id); ok && n.State.Public() {
				row.New, row.NewFull = n.Short, n.Text
			}
			out = append(out, row)
		}
	}
	SortPairs(out)
	return out
}

// SortPairs puts rows in the order of the days on which the old addresses ended; of one day they
// stay in their order.
func SortPairs(rows []Pair) {
	slices.SortStableFunc(rows, func(a, b Pair) int { return cmp.Compare(a.Until, b.Until) })
}

// Withheld reports whether a historical address was a reserved number that was given up: it
// ended without a document, and nobody outside was ever told of it.
func (a Address) Withheld() bool { return a.State == Historical && a.Decision.Kind == "" }

// Renamed gives an address under the other name of its place: its text and, before it, what it
// was called until then. An address whose text stays is given as it is.
func (a Address) Renamed(w Written, d Decision, until record.Day) Address {
	if w.Short == a.Short && w.Full == a.Text {
		return a
	}
	if a.Short != w.Short && a.State != Reserved {
		a.Former = append(slices.Clone(a.Former), Former{Text: a.Text, Short: a.Short, Until: until, Decision: d})
	}
	a.Text, a.Short, a.Roman = w.Full, w.Short, w.Roman
	return a
}

// RenamedBy gives the faults of the document by which a place name was renamed, and of the last day
// of the former texts.
func RenamedBy(d Decision, until, today record.Day) []record.Fault {
	var f faults
	f.decided("decision", d, []DecisionKind{Renaming}, today)
	if _, ok := record.ParseDay(string(until)); !ok || until > today {
		f.add("until", string(until), "请填写旧名称的最后一天，不晚于今天", "give the last day of the former name, today at the latest")
	}
	return f
}
