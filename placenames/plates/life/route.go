package life

import "slices"

// ExactStops is up to how many doors Route finds the shortest way there is.
const ExactStops = 11

// Way is in which order the doors are visited.
type Way struct {
	Order  []int // the doors, 0 to n-1, each once
	Length int64 // in the unit of the distances; from the start, where there is one, to the last door
	Exact  bool  // whether no order is shorter
}

// Route orders n doors for somebody who walks: each is visited once, and the way ends at the
// last. between gives the distance of two doors, the same both ways and not negative; start
// gives that from where the person is, or is nil where the way may begin at any door. Up to
// ExactStops doors the way is the shortest; else doors are inserted where they lengthen the way
// least, beginning with the nearest, and stretches are turned round for as long as that shortens
// it. Equal questions have equal answers. O(2ⁿ n²) up to ExactStops, else O(n²) for each round.
func Route(n int, start func(i int) int64, between func(i, j int) int64) Way {
	if n == 0 {
		return Way{Order: []int{}, Exact: true}
	}
	m := matrix{n: n, at: make([]int64, n*n), from: make([]int64, n)}
	for i := range n {
		if start != nil {
			m.from[i] = start(i)
		}
		for j := range i {
			d := between(i, j)
			m.at[i*n+j], m.at[j*n+i] = d, d
		}
	}
	if n <= ExactStops {
		order := m.exact()
		return Way{Order: order, Length: m.length(order), Exact: true}
	}
	order := m.insert()
	m.improve(order)
	return Way{Order: order, Length: m.length(order)}
}

type matrix struct {
	n    int
	at   []int64 // between doors
	from []int64 // from the start; all 0 where there is none
}

func (m matrix) d(i, j int) int64 { return m.at[i*m.n+j] }

func (m matrix) length(order []int) int64 {
	sum := m.from[order[0]]
	for i := 1; i < len(order); i++ {
		sum += m.d(order[i-1], order[i])
	}
	return sum
}

// exact is the dynamic program of Held and Karp (1962) for a way with an open end.
func (m matrix) exact() []int {
	const far = int64(1) << 62
	sets := 1 << m.n
	best, last := make([]int64, sets*m.n), make([]int8, sets*m.n)
	for i := range best {
		best[i] = far
	}
	for i := range m.n {
		best[(1<<i)*m.n+i] = m.from[i]
	}
	for set := 1; set < sets; set++ {
		for end := range m.n {
			had := best[set*m.n+end]
			if set&(1<<end) == 0 || had == far {
				continue
			}
			for next := range m.n {
				to := set | 1<<next
				if to == set {
					continue
				}
				if sum := had + m.d(end, next); sum < best[to*m.n+next] {
					best[to*m.n+next], last[to*m.n+next] = sum, int8(end)
				}
			}
		}
	}
	end, all := 0, sets-1
	for i := range m.n {
		if best[all*m.n+i] < best[all*m.n+end] {
			end = i
		}
	}
	order := make([]int, 0, m.n)
	for set := all; len(order) < m.n; {
		order = append(order, end)
		before := int(last[set*m.n+end])
		set &^= 1 << end
		end = before
	}
	slices.Reverse(order)
	return order
}

// insert makes a way by the nearest insertion.
func (m matrix) insert() []int {
	first := 0
	for i := range m.n {
		if m.from[i] < m.from[first] {
			first = i
		}
	}
	order := []int{first}
	near := make([]int64, m.n) // of doors not in the way: how far from the nearest that is
	for i := range m.n {
		near[i] = m.d(i, first)
	}
	used := make([]bool, m.n)
	used[first] = true
	for len(order) < m.n {
		next := -1
		for i := range m.n {
			if !used[i] && (next < 0 || near[i] < near[next]) {
				next = i
			}
		}
		used[next] = true
		order = slices.Insert(order, m.cheapest(order, next), next)
		for i := range m.n {
			near[i] = min(near[i], m.d(i, next))
		}
	}
	return order
}

// cheapest is where a door lengthens a way least.
func (m matrix) cheapest(order []int, door int) int {
	at, least := len(order), m.d(order[len(order)-1], door)
	if more := m.from[door] + m.d(door, order[0]) - m.from[order[0]]; more < least {
		at, least = 0, more
	}
	for i := 1; i < len(order); i++ {
		if more := m.d(order[i-1], door) + m.d(door, order[i]) - m.d(order[i-1], order[i]); more < least {
			at, least = i, more
		}
	}
	return at
}

// improve turns stretches of a way round while that shortens it (2-opt). Each turn makes the
// way shorter by a whole unit at least, so it ends.
func (m matrix) improve(order []int) {
	for better := true; better; {
		better = false
		for i := range order {
			for j := i + 1; j < len(order); j++ {
				before, after := m.from[order[i]], m.from[order[j]]
				if i > 0 {
					before, after = m.d(order[i-1], order[i]), m.d(order[i-1], order[j])
				}
				if j+1 < len(order) {
					before += m.d(order[j], order[j+1])
					after += m.d(order[i], order[j+1])
				}
				if after < before {
					slices.Reverse(order[i : j+1])
					better = true
				}
			}
		}
	}
}
