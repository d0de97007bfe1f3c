package estatehttp

import (
	"yike/facilities/estates"
	"yike/geo/divisions"
)

// EstatesReport is a district's new estates, added up. Areas are square metres.
type EstatesReport struct {
	Of           EstateText          `json:"of" doc:"The district or division"`
	Day          string              `json:"day" format:"date"`
	Notices      []EstateText        `json:"notices" nullable:"false" doc:"What must be said of the data"`
	Rates        []EstatesRate       `json:"rates" nullable:"false"`
	All          EstatesRow          `json:"all"`
	Subdistricts []EstatesRow        `json:"subdistricts" nullable:"false"`
	Communities  []EstatesRow        `json:"communities" nullable:"false"`
	Elsewhere    EstatesRow          `json:"elsewhere" doc:"In no community of the list"`
	Milestones   []EstatesStage      `json:"milestones" nullable:"false"`
	Completed    []EstatesYear       `json:"completed" nullable:"false" doc:"New estates by the year of completion"`
	Concluded    []EstatesYear       `json:"concluded" nullable:"false" doc:"New estates by the year in which the acceptance was passed"`
	Estates      []EstatesReportLine `json:"estates" nullable:"false"`
}

// EstatesRate is a pass rate with what it is made of.
type EstatesRate struct {
	ID           string     `json:"id"`
	Title        EstateText `json:"title"`
	Here         bool       `json:"here" doc:"Its text is of this place; else it is for information"`
	Source       EstateText `json:"source" doc:"Which text, and where in it"`
	Sentence     EstateText `json:"sentence" doc:"Its own words, and what they say in English"`
	Grade        string     `json:"grade"`
	GradeWords   EstateText `json:"grade_words"`
	Counted      EstateText `json:"counted" doc:"What is counted"`
	Target       float64    `json:"target" doc:"Per cent"`
	Denominator  int        `json:"denominator"`
	Percent      *float64   `json:"percent" nullable:"true" doc:"null where it is of no estate"`
	AtMost       *float64   `json:"at_most" nullable:"true" doc:"If all that is undetermined were to pass"`
	Passed       []string   `json:"passed" nullable:"false" doc:"Ids of estates"`
	Failed       []string   `json:"failed" nullable:"false"`
	Undetermined []string   `json:"undetermined" nullable:"false" doc:"In the denominator, never a pass"`
	Undated      []string   `json:"undated" nullable:"false" doc:"Of which nobody knows whether they belong to it; in no number"`
}

// EstatesTally counts estates by what they came to.
type EstatesTally struct {
	Estates      int `json:"estates"`
	Compliant    int `json:"compliant"`
	NotCompliant int `json:"not_compliant"`
	Open         int `json:"open"`
	Households   int `json:"households" doc:"Of those whose households are known"`
	People       int `json:"people"`
}

// EstatesDebts are the debts of one kind of premises, added up over what is known.
type EstatesDebts struct {
	Norm     string  `json:"norm"`
	Owed     float64 `json:"owed"`
	Provided float64 `json:"provided"`
	Short    float64 `json:"short"`
	Estates  int     `json:"estates" doc:"That owe by a rule that binds"`
	InDebt   int     `json:"in_debt"`
	Unknown  int     `json:"unknown" doc:"Of which something is not known: the sums are without them"`
}

// EstatesRow is what the estates of a division come to.
type EstatesRow struct {
	Code  string         `json:"code"`
	Name  EstateText     `json:"name"`
	Built int            `json:"built" doc:"Standing estates, which have no conclusion"`
	New   EstatesTally   `json:"new" doc:"New estates"`
	Debts []EstatesDebts `json:"debts" nullable:"false"`
}

// EstatesStage is how many new estates are how far with a milestone.
type EstatesStage struct {
	EstateCode
	Passed       int `json:"passed"`
	Asked        int `json:"asked" doc:"A round runs, or was refused"`
	Waiting      int `json:"waiting" doc:"Not asked yet, and it is their next"`
	Overdue      int `json:"overdue"`
	Compliant    int `json:"compliant" doc:"Of the passed, those that keep what is due at it"`
	NotCompliant int `json:"not_compliant"`
	Open         int `json:"open"`
}

// EstatesYear is the new estates of a year.
type EstatesYear struct {
	Year *int `json:"year" nullable:"true" doc:"null where no day is known"`
	EstatesTally
}

// EstatesDebt is what one estate owes of one kind of premises.
type EstatesDebt struct {
	Norm        string     `json:"norm"`
	Owed        *float64   `json:"owed" nullable:"true"`
	Share       *float64   `json:"share" nullable:"true" doc:"Of what is owed, that follows from its own households"`
	Provided    *float64   `json:"provided" nullable:"true"`
	Short       *float64   `json:"short" nullable:"true"`
	Binds       bool       `json:"binds" doc:"Else the rule is for information"`
	OfCommunity bool       `json:"of_community" doc:"The rule is held against the community as it will be"`
	Rule        string     `json:"rule" doc:"Empty where none asks"`
	RuleTitle   EstateText `json:"rule_title"`
	Sentence    EstateText `json:"sentence" doc:"The rule's own words, where they were read"`
	Why         EstateText `json:"why" doc:"Why something is not known; empty where all is"`
}

// EstatesReportLine is an estate of the report.
type EstatesReportLine struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	Kind         string            `json:"kind" enum:"new,built"`
	DivisionCode string            `json:"division_code"`
	Subdistrict  EstateText        `json:"subdistrict"`
	Community    EstateText        `json:"community"`
	Developer    string            `json:"developer"`
	Households   int               `json:"households" doc:"0 when unknown"`
	People       int               `json:"people" doc:"Planned, or following from the households; 0 when unknown"`
	CompletedOn  *string           `json:"completed_on" nullable:"true"`
	ConcludedOn  *string           `json:"concluded_on" nullable:"true"`
	Next         *string           `json:"next_milestone" nullable:"true"`
	Conclusion   *string           `json:"conclusion" nullable:"true" doc:"null for a standing estate"`
	Debts        []EstatesDebt     `json:"debts" nullable:"false"`
	Rates        map[string]string `json:"rates" doc:"By id: pass, fail, undetermined, undated, apart"`
}

func reportOut(a ReportAnswer) EstatesReport {
	r := a.Report
	out := EstatesReport{
		Of: a.Of, Day: string(r.Day), Notices: textsOf(a.Notices), All: rowReport(r.All), Elsewhere: rowReport(r.Elsewhere), Rates: []EstatesRate{}, Subdistricts: []EstatesRow{},
		Communities: []EstatesRow{}, Completed: yearsOut(r.Completed), Concluded: yearsOut(r.Concluded), Estates: []EstatesReportLine{}, Milestones: []EstatesStage{},
	}
	for _, x := range r.Rates {
		out.Rates = append(out.Rates, rateOut(x))
	}
	for _, x := range r.Subdistricts {
		out.Subdistricts = append(out.Subdistricts, rowReport(x))
	}
	for _, x := range r.Communities {
		out.Communities = append(out.Communities, rowReport(x))
	}
	for _, s := range r.Stages {
		out.Milestones = append(out.Milestones, EstatesStage{
			EstateCode: EstateCode(s.Milestone.Code()), Passed: s.Passed, Asked: s.Asked, Waiting: s.Waiting, Overdue: s.Overdue, Compliant: s.Conform, NotCompliant: s.Fail, Open: s.Unclear,
		})
	}
	names := placeNames(a.Places)
	for _, h := range r.Estates {
		out.Estates = append(out.Estates, lineOut(names, h))
	}
	return out
}

func rateOut(r estates.Rate) EstatesRate {
	zh, en := r.Grade.Words()
	out := EstatesRate{
		ID: string(r.ID), Title: EstateText{ZH: r.TitleZH, EN: r.TitleEN}, Here: r.Here, Source: EstateText{ZH: r.Plan + " " + r.WhereZH, EN: r.Plan + ", " + r.WhereEN},
		Sentence: EstateText{ZH: r.Sentence, EN: r.SentenceEN}, Grade: string(r.Grade), GradeWords: EstateText{ZH: zh, EN: en}, Counted: EstateText{ZH: r.WhatZH, EN: r.WhatEN},
		Target: r.Target, Denominator: r.Denominator(), Passed: r.Passed, Failed: r.Failed, Undetermined: r.Undetermined, Undated: r.Undated,
	}
	if v, ok := r.Percent(); ok {
		most, _ := r.AtMost()
		out.Percent, out.AtMost = &v, &most
	}
	return out
}

func rowReport(r estates.Row) EstatesRow {
	out := EstatesRow{Code: r.Division.Code, Name: EstateText{ZH: r.Division.NameZH, EN: r.Division.NameEN}, Built: r.Built, New: reportTally(r.Outcomes), Debts: []EstatesDebts{}}
	for _, b := range r.Balances {
		out.Debts = append(out.Debts, EstatesDebts{
			Norm: string(b.Norm), Owed: b.Owed.M2(), Provided: b.Provided.M2(), Short: b.Short.M2(), Estates: b.Estates, InDebt: b.InDebt, Unknown: b.Unknown,
		})
	}
	return out
}

func reportTally(t estates.Outcomes) EstatesTally {
	return EstatesTally{Estates: t.Estates, Compliant: t.Compliant, NotCompliant: t.NotCompliant, Open: t.Open, Households: t.Households, People: t.People}
}

func yearsOut(list []estates.Trend) []EstatesYear {
	out := []EstatesYear{}
	for _, t := range list {
		y := EstatesYear{EstatesTally: reportTally(t.Outcomes)}
		if t.Year != 0 {
			y.Year = &t.Year
		}
		out = append(out, y)
	}
	return out
}

func lineOut(names placed, h estates.Held) EstatesReportLine {
	e := h.Estate
	out := EstatesReportLine{
		ID: e.ID, Name: e.Name, Kind: string(e.Kind), DivisionCode: e.DivisionCode, Developer: e.Developer, Households: e.Households, People: h.People,
		Subdistrict: names.of(e.DivisionCode, divisions.Subdistrict), Community: names.of(e.DivisionCode, divisions.Community),
		CompletedOn: dayOut(e.CompletedOn), ConcludedOn: dayOut(h.ConcludedOn()), Debts: debtsOut(h.Debts), Rates: map[string]string{},
	}
	if e.Kind != estates.Built {
		c := string(h.Conclusion)
		out.Conclusion = &c
		if m, ok := h.Progress.Next(); ok {
			next := m.Code().Code
			out.Next = &next
		}
	}
	for _, info := range estates.Rates() {
		out.Rates[string(info.ID)] = string(h.To(info.ID))
	}
	return out
}

func debtsOut(list []estates.Debt) []EstatesDebt {
	out := []EstatesDebt{}
	for _, d := range list {
		x := EstatesDebt{
			Norm: string(d.Norm), Owed: areaOut(d.Owed, d.OwedKnown), Share: areaOut(d.Share, d.OwedKnown), Provided: areaOut(d.Provided, d.ProvidedKnown), Short: areaOut(d.Short, d.ShortKnown),
			Binds: d.Binds(), OfCommunity: d.OfCommunity, Why: EstateText{ZH: d.WhyZH, EN: d.WhyEN},
		}
		if r := d.Rule; r != nil {
			x.Rule, x.RuleTitle = r.ID, EstateText{ZH: r.TitleZH, EN: r.TitleEN}
			x.Sentence = EstateText{ZH: r.Cite.Sentence, EN: r.Cite.SentenceEN}
		}
		out = append(out, x)
	}
	return out
}

// EstatesRetrofit is the list of standing estates that lack premises.
type EstatesRetrofit struct {
	Day     string           `json:"day" format:"date"`
	Notices []EstateText     `json:"notices" nullable:"false"`
	Ways    []EstateCode     `json:"ways" nullable:"false" doc:"The words of the ways"`
	Ages    []EstateCode     `json:"ages" nullable:"false"`
	Estates []RetrofitEstate `json:"estates" nullable:"false" doc:"By people affected, most first; those of which what they lack is not known come last"`
}

// RetrofitEstate is one of them.
type RetrofitEstate struct {
	EstatesReportLine
	Age      string            `json:"age" enum:"since_2015,older,undated"`
	Affected int               `json:"affected" doc:"People; 0 when unknown"`
	Counted  bool              `json:"counted" doc:"They were counted; else planned, or following from households"`
	Nothing  bool              `json:"nothing" doc:"Completed after 2015 and without any elderly premises"`
	Lacks    []RetrofitLack    `json:"lacks" nullable:"false"`
	Deadline *RetrofitDeadline `json:"deadline" doc:"Of elderly premises; null where no text of the place sets one"`
}

// RetrofitLack is what is lacking, and what may be done.
type RetrofitLack struct {
	EstatesDebt
	Suggested []RetrofitWay `json:"suggested" nullable:"false"`
}

// RetrofitWay is a way to bring premises.
type RetrofitWay struct {
	Way    string         `json:"way" enum:"exchange,lease,purchase"`
	Why    EstateText     `json:"why"`
	Enough bool           `json:"enough" doc:"One of the rooms makes up all that is missing"`
	Rooms  []RetrofitRoom `json:"rooms" nullable:"false"`
}

// RetrofitRoom is a room of the ledger that suits.
type RetrofitRoom struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Area    float64 `json:"area"`
	Metres  float64 `json:"metres" doc:"In a straight line"`
	NewUse  bool    `json:"new_use" doc:"It is approved for something else"`
	AllOfIt bool    `json:"all_of_it" doc:"It alone makes up all that is missing"`
}

// RetrofitDeadline is by when a text wants it done.
type RetrofitDeadline struct {
	_        struct{}   `nullable:"true"`
	Words    EstateText `json:"words"`
	Sentence EstateText `json:"sentence"`
	Plan     string     `json:"plan"`
	Last     *string    `json:"last" nullable:"true" doc:"The last day by the widest reading; null where the text names none"`
	Late     bool       `json:"late"`
}

func retrofitOut(a RetrofitAnswer) EstatesRetrofit {
	out := EstatesRetrofit{Day: string(a.Day), Notices: textsOf(a.Notices), Ways: codesOf(estates.Ways()), Ages: codesOf(estates.Ages()), Estates: []RetrofitEstate{}}
	names := placeNames(a.Places)
	for _, r := range a.List {
		x := RetrofitEstate{EstatesReportLine: lineOut(names, r.Held), Age: string(r.Age), Affected: r.Affected, Counted: r.Counted, Nothing: r.Nothing, Lacks: []RetrofitLack{}}
		for i, d := range debtsOut(r.Lacks) {
			x.Lacks = append(x.Lacks, RetrofitLack{d, waysOut(r.Suggested[r.Lacks[i].Norm])})
		}
		if d := r.Deadline; d != nil {
			x.Deadline = &RetrofitDeadline{
				Words: EstateText{ZH: d.ZH, EN: d.EN}, Sentence: EstateText{ZH: d.Sentence, EN: d.SentenceEN}, Plan: d.Plan, Last: dayOut(d.Last), Late: r.Late,
			}
		}
		out.Estates = append(out.Estates, x)
	}
	return out
}

func waysOut(list []estates.Suggestion) []RetrofitWay {
	out := []RetrofitWay{}
	for _, s := range list {
		w := RetrofitWay{Way: string(s.Way), Why: EstateText{ZH: s.WhyZH, EN: s.WhyEN}, Enough: s.Enough, Rooms: []RetrofitRoom{}}
		for _, n := range s.Rooms {
			w.Rooms = append(w.Rooms, RetrofitRoom{ID: n.Room.ID, Name: n.Room.Name, Area: n.Room.Area.M2(), Metres: roundedM(n.Metres), NewUse: n.NewUse, AllOfIt: n.AllOfIt})
		}
		out = append(out, w)
	}
	return out
}

func roundedM(m float64) float64 { return float64(int64(m + 0.5)) }
