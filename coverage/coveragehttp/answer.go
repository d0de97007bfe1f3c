package coveragehttp

import (
	"encoding/json"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/geo/divisions"
)

type bandCoverage struct {
	Band       string   `json:"band" doc:"Age band" example:"70+"`
	Population Persons  `json:"population" doc:"covered + uncovered + unsnapped, exactly"`
	Covered    Persons  `json:"covered" doc:"People who walk to an open facility within the limit"`
	One        *Persons `json:"covered_by_one" nullable:"true" doc:"Of the covered, those whom exactly one facility covers. one + several = covered, exactly; null where the limit is more than 3600 m of way, which is not counted"`
	Several    *Persons `json:"covered_by_several" nullable:"true" doc:"Of the covered, those whom two or more facilities cover; null likewise"`
	Uncovered  Persons  `json:"uncovered" doc:"People on the network, beyond the limit"`
	Unsnapped  Persons  `json:"unsnapped" doc:"People too far from any path: neither covered nor uncovered"`
	Coverage   *float64 `json:"population_coverage" nullable:"true" doc:"covered / population (覆盖率·人口); null where nobody lives"`
}

type divisionCoverage struct {
	Code         string         `json:"code" doc:"Division code; empty for the people outside all divisions"`
	Level        string         `json:"level" doc:"Level of the division, or outside" enum:"province,city,district,subdistrict,community,grid,outside"`
	Parent       string         `json:"parent" doc:"Code of the division above; empty at the top"`
	NameZH       string         `json:"name_zh"`
	NameEN       string         `json:"name_en"`
	Complete     bool           `json:"complete" doc:"false when the boundary was cut by the edge of the data: the figures are of the part inside"`
	Setting      string         `json:"setting" doc:"urban, rural, or empty when unknown"`
	Bands        []bandCoverage `json:"bands" nullable:"false" doc:"In the order of the pack's bands"`
	Units        int            `json:"units" doc:"Communities at or below"`
	UnitsWith    int            `json:"units_with" doc:"Communities that have an open facility of the type or are assigned to one"`
	UnitCoverage *float64       `json:"unit_coverage" nullable:"true" doc:"units_with / units (覆盖率·单位); null where no communities are known"`
}

type facilityReach struct {
	ID       string         `json:"id"`
	NameZH   string         `json:"name_zh"`
	NameEN   string         `json:"name_en"`
	Lon      float64        `json:"lon"`
	Lat      float64        `json:"lat"`
	Snapped  bool           `json:"snapped" doc:"false when no path is near enough: the facility serves nobody here"`
	Example  bool           `json:"example" doc:"Placed by rule, not a real place"`
	Reached  []Persons      `json:"reached" nullable:"false" doc:"People by band within the limit of this facility alone; people near several count for each"`
	Only     []Persons      `json:"only" nullable:"true" doc:"Of these, by band, those whom no other facility covers; over all facilities they add up to covered_by_one. Null where overlaps are not counted"`
	Shared   []Persons      `json:"shared" nullable:"true" doc:"Of these, those whom others cover too; null likewise"`
	Nearest  []Persons      `json:"nearest" nullable:"true" doc:"Those whose nearest facility this is; over all facilities they add up to covered. Null likewise; of types judged by division the first of equals"`
	CircleM2 float64        `json:"circle_area_m2" doc:"Area of the service circle as drawn, square metres"`
	Drawing  *circleDrawing `json:"drawing" doc:"How far the circle as drawn is from the walking times that count; null for a facility off the network"`
}

// circleDrawing is a Disagreement, of the widest band.
type circleDrawing struct {
	_         struct{} `nullable:"true"`
	Late      *float64 `json:"inside_late" nullable:"true" doc:"Share of the people of the widest band inside the circle who are not within the limit; null where nobody is inside"`
	Missed    *float64 `json:"outside_in_time" nullable:"true" doc:"Share of the people of the widest band within the limit who are outside the circle; null where nobody is within"`
	WorstLate float64  `json:"worst_late_s" doc:"By how many seconds the latest of those inside misses the limit; at most the limit, which stands for as late as that or later, or for no way at all"`
}

func drawingOf(c coverage.Circle, bands []coverage.Band) *circleDrawing {
	widest := coverage.Widest(bands)
	if c.Area == nil || widest < 0 {
		return nil
	}
	return &circleDrawing{
		Late: known(c.Drawing.Late(widest)), Missed: known(c.Drawing.Missed(widest)), WorstLate: float64(c.Drawing.WorstLate) / 1000,
	}
}

type gapFacts struct {
	ID       string     `json:"id" doc:"Follows from the points of the gap"`
	People   []Persons  `json:"people" nullable:"false" doc:"Uncovered people by band; over all gaps they add up to the uncovered exactly"`
	Points   int        `json:"points" doc:"Population points in the gap"`
	AreaM2   float64    `json:"area_m2"`
	Division string     `json:"division_code" doc:"The finest division with most of the people; empty outside all"`
	Lon      float64    `json:"lon" doc:"The gap's population point nearest to the middle of its people"`
	Lat      float64    `json:"lat"`
	BBox     [4]float64 `json:"bbox" nullable:"false" doc:"West, south, east, north of the gap as drawn"`
	Place    *gapPlace  `json:"place" doc:"Where it is in names, and why it is a gap"`
}

// note is a Text that may be null.
type note struct {
	_  struct{} `nullable:"true"`
	ZH string   `json:"zh"`
	EN string   `json:"en"`
}

type coverageAnswer struct {
	Query      coverageQuestion   `json:"query"`
	Version    string             `json:"version" doc:"Version of the data"`
	Measure    string             `json:"measure" doc:"How this type is judged: walk (minutes on foot), presence (one per division) or drive" enum:"walk,presence,drive"`
	Judged     string             `json:"judged_by" enum:"walk,division" doc:"walk: people are covered who walk to a facility in time; division: people are covered whose division of judged_level has a facility or is assigned to one, and there are no times and no circles"`
	Level      string             `json:"judged_level" doc:"Level of these divisions; empty where walks count, or where the data have no divisions"`
	Note       *note              `json:"note" doc:"What to keep in mind with this type"`
	Remarks    []Text             `json:"remarks" nullable:"false" doc:"What of the question had no bearing on the answer, and what was left out"`
	Untiered   int                `json:"untiered" doc:"Open facilities of the type that are not counted, since a tier is asked for and theirs is not registered"`
	Bands      []bandCoverage     `json:"bands" nullable:"false" doc:"Totals, in the order of the pack's bands"`
	Units      int                `json:"units" doc:"All communities"`
	UnitsWith  int                `json:"units_with"`
	UnitShare  *float64           `json:"unit_coverage" nullable:"true"`
	Divisions  []divisionCoverage `json:"divisions" nullable:"false" doc:"Every division of every level that exists, and a row for people outside all when there are any"`
	Facilities []facilityReach    `json:"facilities" nullable:"false" doc:"The open facilities of the type"`
	Gaps       []gapFacts         `json:"gaps" nullable:"false" doc:"The most people of the widest band first"`
	Absent     []Text             `json:"absent_levels" nullable:"false" doc:"Which levels the data do not have, and what is missing for it"`
}

func answerOf(a *Answer) coverageAnswer {
	r := a.Report
	units := r.Summary.AllUnits
	return coverageAnswer{
		Query:      questionOf(a.Query),
		Version:    a.Version,
		Measure:    a.Measure,
		Judged:     judgedBy(a),
		Level:      string(a.Level),
		Note:       noteOf(a.Note),
		Remarks:    textsOf(a.Remarks),
		Untiered:   a.Untiered,
		Bands:      countsOf(r.Demand.Bands, r.Summary.Total, overlapRow(r, func(o *coverage.Overlaps) []coverage.Overlap { return o.Total })),
		Units:      units.Total,
		UnitsWith:  units.With,
		UnitShare:  known(units.UnitCoverage()),
		Divisions:  divisionsOf(r),
		Facilities: sitesOf(a),
		Gaps:       gapsOf(a),
		Absent:     textsOf(a.Absent),
	}
}

func judgedBy(a *Answer) string {
	if a.Report.Result.Params.Mode == coverage.ByDivision {
		return "division"
	}
	return "walk"
}

func noteOf(t *coverage.Text) *note {
	if t == nil {
		return nil
	}
	return &note{ZH: t.ZH, EN: t.EN}
}

func textsOf(ts []coverage.Text) []Text {
	out := make([]Text, len(ts))
	for i, t := range ts {
		out[i] = Text{ZH: t.ZH, EN: t.EN}
	}
	return out
}

// known turns a value that may be undefined into one that may be null.
func known(v float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &v
}

// overlapRow is a row of the overlaps, nil where they were not counted.
func overlapRow(r *coverage.Report, row func(*coverage.Overlaps) []coverage.Overlap) []coverage.Overlap {
	if r.Overlaps == nil {
		return nil
	}
	return row(r.Overlaps)
}

// countsOf joins counts with their overlaps, which may be nil.
func countsOf(bands []coverage.Band, counts []coverage.Count, overlaps []coverage.Overlap) []bandCoverage {
	out := make([]bandCoverage, len(counts))
	for i, c := range counts {
		out[i] = bandCoverage{
			Band:       bands[i].ID,
			Population: Persons(c.Population),
			Covered:    Persons(c.Covered),
			Uncovered:  Persons(c.Uncovered),
			Unsnapped:  Persons(c.Unsnapped),
			Coverage:   known(c.PopulationCoverage()),
		}
		if overlaps != nil {
			one, several := Persons(overlaps[i].One), Persons(overlaps[i].Several)
			out[i].One, out[i].Several = &one, &several
		}
	}
	return out
}

func divisionsOf(r *coverage.Report) []divisionCoverage {
	out := make([]divisionCoverage, 0, len(r.Divisions)+1)
	for i, d := range r.Divisions {
		u := r.Summary.Units[i]
		out = append(out, divisionCoverage{
			Code: d.Code, Level: string(d.Level), Parent: d.ParentCode,
			NameZH: d.NameZH, NameEN: nameEN(d), Complete: d.Complete, Setting: string(d.Setting),
			Bands: countsOf(r.Demand.Bands, r.Summary.Divisions[i], overlapRow(r, func(o *coverage.Overlaps) []coverage.Overlap { return o.Divisions[i] })),
			Units: u.Total, UnitsWith: u.With, UnitCoverage: known(u.UnitCoverage()),
		})
	}
	if r.Summary.Beyond > 0 {
		out = append(out, divisionCoverage{
			Level: "outside", NameZH: "不在任何辖区内", NameEN: "Outside all divisions", Complete: true,
			Bands: countsOf(r.Demand.Bands, r.Summary.Outside, overlapRow(r, func(o *coverage.Overlaps) []coverage.Overlap { return o.Outside })),
		})
	}
	return out
}

// nameEN is the English name, or the romanised one where there is none.
func nameEN(d divisions.Division) string {
	if d.NameEN != "" {
		return d.NameEN
	}
	return d.Pinyin
}

func sitesOf(a *Answer) []facilityReach {
	out := make([]facilityReach, len(a.Facilities))
	for i, f := range a.Facilities {
		c := a.Report.Circles[i]
		out[i] = facilityReach{
			ID: f.ID, NameZH: f.NameZH, NameEN: f.NameEN,
			Lon: f.Point.Lon(), Lat: f.Point.Lat(),
			Snapped: a.Report.Sites[i].Snap.OK(), Example: f.Example,
			Only:    served(a, i, func(s coverage.Served) coverage.People { return s.Only }),
			Shared:  served(a, i, func(s coverage.Served) coverage.People { return s.Shared }),
			Nearest: served(a, i, func(s coverage.Served) coverage.People { return s.Nearest }),
			Reached: persons(c.Reached), CircleM2: wholeMetres(c.AreaM2), Drawing: drawingOf(c, a.Report.Demand.Bands),
		}
	}
	return out
}

// served is a figure of a facility by band, nil where walks were not counted.
func served(a *Answer, site int, of func(coverage.Served) coverage.People) []Persons {
	if a.Report.Served == nil {
		return nil
	}
	out := make([]Persons, len(a.Report.Served[site]))
	for k, s := range a.Report.Served[site] {
		out[k] = Persons(of(s))
	}
	return out
}

// wholeMetres drops digits that mean nothing at the accuracy of a drawing.
func wholeMetres(m2 float64) float64 { return float64(int64(m2 + 0.5)) }

func gapsOf(a *Answer) []gapFacts {
	r := a.Report
	out := make([]gapFacts, len(r.Gaps))
	for i, g := range r.Gaps {
		code := ""
		if g.Division >= 0 {
			code = r.Divisions[g.Division].Code
		}
		out[i] = gapFacts{
			ID: g.ID, People: persons(g.People), Points: len(g.Points), AreaM2: wholeMetres(g.AreaM2),
			Division: code, Lon: g.Centre.Lon(), Lat: g.Centre.Lat(), BBox: bbox(g.Area.Bound()),
		}
		if i < len(a.Places) {
			out[i].Place = a.placeOf(a.Places[i])
		}
	}
	return out
}

func bbox(b orb.Bound) [4]float64 {
	return [4]float64{b.Min.Lon(), b.Min.Lat(), b.Max.Lon(), b.Max.Lat()}
}

// MarshalJSON writes the answer in the shape of the API, for whoever gives it out by
// another way.
func (a *Answer) MarshalJSON() ([]byte, error) { return json.Marshal(answerOf(a)) }
