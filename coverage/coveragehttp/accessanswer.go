package coveragehttp

import (
	"fmt"

	"yike/coverage/access"
)

type accessUnit struct {
	Unit string `json:"unit" doc:"Code word of the type's capacity unit" example:"meals_per_day"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type accessUnder struct {
	Places float64  `json:"places" doc:"Per 1,000 people"`
	People Persons  `json:"people" doc:"Those who have less; who has as much has enough"`
	Share  *float64 `json:"share" nullable:"true"`
}

// AccessSpread is how places fall among the people of one division, in the API; places are
// per 1,000 people.
type AccessSpread struct {
	People  Persons       `json:"people"`
	Mean    *float64      `json:"mean" nullable:"true" doc:"Places per 1,000 people, each person weighing alike; null where nobody lives"`
	P10     *float64      `json:"p10" nullable:"true" doc:"A tenth of the people have no more places per 1,000 than this"`
	P25     *float64      `json:"p25" nullable:"true"`
	P50     *float64      `json:"p50" nullable:"true"`
	P75     *float64      `json:"p75" nullable:"true"`
	P90     *float64      `json:"p90" nullable:"true"`
	Without Persons       `json:"without" doc:"People who reach no place at all"`
	Half    Persons       `json:"below_half" doc:"People who have less than half of the mean of all people asked about"`
	Share   *float64      `json:"below_half_share" nullable:"true"`
	Gini    *float64      `json:"gini" nullable:"true" doc:"0 where each has as much, towards 1 where few have all; null where nobody has anything"`
	Under   []accessUnder `json:"under" nullable:"false" doc:"Per threshold asked for"`
}

type accessCapacities struct {
	Open      int `json:"open" doc:"Open facilities of the type: recorded + stated + planned + unknown"`
	Recorded  int `json:"recorded" doc:"Their capacity is in the registry"`
	Stated    int `json:"stated" doc:"Nobody recorded it; capacity_for_unknown stands for it"`
	Planned   int `json:"planned" doc:"The plan states it"`
	Unknown   int `json:"unknown" doc:"Nobody recorded it: they are left out"`
	Zero      int `json:"zero" doc:"Of those that count, with a capacity of 0"`
	Unreached int `json:"unreached" doc:"Of those that count, reached by nobody"`
}

// AccessTotals is one state of things for all people, in the API.
type AccessTotals struct {
	AccessSpread
	Unsnapped  Persons          `json:"unsnapped" doc:"Of the people, those too far from any path: they reach nothing"`
	Supply     float64          `json:"supply" doc:"Capacity of all facilities that count"`
	Reached    float64          `json:"supply_reached" doc:"Of those that somebody reaches"`
	Handed     float64          `json:"handed_out" doc:"People × places per person, over all people: equal to supply_reached, up to the rounding of floating point"`
	Load       *float64         `json:"people_per_place" nullable:"true" doc:"People that facilities are shared out among, over their capacity: the mean load"`
	Capacities accessCapacities `json:"capacities"`
	Lorenz     []float64        `json:"lorenz" nullable:"true" doc:"Share of all places that the least served 0, 5, 10 … 100 % of the people have together; null where nobody has any"`
}

type accessPlannedTotals struct {
	_ struct{} `nullable:"true"`
	AccessTotals
}

type accessPlannedSpread struct {
	_ struct{} `nullable:"true"`
	AccessSpread
}

type accessChange struct {
	_    struct{} `nullable:"true"`
	Mean *float64 `json:"mean" nullable:"true" doc:"After minus before, places per 1,000 people"`
	More Persons  `json:"more" doc:"People who have more than before"`
	Less Persons  `json:"less" doc:"People who have less than before"`
}

type accessGeometry struct {
	_           struct{} `nullable:"true"`
	Type        string   `json:"type" enum:"MultiPolygon"`
	Coordinates outlines `json:"coordinates" nullable:"false"`
}

type accessDivision struct {
	Code     string               `json:"code"`
	Level    string               `json:"level"`
	Parent   string               `json:"parent"`
	NameZH   string               `json:"name_zh"`
	NameEN   string               `json:"name_en"`
	Before   AccessSpread         `json:"before"`
	After    *accessPlannedSpread `json:"after"`
	Change   *accessChange        `json:"change"`
	Geometry *accessGeometry      `json:"geometry" doc:"GeoJSON, where boundaries are asked for and known"`
}

// accessShare is what a facility is to the people around it.
type accessShare struct {
	_        struct{} `nullable:"true"`
	Capacity *float64 `json:"capacity" nullable:"true" doc:"null where nobody recorded it"`
	Source   string   `json:"capacity_source" enum:"recorded,stated,planned,unknown"`
	Counts   bool     `json:"counts" doc:"Whether it is part of the supply"`
	Within   Persons  `json:"within" doc:"People of the band within the limit, whatever they weigh"`
	Demand   float64  `json:"demand" doc:"People that it is shared out among, nearer ones weighing more; 0 where nobody reaches it"`
	Ratio    *float64 `json:"ratio" nullable:"true" doc:"Capacity per 1,000 of those; null where nobody reaches it"`
	PerPlace *float64 `json:"people_per_place" nullable:"true" doc:"Demand over capacity; null where it has no capacity"`
	Load     *float64 `json:"load" nullable:"true" doc:"People per place, over those of all facilities: 1 is the mean, 2 twice as crowded"`
}

type accessFacility struct {
	ID      string       `json:"id"`
	NameZH  string       `json:"name_zh" doc:"Empty for one that the plan adds"`
	NameEN  string       `json:"name_en"`
	Lon     float64      `json:"lon" doc:"In the plan"`
	Lat     float64      `json:"lat"`
	Added   bool         `json:"added"`
	Moved   bool         `json:"moved"`
	Example bool         `json:"example" doc:"Placed by rule, not a real place"`
	Snapped bool         `json:"snapped" doc:"false when no path is near enough: nobody reaches it"`
	Before  *accessShare `json:"before" doc:"null for one that is not open today"`
	After   *accessShare `json:"after" doc:"null without a plan, and for one that the plan closes"`
}

type accessAnswer struct {
	Query      coverageQuestion     `json:"query"`
	Version    string               `json:"version" doc:"Version of the data"`
	Band       string               `json:"band"`
	Method     string               `json:"method"`
	Unit       accessUnit           `json:"unit"`
	Unknown    float64              `json:"capacity_for_unknown" doc:"0 where facilities of unknown capacity are left out"`
	Untiered   int                  `json:"untiered" doc:"Open facilities of the type that are not counted, since a tier is asked for and theirs is not registered"`
	Law        Text                 `json:"law" doc:"What the figures add up to"`
	Before     AccessTotals         `json:"before"`
	After      *accessPlannedTotals `json:"after" doc:"null without a plan"`
	Change     *accessChange        `json:"change" doc:"null without a plan"`
	Divisions  []accessDivision     `json:"divisions" nullable:"false" doc:"Every division, of every level; people outside all are in the totals only"`
	Facilities []accessFacility     `json:"facilities" nullable:"false" doc:"Those that are open, today or in the plan"`
}

func accessOf(a *Access, boundaries bool) accessAnswer {
	out := accessAnswer{
		Query: questionOf(a.Query), Version: a.Version, Band: a.Band, Method: a.Asked.Method, Unknown: a.Asked.Unknown, Untiered: a.Untiered,
		Unit:   accessUnit{a.Type.CapacityUnit, a.Type.CapacityZH, a.Type.CapacityEN},
		Before: a.totals(&a.Before), Divisions: a.divisions(boundaries), Facilities: a.facilities(),
	}
	told := &a.Before
	if a.After != nil {
		told = a.After
		out.After = &accessPlannedTotals{AccessTotals: a.totals(a.After)}
		out.Change = a.change(a.Before.All, a.After.All, len(a.Divisions))
	}
	out.Law = Text{
		ZH: fmt.Sprintf("各处人数 × 人均可得之和，等于有人够得到的设施的供给：%.6g = %.6g", told.Handed, told.Reached),
		EN: fmt.Sprintf("People times what each can get, added up, is the capacity of the facilities that somebody reaches: %.6g = %.6g", told.Handed, told.Reached),
	}
	return out
}

func ratio(part, whole float64) *float64 { return known(part/whole, whole > 0) }

func perThousand(v float64, ok bool) *float64 { return known(v*thousand, ok) }

func (a *Access) spread(s access.Spread, percentiles []float64) AccessSpread {
	lived := s.People > 0
	out := AccessSpread{
		People: Persons(s.People), Mean: perThousand(s.Mean, lived), Without: Persons(s.Without), Half: Persons(s.Half),
		Share: ratio(float64(s.Half), float64(s.People)), Gini: known(s.Gini, s.Mean > 0), Under: []accessUnder{},
	}
	for at, t := range a.Asked.Under {
		out.Under = append(out.Under, accessUnder{t * thousand, Persons(s.Under[at]), ratio(float64(s.Under[at]), float64(s.People))})
	}
	if len(s.At) == 0 {
		return out
	}
	into := map[float64]**float64{0.1: &out.P10, 0.25: &out.P25, 0.5: &out.P50, 0.75: &out.P75, 0.9: &out.P90}
	for at, p := range percentiles {
		if field := into[p]; field != nil {
			*field = perThousand(s.At[at], true)
		}
	}
	return out
}

func (a *Access) totals(f *AccessFigures) AccessTotals {
	return AccessTotals{
		AccessSpread: a.spread(f.All, f.Percentiles), Unsnapped: Persons(a.Unsnapped),
		Supply: f.Supply, Reached: f.Reached, Handed: f.Handed, Load: ratio(f.Demand, f.Reached),
		Capacities: accessCapacities(f.Capacity), Lorenz: f.All.Lorenz,
	}
}

func (a *Access) change(before, after access.Spread, at int) *accessChange {
	return &accessChange{
		Mean: perThousand(after.Mean-before.Mean, before.People > 0),
		More: Persons(a.Rise[at]), Less: Persons(a.Fall[at]),
	}
}

func (a *Access) divisions(boundaries bool) []accessDivision {
	out := make([]accessDivision, len(a.Divisions))
	for i, d := range a.Divisions {
		out[i] = accessDivision{
			Code: d.Code, Level: string(d.Level), Parent: d.ParentCode, NameZH: d.NameZH, NameEN: nameEN(d),
			Before: a.spread(a.Before.Divisions[i], a.Before.Percentiles),
		}
		if a.After != nil {
			out[i].After = &accessPlannedSpread{AccessSpread: a.spread(a.After.Divisions[i], a.After.Percentiles)}
			out[i].Change = a.change(a.Before.Divisions[i], a.After.Divisions[i], i)
		}
		if boundaries && len(d.Boundary) > 0 {
			area := geometryOf(d.Boundary)
			out[i].Geometry = &accessGeometry{Type: area.Type, Coordinates: area.Coordinates}
		}
	}
	return out
}

func (a *Access) facilities() []accessFacility {
	was := a.Delta.Baseline.Sites
	out := []accessFacility{}
	for i, s := range a.Delta.Sites {
		f := a.Facilities[i]
		row := accessFacility{
			ID: s.ID, NameZH: f.NameZH, NameEN: f.NameEN, Lon: s.Point.Lon(), Lat: s.Point.Lat(),
			Added: i >= len(was), Example: f.Example, Snapped: s.Snap.OK(),
		}
		if i < len(was) {
			row.Moved, row.Before = s.Point != was[i].Point, a.Before.share(i)
			row.Snapped = row.Snapped || !a.Delta.Open[i] && was[i].Snap.OK()
		}
		if a.After != nil {
			row.After = a.After.share(i)
		}
		if row.Before != nil || row.After != nil {
			out = append(out, row)
		}
	}
	return out
}

// share tells of one facility; nil of one that is not open.
func (f *AccessFigures) share(i int) *accessShare {
	s := f.Sites[i]
	if !s.Open {
		return nil
	}
	out := &accessShare{
		Source: s.Source, Counts: s.Counts, Within: Persons(s.Within), Demand: s.Demand,
		Capacity: known(s.Capacity, s.Counts), Ratio: perThousand(s.Ratio, s.Demand > 0),
	}
	if s.Counts {
		out.PerPlace = ratio(s.Demand, s.Capacity)
		if mean := f.Demand / f.Reached; f.Demand > 0 && f.Reached > 0 && s.Capacity > 0 {
			out.Load = ratio(*out.PerPlace, mean)
		}
	}
	return out
}
