package siting

import "slices"

// undominated drops candidates that another one replaces everywhere at no higher price: it
// saves each row at least as much. Of equals the first stays. The comparisons are bounded,
// since a table is as right with a dominated candidate as without.
func (t *table) undominated() *table {
	const most = 300_000_000
	drop, work, any := make([]bool, t.cands), 0, false
	for j := range int32(t.cands) {
		mine := t.ent[t.colStart[j]:t.colStart[j+1]]
		if len(mine) == 0 {
			drop[j], any = true, true
			continue
		}
		at := t.rarest(mine)
		row := t.rowOf[at]
		for e := t.rowStart[row]; e < t.rowStart[row+1] && t.save[e] >= t.save[at]; e++ {
			k := t.cand[e]
			if k == j || drop[k] || t.price[k] > t.price[j] {
				continue
			}
			theirs := t.col(k)
			steps, covers := t.covers(theirs, mine)
			work += steps
			// Two that replace each other are equal: then the later one goes.
			if covers && (k < j || t.price[k] < t.price[j] || !t.covered(mine, theirs)) {
				drop[j], any = true, true
				break
			}
		}
		if work > most {
			break
		}
	}
	if !any {
		return t
	}
	return t.keep(func(j int32) bool { return !drop[j] })
}

// rarest is the entry of a column that the fewest candidates match in its row.
func (t *table) rarest(col []int32) int32 {
	best, fewest := col[0], int32(1<<30)
	for _, e := range col {
		row := t.rowOf[e]
		rank := e - t.rowStart[row] // entries of larger or equal saving, about
		if t.flat {
			rank = t.rowStart[row+1] - t.rowStart[row]
		}
		if rank < fewest {
			best, fewest = e, rank
		}
	}
	return best
}

// covers says whether a column saves each row of another at least as much, and in how many steps
// that was found.
func (t *table) covers(larger, smaller []int32) (int, bool) {
	if len(larger) < len(smaller) {
		return 1, false
	}
	at := 0
	for _, e := range smaller {
		row := t.rowOf[e]
		for at < len(larger) && t.rowOf[larger[at]] < row {
			at++
		}
		if at == len(larger) || t.rowOf[larger[at]] != row || t.save[larger[at]] < t.save[e] {
			return at + 1, false
		}
	}
	return at + 1, true
}

func (t *table) covered(larger, smaller []int32) bool {
	_, ok := t.covers(larger, smaller)
	return ok
}

// essential drops, of a table whose rows must all be served, those rows that are served
// whenever another one is: its candidates are among theirs.
func (t *table) essential() *table {
	const most = 300_000_000
	drop := make([]bool, t.rows)
	work, any := 0, false
	for i := range t.rows {
		mine := t.cand[t.rowStart[i]:t.rowStart[i+1]]
		if drop[i] || len(mine) == 0 {
			continue
		}
		// A row that holds all of mine holds the candidate of the shortest column.
		rare := mine[0]
		for _, j := range mine {
			if len(t.col(j)) < len(t.col(rare)) {
				rare = j
			}
		}
		for _, e := range t.col(rare) {
			other := int(t.rowOf[e])
			if other == i || drop[other] {
				continue
			}
			steps, within := contained(mine, t.cand[t.rowStart[other]:t.rowStart[other+1]])
			work += steps
			if within {
				drop[other], any = true, true
			}
		}
		if work > most {
			break
		}
	}
	if !any {
		return t
	}
	return t.without(drop)
}

// contained says whether an ascending list is within another.
func contained(small, large []int32) (int, bool) {
	if len(small) > len(large) {
		return 1, false
	}
	at := 0
	for _, v := range small {
		for at < len(large) && large[at] < v {
			at++
		}
		if at == len(large) || large[at] != v {
			return at + 1, false
		}
	}
	return at + 1, true
}

// without leaves rows out.
func (t *table) without(drop []bool) *table {
	out := &table{flat: t.flat, origin: slices.Clone(t.origin), price: slices.Clone(t.price)}
	var entries []triple
	for i := range t.rows {
		if drop[i] {
			continue
		}
		for e := t.rowStart[i]; e < t.rowStart[i+1]; e++ {
			entries = append(entries, triple{int32(out.rows), t.cand[e], t.save[e]})
		}
		out.rows++
	}
	out.lay(entries)
	return out
}
