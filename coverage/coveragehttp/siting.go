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
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// Sitings finds places for new facilities. It is safe for concurrent use.
type Sitings interface {
	// Siting answers one question and writes nothing. Errors besides those of Coverage are
	// *SitingFault.
	Siting(ctx context.Context, q Query, a SitingAsked) (*Siting, error)
}

// SitingAsked says where new facilities are to be and what for. Money is in hundredths of
// whatever unit the one who asks uses.
type SitingAsked struct {
	Band        string // "" is the widest
	PreferBand  string // whose people count PreferTimes times; "" for none
	PreferTimes int
	Aim         string // most_people, fewest_sites, shortest_ways or shortest_longest
	Sites       int
	Share       float64 // of fewest_sites
	Budget      int64   // 0 for none
	Price       int64   // of a candidate without one of its own; 0 where nobody said
	Capacity    SitingCapacity
	SpacingM    float64  // of candidates along the streets; 0 for none
	ApartM      float64  // from facilities that stay open
	Within      []string // codes of divisions; none for any
	Areas       []orb.Polygon
	Excluded    []orb.Polygon
	Points      []SitingPoint
	Rooms       *SitingRooms // nil for none
	Required    []string
	Replaced    []string
}

// SitingCapacity says what facilities can take, in the unit of the type's capacity. The
// zero value asks for nothing.
type SitingCapacity struct {
	New     int64
	UseRate float64 // units that one person of the band takes up
	Unknown string  // boundless, left_out or ""
}

// SitingPoint is a place that somebody proposes.
type SitingPoint struct {
	ID, Name string
	At       orb.Point
	Price    int64 // in hundredths; 0 for that of all
	Capacity int64 // 0 for that of all
}

// SitingRooms says which rooms of the ledger of premises are candidates.
type SitingRooms struct {
	Use       string // approved; "" for any
	MinAreaM2 float64
	Floor     int // 1 is at street level; 0 for any
	Free      bool
}

// Siting is where new facilities should be and what they would change.
type Siting struct {
	Query      Query // with the base that was used
	Version    string
	Note       *coverage.Text
	Asked      SitingAsked
	Band       int
	Plan       *siting.Plan
	Before     int64 // the value without new facilities; -1 where nobody can say
	Priced     bool  // the value of fewest_sites is money
	Cost       int64 // of all new ones, in hundredths; 0 where nobody said
	Candidates []SitingCandidate
	Refused    []SitingRefusal
	Required   []int32 // numbers of the plan's sites that were required
	Loads      *SitingLoads
	LeftOut    []SitingLeftOut
	Delta      *coverage.Delta
	After      coverage.Summary
	Divisions  []divisions.Division
}

// SitingCandidate is a place that was looked at. Candidate k of the answer is number
// len(Delta.Baseline.Sites)+k of the plan.
type SitingCandidate struct {
	ID, Kind, Name string // Kind is street, point or room
	At             orb.Point
	Division       int32 // index of the finest that holds it; -1 outside all
	Price          int64 // in hundredths; 0 where nobody said
	Capacity       int64 // in units; 0 for boundless
}

// SitingRefusal is a place that cannot be a candidate.
type SitingRefusal struct {
	ID, Kind, Name string
	Code           string // of the reason
	Reason         coverage.Text
}

// SitingLoads is who finds a place where facilities serve no more than they can take. The
// loads of new sites are those of the plan.
type SitingLoads struct {
	UseRate            float64
	UnitZH, UnitEN     string
	Served, TurnedAway coverage.People
	Existing           []SitingExisting
}

// SitingExisting is what falls to a facility that stays open.
type SitingExisting struct {
	Facility facilities.Facility
	Load     coverage.People
	LeftOut  bool // its capacity is not known, and it counts as closed
}

// SitingLeftOut are people who cannot walk to any candidate or facility.
type SitingLeftOut struct {
	Division int32 // -1 outside all
	Why      string
	People   coverage.People
	Points   int
}

// SitingFault is what is wrong with a question about places.
type SitingFault struct {
	Code         string
	Pointer      string // into the body
	Reason, Hint coverage.Text
}

// Error is the reason in English.
func (f *SitingFault) Error() string { return f.Reason.EN }

// RegisterSiting mounts /api/v1/coverage/siting and what reads places for it out of files.
func RegisterSiting(api huma.API, src Sitings, files SitingPlaces) {
	registerSitingPlaces(api, files)
	h := sitingHandlers{src}
	httpapi.Register(api, huma.Operation{
		OperationID: "siting", Method: http.MethodPost, Path: "/api/v1/coverage/siting", Tags: []string{"coverage"},
		Summary: "Where new facilities should be · 选址",
		Description: "Chooses among candidates along the streets, places that you give and rooms of the ledger, within capacities and a budget where asked; " +
			"keeps every open facility of the type but those to be replaced, and says how far the answer can at most be from the best one. Equal questions on equal data have equal answers. " +
			"It writes nothing, so it needs no Idempotency-Key. It takes seconds; hang up to stop it.",
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.siting)
}

type sitingHandlers struct{ src Sitings }

type sitingPlace struct {
	ID       string  `json:"id" minLength:"1" maxLength:"64" doc:"Of your own choice, each only once; the answer names it"`
	Name     string  `json:"name,omitempty" maxLength:"200"`
	Lon      float64 `json:"lon" minimum:"-180" maximum:"180"`
	Lat      float64 `json:"lat" minimum:"-90" maximum:"90"`
	Price    float64 `json:"price,omitempty" minimum:"0" maximum:"1000000000" doc:"Of opening it, in your unit of money, to the hundredth; without it the price of all holds"`
	Capacity int64   `json:"capacity,omitempty" minimum:"0" maximum:"1000000" doc:"In the type's unit; without it capacity.new holds"`
}

type sitingRoomRule struct {
	_       struct{} `nullable:"true"`
	Use     string   `json:"use,omitempty" maxLength:"32" doc:"Code of the use that a room is approved for, as a whole or in a part, see /api/v1/premises-codes"`
	MinArea float64  `json:"min_area_m2,omitempty" minimum:"0" maximum:"1000000" doc:"Of the parts of that use, or of the whole room"`
	Floor   int      `json:"floor,omitempty" minimum:"-9" maximum:"99" doc:"1 is at street level, -1 below it; without it any"`
	Free    bool     `json:"free,omitempty" doc:"Handed over, empty, and no facility works there"`
}

type sitingRules struct {
	SpacingM *float64        `json:"spacing_m,omitempty" minimum:"50" maximum:"2000" doc:"Candidates along the streets about so far apart; 250 where neither this nor points nor rooms are given"`
	Points   []sitingPlace   `json:"points,omitempty" maxItems:"500" doc:"Places that you propose, such as parcels"`
	Rooms    *sitingRoomRule `json:"rooms,omitempty" doc:"Rooms of the ledger of premises that you may read"`
	Within   []string        `json:"within,omitempty" maxItems:"200" doc:"Codes of divisions, in one of which new facilities must lie"`
	Areas    [][][2]float64  `json:"areas,omitempty" maxItems:"50" doc:"Outlines, longitude and latitude, in one of which they must lie; a division that is given holds too"`
	Excluded [][][2]float64  `json:"excluded,omitempty" maxItems:"50" doc:"Outlines in which none may lie"`
	ApartM   float64         `json:"apart_m,omitempty" minimum:"0" maximum:"10000" doc:"At least so far, in a straight line, from every facility of the type that stays open"`
}

type sitingPreference struct {
	_     struct{} `nullable:"true"`
	Band  string   `json:"band" maxLength:"32" doc:"Within the band that is asked for"`
	Times int      `json:"times" minimum:"2" maximum:"10" doc:"As how many each of its people counts"`
}

type sitingCapacityRule struct {
	_       struct{} `nullable:"true"`
	New     int64    `json:"new,omitempty" minimum:"0" maximum:"1000000" doc:"Of a new facility, in the type's unit; without it new ones take everybody"`
	UseRate float64  `json:"use_rate,omitempty" minimum:"0" maximum:"1" doc:"Units that one person of the band takes up: 0.12 where 12 % of them eat there. Needed, and nothing is assumed"`
	Unknown string   `json:"unknown,omitempty" enum:"boundless,left_out" doc:"What holds of open facilities whose capacity the registry does not know; needed where there are such"`
}

type sitingInput struct {
	Body struct {
		Question
		Band       string              `json:"band,omitempty" maxLength:"32" doc:"Age band whose people count; the widest by default"`
		Prefer     *sitingPreference   `json:"prefer,omitempty" doc:"Of most_people without capacities and shortest_ways"`
		Aim        string              `json:"aim" enum:"most_people,fewest_sites,shortest_ways,shortest_longest" doc:"As many people as possible; a share of the people with as few new facilities, or as little money, as possible; the shortest walks on average (a person beyond the limit counts as walking twice the limit); or the longest walk of anybody as short as possible"`
		Sites      int                 `json:"sites,omitempty" minimum:"1" maximum:"30" doc:"How many new ones at most; not of fewest_sites. 3 without a budget, 30 with one"`
		Share      float64             `json:"share,omitempty" default:"0.9" minimum:"0.01" maximum:"1" doc:"Of all people of the band, covered by old and new ones; of fewest_sites"`
		Price      float64             `json:"price,omitempty" minimum:"0" maximum:"1000000000" doc:"Of a candidate that has none of its own, in your unit of money, to the hundredth"`
		Budget     float64             `json:"budget,omitempty" minimum:"0" maximum:"1000000000" doc:"Not of fewest_sites; of shortest_longest only where all prices are equal"`
		Capacity   *sitingCapacityRule `json:"capacity,omitempty" doc:"Facilities serve no more than they can take; of most_people"`
		Required   []string            `json:"required,omitempty" maxItems:"30" doc:"Ids of candidates that are chosen whatever else is"`
		Replaced   []string            `json:"replaced,omitempty" maxItems:"200" doc:"Ids of open facilities of the type that are given up"`
		Candidates sitingRules         `json:"candidates,omitempty"`
	}
}

// What a question about places means where it says nothing.
const (
	usualSpacingM  = 250
	usualSites     = 3
	mostSitesAsked = 30
	hundredths     = 100
	mostCorners    = 500 // of an outline
)

func money(v float64) int64 { return int64(math.Round(v * hundredths)) }

func (in *sitingInput) asked() (SitingAsked, error) {
	b := in.Body
	a := SitingAsked{
		Band: b.Band, Aim: b.Aim, Sites: b.Sites, Share: b.Share, Price: money(b.Price), Budget: money(b.Budget),
		Within: b.Candidates.Within, ApartM: b.Candidates.ApartM, Required: b.Required, Replaced: b.Replaced,
	}
	if a.Sites == 0 {
		a.Sites = usualSites
		if a.Budget > 0 {
			a.Sites = mostSitesAsked
		}
	}
	if p := b.Prefer; p != nil {
		a.PreferBand, a.PreferTimes = p.Band, p.Times
	}
	if c := b.Capacity; c != nil {
		a.Capacity = SitingCapacity{c.New, c.UseRate, c.Unknown}
	}
	if r := b.Candidates.Rooms; r != nil {
		a.Rooms = &SitingRooms{r.Use, r.MinArea, r.Floor, r.Free}
	}
	switch {
	case b.Candidates.SpacingM != nil:
		a.SpacingM = *b.Candidates.SpacingM
	case len(b.Candidates.Points) == 0 && a.Rooms == nil:
		a.SpacingM = usualSpacingM
	}
	return a, b.Candidates.places(&a)
}

// places reads the points and outlines.
func (r sitingRules) places(a *SitingAsked) error {
	had := map[string]bool{}
	for i, p := range r.Points {
		if had[p.ID] {
			return &SitingFault{
				Code: "same_id", Pointer: fmt.Sprintf("#/candidates/points/%d/id", i),
				Reason: coverage.Text{ZH: "前面已有同一标识的地点", EN: "An earlier place has the same id"},
			}
		}
		had[p.ID] = true
		a.Points = append(a.Points, SitingPoint{ID: p.ID, Name: p.Name, At: orb.Point{p.Lon, p.Lat}, Price: money(p.Price), Capacity: p.Capacity})
	}
	for _, kind := range []struct {
		name  string
		lines [][][2]float64
		into  *[]orb.Polygon
	}{{"areas", r.Areas, &a.Areas}, {"excluded", r.Excluded, &a.Excluded}} {
		for i, line := range kind.lines {
			area, err := outlineOf(line, fmt.Sprintf("#/candidates/%s/%d", kind.name, i))
			if err != nil {
				return err
			}
			*kind.into = append(*kind.into, area)
		}
	}
	return nil
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
	if len(ring) > mostCorners {
		return nil, &SitingFault{Code: "bad_outline", Pointer: pointer, Reason: coverage.Text{ZH: "轮廓最多 500 个点", EN: "An outline has at most 500 points"}}
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
