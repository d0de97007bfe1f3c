package indicatorhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/indicators"
	"yike/internal/httpapi"
)

func (h handlers) registerPlanWrites(api huma.API) {
	httpapi.Register(api, operation("create-plan", http.MethodPost, "/api/v1/plans", "Make a plan: an empty one, or a template's · 新建或采用规划",
		"With a template its rows are copied, to be changed as the bureau needs.", makes()), h.create)
	httpapi.Register(api, operation("update-plan", http.MethodPut, "/api/v1/plans/{id}", "Change a plan · 修改规划",
		"The whole plan, but for its rows. One that changes nothing leaves no version behind.", changes()), h.update)
	httpapi.Register(api, operation("delete-plan", http.MethodDelete, "/api/v1/plans/{id}", "Take a plan away with all its rows · 删除规划",
		"Its history stays.", changes()), h.remove)
	httpapi.Register(api, operation("seal-plan", http.MethodPost, "/api/v1/plans/{id}/seals", "Keep what is computed for a year · 封存年度数值",
		"With all it was computed from. What was sealed before stands, unless again is true.", makes()), h.seal)
}

// Creates is a request that makes something.
type Creates struct {
	Key string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
}

func (c Creates) check() error {
	if c.Key == "" {
		return httpapi.KeyRequired()
	}
	return nil
}

// Held is a request that changes what somebody saw.
type Held struct {
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
}

// Removes is a request that takes away what somebody saw.
type Removes struct {
	Held
	Reason string `query:"reason" maxLength:"500" doc:"Goes into the audit log"`
}

type newPlan struct {
	Template   string         `json:"template,omitempty" maxLength:"64" doc:"Key of a template whose rows are copied"`
	Title      planText       `json:"title,omitempty" doc:"Of a template's own, when left out"`
	Authority  planText       `json:"authority,omitempty"`
	Region     string         `json:"region,omitempty" maxLength:"6"`
	BaseYear   int            `json:"base_year,omitempty"`
	TargetYear int            `json:"target_year,omitempty"`
	Groups     []planGroup    `json:"groups,omitempty" nullable:"false" maxItems:"40"`
	Documents  []planDocument `json:"documents,omitempty" nullable:"false" maxItems:"20"`
	Note       planText       `json:"note,omitempty"`
	Reason     string         `json:"reason" maxLength:"500"`
}

type createInput struct {
	Creates
	Body newPlan
}

type planMade struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     PlanRecord
}

func (h handlers) create(ctx context.Context, in *createInput) (*planMade, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	var t indicators.Template
	b := in.Body
	if b.Template != "" {
		var err error
		if t, err = findTemplate(b.Template); err != nil {
			return nil, problem(err)
		}
		if b.Title.ZH != "" {
			t.Plan.Title = b.Title.text()
		}
	} else {
		t.Plan = PlanBody{
			Title: b.Title, Authority: b.Authority, Region: b.Region, BaseYear: b.BaseYear, TargetYear: b.TargetYear, Groups: b.Groups, Documents: b.Documents, Note: b.Note,
		}.plan()
	}
	p, err := h.plans.Create(ctx, t.Plan, t.Indicators, t.Projects, b.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &planMade{httpapi.ETag(p.Version), "/api/v1/plans/" + p.ID, recordOf(p)}, nil
}

type updateInput struct {
	OnePlan
	Held
	Body struct {
		PlanBody
		Reason string `json:"reason" maxLength:"500"`
	}
}

type planChanged struct {
	ETag string `header:"ETag"`
	Body PlanRecord
}

func (h handlers) update(ctx context.Context, in *updateInput) (*planChanged, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	p, err := h.plans.Update(ctx, in.ID, expected, in.Body.plan(), in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &planChanged{httpapi.ETag(p.Version), recordOf(p)}, nil
}

type removeInput struct {
	OnePlan
	Removes
}

func (h handlers) remove(ctx context.Context, in *removeInput) (*struct{}, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	return nil, problem(h.plans.Delete(ctx, in.ID, expected, in.Reason))
}

type sealInput struct {
	OnePlan
	Creates
	Body struct {
		Year   int    `json:"year"`
		Again  bool   `json:"again,omitempty" doc:"Take the place of what was sealed before"`
		Reason string `json:"reason" maxLength:"500"`
	}
}

type planSealed struct {
	Year    int `json:"year"`
	Kept    int `json:"kept" doc:"Sealed for the first time"`
	Renewed int `json:"renewed" doc:"In the place of one sealed before"`
	Stood   int `json:"stood" doc:"Left as sealed before"`
	Unknown int `json:"unknown" doc:"Have a formula and cannot be computed, so nothing was sealed"`
}

type sealReply struct{ Body planSealed }

func (h handlers) seal(ctx context.Context, in *sealInput) (*sealReply, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	b, err := h.make(ctx, in.ID, func(indicators.Plan) int { return in.Body.Year })
	if err != nil {
		return nil, problem(err)
	}
	if b.Day == "" {
		return nil, problem(errNotBegun)
	}
	values, unknown := b.Seal("", h.plans.Today())
	done, err := h.plans.Seal(ctx, in.ID, values, in.Body.Again, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &sealReply{planSealed{in.Body.Year, done.Kept, done.Renewed, done.Stood, unknown}}, nil
}
