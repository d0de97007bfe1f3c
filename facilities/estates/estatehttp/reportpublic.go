package estatehttp

import (
	"yike/facilities/estates"
	"yike/geo/divisions"
)

// EstatesPublic is what everybody may know of a district's new estates. It has no developers,
// papers, notes, opinions or persons.
type EstatesPublic struct {
	Of      EstateText          `json:"of" doc:"The district"`
	Day     string              `json:"day" format:"date"`
	Source  EstateText          `json:"source"`
	Notices []EstateText        `json:"notices" nullable:"false" doc:"What must be said of the data"`
	Rates   []EstatesPublicRate `json:"rates" nullable:"false"`
	Estates []EstatesPublicRow  `json:"estates" nullable:"false"`
}

// EstatesPublicRate is a pass rate.
type EstatesPublicRate struct {
	ID           string     `json:"id"`
	Title        EstateText `json:"title"`
	Here         bool       `json:"here" doc:"Its text is of this place"`
	Passed       int        `json:"passed"`
	Failed       int        `json:"failed"`
	Undetermined int        `json:"undetermined" doc:"In the denominator, never a pass"`
	Undated      int        `json:"undated" doc:"In no number"`
	Percent      *float64   `json:"percent" nullable:"true" doc:"null where it is of no estate"`
	Counted      EstateText `json:"counted" doc:"What is counted"`
	Sentence     string     `json:"sentence" doc:"The text's own words"`
}

// EstatesPublicRow is one estate. Areas are square metres; null is not known, or not asked for.
type EstatesPublicRow struct {
	Name         string            `json:"name"`
	Subdistrict  EstateText        `json:"subdistrict"`
	Community    EstateText        `json:"community"`
	DivisionCode string            `json:"division_code"`
	Kind         string            `json:"kind" enum:"new,built"`
	Households   *int              `json:"households" nullable:"true"`
	CompletedOn  *string           `json:"completed_on" nullable:"true"`
	Conclusion   *string           `json:"conclusion" nullable:"true" doc:"compliant, not_compliant or open; null for a standing estate"`
	Premises     EstatesPublicArea `json:"community_premises"`
	Elderly      EstatesPublicArea `json:"elderly_premises"`
	Rates        map[string]string `json:"rates" doc:"By id: pass, fail, undetermined, undated, or apart where the rate is not of it"`
}

// EstatesPublicArea is what an estate owes and has of one kind of premises.
type EstatesPublicArea struct {
	Owed     *float64 `json:"owed" nullable:"true"`
	Provided *float64 `json:"provided" nullable:"true"`
	Missing  *float64 `json:"missing" nullable:"true"`
}

// publicOf gives what everybody may know.
func publicOf(in ReportAnswer) EstatesPublic {
	out := EstatesPublic{
		Of: in.Of, Day: string(in.Report.Day), Notices: textsOf(in.Notices), Rates: []EstatesPublicRate{}, Estates: []EstatesPublicRow{},
		Source: EstateText{ZH: "本区新建小区登记与配建核查", EN: "The district's register of new estates and their check"},
	}
	for _, r := range in.Report.Rates {
		p := EstatesPublicRate{
			ID: string(r.ID), Title: EstateText{ZH: r.TitleZH, EN: r.TitleEN}, Here: r.Here, Passed: len(r.Passed), Failed: len(r.Failed), Undetermined: len(r.Undetermined),
			Undated: len(r.Undated), Counted: EstateText{ZH: r.WhatZH, EN: r.WhatEN}, Sentence: r.Sentence,
		}
		if v, ok := r.Percent(); ok {
			p.Percent = &v
		}
		out.Rates = append(out.Rates, p)
	}
	places := placeNames(in.Places)
	for _, h := range in.Report.Estates {
		out.Estates = append(out.Estates, publicRow(places, h))
	}
	return out
}

func publicRow(places placed, h estates.Held) EstatesPublicRow {
	e := h.Estate
	out := EstatesPublicRow{
		Name: e.Name, DivisionCode: e.DivisionCode, Kind: string(e.Kind), Rates: map[string]string{}, CompletedOn: dayOut(e.CompletedOn),
		Subdistrict: places.of(e.DivisionCode, divisions.Subdistrict), Community: places.of(e.DivisionCode, divisions.Community),
		Premises: publicArea(h.Debt("community_premises")), Elderly: publicArea(h.Debt("elderly_premises")),
	}
	if e.Households > 0 {
		out.Households = &e.Households
	}
	if e.Kind != estates.Built {
		c := string(h.Conclusion)
		out.Conclusion = &c
	}
	for _, info := range estates.Rates() {
		out.Rates[string(info.ID)] = string(h.To(info.ID))
	}
	return out
}

func publicArea(d estates.Debt) EstatesPublicArea {
	return EstatesPublicArea{Owed: areaOut(d.Owed, d.OwedKnown && d.Binds()), Provided: areaOut(d.Provided, d.ProvidedKnown), Missing: areaOut(d.Short, d.ShortKnown && d.Binds())}
}
