package estateexport_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/estates/estateexport"
	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/pdf"
	"yike/internal/xlsx"
)

// reportFile is a district with a new estate that lacks 50 m², one without rooms and one that stands.
func reportFile(t *testing.T) (estateexport.ReportFile, estateexport.RetrofitFile) {
	t.Helper()
	set, err := estates.Set()
	if err != nil {
		t.Fatal(err)
	}
	area, _ := premises.AreaOf(250)
	ctx := estates.Context{Regions: set.Chain("120111"), Day: "2026-11-27", Community: estates.Community{Known: true}, Opinions: true}
	list := []estates.Estate{
		{
			ID: "a", Name: "和顺家园", Kind: estates.New, DivisionCode: "2", Households: 1000, CompletedOn: "2024-05-01", Developer: "某置业", Conditions: estates.Paper{Number: "规条1"},
			Rooms: []estates.Room{{Name: "党群服务中心", Use: premises.PartyMass, Area: area}},
		},
		{ID: "b", Name: "=1+1", Kind: estates.Built, DivisionCode: "2", Households: 100},
		{ID: "c", Name: "无户数", Kind: estates.New, DivisionCode: "9"},
	}
	var all []estates.Held
	for _, e := range list {
		all = append(all, estates.Hold(estates.NewChecker(set), e, estates.Progress{}, ctx))
	}
	places := []divisions.Division{
		{Code: "1", Level: divisions.Subdistrict, NameZH: "西营门街道"},
		{Code: "2", Level: divisions.Community, ParentCode: "1", NameZH: "花桥里", NameEN: "Huaqiaoli"},
	}
	f := estateexport.ReportFile{
		Report: estates.Summarise(ctx.Regions, ctx.Day, all, places), Places: places, Of: estateexport.Text{ZH: "西青区", EN: "Xiqing"}, Made: ctx.Day,
		Notices: []estateexport.Text{{ZH: "示例数据", EN: "an example"}},
	}
	room := premises.Room{ID: "r", Name: "空房", Placed: true, Point: orb.Point{117, 39}, Area: area, Floor: "1", State: premises.HandedOver, PresentUse: premises.Vacant, ApprovedUse: premises.Culture}
	return f, estateexport.RetrofitFile{ReportFile: f, List: estates.RetrofitList(ctx.Regions, ctx.Day, all, []premises.Room{room}, map[string]orb.Point{"a": {117, 39}})}
}

func reportSheet(t *testing.T, raw []byte, name string) string {
	t.Helper()
	book, err := xlsx.Open(bytes.NewReader(raw), int64(len(raw)), xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.Rows(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var out strings.Builder
	for {
		cells, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return out.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			out.WriteString(c.Text + "|")
			if c.Formula {
				out.WriteString("f")
			}
		}
		out.WriteString("\n")
	}
}

func TestReportWorkbook(t *testing.T) {
	t.Parallel()
	f, retrofit := reportFile(t)
	var out bytes.Buffer
	if err := f.WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	for name, wants := range map[string][]string{
		"小区清单":  {"和顺家园|西营门街道|花桥里|", "|300|250|50|", "某置业|规条1|", "=1+1|"},
		"达标率":   {"RAT-20 合标配建率|0|f1|f1|f2|f0%|f", "合标配建、合规移交", "IND-18"},
		"各辖区欠账": {"合计||2|0|1|1|1|"},
		"四同步":   {"规划条件|0|0|2|0|"},
		"逐年":    {"建成年份|2024|1|0|1|0|"},
	} {
		text := reportSheet(t, out.Bytes(), name)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %s:\n%s", name, want, text)
			}
		}
	}
	out.Reset()
	if err := retrofit.WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	if text := reportSheet(t, out.Bytes(), "待补建清单"); !strings.Contains(text, "置换：空房 250") || !strings.Contains(text, "须改变用途") || !strings.Contains(text, "2022年前（已过）") {
		t.Error(text)
	}
	out.Reset()
	f.English, f.Report.Estates = true, nil
	if err := f.WriteXLSX(&out); err != nil || !strings.Contains(reportSheet(t, out.Bytes(), "Rates"), "Estates that keep all rules") {
		t.Errorf("in English without estates: %v", err)
	}
}

type noReport struct{}

func (noReport) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestReportLists(t *testing.T) {
	t.Parallel()
	f, retrofit := reportFile(t)
	var own, open, lacks bytes.Buffer
	if err := errors.Join(f.WriteCSV(t.Context(), &own), retrofit.WriteCSV(t.Context(), &lacks)); err != nil {
		t.Fatal(err)
	}
	f.Public = true
	if err := f.WriteCSV(t.Context(), &open); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"某置业", "规条1"} {
		if !strings.Contains(own.String(), secret) || strings.Contains(open.String(), secret) {
			t.Errorf("%s: own %v, open %v", secret, strings.Contains(own.String(), secret), strings.Contains(open.String(), secret))
		}
	}
	if !strings.Contains(open.String(), "和顺家园") || strings.Contains(open.String(), "\n=1+1") || !strings.Contains(lacks.String(), "社区综合服务用房") {
		t.Errorf("%s\n%s", open.String(), lacks.String())
	}
	for name, err := range map[string]error{
		"csv": f.WriteCSV(t.Context(), noReport{}), "xlsx": f.WriteXLSX(noReport{}), "list": retrofit.WriteXLSX(noReport{}), "list as csv": retrofit.WriteCSV(t.Context(), noReport{}),
	} {
		if err == nil {
			t.Errorf("%s to noReport", name)
		}
	}
}

func TestReportPaper(t *testing.T) {
	t.Parallel()
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if errors.Is(err, pdf.ErrNoFont) {
		t.Skip("needs Chinese fonts (Debian: apt install fonts-noto-cjk)")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = fonts.Close() }()
	f, _ := reportFile(t)
	for _, f.English = range []bool{false, true} {
		for _, f.Public = range []bool{false, true} {
			var out bytes.Buffer
			if err := f.WritePDF(&out, fonts); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("%PDF-1.7")) || !bytes.Contains(out.Bytes(), []byte("%%EOF")) {
				t.Errorf("English %v, public %v: %v, %d bytes", f.English, f.Public, err, out.Len())
			}
		}
	}
	f.Report = estates.Summarise(nil, "2026-11-27", nil, nil)
	if err := f.WritePDF(io.Discard, fonts); err != nil {
		t.Errorf("without estates: %v", err)
	}
	if err := f.WritePDF(noReport{}, fonts); err == nil {
		t.Error("to noReport")
	}
}
