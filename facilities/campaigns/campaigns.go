// Package campaigns owns inspections of facilities (清查、达标、考核): a campaign that is sent
// out to the subdistricts with a form and a deadline, the answers that come back for each
// facility, the problems that they find with their rectification and re-check, and the
// scores of a year.
//
// The package is pure. It knows facilities by their ids only; who may do what, and on
// which day one is, others say.
package campaigns

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"yike/internal/record"
)

// Kind is what a campaign is for.
type Kind string

// The kinds.
const (
	Census     Kind = "census"     // 清查: is the record true?
	Compliance Kind = "compliance" // 达标: does the place meet the standard?
	Assessment Kind = "assessment" // 考核: how well is it run? Has scores
)

// Kinds lists the kinds in the order in which people are shown them.
func Kinds() []Kind { return []Kind{Census, Compliance, Assessment} }

// Text says a kind for people.
func (k Kind) Text() (zh, en string) {
	switch k {
	case Census:
		return "清查", "census"
	case Compliance:
		return "达标核查", "compliance check"
	case Assessment:
		return "运营考核", "assessment"
	}
	return string(k), string(k)
}

// State is where a campaign is.
type State string

// The states. A campaign is written as a draft, goes out once, and is closed for good.
const (
	Draft  State = "draft"
	Sent   State = "sent"
	Closed State = "closed"
)

// Campaign is one inspection of many facilities.
type Campaign struct {
	ID       string // UUIDv7
	Version  int
	Title    string
	Kind     Kind
	Year     int // whose scores it counts for
	State    State
	Deadline record.Day
	Guide    string // what whoever goes there should know
	Form     Form
	SentOn   record.Day // "" while it is a draft
}

// Limits of what a person may write.
const (
	longestTitle = 100
	longestText  = 2000
	longestNote  = 500
	mostAsked    = 60
	mostTasks    = 5000
	firstYear    = 2000
	lastYear     = 2100
)

// MostTasks is how many facilities one campaign may have.
const MostTasks = mostTasks

// Validate gives everything about a campaign that cannot be taken.
func Validate(c Campaign) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	if strings.TrimSpace(c.Title) == "" {
		add("title", "", "请填写名称", "a title is needed")
	}
	for _, text := range []struct {
		field, value string
		longest      int
	}{{"title", c.Title, longestTitle}, {"guide", c.Guide, longestText}} {
		if n := utf8.RuneCountInString(text.value); n > text.longest {
			add(text.field, fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", text.longest), fmt.Sprintf("at most %d characters", text.longest))
		}
	}
	if !slices.Contains(Kinds(), c.Kind) {
		add("kind", string(c.Kind), "应为 census、compliance 或 assessment", "must be census, compliance or assessment")
	}
	if c.Year < firstYear || c.Year > lastYear {
		add("year", fmt.Sprint(c.Year), fmt.Sprintf("应在 %d 至 %d 年之间", firstYear, lastYear), fmt.Sprintf("must be from %d to %d", firstYear, lastYear))
	}
	if _, ok := record.ParseDay(string(c.Deadline)); !ok {
		add("deadline", string(c.Deadline), "应为日期，如 2026-12-31", "must be a day such as 2026-12-31")
	}
	return append(out, c.Form.Validate()...)
}

// Patch is what a person wants of a campaign otherwise; nil leaves a part as it is.
type Patch struct {
	Title    *string
	Kind     *Kind
	Year     *int
	Deadline *record.Day
	Guide    *string
	Form     *Form
}

// Apply gives c with what the patch says.
func (p Patch) Apply(c Campaign) Campaign {
	set(&c.Title, p.Title)
	set(&c.Kind, p.Kind)
	set(&c.Year, p.Year)
	set(&c.Deadline, p.Deadline)
	set(&c.Guide, p.Guide)
	set(&c.Form, p.Form)
	c.Title, c.Guide = strings.TrimSpace(c.Title), strings.TrimSpace(c.Guide)
	return c
}

func set[T any](field, to *T) {
	if to != nil {
		*field = *to
	}
}

// ValidateChange gives the faults of a change: of a campaign that is out the form, the
// kind and the year stay, since answers were given to them; of a closed one everything
// does.
func ValidateChange(before, after Campaign) []record.Fault {
	const zh, en = "已下发，不能再改", "it has been sent out and stays as it is"
	var out []record.Fault
	fixed := func(field string, changed bool) {
		if changed {
			out = append(out, record.Fault{Field: field, ZH: zh, EN: en})
		}
	}
	if before.State == Closed {
		return []record.Fault{{Field: "state", Value: string(before.State), ZH: "已结束，不能再改", EN: "it is closed and stays as it is"}}
	}
	if before.State == Sent {
		fixed("kind", before.Kind != after.Kind)
		fixed("year", before.Year != after.Year)
		fixed("form", !before.Form.Same(after.Form))
	}
	return append(out, Validate(after)...)
}
