package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yike/internal/pdf"
)

func openFonts(t testing.TB) *pdf.Fonts {
	t.Helper()
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if errors.Is(err, pdf.ErrNoFont) && os.Getenv("CI") == "" {
		t.Skip("no font with Chinese characters; apt-get install fonts-noto-cjk")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = fonts.Close() })
	return fonts
}

// tool skips a test that needs a program which is not there.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" && name != "qpdf" {
			t.Fatalf("%s is not installed; apt-get install poppler-utils zbar-tools", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	var faults bytes.Buffer
	command := exec.CommandContext(t.Context(), tool(t, name), args...)
	command.Stderr = &faults
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s%s", name, args, err, out, faults.Bytes())
	}
	return string(out)
}

// write makes a document and returns its bytes and where they are kept.
func write(t *testing.T, opts pdf.Options, draw func(*pdf.Document)) (*pdf.Document, []byte, string) {
	t.Helper()
	var b bytes.Buffer
	doc := pdf.New(&b, openFonts(t), opts)
	draw(doc)
	if err := doc.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return doc, b.Bytes(), path
}

// report is a document that uses most of what there is.
func report(doc *pdf.Document) {
	doc.Title("哪些社区还没有老人家食堂？")
	doc.Figures(pdf.Figure{Value: "98.7 %", Label: "步行 15 分钟以内的老人"}, pdf.Figure{Value: "1 234", Label: "步行 15 分钟以外的老人", Color: pdf.Danger()})
	doc.Heading("一、情况")
	doc.Paragraph("㙍𠮷𬭎三字也找得到。")
	doc.Table(pdf.Table{
		Columns: []pdf.Column{{Weight: 2}, {Width: 24 * pdf.MM, Align: pdf.Right}, {Width: 24 * pdf.MM, Align: pdf.Right}, {Width: 30 * pdf.MM, Align: pdf.Centre}},
		Head:    [][]pdf.Cell{{{Text: "社区", Rows: 2}, {Text: "人口", Span: 2}, {Text: "食堂", Rows: 2}}, {{Text: "六十岁以上"}, {Text: "八十岁以上"}}},
	}, rowsOf(120))
}

func rowsOf(n int) func(yield func(pdf.Row) bool) {
	return func(yield func(pdf.Row) bool) {
		for i := range n {
			row := pdf.Texts(fmt.Sprintf("幸福里%d社区", i), fmt.Sprint(i*37), fmt.Sprint(i*7), "有")
			if i%3 == 0 {
				row.Cells[3] = pdf.Cell{Text: "无", Color: pdf.Danger(), Fill: pdf.Fill{Pattern: pdf.Hatch + pdf.Pattern(i%4), Color: pdf.Warning()}}
			}
			if !yield(row) {
				return
			}
		}
	}
}

func options() pdf.Options {
	return pdf.Options{
		Meta:   pdf.Meta{Title: "哪些社区还没有老人家食堂？", Subject: "配置", Author: "区民政局", Lang: "zh-CN", Day: "2026-11-27"},
		Footer: pdf.Footer{Source: "来源：设施登记", Notices: []string{"示例数据，不是真实情况"}},
	}
}

func TestTextIsFoundAgain(t *testing.T) {
	t.Parallel()
	doc, _, path := write(t, options(), report)
	text := run(t, "pdftotext", "-raw", path, "-")
	for _, want := range []string{"哪些社区还没有老人家食堂？", "98.7 %", "㙍𠮷𬭎三字也找得到。", "幸福里119社区", "来源：设施登记", "示例数据，不是真实情况", "2026-11-27", "第 2 页 共 4 页", "第 4 页 共 4 页"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text has no %q", want)
		}
	}
	if got := strings.Count(text, "六十岁以上"); got != doc.Pages() {
		t.Errorf("the head of the table stands %d times on %d pages", got, doc.Pages())
	}
	for i := range 120 {
		if got := strings.Count(text, fmt.Sprintf("幸福里%d社区", i)); got != 1 {
			t.Errorf("row %d is there %d times", i, got)
		}
	}
	if len(doc.Missing()) != 0 {
		t.Errorf("missing %q", doc.Missing())
	}
	info := run(t, "pdfinfo", path)
	for _, want := range []string{"哪些社区还没有老人家食堂？", "区民政局", "A4", "Pages:           4"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo says no %q:\n%s", want, info)
		}
	}
	if fonts := run(t, "pdffonts", path); strings.Contains(fonts, " no ") {
		t.Errorf("a font is not embedded, not a subset or has no way to Unicode:\n%s", fonts)
	}
}

func TestEnglishPagesAndA3(t *testing.T) {
	t.Parallel()
	_, _, path := write(t, pdf.Options{Paper: pdf.A3(), Landscape: true, Meta: pdf.Meta{Lang: "en"}}, func(doc *pdf.Document) {
		doc.Paragraph("Who lives too far away?")
		doc.Page()
	})
	text := run(t, "pdftotext", path, "-")
	if !strings.Contains(text, "Page 2 of 2") {
		t.Errorf("no page number in %q", text)
	}
	if info := run(t, "pdfinfo", path); !strings.Contains(info, "1190.55 x 841.89") {
		t.Errorf("not an A3 on its side:\n%s", info)
	}
}

func TestFileIsSound(t *testing.T) {
	t.Parallel()
	_, _, path := write(t, options(), func(doc *pdf.Document) {
		report(doc)
		everyMark(t, doc)
	})
	if out := run(t, "qpdf", "--check", path); !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Error(out)
	}
}

// everyMark draws a page of all that a canvas can draw.
func everyMark(t *testing.T, doc *pdf.Document) {
	t.Helper()
	c := doc.Page()
	for i := range 7 {
		x := 50 + float64(i)*70
		c.Rect(pdf.Box{X: x, Y: 80, W: 50, H: 50}, pdf.Fill{Pattern: pdf.Pattern(i), Color: pdf.Accent()}, pdf.Stroke{Width: 1})
		c.Circle(x+25, 170, 25, pdf.Fill{Pattern: pdf.Pattern(i), Color: pdf.Warning()}, pdf.Stroke{Width: 1, Dash: 3})
		c.Polygon([]float64{x, 260, x + 25, 210, x + 50, 260}, pdf.Fill{Pattern: pdf.Pattern(i)}, pdf.Stroke{Width: 0.5})
	}
	code, err := pdf.NewQR("https://yike.example.gov.cn/map?z=14")
	if err != nil {
		t.Fatal(err)
	}
	c.QR(code, 50, 300, 40*pdf.MM)
	for i, data := range [][]byte{pngOf(t, colours()), jpegOf(t, colours())} {
		p, err := pdf.ReadPicture(data, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		c.Picture(p, pdf.Box{X: 200 + 150*float64(i), Y: 300, W: 120, H: 120})
	}
	c.Link(pdf.Box{X: 50, Y: 80, W: 50, H: 50}, "https://example.gov.cn/(a)")
	c.Link(pdf.Box{X: 50, Y: 80, W: 50, H: 50}, "javascript:alert(1)")
}

// colours is a picture of four fields: red, green, blue and see-through.
func colours() image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for y := range 40 {
		for x := range 40 {
			c := color.NRGBA{A: 255}
			switch {
			case x < 20 && y < 20:
				c.R = 255
			case y < 20:
				c.G = 255
			case x < 20:
				c.B = 255
			default:
				c.A = 0
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// raster renders the first page of a file at 72 dpi, a pixel a point.
func raster(t *testing.T, path string) image.Image {
	t.Helper()
	out := filepath.Join(t.TempDir(), "page")
	run(t, "pdftoppm", "-r", "72", "-f", "1", "-l", "1", "-png", "-singlefile", path, out)
	b, err := os.ReadFile(out + ".png")
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMarksAreDrawnWhereTheyShould(t *testing.T) {
	t.Parallel()
	_, _, path := write(t, pdf.Options{}, func(doc *pdf.Document) { everyMark(t, doc) })
	page := raster(t, path)
	at := func(x, y int) string {
		r, g, b, _ := page.At(x, y).RGBA()
		return fmt.Sprintf("%02X%02X%02X", r>>8, g>>8, b>>8)
	}
	for name, tc := range map[string]struct {
		x, y int
		want string
	}{
		"plain square":         {50 + 70 + 25, 105, "1F6F78"},
		"plain triangle":       {50 + 70 + 25, 250, "000000"},
		"tinted square":        {50 + 140 + 25, 105, "E9F1F2"},
		"empty square":         {75, 105, "FFFFFF"},
		"red of the PNG":       {230, 330, "FF0000"},
		"green of the PNG":     {290, 330, "00FF00"},
		"blue of the PNG":      {230, 390, "0000FF"},
		"see-through is white": {290, 390, "FFFFFF"},
	} {
		if got := at(tc.x, tc.y); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
	for i, pattern := range []string{"hatch", "back hatch", "cross hatch", "dots"} {
		inked := 0
		for x := range 40 {
			for y := range 40 {
				if at(55+70*(3+i)+x, 85+y) != "FFFFFF" {
					inked++
				}
			}
		}
		if inked < 100 || inked > 1400 {
			t.Errorf("%s covers %d of 1600 pixels", pattern, inked)
		}
	}
}

func TestPrintedCodeIsRead(t *testing.T) {
	t.Parallel()
	_, _, path := write(t, pdf.Options{}, func(doc *pdf.Document) { everyMark(t, doc) })
	out := filepath.Join(t.TempDir(), "page")
	run(t, "pdftoppm", "-r", "150", "-png", "-singlefile", path, out)
	if got := run(t, "zbarimg", "-q", "--raw", out+".png"); strings.TrimSpace(got) != "https://yike.example.gov.cn/map?z=14" {
		t.Errorf("zbarimg reads %q", got)
	}
}

func TestSameCallsGiveSameBytes(t *testing.T) {
	t.Parallel()
	_, first, _ := write(t, options(), report)
	_, second, _ := write(t, options(), report)
	if !bytes.Equal(first, second) {
		t.Error("two documents of the same calls differ")
	}
	_, other, _ := write(t, pdf.Options{}, report)
	if bytes.Equal(first, other) {
		t.Error("documents of different options are the same")
	}
}

func TestCharacterThatNoFontHasIsTold(t *testing.T) {
	t.Parallel()
	doc, _, path := write(t, pdf.Options{}, func(doc *pdf.Document) { doc.Paragraph("张\U00010000家") })
	if got := doc.Missing(); !slices.Equal(got, []rune{0x10000}) {
		t.Errorf("missing %U, want U+10000", got)
	}
	if text := run(t, "pdftotext", path, "-"); !strings.Contains(text, "张\U00010000家") {
		t.Errorf("the text is %q", text)
	}
}

func TestRowHigherThanAPage(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("很长的说明。", 2500) + "完"
	doc, _, path := write(t, pdf.Options{}, func(doc *pdf.Document) {
		doc.Paragraph("前")
		n := doc.Table(pdf.Table{Columns: []pdf.Column{{Title: "项"}, {Title: "说明", Width: 60 * pdf.MM}}},
			slices.Values([]pdf.Row{pdf.Texts("一", "短"), pdf.Texts("二", long), pdf.Texts("三", "后")}))
		if n != 3 {
			t.Errorf("%d rows were set, want 3", n)
		}
	})
	if doc.Pages() < 10 {
		t.Errorf("%d pages, want more", doc.Pages())
	}
	text := strings.Join(strings.Fields(run(t, "pdftotext", "-raw", path, "-")), "")
	if got := strings.Count(text, "说明。"); got < 2500*98/100 || !strings.Contains(text, "完") || !strings.Contains(text, "三") {
		t.Errorf("%d of 2500 sentences were set", got)
	}
}

func TestTablesThatAreOdd(t *testing.T) {
	t.Parallel()
	wide := make([]pdf.Column, 60)
	for i := range wide {
		wide[i] = pdf.Column{Title: "列", Width: 30 * pdf.MM}
	}
	for name, table := range map[string]pdf.Table{
		"no columns":            {},
		"wider than the page":   {Columns: wide},
		"a head that is short":  {Columns: wide[:3], Head: [][]pdf.Cell{{{Text: "一", Rows: 9, Span: 2}}}},
		"a head that overflows": {Columns: wide[:2], Head: [][]pdf.Cell{{{Text: "一", Rows: 2}, {Text: "二", Span: 9}, {Text: "三"}}, {{Text: "四"}, {Text: "五"}, {Text: "六"}}}},
		"a head over a page":    {Columns: wide[:1], Head: [][]pdf.Cell{{{Text: strings.Repeat("头\n", 200)}}}},
		"frames":                {Columns: []pdf.Column{{}, {Width: 1}, {Weight: -1}}, Frame: true, Size: -3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, _, _ := write(t, pdf.Options{}, func(doc *pdf.Document) {
				doc.Table(table, slices.Values([]pdf.Row{{}, pdf.Texts("一"), pdf.Texts("一", "二", "三", "四"), {Cells: []pdf.Cell{{Span: 99}}, Least: 40 * pdf.MM}, {Keep: true}}))
			})
			if doc.Pages() > 8 {
				t.Errorf("%d pages", doc.Pages())
			}
		})
	}
}

func TestTableOfNothingSaysSo(t *testing.T) {
	t.Parallel()
	_, _, path := write(t, pdf.Options{}, func(doc *pdf.Document) {
		doc.Table(pdf.Table{Columns: []pdf.Column{{Title: "社区"}, {Title: "食堂"}}, Empty: "没有超期的设施"}, func(func(pdf.Row) bool) {})
	})
	if text := run(t, "pdftotext", path, "-"); !strings.Contains(text, "没有超期的设施") || !strings.Contains(text, "社区") {
		t.Errorf("the text is %q", text)
	}
}

func TestPicturesThatAreRefused(t *testing.T) {
	t.Parallel()
	whole := pngOf(t, colours())
	photo := jpegOf(t, colours())
	for name, tc := range map[string]struct {
		data []byte
		most int
		want error
	}{
		"nothing":         {nil, 1e6, pdf.ErrPicture},
		"text":            {[]byte("GIF89a is no picture here"), 1e6, pdf.ErrPicture},
		"half a PNG":      {whole[:len(whole)/2], 1e6, pdf.ErrPicture},
		"half a JPEG":     {photo[:len(photo)/2], 1e6, pdf.ErrPicture},
		"too many":        {whole, 40*40 - 1, pdf.ErrPictureTooLarge},
		"just as allowed": {whole, 40 * 40, nil},
	} {
		if _, err := pdf.ReadPicture(tc.data, tc.most); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
}

func TestCodeThatIsTooLong(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"nothing": "", "too long": strings.Repeat("长", 2000)} {
		if _, err := pdf.NewQR(text); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestFontsThatAreNotThere(t *testing.T) {
	t.Parallel()
	if _, err := pdf.OpenFonts(pdf.FontFiles{Regular: []string{"/nowhere/font.ttf"}}); !errors.Is(err, pdf.ErrNoFont) {
		t.Errorf("got %v, want ErrNoFont", err)
	}
	broken := filepath.Join(t.TempDir(), "broken.ttf")
	if err := os.WriteFile(broken, []byte("no font"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := pdf.OpenFonts(pdf.FontFiles{Regular: []string{broken}}); err == nil || !strings.Contains(err.Error(), broken) {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

func TestDocumentThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	doc := pdf.New(&limited{left: 3000, err: full}, openFonts(t), options())
	report(doc)
	if err := doc.Close(); !errors.Is(err, full) {
		t.Errorf("got %v, want the writer's error", err)
	}
	doc = pdf.New(io.Discard, openFonts(t), options())
	if err := doc.Close(); err != nil {
		t.Fatal(err)
	}
	doc.Page()
	doc.Page()
	if err := doc.Close(); !errors.Is(err, pdf.ErrClosed) {
		t.Errorf("after drawing on a closed document: got %v, want ErrClosed", err)
	}
}

// limited takes so many bytes and then fails.
type limited struct {
	left int
	err  error
}

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.left {
		n := l.left
		l.left = 0
		return n, l.err
	}
	l.left -= len(p)
	return len(p), nil
}

func FuzzAnyTextIsSet(f *testing.F) {
	for _, s := range []string{"", "张家窝", "a b\tc\r\nd", "\xff\xfe", "\u202e\u200d🏠🏽", strings.Repeat("x", 300), "（（（。。。）））", "𠮷\U000E0100", "\u2028\u0000"} {
		f.Add(s, 10.0, 40.0)
	}
	fonts := openFonts(f)
	f.Fuzz(func(t *testing.T, s string, size, width float64) {
		if len(s) > 20000 {
			return
		}
		doc := pdf.New(io.Discard, fonts, pdf.Options{Meta: pdf.Meta{Title: s, Author: s, Lang: s, Day: s}, Footer: pdf.Footer{Source: s, Notices: []string{s}}})
		doc.Title(s)
		c, _ := doc.Room()
		c.Text(10, 10, width, s, pdf.Style{Size: size, Align: pdf.Right})
		c.TextBox(10, 10, width, s, pdf.Style{Size: size, Bold: true})
		c.Link(pdf.Box{}, s)
		doc.Table(pdf.Table{Size: size, Columns: []pdf.Column{{Title: s, Width: width}, {Title: "二"}}, Empty: s}, slices.Values([]pdf.Row{pdf.Texts(s, s)}))
		if err := doc.Close(); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	})
}

func FuzzPicture(f *testing.F) {
	f.Add(pngOf(f, colours()))
	f.Add(jpegOf(f, colours()))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := pdf.ReadPicture(data, 1<<16)
		if (p == nil) == (err == nil) {
			t.Errorf("got %v, %v", p, err)
		}
	})
}

// BenchmarkPages is a report of 100 pages of rows; the figure to look at is pages/s.
func BenchmarkPages(b *testing.B) {
	fonts := openFonts(b)
	b.ReportAllocs()
	pages := 0
	for b.Loop() {
		doc := pdf.New(io.Discard, fonts, options())
		doc.Table(pdf.Table{Columns: []pdf.Column{{Title: "社区", Weight: 2}, {Title: "六十岁以上", Align: pdf.Right}, {Title: "八十岁以上", Align: pdf.Right}, {Title: "食堂"}}}, rowsOf(3900))
		if err := doc.Close(); err != nil {
			b.Fatal(err)
		}
		pages += doc.Pages()
	}
	b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
}
