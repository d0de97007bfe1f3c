package coveragehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/internal/httpapi"
)

// Areas counts the people of areas. It is safe for concurrent use.
type Areas interface {
	// Area counts the people of an area today and with a plan, and writes nothing. Errors
	// besides those of WhatIfs are *coverage.ShapeError and *AreaFault.
	Area(ctx context.Context, q Query, a AreaAsked) (*Area, error)
}

// AreaAsked names an area by shapes, divisions, a facility's documented service area and a
// service area of the registry; where there are several, people in more than one count once.
type AreaAsked struct {
	Shapes      orb.MultiPolygon // lon/lat WGS 84
	Divisions   []string         // codes
	Facility    string           // id
	ServiceArea string           // id
	Steps       []PlanStep
}

// Area is what became of the people of an area.
type Area struct {
	WhatIf        *WhatIf // the question and the plan
	Before, After coverage.AreaCount
	Divisions     []int32           // that the area is made of, as indices into WhatIf.Divisions
	Reaching      []coverage.People // per band, who walks to the facility asked about today; nil where that is no question
}

// AreaFault is what is wrong with an area.
type AreaFault struct {
	Pointer      string // into the body
	Reason, Hint coverage.Text
}

// Error is the reason in English.
func (f *AreaFault) Error() string { return f.Pointer + ": " + f.Reason.EN }

// RegisterArea mounts /api/v1/coverage/area.
func RegisterArea(api huma.API, src Areas) {
	h := areaHandlers{src}
	httpapi.Register(api, huma.Operation{
		OperationID: "area", Method: http.MethodPost, Path: "/api/v1/coverage/area", Tags: []string{"coverage"},
		Summary: "Who of an area's people reaches a facility · 圈定范围统计",
		Description: "The area is a shape you draw, divisions, a facility's documented service area, a service area of the registry, or several of these together; who is in more than one counts once. " +
			"People are counted by their own walks, wherever the facility is. A point lies in a ring if a line from it to the east crosses the ring an odd number of times: " +
			"of points on a side, the western and southern sides are inside, the others not, so that shapes that share a side share nobody. " +
			"It writes nothing, so it needs no Idempotency-Key: a POST because a shape may be too long for an address.",
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.area)
}

type areaHandlers struct{ src Areas }

type areaShape struct {
	Type        string `json:"type" enum:"Polygon,MultiPolygon"`
	Coordinates any    `json:"coordinates" doc:"As GeoJSON has them, longitude and latitude; at most 20,000 corners. A ring may be left open"`
}

type areaInput struct {
	Body struct {
		Question
		Geometry    *areaShape   `json:"geometry,omitempty" doc:"A GeoJSON shape"`
		Divisions   []string     `json:"divisions,omitempty" maxItems:"1000" doc:"Codes of divisions, each with all that lies below it"`
		Facility    string       `json:"facility,omitempty" maxLength:"64" doc:"Id of a facility: the divisions that it is documented to serve"`
		ServiceArea string       `json:"service_area,omitempty" maxLength:"64" doc:"Id of a service area of the registry (片区)"`
		Steps       []whatIfStep `json:"steps,omitempty" maxItems:"100" doc:"A plan, as what-if takes it; the counts after follow it"`
	}
}

func (in *areaInput) asked() (AreaAsked, error) {
	b := in.Body
	a := AreaAsked{Divisions: b.Divisions, Facility: b.Facility, ServiceArea: b.ServiceArea}
	var err error
	if b.Geometry != nil {
		if a.Shapes, err = b.Geometry.shapes(); err != nil {
			return a, err
		}
	}
	if len(a.Shapes) == 0 && len(a.Divisions) == 0 && a.Facility == "" && a.ServiceArea == "" {
		return a, &AreaFault{
			Pointer: "#/geometry", Reason: coverage.Text{ZH: "没有给出范围", EN: "No area is given"},
			Hint: coverage.Text{ZH: "请给出 geometry、divisions、facility 或 service_area", EN: "Give geometry, divisions, facility or service_area"},
		}
	}
	a.Steps, err = planSteps(b.Steps)
	return a, err
}

type areaReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         areaAnswer
}

func (h areaHandlers) area(ctx context.Context, in *areaInput) (*areaReply, error) {
	asked, err := in.asked()
	if err != nil {
		return nil, areaProblem(err, in)
	}
	a, err := h.src.Area(ctx, in.Body.query(), asked)
	if err != nil {
		return nil, areaProblem(err, in)
	}
	return &areaReply{CacheControl: "no-store", Body: areaOf(a)}, nil
}
