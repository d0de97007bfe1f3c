// Package panelhttp serves what experts, offices, the public and the committee say of proposed
// place names to those who work with it. The pages for everybody are those of
// placenames/notices. It must not know how panels are stored, nor the procedure that asks for
// them; what may be said when is a rule of placenames/panel.
package panelhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/panel"
)

// Desk reads and writes panels for the person of the context, as the rights let them. Besides
// those of the core its errors are problems already, or faults of the server. It is safe for
// concurrent use. What makes something does so once for each idempotency key.
type Desk interface {
	Today() record.Day
	Rules(ctx context.Context) (rules panel.Rules, mayWrite bool, err error)
	SetRules(ctx context.Context, expected int, r panel.Rules, reason string) error
	Experts(ctx context.Context) (bank []panel.Expert, mayWrite bool, err error)
	SaveExpert(ctx context.Context, expected int, e panel.Expert, reason string) (id string, err error)
	Members(ctx context.Context) (members []panel.Sitting, mayWrite bool, err error)
	SaveMember(ctx context.Context, expected int, m panel.Sitting, reason string) (id string, err error)

	Case(ctx context.Context, id string) (panel.Case, error)
	Invite(ctx context.Context, caseID string, in panel.Invitation) error
	SetConflict(ctx context.Context, caseID, review string, c panel.Conflict, reason string) error
	Dismiss(ctx context.Context, caseID, review, reason string) error
	Opine(ctx context.Context, caseID, review string, o panel.Opinion) error
	Ask(ctx context.Context, caseID string, in panel.Questions) error
	Reply(ctx context.Context, caseID, ask string, r panel.Reply) error
	Recall(ctx context.Context, caseID, ask, reason string) error
	Publish(ctx context.Context, caseID string, n panel.Notice) error
	ChangeNotice(ctx context.Context, id string, expected int, closes record.Day, withdrawn, reason string) error
	AnswerComment(ctx context.Context, id string, a panel.Answer) error
	Reveal(ctx context.Context, id, reason string) (panel.Person, error)

	Meetings(ctx context.Context) (list []panel.Meeting, mayWrite bool, err error)
	Meeting(ctx context.Context, id string) (m panel.Meeting, rules panel.Rules, mayWrite bool, err error)
	SaveMeeting(ctx context.Context, expected int, m panel.Meeting) (id string, err error)
	Matters(ctx context.Context) ([]panel.Matter, error)
	Work(ctx context.Context) (panel.Work, error)
}

const casePath = "/api/v1/name-cases/{id}"

func tags() []string { return []string{"place names · 地名"} }

// Register mounts the operations.
func Register(api huma.API, desk Desk) {
	h := handlers{desk: desk}
	h.registerRules(api)
	h.registerBank(api)
	h.registerCase(api)
	h.registerReviews(api)
	h.registerConsultation(api)
	h.registerMeetings(api)
}

type handlers struct{ desk Desk }

// operation describes one, with what may go wrong by its method.
func operation(id, method, path, summary, more string) huma.Operation {
	op := huma.Operation{OperationID: id, Method: method, Path: path, Tags: tags(), Summary: summary, Description: more, Errors: []int{http.StatusUnauthorized, http.StatusNotFound}}
	switch method {
	case http.MethodPost:
		op.DefaultStatus = http.StatusCreated
		op.Errors = append(op.Errors, http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity)
	case http.MethodPut, http.MethodPatch:
		op.Errors = append(op.Errors, http.StatusBadRequest, http.StatusForbidden, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired)
	}
	return op
}

// PanelKey is the key of a request that makes something.
type PanelKey struct {
	Key string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
}

func (k PanelKey) fault() error {
	if k.Key == "" {
		return httpapi.KeyRequired()
	}
	return nil
}

// PanelReason is why.
type PanelReason struct {
	Reason string `json:"reason" maxLength:"500"`
}

type body[T any] struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         T
}

func fresh[T any](b T) *body[T] { return &body[T]{CacheControl: "no-store", Body: b} }

func versioned[T any](version int, b T) *body[T] {
	return &body[T]{ETag: httpapi.ETag(version), CacheControl: "no-store", Body: b}
}

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, panel.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "no_such_panel_record", "没有这条记录，或您无权查看", "There is no such record, or you may not see it")
	case errors.Is(err, panel.ErrEnded):
		return httpapi.NewProblem(http.StatusConflict, "name_case_ended", "办件已经办结，不再征求意见", "The case has ended, so nobody is asked about it any more")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
