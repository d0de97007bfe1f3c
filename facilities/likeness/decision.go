package likeness

import (
	"strings"
	"time"

	"yike/internal/record"
)

// Verdict is what somebody decided of a pair.
type Verdict string

// The verdicts.
const (
	Same      Verdict = "same"      // one place: to be merged
	Different Verdict = "different" // two places, however alike
)

// Decision is what was decided of a pair, by whom and when. A is less than B; see Ordered.
type Decision struct {
	A, B    string
	Verdict Verdict
	Reason  string
	// Division is where the record lies that the one who decides may write. Of facilities it
	// follows from the registry; of a pair of rows it has to be given.
	Division string
	By       string
	At       time.Time
}

// rowSide begins the side of a pair that is a row of a file; see Fingerprint.
const rowSide = "row:"

// IsRow reports whether a side of a pair is the row of a file rather than a facility.
func IsRow(side string) bool { return strings.HasPrefix(side, rowSide) }

// Ordered gives the sides of a pair in the one order in which pairs are kept.
func Ordered(a, b string) (string, string) { return min(a, b), max(a, b) }

// Clean puts the sides in order and takes space off the reason.
func (d Decision) Clean() Decision {
	d.A, d.B = Ordered(d.A, d.B)
	d.Reason = strings.TrimSpace(d.Reason)
	return d
}

// Validate gives what is wrong with a decision as a person sends it.
func (d Decision) Validate(today record.Day) []record.Fault {
	_, faults := record.Change{Reason: d.Reason}.Check(today)
	if d.A == d.B {
		faults = append(faults, record.Fault{Field: "b", Value: d.B, ZH: "两条应是不同的记录", EN: "the two must be different records"})
	}
	if d.Verdict != Same && d.Verdict != Different {
		faults = append(faults, record.Fault{Field: "decision", Value: string(d.Verdict), ZH: "应为 same 或 different", EN: "must be same or different"})
	}
	return faults
}

// Decided looks decisions up by pair.
type Decided map[[2]string]Verdict

// Of gives what was decided of a pair, in either order; "" for nothing.
func (d Decided) Of(a, b string) Verdict {
	a, b = Ordered(a, b)
	return d[[2]string{a, b}]
}

// Add enters a decision. Replaying decisions in the order in which they were made gives
// what holds: a later one of the same pair takes the place of an earlier one.
func (d Decided) Add(x Decision) {
	x = x.Clean()
	d[[2]string{x.A, x.B}] = x.Verdict
}
