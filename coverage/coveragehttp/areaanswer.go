package coveragehttp

import (
	"yike/coverage"
)

type areaCount struct {
	Covered   Persons  `json:"covered"`
	Uncovered Persons  `json:"uncovered"`
	Unsnapped Persons  `json:"unsnapped"`
	One       Persons  `json:"one" doc:"Of the covered, who walk to one facility only"`
	Several   Persons  `json:"several" doc:"Of the covered, who walk to more"`
	Coverage  *float64 `json:"population_coverage" nullable:"true"`
}

type areaBand struct {
	Band       string    `json:"band"`
	Population Persons   `json:"population" doc:"covered + uncovered + unsnapped, exactly, before and after"`
	Before     areaCount `json:"before"`
	After      areaCount `json:"after" doc:"With the plan; without one, the same"`
}

type areaNearest struct {
	Band   string  `json:"band"`
	Before Persons `json:"before" doc:"People of the area whose nearest facility it is; over all facilities they add up to covered"`
	After  Persons `json:"after"`
}

type areaFacility struct {
	ID     string        `json:"id"`
	NameZH string        `json:"name_zh" doc:"Empty for one that the plan adds"`
	NameEN string        `json:"name_en"`
	Lon    float64       `json:"lon" doc:"In the plan"`
	Lat    float64       `json:"lat"`
	Inside bool          `json:"inside" doc:"It lies in the area today, or where it is added, in the plan"`
	After  bool          `json:"inside_after" doc:"It lies in the area, open, with the plan"`
	Open   bool          `json:"open" doc:"With the plan"`
	Added  bool          `json:"added"`
	Bands  []areaNearest `json:"bands" nullable:"false"`
}

type areaDivision struct {
	Code   string `json:"code"`
	NameZH string `json:"name_zh"`
	NameEN string `json:"name_en"`
}

type areaAnswer struct {
	Query      coverageQuestion `json:"query"`
	Version    string           `json:"version" doc:"Version of the data"`
	Note       *note            `json:"note"`
	Points     int              `json:"points" doc:"Population points in the area"`
	Bands      []areaBand       `json:"bands" nullable:"false" doc:"In the order of the pack's bands"`
	Facilities []areaFacility   `json:"facilities" nullable:"false" doc:"Open ones of the type in the area, and those outside that somebody in it has as the nearest, today or with the plan"`
	Divisions  []areaDivision   `json:"divisions" nullable:"false" doc:"That the area is made of, besides its shape"`
	Reaching   []Persons        `json:"reaching" nullable:"true" doc:"Per band, people of the area who walk to the facility asked about within the limit today, be it their nearest or not; null where none was asked about or it is not open and of the type"`
}

func areaOf(a *Area) areaAnswer {
	d := a.WhatIf.Delta
	out := areaAnswer{
		Query: questionOf(a.WhatIf.Query), Version: a.WhatIf.Version, Note: noteOf(a.WhatIf.Note), Points: a.Before.Points,
		Facilities: a.facilities(), Divisions: []areaDivision{},
	}
	for k, band := range d.Baseline.Ground.Demand.Bands {
		before, after := a.Before.Bands[k], a.After.Bands[k]
		out.Bands = append(out.Bands, areaBand{
			Band: band.ID, Population: Persons(before.Population), Before: areaCountOf(before), After: areaCountOf(after),
		})
	}
	for _, at := range a.Divisions {
		division := a.WhatIf.Divisions[at]
		out.Divisions = append(out.Divisions, areaDivision{division.Code, division.NameZH, nameEN(division)})
	}
	if a.Reaching != nil {
		out.Reaching = persons(a.Reaching)
	}
	return out
}

func areaCountOf(b coverage.AreaBand) areaCount {
	return areaCount{
		Covered: Persons(b.Covered), Uncovered: Persons(b.Uncovered), Unsnapped: Persons(b.Unsnapped),
		One: Persons(b.One), Several: Persons(b.Several), Coverage: known(b.PopulationCoverage()),
	}
}

// facilities joins those of today and those of the plan by their numbers.
func (a *Area) facilities() []areaFacility {
	d := a.WhatIf.Delta
	bands := d.Baseline.Ground.Demand.Bands
	before, after := sitesByNumber(a.Before.Sites), sitesByNumber(a.After.Sites)
	out := []areaFacility{}
	for i, s := range d.Sites {
		site := int32(i) //nolint:gosec // fewer than 2^31
		was, wasOne := before[site]
		is, isOne := after[site]
		if !wasOne && !isOne {
			continue
		}
		f := areaFacility{
			ID: s.ID, NameZH: a.WhatIf.Facilities[i].NameZH, NameEN: a.WhatIf.Facilities[i].NameEN, Lon: s.Point.Lon(), Lat: s.Point.Lat(),
			Inside: was.Inside, After: is.Inside, Open: d.Open[i], Added: i >= len(d.Baseline.Sites),
		}
		f.Inside = f.Inside || f.Added && is.Inside
		for k, band := range bands {
			row := areaNearest{Band: band.ID}
			if wasOne {
				row.Before = Persons(was.Nearest[k])
			}
			if isOne {
				row.After = Persons(is.Nearest[k])
			}
			f.Bands = append(f.Bands, row)
		}
		out = append(out, f)
	}
	return out
}

func sitesByNumber(list []coverage.AreaSite) map[int32]coverage.AreaSite {
	out := make(map[int32]coverage.AreaSite, len(list))
	for _, s := range list {
		out[s.Site] = s
	}
	return out
}
