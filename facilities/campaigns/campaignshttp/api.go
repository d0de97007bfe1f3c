// Package campaignshttp serves inspections of facilities: campaigns, their tasks with the
// answers, the problems found, and the scores. It owns the JSON shapes and knows nothing
// of storage; what it serves it takes from Records.
package campaignshttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/campaigns"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Pick says which facilities are put into a campaign.
type Pick struct {
	IDs, Types []string
	Division   string
}

// TaskFilter says which tasks are wanted; what is empty does not matter.
type TaskFilter struct {
	Campaign, Facility, Division, State string
	Mine                                bool // of campaigns that are out, where whoever asks may answer
}

// ProblemFilter says which problems are wanted; what is empty does not matter.
type ProblemFilter struct {
	Campaign, Facility, Division, State string
	Overdue                             bool
}

// Score is what a facility got in the assessments of a year.
type Score struct {
	Facility, NameZH, NameEN, Type, DivisionCode, Campaign string
	Score                                                  int
	VisitedOn                                              record.Day
}

// Overview is a campaign with how far it is in each subdistrict.
type Overview struct {
	Campaign campaigns.Campaign
	Progress []campaigns.Progress
}

// Records reads and writes campaigns, as the person of the context may. Besides those
// named below its errors are *record.InvalidError, problems already, or faults of the
// server. It is safe for concurrent use.
type Records interface {
	Campaigns(ctx context.Context) ([]Overview, error)
	Campaign(ctx context.Context, id string) (Overview, error)
	Create(ctx context.Context, c campaigns.Campaign, reason string) (campaigns.Campaign, error)
	Update(ctx context.Context, id string, expected int, p campaigns.Patch, reason string) (campaigns.Campaign, error)
	AddFacilities(ctx context.Context, id string, p Pick, reason string) (int, error)
	RemoveFacility(ctx context.Context, id, task, reason string) error
	Send(ctx context.Context, id string, expected int, reason string) (campaigns.Campaign, error)
	Close(ctx context.Context, id string, expected int, reason string) (campaigns.Campaign, error)

	Tasks
	Problems(ctx context.Context, f ProblemFilter) ([]campaigns.Problem, error)
	Take(ctx context.Context, id string, expected int, step campaigns.Step, on, due record.Day, note string) (campaigns.Problem, error)
	Scores(ctx context.Context, year int, division string) ([]Score, error)
}

// Tasks is the part of Records for single facilities of a campaign.
type Tasks interface {
	Tasks(ctx context.Context, f TaskFilter) ([]campaigns.Task, error)
	Task(ctx context.Context, id string) (campaigns.Task, campaigns.Campaign, error)
	Answer(ctx context.Context, id string, expected int, a campaigns.Answer) (campaigns.Task, error)
	Accept(ctx context.Context, id string, expected int) (campaigns.Task, error)
	SendBack(ctx context.Context, id string, expected int, reason string) (campaigns.Task, error)
}

// What Records may answer.
var (
	ErrNotReady = errors.New("the data are not loaded yet")
	ErrNotFound = errors.New("no such record")
	ErrNotDraft = errors.New("the campaign was sent out")
	ErrNotOut   = errors.New("not at a state for this")
	ErrNothing  = errors.New("the campaign has no facilities")
)

type handlers struct{ records Records }

// Register mounts /api/v1/campaigns, /campaign-tasks, /facility-problems and
// /campaign-scores.
func Register(api huma.API, records Records) {
	h := handlers{records}
	r := registrar{api: api}
	r.add("campaign-forms", http.MethodGet, "/api/v1/campaign-forms", "Forms to begin from · 清查表样")
	httpapi.Register(api, r.op, h.forms)
	r.add("campaigns", http.MethodGet, "/api/v1/campaigns", "Campaigns with their progress · 清查")
	httpapi.Register(api, r.op, h.list)
	r.add("create-campaign", http.MethodPost, "/api/v1/campaigns", "Draft a campaign · 拟订清查")
	httpapi.Register(api, r.op, h.create)
	r.add("campaign", http.MethodGet, "/api/v1/campaigns/{id}", "One campaign with its progress by subdistrict · 清查进度")
	httpapi.Register(api, r.op, h.one)
	r.add("update-campaign", http.MethodPatch, "/api/v1/campaigns/{id}", "Change a campaign · 变更清查")
	httpapi.Register(api, r.op, h.update)
	r.add("add-campaign-facilities", http.MethodPost, "/api/v1/campaigns/{id}/facilities", "Put facilities into a draft · 选择设施")
	httpapi.Register(api, r.op, h.addFacilities)
	r.add("remove-campaign-facility", http.MethodDelete, "/api/v1/campaigns/{id}/facilities/{task}", "Take a facility out of a draft · 移出设施")
	httpapi.Register(api, r.op, h.removeFacility)
	r.add("send-campaign", http.MethodPost, "/api/v1/campaigns/{id}/send", "Send a draft out · 下发清查")
	httpapi.Register(api, r.op, h.send)
	r.add("close-campaign", http.MethodPost, "/api/v1/campaigns/{id}/close", "End a campaign · 结束清查")
	httpapi.Register(api, r.op, h.close)
	h.registerTasks(api)
	h.registerProblems(api)
}

// registrar writes down an operation with what all of them have.
type registrar struct {
	api huma.API
	op  huma.Operation
}

func (r *registrar) add(id, method, path, summary string) {
	r.op = huma.Operation{
		OperationID: id, Method: method, Path: path, Tags: []string{"campaigns"}, Summary: summary,
		Errors: []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
			http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired, http.StatusServiceUnavailable,
		},
	}
	switch {
	case method == http.MethodPost && (id == "create-campaign"):
		r.op.DefaultStatus = http.StatusCreated
	case method == http.MethodDelete:
		r.op.DefaultStatus = http.StatusNoContent
	}
}

// problem tells a client what is wrong.
func problem(err error) error {
	conflict := func(code, zh, en string) error { return httpapi.NewProblem(http.StatusConflict, code, zh, en) }
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready", "数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_record", "没有这条记录", "There is no such record")
	case errors.Is(err, ErrNotDraft):
		return conflict("sent", "已经下发，不能再改设施和表样", "It has been sent out; its facilities and its form stay as they are")
	case errors.Is(err, ErrNotOut):
		return conflict("state", "现在的状态不能这样办，请重新读取", "It is not at a state for this; read it again")
	case errors.Is(err, ErrNothing):
		return conflict("nothing", "还没有选择设施", "It has no facilities yet")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
