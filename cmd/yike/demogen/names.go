package demogen

import "strings"

// name is a made-up name: the specific part with its generic, in Chinese, English
// and toneless pinyin.
type name struct {
	zh, en, pinyin string
	specific       string // the specific part alone, in Chinese
	roman          string // and in pinyin
}

// generic is the generic part of a name.
type generic uint8

const (
	noGeneric generic = iota
	genericAvenue
	genericRoad
	genericStreet
	genericLane
	genericSubdistrict
	genericTown
	genericCommunity
	genericVillage
	genericEstate
	genericPark
	genericSchool
)

// words is a generic part in Chinese, English and pinyin.
type words struct{ zh, en, pinyin string }

func (g generic) words() words {
	return [...]words{
		noGeneric:          {"", "", ""},
		genericAvenue:      {"大道", "Avenue", "Dadao"},
		genericRoad:        {"路", "Road", "Lu"},
		genericStreet:      {"街", "Street", "Jie"},
		genericLane:        {"巷", "Lane", "Xiang"},
		genericSubdistrict: {"街道", "Subdistrict", "Jiedao"},
		genericTown:        {"镇", "Town", "Zhen"},
		genericCommunity:   {"社区", "Community", "Shequ"},
		genericVillage:     {"村", "Village", "Cun"},
		genericEstate:      {"小区", "Estate", "Xiaoqu"},
		genericPark:        {"公园", "Park", "Gongyuan"},
		genericSchool:      {"小学", "Primary School", "Xiaoxue"},
	}[g]
}

// syllable is one character with its only reading in names: characters of several
// readings (长, 乐, 行, 和, 重 …) are left out on purpose.
type syllable struct{ zh, roman string }

func syllables(list string) []syllable {
	fields := strings.Fields(list)
	out := make([]syllable, 0, len(fields)/2)
	for i := 0; i+1 < len(fields); i += 2 {
		out = append(out, syllable{fields[i], fields[i+1]})
	}
	return out
}

const (
	firstSyllables = `安 an 永 yong 文 wen 明 ming 康 kang 福 fu 瑞 rui 景 jing 嘉 jia 新 xin 清 qing 春 chun 秋 qiu 云 yun
		晴 qing 锦 jin 玉 yu 金 jin 碧 bi 翠 cui 青 qing 紫 zi 丹 dan 怀 huai 德 de 仁 ren 义 yi 礼 li 智 zhi 友 you 善 shan
		勤 qin 学 xue 望 wang 思 si 恒 heng 映 ying 听 ting 芳 fang 雅 ya 静 jing 润 run 沁 qin 悦 yue 逸 yi 晨 chen 暖 nuan`
	secondSyllables = `平 ping 源 yuan 泉 quan 林 lin 庭 ting 桐 tong 槐 huai 柳 liu 松 song 梅 mei 兰 lan 竹 zhu 枫 feng 莲 lian
		溪 xi 湖 hu 塘 tang 湾 wan 洲 zhou 岭 ling 峰 feng 辰 chen 月 yue 星 xing 霞 xia 雪 xue 阳 yang 光 guang 辉 hui 达 da
		裕 yu 丰 feng 昌 chang 荣 rong 宏 hong 远 yuan 志 zhi 业 ye 锦 jin 苑 yuan 帆 fan 虹 hong 岚 lan 汀 ting`
	thirdSyllables = `里 li 坊 fang 亭 ting 园 yuan 门 men 轩 xuan 阁 ge`
	surnames       = `李 li 张 zhang 王 wang 刘 liu 陈 chen 杨 yang 赵 zhao 周 zhou 吴 wu 徐 xu 孙 sun 马 ma 胡 hu 林 lin 郭 guo
		何 he 高 gao 罗 luo 梁 liang 宋 song 郑 zheng 谢 xie 韩 han 唐 tang 冯 feng 董 dong 程 cheng 袁 yuan 邓 deng 许 xu`
	villageWords = `家庄 jiazhuang 家塘 jiatang 家桥 jiaqiao 家洼 jiawa 家营 jiaying 家湾 jiawan`
	// realPlaces are combinations that are names of cities or counties.
	realPlaces = ` 安平 安阳 安康 永平 永康 永昌 永丰 康平 福安 金湖 金昌 金阳 清远 清丰 清平 玉溪 玉林 玉泉 丹阳 德阳 德昌 德兴 怀远 怀柔 瑞昌 瑞金
		景德 景洪 青阳 青岛 新丰 新泰 新源 新平 新林 云林 云阳 云霄 嘉峰 文昌 文山 明溪 明光 碧江 望江 望远 义县 嘉义 南平 思明 恒春 安远 清溪 金平 金溪
		永泉 仁寿 安丘 友谊 义马 礼泉 福泉 康定 怀来 文安 文水 新宁 永春 永兴 桐庐 新洲 金塔 金华 云龙 新荣 勤丰 青松 紫阳 清涧 `
)

// namer hands out names, each specific part once.
type namer struct {
	specifics []syllable
	villages  []syllable
	used      int
	settled   int
}

func newNamer(d dice) *namer {
	n := &namer{}
	firsts, seconds := syllables(firstSyllables), syllables(secondSyllables)
	for _, a := range firsts {
		for _, b := range seconds {
			if a.zh != b.zh && a.roman != b.roman && !strings.Contains(realPlaces, " "+a.zh+b.zh+" ") {
				n.specifics = append(n.specifics, syllable{a.zh + b.zh, joinPinyin(a.roman, b.roman)})
			}
		}
	}
	for _, a := range syllables(surnames) {
		for _, b := range syllables(villageWords) {
			n.villages = append(n.villages, syllable{a.zh + b.zh, joinPinyin(a.roman, b.roman)})
		}
	}
	for _, list := range [][]syllable{n.specifics, n.villages} {
		d.shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return n
}

// joinPinyin sets syllables together, with the apostrophe that keeps a following
// a, e or o apart.
func joinPinyin(a, b string) string {
	if strings.ContainsAny(b[:1], "aeo") {
		return a + "'" + b
	}
	return a + b
}

func (n *namer) next(g generic) name {
	if g == genericVillage {
		s := take(n.villages, n.settled)
		n.settled++
		return compose(s, g)
	}
	s := take(n.specifics, n.used)
	n.used++
	return compose(s, g)
}

// take is entry i of a list; past its end the entries come again with a further
// syllable, so that no name is given twice.
func take(list []syllable, i int) syllable {
	s := list[i%len(list)]
	for again := i / len(list); again > 0; {
		thirds := syllables(thirdSyllables)
		t := thirds[(again-1)%len(thirds)]
		s = syllable{s.zh + t.zh, joinPinyin(s.roman, t.roman)}
		again = (again - 1) / len(thirds)
	}
	return s
}

func compose(s syllable, g generic) name {
	w := g.words()
	roman := strings.ToUpper(s.roman[:1]) + s.roman[1:]
	return name{
		zh: s.zh + w.zh, en: strings.TrimSpace(roman + " " + w.en), pinyin: strings.TrimSpace(roman + " " + w.pinyin),
		specific: s.zh, roman: roman,
	}
}

// nameRoads names every street that people would know by name.
func (l *layout) nameRoads(names *namer) {
	for r := range l.roads {
		if g := l.roads[r].generic; g != noGeneric {
			l.roads[r].name = names.next(g)
		}
	}
}

// estateName is a name for a gated estate.
func (n *namer) estateName(d dice) name {
	kind := pick(d, []words{
		{"小区", "Estate", "Xiaoqu"},
		{"花园", "Gardens", "Huayuan"},
		{"家园", "Homes", "Jiayuan"},
		{"里", "Terrace", "Li"},
		{"苑", "Court", "Yuan"},
		{"新村", "New Village", "Xincun"},
		{"雅居", "Residence", "Yaju"},
	})
	base := n.next(noGeneric)
	base.zh += kind.zh
	base.en += " " + kind.en
	base.pinyin += " " + kind.pinyin
	return base
}
