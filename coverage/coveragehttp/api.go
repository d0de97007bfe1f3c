package coveragehttp

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

// Register mounts the operations of this package on the API:
// /api/v1/status, /district, /coverage and /people/{id}.
func Register(api huma.API, src Source) {
	h := handlers{src: src}
	httpapi.Register(api, huma.Operation{
		OperationID: "status", Method: http.MethodGet, Path: "/api/v1/status", Tags: []string{"district"},
		Summary:     "How far the server is · 服务状态",
		Description: "Answers at any time, also while data are being loaded.",
	}, h.status)
	httpapi.Register(api, huma.Operation{
		OperationID: "district", Method: http.MethodGet, Path: "/api/v1/district", Tags: []string{"district"},
		Summary:     "Facts of the loaded district · 辖区概况",
		Description: "Names, bounds, age bands, levels, notices, what the data lack, and the state of the pedestrian network.",
		Errors:      []int{http.StatusServiceUnavailable},
	}, h.district)
	httpapi.Register(api, huma.Operation{
		OperationID: "coverage", Method: http.MethodGet, Path: "/api/v1/coverage", Tags: []string{"coverage"},
		Summary: "Who reaches an open facility of a type in time · 覆盖情况",
		Description: "People are counted by the walking time of the point they live at, never by a polygon. " +
			"For every band and division covered + uncovered + unsnapped = population, exactly. " +
			"The circles and gaps themselves are vector tile layers; here are their figures.",
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.coverage)
	httpapi.Register(api, huma.Operation{
		OperationID: "population-point", Method: http.MethodGet, Path: "/api/v1/people/{id}", Tags: []string{"coverage"},
		Summary:     "One population point and its nearest facility · 人口点",
		Description: "A population point is a cell or a building with numbers of people, never a person.",
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.point)
}

type handlers struct{ src Source }

func (h handlers) status(context.Context, *struct{}) (*statusReply, error) {
	s := h.src.Status()
	return &statusReply{CacheControl: "no-store", Body: s}, nil
}

type statusReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         Status
}

func (h handlers) district(ctx context.Context, in *struct{ httpapi.Conditional }) (*httpapi.Reply[District], error) {
	d, err := h.src.District(ctx)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.ReplyUnlessHeld(in.Conditional, fmt.Sprintf("%q", "district-"+d.Version), func() (*District, error) { return &d, nil })
}

type coverageInput struct {
	Question
	httpapi.Conditional
}

func (h handlers) coverage(ctx context.Context, in *coverageInput) (*httpapi.Reply[coverageAnswer], error) {
	version := h.src.Version()
	if version == "" {
		return nil, problem(ErrNotReady)
	}
	q := in.query()
	return httpapi.ReplyUnlessHeld(in.Conditional, etag(version, q), func() (*coverageAnswer, error) {
		a, err := h.src.Coverage(ctx, q)
		if err != nil {
			return nil, problem(err)
		}
		body := answerOf(a)
		return &body, nil
	})
}

type pointInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the population point"`
	Question
	httpapi.Conditional
}

func (h handlers) point(ctx context.Context, in *pointInput) (*httpapi.Reply[populationPoint], error) {
	version := h.src.Version()
	if version == "" {
		return nil, problem(ErrNotReady)
	}
	q := in.query()
	return httpapi.ReplyUnlessHeld(in.Conditional, etag(version, q), func() (*populationPoint, error) {
		p, err := h.src.Point(ctx, in.ID, q)
		if err != nil {
			return nil, problem(err)
		}
		body := pointOf(p)
		return &body, nil
	})
}
