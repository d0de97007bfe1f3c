package pdf

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// ErrNoFont reports that none of the named font files exists. Debian has one in the
// package fonts-noto-cjk.
var ErrNoFont = errors.New("pdf: no font with Chinese characters was found")

// FontFiles names font files in the order in which they are asked for a character.
// Files that do not exist are passed over.
type FontFiles struct {
	Regular []string
	Bold    []string
}

// SystemFonts names where Debian, Fedora, openEuler and macOS keep fonts with Chinese
// characters, and then fonts that have rarer ones.
func SystemFonts() FontFiles {
	return FontFiles{
		Regular: []string{
			"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
			"/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
			"/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
			"/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
			"/System/Library/Fonts/Hiragino Sans GB.ttc",
			"/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf",
			"/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
			"/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
			"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
			"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
			"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
			"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
		},
		Bold: []string{
			"/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
			"/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
			"/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Bold.ttc",
			"/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
		},
	}
}

// Fonts are the faces that documents are set in. They read glyphs from their files when
// asked, so they cost little memory, and may be used by many documents at once.
type Fonts struct {
	regular []*face // in the order in which they are asked
	bold    []*face // bold ones, then the regular ones
	files   []*os.File
}

// face is one font of a file.
type face struct {
	font *sfnt.Font
	name string // PostScript name, for the file written
	upem int
}

// OpenFonts opens the fonts that exist among the named files. It returns ErrNoFont if
// there is no regular one, and an error that names the file if one cannot be read as a font.
// A font collection gives its face for simplified Chinese.
func OpenFonts(names FontFiles) (*Fonts, error) {
	f := &Fonts{}
	var err error
	if f.regular, err = f.open(names.Regular); err == nil && len(f.regular) == 0 {
		err = ErrNoFont
	}
	if err == nil {
		f.bold, err = f.open(names.Bold)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	f.bold = append(f.bold, f.regular...)
	return f, nil
}

// Close closes the files. Documents that are being written must be closed before.
func (f *Fonts) Close() error {
	var all error
	for _, file := range f.files {
		all = errors.Join(all, file.Close())
	}
	f.files = nil
	return all
}

// Names tells the fonts in the order in which they are asked for a character of plain text.
func (f *Fonts) Names() []string {
	names := make([]string, len(f.regular))
	for i, face := range f.regular {
		names[i] = face.name
	}
	return names
}

func (f *Fonts) open(paths []string) ([]*face, error) {
	var faces []*face
	for _, path := range paths {
		file, err := os.Open(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open font: %w", err)
		}
		f.files = append(f.files, file)
		face, err := readFace(file)
		if err != nil {
			return nil, fmt.Errorf("read font %s: %w", path, err)
		}
		faces = append(faces, face)
	}
	return faces, nil
}

func readFace(r io.ReaderAt) (*face, error) {
	collection, err := sfnt.ParseCollectionReaderAt(r)
	if err != nil {
		return nil, err
	}
	var best *face
	var buffer sfnt.Buffer
	for i := range collection.NumFonts() {
		font, err := collection.Font(i)
		if err != nil {
			return nil, err
		}
		name, err := font.Name(&buffer, sfnt.NameIDPostScript)
		if err != nil {
			name = fmt.Sprintf("Font%d", i)
		}
		if best == nil || simplified(name) && !simplified(best.name) {
			best = &face{font: font, name: cleanName(name), upem: int(font.UnitsPerEm())}
		}
	}
	if best == nil || best.upem == 0 {
		return nil, errors.New("it holds no font")
	}
	return best, nil
}

// simplified tells whether a face of Noto's collections draws characters as simplified
// Chinese does, and its Latin letters in their own widths.
func simplified(name string) bool {
	return strings.Contains(strings.ToLower(name), "sanscjksc")
}

// cleanName keeps what may stand in a PDF name.
func cleanName(name string) string {
	kept := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, name)
	return kept[:min(len(kept), 60)]
}

// index finds the glyph of a character; 0 where the face has none.
func (f *face) index(b *sfnt.Buffer, r rune) sfnt.GlyphIndex {
	i, err := f.font.GlyphIndex(b, r)
	if err != nil {
		return 0
	}
	return i
}

// advance is how far a glyph moves the pen, in thousandths of the type size.
func (f *face) advance(b *sfnt.Buffer, i sfnt.GlyphIndex) (int, error) {
	a, err := f.font.GlyphAdvance(b, i, fixed.I(f.upem), font.HintingNone)
	if err != nil {
		return 0, fmt.Errorf("measure glyph %d of %s: %w", i, f.name, err)
	}
	return thousandths(int(a), f.upem), nil
}

// outline reads a glyph's segments in units of a 64th of the face's own.
func (f *face) outline(b *sfnt.Buffer, i sfnt.GlyphIndex) (sfnt.Segments, error) {
	s, err := f.font.LoadGlyph(b, i, fixed.I(f.upem), nil)
	if err != nil {
		return nil, fmt.Errorf("read glyph %d of %s: %w", i, f.name, err)
	}
	return s, nil
}

// thousandths turns 64ths of a face's unit into thousandths of its size, to the nearest.
func thousandths(v, upem int) int {
	n, d := v*1000, 64*upem
	if n < 0 {
		return -((-n + d/2) / d)
	}
	return (n + d/2) / d
}
