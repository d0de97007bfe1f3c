package casehttp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/process"
)

type listInput struct {
	State    string `query:"state" enum:"open,ended"`
	Act      string `query:"act" enum:"naming,renaming,retirement"`
	Track    string `query:"track" enum:"decide,opinion"`
	Class    string `query:"class" maxLength:"40"`
	Division string `query:"division" maxLength:"32" doc:"With all below it"`
	Name     string `query:"name" maxLength:"36" doc:"Id of a record: its cases"`
	Text     string `query:"q" maxLength:"100" doc:"Contained in the number, a name or the applicant"`
	Limit    int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Cursor   string `query:"cursor" maxLength:"100" doc:"next of the page before"`
}

// NameCasePage is a page of the list.
type NameCasePage struct {
	Cases []NameCaseRow `json:"cases" nullable:"false"`
	Next  *string       `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NameCasePage
}

func (h handlers) list(ctx context.Context, in *listInput) (*listReply, error) {
	f := process.Filter{
		Open: in.State == "open", Ended: in.State == "ended", Act: in.Act, Track: in.Track, Class: in.Class, NameID: in.Name, Text: strings.TrimSpace(in.Text), Limit: in.Limit + 1,
	}
	var err error
	if f.BeforeYear, f.BeforeNo, err = decodeCursor(in.Cursor); err != nil {
		return nil, problem(err)
	}
	list, err := h.cases.List(ctx, f, in.Division)
	if err != nil {
		return nil, problem(err)
	}
	s := shaper{book: h.cases.Book(), today: h.cases.Today()}
	out := NameCasePage{Cases: []NameCaseRow{}}
	for i, d := range list {
		if i == in.Limit {
			next := encodeCursor(list[i-1].Number)
			out.Next = &next
			break
		}
		out.Cases = append(out.Cases, s.row(d))
	}
	return &listReply{CacheControl: "no-store", Body: out}, nil
}

// A cursor is opaque, so that nobody builds on its form.
func encodeCursor(number string) string { return base64.RawURLEncoding.EncodeToString([]byte(number)) }

func decodeCursor(c string) (year, no int, err error) {
	if c == "" {
		return 0, 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(c)
	y, n, ok := strings.Cut(string(raw), "-")
	year, errY := strconv.Atoi(y)
	no, errN := strconv.Atoi(n)
	if err != nil || !ok || errY != nil || errN != nil || year < 1 || no < 1 {
		return 0, 0, errBadCursor
	}
	return year, no, nil
}

type caseReply struct {
	ETag         string `header:"ETag"`
	Location     string `header:"Location"`
	CacheControl string `header:"Cache-Control"`
	Body         NameCase
}

func (h handlers) reply(ctx context.Context, id string) (*caseReply, error) {
	v, err := h.cases.Case(ctx, id)
	if err != nil {
		return nil, problem(err)
	}
	cal, err := h.cases.Calendar(ctx)
	if err != nil {
		return nil, problem(err)
	}
	s := shaper{book: h.cases.Book(), cal: cal, today: h.cases.Today()}
	out, err := s.whole(v)
	if err != nil {
		return nil, err
	}
	out.MayAmend = v.MayWrite && !v.Decided() && v.Standing.Ending == process.Open
	return &caseReply{ETag: httpapi.ETag(v.Version), Location: listPath + "/" + v.ID, CacheControl: "no-store", Body: out}, nil
}

type oneInput struct {
	ID string `path:"id" maxLength:"64"`
}

func (h handlers) one(ctx context.Context, in *oneInput) (*caseReply, error) {
	return h.reply(ctx, in.ID)
}

// NameCaseOpening is what a person says of a case that begins.
type NameCaseOpening struct {
	Act           string            `json:"act" enum:"naming,renaming,retirement"`
	NameID        string            `json:"name_id" maxLength:"36" doc:"The record: of a naming one that is drafted, reserved, proposed or in customary use"`
	ProposedText  string            `json:"proposed_text,omitempty" maxLength:"60" doc:"Of a renaming: the new name"`
	ProposedRoman string            `json:"proposed_roman,omitempty" maxLength:"200"`
	ProposedParts *NameCaseParts    `json:"proposed_parts,omitempty"`
	SuccessorID   string            `json:"successor_id,omitempty" maxLength:"36" doc:"Of a retirement: the record that has the place from then on"`
	Applicant     NameCaseApplicant `json:"applicant"`
	Reason        string            `json:"reason" maxLength:"2000"`
}

func proposal(text, roman string, parts *NameCaseParts) process.Proposal {
	out := process.Proposal{Text: strings.TrimSpace(text), Roman: strings.TrimSpace(roman)}
	if parts != nil {
		out.Parts = placenames.Parts(*parts)
	}
	return out
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body NameCaseOpening
}

func (h handlers) create(ctx context.Context, in *createInput) (*caseReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	o := process.Opening{Dossier: process.Dossier{
		Matter: process.Matter{Act: b.Act}, NameID: strings.ToLower(b.NameID), Proposed: proposal(b.ProposedText, b.ProposedRoman, b.ProposedParts),
		Successor: strings.ToLower(b.SuccessorID), Applicant: strings.TrimSpace(b.Applicant.Name), Contact: strings.TrimSpace(b.Applicant.ContactOffice), Reason: strings.TrimSpace(b.Reason),
	}}
	id, err := h.cases.Create(ctx, o)
	if err != nil {
		return nil, problem(err)
	}
	return h.reply(ctx, id)
}

type amendInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	RawBody json.RawMessage
	Body    struct {
		ProposedText  *string            `json:"proposed_text,omitempty" maxLength:"60"`
		ProposedRoman *string            `json:"proposed_roman,omitempty" maxLength:"200"`
		ProposedParts *NameCaseParts     `json:"proposed_parts,omitempty"`
		Applicant     *NameCaseApplicant `json:"applicant,omitempty"`
		CaseReason    *string            `json:"case_reason,omitempty" maxLength:"2000" doc:"Why the applicant asks"`
		Reason        string             `json:"reason" maxLength:"500" doc:"Why the case is changed"`
	}
}

func (h handlers) amend(ctx context.Context, in *amendInput) (*caseReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if err := record.Invalid(httpapi.NullFields(in.RawBody)); err != nil {
		return nil, problem(err)
	}
	b := in.Body
	a := process.Amendment{Reason: b.CaseReason}
	if b.ProposedText != nil {
		roman := ""
		if b.ProposedRoman != nil {
			roman = *b.ProposedRoman
		}
		p := proposal(*b.ProposedText, roman, b.ProposedParts)
		a.Proposed = &p
	}
	if b.Applicant != nil {
		a.Applicant, a.Contact = &b.Applicant.Name, &b.Applicant.ContactOffice
	}
	if err := h.cases.Amend(ctx, in.ID, expected, a, b.Reason); err != nil {
		return nil, problem(err)
	}
	return h.reply(ctx, in.ID)
}

type takeInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version of the case that was seen; needed"`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body    struct {
		Kind     string        `json:"kind" enum:"done,waived,returned,corrected,sent_back,refused,withdrawn"`
		Step     string        `json:"step,omitempty" maxLength:"40" doc:"Left out of a withdrawal"`
		To       string        `json:"to,omitempty" maxLength:"40" doc:"Of sending back: the step that is taken again, with those after it"`
		Day      string        `json:"day" format:"date" doc:"On which it happened: not before the event before, today at the latest"`
		Office   string        `json:"office,omitempty" maxLength:"40" doc:"That acts; left out for the only one that the reader acts for"`
		Person   string        `json:"person,omitempty" maxLength:"60" doc:"Who acted there, where it is entered for an office or applicant outside"`
		Reason   string        `json:"reason,omitempty" maxLength:"2000"`
		Document string        `json:"document,omitempty" maxLength:"100" doc:"Its number (文号)"`
		Title    string        `json:"title,omitempty" maxLength:"200" doc:"Of the document"`
		Missing  []string      `json:"missing,omitempty" nullable:"false" maxItems:"30" doc:"Of a return: the materials that have to be corrected"`
		Verdict  string        `json:"verdict,omitempty" enum:"agree,change,disagree"`
		Vote     *NameCaseVote `json:"vote,omitempty" doc:"Where local rules ask for one"`
	}
}

func (h handlers) take(ctx context.Context, in *takeInput) (*caseReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	b := in.Body
	e := process.Entry{Title: strings.TrimSpace(b.Title), Event: process.Event{
		Kind: process.Kind(b.Kind), Step: b.Step, To: b.To, Day: record.Day(b.Day), Office: b.Office, Person: strings.TrimSpace(b.Person), Reason: strings.TrimSpace(b.Reason),
		Document: strings.TrimSpace(b.Document), Missing: b.Missing, Verdict: process.Verdict(b.Verdict),
	}}
	if b.Vote != nil {
		v := process.Vote(*b.Vote)
		e.Vote = &v
	}
	if err := h.cases.Take(ctx, in.ID, expected, e); err != nil {
		return nil, problem(err)
	}
	return h.reply(ctx, in.ID)
}

// NameCaseRecord is the record of a case.
type NameCaseRecord struct {
	Number string          `json:"number"`
	Events []NameCaseEvent `json:"events" nullable:"false" doc:"In the order in which they happened"`
}

type recordReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NameCaseRecord
}

func (h handlers) record(ctx context.Context, in *oneInput) (*recordReply, error) {
	v, err := h.cases.Case(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	s := shaper{book: h.cases.Book(), today: h.cases.Today()}
	out := NameCaseRecord{Number: v.Number, Events: []NameCaseEvent{}}
	for _, e := range v.Events {
		of, err := s.event(v.Dossier, e)
		if err != nil {
			return nil, err
		}
		out.Events = append(out.Events, of)
	}
	return &recordReply{CacheControl: "no-store", Body: out}, nil
}
