package coveragehttp

import (
	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// explainedFacility is a facility by name.
type explainedFacility struct {
	_      struct{} `nullable:"true"`
	ID     string   `json:"id"`
	NameZH string   `json:"name_zh" doc:"Empty for one that a plan adds"`
	NameEN string   `json:"name_en"`
}

// explainedReason is why somebody is not covered, or a walk not found.
type explainedReason struct {
	_    struct{} `nullable:"true"`
	Code string   `json:"code" enum:"no_path,no_site,too_far,none_near,island,no_site_here,no_unit_known,no_site_path,not_walked"`
	ZH   string   `json:"zh"`
	EN   string   `json:"en"`
}

// explainedBefore is how a point stands without the plan.
type explainedBefore struct {
	_       struct{}           `nullable:"true"`
	State   string             `json:"state" enum:"covered,uncovered,unsnapped"`
	Seconds *float64           `json:"seconds" nullable:"true" doc:"null beyond the limit"`
	WalkM   *float64           `json:"walk_m" nullable:"true"`
	Nearest *explainedFacility `json:"nearest"`
}

type explainedPoint struct {
	ID          string             `json:"id"`
	Lon         float64            `json:"lon"`
	Lat         float64            `json:"lat"`
	Division    string             `json:"division_code" doc:"The finest division that holds the point; empty outside all"`
	DivisionZH  string             `json:"division_zh"`
	DivisionEN  string             `json:"division_en"`
	People      Persons            `json:"people" doc:"Of the band"`
	State       string             `json:"state" enum:"covered,uncovered,unsnapped"`
	Seconds     *float64           `json:"seconds" nullable:"true" doc:"Walking time to the nearest facility, door to door, looked for up to twice the limit; null where there is none, and where a distance is asked for"`
	WalkM       *float64           `json:"walk_m" nullable:"true" doc:"The same in metres, where the time follows from the length alone"`
	Nearest     *explainedFacility `json:"nearest" doc:"That facility"`
	Sites       int                `json:"sites" doc:"Facilities within the limit"`
	Reason      *explainedReason   `json:"reason" doc:"Why it is not covered; null where it is"`
	AccessM     *float64           `json:"access_m" nullable:"true" doc:"Metres from the point to its path; null where there is none within the snap limit"`
	Street      string             `json:"street" doc:"Name of that path; empty where it has none"`
	StreetClass string             `json:"street_class"`
	StreetID    string             `json:"street_source" doc:"Id of the way in its source"`
	Before      *explainedBefore   `json:"before" doc:"Without the plan; null where no plan is asked about"`
}

type explainedCount struct {
	_          struct{} `nullable:"true"`
	Population Persons  `json:"population" doc:"covered + uncovered + unsnapped, exactly"`
	Covered    Persons  `json:"covered"`
	Uncovered  Persons  `json:"uncovered"`
	Unsnapped  Persons  `json:"unsnapped"`
	Coverage   *float64 `json:"population_coverage" nullable:"true"`
	One        Persons  `json:"one" doc:"Of the covered, those within the limit of one facility only"`
	Several    Persons  `json:"several" doc:"And of more than one"`
}

type explainedFigure struct {
	Query   coverageQuestion `json:"query"`
	Version string           `json:"version" doc:"Version of the data"`
	Figure  FigureQuestion   `json:"figure" doc:"As asked, with the band"`
	Again   string           `json:"asked_again" doc:"Address that asks the same again, with everything that is usual filled in; empty of a plan. The same address and version give the same bytes"`
	People  Persons          `json:"people" doc:"The figure: the sum over all its points, exactly"`
	Points  int              `json:"points" doc:"How many points there are in all"`
	Count   *explainedCount  `json:"count" doc:"All figures of the same people's division, or of everybody, that the formula is made of; null for a figure of one facility or gap"`
	Rows    []explainedPoint `json:"rows" nullable:"false" doc:"One page; the most people first"`
	Next    *string          `json:"next" nullable:"true" doc:"Cursor of the next page; null after the last"`
}

func explainedOf(e *FigureExplained, asked FigureQuestion, first int, plan bool) explainedFigure {
	bands := e.Delta.Baseline.Ground.Demand.Bands
	asked.Band = bands[e.Figure.Band].ID
	out := explainedFigure{
		Query: questionOf(e.Query), Version: e.Version, Figure: asked, People: Persons(e.Behind.People), Points: len(e.Behind.Points),
		Count: e.count(), Rows: []explainedPoint{}, Next: cursor(e.Version, first+len(e.Facts), len(e.Behind.Points)),
	}
	if !plan {
		out.Again = askedAgain(out.Query, asked)
	}
	names := explainNames{e.Query, e.Divisions, e.Facilities}
	for _, p := range e.Facts {
		row := names.point(p)
		if plan {
			row.Before = names.before(p.Before)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// count is what became of everybody in the figure's place.
func (e *FigureExplained) count() *explainedCount {
	f := e.Figure
	if f.Site >= 0 || f.Among != nil {
		return nil
	}
	was, counts, change := e.Delta.Baseline.Overlaps, []coverage.Count(nil), []coverage.Change(nil)
	var overlap coverage.Overlap
	switch f.Division {
	case coverage.Everywhere:
		counts, overlap, change = e.After.Total, was.Total[f.Band], e.Delta.Total
	case coverage.NoDivision:
		counts, overlap, change = e.After.Outside, was.Outside[f.Band], e.Delta.Outside
	default:
		counts, overlap = e.After.Divisions[f.Division], was.Divisions[f.Division][f.Band]
		for _, c := range e.Delta.Divisions {
			if c.Division == f.Division {
				change = c.Bands
			}
		}
	}
	if change != nil {
		overlap.One += change[f.Band].Overlap.One
		overlap.Several += change[f.Band].Overlap.Several
	}
	n := counts[f.Band]
	return &explainedCount{
		Population: Persons(n.Population), Covered: Persons(n.Covered), Uncovered: Persons(n.Uncovered), Unsnapped: Persons(n.Unsnapped),
		Coverage: known(n.PopulationCoverage()), One: Persons(overlap.One), Several: Persons(overlap.Several),
	}
}

// explainNames finds what is shown for the numbers of an answer.
type explainNames struct {
	query      Query
	divisions  []divisions.Division
	facilities []facilities.Facility
}

func (n explainNames) point(p coverage.PointFacts) explainedPoint {
	out := explainedPoint{
		ID: p.ID, Lon: p.At.Lon(), Lat: p.At.Lat(), People: Persons(p.People), State: p.State.String(), Sites: int(p.Sites),
		Nearest: n.facility(p.Nearest), Reason: reasonOf(p.Reason), Street: p.Street, StreetClass: p.StreetClass, StreetID: p.StreetSource,
	}
	out.Seconds, out.WalkM = walkOf(n.query, p.Time)
	if p.Division >= 0 {
		d := n.divisions[p.Division]
		out.Division, out.DivisionZH, out.DivisionEN = d.Code, d.NameZH, nameEN(d)
	}
	if p.Snap.OK() {
		m := float64(p.Snap.AccessMM) / 1000
		out.AccessM = &m
	}
	return out
}

func (n explainNames) before(s coverage.Standing) *explainedBefore {
	out := &explainedBefore{State: s.State.String(), Nearest: n.facility(s.Nearest)}
	out.Seconds, out.WalkM = walkOf(n.query, s.Time)
	return out
}

func (n explainNames) facility(site int32) *explainedFacility {
	if site < 0 {
		return nil
	}
	f := n.facilities[site]
	return &explainedFacility{ID: f.ID, NameZH: f.NameZH, NameEN: f.NameEN}
}

// walkOf is a walk as it is told for a question: where a distance is asked for there is no
// time, and where stairs and waits count the length does not follow from the time.
func walkOf(q Query, t walknet.Milliseconds) (seconds, metres *float64) {
	if t == walknet.Unreached {
		return nil, nil
	}
	s, m := float64(t)/1000, float64(int64(float64(t)*float64(q.Speed)/1e5+0.5))/10
	switch {
	case q.Metres > 0:
		return nil, &m
	case q.Profile != coverage.Anybody:
		return &s, nil
	}
	return &s, &m
}

type explainedUnit struct {
	Code     string              `json:"code"`
	NameZH   string              `json:"name_zh"`
	NameEN   string              `json:"name_en"`
	Has      bool                `json:"has" doc:"Whether unit coverage counts it"`
	Inside   []explainedFacility `json:"inside" nullable:"false" doc:"Open facilities that stand in it"`
	Assigned []explainedFacility `json:"assigned" nullable:"false" doc:"Others that name it as served"`
}

type explainedUnits struct {
	Query   coverageQuestion `json:"query"`
	Version string           `json:"version"`
	Units   int              `json:"units" doc:"Communities at or below"`
	With    int              `json:"units_with" doc:"Of them those that have one"`
	Share   *float64         `json:"unit_coverage" nullable:"true"`
	Rows    []explainedUnit  `json:"rows" nullable:"false" doc:"In the order of codes"`
}

func unitsOf(u *UnitsExplained) explainedUnits {
	names := explainNames{u.Query, u.Divisions, u.Facilities}
	list := func(sites []int32) []explainedFacility {
		out := make([]explainedFacility, len(sites))
		for i, site := range sites {
			out[i] = *names.facility(site)
		}
		return out
	}
	out := explainedUnits{Query: questionOf(u.Query), Version: u.Version, Rows: []explainedUnit{}}
	count := coverage.Units{}
	for _, unit := range u.Units {
		d := u.Divisions[unit.Division]
		count.Total++
		if unit.Has() {
			count.With++
		}
		out.Rows = append(out.Rows, explainedUnit{
			Code: d.Code, NameZH: d.NameZH, NameEN: nameEN(d), Has: unit.Has(), Inside: list(unit.In), Assigned: list(unit.Serving),
		})
	}
	out.Units, out.With, out.Share = count.Total, count.With, known(count.UnitCoverage())
	return out
}
