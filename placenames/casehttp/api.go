// Package casehttp serves the procedure of place names (办件): cases with their steps, clocks
// and events, the desk of whoever asks, the procedures with what an authority makes of them, and
// its working calendar. It owns the JSON shapes; it knows nothing of storage and takes what it
// serves from Cases.
package casehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/process"
)

// Cases reads cases and records what happens in them, as the person of the context may. Besides
// those named, its errors are problems already, or faults of the server. It is safe for
// concurrent use.
type Cases interface {
	// List gives cases in a division with all below it ("" for all), the latest number first.
	// ErrUnknownDivision and ErrNotReady.
	List(ctx context.Context, f process.Filter, division string) ([]process.Dossier, error)
	// Case gives one case. process.ErrNotFound.
	Case(ctx context.Context, id string) (process.View, error)
	// Create begins a case, once for each idempotency key, and gives its id.
	// *record.InvalidError and process.ErrNoName.
	Create(ctx context.Context, o process.Opening) (string, error)
	// Take records an event of a case of which the client saw a version, once for each
	// idempotency key. process.ErrNotFound and *record.InvalidError.
	Take(ctx context.Context, id string, expected int, e process.Entry) error
	// Amend changes what a case asks for. process.ErrNotFound and *record.InvalidError.
	Amend(ctx context.Context, id string, expected int, a process.Amendment, reason string) error
	// Desk gives the open cases as they lie on the desk of the person.
	Desk(ctx context.Context) ([]process.OnDesk, error)
	// Settings gives the procedure and the working calendar of the authority.
	Settings(ctx context.Context) (process.Settings, error)
	// SetProcedure and SetYears change them as a whole. *record.InvalidError.
	SetProcedure(ctx context.Context, expected int, l process.Local, reason string) error
	SetYears(ctx context.Context, expected int, y process.Years, reason string) error
	// Calendar is the working calendar as it is now.
	Calendar(ctx context.Context) (*process.Calendar, error)
	// Book are the procedures of the program.
	Book() *process.Book
	// Today is the day it is for the authority.
	Today() record.Day
}

const (
	listPath = "/api/v1/name-cases"
	onePath  = listPath + "/{id}"
)

func tags() []string { return []string{"place-names"} }

type handlers struct{ cases Cases }

// Register mounts /api/v1/name-cases, /name-desk, /name-procedures and /working-calendar.
func Register(api huma.API, cases Cases) {
	h := handlers{cases}
	httpapi.Register(api, huma.Operation{
		OperationID: "name-cases", Method: http.MethodGet, Path: listPath, Tags: tags(),
		Summary: "Cases of place names, page by page, the latest first · 地名办件",
		Errors:  []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-name-case", Method: http.MethodPost, Path: listPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Begin a case about a place name · 登记地名办件",
		Description: "It gets the next number of the year and keeps the procedure of that day. A naming is of a record that is drafted, reserved or in customary use, " +
			"which is proposed from then on; a renaming or retirement acts on the record when it is approved.",
		Errors: writeErrors(),
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "name-case", Method: http.MethodGet, Path: onePath, Tags: tags(),
		Summary:     "One case with its steps, clocks and events · 办件",
		Description: "Its entity tag is its version, which grows with each event.",
		Errors:      []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "amend-name-case", Method: http.MethodPatch, Path: onePath, Tags: tags(),
		Summary: "Change what a case asks for, until it is decided · 修改办件",
		Errors:  append(writeErrors(), http.StatusPreconditionFailed, http.StatusPreconditionRequired),
	}, h.amend)
	httpapi.Register(api, huma.Operation{
		OperationID: "take-name-case-step", Method: http.MethodPost, Path: onePath + "/events", Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Record what happened at a step of a case · 办理环节",
		Description: "Events are never changed. Nothing is skipped: a step is taken, or set aside with a reason where it may be. Which materials are there is found out, not sent. " +
			"What follows for the record of the name happens at once. If-Match is the version of the case that was seen.",
		Errors: append(writeErrors(), http.StatusPreconditionFailed, http.StatusPreconditionRequired),
	}, h.take)
	httpapi.Register(api, huma.Operation{
		OperationID: "name-case-record", Method: http.MethodGet, Path: onePath + "/record", Tags: tags(),
		Summary: "Who decided what, when and on which papers · 办理记录",
		Errors:  []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.record)
	httpapi.Register(api, huma.Operation{
		OperationID: "name-desk", Method: http.MethodGet, Path: "/api/v1/name-desk", Tags: tags(),
		Summary:     "What is to be done today, by the rights of the reader · 今日",
		Description: "Every open case once: what is late, due today or soon, then what waits for the reader, then what waits for others.",
		Errors:      []int{http.StatusUnauthorized},
	}, h.desk)
	h.registerSettings(api)
}

func writeErrors() []int {
	return []int{
		http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
	}
}
