package faces_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"yike/internal/pdf"
	"yike/placenames/plates"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/symbol"
)

// blocks is a font in which each character is a block over all of its width, Chinese ones
// one em wide and others 0.58, with none for the characters named.
type blocks string

var errFont = errors.New("the file of the font is gone")

func (b blocks) Outline(r rune) (pdf.Outline, bool, error) {
	if strings.ContainsRune(string(b), r) {
		return pdf.Outline{}, false, nil
	}
	if r == '!' {
		return pdf.Outline{}, false, errFont
	}
	w := 0.58
	if unicode.Is(unicode.Han, r) {
		w = 1
	}
	o := pdf.Outline{Advance: w}
	if r != ' ' {
		for i, p := range [][2]float64{{0, 0}, {w, 0}, {w, 0.73}, {0, 0.73}} {
			s := pdf.Segment{Op: pdf.Line, To: [3][2]float64{p}}
			if i == 0 {
				s.Op = pdf.Move
			}
			o.Segments = append(o.Segments, s)
		}
	}
	return o, true, nil
}

func builtIn(t *testing.T) []faces.Face {
	t.Helper()
	all, err := faces.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func symbolOf(t interface{ Fatal(...any) }, text string) symbol.Symbol {
	s, err := new(symbol.Fast).Encode(text, symbol.Plan{Version: 4, Level: symbol.Q, Mask: symbol.BestMask})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTheCitedSizes holds the numbers that were read in the Tianjin specification.
func TestTheCitedSizes(t *testing.T) {
	t.Parallel()
	cited := map[plates.Kind][3]float64{plates.Large: {570, 370, 120}, plates.Medium: {270, 170, 75}, plates.Small: {150, 90, 40}}
	shares := map[plates.Kind][]float64{plates.Large: {0.2, 0.6, 0.2}, plates.Medium: {0.4, 0.6}, plates.Small: {0.4, 0.6}}
	kinds := map[plates.Kind]bool{}
	for _, f := range builtIn(t) {
		kinds[f.Kind] = true
		if c, ok := cited[f.Kind]; ok && (c != [3]float64{f.Width, f.Height, f.Symbol.Side} || f.Source.Grade != "r") {
			t.Errorf("%s is %g × %g mm with a symbol of %g mm, graded %s", f.ID, f.Width, f.Height, f.Symbol.Side, f.Source.Grade)
		}
		for i, share := range shares[f.Kind] {
			if f.Bands[i] != share {
				t.Errorf("band %d of %s is %g of the height", i, f.ID, f.Bands[i])
			}
		}
		ground, err := faces.Colour(f.Background)
		if err != nil || ground[2] < 2*max(ground[0], ground[1]) || f.Ink != "#FFFFFF" {
			t.Errorf("%s is not white on blue", f.ID)
		}
		if m := symbol.Module(symbol.Plan{Version: 4}, f.Symbol.Side); m < symbol.LeastModule {
			t.Errorf("the largest symbol of a plate has modules of %.2f mm on %s", m, f.ID)
		}
	}
	for _, k := range plates.Kinds() {
		if !kinds[k] {
			t.Errorf("no face for %s", k)
		}
	}
}

// TestNothingLeavesTheFaceOrRunsIntoTheSymbol lays whatever texts are allowed and looks at
// every corner of every character.
func TestNothingLeavesTheFaceOrRunsIntoTheSymbol(t *testing.T) {
	t.Parallel()
	all := builtIn(t)
	letters := faces.NewLetters(blocks(""))
	s := symbolOf(t, "https://dz.example.gov.cn/0123456789ABCD")
	rapid.Check(t, func(t *rapid.T) {
		f := &all[rapid.IntRange(0, len(all)-1).Draw(t, "face")]
		text := faces.Text{
			Name:   rapid.StringOfN(rapid.SampledFrom([]rune("沣河东路3")), 0, 12, -1).Draw(t, "name"),
			Roman:  rapid.StringMatching(`[A-Z][a-z]{0,12} [A-Z][a-z]{0,12}`).Draw(t, "roman"),
			Number: rapid.StringMatching(`[0-9]{1,4}(-[0-9])?(号|号楼|单元|室)?`).Draw(t, "number"),
			Domain: "dz.example.gov.cn", Code: "0123-45678-9ABCD", Postcode: rapid.SampledFrom([]string{"", "712000"}).Draw(t, "postcode"),
		}
		d, err := f.Lay(letters, text, s)
		if errors.Is(err, faces.ErrTooLong) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range d.Marks {
			for _, seg := range m.Glyph.Segments {
				x := m.M[0]*seg.To[0][0] + m.M[2]*seg.To[0][1] + m.M[4]
				y := m.M[1]*seg.To[0][0] + m.M[3]*seg.To[0][1] + m.M[5]
				q := f.Symbol
				inside := x > q.X+1e-9 && x < q.X+q.Side-1e-9 && y > q.Y+1e-9 && y < q.Y+q.Side-1e-9
				if x < 0 || y < 0 || x > f.Width || y > f.Height || inside {
					t.Fatalf("%c of %+v stands at %.1f, %.1f on %s", m.Glyph.Rune, text, x, y, f.ID)
				}
			}
		}
	})
}

func TestACharacterThatNoFontHasIsRefusedByName(t *testing.T) {
	t.Parallel()
	f := builtIn(t)[0]
	letters := faces.NewLetters(blocks("𬮱㛃"))
	text := faces.Text{Name: "𬮱村㛃路𬮱", Number: "1号", Domain: "a.cn", Code: "0123-45678-9ABCD"}
	_, err := f.Lay(letters, text, symbolOf(t, "x"))
	var missing *faces.MissingError
	if !errors.As(err, &missing) || !errors.Is(err, faces.ErrNoGlyph) || string(missing.Characters) != "𬮱㛃" || !strings.Contains(err.Error(), "U+2CBB1") {
		t.Errorf("the refusal is %v", err)
	}
	text.Name = "路!"
	if _, err := f.Lay(letters, text, symbolOf(t, "x")); !errors.Is(err, errFont) {
		t.Errorf("a broken font gives %v", err)
	}
	sample := faces.NewLetters(blocks("样"))
	if _, err := f.Lay(sample, faces.Text{Number: "1", Code: "0", Sample: true}, symbolOf(t, "x")); !errors.Is(err, faces.ErrNoGlyph) {
		t.Errorf("a sample without its mark gives %v", err)
	}
}

func TestLongNamesAreCondensedAndThenRefused(t *testing.T) {
	t.Parallel()
	f := builtIn(t)[2]
	letters := faces.NewLetters(blocks(""))
	width := func(n int) (float64, error) {
		d, err := f.Lay(letters, faces.Text{Name: strings.Repeat("路", n), Number: "1", Code: "0"}, symbolOf(t, "x"))
		if err != nil {
			return 0, err
		}
		return d.Marks[0].M[0] / f.Lines[0].Size, nil
	}
	if w, err := width(4); err != nil || w != 1 {
		t.Errorf("four characters are %.2f wide, %v", w, err)
	}
	if w, err := width(10); err != nil || w >= 1 || w < f.Lines[0].Least {
		t.Errorf("ten characters are %.2f wide, %v", w, err)
	}
	_, err := width(20)
	var long *faces.TooLongError
	if !errors.As(err, &long) || long.What != faces.Name || long.Needs >= long.Least || !strings.Contains(err.Error(), "60 %") {
		t.Errorf("twenty characters: %v", err)
	}
}

func TestASampleIsMarkedAcrossTheFace(t *testing.T) {
	t.Parallel()
	f := builtIn(t)[1]
	d, err := f.Lay(faces.NewLetters(blocks("")), faces.Text{Number: "1", Code: "0", Sample: true}, symbolOf(t, "x"))
	if err != nil || len(d.Faint) != len([]rune("样张SAMPLE")) {
		t.Fatalf("%d marks, %v", len(d.Faint), err)
	}
	first, last := d.Faint[0].M, d.Faint[len(d.Faint)-1].M
	if first[4] > f.Width/3 || last[4] < f.Width/2 || last[5] > first[5] || math.Abs(first[0]*first[3]-first[1]*first[2]) == 0 {
		t.Errorf("the mark runs from %v to %v", first, last)
	}
}

func TestPlatesThatAreNone(t *testing.T) {
	t.Parallel()
	f := builtIn(t)[2]
	letters := faces.NewLetters(blocks(""))
	for _, text := range []faces.Text{{Code: "0"}, {Number: "1"}} {
		if _, err := f.Lay(letters, text, symbolOf(t, "x")); !errors.Is(err, faces.ErrEmpty) {
			t.Errorf("%+v: %v", text, err)
		}
	}
	if _, err := f.Lay(letters, faces.Text{Number: "1", Code: "0"}, symbol.Symbol{}); !errors.Is(err, faces.ErrEmpty) {
		t.Errorf("without a symbol: %v", err)
	}
	fine, err := new(symbol.Fast).Encode("x", symbol.Plan{Version: 10, Level: symbol.L, Mask: 0})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Lay(letters, faces.Text{Number: "1", Code: "0"}, fine); !errors.Is(err, symbol.ErrModule) {
		t.Errorf("a symbol of 57 modules: %v", err)
	}
}

func TestFacesOfABureau(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	own := base[2]
	own.Width = 160
	other := own
	other.ID = "narrow"
	all := faces.Merge(base, []faces.Face{own, other})
	if len(all) != len(base)+1 || all[2].Width != 160 || base[2].Width != 150 || all[len(all)-1].ID != "narrow" {
		t.Errorf("%d faces, the third %g mm wide", len(all), all[2].Width)
	}
	text, err := json.Marshal([]faces.Face{own, other})
	if err != nil {
		t.Fatal(err)
	}
	if back, err := faces.Read(text); err != nil || len(back) != 2 {
		t.Errorf("what was written is read as %d faces, %v", len(back), err)
	}
}

func TestFacesThatAreRefused(t *testing.T) {
	t.Parallel()
	base := builtIn(t)[2]
	for want, change := range map[string]func(*faces.Face){
		"a name and a source":      func(f *faces.Face) { f.Source.EN = "" },
		"there is no kind":         func(f *faces.Face) { f.Kind = "huge" },
		"is no plate":              func(f *faces.Face) { f.Width = math.NaN() },
		"is no colour":             func(f *faces.Face) { f.Ink = "white" },
		"of the height, not 1":     func(f *faces.Face) { f.Bands = []float64{0.4, 0.4} },
		"the symbol leaves":        func(f *faces.Face) { f.Symbol.X = 120 },
		"has modules of":           func(f *faces.Face) { f.Symbol.Side = 25 },
		"no plate says":            func(f *faces.Face) { f.Lines[1].What = "weather" },
		"stands twice":             func(f *faces.Face) { f.Lines[1].What = faces.Name },
		"has no band":              func(f *faces.Face) { f.Lines[0].Band = 2 },
		"leaves its band":          func(f *faces.Face) { f.Lines[0].Base = 60 },
		"the name leaves the face": func(f *faces.Face) { f.Lines[0].Width = 200 },
		"runs into the symbol":     func(f *faces.Face) { f.Lines[2].Width = 110 },
		"the code has no place":    func(f *faces.Face) { f.Lines = f.Lines[:4] },
	} {
		f := base
		f.Lines = append([]faces.Line(nil), base.Lines...)
		change(&f)
		if err := f.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want a fault with %q, got %v", want, err)
		}
	}
	for _, text := range []string{"", "{}", `[{"colour":1}]`, `[{"id":"a"}]`} {
		if _, err := faces.Read([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
	twice, err := json.Marshal([]faces.Face{base, base})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := faces.Read(twice); err == nil || !strings.Contains(err.Error(), "there is another face") {
		t.Errorf("the same face twice: %v", err)
	}
}
