package estatehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// registerRecords mounts the operations on single estates.
func (h handlers) registerRecords(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "estate", Method: http.MethodGet, Path: onePath, Tags: tags(),
		Summary: "One estate · 小区", Description: "Its entity tag is the version of the record.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-estate", Method: http.MethodPost, Path: listPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Make the record of an estate · 登记小区",
		Description: "The division follows from the boundary where none is given. What the rules find wrong is no fault of a record: it is kept as it was planned, and checked. " +
			"The same request with the same Idempotency-Key gives the same estate again.",
		Errors: []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-estate", Method: http.MethodPatch, Path: onePath, Tags: tags(),
		Summary: "Change an estate · 变更小区",
		Description: "A merge patch: what is left out stays. Numbers, boundary, completed_on, place_name_id, conditions, plan and hub may be null, which empties them. " +
			"Lists replace lists: a room that is not among them is removed, one without an id is new. " +
			"Drawing it elsewhere without naming a division takes the one in which it lies.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired, http.StatusServiceUnavailable,
		},
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-estate", Method: http.MethodDelete, Path: onePath, Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary:     "Remove an estate that should never have been entered · 删除误登小区",
		Description: "Its history stays. One that something follows from, an opinion or a room of the ledger, stays: 409.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.remove)
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags(),
		Summary: "The versions of an estate · 小区历史", Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.history)
}

type oneEstate struct {
	ID string `path:"id" maxLength:"64"`
}

type estateReply = httpapi.RecordReply[EstateRecord]

func reply(i estates.Item) *estateReply {
	return httpapi.ReplyWith(i.Version, recordOf(i))
}

func (h handlers) one(ctx context.Context, in *oneEstate) (*estateReply, error) {
	i, err := h.records.One(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return reply(i), nil
}

type newEstate struct {
	EstateContent
	httpapi.RecordEntry
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body newEstate
}

func (h handlers) create(ctx context.Context, in *createInput) (*estateReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	e, faults := in.Body.estate()
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	i, err := h.records.Create(ctx, e, in.Body.Change())
	if err != nil {
		return nil, problem(err)
	}
	out := reply(i)
	out.Location = listPath + "/" + i.ID
	return out, nil
}

// estatePatch is what a person wants otherwise.
type estatePatch struct {
	Name           *string                `json:"name,omitempty" maxLength:"100"`
	PlaceNameID    orNull[string]         `json:"place_name_id" required:"false" maxLength:"64"`
	Kind           *string                `json:"kind,omitempty" enum:"new,built"`
	DivisionCode   *string                `json:"division_code,omitempty" maxLength:"32"`
	Boundary       orNull[EstateBoundary] `json:"boundary" required:"false"`
	Developer      *string                `json:"developer,omitempty" maxLength:"100"`
	CompletedOn    orNull[string]         `json:"completed_on" required:"false"`
	Households     orNull[int]            `json:"households" required:"false"`
	People         orNull[int]            `json:"people" required:"false"`
	MeasuredPeople orNull[int]            `json:"measured_people" required:"false"`
	SiteArea       orNull[float64]        `json:"site_area" required:"false"`
	HousingFloor   orNull[float64]        `json:"housing_floor" required:"false"`
	FloorAbove     orNull[float64]        `json:"floor_above" required:"false"`
	FloorBelow     orNull[float64]        `json:"floor_below" required:"false"`
	Phases         *[]EstatePhase         `json:"phases,omitempty" nullable:"false" maxItems:"50"`
	Rooms          *[]EstateRoom          `json:"rooms,omitempty" nullable:"false" maxItems:"300"`
	Conditions     orNull[EstatePaper]    `json:"conditions" required:"false"`
	Plan           orNull[EstatePaper]    `json:"plan" required:"false"`
	Provided       *[]string              `json:"provided,omitempty" nullable:"false" maxItems:"20"`
	Hub            orNull[EstateHub]      `json:"hub" required:"false"`
	Note           *string                `json:"note,omitempty" maxLength:"2000"`
	httpapi.RecordRevision
}

func (p estatePatch) patch() (estates.Patch, []record.Fault) {
	var r reading
	out := estates.Patch{
		Name: p.Name, PlaceNameID: p.PlaceNameID.orZero(), DivisionCode: p.DivisionCode, Developer: p.Developer, Note: p.Note, Kind: (*estates.Kind)(p.Kind),
		Households: p.Households.orZero(), People: p.People.orZero(), Measured: p.MeasuredPeople.orZero(), SiteArea: r.given(p.SiteArea, "site_area"),
		HousingFloor: r.given(p.HousingFloor, "housing_floor"), FloorAbove: r.given(p.FloorAbove, "floor_above"), FloorBelow: r.given(p.FloorBelow, "floor_below"),
	}
	if p.Boundary.Given {
		boundary := p.Boundary.Value.read()
		out.Boundary = &boundary
	}
	out.CompletedOn = (*record.Day)(p.CompletedOn.orZero())
	if p.Phases != nil {
		phases := r.phases(*p.Phases)
		out.Phases = &phases
	}
	if p.Rooms != nil {
		rooms := r.rooms(*p.Rooms)
		out.Rooms = &rooms
	}
	if p.Conditions.Given {
		paper := p.Conditions.Value.read()
		out.Conditions = &paper
	}
	if p.Plan.Given {
		paper := p.Plan.Value.read()
		out.Plan = &paper
	}
	if p.Provided != nil {
		provided := elementsIn(*p.Provided)
		out.Provided = &provided
	}
	if p.Hub.Given {
		hub := r.hub(p.Hub.Value)
		out.Hub = &hub
	}
	return out, r.faults
}

func (r *reading) given(m2 orNull[float64], field string) *premises.Area {
	v := m2.orZero()
	if v == nil {
		return nil
	}
	a := r.area(*v, field)
	return &a
}

type updateInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    estatePatch
}

func (h handlers) update(ctx context.Context, in *updateInput) (*estateReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	patch, faults := in.Body.patch()
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	i, err := h.records.Update(ctx, in.ID, expected, patch, in.Body.Change())
	if err != nil {
		return nil, problem(err)
	}
	return reply(i), nil
}

func (h handlers) remove(ctx context.Context, in *httpapi.RecordRemoval) (*struct{}, error) {
	return in.Remove(ctx, h.records.Remove, problem)
}

func (h handlers) history(ctx context.Context, in *oneEstate) (*httpapi.RecordHistory, error) {
	list, err := h.records.History(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}
