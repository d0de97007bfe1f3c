package coveragehttp

import (
	"math"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/geo"
)

type whatIfCount struct {
	Covered   Persons  `json:"covered"`
	Uncovered Persons  `json:"uncovered"`
	Unsnapped Persons  `json:"unsnapped"`
	Coverage  *float64 `json:"population_coverage" nullable:"true"`
}

type whatIfBand struct {
	Band    string      `json:"band"`
	Gained  Persons     `json:"gained" doc:"Covered with the plan, not today"`
	Lost    Persons     `json:"lost" doc:"Covered today, not with the plan; after.covered = before.covered + gained − lost, exactly"`
	Nearer  Persons     `json:"nearer" doc:"Covered both ways, with a shorter walk to the nearest"`
	Farther Persons     `json:"farther" doc:"Covered both ways, with a longer one"`
	Before  whatIfCount `json:"before"`
	After   whatIfCount `json:"after"`
}

type whatIfUnits struct {
	Total  int      `json:"total" doc:"Communities at or below"`
	Before int      `json:"before" doc:"That have an open facility of the type or are assigned to one"`
	After  int      `json:"after"`
	Was    *float64 `json:"unit_coverage_before" nullable:"true"`
	Is     *float64 `json:"unit_coverage_after" nullable:"true"`
}

type whatIfPoints struct {
	Gained int `json:"gained"`
	Lost   int `json:"lost"`
}

type whatIfDivision struct {
	Code   string       `json:"code"`
	Level  string       `json:"level"`
	Parent string       `json:"parent"`
	NameZH string       `json:"name_zh"`
	NameEN string       `json:"name_en"`
	Bands  []whatIfBand `json:"bands" nullable:"false"`
	Units  whatIfUnits  `json:"units"`
	Points whatIfPoints `json:"points" doc:"How many population points"`
}

type whatIfServed struct {
	Band    string  `json:"band"`
	Before  Persons `json:"before" doc:"People within the limit of this facility"`
	After   Persons `json:"after"`
	Only    Persons `json:"only_after" doc:"Of those after, who walk to no other"`
	Gained  Persons `json:"gained" doc:"Of all people gained, those whose nearest this is; over all facilities they add up to the total's"`
	Lost    Persons `json:"lost" doc:"Of all people lost, those whose nearest this was"`
	Nearest Persons `json:"nearest_after" doc:"People whose nearest facility this is"`
}

type whatIfFacility struct {
	ID      string         `json:"id"`
	NameZH  string         `json:"name_zh" doc:"Empty for one that the plan adds"`
	NameEN  string         `json:"name_en"`
	Lon     float64        `json:"lon" doc:"In the plan"`
	Lat     float64        `json:"lat"`
	Added   bool           `json:"added"`
	Moved   bool           `json:"moved"`
	Open    bool           `json:"open"`
	Snapped bool           `json:"snapped" doc:"false when no path is near enough: it would serve nobody"`
	Street  *[2]float64    `json:"street" nullable:"true" doc:"Where it meets the street: longitude, latitude; null when no path is near enough and for one that is closed"`
	Bands   []whatIfServed `json:"bands" nullable:"false"`
}

type whatIfGeometry struct {
	Type        string   `json:"type" enum:"MultiPolygon"`
	Coordinates outlines `json:"coordinates" nullable:"false"`
}

type whatIfCircle struct {
	ID       string         `json:"id"`
	Geometry whatIfGeometry `json:"geometry" doc:"GeoJSON"`
}

type whatIfAnswer struct {
	Query      coverageQuestion `json:"query"`
	Version    string           `json:"version" doc:"Version of the data"`
	Note       *note            `json:"note"`
	Bands      []whatIfBand     `json:"bands" nullable:"false" doc:"Totals, in the order of the pack's bands"`
	Units      whatIfUnits      `json:"units"`
	Divisions  []whatIfDivision `json:"divisions" nullable:"false" doc:"Only those in which something changes, of every level"`
	Facilities []whatIfFacility `json:"facilities" nullable:"false" doc:"Those that the plan adds, moves, closes or reopens, and all others for which something changes"`
	Circles    []whatIfCircle   `json:"circles" nullable:"false"`
	Points     []whatIfGroup    `json:"points" nullable:"false" doc:"If asked for: the population points for which something differs, by what happens to them"`
	Streets    []whatIfStreet   `json:"streets" nullable:"false" doc:"What the steps about streets are of, in their order"`
}

func whatIfOf(w *WhatIf) whatIfAnswer {
	before := w.Delta.Baseline.Summary
	return whatIfAnswer{
		Query: questionOf(w.Query), Version: w.Version, Note: noteOf(w.Note),
		Bands:     w.bands(w.Delta.Total, before.Total, w.After.Total),
		Units:     unitsChange(before.AllUnits, w.After.AllUnits),
		Divisions: w.divisions(), Facilities: w.facilities(), Circles: w.circles(),
		Points: w.points(), Streets: w.streets(),
	}
}

func (w *WhatIf) bands(changes []coverage.Change, before, after []coverage.Count) []whatIfBand {
	names := w.Delta.Baseline.Ground.Demand.Bands
	out := make([]whatIfBand, len(before))
	for k := range out {
		out[k] = whatIfBand{Band: names[k].ID, Before: countOf(before[k]), After: countOf(after[k])}
		if changes != nil {
			c := changes[k]
			out[k].Gained, out[k].Lost, out[k].Nearer, out[k].Farther = Persons(c.Gained), Persons(c.Lost), Persons(c.Nearer), Persons(c.Farther)
		}
	}
	return out
}

func countOf(c coverage.Count) whatIfCount {
	return whatIfCount{
		Covered: Persons(c.Covered), Uncovered: Persons(c.Uncovered), Unsnapped: Persons(c.Unsnapped),
		Coverage: known(c.PopulationCoverage()),
	}
}

func unitsChange(before, after coverage.Units) whatIfUnits {
	return whatIfUnits{
		Total: before.Total, Before: before.With, After: after.With,
		Was: known(before.UnitCoverage()), Is: known(after.UnitCoverage()),
	}
}

// divisions are those where people or units change. A community may have a facility now
// although nobody's walk is another.
func (w *WhatIf) divisions() []whatIfDivision {
	before := w.Delta.Baseline.Summary
	changes := make([][]coverage.Change, len(w.Divisions))
	for _, c := range w.Delta.Divisions {
		changes[c.Division] = c.Bands
	}
	out := []whatIfDivision{}
	for i, d := range w.Divisions {
		if changes[i] == nil && before.Units[i] == w.After.Units[i] {
			continue
		}
		out = append(out, whatIfDivision{
			Code: d.Code, Level: string(d.Level), Parent: d.ParentCode, NameZH: d.NameZH, NameEN: nameEN(d),
			Bands:  w.bands(changes[i], before.Divisions[i], w.After.Divisions[i]),
			Units:  unitsChange(before.Units[i], w.After.Units[i]),
			Points: whatIfPoints{w.Gained[i], w.Lost[i]},
		})
	}
	return out
}

func (w *WhatIf) facilities() []whatIfFacility {
	was := w.Delta.Baseline.Sites
	changes := map[int32][]coverage.ServedBand{}
	for _, c := range w.Delta.Served {
		changes[c.Site] = c.Bands
	}
	out := []whatIfFacility{}
	for i, s := range w.Delta.Sites {
		site := int32(i) //nolint:gosec // fewer than 2^31
		f := whatIfFacility{
			ID: s.ID, Lon: s.Point.Lon(), Lat: s.Point.Lat(), Added: i >= len(was), Open: w.Delta.Open[i], Snapped: s.Snap.OK(),
			NameZH: w.Facilities[i].NameZH, NameEN: w.Facilities[i].NameEN,
		}
		f.Moved = !f.Added && s.Point != was[i].Point
		if s.Snap.OK() {
			f.Street = &[2]float64{rounded(s.Snap.Point.Lon()), rounded(s.Snap.Point.Lat())}
		}
		if change := changes[site]; change != nil || f.Added || f.Moved || !f.Open {
			f.Bands = w.served(site, change)
			out = append(out, f)
		}
	}
	return out
}

func (w *WhatIf) served(site int32, change []coverage.ServedBand) []whatIfServed {
	names, after := w.Delta.Baseline.Ground.Demand.Bands, w.Delta.ServedBy(site)
	out := make([]whatIfServed, len(names))
	for k := range out {
		var c coverage.ServedBand
		if change != nil {
			c = change[k]
		}
		is := after[k].Only + after[k].Shared
		out[k] = whatIfServed{
			Band: names[k].ID, After: Persons(is), Before: Persons(is - c.Served.Only - c.Served.Shared),
			Only: Persons(after[k].Only), Nearest: Persons(after[k].Nearest), Gained: Persons(c.Gained), Lost: Persons(c.Lost),
		}
	}
	return out
}

func (w *WhatIf) circles() []whatIfCircle {
	out := []whatIfCircle{}
	for i, s := range w.Delta.Sites {
		if area := w.Circles[int32(i)]; len(area) > 0 { //nolint:gosec // fewer than 2^31
			out = append(out, whatIfCircle{s.ID, geometryOf(area)})
		}
	}
	return out
}

// rounded is a coordinate to six decimals, a tenth of a metre: a drawing has no more.
func rounded(x float64) float64 { return math.Round(x*1e6) / 1e6 }

func geometryOf(area orb.MultiPolygon) whatIfGeometry {
	return whatIfGeometry{Type: "MultiPolygon", Coordinates: outlines(area)}
}

// outlines are written to six decimals, and fast: circles go out while somebody drags.
type outlines orb.MultiPolygon

// MarshalJSON writes the coordinates of a GeoJSON MultiPolygon.
func (o outlines) MarshalJSON() ([]byte, error) {
	return geo.AppendCoordinates(nil, orb.MultiPolygon(o)), nil
}

// Schema is that of nested lists of numbers.
func (outlines) Schema(r huma.Registry) *huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeFor[[][][][2]float64]())
}
