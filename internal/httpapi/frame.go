package httpapi

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// Frame reads west, south, east and north in degrees, as a map asks for what it shows; false for
// what is no frame.
func Frame(text string) (orb.Bound, bool) {
	parts := strings.Split(text, ",")
	var v [4]float64
	if len(parts) != len(v) {
		return orb.Bound{}, false
	}
	for i, p := range parts {
		n, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || !(n >= -180 && n <= 180) {
			return orb.Bound{}, false
		}
		v[i] = n
	}
	return orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}, v[0] < v[2] && v[1] < v[3]
}

// ListPlace is where a page of a list goes on: behind this record. The zero value is the beginning.
type ListPlace struct{ Text, ID string }

// Cursor writes a place of a list as the next of a page. It is opaque, so that nobody builds on its
// form.
func (p ListPlace) Cursor() string {
	raw, _ := json.Marshal(p) // two texts always encode
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ReadCursor reads what Cursor wrote, of a record whose id is a UUID; "" is the beginning, false what
// is not ours.
func ReadCursor(c string) (ListPlace, bool) {
	const idLength = 36
	var p ListPlace
	if c == "" {
		return p, true
	}
	raw, err := base64.RawURLEncoding.DecodeString(c)
	if err != nil || json.Unmarshal(raw, &p) != nil || len(p.ID) != idLength {
		return ListPlace{}, false
	}
	return p, true
}
