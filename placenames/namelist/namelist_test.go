package namelist_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities/lists"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/namelist"
)

func options(t testing.TB) namelist.Options {
	t.Helper()
	c, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return namelist.Options{Catalogue: c, Source: "第二次全国地名普查", Today: "2026-11-28", Places: lists.NewPlaces([]divisions.Division{
		{Code: "990001", Level: divisions.District, NameZH: "清澜区"},
		{Code: "990001001", Level: divisions.Subdistrict, NameZH: "东街街道", ParentCode: "990001"},
		{Code: "990001002", Level: divisions.Subdistrict, NameZH: "西街街道", ParentCode: "990001"},
		{Code: "990001001001", Level: divisions.Community, NameZH: "花园社区", ParentCode: "990001001"},
	})}
}

func reader(t testing.TB, o namelist.Options, heads ...string) *namelist.Reader {
	t.Helper()
	r, faults := namelist.NewReader(heads, o, geo.WGS84())
	if len(faults) > 0 {
		t.Fatalf("%v: %+v", heads, faults)
	}
	return r
}

func told(faults []lists.Fault) string {
	var out []string
	for _, f := range faults {
		out = append(out, f.Column+":"+f.Value)
	}
	return strings.Join(out, " ")
}

func TestARowOfARegister(t *testing.T) {
	t.Parallel()
	r := reader(t, options(t), "序号", "标准名称*", "罗马字母拼写", "地名类别", "专名", "通名", "所在（跨）行政区", "起点", "止点", "长度（公里）", "红线宽度（米）", "含义", "来历", "历史沿革", "批准文号", "批准时间", "批准机关", "曾用名", "别名", "坐标", "负责人")
	row := r.Read(2, []string{"1", "沣东大道", "Fengdong  Dadao", "街路巷", "沣东", "大道", "东街街道；990001002", "东一路", "西一路", "1.25", "40米", "取沣河以东之意", "无", "1958年建", "示例〔2010〕7号", "2010年6月1日", "示例市人民政府", "沣东路（1999年前）、东大道", "大道", "117.05,39.02", "某某"}, nil)
	if len(row.Faults) > 0 {
		t.Fatal(told(row.Faults))
	}
	n := row.Name
	want := placenames.Name{
		Text: "沣东大道", Roman: "Fengdong Dadao", Kind: "road", Parts: placenames.Parts{Specific: "沣东", Generic: "大道", Confirmed: true}, State: placenames.Approved,
		Divisions: []string{"990001001", "990001002"}, Extent: placenames.Extent{From: "东一路", To: "西一路"}, Size: placenames.Size{LengthM: 1250, WidthM: 40},
		Meaning: "取沣河以东之意", Origin: "历史沿革：1958年建", Geometry: orb.Point{117.05, 39.02},
		Decision: placenames.Decision{Kind: placenames.Naming, Number: "示例〔2010〕7号", Day: "2010-06-01", Body: "示例市人民政府"},
		Aliases:  []placenames.Alias{{Text: "大道", Kind: placenames.Colloquial}},
		Former: []placenames.Former{
			{Text: "沣东路", Decision: placenames.Decision{Kind: placenames.Observed, Title: "第二次全国地名普查"}},
			{Text: "东大道", Decision: placenames.Decision{Kind: placenames.Observed, Title: "第二次全国地名普查"}},
		},
	}
	if diff := cmp.Diff(want, n); diff != "" {
		t.Error(diff)
	}
	if row.Guessed || row.Thin {
		t.Errorf("%+v", row)
	}
	// What the register refuses of the record stands in the column of the file.
	for field, column := range map[string]string{"size/length_m": "长度（公里）", "decision/number": "批准文号", "former/0/text": "曾用名", "geometry": "坐标", "extent/from": "起点"} {
		if f := r.Placed(2, record.Fault{Field: field}); f.Column != column {
			t.Errorf("%s stands in %q, want %q", field, f.Column, column)
		}
	}
}

func TestWhatIsWrongOfARow(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Source = ""
	r := reader(t, o, "标准名称", "地名类别", "专名", "所在行政区", "长度", "占地面积", "层数", "批准时间", "经度", "纬度", "状态")
	for name, c := range map[string]struct {
		cells []string
		want  string
	}{
		"nothing":             {nil, "标准名称: 地名类别: :"},
		"no document":         {[]string{"甲路", "道路"}, ":"},
		"another kind":        {[]string{"甲路", "飞船"}, "地名类别:飞船 :"},
		"parts":               {[]string{"甲路", "道路", "乙"}, "专名:乙甲路 :"},
		"nowhere":             {[]string{"甲路", "道路", "", "月球"}, "所在行政区:月球 :"},
		"sizes":               {[]string{"甲路", "道路", "", "", "很长", "-3", "半"}, "长度:很长 占地面积:-3 层数:半 :"},
		"half a position":     {[]string{"甲路", "道路", "", "", "", "", "", "", "117"}, ": 经度:"},
		"a day that is none":  {[]string{"甲路", "道路", "", "", "", "", "", "去年"}, "批准时间:去年 :"},
		"a day to come":       {[]string{"甲路", "道路", "", "", "", "", "", "2027-01-01"}, "批准时间:2027-01-01 :"},
		"a state that is not": {[]string{"甲路", "道路", "", "", "", "", "", "", "", "", "飞了"}, "状态:飞了 :"},
	} {
		if got := told(r.Read(2, c.cells, nil).Faults); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestOnWhatANameStands(t *testing.T) {
	t.Parallel()
	r := reader(t, options(t), "标准名称", "地名类别", "批准文号", "批准时间", "批准机关", "状态", "批准文件")
	for name, c := range map[string]struct {
		cells []string
		state placenames.State
		kind  placenames.DecisionKind
		title string
		thin  bool
	}{
		"whole":   {[]string{"甲路", "道路", "1号", "2010年6月", "市政府"}, placenames.Approved, placenames.Naming, "", false},
		"in part": {[]string{"甲路", "道路", "1号", "2010-06-01"}, placenames.Approved, placenames.Observed, "第二次全国地名普查（原载：1号 2010-06-01）", true},
		"none":    {[]string{"甲路", "道路"}, placenames.Customary, placenames.Observed, "第二次全国地名普查", false},
		"retired": {[]string{"甲路", "道路", "1号", "2010-06-01", "市政府", "历史地名"}, placenames.Retired, placenames.Retirement, "", false},
		"said":    {[]string{"甲路", "道路", "1号", "2010-06-01", "市政府", "习惯使用，未审定"}, placenames.Customary, placenames.Naming, "", false},
	} {
		row := r.Read(2, c.cells, nil)
		if len(row.Faults) > 0 || row.Name.State != c.state || row.Name.Decision.Kind != c.kind || row.Name.Decision.Title != c.title || row.Thin != c.thin {
			t.Errorf("%s: %+v, %v, %s", name, row.Name, row.Thin, told(row.Faults))
		}
	}
}

func TestKindsAreWordsOrGenerics(t *testing.T) {
	t.Parallel()
	o := options(t)
	for _, c := range []struct {
		word, name, want string
		guessed          bool
	}{
		{"道路", "长安路", "road", false},
		{"road", "长安路", "road", false},
		{"街路巷", "柳叶胡同", "lane", true},
		{"街路巷", "长安大道", "road", true},
		{"住宅小区", "某某花园", "estate", false},
		{"", "浦江大桥", "bridge", true},
		{"", "无人识得", "", false},
		{"飞船", "长安路", "", false},
		{"桥", "甲", "bridge", false},
	} {
		if got, guessed := namelist.KindOf(o.Catalogue, c.word, c.name); got != c.want || guessed != c.guessed {
			t.Errorf("%s of %q is %q, %v; want %q, %v", c.name, c.word, got, guessed, c.want, c.guessed)
		}
	}
	o.Kinds = map[string]string{"飞船": "station", "": "road"}
	r := reader(t, o, "标准名称", "地名类别")
	for _, cells := range [][]string{{"甲站", "飞船"}, {"无人识得", ""}, {"乙桥", "桥梁"}} {
		if row := r.Read(2, cells, nil); len(row.Faults) > 0 {
			t.Errorf("%v: %s", cells, told(row.Faults))
		}
	}
	want := []namelist.Word{{Word: "", Rows: 1, Kind: "road"}, {Word: "桥梁", Rows: 1, Kind: "bridge"}, {Word: "飞船", Rows: 1, Kind: "station"}}
	if diff := cmp.Diff(want, r.Words()); diff != "" {
		t.Error(diff)
	}
}

func TestSomebodySaysWhatAHeadingMeans(t *testing.T) {
	t.Parallel()
	o := options(t)
	heads := []string{"名", "名称", "别称"}
	o.Columns = map[string]string{"名": "text", "别称": ""}
	r := reader(t, o, heads...)
	if diff := cmp.Diff([][2]string{{"名", "text"}, {"名称", ""}, {"别称", ""}}, r.Heads()); diff != "" {
		t.Error(diff)
	}
	if row := r.Read(2, []string{"甲路", "乙路", "丙路"}, nil); row.Name.Text != "甲路" || row.Name.Aliases != nil || len(row.Faults) > 0 {
		t.Errorf("%+v", row)
	}
	o.Columns = map[string]string{"名": "text", "名称": "text"}
	if _, faults := namelist.NewReader(heads, o, geo.WGS84()); len(faults) != 1 || faults[0].Column != "名称" && faults[0].Column != "名" {
		t.Errorf("twice: %+v", faults)
	}
	if _, faults := namelist.NewReader([]string{"颜色"}, options(t), geo.WGS84()); len(faults) != 1 {
		t.Errorf("no name: %+v", faults)
	}
	if namelist.Lists([]string{"颜色"}, options(t)) || !namelist.Lists(heads, o) {
		t.Error("which sheets list names")
	}
}

func TestWhichRecordARowMeans(t *testing.T) {
	t.Parallel()
	road := placenames.Name{ID: "1", Text: "甲路", Kind: "road", Divisions: []string{"990001001"}, State: placenames.Approved}
	twin := placenames.Name{ID: "2", Text: "甲路", Kind: "road", Divisions: []string{"990001002"}, State: placenames.Approved}
	gone := placenames.Name{ID: "3", Text: "甲路", Kind: "road", Divisions: []string{"990001001"}, State: placenames.Retired}
	row := func(number int, n placenames.Name) namelist.Row {
		return namelist.Row{Number: number, Name: n, Said: map[string]bool{}}
	}
	s := namelist.NewShelf([]placenames.Name{road, twin, gone})
	if m := s.Find(row(1, placenames.Name{Text: "甲路", Kind: "road", Divisions: []string{"990001001"}, State: placenames.Approved})); !m.Known || m.Before.ID != "1" || m.Fault != nil || len(m.Like) != 1 {
		t.Errorf("%+v", m)
	}
	if m := s.Find(row(2, placenames.Name{Text: "甲路", Kind: "road", Divisions: []string{"990001001"}, State: placenames.Approved})); m.Fault == nil {
		t.Error("two rows of one record")
	}
	if m := s.Find(row(3, placenames.Name{Text: "甲路", Kind: "road", State: placenames.Approved})); m.Fault == nil {
		t.Error("two records of one row")
	}
	if m := s.Find(row(4, placenames.Name{Text: "甲路", Kind: "bridge", Divisions: []string{"990001001"}, State: placenames.Approved})); m.Known || len(m.Like) != 2 || m.Fault != nil {
		t.Errorf("another kind: %+v", m)
	}
	if m := s.Find(row(5, placenames.Name{Text: "甲路", Kind: "road", Divisions: []string{"990001001"}, State: placenames.Retired})); !m.Known || m.Before.ID != "3" {
		t.Errorf("the one at its end: %+v", m)
	}
	if m := s.Find(row(6, placenames.Name{ID: "2", Text: "乙路", Kind: "road"})); !m.Known || m.Before.ID != "2" {
		t.Errorf("by id: %+v", m)
	}
	if m := s.Find(row(7, placenames.Name{ID: "9", Text: "乙路"})); m.Fault == nil {
		t.Error("an id that is none")
	}
}

// TestReadingTwiceChangesNothing holds that what a row makes of a record it makes once.
func TestReadingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	r := reader(t, options(t), "标准名称", "地名类别", "含义", "别名", "曾用名", "长度", "经度", "纬度", "层数", "批准文号")
	row := r.Read(2, []string{"甲路", "道路", "新含义", "大路;小路", "乙路", "860", "117.1", "39.1", "3", "9号"}, nil)
	before := placenames.Name{ID: "1", Text: "甲路", Kind: "road", Meaning: "旧", Note: "留", Aliases: []placenames.Alias{{Text: "大路", Kind: placenames.Short}}, Geometry: orb.LineString{{117, 39}, {118, 39}}}
	once, kept := row.Apply(before, true)
	if once.Meaning != "新含义" || once.Note != "留" || len(once.Aliases) != 2 || once.Aliases[0].Kind != placenames.Short || once.Size.LengthM != 860 || once.Size.Floors != 3 || once.Former != nil || !kept {
		t.Errorf("%+v, %v", once, kept)
	}
	if _, line := once.Geometry.(orb.LineString); !line {
		t.Error("a point took the place of a line")
	}
	twice, _ := row.Apply(once, true)
	if diff := cmp.Diff(once, twice); diff != "" {
		t.Error(diff)
	}
	once.Geometry = orb.Point{117.1000001, 39.1}
	if at, _ := row.Apply(once, true); !orb.Equal(at.Geometry, once.Geometry) {
		t.Error("a place nearly the same moved")
	}
}

func TestSpellingIsHeldAgainstTheRules(t *testing.T) {
	t.Parallel()
	row := namelist.Row{Name: placenames.Name{Text: "西安路", Roman: "Xian Lu"}}
	for rule, want := range map[string]bool{"Xi’an Lu": true, "Xian Lu": false, "": false, "Xining Lu": true} {
		for _, certain := range []bool{true, false} {
			if zh, en := namelist.Spelled(row, rule, certain); (zh != "") != want || (en != "") != want {
				t.Errorf("%q: %q, %q", rule, zh, en)
			}
		}
	}
	a := namelist.NewAlike()
	a.Hear(1, "丰惠路", "street", "Fenghui Lu")
	if row, text := a.Hear(2, "沣汇路", "street", "Fēnghuì Lu"); row != 0 {
		t.Errorf("marks are letters: %d %s", row, text)
	}
	if row, text := a.Hear(3, "沣汇路", "street", "FENGHUI LU"); row != 1 || text != "丰惠路" {
		t.Errorf("%d %s", row, text)
	}
	if row, _ := a.Hear(4, "丰惠苑", "residence", "Fenghui Lu"); row != 0 {
		t.Error("another class")
	}
}

func TestTellingCountsAll(t *testing.T) {
	t.Parallel()
	var taken namelist.Taken
	for i := range namelist.MostTold + 10 {
		taken.Tell(namelist.TakenRow{Row: i, Outcome: lists.Created})
		taken.Remark("", i, "甲", "a")
	}
	taken.Tell(namelist.TakenRow{Outcome: lists.Faulty})
	if taken.Total != namelist.MostTold+11 || taken.Created != namelist.MostTold+10 || taken.Faulty != 1 || len(taken.Rows) != namelist.MostTold || len(taken.Remarks) != namelist.MostTold || taken.Remarked != namelist.MostTold+10 {
		t.Errorf("%d %d %d %d", taken.Total, taken.Created, len(taken.Rows), taken.Remarked)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("标准名称,地名类别,坐标,长度（公里）,批准时间", "甲路,道路,\"117,39\",1.2,2010")
	f.Add("名称,曾用名,别名,专名,通名", "甲路,乙（丙、丁,；；,甲,")
	f.Fuzz(func(t *testing.T, heads, cells string) {
		r, _ := namelist.NewReader(strings.Split(heads, ","), options(t), geo.WGS84())
		row := r.Read(2, strings.Split(cells, ","), nil)
		if !row.Name.Parts.Confirmed && row.Said["parts"] || row.Name.Parts.Confirmed && row.Name.Parts.Text() != row.Name.Text {
			t.Errorf("parts that are not the name: %+v", row.Name)
		}
		after, _ := row.Apply(placenames.Name{ID: "1", Text: row.Name.Text}, true)
		if again, _ := row.Apply(after, true); !cmp.Equal(after, again) {
			t.Errorf("twice is not once: %+v", row)
		}
	})
}
