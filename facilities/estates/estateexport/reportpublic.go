package estateexport

import (
	"yike/facilities/estates"
	"yike/geo/divisions"
)

// PublicEstates is what everybody may know of a district's new estates. It has no developers,
// papers, notes, opinions or persons.
type PublicEstates struct {
	Of      PublicText     `json:"of" doc:"The district"`
	Day     string         `json:"day" format:"date"`
	Source  PublicText     `json:"source"`
	Notices []PublicText   `json:"notices" nullable:"false" doc:"What must be said of the data"`
	Rates   []PublicRate   `json:"rates" nullable:"false"`
	Estates []PublicEstate `json:"estates" nullable:"false"`
}

// PublicText is a text in both languages.
type PublicText struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// PublicRate is a pass rate.
type PublicRate struct {
	ID           string     `json:"id"`
	Title        PublicText `json:"title"`
	Here         bool       `json:"here" doc:"Its text is of this place"`
	Passed       int        `json:"passed"`
	Failed       int        `json:"failed"`
	Undetermined int        `json:"undetermined" doc:"In the denominator, never a pass"`
	Undated      int        `json:"undated" doc:"In no number"`
	Percent      *float64   `json:"percent" nullable:"true" doc:"null where it is of no estate"`
	Counted      PublicText `json:"counted" doc:"What is counted"`
	Sentence     string     `json:"sentence" doc:"The text's own words"`
}

// PublicEstate is one estate. Areas are square metres; null is not known, or not asked for.
type PublicEstate struct {
	Name         string            `json:"name"`
	Subdistrict  PublicText        `json:"subdistrict"`
	Community    PublicText        `json:"community"`
	DivisionCode string            `json:"division_code"`
	Kind         string            `json:"kind" enum:"new,built"`
	Households   *int              `json:"households" nullable:"true"`
	CompletedOn  *string           `json:"completed_on" nullable:"true"`
	Conclusion   *string           `json:"conclusion" nullable:"true" doc:"compliant, not_compliant or open; null for a standing estate"`
	Premises     PublicArea        `json:"community_premises"`
	Elderly      PublicArea        `json:"elderly_premises"`
	Rates        map[string]string `json:"rates" doc:"By id: passes, fails, undetermined, undated or does not apply"`
}

// PublicArea is what an estate owes and has of one kind of premises.
type PublicArea struct {
	Owed     *float64 `json:"owed" nullable:"true"`
	Provided *float64 `json:"provided" nullable:"true"`
	Missing  *float64 `json:"missing" nullable:"true"`
}

// OpenData gives what everybody may know.
func (f ReportFile) OpenData() PublicEstates {
	f.English = true // of words that are codes in the answer
	f = f.indexed()
	out := PublicEstates{
		Of: PublicText(f.Of), Day: string(f.Report.Day), Notices: []PublicText{}, Rates: []PublicRate{}, Estates: []PublicEstate{},
		Source: PublicText{ZH: "本区新建小区登记与配建核查", EN: "The district's register of new estates and their check"},
	}
	for _, n := range f.Notices {
		out.Notices = append(out.Notices, PublicText(n))
	}
	for _, r := range f.Report.Rates {
		p := PublicRate{
			ID: string(r.ID), Title: PublicText{r.TitleZH, r.TitleEN}, Here: r.Here, Passed: len(r.Passed), Failed: len(r.Failed), Undetermined: len(r.Undetermined),
			Undated: len(r.Undated), Counted: PublicText{r.WhatZH, r.WhatEN}, Sentence: r.Sentence,
		}
		if v, ok := r.Percent(); ok {
			p.Percent = &v
		}
		out.Rates = append(out.Rates, p)
	}
	for _, h := range f.Report.Estates {
		out.Estates = append(out.Estates, f.openEstate(h))
	}
	return out
}

func (f ReportFile) openEstate(h estates.Held) PublicEstate {
	e := h.Estate
	out := PublicEstate{
		Name: e.Name, DivisionCode: e.DivisionCode, Kind: string(e.Kind), Rates: map[string]string{},
		Subdistrict: f.both(e.DivisionCode, divisions.Subdistrict), Community: f.both(e.DivisionCode, divisions.Community),
	}
	if e.Households > 0 {
		out.Households = &e.Households
	}
	if e.CompletedOn != "" {
		day := string(e.CompletedOn)
		out.CompletedOn = &day
	}
	if e.Kind != estates.Built {
		c := string(h.Check.Conclusion)
		out.Conclusion = &c
	}
	for i, d := range h.Debts {
		var a PublicArea
		if d.OwedKnown && d.Binds() {
			a.Owed = m2Of(d.Owed.M2())
		}
		if d.ProvidedKnown {
			a.Provided = m2Of(d.Provided.M2())
		}
		if d.ShortKnown && d.Binds() {
			a.Missing = m2Of(d.Short.M2())
		}
		if i == 0 {
			out.Premises = a
		} else {
			out.Elderly = a
		}
	}
	for _, r := range f.Report.Rates {
		out.Rates[string(r.ID)] = f.verdict(r.ID, e.ID)
	}
	return out
}

func m2Of(v float64) *float64 { return &v }

func (f ReportFile) both(code string, level divisions.Level) PublicText {
	zh := f
	zh.English = false
	return PublicText{zh.place(code, level), f.place(code, level)}
}
