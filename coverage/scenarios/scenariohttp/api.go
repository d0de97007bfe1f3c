// Package scenariohttp serves named scenarios (比选方案): lists and records, what became of
// them on today's data, sharing, decisions, and several side by side. It owns the JSON
// shapes; it knows nothing of storage and of how questions are answered, and takes what it
// serves from a Shelf.
package scenariohttp

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage"
	"yike/coverage/scenarios"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Shelf keeps and answers scenarios as the person of the context may see and write them.
// Besides those named its errors are those of the core, problems already, or faults of the
// server. It is safe for concurrent use.
type Shelf interface {
	// List gives a page of scenarios and where the next begins; nil on the last.
	List(ctx context.Context, f scenarios.Filter, after scenarios.After, limit int) ([]scenarios.Item, *scenarios.After, error)
	// Scenario gives one. ErrNotFound.
	Scenario(ctx context.Context, id string) (scenarios.Item, error)
	// Now says what a scenario comes to on today's data. ErrNotReady, *QuestionFault; a step
	// that cannot be taken is no error.
	Now(ctx context.Context, s scenarios.Scenario) (Now, error)
	// Create keeps a scenario with what it comes to, once for each idempotency key.
	// *record.InvalidError, *QuestionFault, *StepFault, ErrNotReady.
	Create(ctx context.Context, s scenarios.Scenario) (scenarios.Item, error)
	// Update changes the scenario of which the client saw a version. What it comes to is
	// worked out anew where it asks something else, and where refresh says so.
	// ErrNotFound, ErrNotOwner, ErrDecided and those of Create.
	Update(ctx context.Context, id string, expected int, p scenarios.Patch, refresh bool, reason string) (scenarios.Item, error)
	// Decide writes what was decided about a shared one. ErrNotFound, ErrNotShared and
	// *record.InvalidError.
	Decide(ctx context.Context, id string, expected int, d scenarios.Decision) (scenarios.Item, error)
	// Remove deletes one. ErrNotFound, ErrNotOwner, ErrDecided and *record.InvalidError.
	Remove(ctx context.Context, id string, expected int, reason string) error
	// History gives the versions, the newest first. ErrNotFound.
	History(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
	// Compare sets scenarios side by side. *UnknownScenario, *DifferentQuestions,
	// *QuestionFault and ErrNotReady.
	Compare(ctx context.Context, a Asked) (*Compared, error)
	// Version names the data that answers are made from, "" before they are loaded.
	Version() string
}

// Now is what a scenario comes to on the data as they are.
type Now struct {
	Version string
	Figures []scenarios.Figure // nil where a step cannot be taken
	Fault   *StepFault
}

// Asked says what is to be set side by side.
type Asked struct {
	IDs        []string
	QuestionOf string // id of the scenario whose question all are asked; "" where all ask the same
	Level      divisions.Level
	Band       string // "" is the widest
}

// Compared are scenarios side by side.
type Compared struct {
	Version    string
	Question   scenarios.Question
	Note       *coverage.Text // what to keep in mind with the type; nil when nothing
	Band       int
	Comparison *coverage.Comparison // of those that could be answered
	Options    []Option             // all that were asked for, in that order
	Divisions  []divisions.Division
	Outlines   []Outline
	Cells      []coverage.Cell
}

// StepFault is a step that cannot be taken.
type StepFault struct {
	Step         int // index into the steps; -1 where it is the plan as a whole
	Reason, Hint coverage.Text
}

// Error names the step by its place, from 1 on.
func (f *StepFault) Error() string { return fmt.Sprintf("step %d: %s", f.Step+1, f.Reason.EN) }

// QuestionFault is a question that cannot be asked.
type QuestionFault struct {
	Param, Value string
	Reason       coverage.Text
}

// Error names the parameter.
func (f *QuestionFault) Error() string { return f.Param + ": " + f.Reason.EN }

// UnknownScenario is an id among several that the reader may not see or nobody has.
type UnknownScenario struct{ Index int }

// Error names it by its place, from 1 on.
func (e *UnknownScenario) Error() string { return fmt.Sprintf("there is no scenario %d", e.Index+1) }

// DifferentQuestions says which scenarios ask something else than the first.
type DifferentQuestions struct {
	First  scenarios.Question
	Others map[int]scenarios.Question // by index into the ids
}

// Error counts them.
func (e *DifferentQuestions) Error() string {
	return fmt.Sprintf("%d scenarios ask something else than the first", len(e.Others))
}

const (
	listPath = "/api/v1/scenarios"
	onePath  = listPath + "/{id}"
)

func tags() []string { return []string{"scenarios"} }

// Register mounts /api/v1/scenarios and what is below it. today is the day it is for the
// authority.
func Register(api huma.API, shelf Shelf, today func() record.Day) {
	h := handlers{shelf: shelf, today: today}
	httpapi.Register(api, huma.Operation{
		OperationID: "scenarios", Method: http.MethodGet, Path: listPath, Tags: tags(),
		Summary:     "Scenarios that you may see, page by page · 比选方案",
		Description: "Your own and those that are shared, the one changed last first. Figures are those of when a scenario was saved; outdated says that the data are others now. Follow next until it is null.",
		Errors:      []int{http.StatusUnauthorized, http.StatusUnprocessableEntity},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "scenario", Method: http.MethodGet, Path: onePath, Tags: tags(),
		Summary: "One scenario, with what it comes to on today's data · 方案", Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "scenario-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags(),
		Summary:     "The versions of a scenario · 方案历史",
		Description: "Of another's scenario only those of when it was shared.",
		Errors:      []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.history)
	h.registerWrites(api)
	httpapi.Register(api, huma.Operation{
		OperationID: "compare-scenarios", Method: http.MethodPost, Path: listPath + "/compare", Tags: tags(),
		Summary: "Scenarios side by side · 比较方案",
		Description: "All are answered on today's data and by one question; where theirs differ, name the one whose question is to be asked. " +
			"A scenario with a step that cannot be taken any more says so and does not keep the others from being compared. It writes nothing, so it needs no Idempotency-Key.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.compare)
}

func (h handlers) registerWrites(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "create-scenario", Method: http.MethodPost, Path: listPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Keep a scenario · 保存方案",
		Description: "A draft of your own, which nobody else sees until you share it. What it comes to is worked out and kept with it. The same request with the same Idempotency-Key gives the same scenario again.",
		Errors:      []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "copy-scenario", Method: http.MethodPost, Path: onePath + "/copies", Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Keep a copy of a scenario as a draft of your own · 复制方案",
		Description: "Of your own or of one that is shared, under a name of its own.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
		},
	}, h.duplicate)
	changes := []int{
		http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
		http.StatusUnprocessableEntity, http.StatusPreconditionRequired, http.StatusServiceUnavailable,
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "update-scenario", Method: http.MethodPatch, Path: onePath, Tags: tags(),
		Summary: "Change, share or archive a scenario of your own · 修改、共享、归档方案",
		Description: "A merge patch: what is left out stays; nothing is null. state draft is seen by you alone, shared by everybody who sees the map; what is archived stays as visible as it was. " +
			"One that was decided about can only be archived and taken out of the archive.",
		Errors: changes,
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "decide-scenario", Method: http.MethodPut, Path: onePath + "/decision", Tags: tags(),
		Summary:     "Adopt or decline a shared scenario, with the reason · 采用或不采用",
		Description: "By whoever may keep scenarios for its division, also where another owns it. An empty verdict takes the decision back.",
		Errors:      changes,
	}, h.decide)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-scenario", Method: http.MethodDelete, Path: onePath, Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary:     "Delete a scenario of your own, with the reason · 删除方案",
		Description: "Its history stays. One that was decided about is archived instead: 409.",
		Errors:      changes,
	}, h.remove)
}

type handlers struct {
	shelf Shelf
	today func() record.Day
}
