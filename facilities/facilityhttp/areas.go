package facilityhttp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Areas reads and writes service areas and stewards, as the person of the context may. Its
// errors are those of Records. It is safe for concurrent use.
type Areas interface {
	// Areas gives those of a division and below it; "" for all.
	Areas(ctx context.Context, division string) ([]facilities.ServiceArea, error)
	CreateArea(ctx context.Context, a facilities.ServiceArea, c record.Change) (facilities.ServiceArea, error)
	UpdateArea(ctx context.Context, id string, expected int, p facilities.AreaPatch, c record.Change) (facilities.ServiceArea, error)
	Stewards(ctx context.Context) ([]facilities.Steward, error)
	CreateSteward(ctx context.Context, s facilities.Steward, c record.Change) (facilities.Steward, error)
	UpdateSteward(ctx context.Context, id string, expected int, p facilities.StewardPatch, c record.Change) (facilities.Steward, error)
}

// What Areas returns where there is no such thing.
var (
	ErrNoArea    = errors.New("no such service area")
	ErrNoSteward = errors.New("no such steward")
)

// RegisterAreas mounts /api/v1/service-areas and /api/v1/stewards.
func RegisterAreas(api huma.API, areas Areas) {
	h := areaHandlers{areas}
	tags := []string{"facilities"}
	reads := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	makes := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
	}
	changes := append([]int{http.StatusNotFound, http.StatusPreconditionFailed, http.StatusPreconditionRequired}, makes...)
	httpapi.Register(api, huma.Operation{
		OperationID: "service-areas", Method: http.MethodGet, Path: "/api/v1/service-areas", Tags: tags,
		Summary:     "Service areas: named sets of communities inside a subdistrict · 片区",
		Description: "Those that were given up are closed. A community in two areas is no error; overlaps names them.", Errors: reads,
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-service-area", Method: http.MethodPost, Path: "/api/v1/service-areas", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Make a service area · 划定片区", Errors: makes,
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-service-area", Method: http.MethodPatch, Path: "/api/v1/service-areas/{id}", Tags: tags,
		Summary: "Change a service area, or give it up · 调整片区", Errors: changes,
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "stewards", Method: http.MethodGet, Path: "/api/v1/stewards", Tags: tags,
		Summary:     "Who looks after the records of which division · 责任单位",
		Description: "Offices and posts, no persons, and how often records are to be held against the place there.", Errors: reads,
	}, h.stewards)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-steward", Method: http.MethodPost, Path: "/api/v1/stewards", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Name who looks after a division · 明确责任单位", Errors: makes,
	}, h.createSteward)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-steward", Method: http.MethodPatch, Path: "/api/v1/stewards/{id}", Tags: tags,
		Summary: "Change who looks after a division · 调整责任单位", Errors: changes,
	}, h.updateSteward)
}

type areaHandlers struct{ areas Areas }

type serviceArea struct {
	ID          string   `json:"id"`
	Version     int      `json:"version" doc:"Version of the record, also its entity tag"`
	NameZH      string   `json:"name_zh"`
	NameEN      string   `json:"name_en"`
	Division    string   `json:"division_code" doc:"The subdistrict"`
	Communities []string `json:"communities" nullable:"false" doc:"Codes"`
	Closed      bool     `json:"closed" doc:"Given up"`
}

type areaOverlap struct {
	Community string `json:"community"`
	Area      string `json:"area" doc:"Id of the one area"`
	Other     string `json:"other" doc:"Id of the other"`
}

type areaList struct {
	Areas    []serviceArea `json:"areas" nullable:"false"`
	Overlaps []areaOverlap `json:"overlaps" nullable:"false" doc:"Communities that lie in two areas"`
}

func areaOf(a facilities.ServiceArea) serviceArea {
	return serviceArea{
		ID: a.ID, Version: a.Version, NameZH: a.NameZH, NameEN: a.NameEN, Division: a.Division, Communities: append([]string{}, a.Communities...), Closed: a.Closed,
	}
}

type areasInput struct {
	Division string `query:"division" maxLength:"32" doc:"Only in this division or below it"`
}

type areasReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         areaList
}

func (h areaHandlers) list(ctx context.Context, in *areasInput) (*areasReply, error) {
	list, err := h.areas.Areas(ctx, in.Division)
	if err != nil {
		return nil, problem(err)
	}
	out := areaList{Areas: make([]serviceArea, len(list)), Overlaps: []areaOverlap{}}
	for i, a := range list {
		out.Areas[i] = areaOf(a)
		for _, o := range facilities.Overlaps(a, list[i+1:]) {
			out.Overlaps = append(out.Overlaps, areaOverlap{o.Community, a.ID, o.AreaID})
		}
	}
	return &areasReply{CacheControl: "no-store", Body: out}, nil
}

// Explained is the part of a body that says why, and since when.
type Explained struct {
	Reason    string `json:"reason" maxLength:"500" doc:"Why"`
	ValidFrom string `json:"valid_from,omitempty" format:"date" doc:"First day on which it is so; today when left out"`
}

func (e Explained) change() record.Change {
	return record.Change{Reason: e.Reason, ValidFrom: record.Day(e.ValidFrom)}
}

type newAreaInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request; needed"`
	Body struct {
		NameZH      string   `json:"name_zh" maxLength:"100"`
		NameEN      string   `json:"name_en,omitempty" maxLength:"100"`
		Division    string   `json:"division_code" maxLength:"32" doc:"Code of a subdistrict"`
		Communities []string `json:"communities" nullable:"false" maxItems:"500"`
		Explained
	}
}

// made answers with a record that is new.
type made[T any] struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     T
}

// changed answers with a record as it is after a change.
type changed[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

func (h areaHandlers) create(ctx context.Context, in *newAreaInput) (*made[serviceArea], error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	a, err := h.areas.CreateArea(ctx, facilities.ServiceArea{NameZH: b.NameZH, NameEN: b.NameEN, Division: b.Division, Communities: b.Communities}, b.change())
	if err != nil {
		return nil, problem(err)
	}
	return &made[serviceArea]{ETag: httpapi.ETag(a.Version), Location: "/api/v1/service-areas/" + a.ID, Body: areaOf(a)}, nil
}

type areaChange struct {
	NameZH      *string   `json:"name_zh,omitempty" maxLength:"100"`
	NameEN      *string   `json:"name_en,omitempty" maxLength:"100"`
	Communities *[]string `json:"communities,omitempty" nullable:"false" maxItems:"500"`
	Closed      *bool     `json:"closed,omitempty"`
	Explained

	nulls []record.Fault
}

// UnmarshalJSON reads a patch and keeps what is null in it.
func (p *areaChange) UnmarshalJSON(raw []byte) error {
	type plain areaChange
	p.nulls = httpapi.NullFields(raw)
	return json.Unmarshal(raw, (*plain)(p))
}

type areaChangeInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    areaChange
}

func (h areaHandlers) update(ctx context.Context, in *areaChangeInput) (*changed[serviceArea], error) {
	expected, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if err := record.Invalid(b.nulls); err != nil {
		return nil, problem(err)
	}
	a, err := h.areas.UpdateArea(ctx, in.ID, expected, facilities.AreaPatch{NameZH: b.NameZH, NameEN: b.NameEN, Communities: b.Communities, Closed: b.Closed}, b.change())
	if err != nil {
		return nil, problem(err)
	}
	return &changed[serviceArea]{ETag: httpapi.ETag(a.Version), Body: areaOf(a)}, nil
}
