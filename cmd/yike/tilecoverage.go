package main

import (
	"context"
	"fmt"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/tiles"
)

func circleFeatures(ctx context.Context, _ *tileSource, st *coveragelive.State, ask tileQuery) ([]tiles.Feature, error) {
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
		f := answer.Facilities[i]
		out = append(out, tiles.Feature{
			ID: f.ID, Geometry: c.Area,
			Props: []tiles.Prop{
				{Key: "facility", Value: f.ID},
				{Key: "name_zh", Value: f.NameZH},
				{Key: "name_en", Value: f.NameEN},
				{Key: "type", Value: string(f.Type)},
			},
		})
	}
	return out, nil
}

func gapFeatures(ctx context.Context, _ *tileSource, st *coveragelive.State, ask tileQuery) ([]tiles.Feature, error) {
	answer, err := st.Coverage(ctx, ask.coverage())
	if err != nil {
		return nil, fmt.Errorf("work out coverage: %w", err)
	}
	gaps, err := answer.Gaps(ctx)
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

// peopleFeatures are the population points from peopleZoom on, and above it their
// sums on a grid for each zoom. With a type asked for, points and sums say whether
// their people reach it; sums are then per state.
func peopleFeatures(ctx context.Context, _ *tileSource, st *coveragelive.State, ask tileQuery) ([]tiles.Feature, error) {
	d := st.Demand[ask.Base]
	if d == nil {
		return nil, nil
	}
	var r *coverage.Result
	if ask.Type != "" {
		answer, err := st.Coverage(ctx, ask.coverage())
		if err != nil {
			return nil, fmt.Errorf("work out coverage: %w", err)
		}
		r = answer.Result
	}
	out := make([]tiles.Feature, 0, 2*len(d.Points))
	points := weighted(d, r)
	for z := cellZoom; z < peopleZoom; z++ {
		for _, c := range tiles.Aggregate(points, z) {
			props := peopleProps(d.Bands, func(b int) int64 { return c.Counts[1+b] })
			if r != nil {
				props = append(props, tiles.Prop{Key: "t", Value: meanSeconds(c, d, r)}, tiles.Prop{Key: "s", Value: c.Class})
			}
			out = append(out, tiles.Feature{ID: c.ID, Geometry: c.Point, Props: props, MinZoom: z, MaxZoom: z})
		}
	}
	for i, p := range d.Points {
		props := peopleProps(d.Bands, func(b int) int64 { return int64(d.People[b][i]) })
		if r != nil {
			props = append(props, tiles.Prop{Key: "t", Value: seconds(r, i)}, tiles.Prop{Key: "s", Value: r.State[i].String()})
		}
		out = append(out, tiles.Feature{ID: d.IDs[i], Geometry: p, Props: props, MinZoom: peopleZoom})
	}
	return out, nil
}

// weighted are the points to add up: the people of the widest band first, as they are
// what a point shows, then those of every band.
func weighted(d *coverage.Demand, r *coverage.Result) []tiles.Weighted {
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
		if r != nil {
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
