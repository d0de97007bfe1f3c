package estatehttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

// Surroundings says what is around estates. It is safe for concurrent use.
type Surroundings interface {
	// Around says what the people of an estate would reach, whom they would share it with, and
	// what the estate's own premises change. ErrNotFound, ErrNotReady and ErrBadWalk.
	Around(ctx context.Context, id string, q AroundQuery) (EstateAround, error)
}

// ErrBadWalk says that there is no such walker.
var ErrBadWalk = errors.New("no such walk")

// RegisterAround mounts /api/v1/estates/{id}/around.
func RegisterAround(api huma.API, s Surroundings) {
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-around", Method: http.MethodGet, Path: onePath + "/around", Tags: tags(),
		Summary: "What the people of an estate would reach on foot, and what they change · 小区周边",
		Description: "From where they would come out onto the street: an open gate on the boundary, else the place of the boundary that is nearest to a street. " +
			"Ways within the estate are not counted. Who will move in is not known: the planned people are spread over ages as the district's people are today. Writes nothing.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, func(ctx context.Context, in *aroundInput) (*reportReply[EstateAround], error) {
		a, err := s.Around(ctx, in.ID, in.AroundQuery)
		if err != nil {
			return nil, aroundProblem(err)
		}
		return &reportReply[EstateAround]{"no-store", a}, nil
	})
}

func aroundProblem(err error) error {
	if errors.Is(err, ErrBadWalk) {
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_walk", "步行时间或速度超出范围", "The walk is too long").
			With(httpapi.Fault{Pointer: "query.minutes", Reason: httpapi.Text{ZH: "步行距离不应超过 3.6 km", EN: "at most 3.6 km are walked"}})
	}
	return problem(err)
}

// AroundQuery is which walk is meant.
type AroundQuery struct {
	Minutes int    `query:"minutes" default:"15" minimum:"1" maximum:"60" doc:"At most so many minutes on foot, inclusive"`
	Profile string `query:"profile" enum:"plain,elder,step_free" default:"plain" doc:"Who walks"`
}

type aroundInput struct {
	ID string `path:"id" maxLength:"64"`
	AroundQuery
}

// EstateAround is what is around an estate. Times are seconds, people are persons.
type EstateAround struct {
	Exit     *AroundExit  `json:"exit" doc:"Where the people come out; null where the estate is not on the map or no street is near, and then nothing else is known"`
	Why      EstateText   `json:"why" doc:"Why there is no exit; empty where there is one"`
	Minutes  int          `json:"minutes"`
	Profile  string       `json:"profile"`
	MetresPS float64      `json:"speed" doc:"Metres a second on the level"`
	Base     string       `json:"base" doc:"Which people are counted: resident or registered"`
	People   AroundPeople `json:"people" doc:"Of the estate"`
	Derived  bool         `json:"derived" doc:"The people follow from the households"`
	Elder    string       `json:"elder_band" doc:"The age band by which facilities for the elderly are counted"`
	Widest   string       `json:"widest_band" doc:"The age band that stands for everybody"`
	Types    []AroundType `json:"types" nullable:"false" doc:"Those that are walked to first, in the order of the catalogue"`
	Notices  []EstateText `json:"notices" nullable:"false"`
}

// AroundExit is where people come out onto the street.
type AroundExit struct {
	_    struct{} `nullable:"true"`
	Lon  float64  `json:"lon"`
	Lat  float64  `json:"lat"`
	Gate bool     `json:"gate" doc:"An open gate of the street data"`
	OffM float64  `json:"off_m" doc:"Metres from there to the street"`
}

// AroundPeople are people of two age bands.
type AroundPeople struct {
	All    float64 `json:"all" doc:"Of the widest band"`
	Elders float64 `json:"elders"`
}

// AroundType is what is around of one facility type.
type AroundType struct {
	Type         string         `json:"type"`
	Name         EstateText     `json:"name"`
	Group        string         `json:"group"`
	Walked       bool           `json:"walked" doc:"Else it is judged by division"`
	Reached      bool           `json:"reached"`
	Nearest      *AroundPlace   `json:"nearest" doc:"Looked for up to twice the minutes; null where there is none, and by division"`
	Within       int            `json:"within" doc:"How many are within the minutes; by division, how many serve it"`
	Reason       EstateText     `json:"reason" doc:"Why it is not reached; empty where it is"`
	CapacityUnit EstateText     `json:"capacity_unit"`
	ForElders    bool           `json:"for_elders" doc:"Loads count the elder band; else everybody"`
	Loads        []AroundLoad   `json:"loads" nullable:"false" doc:"Of those within the minutes, the ones whose people grow most first"`
	Planned      *AroundPlanned `json:"planned" doc:"What the estate's own premises of the type change; null where it plans none"`
}

// AroundPlace is a facility.
type AroundPlace struct {
	_       struct{}   `nullable:"true"`
	ID      string     `json:"id"`
	Name    EstateText `json:"name"`
	Seconds float64    `json:"seconds"`
	Lon     float64    `json:"lon"`
	Lat     float64    `json:"lat"`
	Example bool       `json:"example"`
}

// AroundLoad is what the estate's people do to a facility within their reach.
type AroundLoad struct {
	AroundPlace
	Before   float64  `json:"before" doc:"People within the minutes of it today"`
	Added    float64  `json:"added" doc:"The estate's"`
	Capacity *float64 `json:"capacity" nullable:"true" doc:"null where nobody recorded it"`
	// Places per 1,000 people within the minutes: the first step of the floating catchment areas.
	Per1000Before *float64 `json:"per_1000_before" nullable:"true"`
	Per1000After  *float64 `json:"per_1000_after" nullable:"true"`
}

// AroundPlanned is what the estate's own premises of a type change.
type AroundPlanned struct {
	_       struct{}     `nullable:"true"`
	Rooms   []string     `json:"rooms" nullable:"false" doc:"Names of the rooms that would become one"`
	Area    *float64     `json:"area" nullable:"true" doc:"m²; null when unknown"`
	AtExit  bool         `json:"at_exit" doc:"No room is on the map: it is taken to be where people come out"`
	Reached bool         `json:"reached" doc:"The estate's people reach one, with it"`
	Gained  AroundPeople `json:"gained" doc:"People who live there today and would be within reach only by it"`
	Gap     AroundPeople `json:"gap" doc:"All in the district who are beyond reach today"`
}
