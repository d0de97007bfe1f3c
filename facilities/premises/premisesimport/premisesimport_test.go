package premisesimport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/facilities/premises"
	"yike/facilities/premises/premisesexport"
	"yike/facilities/premises/premisesimport"
	"yike/geo/divisions"
	"yike/internal/rowio"
)

func places() []divisions.Division {
	return []divisions.Division{
		{Code: "1", Level: divisions.Subdistrict, NameZH: "甲街道", NameEN: "Jia"},
		{Code: "11", Level: divisions.Community, ParentCode: "1", NameZH: "花桥里", NameEN: "Huaqiaoli"},
	}
}

func read(t *testing.T, name, content string) (premisesimport.List, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return premisesimport.Read(t.Context(), path, name, places())
}

func ledger() premisesexport.File {
	rooms := []premises.Room{
		{
			LedgerNo: "G-1", Name: "=1+1", Estate: "花桥里", Building: "3", Floor: "-1", RoomNo: "007", Address: "花桥路 1 号", DivisionCode: "11", Point: [2]float64{117.0512345, 39.5},
			Placed: true, Owner: "＝民政局", Title: premises.TitleRegistered, ApprovedUse: premises.CommunityService, PresentUse: premises.Commercial, Area: 50_050, LandShare: 1000,
			Parts: []premises.Part{{Use: premises.CommunityService, Area: 30_000, CountsFor: premises.CommunityNorm}, {Use: premises.Culture, Area: 1250}},
			State: premises.HandedOver, PlannedOn: "2019-05-01", HandedOverOn: "2022-09-01", KeyHolder: "居委会", ObtainedBy: premises.ByProvision, Documents: []string{"甲", "乙"}, Note: "注",
		},
		{LedgerNo: "G-2", Name: "乙", DivisionCode: "1", State: premises.Planned},
	}
	f := premisesexport.File{Places: places(), Made: "2026-11-27", Summary: premises.Summarise(rooms, places(), nil, nil), Notices: []premises.Text{{ZH: "示例", EN: "example"}}}
	for _, r := range rooms {
		f.Items = append(f.Items, premises.Item{Room: r})
	}
	return f
}

// TestTheLedgerComesBack holds that what the ledger is written as says the same when it is
// read, in both formats and languages.
func TestTheLedgerComesBack(t *testing.T) {
	t.Parallel()
	for _, english := range []bool{false, true} {
		for name, write := range map[string]func(f premisesexport.File, w io.Writer) error{
			"台账.xlsx": func(f premisesexport.File, w io.Writer) error { return f.WriteXLSX(w) },
			"台账.csv":  func(f premisesexport.File, w io.Writer) error { return f.WriteCSV(w) },
		} {
			f := ledger()
			f.English = english
			var out bytes.Buffer
			if err := write(f, &out); err != nil {
				t.Fatal(err)
			}
			list, err := read(t, name, out.String())
			if err != nil || len(list.Faults) > 0 || len(list.Reader.Ignored) > 0 || len(list.Rows) != len(f.Items) {
				t.Errorf("%s: %v, %+v", name, err, list)
				continue
			}
			for i, row := range list.Rows {
				if len(row.Faults) > 0 {
					t.Errorf("%s: %+v", name, row.Faults)
				}
				if d := cmp.Diff(f.Items[i].Room, row.Patch.Apply(premises.Room{})); d != "" {
					t.Errorf("%s in English %v: %s", name, english, d)
				}
			}
		}
	}
}

// TestTheTemplateIsEmpty holds that an untouched template has no row, and that one that
// was filled in is read.
func TestTheTemplateIsEmpty(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := premisesexport.WriteTemplate(&out, places()); err != nil {
		t.Fatal(err)
	}
	list, err := read(t, "模板.xlsx", out.String())
	if err != nil || len(list.Rows)+len(list.Faults)+len(list.Reader.Ignored) > 0 {
		t.Errorf("%v, %+v", err, list)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	list, err := read(t, "a.csv", "编号,名称,面积,颜色\r\nG-1,甲,100,红\r\n\r\nG-2,'=乙,约十,\r\n,丙,5,\r\n'G,'x,1,\r\n")
	if err != nil || len(list.Rows) != 4 || !cmp.Equal(list.Reader.Ignored, []string{"颜色"}) {
		t.Fatalf("%v, %+v", err, list)
	}
	var said []string
	for _, r := range list.Rows {
		for _, f := range r.Faults {
			said = append(said, f.Column)
		}
	}
	if strings.Join(said, " ") != "面积 编号" || *list.Rows[1].Patch.Name != "=乙" || *list.Rows[3].Patch.Name != "'x" || list.Rows[1].Row != 4 {
		t.Errorf("%q, %+v", said, list.Rows)
	}
	if list, err := read(t, "a.csv", "名称\r\n甲\r\n"); err != nil || len(list.Faults) != 1 || list.Faults[0].Field != "ledger_no" {
		t.Errorf("without numbers: %v, %+v", err, list.Faults)
	}
	if list, err := read(t, "a.tsv", "ledger number\tname\tcommunity\r\nG-1\tA\thuaqiaoli\r\n"); err != nil || len(list.Rows) != 1 || *list.Rows[0].Patch.DivisionCode != "11" {
		t.Errorf("in English: %v, %+v", err, list)
	}
	for name, content := range map[string]string{
		"a.geojson": `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"编号":"1"},"geometry":null}]}`,
		"a.xlsx":    "PK\x03\x04 broken", "a.csv": "", "many.csv": "编号\r\n" + strings.Repeat("G-1\r\n", premises.MostListed+1),
	} {
		var bad *rowio.RowError
		if _, err := read(t, name, content); !errors.As(err, &bad) || bad.ReasonZH == "" || bad.ReasonEN == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := premisesimport.Read(ctx, filepath.Join(t.TempDir(), "nothing"), "a.csv", nil); err == nil {
		t.Error("read what is not there")
	}
}
