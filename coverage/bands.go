package coverage

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
