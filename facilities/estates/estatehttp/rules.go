package estatehttp

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/internal/rules"
)

// LocalRules reads, tries and writes the rules that a bureau makes, as the person of the
// context may. Besides those named and those of the core, its errors are problems already, or
// faults of the server. It is safe for concurrent use.
type LocalRules interface {
	// Laws are the rules that apply in the district.
	Laws(ctx context.Context) (RuleLaws, error)
	// Rules lists what the bureau made, the latest first.
	Rules(ctx context.Context) ([]estates.LocalItem, error)
	// Rule gives one. estates.ErrNoRule.
	Rule(ctx context.Context, id string) (estates.LocalItem, error)
	// CheckRule tells what is at fault with one as it was written.
	CheckRule(ctx context.Context, l estates.LocalRule) ([]record.Fault, error)
	// CreateRule keeps a draft, once for each idempotency key. *record.InvalidError.
	CreateRule(ctx context.Context, l estates.LocalRule, c record.Change) (estates.LocalItem, error)
	// UpdateRule changes the draft of which the client saw a version. estates.ErrNoRule,
	// estates.ErrNotDraft and *record.InvalidError.
	UpdateRule(ctx context.Context, id string, expected int, l estates.LocalRule, c record.Change) (estates.LocalItem, error)
	// RemoveRule takes a draft away. estates.ErrNoRule and estates.ErrNotDraft.
	RemoveRule(ctx context.Context, id string, expected int, reason string) error
	// RuleHistory gives the versions of a rule, the newest first. estates.ErrNoRule.
	RuleHistory(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
	// TryRule checks all estates with and without a rule of which the client saw a version, and
	// keeps what that came to. estates.ErrNoRule, estates.ErrNotAdopted and ErrNotReady.
	TryRule(ctx context.Context, id string, expected int) (estates.KeptTrial, error)
	// TryUnsaved is TryRule of a draft that nobody saved, and keeps nothing.
	TryUnsaved(ctx context.Context, l estates.LocalRule) (estates.Trial, error)
	// Trial gives the latest trial of a rule. estates.ErrNoTrial.
	Trial(ctx context.Context, id string) (estates.KeptTrial, error)
	// WriteTrial writes its differences as a CSV file. estates.ErrNoTrial.
	WriteTrial(ctx context.Context, w io.Writer, id string, english bool) error
	// AdoptRule puts a draft in force, and WithdrawRule takes a rule out of force, once for
	// each idempotency key. estates.ErrNoRule, estates.ErrNotDraft, estates.ErrNotAdopted,
	// *estates.StaleTrialError, *record.InvalidError and ErrNotReady.
	AdoptRule(ctx context.Context, id string, expected int, reason string) (estates.LocalItem, error)
	WithdrawRule(ctx context.Context, id string, expected int, reason string) (estates.LocalItem, error)
	// Place names a division; false where there is none.
	Place(ctx context.Context, code string) (zh, en string, ok bool)
	// Today is the day it is for the authority.
	Today() record.Day
}

// RuleLaws are the rules that apply in a district.
type RuleLaws struct {
	District string // its adcode
	MayWrite bool   // make rules for the whole of it
	Base     *rules.Set
	Set      *rules.Set // with what the bureau made
	Chain    []string   // the regions that the district lies in
	Misfits  []estates.Misfit
}

const (
	rulesPath = "/api/v1/estate-rules"
	rulePath  = rulesPath + "/{id}"
)

// RegisterRules mounts /api/v1/estate-rules and /estate-rule-forms.
func RegisterRules(api huma.API, local LocalRules) {
	h := ruleHandlers{local}
	reads := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable}
	makes := append([]int{http.StatusBadRequest, http.StatusUnprocessableEntity}, reads...)
	changes := append([]int{http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired}, makes...)
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-rule-forms", Method: http.MethodGet, Path: "/api/v1/estate-rule-forms", Tags: tags(),
		Summary: "The forms of rules that a bureau may use, with units and bounds · 本地规则的形式",
	}, h.forms)
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-rules", Method: http.MethodGet, Path: rulesPath, Tags: tags(), Errors: reads,
		Summary:     "The rules that apply in the district, and what the bureau made of them · 适用规则与本地规则",
		Description: "Rules that come with the program and hold here, rules that the bureau adopted, and declarations that a rule does not hold. Of one aspect the strictest decides.",
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-estate-rule", Method: http.MethodPost, Path: rulesPath, Tags: tags(), Errors: makes, DefaultStatus: http.StatusCreated,
		Summary: "Draft a local rule · 新增本地规则草稿", Description: "A draft changes nothing.",
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "check-estate-rule", Method: http.MethodPost, Path: rulesPath + "/check", Tags: tags(), Errors: makes,
		Summary:     "What is at fault with a rule as it is written, and how it stands to others · 试填本地规则",
		Description: "Writes nothing. A parameter may be sent as text with its unit: 0.3㎡/户 is read as 30㎡/百户, and a unit of another kind is a fault.",
	}, h.check)
	httpapi.Register(api, huma.Operation{
		OperationID: "try-unsaved-estate-rule", Method: http.MethodPost, Path: rulesPath + "/trial", Tags: tags(), Errors: makes,
		Summary: "What a rule that nobody saved would turn, over all estates · 试算未保存的规则", Description: "Writes nothing.",
	}, h.tryUnsaved)
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-rule", Method: http.MethodGet, Path: rulePath, Tags: tags(), Errors: reads, Summary: "One local rule · 本地规则详情",
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-estate-rule", Method: http.MethodPut, Path: rulePath, Tags: tags(), Errors: changes,
		Summary: "Change a draft, as a whole · 修改草稿", Description: "409 for a rule that was adopted: draft another that replaces it.",
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-estate-rule", Method: http.MethodDelete, Path: rulePath, Tags: tags(), Errors: changes, DefaultStatus: http.StatusNoContent,
		Summary: "Take a draft away · 删除草稿",
	}, h.remove)
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-rule-history", Method: http.MethodGet, Path: rulePath + "/history", Tags: tags(), Errors: reads,
		Summary: "Versions of a local rule, with who adopted it and why · 本地规则历史版本",
	}, h.history)
	h.registerTrials(api, reads, changes)
}

type ruleHandlers struct{ local LocalRules }

func (h ruleHandlers) forms(_ context.Context, in *struct{ httpapi.Conditional }) (*httpapi.Reply[EstateRuleForms], error) {
	const version = `"estate-rule-forms-1"` // to be raised with the forms
	return httpapi.ReplyUnlessHeld(in.Conditional, version, func() (*EstateRuleForms, error) { return formsOut(), nil })
}

type rulesReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstateRules
}

func (h ruleHandlers) list(ctx context.Context, _ *struct{}) (*rulesReply, error) {
	laws, err := h.local.Laws(ctx)
	if err != nil {
		return nil, ruleProblem(err)
	}
	items, err := h.local.Rules(ctx)
	if err != nil {
		return nil, ruleProblem(err)
	}
	out := EstateRules{Day: string(h.local.Today()), District: laws.District, MayWrite: laws.MayWrite, Rules: lawsOut(laws, h.local.Today()), Local: []EstateRuleRecord{}, Misfits: []EstateRuleMisfit{}}
	for _, i := range items {
		out.Local = append(out.Local, ruleOut(laws, i))
	}
	for _, m := range laws.Misfits {
		out.Misfits = append(out.Misfits, EstateRuleMisfit{m.Rule.ID, m.Err.Error()})
	}
	return &rulesReply{CacheControl: "no-store", Body: out}, nil
}

type ruleReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         EstateRuleRecord
}

func (h ruleHandlers) reply(ctx context.Context, i estates.LocalItem, err error) (*ruleReply, error) {
	if err != nil {
		return nil, ruleProblem(err)
	}
	laws, err := h.local.Laws(ctx)
	if err != nil {
		return nil, ruleProblem(err)
	}
	return &ruleReply{ETag: httpapi.ETag(i.Version), CacheControl: "no-store", Body: ruleOut(laws, i)}, nil
}

type rulePathInput struct {
	ID string `path:"id" maxLength:"36"`
}

func (h ruleHandlers) one(ctx context.Context, in *rulePathInput) (*ruleReply, error) {
	i, err := h.local.Rule(ctx, in.ID)
	return h.reply(ctx, i, err)
}

type newRule struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		EstateRuleDraft
		Reason string `json:"reason" maxLength:"500" doc:"Why"`
	}
}

type ruleMade struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     EstateRuleRecord
}

func (h ruleHandlers) create(ctx context.Context, in *newRule) (*ruleMade, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	l, faults := in.Body.rule()
	if err := record.Invalid(faults); err != nil {
		return nil, ruleProblem(err)
	}
	i, err := h.local.CreateRule(ctx, l, record.Change{Reason: in.Body.Reason})
	made, err := h.reply(ctx, i, err)
	if err != nil {
		return nil, err
	}
	return &ruleMade{ETag: made.ETag, Location: rulesPath + "/" + i.ID, Body: made.Body}, nil
}

type ruleUpdate struct {
	ID      string `path:"id" maxLength:"36"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"1\""`
	Body    struct {
		EstateRuleDraft
		Reason string `json:"reason" maxLength:"500" doc:"Why"`
	}
}

func (h ruleHandlers) update(ctx context.Context, in *ruleUpdate) (*ruleReply, error) {
	expected, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	l, faults := in.Body.rule()
	if err := record.Invalid(faults); err != nil {
		return nil, ruleProblem(err)
	}
	i, err := h.local.UpdateRule(ctx, in.ID, expected, l, record.Change{Reason: in.Body.Reason})
	return h.reply(ctx, i, err)
}

type ruleRemoval struct {
	ID      string `path:"id" maxLength:"36"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"1\""`
	Reason  string `query:"reason" maxLength:"500" doc:"Why; needed"`
}

func (h ruleHandlers) remove(ctx context.Context, in *ruleRemoval) (*struct{}, error) {
	expected, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if err := h.local.RemoveRule(ctx, in.ID, expected, in.Reason); err != nil {
		return nil, ruleProblem(err)
	}
	return nil, nil //nolint:nilnil // no content
}

func (h ruleHandlers) history(ctx context.Context, in *rulePathInput) (*httpapi.RecordHistory, error) {
	list, err := h.local.RuleHistory(ctx, in.ID)
	if err != nil {
		return nil, ruleProblem(err)
	}
	return httpapi.HistoryOf(list), nil
}

type ruleCheckInput struct{ Body EstateRuleDraft }

type ruleCheckReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstateRuleCheck
}

func (h ruleHandlers) check(ctx context.Context, in *ruleCheckInput) (*ruleCheckReply, error) {
	laws, err := h.local.Laws(ctx)
	if err != nil {
		return nil, ruleProblem(err)
	}
	l, read := in.Body.rule()
	found, err := h.local.CheckRule(ctx, l)
	if err != nil {
		return nil, ruleProblem(err)
	}
	zh, en, known := h.local.Place(ctx, l.Division)
	if !known && l.Division == laws.District {
		zh, en = "全区", "the whole district"
	}
	l.PlaceZH, l.PlaceEN = zh, en
	return &ruleCheckReply{CacheControl: "no-store", Body: checkOut(laws, l, read, found, h.local.Today())}, nil
}
