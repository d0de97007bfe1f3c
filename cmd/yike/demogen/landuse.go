package demogen

import (
	"cmp"
	"math"
	"slices"
)

// quota is how much of the town's land a use takes, and which blocks suit it.
type quota struct {
	use   use
	share float64
	score func(b *block) float64 // higher suits better, in the order of one
}

// assignUses gives every block its use.
func (l *layout) assignUses(people int, blocks []block, d dice) {
	l.assignVillages(people, blocks, d)
	town := 0.0
	var free []int
	for i, b := range blocks {
		switch {
		case b.use == lanes:
			town += b.area
		case b.use == unset && b.urban:
			town += b.area
			free = append(free, i)
		case b.use == unset:
			blocks[i].use = field
		}
	}
	for _, q := range l.quotas() {
		free = l.take(blocks, free, q, mul(q.share, town), d)
	}
	need := mul(float64(people), 1-ruralShare) / 29_000 * 1e6
	l.assignEstates(blocks, free, need, d)
}

func (l *layout) quotas() []quota {
	nearRiver := func(b *block) float64 { return -math.Abs(l.strips[0].off(b.middle)) / 500 }
	nearRail := func(b *block) float64 {
		return -math.Abs(l.strips[1].off(b.middle))/400 + l.townRadius(b.middle)
	}
	central := func(b *block) float64 { return -2 * l.townRadius(b.middle) }
	anywhere := func(*block) float64 { return 0 }
	return []quota{
		{park, 0.07, nearRiver},
		{commerce, 0.07, central},
		{industry, 0.12, nearRail},
		{office, 0.05, anywhere},
		{school, 0.07, anywhere},
		{hospital, 0.02, anywhere},
		{green, 0.03, anywhere},
	}
}

// take gives blocks to one use until its share of the land is used up.
func (l *layout) take(blocks []block, free []int, q quota, area float64, d dice) []int {
	type scored struct {
		i int
		s float64
	}
	order := make([]scored, len(free))
	for k, i := range free {
		order[k] = scored{i, q.score(&blocks[i]) + d.span(0, 1.2)}
	}
	slices.SortStableFunc(order, func(a, b scored) int { return cmp.Compare(b.s, a.s) })
	taken := map[int]bool{}
	for _, o := range order {
		a := blocks[o.i].area
		if a > 1.6*area {
			continue
		}
		blocks[o.i].use = q.use
		taken[o.i] = true
		if area -= a; area <= 0 {
			break
		}
	}
	return slices.DeleteFunc(slices.Clone(free), func(i int) bool { return taken[i] })
}

// assignEstates builds estates from the middle outwards until the people fit; what
// is left over is green. Old walk-ups are near the middle, towers at the rim.
func (l *layout) assignEstates(blocks []block, free []int, need float64, d dice) {
	slices.SortStableFunc(free, func(a, b int) int {
		return cmp.Compare(l.townRadius(blocks[a].middle), l.townRadius(blocks[b].middle))
	})
	for _, b := range blocks {
		if b.use == lanes {
			need -= b.area
		}
	}
	for n, i := range free {
		b := &blocks[i]
		if b.area < 5_000 {
			b.use = green
			continue
		}
		if need < 0 && n > 0 {
			b.use = pick(d, []use{green, field, field})
			continue
		}
		need -= b.area
		switch r := l.townRadius(b.middle) + d.span(-0.35, 0.35); {
		case r < 0.5:
			b.use = walkup
		case r < 0.8:
			b.use = midrise
		default:
			b.use = tower
		}
	}
}

// assignVillages turns country blocks into villages, apart from one another.
func (l *layout) assignVillages(people int, blocks []block, d dice) {
	count := max(1, int(math.Round(mul(float64(people), ruralShare)/620)))
	var country []int
	for i, b := range blocks {
		if b.use == unset && !b.urban && b.area > 30_000 && b.area < 260_000 {
			country = append(country, i)
		}
	}
	d.shuffle(len(country), func(i, j int) { country[i], country[j] = country[j], country[i] })
	var chosen []vec
	for _, gap := range [...]float64{750, 480, 0} {
		for _, i := range country {
			b := &blocks[i]
			if len(chosen) >= count || b.use == village {
				continue
			}
			if !slices.ContainsFunc(chosen, func(c vec) bool { return c.dist(b.middle) < gap }) {
				b.use = village
				chosen = append(chosen, b.middle)
			}
		}
	}
}
