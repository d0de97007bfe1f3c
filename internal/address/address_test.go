package address_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"yike/internal/address"
)

// show writes an address as short as the cases below.
func show(a address.Address) string {
	var out []string
	for _, f := range []struct{ name, value string }{
		{"province", a.Province},
		{"city", a.City},
		{"district", a.District},
		{"town", a.Town},
		{"community", a.Community},
		{"group", a.Group},
		{"main", a.Main},
		{"road", a.Road},
		{"cross", a.Cross},
		{"lane", a.Lane},
		{"no", a.Number.String()},
		{"estate", a.Estate},
		{"phase", a.Phase},
		{"building", a.Building},
		{"unit", a.Unit},
		{"floor", a.Floor},
		{"room", a.Room},
		{"places", strings.Join(a.Places, "|")},
		{"rel", string(a.Relation)},
		{"rest", a.Rest},
	} {
		if f.value != "" {
			out = append(out, f.name+"="+f.value)
		}
	}
	if a.Yard {
		out = append(out, "yard")
	}
	return strings.Join(out, " ")
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tc := range [][2]string{
		{"", ""},
		{"解放路12号", "road=解放路 no=12"},
		{"解放路１２号", "road=解放路 no=12"},
		{"解放路十二号", "road=解放路 no=12"},
		{"解放路 12 号", "road=解放路 no=12"},
		{"解放路12#", "road=解放路 no=12"},
		{"解放路12", "road=解放路 no=12"},
		{"解放路12-14号", "road=解放路 no=12-14"},
		{"解放路12～14号", "road=解放路 no=12-14"},
		{"解放路12号-14号", "road=解放路 no=12-14"},
		{"解放路12号至16号", "road=解放路 no=12-16"},
		{"解放路12、14号", "road=解放路 no=12-14"},
		{"解放路12-1号", "road=解放路 no=12附1"},
		{"解放路12号附3号", "road=解放路 no=12附3"},
		{"解放路12号附3", "road=解放路 no=12附3"},
		{"解放路12之2号", "road=解放路 no=12附2"},
		{"解放路甲12号", "road=解放路 no=甲12"},
		{"解放路12号院3号楼2单元501室", "road=解放路 no=12 building=3 unit=2 room=501 yard"},
		{"解放路12号3栋2单元501", "road=解放路 no=12 building=3 unit=2 room=501"},
		{"天津市西青区杨柳青镇柳口路8号", "city=天津市 district=西青区 town=杨柳青镇 road=柳口路 no=8"},
		{"陕西省西安市长安区斗门街道镐京大道6号", "province=陕西省 city=西安市 district=长安区 town=斗门街道 road=镐京大道 no=6"},
		{"西青区西营门街东风路12号", "district=西青区 town=西营门街 road=东风路 no=12"},
		{"西营门街道办事处友谊社区居委会院内", "town=西营门街道 community=友谊社区 rel=inside"},
		{"友谊社区居委会", "community=友谊社区"},
		{"友谊居委会一楼", "community=友谊社区 floor=1"},
		{"杨柳青镇周家营村村委会旁", "town=杨柳青镇 community=周家营村 rel=beside"},
		{"周家营村", "community=周家营村"},
		{"周家营村3组12号", "community=周家营村 group=3 no=12"},
		{"周家营村委会对面", "community=周家营村 rel=opposite"},
		{"嘉枫苑3号楼", "estate=嘉枫苑 building=3"},
		{"嘉枫苑3号楼1单元102室", "estate=嘉枫苑 building=3 unit=1 room=102"},
		{"嘉枫苑3-1-102", "estate=嘉枫苑 building=3 unit=1 room=102"},
		{"嘉枫苑3栋", "estate=嘉枫苑 building=3"},
		{"嘉枫苑12楼2门301", "estate=嘉枫苑 building=12 unit=2 room=301"},
		{"嘉枫苑一楼", "estate=嘉枫苑 floor=1"},
		{"嘉枫苑底商", "estate=嘉枫苑 rel=beside"},
		{"嘉枫苑东区5号楼", "estate=嘉枫苑 phase=东区 building=5"},
		{"嘉枫苑二期5号楼", "estate=嘉枫苑 phase=二期 building=5"},
		{"润丰新村5号楼", "estate=润丰新村 building=5"},
		{"永莲里8号楼", "estate=永莲里 building=8"},
		{"永莲里8号", "no=8 estate=永莲里"},
		{"怀湖花园A座", "estate=怀湖花园 building=a"},
		{"解放路12号嘉枫苑3号楼", "road=解放路 no=12 estate=嘉枫苑 building=3"},
		{"解放路嘉枫苑小区内", "road=解放路 estate=嘉枫苑 rel=inside"},
		{"解放路与建设大道交叉口", "road=解放路 cross=建设大道 rel=crossing"},
		{"解放路、建设大道交口东南角", "road=解放路 cross=建设大道 rel=side"},
		{"解放路（与建设大道交口）", "road=解放路 cross=建设大道 rel=crossing"},
		{"解放路建设大道路口", "road=解放路 cross=建设大道 rel=crossing"},
		{"解放路东侧", "road=解放路 rel=side"},
		{"解放路中段", "road=解放路 rel=side"},
		{"解放路小学旁", "places=解放路小学 rel=beside"},
		{"解放路友谊小学对面", "road=解放路 places=友谊小学 rel=opposite"},
		{"友谊小学对面", "places=友谊小学 rel=opposite"},
		{"利民菜市场二楼", "floor=2 places=利民菜市场"},
		{"学府路社区", "community=学府路社区"},
		{"花园路8号", "road=花园路 no=8"},
		{"三眼桥北路5号", "road=三眼桥北路 no=5"},
		{"石桥一路20号", "road=石桥一路 no=20"},
		{"二七路99号", "road=二七路 no=99"},
		{"五一街道", "town=五一街道"},
		{"解放路三巷5号", "road=解放路三巷 no=5"},
		{"解放路幸福巷5号", "main=解放路 road=幸福巷 no=5"},
		{"解放路123弄5号", "road=解放路 lane=123 no=5"},
		{"3号路18号", "road=3号路 no=18"},
		{"友谊路8号（原电影院）", "road=友谊路 no=8"},
		{"友谊路8号（嘉枫苑内）", "road=友谊路 no=8 estate=嘉枫苑 rel=inside"},
		{"東風路8號", "road=东风路 no=8"},
		{"解放路8号1-3层", "road=解放路 no=8 floor=3"},
		{"解放路8号负一层", "road=解放路 no=8 floor=-1"},
		{"万达广场3楼", "floor=3 places=万达广场"},
		{"万科圆方A栋", "building=a places=万科圆方"},
		{"江岸区后湖街道后湖大道68号", "district=江岸区 town=后湖街道 road=后湖大道 no=68"},
		{"武汉市江汉区唐家墩街西马新村社区唐家墩路100号", "city=武汉市 district=江汉区 town=唐家墩街 community=西马新村社区 road=唐家墩路 no=100"},
		{"解放路向东200米", "road=解放路 rel=near"},
		{"友谊社区党群服务中心", "community=友谊社区 places=党群服务中心"},
		{"友谊社区3号楼", "community=友谊社区 building=3"},
		{"待定", "places=待定"},
		{"无", "rest=无"},
		{"红旗农贸市场东门", "places=红旗农贸市场 rel=gate"},
		{"杨柳青镇政府院内", "town=杨柳青镇 places=政府 rel=inside"},
		{"柳口路与新华道交汇处西100米", "road=柳口路 cross=新华道 rel=near"},
		{"凯旋大厦B座12层1203", "building=b floor=12 room=1203 places=凯旋大厦"},
		{"大寺镇王村公寓底商12号", "town=大寺镇 no=12 estate=王村公寓 rel=beside"},
	} {
		if got := show(address.Parse(tc[0])); got != tc[1] {
			t.Errorf("%s:\n got %s\nwant %s", tc[0], got, tc[1])
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		texts string
		same  bool
	}{
		{"解放路12号|解放路１２号|解放路十二号|西青区解放路 12 号 二楼|解放路12#", true},
		{"嘉枫苑3号楼|嘉枫苑3栋|嘉枫苑三号楼1单元102室|解放路8号嘉枫苑3号楼", true},
		{"中一路3号|中1路3号", true},
		{"解放路12号|解放路14号", false},
		{"解放路12号|解放路12-1号", false},
		{"解放路12号|解放街12号", false},
		{"嘉枫苑3号楼|嘉枫苑4号楼", false},
	} {
		list := strings.Split(tc.texts, "|")
		first := address.Parse(list[0]).Key()
		if first == "" {
			t.Errorf("%s has no key", list[0])
		}
		for _, text := range list[1:] {
			if got := address.Parse(text).Key(); (got == first) != tc.same {
				t.Errorf("%s: %s; %s: %s; want the same: %v", list[0], first, text, got, tc.same)
			}
		}
	}
	for _, text := range []string{"", "解放路", "友谊社区", "待定", "嘉枫苑"} {
		if key := address.Parse(text).Key(); key != "" {
			t.Errorf("%s: %s", text, key)
		}
	}
}

// Every address that is put together of its parts is read into them again.
func TestParseUndoesWriting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(label string, list ...string) string { return rapid.SampledFrom(list).Draw(rt, label) }
		district := pick("district", "", "西青区", "东昌区")
		town := pick("town", "", "杨柳青镇", "西营门街道", "大稍口乡")
		village := pick("community", "", "友谊社区", "周家营村")
		name := pick("road", "", "解放路", "石桥一路", "景平大道", "悦虹巷", "永月街", "五一路")
		no, noText := "", ""
		if name != "" {
			no = pick("number", "", "8", "12", "108")
			if no != "" {
				noText = no + pick("word", "号", "#")
			}
		}
		home := pick("estate", "", "嘉枫苑", "怀湖花园", "永莲里", "润丰新村")
		block, blockText := "", ""
		if home != "" {
			block = pick("building", "", "3", "12")
			if block != "" {
				blockText = block + pick("block word", "号楼", "栋", "幢")
			}
		}
		text := district + town + village + name + noText + home + blockText
		var want []string
		for _, f := range [][2]string{
			{"district", district},
			{"town", town},
			{"community", village},
			{"road", name},
			{"no", no},
			{"estate", home},
			{"building", block},
		} {
			if f[1] != "" {
				want = append(want, f[0]+"="+f[1])
			}
		}
		if got := show(address.Parse(text)); got != strings.Join(want, " ") {
			rt.Fatalf("%s:\n got %s\nwant %s", text, got, strings.Join(want, " "))
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"天津市西青区杨柳青镇柳口路8号", "嘉枫苑3-1-102", "解放路12号附3号（原电影院）", "解放路与建设大道交叉口东行200米", "((", "号楼", "12-14-16-18号", "附附附", "一二三四五六七八九十号",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a := address.Parse(text)
		if utf8.ValidString(text) {
			for _, s := range append(a.Places, a.Road, a.Rest, a.Estate) {
				if !utf8.ValidString(s) {
					t.Errorf("%q: %q", text, s)
				}
			}
		}
		if a.Number.To > 0 && a.Number.To < a.Number.From || a.Number.From < 0 {
			t.Errorf("%q: %+v", text, a.Number)
		}
		_ = a.Key()
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		address.Parse("天津市西青区西营门街道友谊社区解放路12号嘉枫苑3号楼2单元501室（原居委会旁）")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
