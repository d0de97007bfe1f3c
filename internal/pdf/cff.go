package pdf

import (
	"encoding/binary"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Operators of CFF dictionaries and Type 2 charstrings, from Adobe Technical Notes 5176
// and 5177.
const (
	cffBBox        = 5
	cffCharset     = 15
	cffCharStrings = 17
	cffPrivate     = 18
	cffROS         = 0x0C00 | 30
	cffCIDCount    = 0x0C00 | 34
	cffFDArray     = 0x0C00 | 36
	cffFDSelect    = 0x0C00 | 37

	csLine  = 5
	csCurve = 8
	csEnd   = 14
	csMove  = 21

	firstOwnString = 391 // of the string index; below are the standard strings
	stackLimit     = 48
)

// cffFont builds a CFF font whose glyph i has the CID i, at 1000 units to the em.
// charstrings[0] is the glyph of what is not defined. box is left, bottom, right, top.
func cffFont(name string, charstrings [][]byte, box [4]int) []byte {
	header := []byte{1, 0, 4, 4}
	names := cffIndex([][]byte{[]byte(name)})
	strings := cffIndex([][]byte{[]byte("Adobe"), []byte("Identity")})
	noSubroutines := []byte{0, 0}
	n := len(charstrings)

	// The dictionary's length does not depend on the offsets in it: they all take five bytes.
	top := func(charset, fdSelect, chars, fdArray int) []byte {
		var d []byte
		d = cffEntry(d, cffROS, firstOwnString, firstOwnString+1, 0)
		d = cffEntry(d, cffBBox, box[0], box[1], box[2], box[3])
		d = cffEntry(d, cffCIDCount, n)
		d = cffEntry(d, cffCharset, charset)
		d = cffEntry(d, cffFDSelect, fdSelect)
		d = cffEntry(d, cffCharStrings, chars)
		d = cffEntry(d, cffFDArray, fdArray)
		return cffIndex([][]byte{d})
	}
	charset := []byte{0} // a glyph beside .notdef there may not be
	if n > 1 {
		charset = binary.BigEndian.AppendUint16([]byte{2, 0, 1}, uint16(n-2))
	}
	fdSelect := binary.BigEndian.AppendUint16([]byte{3, 0, 1, 0, 0, 0}, uint16(n))
	chars := cffIndex(charstrings)
	private := cffEntry(cffEntry(nil, 20, 0), 21, 0) // default and nominal width

	charsetAt := len(header) + len(names) + len(top(0, 0, 0, 0)) + len(strings) + len(noSubroutines)
	fdSelectAt := charsetAt + len(charset)
	charsAt := fdSelectAt + len(fdSelect)
	privateAt := charsAt + len(chars)
	fdArrayAt := privateAt + len(private)
	fdArray := cffIndex([][]byte{cffEntry(nil, cffPrivate, len(private), privateAt)})

	out := make([]byte, 0, fdArrayAt+len(fdArray))
	for _, part := range [][]byte{header, names, top(charsetAt, fdSelectAt, charsAt, fdArrayAt), strings, noSubroutines, charset, fdSelect, chars, private, fdArray} {
		out = append(out, part...)
	}
	return out
}

// cffIndex is an INDEX structure with offsets of four bytes.
func cffIndex(items [][]byte) []byte {
	out := binary.BigEndian.AppendUint16(nil, uint16(len(items)))
	out = append(out, 4)
	at := uint32(1)
	out = binary.BigEndian.AppendUint32(out, at)
	for _, item := range items {
		at += uint32(len(item))
		out = binary.BigEndian.AppendUint32(out, at)
	}
	for _, item := range items {
		out = append(out, item...)
	}
	return out
}

// cffEntry appends an entry of a dictionary, each operand in five bytes.
func cffEntry(d []byte, op int, operands ...int) []byte {
	for _, v := range operands {
		d = binary.BigEndian.AppendUint32(append(d, 29), uint32(int32(v)))
	}
	if op >= 0x0C00 {
		d = append(d, 12)
	}
	return append(d, byte(op))
}

// charstring turns a glyph's segments into a Type 2 charstring at 1000 units to the em
// and enlarges the box by its points.
func charstring(segments sfnt.Segments, upem, advance int, box *[4]int) []byte {
	c := &charstringWriter{upem: upem, box: box}
	c.args = append(c.args, advance)
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			c.flush()
			c.step(s.Args[0])
			c.op(csMove)
		case sfnt.SegmentOpLineTo:
			c.begin(csLine, 2)
			c.step(s.Args[0])
		case sfnt.SegmentOpQuadTo:
			c.begin(csCurve, 6)
			c.quad(s.Args[0], s.Args[1])
		case sfnt.SegmentOpCubeTo:
			c.begin(csCurve, 6)
			c.step(s.Args[0])
			c.step(s.Args[1])
			c.step(s.Args[2])
		}
	}
	c.flush()
	c.op(csEnd)
	return c.out
}

type charstringWriter struct {
	out     []byte
	args    []int
	pending int // the operator that args wait for
	x, y    int // where the pen is, in thousandths
	upem    int
	box     *[4]int
}

// begin makes room for n more operands of the operator.
func (c *charstringWriter) begin(op, n int) {
	if c.pending != op || len(c.args)+n > stackLimit {
		c.flush()
	}
	c.pending = op
}

func (c *charstringWriter) flush() {
	if c.pending != 0 {
		c.op(c.pending)
	}
}

func (c *charstringWriter) op(op int) {
	for _, v := range c.args {
		c.out = charstringNumber(c.out, v)
	}
	c.out = append(c.out, byte(op))
	c.args, c.pending = c.args[:0], 0
}

func (c *charstringWriter) at(p fixed.Point26_6) (x, y int) {
	return thousandths(int(p.X), c.upem), -thousandths(int(p.Y), c.upem)
}

func (c *charstringWriter) step(p fixed.Point26_6) { c.stepTo(c.at(p)) }

func (c *charstringWriter) stepTo(x, y int) {
	c.args = append(c.args, x-c.x, y-c.y)
	c.x, c.y = x, y
	b := c.box
	b[0], b[1], b[2], b[3] = min(b[0], x), min(b[1], y), max(b[2], x), max(b[3], y)
}

// quad raises a curve of degree two to degree three.
func (c *charstringWriter) quad(control, end fixed.Point26_6) {
	cx, cy := c.at(control)
	ex, ey := c.at(end)
	sx, sy := c.x, c.y
	c.stepTo(third(sx, cx), third(sy, cy))
	c.stepTo(third(ex, cx), third(ey, cy))
	c.stepTo(ex, ey)
}

// third is the point two thirds of the way from a to b.
func third(a, b int) int { return a + (2*(b-a)+signOf(b-a))/3 }

func signOf(v int) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}

// charstringNumber appends an operand of a Type 2 charstring.
func charstringNumber(b []byte, v int) []byte {
	switch {
	case v >= -107 && v <= 107:
		return append(b, byte(v+139))
	case v >= 108 && v <= 1131:
		v -= 108
		return append(b, byte(v>>8)+247, byte(v))
	case v >= -1131 && v <= -108:
		v = -v - 108
		return append(b, byte(v>>8)+251, byte(v))
	}
	v = min(max(v, -32768), 32767)
	return append(b, 28, byte(v>>8), byte(v))
}
