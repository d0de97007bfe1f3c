package tiles

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/paulmach/orb"
)

func FuzzParseTile(f *testing.F) {
	f.Add("14", "13390", "6745")
	f.Add("18", "262143", "0")
	f.Add("-1", "1e3", "")
	f.Fuzz(func(t *testing.T, z, x, y string) {
		got, err := ParseTile(z, x, y)
		if err != nil {
			return
		}
		if got.String() != z+"/"+x+"/"+y {
			t.Errorf("%q/%q/%q is %v: a tile has two addresses", z, x, y, got)
		}
		if got.Z < 0 || got.Z > MaxZoom || got.X < 0 || got.X >= 1<<got.Z || got.Y < 0 || got.Y >= 1<<got.Z {
			t.Errorf("%v is out of range", got)
		}
	})
}

// FuzzEncode reads bytes as features around a tile: whatever they are, the tile is
// valid and always the same.
func FuzzEncode(f *testing.F) {
	f.Add(uint8(14), []byte{2, 4, 0, 0, 0, 0, 0, 16, 0, 0, 0, 16, 0, 16, 0, 0, 0, 16})
	f.Add(uint8(14), []byte{3, 6, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0})
	f.Add(uint8(9), []byte{1, 3, 0, 0, 255, 255, 3, 3, 9, 200, 0, 1})
	f.Fuzz(func(t *testing.T, z uint8, data []byte) {
		at := hankouTile(int(z) % (MaxZoom + 1))
		var fs []Feature
		for len(data) > 2 && len(fs) < 8 {
			kind, n := data[0]%5, int(data[1]%12)
			data = data[2:]
			var line orb.LineString
			for ; n > 0 && len(data) >= 4; n-- {
				x, y := int16(binary.LittleEndian.Uint16(data)), int16(binary.LittleEndian.Uint16(data[2:]))
				line = append(line, unitAt(at, float64(x)/2, float64(y)/2))
				data = data[4:]
			}
			fs = append(fs, Feature{ID: string(rune('a' + len(fs))), Geometry: fuzzGeometry(kind, line)})
		}
		l, err := NewLayer(Options{Name: "l", SharedBorders: z%2 == 0}, fs)
		if err != nil {
			return
		}
		first := Encode(at, l)
		if _, err := readChecked(first); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, Encode(at, l)) {
			t.Fatal("the same tile twice has different bytes")
		}
	})
}

func fuzzGeometry(kind byte, line orb.LineString) orb.Geometry {
	half := len(line) / 2
	switch kind {
	case 0:
		return orb.MultiPoint(line)
	case 1:
		return orb.MultiLineString{line[:half], line[half:]}
	case 2:
		return orb.Polygon{orb.Ring(line)}
	case 3:
		return orb.Polygon{orb.Ring(line[:half]), orb.Ring(line[half:])}
	}
	return orb.MultiPolygon{{orb.Ring(line[:half])}, {orb.Ring(line[half:])}}
}
