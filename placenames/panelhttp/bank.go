package panelhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/panel"
)

// NamePanelCode is a code word with what people call it.
type NamePanelCode placenames.Code

// NamePanelCriterion is what experts score from 1 to 5.
type NamePanelCriterion struct {
	Code   string `json:"code" maxLength:"40"`
	ZH     string `json:"zh" maxLength:"60"`
	EN     string `json:"en" maxLength:"120"`
	HelpZH string `json:"help_zh" maxLength:"300"`
	HelpEN string `json:"help_en" maxLength:"300"`
}

// NamePanelOffice is an office that is asked as a rule.
type NamePanelOffice panel.Office

// NamePanelShare is a part of a whole: of 2 in 3.
type NamePanelShare panel.Share

// NamePanelCite is where a parameter stands, and how well that was read.
type NamePanelCite panel.Cite

// NamePanelPlan is what an authority sets about its panels.
type NamePanelPlan struct {
	Criteria      []NamePanelCriterion `json:"criteria" nullable:"false" maxItems:"40"`
	Quorum        int                  `json:"quorum" doc:"Opinions of experts without a conflict"`
	ReviewDays    int                  `json:"review_days" doc:"Of the calendar, for experts"`
	Offices       []NamePanelOffice    `json:"offices" nullable:"false" maxItems:"40"`
	OfficesNeeded bool                 `json:"offices_needed"`
	PublicNeeded  bool                 `json:"public_needed"`
	NoticeDays    int                  `json:"notice_days" doc:"The fewest days of a notice"`
	Grounds       []NamePanelCode      `json:"grounds" nullable:"false" maxItems:"40"`
	KeepDays      int                  `json:"keep_days" doc:"Names and contacts of comments are deleted so many days after the notice closed"`
	Present       NamePanelShare       `json:"present" doc:"Of the members of the committee, for a meeting to decide"`
	DeputiesCount bool                 `json:"deputies_count"`
	Votes         bool                 `json:"votes" doc:"Local rules ask the committee for a vote"`
	VoteShare     NamePanelShare       `json:"vote_share"`
}

// NamePanelRules is the plan as it is read.
type NamePanelRules struct {
	NamePanelPlan
	Version int                      `json:"version" doc:"Also its entity tag; 0 for the usual rules, which nobody has set"`
	Cites   map[string]NamePanelCite `json:"cites" doc:"Where each stands, by the name of the field"`
	May     bool                     `json:"may_write"`
}

func rulesOf(r panel.Rules, may bool) NamePanelRules {
	out := NamePanelRules{
		NamePanelPlan: NamePanelPlan{
			Criteria: criteriaOf(r.Criteria), Quorum: r.Quorum, ReviewDays: r.ReviewDays, Offices: []NamePanelOffice{}, OfficesNeeded: r.OfficesNeeded, PublicNeeded: r.PublicNeeded,
			NoticeDays: r.NoticeDays, Grounds: []NamePanelCode{}, KeepDays: r.KeepDays, Present: NamePanelShare(r.Present), DeputiesCount: r.DeputiesCount, Votes: r.Votes,
			VoteShare: NamePanelShare(r.VoteShare),
		},
		Version: r.Version, Cites: map[string]NamePanelCite{}, May: may,
	}
	for _, o := range r.Offices {
		out.Offices = append(out.Offices, NamePanelOffice(o))
	}
	for _, g := range r.Grounds {
		out.Grounds = append(out.Grounds, NamePanelCode(g))
	}
	for field, c := range r.Cites {
		out.Cites[field] = NamePanelCite(c)
	}
	return out
}

func criteriaOf(list []panel.Criterion) []NamePanelCriterion {
	out := []NamePanelCriterion{}
	for _, c := range list {
		out = append(out, NamePanelCriterion{Code: c.Code.Code, ZH: c.ZH, EN: c.EN, HelpZH: c.HelpZH, HelpEN: c.HelpEN})
	}
	return out
}

// read gives the plan; where a parameter stands follows those before it.
func (p NamePanelPlan) read(before panel.Rules) panel.Rules {
	out := panel.Rules{
		Quorum: p.Quorum, ReviewDays: p.ReviewDays, OfficesNeeded: p.OfficesNeeded, PublicNeeded: p.PublicNeeded, NoticeDays: p.NoticeDays, KeepDays: p.KeepDays,
		Present: panel.Share(p.Present), DeputiesCount: p.DeputiesCount, Votes: p.Votes, VoteShare: panel.Share(p.VoteShare), Cites: before.Cites,
	}
	for _, c := range p.Criteria {
		out.Criteria = append(out.Criteria, panel.Criterion{Code: placenames.Code{Code: c.Code, ZH: c.ZH, EN: c.EN}, HelpZH: c.HelpZH, HelpEN: c.HelpEN})
	}
	for _, o := range p.Offices {
		out.Offices = append(out.Offices, panel.Office(o))
	}
	for _, g := range p.Grounds {
		out.Grounds = append(out.Grounds, placenames.Code(g))
	}
	return out
}

func (h handlers) registerRules(api huma.API) {
	const path = "/api/v1/name-panel-rules"
	httpapi.Register(api, operation("name-panel-rules", http.MethodGet, path, "Criteria, quorums, offices and periods of panels · 论证与征求意见规则",
		"Its entity tag is the version; 0 stands for those of the program, which nobody has set. Each says where it stands."), h.rules)
	httpapi.Register(api, operation("set-name-panel-rules", http.MethodPut, path, "Set them as a whole · 设置论证与征求意见规则",
		"What was asked keeps the rules of its day."), h.setRules)
}

func (h handlers) rules(ctx context.Context, _ *struct{}) (*body[NamePanelRules], error) {
	r, may, err := h.desk.Rules(ctx)
	if err != nil {
		return nil, problem(err)
	}
	return versioned(r.Version, rulesOf(r, may)), nil
}

type setRulesInput struct {
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    struct {
		NamePanelPlan
		PanelReason
	}
}

func (h handlers) setRules(ctx context.Context, in *setRulesInput) (*body[NamePanelRules], error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	before, _, err := h.desk.Rules(ctx)
	if err != nil {
		return nil, problem(err)
	}
	if err := h.desk.SetRules(ctx, expected, in.Body.read(before), in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.rules(ctx, nil)
}

// NameExpertWords is what a person writes of an expert.
type NameExpertWords struct {
	Name    string   `json:"name" maxLength:"60"`
	Fields  []string `json:"fields" nullable:"false" maxItems:"10" doc:"What of: linguistics, history, …"`
	Unit    string   `json:"unit,omitempty" maxLength:"100"`
	Title   string   `json:"title,omitempty" maxLength:"60"`
	From    string   `json:"from" maxLength:"10"`
	Until   string   `json:"until,omitempty" maxLength:"10" doc:"The last day; left out for no end"`
	Account string   `json:"account,omitempty" maxLength:"63" doc:"Name of the account through which opinions are given; it needs the role of an expert"`
	Retired bool     `json:"retired,omitempty"`
	Note    string   `json:"note,omitempty" maxLength:"1000"`
}

// NameExpert is somebody of the bank.
type NameExpert struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Serves  bool   `json:"serves" doc:"May be asked today"`
	NameExpertWords
}

// NameExperts is the bank.
type NameExperts struct {
	Today string       `json:"today"`
	May   bool         `json:"may_write"`
	Rows  []NameExpert `json:"rows" nullable:"false"`
}

// NameMemberWords is what a person writes of a member of the committee.
type NameMemberWords struct {
	Name    string `json:"name" maxLength:"60"`
	Office  string `json:"office,omitempty" maxLength:"100"`
	Post    string `json:"post" enum:"chair,vice,member"`
	From    string `json:"from" maxLength:"10"`
	Until   string `json:"until,omitempty" maxLength:"10"`
	Account string `json:"account,omitempty" maxLength:"63"`
}

// NameMember is a member of the committee.
type NameMember struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Serves  bool   `json:"serves"`
	NameMemberWords
}

// NameMembers is the committee.
type NameMembers struct {
	Today string       `json:"today"`
	May   bool         `json:"may_write"`
	Rows  []NameMember `json:"rows" nullable:"false"`
}

func (h handlers) registerBank(api huma.API) {
	const experts, members = "/api/v1/experts", "/api/v1/name-members"
	httpapi.Register(api, operation("name-experts", http.MethodGet, experts, "The bank of experts · 专家库", "An expert sees nobody but themselves."), h.experts)
	httpapi.Register(api, operation("add-name-expert", http.MethodPost, experts, "Add an expert · 专家入库", ""), h.addExpert)
	httpapi.Register(api, operation("change-name-expert", http.MethodPut, experts+"/{id}", "Change an expert · 修改专家", "As a whole. Nobody is removed: who is retired is asked no more."), h.changeExpert)
	httpapi.Register(api, operation("name-members", http.MethodGet, members, "The committee · 地名委成员", ""), h.members)
	httpapi.Register(api, operation("add-name-member", http.MethodPost, members, "Add a member · 增加成员", ""), h.addMember)
	httpapi.Register(api, operation("change-name-member", http.MethodPut, members+"/{id}", "Change a member · 修改成员", "As a whole; a last day ends the membership."), h.changeMember)
}

func (h handlers) experts(ctx context.Context, _ *struct{}) (*body[NameExperts], error) {
	bank, may, err := h.desk.Experts(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := NameExperts{Today: string(h.desk.Today()), May: may, Rows: []NameExpert{}}
	for _, e := range bank {
		out.Rows = append(out.Rows, NameExpert{ID: e.ID, Version: e.Version, Serves: e.Serving(h.desk.Today()), NameExpertWords: NameExpertWords{
			Name: e.Name, Fields: append([]string{}, e.Fields...), Unit: e.Unit, Title: e.Title, From: string(e.From), Until: string(e.Until), Account: e.Account,
			Retired: e.Retired, Note: e.Note,
		}})
	}
	return fresh(out), nil
}

func (w NameExpertWords) read(id string) panel.Expert {
	return panel.Expert{
		ID: id, Name: w.Name, Fields: w.Fields, Unit: w.Unit, Title: w.Title, From: record.Day(w.From), Until: record.Day(w.Until), Account: w.Account, Retired: w.Retired, Note: w.Note,
	}
}

func (h handlers) addExpert(ctx context.Context, in *struct {
	PanelKey
	Body struct {
		NameExpertWords
		PanelReason
	}
},
) (*body[NameExperts], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	if _, err := h.desk.SaveExpert(ctx, 0, in.Body.read(""), in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.experts(ctx, nil)
}

func (h handlers) changeExpert(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    struct {
		NameExpertWords
		PanelReason
	}
},
) (*body[NameExperts], error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if _, err := h.desk.SaveExpert(ctx, expected, in.Body.read(in.ID), in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.experts(ctx, nil)
}

func (h handlers) members(ctx context.Context, _ *struct{}) (*body[NameMembers], error) {
	list, may, err := h.desk.Members(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := NameMembers{Today: string(h.desk.Today()), May: may, Rows: []NameMember{}}
	for _, m := range list {
		out.Rows = append(out.Rows, NameMember{ID: m.ID, Version: m.Version, Serves: m.Serving(h.desk.Today()), NameMemberWords: NameMemberWords{
			Name: m.Name, Office: m.Office, Post: string(m.Post), From: string(m.From), Until: string(m.Until), Account: m.Account,
		}})
	}
	return fresh(out), nil
}

func (w NameMemberWords) read(id string) panel.Sitting {
	return panel.Sitting{ID: id, Name: w.Name, Office: w.Office, Post: panel.Post(w.Post), From: record.Day(w.From), Until: record.Day(w.Until), Account: w.Account}
}

func (h handlers) addMember(ctx context.Context, in *struct {
	PanelKey
	Body struct {
		NameMemberWords
		PanelReason
	}
},
) (*body[NameMembers], error) {
	if err := in.fault(); err != nil {
		return nil, err
	}
	if _, err := h.desk.SaveMember(ctx, 0, in.Body.read(""), in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.members(ctx, nil)
}

func (h handlers) changeMember(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    struct {
		NameMemberWords
		PanelReason
	}
},
) (*body[NameMembers], error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if _, err := h.desk.SaveMember(ctx, expected, in.Body.read(in.ID), in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.members(ctx, nil)
}
