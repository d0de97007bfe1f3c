package estatehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// registerDuties mounts which office answers for what, and what is overdue.
func (h stepHandlers) registerDuties(api huma.API) {
	const dutiesPath = "/api/v1/estate-duties"
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-duties", Method: http.MethodGet, Path: dutiesPath, Tags: tags(),
		Summary:     "Which office gives which opinion on new estates, with its clock · 意见职责",
		Description: "Its entity tag is the version; 0 stands for the usual duties, which nobody has set.",
		Errors:      []int{http.StatusUnauthorized},
	}, h.duties)
	httpapi.Register(api, huma.Operation{
		OperationID: "set-estate-duties", Method: http.MethodPut, Path: dutiesPath, Tags: tags(),
		Summary:     "Set which office gives which opinion · 设置意见职责",
		Description: "As a whole. Rounds that were asked keep the duties of their day.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.setDuties)
	httpapi.Register(api, huma.Operation{
		OperationID: "estates-overdue", Method: http.MethodGet, Path: "/api/v1/estates-overdue", Tags: tags(),
		Summary: "Opinions, rectifications, conditions and hand-overs of new estates that are late · 配建逾期事项",
		Errors:  []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.overdue)
}

// EstateDuty is which office gives an opinion on which premises at a milestone.
type EstateDuty struct {
	Milestone string `json:"milestone" maxLength:"40"`
	Norm      string `json:"norm" maxLength:"40" doc:"community_premises or elderly_premises"`
	Office    string `json:"office" maxLength:"100"`
	Days      int    `json:"days" doc:"Of the calendar after the request; 0 sets no clock"`
	From      string `json:"from,omitempty" maxLength:"10" doc:"The first day that it holds on"`
	Until     string `json:"until,omitempty" maxLength:"10" doc:"The last day"`
	OwnOnly   bool   `json:"own_only,omitempty" doc:"Only accounts of the office, by their department, give it; else who keeps the records enters its letter, too"`
	Series    string `json:"series,omitempty" maxLength:"40" doc:"Of its letters, as 津西民意, which are then numbered here without a gap; left out where the office numbers them itself"`
	Source    string `json:"source,omitempty" maxLength:"400" doc:"By which text"`
}

// EstateDutyPlan is what an authority has set about the milestones.
type EstateDutyPlan struct {
	Duties         []EstateDuty `json:"duties" nullable:"false" maxItems:"80"`
	RectifyDays    int          `json:"rectify_days" doc:"To put right what was refused, where the refusal names no day; 0 for none"`
	HandoverMonths int          `json:"handover_months" doc:"From acceptance to hand-over where no rule of the place says; 0 for none"`
}

// EstateDuties is the plan as it is read.
type EstateDuties struct {
	EstateDutyPlan
	Version int  `json:"version" doc:"Also its entity tag; 0 for the usual duties, which nobody has set"`
	May     bool `json:"may_write"`
}

type dutiesReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         EstateDuties
}

func (h stepHandlers) duties(ctx context.Context, _ *struct{}) (*dutiesReply, error) {
	d, may, err := h.steps.Duties(ctx)
	if err != nil {
		return nil, stepProblem(err)
	}
	out := EstateDuties{EstateDutyPlan: EstateDutyPlan{Duties: []EstateDuty{}, RectifyDays: d.RectifyDays, HandoverMonths: d.HandoverMonths}, Version: d.Version, May: may}
	for _, x := range d.List {
		out.Duties = append(out.Duties, EstateDuty{
			Milestone: x.Milestone.Code().Code, Norm: string(x.Norm), Office: x.Office, Days: x.Days, From: string(x.From), Until: string(x.Until),
			OwnOnly: x.OwnOnly, Series: x.Series, Source: x.Source,
		})
	}
	return &dutiesReply{ETag: httpapi.ETag(d.Version), CacheControl: "no-store", Body: out}, nil
}

type setDutiesInput struct {
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    struct {
		EstateDutyPlan
		Reason string `json:"reason" maxLength:"500"`
	}
}

func (h stepHandlers) setDuties(ctx context.Context, in *setDutiesInput) (*dutiesReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	d := estates.Duties{RectifyDays: in.Body.RectifyDays, HandoverMonths: in.Body.HandoverMonths}
	for _, x := range in.Body.Duties {
		m, ok := estates.ParseMilestone(x.Milestone)
		if !ok {
			m = -1 // which Validate refuses, with the others
		}
		d.List = append(d.List, estates.Duty{
			Milestone: m, Norm: normOf(x.Norm), Office: x.Office, Days: x.Days, From: record.Day(x.From), Until: record.Day(x.Until),
			OwnOnly: x.OwnOnly, Series: x.Series, Source: x.Source,
		})
	}
	if err := h.steps.SetDuties(ctx, expected, d, in.Body.Reason); err != nil {
		return nil, stepProblem(err)
	}
	return h.duties(ctx, nil)
}

// EstateLate is something of an estate that is late.
type EstateLate struct {
	EstateDue
	EstateID     string `json:"estate_id"`
	Estate       string `json:"estate" doc:"Its name"`
	DivisionCode string `json:"division_code"`
}

// EstatesOverdue is what is late, what is latest first.
type EstatesOverdue struct {
	Today  string         `json:"today" format:"date"`
	Counts map[string]int `json:"counts" doc:"Late ones by kind: opinion, rectification, condition, handover"`
	Rows   []EstateLate   `json:"rows" nullable:"false"`
}

type overdueReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstatesOverdue
}

func (h stepHandlers) overdue(ctx context.Context, in *struct {
	Division string `query:"division" maxLength:"32" doc:"With all below it; all when left out"`
	All      bool   `query:"all" doc:"Also what is due and not late"`
},
) (*overdueReply, error) {
	list, err := h.steps.Due(ctx, in.Division)
	if err != nil {
		return nil, stepProblem(err)
	}
	out := EstatesOverdue{
		Today: string(h.steps.Today()), Rows: []EstateLate{},
		Counts: map[string]int{string(estates.OpinionDue): 0, string(estates.RectifyDue): 0, string(estates.ConditionDue): 0, string(estates.HandoverDue): 0},
	}
	for _, d := range list {
		if d.Late > 0 {
			out.Counts[string(d.Kind)]++
		}
		if d.Late > 0 || in.All {
			out.Rows = append(out.Rows, EstateLate{EstateDue: dueOf(d.Due), EstateID: d.Estate.ID, Estate: d.Estate.Name, DivisionCode: d.Estate.DivisionCode})
		}
	}
	return &overdueReply{CacheControl: "no-store", Body: out}, nil
}
