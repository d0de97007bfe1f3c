// Package placenamehttp serves the register of standard place names and the name plan. It owns
// the JSON shapes; it knows nothing of storage and takes what it serves from Register.
package placenamehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
)

// Records reads and writes place names as the person of the context may. Besides those named
// and those of the core, its errors are problems already, or faults of the server. It is safe
// for concurrent use.
type Records interface {
	// List gives a page of the register by pinyin, behind a place of it, as of a day and a
	// moment (zero for now). ErrUnknownDivision.
	List(ctx context.Context, f placenames.Filter, division string, at record.At, after Place, limit int) (placenames.Page, error)
	// Counts tells how many of all pages are of each class and in each state. ErrUnknownDivision.
	Counts(ctx context.Context, f placenames.Filter, division string, at record.At) ([]placenames.Count, error)
	// Name gives one record as of a day and a moment (zero for now). ErrNotFound.
	Name(ctx context.Context, id string, at record.At) (placenames.Item, error)
	// Create makes a record, once for each idempotency key. *record.InvalidError.
	Create(ctx context.Context, n placenames.Name, c record.Change) (placenames.Item, error)
	// Update changes the record of which the client saw a version. ErrNotFound and
	// *record.InvalidError.
	Update(ctx context.Context, id string, expected int, change func(placenames.Name) (placenames.Name, []record.Fault), c record.Change) (placenames.Item, error)
	// Remove takes out a draft. ErrNotFound and ErrStays.
	Remove(ctx context.Context, id string, expected int, reason string) error
	// History gives the versions of a record, the newest first. ErrNotFound.
	History(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
	// Move takes a record to another state, once for each idempotency key. ErrNotFound and
	// *record.InvalidError.
	Move(ctx context.Context, id string, expected int, m placenames.Move) (placenames.Item, error)
	// Rename gives a record another name by a decision, once for each idempotency key.
	// ErrNotFound and *record.InvalidError.
	Rename(ctx context.Context, id string, expected int, r Renaming) (placenames.Item, error)
}

// Place is where a page goes on: behind this record. The zero value is the beginning.
type Place struct{ Text, ID string }

// Renaming is what a decision renames a record to.
type Renaming struct {
	Text, Roman string
	Parts       placenames.Parts // worked out where nobody confirmed them
	Readings    []string
	Decision    placenames.Decision
	Planned     string
	Reuses      *placenames.Reuse
	Measures    string
	Reason      string
}

const (
	listPath = "/api/v1/place-names"
	onePath  = listPath + "/{id}"
)

func tags() []string { return []string{"place names"} }

// Register mounts /api/v1/place-names with history, moves and renaming, and /place-name-codes.
func Register(api huma.API, records Records, c *placenames.Catalogue) {
	h := handlers{records: records, catalogue: c}
	httpapi.Register(api, huma.Operation{
		OperationID: "place-name-codes", Method: http.MethodGet, Path: "/api/v1/place-name-codes", Tags: tags(),
		Summary: "The classes, kinds, states and other codes of place names · 地名代码",
	}, h.codes)
	httpapi.Register(api, huma.Operation{
		OperationID: "place-names", Method: http.MethodGet, Path: listPath, Tags: tags(),
		Summary:     "Place names, page by page · 地名录",
		Description: "By pinyin (numbers as numbers) and id. Follow next until it is null.",
		Errors:      []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "place-name", Method: http.MethodGet, Path: onePath, Tags: tags(),
		Summary: "One place name · 地名", Description: "Its entity tag is the version of the record.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.one)
	h.registerWrites(api)
	h.registerMoves(api)
}

func (h handlers) registerWrites(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "create-place-name", Method: http.MethodPost, Path: listPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Make the record of a place name · 登记地名",
		Description: "The parts of the name are worked out where nobody confirmed them, and the divisions follow from the geometry where none is given. " +
			"What the rules of naming find wrong is no fault of a record. What was decided holds from the day of its decision where valid_from is left out. " +
			"The same request with the same Idempotency-Key gives the same record again.",
		Errors: []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-place-name", Method: http.MethodPatch, Path: onePath, Tags: tags(),
		Summary: "Change a place name · 变更地名",
		Description: "A merge patch (RFC 7396): what is left out stays, null empties, lists replace lists. The state changes by moves only; the name, the decision and the " +
			"former names of a record that is in use, or was, by a renaming or a move, or with correction where they were entered wrongly.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired, http.StatusServiceUnavailable,
		},
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-place-name", Method: http.MethodDelete, Path: onePath, Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary:     "Remove a draft · 删除草稿地名",
		Description: "Its history stays and its id is never used again. What is no draft, or what others refer to, only ends: 409.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.remove)
	httpapi.Register(api, huma.Operation{
		OperationID: "place-name-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags(),
		Summary: "The versions of a place name · 地名历史", Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.history)
}

type handlers struct {
	records   Records
	catalogue *placenames.Catalogue
}

type oneName struct {
	ID    string `path:"id" maxLength:"64"`
	At    string `query:"at" format:"date" doc:"As it stood on this day; today when left out"`
	Known string `query:"known" format:"date-time" doc:"By what was known at this moment; by what is known now when left out"`
}

type nameReply struct {
	ETag         string `header:"ETag"`
	Location     string `header:"Location"`
	CacheControl string `header:"Cache-Control"`
	Body         PlaceNameRecord
}

func reply(i placenames.Item) *nameReply {
	return &nameReply{ETag: httpapi.ETag(i.Version), CacheControl: "no-store", Body: recordOf(i)}
}

func (h handlers) one(ctx context.Context, in *oneName) (*nameReply, error) {
	at, err := moment(in.At, in.Known)
	if err != nil {
		return nil, problem(err)
	}
	i, err := h.records.Name(ctx, in.ID, at)
	if err != nil {
		return nil, problem(err)
	}
	return reply(i), nil
}

type newName struct {
	PlaceNameContent
	Text      string `json:"text" maxLength:"200"`
	Kind      string `json:"kind" maxLength:"40"`
	State     string `json:"state" enum:"draft,reserved,proposed,approved,customary,retired" doc:"In which the record begins"`
	Reason    string `json:"reason" maxLength:"500" doc:"Why it is entered"`
	ValidFrom string `json:"valid_from,omitempty" format:"date" doc:"First day on which it is so, today at the latest; the day of the decision, or today, when left out"`
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body newName
}

func (h handlers) create(ctx context.Context, in *createInput) (*nameReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	c := in.Body.PlaceNameContent
	c.Text, c.Kind = in.Body.Text, in.Body.Kind
	n, faults := c.name()
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	n.State = placenames.State(in.Body.State)
	i, err := h.records.Create(ctx, n, record.Change{Reason: in.Body.Reason, ValidFrom: record.Day(in.Body.ValidFrom)})
	if err != nil {
		return nil, problem(err)
	}
	out := reply(i)
	out.Location = listPath + "/" + i.ID
	return out, nil
}

type namePatch struct {
	PlaceNameContent
	Reason     string `json:"reason" maxLength:"500" doc:"Why it is changed"`
	ValidFrom  string `json:"valid_from,omitempty" format:"date" doc:"First day on which it is so: not before that of the present version, today at the latest; today when left out"`
	Correction bool   `json:"correction,omitempty" doc:"It was so all along: the present version was wrong from its first day"`
}

type updateInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	RawBody []byte
	Body    namePatch
}

func (h handlers) update(ctx context.Context, in *updateInput) (*nameReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	i, err := h.records.Update(ctx, in.ID, expected, func(before placenames.Name) (placenames.Name, []record.Fault) {
		return patched(before, in.RawBody)
	}, record.Change{Reason: in.Body.Reason, ValidFrom: record.Day(in.Body.ValidFrom), Correction: in.Body.Correction})
	if err != nil {
		return nil, problem(err)
	}
	return reply(i), nil
}

func (h handlers) remove(ctx context.Context, in *httpapi.RecordRemoval) (*struct{}, error) {
	return in.Remove(ctx, h.records.Remove, problem)
}

type pastName struct {
	ID string `path:"id" maxLength:"64"`
}

func (h handlers) history(ctx context.Context, in *pastName) (*httpapi.RecordHistory, error) {
	list, err := h.records.History(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}

// pointOut is a position or null.
func pointOut(p orb.Point, placed bool) *[2]float64 {
	if !placed {
		return nil
	}
	v := [2]float64(p)
	return &v
}
