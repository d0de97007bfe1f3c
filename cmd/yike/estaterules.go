package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/estates/estateexport"
	"yike/facilities/estates/estatehttp"
	"yike/geo/divisions"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
)

// localEstateRules gives what a bureau makes of the rules that come with the program, which are
// read once.
func localEstateRules(db *postgres.DB) func() (*estatedb.Rules, error) {
	return sync.OnceValues(func() (*estatedb.Rules, error) {
		base, err := estates.Set()
		if err != nil {
			return nil, err
		}
		return estatedb.NewRules(db, estatedb.NewRuleBook(base)), nil
	})
}

// estateRuleDesk gives estatehttp the rules of estates, and tries them on all estates.
type estateRuleDesk struct{ *estateRecords }

var _ estatehttp.LocalRules = (*estateRuleDesk)(nil)

// Laws are the rules that apply in the district.
func (d *estateRuleDesk) Laws(ctx context.Context) (estatehttp.RuleLaws, error) {
	store, err := d.laws()
	if err != nil {
		return estatehttp.RuleLaws{}, err
	}
	w := d.writer(ctx)
	now, err := store.Present(ctx, w)
	if err != nil {
		return estatehttp.RuleLaws{}, err
	}
	out := estatehttp.RuleLaws{District: d.adcode, Base: store.Base(), Set: now.Set, Chain: now.Set.Chain(d.adcode, d.regions...), Misfits: now.Misfits}
	if _, signedIn := auth.From(ctx); signedIn {
		out.MayWrite, err = store.MayMake(ctx, w)
	}
	return out, err
}

// Rules lists what the bureau made.
func (d *estateRuleDesk) Rules(ctx context.Context) ([]estates.LocalItem, error) {
	store, err := d.laws()
	if err != nil {
		return nil, err
	}
	return store.List(ctx, d.writer(ctx))
}

// Rule gives one local rule.
func (d *estateRuleDesk) Rule(ctx context.Context, id string) (estates.LocalItem, error) {
	store, err := d.laws()
	if err != nil {
		return estates.LocalItem{}, err
	}
	return store.ByID(ctx, d.writer(ctx), id)
}

// CheckRule tells what is at fault with a rule as it was written.
func (d *estateRuleDesk) CheckRule(ctx context.Context, l estates.LocalRule) ([]record.Fault, error) {
	store, err := d.laws()
	if err != nil {
		return nil, err
	}
	return store.Check(ctx, d.writer(ctx), l)
}

// CreateRule keeps a draft.
func (d *estateRuleDesk) CreateRule(ctx context.Context, l estates.LocalRule, c record.Change) (estates.LocalItem, error) {
	return d.write(ctx, "estate_rule.create", "", func(s *estatedb.Rules, w postgres.Writer) (estates.LocalItem, error) {
		return s.Create(ctx, w, l, c, d.Today())
	})
}

// UpdateRule changes a draft.
func (d *estateRuleDesk) UpdateRule(ctx context.Context, id string, expected int, l estates.LocalRule, c record.Change) (estates.LocalItem, error) {
	return d.write(ctx, "estate_rule.update", id, func(s *estatedb.Rules, w postgres.Writer) (estates.LocalItem, error) {
		return s.Update(ctx, w, id, expected, l, c, d.Today())
	})
}

// RemoveRule takes a draft away.
func (d *estateRuleDesk) RemoveRule(ctx context.Context, id string, expected int, reason string) error {
	_, err := d.write(ctx, "estate_rule.remove", id, func(s *estatedb.Rules, w postgres.Writer) (estates.LocalItem, error) {
		return estates.LocalItem{}, s.Remove(ctx, w, id, expected, record.Change{Reason: reason}, d.Today())
	})
	return err
}

// AdoptRule puts a draft in force.
func (d *estateRuleDesk) AdoptRule(ctx context.Context, id string, expected int, reason string) (estates.LocalItem, error) {
	cases, err := d.cases(ctx)
	if err != nil {
		return estates.LocalItem{}, err
	}
	return d.write(ctx, "estate_rule.adopt", id, func(s *estatedb.Rules, w postgres.Writer) (estates.LocalItem, error) {
		return s.Adopt(ctx, w, id, expected, estates.AroundOf(cases), estates.ProgramOf(s.Base()), record.Change{Reason: reason}, d.Today())
	})
}

// WithdrawRule takes a rule out of force.
func (d *estateRuleDesk) WithdrawRule(ctx context.Context, id string, expected int, reason string) (estates.LocalItem, error) {
	cases, err := d.cases(ctx)
	if err != nil {
		return estates.LocalItem{}, err
	}
	return d.write(ctx, "estate_rule.withdraw", id, func(s *estatedb.Rules, w postgres.Writer) (estates.LocalItem, error) {
		return s.Withdraw(ctx, w, id, expected, estates.AroundOf(cases), estates.ProgramOf(s.Base()), record.Change{Reason: reason}, d.Today())
	})
}

func (d *estateRuleDesk) write(ctx context.Context, action, id string, do func(*estatedb.Rules, postgres.Writer) (estates.LocalItem, error)) (estates.LocalItem, error) {
	store, err := d.laws()
	if err != nil {
		return estates.LocalItem{}, err
	}
	w := d.writer(ctx)
	made, err := do(store, w)
	d.refused.note(ctx, w, err, postgres.Note{Action: action, Kind: "estate_rule", ID: id})
	return made, err
}

// RuleHistory gives the versions of a local rule.
func (d *estateRuleDesk) RuleHistory(ctx context.Context, id string) ([]httpapi.RecordVersion, error) {
	if _, signedIn := auth.From(ctx); !signedIn {
		return nil, postgres.ErrAnonymous
	}
	store, err := d.laws()
	if err != nil {
		return nil, err
	}
	list, err := store.HistoryOf(ctx, d.writer(ctx), id)
	if err != nil {
		return nil, err
	}
	return recordVersions(list), nil
}

// cases are all estates with what checking them needs.
func (d *estateRuleDesk) cases(ctx context.Context) ([]estates.Case, error) {
	b, err := d.basis(ctx, d.Today())
	if err != nil {
		return nil, err
	}
	items, err := d.store.All(ctx, d.writer(ctx))
	if err != nil {
		return nil, err
	}
	progress, err := d.progressOf(ctx, d.Today())
	if err != nil {
		return nil, err
	}
	b.ground = b.ground.With(recordsOf(items), progress.of, b.day)
	out := make([]estates.Case, len(items))
	for i := range items {
		c := b.context(items[i].Estate, progress)
		c.Regions = nil // those of the district, by the set that it is checked by
		out[i] = estates.Case{Estate: items[i].Estate, Context: c}
	}
	return out, nil
}

// tryAll checks all estates with and without a rule among all.
func (d *estateRuleDesk) tryAll(ctx context.Context, store *estatedb.Rules, all []estates.LocalRule, id string) (estates.Trial, estates.Basis, error) {
	proposed, day, err := estates.Propose(all, id, d.Today())
	if err != nil {
		return estates.Trial{}, estates.Basis{}, err
	}
	cases, err := d.cases(ctx)
	if err != nil {
		return estates.Trial{}, estates.Basis{}, err
	}
	base := store.Base()
	basis := estates.Basis{Day: day, Estates: map[string]int{}, Rules: estates.RuleVersions(all), Program: estates.ProgramOf(base), Around: estates.AroundOf(cases)}
	chain := base.Chain(d.adcode, d.regions...)
	for i := range cases {
		basis.Estates[cases[i].Estate.ID] = cases[i].Estate.Version
		cases[i].Context.Regions = chain
	}
	before, _ := estates.Effective(base, all)
	after, misfits := estates.Effective(base, proposed)
	for _, m := range misfits {
		if m.Rule.ID == id {
			return estates.Trial{}, basis, fmt.Errorf("try a rule: %w", m.Err)
		}
	}
	trial, err := estates.Recheck(ctx, before, after, day, cases, runtime.GOMAXPROCS(0))
	return trial, basis, err
}

// TryRule tries a rule on all estates and keeps what that came to.
func (d *estateRuleDesk) TryRule(ctx context.Context, id string, expected int) (estates.KeptTrial, error) {
	store, all, err := d.everyRule(ctx)
	if err != nil {
		return estates.KeptTrial{}, err
	}
	if i := slices.IndexFunc(all, func(l estates.LocalRule) bool { return l.ID == id }); i >= 0 && all[i].Version != expected {
		return estates.KeptTrial{}, &postgres.StaleError{Current: all[i].Version}
	}
	trial, basis, err := d.tryAll(ctx, store, all, id)
	if err != nil {
		return estates.KeptTrial{}, err
	}
	w := d.writer(ctx)
	kept, err := store.KeepTrial(ctx, w, id, expected, basis, trial)
	d.refused.note(ctx, w, err, postgres.Note{Action: "estate_rule.try", Kind: "estate_rule", ID: id})
	return kept, err
}

// TryUnsaved tries a rule that nobody saved.
func (d *estateRuleDesk) TryUnsaved(ctx context.Context, l estates.LocalRule) (estates.Trial, error) {
	store, all, err := d.everyRule(ctx)
	if err != nil {
		return estates.Trial{}, err
	}
	faults, err := store.Check(ctx, d.writer(ctx), l)
	if err == nil {
		err = record.Invalid(faults)
	}
	if err != nil {
		return estates.Trial{}, err
	}
	l.ID, l.State = "new", estates.Draft
	trial, _, err := d.tryAll(ctx, store, append(all, l), l.ID)
	return trial, err
}

func (d *estateRuleDesk) everyRule(ctx context.Context) (*estatedb.Rules, []estates.LocalRule, error) {
	store, err := d.laws()
	if err != nil {
		return nil, nil, err
	}
	items, err := store.List(ctx, d.writer(ctx))
	if err != nil {
		return nil, nil, err
	}
	all := make([]estates.LocalRule, len(items))
	for i := range items {
		all[len(items)-1-i] = items[i].LocalRule // the order in which they were made
	}
	return store, all, nil
}

// Trial gives the latest trial of a rule.
func (d *estateRuleDesk) Trial(ctx context.Context, id string) (estates.KeptTrial, error) {
	store, err := d.laws()
	if err != nil {
		return estates.KeptTrial{}, err
	}
	return store.TrialOf(ctx, d.writer(ctx), id)
}

// WriteTrial writes the differences of the latest trial of a rule.
func (d *estateRuleDesk) WriteTrial(ctx context.Context, w io.Writer, id string, english bool) error {
	kept, err := d.Trial(ctx, id)
	if err != nil {
		return err
	}
	places := func(code string) (zh, en string) {
		if zh, en, ok := d.Place(ctx, code); ok {
			return zh, en
		}
		return code, code
	}
	return estateexport.WriteTrial(ctx, w, kept.Trial, places, english)
}

// Place names a division of the district.
func (d *estateRuleDesk) Place(_ context.Context, code string) (zh, en string, ok bool) {
	s := d.held.State()
	if s == nil {
		return "", "", false
	}
	i := slices.IndexFunc(s.Divisions, func(v divisions.Division) bool { return v.Code == code })
	if i < 0 {
		return "", "", false
	}
	zh, en = s.Divisions[i].NameZH, s.Divisions[i].NameEN
	if en == "" {
		en = zh
	}
	return zh, en, true
}
