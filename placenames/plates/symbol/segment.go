package symbol

import (
	"strings"

	"rsc.io/qr/coding"
)

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// segment cuts a text into parts of digits, of the alphanumeric alphabet and of bytes so
// that the whole takes the fewest bits: the shortest path over the modes of all characters.
// It takes time and memory in proportion to the text.
func segment(text string, version int) []coding.Encoding {
	const modes = 3
	const sixths = 6 // costs in sixths of a bit: a digit is 10/3, a pair 11/2
	heads := [modes]int{(4 + 10) * sixths, (4 + 9) * sixths, (4 + 8) * sixths}
	if version > 9 {
		heads = [modes]int{(4 + 12) * sixths, (4 + 11) * sixths, (4 + 16) * sixths}
	}
	const never = 1 << 30
	var at [modes]int
	for m := range at {
		at[m] = heads[m]
	}
	from := make([][modes]uint8, len(text)) // the mode of the character before
	for i := range len(text) {
		prices := priceOf(text[i])
		var next [modes]int
		for m := range modes {
			next[m] = never
			if prices[m] == 0 {
				continue
			}
			for before := range modes {
				cost := at[before]
				switch {
				case before != m && i == 0:
					continue
				case before != m:
					cost = wholeBits(cost) + heads[m]
				}
				if cost+prices[m] < next[m] {
					next[m], from[i][m] = cost+prices[m], uint8(before) //nolint:gosec // one of three
				}
			}
		}
		at = next
	}
	last := 0
	for m := range at {
		if wholeBits(at[m]) < wholeBits(at[last]) {
			last = m
		}
	}
	return cut(text, from, last)
}

func wholeBits(sixths int) int { return (sixths + 5) / 6 * 6 }

// priceOf is what a byte costs in each mode, in sixths of a bit; 0 where it has no place.
func priceOf(c byte) [3]int {
	switch {
	case c >= '0' && c <= '9':
		return [3]int{20, 33, 48}
	case strings.IndexByte(alphanumeric, c) >= 0:
		return [3]int{0, 33, 48}
	default:
		return [3]int{0, 0, 48}
	}
}

func cut(text string, from [][3]uint8, mode int) []coding.Encoding {
	var parts []coding.Encoding
	end := len(text)
	for i := len(text) - 1; i >= 0; i-- {
		before := int(from[i][mode])
		if i > 0 && before == mode {
			continue
		}
		parts = append(parts, encoding(text[i:end], mode))
		end, mode = i, before
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return parts
}

func encoding(text string, mode int) coding.Encoding {
	switch mode {
	case 0:
		return coding.Num(text)
	case 1:
		return coding.Alpha(text)
	default:
		return coding.String(text)
	}
}
