// Package facilityhttp serves the registry of facilities: the catalogue of types,
// the list with filters and paging, and one record with its versions, which people
// register and change. It owns the JSON shapes and the filters; it knows nothing of
// storage and takes what it serves from a Source, and single records from Records.
package facilityhttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// Source gives what is served. It is safe for concurrent use.
type Source interface {
	// Registry is what is registered now, or ErrNotReady.
	Registry(ctx context.Context) (Registry, error)
}

// ErrNotReady is returned by a Source before anything is loaded.
var ErrNotReady = errors.New("the data are not loaded yet")

// Registry is everything at one moment; it is read-only.
type Registry struct {
	Version    string // changes whenever anything below does
	Types      []facilities.TypeInfo
	Groups     []facilities.Group
	Facilities []facilities.Facility // in any order
	Divisions  []divisions.Division
}

// Register mounts /api/v1/facility-types, /facilities, /facilities/{id} and its history.
func Register(api huma.API, src Source, records Records) {
	h := handlers{src: src, records: records}
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-types", Method: http.MethodGet, Path: "/api/v1/facility-types", Tags: []string{"facilities"},
		Summary:     "The catalogue of facility types · 设施类型",
		Description: "Every type there is, with the fields that it declares, how far it serves, its checks, and how many facilities of it are registered and open.",
		Errors:      []int{http.StatusServiceUnavailable},
	}, h.types)
	h.registerLists(api)
	h.registerRecords(api)
}

type handlers struct {
	src     Source
	records Records
}

type facilityType struct {
	Type         string `json:"type" example:"elderly_canteen"`
	ZH           string `json:"zh"`
	EN           string `json:"en"`
	Group        string `json:"group"`
	GroupZH      string `json:"group_zh"`
	GroupEN      string `json:"group_en"`
	Measure      string `json:"measure" enum:"walk,presence,drive" doc:"How coverage by this type is judged: minutes on foot, one per community, or drive"`
	CapacityUnit string `json:"capacity_unit" doc:"What capacity counts; empty when the type has none"`
	CapacityZH   string `json:"capacity_zh" doc:"The unit in words"`
	CapacityEN   string `json:"capacity_en"`
	Open         int    `json:"open" doc:"Open facilities of the type"`
	Total        int    `json:"total" doc:"Facilities of the type in any status"`

	CapacityField string              `json:"capacity_field" doc:"The field that capacity follows; empty where it is written by itself"`
	Serves        string              `json:"serves" enum:"elders,residents,minors,destitute,bereaved"`
	DoorPage      bool                `json:"door_page" doc:"A resident's door page may name the nearest one"`
	Standards     []string            `json:"standards" nullable:"false" doc:"Ids of the checks that hold for it"`
	Limits        []facilityTypeLimit `json:"limits" nullable:"false" doc:"How far it serves, with the texts that say so"`
	Fields        []facilityTypeField `json:"fields" nullable:"false" doc:"What a facility of the type may hold in fields, in the order of forms"`
	Past          []facilityTypeField `json:"past_fields" nullable:"false" doc:"No longer asked for; what records have of them stays"`
	Icon          string              `json:"icon" doc:"Code word of its sign on the map; empty for the one that clients know the type by"`
	Retired       bool                `json:"retired" doc:"No new facility is of it"`
	Origin        string              `json:"origin" enum:"program,file,bureau" doc:"Who says what it is: the program, the installation's file, or the bureau"`
}

type facilityTypes struct {
	Types []facilityType    `json:"types" nullable:"false"`
	Tabs  []facilityTypeTab `json:"tabs" nullable:"false" doc:"Into which forms and facts divide the fields"`
}

func (h handlers) types(ctx context.Context, in *struct{ httpapi.Conditional }) (*httpapi.Reply[facilityTypes], error) {
	r, err := h.src.Registry(ctx)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.ReplyUnlessHeld(in.Conditional, fmt.Sprintf("%q", "types-"+r.Version), func() (*facilityTypes, error) {
		return typesOf(r), nil
	})
}

func typesOf(r Registry) *facilityTypes {
	open, total := map[facilities.Type]int{}, map[facilities.Type]int{}
	for _, f := range r.Facilities {
		total[f.Type]++
		if f.Status == facilities.Open {
			open[f.Type]++
		}
	}
	groups := map[string]facilities.Group{}
	for _, g := range r.Groups {
		groups[g.Group] = g
	}
	out := &facilityTypes{Tabs: tabs(), Types: make([]facilityType, len(r.Types))}
	for i, t := range r.Types {
		out.Types[i] = facilityType{
			Type: string(t.Type), ZH: t.ZH, EN: t.EN,
			Group: t.Group, GroupZH: groups[t.Group].ZH, GroupEN: groups[t.Group].EN,
			Measure: string(t.Measure), CapacityUnit: t.CapacityUnit,
			CapacityZH: t.CapacityZH, CapacityEN: t.CapacityEN, CapacityField: t.CapacityField, Serves: t.Serves, DoorPage: t.DoorPage,
			Standards: append([]string{}, t.Standards...), Limits: limitsOf(t), Fields: fieldsOf(t.Fields),
			Past: fieldsOf(t.Past), Icon: t.Icon, Retired: t.Retired, Origin: string(t.Origin),
			Open: open[t.Type], Total: total[t.Type],
		}
	}
	return out
}
