// Package namesearchtest makes registers of synthetic place names for tests and benchmarks. No
// name is of a real place, and the same number of names is the same register always.
package namesearchtest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"

	"yike/internal/hanzi"
	"yike/placenames"
	"yike/placenames/namesearch"
)

// Characters that names of places have often, the most frequent first, roughly.
const frequent = "东西南北中新安长大华和平建民文兴光明金龙山河江湖海阳春风天福永康宁园林花云水石桥门城丰泰和富贵荣昌盛庆祥瑞吉顺利通达德仁义礼智信忠孝学府清源泉溪沙泽洲湾港岸滨青翠绿红白玉银宝珠凤凰鹤鸣松柏竹梅兰菊荷莲桃李杏柳杨榆槐桂枫梧桐秋夏冬月星辰日辉晨曦朝霞锦绣景观望云峰岭岩台坪坡岗塘池井沟渠沣渭泾灞浐镐秦汉唐宋明周孔孟张王李赵陈刘黄徐孙马朱胡郭何高罗郑梁谢许邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁沈任姚卢傅钟姜崔谭廖范汪陆"

type kind struct {
	code, class string
	generics    []string
	share       int
}

func kinds() []kind {
	return []kind{
		{"road", "street", []string{"路", "街", "大道", "巷", "东路", "西路", "南路", "北路", "中路", "一路", "二路", "三路", "大街", "胡同"}, 38},
		{"estate", "residence", []string{"小区", "花园", "家园", "苑", "里", "庄园", "公寓", "新村", "名邸", "府", "城", "一期"}, 34},
		{"building", "residence", []string{"大厦", "广场", "中心", "大楼", "商厦"}, 10},
		{"natural_village", "other", []string{"村", "庄", "堡", "寨", "屯"}, 12},
		{"bridge", "facility", []string{"桥", "立交", "公园", "站", "水库"}, 6},
	}
}

// Names gives n synthetic names, of which one in twelve has another name and one in fifteen
// had one before. One in ten is of a place that is no more, and some are the same.
func Names(n int) []namesearch.Name {
	r := rand.New(rand.NewPCG(1, 2))
	m := maker{r: r, common: []rune(frequent)}
	chars := hanzi.NewCharacters()
	for c := rune(0x4e00); c <= 0x9fa5; c++ {
		if chars.Level(c) == 1 {
			m.all = append(m.all, c)
		}
	}
	out := make([]namesearch.Name, n)
	for i := range out {
		k := m.kind()
		name := namesearch.Name{
			ID: fmt.Sprintf("0199%04x-%04x-7000-8000-%012x", i>>16, i&0xffff, i), Text: m.name(k), Kind: k.code, Class: k.class, Division: fmt.Sprintf("9901%02d", r.IntN(20)),
			State: placenames.Approved, Placed: true, Position: orb.Point{108.5 + r.Float64(), 34 + r.Float64()},
		}
		if r.IntN(10) == 0 {
			name.State = placenames.Retired
		}
		if r.IntN(12) == 0 {
			name.Aliases = []string{m.name(k)}
		}
		if r.IntN(15) == 0 {
			name.Former = []string{m.name(k)}
		}
		out[i] = name
	}
	return out
}

type maker struct {
	r           *rand.Rand
	common, all []rune
}

func (m *maker) kind() kind {
	at := m.r.IntN(100)
	for _, k := range kinds() {
		if at -= k.share; at < 0 {
			return k
		}
	}
	return kinds()[0]
}

// name makes a name of two to four characters and a generic.
func (m *maker) name(k kind) string {
	length := 2
	switch at := m.r.IntN(100); {
	case at < 5:
		length = 4
	case at < 30:
		length = 3
	}
	out := make([]rune, 0, 8)
	for range length {
		out = append(out, m.character())
	}
	// The first generics are by far the most frequent.
	g := min(m.r.IntN(len(k.generics)), m.r.IntN(len(k.generics)))
	return string(out) + k.generics[g]
}

func (m *maker) character() rune {
	if m.r.IntN(4) > 0 {
		u := m.r.Float64()
		return m.common[int(u*u*float64(len(m.common)))]
	}
	return m.all[m.r.IntN(len(m.all))]
}

// Wrong are the mistakes that Mistaken makes.
func Wrong() []string { return []string{"another", "sounds alike", "missing", "too many"} }

// Mistaken gives a text with one character wrong in one of the ways of Wrong, the r-th such
// text of it. A text that has no character for the mistake comes back with another character.
func Mistaken(text, how string, r *rand.Rand, sounds *hanzi.Sounds) string {
	runes := []rune(text)
	at := r.IntN(len(runes))
	other := []rune(frequent)[r.IntN(len([]rune(frequent)))]
	switch how {
	case "missing":
		return string(slices.Delete(runes, at, at+1))
	case "too many":
		return string(slices.Insert(runes, at, other))
	case "sounds alike":
		var like []rune
		for _, c := range frequent {
			if c != runes[at] && sounds.Alike(c, runes[at]) {
				like = append(like, c)
			}
		}
		if len(like) > 0 {
			other = like[r.IntN(len(like))]
		}
	}
	if other == runes[at] {
		other = '魁'
	}
	runes[at] = other
	return string(runes)
}
