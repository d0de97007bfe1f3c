package faces

import (
	"math"
	"unicode"

	"yike/placenames/plates/symbol"
)

// Text is what one plate says. Texts that are empty are left out, except the number and the
// code, which every plate has.
type Text struct {
	Name     string // 青年路
	Roman    string // Qingnian Lu
	Number   string // 12号, 3号楼, 2单元, 301室
	Postcode string // 712000
	Domain   string // dz.example.gov.cn
	Code     string // XXXX-XXXXX-XXXXX
	Sample   bool   // the face is marked as a sample
}

// Drawing is a plate ready to be written.
type Drawing struct {
	Face   *Face
	Text   Text
	Marks  []Mark
	Faint  []Mark // of a sample: under all others, half transparent
	Symbol symbol.Symbol
	Module float64 // side of a module of the symbol
}

// Mark is a character in its place. M takes a point of the glyph, y up in parts of the type
// size, to the face: x' = M[0]x + M[2]y + M[4], y' = M[1]x + M[3]y + M[5].
type Mark struct {
	Glyph *Glyph
	M     [6]float64
}

// smallHan is how large Chinese characters stand beside the figures of a number.
const smallHan = 0.42

// Lay puts a plate's text and symbol on the face. It returns a MissingError, a TooLongError,
// ErrEmpty, symbol.ErrModule if the symbol is too fine for the face, or the font's error.
// The symbol's text must be what Text shows; that is the caller's to hold.
func (f *Face) Lay(letters *Letters, text Text, s symbol.Symbol) (Drawing, error) {
	d := Drawing{Face: f, Text: text, Symbol: s}
	if text.Number == "" || text.Code == "" || len(s.Rows) == 0 {
		return d, ErrEmpty
	}
	d.Module = symbol.Module(s.Plan, f.Symbol.Side)
	if d.Module < symbol.LeastModule {
		return d, symbol.ErrModule
	}
	d.Marks = make([]Mark, 0, 64)
	for _, l := range f.Lines {
		said := l.What.of(text)
		if said == "" {
			continue
		}
		glyphs, err := letters.glyphs(said)
		if err != nil {
			return d, err
		}
		marks, err := l.set(d.Marks, said, glyphs)
		if err != nil {
			return d, err
		}
		d.Marks = marks
	}
	if text.Sample {
		glyphs, err := letters.glyphs("样张 SAMPLE")
		if err != nil {
			return d, err
		}
		d.Faint = f.across(glyphs)
	}
	return d, nil
}

func (w What) of(t Text) string {
	switch w {
	case Name:
		return t.Name
	case Roman:
		return t.Roman
	case Number:
		return t.Number
	case Postcode:
		if t.Postcode == "" {
			return ""
		}
		return "邮政编码 " + t.Postcode
	case Domain:
		return t.Domain
	case Code:
		return t.Code
	default:
		return ""
	}
}

// set appends the marks of a line, centred: set apart where there is room and it may be,
// condensed where there is not.
func (l Line) set(marks []Mark, said string, glyphs []*Glyph) ([]Mark, error) {
	natural := 0.0
	for _, g := range glyphs {
		natural += g.Advance * l.sizeOf(g.Rune)
	}
	condense, apart := 1.0, 0.0
	if natural > l.Width {
		condense = l.Width / natural
		if condense < l.Least {
			return nil, &TooLongError{What: l.What, Text: said, Needs: condense, Least: l.Least}
		}
	} else if n := len(glyphs) - 1; n > 0 && l.Spread > 0 {
		apart = min(l.Spread*l.Size, max(0, 0.62*l.Width-natural)/float64(n)) // two thirds of the width look full
	}
	x := l.X + (l.Width-condense*natural-apart*float64(len(glyphs)-1))/2
	for _, g := range glyphs {
		size := l.sizeOf(g.Rune)
		if len(g.Segments) > 0 {
			marks = append(marks, Mark{Glyph: g, M: [6]float64{condense * size, 0, 0, -size, x, l.Base - l.rise(g.Rune)}})
		}
		x += condense*g.Advance*size + apart
	}
	return marks, nil
}

func (l Line) sizeOf(r rune) float64 {
	if l.What == Number && unicode.Is(unicode.Han, r) {
		return smallHan * l.Size
	}
	return l.Size
}

// rise lets the feet of small Chinese characters stand on the base line of the figures.
func (l Line) rise(r rune) float64 {
	if l.What == Number && unicode.Is(unicode.Han, r) {
		return 0.08 * smallHan * l.Size
	}
	return 0
}

// across sets a text from the lower left to the upper right corner.
func (f *Face) across(glyphs []*Glyph) []Mark {
	natural := 0.0
	for _, g := range glyphs {
		natural += g.Advance
	}
	diagonal := math.Hypot(f.Width, f.Height)
	sin, cos := f.Height/diagonal, f.Width/diagonal
	size := 0.78 * diagonal / natural
	// The middle of the text, 0.36 above its base line, lies in the middle of the face.
	x := f.Width/2 - size*(natural/2*cos-0.36*sin)
	y := f.Height/2 + size*(natural/2*sin+0.36*cos)
	var marks []Mark
	for _, g := range glyphs {
		if len(g.Segments) > 0 {
			marks = append(marks, Mark{Glyph: g, M: [6]float64{size * cos, -size * sin, -size * sin, -size * cos, x, y}})
		}
		x += g.Advance * size * cos
		y -= g.Advance * size * sin
	}
	return marks
}
