package indicatorhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/indicators"
	"yike/internal/httpapi"
)

func (h handlers) registerRowWrites(api huma.API) {
	const rows, values, projects = "/api/v1/plans/{id}/indicators", "/api/v1/plans/{id}/values", "/api/v1/plans/{id}/projects"
	httpapi.Register(api, operation("create-plan-indicator", http.MethodPost, rows, "Add an indicator to a plan · 新增指标", "At its end.", makes()), h.addIndicator)
	httpapi.Register(api, operation("update-plan-indicator", http.MethodPut, rows+"/{indicator}", "Change an indicator with its yearly targets · 修改指标", "", changes()), h.updateIndicator)
	httpapi.Register(api, operation("delete-plan-indicator", http.MethodDelete, rows+"/{indicator}", "Take an indicator away · 删除指标", "Its history stays.", changes()), h.removeIndicator)
	httpapi.Register(api, operation("create-plan-value", http.MethodPost, values, "Enter what an indicator was in a year · 填报",
		"With what it rests on. What is computed stays beside it.", makes()), h.addValue)
	httpapi.Register(api, operation("update-plan-value", http.MethodPut, values+"/{value}", "Change an entered value · 修改填报", "", changes()), h.updateValue)
	httpapi.Register(api, operation("delete-plan-value", http.MethodDelete, values+"/{value}", "Take an entered value back · 撤回填报", "", changes()), h.removeValue)
	httpapi.Register(api, operation("create-plan-project", http.MethodPost, projects, "Add a project to a plan · 新增项目", "", makes()), h.addProject)
	httpapi.Register(api, operation("update-plan-project", http.MethodPut, projects+"/{project}", "Change a project · 修改项目", "", changes()), h.updateProject)
	httpapi.Register(api, operation("delete-plan-project", http.MethodDelete, projects+"/{project}", "Take a project away · 删除项目", "", changes()), h.removeProject)
}

type yearlyWrite struct {
	Year   int        `json:"year"`
	Target string     `json:"target" maxLength:"100"`
	Source planSource `json:"source,omitempty"`
}

// planIndicatorWrite is what a person writes of an indicator.
type planIndicatorWrite struct {
	Number         int                 `json:"number,omitempty"`
	Group          string              `json:"group,omitempty" maxLength:"40"`
	Name           planText            `json:"name"`
	Unit           planText            `json:"unit,omitempty"`
	Kind           string              `json:"kind,omitempty" enum:",binding,anticipatory"`
	Ratio          bool                `json:"ratio,omitempty"`
	Definition     planText            `json:"definition,omitempty"`
	Base           string              `json:"base,omitempty" maxLength:"40"`
	Scope          planText            `json:"scope,omitempty"`
	Baseline       string              `json:"baseline,omitempty" maxLength:"100" doc:"As the plan writes it; empty for a blank, which is not 0"`
	Target         string              `json:"target,omitempty" maxLength:"100" doc:"As the plan writes it, e.g. 60, ≥30, 55以上, 全覆盖"`
	Yearly         []yearlyWrite       `json:"yearly,omitempty" nullable:"false" maxItems:"30"`
	Sources        []planSource        `json:"sources,omitempty" nullable:"false" maxItems:"20"`
	Office         string              `json:"office,omitempty" maxLength:"200"`
	Formula        planFormula         `json:"formula"`
	Prefer         string              `json:"prefer,omitempty" enum:",computed,entered" doc:"Computed when left out"`
	Contradictions []planContradiction `json:"contradictions,omitempty" nullable:"false" maxItems:"20"`
	Reason         string              `json:"reason" maxLength:"500"`
}

func (b planIndicatorWrite) indicator() indicators.Indicator {
	i := indicators.Indicator{
		Number: b.Number, Group: b.Group, Name: b.Name.text(), Unit: b.Unit.text(), Kind: indicators.Kind(b.Kind), Ratio: b.Ratio, Definition: b.Definition.text(),
		Base: indicators.Base(b.Base), Scope: b.Scope.text(), Baseline: indicators.ParseAmount(b.Baseline), Target: indicators.ParseAmount(b.Target),
		Sources: each(b.Sources, planSource.source), Office: b.Office, Formula: b.Formula.formula(), Prefer: indicators.Prefer(b.Prefer),
		Contradict: each(b.Contradictions, planContradiction.contradiction),
	}
	if i.Prefer == "" {
		i.Prefer = indicators.PreferComputed
	}
	for _, y := range b.Yearly {
		i.Yearly = append(i.Yearly, indicators.YearTarget{Year: y.Year, Target: indicators.ParseAmount(y.Target), Source: y.Source.source()})
	}
	return i
}

type addIndicatorInput struct {
	OnePlan
	Creates
	Body planIndicatorWrite
}

type indicatorReply struct {
	ETag string `header:"ETag"`
	Body planIndicator
}

func (h handlers) indicatorReply(i indicators.Indicator, err error) (*indicatorReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	types, err := h.plans.Types()
	if err != nil {
		return nil, problem(err)
	}
	return &indicatorReply{httpapi.ETag(i.Version), indicatorOf(i, types)}, nil
}

func (h handlers) addIndicator(ctx context.Context, in *addIndicatorInput) (*indicatorReply, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	return h.indicatorReply(h.plans.AddIndicator(ctx, in.ID, in.Body.indicator(), in.Body.Reason))
}

// OneIndicator names an indicator of a plan in an address.
type OneIndicator struct {
	OnePlan
	Indicator string `path:"indicator" maxLength:"64"`
}

type updateIndicatorInput struct {
	OneIndicator
	Held
	Body planIndicatorWrite
}

func (h handlers) updateIndicator(ctx context.Context, in *updateIndicatorInput) (*indicatorReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	return h.indicatorReply(h.plans.UpdateIndicator(ctx, in.ID, in.Indicator, expected, in.Body.indicator(), in.Body.Reason))
}

type removeIndicatorInput struct {
	OneIndicator
	Removes
}

func (h handlers) removeIndicator(ctx context.Context, in *removeIndicatorInput) (*struct{}, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	return nil, problem(h.plans.DeleteIndicator(ctx, in.ID, in.Indicator, expected, in.Reason))
}

// PlanValueWrite is what a person enters.
type PlanValueWrite struct {
	Number   *float64     `json:"number,omitempty" nullable:"true" doc:"Left out or null where there is none"`
	Words    string       `json:"words,omitempty" maxLength:"200"`
	Verdict  string       `json:"verdict,omitempty" enum:",met,not_met" doc:"Of a target that no number decides"`
	Evidence planEvidence `json:"evidence"`
	Reason   string       `json:"reason" maxLength:"500"`
}

func (b PlanValueWrite) value() indicators.Value {
	return indicators.Value{Number: b.Number, Words: b.Words, Verdict: indicators.Verdict(b.Verdict), Evidence: b.Evidence.evidence()}
}

type addValueInput struct {
	OnePlan
	Creates
	Body struct {
		Indicator string `json:"indicator" maxLength:"64"`
		Year      int    `json:"year"`
		PlanValueWrite
	}
}

type valueReply struct {
	ETag string `header:"ETag"`
	Body planValue
}

func (h handlers) valueReply(v indicators.Value, err error) (*valueReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	return &valueReply{httpapi.ETag(v.Version), valueOf(v, nil)}, nil
}

func (h handlers) addValue(ctx context.Context, in *addValueInput) (*valueReply, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	v := in.Body.value()
	v.IndicatorID, v.Year = in.Body.Indicator, in.Body.Year
	return h.valueReply(h.plans.AddValue(ctx, in.ID, v, in.Body.Reason))
}

// OneValue names a value of a plan in an address.
type OneValue struct {
	OnePlan
	Value string `path:"value" maxLength:"64"`
}

func (h handlers) valueHistory(ctx context.Context, in *OneValue) (*httpapi.RecordHistory, error) {
	list, err := h.plans.ValueHistory(ctx, in.ID, in.Value)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}

type updateValueInput struct {
	OneValue
	Held
	Body PlanValueWrite
}

func (h handlers) updateValue(ctx context.Context, in *updateValueInput) (*valueReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	return h.valueReply(h.plans.UpdateValue(ctx, in.ID, in.Value, expected, in.Body.value(), in.Body.Reason))
}

type removeValueInput struct {
	OneValue
	Removes
}

func (h handlers) removeValue(ctx context.Context, in *removeValueInput) (*struct{}, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	return nil, problem(h.plans.DeleteValue(ctx, in.ID, in.Value, expected, in.Reason))
}

type planProjectWrite struct {
	PlanProjectBody
	Reason string `json:"reason" maxLength:"500"`
}

type addProjectInput struct {
	OnePlan
	Creates
	Body planProjectWrite
}

type projectReply struct {
	ETag string `header:"ETag"`
	Body planProject
}

func (h handlers) projectReply(p indicators.Project, err error) (*projectReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	return &projectReply{httpapi.ETag(p.Version), projectOf(p)}, nil
}

func (h handlers) addProject(ctx context.Context, in *addProjectInput) (*projectReply, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	return h.projectReply(h.plans.AddProject(ctx, in.ID, in.Body.project(), in.Body.Reason))
}

// OneProject names a project of a plan in an address.
type OneProject struct {
	OnePlan
	Project string `path:"project" maxLength:"64"`
}

type updateProjectInput struct {
	OneProject
	Held
	Body planProjectWrite
}

func (h handlers) updateProject(ctx context.Context, in *updateProjectInput) (*projectReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	return h.projectReply(h.plans.UpdateProject(ctx, in.ID, in.Project, expected, in.Body.project(), in.Body.Reason))
}

type removeProjectInput struct {
	OneProject
	Removes
}

func (h handlers) removeProject(ctx context.Context, in *removeProjectInput) (*struct{}, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	return nil, problem(h.plans.DeleteProject(ctx, in.ID, in.Project, expected, in.Reason))
}
