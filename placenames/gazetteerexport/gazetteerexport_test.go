package gazetteerexport_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/geo/divisions"
	"yike/internal/rowout"
	"yike/internal/xlsx"
	"yike/placenames"
	"yike/placenames/gazetteer"
	"yike/placenames/gazetteerexport"
)

func file(t *testing.T) gazetteerexport.File {
	t.Helper()
	c, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	road := gazetteer.Entry{Class: "street", Initial: "Y", Point: &orb.Point{117.015, 39}, Name: placenames.Name{
		ID: "a", Text: "=盐东大道", Roman: "Yandong Dadao", Kind: "road", State: placenames.Approved, Divisions: []string{"91", "gone"}, Geometry: orb.LineString{{117.01, 39}, {117.02, 39}},
		Extent: placenames.Extent{From: "起于甲路", To: "止于乙路", Via: "丙桥"}, Meaning: "在盐水以东", Origin: "开发区规划", Note: "内部",
		Former:  []placenames.Former{{Text: "甲路", From: "1990-01-01", Until: "2010-01-01"}, {Text: "旧路", Until: "1990-01-01"}, {Text: "土路"}},
		Aliases: []placenames.Alias{{Text: "大道", Kind: placenames.Colloquial}}, Heritage: &placenames.Heritage{List: "区名录", Level: "区级"},
		Decision: placenames.Decision{Kind: placenames.Renaming, Number: "〔2010〕1号", Day: "2010-01-01", Body: "区政府", Title: "批复"},
	}}
	bridge := gazetteer.Entry{Class: "facility", Initial: "", Name: placenames.Name{ID: "b", Text: "丁桥", Kind: "nothing known", State: placenames.Draft, Divisions: []string{"91"}}}
	return gazetteerexport.File{
		Entries: []gazetteer.Entry{bridge, road}, Catalogue: c, Made: "2026-11-28", Notices: []placenames.Code{{ZH: "合成", EN: "synthetic"}},
		Places: []divisions.Division{{Code: "9", Level: divisions.District, NameZH: "示例区"}, {Code: "91", ParentCode: "9", Level: divisions.Subdistrict, NameZH: "甲街道", NameEN: "Jia"}},
	}
}

// twice writes a file two times, of which the second has the same bytes.
func twice(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var a, b bytes.Buffer
	if err := errors.Join(write(&a), write(&b)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the second file differs from the first")
	}
	return a.Bytes()
}

// sheets are the rows of a workbook by sheet.
func sheets(t *testing.T, data []byte) (names []string, rows map[string][][]string) {
	t.Helper()
	book, err := xlsx.Open(bytes.NewReader(data), int64(len(data)), xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	rows = map[string][][]string{}
	for _, s := range book.Sheets() {
		names = append(names, s.Name)
		r, err := book.Rows(t.Context(), s.Name)
		if err != nil {
			t.Fatal(err)
		}
		for {
			cells, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			var row []string
			for _, c := range cells {
				row = append(row, c.Text)
			}
			rows[s.Name] = append(rows[s.Name], row)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return names, rows
}

func TestBook(t *testing.T) {
	t.Parallel()
	f := file(t)
	names, rows := sheets(t, twice(t, f.WriteBook))
	if len(names) != 3 || names[0] != "目录" || names[1] != "街路巷" {
		t.Fatalf("%q", names)
	}
	contents := rows["目录"]
	if last := contents[len(contents)-1]; last[0] != "合计" || last[2] != "2" {
		t.Errorf("%q", contents)
	}
	streets := rows["街路巷"]
	letter, row := streets[len(streets)-2], streets[len(streets)-1]
	want := []string{
		"=盐东大道", "Yandong Dadao", "道路", "标准地名", "甲街道；gone", "起于甲路；止于乙路；途经 丙桥", "在盐水以东", "开发区规划", "甲路（1990-01-01 – 2010-01-01）；旧路（至 1990-01-01）；土路",
		"大道（俗称）", "区政府 批复 〔2010〕1号", "2010-01-01", "区名录 区级", "内部",
	}
	row[2], want[2] = "", "" // as the catalogue calls it
	if letter[0] != "Y" || !slices.Equal(row, want) {
		t.Errorf("%q\n%q\n%q", letter, row, want)
	}
	others := rows[names[2]]
	if others[len(others)-2][0] != "其他" || others[len(others)-1][2] != "nothing known" {
		t.Errorf("%q", others)
	}
	f.Entries = nil
	if names, _ := sheets(t, twice(t, f.WriteBook)); len(names) != 1 {
		t.Errorf("an empty book: %q", names)
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	f := file(t)
	f.English, f.Open, f.Filtered = true, true, true
	f.Entries = gazetteer.Open(f.Entries)
	data := twice(t, func(w io.Writer) error { return f.WriteRows(t.Context(), w, rowout.CSV) })
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != 2 || slices.Contains(rows[0], "Note") || bytes.Contains(data, []byte("内部")) {
		t.Fatal(err, rows)
	}
	if r := rows[1]; r[0] != "'=盐东大道" || r[5] != "Jia; gone" || r[len(r)-3] != "a" || r[len(r)-2] != "117.015" {
		t.Errorf("%q", r)
	}
	data = twice(t, func(w io.Writer) error { return f.WriteRows(t.Context(), w, rowout.GeoJSON) })
	var layer struct {
		Notes    []string
		Features []struct {
			Geometry   struct{ Type string }
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(data, &layer); err != nil || len(layer.Features) != 1 || layer.Features[0].Geometry.Type != "LineString" || layer.Features[0].Properties["Standard name"] != "=盐东大道" {
		t.Errorf("%v %s", err, data)
	}
	if said := strings.Join(layer.Notes, "|"); said != "As of 2026-11-28|A part of the register, by a filter|Open data: names in use only, without notes|synthetic" {
		t.Error(said)
	}
	if err := f.WriteRows(t.Context(), broken{}, rowout.CSV); err == nil {
		t.Error("a full disk passes")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestFigures(t *testing.T) {
	t.Parallel()
	f := file(t)
	names, rows := sheets(t, twice(t, f.WriteFigures))
	if !slices.Equal(names, []string{"分类", "分政区", "分年度"}) {
		t.Fatalf("%q", names)
	}
	total := rows["分类"][len(rows["分类"])-1]
	if !slices.Equal(total[:7], []string{"合计", "2", "1", "1", "0", "0", "0"}) {
		t.Errorf("%q", total)
	}
	places := rows["分政区"]
	if got := places[len(places)-2:]; got[0][1] != "示例区" || got[0][2] != "2" || got[1][1] != "甲街道" || got[1][3] != "1" {
		t.Errorf("%q", got)
	}
	years := rows["分年度"]
	if got := years[len(years)-1]; got[0] != "2010" || got[1] != "1" || got[3] != "1" {
		t.Errorf("%q", got)
	}
	for _, write := range []func(io.Writer) error{f.WriteFigures, f.WriteBook} {
		if write(broken{}) == nil {
			t.Error("a full disk passes")
		}
	}
}
