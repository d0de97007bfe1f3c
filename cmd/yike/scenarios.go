package main

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/scenarios"
	"yike/coverage/scenarios/scenariodb"
	"yike/coverage/scenarios/scenariohttp"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/tiles/tilehttp"
)

// scenarioShelf gives scenariohttp the scenarios that the person who asks may see, and
// answers them from memory.
type scenarioShelf struct {
	store   *scenariodb.Store
	adcode  string
	held    *coveragelive.Holder
	refused refusals
	now     func() time.Time
}

var _ scenariohttp.Shelf = (*scenarioShelf)(nil)

// mountScenarios serves named scenarios.
func mountScenarios(api huma.API, db *postgres.DB, adcode string, held *coveragelive.Holder, refused refusals, now func() time.Time) {
	shelf := &scenarioShelf{store: scenariodb.New(db), adcode: adcode, held: held, refused: refused, now: now}
	scenariohttp.Register(api, shelf, shelf.today)
}

func (s *scenarioShelf) writer(ctx context.Context) postgres.Writer { return writer(ctx, s.adcode) }

func (s *scenarioShelf) today() record.Day { return record.DayOf(s.now()) }

// Version names the data served now.
func (s *scenarioShelf) Version() string {
	if st := s.held.State(); st != nil {
		return st.Version
	}
	return ""
}

// List gives a page of scenarios.
func (s *scenarioShelf) List(ctx context.Context, f scenarios.Filter, after scenarios.After, limit int) ([]scenarios.Item, *scenarios.After, error) {
	return s.store.List(ctx, s.writer(ctx), f, after, limit)
}

// Scenario gives one scenario.
func (s *scenarioShelf) Scenario(ctx context.Context, id string) (scenarios.Item, error) {
	return s.store.ByID(ctx, s.writer(ctx), id)
}

// Now says what a scenario comes to on the data as they are.
func (s *scenarioShelf) Now(ctx context.Context, in scenarios.Scenario) (scenariohttp.Now, error) {
	st := s.held.State()
	if st == nil {
		return scenariohttp.Now{}, scenariohttp.ErrNotReady
	}
	return scenarioNow(ctx, st, in)
}

func scenarioNow(ctx context.Context, st *coveragelive.State, in scenarios.Scenario) (scenariohttp.Now, error) {
	out := scenariohttp.Now{Version: st.Version}
	q, _, err := questionAsked(st, in.Question)
	if err != nil {
		return out, err
	}
	w, err := st.WhatIf(ctx, q, keptSteps(in.Steps))
	if err != nil {
		out.Fault, err = planFault(err)
		return out, err
	}
	out.Figures = scenarios.FiguresOf(w.Delta)
	return out, nil
}

// prepare brings a scenario into its one form and gives what it comes to. One that cannot
// be taken today cannot be kept.
func (s *scenarioShelf) prepare(ctx context.Context, in *scenarios.Scenario) (*scenariodb.Figures, error) {
	st := s.held.State()
	if st == nil {
		return nil, scenariohttp.ErrNotReady
	}
	if err := record.Invalid(scenarios.Validate(scenarios.Clean(*in))); err != nil {
		return nil, err
	}
	_, whole, err := questionAsked(st, in.Question)
	if err != nil {
		return nil, err
	}
	in.Question = whole
	now, err := scenarioNow(ctx, st, *in)
	if err != nil {
		return nil, err
	}
	if now.Fault != nil {
		return nil, now.Fault
	}
	return &scenariodb.Figures{Saved: now.Figures, DataVersion: now.Version}, nil
}

// Create keeps a scenario.
func (s *scenarioShelf) Create(ctx context.Context, in scenarios.Scenario) (scenarios.Item, error) {
	figures, err := s.prepare(ctx, &in)
	if err != nil {
		return scenarios.Item{}, err
	}
	in.Saved, in.DataVersion = figures.Saved, figures.DataVersion
	w := s.writer(ctx)
	made, err := s.store.Create(ctx, w, in, "")
	s.refused.note(ctx, w, err, postgres.Note{Action: "scenario.create", Kind: "scenario", After: in.Name})
	return made, err
}

// Update changes a scenario.
func (s *scenarioShelf) Update(ctx context.Context, id string, expected int, p scenarios.Patch, refresh bool, reason string) (scenarios.Item, error) {
	w := s.writer(ctx)
	before, err := s.store.ByID(ctx, w, id)
	if err != nil {
		return scenarios.Item{}, err
	}
	var fresh *scenariodb.Figures
	after := p.Apply(before.Scenario, s.today())
	// Who may not change it is told so by the store, and nothing is worked out for them.
	if before.MayChange() && (refresh || scenarios.Asks(before.Scenario, after)) {
		if fresh, err = s.prepare(ctx, &after); err != nil {
			return scenarios.Item{}, err
		}
		p.Question = &after.Question
	}
	made, err := s.store.Update(ctx, w, id, expected, p, fresh, reason, s.today())
	s.refused.note(ctx, w, err, postgres.Note{Action: "scenario.update", Kind: "scenario", ID: id})
	return made, err
}

// Decide writes what was decided about a scenario.
func (s *scenarioShelf) Decide(ctx context.Context, id string, expected int, d scenarios.Decision) (scenarios.Item, error) {
	w := s.writer(ctx)
	made, err := s.store.Decide(ctx, w, id, expected, d)
	s.refused.note(ctx, w, err, postgres.Note{Action: "scenario.decide", Kind: "scenario", ID: id})
	return made, err
}

// Remove deletes a scenario.
func (s *scenarioShelf) Remove(ctx context.Context, id string, expected int, reason string) error {
	w := s.writer(ctx)
	err := s.store.Remove(ctx, w, id, expected, reason, s.today())
	s.refused.note(ctx, w, err, postgres.Note{Action: "scenario.remove", Kind: "scenario", ID: id})
	return err
}

// History gives the versions of a scenario.
func (s *scenarioShelf) History(ctx context.Context, id string) ([]httpapi.RecordVersion, error) {
	if _, signedIn := auth.From(ctx); !signedIn {
		return nil, postgres.ErrAnonymous
	}
	list, err := s.store.HistoryOf(ctx, s.writer(ctx), id)
	return recordVersions(list), err
}

// questionAsked reads a kept question as the map's layers read theirs, and gives it with
// what is usual filled in. Errors are a *scenariohttp.QuestionFault.
func questionAsked(st *coveragelive.State, q scenarios.Question) (coveragelive.Query, scenarios.Question, error) {
	values := url.Values{}
	for name, value := range q {
		values.Set(name, value)
	}
	asked, err := parseTileQuery(st, []layerKind{{asks: true, needsType: true}}, values)
	var bad *tilehttp.QueryError
	if errors.As(err, &bad) {
		return coveragelive.Query{}, nil, questionFault(bad.Param, bad.Value, bad.ReasonZH, bad.ReasonEN)
	}
	if err != nil {
		return coveragelive.Query{}, nil, err
	}
	whole, err := url.ParseQuery(asked.canonical())
	if err != nil {
		return coveragelive.Query{}, nil, err
	}
	out := scenarios.Question{}
	for name := range whole {
		out[name] = whole.Get(name)
	}
	return asked.coverage(), out, nil
}

func questionFault(param, value, zh, en string) error {
	f := &scenariohttp.QuestionFault{Param: param, Value: value}
	f.Reason.ZH, f.Reason.EN = zh, en
	return f
}

func keptSteps(list []scenarios.Step) []coveragelive.Step {
	out := make([]coveragelive.Step, len(list))
	for i, s := range list {
		out[i] = coveragelive.Step{Kind: coveragelive.StepKind(s.Do), ID: s.ID, At: s.At, Line: s.Line}
	}
	return out
}

// planFault says which step of a plan cannot be taken, and gives every other error as what
// it is: of the question, or of the server.
func planFault(err error) (*scenariohttp.StepFault, error) {
	said := whatIfError(err)
	var step *coveragehttp.StepFault
	switch {
	case errors.As(said, &step):
		return &scenariohttp.StepFault{Step: step.Step, Reason: step.Reason, Hint: step.Hint}, nil
	case errors.Is(said, coveragehttp.ErrTooManySteps):
		f := &scenariohttp.StepFault{Step: -1}
		f.Reason.ZH, f.Reason.EN = "步骤过多：最多 100 步，其中道路最多 20 步", "Too many steps: at most 100, of which 20 about streets"
		return f, nil
	case errors.Is(said, coveragehttp.ErrTooWide):
		return nil, questionFault("limit", "", "试算的步行距离最多 3600 米，请缩短时限或放慢步速", "plans are worked out for walks of at most 3,600 m")
	case errors.Is(said, coveragehttp.ErrUnknownType):
		return nil, questionFault("type", "", "没有这种设施类型", "no such facility type")
	case errors.Is(said, coveragehttp.ErrUnknownBase):
		return nil, questionFault("base", "", "数据中没有这种人口口径", "the data have no such population base")
	}
	return nil, said
}
