package tiles

import "testing"

// TestCheckerBites gives the checker what it must refuse, so that its silence means
// something.
func TestCheckerBites(t *testing.T) {
	t.Parallel()
	square := []pt{{0, 0}, {10, 0}, {10, 10}, {0, 10}}
	hole := []pt{{2, 2}, {2, 4}, {4, 4}, {4, 2}}
	for _, tc := range []struct {
		name  string
		kind  kind
		parts [][]pt
		ok    bool
	}{
		{"a square", polygonKind, [][]pt{square}, true},
		{"a square with a hole", polygonKind, [][]pt{square, hole}, true},
		{"wound the wrong way", polygonKind, [][]pt{hole}, false},
		{"a hole outside", polygonKind, [][]pt{square, {{20, 20}, {20, 24}, {24, 24}}}, false},
		{"a hole in a hole", polygonKind, [][]pt{square, {{1, 1}, {1, 9}, {9, 9}, {9, 1}}, hole}, false},
		{"no area", polygonKind, [][]pt{square, {{1, 1}, {2, 2}, {3, 3}}}, false},
		{"a bow tie", polygonKind, [][]pt{{{0, 0}, {10, 10}, {10, 0}, {0, 30}}}, false},
		{"a spike", polygonKind, [][]pt{{{0, 0}, {10, 0}, {10, 10}, {20, 10}, {10, 10}, {0, 10}}}, false},
		{"a ring that touches itself", polygonKind, [][]pt{{{0, 0}, {10, 0}, {5, 5}, {10, 10}, {0, 10}, {5, 5}}}, false},
		{"a hole along the shell", polygonKind, [][]pt{square, {{0, 2}, {0, 4}, {4, 4}}}, false},
		{"a hole that touches the shell in a point", polygonKind, [][]pt{square, {{0, 5}, {4, 7}, {4, 3}}}, true},
		{"a shell on a shell", polygonKind, [][]pt{square, {{2, 2}, {4, 2}, {4, 4}}}, false},
		{"out of range", lineKind, [][]pt{{{0, 0}, {4161, 0}}}, false},
		{"a repeated point", lineKind, [][]pt{{{0, 0}, {1, 1}, {1, 1}}}, false},
		{"a line", lineKind, [][]pt{{{0, 0}, {1, 1}, {0, 0}}}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := pen{}
			for _, part := range tc.parts {
				if tc.kind == polygonKind {
					p.ring(part)
				} else {
					p.line(part)
				}
			}
			if _, err := readChecked(tileOf("l", tc.kind, p.buf)); (err == nil) != tc.ok {
				t.Errorf("checker says %v, want valid %v", err, tc.ok)
			}
		})
	}
	one := tileOf("l", pointKind, []byte{9, 2, 2})
	for name, b := range map[string][]byte{
		"two layers of one name": append(append([]byte{}, one...), one...),
		"an empty layer":         appendBytes(nil, 3, []byte{0x0a, 1, 'l', 0x28, 0x80, 0x20, 0x78, 2}),
		"version 1":              appendBytes(nil, 3, append(one[2:len(one)-1:len(one)-1], 1)),
		"cut short":              one[:len(one)-3],
	} {
		if _, err := readChecked(b); err == nil {
			t.Errorf("%s: the checker says nothing", name)
		}
	}
	if _, err := readChecked(one); err != nil {
		t.Error(err)
	}
}

// tileOf is a tile of one feature "a" with a geometry as it is.
func tileOf(name string, k kind, geom []byte) []byte {
	feat := appendBytes(nil, 2, []byte{0, 0})
	feat = append(appendKey(feat, 3, wireVarint), byte(k))
	feat = appendBytes(feat, 4, geom)
	body := appendBytes(appendString(nil, 1, name), 2, feat)
	body = appendBytes(appendString(body, 3, "id"), 4, appendString(nil, 1, "a"))
	body = append(appendKey(body, 5, wireVarint), 0x80, 0x20)
	body = append(appendKey(body, 15, wireVarint), 2)
	return appendBytes(nil, 3, body)
}
