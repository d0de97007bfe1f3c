package attachments

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"yike/internal/record"
)

// notes are what a camera hid in a photo, as far as it is asked for.
type notes struct {
	orientation int
	day         record.Day
	position    *orb.Point
}

// Tags of EXIF 2.3, JEITA CP-3451C.
const (
	tagOrientation = 0x0112
	tagExif        = 0x8769
	tagGPS         = 0x8825
	tagTaken       = 0x9003
	tagLatRef      = 1
	tagLat         = 2
	tagLonRef      = 3
	tagLon         = 4

	maxTags = 200 // of one directory; more is no camera's work
)

// readNotes reads the EXIF part of a JPEG. What is wrong in it counts as not there.
func readNotes(file []byte, media Media) notes {
	if media != JPEG {
		return notes{}
	}
	t, ok := newTIFF(exifPart(file))
	if !ok {
		return notes{}
	}
	var n notes
	main := t.directory(t.at(4))
	if v, ok := main[tagOrientation]; ok && v.kind == 3 {
		n.orientation = int(t.order.Uint16(v.inline))
	}
	if v, ok := main[tagExif]; ok {
		exif := t.directory(t.order.Uint32(v.inline))
		text := strings.TrimRight(string(t.bytes(exif[tagTaken], 2, 1)), "\x00 ")
		if len(text) >= 10 {
			if day, ok := record.ParseDay(strings.ReplaceAll(text[:10], ":", "-")); ok {
				n.day = day
			}
		}
	}
	if v, ok := main[tagGPS]; ok {
		n.position = t.position(t.directory(t.order.Uint32(v.inline)))
	}
	return n
}

// exifPart finds the segment of a JPEG that holds EXIF; nil for none.
func exifPart(file []byte) []byte {
	for at := 2; at+4 <= len(file) && file[at] == 0xFF; {
		marker, size := file[at+1], int(binary.BigEndian.Uint16(file[at+2:]))
		end := at + 2 + size
		if marker == 0xDA || size < 2 || end > len(file) {
			return nil
		}
		if part := file[at+4 : end]; marker == 0xE1 && bytes.HasPrefix(part, []byte("Exif\x00\x00")) {
			return part[6:]
		}
		at = end
	}
	return nil
}

// tiff is the structure that EXIF is written in.
type tiff struct {
	data  []byte
	order binary.ByteOrder
}

// value is an entry of a directory: its four bytes are the value or where it lies.
type value struct {
	kind   uint16
	count  uint32
	inline []byte
}

func newTIFF(data []byte) (tiff, bool) {
	if len(data) < 8 {
		return tiff{}, false
	}
	switch string(data[:4]) {
	case "II*\x00":
		return tiff{data, binary.LittleEndian}, true
	case "MM\x00*":
		return tiff{data, binary.BigEndian}, true
	}
	return tiff{}, false
}

func (t tiff) at(offset int) uint32 { return t.order.Uint32(t.data[offset:]) }

// directory reads the entries at an offset. One that does not lie in the data is empty.
func (t tiff) directory(offset uint32) map[uint16]value {
	entries := map[uint16]value{}
	at := int64(offset)
	if at < 8 || at+2 > int64(len(t.data)) {
		return entries
	}
	n := int(t.order.Uint16(t.data[at:]))
	for i := range min(n, maxTags) {
		from := at + 2 + int64(i)*12
		if from+12 > int64(len(t.data)) {
			return entries
		}
		e := t.data[from : from+12]
		entries[t.order.Uint16(e)] = value{kind: t.order.Uint16(e[2:]), count: t.order.Uint32(e[4:]), inline: e[8:12]}
	}
	return entries
}

// bytes reads a value of a kind whose members have so many bytes; nil where it is another
// kind or does not lie in the data.
func (t tiff) bytes(v value, kind uint16, size int64) []byte {
	length := int64(v.count) * size
	if v.kind != kind || length < 1 || v.inline == nil {
		return nil
	}
	if length <= 4 {
		return v.inline[:length]
	}
	from := int64(t.order.Uint32(v.inline))
	if from < 0 || from+length > int64(len(t.data)) {
		return nil
	}
	return t.data[from : from+length]
}

// position reads where the camera was; nil where it says nothing that can be.
func (t tiff) position(gps map[uint16]value) *orb.Point {
	lat, okLat := t.degrees(gps[tagLat], t.bytes(gps[tagLatRef], 2, 1), 'S')
	lon, okLon := t.degrees(gps[tagLon], t.bytes(gps[tagLonRef], 2, 1), 'W')
	if !okLat || !okLon || math.Abs(lat) > 90 || math.Abs(lon) > 180 || lat == 0 && lon == 0 {
		return nil
	}
	return &orb.Point{lon, lat}
}

// degrees adds up degrees, minutes and seconds, each a fraction of two numbers.
func (t tiff) degrees(v value, ref []byte, negative byte) (float64, bool) {
	raw := t.bytes(v, 5, 8)
	if len(raw) != 24 || len(ref) == 0 {
		return 0, false
	}
	sum, unit := 0.0, 1.0
	for i := range 3 {
		n, d := t.order.Uint32(raw[8*i:]), t.order.Uint32(raw[8*i+4:])
		if d == 0 {
			return 0, false
		}
		sum += float64(n) / float64(d) / unit
		unit *= 60
	}
	if ref[0] == negative {
		sum = -sum
	}
	return sum, true
}
