package main

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/tiles"
)

func circleFeatures(ctx context.Context, _ *tileSource, st *coveragelive.State, ask tileQuery) ([]tiles.Feature, error) {
	w, err := ask.tried(ctx, st)
	if err != nil {
		return nil, err
	}
	if w != nil {
		return planCircles(ctx, w)
	}
	answer, err := st.Coverage(ctx, ask.coverage())
	if err != nil {
		return nil, fmt.Errorf("work out coverage: %w", err)
	}
	circles, err := answer.Circles(ctx)
	if err != nil {
		return nil, fmt.Errorf("draw service circles: %w", err)
	}
	var out []tiles.Feature
	for i, c := range circles {
		if !drawable(c.Area) {
			continue
		}
		out = append(out, circleFeature(answer.Facilities[i].ID, answer.Facilities[i], c.Area))
	}
	return out, nil
}

func circleFeature(id string, f facilities.Facility, area orb.MultiPolygon) tiles.Feature {
	return tiles.Feature{
		ID: id, Geometry: area,
		Props: []tiles.Prop{
			{Key: "facility", Value: f.ID},
			{Key: "name_zh", Value: f.NameZH},
			{Key: "name_en", Value: f.NameEN},
			{Key: "type", Value: string(f.Type)},
		},
	}
}

func gapFeatures(ctx context.Context, _ *tileSource, st *coveragelive.State, ask tileQuery) ([]tiles.Feature, error) {
	gaps, err := gapsOf(ctx, st, ask)
	if err != nil {
		return nil, fmt.Errorf("draw gaps: %w", err)
	}
	var out []tiles.Feature
	for _, g := range gaps {
		if !drawable(g.Area) {
			continue
		}
		out = append(out, tiles.Feature{ID: g.ID, Geometry: g.Area, Props: peopleProps(st.Bands, func(b int) int64 { return int64(g.People[b]) })})
	}
	return out, nil
}

func gapsOf(ctx context.Context, st *coveragelive.State, ask tileQuery) ([]coverage.Gap, error) {
	w, err := ask.tried(ctx, st)
	if err != nil {
		return nil, err
	}
	if w != nil {
		return w.Gaps(ctx)
	}
	answer, err := st.Coverage(ctx, ask.coverage())
	if err != nil {
		return nil, err
	}
	return answer.Gaps(ctx)
}

// resultOf is the answer for every point, and what a plan does to it; both nil where no
// type is asked for.
func resultOf(ctx context.Context, st *coveragelive.State, ask tileQuery) (*coverage.Result, []coverage.Fate, error) {
	if ask.Type == "" {
		return nil, nil, nil
	}
	w, err := ask.tried(ctx, st)
	if err != nil {
		return nil, nil, err
	}
	if w != nil {
		return w.Delta.Result(), fates(w), nil
	}
	answer, err := st.Coverage(ctx, ask.coverage())
	if err != nil {
		return nil, nil, fmt.Errorf("work out coverage: %w", err)
	}
	return answer.Result, nil, nil
}

// peopleFeatures are the population points from peopleZoom on, and above it their
// sums on a grid for each zoom. With a type asked for, points and sums say whether
// their people reach it; sums are then per state, and with a plan also per what it does
// to them.
func peopleFeatures(ctx context.Context, _ *tileSource, st *coveragelive.State, ask tileQuery) ([]tiles.Feature, error) {
	d := st.Demand[ask.Base]
	if d == nil {
		return nil, nil
	}
	r, change, err := resultOf(ctx, st, ask)
	if err != nil {
		return nil, err
	}
	out := make([]tiles.Feature, 0, 2*len(d.Points))
	points := weighted(d, r, change)
	said := func(props []tiles.Prop, i int, t int64) []tiles.Prop {
		if r != nil {
			props = append(props, tiles.Prop{Key: "t", Value: t}, tiles.Prop{Key: "s", Value: r.State[i].String()})
		}
		if change != nil {
			props = append(props, tiles.Prop{Key: "c", Value: string(change[i])})
		}
		return props
	}
	for z := cellZoom; z < peopleZoom; z++ {
		for _, c := range tiles.Aggregate(points, z) {
			props := peopleProps(d.Bands, func(b int) int64 { return c.Counts[1+b] })
			if r != nil {
				props = said(props, int(c.From[0]), meanSeconds(c, d, r)) // a cell holds one state and one fate only
			}
			out = append(out, tiles.Feature{ID: c.ID, Geometry: c.Point, Props: props, MinZoom: z, MaxZoom: z})
		}
	}
	for i, p := range d.Points {
		props := peopleProps(d.Bands, func(b int) int64 { return int64(d.People[b][i]) })
		if r != nil {
			props = said(props, i, seconds(r, i))
		}
		out = append(out, tiles.Feature{ID: d.IDs[i], Geometry: p, Props: props, MinZoom: peopleZoom})
	}
	return out, nil
}

// weighted are the points to add up: the people of the widest band first, as they are
// what a point shows, then those of every band.
func weighted(d *coverage.Demand, r *coverage.Result, change []coverage.Fate) []tiles.Weighted {
	widest := coverage.Widest(d.Bands)
	columns := len(d.Bands) + 1
	counts := make([]int64, columns*len(d.Points))
	out := make([]tiles.Weighted, len(d.Points))
	for i, p := range d.Points {
		row := counts[i*columns : (i+1)*columns]
		for b := range d.Bands {
			row[1+b] = int64(d.People[b][i])
		}
		if widest >= 0 {
			row[0] = row[1+widest]
		}
		out[i] = tiles.Weighted{Point: p, Counts: row}
		switch {
		case change != nil:
			out[i].Class = pointClass(r.State[i], change[i])
		case r != nil:
			out[i].Class = r.State[i].String()
		}
	}
	return out
}

// peopleProps are the persons of the widest band as n and of every band as b_i.
func peopleProps(bands []coverage.Band, count func(band int) int64) []tiles.Prop {
	persons := func(b int) float64 { return float64(count(b)) / float64(coverage.Person) }
	props := make([]tiles.Prop, 0, len(bands)+3)
	if w := coverage.Widest(bands); w >= 0 {
		props = append(props, tiles.Prop{Key: "n", Value: persons(w)})
	}
	for b := range bands {
		props = append(props, tiles.Prop{Key: fmt.Sprintf("b_%d", b), Value: persons(b)})
	}
	return props
}

// beyond is the t of people whom no facility reaches within the limit.
const beyond = int64(-1)

// seconds is a point's walking time, rounded up, so that t <= limit holds exactly for
// those within it; metres where a distance is asked for.
func seconds(r *coverage.Result, i int) int64 {
	switch {
	case r.State[i] != coverage.Covered:
		return beyond
	case r.Params.Mode == coverage.ByDivision:
		return 0 // nobody walks
	}
	return (int64(r.Time[i]) + 999) / 1000
}

// meanSeconds is the mean walking time of a cell's people of the widest band, rounded
// up; of its points when none of that band live there.
func meanSeconds(c tiles.Cell, d *coverage.Demand, r *coverage.Result) int64 {
	widest := coverage.Widest(d.Bands)
	var sum, weight, plain int64
	for _, i := range c.From {
		t := seconds(r, int(i))
		if t == beyond {
			return beyond // a cell holds one state only
		}
		plain += t
		if widest >= 0 {
			n := int64(d.People[widest][i])
			sum += t * n
			weight += n
		}
	}
	if weight == 0 {
		sum, weight = plain, int64(len(c.From))
	}
	return (sum + weight - 1) / weight
}
