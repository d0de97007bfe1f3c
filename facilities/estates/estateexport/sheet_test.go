package estateexport_test

import (
	"bytes"
	"errors"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/estates/estateexport"
	"yike/facilities/premises"
	"yike/internal/pdf"
)

func fonts(t testing.TB) *pdf.Fonts {
	t.Helper()
	f, err := pdf.OpenFonts(pdf.SystemFonts())
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func sheet(t testing.TB, rooms int) estateexport.Sheet {
	t.Helper()
	e, owes, short := example(rooms), 454.0, 102.5
	return estateexport.Sheet{
		Estate: e, Place: []string{"西青区", "李七庄街道", "和苑社区"}, Set: set(t), Check: estates.CheckAll(set(t), e, context()), Day: "2026-11-28",
		Community: estates.Owing{Has: e.For(premises.CommunityNorm), Owes: &owes, Short: &short}, Elderly: estates.Owing{Has: e.For(premises.ElderlyNorm)},
		Passed: []estates.Milestone{estates.PlanningConditions}, Next: estates.PlanReview,
		Dues:    []estates.Due{{Kind: estates.OpinionDue, Milestone: estates.PlanReview, Norm: premises.ElderlyNorm, Office: "区民政局", By: "2026-11-25", Late: 3}},
		Streets: []orb.LineString{{{117.009, 39.0995}, {117.017, 39.0998}}, {{117.0098, 39.099}, {117.0098, 39.106}}},
		Office:  "西青区民政局", Notices: []string{"合成示例数据，不是真实情况。"},
	}
}

// pages is how many pages a document says it has.
func pages(t testing.TB, document []byte) int {
	t.Helper()
	found := regexp.MustCompile(`/Type /Pages /Count (\d+)`).FindSubmatch(document)
	if found == nil {
		t.Fatal("the document has no tree of pages")
	}
	n, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// printed is the text of a document, where the machine has a program that tells it.
func printed(t testing.TB, document []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip(err)
	}
	cmd := exec.CommandContext(t.Context(), tool, "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(document)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func made(t testing.TB, s estateexport.Sheet, f *pdf.Fonts) []byte {
	t.Helper()
	var out bytes.Buffer
	missing, err := s.Write(&out, f)
	if err != nil || len(missing) > 0 {
		t.Fatalf("%v, without %q", err, string(missing))
	}
	return out.Bytes()
}

func TestOrdinaryEstatesFitOnOnePage(t *testing.T) {
	t.Parallel()
	f := fonts(t)
	for _, c := range []struct {
		what   string
		change func(*estateexport.Sheet)
		rooms  int
		want   int
	}{
		{"no rooms", nil, 0, 1},
		{"one room", nil, 1, 1},
		{"six rooms", nil, 6, 1},
		{"ten rooms", nil, 10, 1},
		{"no boundary", func(s *estateexport.Sheet) { s.Estate.Boundary = nil }, 0, 1},
		{"a standing estate", func(s *estateexport.Sheet) { s.Estate.Kind = estates.Built }, 6, 1},
		{"all passed", func(s *estateexport.Sheet) { s.Passed, s.Done, s.Dues = estates.Milestones(), true, nil }, 6, 1},
		{"nothing known", func(s *estateexport.Sheet) {
			s.Estate, s.Place, s.Streets, s.Office, s.Notices = estates.Estate{Name: "未定", Kind: estates.New}, nil, nil, "", nil
			s.Check = estates.CheckAll(s.Set, s.Estate, context())
		}, 0, 1},
		{"no rules", func(s *estateexport.Sheet) { s.Check = estates.Check{Conclusion: estates.Open} }, 0, 1},
		{"long names", func(s *estateexport.Sheet) {
			s.Estate.Name, s.Estate.Developer = strings.Repeat("𠮷祥如意花园", 16), strings.Repeat("非常长的名称", 20)
		}, 5, 1},
		{"sixty rooms", nil, 60, 3},
	} {
		for _, english := range []bool{false, true} {
			if english && c.rooms != 6 && c.what != "no rooms" {
				continue
			}
			s := sheet(t, c.rooms)
			if c.change != nil {
				c.change(&s)
			}
			s.English = english
			document := made(t, s, f)
			if n := pages(t, document); n != c.want {
				t.Errorf("%s: %d pages, English: %t", c.what, n, english)
			}
			if c.what == "six rooms" && !bytes.Equal(document, made(t, s, f)) {
				t.Errorf("%s: two are not the same", c.what)
			}
		}
	}
}

func TestWhatASheetSays(t *testing.T) {
	t.Parallel()
	s := sheet(t, 6)
	s.Dues = append(s.Dues, estates.Due{Kind: estates.HandoverDue, By: "2027-02-01", Rooms: 6},
		estates.Due{Kind: estates.RectifyDue, Milestone: estates.PlanReview, Office: "区委社会工作部"}, s.Dues[0], s.Dues[0])
	got := strings.Join(strings.Fields(printed(t, made(t, s, fonts(t)))), "")
	for _, part := range []string{
		"𠮷祥里（一期&二期）配建核查单", "不合标", "2条不符合·3条待定", "西青区李七庄街道和苑社区", "社区综合服务用房454526.5102.5", "不符合：必须补足（2条）", "略低于0.1㎡/人11.8㎡",
		"严格按照“四同步”", "（原文见上）", "缺少批准方案载明配建用房", "√已通过", "下一节点", "2026年11月25日到期，已逾期3天", "区民政局就养老服务用房答复“方案审查（同步规划）”：", "移交配建用房6处：2027年2月1日前", "按区委社会工作部的意见整改并重新报送“方案审查（同步规划）”（没有设定期限）", "另有1项时限", "1:", "合成示例数据",
		"≥80㎡/百户44.54㎡/百户737.5㎡", "其中本小区526.5㎡",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%s", part, got)
		}
	}
}

func TestRoomsOfOneRuleShareARow(t *testing.T) {
	t.Parallel()
	s := sheet(t, 9)
	ctx := context()
	ctx.Regions = []string{"52"}
	for i := range s.Estate.Rooms {
		s.Estate.Rooms[i].Floor = "5"
	}
	s.Check = estates.CheckAll(s.Set, s.Estate, ctx)
	got := strings.Join(strings.Fields(printed(t, made(t, s, fonts(t)))), "")
	if !strings.Contains(got, "养老用房楼层（用房2、4、6、8）") {
		t.Error(got)
	}
}

type full struct{}

var errFull = errors.New("no room")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestSheetsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	if _, err := sheet(t, 1).Write(full{}, fonts(t)); !errors.Is(err, errFull) {
		t.Error(err)
	}
}
