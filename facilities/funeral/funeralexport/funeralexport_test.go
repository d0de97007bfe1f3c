package funeralexport

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/funeral"
	"yike/internal/pdf"
	"yike/internal/xlsx"
)

func sheet(english bool) Sheet {
	n := func(v int64) *int64 { return &v }
	halls := []funeral.Hall{
		{ID: "c", NameZH: "=东村骨灰堂", Level: "village", Fate: funeral.Merge, Status: facilities.Open, DivisionCode: "1", Total: n(80), Used: n(70)},
		{ID: "r", NameZH: "街镇骨灰堂", NameEN: "Town hall", Level: "subdistrict", Fate: funeral.Improve, Status: facilities.Open, DivisionCode: "2", Total: n(100), Used: n(50)},
		{ID: "u", NameZH: "不详堂", Fate: funeral.Keep, Status: facilities.Open},
	}
	b := funeral.Balanced(halls, []funeral.Transfer{{ID: "t", From: "c", To: "r", Year: 2027, Niches: 60}},
		[]funeral.Community{{Code: "x", People: 8_510_000_000, Known: true}}, funeral.DefaultAssumptions(2026, 2027))
	s := Sheet{Balance: b, Halls: map[string]funeral.Hall{}, Divisions: map[string]string{"2": "甲街道"}, Base: "常住人口", Made: "2026-11-27", English: english, Synthetic: true}
	for _, h := range halls {
		s.Halls[h.ID] = h
	}
	return s
}

func TestCSV(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := sheet(false).CSV(&out); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(out.String(), "\uFEFF")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(rows) != 5 {
		t.Fatalf("%v %q", err, rows)
	}
	want := []string{"接收", "街镇骨灰堂", "甲街道", "完善", "100", "50", "50", "-10", "2027", ""}
	if strings.Join(rows[1], "|") != strings.Join(want, "|") {
		t.Errorf("%q, want %q", rows[1], want)
	}
	if rows[2][4] != "不详" || rows[2][6] != "不详" || rows[3][1] != "'=东村骨灰堂" || rows[3][9] != "10" || rows[3][2] != "1" || rows[4][9] != "10" {
		t.Errorf("%q", rows)
	}
	var en bytes.Buffer
	if err := sheet(true).CSV(&en); err != nil || !strings.Contains(en.String(), "receives,Town hall,甲街道,improve") || !strings.Contains(en.String(), "not known") {
		t.Errorf("%s %v", en.String(), err)
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := sheet(false).XLSX(&out); err != nil {
		t.Fatal(err)
	}
	book, err := xlsx.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), xlsx.Limits{})
	if err != nil || book.Sheets()[0].Name != "迁移平衡表" {
		t.Fatalf("%v", err)
	}
	rows, err := book.Rows(t.Context(), book.Sheets()[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for {
		cells, err := rows.Next()
		if err != nil {
			break
		}
		for _, c := range cells {
			all.WriteString(c.Text + "|")
		}
	}
	for _, part := range []string{"骨灰堂格位够用到哪一年", "=东村骨灰堂", "合成示例区", "不详"} {
		if !strings.Contains(all.String(), part) {
			t.Errorf("no %s in %s", part, all.String())
		}
	}
}

func TestPDF(t *testing.T) {
	t.Parallel()
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if errors.Is(err, pdf.ErrNoFont) {
		t.Skip("no Chinese fonts: apt-get install fonts-noto-cjk")
	}
	if err != nil {
		t.Fatal(err)
	}
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed: apt-get install poppler-utils")
	}
	for _, english := range []bool{false, true} {
		file := filepath.Join(t.TempDir(), "b.pdf")
		var out bytes.Buffer
		if err := sheet(english).PDF(&out, fonts); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := exec.CommandContext(t.Context(), tool, "-layout", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"骨灰堂格位够用到哪一年", "街镇骨灰堂", "-10", "迁移安排", "48635", "合成示例区"}
		if english {
			want = []string{"Until when are there niches enough", "Town hall", "Planned moves", "48635 niches are needed over 20 years"}
		}
		for _, part := range want {
			if !strings.Contains(string(text), part) {
				t.Errorf("english %v: no %q in\n%s", english, part, text)
			}
		}
	}
	empty := Sheet{Balance: funeral.Balanced(nil, nil, nil, funeral.DefaultAssumptions(2026, 2027))}
	if err := empty.PDF(&bytes.Buffer{}, fonts); err != nil {
		t.Error(err)
	}
}
