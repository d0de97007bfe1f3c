package main

import (
	"context"
	"sync"

	"yike/coverage/coveragelive"
	"yike/facilities/placing"
	"yike/facilities/placing/placingdb"
	"yike/facilities/placing/placinghttp"
)

// placeSearch keeps the district's gazetteer in memory and reads it again when a name in
// it may have changed.
type placeSearch struct {
	store *placingdb.Store
	held  *coveragelive.Holder

	mu        sync.Mutex // one reads at a time
	mark      string
	gazetteer *placing.Gazetteer
}

var _ placinghttp.Places = (*placeSearch)(nil)

// Place looks for an address.
func (p *placeSearch) Place(ctx context.Context, q placing.Query) (placing.Result, error) {
	s := p.held.State()
	if s == nil {
		return placing.Result{}, placinghttp.ErrNotReady
	}
	g, err := p.current(ctx, s.Pack.AdCode)
	if err != nil {
		return placing.Result{}, err
	}
	if q.Division != "" && !g.Knows(q.Division) {
		return placing.Result{}, placinghttp.ErrUnknownDivision
	}
	return g.Place(q), nil
}

func (p *placeSearch) current(ctx context.Context, adcode string) (*placing.Gazetteer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// The mark is read first: a change between the two is seen by the next who asks.
	mark, err := p.store.Mark(ctx, adcode)
	if err != nil || mark == p.mark && p.gazetteer != nil {
		return p.gazetteer, err
	}
	g, err := p.store.Gazetteer(ctx, adcode)
	if err != nil {
		return nil, err
	}
	p.mark, p.gazetteer = mark, g
	return g, nil
}
