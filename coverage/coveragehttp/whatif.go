package coveragehttp

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// WhatIfs answers plans. It is safe for concurrent use.
type WhatIfs interface {
	// WhatIf says what a plan would change and writes nothing. Errors besides those of
	// Coverage are ErrTooWide, ErrTooManySteps and a *StepFault.
	WhatIf(ctx context.Context, q Query, p PlanAsked) (*WhatIf, error)
}

// PlanAsked is what somebody thinks of changing.
type PlanAsked struct {
	Steps   []PlanStep
	Circles bool // whether circles of added and moved sites are drawn
	Points  bool // whether the points for which something differs are told
}

// PlanStep is one step; which of the fields matter, Do says.
type PlanStep struct {
	Do   string
	ID   string
	At   orb.Point
	Line orb.LineString
}

// WhatIf is what a plan would change.
type WhatIf struct {
	Query      Query // with the base that was used
	Version    string
	Note       *coverage.Text
	Delta      *coverage.Delta
	After      coverage.Summary
	Divisions  []divisions.Division
	Gained     []int                 // population points per division, in it and below
	Lost       []int                 // the same
	Facilities []facilities.Facility // parallel to Delta.Sites; of an added site only the id
	Circles    map[int32]orb.MultiPolygon
	Points     bool // whether points are told
	Streets    []WhatIfStreet
}

// WhatIfStreet is what a step about streets is of, as it is today.
type WhatIfStreet struct {
	Step        int // index into the steps
	Do, ID      string
	Name, Class string // of the way; of a gate or a path, of the street that it stands on or begins at
	Gate        string // what kind of barrier; "" for ways and paths
	LengthM     float64
	Division    int32 // index into Divisions; -1 outside all
	At          orb.Point
	Lines       orb.MultiLineString
}

// StepFault is a step that cannot be taken.
type StepFault struct {
	Step         int // index into the steps
	Reason, Hint coverage.Text
}

// Error names the step by its place, from 1 on.
func (f *StepFault) Error() string { return fmt.Sprintf("step %d: %s", f.Step+1, f.Reason.EN) }

// RegisterWhatIf mounts /api/v1/coverage/what-if.
func RegisterWhatIf(api huma.API, src WhatIfs) {
	h := whatIfHandlers{src}
	httpapi.Register(api, huma.Operation{
		OperationID: "what-if", Method: http.MethodPost, Path: "/api/v1/coverage/what-if", Tags: []string{"coverage"},
		Summary: "What a plan would change · 试一试",
		Description: "Facilities added, moved, closed and reopened, ways closed, gates opened and paths added are answered as the exact difference to how things are. " +
			"Only what changes is listed. It writes nothing, so it needs no Idempotency-Key: a POST because a plan may be too long for an address.",
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.whatIf)
}

type whatIfHandlers struct{ src WhatIfs }

type whatIfStep struct {
	Do   string       `json:"do" enum:"add,move,close,reopen,close_way,open_gate,shut_gate,add_path" doc:"Steps about streets are taken first, whatever their place"`
	ID   string       `json:"id" minLength:"1" maxLength:"64" doc:"Of a facility of the type; of add and add_path one of your own choice; of other steps about streets the id of the way or barrier in its source"`
	Lon  *float64     `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"Of add and move"`
	Lat  *float64     `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"Of add and move"`
	Line [][2]float64 `json:"line,omitempty" maxItems:"50" doc:"Of add_path: longitude and latitude of its points, from street to street"`
}

type whatIfInput struct {
	Body struct {
		Question
		Circles bool         `json:"circles,omitempty" doc:"Draw the circles of added and moved facilities, and of those whose people a change of streets changes"`
		Points  bool         `json:"points,omitempty" doc:"Tell the population points for which something differs, as a map that colours them needs"`
		Steps   []whatIfStep `json:"steps" nullable:"false" maxItems:"100" doc:"In order; at most 20 about streets"`
	}
}

func (in *whatIfInput) plan() (PlanAsked, error) {
	steps, err := planSteps(in.Body.Steps)
	return PlanAsked{Steps: steps, Circles: in.Body.Circles, Points: in.Body.Points}, err
}

// planSteps reads the steps of a plan; its error is a *StepFault.
func planSteps(in []whatIfStep) ([]PlanStep, error) {
	var out []PlanStep
	for i, s := range in {
		step := PlanStep{Do: s.Do, ID: s.ID}
		if s.Do == "add" || s.Do == "move" {
			if s.Lon == nil || s.Lat == nil {
				return nil, &StepFault{Step: i, Reason: coverage.Text{ZH: "没有给出位置", EN: "It names no place"}, Hint: coverage.Text{ZH: "请给出 lon 和 lat", EN: "Give lon and lat"}}
			}
			step.At = orb.Point{*s.Lon, *s.Lat}
		}
		for _, at := range s.Line {
			step.Line = append(step.Line, orb.Point(at))
		}
		out = append(out, step)
	}
	return out, nil
}

type whatIfReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         whatIfAnswer
}

func (h whatIfHandlers) whatIf(ctx context.Context, in *whatIfInput) (*whatIfReply, error) {
	p, err := in.plan()
	if err != nil {
		return nil, problem(err)
	}
	w, err := h.src.WhatIf(ctx, in.Body.query(), p)
	if err != nil {
		return nil, problem(err)
	}
	return &whatIfReply{CacheControl: "no-store", Body: whatIfOf(w)}, nil
}
