package rowio_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/internal/rowio"
)

func TestMarkedWorkbook(t *testing.T) {
	t.Parallel()
	marks := []rowio.CellMark{{Row: 2, Column: "床位", Text: "应为整数"}, {Row: 2, Text: "疑似重复"}, {Row: 3, Column: "名称", Text: "必填"}}
	csv := write(t, "台账.csv", "名称,床位\n甲,x\n,3\n丙,\"4\n丁,5,6\n戊,7\n")
	book := workbook(t, [][]any{{"名称", "床位"}, {"甲", "x"}, {nil, 3}, {"丙", 4}}, nil)
	for path, want := range map[string][]string{
		csv:  {"行号|名称|床位|错误", "2: 2|甲|x|床位：应为整数；疑似重复", "3: 3||3|名称：必填", "4: 4|||引号没有配对；值中的引号须写两遍，整个值用引号括起", "5: 5|||这一行有 3 列，表头有 2 列；值中若含分隔符，须用引号括起", "6: 6|戊|7|"},
		book: {"名称|床位|错误", "2: 甲|x|疑似重复；B 列：应为整数", "3: |3|A 列：必填", "4: 丙|4|"},
	} {
		var b bytes.Buffer
		if err := rowio.MarkedWorkbook(t.Context(), &b, path, sniff(t, path), rowio.Options{}, marks); err != nil {
			t.Fatal(err)
		}
		back := write(t, "back.xlsx", b.String())
		f := sniff(t, back)
		if d := cmp.Diff(want, linesOf(t, back, f, rowio.Options{})); d != "" {
			t.Error(d)
		}
	}
	if err := rowio.MarkedWorkbook(t.Context(), &bytes.Buffer{}, csv, sniff(t, csv), rowio.Options{Table: "x"}, nil); err == nil || !strings.Contains(err.Error(), `no "x"`) {
		t.Error(err)
	}
}
