package facilityexport_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/exports"
	"yike/facilities/facilityexport"
	"yike/facilities/imports"
	"yike/geo/divisions"
	"yike/internal/hanzi"
	"yike/internal/rowio"
	"yike/internal/rowout"
	"yike/internal/xlsx"
)

// nowhere is a district without divisions.
type nowhere struct{}

func (nowhere) Subdistrict(string) string { return "" }
func (nowhere) Community(string) string   { return "" }

func catalogue(t testing.TB) facilities.Types {
	t.Helper()
	c, err := facilities.ParseCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func source(list ...facilities.Facility) facilityexport.Source {
	return func() (facilities.Facility, error) {
		if len(list) == 0 {
			return facilities.Facility{}, io.EOF
		}
		next := list[0]
		list = list[1:]
		return next, nil
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	g := exports.Ground{Types: c, Names: nowhere{}, Today: "2026-11-27", Words: exports.English}
	sheet := exports.NewSheet(g, exports.Usual(exports.TypesOf(c, []facilities.Type{"elderly_canteen"})))
	f := facilities.Facility{Type: "elderly_canteen", NameZH: "=甲", Status: facilities.Open, Point: orb.Point{114, 30}, Fields: map[string]any{"subsidised": true}}
	o := facilityexport.Order{Format: rowout.CSV, System: rowout.BD09, Name: "x"}
	var b bytes.Buffer
	n, err := facilityexport.Write(t.Context(), &b, sheet, exports.English, o, source(f, f))
	if err != nil || n != 2 || !strings.Contains(b.String(), "Longitude（BD-09）") || strings.Count(b.String(), "\"'=甲\",") != 2 || !strings.Contains(b.String(), ",yes,") {
		t.Errorf("%d, %v: %s", n, err, b.String())
	}
	rows, err := facilityexport.Shown(t.Context(), sheet, exports.English, o, []facilities.Facility{f})
	if err != nil || len(rows) != 1 || rows[0][0] != "=甲" || len(rows[0]) != len(sheet.Columns()) {
		t.Errorf("%v, %v", rows, err)
	}
	gone := errors.New("the database is away")
	if _, err := facilityexport.Write(t.Context(), io.Discard, sheet, exports.English, o, func() (facilities.Facility, error) { return f, gone }); !errors.Is(err, gone) {
		t.Error(err)
	}
}

// TestHeadingsComeBack has the import find the columns of an export and of a template
// again: of every type, each by its heading.
func TestHeadingsComeBack(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	language, err := imports.NewLanguage(c.Types)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []exports.Words{exports.Chinese, exports.English} {
		for _, info := range c.Types {
			var sources []imports.Source
			var codes []string
			for _, f := range exports.Usual([]facilities.TypeInfo{info}) {
				sources, codes = append(sources, imports.Source{Header: f.Head(words), Filled: 1}), append(codes, f.Code)
			}
			known := language.TargetsOf(info.Type)
			for i, s := range language.Suggest(sources, info.Type, imports.NewDivisions("990001", nil)) {
				target := slices.ContainsFunc(known, func(x imports.Target) bool { return x.Field == codes[i] })
				if target && s.Field != codes[i] || !target && s.Field != imports.Ignored {
					t.Errorf("%s: the column %s is taken for %q, it is %s", info.Type, sources[i].Header, s.Field, codes[i])
				}
			}
		}
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	place := facilityexport.Place{Subdistricts: []string{"常青街道"}, Communities: []string{"花园社区", "堃园社区"}}
	for words, heads := range map[exports.Words]string{exports.Chinese: "名称,状态,所属街镇,", exports.English: "Name,Status,Subdistrict,"} {
		for _, info := range catalogue(t).Types {
			path := filepath.Join(t.TempDir(), "a.xlsx")
			var b bytes.Buffer
			if err := facilityexport.Template(t.Context(), &b, rowout.XLSX, info, place, words); err != nil {
				t.Fatal(info.Type, err)
			}
			if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := rowio.Sniff(t.Context(), path, "a.xlsx", rowio.Limits{})
			if err != nil || f.Template == nil || f.Template.Type != string(info.Type) || len(f.Notes) > 0 {
				t.Fatalf("%s: %+v, %v", info.Type, f, err)
			}
			columns := f.Tables[f.Table].Columns
			for _, code := range []string{"name_zh", "community", "lon", "uscc", "serves"} {
				if !slices.ContainsFunc(columns, func(head string) bool { return f.Template.Columns[head] == code }) {
					t.Errorf("%s: no column of %s", info.Type, code)
				}
			}
			if words == exports.English && strings.ContainsFunc(strings.Join(columns, ""), hanzi.IsHan) {
				t.Errorf("%s: headings in Chinese: %v", info.Type, columns)
			}
			b.Reset()
			if err := facilityexport.Template(t.Context(), &b, rowout.CSV, info, facilityexport.Place{}, words); err != nil || !strings.HasPrefix(b.String(), "\ufeff"+heads) {
				t.Errorf("%s, %v", b.String(), err)
			}
		}
	}
}

// TestTemplatesComeBack fills a template in with the values of its own drop-downs and
// reads it as an import does: of every type, in both languages, no cell is doubted.
func TestTemplatesComeBack(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	language, err := imports.NewLanguage(c.Types)
	if err != nil {
		t.Fatal(err)
	}
	names := imports.NewDivisions("990001", []divisions.Division{
		{Code: "990001", Level: divisions.District, NameZH: "试验区"},
		{Code: "990001001", Level: divisions.Subdistrict, ParentCode: "990001", NameZH: "常青街道", NameEN: "Changqing Subdistrict"},
		{Code: "990001001001", Level: divisions.Community, ParentCode: "990001001", NameZH: "花园社区", NameEN: "Huayuan Community"},
	})
	places := map[exports.Words]facilityexport.Place{
		exports.Chinese: {Subdistricts: []string{"常青街道"}, Communities: []string{"花园社区"}},
		exports.English: {Subdistricts: []string{"Changqing Subdistrict"}, Communities: []string{"Huayuan Community"}},
	}
	for words, place := range places {
		for _, info := range c.Types {
			heads, cells := filledIn(t, info, place, words)
			var sources []imports.Source
			for _, h := range heads {
				sources = append(sources, imports.Source{Header: h})
			}
			o := imports.UsualOptions()
			o.Type = info.Type
			m := imports.Taken(sources, language.Suggest(sources, info.Type, names))
			if faults := language.Faults(m, o, heads); len(faults) > 0 {
				t.Errorf("%s in %s: %+v", info.Type, words, faults)
				continue
			}
			d := imports.NewReader(language, m, o, names, nowhereAtAll).Read(2, cells)
			if len(d.Faults) > 0 || d.Patch.NameZH == nil || d.Division != "990001001001" || d.Patch.Status == nil || len(d.Patch.Fields) < len(info.Fields)/2 {
				t.Errorf("%s in %s: %+v, %+v", info.Type, words, d.Faults, d)
			}
		}
	}
}

func nowhereAtAll(string, string) (orb.Point, string, string, bool) { return orb.Point{}, "", "", true }

// filledIn is the example of a template as a row.
func filledIn(t *testing.T, info facilities.TypeInfo, p facilityexport.Place, words exports.Words) (heads, cells []string) {
	t.Helper()
	var b bytes.Buffer
	if err := facilityexport.Template(t.Context(), &b, rowout.XLSX, info, p, words); err != nil {
		t.Fatal(err)
	}
	book, err := xlsx.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	mark, err := book.ReadTemplateMark(t.Context())
	if err != nil || mark == nil {
		t.Fatal(mark, err)
	}
	rows, err := book.Rows(t.Context(), mark.Sheet)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // read only
	for _, into := range []*[]string{&heads, &cells} {
		line, err := rows.Next()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range line {
			*into = append(*into, strings.TrimSuffix(c.Text, " *"))
		}
	}
	return heads, cells
}
