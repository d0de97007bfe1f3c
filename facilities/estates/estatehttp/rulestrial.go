package estatehttp

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/internal/httpapi"
	"yike/internal/record"
)

func (h ruleHandlers) registerTrials(api huma.API, reads, changes []int) {
	httpapi.Register(api, huma.Operation{
		OperationID: "try-estate-rule", Method: http.MethodPost, Path: rulePath + "/trial", Tags: tags(), Errors: changes,
		Summary:     "Check all estates with and without a rule, and keep the differences · 对全部小区试算",
		Description: "Of a draft: what adopting it would turn. Of a rule in force: what withdrawing it would. The trial stands until an estate, a rule or what communities have changes.",
	}, h.try)
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-rule-trial", Method: http.MethodGet, Path: rulePath + "/trial", Tags: tags(), Errors: reads, Summary: "The latest trial of a rule · 最近一次试算",
	}, h.trial)
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-rule-trial-csv", Method: http.MethodGet, Path: rulePath + "/trial.csv", Tags: tags(), Errors: reads,
		Summary:   "The differences of the latest trial as a file · 导出试算差异",
		Responses: map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{csvType: {Schema: &huma.Schema{Type: huma.TypeString}}}}},
	}, h.trialFile)
	httpapi.Register(api, huma.Operation{
		OperationID: "adopt-estate-rule", Method: http.MethodPost, Path: rulePath + "/adopt", Tags: tags(), Errors: changes,
		Summary:     "Put a draft in force · 生效",
		Description: "Needs a trial of this very version on the data as they are (409 trial_out_of_date says what changed), and of an error its sentence, its document and somebody who read it.",
	}, h.turn(LocalRules.AdoptRule))
	httpapi.Register(api, huma.Operation{
		OperationID: "withdraw-estate-rule", Method: http.MethodPost, Path: rulePath + "/withdraw", Tags: tags(), Errors: changes,
		Summary: "Take a rule out of force from today on · 停用", Description: "Needs a trial of this version, as adopting does.",
	}, h.turn(LocalRules.WithdrawRule))
}

const csvType = "text/csv; charset=utf-8"

type ruleVersionInput struct {
	ID      string `path:"id" maxLength:"36"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"1\""`
}

type ruleTrialReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstateRuleTrial
}

func (h ruleHandlers) try(ctx context.Context, in *ruleVersionInput) (*ruleTrialReply, error) {
	expected, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	k, err := h.local.TryRule(ctx, in.ID, expected)
	return h.trialReply(ctx, k, err)
}

func (h ruleHandlers) trialReply(ctx context.Context, k estates.KeptTrial, err error) (*ruleTrialReply, error) {
	if err != nil {
		return nil, ruleProblem(err)
	}
	out := h.trialOut(ctx, k.Trial)
	at := k.At
	out.Version, out.At, out.By = k.Version, &at, k.By
	return &ruleTrialReply{CacheControl: "no-store", Body: out}, nil
}

func (h ruleHandlers) trial(ctx context.Context, in *rulePathInput) (*ruleTrialReply, error) {
	k, err := h.local.Trial(ctx, in.ID)
	return h.trialReply(ctx, k, err)
}

func (h ruleHandlers) tryUnsaved(ctx context.Context, in *ruleCheckInput) (*ruleTrialReply, error) {
	l, faults := in.Body.rule()
	if err := record.Invalid(faults); err != nil {
		return nil, ruleProblem(err)
	}
	trial, err := h.local.TryUnsaved(ctx, l)
	if err != nil {
		return nil, ruleProblem(err)
	}
	return &ruleTrialReply{CacheControl: "no-store", Body: h.trialOut(ctx, trial)}, nil
}

type ruleFileInput struct {
	ID    string `path:"id" maxLength:"36"`
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"The language of the file"`
}

func (h ruleHandlers) trialFile(ctx context.Context, in *ruleFileInput) (*huma.StreamResponse, error) {
	var file bytes.Buffer
	if err := h.local.WriteTrial(ctx, &file, in.ID, in.Words == "en"); err != nil {
		return nil, ruleProblem(err)
	}
	day := string(h.local.Today())
	return httpapi.Download(csvType, "estate-rule-trial-"+day+".csv", "规则试算差异-"+day+".csv", file.Bytes()), nil
}

type ruleTurnInput struct {
	ID      string `path:"id" maxLength:"36"`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"1\""`
	Body    struct {
		Reason string `json:"reason" maxLength:"500" doc:"Why"`
	}
}

func (h ruleHandlers) turn(how func(LocalRules, context.Context, string, int, string) (estates.LocalItem, error)) func(context.Context, *ruleTurnInput) (*ruleReply, error) {
	return func(ctx context.Context, in *ruleTurnInput) (*ruleReply, error) {
		if in.Key == "" {
			return nil, httpapi.KeyRequired()
		}
		expected, err := httpapi.IfMatch(in.IfMatch)
		if err != nil {
			return nil, err
		}
		i, err := how(h.local, ctx, in.ID, expected, in.Body.Reason)
		return h.reply(ctx, i, err)
	}
}

// EstateRuleSide is what one set of rules found.
type EstateRuleSide struct {
	Key         string   `json:"key" doc:"Of the rule; empty where nothing is asked"`
	Local       string   `json:"local" doc:"The bureau's rule that it is; empty for one of the program"`
	Outcome     string   `json:"outcome" enum:",pass,fail,undetermined,not_applicable"`
	ThresholdZH string   `json:"threshold_zh"`
	ThresholdEN string   `json:"threshold_en"`
	Value       *float64 `json:"value" nullable:"true"`
	Missing     float64  `json:"missing" doc:"In unit"`
	Unit        string   `json:"unit"`
	Waiver      string   `json:"waiver" doc:"The declaration that sets it aside; empty for none"`
}

// EstateRuleDifference is one finding that a rule turns.
type EstateRuleDifference struct {
	Estate           string         `json:"estate"`
	Name             string         `json:"name"`
	Division         string         `json:"division"`
	PlaceZH          string         `json:"place_zh"`
	PlaceEN          string         `json:"place_en"`
	Room             int            `json:"room" doc:"Index of the room; -1 for the estate as a whole"`
	RoomName         string         `json:"room_name"`
	Rule             string         `json:"rule" example:"RAT-01"`
	TitleZH          string         `json:"title_zh"`
	TitleEN          string         `json:"title_en"`
	Before           EstateRuleSide `json:"before"`
	After            EstateRuleSide `json:"after"`
	ConclusionBefore string         `json:"conclusion_before" enum:"compliant,not_compliant,open" doc:"Of the whole estate"`
	ConclusionAfter  string         `json:"conclusion_after" enum:"compliant,not_compliant,open"`
}

// EstateRuleTally counts estates by conclusion.
type EstateRuleTally struct {
	Compliant    int     `json:"compliant"`
	NotCompliant int     `json:"not_compliant"`
	Open         int     `json:"open"`
	ShortM2      float64 `json:"short_m2" doc:"What the findings that differ lack; what a community lacks counts once"`
}

// EstateRuleTurnout is what a rule comes to in a division, or in all.
type EstateRuleTurnout struct {
	Division string          `json:"division" doc:"Empty for all"`
	PlaceZH  string          `json:"place_zh"`
	PlaceEN  string          `json:"place_en"`
	Checked  int             `json:"checked"`
	Changed  int             `json:"changed" doc:"Estates with a difference"`
	Turned   int             `json:"turned" doc:"Estates whose conclusion differs"`
	Before   EstateRuleTally `json:"before"`
	After    EstateRuleTally `json:"after"`
}

// EstateRuleTrial is what a rule would turn on a day.
type EstateRuleTrial struct {
	Version     int                    `json:"version" doc:"Of the rule; 0 for one that nobody saved"`
	At          *time.Time             `json:"at" nullable:"true"`
	By          string                 `json:"by"`
	Day         string                 `json:"day" doc:"That the rules were held to"`
	All         EstateRuleTurnout      `json:"all"`
	Divisions   []EstateRuleTurnout    `json:"divisions" nullable:"false" doc:"Those with a difference"`
	Differences []EstateRuleDifference `json:"differences" nullable:"false" doc:"The first 2,000; the file has all"`
	Total       int                    `json:"total" doc:"Of the differences"`
}

// mostDifferences is how many differences an answer has: more than anybody reads on a screen.
const mostDifferences = 2_000

func (h ruleHandlers) trialOut(ctx context.Context, t estates.Trial) EstateRuleTrial {
	out := EstateRuleTrial{
		Day: string(t.Day), All: h.turnoutOut(ctx, t.All), Divisions: []EstateRuleTurnout{}, Differences: []EstateRuleDifference{}, Total: len(t.Differences),
	}
	for _, v := range t.Divisions {
		if v.Changed > 0 {
			out.Divisions = append(out.Divisions, h.turnoutOut(ctx, v))
		}
	}
	for _, d := range t.Differences[:min(mostDifferences, len(t.Differences))] {
		one := EstateRuleDifference{
			Estate: d.Estate, Name: d.Name, Division: d.Division, Room: d.Room, RoomName: d.RoomName, Rule: d.Rule, TitleZH: d.TitleZH, TitleEN: d.TitleEN,
			Before: sideOut(d.Before), After: sideOut(d.After), ConclusionBefore: string(d.ConclusionBefore), ConclusionAfter: string(d.ConclusionAfter),
		}
		one.PlaceZH, one.PlaceEN, _ = h.local.Place(ctx, d.Division)
		out.Differences = append(out.Differences, one)
	}
	return out
}

func (h ruleHandlers) turnoutOut(ctx context.Context, t estates.Turnout) EstateRuleTurnout {
	out := EstateRuleTurnout{Division: t.Division, Checked: t.Checked, Changed: t.Changed, Turned: t.Turned, Before: tallyOut(t.Before), After: tallyOut(t.After)}
	if t.Division != "" {
		out.PlaceZH, out.PlaceEN, _ = h.local.Place(ctx, t.Division)
	}
	return out
}

func sideOut(s estates.Side) EstateRuleSide {
	return EstateRuleSide{
		Key: s.Key, Local: s.Local, Outcome: string(s.Outcome), ThresholdZH: s.ThresholdZH, ThresholdEN: s.ThresholdEN, Value: s.Value,
		Missing: s.Missing, Unit: s.Unit, Waiver: s.Waiver,
	}
}

func tallyOut(t estates.RecheckTally) EstateRuleTally {
	return EstateRuleTally{Compliant: t.Compliant, NotCompliant: t.NotCompliant, Open: t.Open, ShortM2: t.Short}
}
