package symbol

import "math/bits"

// penalty is what ISO/IEC 18004 §7.8.3.1 counts against a mask: runs of one colour (from
// five modules: 3 and 1 for each more), squares of four (3), what looks like a finder
// pattern beside four light modules (40), and dark shares away from one half (10 for each
// 5 %).
func penalty(rows []uint64) int {
	n := len(rows)
	var columns [64]uint64
	transpose(rows, &columns)
	sum, dark := 0, 0
	for y, row := range rows {
		sum += line(row, n)
		dark += bits.OnesCount64(row)
		if y > 0 {
			sum += 3 * squares(rows[y-1], row, n)
		}
	}
	for _, column := range columns[:n] {
		sum += line(column, n)
	}
	away := 100*dark - 50*n*n
	if away < 0 {
		away = -away
	}
	return sum + 10*(away/(5*n*n))
}

// line is the penalty of runs and of false finder patterns in a row or column of n modules.
func line(row uint64, n int) int {
	same := ^(row ^ row>>1) & (1<<(n-1) - 1) // bit x: x and x+1 are alike
	four := same & (same >> 1)
	four &= four >> 2 // bit x: x to x+4 are alike
	starts := four &^ (four << 1)
	sum := bits.OnesCount64(four) + 2*bits.OnesCount64(starts)
	// 1011101 from x, with four light modules after or before, all in the symbol.
	finder := row & ^(row >> 1) & (row >> 2) & (row >> 3) & (row >> 4) & ^(row >> 5) & (row >> 6)
	light := ^row & (1<<n - 1)
	light &= light >> 1
	light &= light >> 2 // bit x: x to x+3 are light
	return sum + 40*(bits.OnesCount64(finder&(light>>7))+bits.OnesCount64(finder&(light<<4)))
}

// squares counts the squares of four alike modules in two rows.
func squares(above, row uint64, n int) int {
	differ := above ^ row
	return bits.OnesCount64(^(differ | differ>>1 | (row ^ row>>1)) & (1<<(n-1) - 1))
}

// transpose turns the first 64 × 64 bits about the diagonal by halves, quarters and so on
// (Warren, Hacker's Delight, 7–3).
func transpose(rows []uint64, out *[64]uint64) {
	copy(out[:], rows)
	mask := uint64(0x00000000FFFFFFFF)
	for j := 32; j != 0; j, mask = j>>1, mask^mask<<(j>>1) {
		for k := 0; k < 64; k = (k + j + 1) &^ j {
			t := (out[k]>>j ^ out[k+j]) & mask
			out[k] ^= t << j
			out[k+j] ^= t
		}
	}
}
