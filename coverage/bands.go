package coverage

import "slices"

// Widest returns the index of the band that is widest: the one the pack declares
// so, else the one that spans the most years, the first of equals; -1 without bands.
func Widest(bands []Band) int {
	best, span := -1, -1
	for i, b := range bands {
		if b.Widest {
			return i
		}
		if s := years(b); s > span {
			best, span = i, s
		}
	}
	return best
}

// oldest is the age at which an open band is taken to end when spans are compared.
const oldest = 150

func years(b Band) int {
	to := b.ToAge
	if to < 0 {
		to = oldest
	}
	return max(to-b.FromAge, 0)
}

// BandIndex returns the index of the band with this id, or -1.
func BandIndex(bands []Band, id string) int {
	for i, b := range bands {
		if b.ID == id {
			return i
		}
	}
	return -1
}

// BandsFrom gives the fewest bands that together hold the people of an age and older, each
// of them once: an open band that begins there, or bands that follow one another without a
// gap to an open one. Where there are none it says so, and gives the first age that no band
// goes on from. O(bands²).
func BandsFrom(bands []Band, age int) (tiles []int, gap int, ok bool) {
	type way struct {
		age   int
		tiles []int
	}
	furthest := age
	seen := map[int]bool{age: true}
	for todo := []way{{age: age}}; len(todo) > 0; todo = todo[1:] {
		at := todo[0]
		furthest = max(furthest, at.age)
		for i, b := range bands {
			if b.FromAge != at.age {
				continue
			}
			next := append(slices.Clone(at.tiles), i)
			if b.ToAge < 0 {
				return next, 0, true
			}
			if from := b.ToAge + 1; from > at.age && !seen[from] {
				seen[from] = true
				todo = append(todo, way{from, next})
			}
		}
	}
	return nil, furthest, false
}
