package estatehttp

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/internal/rules"
	"yike/internal/rules/ruleshttp"
)

// registerChecks mounts the checks.
func (h handlers) registerChecks(api huma.API) {
	const about = "Every rule with inputs, formula, threshold, citation, evidence and what is missing; what fails first. An input that nobody knows makes a rule undetermined, never passed. " +
		"A norm that is stated for a community is held against the community as it will be with the estate, whose share stands beside it. " +
		"Of rules that ask the same the strictest stays and names those that it beats."
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-check", Method: http.MethodGet, Path: onePath + "/check", Tags: tags(),
		Summary: "What the rules find of an estate · 配建核查", Description: about,
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.check)
	httpapi.Register(api, huma.Operation{
		OperationID: "try-estate", Method: http.MethodPost, Path: listPath + "/check", Tags: tags(),
		Summary:     "What the rules would find of an estate that nobody saved · 配建试算",
		Description: "Writes nothing. " + about,
		Errors:      []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.try)
}

// EstateShare is the estate's part of what a norm for a community measures.
type EstateShare struct {
	Area       float64  `json:"area" doc:"m² of the estate that count"`
	Households float64  `json:"households" doc:"Of the estate; 0 when unknown"`
	Per100     *float64 `json:"per_100" nullable:"true" doc:"m² per 100 of its own households; null when unknown"`
	Owed       *float64 `json:"owed" nullable:"true" doc:"m² that the estate needs so that the community reaches the norm; null when unknown"`
}

// EstateFinding is what one rule found.
type EstateFinding struct {
	ruleshttp.StandardFinding
	Subject     string              `json:"subject" enum:"estate,community,room" doc:"What the rule is asked of"`
	RoomIndex   int                 `json:"room_index" doc:"Of the estate's rooms; -1 for the estate as a whole"`
	RoomID      string              `json:"room_id,omitempty"`
	RoomName    string              `json:"room_name,omitempty"`
	MissingUnit string              `json:"missing_unit" doc:"Of missing: m2, days, months and so on; empty where nothing is missing"`
	Strictest   bool                `json:"strictest" doc:"It is the strictest of several that hold here; beats names the others"`
	Share       orNull[EstateShare] `json:"estate_share" doc:"Of a norm for the community; null for others"`
}

// EstateCommunity is what a check knew of the estate's community, without the estate.
type EstateCommunity struct {
	Known      bool    `json:"known" doc:"What it has today is known; else norms for communities are undetermined"`
	Name       string  `json:"name"`
	Rural      bool    `json:"rural"`
	Households int     `json:"households"`
	Area       float64 `json:"area" doc:"m² of community premises that count today"`
	Elderly    float64 `json:"elderly" doc:"m² of elderly premises that count today"`
}

// EstateCheck is a check of an estate.
type EstateCheck struct {
	Day        string          `json:"day" format:"date" doc:"The day that the rules were held to"`
	Milestone  *string         `json:"milestone" nullable:"true" doc:"Null for all rules, however far the estate is"`
	Conclusion string          `json:"conclusion" enum:"compliant,not_compliant,open"`
	Failed     int             `json:"failed" doc:"Rules that are errors and fail"`
	Unknown    int             `json:"unknown" doc:"Rules that are errors and of which an input is not known"`
	Warnings   int             `json:"warnings"`
	Community  EstateCommunity `json:"community"`
	Findings   []EstateFinding `json:"findings" nullable:"false"`
}

func checkOf(c Checked) EstateCheck {
	at := c.Context.Community
	out := EstateCheck{
		Day: string(c.Context.Day), Conclusion: string(c.Conclusion), Failed: c.Failed, Unknown: c.Unknown, Warnings: c.Warnings, Findings: []EstateFinding{},
		Community: EstateCommunity{at.Known, at.Name, at.Rural, at.Households, at.Area.M2(), at.Elderly.M2()},
	}
	if c.Milestone != nil {
		code := c.Milestone.Code().Code
		out.Milestone = &code
	}
	list := slices.Clone(c.Findings)
	slices.SortStableFunc(list, func(a, b estates.Found) int { return ruleshttp.Urgency(a.Finding) - ruleshttp.Urgency(b.Finding) })
	for _, f := range list {
		if f.Room >= 0 && f.Outcome == rules.NotApplicable {
			continue // said once for each room, it would hide the rest
		}
		out.Findings = append(out.Findings, findingOf(c, f))
	}
	return out
}

func findingOf(c Checked, f estates.Found) EstateFinding {
	out := EstateFinding{StandardFinding: ruleshttp.Finding(c.Set, f.Finding), Subject: f.Rule.Subject, RoomIndex: f.Room, Strictest: len(f.Beat) > 0, Share: some[EstateShare](nil)}
	if f.Missing > 0 {
		out.MissingUnit = c.Set.MissingUnit(f.Finding)
	}
	if f.Room >= 0 && f.Room < len(c.Estate.Rooms) {
		r := c.Estate.Rooms[f.Room]
		out.RoomID, out.RoomName = r.ID, r.Title()
	}
	if s, ok := f.Share(); ok {
		out.Share = some(&EstateShare{s.Area, s.Households, s.Per100, s.Owes})
	}
	return out
}

type checkInput struct {
	ID        string `path:"id" maxLength:"64"`
	Milestone string `query:"milestone" enum:"due,conditions,plan_review,construction,acceptance,handover" doc:"The rules due until then; due is the milestone that the estate has come to; all when left out"`
}

type checkReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstateCheck
}

// milestoneOf reads a code word that the schema let through; nil for "".
func milestoneOf(code string) *estates.Milestone {
	m, ok := estates.ParseMilestone(code)
	if code == "due" {
		m, ok = estates.DueNow, true
	}
	if !ok {
		return nil
	}
	return &m
}

func (h handlers) check(ctx context.Context, in *checkInput) (*checkReply, error) {
	c, err := h.records.Check(ctx, in.ID, milestoneOf(in.Milestone))
	if err != nil {
		return nil, problem(err)
	}
	return &checkReply{CacheControl: "no-store", Body: checkOf(c)}, nil
}

type tryInput struct {
	Body struct {
		Estate    EstateContent `json:"estate"`
		ID        string        `json:"id,omitempty" maxLength:"64" doc:"The estate that it would be; left out for a new one"`
		Milestone string        `json:"milestone,omitempty" enum:"due,conditions,plan_review,construction,acceptance,handover" doc:"The rules due until then; due is the milestone that the estate has come to; all when left out"`
	}
}

func (h handlers) try(ctx context.Context, in *tryInput) (*checkReply, error) {
	e, faults := in.Body.Estate.estate()
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	c, err := h.records.Try(ctx, e, in.Body.ID, milestoneOf(in.Body.Milestone))
	if err != nil {
		return nil, problem(err)
	}
	return &checkReply{CacheControl: "no-store", Body: checkOf(c)}, nil
}
