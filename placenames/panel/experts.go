package panel

import (
	"math/rand/v2"
	"slices"
	"strings"

	"yike/internal/record"
)

// Expert is somebody of the bank.
type Expert struct {
	ID        string
	Version   int
	Name      string
	Fields    []string // what of: linguistics, history, …
	Unit      string   // whom the person works for; "" for nobody
	Title     string   // 职称、职务
	From      record.Day
	Until     record.Day // the last day; "" without end
	AccountID string     // through which opinions are given; "" where they come on paper
	Account   string     // its name, for people
	Retired   bool       // out of the bank, though the term is not over
	Note      string
}

// Serving reports whether the expert may be asked on a day.
func (e Expert) Serving(day record.Day) bool {
	return !e.Retired && e.From <= day && (e.Until == "" || day <= e.Until)
}

// Clean gives the expert without spaces around texts and without empty fields.
func (e Expert) Clean() Expert {
	for _, at := range []*string{&e.Name, &e.Unit, &e.Title, &e.Note} {
		*at = strings.TrimSpace(*at)
	}
	var fields []string
	for _, f := range e.Fields {
		if f = strings.TrimSpace(f); f != "" && !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	e.Fields = fields
	return e
}

// Validate gives everything that is wrong about an expert.
func (e Expert) Validate() []record.Fault {
	out := textFault("name", e.Name, 1, 60)
	out = append(out, textFault("unit", e.Unit, 0, 100)...)
	out = append(out, textFault("title", e.Title, 0, 60)...)
	out = append(out, textFault("note", e.Note, 0, 1000)...)
	if len(e.Fields) == 0 || len(e.Fields) > 10 {
		out = append(out, record.Fault{Field: "fields", ZH: "应有 1 到 10 个专业领域", EN: "must be 1 to 10 fields"})
	}
	for _, f := range e.Fields {
		out = append(out, textFault("fields", f, 1, 30)...)
	}
	return append(out, termFaults(e.From, e.Until)...)
}

func termFaults(from, until record.Day) []record.Fault {
	out := append(dayFault("from", from, true), dayFault("until", until, false)...)
	if len(out) == 0 && until != "" && until < from {
		out = append(out, record.Fault{Field: "until", Value: string(until), ZH: "不应早于聘期起始日", EN: "must not be before the first day"})
	}
	return out
}

// Conflict is how an expert stands to whoever applies.
type Conflict string

// The conflicts. Proposed and Declared keep an expert from giving an opinion.
const (
	NoConflict Conflict = ""
	Proposed   Conflict = "proposed" // the program saw something; a person has to say
	Declared   Conflict = "declared" // a person said so: 回避
	Cleared    Conflict = "cleared"  // a person looked and found none
)

// Bars reports whether no opinion may be given.
func (c Conflict) Bars() bool { return c == Proposed || c == Declared }

// ConflictOf proposes a conflict where an expert works for whoever applies: the units are the
// same but for spaces and the width of characters, or one is part of the other and has four
// characters or more, as a department of a company has its name. An expert without a unit, and
// a case without an applicant, have none that can be seen.
func ConflictOf(unit, applicant string) Conflict {
	a, b := plainUnit(unit), plainUnit(applicant)
	if a == "" || b == "" {
		return NoConflict
	}
	if a == b {
		return Proposed
	}
	const telling = 4
	if len([]rune(a)) >= telling && strings.Contains(b, a) || len([]rune(b)) >= telling && strings.Contains(a, b) {
		return Proposed
	}
	return NoConflict
}

func plainUnit(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\u3000':
			return -1
		case c >= '！' && c <= '～': // full width
			c -= '！' - '!'
		}
		return c
	}, strings.ToLower(strings.TrimSpace(s)))
}

// Draw draws n experts by lot among candidates, with a field of theirs in fields where fields
// are given. The same seed and candidates, in whatever order, give the same experts, so that a
// draw can be repeated by whoever doubts it. Fewer come where there are not enough. O(n log n).
func Draw(candidates []Expert, fields []string, n int, seed uint64) []Expert {
	var fit []Expert
	for _, e := range candidates {
		if len(fields) == 0 || slices.ContainsFunc(e.Fields, func(f string) bool { return slices.Contains(fields, f) }) {
			fit = append(fit, e)
		}
	}
	slices.SortFunc(fit, func(a, b Expert) int { return strings.Compare(a.ID, b.ID) })
	//nolint:gosec // a lot that can be repeated, and whose seed the caller has from elsewhere
	lot := rand.New(rand.NewPCG(seed, uint64(len(fit))))
	lot.Shuffle(len(fit), func(i, j int) { fit[i], fit[j] = fit[j], fit[i] })
	return fit[:max(0, min(n, len(fit)))]
}
