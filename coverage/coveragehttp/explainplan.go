package coveragehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

// registerPlans mounts what explains plans. They are posts, as what-if is, because a plan
// may be too long for an address; they write nothing and need no Idempotency-Key.
func (h explainHandlers) registerPlans(api huma.API, tags []string, faults []int) {
	httpapi.Register(api, huma.Operation{
		OperationID: "what-if-points", Method: http.MethodPost, Path: "/api/v1/coverage/what-if/points", Tags: tags, Errors: faults,
		Summary:     "The people behind a figure of a plan · 试算数字背后的人口点",
		Description: "As /api/v1/coverage/points, of the plan: before is how each point stands today.",
	}, h.planPoints)
	httpapi.Register(api, huma.Operation{
		OperationID: "what-if-route", Method: http.MethodPost, Path: "/api/v1/coverage/what-if/route", Tags: tags, Errors: faults,
		Summary: "A walk in a plan, street by street · 试算后的步行路线",
	}, h.planRoute)
}

type planPointsInput struct {
	Body struct {
		Question
		FigureQuestion
		FigurePage
		Steps []whatIfStep `json:"steps" nullable:"false" maxItems:"100" doc:"As of what-if"`
	}
}

type planPointsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         explainedFigure
}

func (h explainHandlers) planPoints(ctx context.Context, in *planPointsInput) (*planPointsReply, error) {
	version := h.src.Version()
	if version == "" {
		return nil, problem(ErrNotReady)
	}
	steps, err := planSteps(in.Body.Steps)
	if err != nil {
		return nil, inBody(err)
	}
	first, count, err := in.Body.first(version)
	if err != nil {
		return nil, inBody(err)
	}
	e, err := h.src.Explain(ctx, in.Body.query(), steps, in.Body.asked(), first, count)
	if err != nil {
		return nil, inBody(err)
	}
	return &planPointsReply{CacheControl: "no-store", Body: explainedOf(e, in.Body.FigureQuestion, first, true)}, nil
}

type planRouteInput struct {
	Body struct {
		Question
		RouteQuestion
		Steps []whatIfStep `json:"steps" nullable:"false" maxItems:"100" doc:"As of what-if"`
	}
}

type planRouteReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         explainedRoute
}

func (h explainHandlers) planRoute(ctx context.Context, in *planRouteInput) (*planRouteReply, error) {
	steps, err := planSteps(in.Body.Steps)
	if err != nil {
		return nil, inBody(err)
	}
	r, err := h.src.Route(ctx, in.Body.query(), steps, in.Body.asked())
	if err != nil {
		return nil, inBody(err)
	}
	return &planRouteReply{CacheControl: "no-store", Body: routeOf(r)}, nil
}
