package panel

import (
	"fmt"
	"slices"
	"strings"

	"yike/internal/record"
)

// Post is what somebody is on the committee.
type Post string

// The posts.
const (
	Chair  Post = "chair"  // 主任
	Vice   Post = "vice"   // 副主任
	Member Post = "member" // 委员
)

// Sitting is somebody who sits on the committee.
type Sitting struct {
	ID        string
	Version   int
	Name      string
	Office    string
	Post      Post
	From      record.Day
	Until     record.Day // the last day; "" without end
	AccountID string
	Account   string // its name, for people
}

// Serving reports whether somebody sits on the committee on a day.
func (s Sitting) Serving(day record.Day) bool {
	return s.From <= day && (s.Until == "" || day <= s.Until)
}

// Validate gives everything that is wrong about a member.
func (s Sitting) Validate() []record.Fault {
	out := textFault("name", s.Name, 1, 60)
	out = append(out, textFault("office", s.Office, 0, 100)...)
	if s.Post != Chair && s.Post != Vice && s.Post != Member {
		out = append(out, record.Fault{Field: "post", Value: string(s.Post), ZH: "应为主任、副主任或委员", EN: "must be chair, vice or member"})
	}
	return append(out, termFaults(s.From, s.Until)...)
}

// Attendance is whether a member came.
type Attendance string

// The ways.
const (
	Present Attendance = "present"
	Deputy  Attendance = "deputy" // somebody stood in
	Excused Attendance = "excused"
	Absent  Attendance = "absent"
)

// Presence is a member at a meeting, by the name and post of that day.
type Presence struct {
	MemberID   string     `json:"member_id"`
	Name       string     `json:"name"`
	Office     string     `json:"office,omitempty"`
	Post       Post       `json:"post"`
	Attendance Attendance `json:"attendance"`
	DeputyName string     `json:"deputy_name,omitempty"`
}

// Decision is what a committee says of a case.
type Decision string

// The decisions. Deferred is none: the case comes before a later meeting.
const (
	Undecided Decision = ""
	Agreed    Decision = "agree"
	Changed   Decision = "change"
	Refused   Decision = "disagree"
	SentBack  Decision = "send_back"
	Deferred  Decision = "deferred"
)

// Vote is the count of a vote.
type Vote struct {
	For     int `json:"for"`
	Against int `json:"against"`
	Abstain int `json:"abstain"`
}

// Item is a case on the agenda.
type Item struct {
	CaseID   string   `json:"case_id"`
	Number   string   `json:"number"` // of the case
	Round    int      `json:"round"`  // in which the case was then
	Name     string   `json:"name"`   // as it was proposed then
	Notes    string   `json:"notes,omitempty"`
	Decision Decision `json:"decision,omitempty"`
	Text     string   `json:"text,omitempty"`    // what is to be changed, or why
	Recused  []string `json:"recused,omitempty"` // ids of members with a conflict of interest
	Vote     *Vote    `json:"vote,omitempty"`
}

// MeetingState is how far a meeting is.
type MeetingState string

// The states. The minutes of a meeting that was held are never changed.
const (
	Planned   MeetingState = "planned"
	Held      MeetingState = "held"
	Cancelled MeetingState = "cancelled"
)

// Meeting is one of the committee.
type Meeting struct {
	ID       string
	Version  int
	Number   string // 2026-02
	Day      record.Day
	Time     string // 14:30; "" unknown
	Place    string
	ChairID  string // the member who is in the chair; "" until somebody is
	State    MeetingState
	Agenda   []Item
	Presence []Presence // of all who sat on the committee that day
	Note     string
}

// Present counts who is there by the rules.
func (m Meeting) Present(rules Rules) int {
	n := 0
	for _, p := range m.Presence {
		if p.Attendance == Present || rules.DeputiesCount && p.Attendance == Deputy {
			n++
		}
	}
	return n
}

// Quorate reports whether enough of the committee are there to decide.
func (m Meeting) Quorate(rules Rules) bool {
	return rules.Present.Reached(m.Present(rules), len(m.Presence))
}

// Clean gives the meeting without spaces around texts.
func (m Meeting) Clean() Meeting {
	m.Place, m.Note, m.Time = strings.TrimSpace(m.Place), strings.TrimSpace(m.Note), strings.TrimSpace(m.Time)
	m.Agenda = slices.Clone(m.Agenda)
	for i := range m.Agenda {
		it := &m.Agenda[i]
		it.Notes, it.Text = strings.TrimSpace(it.Notes), strings.TrimSpace(it.Text)
	}
	return m
}

// Validate gives everything that is wrong about a meeting as it is planned or written up so
// far; what is still open is no fault before it is closed.
func (m Meeting) Validate() []record.Fault {
	out := dayFault("day", m.Day, true)
	out = append(out, textFault("place", m.Place, 1, 100)...)
	out = append(out, textFault("note", m.Note, 0, 2000)...)
	if m.Time != "" && !plainTime(m.Time) {
		out = append(out, record.Fault{Field: "time", Value: m.Time, ZH: "应为时间，如 14:30", EN: "must be a time such as 14:30"})
	}
	if len(m.Agenda) == 0 || len(m.Agenda) > 60 {
		out = append(out, record.Fault{Field: "agenda", ZH: "议程应有 1 到 60 件", EN: "an agenda has 1 to 60 cases"})
	}
	seen := map[string]bool{}
	for i, it := range m.Agenda {
		at := fmt.Sprintf("agenda/%d", i)
		if seen[it.CaseID] {
			out = append(out, record.Fault{Field: at + "/case_id", Value: it.CaseID, ZH: "重复", EN: "is there twice"})
		}
		seen[it.CaseID] = true
		out = append(out, it.faults(at)...)
	}
	for i, p := range m.Presence {
		at := fmt.Sprintf("presence/%d", i)
		switch p.Attendance {
		case Present, Excused, Absent:
		case Deputy:
			out = append(out, textFault(at+"/deputy_name", p.DeputyName, 1, 60)...)
		default:
			out = append(out, record.Fault{Field: at + "/attendance", Value: string(p.Attendance), ZH: "应为出席、代为出席、请假或缺席", EN: "must be present, deputy, excused or absent"})
		}
	}
	return out
}

func plainTime(s string) bool {
	var h, min int
	n, err := fmt.Sscanf(s, "%2d:%2d", &h, &min)
	return err == nil && n == 2 && len(s) == 5 && h >= 0 && h < 24 && min >= 0 && min < 60
}

func (it Item) faults(at string) []record.Fault {
	out := textFault(at+"/notes", it.Notes, 0, 8000)
	least := 0
	switch it.Decision {
	case Undecided, Agreed:
	case Changed, Refused, SentBack, Deferred:
		least = 1
	default:
		out = append(out, record.Fault{Field: at + "/decision", Value: string(it.Decision), ZH: "应为同意、修改后同意、不同意、退回或暂缓", EN: "must be agree, change, disagree, send_back or deferred"})
	}
	out = append(out, textFault(at+"/text", it.Text, least, 2000)...)
	if v := it.Vote; v != nil && (v.For < 0 || v.Against < 0 || v.Abstain < 0) {
		out = append(out, record.Fault{Field: at + "/vote", ZH: "票数不能为负", EN: "no count is below 0"})
	}
	return out
}

// CloseFaults gives everything for which the minutes cannot be closed yet: each case has its
// decision or is deferred; decisions need the quorum, somebody in the chair who is present,
// and, where the committee votes, a vote that adds up and carries.
func (m Meeting) CloseFaults(rules Rules, today record.Day) []record.Fault {
	var out []record.Fault
	if m.Day > today {
		out = append(out, record.Fault{Field: "day", Value: string(m.Day), ZH: "会议还没有召开", EN: "the meeting has not been held yet"})
	}
	decides := slices.ContainsFunc(m.Agenda, func(it Item) bool { return it.Decision != Undecided && it.Decision != Deferred })
	if decides && !m.Quorate(rules) {
		out = append(out, record.Fault{
			Field: "presence", Value: fmt.Sprintf("%d/%d", m.Present(rules), len(m.Presence)),
			ZH: fmt.Sprintf("出席未达法定人数（%d/%d），只能暂缓", rules.Present.Of, rules.Present.In),
			EN: fmt.Sprintf("fewer than %d of %d are present, so cases can only be deferred", rules.Present.Of, rules.Present.In),
		})
	}
	if decides && !slices.ContainsFunc(m.Presence, func(p Presence) bool { return p.MemberID == m.ChairID && p.Attendance == Present }) {
		out = append(out, record.Fault{Field: "chair_id", ZH: "请选择到会的主持人", EN: "say who of those present was in the chair"})
	}
	for i, it := range m.Agenda {
		at := fmt.Sprintf("agenda/%d", i)
		if it.Decision == Undecided {
			out = append(out, record.Fault{Field: at + "/decision", ZH: "还没有审议结果；未议的请选暂缓", EN: "has no decision; defer what was not considered"})
			continue
		}
		if rules.Votes && it.Decision != Deferred {
			out = append(out, m.voteFaults(at, it, rules)...)
		}
	}
	return out
}

func (m Meeting) voteFaults(at string, it Item, rules Rules) []record.Fault {
	if it.Vote == nil {
		return []record.Fault{{Field: at + "/vote", ZH: "当地规则要求表决，请填写票数", EN: "local rules ask for a vote; give its count"}}
	}
	may := 0
	for _, p := range m.Presence {
		if (p.Attendance == Present || rules.DeputiesCount && p.Attendance == Deputy) && !slices.Contains(it.Recused, p.MemberID) {
			may++
		}
	}
	if cast := it.Vote.For + it.Vote.Against + it.Vote.Abstain; cast != may {
		return []record.Fault{{
			Field: at + "/vote", Value: fmt.Sprint(cast), ZH: fmt.Sprintf("票数之和应为 %d（到会且不回避的人数）", may), EN: fmt.Sprintf("the votes must add up to %d, those present and not recused", may),
		}}
	}
	carried := rules.VoteShare.Reached(it.Vote.For, may)
	if (it.Decision == Agreed || it.Decision == Changed) && !carried {
		return []record.Fault{{
			Field: at + "/decision", Value: string(it.Decision), ZH: fmt.Sprintf("赞成票未达 %d/%d", rules.VoteShare.Of, rules.VoteShare.In),
			EN: fmt.Sprintf("fewer than %d of %d voted for it", rules.VoteShare.Of, rules.VoteShare.In),
		}}
	}
	return nil
}

// PresenceOf is who is expected at a meeting on a day, as absent until somebody says otherwise;
// what is known of the same members stays. The chair comes first, then by name.
func PresenceOf(members []Sitting, day record.Day, known []Presence) []Presence {
	var out []Presence
	for _, s := range members {
		if !s.Serving(day) {
			continue
		}
		p := Presence{MemberID: s.ID, Name: s.Name, Office: s.Office, Post: s.Post, Attendance: Absent}
		for _, k := range known {
			if k.MemberID == s.ID {
				p.Attendance, p.DeputyName = k.Attendance, strings.TrimSpace(k.DeputyName)
			}
		}
		if p.Attendance != Deputy {
			p.DeputyName = ""
		}
		out = append(out, p)
	}
	rank := func(p Post) int { return slices.Index([]Post{Chair, Vice, Member}, p) }
	slices.SortStableFunc(out, func(a, b Presence) int {
		if d := rank(a.Post) - rank(b.Post); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}
