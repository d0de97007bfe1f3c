package gazetteerexport_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"yike/internal/pdf"
	"yike/placenames"
	"yike/placenames/gazetteer"
)

func fonts(t *testing.T) *pdf.Fonts {
	t.Helper()
	f, err := pdf.OpenFonts(pdf.SystemFonts())
	if errors.Is(err, pdf.ErrNoFont) && os.Getenv("CI") == "" {
		t.Skip("no font with Chinese characters; apt-get install fonts-noto-cjk")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// packedText gives a text without space, which readers of a page take for one of another width.
func packedText(text string) string { return strings.Join(strings.Fields(text), "") }

// pages gives the text of each page.
func pages(t *testing.T, data []byte) []string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("pdftotext is not there; apt-get install poppler-utils")
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "book.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), program, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
}

// TestPrintedBook sets a book of many names and finds each on the page that its index gives, and
// the chapters where the contents say.
func TestPrintedBook(t *testing.T) {
	t.Parallel()
	f, of := file(t), fonts(t)
	for i := range 120 {
		f.Entries = append(f.Entries, gazetteer.Entry{Class: "street", Initial: string(rune('A' + i%26)), Name: placenames.Name{
			ID: fmt.Sprint(i), Text: fmt.Sprintf("样例%d路", i), Roman: fmt.Sprintf("%cangli %d Lu", 'A'+i%26, i), Kind: "road", State: placenames.Approved, Divisions: []string{"91"},
			Meaning: "按样例命名", Extent: placenames.Extent{From: "东起甲路", To: "西至乙路"},
		}})
	}
	data := twice(t, func(w io.Writer) error { _, err := f.WritePDF(w, of); return err })
	all := pages(t, data)
	front := all[0]
	for _, part := range []string{"地名录", "目录", "拼音索引", "122", "合成"} {
		if !strings.Contains(front, part) {
			t.Errorf("%q is missing in front:\n%s", part, front)
		}
	}
	at := regexp.MustCompile(`拼音索引\s+(\d+)`).FindStringSubmatch(front)
	if at == nil {
		t.Fatalf("the contents say no page of the index:\n%s", front)
	}
	var from int
	_, _ = fmt.Sscan(at[1], &from)
	index := strings.Join(all[from-1:], "\n")
	if !strings.Contains(all[from-1], "拼音索引") {
		t.Errorf("the index is not on page %d", from)
	}
	lines := regexp.MustCompile(`(样例\d+路) … (\d+)`).FindAllStringSubmatch(index, -1)
	if len(lines) != 120 {
		t.Errorf("%d of 120 names stand in the index", len(lines))
	}
	for _, l := range lines {
		var page int
		_, _ = fmt.Sscan(l[2], &page)
		if page < 2 || page >= from || !strings.Contains(all[page-1], l[1]) {
			t.Errorf("%s is not on page %s", l[1], l[2])
		}
	}
	whole := strings.Join(all, "\n")
	for _, part := range []string{"含义：在盐水以东", "曾用名：甲路", "甲路　见 =盐东大道", "=盐东大道　Yandong Dadao"} {
		if !strings.Contains(packedText(whole), packedText(part)) {
			t.Errorf("%q is missing", part)
		}
	}
}

func TestPrintedBookOfNothing(t *testing.T) {
	t.Parallel()
	f, of := file(t), fonts(t)
	f.Entries = nil
	var out bytes.Buffer
	if _, err := f.WritePDF(&out, of); err != nil {
		t.Fatal(err)
	}
	if all := pages(t, out.Bytes()); len(all) != 1 || !strings.Contains(all[0], "没有符合条件的地名") {
		t.Error(all)
	}
	f = file(t)
	f.English = true
	f.Entries[1].Text = "\U0003FFF0路"
	missing, err := f.WritePDF(io.Discard, of)
	if err != nil || len(missing) != 1 {
		t.Error(missing, err)
	}
	if _, err := f.WritePDF(brokenPipe{}, of); err == nil {
		t.Error("the disk is full, and nobody hears of it")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

