package main

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/geo"
	"yike/placenames/plates/life"
	"yike/placenames/plates/platehttp"
)

// mostAsked is how many plates a way is chosen among.
const mostAsked = 2000

// Way orders the doors of the plates that a fitter may fix: along the paths of the district where these
// lead to all of them, else in straight lines. Of more than fit into a way those nearest to the
// start stay, or the first of the list.
func (p *addressPlates) Way(ctx context.Context, asked platehttp.WayAsked) (platehttp.Way, error) {
	list, err := p.asked(ctx, asked)
	if err != nil {
		return platehttp.Way{}, err
	}
	out := platehttp.Way{}
	var items []life.Item
	for _, i := range list {
		switch {
		case !i.MayFit: // another fitter's
		case i.Door == nil:
			out.Without = append(out.Without, i)
		default:
			items = append(items, i)
		}
	}
	items, out.Left = nearest(items, asked.From, asked.Most)
	points := make([]orb.Point, len(items))
	for k, i := range items {
		points[k] = *i.Door
	}
	between, walked := p.walks(points, asked.From)
	var start func(int) int64
	if asked.From != nil {
		start = func(i int) int64 { return between(len(points), i) }
	}
	way := life.Route(len(points), start, between)
	out.Exact, out.Walked, out.Metres = way.Exact, walked, float64(way.Length)/1000
	for k, at := range way.Order {
		s := platehttp.Stop{Item: items[at]}
		switch {
		case k > 0:
			s.Metres = float64(between(way.Order[k-1], at)) / 1000
		case start != nil:
			s.Metres = float64(start(at)) / 1000
		}
		out.Stops = append(out.Stops, s)
	}
	return out, nil
}

// asked are the plates that a way is chosen among.
func (p *addressPlates) asked(ctx context.Context, asked platehttp.WayAsked) ([]life.Item, error) {
	w := p.writer(ctx)
	if len(asked.Tokens) == 0 {
		page, err := p.store.List(ctx, w, asked.Filter, life.Cursor{}, mostAsked)
		return page.Items, err
	}
	out := make([]life.Item, 0, len(asked.Tokens))
	for _, t := range asked.Tokens {
		i, err := p.store.ByToken(ctx, w, t)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, nil
}

// nearest keeps at most so many, by the distance from a point where there is one, and tells how
// many are left.
func nearest(items []life.Item, from *orb.Point, most int) ([]life.Item, int) {
	if len(items) <= most {
		return items, 0
	}
	if from != nil {
		slices.SortStableFunc(items, func(a, b life.Item) int {
			return cmp.Compare(geo.Distance(*from, *a.Door), geo.Distance(*from, *b.Door))
		})
	}
	return items[:most], len(items) - most
}

// walks gives the distances of doors in millimetres, the last of which is the start where there is
// one: along paths where these lead from each to each, which walked tells.
func (p *addressPlates) walks(doors []orb.Point, from *orb.Point) (between func(i, j int) int64, walked bool) {
	points := doors
	if from != nil {
		points = append(append([]orb.Point{}, doors...), *from)
	}
	if at, ok := p.paths(points); ok {
		return func(i, j int) int64 { return at[i*len(points)+j] }, true
	}
	return func(i, j int) int64 { return int64(math.Round(geo.Distance(points[i], points[j]) * 1000)) }, false
}

// paths gives the length of the shortest walk from each point to each, in millimetres; false where
// one of them is not reached. Walking pace turns times into lengths.
func (p *addressPlates) paths(points []orb.Point) ([]int64, bool) {
	const pace, longest = walknet.Speed(1200), walknet.Milliseconds(4 * 3600 * 1000) // mm/s: some 17 km
	state := p.held.State()
	if state == nil || state.Network == nil || len(points) < 2 {
		return nil, false
	}
	snaps := make([]walknet.Snap, len(points))
	for i, at := range points {
		snaps[i] = state.Network.Snap(at, state.SnapLimitM)
	}
	lists := state.Network.NewPlaces(snaps).Lists(snaps, longest, pace, 1)
	n := len(points)
	out, reached := make([]int64, n*n), 0
	for i := range n {
		others, times := lists.Of(i)
		for k, j := range others {
			mm := int64(times[k]) * int64(pace) / 1000
			if int(j) != i {
				out[i*n+int(j)] = mm
				reached++
			}
		}
	}
	return out, reached == n*(n-1)
}
