package estatehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/internal/rules"
)

// Steps reads the milestones of estates and records what happens at them, as the person of
// the context may. Besides those named and those of the core, its errors are problems
// already, or faults of the server. It is safe for concurrent use.
type Steps interface {
	// Walked gives how far an estate is. ErrNotFound and ErrNotReady.
	Walked(ctx context.Context, id string) (Walked, error)
	// Ask opens a round, once for each idempotency key. ErrNotFound and *StepError.
	Ask(ctx context.Context, id string, r estates.Request) error
	// Answer records an opinion, once for each idempotency key, and gives its id. ErrNotFound
	// and *StepError.
	Answer(ctx context.Context, id string, o estates.Opinion) (string, error)
	// Correct restates an event, once for each idempotency key. ErrNotFound, *StepError and
	// *record.InvalidError.
	Correct(ctx context.Context, id string, e estates.Event) error
	// Mark records whether the conditions of an opinion are met, once for each idempotency key.
	// ErrNotFound and *StepError.
	Mark(ctx context.Context, id string, m estates.ConditionMark) error
	// HandOver has the ledger of premises take rooms over: the ids of the new rooms of the
	// ledger, and how many it had already. ErrNotFound, *StepError and *record.InvalidError.
	HandOver(ctx context.Context, id string, t estates.Transfer, reason string) (taken []string, already int, err error)
	// Duties gives which office answers for what, and whether the person may set it.
	Duties(ctx context.Context) (estates.Duties, bool, error)
	// SetDuties sets it where the client saw a version. *record.InvalidError.
	SetDuties(ctx context.Context, expected int, d estates.Duties, reason string) error
	// Due lists what is due of all estates in a division with all below it, "" for all; what
	// is latest first.
	Due(ctx context.Context, division string) ([]DueOf, error)
	// Today is the day it is for the authority.
	Today() record.Day
}

// Walked is how far an estate is, as a person may see it and go on.
type Walked struct {
	Estate   estates.Item
	Events   []estates.Event // in the order of recording
	Progress estates.Progress
	Dues     []estates.Due
	Limit    estates.HandoverLimit
	Set      *rules.Set
	Duties   []estates.Duty          // of today
	Speaks   func(estates.Duty) bool // the person may record the opinion that a round waits for
	MayEnter bool                    // the person keeps the ledger of premises there
}

// DueOf is something that is due, and of which estate.
type DueOf struct {
	estates.Due
	Estate estates.Estate
}

// RegisterSteps mounts what happens at the milestones of estates, the hand-over to the ledger
// of premises, which office answers for what, and what is overdue.
func RegisterSteps(api huma.API, steps Steps) {
	h := stepHandlers{steps: steps}
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-steps", Method: http.MethodGet, Path: onePath + "/steps", Tags: tags(),
		Summary: "The milestones of an estate with every round, opinion and clock · 四同步",
		Description: "Requests and opinions are never changed: a correction is a further event, and what was recorded first stands beside it. " +
			"Each keeps what the check at its milestone said then.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.walked)
	httpapi.Register(api, huma.Operation{
		OperationID: "ask-estate-opinions", Method: http.MethodPost, Path: onePath + "/steps/requests", Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Ask the offices for their opinions on a milestone · 征求意见",
		Description: "No milestone is skipped, and after a refusal every office is asked again. Which offices, and their clocks, are the duties of the day.",
		Errors:      stepErrors(),
	}, h.ask)
	httpapi.Register(api, huma.Operation{
		OperationID: "give-estate-opinion", Method: http.MethodPost, Path: onePath + "/steps/opinions", Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Record an office's opinion · 出具意见",
		Description: "Somebody of the office, by the department of the account, or, where the duty does not keep it to the office itself, whoever keeps the estate's records. " +
			"Without a letter number it gets the next one of the office's series.",
		Errors: stepErrors(),
	}, h.answer)
	httpapi.Register(api, huma.Operation{
		OperationID: "correct-estate-step", Method: http.MethodPost, Path: onePath + "/steps/corrections", Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Restate a request or an opinion that was recorded wrongly · 更正",
		Description: "What was recorded afterwards must still have been possible. Milestone, kind of premises and office stay.",
		Errors:      stepErrors(),
	}, h.correct)
	httpapi.Register(api, huma.Operation{
		OperationID: "hand-over-estate", Method: http.MethodPost, Path: onePath + "/handover", Tags: tags(),
		Summary:     "Have the ledger of premises take the rooms over · 移交进公建台账",
		Description: "In one transaction, each room once, all or none: asking again changes nothing. Faults name the room.",
		Errors:      stepErrors(),
	}, h.handOver)
	h.registerConditions(api)
	h.registerDuties(api)
}

func stepErrors() []int {
	return []int{
		http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
	}
}

type stepHandlers struct{ steps Steps }

type stepsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstateSteps
}

func (h stepHandlers) reply(ctx context.Context, id string) (*stepsReply, error) {
	w, err := h.steps.Walked(ctx, id)
	if err != nil {
		return nil, stepProblem(err)
	}
	return &stepsReply{CacheControl: "no-store", Body: stepsOf(w)}, nil
}

func (h stepHandlers) walked(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*stepsReply, error) {
	return h.reply(ctx, in.ID)
}

// EstateMilestoneCode is a milestone in the body of a request.
type EstateMilestoneCode struct {
	Milestone string `json:"milestone" enum:"conditions,plan_review,construction,acceptance,handover"`
}

func (c EstateMilestoneCode) read() estates.Milestone {
	m, _ := estates.ParseMilestone(c.Milestone)
	return m
}

// EstateStepKey is the key of a request that records something.
type EstateStepKey struct {
	ID  string `path:"id" maxLength:"64"`
	Key string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
}

// EstateRequestWords is what a person writes of a request.
type EstateRequestWords struct {
	Day  string `json:"day" format:"date" doc:"Of the request, today at the latest"`
	By   string `json:"by" maxLength:"100" doc:"Who asks: the developer or an office"`
	Note string `json:"note,omitempty" maxLength:"1000"`
}

type askInput struct {
	EstateStepKey
	Body struct {
		EstateMilestoneCode
		EstateRequestWords
	}
}

func (h stepHandlers) ask(ctx context.Context, in *askInput) (*stepsReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	if err := h.steps.Ask(ctx, in.ID, estates.Request{Milestone: b.read(), Day: record.Day(b.Day), By: b.By, Note: b.Note}); err != nil {
		return nil, stepProblem(err)
	}
	return h.reply(ctx, in.ID)
}

// EstateOpinionWords is what a person writes of an opinion.
type EstateOpinionWords struct {
	Verdict   string `json:"verdict" enum:"agreed,conditional,refused"`
	Letter    string `json:"letter,omitempty" maxLength:"60" doc:"Its number; left out to be given the next one, where the office's letters are numbered here"`
	Day       string `json:"day" format:"date"`
	Signer    string `json:"signer" maxLength:"60" doc:"Who signed it"`
	Text      string `json:"text,omitempty" maxLength:"2000" doc:"The conditions, or why not"`
	RectifyBy string `json:"rectify_by,omitempty" maxLength:"10" doc:"Of a refusal: until when it is to be put right; left out for the authority's usual days"`
}

func (w EstateOpinionWords) read() estates.Opinion {
	return estates.Opinion{
		Verdict: estates.Verdict(w.Verdict), Letter: w.Letter, Day: record.Day(w.Day), Signer: w.Signer, Text: w.Text, RectifyBy: record.Day(w.RectifyBy),
	}
}

type answerInput struct {
	EstateStepKey
	Body struct {
		EstateMilestoneCode
		Norm   string `json:"norm" enum:"community_premises,elderly_premises"`
		Office string `json:"office" maxLength:"60"`
		EstateOpinionWords
	}
}

func (h stepHandlers) answer(ctx context.Context, in *answerInput) (*stepsReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	o := in.Body.EstateOpinionWords.read()
	o.Milestone, o.Norm, o.Office = in.Body.EstateMilestoneCode.read(), normOf(in.Body.Norm), in.Body.Office
	if _, err := h.steps.Answer(ctx, in.ID, o); err != nil {
		return nil, stepProblem(err)
	}
	return h.reply(ctx, in.ID)
}

type correctInput struct {
	EstateStepKey
	Body struct {
		Event   string              `json:"event" maxLength:"64" doc:"Id of the request or opinion as it was recorded first"`
		Request *EstateRequestWords `json:"request,omitempty" doc:"What is right of a request"`
		Opinion *EstateOpinionWords `json:"opinion,omitempty" doc:"What is right of an opinion; without a letter it keeps its number"`
		Reason  string              `json:"reason" maxLength:"500"`
	}
}

func (h stepHandlers) correct(ctx context.Context, in *correctInput) (*stepsReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	e := estates.Event{Corrects: b.Event, Reason: b.Reason}
	switch {
	case (b.Request == nil) == (b.Opinion == nil):
		return nil, stepProblem(&estates.StepError{Field: "event", Err: estates.ErrIncomplete})
	case b.Request != nil:
		e.Request = &estates.Request{Day: record.Day(b.Request.Day), By: b.Request.By, Note: b.Request.Note}
	default:
		o := b.Opinion.read()
		e.Opinion = &o
	}
	if err := h.steps.Correct(ctx, in.ID, e); err != nil {
		return nil, stepProblem(err)
	}
	return h.reply(ctx, in.ID)
}

type handOverInput struct {
	EstateStepKey
	Body struct {
		Day       string   `json:"day" format:"date" doc:"Of the hand-over, today at the latest"`
		Owner     string   `json:"owner" maxLength:"100" doc:"Who has the rooms from then on"`
		KeyHolder string   `json:"key_holder,omitempty" maxLength:"100" doc:"Office or post that keeps the keys"`
		Rooms     []string `json:"rooms,omitempty" nullable:"false" maxItems:"300" doc:"Ids of the estate's rooms; all that the ledger has not when left out"`
		Note      string   `json:"note,omitempty" maxLength:"1000"`
		Reason    string   `json:"reason" maxLength:"500"`
	}
}

// EstateHandover is what became of a hand-over.
type EstateHandover struct {
	Taken   []string `json:"taken" nullable:"false" doc:"Ids of the rooms that are new in the ledger"`
	Already int      `json:"already" doc:"Rooms asked for that the ledger had"`
}

type handOverReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstateHandover
}

func (h stepHandlers) handOver(ctx context.Context, in *handOverInput) (*handOverReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	taken, already, err := h.steps.HandOver(ctx, in.ID, estates.Transfer{
		Day: record.Day(b.Day), Owner: b.Owner, KeyHolder: b.KeyHolder, Rooms: b.Rooms, Note: b.Note,
	}, b.Reason)
	if err != nil {
		return nil, stepProblem(err)
	}
	return &handOverReply{CacheControl: "no-store", Body: EstateHandover{Taken: append([]string{}, taken...), Already: already}}, nil
}
