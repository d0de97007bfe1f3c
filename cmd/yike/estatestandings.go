package main

import (
	"context"
	"errors"
	"math"
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
		Regions: b.chain, Day: b.day, Community: b.ground.Of(e), OpinionKept: p.of[e.ID].OpinionKept(), Opinions: p.known, Duties: b.duties,
	}
}

// basis gathers what estates are checked with on a day.
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

// estateStandings keeps where all estates stand. It is the same for everybody who may read the
// map; what somebody may write is theirs and not in it.
type estateStandings struct {
	mu   sync.Mutex // of many who ask at one time one works it out
	mark string
	set  *rules.Set
	list []estates.Standing
}

// standings gives where all estates stand, or stood on a day.
func (r *estateRecords) standings(ctx context.Context, at record.Day) ([]estates.Standing, error) {
	w, today := r.writer(ctx), r.Today()
	if at != "" && at != today {
		items, err := r.store.AsOf(ctx, w, record.At{Valid: at})
		if err != nil {
			return nil, err
		}
		return r.standing(ctx, items, at)
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
	if r.kept.mark == mark && r.kept.set == b.set {
		return r.kept.list, nil
	}
	items, err := r.store.All(ctx, w)
	if err != nil {
		return nil, err
	}
	list, err := r.standing(ctx, items, today)
	if err != nil {
		return nil, err
	}
	r.kept.mark, r.kept.set, r.kept.list = mark, b.set, list
	return list, nil
}

// standing works out where estates stand on a day, on all processors.
func (r *estateRecords) standing(ctx context.Context, items []estates.Item, day record.Day) ([]estates.Standing, error) {
	b, err := r.basis(ctx, day)
	if err != nil {
		return nil, err
	}
	progress, err := r.progressOf(ctx, day)
	if err != nil {
		return nil, err
	}
	for i := range items {
		items[i].MayWrite = false // it is the answer to one reader
	}
	return standAll(b, items, progress), nil
}

// standAll works out where estates stand, in the order given.
func standAll(b estateBasis, items []estates.Item, progress estateProgress) []estates.Standing {
	out := make([]estates.Standing, len(items))
	var g errgroup.Group
	workers := max(1, runtime.GOMAXPROCS(0))
	for worker := range workers {
		g.Go(func() error {
			for i := worker; i < len(items); i += workers {
				out[i] = estates.Stand(b.set, items[i], b.context(items[i].Estate, progress), progress.of[items[i].ID])
			}
			return nil
		})
	}
	_ = g.Wait() // none fails
	return out
}
