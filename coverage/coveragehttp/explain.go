package coveragehttp

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// Explanations says what figures are made of. It is safe for concurrent use.
type Explanations interface {
	// Version names the data that answers are made from, "" before they are loaded.
	Version() string
	// Explain finds the people behind a figure, with count of its points from first on.
	// Errors besides those of WhatIf are an *ExplainFault.
	Explain(ctx context.Context, q Query, steps []PlanStep, f FigureAsked, first, count int) (*FigureExplained, error)
	// Units lists the communities behind a rate by unit, at or below a division, or all
	// for "". Errors are those of Explain.
	Units(ctx context.Context, q Query, division string) (*UnitsExplained, error)
	// Route finds the walk between a population point and a facility. Errors are those of
	// Explain.
	Route(ctx context.Context, q Query, steps []PlanStep, r RouteAsked) (*RouteExplained, error)
	// Sources says what data and which rules are behind all figures of a question.
	Sources(ctx context.Context, q Query) (*Sources, error)
}

// FigureAsked names one number of an answer by whose people it counts.
type FigureAsked struct {
	Part     coverage.Part
	Band     string // "" is the widest
	Division string // code; "" for everybody
	Outside  bool   // the people in no division at all, instead of a division
	Facility string // id; "" for the figures that are not of one facility
	Gap      string // id of a gap, for the people of its area only
}

// FigureExplained is a figure with what it is made of, and one page of it.
type FigureExplained struct {
	Query      Query // as it was answered
	Version    string
	Figure     coverage.Figure
	Delta      *coverage.Delta
	After      coverage.Summary
	Behind     coverage.Behind
	Facts      []coverage.PointFacts // the page
	Divisions  []divisions.Division
	Facilities []facilities.Facility // parallel to Delta.Sites; of an added site only the id
}

// UnitsExplained are the communities behind a rate by unit.
type UnitsExplained struct {
	Query      Query
	Version    string
	Units      []coverage.Unit
	Divisions  []divisions.Division
	Facilities []facilities.Facility
}

// RouteAsked is a walk between a population point and a facility.
type RouteAsked struct {
	Point    string // id
	Facility string // id; "" for the nearest that there is
	Back     bool   // from the facility home
}

// RouteExplained is the walk, or why there is none.
type RouteExplained struct {
	Query      Query
	Version    string
	Point      coverage.PointFacts
	Facility   *facilities.Facility // nil where none is near
	At         coverage.Site        // the facility in the plan
	FarM       int                  // how far was looked, in metres
	Found      bool
	Counted    bool // whether it is within the limit
	Route      walknet.Route
	Why        coverage.Reason
	Divisions  []divisions.Division
	Facilities []facilities.Facility // by the point's Nearest
}

// ExplainFault is something that was asked for and does not exist.
type ExplainFault struct {
	Code, Field  string // Field is the parameter, or the member of the body
	Reason, Hint coverage.Text
}

// Error names the field.
func (f *ExplainFault) Error() string { return f.Field + ": " + f.Reason.EN }

// RegisterExplain mounts /api/v1/coverage/points, /units, /route and /sources, and what
// explains plans below /api/v1/coverage/what-if.
func RegisterExplain(api huma.API, src Explanations) {
	h := explainHandlers{src}
	tags := []string{"coverage"}
	faults := []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	httpapi.Register(api, huma.Operation{
		OperationID: "coverage-points", Method: http.MethodGet, Path: "/api/v1/coverage/points", Tags: tags, Errors: faults,
		Summary: "The people behind a figure, page by page · 数字背后的人口点",
		Description: "Cells or buildings with numbers of people, never persons. Their people add up to the figure exactly; points without people of the band are left out. " +
			"The most people first. Follow next until it is null.",
	}, h.points)
	httpapi.Register(api, huma.Operation{
		OperationID: "coverage-points-csv", Method: http.MethodGet, Path: "/api/v1/coverage/points.csv", Tags: tags, Errors: faults,
		Summary: "All people behind a figure as a table · 数字背后的人口点（CSV）",
		Responses: map[string]*huma.Response{
			"200": {Description: "One row per point, each with the version of the data and the question; UTF-8 with a byte order mark", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}},
		},
	}, h.csv)
	httpapi.Register(api, huma.Operation{
		OperationID: "coverage-units", Method: http.MethodGet, Path: "/api/v1/coverage/units", Tags: tags, Errors: faults,
		Summary: "The communities behind a rate by unit, with the facilities that count for each · 数字背后的社区（村）",
	}, h.units)
	httpapi.Register(api, huma.Operation{
		OperationID: "coverage-route", Method: http.MethodGet, Path: "/api/v1/coverage/route", Tags: tags, Errors: faults,
		Summary: "The walk that is counted, street by street · 步行路线",
		Description: "A GeoJSON feature collection: one feature per stretch, in walking order. Their times add up to the time that is counted, to the millisecond. " +
			"Of who is not covered it is the way to the nearest facility within twice the limit, or the reason why there is none. With slopes and one-way streets the way back is another.",
	}, h.route)
	httpapi.Register(api, huma.Operation{
		OperationID: "coverage-sources", Method: http.MethodGet, Path: "/api/v1/coverage/sources", Tags: tags, Errors: faults,
		Summary:     "The data and rules behind all figures of a question · 数据与规则来源",
		Description: "Layers with their dates, the network and what its faults cost, the rules of the type with their citations, and every figure's formula in words.",
	}, h.sources)
	h.registerPlans(api, tags, faults)
}

type explainHandlers struct{ src Explanations }

type explainPointsInput struct {
	Question
	FigureQuestion
	FigurePage
	httpapi.Conditional
}

func (h explainHandlers) points(ctx context.Context, in *explainPointsInput) (*httpapi.Reply[explainedFigure], error) {
	version := h.src.Version()
	if version == "" {
		return nil, problem(ErrNotReady)
	}
	q := in.query()
	first, count, err := in.first(version)
	if err != nil {
		return nil, inQuery(err)
	}
	tag := etagOf(etag(version, q), "points", fmt.Sprint(in.asked()), fmt.Sprint(first, count))
	return httpapi.ReplyUnlessHeld(in.Conditional, tag, func() (*explainedFigure, error) {
		e, err := h.src.Explain(ctx, q, nil, in.asked(), first, count)
		if err != nil {
			return nil, inQuery(err)
		}
		body := explainedOf(e, in.FigureQuestion, first, false)
		return &body, nil
	})
}

// etagOf is the tag of a part of what a question's tag stands for.
func etagOf(question string, parts ...string) string {
	return fmt.Sprintf("%q", strings.Trim(question, `"`)+"-"+strings.Join(parts, "-"))
}

type explainUnitsInput struct {
	Question
	Division string `query:"division" maxLength:"32" doc:"Code of a division; by default all"`
	httpapi.Conditional
}

func (h explainHandlers) units(ctx context.Context, in *explainUnitsInput) (*httpapi.Reply[explainedUnits], error) {
	version := h.src.Version()
	if version == "" {
		return nil, problem(ErrNotReady)
	}
	q := in.query()
	return httpapi.ReplyUnlessHeld(in.Conditional, etagOf(etag(version, q), "units", in.Division), func() (*explainedUnits, error) {
		u, err := h.src.Units(ctx, q, in.Division)
		if err != nil {
			return nil, inQuery(err)
		}
		body := unitsOf(u)
		return &body, nil
	})
}

type explainRouteInput struct {
	Question
	RouteQuestion
	httpapi.Conditional
}

func (h explainHandlers) route(ctx context.Context, in *explainRouteInput) (*httpapi.Reply[explainedRoute], error) {
	version := h.src.Version()
	if version == "" {
		return nil, problem(ErrNotReady)
	}
	q := in.query()
	return httpapi.ReplyUnlessHeld(in.Conditional, etagOf(etag(version, q), "route", fmt.Sprint(in.asked())), func() (*explainedRoute, error) {
		r, err := h.src.Route(ctx, q, nil, in.asked())
		if err != nil {
			return nil, inQuery(err)
		}
		body := routeOf(r)
		return &body, nil
	})
}

type explainSourcesInput struct {
	Question
	httpapi.Conditional
}

func (h explainHandlers) sources(ctx context.Context, in *explainSourcesInput) (*httpapi.Reply[explainedSources], error) {
	version := h.src.Version()
	if version == "" {
		return nil, problem(ErrNotReady)
	}
	s, err := h.src.Sources(ctx, in.query())
	if err != nil {
		return nil, inQuery(err)
	}
	return httpapi.ReplyUnlessHeld(in.Conditional, etagOf(etag(version, s.Query), "sources", s.AppVersion), func() (*explainedSources, error) {
		body := sourcesOf(s)
		return &body, nil
	})
}
