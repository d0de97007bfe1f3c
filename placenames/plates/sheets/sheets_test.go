package sheets_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"yike/internal/pdf"
	"yike/placenames/plates"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/sheets"
	"yike/placenames/plates/symbol"
)

// maker draws with the fonts of the system.
func maker(tb testing.TB) sheets.Maker {
	tb.Helper()
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if err != nil {
		tb.Skip(err)
	}
	tb.Cleanup(func() {
		if err := fonts.Close(); err != nil {
			tb.Error(err)
		}
	})
	return sheets.Maker{Encoder: new(symbol.Fast), Letters: faces.NewLetters(fonts.Outlines(true))}
}

func builtIn(tb testing.TB) []faces.Face {
	tb.Helper()
	all, err := faces.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// row is so many plates of a road that there is not, the same at each call.
func row(tb testing.TB, f *faces.Face, n int) iter.Seq[sheets.Plate] {
	return func(yield func(sheets.Plate) bool) {
		random := rand.NewChaCha8([32]byte{1})
		for i := range n {
			token, err := plates.NewToken(random)
			if err != nil {
				tb.Fatal(err)
			}
			number := fmt.Sprintf("%d号", i+1)
			if !yield(sheets.Plate{
				Token: token, Payload: plates.Payload("dz.example.gov.cn", token, false), Face: f, Name: "沣河东路", Roman: "Fenghe Donglu",
				Number: number, Postcode: "712000", Address: "示例市示例区沣河东路" + number, Mask: symbol.BestMask,
			}) {
				return
			}
		}
	}
}

func batch() sheets.Batch {
	return sheets.Batch{ID: "ZP-2026-001", Title: "沣河东路门牌", Day: "2026-11-28", Sheet: sheets.MakerSheet()}
}

func read(t *testing.T, img image.Image) string {
	t.Helper()
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	got, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("the picture is not read: %v", err)
	}
	return got.GetText()
}

func TestTheSymbolOfAPictureIsRead(t *testing.T) {
	t.Parallel()
	m := maker(t)
	all := builtIn(t)
	for i := range all {
		for p := range row(t, &all[i], 1) {
			d, err := m.Draw(p)
			if err != nil {
				t.Fatal(err)
			}
			file, err := sheets.PNG(d, 800)
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, img); got != p.Payload {
				t.Errorf("%s is read as %q, want %q", all[i].ID, got, p.Payload)
			}
			if _, _, _, a := img.At(0, 0).RGBA(); a != 0 {
				t.Errorf("the corner of %s is not round", all[i].ID)
			}
			again, err := sheets.PNG(d, 800)
			if err != nil || !bytes.Equal(file, again) {
				t.Errorf("the picture of %s is another one the second time: %v", all[i].ID, err)
			}
		}
	}
}

func TestTheSVGHoldsNoTypeAndNoScript(t *testing.T) {
	t.Parallel()
	m, all := maker(t), builtIn(t)
	for p := range row(t, &all[0], 1) {
		p.Sample, p.Name = true, `<路&"`
		d, err := m.Draw(p)
		if err != nil {
			t.Fatal(err)
		}
		svg := string(sheets.SVG(d))
		for _, never := range []string{"<text", "<script", "style", "font", "<路", "NaN"} {
			if strings.Contains(svg, never) {
				t.Errorf("the SVG holds %q", never)
			}
		}
		for _, must := range []string{`viewBox="0 0 570 370"`, "<title>&lt;路&amp;", `fill-opacity="0.28"`, p.Token.Grouped()} {
			if !strings.Contains(svg, must) {
				t.Errorf("the SVG does not hold %q", must)
			}
		}
	}
}

func TestAFileOfSheetsIsSoundAndAlwaysTheSame(t *testing.T) {
	t.Parallel()
	m, all := maker(t), builtIn(t)
	write := func() ([]byte, sheets.Manifest) {
		var out bytes.Buffer
		told := 0
		two := func(yield func(sheets.Plate) bool) {
			for p := range row(t, &all[2], 51) {
				if !yield(p) {
					return
				}
			}
			for p := range row(t, &all[0], 1) {
				yield(p)
			}
		}
		man, err := m.Write(&out, "sheet.pdf", batch(), two, func(done int) error { told = done; return nil })
		if err != nil {
			t.Fatal(err)
		}
		if told != 52 {
			t.Errorf("told of %d plates", told)
		}
		return out.Bytes(), man
	}
	file, man := write()
	again, _ := write()
	if !bytes.Equal(file, again) {
		t.Error("the second file is another one")
	}
	if man.File.Bytes != int64(len(file)) || man.File.Pages != 5 || len(man.Plates) != 52 || len(man.Faces) != 2 || man.Faces[0].Plates != 51 {
		t.Errorf("the manifest says %+v, %+v of %d plates", man.File, man.Faces, len(man.Plates))
	}
	if e := man.Plates[50]; e.Page != 2 || e.Row != 1 || e.Column != 2 || e.SHA256 == man.Plates[49].SHA256 {
		t.Errorf("plate 51 is %+v", e)
	}
	if e := man.Plates[51]; e.Page != 3 || e.Row != 1 || e.Column != 1 {
		t.Errorf("the large plate is %+v", e)
	}
	if qpdf, err := exec.LookPath("qpdf"); err == nil {
		name := filepath.Join(t.TempDir(), "sheet.pdf")
		if err := os.WriteFile(name, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if told, err := exec.CommandContext(t.Context(), qpdf, "--check", name).CombinedOutput(); err != nil {
			t.Errorf("qpdf: %v\n%s", err, told)
		}
	}
}

func TestAManifestComesBackAndItsTableIsSafe(t *testing.T) {
	t.Parallel()
	m, all := maker(t), builtIn(t)
	list := func(yield func(sheets.Plate) bool) {
		for p := range row(t, &all[2], 2) {
			p.Name = "=路"
			if !yield(p) {
				return
			}
		}
	}
	man, err := m.Write(io.Discard, "sheet.pdf", batch(), list, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := man.Write(&out); err != nil {
		t.Fatal(err)
	}
	back, err := sheets.ReadManifest(&out)
	if err != nil || len(back.Plates) != 2 || back.Plates[1].Token != man.Plates[1].Token || back.Plates[1].Symbol != man.Plates[1].Symbol || back.Batch != man.Batch {
		t.Errorf("the manifest comes back as %+v, %v", back, err)
	}
	for _, text := range []string{"", "{}", "[]"} {
		if _, err := sheets.ReadManifest(strings.NewReader(text)); !errors.Is(err, sheets.ErrManifest) {
			t.Errorf("%q: %v", text, err)
		}
	}
	var table bytes.Buffer
	if err := man.WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.String(), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][8] != "'=路" || rows[2][12] != man.Plates[1].Payload || rows[1][6] != "150" {
		t.Errorf("the table is %v, %v", rows, err)
	}
}

func TestWhatCannotBeMadeIsToldAndNotWritten(t *testing.T) {
	t.Parallel()
	m, all := maker(t), builtIn(t)
	bad := func(yield func(sheets.Plate) bool) {
		i := 0
		for p := range row(t, &all[2], 5) {
			switch i {
			case 1:
				p.Name = "\uE123路" // for private use: no font of a system has it
			case 3:
				p.Payload = "https://" + strings.Repeat("a", 60)
			}
			i++
			if !yield(p) {
				return
			}
		}
	}
	faults := m.Check(bad)
	if len(faults) != 2 || faults[0].Index != 1 || !errors.Is(faults[0].Err, faces.ErrNoGlyph) || faults[1].Index != 3 || !errors.Is(faults[1].Err, symbol.ErrTooLong) {
		t.Errorf("the faults are %+v", faults)
	}
	if _, err := m.Write(io.Discard, "", batch(), bad, nil); !errors.Is(err, faces.ErrNoGlyph) {
		t.Errorf("writing them gives %v", err)
	}
	small := batch()
	small.Sheet = sheets.Sheet{Width: 150, Height: 90}
	if _, err := m.Write(io.Discard, "", small, row(t, &all[2], 1), nil); !errors.Is(err, sheets.ErrSheet) {
		t.Errorf("a small sheet gives %v", err)
	}
	stop := errors.New("stop")
	if _, err := m.Write(io.Discard, "", batch(), row(t, &all[2], 1), func(int) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a stopped one gives %v", err)
	}
	if _, err := m.Write(io.Discard, "", batch(), row(t, &all[2], 0), nil); !errors.Is(err, sheets.ErrNoPlates) {
		t.Errorf("no plates give %v", err)
	}
	broken := &brokenWriter{}
	if _, err := m.Write(broken, "", batch(), row(t, &all[2], 60), nil); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a broken writer gives %v", err)
	}
}

type brokenWriter struct{}

func (*brokenWriter) Write([]byte) (int, error) { return 0, os.ErrClosed }

func BenchmarkSheets(b *testing.B) {
	m, all := maker(b), builtIn(b)
	const n = 10_000
	for b.Loop() {
		if _, err := m.Write(io.Discard, "sheet.pdf", batch(), row(b, &all[2], n), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "plates/s")
}
