// Package premiseshttp serves the ledger of public premises: rooms with filters and
// paging, one room with its checks, what inspections found, rectifications, and the
// ledger by place. It owns the JSON shapes; it knows nothing of storage and takes what it
// serves from a Ledger.
package premiseshttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/premises"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Ledger reads and writes the ledger as the person of the context may. Besides those
// named and those of the core, its errors are problems already, or faults of the server.
// It is safe for concurrent use.
type Ledger interface {
	// List gives a page of rooms and where the next begins; nil on the last.
	List(ctx context.Context, f premises.Filter, after premises.After, limit int) ([]premises.Item, *premises.After, error)
	// Summary adds the rooms of a filter up by place.
	Summary(ctx context.Context, f premises.Filter) (premises.Summary, error)
	// One gives one room. ErrNotFound.
	One(ctx context.Context, id string) (premises.Item, error)
	// Create enters a room, once for each idempotency key. *record.InvalidError.
	Create(ctx context.Context, r premises.Room, c record.Change) (premises.Item, error)
	// Update changes the room of which the client saw a version. ErrNotFound and
	// *record.InvalidError.
	Update(ctx context.Context, id string, expected int, p premises.Patch, c record.Change) (premises.Item, error)
	// Remove takes out a room that should never have been entered. ErrNotFound and
	// ErrInspected.
	Remove(ctx context.Context, id string, expected int, reason string) error
	// History gives the versions of a room, the newest first. ErrNotFound.
	History(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
	// Inspections gives what was seen of a room, and the misuses that were to be put
	// right, the latest first. ErrNotFound.
	Inspections(ctx context.Context, id string) ([]premises.Inspection, []premises.Rectification, error)
	// Inspect records a look, once for each idempotency key. ErrNotFound and
	// *record.InvalidError.
	Inspect(ctx context.Context, in premises.Inspection, o premises.Order) (premises.Item, error)
	// FollowUp writes what is said of a rectification of which the client saw a version.
	// ErrNotFound, ErrNoRectification and *record.InvalidError.
	FollowUp(ctx context.Context, room, id string, expected int, f premises.Follow, reason string) (premises.Rectification, error)
	// Today is the day it is for the authority.
	Today() record.Day
}

const (
	listPath = "/api/v1/premises"
	onePath  = listPath + "/{id}"
)

func tags() []string { return []string{"premises"} }

// Register mounts /api/v1/premises with what is below it and as files, /premises-codes
// and /premises-summary.
func Register(api huma.API, ledger Ledger, files Files) {
	h := handlers{ledger: ledger, files: files}
	httpapi.Register(api, huma.Operation{
		OperationID: "premises-codes", Method: http.MethodGet, Path: "/api/v1/premises-codes", Tags: tags(),
		Summary: "The lists of codes that the ledger uses · 公建台账代码",
	}, h.codes)
	httpapi.Register(api, huma.Operation{
		OperationID: "premises", Method: http.MethodGet, Path: listPath, Tags: tags(),
		Summary:     "Rooms of the ledger, filtered, page by page · 公建台账",
		Description: "By division, name and id. Follow next until it is null. Withdrawn rooms come only where state asks for them.",
		Errors:      []int{http.StatusUnauthorized, http.StatusUnprocessableEntity},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "premises-summary", Method: http.MethodGet, Path: "/api/v1/premises-summary", Tags: tags(),
		Summary: "The ledger by subdistrict and community · 公建台账汇总",
		Description: "What rooms come to by use, what counts for a norm at present (handed over, not misused, each m² for one norm), " +
			"and per 100 households where the households are known; where they are not, there is no rate.",
		Errors: []int{http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.summary)
	h.registerRooms(api)
	h.registerInspections(api)
	h.registerFiles(api)
}

type handlers struct {
	ledger Ledger
	files  Files
}

// PremisesCode is a code word of a list with what people call it.
type PremisesCode struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// PremisesUse is a use with what follows from it.
type PremisesUse struct {
	PremisesCode
	Approved bool     `json:"approved" doc:"May be approved; else it is only found"`
	Usual    string   `json:"usual_norm" doc:"That a room of this use counts for where nobody splits it; empty for none"`
	Norms    []string `json:"norms" nullable:"false" doc:"That a part of this use may count for besides none"`
}

// PremisesCodes are all the lists.
type PremisesCodes struct {
	Uses       []PremisesUse  `json:"uses" nullable:"false"`
	Norms      []PremisesCode `json:"norms" nullable:"false"`
	States     []PremisesCode `json:"states" nullable:"false"`
	Titles     []PremisesCode `json:"titles" nullable:"false"`
	ObtainedBy []PremisesCode `json:"obtained_by" nullable:"false"`
	Verdicts   []PremisesCode `json:"verdicts" nullable:"false"`
	Conditions []PremisesCode `json:"conditions" nullable:"false"`
	Progress   []PremisesCode `json:"progress" nullable:"false"`
}

func (h handlers) codes(_ context.Context, in *struct{ httpapi.Conditional }) (*httpapi.Reply[PremisesCodes], error) {
	const version = `"premises-codes-1"` // to be raised with the lists
	return httpapi.ReplyUnlessHeld(in.Conditional, version, func() (*PremisesCodes, error) {
		out := &PremisesCodes{
			Norms: codesOf(premises.Norms()), States: codesOf(premises.States()), Titles: codesOf(premises.Titles()), ObtainedBy: codesOf(premises.Ways()),
			Verdicts: codesOf(premises.Verdicts()), Conditions: codesOf(premises.Conditions()), Progress: codesOf(premises.Steps()),
		}
		for _, u := range premises.Uses() {
			norms := []string{}
			for _, n := range u.Norms {
				norms = append(norms, string(n))
			}
			out.Uses = append(out.Uses, PremisesUse{PremisesCode: PremisesCode(u.Code), Approved: u.Approved, Usual: string(u.Usual), Norms: norms})
		}
		return out, nil
	})
}

func codesOf(list []premises.Code) []PremisesCode {
	out := make([]PremisesCode, len(list))
	for i, c := range list {
		out[i] = PremisesCode(c)
	}
	return out
}
