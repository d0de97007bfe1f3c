package mapprint_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/geo"
	"yike/internal/mapprint"
	"yike/internal/pdf"
)

func openFonts(t *testing.T) *pdf.Fonts {
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

// picture is a map of the shape of a frame: a pale ground.
func picture(t *testing.T, width, height int) *pdf.Picture {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = 0xE0
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	p, err := pdf.ReadPicture(b.Bytes(), width*height)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func sheet(t *testing.T, paper mapprint.Paper, orientation mapprint.Orientation) mapprint.Sheet {
	t.Helper()
	s := mapprint.Sheet{
		Paper: paper, Orientation: orientation, Title: "步行 15 分钟以外的人在哪里 — 老人家食堂", Subtitle: "西青区 · 60 岁及以上 · 2026-11-27",
		Office: "区民政局", Day: "2026-11-27", Synthetic: "合成示例数据，不是真实地方", Lat: 39.1,
		Notices: []string{"路网 © OpenStreetMap 贡献者，ODbL", "人口为按规则生成的示例"}, View: "http://127.0.0.1:8080/?type=elderly_canteen&z=13",
		Legend: []mapprint.Sign{
			{Kind: mapprint.Heading, Label: "覆盖"},
			{Kind: mapprint.Area, Color: "#F3E3C3", Edge: "#B7791F", Hatch: "#B7791F", Label: "缺口：步行 15 分钟以外"},
			{Kind: mapprint.Area, Color: "#DDE6E4", Edge: "#1F6F78", Label: "服务圈：步行 15 分钟以内"},
			{Kind: mapprint.Ramp, Color: "#F1F4F0", To: "#2B7F87", Label: "社区覆盖率 0–100 %"},
			{Kind: mapprint.Dot, Color: "#0F4C54", Label: "5 分钟以内的人口"},
			{Kind: mapprint.Line, Color: "#7C7391", Dashed: true, Label: "街镇界"},
			{Kind: mapprint.Drawn, Picture: picture(t, 20, 20), Label: "老人家食堂"},
		},
	}
	for _, f := range mapprint.Frames(s.Notices) {
		if f.Paper == paper && f.Orientation == orientation && f.Legend {
			s.Picture = picture(t, int(f.WidthMM*4), int(f.HeightMM*4))
		}
	}
	s.MetresPerPixel = 5
	return s
}

func write(t *testing.T, s mapprint.Sheet) string {
	t.Helper()
	if faults := s.Check(); len(faults) > 0 {
		t.Fatalf("faults %v", faults)
	}
	var b bytes.Buffer
	missing, err := mapprint.Write(&b, openFonts(t), s)
	if err != nil || len(missing) > 0 {
		t.Fatalf("missing %q, %v", missing, err)
	}
	path := filepath.Join(t.TempDir(), "map.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if keep := os.Getenv("YIKE_KEEP_PRINTS"); keep != "" {
		_ = os.WriteFile(filepath.Join(keep, fmt.Sprintf("%s-%s-%v.pdf", s.Paper, s.Orientation, s.English)), b.Bytes(), 0o600)
	}
	return path
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	out, err := exec.CommandContext(t.Context(), name, args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v", name, args, err)
	}
	return string(out)
}

func TestEverySheetSaysAll(t *testing.T) {
	t.Parallel()
	for _, paper := range []mapprint.Paper{mapprint.A4, mapprint.A3} {
		for _, orientation := range []mapprint.Orientation{mapprint.Portrait, mapprint.Landscape} {
			t.Run(fmt.Sprint(paper, orientation), func(t *testing.T) {
				t.Parallel()
				path := write(t, sheet(t, paper, orientation))
				text := run(t, "pdftotext", "-raw", path, "-")
				for _, want := range []string{
					"步行 15 分钟以外的人在哪里 — 老人家食堂", "西青区 · 60 岁及以上 · 2026-11-27", "合成示例数据，不是真实地方", "图例", "缺口：步行 15 分钟以外", "街镇界",
					"比例尺 约 1:20 000", "米", "审图号：", "WGS 84", "OpenStreetMap", "示例", "制图：区民政局", "第 1 页 共 1 页", "北",
				} {
					if !strings.Contains(strings.ReplaceAll(text, "\u2009", " "), want) {
						t.Errorf("the sheet does not say %q:\n%s", want, text)
					}
				}
			})
		}
	}
}

func TestEnglishSheet(t *testing.T) {
	t.Parallel()
	s := sheet(t, mapprint.A4, mapprint.Landscape)
	s.English, s.Title, s.ReviewNumber, s.Legend = true, "Who walks more than 15 minutes?", "GS(2026)0001", nil
	text := run(t, "pdftotext", "-raw", write(t, s), "-")
	for _, want := range []string{"Who walks more than 15 minutes?", "Map review number: GS(2026)0001", "Scale about 1:", "Page 1 of 1", "Printed by"} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "Legend") {
		t.Error("a sheet without a legend has one")
	}
}

// The bar must be as long on the paper as it says, at any latitude, size and paper.
func TestScaleIsTrueToThePaper(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lat, lon := rapid.Float64Range(3, 54).Draw(t, "lat"), 117.0
		degrees := rapid.Float64Range(0.001, 1).Draw(t, "degrees")
		pixels := rapid.IntRange(200, 5000).Draw(t, "pixels")
		points := rapid.Float64Range(100, 1200).Draw(t, "points")
		room := rapid.Float64Range(40, 150).Draw(t, "room")
		perPixel := mapprint.MetresPerPixel(lat, degrees, pixels)
		ground := geo.Distance(orb.Point{lon - degrees/2, lat}, orb.Point{lon + degrees/2, lat})
		if off := math.Abs(perPixel*float64(pixels)/ground - 1); off > 0.004 {
			t.Fatalf("the width is %.1f m, on the ellipsoid %.1f", perPixel*float64(pixels), ground)
		}
		s := mapprint.ScaleOf(perPixel, pixels, points, room)
		if s.BarPoints > room+1e-9 || s.BarPoints < room/2.51 {
			t.Fatalf("a bar of %.1f points in a room of %.1f", s.BarPoints, room)
		}
		paperMetres := s.BarPoints / pdf.MM / 1000
		if off := math.Abs(paperMetres*s.Denominator/s.BarMetres - 1); off > 1e-9 {
			t.Fatalf("the bar says %g m and its length %g m", s.BarMetres, paperMetres*s.Denominator)
		}
		if off := math.Abs(s.BarPoints/points*ground/s.BarMetres - 1); off > 0.004 {
			t.Fatalf("the bar says %g m and covers %g m of the map", s.BarMetres, s.BarPoints/points*ground)
		}
	})
}

func TestScaleInWords(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		scale         mapprint.Scale
		ratio, zh, en string
	}{
		{mapprint.Scale{Denominator: 12483, BarMetres: 500}, "1:12\u2009500", "500\u2009米", "500\u2009m"},
		{mapprint.Scale{Denominator: 1234567, BarMetres: 20000}, "1:1\u2009230\u2009000", "20\u2009千米", "20\u2009km"},
		{mapprint.Scale{Denominator: 87.4, BarMetres: 0.5}, "1:87", "50\u2009厘米", "50\u2009cm"},
	} {
		if tc.scale.Ratio() != tc.ratio || tc.scale.Length(false) != tc.zh || tc.scale.Length(true) != tc.en {
			t.Errorf("got %q %q %q", tc.scale.Ratio(), tc.scale.Length(false), tc.scale.Length(true))
		}
	}
}

// render gives the first page at a pixel a point.
func render(t *testing.T, path string, dpi int) image.Image {
	t.Helper()
	out := filepath.Join(t.TempDir(), "page")
	run(t, "pdftoppm", "-r", fmt.Sprint(dpi), "-png", "-singlefile", path, out)
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

// What is measured on the rendered paper: the map's picture fills its frame, and the scale
// bar's black parts are as long as the scale has them.
func TestBarOnTheRenderedPaper(t *testing.T) {
	t.Parallel()
	s := sheet(t, mapprint.A4, mapprint.Landscape)
	s.Legend = nil
	const dpi = 144
	m := render(t, write(t, s), dpi)
	ground := color.GrayModel.Convert(color.Gray{Y: 0xE0})
	left, right, row := -1, -1, m.Bounds().Dy()/2
	for x := range m.Bounds().Dx() {
		if color.GrayModel.Convert(m.At(x, row)) == ground {
			if left < 0 {
				left = x
			}
			right = x
		}
	}
	width := float64(right-left+1) * 72 / dpi
	scale := mapprint.ScaleOf(s.MetresPerPixel, s.Picture.Width, width, 60*pdf.MM)
	part := 0 // the black parts of the bar: a row below the map with two long runs of black
	for y := m.Bounds().Dy() * 2 / 3; y < m.Bounds().Dy(); y++ {
		if runs := blackRuns(m, y); len(runs) == 2 {
			part = max(part, runs[0])
		}
	}
	want := scale.BarPoints / 4 * dpi / 72
	if math.Abs(float64(part)-want) > 2.5 {
		t.Errorf("a part of the bar is %d pixels long, want %.1f", part, want)
	}
}

// blackRuns are the lengths of what is black in the left half of a row, but for letters.
func blackRuns(m image.Image, y int) (runs []int) {
	black := 0
	for x := range m.Bounds().Dx() / 2 {
		if color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y < 60 {
			black++
			continue
		}
		if black > 12 {
			runs = append(runs, black)
		}
		black = 0
	}
	return runs
}

func TestCodeOnThePaperLeadsToTheView(t *testing.T) {
	t.Parallel()
	s := sheet(t, mapprint.A4, mapprint.Portrait)
	s.View += strings.Repeat("&x=12345678", 12)
	out := filepath.Join(t.TempDir(), "page")
	run(t, "pdftoppm", "-r", "200", "-png", "-singlefile", write(t, s), out)
	if got := strings.TrimSpace(run(t, "zbarimg", "-q", "--raw", out+".png")); got != s.View {
		t.Errorf("the code says %q", got)
	}
}

// A note has no sign, so its text begins where signs do and takes the width of a column; a
// wide picture is not squeezed into a square.
func TestLegendSaysWhatIsNotOnTheMap(t *testing.T) {
	t.Parallel()
	s := sheet(t, mapprint.A4, mapprint.Landscape)
	s.Legend = []mapprint.Sign{
		{Kind: mapprint.Drawn, Picture: picture(t, 72, 40), Label: "标准地名"},
		{Kind: mapprint.Heading, Label: "图上未印"},
		{Kind: mapprint.Note, Label: "没有画位置的新建小区：3 个"},
	}
	path := write(t, s)
	text := run(t, "pdftotext", "-bbox", path, "-")
	left := func(word string) (x float64) {
		for line := range strings.Lines(text) {
			if strings.Contains(line, word) {
				if _, err := fmt.Sscanf(strings.TrimSpace(line), `<word xMin="%f"`, &x); err != nil {
					t.Fatal(err)
				}
				return x
			}
		}
		t.Fatalf("the sheet does not say %q:\n%s", word, text)
		return 0
	}
	if note, heading, sign := left("没有画位置"), left("图上未印"), left("标准地名"); math.Abs(note-heading) > 0.5 || sign-note < 9*pdf.MM {
		t.Errorf("a note begins at %.1f, a heading at %.1f and the words of a sign at %.1f", note, heading, sign)
	}
	images := run(t, "pdfimages", "-list", path)
	_, after, found := strings.Cut(images, "  72    40 ")
	if columns := strings.Fields(after); !found || len(columns) < 8 || columns[7] != "203" { // 72 dots on 9 mm
		t.Errorf("the sign's picture is not as wide as signs are:\n%s", images)
	}
}

func TestLegendThatIsLongGoesOn(t *testing.T) {
	t.Parallel()
	s := sheet(t, mapprint.A4, mapprint.Landscape)
	for i := range 45 {
		s.Legend = append(s.Legend, mapprint.Sign{Kind: mapprint.Dot, Color: "#000000", Label: fmt.Sprintf("第%d种设施，名称很长，要分两行才能写完", i)})
	}
	text := run(t, "pdftotext", "-raw", write(t, s), "-")
	for i := range 45 {
		if !strings.Contains(text, fmt.Sprintf("第%d种设施", i)) {
			t.Errorf("sign %d is missing", i)
		}
	}
	if !strings.Contains(text, "第 2 页 共 2 页") {
		t.Error("it does not go on on a second page")
	}
}

func TestSheetsThatAreRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 500)
	for name, tc := range map[string]struct {
		spoil func(*mapprint.Sheet)
		field string
	}{
		"paper":        {func(s *mapprint.Sheet) { s.Paper = "a5" }, "paper"},
		"orientation":  {func(s *mapprint.Sheet) { s.Orientation = "" }, "orientation"},
		"no title":     {func(s *mapprint.Sheet) { s.Title = " " }, "title"},
		"long title":   {func(s *mapprint.Sheet) { s.Title = long }, "title"},
		"long office":  {func(s *mapprint.Sheet) { s.Office = long }, "office"},
		"latitude":     {func(s *mapprint.Sheet) { s.Lat = math.NaN() }, "lat"},
		"scale":        {func(s *mapprint.Sheet) { s.MetresPerPixel = 0 }, "metres_per_pixel"},
		"no number":    {func(s *mapprint.Sheet) { s.MetresPerPixel = math.NaN() }, "metres_per_pixel"},
		"rotation":     {func(s *mapprint.Sheet) { s.Rotation = 400 }, "rotation"},
		"view":         {func(s *mapprint.Sheet) { s.View = long }, "view"},
		"notices":      {func(s *mapprint.Sheet) { s.Notices = make([]string, 13) }, "notices"},
		"legend":       {func(s *mapprint.Sheet) { s.Legend = make([]mapprint.Sign, 61) }, "legend"},
		"sign's label": {func(s *mapprint.Sheet) { s.Legend[1].Label = "" }, "legend/1/label"},
		"sign's kind":  {func(s *mapprint.Sheet) { s.Legend[1].Kind = "star" }, "legend/1/kind"},
		"colour":       {func(s *mapprint.Sheet) { s.Legend[1].Color = "red" }, "legend/1"},
		"no picture":   {func(s *mapprint.Sheet) { s.Legend[6].Picture = nil }, "legend/6/picture"},
	} {
		s := sheet(t, mapprint.A4, mapprint.Portrait)
		tc.spoil(&s)
		faults := s.Check()
		if len(faults) == 0 || faults[0].Field != tc.field || faults[0].ZH == "" || faults[0].EN == "" {
			t.Errorf("%s: %+v", name, faults)
		}
	}
}

// BenchmarkWrite sets an A3 sheet with a picture of 240 dots to the inch, from the PNG that
// a browser sends to the bytes of the PDF.
func BenchmarkWrite(b *testing.B) {
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if err != nil {
		b.Skip(err)
	}
	defer fonts.Close() //nolint:errcheck // files opened for reading
	m := image.NewNRGBA(image.Rect(0, 0, 3015, 1928))
	for i := range m.Pix {
		m.Pix[i] = uint8(i/40) | 0x80
	}
	var file bytes.Buffer
	if err := png.Encode(&file, m); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		p, err := pdf.ReadPicture(file.Bytes(), 20_000_000)
		if err != nil {
			b.Fatal(err)
		}
		s := mapprint.Sheet{
			Paper: mapprint.A3, Orientation: mapprint.Landscape, Title: "步行 15 分钟以外的人在哪里", Picture: p, Lat: 39, MetresPerPixel: 2, View: "http://127.0.0.1/?z=13",
			Legend: []mapprint.Sign{{Kind: mapprint.Area, Color: "#F3E3C3", Hatch: "#B7791F", Label: "缺口"}},
		}
		if _, err := mapprint.Write(io.Discard, fonts, s); err != nil {
			b.Fatal(err)
		}
	}
}
