package placenamehttp

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
)

// Plan reads and writes the reserved names of the name plan. Its errors are those of Records.
type Plan interface {
	// Planned gives the reserved names that are asked for, by pinyin and id; free as of today.
	// ErrUnknownDivision.
	Planned(ctx context.Context, f placenames.PlannedFilter, division string) ([]placenames.PlannedItem, error)
	// PlannedName gives one. ErrNotPlanned.
	PlannedName(ctx context.Context, id string) (placenames.PlannedItem, error)
	// Reserve puts a name into the plan, once for each idempotency key. *record.InvalidError.
	Reserve(ctx context.Context, p placenames.Planned, c record.Change) (placenames.PlannedItem, error)
	// ChangePlanned changes the reserved name of which the client saw a version. ErrNotPlanned,
	// ErrTaken and *record.InvalidError.
	ChangePlanned(ctx context.Context, id string, expected int, change func(placenames.Planned) (placenames.Planned, []record.Fault), c record.Change) (placenames.PlannedItem, error)
	// Unreserve takes a name out of the plan. ErrNotPlanned and ErrTaken.
	Unreserve(ctx context.Context, id string, expected int, reason string) error
}

const (
	planPath    = "/api/v1/planned-names"
	plannedPath = planPath + "/{id}"
)

// RegisterPlan mounts /api/v1/planned-names.
func RegisterPlan(api huma.API, p Plan) {
	h := planHandlers{p}
	httpapi.Register(api, huma.Operation{
		OperationID: "planned-names", Method: http.MethodGet, Path: planPath, Tags: tags(),
		Summary: "The reserved names of the name plan · 地名规划预留名称", Description: "By pinyin and id, all at once.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "planned-name", Method: http.MethodGet, Path: plannedPath, Tags: tags(),
		Summary: "One reserved name · 预留名称", Description: "Its entity tag is the version of the record, which also grows when a record takes it.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "reserve-planned-name", Method: http.MethodPost, Path: planPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Reserve a name · 登记预留名称",
		Errors:  []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity},
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-planned-name", Method: http.MethodPatch, Path: plannedPath, Tags: tags(),
		Summary: "Change a reserved name · 变更预留名称", Description: "A merge patch. The characters of one that a record took stay: 409.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-planned-name", Method: http.MethodDelete, Path: plannedPath, Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary: "Take a name out of the plan · 取消预留", Description: "Its history stays. One that a record took stays: 409.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.remove)
}

type planHandlers struct{ plan Plan }

// PlannedNameContent is what a person writes of a reserved name.
type PlannedNameContent struct {
	Text     string            `json:"text" required:"false" maxLength:"200"`
	Kind     string            `json:"kind" required:"false" maxLength:"40"`
	Plan     string            `json:"plan" required:"false" maxLength:"400" doc:"Title of the plan"`
	Document PlaceNameDecision `json:"document" required:"false" doc:"By which the plan was adopted"`
	Division string            `json:"division" required:"false" maxLength:"32"`
	Until    string            `json:"until" required:"false" nullable:"true" maxLength:"10" doc:"Last day of the reservation; empty without end"`
	Note     string            `json:"note" required:"false" nullable:"true" maxLength:"4000"`
}

// PlannedName is a reserved name as the API gives it.
type PlannedName struct {
	ID      string `json:"id"`
	Version int    `json:"version" doc:"Version of the record, also its entity tag"`
	PlannedNameContent
	TakenBy   string  `json:"taken_by" doc:"The record that took it; empty while it is free"`
	ValidFrom *string `json:"valid_from" nullable:"true"`
	MayWrite  bool    `json:"may_write"`
}

// PlannedNames is the plan.
type PlannedNames struct {
	Names []PlannedName `json:"names" nullable:"false"`
}

func plannedContentOf(p placenames.Planned) PlannedNameContent {
	return PlannedNameContent{p.Text, p.Kind, p.Plan, decisionOut(p.Document), p.Division, string(p.Until), p.Note}
}

func (c PlannedNameContent) planned() placenames.Planned {
	return placenames.CleanPlanned(placenames.Planned{
		Text: c.Text, Kind: c.Kind, Plan: c.Plan, Document: c.Document.read(), Division: c.Division, Until: record.Day(c.Until), Note: c.Note,
	})
}

func plannedOf(p placenames.PlannedItem) PlannedName {
	return PlannedName{p.ID, p.Version, plannedContentOf(p.Planned), p.TakenBy, dayOut(p.ValidFrom), p.MayWrite}
}

type planListInput struct {
	Plan     string   `query:"plan" maxLength:"400" doc:"Of the plan with this title"`
	Kinds    []string `query:"kind" maxItems:"50"`
	Division string   `query:"division" maxLength:"32" doc:"In this division or one below it"`
	Free     string   `query:"free" enum:"true,false" doc:"Whether a record may still take it today"`
	Text     string   `query:"q" maxLength:"100" doc:"Where the name contains this"`
}

type planListReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlannedNames
}

func (h planHandlers) list(ctx context.Context, in *planListInput) (*planListReply, error) {
	f := placenames.PlannedFilter{Plan: in.Plan, Kinds: in.Kinds, Text: in.Text}
	if in.Free != "" {
		free := in.Free == "true"
		f.Free = &free
	}
	list, err := h.plan.Planned(ctx, f, in.Division)
	if err != nil {
		return nil, problem(err)
	}
	out := &planListReply{CacheControl: "no-store", Body: PlannedNames{Names: []PlannedName{}}}
	for _, p := range list {
		out.Body.Names = append(out.Body.Names, plannedOf(p))
	}
	return out, nil
}

type plannedReply struct {
	ETag         string `header:"ETag"`
	Location     string `header:"Location"`
	CacheControl string `header:"Cache-Control"`
	Body         PlannedName
}

func replyPlanned(p placenames.PlannedItem) *plannedReply {
	return &plannedReply{ETag: httpapi.ETag(p.Version), CacheControl: "no-store", Body: plannedOf(p)}
}

func (h planHandlers) one(ctx context.Context, in *pastName) (*plannedReply, error) {
	p, err := h.plan.PlannedName(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return replyPlanned(p), nil
}

type reserveInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		PlannedNameContent
		Reason    string `json:"reason" maxLength:"500" doc:"Why it is entered"`
		ValidFrom string `json:"valid_from,omitempty" format:"date" doc:"First day of the reservation, today at the latest; today when left out"`
	}
}

func (h planHandlers) create(ctx context.Context, in *reserveInput) (*plannedReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	p, err := h.plan.Reserve(ctx, in.Body.planned(), record.Change{Reason: in.Body.Reason, ValidFrom: record.Day(in.Body.ValidFrom)})
	if err != nil {
		return nil, problem(err)
	}
	out := replyPlanned(p)
	out.Location = planPath + "/" + p.ID
	return out, nil
}

type plannedPatch struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	RawBody []byte
	Body    struct {
		PlannedNameContent
		Reason     string `json:"reason" maxLength:"500" doc:"Why it is changed"`
		ValidFrom  string `json:"valid_from,omitempty" format:"date" doc:"First day on which it is so; today when left out"`
		Correction bool   `json:"correction,omitempty" doc:"It was so all along"`
	}
}

func (h planHandlers) update(ctx context.Context, in *plannedPatch) (*plannedReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	p, err := h.plan.ChangePlanned(ctx, in.ID, expected, func(before placenames.Planned) (placenames.Planned, []record.Fault) {
		present, _ := json.Marshal(plannedContentOf(before)) // texts always encode
		var c PlannedNameContent
		if err := json.Unmarshal(merge(present, in.RawBody), &c); err != nil {
			return before, []record.Fault{unreadable()}
		}
		return c.planned(), nil
	}, record.Change{Reason: in.Body.Reason, ValidFrom: record.Day(in.Body.ValidFrom), Correction: in.Body.Correction})
	if err != nil {
		return nil, problem(err)
	}
	return replyPlanned(p), nil
}

func (h planHandlers) remove(ctx context.Context, in *httpapi.RecordRemoval) (*struct{}, error) {
	return in.Remove(ctx, h.plan.Unreserve, problem)
}
