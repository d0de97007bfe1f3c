package scenariohttp

import (
	"context"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/scenarios"
	"yike/facilities"
	"yike/geo/divisions"
)

// MostCompared is how many scenarios are set side by side.
const MostCompared = 8

// Option is one scenario of several.
type Option struct {
	Item    scenarios.Item
	At      int        // its place among the Comparison's options; -1 where it cannot be answered
	Fault   *StepFault // why not; else nil
	Reasked bool       // it is asked another question than its own
	// Facilities are those of the option's Delta.Sites, in step; of an added one only id and place.
	Facilities []facilities.Facility
	Circles    map[int32]orb.MultiPolygon // of added and moved sites
}

// Outline is the boundary of a division, simplified for a drawing of a few hundred pixels.
type Outline struct {
	Division int // index into the divisions
	Area     orb.MultiPolygon
}

type compareInput struct {
	Body struct {
		IDs        []string `json:"ids" nullable:"false" minItems:"1" maxItems:"8" uniqueItems:"true" doc:"Of the scenarios, in the order to show them in"`
		QuestionOf string   `json:"question_of,omitempty" maxLength:"64" doc:"Id of the one whose question all are asked, where theirs differ"`
		Level      string   `json:"level,omitempty" default:"community" enum:"province,city,district,subdistrict,community,grid" doc:"Of the divisions to tell of"`
		Band       string   `json:"band,omitempty" maxLength:"32" doc:"Age band to tell of; the widest by default"`
	}
}

type compareReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         ScenarioComparison
}

func (h handlers) compare(ctx context.Context, in *compareInput) (*compareReply, error) {
	c, err := h.shelf.Compare(ctx, Asked{
		IDs: in.Body.IDs, QuestionOf: in.Body.QuestionOf, Level: divisions.Level(in.Body.Level), Band: in.Body.Band,
	})
	if err != nil {
		return nil, problem(err)
	}
	return &compareReply{CacheControl: "no-store", Body: comparisonOf(c)}, nil
}

// ScenarioComparison are scenarios side by side, for one band.
type ScenarioComparison struct {
	Version    string                   `json:"version" doc:"Of the data"`
	Question   map[string]string        `json:"question" doc:"That all were asked"`
	Note       *ScenarioText            `json:"note,omitempty" doc:"What to keep in mind with the type"`
	Band       string                   `json:"band"`
	Level      string                   `json:"level"`
	Population people                   `json:"population"`
	Covered    people                   `json:"covered_before" doc:"Without any of them"`
	Units      ScenarioUnits            `json:"units"`
	Options    []ScenarioOption         `json:"options" nullable:"false"`
	Divisions  []ScenarioDivision       `json:"divisions" nullable:"false" doc:"Those of the level in which any of them changes something"`
	Rest       []*ScenarioDivisionIn    `json:"rest" nullable:"false" doc:"By option: people in no division of the level; with the rows they add up to the totals"`
	Facilities []ScenarioFacility       `json:"facilities" nullable:"false" doc:"Those that any of them adds, moves or closes, or for which something changes"`
	Gained     ScenarioShares           `json:"gained"`
	Lost       ScenarioShares           `json:"lost"`
	Map        ScenarioComparisonSketch `json:"map"`
}

// ScenarioUnits are communities that have a facility of the type.
type ScenarioUnits struct {
	Total  int `json:"total"`
	Before int `json:"before"`
}

// ScenarioShares splits the people whom any option gains, or loses, by how many do.
type ScenarioShares struct {
	Any people   `json:"any" doc:"By at least one"`
	All people   `json:"all" doc:"By every one"`
	By  []people `json:"by" nullable:"false" doc:"By exactly 1, 2, 3 … of them; together they are any"`
}

// ScenarioOption is one of several scenarios.
type ScenarioOption struct {
	Scenario ScenarioRecord       `json:"scenario"`
	Reasked  bool                 `json:"reasked" doc:"Asked another question than its own"`
	Fault    *ScenarioFault       `json:"fault,omitempty" doc:"Why it cannot be answered today"`
	Remark   *ScenarioText        `json:"remark,omitempty" doc:"What it comes to is otherwise than when it was saved"`
	Result   *ScenarioOptionFacts `json:"result,omitempty" doc:"left out where it cannot be answered"`
}

// ScenarioOptionFacts is what an option comes to for the band.
type ScenarioOptionFacts struct {
	Gained      people             `json:"gained"`
	Lost        people             `json:"lost"`
	Net         people             `json:"net"`
	Nearer      people             `json:"nearer"`
	Farther     people             `json:"farther"`
	Covered     people             `json:"covered_after"`
	Coverage    *float64           `json:"population_coverage_after" nullable:"true"`
	UnitsAfter  int                `json:"units_after" doc:"Communities that have a facility of the type"`
	OnlyGained  people             `json:"only_gained" doc:"By this option and by no other"`
	OnlyLost    people             `json:"only_lost"`
	PerPerson   *ScenarioPerPerson `json:"per_person,omitempty" doc:"Cost over net; left out where either is not known or nobody is gained"`
	DominatedBy *ScenarioDominated `json:"dominated_by,omitempty" doc:"Another one that is no worse in anything and better in something"`
	Figures     []ScenarioFigure   `json:"figures" nullable:"false" doc:"Of every band"`
}

// ScenarioPerPerson is what each person newly covered costs.
type ScenarioPerPerson struct {
	OneOffFen  int64 `json:"one_off_fen"`
	PerYearFen int64 `json:"per_year_fen"`
}

// ScenarioDominated names the option that makes another one pointless.
type ScenarioDominated struct {
	ID      string       `json:"id"`
	Because ScenarioText `json:"because"`
}

// ScenarioDivision is a division in every option.
type ScenarioDivision struct {
	Code       string                `json:"code"`
	Level      string                `json:"level"`
	Parent     string                `json:"parent"`
	NameZH     string                `json:"name_zh"`
	NameEN     string                `json:"name_en"`
	Population people                `json:"population"`
	Covered    people                `json:"covered_before"`
	Options    []*ScenarioDivisionIn `json:"options" nullable:"false" doc:"In the order of options; null where it cannot be answered"`
}

// ScenarioDivisionIn is a division in one option.
type ScenarioDivisionIn struct {
	_ struct{} `nullable:"true"`

	Gained  people `json:"gained"`
	Lost    people `json:"lost"`
	Net     people `json:"net"`
	Nearer  people `json:"nearer"`
	Farther people `json:"farther"`
	Only    people `json:"only" doc:"Gained by this option and by no other"`
}

// ScenarioFacility is a facility in every option.
type ScenarioFacility struct {
	ID      string                `json:"id"`
	NameZH  string                `json:"name_zh" doc:"Empty for one that options add without a name"`
	NameEN  string                `json:"name_en"`
	Lon     float64               `json:"lon"`
	Lat     float64               `json:"lat"`
	Added   bool                  `json:"added" doc:"Not open today"`
	Options []*ScenarioFacilityIn `json:"options" nullable:"false" doc:"In the order of options; null where the option does not have it or cannot be answered"`
}

// ScenarioFacilityIn is a facility in one option.
type ScenarioFacilityIn struct {
	_ struct{} `nullable:"true"`

	Open    bool   `json:"open"`
	Moved   bool   `json:"moved"`
	Gained  people `json:"gained" doc:"Of the people gained, those whose nearest this is; over all facilities they add up to the option's"`
	Lost    people `json:"lost" doc:"Of the people lost, those whose nearest this was"`
	Before  people `json:"within_before" doc:"People within the limit of it"`
	After   people `json:"within_after"`
	Nearest people `json:"nearest_after" doc:"People whose nearest it is"`
}

// ScenarioComparisonSketch is what small drawings side by side need, in longitude and latitude.
type ScenarioComparisonSketch struct {
	Outlines []ScenarioOutline `json:"outlines" nullable:"false" doc:"Boundaries, simplified"`
	Sites    [][2]float64      `json:"sites" nullable:"false" doc:"Open facilities of the type"`
	Cells    []ScenarioCell    `json:"cells" nullable:"false" doc:"Squares in which people are gained or lost, too wide to point at a building"`
	Options  []ScenarioSketch  `json:"options" nullable:"false" doc:"In the order of options"`
}

// ScenarioOutline is the boundary of a division.
type ScenarioOutline struct {
	Code  string         `json:"code"`
	Rings [][][2]float64 `json:"rings" nullable:"false"`
}

// ScenarioCell is a square in every option.
type ScenarioCell struct {
	Min     [2]float64        `json:"min" nullable:"false"`
	Max     [2]float64        `json:"max" nullable:"false"`
	Options []*ScenarioCellIn `json:"options" nullable:"false" doc:"null where nothing changes in it"`
}

// ScenarioCellIn is a square in one option.
type ScenarioCellIn struct {
	_ struct{} `nullable:"true"`

	Gained people `json:"gained"`
	Lost   people `json:"lost"`
	Only   people `json:"only"`
}

// ScenarioSketch is what one option draws.
type ScenarioSketch struct {
	Circles [][][2]float64 `json:"circles" nullable:"false" doc:"Rings of the reach of added and moved facilities, by the even-odd rule"`
	Pins    []ScenarioPin  `json:"pins" nullable:"false"`
}

// ScenarioPin is a facility that an option changes.
type ScenarioPin struct {
	ID  string  `json:"id"`
	Do  string  `json:"do" enum:"add,move,close"`
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

func known(share float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &share
}

func divisionIn(c coverage.Change, only coverage.People) *ScenarioDivisionIn {
	return &ScenarioDivisionIn{
		Gained: people(c.Gained), Lost: people(c.Lost), Net: people(c.Count.Covered), Nearer: people(c.Nearer), Farther: people(c.Farther), Only: people(only),
	}
}
