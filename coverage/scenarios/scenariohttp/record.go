package scenariohttp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"yike/coverage/scenarios"
	"yike/internal/httpapi"
	"yike/internal/record"
)

type listInput struct {
	State  string `query:"state" enum:"draft,shared,archived" doc:"All that are not archived when left out"`
	Mine   bool   `query:"mine" doc:"Only your own"`
	Text   string `query:"q" maxLength:"100" doc:"Where the name, the note, the owner or the name of a place contains this, in any case"`
	Type   string `query:"type" maxLength:"64" doc:"That ask about this facility type"`
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"500" doc:"Scenarios per page"`
	Cursor string `query:"cursor" maxLength:"200" doc:"next of the page before"`
}

// ScenarioPage is a page of scenarios.
type ScenarioPage struct {
	Scenarios []ScenarioRecord `json:"scenarios" nullable:"false"`
	Next      *string          `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         ScenarioPage
}

func (h handlers) list(ctx context.Context, in *listInput) (*listReply, error) {
	after, err := decodeCursor(in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	f := scenarios.Filter{State: scenarios.State(in.State), Mine: in.Mine, Text: strings.TrimSpace(in.Text), Type: in.Type}
	list, next, err := h.shelf.List(ctx, f, after, in.Limit)
	if err != nil {
		return nil, problem(err)
	}
	out := ScenarioPage{Scenarios: []ScenarioRecord{}}
	for _, i := range list {
		out.Scenarios = append(out.Scenarios, recordOf(i, h.shelf.Version()))
	}
	if next != nil {
		c := encodeCursor(*next)
		out.Next = &c
	}
	return &listReply{CacheControl: "no-store", Body: out}, nil
}

// A cursor is the last scenario of a page, made opaque so that nobody builds on its form.
func encodeCursor(a scenarios.After) string {
	raw, _ := json.Marshal(a) // a time and a string always encode
	return base64.RawURLEncoding.EncodeToString(raw)
}

func decodeCursor(c string) (scenarios.After, error) {
	var a scenarios.After
	if c == "" {
		return a, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(c)
	if err != nil || json.Unmarshal(raw, &a) != nil || len(a.ID) != idLength || a.ChangedAt.Equal(time.Time{}) {
		return scenarios.After{}, errBadCursor
	}
	return a, nil
}

const idLength = 36

type oneInput struct {
	ID string `path:"id" maxLength:"64"`
}

type todayReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         ScenarioToday
}

func (h handlers) one(ctx context.Context, in *oneInput) (*todayReply, error) {
	i, err := h.shelf.Scenario(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := &todayReply{ETag: httpapi.ETag(i.Version), CacheControl: "no-store", Body: ScenarioToday{ScenarioRecord: recordOf(i, h.shelf.Version())}}
	now, err := h.shelf.Now(ctx, i.Scenario)
	var question *QuestionFault
	switch {
	case errors.Is(err, ErrNotReady), errors.As(err, &question):
	case err != nil:
		return nil, problem(err)
	default:
		out.Body.Now = &ScenarioNow{Version: now.Version, Figures: figuresOf(now.Figures), Fault: faultOf(now.Fault)}
	}
	return out, nil
}

type recordReply struct {
	ETag         string `header:"ETag"`
	Location     string `header:"Location"`
	CacheControl string `header:"Cache-Control"`
	Body         ScenarioRecord
}

func (h handlers) reply(i scenarios.Item, err error) (*recordReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	return &recordReply{ETag: httpapi.ETag(i.Version), CacheControl: "no-store", Body: recordOf(i, h.shelf.Version())}, nil
}

// created is reply with where the new scenario is.
func (h handlers) created(i scenarios.Item, err error) (*recordReply, error) {
	r, err := h.reply(i, err)
	if err == nil {
		r.Location = listPath + "/" + i.ID
	}
	return r, err
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body ScenarioContent
}

func (h handlers) create(ctx context.Context, in *createInput) (*recordReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	return h.created(h.shelf.Create(ctx, in.Body.scenario()))
}

type copyInput struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Name string `json:"name" maxLength:"60" doc:"Of the copy"`
	}
}

func (h handlers) duplicate(ctx context.Context, in *copyInput) (*recordReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	i, err := h.shelf.Scenario(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return h.created(h.shelf.Create(ctx, scenarios.Scenario{
		Name: in.Body.Name, Note: i.Note, Question: i.Question, Steps: i.Steps, Costs: i.Costs,
	}))
}

// scenarioPatch is what a person wants otherwise.
type scenarioPatch struct {
	Name         *string            `json:"name,omitempty" maxLength:"60"`
	Note         *string            `json:"note,omitempty" maxLength:"2000"`
	DivisionCode *string            `json:"division_code,omitempty" maxLength:"32"`
	Question     *map[string]string `json:"question,omitempty" doc:"Whole, not merged"`
	Steps        *[]ScenarioStep    `json:"steps,omitempty" nullable:"false" maxItems:"100"`
	Costs        *[]ScenarioCost    `json:"costs,omitempty" nullable:"false" maxItems:"40"`
	State        *string            `json:"state,omitempty" enum:"draft,shared,archived"`
	Refresh      bool               `json:"refresh,omitempty" doc:"Keep what it comes to on today's data, also where nothing else changes"`
	Reason       string             `json:"reason,omitempty" maxLength:"500" doc:"Why, for the history"`
}

func (p scenarioPatch) patch() scenarios.Patch {
	out := scenarios.Patch{Name: p.Name, Note: p.Note, DivisionCode: p.DivisionCode}
	if p.Question != nil {
		q := scenarios.Question(*p.Question)
		out.Question = &q
	}
	if p.Steps != nil {
		list := steps(*p.Steps)
		out.Steps = &list
	}
	if p.Costs != nil {
		list := costs(*p.Costs)
		out.Costs = &list
	}
	if p.State != nil {
		state := scenarios.State(*p.State)
		out.State = &state
	}
	return out
}

type updateInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	RawBody []byte
	Body    scenarioPatch
}

func (h handlers) update(ctx context.Context, in *updateInput) (*recordReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if err := record.Invalid(httpapi.NullFields(in.RawBody)); err != nil {
		return nil, problem(err)
	}
	return h.reply(h.shelf.Update(ctx, in.ID, expected, in.Body.patch(), in.Body.Refresh, in.Body.Reason))
}

type decideInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    struct {
		Verdict string `json:"verdict" enum:",adopted,declined" doc:"Empty takes the decision back"`
		Reason  string `json:"reason" maxLength:"500" doc:"Why; needed"`
	}
}

func (h handlers) decide(ctx context.Context, in *decideInput) (*recordReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	return h.reply(h.shelf.Decide(ctx, in.ID, expected, scenarios.Decision{
		Verdict: scenarios.Verdict(in.Body.Verdict), Reason: strings.TrimSpace(in.Body.Reason), On: h.today(),
	}))
}

func (h handlers) remove(ctx context.Context, in *httpapi.RecordRemoval) (*struct{}, error) {
	return in.Remove(ctx, h.shelf.Remove, problem)
}

func (h handlers) history(ctx context.Context, in *oneInput) (*httpapi.RecordHistory, error) {
	list, err := h.shelf.History(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}
