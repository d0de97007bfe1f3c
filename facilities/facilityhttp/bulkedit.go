package facilityhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Bulk changes many facilities at once, as the person of the context may. Its errors are
// those of Records. It is safe for concurrent use.
type Bulk interface {
	// ChangeMany makes the same change to those of which the client saw versions (0 for
	// any), or to those that the filter means where it is not nil.
	ChangeMany(ctx context.Context, seen []SeenFacility, filter *facilities.Filter, p facilities.Patch, c record.Change, dryRun bool) (facilities.BulkResult, error)
	// UndoMany takes such a change back. ErrNoChange.
	UndoMany(ctx context.Context, change, reason string) (facilities.BulkResult, error)
}

// ErrNoChange is returned by Bulk where there is no such change.
var ErrNoChange = errors.New("no such change of many records")

// SeenFacility is a record of which a client saw a version.
type SeenFacility struct {
	ID      string `json:"id" maxLength:"64"`
	Version int    `json:"version,omitempty" doc:"That was seen; any when left out"`
}

// RegisterBulk mounts /api/v1/facilities/bulk.
func RegisterBulk(api huma.API, src Source, bulk Bulk) {
	h := bulkHandlers{handlers: handlers{src: src}, bulk: bulk}
	tags := []string{"facilities"}
	refusals := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "change-facilities", Method: http.MethodPost, Path: "/api/v1/facilities/bulk", Tags: tags,
		Summary: "Change many facilities at once · 批量修改设施",
		Description: "In one transaction, at most 5,000. A record that cannot be changed so stays as it is and says why; the others are changed. " +
			"With dry_run everything is worked out and nothing written. change undoes it.",
		Errors: refusals,
	}, h.change)
	httpapi.Register(api, huma.Operation{
		OperationID: "undo-facility-changes", Method: http.MethodPost, Path: "/api/v1/facilities/bulk/{change}/undo", Tags: tags,
		Summary:     "Take a change of many facilities back · 撤销批量修改",
		Description: "Those that were changed since stay as they are and are listed. It needs the right to read history, and can be undone itself.",
		Errors:      refusals,
	}, h.undo)
}

type bulkHandlers struct {
	handlers
	bulk Bulk
}

type bulkInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request; needed"`
	Body struct {
		Records    []SeenFacility  `json:"records,omitempty" nullable:"false" maxItems:"5000" doc:"Which; or filter"`
		Filter     *FacilityFilter `json:"filter,omitempty" doc:"Those that it means; or records"`
		Patch      FacilityChanges `json:"patch" doc:"What to change; not names, positions and codes, which tell records apart"`
		Reason     string          `json:"reason" maxLength:"500"`
		ValidFrom  string          `json:"valid_from,omitempty" format:"date"`
		Correction bool            `json:"correction,omitempty"`
		DryRun     bool            `json:"dry_run,omitempty"`
	}
}

type bulkOutcome struct {
	ID      string             `json:"id"`
	NameZH  string             `json:"name_zh"`
	NameEN  string             `json:"name_en"`
	Outcome facilities.Outcome `json:"outcome" enum:"changed,unchanged,refused,stale"`
	Version int                `json:"version" doc:"As it is now; 0 where the account may not see it"`
	Faults  []bulkFault        `json:"faults,omitempty" nullable:"false" doc:"Why it was refused"`
}

type bulkFault struct {
	Field string `json:"field"`
	Value string `json:"value,omitempty"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

type bulkResult struct {
	Change    *string       `json:"change" nullable:"true" doc:"By which it can be undone; null where nothing was written"`
	Changed   int           `json:"changed"`
	Unchanged int           `json:"unchanged"`
	Refused   int           `json:"refused"`
	Stale     int           `json:"stale" doc:"Changed by somebody else meanwhile"`
	Outcomes  []bulkOutcome `json:"outcomes" nullable:"false"`
}

type bulkReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         bulkResult
}

func bulkReplyOf(r facilities.BulkResult) *bulkReply {
	out := bulkResult{
		Changed: r.Count(facilities.OutcomeChanged), Unchanged: r.Count(facilities.OutcomeUnchanged),
		Refused: r.Count(facilities.OutcomeRefused), Stale: r.Count(facilities.OutcomeStale), Outcomes: make([]bulkOutcome, len(r.Outcomes)),
	}
	if r.Change != "" {
		out.Change = &r.Change
	}
	for i, o := range r.Outcomes {
		out.Outcomes[i] = bulkOutcome{ID: o.ID, NameZH: o.NameZH, NameEN: o.NameEN, Outcome: o.Outcome, Version: o.Version}
		for _, f := range o.Faults {
			out.Outcomes[i].Faults = append(out.Outcomes[i].Faults, bulkFault(f))
		}
	}
	return &bulkReply{CacheControl: "no-store", Body: out}
}

func (h bulkHandlers) change(ctx context.Context, in *bulkInput) (*bulkReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	if (b.Filter == nil) == (len(b.Records) == 0) {
		return nil, problem(record.Invalid([]record.Fault{{Field: "records", ZH: "请在 records 与 filter 中给出一个", EN: "give either records or filter"}}))
	}
	var filter *facilities.Filter
	if b.Filter != nil {
		f, err := h.filter(ctx, *b.Filter)
		if err != nil {
			return nil, problem(err)
		}
		filter = &f
	}
	change := record.Change{Reason: b.Reason, ValidFrom: record.Day(b.ValidFrom), Correction: b.Correction}
	result, err := h.bulk.ChangeMany(ctx, b.Records, filter, b.Patch.patch(), change, b.DryRun)
	if err != nil {
		return nil, problem(err)
	}
	return bulkReplyOf(result), nil
}

type undoInput struct {
	Change string `path:"change" maxLength:"64"`
	Key    string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request; needed"`
	Body   struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}

func (h bulkHandlers) undo(ctx context.Context, in *undoInput) (*bulkReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	result, err := h.bulk.UndoMany(ctx, in.Change, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return bulkReplyOf(result), nil
}
