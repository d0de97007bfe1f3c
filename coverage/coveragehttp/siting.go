package coveragehttp

import (
	"context"
	"fmt"
	"math"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/siting"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// Sitings finds places for new facilities. It is safe for concurrent use.
type Sitings interface {
	// Siting answers one question and writes nothing. Errors besides those of Coverage are
	// *SitingFault.
	Siting(ctx context.Context, q Query, a SitingAsked) (*Siting, error)
}

// SitingAsked says where new facilities are to be and what for.
type SitingAsked struct {
	Band     string // "" is the widest
	Aim      string // most_people, fewest_sites or shortest_ways
	Sites    int
	Share    float64 // of fewest_sites
	SpacingM float64 // of candidates along the streets; 0 for none
	Within   string  // code of a division; "" for any
	Area     orb.Polygon
	Excluded []orb.Polygon
	Points   []SitingPoint
}

// SitingPoint is a place that somebody proposes.
type SitingPoint struct {
	ID string
	At orb.Point
}

// Siting is where new facilities should be and what they would change.
type Siting struct {
	Query      Query // with the base that was used
	Version    string
	Note       *coverage.Text
	Aim        string
	Band       int
	Plan       *siting.Plan
	Before     int64 // the value without new facilities
	Candidates []SitingCandidate
	Refused    []SitingRefusal
	Delta      *coverage.Delta
	After      coverage.Summary
	Divisions  []divisions.Division
}

// SitingCandidate is a place that was looked at. Candidate k of the answer is number
// len(Delta.Baseline.Sites)+k of the plan.
type SitingCandidate struct {
	ID       string
	At       orb.Point
	Division int32 // index of the finest that holds it; -1 outside all
	Given    bool  // proposed, not found along a street
}

// SitingRefusal is a proposed place that cannot be one.
type SitingRefusal struct {
	ID     string
	Reason coverage.Text
}

// SitingFault is what is wrong with a question about places.
type SitingFault struct {
	Code         string
	Pointer      string // into the body
	Reason, Hint coverage.Text
}

// Error is the reason in English.
func (f *SitingFault) Error() string { return f.Reason.EN }

// RegisterSiting mounts /api/v1/coverage/siting.
func RegisterSiting(api huma.API, src Sitings) {
	h := sitingHandlers{src}
	httpapi.Register(api, huma.Operation{
		OperationID: "siting", Method: http.MethodPost, Path: "/api/v1/coverage/siting", Tags: []string{"coverage"},
		Summary: "Where new facilities should be · 选址",
		Description: "Chooses among candidates along the streets and places that you give, keeps every open facility of the type, " +
			"and says how far the answer can at most be from the best one. Equal questions on equal data have equal answers. " +
			"It writes nothing, so it needs no Idempotency-Key. It takes seconds; hang up to stop it.",
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.siting)
}

type sitingHandlers struct{ src Sitings }

type sitingPlace struct {
	ID  string  `json:"id" minLength:"1" maxLength:"64" doc:"Of your own choice; the answer names it"`
	Lon float64 `json:"lon" minimum:"-180" maximum:"180"`
	Lat float64 `json:"lat" minimum:"-90" maximum:"90"`
}

type sitingRules struct {
	SpacingM *float64       `json:"spacing_m,omitempty" minimum:"50" maximum:"2000" doc:"Candidates along the streets about so far apart; 250 where neither this nor points are given"`
	Points   []sitingPlace  `json:"points,omitempty" maxItems:"500" doc:"Places that you propose, such as rooms and parcels"`
	Within   string         `json:"within,omitempty" maxLength:"64" doc:"Code of a division in which new facilities must lie"`
	Area     [][2]float64   `json:"area,omitempty" minItems:"3" maxItems:"500" doc:"Outline of an area in which they must lie, longitude and latitude; not together with within"`
	Excluded [][][2]float64 `json:"excluded,omitempty" maxItems:"50" doc:"Outlines of areas in which none may lie"`
}

type sitingInput struct {
	Body struct {
		Question
		Band       string      `json:"band,omitempty" maxLength:"32" doc:"Age band whose people count; the widest by default"`
		Aim        string      `json:"aim" enum:"most_people,fewest_sites,shortest_ways" doc:"As many people as possible, a share of the people with as few new facilities as possible, or the shortest walks (a person beyond the limit counts as walking twice the limit)"`
		Sites      int         `json:"sites,omitempty" default:"3" minimum:"1" maximum:"30" doc:"How many new ones; not of fewest_sites"`
		Share      float64     `json:"share,omitempty" default:"0.9" minimum:"0.01" maximum:"1" doc:"Of all people of the band, covered by old and new ones; of fewest_sites"`
		Candidates sitingRules `json:"candidates,omitempty"`
	}
}

// usualSpacingM is that of candidates where a question says nothing of them.
const usualSpacingM = 250

func (in *sitingInput) asked() (SitingAsked, error) {
	b := in.Body
	a := SitingAsked{Band: b.Band, Aim: b.Aim, Sites: b.Sites, Share: b.Share, Within: b.Candidates.Within}
	switch {
	case b.Candidates.SpacingM != nil:
		a.SpacingM = *b.Candidates.SpacingM
	case len(b.Candidates.Points) == 0:
		a.SpacingM = usualSpacingM
	}
	for _, p := range b.Candidates.Points {
		a.Points = append(a.Points, SitingPoint{p.ID, orb.Point{p.Lon, p.Lat}})
	}
	if len(b.Candidates.Area) > 0 {
		area, err := outlineOf(b.Candidates.Area, "#/candidates/area")
		if err != nil {
			return a, err
		}
		if a.Within != "" {
			return a, &SitingFault{
				Code: "bad_candidates", Pointer: "#/candidates/area",
				Reason: coverage.Text{ZH: "范围和辖区只能给一个", EN: "Give an area or a division, not both"},
			}
		}
		a.Area = area
	}
	for i, line := range b.Candidates.Excluded {
		area, err := outlineOf(line, fmt.Sprintf("#/candidates/excluded/%d", i))
		if err != nil {
			return a, err
		}
		a.Excluded = append(a.Excluded, area)
	}
	return a, nil
}

// outlineOf closes an outline.
func outlineOf(line [][2]float64, pointer string) (orb.Polygon, error) {
	ring := make(orb.Ring, 0, len(line)+1)
	for _, p := range line {
		if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
			return nil, &SitingFault{Code: "bad_outline", Pointer: pointer, Reason: coverage.Text{ZH: "轮廓中有一点不是经纬度", EN: "A point of the outline is no longitude and latitude"}}
		}
		ring = append(ring, orb.Point(p))
	}
	if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
		ring = append(ring, ring[0])
	}
	if len(ring) < 4 {
		return nil, &SitingFault{Code: "bad_outline", Pointer: pointer, Reason: coverage.Text{ZH: "轮廓至少要有三个点", EN: "An outline has at least three points"}}
	}
	return orb.Polygon{ring}, nil
}

type sitingReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         sitingAnswer
}

func (h sitingHandlers) siting(ctx context.Context, in *sitingInput) (*sitingReply, error) {
	a, err := in.asked()
	if err != nil {
		return nil, problem(err)
	}
	s, err := h.src.Siting(ctx, in.Body.query(), a)
	if err != nil {
		return nil, problem(err)
	}
	return &sitingReply{CacheControl: "no-store", Body: sitingOf(s)}, nil
}
