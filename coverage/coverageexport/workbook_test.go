package coverageexport_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// workbook writes a dossier's workbook and opens it again.
func workbook(t *testing.T, a asked) ([]byte, *excelize.File) {
	t.Helper()
	var out bytes.Buffer
	if err := dossier(t, a).WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return out.Bytes(), f
}

// kept are the values of all cells as they are stored, by sheet and cell, and which of
// them are formulas.
func kept(t *testing.T, f *excelize.File) (values map[string]string, formulas map[string]string) {
	t.Helper()
	values, formulas = map[string]string{}, map[string]string{}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, v := range row {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				values[sheet+"!"+cell] = v
				formula, err := f.GetCellFormula(sheet, cell)
				if err != nil {
					t.Fatal(err)
				}
				if formula != "" {
					formulas[sheet+"!"+cell] = formula
				}
			}
		}
	}
	return values, formulas
}

func sameNumber(a, b string) bool {
	if a == b {
		return true
	}
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && math.Abs(x-y) <= 1e-9*math.Max(1, math.Abs(x))
}

// What formulas are said to come to is what they come to, whatever is compared.
func TestFormulasComeToWhatIsWritten(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]asked{
		"today": {}, "three": {options: 3}, "English": {options: 2, english: true}, "nobody": {options: 1, nobody: true}, "served": {options: 1, served: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, f := workbook(t, a)
			values, formulas := kept(t, f)
			if len(formulas) < 20 {
				t.Errorf("%d formulas", len(formulas))
			}
			for at := range formulas {
				sheet, cell, _ := strings.Cut(at, "!")
				got, err := f.CalcCellValue(sheet, cell, excelize.Options{RawCellValue: true})
				if err != nil || !sameNumber(values[at], got) {
					t.Errorf("%s =%s is written as %q and comes to %q, %v", at, formulas[at], values[at], got, err)
				}
			}
		})
	}
}

// soffice is LibreOffice's program, or "" where there is none.
func soffice() string {
	if named := os.Getenv("YIKE_SOFFICE"); named != "" {
		return named
	}
	path, err := exec.LookPath("soffice")
	if err != nil {
		return ""
	}
	return path
}

// LibreOffice works every formula out anew and comes to the same.
func TestLibreOfficeComesToTheSame(t *testing.T) {
	t.Parallel()
	program := soffice()
	if program == "" {
		t.Skip("LibreOffice is not installed: no soffice on the PATH, nor in YIKE_SOFFICE")
	}
	file, before := workbook(t, asked{options: 8})
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.xlsx"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, withoutResults(t, file), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", out, in).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if strings.Contains(string(said), "source file could not be loaded") {
		t.Skipf("LibreOffice is here without Calc: %s", said)
	}
	f, err := excelize.OpenFile(filepath.Join(out, "in.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	values, formulas := kept(t, before)
	again, _ := kept(t, f)
	for at := range formulas {
		if !sameNumber(values[at], again[at]) {
			t.Errorf("%s =%s is %q, and %q in LibreOffice", at, formulas[at], values[at], again[at])
		}
	}
}

// withoutResults takes what formulas come to out of a workbook, so that whoever shows it
// has worked it out.
func withoutResults(t *testing.T, file []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	result := regexp.MustCompile(`(</f>)<v>[^<]*</v>`)
	taken := 0
	for _, part := range in.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		taken += len(result.FindAll(text, -1))
		to, err := w.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(result.ReplaceAll(text, []byte("$1"))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil || taken < 100 {
		t.Fatalf("%d results taken out, %v", taken, err)
	}
	return out.Bytes()
}

func TestWorkbookIsSteady(t *testing.T) {
	t.Parallel()
	one, _ := workbook(t, asked{options: 4})
	two, _ := workbook(t, asked{options: 4})
	if !bytes.Equal(one, two) {
		t.Error("the same dossier gives other bytes")
	}
}

// Who is gained by facility, by division and in all is one number, and everybody who is not
// covered stands at a place.
func TestSheetsAgree(t *testing.T) {
	t.Parallel()
	_, f := workbook(t, asked{options: 3})
	d := dossier(t, asked{options: 3})
	cell := func(sheet string, want ...string) []string {
		t.Helper()
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if strings.HasPrefix(strings.Join(row, "|"), strings.Join(want, "|")) {
				return row
			}
		}
		t.Fatalf("%s has no row %v", sheet, want)
		return nil
	}
	for i, o := range d.Comparison.Options {
		gained := fmt.Sprint(float64(o.Delta.Total[2].Gained) / 10_000)
		lost := fmt.Sprint(float64(o.Delta.Total[2].Lost) / 10_000)
		total := cell("总体", "70 岁及以上", o.Name)
		division := cell("按辖区", "70 岁及以上", "", "合计")
		facility := cell("按设施", "70 岁及以上", "合计（按最近的一处，每人一次）")
		for _, got := range [][2]string{{total[7], total[8]}, {division[9+5*i], division[10+5*i]}, {facility[10+5*i], facility[11+5*i]}} {
			if !sameNumber(got[0], gained) || !sameNumber(got[1], lost) {
				t.Errorf("%s: %v gained and lost; want %s and %s", o.Name, got, gained, lost)
			}
		}
		without := o.After.Total[2].Uncovered + o.After.Total[2].Unsnapped
		if places := cell("未覆盖人口", o.Name, "", "合计"); !sameNumber(places[5], fmt.Sprint(float64(without)/10_000)) {
			t.Errorf("%s: %s at places; want %v", o.Name, places[5], without)
		}
	}
	if name := cell("按设施", "70 岁及以上", "=二食堂"); name[1] != "=二食堂" {
		t.Errorf("%q", name[1])
	}
	if formula, err := f.GetCellFormula("按设施", "B6"); formula != "" || err != nil {
		t.Errorf("a name is run as the formula %q, %v", formula, err)
	}
}
