package demogen

import (
	"cmp"
	"math"
	"slices"
)

// bandCount is how many age bands the pack declares.
const bandCount = 7

// ageBand is one declared band; to is inclusive, negative means open.
type ageBand struct {
	id       string
	from, to int
}

// ageBands lists the bands in the order of every count; the first is the widest.
func ageBands() [bandCount]ageBand {
	return [bandCount]ageBand{
		{"all", 0, -1}, {"0-6", 0, 6}, {"0-17", 0, 17}, {"60+", 60, -1}, {"65+", 65, -1}, {"70+", 70, -1}, {"80+", 80, -1},
	}
}

// counts are persons by base and band.
type counts struct {
	resident, registered [bandCount]int
}

func (c *counts) add(o counts) {
	for b := range bandCount {
		c.resident[b] += o.resident[b]
		c.registered[b] += o.registered[b]
	}
}

// makeup is who lives in one kind of housing.
type makeup struct {
	perHousehold float64
	children     float64 // share under 18
	elders       float64 // share aged 60 and over
	registered   float64 // registered people per resident
	regElders    float64 // share of elders among the registered
}

// makeupOf holds plausible figures: elders stay in the lanes, the walk-ups and the
// villages; young families rent or buy in the towers and are registered elsewhere.
// Together they give about a fifth of residents aged 60 and over, as in the plain
// cities of the north.
func makeupOf(u use) makeup {
	switch u {
	case lanes:
		return makeup{2.2, 0.09, 0.33, 1.25, 0.31}
	case walkup:
		return makeup{2.3, 0.12, 0.27, 0.92, 0.30}
	case midrise:
		return makeup{2.7, 0.17, 0.16, 0.66, 0.19}
	case tower:
		return makeup{2.9, 0.21, 0.11, 0.55, 0.14}
	default: // villages and farms
		return makeup{2.8, 0.14, 0.26, 1.12, 0.24}
	}
}

// settle spreads exactly the given number of residents over the buildings by floor
// area, by largest remainder, and gives each building its ages and households.
func settle(buildings []building, people int, d dice) {
	total := 0.0
	weights := make([]float64, len(buildings))
	for i, b := range buildings {
		if b.weight > 0 {
			weights[i] = mul(b.weight, d.span(0.82, 1.18))
			total += weights[i]
		}
	}
	type rest struct {
		i int
		r float64
	}
	var rests []rest
	left := people
	for i, w := range weights {
		if w == 0 {
			continue
		}
		share := mul(float64(people), w/total)
		n := int(math.Floor(share))
		buildings[i].people.resident[0] = n
		left -= n
		rests = append(rests, rest{i, share - float64(n)})
	}
	slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.r, a.r) })
	for k := 0; left > 0; k = (k + 1) % len(rests) {
		buildings[rests[k].i].people.resident[0]++
		left--
	}
	for i := range buildings {
		buildings[i].age(d)
	}
}

// age divides the people of one building into bands that nest: everyone aged 80
// is also 70, 65, 60 and one of all.
func (b *building) age(d dice) {
	n := b.people.resident[0]
	if b.weight == 0 {
		return
	}
	k := makeupOf(b.kind)
	b.households = max(1, d.round(float64(n)/k.perHousehold))
	if n == 0 {
		b.households = 0
	}
	b.people.resident = bands(n, k.children, k.elders, d)
	b.people.registered = bands(d.round(mul(float64(n), k.registered)), mul(0.9, k.children), k.regElders, d)
}

func bands(n int, children, elders float64, d dice) [bandCount]int {
	part := func(of int, share float64) int {
		return min(of, d.round(mul(float64(of), mul(share, d.span(0.75, 1.25)))))
	}
	old := part(n, elders)
	young := min(n-old, part(n, children))
	a65 := part(old, 0.69)
	a70 := part(a65, 0.63)
	a80 := part(a70, 0.33)
	return [bandCount]int{n, part(young, 0.37), young, old, a65, a70, a80}
}
