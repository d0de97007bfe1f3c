package faces

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"yike/internal/pdf"
)

// ErrNoGlyph is what a MissingError is.
var ErrNoGlyph = errors.New("no font has the character")

// ErrTooLong is what a TooLongError is.
var ErrTooLong = errors.New("the text is too long for the plate")

// ErrEmpty is returned for a plate without a number, a code or a symbol.
var ErrEmpty = errors.New("the plate has no number, no code or no symbol")

// MissingError names the characters that no font has.
type MissingError struct{ Characters []rune }

// Error names them with their code points.
func (e *MissingError) Error() string {
	var b strings.Builder
	b.WriteString(ErrNoGlyph.Error())
	for _, r := range e.Characters {
		fmt.Fprintf(&b, " %c (U+%04X)", r, r)
	}
	return b.String()
}

// Is makes it an ErrNoGlyph.
func (e *MissingError) Is(target error) bool { return target == ErrNoGlyph }

// TooLongError tells which text does not fit.
type TooLongError struct {
	What  What
	Text  string
	Needs float64 // to which share of its width it would have to be condensed
	Least float64 // to which it may be
}

// Error tells how far the text would have to be condensed.
func (e *TooLongError) Error() string {
	return fmt.Sprintf("%s: %s %q would have to be condensed to %.0f %%, and may be to %.0f %%", ErrTooLong, e.What, e.Text, 100*e.Needs, 100*e.Least)
}

// Is makes it an ErrTooLong.
func (e *TooLongError) Is(target error) bool { return target == ErrTooLong }

// Font gives the shapes of characters; false where it has none.
type Font interface {
	Outline(r rune) (pdf.Outline, bool, error)
}

// Glyph is the shape of a character. There is one for each, so pointers can be compared.
type Glyph struct {
	pdf.Outline
	Rune rune
}

// Letters are the shapes of a font that were asked for, kept for the next plate. They may be
// used concurrently.
type Letters struct {
	font  Font
	mu    sync.RWMutex
	known map[rune]*Glyph // nil for those that the font has not
}

// NewLetters begins with none. The font is asked by one caller at a time.
func NewLetters(font Font) *Letters { return &Letters{font: font, known: map[rune]*Glyph{}} }

// Glyph gives the shape of a character, nil where the font has none, and the font's error.
func (l *Letters) Glyph(r rune) (*Glyph, error) {
	l.mu.RLock()
	g, ok := l.known[r]
	l.mu.RUnlock()
	if ok {
		return g, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if g, ok := l.known[r]; ok {
		return g, nil
	}
	outline, ok, err := l.font.Outline(r)
	if err != nil {
		return nil, err
	}
	if ok {
		g = &Glyph{Outline: outline, Rune: r}
	}
	l.known[r] = g
	return g, nil
}

// glyphs gives the shapes of a text, or a MissingError with all that are not there.
func (l *Letters) glyphs(text string) ([]*Glyph, error) {
	all := make([]*Glyph, 0, len(text))
	var missing []rune
	for _, r := range text {
		g, err := l.Glyph(r)
		switch {
		case err != nil:
			return nil, err
		case g != nil:
			all = append(all, g)
		case !slices.Contains(missing, r):
			missing = append(missing, r)
		}
	}
	if missing != nil {
		return nil, &MissingError{Characters: missing}
	}
	return all, nil
}
