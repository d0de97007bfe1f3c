package main

import (
	"context"
	"errors"
	"math"
	"reflect"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"yike/facilities/estates"
	"yike/facilities/estates/estatehttp"
	communities "yike/facilities/matrix"
	"yike/facilities/matrix/matrixhttp"
	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rules"
)

// estateBasis is what estates are checked with at a time: the rules, the communities as they
// are, the day.
type estateBasis struct {
	set    *rules.Set
	chain  []string
	ground estates.Ground
	mark   string // of the ground
	day    record.Day
	duties estates.Duties
}

// context is what a check of one estate needs beside it.
func (b estateBasis) context(e estates.Estate, p estateProgress) estates.Context {
	return estates.Context{
		Regions: b.chain, Day: b.day, Community: b.ground.Of(e), OpinionKept: p.of[e.ID].OpinionKept(), Opinions: p.known && p.of[e.ID].OpinionKnown(), Duties: b.duties,
	}
}

// recordsOf gives the estates alone.
func recordsOf(items []estates.Item) []estates.Estate {
	out := make([]estates.Estate, len(items))
	for i := range items {
		out[i] = items[i].Estate
	}
	return out
}

// basis gathers what estates are checked with on a day. Which other estates communities will
// have is for whoever has read them: see estates.Ground.With.
func (r *estateRecords) basis(ctx context.Context, day record.Day) (estateBasis, error) {
	set, err := r.estateRules(ctx)
	if err != nil {
		return estateBasis{}, err
	}
	ground, mark, err := r.around.ground(ctx, r.writer(ctx))
	if err != nil {
		return estateBasis{}, err
	}
	duties, _, err := r.store.Duties(ctx, r.writer(ctx))
	if err != nil {
		return estateBasis{}, err
	}
	return estateBasis{duties: duties, set: set, chain: set.Chain(r.adcode, r.regions...), ground: ground, mark: mark, day: day}, nil
}

// estateSurroundings are what communities have today, kept until the registry or the ledger
// change.
type estateSurroundings struct {
	table *communityMatrix

	mu   sync.Mutex // of many who ask at one time one works it out
	mark string
	kept estates.Ground
}

func (s *estateSurroundings) ground(ctx context.Context, w postgres.Writer) (estates.Ground, string, error) {
	table, mark, err := s.table.Matrix(ctx, nil)
	if errors.Is(err, matrixhttp.ErrNotReady) {
		return estates.Ground{}, "", estatehttp.ErrNotReady
	}
	if err != nil {
		return estates.Ground{}, "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mark == mark {
		return s.kept, mark, nil
	}
	rooms, err := s.table.ledger.All(ctx, w, premises.Filter{})
	if err != nil {
		return estates.Ground{}, "", err
	}
	s.mark, s.kept = mark, groundOf(table, rooms)
	return s.kept, mark, nil
}

// groundOf joins the table of communities and the ledger.
func groundOf(table *communities.Matrix, rooms []premises.Item) estates.Ground {
	g := estates.Ground{Communities: map[string]estates.Community{}, Ledger: map[string]premises.Room{}, InLedger: map[string]bool{}}
	elderly := map[string]premises.Area{}
	for _, r := range rooms {
		g.Ledger[r.ID] = r.Room
		elderly[r.DivisionCode] += r.Counted(premises.ElderlyNorm)
	}
	for _, group := range table.Groups {
		for _, row := range group.Rows {
			p, d := row.Premises, row.Division
			c := estates.Community{
				Known: p.AreaM2 != nil && p.Households.Known(), Name: d.NameZH, Rural: d.Setting == divisions.Rural, Households: p.Households.Count, Elderly: elderly[d.Code],
			}
			if p.AreaM2 != nil {
				c.Area = premises.Area(math.Round(*p.AreaM2 * 100))
			}
			g.Communities[d.Code] = c
			g.InLedger[d.Code] = p.Source == communities.FromLedger
		}
	}
	return g
}

// estateStandings keeps where all estates stand, so that after a change only what changed is
// read and checked again. It is the same for everybody who may read the map; what somebody may
// write is theirs and not in it.
type estateStandings struct {
	mu     sync.Mutex // of many who ask at one time one works it out
	mark   string
	checks *estates.Checker
	set    *rules.Set // of checks
	day    record.Day // of checks, which keep what is the same for all estates of a day
	list   []estates.Standing
	made   map[string]madeStanding // by id
}

// madeStanding is where an estate stands with what that was worked out from.
type madeStanding struct {
	context  estates.Context
	progress estates.Progress
	standing estates.Standing
}

// standings gives where all estates stand, or stood on a day.
func (r *estateRecords) standings(ctx context.Context, at record.Day) ([]estates.Standing, error) {
	w, today := r.writer(ctx), r.Today()
	if at != "" && at != today {
		return r.stood(ctx, at)
	}
	b, err := r.basis(ctx, today)
	if err != nil {
		return nil, err
	}
	mark, err := r.store.Mark(ctx, w)
	if err != nil {
		return nil, err
	}
	mark += "/" + b.mark + "/" + string(today)
	r.kept.mu.Lock()
	defer r.kept.mu.Unlock()
	k := &r.kept
	if k.mark == mark && k.set == b.set {
		return k.list, nil
	}
	if k.set != b.set || k.day != today {
		k.set, k.day, k.checks, k.made = b.set, today, estates.NewChecker(b.set), nil
	}
	progress, err := r.progressOf(ctx, today)
	if err != nil {
		return nil, err
	}
	items, err := r.changed(ctx, w, k.made)
	if err != nil {
		return nil, err
	}
	b.ground = b.ground.With(recordsOf(items), progress.of, today)
	k.list, k.made = standAll(k.checks, b, items, progress, k.made)
	k.mark = mark
	return k.list, nil
}

// stood works out where all estates stood on a day.
func (r *estateRecords) stood(ctx context.Context, day record.Day) ([]estates.Standing, error) {
	items, err := r.store.AsOf(ctx, r.writer(ctx), record.At{Valid: day})
	if err != nil {
		return nil, err
	}
	b, err := r.basis(ctx, day)
	if err != nil {
		return nil, err
	}
	progress, err := r.progressOf(ctx, day)
	if err != nil {
		return nil, err
	}
	b.ground = b.ground.With(recordsOf(items), progress.of, day)
	list, _ := standAll(estates.NewChecker(b.set), b, items, progress, nil)
	return list, nil
}

// changed gives all estates in the order of the list, of which only those are read that are
// not known in their present version.
func (r *estateRecords) changed(ctx context.Context, w postgres.Writer, made map[string]madeStanding) ([]estates.Item, error) {
	if len(made) == 0 {
		return r.store.All(ctx, w)
	}
	versions, err := r.store.Versions(ctx, w)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, v := range versions {
		if made[v.ID].standing.Version != v.Version {
			ids = append(ids, v.ID)
		}
	}
	read, err := r.store.Some(ctx, w, ids)
	if err != nil {
		return nil, err
	}
	fresh := make(map[string]estates.Item, len(read))
	for _, item := range read {
		fresh[item.ID] = item
	}
	out := make([]estates.Item, 0, len(versions))
	for _, v := range versions {
		item, ok := fresh[v.ID]
		if !ok {
			item = made[v.ID].standing.Item
		}
		if item.ID != "" { // else it went away meanwhile
			out = append(out, item)
		}
	}
	return out, nil
}

// standAll works out where estates stand, in the order given and on all processors. What was
// made of the same is taken as it is.
func standAll(checks *estates.Checker, b estateBasis, items []estates.Item, progress estateProgress, made map[string]madeStanding) ([]estates.Standing, map[string]madeStanding) {
	each := make([]madeStanding, len(items))
	var g errgroup.Group
	workers := max(1, runtime.GOMAXPROCS(0))
	for worker := range workers {
		g.Go(func() error {
			for i := worker; i < len(items); i += workers {
				item := items[i]
				item.MayWrite = false // it is the answer to one reader
				m := madeStanding{context: b.context(item.Estate, progress), progress: progress.of[item.ID]}
				old, ok := made[item.ID]
				if ok && old.standing.Version == item.Version && reflect.DeepEqual(old.context, m.context) && reflect.DeepEqual(old.progress, m.progress) {
					each[i] = old
					continue
				}
				m.standing = estates.Stand(checks, item, m.context, m.progress)
				each[i] = m
			}
			return nil
		})
	}
	_ = g.Wait() // none fails
	list, kept := make([]estates.Standing, len(items)), make(map[string]madeStanding, len(items))
	for i, m := range each {
		list[i], kept[m.standing.ID] = m.standing, m
	}
	return list, kept
}
