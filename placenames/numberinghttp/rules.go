package numberinghttp

import (
	"context"

	"yike/internal/httpapi"
	"yike/internal/rules"
	"yike/placenames/numbering"
)

// NumberingSource is the text behind a clause.
type NumberingSource struct {
	Clause  string `json:"clause" enum:"start,odd_side,counting,reserve,suffix,corner,one_sided,run_on,skip,rows,no_gaps,dead_end,gate,provisional"`
	Grade   string `json:"grade" enum:"R,r,D,P,M" doc:"R read whole, r in an excerpt or a copy, D derived, P proposed without a text, M only remembered"`
	GradeZH string `json:"grade_zh,omitempty" maxLength:"100"`
	GradeEN string `json:"grade_en,omitempty" maxLength:"100"`
	ZH      string `json:"zh,omitempty" maxLength:"2400"`
	EN      string `json:"en,omitempty" maxLength:"2400"`
}

// NumberingRows say how a village or yard is numbered row by row.
type NumberingRows struct {
	First      string `json:"first" enum:"N,E,S,W" doc:"The side of the first row"`
	Within     string `json:"within" enum:"N,E,S,W" doc:"The end at which a row begins"`
	Serpentine bool   `json:"serpentine,omitempty" doc:"Every other row runs back"`
	Hundreds   bool   `json:"hundreds,omitempty" doc:"Row 3 has 301 on"`
}

// NumberingRuleSet is how doors are numbered.
type NumberingRuleSet struct {
	Key           string            `json:"key,omitempty" maxLength:"40" doc:"Of a preset; empty of the bureau's own"`
	NameZH        string            `json:"name_zh" maxLength:"240"`
	NameEN        string            `json:"name_en,omitempty" maxLength:"240"`
	Layout        string            `json:"layout" enum:"road,rows"`
	From          []string          `json:"from" nullable:"false" maxItems:"8" doc:"The ends at which numbers begin: one of E and W, one of N and S, and one of each diagonal or of none"`
	OddBy         string            `json:"odd_by" enum:"left,right,compass" doc:"What decides the side of odd numbers, looking from the start"`
	OddSides      []string          `json:"odd_sides,omitempty" nullable:"false" maxItems:"8"`
	Counting      string            `json:"counting" enum:"sequence,distance"`
	StepM         float64           `json:"step_m,omitempty" doc:"Metres that one number stands for, by distance"`
	ReserveM      float64           `json:"reserve_m,omitempty" doc:"Metres of vacant frontage for one reserved number; 0 reserves none"`
	ReserveGaps   bool              `json:"reserve_gaps,omitempty"`
	Skip          []int             `json:"skip,omitempty" nullable:"false" maxItems:"50"`
	DeadEndInward bool              `json:"dead_end_inward"`
	OneSidedPlain bool              `json:"one_sided_plain"`
	CornerToMain  bool              `json:"corner_to_main"`
	RunOn         bool              `json:"run_on"`
	NoGaps        bool              `json:"no_gaps"`
	Rows          *NumberingRows    `json:"rows,omitempty"`
	Sources       []NumberingSource `json:"sources" nullable:"false" maxItems:"20"`
}

func setOut(r numbering.RuleSet) NumberingRuleSet {
	out := NumberingRuleSet{
		Key: r.Key, NameZH: r.NameZH, NameEN: r.NameEN, Layout: string(r.Layout), From: texts(r.From), OddBy: string(r.OddBy), OddSides: texts(r.OddSides),
		Counting: string(r.Counting), StepM: r.StepM, ReserveM: r.ReserveM, ReserveGaps: r.ReserveGaps, Skip: r.Skip, DeadEndInward: r.DeadEndInward,
		OneSidedPlain: r.OneSidedPlain, CornerToMain: r.CornerToMain, RunOn: r.RunOn, NoGaps: r.NoGaps, Sources: []NumberingSource{},
	}
	if r.Rows != nil {
		out.Rows = &NumberingRows{string(r.Rows.First), string(r.Rows.Within), r.Rows.Serpentine, r.Rows.Hundreds}
	}
	for _, s := range r.Sources {
		zh, en := s.Grade.Words()
		out.Sources = append(out.Sources, NumberingSource{Clause: string(s.Clause), Grade: string(s.Grade), GradeZH: zh, GradeEN: en, ZH: s.ZH, EN: s.EN})
	}
	return out
}

func (r NumberingRuleSet) set() numbering.RuleSet {
	out := numbering.RuleSet{
		Key: r.Key, NameZH: r.NameZH, NameEN: r.NameEN, Layout: numbering.Layout(r.Layout), From: compasses(r.From), OddBy: numbering.OddBy(r.OddBy),
		OddSides: compasses(r.OddSides), Counting: numbering.Counting(r.Counting), StepM: r.StepM, ReserveM: r.ReserveM, ReserveGaps: r.ReserveGaps,
		DeadEndInward: r.DeadEndInward, OneSidedPlain: r.OneSidedPlain, CornerToMain: r.CornerToMain, RunOn: r.RunOn, NoGaps: r.NoGaps,
	}
	if len(r.Skip) > 0 {
		out.Skip = r.Skip
	}
	if r.Rows != nil {
		out.Rows = &numbering.Rows{First: numbering.Compass(r.Rows.First), Within: numbering.Compass(r.Rows.Within), Serpentine: r.Rows.Serpentine, Hundreds: r.Rows.Hundreds}
	}
	for _, s := range r.Sources {
		out.Sources = append(out.Sources, numbering.Source{Clause: numbering.Clause(s.Clause), Grade: rules.Grade(s.Grade), ZH: s.ZH, EN: s.EN})
	}
	return out
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = string(t)
	}
	return out
}

func compasses(list []string) []numbering.Compass {
	var out []numbering.Compass
	for _, t := range list {
		out = append(out, numbering.Compass(t))
	}
	return out
}

// NumberingRule is a rule set of the bureau's own.
type NumberingRule struct {
	ID       string           `json:"id"`
	Version  int              `json:"version"`
	Rules    NumberingRuleSet `json:"rules"`
	Standard bool             `json:"standard" doc:"Roads are numbered by it unless another is chosen"`
	Retired  bool             `json:"retired"`
	Document string           `json:"document" doc:"By which document the bureau has it"`
	Note     string           `json:"note"`
	Since    string           `json:"valid_from" doc:"First day of this version"`
}

func ruleOut(l numbering.LocalRule) NumberingRule {
	return NumberingRule{l.ID, l.Version, setOut(l.Rules), l.Standard, l.Retired, l.Document, l.Note, string(l.ValidFrom)}
}

// NumberingCheck is one of the checks.
type NumberingCheck struct {
	ID       string `json:"id"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
	TestZH   string `json:"test_zh"`
	TestEN   string `json:"test_en"`
	Clause   string `json:"clause" doc:"Whose source it has; empty for one of its own"`
	SourceZH string `json:"source_zh"`
	SourceEN string `json:"source_en"`
}

// NumberingRules are all rule sets.
type NumberingRules struct {
	Rules    []NumberingRule    `json:"rules" nullable:"false" doc:"Of the bureau; the standard one first, retired ones last"`
	Presets  []NumberingRuleSet `json:"presets" nullable:"false"`
	Checks   []NumberingCheck   `json:"checks" nullable:"false"`
	Clauses  []string           `json:"clauses" nullable:"false" doc:"In the order in which people read them"`
	MayWrite bool               `json:"may_write"`
}

type rulesReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NumberingRules
}

func (h handlers) list(ctx context.Context, _ *struct{}) (*rulesReply, error) {
	list, may, err := h.desk.Rules(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := NumberingRules{Rules: []NumberingRule{}, Presets: []NumberingRuleSet{}, Checks: []NumberingCheck{}, Clauses: texts(numbering.Clauses()), MayWrite: may}
	for _, l := range list {
		out.Rules = append(out.Rules, ruleOut(l))
	}
	for _, p := range h.presets {
		out.Presets = append(out.Presets, setOut(p))
	}
	for _, c := range h.checks {
		out.Checks = append(out.Checks, NumberingCheck{c.ID, c.ZH, c.EN, c.TestZH, c.TestEN, string(c.Clause), c.SourceZH, c.SourceEN})
	}
	return &rulesReply{CacheControl: "no-store", Body: out}, nil
}

// NumberingRuleContent is what a person writes of a rule set.
type NumberingRuleContent struct {
	Rules    NumberingRuleSet `json:"rules"`
	Standard bool             `json:"standard,omitempty"`
	Retired  bool             `json:"retired,omitempty"`
	Document string           `json:"document,omitempty" maxLength:"2400"`
	Note     string           `json:"note,omitempty" maxLength:"2400"`
}

func (c NumberingRuleContent) rule() numbering.LocalRule {
	return numbering.LocalRule{Rules: c.Rules.set(), Standard: c.Standard, Retired: c.Retired, Document: c.Document, Note: c.Note}
}

type ruleReply = httpapi.RecordReply[NumberingRule]

func answer(l numbering.LocalRule, err error) (*ruleReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.ReplyWith(l.Version, ruleOut(l)), nil
}

func (h handlers) one(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*ruleReply, error) {
	l, err := h.desk.One(ctx, in.ID)
	return answer(l, err)
}

func (h handlers) create(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		NumberingRuleContent
		httpapi.RecordEntry
	}
},
) (*ruleReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	l, err := h.desk.Create(ctx, in.Body.rule(), in.Body.Change())
	out, err := answer(l, err)
	if err == nil {
		out.Location = rulesPath + "/" + l.ID
	}
	return out, err
}

func (h handlers) update(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		NumberingRuleContent
		httpapi.RecordRevision
	}
},
) (*ruleReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	l, err := h.desk.Update(ctx, in.ID, expected, in.Body.rule(), in.Body.Change())
	return answer(l, err)
}

func (h handlers) history(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*httpapi.RecordHistory, error) {
	list, err := h.desk.History(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}
