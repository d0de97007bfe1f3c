package premisesexport_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities/premises"
	"yike/facilities/premises/premisesexport"
	"yike/geo/divisions"
	"yike/internal/xlsx"
)

func file() premisesexport.File {
	places := []divisions.Division{
		{Code: "1", Level: divisions.Subdistrict, NameZH: "甲街道", NameEN: "Jia"},
		{Code: "11", Level: divisions.Community, ParentCode: "1", NameZH: "花桥里", NameEN: "Huaqiaoli"},
		{Code: "12", Level: divisions.Community, ParentCode: "1", NameZH: "槐树里"},
	}
	items := []premises.Item{
		{
			Room: premises.Room{
				ID: "a", Name: "=HYPERLINK(1)", Estate: "花桥里", Building: "3", Floor: "-1", RoomNo: "101", Address: "花桥路 1 号", DivisionCode: "11", Point: orb.Point{117.05, 39.5}, Placed: true,
				Owner: "＝民政局", Title: premises.TitleRegistered, ApprovedUse: premises.CommunityService, PresentUse: premises.Commercial, Area: 50_050, LandShare: 1000,
				Parts: []premises.Part{{Use: premises.CommunityService, Area: 30_000, CountsFor: premises.CommunityNorm}, {Use: premises.Culture, Area: 1250}},
				State: premises.HandedOver, PlannedOn: "2019-05-01", HandedOverOn: "2022-09-01", KeyHolder: "居委会", KeyContact: "***", ObtainedBy: premises.ByProvision,
				Documents: []string{"甲", "乙"}, Note: "注", InspectedOn: "2026-11-01",
			},
			Facility: "党群服务中心",
			Open:     &premises.Rectification{Order: premises.Order{Deadline: "2026-11-15"}, Progress: premises.Ordered},
		},
		{Room: premises.Room{ID: "b", Name: "乙", DivisionCode: "1", State: premises.Planned}},
	}
	rooms := []premises.Room{items[0].Room, items[1].Room}
	households := map[string]divisions.Households{"11": {Count: 100, Source: divisions.HouseholdsDeclared}}
	return premisesexport.File{
		Items: items, Summary: premises.Summarise(rooms, places, households, map[string]bool{"a": true}), Places: places, Made: "2026-11-27",
		Notices: []premises.Text{{ZH: "合成示例区", EN: "A synthetic district"}},
	}
}

func TestWriteCSV(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := file().WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(out.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !ok || len(rows) != 3 || rows[0][0] != "台账编号" {
		t.Fatal(err, rows)
	}
	want := []string{
		"", "'=HYPERLINK(1)", "甲街道", "花桥里", "11", "花桥里", "3", "'-1", "101", "花桥路 1 号", "'＝民政局", "已办不动产登记", "配建", "社区服务", "商业经营", "500.5",
		"社区服务 300（社区综合服务用房）；文化体育 12.5", "10", "已移交", "2019-05-01", "", "", "2022-09-01", "", "居委会", "***", "117.05", "39.5", "甲；乙", "注", "党群服务中心",
		"2026-11-01", "2026-11-15", "",
	}
	if d := cmp.Diff(want, rows[1]); d != "" {
		t.Error(d)
	}
	if rows[2][2] != "甲街道" || rows[2][3] != "" || rows[2][15] != "" || !strings.Contains(rows[2][33], "产权单位、批准用途") {
		t.Errorf("next to nothing: %q", rows[2])
	}
	english := file()
	english.English = true
	out.Reset()
	if err := english.WriteCSV(&out); err != nil || !strings.Contains(out.String(), "community service 300（community premises）") || !strings.Contains(out.String(), "Huaqiaoli") {
		t.Errorf("%v %s", err, out.String())
	}
	if err := file().WriteCSV(failing{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("to nowhere: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// sheets reads a workbook as lines of texts.
func sheets(t *testing.T, raw []byte) map[string][][]string {
	t.Helper()
	book, err := xlsx.Open(bytes.NewReader(raw), int64(len(raw)), xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][][]string{}
	for _, s := range book.Sheets() {
		rows, err := book.Rows(t.Context(), s.Name)
		if err != nil {
			t.Fatal(err)
		}
		for {
			cells, err := rows.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			var line []string
			for _, c := range cells {
				line = append(line, c.Text)
			}
			out[s.Name] = append(out[s.Name], line)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestWriteXLSX(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := file().WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	got := sheets(t, out.Bytes())
	list := got["台账"]
	at := slices.IndexFunc(list, func(line []string) bool { return slices.Contains(line, "=HYPERLINK(1)") })
	if at < 0 || !slices.Contains(list[at], "500.5") || !slices.Contains(list[at], "2022-09-01") || !slices.ContainsFunc(list, func(l []string) bool { return slices.Contains(l, "合成示例区") }) {
		t.Errorf("the list: %q", list)
	}
	sums := got["汇总"]
	find := func(first, second string) []string {
		for _, l := range sums {
			if len(l) > 2 && l[0] == first && l[1] == second {
				return l
			}
		}
		t.Fatalf("no line %s %s: %q", first, second, sums)
		return nil
	}
	if l := find("甲街道", "花桥里"); !slices.Contains(l, "500.5") || !slices.Contains(l, "100") {
		t.Errorf("%q", l)
	}
	if l := find("甲街道", "小计"); l[2] != "2" {
		t.Errorf("%q", l)
	}
	find("", "未分到村居")
	english := file()
	english.English = true
	out.Reset()
	if err := english.WriteXLSX(&out); err != nil || sheets(t, out.Bytes())["Ledger"] == nil {
		t.Errorf("in English: %v", err)
	}
	if err := file().WriteXLSX(failing{}); err == nil {
		t.Error("to nowhere")
	}
	empty := premisesexport.File{Made: "2026-11-27", Summary: premises.Summarise(nil, nil, nil, nil)}
	out.Reset()
	if err := empty.WriteXLSX(&out); err != nil || len(sheets(t, out.Bytes())) != 2 {
		t.Errorf("of nothing: %v", err)
	}
}
