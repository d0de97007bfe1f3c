package campaigns

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"yike/internal/record"
)

// ProblemState is how far a problem is put right.
type ProblemState string

// The states of a problem: found, said to be put right, and seen to be right. A re-check
// that finds it still there opens it again.
const (
	Unsolved  ProblemState = "open"
	Rectified ProblemState = "rectified"
	Solved    ProblemState = "closed"
)

// Problem is something to be put right at a facility.
type Problem struct {
	ID           string // UUIDv7
	Version      int
	Task         string
	Campaign     string
	Facility     string
	NameZH       string // of the facility, as it is now
	NameEN       string
	DivisionCode string
	Question     string
	TextZH       string
	TextEN       string
	State        ProblemState
	FoundOn      record.Day
	DueOn        record.Day
	DoneOn       record.Day // "" until it is said to be put right
	CheckedOn    record.Day // "" until it was seen again
	Note         string     // of the last step
	Rounds       int        // re-checks that found it still there
}

// Step is what somebody does about a problem.
type Step string

// The steps.
const (
	Rectify Step = "rectify" // it is put right
	Recheck Step = "recheck" // it was seen, and is right
	Reopen  Step = "reopen"  // it was seen, and is still wrong
	Extend  Step = "extend"  // more time
)

// Take gives a problem after a step, or what is wrong with the step. due is the new due
// day of a problem that is opened again or given more time.
func (p Problem) Take(step Step, on, due record.Day, note string, today record.Day) (Problem, []record.Fault) {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	from := map[Step][]ProblemState{Rectify: {Unsolved}, Recheck: {Rectified}, Reopen: {Rectified, Solved}, Extend: {Unsolved}}
	allowed, known := from[step]
	switch {
	case !known:
		add("step", string(step), "应为 rectify、recheck、reopen 或 extend", "must be rectify, recheck, reopen or extend")
	case !slices.Contains(allowed, p.State):
		add("step", string(step), "现在的状态不能这样办", "the problem is not at a state for this")
	}
	if _, ok := record.ParseDay(string(on)); !ok || on > today || on < p.FoundOn {
		add("on", string(on), fmt.Sprintf("应在 %s 与今天之间", p.FoundOn), fmt.Sprintf("must be from %s to today", p.FoundOn))
	}
	if step == Reopen || step == Extend {
		if _, ok := record.ParseDay(string(due)); !ok || due < on {
			add("due_on", string(due), "请填写不早于当日的整改期限", "a due day is needed, not before that day")
		}
	}
	if utf8.RuneCountInString(note) > longestNote {
		add("note", "", fmt.Sprintf("不应超过 %d 个字", longestNote), fmt.Sprintf("at most %d characters", longestNote))
	}
	if len(out) > 0 {
		return p, out
	}
	p.Note = strings.TrimSpace(note)
	switch step {
	case Rectify:
		p.State, p.DoneOn = Rectified, on
	case Recheck:
		p.State, p.CheckedOn = Solved, on
	case Reopen:
		p.State, p.CheckedOn, p.DoneOn, p.DueOn = Unsolved, on, "", due
		p.Rounds++
	case Extend:
		p.DueOn = due
	}
	return p, nil
}

// Overdue reports whether a problem should have been put right before a day.
func (p Problem) Overdue(today record.Day) bool { return p.State == Unsolved && p.DueOn < today }

// Progress is how far a campaign, or its part in one division, is.
type Progress struct {
	DivisionCode string
	Tasks        int
	Returned     int // returned or accepted
	Accepted     int
	Problems     int
	Solved       int
	Score        *int // mean of the scores there are, rounded half up; nil without any
}

// Progressed counts tasks and problems by the division that of names for each.
func Progressed(tasks []Task, problems []Problem, of func(division string) string) []Progress {
	by := map[string]*Progress{}
	var order []string
	at := func(code string) *Progress {
		code = of(code)
		if by[code] == nil {
			by[code] = &Progress{DivisionCode: code}
			order = append(order, code)
		}
		return by[code]
	}
	sums, counts := map[string]int{}, map[string]int{}
	for _, t := range tasks {
		p := at(t.DivisionCode)
		p.Tasks++
		if t.State == Returned || t.State == Accepted {
			p.Returned++
		}
		if t.State == Accepted {
			p.Accepted++
		}
		if t.Score != nil {
			sums[p.DivisionCode] += *t.Score
			counts[p.DivisionCode]++
		}
	}
	for _, problem := range problems {
		p := at(problem.DivisionCode)
		p.Problems++
		if problem.State == Solved {
			p.Solved++
		}
	}
	slices.Sort(order)
	out := make([]Progress, 0, len(order))
	for _, code := range order {
		if n := counts[code]; n > 0 {
			mean := (2*sums[code] + n) / (2 * n)
			by[code].Score = &mean
		}
		out = append(out, *by[code])
	}
	return out
}
