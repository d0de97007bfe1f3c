package panel

import (
	"fmt"

	"yike/internal/record"
)

// Ask is a question to an office (会签).
type Ask struct {
	ID            string
	CaseID        string
	Round         int
	Office        string
	Question      string
	Document      string // number of the letter that asks
	AskedOn, Due  record.Day
	SilenceAgrees bool   // as the rule was when it was asked
	Source        string // of that rule
	Withdrawn     string // why it is asked no more
	Replies       []Reply
	Mine          bool // the reader may answer for the office
}

// Reply is an office's answer. A later one takes its place and both are kept.
type Reply struct {
	ID        string
	Verdict   Verdict
	Text      string
	Document  string
	Day       record.Day
	EnteredBy string
	Own       bool // somebody of the office wrote it
}

// AskStanding is how a question stands on a day.
type AskStanding string

// The standings.
const (
	Waiting      AskStanding = "waiting"
	Answered     AskStanding = "answered"
	Silent       AskStanding = "silent"        // the last day is over and nobody answered
	SilentAgreed AskStanding = "silent_agreed" // the same, and a rule makes that agreement
	NotAsked     AskStanding = "withdrawn"
)

// Standing says how the question stands. Silence is silence; it is agreement only where the
// rule said so when the office was asked.
func (a Ask) Standing(today record.Day) AskStanding {
	switch {
	case a.Withdrawn != "":
		return NotAsked
	case len(a.Replies) > 0:
		return Answered
	case today <= a.Due:
		return Waiting
	case a.SilenceAgrees:
		return SilentAgreed
	}
	return Silent
}

// Last is the answer that holds; nil for none.
func (a Ask) Last() *Reply {
	if len(a.Replies) == 0 {
		return nil
	}
	return &a.Replies[len(a.Replies)-1]
}

// Validate gives everything that is wrong about a question that is to be asked.
func (a Ask) Validate(today record.Day) []record.Fault {
	out := textFault("office", a.Office, 1, 60)
	out = append(out, textFault("question", a.Question, 0, 2000)...)
	out = append(out, textFault("document", a.Document, 0, 100)...)
	return append(out, periodFaults(a.AskedOn, a.Due, today)...)
}

func periodFaults(asked, due, today record.Day) []record.Fault {
	out := append(dayFault("day", asked, true), dayFault("due", due, true)...)
	if len(out) > 0 {
		return out
	}
	if asked > today {
		out = append(out, record.Fault{Field: "day", Value: string(asked), ZH: "不应晚于今天", EN: "must not be after today"})
	}
	if due < asked {
		out = append(out, record.Fault{Field: "due", Value: string(due), ZH: "不应早于征求之日", EN: "must not be before the day of asking"})
	}
	return out
}

// Check gives everything that is wrong about an answer.
func (a Ask) Check(r Reply, today record.Day) []record.Fault {
	if a.Withdrawn != "" {
		return []record.Fault{{Field: "ask", ZH: "已不再征求该单位意见", EN: "this office is asked no more"}}
	}
	var out []record.Fault
	if !r.Verdict.known() {
		out = append(out, record.Fault{Field: "verdict", Value: string(r.Verdict), ZH: "应为同意、修改后同意或不同意", EN: "must be agree, change or disagree"})
	}
	least := 0
	if r.Verdict != Agree {
		least = 1
	}
	out = append(out, textFault("text", r.Text, least, 4000)...)
	out = append(out, textFault("document", r.Document, 0, 100)...)
	out = append(out, dayFault("day", r.Day, true)...)
	if r.Day > today || r.Day < a.AskedOn {
		out = append(out, record.Fault{
			Field: "day", Value: string(r.Day), ZH: fmt.Sprintf("应在 %s 到 %s 之间", a.AskedOn, today), EN: fmt.Sprintf("must be from %s to %s", a.AskedOn, today),
		})
	}
	if !r.Own && r.Document == "" {
		out = append(out, record.Fault{Field: "document", ZH: "代录的答复应写明来函文号", EN: "say by which letter the office answered"})
	}
	return out
}
