package xlsx_test

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"yike/internal/xlsx"
)

func withFormulas(t *testing.T) []byte {
	t.Helper()
	w := xlsx.NewWriter()
	defer func() { _ = w.Close() }()
	w.Steady()
	for _, name := range []string{"甲", "乙", "丙"} {
		table, err := w.Table(xlsx.TableSpec{Name: name, Columns: []xlsx.Column{{Head: "人口", Kind: xlsx.Decimal}, {Head: "率", Kind: xlsx.Percent}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range [][]any{
			{4, xlsx.Formula{Text: "A2/8", Value: 0.5}},
			{xlsx.Formula{Text: "A2*2", Value: int64(8)}, xlsx.Toned{Value: xlsx.Formula{Text: `IF(A2=4,"","x")`}, Tone: xlsx.Strong}},
		} {
			if err := table.Row(row...); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if _, err := w.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFormulasKeepWhatTheyComeTo(t *testing.T) {
	t.Parallel()
	file := withFormulas(t)
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string][2]string{"B2": {"A2/8", "0.5"}, "A3": {"A2*2", "8"}, "B3": {`IF(A2=4,"","x")`, ""}} {
		formula, err1 := f.GetCellFormula("乙", cell)
		kept, err2 := f.GetCellValue("乙", cell, excelize.Options{RawCellValue: true})
		came, err3 := f.CalcCellValue("乙", cell, excelize.Options{RawCellValue: true})
		if formula != want[0] || kept != want[1] || came != want[1] || err1 != nil || err2 != nil || err3 != nil {
			t.Errorf("%s: %q is %q, and comes to %q: %v %v %v", cell, formula, kept, came, err1, err2, err3)
		}
	}
	for range 5 {
		if !bytes.Equal(file, withFormulas(t)) {
			t.Fatal("equal workbooks are different bytes")
		}
	}
}
