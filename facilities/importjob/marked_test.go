package importjob

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"yike/facilities/importdb"
	"yike/facilities/imports"
)

// officeSheet is a workbook as an office keeps it: another sheet in front, titles above the
// head, a bold head, and rows of which some are wrong.
func officeSheet(t *testing.T, dir string) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // in memory
	steps := []error{f.SetSheetName("Sheet1", "说明"), f.SetCellStr("说明", "A1", "填表说明")}
	if _, err := f.NewSheet("食堂台账"); err != nil {
		t.Fatal(err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]any{
		{"清澜区食堂一览表"},
		{"填报单位：区民政局"},
		{"编号", "名称", "地址", "社区", "日供餐", "状态"},
		{"A1", "幸福里食堂", "花桥路12号", "幸福里", 120, "正常"},
		{"A2", "坏食堂", "花桥路20号", "没有这个社区", "六十", "停歇中吧"},
		{"A1", "又一个食堂", "花桥路30号", "幸福里", 60, "正常"},
		{"A4", "", "花桥路40号", "幸福里", 60, "正常"},
		{"A5", "两处食堂", "花桥路50号", "朝阳", 60, "正常"},
	} {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		steps = append(steps, err, f.SetSheetRow("食堂台账", cell, &row))
	}
	steps = append(steps, f.MergeCell("食堂台账", "A1", "F1"), f.SetCellStyle("食堂台账", "A3", "F3", bold))
	path := filepath.Join(dir, "台账.xlsx")
	if err := errors.Join(append(steps, f.SaveAs(path))...); err != nil {
		t.Fatal(err)
	}
	return path
}

// marked gives the marked table of a batch.
func (x town) marked(t *testing.T, b imports.Batch) []byte {
	t.Helper()
	rows := func(after, limit int) ([]imports.Seen, error) {
		return importdb.New(x.db).Look(t.Context(), x.planner, b.ID, "", false, "", after, limit)
	}
	var out bytes.Buffer
	if err := Marked(t.Context(), x.db.Pool(), adcode, b, rows, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func opened(t *testing.T, raw []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// filled reports whether a cell has a ground colour.
func filled(t *testing.T, f *excelize.File, sheet, cell string) bool {
	t.Helper()
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	return len(style.Fill.Color) > 0
}

// TestTheirOwnWorkbookComesBackMarked gives a workbook back as it was, with each wrong cell
// coloured and told of in Chinese beside it, and takes it again once it is corrected.
func TestTheirOwnWorkbookComesBackMarked(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	j := x.job(&table{})
	j.Open = Open
	path := officeSheet(t, t.TempDir())
	b := x.checked(t, j, x.planner, x.bringFile(t, path))
	if d := cmp.Diff(imports.Counts{imports.Create: 1, imports.Wrong: 4}, b.Counts); d != "" {
		x.tell(t, b)
		t.Fatal(d)
	}
	raw := x.marked(t, b)
	f := opened(t, raw)
	comments, err := f.GetComments("食堂台账")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, c := range comments {
		said[c.Cell] = c.Text
		for _, p := range c.Paragraph {
			said[c.Cell] += p.Text
		}
	}
	for cell, word := range map[string]string{"D5": "本区没有这个村居", "E5": "不是数字", "F5": "看不出是什么状态", "A6": "与第 4 行是同一条记录", "B7": "名称", "D8": "不止一个街镇有这个村居"} {
		if !strings.Contains(said[cell], word) {
			t.Errorf("%s says %q; want %q", cell, said[cell], word)
		}
		if !filled(t, f, "食堂台账", cell) {
			t.Errorf("%s is not coloured", cell)
		}
		delete(said, cell)
	}
	if len(said) > 0 {
		t.Errorf("words beside other cells: %v", said)
	}
	if filled(t, f, "食堂台账", "A4") || filled(t, f, "食堂台账", "B5") {
		t.Error("cells that are right are coloured")
	}
	rows, err := f.GetRows("食堂台账")
	if err != nil || rows[0][0] != "清澜区食堂一览表" || rows[2][6] != "错误" || len(rows[3]) > 6 && rows[3][6] != "" || !strings.Contains(rows[4][6], "E 列：不是数字") || rows[4][4] != "六十" {
		t.Errorf("%v, %v", rows, err)
	}
	if d := cmp.Diff([]string{"说明", "食堂台账"}, f.GetSheetList()); d != "" {
		t.Error(d)
	}
	x.holdCorrected(t, j, f)
}

// holdCorrected corrects what was marked, and brings the marked workbook in.
func (x town) holdCorrected(t *testing.T, j Job, f *excelize.File) {
	t.Helper()
	for cell, v := range map[string]any{"D5": "幸福里", "E5": 60, "F5": "暂停", "A6": "A3", "B7": "第四食堂", "D8": "朝阳村"} {
		if err := f.SetCellValue("食堂台账", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "改好.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	b := x.bringFile(t, path)
	if at := slices.IndexFunc(b.Mapping.Columns, func(c imports.Column) bool { return c.Header == "错误" }); at < 0 || b.Mapping.Columns[at].Field != imports.Ignored {
		t.Errorf("the column of faults is taken for something: %+v", b.Mapping)
	}
	if b = x.checked(t, j, x.planner, b); b.Counts[imports.Create] != 5 || b.Counts[imports.Wrong] > 0 {
		x.tell(t, b)
		t.Errorf("%+v", b.Counts)
	}
}

// TestAnyOtherFileBecomesAMarkedWorkbook makes a workbook of the rows of a text, with the
// number of each row and what is wrong with it, duplicates among them.
func TestAnyOtherFileBecomesAMarkedWorkbook(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	j := x.job(&table{})
	j.Open = Open
	text := "编号,名称,地址,社区,日供餐\n=1+1,甲食堂,花桥路1号,幸福里,六十\nA2,乙食堂,花桥路2号,幸福里,60\n,乙食堂,花桥路2000号,朝阳村,\n"
	path := filepath.Join(t.TempDir(), "食堂.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b := x.bringFile(t, path)
	o := b.Options
	o.Key, o.Duplicates = imports.KeyNone, true
	b = x.checked(t, j, x.planner, x.mapAnew(t, b, o))
	if d := cmp.Diff(imports.Counts{imports.Wrong: 1, imports.Create: 1, imports.Duplicate: 1}, b.Counts); d != "" {
		t.Fatal(d)
	}
	f := opened(t, x.marked(t, b))
	sheet := f.GetSheetList()[0]
	rows, err := f.GetRows(sheet)
	if err != nil || len(rows) != 4 {
		t.Fatalf("%v, %v", rows, err)
	}
	if d := cmp.Diff([]string{"编号", "名称", "地址", "社区", "日供餐", "行号", "错误"}, rows[0]); d != "" {
		t.Error(d)
	}
	if rows[1][5] != "2" || !strings.Contains(rows[1][6], "日供餐：不是数字") || !strings.Contains(rows[3][6], "疑似重复：第 3 行 乙食堂") {
		t.Errorf("%v", rows)
	}
	if formula, err := f.GetCellFormula(sheet, "A2"); err != nil || formula != "" {
		t.Errorf("a text of the file became a formula: %q, %v", formula, err)
	}
	if !filled(t, f, sheet, "E2") || filled(t, f, sheet, "E3") {
		t.Error("the wrong cells are coloured")
	}
	if name := MarkedName(b); name != "食堂（标出错误）.xlsx" {
		t.Error(name)
	}
}

func (x town) mapAnew(t *testing.T, b imports.Batch, o imports.Options) imports.Batch {
	t.Helper()
	return x.apply(t, b, importdb.Change{Options: &o})
}

// TestMarkingWhatCannotBeMarked fails with what was being done, and makes a table of no
// rows where there are none.
func TestMarkingWhatCannotBeMarked(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	away := errors.New("the database is away")
	none := func(int, int) ([]imports.Seen, error) { return nil, nil }
	source := func(kind string) json.RawMessage { return json.RawMessage(`{"format":{"Kind":"` + kind + `"}}`) }
	missing := imports.Batch{ID: "01a21e64-44d0-745e-9786-033477db7251", FileName: "a.xlsx", Source: source("xlsx")}
	for name, tc := range map[string]struct {
		b    imports.Batch
		rows look
		says string
	}{
		"nobody knows how it is read": {imports.Batch{Source: json.RawMessage(`[`)}, none, "how an import is read"},
		"no rows can be had":          {imports.Batch{FileName: "a.csv", Source: source("csv")}, func(int, int) ([]imports.Seen, error) { return nil, away }, "away"},
		"nor of a workbook":           {missing, func(int, int) ([]imports.Seen, error) { return nil, away }, "away"},
		"its file is gone":            {missing, none, "no such import"},
	} {
		var out bytes.Buffer
		err := Marked(t.Context(), x.db.Pool(), adcode, tc.b, tc.rows, &out)
		if err == nil || !strings.Contains(err.Error(), tc.says) || out.Len() > 0 {
			t.Errorf("%s: %v, %d bytes; want %q", name, err, out.Len(), tc.says)
		}
	}
	var out bytes.Buffer
	empty := imports.Batch{FileName: "空.csv", Source: source("csv"), Mapping: imports.Mapping{Columns: []imports.Column{{Header: "名称"}}}}
	if err := Marked(t.Context(), x.db.Pool(), adcode, empty, none, &out); err != nil {
		t.Fatal(err)
	}
	f := opened(t, out.Bytes())
	if rows, err := f.GetRows(f.GetSheetList()[0]); err != nil || len(rows) != 1 {
		t.Errorf("%v, %v", rows, err)
	}
	if err := Marked(t.Context(), x.db.Pool(), adcode, empty, none, brokenPipe{away}); !errors.Is(err, away) {
		t.Errorf("whoever takes it has gone: %v", err)
	}
}

type brokenPipe struct{ err error }

// Write fails.
func (b brokenPipe) Write([]byte) (int, error) { return 0, b.err }

// TestGuessesOfAFile asks which coordinate system a file is in, by the columns of its
// mapping, row by row as the file counts them.
func TestGuessesOfAFile(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	survey := Surveyor{DB: x.db, Types: x.catalogue, Gazetteer: noGazetteer}
	file := func(head string, rows ...string) imports.Batch {
		t.Helper()
		path := filepath.Join(t.TempDir(), "食堂.csv")
		text := "编号,名称,社区," + head + "\n" + strings.Join(rows, "\n") + "\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return x.bringFile(t, path)
	}
	for name, tc := range map[string]struct {
		b    imports.Batch
		fits int // rows that fit the first guess; -1 for no guesses at all
		rows []int
	}{
		"degrees":              {file("经度,纬度", "A1,甲,幸福里,117.05,39.05", "A2,乙,幸福里,,", "A3,丙,朝阳村,117.31,39.04"), 2, []int{2, 3, 4}},
		"exchanged":            {file("经度,纬度", "A1,甲,幸福里,39.05,117.05", "A2,乙,朝阳村,39.04,117.31"), 2, []int{2, 3}},
		"both in one cell":     {file("坐标", "A1,甲,幸福里,\"117.05,39.05\"", "A2,乙,朝阳村,\"117.31,39.04\""), 2, []int{2, 3}},
		"no coordinates":       {file("地址", "A1,甲,幸福里,花桥路1号"), -1, nil},
		"a zone of 3 degrees":  {file("横坐标,纵坐标", "A1,甲,幸福里,504328.1,4323785.2", "A2,乙,朝阳村,526834.0,4322726.7"), 2, []int{2, 3}},
		"a file of no rows":    {file("经度,纬度"), 0, nil},
		"numbers from nowhere": {file("经度,纬度", "A1,甲,幸福里,2.35,48.85"), 0, []int{2}},
	} {
		list, rows, err := survey.Guesses(t.Context(), adcode, tc.b, nil)
		switch {
		case err != nil || !slices.Equal(rows, tc.rows):
			t.Errorf("%s: rows %v, %v; want %v", name, rows, err, tc.rows)
		case tc.fits < 0 && list != nil:
			t.Errorf("%s: %+v", name, list)
		case tc.fits <= 0:
		case len(list) == 0 || list[0].Fits != tc.fits:
			t.Errorf("%s: %+v; want one that %d rows fit", name, list, tc.fits)
		default:
			if _, err := PlaceBy(list[0].Key); err != nil {
				t.Errorf("%s: %s cannot be read by: %v", name, list[0].Key, err)
			}
		}
		if name == "exchanged" && (len(list) == 0 || !strings.Contains(list[0].Key, "swapped")) {
			t.Errorf("%s: %+v", name, list)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := survey.Guesses(ctx, adcode, file("经度,纬度", "A1,甲,幸福里,117.05,39.05"), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever asked has gone: %v", err)
	}
	if _, err := PlaceBy("mars"); err == nil {
		t.Error("there is a system of Mars")
	}
	read, err := PlaceBy("")
	if err != nil {
		t.Fatal(err)
	}
	if _, zh, en, ok := read("东经", "北纬"); ok || zh == "" || en == "" {
		t.Errorf("words are coordinates: %q, %q", zh, en)
	}
}
