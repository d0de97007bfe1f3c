package panelhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/panel"
)

// NameMeetingItemWords is what a person writes of a case on the agenda.
type NameMeetingItemWords struct {
	CaseID   string    `json:"case_id" maxLength:"64"`
	Notes    string    `json:"notes,omitempty" maxLength:"8000"`
	Decision string    `json:"decision,omitempty" maxLength:"20" doc:"agree, change, disagree, send_back or deferred; empty while it is open"`
	Text     string    `json:"text,omitempty" maxLength:"2000" doc:"What is to be changed, or why; needed unless it agrees"`
	Recused  []string  `json:"recused,omitempty" nullable:"false" maxItems:"60" doc:"Ids of members with a conflict of interest"`
	Vote     *NameVote `json:"vote,omitempty"`
}

// NameVote is the count of a vote.
type NameVote panel.Vote

// NameMeetingItem is a case on the agenda.
type NameMeetingItem struct {
	NameMeetingItemWords
	Number string `json:"number"`
	Name   string `json:"name" doc:"As it was proposed then"`
}

// NamePresenceWords is what a person writes of a member at a meeting.
type NamePresenceWords struct {
	MemberID   string `json:"member_id" maxLength:"64"`
	Attendance string `json:"attendance" enum:"present,deputy,excused,absent"`
	DeputyName string `json:"deputy_name,omitempty" maxLength:"60"`
}

// NamePresence is a member at a meeting.
type NamePresence struct {
	NamePresenceWords
	Name   string `json:"name"`
	Office string `json:"office,omitempty"`
	Post   string `json:"post"`
}

// NameMeetingWords is what a person writes of a meeting.
type NameMeetingWords struct {
	Day      string                 `json:"day" maxLength:"10"`
	Time     string                 `json:"time,omitempty" maxLength:"5" doc:"14:30"`
	Place    string                 `json:"place" maxLength:"100"`
	ChairID  string                 `json:"chair_id,omitempty" maxLength:"64"`
	State    string                 `json:"state,omitempty" enum:"planned,held,cancelled" doc:"held closes the minutes, which are then never changed"`
	Agenda   []NameMeetingItemWords `json:"agenda" nullable:"false" maxItems:"60"`
	Presence []NamePresenceWords    `json:"presence,omitempty" nullable:"false" maxItems:"200"`
	Note     string                 `json:"note,omitempty" maxLength:"2000"`
}

// NameMeeting is a meeting of the committee; of one that was held, its minutes.
type NameMeeting struct {
	ID       string            `json:"id"`
	Version  int               `json:"version"`
	Number   string            `json:"number"`
	Day      string            `json:"day"`
	Time     string            `json:"time,omitempty"`
	Place    string            `json:"place"`
	ChairID  string            `json:"chair_id,omitempty"`
	Chair    string            `json:"chair,omitempty"`
	State    string            `json:"state"`
	Agenda   []NameMeetingItem `json:"agenda" nullable:"false"`
	Presence []NamePresence    `json:"presence" nullable:"false"`
	Note     string            `json:"note,omitempty"`
	Present  int               `json:"present" doc:"That count"`
	Members  int               `json:"members"`
	Needed   NamePanelShare    `json:"needed"`
	Quorate  bool              `json:"quorate"`
	Votes    bool              `json:"votes"`
	May      bool              `json:"may_write"`
}

func meetingOf(m panel.Meeting, rules panel.Rules, may bool) NameMeeting {
	out := NameMeeting{
		ID: m.ID, Version: m.Version, Number: m.Number, Day: string(m.Day), Time: m.Time, Place: m.Place, ChairID: m.ChairID, State: string(m.State),
		Agenda: []NameMeetingItem{}, Presence: []NamePresence{}, Note: m.Note, Present: m.Present(rules), Members: len(m.Presence), Needed: NamePanelShare(rules.Present),
		Quorate: m.Quorate(rules), Votes: rules.Votes, May: may,
	}
	for _, it := range m.Agenda {
		item := NameMeetingItem{Number: it.Number, Name: it.Name, NameMeetingItemWords: NameMeetingItemWords{
			CaseID: it.CaseID, Notes: it.Notes, Decision: string(it.Decision), Text: it.Text, Recused: it.Recused, Vote: (*NameVote)(it.Vote),
		}}
		out.Agenda = append(out.Agenda, item)
	}
	for _, p := range m.Presence {
		if p.MemberID == m.ChairID {
			out.Chair = p.Name
		}
		out.Presence = append(out.Presence, NamePresence{
			NamePresenceWords: NamePresenceWords{MemberID: p.MemberID, Attendance: string(p.Attendance), DeputyName: p.DeputyName}, Name: p.Name, Office: p.Office, Post: string(p.Post),
		})
	}
	return out
}

func (w NameMeetingWords) read(id string) panel.Meeting {
	out := panel.Meeting{ID: id, Day: record.Day(w.Day), Time: w.Time, Place: w.Place, ChairID: w.ChairID, State: panel.MeetingState(w.State), Note: w.Note}
	for _, it := range w.Agenda {
		out.Agenda = append(out.Agenda, panel.Item{
			CaseID: it.CaseID, Notes: it.Notes, Decision: panel.Decision(it.Decision), Text: it.Text, Recused: it.Recused, Vote: (*panel.Vote)(it.Vote),
		})
	}
	for _, p := range w.Presence {
		out.Presence = append(out.Presence, panel.Presence{MemberID: p.MemberID, Attendance: panel.Attendance(p.Attendance), DeputyName: p.DeputyName})
	}
	return out
}

// NameMeetings are the meetings, the latest first, with the open cases for an agenda.
type NameMeetings struct {
	Today string          `json:"today"`
	May   bool            `json:"may_write"`
	Rows  []NameMeeting   `json:"rows" nullable:"false"`
	Cases []NamePanelCase `json:"cases" nullable:"false" doc:"Open ones; none for whoever may not write"`
}

func (h handlers) registerMeetings(api huma.API) {
	const path = "/api/v1/name-meetings"
	httpapi.Register(api, operation("name-meetings", http.MethodGet, path, "Meetings of the committee · 地名委会议", ""), h.meetings)
	httpapi.Register(api, operation("plan-name-meeting", http.MethodPost, path, "Plan a meeting · 安排会议", ""), h.planMeeting)
	httpapi.Register(api, operation("name-meeting", http.MethodGet, path+"/{id}", "One meeting, with its minutes · 会议与纪要", "Its entity tag is the version."), h.meeting)
	httpapi.Register(api, operation("write-name-meeting", http.MethodPut, path+"/{id}", "Write a meeting up, and close its minutes · 记录会议、定稿纪要",
		"As a whole. Closing needs the quorum, and a vote where the rules ask for one."), h.writeMeeting)
}

func (h handlers) meetings(ctx context.Context, _ *struct{}) (*body[NameMeetings], error) {
	list, may, err := h.desk.Meetings(ctx)
	if err != nil {
		return nil, problem(err)
	}
	rules, _, err := h.desk.Rules(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := NameMeetings{Today: string(h.desk.Today()), May: may, Rows: []NameMeeting{}, Cases: []NamePanelCase{}}
	for _, m := range list {
		out.Rows = append(out.Rows, meetingOf(m, rules, may && m.State == panel.Planned))
	}
	if may {
		open, err := h.desk.Matters(ctx)
		if err != nil {
			return nil, problem(err)
		}
		for _, m := range open {
			out.Cases = append(out.Cases, caseOf(m, panel.Sketch{}))
		}
	}
	return fresh(out), nil
}

func (h handlers) meeting(ctx context.Context, in *oneCase) (*body[NameMeeting], error) {
	m, rules, may, err := h.desk.Meeting(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return versioned(m.Version, meetingOf(m, rules, may)), nil
}

func (h handlers) planMeeting(ctx context.Context, in *struct {
	PanelKey
	Body NameMeetingWords
},
) (*body[NameMeeting], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	id, err := h.desk.SaveMeeting(ctx, 0, in.Body.read(""))
	if err != nil {
		return nil, problem(err)
	}
	return h.meeting(ctx, &oneCase{ID: id})
}

func (h handlers) writeMeeting(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    NameMeetingWords
},
) (*body[NameMeeting], error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if _, err := h.desk.SaveMeeting(ctx, expected, in.Body.read(in.ID)); err != nil {
		return nil, problem(err)
	}
	return h.meeting(ctx, &oneCase{ID: in.ID})
}
