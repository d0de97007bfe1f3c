package panelhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/panel"
)

// NameReplyWords is what an office answers.
type NameReplyWords struct {
	Verdict  string `json:"verdict" enum:"agree,change,disagree"`
	Text     string `json:"text,omitempty" maxLength:"4000" doc:"Needed unless it agrees"`
	Document string `json:"document,omitempty" maxLength:"100" doc:"Number of its letter; needed where somebody else enters it"`
	Day      string `json:"day" maxLength:"10"`
}

// NameReply is an answer as it was given.
type NameReply struct {
	NameReplyWords
	EnteredBy string `json:"entered_by"`
	Own       bool   `json:"own" doc:"Somebody of the office wrote it"`
}

// NameAsk is an office that was asked.
type NameAsk struct {
	ID            string      `json:"id"`
	Round         int         `json:"round"`
	Office        string      `json:"office"`
	Question      string      `json:"question,omitempty"`
	Document      string      `json:"document,omitempty"`
	AskedOn       string      `json:"asked_on"`
	Due           string      `json:"due"`
	SilenceAgrees bool        `json:"silence_agrees"`
	Source        string      `json:"source,omitempty" doc:"Of the rule that makes silence agreement"`
	Standing      string      `json:"standing" enum:"waiting,answered,silent,silent_agreed,withdrawn"`
	Withdrawn     string      `json:"withdrawn,omitempty"`
	Mine          bool        `json:"mine"`
	Replies       []NameReply `json:"replies" nullable:"false" doc:"The last one holds"`
}

func askOf(a panel.Ask, today record.Day) NameAsk {
	out := NameAsk{
		ID: a.ID, Round: a.Round, Office: a.Office, Question: a.Question, Document: a.Document, AskedOn: string(a.AskedOn), Due: string(a.Due), SilenceAgrees: a.SilenceAgrees,
		Source: a.Source, Standing: string(a.Standing(today)), Withdrawn: a.Withdrawn, Mine: a.Mine, Replies: []NameReply{},
	}
	for _, r := range a.Replies {
		out.Replies = append(out.Replies, NameReply{
			NameReplyWords: NameReplyWords{Verdict: string(r.Verdict), Text: r.Text, Document: r.Document, Day: string(r.Day)}, EnteredBy: r.EnteredBy, Own: r.Own,
		})
	}
	return out
}

// NameNoticeWords is what a person writes of a public notice. It must hold no personal data.
type NameNoticeWords struct {
	Extent  string `json:"extent" maxLength:"500" doc:"Where it is, in words"`
	Meaning string `json:"meaning,omitempty" maxLength:"500"`
	Text    string `json:"text" maxLength:"2000"`
	Contact string `json:"contact" maxLength:"200" doc:"Of the office"`
	Opens   string `json:"opens" maxLength:"10"`
	Closes  string `json:"closes" maxLength:"10" doc:"The last day"`
}

// NameNotice is a public notice.
type NameNotice struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Number  string `json:"number"`
	Path    string `json:"path" doc:"Where everybody reads it"`
	Round   int    `json:"round"`
	Name    string `json:"name" doc:"As it was proposed then"`
	State   string `json:"state" enum:"coming,open,closed,withdrawn"`
	NameNoticeWords
	Withdrawn string `json:"withdrawn,omitempty"`
}

func noticeOf(n panel.Notice, today record.Day) NameNotice {
	return NameNotice{
		ID: n.ID, Version: n.Version, Number: n.Number, Path: "/notices/" + n.Number, Round: n.Round, Name: n.Name, State: string(n.State(today)), Withdrawn: n.Withdrawn,
		NameNoticeWords: NameNoticeWords{Extent: n.Extent, Meaning: n.Meaning, Text: n.Text, Contact: n.Contact, Opens: string(n.Opens), Closes: string(n.Closes)},
	}
}

// NameCommentAnswer is what the authority answered, which the public reads.
type NameCommentAnswer struct {
	Handling string `json:"handling" enum:"adopted,partly,not_adopted,noted"`
	Reason   string `json:"reason,omitempty"`
	Day      string `json:"day"`
	By       string `json:"by"`
}

// NameComment is what somebody of the public says.
type NameComment struct {
	ID       string              `json:"id"`
	NoticeID string              `json:"notice_id"`
	Position string              `json:"position" enum:"support,object,propose"`
	Proposal string              `json:"proposal,omitempty"`
	Grounds  []string            `json:"grounds" nullable:"false"`
	Text     string              `json:"text,omitempty"`
	Day      string              `json:"day"`
	Name     string              `json:"person_name,omitempty" doc:"Masked"`
	Contact  string              `json:"contact,omitempty" doc:"Masked"`
	Answers  []NameCommentAnswer `json:"answers" nullable:"false" doc:"The last one holds"`
}

func commentOf(c panel.Comment) NameComment {
	out := NameComment{
		ID: c.ID, NoticeID: c.NoticeID, Position: string(c.Position), Proposal: c.Proposal, Grounds: append([]string{}, c.Grounds...), Text: c.Text, Day: string(c.Day),
		Name: c.Person.Name, Contact: c.Person.Contact, Answers: []NameCommentAnswer{},
	}
	for _, a := range c.Answers {
		out.Answers = append(out.Answers, NameCommentAnswer{Handling: string(a.Handling), Reason: a.Reason, Day: string(a.Day), By: a.By})
	}
	return out
}

// NameConsultationCount is what a consultation comes to.
type NameConsultationCount struct {
	From         string `json:"from,omitempty"`
	Until        string `json:"until,omitempty"`
	Offices      int    `json:"offices"`
	Agree        int    `json:"agree"`
	Change       int    `json:"change"`
	Disagree     int    `json:"disagree"`
	Silent       int    `json:"silent" doc:"Nobody answered; it is no agreement"`
	SilentAgreed int    `json:"silent_agreed" doc:"Nobody answered, and a rule makes that agreement"`
	Waiting      int    `json:"waiting"`
	Comments     int    `json:"comments"`
	Support      int    `json:"support"`
	Object       int    `json:"object"`
	Propose      int    `json:"propose"`
	Adopted      int    `json:"adopted"`
	Partly       int    `json:"partly"`
	NotAdopted   int    `json:"not_adopted"`
	Noted        int    `json:"noted"`
	Unanswered   int    `json:"unanswered"`
}

func countOf(r panel.Consultation) NameConsultationCount {
	return NameConsultationCount{
		From: string(r.From), Until: string(r.Until), Offices: len(r.Asks), Agree: r.Offices.Agree, Change: r.Offices.Change, Disagree: r.Offices.Disagree,
		Silent: r.Offices.Silent, SilentAgreed: r.Offices.SilentAgreed, Waiting: r.Offices.Waiting, Comments: r.Public.All, Support: r.Public.Support, Object: r.Public.Object,
		Propose: r.Public.Propose, Adopted: r.Public.Adopted, Partly: r.Public.Partly, NotAdopted: r.Public.NotAdopted, Noted: r.Public.Noted, Unanswered: r.Public.Unanswered,
	}
}

func (h handlers) registerConsultation(api huma.API) {
	const path = casePath + "/consultations"
	httpapi.Register(api, operation("ask-name-offices", http.MethodPost, path, "Ask offices · 征求部门意见（会签）", "Each has the days of the rules, unless a last day is given."), h.ask)
	httpapi.Register(api, operation("answer-name-ask", http.MethodPost, path+"/{ask}/reply", "Answer for an office · 部门答复",
		"Somebody of the office, or who keeps the case, from the office's letter. A later answer takes the place of an earlier one, and both are kept."), h.reply)
	httpapi.Register(api, operation("recall-name-ask", http.MethodPost, path+"/{ask}/recall", "Ask an office no more · 不再征求", ""), h.recall)
	httpapi.Register(api, operation("publish-name-notice", http.MethodPost, casePath+"/notices", "Publish a notice · 发布公示",
		"At once for everybody at /notices from its first day on. What it says is never changed."), h.publish)
	httpapi.Register(api, operation("change-name-notice", http.MethodPatch, "/api/v1/name-notices/{id}", "Prolong or withdraw a notice · 延长或撤回公示", ""), h.changeNotice)
	httpapi.Register(api, operation("answer-name-comment", http.MethodPost, "/api/v1/name-comments/{id}/answer", "Answer a comment of the public · 答复公众意见",
		"Whoever made it reads the answer by the receipt."), h.answer)
	httpapi.Register(api, operation("reveal-name-comment", http.MethodPost, "/api/v1/name-comments/{id}/reveal", "See who made a comment · 查看意见人",
		"The reason goes into the audit log, each time. Names and contacts are deleted some days after the notice closed."), h.reveal)
}

func (h handlers) ask(ctx context.Context, in *struct {
	PanelOf
	Body struct {
		Offices  []string `json:"offices" nullable:"false" maxItems:"40"`
		Day      string   `json:"day" maxLength:"10"`
		Due      string   `json:"due,omitempty" maxLength:"10"`
		Question string   `json:"question,omitempty" maxLength:"2000"`
		Document string   `json:"document,omitempty" maxLength:"100" doc:"Number of the letter that asks"`
	}
},
) (*body[NamePanel], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	b := in.Body
	err := h.desk.Ask(ctx, in.ID, panel.Questions{Offices: b.Offices, Day: record.Day(b.Day), Due: record.Day(b.Due), Question: b.Question, Document: b.Document})
	if err != nil {
		return nil, problem(err)
	}
	return h.panel(ctx, in.ID)
}

// PanelAsk names a question to an office.
type PanelAsk struct {
	PanelOf
	Ask string `path:"ask" maxLength:"64"`
}

func (h handlers) reply(ctx context.Context, in *struct {
	PanelAsk
	Body NameReplyWords
},
) (*body[NamePanel], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	b := in.Body
	err := h.desk.Reply(ctx, in.ID, in.Ask, panel.Reply{Verdict: panel.Verdict(b.Verdict), Text: b.Text, Document: b.Document, Day: record.Day(b.Day)})
	if err != nil {
		return nil, problem(err)
	}
	return h.panel(ctx, in.ID)
}

func (h handlers) recall(ctx context.Context, in *struct {
	PanelAsk
	Body PanelReason
},
) (*body[NamePanel], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	if err := h.desk.Recall(ctx, in.ID, in.Ask, in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.panel(ctx, in.ID)
}

func (h handlers) publish(ctx context.Context, in *struct {
	PanelOf
	Body NameNoticeWords
},
) (*body[NamePanel], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	b := in.Body
	err := h.desk.Publish(ctx, in.ID, panel.Notice{
		Extent: b.Extent, Meaning: b.Meaning, Text: b.Text, Contact: b.Contact, Opens: record.Day(b.Opens), Closes: record.Day(b.Closes),
	})
	if err != nil {
		return nil, problem(err)
	}
	return h.panel(ctx, in.ID)
}

// NamePanelDone says that something was done.
type NamePanelDone struct {
	Done bool `json:"done"`
}

func (h handlers) changeNotice(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    struct {
		Closes    string `json:"closes,omitempty" maxLength:"10" doc:"A later last day"`
		Withdrawn string `json:"withdrawn,omitempty" maxLength:"500" doc:"Why it is withdrawn, which the public reads"`
		PanelReason
	}
},
) (*body[NamePanelDone], error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if err := h.desk.ChangeNotice(ctx, in.ID, expected, record.Day(in.Body.Closes), in.Body.Withdrawn, in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return fresh(NamePanelDone{true}), nil
}

func (h handlers) answer(ctx context.Context, in *struct {
	PanelOf
	Body struct {
		Handling string `json:"handling" enum:"adopted,partly,not_adopted,noted"`
		Reason   string `json:"reason,omitempty" maxLength:"1000"`
	}
},
) (*body[NamePanelDone], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	if err := h.desk.AnswerComment(ctx, in.ID, panel.Answer{Handling: panel.Handling(in.Body.Handling), Reason: in.Body.Reason}); err != nil {
		return nil, problem(err)
	}
	return fresh(NamePanelDone{true}), nil
}

// NameCommentPerson is who made a comment, in full; both empty where it was not said or is
// deleted.
type NameCommentPerson struct {
	Name    string `json:"person_name"`
	Contact string `json:"contact"`
}

func (h handlers) reveal(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"64"`
	Body PanelReason
},
) (*body[NameCommentPerson], error) {
	p, err := h.desk.Reveal(ctx, in.ID, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return fresh(NameCommentPerson(p)), nil
}
