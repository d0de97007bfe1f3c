package panel

import (
	"fmt"
	"slices"
	"strings"

	"yike/internal/record"
)

// LongestComment is how many characters a comment of the public may have.
const LongestComment = 1000

// Notice is a public notice of a case (公示), with the name as it was proposed that day. It
// holds no personal data.
type Notice struct {
	ID        string
	Version   int
	Number    string // 2026-003
	CaseID    string
	Round     int
	Act       string // naming, renaming, retirement
	Name      string
	Roman     string
	Kind      string // its code
	Former    string // the name until now, of a renaming
	Extent    string // where it is, in words
	Meaning   string
	Text      string // why, and what else people should know
	Contact   string // of the office: its name and telephone
	Sketch    Sketch // where it is, drawn; empty where nobody drew it
	Opens     record.Day
	Closes    record.Day // the last day
	Withdrawn string     // why it is not open any more; "" else
}

// NoticeState is how a notice stands on a day.
type NoticeState string

// The states.
const (
	Coming   NoticeState = "coming"
	Open     NoticeState = "open"
	Closed   NoticeState = "closed"
	TakenOff NoticeState = "withdrawn"
)

// State says how the notice stands on a day: open from its first day to its last, both with it.
func (n Notice) State(today record.Day) NoticeState {
	switch {
	case n.Withdrawn != "":
		return TakenOff
	case today < n.Opens:
		return Coming
	case today > n.Closes:
		return Closed
	}
	return Open
}

// Validate gives everything that is wrong about a notice that is to be published today.
func (n Notice) Validate(rules Rules, today record.Day) []record.Fault {
	var out []record.Fault
	for _, t := range []struct {
		field, text string
		least, most int
	}{
		{"name", n.Name, 1, 60},
		{"roman", n.Roman, 0, 200},
		{"former", n.Former, 0, 60},
		{"extent", n.Extent, 1, 500},
		{"meaning", n.Meaning, 0, 500},
		{"text", n.Text, 1, 2000},
		{"contact", n.Contact, 1, 200},
	} {
		out = append(out, textFault(t.field, t.text, t.least, t.most)...)
	}
	out = append(out, dayFault("opens", n.Opens, true)...)
	out = append(out, dayFault("closes", n.Closes, true)...)
	if len(out) > 0 {
		return out
	}
	if n.Opens < today {
		out = append(out, record.Fault{Field: "opens", Value: string(n.Opens), ZH: "不应早于今天", EN: "must not be before today"})
	}
	if days := DaysFrom(n.Opens, n.Closes); days < rules.NoticeDays {
		out = append(out, record.Fault{
			Field: "closes", Value: string(n.Closes), ZH: fmt.Sprintf("公示不应少于 %d 日", rules.NoticeDays), EN: fmt.Sprintf("a notice is open for at least %d days", rules.NoticeDays),
		})
	}
	return out
}

// Position is for or against.
type Position string

// The positions.
const (
	Support Position = "support"
	Object  Position = "object"
	Propose Position = "propose" // another name
)

// Comment is what somebody of the public says of a notice. It is given once and never changed.
type Comment struct {
	ID       string
	NoticeID string
	Position Position
	Proposal string // the other name
	Grounds  []string
	Text     string
	Day      record.Day
	Person   Person // as the reader may see it
	Answers  []Answer
}

// Person is who commented, as far as they said. It is kept apart from the comment and deleted
// some days after the notice closed.
type Person struct{ Name, Contact string }

// Masked gives the person with so much left as tells two apart: 王**, 138****1234.
func (p Person) Masked(phone func(string) string) Person {
	out := Person{Contact: phone(p.Contact)}
	if name := []rune(p.Name); len(name) > 0 {
		out.Name = string(name[:1]) + "**"
	}
	if at := strings.Index(p.Contact, "@"); at > 0 {
		out.Contact = string([]rune(p.Contact)[:1]) + "***" + p.Contact[at:]
	}
	return out
}

// Clean gives the comment without spaces around texts; a proposal only where one is made.
func (c Comment) Clean() Comment {
	c.Text, c.Proposal = strings.TrimSpace(strings.ReplaceAll(c.Text, "\r\n", "\n")), strings.TrimSpace(c.Proposal)
	c.Person = Person{strings.TrimSpace(c.Person.Name), strings.TrimSpace(c.Person.Contact)}
	if c.Position != Propose {
		c.Proposal = ""
	}
	c.Grounds = slices.Compact(slices.Sorted(slices.Values(c.Grounds)))
	return c
}

// Validate gives everything that is wrong about a comment.
func (c Comment) Validate(rules Rules) []record.Fault {
	var out []record.Fault
	if c.Position != Support && c.Position != Object && c.Position != Propose {
		out = append(out, record.Fault{Field: "position", Value: string(c.Position), ZH: "请选择支持、反对或另提名称", EN: "choose whether you support, object or propose another name"})
	}
	least := 0
	if c.Position == Propose {
		least = 1
	}
	out = append(out, textFault("proposal", c.Proposal, least, 30)...)
	for _, g := range c.Grounds {
		if !slices.ContainsFunc(rules.Grounds, func(known groundCode) bool { return known.Code == g }) {
			out = append(out, record.Fault{Field: "grounds", Value: g, ZH: "没有这项理由", EN: "there is no such ground"})
			break
		}
	}
	if c.Position != Support && len(c.Grounds) == 0 && c.Text == "" {
		out = append(out, record.Fault{Field: "text", ZH: "请选择理由或写明意见", EN: "choose a ground or say why"})
	}
	out = append(out, textFault("text", c.Text, 0, LongestComment)...)
	out = append(out, textFault("person_name", c.Person.Name, 0, 40)...)
	return append(out, textFault("contact", c.Person.Contact, 0, 60)...)
}

// Handling is what became of a comment.
type Handling string

// The ways.
const (
	Adopted    Handling = "adopted"
	Partly     Handling = "partly"
	NotAdopted Handling = "not_adopted"
	Noted      Handling = "noted" // of one that asks for nothing, as support does
)

// Answer is what the authority says to a comment. A later one takes its place and both are kept.
type Answer struct {
	Handling Handling
	Reason   string
	Day      record.Day
	By       string
}

// Last is the answer that holds; nil for none.
func (c Comment) Last() *Answer {
	if len(c.Answers) == 0 {
		return nil
	}
	return &c.Answers[len(c.Answers)-1]
}

// Check gives everything that is wrong about an answer to the comment: all but a word of
// acknowledgement of support need a reason, which the public reads.
func (c Comment) Check(a Answer) []record.Fault {
	var out []record.Fault
	switch a.Handling {
	case Adopted, Partly, NotAdopted:
	case Noted:
		if c.Position != Support {
			out = append(out, record.Fault{Field: "handling", Value: string(a.Handling), ZH: "反对和建议须答复是否采纳", EN: "say of an objection or a proposal whether it is adopted"})
		}
	default:
		out = append(out, record.Fault{Field: "handling", Value: string(a.Handling), ZH: "应为采纳、部分采纳、不采纳或知悉", EN: "must be adopted, partly, not_adopted or noted"})
	}
	least := 1
	if a.Handling == Noted {
		least = 0
	}
	return append(out, textFault("reason", a.Reason, least, 1000)...)
}
