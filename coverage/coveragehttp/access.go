package coveragehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage"
	"yike/coverage/access"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// Accesses says how much of a supply people can get at. It is safe for concurrent use.
type Accesses interface {
	// Access answers one question and writes nothing. Errors besides those of WhatIf are
	// *AccessFault.
	Access(ctx context.Context, q Query, a AccessAsked) (*Access, error)
}

// AccessAsked says whose access to what supply is asked for.
type AccessAsked struct {
	Band       string // "" is the widest
	Method     string
	Unknown    float64   // stands for each capacity that nobody recorded; 0 leaves such facilities out
	Under      []float64 // places per person: how many people have less
	Plan       PlanAsked
	Capacities []AccessCapacity
}

// AccessCapacity is what a plan makes of the capacity of one facility.
type AccessCapacity struct {
	ID       string
	Capacity float64
}

// Access is how much of a supply people can get at.
type Access struct {
	Query      Query // with the base that was used
	Version    string
	Type       facilities.TypeInfo
	Band       string
	Asked      AccessAsked
	Delta      *coverage.Delta
	Divisions  []divisions.Division
	Facilities []facilities.Facility // parallel to Delta.Sites; of an added one only the id
	Untiered   int
	Unsnapped  coverage.People
	Before     AccessFigures
	After      *AccessFigures // nil without a plan
	// Rise and Fall are, per division and last of all, people who have more or less.
	Rise, Fall []coverage.People
}

// AccessFigures are one state of things, places per person.
type AccessFigures struct {
	Sites                           []AccessSite // the first of Delta.Sites, or all
	All                             access.Spread
	Divisions                       []access.Spread // parallel to Divisions
	Percentiles                     []float64       // what Spread.At are
	Supply, Reached, Handed, Demand float64
	Capacity                        AccessCensus
}

// AccessSite is one facility: see coveragelive.AccessSite.
type AccessSite struct {
	Open, Counts            bool
	Source                  string
	Capacity, Demand, Ratio float64
	Within                  coverage.People
}

// AccessCensus counts open facilities by where their capacity is from.
type AccessCensus struct{ Open, Recorded, Stated, Planned, Unknown, Zero, Unreached int }

// AccessFault is what is wrong with a question about access.
type AccessFault struct {
	Code         string
	Pointer      string // into the body
	Reason, Hint coverage.Text
}

// Error is the reason in English.
func (f *AccessFault) Error() string { return f.Reason.EN }

func (f *AccessFault) problem() error {
	return httpapi.NewProblem(http.StatusUnprocessableEntity, f.Code, f.Reason.ZH, f.Reason.EN).With(httpapi.Fault{
		Pointer: f.Pointer, Reason: httpapi.Text(f.Reason), Hint: httpapi.Text(f.Hint),
	})
}

// RegisterAccess mounts /api/v1/coverage/access.
func RegisterAccess(api huma.API, src Accesses) {
	h := accessHandlers{src}
	httpapi.Register(api, huma.Operation{
		OperationID: "access", Method: http.MethodPost, Path: "/api/v1/coverage/access", Tags: []string{"coverage"},
		Summary: "How much of a supply people can get at · 可及性",
		Description: "Each facility's capacity is shared out among the people who can walk to it, nearer ones weighing more; each place adds up the shares of the facilities around it " +
			"(two-step and three-step floating catchment areas). What people have adds up to the capacity of all facilities that somebody reaches. " +
			"Capacities are the registry's; one that nobody recorded is left out, or takes the one value that you state. " +
			"With steps or capacities of a plan the answer is how things are, how the plan makes them, and the difference. " +
			"It writes nothing, so it needs no Idempotency-Key: a POST because a plan may be too long for an address.",
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.access)
}

type accessHandlers struct{ src Accesses }

type accessPlanned struct {
	ID       string  `json:"id" minLength:"1" maxLength:"64" doc:"Of a facility of the type, or of one that the plan adds"`
	Capacity float64 `json:"capacity" minimum:"0" maximum:"1000000" doc:"In the type's capacity unit"`
}

type accessInput struct {
	Body struct {
		Question
		Band       string          `json:"band,omitempty" maxLength:"32" doc:"Age band whose people ask for places; the widest by default"`
		Method     string          `json:"method,omitempty" default:"gaussian" enum:"2sfca,gaussian,enhanced,gravity,3sfca" doc:"How nearness weighs. 2sfca: all within the limit alike (Luo and Wang 2003). gaussian: falling to nothing at the limit (Dai 2010). enhanced: thirds of the limit weigh 1, 0.68 and 0.22, of a quarter of an hour 5, 10 and 15 minutes (Luo and Qi 2009). gravity: one over the minutes of the walk. 3sfca: gaussian, and people divide themselves among the facilities they may choose (Wan, Zou and Sternberg 2012)"`
		Unknown    float64         `json:"capacity_for_unknown,omitempty" minimum:"0" maximum:"1000000" doc:"Stands for each capacity that nobody recorded, in the type's unit; such facilities are left out by default"`
		Under      []float64       `json:"under,omitempty" maxItems:"5" doc:"Places per 1,000 people: how many people have less"`
		Steps      []whatIfStep    `json:"steps,omitempty" maxItems:"100" doc:"A plan, as in what-if"`
		Capacities []accessPlanned `json:"capacities,omitempty" maxItems:"200" doc:"What the plan makes of capacities: of facilities that it adds, and of others that are to be larger or smaller"`
		Boundaries bool            `json:"boundaries,omitempty" doc:"Give the boundaries of divisions"`
	}
}

// thousand turns places per person into places per 1,000 people.
const thousand = 1000

func (in *accessInput) asked() (AccessAsked, error) {
	body := &in.Body
	steps := &whatIfInput{}
	steps.Body.Steps = body.Steps
	plan, err := steps.plan()
	a := AccessAsked{Band: body.Band, Method: body.Method, Unknown: body.Unknown, Plan: plan}
	for _, t := range body.Under {
		a.Under = append(a.Under, t/thousand)
	}
	for _, c := range body.Capacities {
		a.Capacities = append(a.Capacities, AccessCapacity(c))
	}
	return a, err
}

type accessReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         accessAnswer
}

func (h accessHandlers) access(ctx context.Context, in *accessInput) (*accessReply, error) {
	asked, err := in.asked()
	if err != nil {
		return nil, problem(err)
	}
	a, err := h.src.Access(ctx, in.Body.query(), asked)
	if err != nil {
		return nil, problem(err)
	}
	return &accessReply{CacheControl: "no-store", Body: accessOf(a, in.Body.Boundaries)}, nil
}
