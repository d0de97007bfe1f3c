// Package panel owns what others say of a proposed place name before the authority decides:
// the bank of experts (专家库) with conflicts of interest, their scored opinions and what these
// come to; the offices that are asked and what they answer or leave unanswered; the public
// notice with its comments and what became of each; the committee (地名委) with its meetings,
// quorum and decisions; and whether all of that is complete enough to be the material of a step.
//
// Criteria, quorums, offices, grounds and periods are data (panel.json) that an authority may
// change as a whole, each with where it stands and how well that was read. What nobody answered
// is silence; it is agreement only where the rule of that office says so.
//
// The package is pure: values in, values out, no I/O, no clock, no chance of its own. It knows
// nothing of the procedure whose steps its materials serve, of storage, HTTP or pages.
package panel

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"yike/internal/record"
	"yike/placenames"
)

//go:embed panel.json
var embedded []byte

// ErrNotFound says that there is no such expert, question, notice, comment or meeting.
var ErrNotFound = errors.New("没有这条记录 / there is no such record")

// Verdict is what an opinion says.
type Verdict string

// The verdicts.
const (
	Agree    Verdict = "agree"
	Change   Verdict = "change" // agreed, if something is changed
	Disagree Verdict = "disagree"
)

func (v Verdict) known() bool { return v == Agree || v == Change || v == Disagree }

// Cite is where a parameter stands, and how well that was read: R the text itself, r an
// excerpt, S3 a plan, P proposed by the makers of the program.
type Cite struct {
	SourceZH string `json:"source_zh"`
	SourceEN string `json:"source_en"`
	Grade    string `json:"grade"`
}

// Criterion is what experts score from 1 to 5.
type Criterion struct {
	placenames.Code
	HelpZH string `json:"help_zh"`
	HelpEN string `json:"help_en"`
}

// Office is one that is asked as a rule.
type Office struct {
	Name          string `json:"name"`
	Days          int    `json:"days"`                     // of the calendar, to answer
	SilenceAgrees bool   `json:"silence_agrees,omitempty"` // a rule says that no answer is agreement
	Source        string `json:"source,omitempty"`         // that rule
}

// Share is a part of a whole: Of 2 of 3.
type Share struct {
	Of int `json:"of"`
	In int `json:"in"`
}

// Reached reports whether n of all is at least the share. Nobody of nobody is none.
func (s Share) Reached(n, all int) bool { return all > 0 && n*s.In >= all*s.Of }

// Rules are what an authority has set about its panels.
type Rules struct {
	Version       int               `json:"-"`              // 0 for those of the program, which nobody has set
	Criteria      []Criterion       `json:"criteria"`       // in the order of the form
	Quorum        int               `json:"quorum"`         // opinions of experts without a conflict
	ReviewDays    int               `json:"review_days"`    // of the calendar, for experts to answer
	Offices       []Office          `json:"offices"`        // that are proposed when departments are asked
	OfficesNeeded bool              `json:"offices_needed"` // a consultation asks at least one office
	PublicNeeded  bool              `json:"public_needed"`  // a consultation has a public notice
	NoticeDays    int               `json:"notice_days"`    // the fewest days of a notice, the first and the last with it
	Grounds       []placenames.Code `json:"grounds"`        // of which people choose on the public form
	KeepDays      int               `json:"keep_days"`      // names and contacts of comments, after a notice closed
	Present       Share             `json:"present"`        // of the members of the committee, for a meeting to decide
	DeputiesCount bool              `json:"deputies_count"` // who stands in for a member counts as present
	Votes         bool              `json:"votes"`          // the committee votes; else it decides by agreement
	VoteShare     Share             `json:"vote_share"`     // of those present and not recused, in favour
	Cites         map[string]Cite   `json:"cites"`          // by the name of the field above
}

// Usual gives the rules that come with the program. The error says what is wrong with the
// embedded file; a test keeps it nil.
func Usual() (Rules, error) {
	var r Rules
	if err := json.Unmarshal(embedded, &r); err != nil {
		return r, fmt.Errorf("read the rules of panels: %w", err)
	}
	if err := record.Invalid(r.Validate()); err != nil {
		return r, fmt.Errorf("check the rules of panels: %w", err)
	}
	return r, nil
}

// The bounds of rules.
const (
	mostRows = 40
	mostDays = 3660
)

// Validate gives everything that is wrong about rules; the field names the row, as criteria/0.
func (r Rules) Validate() []record.Fault {
	var out []record.Fault
	for _, n := range []struct {
		field       string
		value, most int
	}{
		{"quorum", r.Quorum, 50}, {"review_days", r.ReviewDays, mostDays}, {"notice_days", r.NoticeDays, mostDays}, {"keep_days", r.KeepDays, mostDays},
	} {
		if n.value < 1 || n.value > n.most {
			out = append(out, record.Fault{
				Field: n.field, Value: fmt.Sprint(n.value), ZH: fmt.Sprintf("应为 1 到 %d", n.most), EN: fmt.Sprintf("must be 1 to %d", n.most),
			})
		}
	}
	for field, s := range map[string]Share{"present": r.Present, "vote_share": r.VoteShare} {
		if s.Of < 1 || s.In < s.Of || s.In > 1000 {
			out = append(out, record.Fault{Field: field, ZH: "应为不超过 1 的分数，如 2/3", EN: "must be a fraction of at most 1, such as 2 of 3"})
		}
	}
	if len(r.Criteria) == 0 || len(r.Criteria) > mostRows {
		out = append(out, record.Fault{Field: "criteria", ZH: "应有 1 到 40 项标准", EN: "must be 1 to 40 criteria"})
	}
	var criteria []placenames.Code
	for _, c := range r.Criteria {
		criteria = append(criteria, c.Code)
	}
	out = append(out, codeFaults("criteria", criteria)...)
	out = append(out, codeFaults("grounds", r.Grounds)...)
	if len(r.Grounds) == 0 || len(r.Grounds) > mostRows {
		out = append(out, record.Fault{Field: "grounds", ZH: "应有 1 到 40 项理由", EN: "must be 1 to 40 grounds"})
	}
	out = append(out, r.officeFaults()...)
	slices.SortStableFunc(out, func(a, b record.Fault) int { return strings.Compare(a.Field, b.Field) })
	return out
}

func (r Rules) officeFaults() []record.Fault {
	var out []record.Fault
	if len(r.Offices) > mostRows {
		out = append(out, record.Fault{Field: "offices", ZH: "不应超过 40 个", EN: "at most 40"})
	}
	seen := map[string]bool{}
	for i, o := range r.Offices {
		at := fmt.Sprintf("offices/%d", i)
		out = append(out, textFault(at+"/name", o.Name, 1, 60)...)
		if seen[o.Name] {
			out = append(out, record.Fault{Field: at + "/name", Value: o.Name, ZH: "重复", EN: "is there twice"})
		}
		seen[o.Name] = true
		if o.Days < 1 || o.Days > 365 {
			out = append(out, record.Fault{Field: at + "/days", Value: fmt.Sprint(o.Days), ZH: "应为 1 到 365", EN: "must be 1 to 365"})
		}
		if o.SilenceAgrees && strings.TrimSpace(o.Source) == "" {
			out = append(out, record.Fault{Field: at + "/source", ZH: "“逾期视为同意”必须写明依据", EN: "say which rule makes silence agreement"})
		}
	}
	return out
}

func codeFaults(field string, codes []placenames.Code) []record.Fault {
	var out []record.Fault
	seen := map[string]bool{}
	for i, c := range codes {
		at := fmt.Sprintf("%s/%d", field, i)
		if !plainCode(c.Code) {
			out = append(out, record.Fault{Field: at + "/code", Value: c.Code, ZH: "应为小写字母、数字或 _", EN: "must be small letters, digits or _"})
		}
		if seen[c.Code] {
			out = append(out, record.Fault{Field: at + "/code", Value: c.Code, ZH: "重复", EN: "is there twice"})
		}
		seen[c.Code] = true
		out = append(out, textFault(at+"/zh", c.ZH, 1, 60)...)
		out = append(out, textFault(at+"/en", c.EN, 1, 120)...)
	}
	return out
}

func plainCode(code string) bool {
	return code != "" && len(code) <= 40 && !strings.ContainsFunc(code, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' })
}

// textFault gives what is wrong with a text that must have from least to most characters.
func textFault(field, text string, least, most int) []record.Fault {
	n := placenames.Characters(strings.TrimSpace(text))
	switch {
	case n < least:
		return []record.Fault{{Field: field, ZH: "不能为空", EN: "must not be empty"}}
	case n > most:
		return []record.Fault{{Field: field, Value: fmt.Sprint(n), ZH: fmt.Sprintf("不应超过 %d 个字", most), EN: fmt.Sprintf("at most %d characters", most)}}
	case strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' && c != '\r' }):
		return []record.Fault{{Field: field, ZH: "不能有控制字符", EN: "must not hold control characters"}}
	}
	return nil
}

// dayFault gives what is wrong with a day; "" is one only where it may be.
func dayFault(field string, d record.Day, needed bool) []record.Fault {
	if d == "" && !needed {
		return nil
	}
	if _, ok := record.ParseDay(string(d)); !ok {
		return []record.Fault{{Field: field, Value: string(d), ZH: "应为日期，如 2026-11-27", EN: "must be a day such as 2026-11-27"}}
	}
	return nil
}
