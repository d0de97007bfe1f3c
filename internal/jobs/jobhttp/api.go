// Package jobhttp serves background work: the list of jobs, one job, its changes as they
// happen, stopping it, and asking for a data pack to be loaded. It owns the JSON shapes
// and the event stream; it knows nothing of storage or of what a job does, and takes
// them from a Source.
package jobhttp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/jobs"
)

// Source gives the jobs that whoever asks may see; see jobs.Desk. It is safe for
// concurrent use.
type Source interface {
	Get(ctx context.Context, id string) (jobs.Job, error)
	List(ctx context.Context, f jobs.Filter) (list []jobs.Job, more bool, err error)
	Cancel(ctx context.Context, id string) (jobs.Job, error)
	Watch(ctx context.Context, id string) (look func(context.Context) (jobs.Job, error), done func(), err error)
}

var _ Source = (*jobs.Desk)(nil)

// Register mounts /api/v1/jobs and what is below it. kinds gives the names of kinds.
func Register(api huma.API, src Source, kinds map[string]jobs.Kind) {
	h := handlers{src: src, kinds: kinds}
	notThere := []int{http.StatusNotFound}
	httpapi.Register(api, huma.Operation{
		OperationID: "jobs", Method: http.MethodGet, Path: "/api/v1/jobs", Tags: []string{"jobs"},
		Summary:     "Background work · 后台任务",
		Description: "One's own jobs, and everybody's for those who may see them; the last asked for first.",
		Errors:      []int{http.StatusUnprocessableEntity},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "job", Method: http.MethodGet, Path: "/api/v1/jobs/{id}", Tags: []string{"jobs"},
		Summary: "One job and how far it is · 任务进度", Errors: notThere,
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "job-events", Method: http.MethodGet, Path: "/api/v1/jobs/{id}/events", Tags: []string{"jobs"},
		Summary: "The changes of one job as they happen · 任务进度（推送）",
		Description: "Server-sent events: `job` with the job as its data and its seq as the id, at once and at each change, until it has ended. " +
			"A client that comes back with Last-Event-ID is told only what is new, and with 204 that there is no more. " +
			"The stream ends after ten minutes, and whenever the server stops; browsers come back by themselves.",
		Responses: map[string]*huma.Response{
			"200": {Description: "Events", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}},
			"204": {Description: "The job has ended, and the client knows it"},
		},
		Errors: notThere,
	}, h.events)
	httpapi.Register(api, huma.Operation{
		OperationID: "cancel-job", Method: http.MethodPost, Path: "/api/v1/jobs/{id}/cancel", Tags: []string{"jobs"},
		Summary: "Stop a job · 取消任务", DefaultStatus: http.StatusAccepted,
		Description: "A job that waits is over at once, one that runs within seconds. What it has done so far stays, as far as it was complete in itself.",
		Errors:      []int{http.StatusForbidden, http.StatusNotFound, http.StatusConflict},
	}, h.cancel)
}

type handlers struct {
	src   Source
	kinds map[string]jobs.Kind
}

// job is a job as the API gives it.
type job struct {
	ID          string     `json:"id"`
	Kind        string     `json:"kind" example:"coverage_report"`
	KindZH      string     `json:"kind_zh"`
	KindEN      string     `json:"kind_en"`
	State       string     `json:"state" enum:"queued,running,done,failed,cancelled"`
	Done        int64      `json:"done" doc:"Steps that are done"`
	Total       int64      `json:"total" doc:"Steps in all; 0 when unknown"`
	StepZH      string     `json:"step_zh" doc:"What it does now"`
	StepEN      string     `json:"step_en"`
	ErrorZH     string     `json:"error_zh" doc:"Why the last attempt failed; empty when it did not"`
	ErrorEN     string     `json:"error_en"`
	Result      result     `json:"result" doc:"What the job left, by kind; null before it is done"`
	AskedWho    string     `json:"asked_who"`
	Own         bool       `json:"own" doc:"Whether whoever looks asked for it"`
	CreatedAt   time.Time  `json:"created_at"`
	StartedAt   *time.Time `json:"started_at" nullable:"true"`
	FinishedAt  *time.Time `json:"finished_at" nullable:"true"`
	Attempts    int        `json:"attempts" doc:"How often a worker took it up"`
	CancelAsked bool       `json:"cancel_asked"`
	Seq         int64      `json:"seq" doc:"Grows with each change"`
	MayCancel   bool       `json:"may_cancel" doc:"Whether whoever asks may stop it now"`
}

func (h handlers) jobOf(ctx context.Context, j jobs.Job) job {
	kind := h.kinds[j.Kind]
	if kind.ZH == "" {
		kind.ZH, kind.EN = j.Kind, j.Kind // of a newer program
	}
	return job{
		ID: j.ID, Kind: j.Kind, KindZH: kind.ZH, KindEN: kind.EN, State: string(j.State), Done: j.Done, Total: j.Total,
		StepZH: j.StepZH, StepEN: j.StepEN, ErrorZH: j.ErrorZH, ErrorEN: j.ErrorEN, Result: result(j.Result), AskedWho: j.AskedWho, Own: isOwn(ctx, j),
		CreatedAt: j.CreatedAt, StartedAt: j.StartedAt, FinishedAt: j.FinishedAt,
		Attempts: j.Attempts, CancelAsked: j.CancelAsked, Seq: j.Seq, MayCancel: mayCancel(ctx, j),
	}
}

// result is an object whose properties follow from the kind of job, or null.
type result json.RawMessage

// MarshalJSON writes it as it is.
func (r result) MarshalJSON() ([]byte, error) { return json.RawMessage(r).MarshalJSON() }

// Schema is the OpenAPI form.
func (result) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Nullable: true, AdditionalProperties: true}
}

func isOwn(ctx context.Context, j jobs.Job) bool {
	who, ok := auth.From(ctx)
	return ok && j.AskedBy == who.AccountID
}

// mayCancel says what the database will say.
func mayCancel(ctx context.Context, j jobs.Job) bool {
	who, ok := auth.From(ctx)
	return ok && !j.State.Ended() && !j.CancelAsked && (isOwn(ctx, j) && who.TokenActions == nil || who.May(auth.JobCancel, ""))
}

type listInput struct {
	State  string `query:"state" enum:"queued,running,done,failed,cancelled" doc:"Only in this state"`
	Kind   string `query:"kind" maxLength:"64" doc:"Only of this kind"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"Jobs per page"`
	Cursor string `query:"cursor" maxLength:"200" doc:"next of the page before"`
}

type page struct {
	Jobs []job   `json:"jobs" nullable:"false"`
	Next *string `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

// fresh is a body that nobody is to keep.
type fresh[T any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         T
}

func freshOf[T any](body T) *fresh[T] { return &fresh[T]{CacheControl: "no-store", Body: body} }

func (h handlers) list(ctx context.Context, in *listInput) (*fresh[page], error) {
	before, err := decodeCursor(in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	list, more, err := h.src.List(ctx, jobs.Filter{State: jobs.State(in.State), Kind: in.Kind, Before: before, Limit: in.Limit})
	if err != nil {
		return nil, problem(err)
	}
	out := page{Jobs: make([]job, len(list))}
	for i, j := range list {
		out.Jobs[i] = h.jobOf(ctx, j)
	}
	if more {
		next := encodeCursor(list[len(list)-1].ID)
		out.Next = &next
	}
	return freshOf(out), nil
}

// A cursor is the last id of a page, made opaque so that nobody builds on its form.
func encodeCursor(id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id)) }

func decodeCursor(c string) (string, error) {
	id, err := base64.RawURLEncoding.DecodeString(c)
	if err != nil || c != "" && !isID(string(id)) {
		return "", errBadCursor
	}
	return string(id), nil
}

// isID knows the form of our ids.
func isID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range s {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f'
		if dash != (c == '-') || !dash && !hex {
			return false
		}
	}
	return true
}

type oneInput struct {
	ID string `path:"id" maxLength:"64"`
}

func (h handlers) one(ctx context.Context, in *oneInput) (*fresh[job], error) {
	j, err := h.src.Get(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return freshOf(h.jobOf(ctx, j)), nil
}

type cancelInput struct {
	ID             string `path:"id" maxLength:"64"`
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"128" doc:"The same key again has the same answer and no second effect"`
}

func (h handlers) cancel(ctx context.Context, in *cancelInput) (*fresh[job], error) {
	j, err := h.src.Cancel(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return freshOf(h.jobOf(ctx, j)), nil
}
