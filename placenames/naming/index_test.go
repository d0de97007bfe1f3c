package naming_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/placenames"
	"yike/placenames/naming"
)

func entry(id, stem, generic string) naming.Entry {
	return naming.Entry{ID: id, Text: stem + generic, Stem: stem, Generic: generic, Class: "street", Division: "610112", BuiltUpArea: "xixian-1", State: placenames.Approved}
}

func TestRelate(t *testing.T) {
	t.Parallel()
	k := checker(t)
	for _, tc := range []struct {
		a, b string // stem and generic apart by a dot
		want naming.Relation
	}{
		{"沣东.大道", "沣东.大道", naming.SameName},
		{"長安.大道", "长安.大道", naming.SameName}, // traditional characters
		{"长安.路", "长安.街", naming.SameStem},
		{"丰惠.路", "沣惠.路", naming.SameSound},
		{"丰惠.路", "沣惠.街", naming.NearSound}, // another generic
		{"丰惠.路", "沣慧.路", naming.SameSound},
		{"丰惠.路", "沣回.路", naming.NearSound}, // huì and huí
		{"长安.路", "昌安.路", naming.NearSound}, // 长 has two readings: cháng and zhǎng
		{"章安.路", "长安.路", naming.NearSound}, // zhāng and zhǎng
		{"己任.路", "已任.路", naming.LookAlike},
		{"沣河.路", "沣江.路", naming.Unlike}, // of two characters one is much
		{"西咸新.路", "西咸老.路", naming.OneApart},
		{"西咸.路", "西咸新.路", naming.OneApart},
		{"西咸新.路", "东咸老.路", naming.Unlike},
		{"沣东.路", "", naming.Unlike},
		{"𬇙水.路", "𬇙水.路", naming.SameName},
		{"𬇙水.路", "𬇙水.街", naming.SameStem},
	} {
		of := func(id, s string) naming.Entry {
			stem, generic, _ := strings.Cut(s, ".")
			return entry(id, stem, generic)
		}
		a, b := of("1", tc.a), of("2", tc.b)
		if got := k.Relate(a, b); got != tc.want || k.Relate(b, a) != got {
			t.Errorf("%s and %s: %s, want %s", tc.a, tc.b, got.Code(), tc.want.Code())
		}
	}
	// A confirmed reading outranks the dictionary: 长 read cháng sounds as 常 for sure.
	a, b := entry("1", "长安", "路"), entry("2", "常安", "路")
	if got := k.Relate(a, b); got != naming.NearSound {
		t.Errorf("got %s", got.Code())
	}
	a.Readings = []string{"cháng", "ān", "lù"}
	if got := k.Relate(a, b); got != naming.SameSound {
		t.Errorf("got %s", got.Code())
	}
	a.Readings = []string{"zhǎng", "ān", "lù"}
	if got := k.Relate(a, b); got != naming.Unlike {
		t.Errorf("got %s", got.Code())
	}
	var words int
	for _, c := range naming.Unlike.Codes() {
		if c.ZH != "" && c.EN != "" {
			words++
		}
	}
	if words != 6 {
		t.Errorf("%d relations have words", words)
	}
}

// brute compares with each name: the oracle.
func brute(k *naming.Checker, all []naming.Entry, e naming.Entry) []naming.Match {
	var out []naming.Match
	for _, o := range all {
		if r := k.Relate(e, o); r != naming.Unlike && o.ID != e.ID {
			out = append(out, naming.Match{Entry: o, Relation: r})
		}
	}
	slices.SortStableFunc(out, func(a, b naming.Match) int { return int(b.Relation) - int(a.Relation) })
	return out
}

func sameMatches(a, b []naming.Match) bool {
	return slices.EqualFunc(a, b, func(x, y naming.Match) bool { return x.Entry.ID == y.Entry.ID && x.Relation == y.Relation })
}

// generated makes names of a register: many of few characters, so that they are like one
// another.
func generated(r *rand.Rand, n int) []naming.Entry {
	const chars = "沣丰风东冬西溪长常昌安惠会慧汇文问教学新兴康建健设社渭谓泾径和合乐重庆朝潮阳扬洋金锦天泰华桦国富福民明永咏兴盛胜己已末未土士大太六陆厦夏行堡龙隆凤奉秦勤汉唐堂周洲"
	generics := []string{"路", "街", "大道", "东路", "西路", "巷", "花园", "小区"}
	all := []rune(chars)
	out := make([]naming.Entry, n)
	for i := range out {
		stem := make([]rune, 2+r.IntN(3))
		for j := range stem {
			stem[j] = all[r.IntN(len(all))]
		}
		out[i] = entry(fmt.Sprint(i), string(stem), generics[r.IntN(len(generics))])
	}
	return out
}

func TestIndexFindsWhatComparingWithEachFinds(t *testing.T) {
	t.Parallel()
	k := checker(t)
	r := rand.New(rand.NewPCG(3, 4))
	all := generated(r, 4000)
	for i := range 20 {
		again := all[i]
		again.ID = "again " + again.ID
		all = append(all, again)
	}
	x := k.NewIndex(all)
	relations := map[naming.Relation]int{}
	for _, e := range append(generated(r, 60), all[:40]...) {
		got, want := x.Find(e), brute(k, all, e)
		if !sameMatches(got, want) {
			t.Fatalf("%s: found %d, want %d", e.Text, len(got), len(want))
		}
		for _, m := range got {
			relations[m.Relation]++
		}
	}
	for r := naming.OneApart; r <= naming.SameName; r++ {
		if relations[r] == 0 {
			t.Errorf("no pair was %s: the test is too weak", r.Code())
		}
	}
}

func TestIndexOfAnything(t *testing.T) {
	t.Parallel()
	k := checker(t)
	rapid.Check(t, func(t *rapid.T) {
		stem := rapid.StringMatching(`[长重行朝六己已𬇙a]{0,9}`)
		var all []naming.Entry
		for i := range rapid.IntRange(0, 12).Draw(t, "names") {
			all = append(all, entry(fmt.Sprint(i), stem.Draw(t, "stem"), rapid.SampledFrom([]string{"", "路", "街"}).Draw(t, "generic")))
		}
		e := entry("x", stem.Draw(t, "asked"), "路")
		if got, want := k.NewIndex(all).Find(e), brute(k, all, e); !sameMatches(got, want) {
			t.Fatalf("%q: found %v, want %v", e.Text, got, want)
		}
	})
}

func TestWithin(t *testing.T) {
	t.Parallel()
	at := func(division, area string) naming.Entry {
		return naming.Entry{Division: division, BuiltUpArea: area}
	}
	for _, tc := range []struct {
		scope string
		a, b  naming.Entry
		want  naming.Where
	}{
		{placenames.Nation, at("11", ""), at("61", ""), naming.Here},
		{placenames.Province, at("610112", ""), at("610304", ""), naming.Here},
		{placenames.Province, at("610112", ""), at("510104", ""), naming.Elsewhere},
		{placenames.County, at("610112001", ""), at("610112002", ""), naming.Here},
		{placenames.County, at("610112", ""), at("610113", ""), naming.Elsewhere},
		{placenames.County, at("6101", ""), at("610113", ""), naming.Perhaps},
		{placenames.County, at("", ""), at("610113", ""), naming.Perhaps},
		{placenames.BuiltUpArea, at("610112", "a"), at("610113", "a"), naming.Here},
		{placenames.BuiltUpArea, at("610112", "a"), at("610112", "b"), naming.Elsewhere},
		{placenames.BuiltUpArea, at("610112", "a"), at("610112", ""), naming.Perhaps},
		{placenames.BuiltUpArea, at("610112", "a"), at("510104", ""), naming.Elsewhere},
		{placenames.NoScope, at("610112", "a"), at("610112", "a"), naming.Elsewhere},
	} {
		if got := naming.Within(tc.scope, tc.a, tc.b); got != tc.want {
			t.Errorf("%s: %+v and %+v: %d, want %d", tc.scope, tc.a, tc.b, got, tc.want)
		}
	}
}

// million are generated names as a province has them: of many characters, some of them in
// use again and again.
func million(k int) []naming.Entry {
	r := rand.New(rand.NewPCG(5, 6))
	const common = "沣东西南北长安惠文教新兴康建设渭泾和乐重庆朝阳金天泰华国富民永盛龙凤秦汉唐周明德仁义礼信光荣胜利团结幸福和平春夏秋冬梅兰竹菊松柏桃李杏花园林山水河湖海江溪泉桥门楼台亭塔寺庙村庄堡寨营屯家王李张刘陈杨赵黄周吴徐孙马朱胡郭何高罗郑"
	all := []rune(common)
	out := make([]naming.Entry, k)
	for i := range out {
		stem := make([]rune, 2+r.IntN(3))
		for j := range stem {
			if r.IntN(3) == 0 {
				stem[j] = rune(0x4e00 + r.IntN(0x5000))
				continue
			}
			stem[j] = all[r.IntN(len(all))]
		}
		out[i] = entry(fmt.Sprint(i), string(stem), []string{"路", "街", "大道", "巷"}[r.IntN(4)])
	}
	return out
}

// BenchmarkFind finds what is like a name among a million; BenchmarkEach compares with each
// of them. The ratio of the two is what the index is for.
func BenchmarkFind(b *testing.B) {
	k := checker(b)
	all := million(1_000_000)
	x := k.NewIndex(all)
	i := 0
	for b.Loop() {
		x.Find(all[i*7919%len(all)])
		i++
	}
}

func BenchmarkEach(b *testing.B) {
	k := checker(b)
	all := million(1_000_000)
	i := 0
	for b.Loop() {
		brute(k, all, all[i*7919%len(all)])
		i++
	}
}

func BenchmarkNewIndex(b *testing.B) {
	k := checker(b)
	all := million(1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		k.NewIndex(all)
	}
}
