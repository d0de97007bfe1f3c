package siting

import (
	"cmp"
	"slices"
)

// table is a question reduced to what a choice can change: how much each candidate saves
// each row, a row being one point of demand or several that the same candidates serve. A
// chosen set is worth the sum over rows of its best saving. Coverage saves the weight of
// the row whoever serves it; a median saves weight × cost below what holds without it.
type table struct {
	rows, cands int
	flat        bool    // all savings of a row are equal
	rowStart    []int32 // rows+1
	cand        []int32 // per entry; rows are sorted by saving, largest first, then by candidate
	save        []int64 // per entry, above 0
	rowOf       []int32 // per entry
	colStart    []int32 // cands+1
	ent         []int32 // entries by candidate, rows ascending
	price       []int64 // per candidate
	even        bool    // all prices are equal
	origin      []int32 // per candidate: its index in the question
}

type triple struct {
	row, cand int32
	save      int64
}

// newTable lays out entries, which come by candidate and then by row, both ascending.
// Candidates without entries are left out.
func newTable(q *Question, rows int, entries []triple, flat bool) *table {
	t := &table{rows: rows, flat: flat}
	last := int32(-1)
	for at := range entries {
		if entries[at].cand != last {
			last = entries[at].cand
			t.origin = append(t.origin, last)
			t.price = append(t.price, q.price(int(last)))
		}
		entries[at].cand = int32(len(t.origin) - 1)
	}
	t.lay(entries)
	return t
}

func (t *table) lay(entries []triple) {
	t.cands = len(t.origin)
	t.even = len(t.price) == 0 || slices.Min(t.price) == slices.Max(t.price)
	t.rowStart = make([]int32, t.rows+1)
	for _, e := range entries {
		t.rowStart[e.row+1]++
	}
	for i := range t.rows {
		t.rowStart[i+1] += t.rowStart[i]
	}
	next := slices.Clone(t.rowStart[:t.rows])
	byRow := make([]triple, len(entries))
	for _, e := range entries {
		byRow[next[e.row]] = e
		next[e.row]++
	}
	if !t.flat {
		for i := range t.rows {
			slices.SortFunc(byRow[t.rowStart[i]:t.rowStart[i+1]], func(a, b triple) int {
				return cmp.Or(cmp.Compare(b.save, a.save), cmp.Compare(a.cand, b.cand))
			})
		}
	}
	t.columns(byRow)
}

func (t *table) columns(byRow []triple) {
	t.cand = make([]int32, len(byRow))
	t.save = make([]int64, len(byRow))
	t.rowOf = make([]int32, len(byRow))
	t.ent = make([]int32, len(byRow))
	t.colStart = make([]int32, t.cands+1)
	for at, e := range byRow {
		t.cand[at], t.save[at], t.rowOf[at] = e.cand, e.save, e.row
		t.colStart[e.cand+1]++
	}
	for j := range t.cands {
		t.colStart[j+1] += t.colStart[j]
	}
	next := slices.Clone(t.colStart[:t.cands])
	for at, e := range byRow {
		t.ent[next[e.cand]] = int32(at)
		next[e.cand]++
	}
}

// col are the entries of a candidate.
func (t *table) col(j int32) []int32 { return t.ent[t.colStart[j]:t.colStart[j+1]] }

// total is the sum over rows of their best saving: what all candidates save together.
func (t *table) total() int64 {
	sum := int64(0)
	for i := range t.rows {
		if t.rowStart[i] < t.rowStart[i+1] {
			sum += t.save[t.rowStart[i]]
		}
	}
	return sum
}

// worth is the sum over rows of the best saving of a set.
func (t *table) worth(set []int32) int64 {
	best := make([]int64, t.rows)
	for _, j := range set {
		for _, e := range t.col(j) {
			best[t.rowOf[e]] = max(best[t.rowOf[e]], t.save[e])
		}
	}
	sum := int64(0)
	for _, b := range best {
		sum += b
	}
	return sum
}

// cost is the sum of a set's prices.
func (t *table) cost(set []int32) int64 {
	sum := int64(0)
	for _, j := range set {
		sum += t.price[j]
	}
	return sum
}

// keep is the table of fewer candidates. Rows that no candidate serves are left out, and
// in a flat table rows that the same candidates serve become one.
func (t *table) keep(kept func(j int32) bool) *table {
	out := &table{flat: t.flat}
	name := make([]int32, t.cands)
	for j := range int32(t.cands) {
		name[j] = -1
		if kept(j) {
			name[j] = int32(len(out.origin))
			out.origin = append(out.origin, t.origin[j])
			out.price = append(out.price, t.price[j])
		}
	}
	var m merger
	for i := range t.rows {
		from := len(m.entries)
		for e := t.rowStart[i]; e < t.rowStart[i+1]; e++ {
			if n := name[t.cand[e]]; n >= 0 {
				m.entries = append(m.entries, triple{int32(len(m.starts)), n, t.save[e]})
			}
		}
		m.close(from, t.flat)
	}
	out.rows = len(m.starts)
	out.lay(m.entries)
	return out
}

// merger collects rows and joins those of equal candidates.
type merger struct {
	entries []triple
	starts  []int   // per row, where its entries begin
	same    []int32 // per row, another row of equal hash, or -1
	byHash  map[uint64]int32
}

// close ends the row whose entries begin at from.
func (m *merger) close(from int, join bool) {
	row := m.entries[from:]
	if len(row) == 0 {
		return
	}
	if join {
		const prime, basis = 1099511628211, 14695981039346656037
		hash := uint64(basis)
		for _, e := range row {
			hash = (hash ^ uint64(e.cand)) * prime
		}
		if m.byHash == nil {
			m.byHash = map[uint64]int32{}
		}
		first, ok := m.byHash[hash]
		if !ok {
			first = -1
		}
		for r := first; r >= 0; r = m.same[r] {
			if m.add(int(r), row) {
				m.entries = m.entries[:from]
				return
			}
		}
		m.byHash[hash] = int32(len(m.starts))
		m.same = append(m.same, first)
	}
	m.starts = append(m.starts, from)
}

// add adds a row's saving to another one if the same candidates serve it.
func (m *merger) add(to int, row []triple) bool {
	have := m.entries[m.starts[to]:]
	if len(have) < len(row) || len(have) > len(row) && have[len(row)].row == have[0].row {
		return false
	}
	for at, e := range row {
		if have[at].cand != e.cand {
			return false
		}
	}
	for at := range row {
		have[at].save += row[0].save
	}
	return true
}
