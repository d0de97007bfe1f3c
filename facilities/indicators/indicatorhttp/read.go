package indicatorhttp

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/facilities/indicators"
	"yike/internal/httpapi"
)

type planTemplateSummary struct {
	Key            string         `json:"key"`
	Title          planText       `json:"title"`
	Authority      planText       `json:"authority"`
	BaseYear       int            `json:"base_year"`
	TargetYear     int            `json:"target_year"`
	Note           planText       `json:"note"`
	Documents      []planDocument `json:"documents" nullable:"false"`
	Numbered       int            `json:"numbered" doc:"Rows that the plan's table numbers"`
	InText         int            `json:"in_text" doc:"Targets in its text"`
	Computed       int            `json:"computed" doc:"That the registry can tell"`
	Contradictions int            `json:"contradictions"`
	Projects       int            `json:"projects"`
}

type planTemplates struct {
	Templates []planTemplateSummary `json:"templates" nullable:"false"`
}

type templatesReply struct{ Body planTemplates }

func (h handlers) templates(context.Context, *struct{}) (*templatesReply, error) {
	list, err := indicators.Templates()
	if err != nil {
		return nil, err
	}
	out := planTemplates{Templates: make([]planTemplateSummary, len(list))}
	for n, t := range list {
		body := bodyOf(t.Plan)
		s := planTemplateSummary{
			Key: t.Key, Title: body.Title, Authority: body.Authority, BaseYear: body.BaseYear, TargetYear: body.TargetYear, Note: body.Note, Documents: body.Documents,
			Numbered: t.Numbered(), InText: len(t.Indicators) - t.Numbered(), Projects: len(t.Projects),
		}
		for _, i := range t.Indicators {
			s.Contradictions += len(i.Contradict)
			if i.Formula.Computed() {
				s.Computed++
			}
		}
		out.Templates[n] = s
	}
	return &templatesReply{out}, nil
}

type planTemplate struct {
	Key        string          `json:"key"`
	Plan       PlanBody        `json:"plan"`
	Indicators []planIndicator `json:"indicators" nullable:"false"`
	Projects   []planProject   `json:"projects" nullable:"false" doc:"Their indicators are keys of rows"`
}

type templateInput struct {
	Key string `path:"key" maxLength:"64"`
}

type templateReply struct{ Body planTemplate }

func (h handlers) template(_ context.Context, in *templateInput) (*templateReply, error) {
	t, err := findTemplate(in.Key)
	if err != nil {
		return nil, problem(err)
	}
	types, err := h.plans.Types()
	if err != nil {
		return nil, problem(err)
	}
	return &templateReply{planTemplate{
		Key: t.Key, Plan: bodyOf(t.Plan), Projects: each(t.Projects, projectOf),
		Indicators: each(t.Indicators, func(i indicators.Indicator) planIndicator { return indicatorOf(i, types) }),
	}}, nil
}

func findTemplate(key string) (indicators.Template, error) {
	list, err := indicators.Templates()
	if err != nil {
		return indicators.Template{}, err
	}
	at := slices.IndexFunc(list, func(t indicators.Template) bool { return t.Key == key })
	if at < 0 {
		return indicators.Template{}, errUnknownTemplate
	}
	return list[at], nil
}

type planSummary struct {
	PlanRecord
	Indicators int `json:"indicators"`
	Numbered   int `json:"numbered"`
	Projects   int `json:"projects"`
}

type planList struct {
	Plans []planSummary `json:"plans" nullable:"false"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         planList
}

// fresh keeps answers from being shown again after somebody wrote.
const fresh = "private, no-cache"

func (h handlers) list(ctx context.Context, _ *struct{}) (*listReply, error) {
	list, err := h.plans.List(ctx)
	if err != nil {
		return nil, problem(err)
	}
	return &listReply{fresh, planList{each(list, func(l Listed) planSummary {
		return planSummary{recordOf(l.Plan), l.Indicators, l.Numbered, l.Projects}
	})}}, nil
}

// OnePlan names a plan in an address.
type OnePlan struct {
	ID string `path:"id" maxLength:"64"`
}

type planWhole struct {
	Plan       PlanRecord      `json:"plan"`
	Indicators []planIndicator `json:"indicators" nullable:"false"`
	Values     []planValue     `json:"values" nullable:"false"`
	Projects   []planProject   `json:"projects" nullable:"false"`
}

type wholeReply struct {
	CacheControl string `header:"Cache-Control"`
	ETag         string `header:"ETag"`
	Body         planWhole
}

func (h handlers) whole(ctx context.Context, in *OnePlan) (*wholeReply, error) {
	w, types, err := h.read(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return &wholeReply{fresh, httpapi.ETag(w.Plan.Version), planWhole{
		Plan:       recordOf(w.Plan),
		Indicators: each(w.Indicators, func(i indicators.Indicator) planIndicator { return indicatorOf(i, types) }),
		Values:     each(w.Values, func(v indicators.Value) planValue { return valueOf(v, types) }),
		Projects:   each(w.Projects, projectOf),
	}}, nil
}

func (h handlers) read(ctx context.Context, id string) (indicators.Whole, []facilities.TypeInfo, error) {
	types, err := h.plans.Types()
	if err != nil {
		return indicators.Whole{}, nil, err
	}
	w, err := h.plans.Whole(ctx, id)
	return w, types, err
}

type boardInput struct {
	OnePlan
	Year int `query:"year" doc:"The present year, within the plan's, when left out"`
}

type boardReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         planBoard
}

func (h handlers) board(ctx context.Context, in *boardInput) (*boardReply, error) {
	b, err := h.make(ctx, in.ID, func(p indicators.Plan) int { return h.yearOr(in.Year, p) })
	if err != nil {
		return nil, problem(err)
	}
	return h.reply(b, "")
}

func (h handlers) reply(b indicators.Board, kind string) (*boardReply, error) {
	types, err := h.plans.Types()
	if err != nil {
		return nil, problem(err)
	}
	notices, err := h.plans.Notices()
	if err != nil {
		return nil, problem(err)
	}
	return &boardReply{fresh, boardOf(b, kind, h.plans.Today(), types, notices)}, nil
}

// yearOr is the year asked for; else the present one, or the nearest that the plan has.
func (h handlers) yearOr(asked int, p indicators.Plan) int {
	if asked != 0 {
		return asked
	}
	return min(max(h.plans.Today().Year(), p.BaseYear+1), p.TargetYear)
}

// make puts a plan together for a year that is worked out from the plan.
func (h handlers) make(ctx context.Context, id string, of func(indicators.Plan) int) (indicators.Board, error) {
	w, err := h.plans.Whole(ctx, id)
	if err != nil {
		return indicators.Board{}, err
	}
	year := of(w.Plan)
	if year < w.Plan.BaseYear || year > w.Plan.TargetYear+indicators.MostYears {
		return indicators.Board{}, errBadYear
	}
	facts, err := h.plans.Facts(ctx, year)
	if err != nil {
		return indicators.Board{}, err
	}
	return indicators.MakeBoard(w, year, facts), nil
}

type reviewInput struct {
	OnePlan
	Kind string `query:"kind" enum:"mid-term,final" required:"true"`
	Year int    `query:"year" doc:"The year that the plan says for the review, when left out"`
}

func (h handlers) review(ctx context.Context, in *reviewInput) (*boardReply, error) {
	b, err := h.make(ctx, in.ID, reviewYear(in.Year, in.Kind))
	if err != nil {
		return nil, problem(err)
	}
	return h.reply(b, in.Kind)
}

func reviewYear(asked int, kind string) func(indicators.Plan) int {
	return func(p indicators.Plan) int {
		if asked != 0 {
			return asked
		}
		return p.ReviewYearOf(indicators.ReviewKind(kind))
	}
}

type fileInput struct {
	OnePlan
	Kind  string `query:"kind" enum:",mid-term,final" doc:"Left out for the board of a year"`
	Year  int    `query:"year"`
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"The language of the file"`
}

// file gives what writes a board in one format.
func (h handlers) file(format, mime string) func(context.Context, *fileInput) (*huma.StreamResponse, error) {
	return func(ctx context.Context, in *fileInput) (*huma.StreamResponse, error) {
		of := reviewYear(in.Year, in.Kind)
		if in.Kind == "" {
			of = func(p indicators.Plan) int { return h.yearOr(in.Year, p) }
		}
		b, err := h.make(ctx, in.ID, of)
		if err != nil {
			return nil, problem(err)
		}
		notices, err := h.plans.Notices()
		if err != nil {
			return nil, problem(err)
		}
		var file bytes.Buffer
		if err := h.files.Write(&file, format, b, indicators.ReviewKind(in.Kind), in.Words == "en", h.plans.Today(), notices); err != nil {
			return nil, problem(err)
		}
		name := fmt.Sprintf("%s-%d.%s", b.Plan.Title.ZH, b.Year, format)
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			hc.SetHeader("Content-Type", mime)
			hc.SetHeader("Content-Disposition", fmt.Sprintf(`attachment; filename="plan-%d.%s"; filename*=UTF-8''%s`, b.Year, format, url.PathEscape(name)))
			hc.SetHeader("Cache-Control", fresh)
			_, _ = hc.BodyWriter().Write(file.Bytes()) // a client that went away wants no more
		}}, nil
	}
}
