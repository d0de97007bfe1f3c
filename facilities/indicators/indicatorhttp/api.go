// Package indicatorhttp serves the plan board: the plans that come with the program, a
// bureau's own plans, how each indicator stands in a year with all it rests on, and
// reviews as pages and files. It owns the JSON shapes; it knows nothing of storage, of
// walking or of file formats, and takes what it serves from Plans and Files.
package indicatorhttp

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/facilities/indicators"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Plans gives what is served and writes it, as the person of the context may. Besides
// those named its errors are problems already, or faults of the server. It is safe for
// concurrent use.
type Plans interface {
	// Today is the present day.
	Today() record.Day
	// Types are the facility types. ErrNotReady.
	Types() ([]facilities.TypeInfo, error)
	// Notices are what must be said wherever figures are shown. ErrNotReady.
	Notices() ([]indicators.Text, error)
	// List gives the plans. ErrNotReady.
	List(ctx context.Context) ([]Listed, error)
	// Whole gives one plan with all that belongs to it. ErrNotReady and ErrNotFound.
	Whole(ctx context.Context, id string) (indicators.Whole, error)
	// Facts are those of the year's last day, or of today while it lasts; nil for a year
	// that has not begun. ErrNotReady.
	Facts(ctx context.Context, year int) (*indicators.Facts, error)

	// ValueHistory gives the versions of a value, the newest first. ErrNotReady and
	// ErrNotFound.
	ValueHistory(ctx context.Context, plan, id string) ([]httpapi.RecordVersion, error)

	// The writes, once for each idempotency key where they make something. ErrNotReady,
	// ErrNotFound and *record.InvalidError.
	Create(ctx context.Context, p indicators.Plan, rows []indicators.Indicator, projects []indicators.Project, reason string) (indicators.Plan, error)
	Update(ctx context.Context, id string, expected int, p indicators.Plan, reason string) (indicators.Plan, error)
	Delete(ctx context.Context, id string, expected int, reason string) error
	AddIndicator(ctx context.Context, plan string, i indicators.Indicator, reason string) (indicators.Indicator, error)
	UpdateIndicator(ctx context.Context, plan, id string, expected int, i indicators.Indicator, reason string) (indicators.Indicator, error)
	DeleteIndicator(ctx context.Context, plan, id string, expected int, reason string) error
	AddValue(ctx context.Context, plan string, v indicators.Value, reason string) (indicators.Value, error)
	UpdateValue(ctx context.Context, plan, id string, expected int, v indicators.Value, reason string) (indicators.Value, error)
	DeleteValue(ctx context.Context, plan, id string, expected int, reason string) error
	AddProject(ctx context.Context, plan string, p indicators.Project, reason string) (indicators.Project, error)
	UpdateProject(ctx context.Context, plan, id string, expected int, p indicators.Project, reason string) (indicators.Project, error)
	DeleteProject(ctx context.Context, plan, id string, expected int, reason string) error
	// Seal keeps computed values; again lets them take the place of those sealed before.
	Seal(ctx context.Context, plan string, values []indicators.Value, again bool, reason string) (Sealed, error)
}

// Files writes boards to files.
type Files interface {
	// Write writes a board as csv, xlsx or pdf. ErrNoFonts where paper cannot be set.
	Write(w io.Writer, format string, b indicators.Board, kind indicators.ReviewKind, english bool, made record.Day, notices []indicators.Text) error
}

// Listed is a plan in the list.
type Listed struct {
	Plan                           indicators.Plan
	Indicators, Numbered, Projects int
}

// Sealed is what became of values that were to be sealed.
type Sealed struct{ Kept, Renewed, Stood int }

// What Plans and Files may answer.
var (
	ErrNotReady = errors.New("the data are not loaded yet")
	ErrNotFound = errors.New("no such plan, or nothing in it of that id")
	ErrNoFonts  = errors.New("no fonts for paper")
)

type handlers struct {
	plans Plans
	files Files
}

// Register mounts /api/v1/plan-templates, /plan-formulas and /plans with all below.
func Register(api huma.API, plans Plans, files Files) {
	h := handlers{plans, files}
	h.registerReads(api)
	h.registerFiles(api)
	h.registerPlanWrites(api)
	h.registerRowWrites(api)
}

func reads() []int {
	return []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
}

func makes() []int {
	return []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
	}
}

func changes() []int {
	return append(makes(), http.StatusPreconditionFailed, http.StatusPreconditionRequired)
}

func operation(id, method, path, summary, description string, errs []int) huma.Operation {
	op := huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"plans"}, Summary: summary, Description: description, Errors: errs}
	switch method {
	case http.MethodPost:
		op.DefaultStatus = http.StatusCreated
	case http.MethodDelete:
		op.DefaultStatus = http.StatusNoContent
	}
	return op
}

func (h handlers) registerReads(api huma.API) {
	httpapi.Register(api, operation("plan-templates", http.MethodGet, "/api/v1/plan-templates", "Plans that come with the program · 规划模板",
		"Four plans of 2021–2025 in their own words, to be read or taken over.", reads()), h.templates)
	httpapi.Register(api, operation("plan-template", http.MethodGet, "/api/v1/plan-templates/{key}", "One of them with all its rows · 规划模板",
		"Every row with the sentence it stands in, yearly targets, contradictions and projects.", reads()), h.template)
	httpapi.Register(api, operation("plan-formulas", http.MethodGet, "/api/v1/plan-formulas", "How the registry can tell an indicator · 指标算法",
		"A closed set: a bureau chooses and fills in.", reads()), h.formulas)
	httpapi.Register(api, operation("plans", http.MethodGet, "/api/v1/plans", "The bureau's own plans · 规划",
		"Those still worked with first.", reads()), h.list)
	httpapi.Register(api, operation("plan", http.MethodGet, "/api/v1/plans/{id}", "One plan with its indicators, values and projects · 规划",
		"Its entity tag is the version of the plan itself; rows have versions of their own.", reads()), h.whole)
	httpapi.Register(api, operation("plan-board", http.MethodGet, "/api/v1/plans/{id}/board", "How a plan stands in a year · 规划看板",
		"What is computed is of the year's last day, or of today while the year lasts. A blank is null and never 0.", reads()), h.board)
	httpapi.Register(api, operation("plan-explanation", http.MethodGet, "/api/v1/plans/{id}/indicators/{indicator}/explanation", "What an indicator's figure is made of · 指标说明",
		"The facilities that count and those that lack what is needed; those of a past day only for who may read history.", reads()), h.explain)
	httpapi.Register(api, operation("plan-value-history", http.MethodGet, "/api/v1/plans/{id}/values/{value}/history", "The versions of a value · 填报历史",
		"Who entered each, when and why.", append(reads(), http.StatusUnauthorized, http.StatusForbidden)), h.valueHistory)
	httpapi.Register(api, operation("plan-review", http.MethodGet, "/api/v1/plans/{id}/review", "A plan's mid-term or final review · 规划评估",
		"The board of the year in which the plan says that it is reviewed, unless another is asked for.", reads()), h.review)
}

func (h handlers) registerFiles(api huma.API) {
	for _, f := range []struct{ format, mime, what string }{
		{"csv", "text/csv; charset=utf-8", "CSV"},
		{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"},
		{"pdf", "application/pdf", "PDF"},
	} {
		op := operation("plan-review-"+f.format, http.MethodGet, "/api/v1/plans/{id}/review."+f.format, "A review, or the board of a year, as "+f.what+" · 规划评估（"+f.what+"）", "", reads())
		op.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{f.mime: {Schema: &huma.Schema{Type: huma.TypeString}}}}}
		httpapi.Register(api, op, h.file(f.format, f.mime))
	}
}
