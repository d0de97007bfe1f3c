package indicatorhttp

import (
	"context"
	"slices"

	"yike/facilities"
	"yike/facilities/indicators"
	"yike/internal/auth"
)

type explainInput struct {
	OnePlan
	Indicator string `path:"indicator" maxLength:"64"`
	Year      int    `query:"year" doc:"As the board's"`
}

type planFacility struct {
	ID       string `json:"id"`
	NameZH   string `json:"name_zh"`
	NameEN   string `json:"name_en"`
	Type     string `json:"type"`
	Division string `json:"division_code"`
	Counted  bool   `json:"counted" doc:"It counts; else it lacks what is needed to"`
	Example  bool   `json:"example"`
}

type planDivision struct {
	Code   string `json:"code"`
	NameZH string `json:"name_zh"`
	NameEN string `json:"name_en"`
}

type planExplanation struct {
	Line       planLine       `json:"line"`
	Facilities []planFacility `json:"facilities" nullable:"false" doc:"At most 500; those that lack something first"`
	More       int            `json:"more" doc:"Facilities beyond those"`
	Withheld   bool           `json:"withheld" doc:"They are of a past day, which the account may not look back to"`
	Without    []planDivision `json:"without" nullable:"false" doc:"Divisions that a coverage does not reach; at most 500"`
}

type explainReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         planExplanation
}

// mostExplained bounds what an explanation lists.
const mostExplained = 500

func (h handlers) explain(ctx context.Context, in *explainInput) (*explainReply, error) {
	w, types, err := h.read(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	w.Indicators = slices.DeleteFunc(w.Indicators, func(i indicators.Indicator) bool { return i.ID != in.Indicator })
	if len(w.Indicators) == 0 {
		return nil, problem(ErrNotFound)
	}
	year := h.yearOr(in.Year, w.Plan)
	if year < w.Plan.BaseYear || year > w.Plan.TargetYear+indicators.MostYears {
		return nil, problem(errBadYear)
	}
	facts, err := h.plans.Facts(ctx, year)
	if err != nil {
		return nil, problem(err)
	}
	line := indicators.MakeBoard(w, year, facts).Lines[0]
	out := planExplanation{Line: lineOf(line, types), Facilities: []planFacility{}, Without: []planDivision{}}
	if line.Live != nil {
		out.fill(ctx, h, *line.Live, *facts)
	}
	return &explainReply{fresh, out}, nil
}

func (e *planExplanation) fill(ctx context.Context, h handlers, r indicators.Result, facts indicators.Facts) {
	if r.Units != nil {
		for _, d := range facts.Divisions {
			if _, without := slices.BinarySearch(r.Units.Without, d.Code); without && len(e.Without) < mostExplained {
				e.Without = append(e.Without, planDivision{d.Code, d.NameZH, d.NameEN})
			}
		}
	}
	who, _ := auth.From(ctx)
	if facts.Day < h.plans.Today() && !who.May(auth.HistoryRead, "") {
		e.Withheld = true
		return
	}
	for _, list := range []struct {
		ids     []string
		counted bool
	}{{r.Lacking, false}, {r.Counted, true}} {
		for _, f := range facts.Facilities {
			if _, is := slices.BinarySearch(list.ids, f.ID); !is || list.counted && has(r.Lacking, f.ID) {
				continue
			}
			if len(e.Facilities) == mostExplained {
				e.More++
				continue
			}
			e.Facilities = append(e.Facilities, facilityOf(f, list.counted))
		}
	}
}

func has(sorted []string, id string) bool {
	_, is := slices.BinarySearch(sorted, id)
	return is
}

func facilityOf(f facilities.Facility, counted bool) planFacility {
	return planFacility{f.ID, f.NameZH, f.NameEN, string(f.Type), f.DivisionCode, counted, f.Example}
}
