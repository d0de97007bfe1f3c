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
	"yike/internal/rowio"
	"yike/internal/rowout"
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
	for _, info := range c.Types {
		var sources []imports.Source
		var codes []string
		for _, f := range exports.Usual([]facilities.TypeInfo{info}) {
			sources, codes = append(sources, imports.Source{Header: f.Head(exports.Chinese), Filled: 1}), append(codes, f.Code)
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

func TestTemplate(t *testing.T) {
	t.Parallel()
	info, _ := catalogue(t).Find("elderly_canteen")
	place := facilityexport.Place{Subdistricts: []string{"常青街道"}, Communities: []string{"花园社区", "堃园社区"}}
	var b bytes.Buffer
	if err := facilityexport.Template(t.Context(), &b, rowout.XLSX, info, place); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := rowio.Sniff(t.Context(), path, "a.xlsx", rowio.Limits{})
	if err != nil || f.Template == nil || len(f.Notes) > 0 {
		t.Fatalf("%+v, %v", f, err)
	}
	for _, code := range []string{"name_zh", "community", "lon", "uscc", "fields.grade", "serves"} {
		if !slices.ContainsFunc(f.Tables[f.Table].Columns, func(head string) bool { return f.Template.Columns[head] == code }) {
			t.Errorf("no column of %s", code)
		}
	}
	b.Reset()
	if err := facilityexport.Template(t.Context(), &b, rowout.CSV, info, facilityexport.Place{}); err != nil || !strings.HasPrefix(b.String(), "\ufeff名称,状态,所属街镇,") {
		t.Errorf("%s, %v", b.String(), err)
	}
}
