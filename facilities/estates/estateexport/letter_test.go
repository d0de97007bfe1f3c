package estateexport_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/estates/estateexport"
	"yike/facilities/premises"
	"yike/internal/docx"
	"yike/internal/rules"
)

func set(t testing.TB) *rules.Set {
	t.Helper()
	s, err := estates.Set()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// example is an estate in Xiqing with so many rooms.
func example(rooms int) estates.Estate {
	yes := true
	e := estates.Estate{
		ID: "01890000-0000-7000-8000-000000000001", Version: 3, Name: "𠮷祥里（一期 & 二期）", Kind: estates.New, DivisionCode: "120111001001",
		Boundary:  orb.Polygon{{{117.010, 39.100}, {117.0146, 39.1002}, {117.0149, 39.1031}, {117.0121, 39.1036}, {117.0101, 39.1030}, {117.010, 39.100}}},
		Developer: "天津示例置业有限公司", Households: 1180, SiteArea: 6_200_000, HousingFloor: 12_345_600, FloorAbove: 13_000_000,
		Conditions: estates.Paper{Number: "西规条〔2026〕3号", Day: "2026-02-01", Title: "规划条件通知书"},
	}
	for i := range rooms {
		r := estates.Room{
			Name: fmt.Sprintf("配建用房 %d", i+1), Building: fmt.Sprintf("%d号楼", i%9+1), Floor: "1", RoomNo: fmt.Sprintf("10%d", i), Use: premises.CommunityService, Area: 17_550,
			OwnEntrance: &yes, Point: orb.Point{117.0105 + 0.0004*float64(i%10), 39.1005 + 0.0005*float64(i/10)}, Placed: true,
		}
		if i%2 == 1 {
			r.Name, r.Use, r.Land, r.Floor = "老年人日间照料中心", premises.ElderlyService, 11_800, "2"
		}
		e.Rooms = append(e.Rooms, r)
	}
	return e
}

func context() estates.Context {
	return estates.Context{Regions: []string{"12", "120111"}, Day: "2026-11-28", Community: estates.Community{Known: true, Name: "和苑社区", Households: 900, Area: 40_000}, Opinions: true}
}

func letter(t testing.TB, v estates.Verdict, rooms int) estateexport.Letter {
	t.Helper()
	e, short := example(rooms), 224.0
	l := estateexport.Letter{
		Estate: e, Place: []string{"西青区", "李七庄街道", "和苑社区"}, Set: set(t), Check: estates.CheckAt(set(t), e, context(), estates.PlanReview), CheckedOn: "2026-11-28",
		Request:   estates.Request{Milestone: estates.PlanReview, Day: "2026-11-10", By: "天津示例置业有限公司"},
		Opinion:   estates.Opinion{Milestone: estates.PlanReview, Norm: premises.CommunityNorm, Office: "西青区民政局", Verdict: v, Letter: "津西民函〔2026〕12号", Day: "2026-11-28", Signer: "王某"},
		Community: estates.Owing{Has: e.For(premises.CommunityNorm), Owes: &short, Short: &short}, Elderly: estates.Owing{Has: e.For(premises.ElderlyNorm)},
	}
	if v != estates.Agreed {
		l.Opinion.Text = "社区用房应设独立出入口，并在一层集中设置。\n补报 <用房明细表> & 面积测绘报告。"
	}
	if v == estates.Refused {
		l.Opinion.RectifyBy = "2026-12-28"
	}
	return l
}

// entry reads a part and holds it to be well-formed.
func entry(t testing.TB, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(content)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return string(content)
}

// plain is the text of a document, a line for each paragraph, cells of a row apart.
func plain(document string) string {
	document = strings.ReplaceAll(document, "</w:p></w:tc>", "|")
	document = strings.ReplaceAll(document, "</w:p>", "\n")
	document = strings.ReplaceAll(document, "</w:tr>", "\n")
	document = strings.TrimLeft(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(document, ""), "\n")
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "\u2009", " ").Replace(document)
}

func write(t testing.TB, l estateexport.Letter) []byte {
	t.Helper()
	tmpl, err := estateexport.BuiltIn(l.Kind())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := estateexport.WriteLetter(&out, tmpl, l); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestLetterThatAgrees(t *testing.T) {
	t.Parallel()
	got := plain(entry(t, write(t, letter(t, estates.Agreed, 2)), "word/document.xml"))
	want := `津西民函〔2026〕12号
关于𠮷祥里（一期 & 二期）配建用房设计方案的审查意见
天津示例置业有限公司：
你单位2026年11月10日就𠮷祥里（一期 & 二期）项目方案审查（同步规划）征求意见的来件收悉。该项目位于西青区李七庄街道和苑社区，建设单位为天津示例置业有限公司，规划1180户、3658人，地上住宅建筑面积123456平方米。经研究，现就社区综合服务用房函复如下：
一、配建情况
该项目规划配建社区综合服务用房175.5平方米、养老服务用房175.5平方米，登记用房共2处，见附表1。
二、核查情况
`
	if !strings.HasPrefix(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	for _, part := range []string{
		"\n三、意见\n同意该项目设计方案中社区综合服务用房的配建内容。", "\n特此函复。\n西青区民政局\n2026年11月28日\n",
		"1|配建用房 1|社区服务|1号楼1层100|175.5|（未登记）|\n2|老年人日间照料中心|养老服务|2号楼2层101|175.5|118|\n", "社区用房每百户面积|≥ 30 ㎡/百户|",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%s", part, got)
		}
	}
	if strings.Contains(got, "前提下") || strings.Contains(got, "此前意见") {
		t.Errorf("conditions where there are none:\n%s", got)
	}
}

func TestLetterWithConditions(t *testing.T) {
	t.Parallel()
	l := letter(t, estates.Conditional, 0)
	l.Earlier = []estates.Opinion{{Milestone: estates.PlanningConditions, Office: "西青区民政局", Letter: "津西民函〔2026〕3号", Day: "2026-03-02", Verdict: estates.Conditional, Text: "面积写入出让合同。"}}
	got := plain(entry(t, write(t, l), "word/document.xml"))
	for _, part := range []string{
		"在落实下列条件的前提下，同意该项目设计方案中", "\n社区用房应设独立出入口，并在一层集中设置。\n补报 <用房明细表> & 面积测绘报告。\n",
		"（1）津西民函〔2026〕3号（2026年3月2日，西青区民政局）：面积写入出让合同。", "登记用房共0处", "没有登记的配建用房。",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%s", part, got)
		}
	}
}

func TestRefusalIsARectificationNotice(t *testing.T) {
	t.Parallel()
	l := letter(t, estates.Refused, 60)
	if l.Kind() != estateexport.Rectification {
		t.Fatal(l.Kind())
	}
	got := plain(entry(t, write(t, l), "word/document.xml"))
	for _, part := range []string{"关于𠮷祥里（一期 & 二期）配建用房的整改通知\n", "请于2026年12月28日前完成整改", "\n特此通知。\n", "\n60|老年人日间照料中心|"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%s", part, got)
		}
	}
	l.Opinion.RectifyBy = ""
	if got := plain(entry(t, write(t, l), "word/document.xml")); !strings.Contains(got, "请完成整改后重新报送") || strings.Contains(got, "前完成整改") {
		t.Error(got)
	}
}

// TestBuiltInTemplates holds every template to have names that are known only, to be the
// same each time, to name every part of the package, and to fill without a gap or a mark
// that is left.
func TestBuiltInTemplates(t *testing.T) {
	t.Parallel()
	for _, k := range estateexport.LetterKinds() {
		data, err := estateexport.BuiltIn(estateexport.LetterKind(k.Code))
		if err != nil {
			t.Fatal(err)
		}
		again, _ := estateexport.BuiltIn(estateexport.LetterKind(k.Code))
		if !bytes.Equal(data, again) {
			t.Errorf("%s: two are not the same", k.Code)
		}
		tmpl, err := docx.Open(data)
		if err != nil {
			t.Fatalf("%s: %v", k.Code, err)
		}
		if faults := tmpl.Check(estateexport.Letter{}.Data()); len(faults) > 0 {
			t.Errorf("%s: %+v", k.Code, faults)
		}
		types := entry(t, data, "[Content_Types].xml")
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			entry(t, data, f.Name)
			if strings.HasPrefix(f.Name, "word/") && strings.Count(f.Name, "/") == 1 && !strings.Contains(types, `"/`+f.Name+`"`) {
				t.Errorf("%s has no type", f.Name)
			}
		}
		for _, rooms := range []int{0, 1, 60} {
			l := letter(t, estates.Conditional, rooms)
			var out, twice bytes.Buffer
			if err := errors.Join(estateexport.WriteLetter(&out, data, l), estateexport.WriteLetter(&twice, data, l)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(out.Bytes(), twice.Bytes()) {
				t.Errorf("%s: two letters are not the same", k.Code)
			}
			for _, part := range []string{"word/document.xml", "word/header1.xml"} {
				if got := plain(entry(t, out.Bytes(), part)); strings.Contains(got, "{{") || strings.Contains(got, "，。") || strings.Contains(got, "：，") {
					t.Errorf("%s, %d rooms: %s", k.Code, rooms, got)
				}
			}
		}
	}
	if _, err := estateexport.BuiltIn("poem"); err == nil {
		t.Error("there is no such template")
	}
}

func TestNamesOfPlaceholdersAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range estateexport.Placeholders() {
		for _, name := range []string{p.ZH, p.EN} {
			if name == "" || seen[name] {
				t.Errorf("%q is there twice", name)
			}
			seen[name] = true
		}
	}
	full := letter(t, estates.Refused, 2)
	full.Check = estates.CheckAll(full.Set, full.Estate, context())
	for name, l := range full.Data().Lists {
		for i, item := range l.Items {
			if len(item) != len(l.Fields) {
				t.Errorf("%s %d: %d fields of %d", name, i, len(item), len(l.Fields))
			}
		}
	}
}

func TestTemplatesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	var bad *docx.Error
	if err := estateexport.WriteLetter(io.Discard, []byte("x"), estateexport.Letter{}); !errors.As(err, &bad) {
		t.Error(err)
	}
}

func TestAValueThatReadsAsItsThreshold(t *testing.T) {
	t.Parallel()
	l := letter(t, estates.Agreed, 6)
	l.Opinion.Norm = premises.ElderlyNorm
	got := plain(entry(t, write(t, l), "word/document.xml"))
	if !strings.Contains(got, "|≥ 0.1 ㎡/人|略低于 0.1 ㎡/人|不符合|还差 11.8 ㎡|") {
		t.Error(got)
	}
}

// TestALetterIsOfItsOffice holds a letter to what its office answers for.
func TestALetterIsOfItsOffice(t *testing.T) {
	t.Parallel()
	l := letter(t, estates.Refused, 2)
	l.Check = estates.CheckAt(l.Set, l.Estate, context(), estates.PlanReview) // besides the area both lack the approved plan
	of := func(n premises.Norm) (string, string) {
		l.Opinion.Norm = n
		got := plain(entry(t, write(t, l), "word/document.xml"))
		return got, l.Data().Texts["不合标条数"]
	}
	community, failed := of(premises.CommunityNorm)
	elderly, others := of(premises.ElderlyNorm)
	if !strings.Contains(community, "社区用房每百户面积") || strings.Contains(community, "人均养老用地") || failed != "2" {
		t.Errorf("%s failed:\n%s", failed, community)
	}
	if strings.Contains(elderly, "社区用房每百户面积") || !strings.Contains(elderly, "人均养老用地") || others != "2" {
		t.Errorf("%s failed:\n%s", others, elderly)
	}
	l.Check.Findings = nil
	if got := l.Data().Texts["核查结论"]; got != "待定" {
		t.Error("nothing was checked, and it is", got)
	}
}
