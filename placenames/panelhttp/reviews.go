package panelhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/panel"
)

// NameScore is an expert's points for a criterion.
type NameScore struct {
	Criterion string `json:"criterion" maxLength:"40"`
	Points    int    `json:"points" minimum:"1" maximum:"5"`
}

// NameOpinionWords is what an expert says.
type NameOpinionWords struct {
	Scores   []NameScore `json:"scores" nullable:"false" maxItems:"40"`
	Verdict  string      `json:"verdict" enum:"agree,change,disagree"`
	Text     string      `json:"text,omitempty" maxLength:"4000" doc:"Needed unless it agrees"`
	Risks    string      `json:"risks,omitempty" maxLength:"2000"`
	Advice   string      `json:"advice,omitempty" maxLength:"2000"`
	Day      string      `json:"day" maxLength:"10"`
	Document string      `json:"document,omitempty" maxLength:"100" doc:"Of an opinion on paper that somebody enters"`
}

// NameOpinion is an opinion as it was given.
type NameOpinion struct {
	NameOpinionWords
	EnteredBy string `json:"entered_by"`
	Own       bool   `json:"own" doc:"The expert wrote it"`
}

// NameReview is an expert who was asked.
type NameReview struct {
	ID             string               `json:"id"`
	Round          int                  `json:"round"`
	ExpertID       string               `json:"expert_id,omitempty" doc:"Left out where the reader is another expert"`
	Expert         string               `json:"expert,omitempty"`
	Unit           string               `json:"unit,omitempty"`
	Title          string               `json:"title,omitempty"`
	Fields         []string             `json:"fields" nullable:"false"`
	HasAccount     bool                 `json:"has_account"`
	AskedOn        string               `json:"asked_on"`
	Due            string               `json:"due"`
	Late           bool                 `json:"late"`
	Criteria       []NamePanelCriterion `json:"criteria" nullable:"false"`
	Seed           string               `json:"seed,omitempty" doc:"Of the lot by which the expert was drawn"`
	Conflict       string               `json:"conflict" enum:",proposed,declared,cleared"`
	ConflictReason string               `json:"conflict_reason,omitempty"`
	Withdrawn      string               `json:"withdrawn,omitempty"`
	Given          bool                 `json:"given"`
	Mine           bool                 `json:"mine"`
	MayGive        bool                 `json:"may_give" doc:"An opinion can still be given"`
	Opinion        *NameOpinion         `json:"opinion,omitempty" doc:"Where the reader may see it"`
}

func reviewOf(r panel.Review, today record.Day) NameReview {
	out := NameReview{
		ID: r.ID, Round: r.Round, ExpertID: r.Expert.ID, Expert: r.Expert.Name, Unit: r.Expert.Unit, Title: r.Expert.Title, Fields: append([]string{}, r.Expert.Fields...),
		HasAccount: r.Expert.Account != "", AskedOn: string(r.AskedOn), Due: string(r.Due), Late: r.Late(today), Criteria: criteriaOf(r.Criteria), Seed: r.Seed,
		Conflict: string(r.Conflict), ConflictReason: r.ConflictReason, Withdrawn: r.Withdrawn, Given: r.Given, Mine: r.Mine, MayGive: r.Counts() && !r.Given,
	}
	if o := r.Opinion; o != nil {
		words := NameOpinionWords{
			Scores: []NameScore{}, Verdict: string(o.Verdict), Text: o.Text, Risks: o.Risks, Advice: o.Advice, Day: string(o.Day), Document: o.Document,
		}
		for _, s := range o.Scores {
			words.Scores = append(words.Scores, NameScore(s))
		}
		out.Opinion = &NameOpinion{NameOpinionWords: words, EnteredBy: o.EnteredBy, Own: o.Own}
	}
	return out
}

// NameSpread is what points come to, in points.
type NameSpread struct {
	N         int     `json:"n"`
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation" doc:"Standard deviation"`
	Least     int     `json:"least"`
	Most      int     `json:"most"`
}

// NameCriterionSpread is what the points for a criterion come to.
type NameCriterionSpread struct {
	Criterion string `json:"criterion"`
	ZH        string `json:"zh"`
	EN        string `json:"en"`
	NameSpread
}

// NameReviewSummary is what the experts say.
type NameReviewSummary struct {
	Asked       int                   `json:"asked" doc:"Without a conflict and not withdrawn"`
	Given       int                   `json:"given"`
	Late        int                   `json:"late" doc:"Of those given"`
	Outstanding int                   `json:"outstanding"`
	Barred      int                   `json:"barred" doc:"With a conflict of interest"`
	Agree       int                   `json:"agree"`
	Change      int                   `json:"change"`
	Disagree    int                   `json:"disagree"`
	Quorum      int                   `json:"quorum"`
	Reached     bool                  `json:"reached"`
	All         NameSpread            `json:"all"`
	Criteria    []NameCriterionSpread `json:"criteria" nullable:"false"`
}

func spreadOf(s panel.Spread) NameSpread {
	return NameSpread{N: s.N, Mean: float64(s.Mean) / 100, Deviation: float64(s.Deviation) / 100, Least: s.Least, Most: s.Most}
}

func summaryOf(s panel.Summary) NameReviewSummary {
	out := NameReviewSummary{
		Asked: s.Asked, Given: s.Given, Late: s.Late, Outstanding: s.Outstanding, Barred: s.Barred, Agree: s.Agree, Change: s.Change, Disagree: s.Disagree,
		Quorum: s.Quorum, Reached: s.Reached, All: spreadOf(s.All), Criteria: []NameCriterionSpread{},
	}
	for _, c := range s.Criteria {
		out.Criteria = append(out.Criteria, NameCriterionSpread{Criterion: c.Criterion.Code.Code, ZH: c.Criterion.ZH, EN: c.Criterion.EN, NameSpread: spreadOf(c.Spread)})
	}
	return out
}

func (h handlers) registerReviews(api huma.API) {
	const path = casePath + "/reviews"
	httpapi.Register(api, operation("ask-name-experts", http.MethodPost, path, "Ask experts, chosen or drawn by lot · 征求专家意见",
		"Who works for the applicant has a proposed conflict of interest and is not drawn. The seed of a lot is kept, so that it can be repeated."), h.invite)
	httpapi.Register(api, operation("set-name-conflict", http.MethodPost, path+"/{review}/conflict", "Declare or clear a conflict of interest · 回避",
		"The expert declares; who keeps the case clears."), h.conflict)
	httpapi.Register(api, operation("dismiss-name-expert", http.MethodPost, path+"/{review}/dismissal", "Ask an expert no more · 不再征求", ""), h.dismiss)
	httpapi.Register(api, operation("give-name-opinion", http.MethodPost, path+"/{review}/opinion", "Give an expert's opinion · 提交专家意见",
		"Once; it is never changed. Who keeps the case enters an opinion that came on paper."), h.opine)
}

// PanelOf names a part of a case.
type PanelOf struct {
	PanelKey
	ID string `path:"id" maxLength:"64"`
}

func (h handlers) invite(ctx context.Context, in *struct {
	PanelOf
	Body struct {
		Experts []string `json:"experts,omitempty" nullable:"false" maxItems:"40" doc:"Ids of the bank; left out to draw"`
		Draw    int      `json:"draw,omitempty" minimum:"0" maximum:"40" doc:"How many to draw by lot"`
		Fields  []string `json:"fields,omitempty" nullable:"false" maxItems:"10" doc:"Draw of these only"`
		Day     string   `json:"day" maxLength:"10"`
		Due     string   `json:"due,omitempty" maxLength:"10" doc:"Left out for the days of the rules"`
	}
},
) (*body[NamePanel], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	b := in.Body
	err := h.desk.Invite(ctx, in.ID, panel.Invitation{Experts: b.Experts, Draw: b.Draw, Fields: b.Fields, Day: record.Day(b.Day), Due: record.Day(b.Due)})
	if err != nil {
		return nil, problem(err)
	}
	return h.panel(ctx, in.ID)
}

// PanelReview names a review.
type PanelReview struct {
	PanelOf
	Review string `path:"review" maxLength:"64"`
}

func (h handlers) conflict(ctx context.Context, in *struct {
	PanelReview
	Body struct {
		Conflict string `json:"conflict" enum:"declared,cleared"`
		PanelReason
	}
},
) (*body[NamePanel], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	if err := h.desk.SetConflict(ctx, in.ID, in.Review, panel.Conflict(in.Body.Conflict), in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.panel(ctx, in.ID)
}

func (h handlers) dismiss(ctx context.Context, in *struct {
	PanelReview
	Body PanelReason
},
) (*body[NamePanel], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	if err := h.desk.Dismiss(ctx, in.ID, in.Review, in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.panel(ctx, in.ID)
}

func (h handlers) opine(ctx context.Context, in *struct {
	PanelReview
	Body NameOpinionWords
},
) (*body[NamePanel], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	b := in.Body
	o := panel.Opinion{Verdict: panel.Verdict(b.Verdict), Text: b.Text, Risks: b.Risks, Advice: b.Advice, Day: record.Day(b.Day), Document: b.Document}
	for _, s := range b.Scores {
		o.Scores = append(o.Scores, panel.Score(s))
	}
	if err := h.desk.Opine(ctx, in.ID, in.Review, o); err != nil {
		return nil, problem(err)
	}
	return h.panel(ctx, in.ID)
}
