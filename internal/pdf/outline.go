package pdf

import (
	"golang.org/x/image/font/sfnt"
)

// Outlines reads the shapes of characters from fonts, for drawings that hold no type:
// printers want outlines. It is not for concurrent use; any number may read the same Fonts.
type Outlines struct {
	faces  []*face
	buffer sfnt.Buffer
}

// Outline is the shape of a character, filled by the non-zero rule, in parts of the type
// size: 1 is one em, y goes up from the base line.
type Outline struct {
	Segments []Segment
	Advance  float64 // how far the pen moves
}

// Segment is one step of an outline. A contour begins with a Move and closes by itself.
type Segment struct {
	Op Op
	To [3][2]float64 // one point of a Move or a Line; two controls and the end of a Curve
}

// Op says what a segment does.
type Op byte

// The steps of outlines.
const (
	Move Op = iota
	Line
	Curve // cubic
)

// Outlines begins reading. bold asks the bold faces first.
func (f *Fonts) Outlines(bold bool) *Outlines {
	if bold {
		return &Outlines{faces: f.bold}
	}
	return &Outlines{faces: f.regular}
}

// Outline gives the shape of a character from the first font that has it; false where none
// has. The error says that a font cannot be read.
func (o *Outlines) Outline(r rune) (Outline, bool, error) {
	for _, f := range o.faces {
		i := f.index(&o.buffer, r)
		if i == 0 {
			continue
		}
		advance, err := f.advance(&o.buffer, i)
		if err != nil {
			return Outline{}, false, err
		}
		segments, err := f.outline(&o.buffer, i)
		if err != nil {
			return Outline{}, false, err
		}
		return Outline{Segments: cubic(segments, float64(64*f.upem)), Advance: float64(advance) / 1000}, true, nil
	}
	return Outline{}, false, nil
}

// cubic turns the segments of a font, whose y goes down, into steps of an outline.
func cubic(segments sfnt.Segments, unit float64) []Segment {
	out := make([]Segment, 0, len(segments))
	var at [2]float64
	for _, s := range segments {
		var p [3][2]float64
		for i, a := range s.Args {
			p[i] = [2]float64{float64(a.X) / unit, -float64(a.Y) / unit}
		}
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			out, at = append(out, Segment{Op: Move, To: p}), p[0]
		case sfnt.SegmentOpLineTo:
			out, at = append(out, Segment{Op: Line, To: p}), p[0]
		case sfnt.SegmentOpQuadTo:
			c, end := p[0], p[1]
			out, at = append(out, Segment{Op: Curve, To: [3][2]float64{pull(at, c), pull(end, c), end}}), end
		case sfnt.SegmentOpCubeTo:
			out, at = append(out, Segment{Op: Curve, To: p}), p[2]
		}
	}
	return out
}

// pull is a control of the cubic that is the quadratic curve from or to p with control c.
func pull(p, c [2]float64) [2]float64 {
	return [2]float64{p[0] + (c[0]-p[0])*2/3, p[1] + (c[1]-p[1])*2/3}
}
