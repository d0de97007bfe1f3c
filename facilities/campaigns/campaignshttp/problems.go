package campaignshttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/campaigns"
	"yike/internal/httpapi"
	"yike/internal/record"
)

func (h handlers) registerProblems(api huma.API) {
	r := registrar{api: api}
	r.add("facility-problems", http.MethodGet, "/api/v1/facility-problems", "What is to be put right · 整改问题")
	httpapi.Register(api, r.op, h.problems)
	r.add("facility-problem-step", http.MethodPost, "/api/v1/facility-problems/{id}/steps", "Rectify, re-check, open again or give more time · 整改与复查")
	httpapi.Register(api, r.op, h.take)
	r.add("campaign-scores", http.MethodGet, "/api/v1/campaign-scores", "Scores of a year · 年度考核得分")
	httpapi.Register(api, r.op, h.scores)
}

type facilityProblem struct {
	ID        string  `json:"id"`
	Version   int     `json:"version"`
	Task      string  `json:"task"`
	Campaign  string  `json:"campaign"`
	Facility  string  `json:"facility"`
	NameZH    string  `json:"name_zh"`
	NameEN    string  `json:"name_en"`
	Division  string  `json:"division_code"`
	Question  string  `json:"question"`
	TextZH    string  `json:"text_zh"`
	TextEN    string  `json:"text_en"`
	State     string  `json:"state" enum:"open,rectified,closed"`
	FoundOn   string  `json:"found_on" format:"date"`
	DueOn     string  `json:"due_on" format:"date"`
	DoneOn    *string `json:"done_on" nullable:"true" format:"date"`
	CheckedOn *string `json:"checked_on" nullable:"true" format:"date"`
	Note      string  `json:"note"`
	Rounds    int     `json:"rounds" doc:"Re-checks that found it still there"`
}

func problemOf(p campaigns.Problem) facilityProblem {
	return facilityProblem{
		ID: p.ID, Version: p.Version, Task: p.Task, Campaign: p.Campaign, Facility: p.Facility, NameZH: p.NameZH, NameEN: p.NameEN, Division: p.DivisionCode,
		Question: p.Question, TextZH: p.TextZH, TextEN: p.TextEN, State: string(p.State), FoundOn: string(p.FoundOn), DueOn: string(p.DueOn),
		DoneOn: dayOrNone(p.DoneOn), CheckedOn: dayOrNone(p.CheckedOn), Note: p.Note, Rounds: p.Rounds,
	}
}

type problemQuery struct {
	Campaign string `query:"campaign" maxLength:"64"`
	Facility string `query:"facility" maxLength:"64"`
	Division string `query:"division" maxLength:"32" doc:"In this division and below"`
	State    string `query:"state" enum:",open,rectified,closed"`
	Overdue  bool   `query:"overdue" doc:"Only those that should have been put right by now"`
}

type facilityProblems struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Problems []facilityProblem `json:"problems" nullable:"false"`
	}
}

func (h handlers) problems(ctx context.Context, in *problemQuery) (*facilityProblems, error) {
	list, err := h.records.Problems(ctx, ProblemFilter(*in))
	if err != nil {
		return nil, problem(err)
	}
	out := &facilityProblems{CacheControl: "private, no-cache"}
	out.Body.Problems = []facilityProblem{}
	for _, p := range list {
		out.Body.Problems = append(out.Body.Problems, problemOf(p))
	}
	return out, nil
}

type problemStep struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		Step  string `json:"step" enum:"rectify,recheck,reopen,extend"`
		On    string `json:"on" format:"date" doc:"Day on which it was done or seen"`
		DueOn string `json:"due_on,omitempty" doc:"New due day, to open again or to give more time"`
		Note  string `json:"note,omitempty" maxLength:"500"`
	}
}

type problemChanged struct {
	ETag string `header:"ETag"`
	Body facilityProblem
}

func (h handlers) take(ctx context.Context, in *problemStep) (*problemChanged, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	b := in.Body
	p, err := h.records.Take(ctx, in.ID, expected, campaigns.Step(b.Step), record.Day(b.On), record.Day(b.DueOn), b.Note)
	if err != nil {
		return nil, problem(err)
	}
	return &problemChanged{ETag: httpapi.ETag(p.Version), Body: problemOf(p)}, nil
}

type scoreQuery struct {
	Year     int    `query:"year" required:"true"`
	Division string `query:"division" maxLength:"32" doc:"In this division and below"`
}

type campaignScore struct {
	Facility  string  `json:"facility"`
	NameZH    string  `json:"name_zh"`
	NameEN    string  `json:"name_en"`
	Type      string  `json:"type"`
	Division  string  `json:"division_code"`
	Campaign  string  `json:"campaign"`
	Score     int     `json:"score" doc:"Of 100"`
	VisitedOn *string `json:"visited_on" nullable:"true" format:"date"`
}

type campaignScores struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Scores []campaignScore `json:"scores" nullable:"false"`
	}
}

func (h handlers) scores(ctx context.Context, in *scoreQuery) (*campaignScores, error) {
	list, err := h.records.Scores(ctx, in.Year, in.Division)
	if err != nil {
		return nil, problem(err)
	}
	out := &campaignScores{CacheControl: "private, no-cache"}
	out.Body.Scores = []campaignScore{}
	for _, s := range list {
		out.Body.Scores = append(out.Body.Scores, campaignScore{s.Facility, s.NameZH, s.NameEN, s.Type, s.DivisionCode, s.Campaign, s.Score, dayOrNone(s.VisitedOn)})
	}
	return out, nil
}
