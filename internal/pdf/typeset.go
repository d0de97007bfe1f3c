package pdf

import (
	"cmp"
	"maps"
	"slices"

	"golang.org/x/image/font/sfnt"

	"yike/internal/pdf/objects"
)

// typesetter finds and measures the glyphs of one document and collects those in use.
type typesetter struct {
	fonts   *Fonts
	objects *objects.Writer
	buffer  sfnt.Buffer
	plain   map[rune]glyph
	bold    map[rune]glyph
	subsets []*subset
	missing map[rune]bool
	err     error
}

// glyph is a character as the file knows it.
type glyph struct {
	subset  *subset
	cid     int
	advance int // thousandths of the type size
}

// subset is what a document uses of one face.
type subset struct {
	face        *face
	object      int
	runes       []rune // of the CID, from 1; [0] stands for .notdef
	advances    []int
	charstrings [][]byte
	box         [4]int
}

const maxGlyphs = 60000 // of one subset; a CID has two bytes

func newTypesetter(fonts *Fonts, o *objects.Writer) *typesetter {
	return &typesetter{fonts: fonts, objects: o, plain: map[rune]glyph{}, bold: map[rune]glyph{}, missing: map[rune]bool{}}
}

// glyph finds a character along the chain of faces.
func (t *typesetter) glyph(r rune, bold bool) glyph {
	known, chain := t.plain, t.fonts.regular
	if bold {
		known, chain = t.bold, t.fonts.bold
	}
	if g, ok := known[r]; ok {
		return g
	}
	g := t.find(r, chain)
	known[r] = g
	return g
}

func (t *typesetter) find(r rune, chain []*face) glyph {
	for _, face := range chain {
		i := face.index(&t.buffer, r)
		if i == 0 {
			continue
		}
		advance, err := face.advance(&t.buffer, i)
		if err == nil {
			var segments sfnt.Segments
			if segments, err = face.outline(&t.buffer, i); err == nil {
				s := t.subset(face)
				return s.add(r, advance, charstring(segments, face.upem, advance, &s.box))
			}
		}
		t.err = cmp.Or(t.err, err)
	}
	t.missing[r] = true
	s := t.subset(chain[0])
	return s.add(r, missingAdvance, missingBox(&s.box))
}

// subset is the face's part of the document, begun when first asked for.
func (t *typesetter) subset(f *face) *subset {
	for _, s := range t.subsets {
		if s.face == f && len(s.runes) < maxGlyphs {
			return s
		}
	}
	s := &subset{face: f, object: t.objects.Reserve()}
	t.subsets = append(t.subsets, s)
	s.add(0xFFFD, missingAdvance, missingBox(&s.box))
	return s
}

func (s *subset) add(r rune, advance int, charstring []byte) glyph {
	s.runes = append(s.runes, r)
	s.advances = append(s.advances, advance)
	s.charstrings = append(s.charstrings, charstring)
	return glyph{subset: s, cid: len(s.runes) - 1, advance: advance}
}

// lacking lists the characters that no font has, in order.
func (t *typesetter) lacking() []rune { return slices.Sorted(maps.Keys(t.missing)) }

// width is how wide a line of text is at the size, in points.
func (t *typesetter) width(s string, size float64, bold bool) float64 {
	sum := 0
	for _, r := range s {
		sum += t.glyph(r, bold).advance
	}
	return float64(sum) * size / 1000
}

const missingAdvance = 1000

// missingBox draws an upright rectangle with a bar through it: a character that is there
// and cannot be shown.
func missingBox(box *[4]int) []byte {
	var out []byte
	rectangle := func(first []int, w, h int) {
		for _, v := range first {
			out = charstringNumber(out, v)
		}
		out = append(out, csMove)
		for _, v := range []int{w, 0, 0, h, -w, 0} {
			out = charstringNumber(out, v)
		}
		out = append(out, csLine)
	}
	// The inner rectangle runs the other way around, so that it is cut out.
	rectangle([]int{missingAdvance, 80, -100}, 840, 960)
	for _, v := range []int{60, -900} {
		out = charstringNumber(out, v)
	}
	out = append(out, csMove)
	for _, v := range []int{0, 840, 720, 0, 0, -840} {
		out = charstringNumber(out, v)
	}
	out = append(out, csLine)
	box[0], box[1], box[2], box[3] = min(box[0], 80), min(box[1], -100), max(box[2], 920), max(box[3], 860)
	return append(out, csEnd)
}
