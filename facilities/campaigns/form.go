package campaigns

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"unicode/utf8"

	"yike/internal/record"
)

// AnswerKind is the form of an answer.
type AnswerKind string

// The forms of an answer. A photo is kept with the record of the answer, and the question
// only asks for it.
const (
	YesNo  AnswerKind = "yes_no"
	Choice AnswerKind = "choice"
	Number AnswerKind = "number"
	Text   AnswerKind = "text"
	Photo  AnswerKind = "photo"
)

// Option is one answer to choose.
type Option struct {
	Value string `json:"value"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// Question is one line of a form.
type Question struct {
	Code     string     `json:"code"` // unique in the form
	ZH       string     `json:"zh"`
	EN       string     `json:"en"`
	Kind     AnswerKind `json:"kind"`
	Options  []Option   `json:"options,omitempty"`
	Unit     string     `json:"unit,omitempty"`
	Required bool       `json:"required,omitempty"`
	// Problem are the answers that are a problem to be put right: yes, no, or values of
	// options.
	Problem []string `json:"problem,omitempty"`
	// Points are what the answer brings to the score; 0 for a question that brings none.
	// An answer that is a problem brings nothing.
	Points int `json:"points,omitempty"`
	// Verifies marks the question whether the record agrees with the place: "yes" makes
	// the record verified on the day of the visit.
	Verifies bool `json:"verifies,omitempty"`
}

// Form is what is asked of each facility.
type Form struct {
	Questions []Question `json:"questions"`
}

// Same reports whether two forms ask the same.
func (f Form) Same(o Form) bool {
	if len(f.Questions) == 0 && len(o.Questions) == 0 {
		return true
	}
	return reflect.DeepEqual(f, o)
}

// Find gives a question by its code; false when there is none.
func (f Form) Find(code string) (Question, bool) {
	i := slices.IndexFunc(f.Questions, func(q Question) bool { return q.Code == code })
	if i < 0 {
		return Question{}, false
	}
	return f.Questions[i], true
}

// Validate gives everything about a form that cannot be asked.
func (f Form) Validate() []record.Fault {
	var out []record.Fault
	add := func(code, zh, en string) {
		out = append(out, record.Fault{Field: "form", Value: code, ZH: zh, EN: en})
	}
	if len(f.Questions) == 0 {
		add("", "请至少设一个问题", "at least one question is needed")
	}
	if len(f.Questions) > mostAsked {
		add(fmt.Sprint(len(f.Questions)), fmt.Sprintf("不应多于 %d 个问题", mostAsked), fmt.Sprintf("at most %d questions", mostAsked))
	}
	seen := map[string]bool{}
	for _, q := range f.Questions {
		switch {
		case q.Code == "" || len(q.Code) > 64 || seen[q.Code]:
			add(q.Code, "每个问题要有一个不重复的代码", "every question needs a code of its own")
		case q.ZH == "" || utf8.RuneCountInString(q.ZH) > longestNote || utf8.RuneCountInString(q.EN) > longestNote:
			add(q.Code, "请写明问题", "the question is empty or too long")
		case !slices.Contains([]AnswerKind{YesNo, Choice, Number, Text, Photo}, q.Kind):
			add(q.Code, "应为 yes_no、choice、number、text 或 photo", "must be yes_no, choice, number, text or photo")
		case (q.Kind == Choice) != (len(q.Options) > 0):
			add(q.Code, "只有选择题有选项，且不能没有", "options are for choices, which need some")
		case q.Points < 0 || q.Points > 1000 || q.Points > 0 && q.Kind != YesNo && q.Kind != Choice:
			add(q.Code, "只有是非题和选择题可以计分，0 至 1000 分", "only questions of yes and no, and choices, bring points, 0 to 1000")
		case q.Verifies && q.Kind != YesNo:
			add(q.Code, "核实记录的问题应为是非题", "the question that verifies the record must be one of yes and no")
		case !q.problemsKnown():
			add(q.Code, "构成问题的答案应是可选的答案", "an answer that is a problem must be one that can be given")
		}
		seen[q.Code] = true
	}
	return out
}

func (q Question) problemsKnown() bool {
	for _, p := range q.Problem {
		switch q.Kind {
		case YesNo:
			if p != "yes" && p != "no" {
				return false
			}
		case Choice:
			if !slices.ContainsFunc(q.Options, func(o Option) bool { return o.Value == p }) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// fault says why an answer is none to the question; "" where it is.
func (q Question) fault(answer any) (zh, en string) {
	switch q.Kind {
	case YesNo:
		if answer != "yes" && answer != "no" {
			return "应为 yes 或 no", "must be yes or no"
		}
	case Choice:
		if !slices.ContainsFunc(q.Options, func(o Option) bool { return o.Value == answer }) {
			return "不是所列的选项", "is none of the options"
		}
	case Number:
		if n, ok := answer.(float64); !ok || math.IsNaN(n) || math.IsInf(n, 0) || n < 0 {
			return "应为不小于 0 的数", "must be a number that is not below 0"
		}
	case Text, Photo:
		if text, ok := answer.(string); !ok || utf8.RuneCountInString(text) > longestText || !utf8.ValidString(text) {
			return fmt.Sprintf("应为文字，不超过 %d 个字", longestText), fmt.Sprintf("must be a text of at most %d characters", longestText)
		}
	}
	return "", ""
}

//go:embed forms.json
var formsJSON []byte

// Template is a form that ships, to begin from.
type Template struct {
	Kind  Kind   `json:"kind"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
	Guide string `json:"guide"`
	Form  Form   `json:"form"`
}

// Templates gives the forms that ship. The error says what is wrong with the embedded
// file; a test keeps it nil.
func Templates() ([]Template, error) {
	var list []Template
	dec := json.NewDecoder(bytes.NewReader(formsJSON))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		return nil, fmt.Errorf("read the forms: %w", err)
	}
	for _, t := range list {
		if faults := t.Form.Validate(); len(faults) > 0 {
			return nil, fmt.Errorf("read the forms: %s: %s: %s", t.EN, faults[0].Value, faults[0].EN)
		}
	}
	return list, nil
}
