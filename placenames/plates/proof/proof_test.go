package proof_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yike/internal/pdf"
	"yike/placenames/plates"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/proof"
	"yike/placenames/plates/sheets"
	"yike/placenames/plates/symbol"
)

func tools(tb testing.TB) proof.Tools {
	tb.Helper()
	t, err := proof.Find()
	if err != nil {
		tb.Skip(err)
	}
	return t
}

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

// batchOf is so many plates of each of the faces named.
func batchOf(tb testing.TB, n int, kinds ...plates.Kind) []sheets.Plate {
	tb.Helper()
	all, err := faces.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	random := rand.NewChaCha8([32]byte{2})
	var list []sheets.Plate
	for _, kind := range kinds {
		for i := range all {
			if all[i].Kind != kind {
				continue
			}
			for number := range n {
				token, err := plates.NewToken(random)
				if err != nil {
					tb.Fatal(err)
				}
				list = append(list, sheets.Plate{
					Token: token, Payload: plates.Payload("dz.example.gov.cn", token, false), Face: &all[i],
					Name: "沣河东路", Roman: "Fenghe Donglu", Number: fmt.Sprintf("%d号", number+1), Mask: symbol.BestMask,
				})
			}
		}
	}
	return list
}

func batch() sheets.Batch {
	return sheets.Batch{ID: "ZP-1", Title: "试", Day: "2026-11-28", Sheet: sheets.MakerSheet()}
}

func TestEverySymbolOfTheFileIsReadByBoth(t *testing.T) {
	t.Parallel()
	tools, maker := tools(t), maker(t)
	path := filepath.Join(t.TempDir(), "sheet.pdf")
	list := batchOf(t, 3, plates.Kinds()...)
	var last proof.Step
	r, err := tools.Release(t.Context(), maker, list, batch(), path, "sheet.pdf", func(s proof.Step) { last = s })
	if err != nil {
		t.Fatalf("%v: %+v", err, r.Report)
	}
	if !r.Report.Passed() || r.Report.Read != len(list) || r.Report.Misread != 0 || last.Read != len(list) || last.Drawn != len(list) {
		t.Errorf("the report is %+v after %+v", r.Report, last)
	}
	for _, m := range r.Remasked {
		if (m.From+1)%8 != m.To || m.By == "" {
			t.Errorf("remasked %+v", m)
		}
	}
}

// TestAProofFindsWhatIsWrong changes the manifest, which must then not fit the file.
func TestAProofFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	tools, maker := tools(t), maker(t)
	path := filepath.Join(t.TempDir(), "sheet.pdf")
	r, err := tools.Release(t.Context(), maker, batchOf(t, 4, plates.Small), batch(), path, "sheet.pdf", nil)
	if err != nil {
		t.Fatal(err)
	}
	man := r.Manifest
	man.Plates = append([]sheets.Entry(nil), man.Plates...)
	man.Plates[0].Payload = "https://dz.example.gov.cn/OTHER" // a misreading
	man.Plates[1].Symbol.X -= 3                               // no quiet zone where it should be
	man.Plates[2].Symbol.Y -= 60                              // nothing there
	report, err := tools.Check(t.Context(), path, man, proof.Options{})
	if err != nil {
		t.Fatal(err)
	}
	type kind struct {
		column int
		by     string
		got    bool
	}
	found := map[kind]bool{}
	for _, f := range report.Failures {
		found[kind{f.Entry.Column, f.By, f.Got != ""}] = true
	}
	for _, must := range []kind{{1, "gozxing", true}, {1, "zbarimg", true}, {2, "quiet zone", false}, {3, "gozxing", false}, {3, "zbarimg", false}} {
		if !found[must] {
			t.Errorf("no failure %+v among %v", must, found)
		}
	}
	if report.Passed() || report.Read != 1 || report.Misread < 2 {
		t.Errorf("the report says %d read, %d misread", report.Read, report.Misread)
	}
	proven := map[string]bool{}
	for _, e := range man.Plates {
		proven[e.SHA256] = true
	}
	if again, err := tools.Check(t.Context(), path, man, proof.Options{Proven: proven}); err != nil || !again.Passed() {
		t.Errorf("what is proven is read again: %+v, %v", again, err)
	}
}

func TestAFileOfAnotherManifestIsRefused(t *testing.T) {
	t.Parallel()
	tools, maker := tools(t), maker(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "sheet.pdf")
	r, err := tools.Release(t.Context(), maker, batchOf(t, 1, plates.Small), batch(), path, "sheet.pdf", nil)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(file, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := tools.Check(t.Context(), path, r.Manifest, proof.Options{}); !errors.Is(err, proof.ErrOtherFile) {
		t.Errorf("a changed file gives %v", err)
	}
	if _, err := tools.Check(t.Context(), filepath.Join(dir, "none.pdf"), r.Manifest, proof.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file gives %v", err)
	}
	if _, err := tools.Release(t.Context(), maker, nil, batch(), path, "sheet.pdf", nil); !errors.Is(err, sheets.ErrNoPlates) {
		t.Errorf("no plates give %v", err)
	}
	if _, err := tools.Release(t.Context(), maker, batchOf(t, 1, plates.Small), batch(), filepath.Join(dir, "no", "where.pdf"), "", nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory gives %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tools.Release(ended, maker, batchOf(t, 1, plates.Small), batch(), path, "", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context gives %v", err)
	}
}

func TestMissingProgramsAreNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := proof.Find()
	var missing *proof.MissingError
	if !errors.As(err, &missing) || !errors.Is(err, proof.ErrTools) || len(missing.Programs) != 2 || !strings.Contains(err.Error(), "poppler-utils") {
		t.Errorf("without programs: %v", err)
	}
}

// BenchmarkProof draws 10,000 plates and reads all of them back.
func BenchmarkProof(b *testing.B) {
	tools, maker := tools(b), maker(b)
	list := batchOf(b, 10_000, plates.Small)
	path := filepath.Join(b.TempDir(), "sheet.pdf")
	for b.Loop() {
		start := time.Now()
		r, err := tools.Release(b.Context(), maker, list, batch(), path, "sheet.pdf", nil)
		if err != nil {
			b.Fatalf("%v: %d of %d, %d remasked", err, r.Report.Read, r.Report.Plates, len(r.Remasked))
		}
		b.ReportMetric(float64(r.Report.Read), "read")
		b.ReportMetric(float64(r.Report.Misread), "misread")
		b.ReportMetric(float64(len(r.Remasked)), "remasked")
		b.ReportMetric(float64(len(list))/time.Since(start).Seconds(), "plates/s")
	}
}
