package coveragehttp

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// Surveys tells how far the street data can be trusted. It is safe for concurrent use.
type Surveys interface {
	// Version names the data that answers are made from, "" before they are loaded.
	Version() string
	// Completeness judges the street data of each community by the people of a base, ""
	// for the first that the data have. Errors are ErrNotReady and ErrUnknownBase.
	Completeness(ctx context.Context, base divisions.Base) (*Survey, error)
}

// Survey is how far the street data of every division of one level can be trusted.
type Survey struct {
	Version   string
	Base      divisions.Base
	Level     divisions.Level      // "" where the data have no divisions
	Divisions []divisions.Division // that List indexes
	List      []coverage.Completeness
}

// RegisterCompleteness mounts /api/v1/coverage/completeness.
func RegisterCompleteness(api huma.API, src Surveys) {
	h := surveyHandlers{src}
	httpapi.Register(api, huma.Operation{
		OperationID: "coverage-completeness", Method: http.MethodGet, Path: "/api/v1/coverage/completeness", Tags: []string{"coverage"},
		Summary: "How far the street data can be trusted · 路网完整度",
		Description: "A score of 0 to 100 for the street data of each community: the least of its parts. " +
			"A low score says that walks may be too long in the answers and that people may be called uncovered who are not; it says nothing of how people walk.",
		Errors: []int{http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.completeness)
}

type surveyHandlers struct{ src Surveys }

type surveyInput struct {
	Base string `query:"base" enum:"registered,resident" doc:"Population base; by default the first that the data have"`
	httpapi.Conditional
}

type surveyParts struct {
	Density *int `json:"density" nullable:"true" doc:"Metres of street per hectare, of 80; null of villages, and where nobody lives"`
	Near    *int `json:"near" nullable:"true" doc:"Share of the people, or of the buildings if that is less, at most 80 m from a path"`
	Joined  *int `json:"joined" nullable:"true" doc:"Share of the people near a path whose path is joined to the main network"`
	Ends    *int `json:"ends" nullable:"true" doc:"100 less the ends that stop just short of another street, per kilometre of street in percent"`
}

type surveyDivision struct {
	Code         string      `json:"code"`
	NameZH       string      `json:"name_zh"`
	NameEN       string      `json:"name_en"`
	Score        *int        `json:"score" nullable:"true" doc:"0 to 100, the least of the parts; null where there is nothing to judge by"`
	Class        string      `json:"class" enum:"sound,thin,poor,unknown" doc:"sound from 80, thin from 50, poor below: do not decide by walks there"`
	Parts        surveyParts `json:"parts" doc:"Each 0 to 100; null where it is not known"`
	AreaHa       float64     `json:"area_ha"`
	StreetM      float64     `json:"street_m" doc:"Metres of walkable street inside"`
	People       Persons     `json:"people" doc:"Of the widest band"`
	FarPeople    Persons     `json:"far_people" doc:"Of them farther than 80 m from any path"`
	IslandPeople Persons     `json:"island_people" doc:"Of them on streets that nothing joins to the main network"`
	Buildings    int         `json:"buildings"`
	FarBuildings int         `json:"far_buildings"`
	Dangles      int         `json:"dangles" doc:"Ends of streets that stop just short of another"`
}

type surveyAnswer struct {
	Version   string           `json:"version"`
	Base      string           `json:"base" enum:"registered,resident"`
	Level     string           `json:"level" doc:"Of the divisions; empty where the data have none"`
	Divisions []surveyDivision `json:"divisions" nullable:"false"`
}

func (h surveyHandlers) completeness(ctx context.Context, in *surveyInput) (*httpapi.Reply[surveyAnswer], error) {
	version := h.src.Version()
	if version == "" {
		return nil, problem(ErrNotReady)
	}
	tag := fmt.Sprintf("%q", fmt.Sprintf("completeness-%s-%s", version, in.Base))
	return httpapi.ReplyUnlessHeld(in.Conditional, tag, func() (*surveyAnswer, error) {
		s, err := h.src.Completeness(ctx, divisions.Base(in.Base))
		if err != nil {
			return nil, problem(err)
		}
		body := surveyOf(s)
		return &body, nil
	})
}

func surveyOf(s *Survey) surveyAnswer {
	out := surveyAnswer{Version: s.Version, Base: string(s.Base), Level: string(s.Level), Divisions: make([]surveyDivision, len(s.List))}
	for i, c := range s.List {
		d := s.Divisions[c.Division]
		out.Divisions[i] = surveyDivision{
			Code: d.Code, NameZH: d.NameZH, NameEN: nameEN(d), Score: knownPart(c.Score), Class: string(c.Class),
			Parts:  surveyParts{knownPart(c.Parts.Density), knownPart(c.Parts.Near), knownPart(c.Parts.Joined), knownPart(c.Parts.Ends)},
			AreaHa: float64(int64(c.AreaHa*100+0.5)) / 100, StreetM: wholeMetres(c.StreetM),
			People: Persons(c.People), FarPeople: Persons(c.FarPeople), IslandPeople: Persons(c.IslandPeople),
			Buildings: c.Buildings, FarBuildings: c.FarBuildings, Dangles: c.Dangles,
		}
	}
	return out
}

// knownPart is nil for what is below 0, which stands for not known.
func knownPart(n int) *int {
	if n < 0 {
		return nil
	}
	return &n
}
