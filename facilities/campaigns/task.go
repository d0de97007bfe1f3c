package campaigns

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"yike/internal/record"
)

// TaskState is how far one facility of a campaign is.
type TaskState string

// The states of a task. A return is accepted, or sent back to be done again.
const (
	Open     TaskState = "open"
	Returned TaskState = "returned"
	SentBack TaskState = "sent_back"
	Accepted TaskState = "accepted"
)

// Task is one facility of a campaign.
type Task struct {
	ID           string // UUIDv7
	Version      int
	Campaign     string
	Facility     string // id
	NameZH       string // of the facility, as it is now
	NameEN       string
	Type         string
	Address      string
	DivisionCode string
	Lon, Lat     *float64 // of the facility; nil while it is not placed
	State        TaskState
	Answers      map[string]any // by question: "yes", "no", the value of an option, a text, or a float64
	Note         string
	VisitedOn    record.Day // "" not visited yet
	Score        *int       // of an assessment, once it is returned
	Verdict      string     // why it was sent back
}

// Answer is what a person who was there returns.
type Answer struct {
	Answers   map[string]any
	Note      string
	VisitedOn record.Day
	Final     bool // it is returned; else kept to go on later
}

// Problems gives everything about an answer that cannot be taken: of one that is kept to
// go on later only what is wrong, of a final one what is missing, too. photos is how many
// pictures there are.
func (a Answer) Problems(c Campaign, photos int, today record.Day) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	for _, code := range slices.Sorted(maps.Keys(a.Answers)) {
		q, ok := c.Form.Find(code)
		if !ok {
			add("answers."+code, "", "表中没有这个问题", "the form has no such question")
			continue
		}
		if zh, en := q.fault(a.Answers[code]); zh != "" {
			add("answers."+code, fmt.Sprint(a.Answers[code]), zh, en)
		}
	}
	if utf8.RuneCountInString(a.Note) > longestText {
		add("note", "", fmt.Sprintf("不应超过 %d 个字", longestText), fmt.Sprintf("at most %d characters", longestText))
	}
	if _, ok := record.ParseDay(string(a.VisitedOn)); a.VisitedOn != "" && !ok {
		add("visited_on", string(a.VisitedOn), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
	} else if a.VisitedOn > today {
		add("visited_on", string(a.VisitedOn), "不应晚于今天", "must not be after today")
	}
	if a.Final {
		out = append(out, a.missing(c, photos)...)
	}
	return out
}

func (a Answer) missing(c Campaign, photos int) []record.Fault {
	var out []record.Fault
	if a.VisitedOn == "" {
		out = append(out, record.Fault{Field: "visited_on", ZH: "请填写到场日期", EN: "say on which day you were there"})
	}
	for _, q := range c.Form.Questions {
		_, given := a.Answers[q.Code]
		switch {
		case !q.Required:
		case q.Kind == Photo && photos == 0:
			out = append(out, record.Fault{Field: "answers." + q.Code, ZH: "请至少拍一张照片", EN: "a picture is needed"})
		case q.Kind != Photo && !given:
			out = append(out, record.Fault{Field: "answers." + q.Code, ZH: "请回答", EN: "an answer is needed"})
		}
	}
	return out
}

// Found is a problem that an answer names.
type Found struct {
	Question string
	ZH, EN   string // what is wrong, in words
}

// Found gives the problems that answers name, in the order of the form.
func (f Form) Found(answers map[string]any) []Found {
	var out []Found
	for _, q := range f.Questions {
		answer, _ := answers[q.Code].(string)
		if answer == "" || !slices.Contains(q.Problem, answer) {
			continue
		}
		zh, en := q.said(answer)
		out = append(out, Found{Question: q.Code, ZH: q.ZH + " " + zh, EN: q.english() + " " + en})
	}
	return out
}

func (q Question) english() string {
	if q.EN == "" {
		return q.ZH
	}
	return q.EN
}

// said says an answer for people.
func (q Question) said(answer string) (zh, en string) {
	switch {
	case q.Kind == YesNo && answer == "yes":
		return "是", "Yes"
	case q.Kind == YesNo:
		return "否", "No"
	}
	for _, o := range q.Options {
		if o.Value == answer {
			return o.ZH, o.EN
		}
	}
	return answer, answer
}

// Score is what answers bring of 100: points of the questions that were answered without
// a problem, of those of all questions that bring points, rounded half up. nil for a form
// without points.
func (f Form) Score(answers map[string]any) *int {
	most, got := 0, 0
	for _, q := range f.Questions {
		most += q.Points
		if answer, _ := answers[q.Code].(string); answer != "" && !slices.Contains(q.Problem, answer) {
			got += q.Points
		}
	}
	if most == 0 {
		return nil
	}
	score := (got*200 + most) / (2 * most)
	return &score
}

// Verifies reports whether answers say that the record agrees with the place.
func (f Form) Verifies(answers map[string]any) bool {
	return slices.ContainsFunc(f.Questions, func(q Question) bool { return q.Verifies && answers[q.Code] == "yes" })
}
