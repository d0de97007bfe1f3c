package likeness

import (
	"slices"

	"yike/internal/hanzi"
)

// similar is how alike two names are, from 0 to 1, and whether that is by sound. Besides
// the edits from one to the other it knows what people do to names: writing the parts in
// another order, and leaving characters out.
func similar(a, b []rune, sounds *hanzi.Sounds) (alike float64, bySound bool) {
	if len(a) == 0 || len(b) == 0 {
		return 0, false
	}
	if slices.Equal(a, b) {
		return 1, false
	}
	edits, homophones := distance(a, b, sounds)
	alike = 1 - edits/float64(max(len(a), len(b)))
	short, long := a, b
	if len(a) > len(b) {
		short, long = b, a
	}
	if len(short) >= 3 && len(short) == len(long) && sameRunes(a, b) {
		alike = max(alike, 0.9)
	}
	if len(short) >= 2 && within(short, long) {
		alike = max(alike, 0.62+0.3*float64(len(short))/float64(len(long)))
	}
	return max(alike, 0), homophones > 0
}

// distance is the number of edits: a character put in, left out, exchanged with its
// neighbour or written for another, which counts little where the two sound alike.
func distance(a, b []rune, sounds *hanzi.Sounds) (edits float64, homophones int) {
	const homophone = 0.12
	type cell struct {
		edits      float64
		homophones int
	}
	// Three rows: exchanging neighbours looks two back.
	var rows [3][]cell
	for i := range rows {
		rows[i] = make([]cell, len(b)+1)
	}
	for j := range rows[0] {
		rows[0][j] = cell{float64(j), 0}
	}
	for i := 1; i <= len(a); i++ {
		row, up, up2 := rows[i%3], rows[(i+2)%3], rows[(i+1)%3]
		row[0] = cell{float64(i), 0}
		for j := 1; j <= len(b); j++ {
			best := up[j-1]
			switch {
			case a[i-1] == b[j-1]:
			case sounds.Alike(a[i-1], b[j-1]):
				best.edits += homophone
				best.homophones++
			default:
				best.edits++
			}
			for _, c := range []cell{up[j], row[j-1]} {
				if c.edits+1 < best.edits {
					best = cell{c.edits + 1, c.homophones}
				}
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && up2[j-2].edits+0.6 < best.edits {
				best = cell{up2[j-2].edits + 0.6, up2[j-2].homophones}
			}
			row[j] = best
		}
	}
	last := rows[len(a)%3][len(b)]
	return last.edits, last.homophones
}

func sameRunes(a, b []rune) bool {
	x, y := slices.Clone(a), slices.Clone(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// within reports whether the characters of short are in long in their order.
func within(short, long []rune) bool {
	i := 0
	for _, r := range long {
		if i < len(short) && short[i] == r {
			i++
		}
	}
	return i == len(short)
}
