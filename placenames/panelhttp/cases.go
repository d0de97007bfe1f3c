package panelhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/panel"
)

// NamePanelCase is a case as those who are asked about it need it.
type NamePanelCase struct {
	CaseID    string           `json:"case_id"`
	Number    string           `json:"number"`
	Act       string           `json:"act" enum:"naming,renaming,retirement"`
	Name      string           `json:"name" doc:"As it is proposed"`
	Former    string           `json:"former,omitempty" doc:"The name until now, of a renaming"`
	Roman     string           `json:"roman,omitempty"`
	Kind      string           `json:"kind"`
	Division  string           `json:"division_code"`
	Applicant string           `json:"applicant"`
	Reason    string           `json:"reason"`
	NameID    string           `json:"name_id"`
	Origin    string           `json:"origin,omitempty"`
	Meaning   string           `json:"meaning,omitempty"`
	Extent    string           `json:"extent,omitempty" doc:"In words"`
	Open      bool             `json:"open" doc:"The case has not ended"`
	MayKeep   bool             `json:"may_keep" doc:"The reader keeps its record"`
	Sketch    *NamePanelSketch `json:"sketch,omitempty"`
}

// NamePanelSketch is a drawing of where a place is, in a square of 1000 by 1000 from the
// north-west.
type NamePanelSketch struct {
	Subject [][][2]int       `json:"subject" nullable:"false"`
	Area    bool             `json:"area"`
	Around  [][][2]int       `json:"around" nullable:"false" doc:"Roads"`
	Labels  []NamePanelLabel `json:"labels" nullable:"false"`
	Metres  int              `json:"metres" doc:"From side to side"`
}

// NamePanelLabel is a name on a sketch.
type NamePanelLabel struct {
	X    int    `json:"x"`
	Y    int    `json:"y"`
	Text string `json:"text"`
}

func caseOf(m panel.Matter, s panel.Sketch) NamePanelCase {
	out := NamePanelCase{
		CaseID: m.CaseID, Number: m.Number, Act: m.Act, Name: m.Name, Former: m.Former, Roman: m.Roman, Kind: m.Kind, Division: m.Division, Applicant: m.Applicant,
		Reason: m.Reason, NameID: m.NameID, Origin: m.Origin, Meaning: m.Meaning, Extent: m.Extent, Open: m.Open, MayKeep: m.MayKeep,
	}
	if len(s.Subject) > 0 {
		drawn := &NamePanelSketch{Subject: linesOf(s.Subject), Area: s.Area, Around: linesOf(s.Around), Labels: []NamePanelLabel{}, Metres: s.Metres}
		for _, l := range s.Labels {
			drawn.Labels = append(drawn.Labels, NamePanelLabel(l))
		}
		out.Sketch = drawn
	}
	return out
}

func linesOf(list []panel.Line) [][][2]int {
	out := [][][2]int{}
	for _, l := range list {
		out = append(out, l)
	}
	return out
}

// NamePanelLack is what keeps a material from being there.
type NamePanelLack struct {
	Material string `json:"material" doc:"expert_report, consultation_report or minutes"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
}

// NamePanel is everything that was asked and said about a case, as the reader may see it.
type NamePanel struct {
	Today        string                `json:"today"`
	Case         NamePanelCase         `json:"case"`
	Rules        NamePanelRules        `json:"rules"`
	Reads        bool                  `json:"reads_all" doc:"The reader sees all of it, not only what was asked of them"`
	Materials    []string              `json:"materials" nullable:"false" doc:"Those that are there"`
	Lacks        []NamePanelLack       `json:"lacks" nullable:"false"`
	Round        int                   `json:"round" doc:"How often experts were asked anew, from 0"`
	Reviews      []NameReview          `json:"reviews" nullable:"false" doc:"Of all rounds"`
	Summary      NameReviewSummary     `json:"summary" doc:"Of the present round"`
	AskRound     int                   `json:"consultation_round"`
	Asks         []NameAsk             `json:"asks" nullable:"false" doc:"Of all rounds"`
	Notices      []NameNotice          `json:"notices" nullable:"false" doc:"Of all rounds"`
	Comments     []NameComment         `json:"comments" nullable:"false" doc:"Of all rounds"`
	Consultation NameConsultationCount `json:"consultation" doc:"What the present round comes to, under the heads of measures 71, article 5"`
	Meetings     []NameMeeting         `json:"meetings" nullable:"false"`
}

func (h handlers) registerCase(api huma.API) {
	httpapi.Register(api, operation("name-panel", http.MethodGet, casePath+"/panel", "What was asked and said about a case · 论证、征求意见与审议",
		"Experts see nothing of others before they gave their own opinion; departments only what their office was asked."), h.one)
	httpapi.Register(api, operation("name-work", http.MethodGet, "/api/v1/name-work", "What the reader has to do about names · 我的地名事项",
		"As an expert, for an office, on the committee; the earliest last day first."), h.work)
}

type oneCase struct {
	ID string `path:"id" maxLength:"64"`
}

func (h handlers) one(ctx context.Context, in *oneCase) (*body[NamePanel], error) {
	return h.panel(ctx, in.ID)
}

func (h handlers) panel(ctx context.Context, id string) (*body[NamePanel], error) {
	c, err := h.desk.Case(ctx, id)
	if err != nil {
		return nil, problem(err)
	}
	return fresh(panelOf(c, h.desk.Today())), nil
}

func panelOf(c panel.Case, today record.Day) NamePanel {
	ready := c.Ready(today)
	out := NamePanel{
		Today: string(today), Case: caseOf(c.Matter, c.Sketch), Rules: rulesOf(c.Rules, false), Reads: c.Reads, Materials: append([]string{}, ready.Materials...),
		Lacks: []NamePanelLack{}, Round: c.Matter.Rounds.Experts, AskRound: c.Matter.Rounds.Consultation, Reviews: []NameReview{}, Asks: []NameAsk{}, Notices: []NameNotice{},
		Comments: []NameComment{}, Meetings: []NameMeeting{},
	}
	for _, l := range ready.Lacks {
		out.Lacks = append(out.Lacks, NamePanelLack(l))
	}
	for _, r := range c.Reviews {
		out.Reviews = append(out.Reviews, reviewOf(r, today))
	}
	out.Summary = summaryOf(panel.Summarise(c.Present(), c.Rules.Quorum, today))
	for _, a := range c.Consulted.Asks {
		out.Asks = append(out.Asks, askOf(a, today))
	}
	for _, n := range c.Consulted.Notices {
		out.Notices = append(out.Notices, noticeOf(n, today))
	}
	for _, x := range c.Consulted.Comments {
		out.Comments = append(out.Comments, commentOf(x))
	}
	out.Consultation = countOf(c.Consulted.InRound(c.Matter.Rounds.Consultation).Report(today))
	for _, m := range c.Meetings {
		out.Meetings = append(out.Meetings, meetingOf(m, c.Rules, false))
	}
	return out
}

// NameWorkReview is something that an expert was asked.
type NameWorkReview struct {
	Case   NamePanelCase `json:"case"`
	Review NameReview    `json:"review"`
}

// NameWorkAsk is something that an office was asked.
type NameWorkAsk struct {
	Case NamePanelCase `json:"case"`
	Ask  NameAsk       `json:"ask"`
}

// NameWork is what the reader has to do.
type NameWork struct {
	Today    string           `json:"today"`
	Sits     bool             `json:"sits" doc:"The reader sits on the committee"`
	Open     int              `json:"open" doc:"Opinions and answers that are still to be given"`
	Reviews  []NameWorkReview `json:"reviews" nullable:"false"`
	Asks     []NameWorkAsk    `json:"asks" nullable:"false"`
	Meetings []NameMeeting    `json:"meetings" nullable:"false"`
}

func (h handlers) work(ctx context.Context, _ *struct{}) (*body[NameWork], error) {
	w, err := h.desk.Work(ctx)
	if err != nil {
		return nil, problem(err)
	}
	rules, _, err := h.desk.Rules(ctx)
	if err != nil {
		return nil, problem(err)
	}
	today := h.desk.Today()
	out := NameWork{Today: string(today), Sits: w.Sits, Reviews: []NameWorkReview{}, Asks: []NameWorkAsk{}, Meetings: []NameMeeting{}}
	for _, r := range w.Reviews {
		at, ok := w.Matters[r.CaseID]
		if !ok {
			continue
		}
		if r.Counts() && !r.Given && at.Open {
			out.Open++
		}
		out.Reviews = append(out.Reviews, NameWorkReview{Case: caseOf(at, panel.Sketch{}), Review: reviewOf(r, today)})
	}
	for _, a := range w.Asks {
		at, ok := w.Matters[a.CaseID]
		if !ok {
			continue
		}
		if a.Withdrawn == "" && len(a.Replies) == 0 && at.Open {
			out.Open++
		}
		out.Asks = append(out.Asks, NameWorkAsk{Case: caseOf(at, panel.Sketch{}), Ask: askOf(a, today)})
	}
	for _, m := range w.Meetings {
		out.Meetings = append(out.Meetings, meetingOf(m, rules, false))
	}
	return fresh(out), nil
}
