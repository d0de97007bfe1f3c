package placing_test

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities/placing"
	"yike/geo"
)

// want is what a case expects: the kind of the best candidate, whether it is kept without a
// look, and where it is in metres; nothing for "".
type want struct {
	kind placing.Kind
	kept bool
	x, y float64
}

const (
	westFriendship = "120111001001" // 友谊社区 of 西营门街道
	maple          = "120111001002" // 嘉枫苑社区
	eastFriendship = "120111002001"
)

func TestPlace(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for _, tc := range []struct {
		q    placing.Query
		want want
		says string // part of the sentence or of the best candidate's
	}{
		// Doors.
		{placing.Query{Text: "解放路12号"}, want{placing.Door, true, 480, 30}, "解放路 12 号"},
		{placing.Query{Text: "天津市西青区西营门街道友谊社区解放路12号"}, want{placing.Door, true, 480, 30}, "在所写的友谊社区内"},
		{placing.Query{Text: "解放路１２号"}, want{placing.Door, true, 480, 30}, ""},
		{placing.Query{Text: "解放路十二号"}, want{placing.Door, true, 480, 30}, ""},
		{placing.Query{Text: "解放路 12#"}, want{placing.Door, true, 480, 30}, ""},
		{placing.Query{Text: "解放路12号一楼"}, want{placing.Door, true, 480, 30}, ""},
		{placing.Query{Text: "解放路12号院内"}, want{placing.Door, true, 480, 30}, ""},
		{placing.Query{Text: "解放路12-14号"}, want{placing.Door, true, 480, 30}, ""},
		{placing.Query{Text: "解放路12-1号"}, want{placing.Door, true, 485, 35}, "12附1"},
		{placing.Query{Text: "解放路12号附1号"}, want{placing.Door, true, 485, 35}, ""},
		{placing.Query{Text: "解放路14号附2号"}, want{placing.Door, true, 560, 30}, "附号不同"},
		{placing.Query{Text: "解放路12号对面"}, want{placing.Door, true, 480, 30}, "在其对面"},
		{placing.Query{Text: "解放路12号附近"}, want{placing.Door, false, 480, 30}, "在其附近"},
		{placing.Query{Text: "解放路12号", Division: maple}, want{placing.Door, false, 480, 30}, "不在所写的嘉枫苑社区内"},
		{placing.Query{Text: "解放路12号", Division: westFriendship}, want{placing.Door, true, 480, 30}, "在所写的友谊社区内"},
		{placing.Query{Text: "结放路12号"}, want{placing.Door, true, 480, 30}, "同音"},
		{placing.Query{Text: "解放街12号"}, want{placing.Door, true, 480, 30}, "按“解放路”理解"},
		{placing.Query{Text: "解放12号"}, want{"", false, 0, 0}, "没有认得的地名"},
		{placing.Query{Text: "河西区解放路12号"}, want{placing.Door, false, 480, 30}, "不是本辖区"},
		{placing.Query{Text: "石桥二路118号"}, want{placing.Door, true, 3700, 1470}, "翠荣社区老人家食堂已登记在此"},
		{placing.Query{Text: "石桥2路118号"}, want{placing.Door, true, 3700, 1470}, ""},
		{placing.Query{Text: "柳口路8号"}, want{placing.Door, false, 3950, 300}, "按地址推定"},
		{placing.Query{Text: "柳口路8号", Except: "碧桐"}, want{placing.Road, false, 0, 0}, "只知道在哪条路上"},
		{placing.Query{Text: "二七路99号"}, want{placing.Road, false, 0, 0}, "没有可用的门牌"},
		{placing.Query{Text: "3号路18号"}, want{placing.Road, false, 0, 0}, "3号路"},
		// Between.
		{placing.Query{Text: "友谊路43号"}, want{placing.Between, false, 940, 500}, "按 41 号与 45 号之间推算"},
		{placing.Query{Text: "友谊路15号"}, want{placing.Between, false, 375, 500}, "推算"},
		{placing.Query{Text: "友谊路16号"}, want{placing.Road, false, 0, 0}, ""}, // nobody knows its side
		{placing.Query{Text: "解放路13号"}, want{placing.Road, false, 0, 0}, ""},
		// Buildings of estates.
		{placing.Query{Text: "嘉枫苑3号楼"}, want{placing.Building, true, 1320, 200}, "嘉枫苑 3 号楼"},
		{placing.Query{Text: "嘉枫苑3栋"}, want{placing.Building, true, 1320, 200}, ""},
		{placing.Query{Text: "嘉枫苑三号楼2单元101室"}, want{placing.Building, true, 1320, 200}, ""},
		{placing.Query{Text: "嘉枫苑3-2-101"}, want{placing.Building, true, 1320, 200}, ""},
		{placing.Query{Text: "嘉枫苑小区3号楼"}, want{placing.Building, true, 1320, 200}, ""},
		{placing.Query{Text: "西营门街道嘉枫苑社区嘉枫苑3号楼底商"}, want{placing.Building, true, 1320, 200}, "嘉枫苑社区内"},
		{placing.Query{Text: "解放路嘉枫苑3号楼"}, want{placing.Building, true, 1320, 200}, "在解放路旁"},
		{placing.Query{Text: "石桥二路嘉枫苑3号楼"}, want{placing.Building, false, 1320, 200}, "但离石桥二路约"},
		{placing.Query{Text: "家枫院3号楼"}, want{placing.Building, true, 1320, 200}, "同音"},
		{placing.Query{Text: "嘉枫苑12号楼"}, want{placing.Building, true, 1380, 300}, ""},
		{placing.Query{Text: "嘉枫苑33号楼"}, want{placing.Estate, false, 1260, 250}, "地图上没有 33 号楼"},
		{placing.Query{Text: "嘉枫苑"}, want{placing.Estate, false, 1260, 250}, "未写明哪栋楼"},
		{placing.Query{Text: "永莲里8号"}, want{placing.Building, true, 480, 1250}, ""},
		{placing.Query{Text: "怀湖花园2号楼旁"}, want{placing.Building, true, 260, 600}, "在其旁边"},
		{placing.Query{Text: "怀湖花园2号楼附近"}, want{placing.Building, false, 260, 600}, ""},
		{placing.Query{Text: "润丰新村4号楼"}, want{placing.Building, true, 1480, 1200}, ""},
		{placing.Query{Text: "康乐家园2号楼"}, want{placing.Building, false, 2260, 200}, "有 2 处叫康乐家园"},
		{placing.Query{Text: "友谊社区康乐家园2号楼", Division: eastFriendship}, want{placing.Building, true, 2260, 200}, ""},
		{placing.Query{Text: "翠荣社区康乐家园2号楼"}, want{placing.Building, true, 3360, 1300}, ""},
		{placing.Query{Text: "武华苑"}, want{placing.Estate, false, 3345, 700}, "未写明"},
		{placing.Query{Text: "万科圆方A座"}, want{placing.Building, true, 2450, 1480}, ""},
		{placing.Query{Text: "万科圆方Ａ栋二楼"}, want{placing.Building, true, 2450, 1480}, ""},
		// Named buildings, facilities, places.
		{placing.Query{Text: "凯旋大厦"}, want{placing.Building, true, 2350, 480}, "凯旋大厦"},
		{placing.Query{Text: "友谊路凯旋大厦B座12层"}, want{placing.Building, true, 2350, 480}, "在友谊路旁"},
		{placing.Query{Text: "凱旋大廈"}, want{placing.Building, true, 2350, 480}, ""},
		{placing.Query{Text: "利民菜市场二楼"}, want{placing.Building, true, 720, 980}, ""},
		{placing.Query{Text: "利民菜市场对面"}, want{placing.Building, false, 720, 980}, ""},
		{placing.Query{Text: "友谊小学旁"}, want{placing.Facility, false, 650, 540}, "在其旁边"},
		{placing.Query{Text: "友谊小学"}, want{placing.Facility, true, 650, 540}, "已登记的设施"},
		{placing.Query{Text: "区医院门诊楼"}, want{placing.Place, true, 1700, 1700}, ""},
		{placing.Query{Text: "西青医院门口"}, want{placing.Place, true, 1700, 1700}, "在其门口"},
		{placing.Query{Text: "原利民菜市场后面那个院子"}, want{placing.Building, false, 720, 980}, ""},
		// Crossings.
		{placing.Query{Text: "解放路与中山街交叉口"}, want{placing.Crossing, false, 1500, 10}, "解放路与中山街交口"},
		{placing.Query{Text: "友谊路、二七路交口东南角"}, want{placing.Crossing, false, 2300, 500}, ""},
		{placing.Query{Text: "解放路与友谊路交叉口"}, want{placing.Road, false, 0, 0}, ""},
		// Roads and divisions only.
		{placing.Query{Text: "解放路"}, want{placing.Road, false, 0, 0}, "只知道在哪条路上"},
		{placing.Query{Text: "解放路东侧"}, want{placing.Road, false, 0, 0}, ""},
		{placing.Query{Text: "短巷"}, want{placing.Road, false, 0, 0}, ""},
		{placing.Query{Text: "周家营村"}, want{placing.Division, false, 0, 0}, "只写明在周家营村"},
		{placing.Query{Text: "周家营村村委会旁"}, want{placing.Division, false, 0, 0}, "只知道在哪个辖区"},
		{placing.Query{Text: "杨柳青镇何家洼村"}, want{placing.Division, false, 0, 0}, "何家洼村"},
		{placing.Query{Text: "杨柳青镇友谊社区居委会一楼"}, want{placing.Division, false, 0, 0}, "友谊社区"},
		{placing.Query{Text: "友谊社区居委会"}, want{"", false, 0, 0}, "没有认得的地名"}, // there are two
		{placing.Query{Text: "杨柳青镇"}, want{placing.Division, false, 0, 0}, ""},
		{placing.Query{Text: "", Division: maple}, want{placing.Division, false, 0, 0}, ""},
		// The facility's own name.
		{placing.Query{Name: "嘉枫苑老人家食堂"}, want{placing.Estate, false, 1260, 250}, "只据设施名称推断"},
		{placing.Query{Text: "待定", Name: "周家营村骨灰堂"}, want{placing.Division, false, 0, 0}, ""},
		// Nothing.
		{placing.Query{}, want{"", false, 0, 0}, "没有认得的地名"},
		{placing.Query{Text: "见附件"}, want{"", false, 0, 0}, ""},
		{placing.Query{Text: "12"}, want{"", false, 0, 0}, ""},
	} {
		if tc.q.Except == "碧桐" {
			for _, e := range w.entries {
				if strings.HasPrefix(e.Name, "碧桐") {
					tc.q.Except = e.ID
				}
			}
		}
		check(t, w, tc.q, tc.want, tc.says)
	}
}

func check(t *testing.T, w *world, q placing.Query, want want, says string) {
	t.Helper()
	r := w.gaz.Place(q)
	best, kept := r.Best()
	var got placing.Candidate
	if len(r.Candidates) > 0 {
		got = r.Candidates[0]
	}
	if got.Kind != want.kind || kept != want.kept || kept && best.Point != got.Point {
		t.Errorf("%+v: %s (%d, kept %v): %s; want %s, kept %v", q, got.Kind, got.Confidence, kept, got.ZH, want.kind, want.kept)
		return
	}
	if placed := want.x != 0; placed != got.Placed {
		t.Errorf("%+v: placed %v", q, got.Placed)
	} else if placed {
		if d := geo.Distance(got.Point, w.at(want.x, want.y)); d > 60 {
			t.Errorf("%+v: %.0f m from where it should be", q, d)
		}
	}
	if !strings.Contains(r.ZH+got.ZH, says) || r.EN == "" {
		t.Errorf("%+v: %s / %s; want it to say %q", q, r.ZH, got.ZH, says)
	}
	for _, c := range r.Candidates {
		if c.Show.IsZero() || c.ZH == "" || c.EN == "" || c.Confidence < 1 || c.Confidence > 97 || c.Placed && !c.Show.Contains(c.Point) {
			t.Errorf("%+v: %+v", q, c)
		}
	}
}

func TestDivisionOfTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for _, tc := range []struct {
		q    placing.Query
		want string
	}{
		{placing.Query{Text: "周家营村"}, "120111001003"},
		{placing.Query{Text: "解放路12号", Division: westFriendship}, westFriendship},
		{placing.Query{Text: "嘉枫苑社区3号", Division: "120111001"}, maple},
		{placing.Query{Text: "西营门街道", Division: maple}, maple},
		{placing.Query{Text: "杨柳青镇", Division: maple}, ""}, // they contradict each other
		{placing.Query{Text: "友谊社区"}, ""},
		{placing.Query{Text: "杨柳青镇友谊社区"}, eastFriendship},
		{placing.Query{Text: "", Division: "999"}, ""},
	} {
		if r := w.gaz.Place(tc.q); r.Division != tc.want {
			t.Errorf("%+v: %q; want %q", tc.q, r.Division, tc.want)
		}
	}
	r := w.gaz.Place(placing.Query{Text: "杨柳青镇", Division: maple})
	if !strings.Contains(r.ZH, "所属辖区填的是嘉枫苑社区，地址写的是杨柳青镇") {
		t.Error(r.ZH)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	w := newWorld()
	if r := w.gaz.Place(placing.Query{Text: "康乐家园2号楼", Limit: 1}); len(r.Candidates) != 1 {
		t.Errorf("%d candidates", len(r.Candidates))
	}
	r := w.gaz.Place(placing.Query{Text: "康乐家园2号楼"})
	if len(r.Candidates) != 2 || r.Candidates[0].Confidence != r.Candidates[1].Confidence {
		t.Errorf("%+v", r.Candidates)
	}
}

func TestEmptyGazetteer(t *testing.T) {
	t.Parallel()
	g := placing.New(nil)
	for _, text := range []string{"", "解放路12号", "嘉枫苑3号楼", "周家营村"} {
		r := g.Place(placing.Query{Text: text, Name: text, Division: "1"})
		if _, kept := r.Best(); kept || len(r.Candidates) > 0 || r.ZH == "" {
			t.Errorf("%s: %+v", text, r)
		}
	}
}

// A road shows the part of it that lies in the division that is named.
func TestRoadsShowTheirPart(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.gaz.Place(placing.Query{Text: "石桥一路", Division: "120111001001"})
	whole := w.gaz.Place(placing.Query{Text: "石桥一路"})
	width := func(b orb.Bound) float64 { return geo.Distance(b.Min, orb.Point{b.Max[0], b.Min[1]}) }
	if part, all := width(r.Candidates[0].Show), width(whole.Candidates[0].Show); part > 1200 || all < 3900 {
		t.Errorf("%.0f m of %.0f m", part, all)
	}
}
