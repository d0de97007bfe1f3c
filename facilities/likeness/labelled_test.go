package likeness_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/likeness"
	"yike/geo"
	"yike/geo/divisions"
)

// The labelled set is made here by what people do to records, from word lists of its own.
// It knows nothing of how the scorer works.

var (
	firstWords  = strings.Fields("安平 永兴 文汇 明德 康宁 福源 瑞景 嘉和 新华 清泉 春和 云锦 玉泉 金桥 碧水 翠屏 青云 紫薇 丹枫 怀德 仁爱 义和 礼贤 智慧 友善 勤俭 学府 望江 思源 恒泰")
	estateWords = strings.Fields("嘉枫苑 怀湖花园 永莲里 润丰新村 秋远小区 安业家园 瑞锦雅居 景和苑 书香里 翰林园 阳光花园 和平里 幸福家园 柳岸新村 锦绣园")
	ownWords    = strings.Fields("夕阳红 福寿 颐年 康乐 松鹤 金秋 晚晴 乐龄 孝心 爱晚 长青 静安 鹤童 椿萱 百龄")
	roadWords   = strings.Fields("解放路 友谊路 建设大道 中山街 石桥一路 石桥二路 柳口路 新华道 长江道 悦虹巷 秋桂街 五一路 文昌路 学苑路 青年大街")
	villages    = strings.Fields("周家营 何家洼 梁家塘 许家桥 孙家湾 董庄 大寺 小稍口")
)

// homophones are characters that people confuse when they type by sound.
var homophones = strings.Fields("安桉 平苹 兴星 文纹 明名 康糠 宁柠 福富 源园 瑞锐 景井 嘉佳 和河 华花 清青 春椿 云芸 锦紧 玉育 金今 泉全 桥乔 碧必 翠脆 屏平 紫子 枫丰 怀淮 德得 仁人 义意 礼里 智志 友有 勤秦 学雪 望旺 思丝 恒横 阳洋 乐月 松嵩 鹤贺 秋丘 晚碗 晴情 龄玲 孝笑 心新 家佳 营迎 湾弯 庄装")

var synonyms = map[facilities.Type][]string{
	"elderly_canteen":     {"老人家食堂", "老年食堂", "长者食堂", "食堂", "老年人助餐点", "助餐点"},
	"meal_point":          {"助餐点", "老年助餐点", "助餐服务点", "老人家食堂"},
	"day_care_centre":     {"日间照料中心", "日照中心", "老年人日间照料中心", "日间照料服务中心", "托老所"},
	"elderly_station":     {"养老服务站", "居家养老服务站", "养老驿站", "居家养老服务中心"},
	"elderly_institution": {"养老院", "老年公寓", "养护院", "护理院"},
	"columbarium":         {"骨灰堂", "骨灰楼", "骨灰存放处", "安息堂"},
}

var kinds = []facilities.Type{"elderly_canteen", "meal_point", "day_care_centre", "elderly_station", "elderly_institution", "columbarium"}

type maker struct {
	r     *rand.Rand
	frame geo.LocalFrame
	n     int
}

func newMaker(seed uint64) *maker {
	return &maker{r: rand.New(rand.NewPCG(seed, 99)), frame: geo.Frame(orb.Point{117, 39.1})}
}

func (m *maker) pick(list []string) string { return list[m.r.IntN(len(list))] }

func (m *maker) chance(p float64) bool { return m.r.Float64() < p }

// communityOf names a community and says its code and where it lies: squares of 1 km.
func (m *maker) community(i int) (name, code string, at orb.Point) {
	name = firstWords[i%len(firstWords)] + "社区"
	if i%7 == 6 {
		name = villages[i%len(villages)] + "村"
	}
	return name, fmt.Sprintf("120111%03d%03d", 1+i/8, 1+i%8), orb.Point{1000 * float64(i%8), 1000 * float64(i/8)}
}

// base is a record as a bureau keeps it.
func (m *maker) base() (likeness.Record, int) {
	m.n++
	i := m.r.IntN(56)
	name, code, at := m.community(i)
	t := kinds[m.r.IntN(len(kinds))]
	r := likeness.Record{
		ID: fmt.Sprint("r", m.n), Type: t, DivisionCode: code, Placed: true,
		Point: m.frame.From(orb.Point{at[0] + 900*m.r.Float64(), at[1] + 900*m.r.Float64()}),
	}
	switch m.r.IntN(4) {
	case 0, 1:
		r.Name = name + synonyms[t][0]
	case 2:
		r.Name = m.pick(ownWords) + synonyms[t][0]
	default:
		r.Name = m.pick(estateWords) + synonyms[t][0]
	}
	r.Address = m.address()
	r.Phone = fmt.Sprintf("022-27%06d", m.r.IntN(1000000))
	if m.chance(0.3) {
		r.USCC = fmt.Sprintf("91120111MA%08d", m.r.IntN(100000000))
	}
	if m.chance(0.2) {
		r.BureauNo = fmt.Sprintf("XQ%05d", m.n)
	}
	return r, i
}

func (m *maker) address() string {
	if m.chance(0.35) {
		return fmt.Sprintf("%s%d号楼", m.pick(estateWords), 1+m.r.IntN(20))
	}
	return fmt.Sprintf("%s%d号", m.pick(roadWords), 1+m.r.IntN(200))
}

// again writes the same place as another office might: two to four things are otherwise.
func (m *maker) again(r likeness.Record) likeness.Record {
	m.n++
	out := r
	out.ID = fmt.Sprint("r", m.n)
	out.BureauNo = "" // the other office has numbers of its own
	gone := false     // at most one of place, address and telephone is not there
	for range 2 + m.r.IntN(3) {
		switch m.r.IntN(11) {
		case 0:
			out.Name = m.typo(out.Name)
		case 1:
			out.Name = m.sound(out.Name)
		case 2:
			out.Name = m.synonym(out)
		case 3:
			out.Name = strings.Replace(out.Name, "社区", "", 1)
		case 4:
			out.Name = []string{"西青区", "天津市西青区", "西营门街道"}[m.r.IntN(3)] + out.Name
		case 5:
			out.Name = m.dress(out.Name)
		case 6:
			out.Address = m.readdress(out.Address)
		case 7:
			out.Phone = strings.ReplaceAll(strings.TrimPrefix(out.Phone, "022-"), "27", "27 ")
			out.Phone = strings.ReplaceAll(out.Phone, " ", "")
			if m.chance(0.3) {
				out.Phone += "、13800001111"
			}
		case 8:
			out.Point = m.moved(out.Point)
		case 9:
			if !gone {
				gone = true
				switch m.r.IntN(3) {
				case 0:
					out.Placed, out.Point = false, orb.Point{}
				case 1:
					out.Address = ""
				default:
					out.Phone = ""
				}
			}
		case 10:
			out.Name = m.swap(out.Name)
		}
	}
	if m.chance(0.5) {
		out.USCC = ""
	}
	if m.chance(0.3) {
		out.DivisionCode = out.DivisionCode[:9] // only the subdistrict
	}
	return out
}

// typo writes one character of the first part wrongly, leaves one out or doubles one.
func (m *maker) typo(name string) string {
	r := []rune(name)
	if len(r) < 6 {
		return name
	}
	i := m.r.IntN(3)
	switch m.r.IntN(3) {
	case 0:
		r[i] = []rune("天地人木水火土山石田")[m.r.IntN(10)]
	case 1:
		r = append(r[:i], r[i+1:]...)
	default:
		r = append(r[:i+1], r[i:]...)
	}
	return string(r)
}

func (m *maker) sound(name string) string {
	for range 10 {
		pair := []rune(m.pick(homophones))
		if strings.ContainsRune(name, pair[0]) {
			return strings.Replace(name, string(pair[0]), string(pair[1]), 1)
		}
	}
	return name
}

func (m *maker) synonym(r likeness.Record) string {
	list := synonyms[r.Type]
	for _, end := range list {
		if cut, found := strings.CutSuffix(r.Name, end); found {
			return cut + list[m.r.IntN(len(list))]
		}
	}
	return r.Name
}

// dress writes the same name in other widths, forms and brackets.
func (m *maker) dress(name string) string {
	switch m.r.IntN(4) {
	case 0:
		return strings.NewReplacer("华", "華", "云", "雲", "园", "園", "养", "養", "义", "義", "兴", "興", "爱", "愛").Replace(name)
	case 1:
		return strings.Join(strings.Split(name, ""), " ")
	case 2:
		return name + "（试运行）"
	}
	return "【" + name + "】"
}

func (m *maker) readdress(text string) string {
	switch m.r.IntN(4) {
	case 0:
		return "天津市西青区" + text
	case 1:
		return strings.NewReplacer("1", "１", "2", "２", "3", "３").Replace(text)
	case 2:
		return strings.Replace(text, "号楼", "栋", 1)
	}
	return text + "一楼"
}

func (m *maker) moved(p orb.Point) orb.Point {
	return m.frame.From(func() orb.Point {
		q := m.frame.To(p)
		return orb.Point{q[0] + 35*m.r.NormFloat64(), q[1] + 35*m.r.NormFloat64()}
	}())
}

// swap puts the first two parts of a name the other way round, as in 夕阳红安平社区….
func (m *maker) swap(name string) string {
	for _, own := range ownWords {
		if rest, found := strings.CutPrefix(name, own); found && m.chance(0.5) {
			return m.pick([]string{"天津", ""}) + own + "（" + rest + "）" + rest
		}
	}
	r := []rune(name)
	if len(r) > 4 {
		r[0], r[1] = r[1], r[0]
	}
	return string(r)
}

// other makes a record of another place that is easily taken for r.
func (m *maker) other(r likeness.Record, community int) likeness.Record {
	m.n++
	out := r
	out.ID, out.BureauNo = fmt.Sprint("r", m.n), ""
	near := func(d float64) orb.Point {
		q := m.frame.To(r.Point)
		return m.frame.From(orb.Point{q[0] + d*m.r.NormFloat64(), q[1] + d*m.r.NormFloat64()})
	}
	elsewhere := func() {
		name, code, at := m.community((community + 1 + m.r.IntN(54)) % 56)
		out.DivisionCode, out.Point = code, m.frame.From(orb.Point{at[0] + 900*m.r.Float64(), at[1] + 900*m.r.Float64()})
		out.Address, out.Phone = m.address(), fmt.Sprintf("022-27%06d", m.r.IntN(1000000))
		_ = name
	}
	switch m.r.IntN(8) {
	case 0: // the same name in another community
		elsewhere()
	case 1: // another type in the same house
		for out.Type == r.Type || sameUse(out.Type, r.Type) {
			out.Type = kinds[m.r.IntN(len(kinds))]
		}
		out.Name = m.retype(r, out.Type)
		out.Point = near(5)
	case 2: // another community's of the same type, near the border
		name, code, _ := m.community((community + 1) % 56)
		out.Name, out.DivisionCode = name+synonyms[r.Type][0], code
		out.Point, out.Address, out.Phone = near(300), m.address(), fmt.Sprintf("022-27%06d", m.r.IntN(1000000))
	case 3: // first and second of the same community
		out.Name = m.retype(r, r.Type)
		r2 := []string{"第二", "二号", "二"}[m.r.IntN(3)]
		end := synonyms[r.Type][0]
		out.Name = strings.TrimSuffix(out.Name, end) + r2 + end
		out.Point, out.Address = near(250), m.address()
	case 4: // one operator, two places
		elsewhere()
		out.USCC, out.Phone = r.USCC, r.Phone
		out.Name = m.pick(estateWords) + synonyms[r.Type][0]
	case 5: // neighbours on one road with names of their own
		out.Name, out.Phone = m.pick(ownWords)+"苑"+synonyms[r.Type][0], fmt.Sprintf("022-27%06d", m.r.IntN(1000000))
		out.Point, out.Address = near(120), m.address()
	case 6: // names that differ by one telling character
		out.Name = m.telling(r.Name)
		elsewhere()
	default: // anything
		other, _ := m.base()
		other.BureauNo = ""
		out = other
	}
	return out
}

func (m *maker) telling(name string) string {
	for _, pair := range [][2]string{{"东", "西"}, {"南", "北"}, {"一", "二"}, {"大", "小"}, {"新", "老"}} {
		if strings.Contains(name, pair[0]) {
			return strings.Replace(name, pair[0], pair[1], 1)
		}
	}
	return "新" + name
}

func sameUse(a, b facilities.Type) bool {
	meals := func(t facilities.Type) bool { return t == "elderly_canteen" || t == "meal_point" }
	return meals(a) && meals(b)
}

func (m *maker) retype(r likeness.Record, t facilities.Type) string {
	for _, end := range synonyms[r.Type] {
		if cut, found := strings.CutSuffix(r.Name, end); found {
			return cut + synonyms[t][0]
		}
	}
	return r.Name + synonyms[t][0]
}

type labelled struct {
	a, b likeness.Record
	same bool
}

// pairs makes n pairs, half of them of the same place.
func (m *maker) pairs(n int) []labelled {
	out := make([]labelled, 0, n)
	for i := range n {
		a, community := m.base()
		l := labelled{a: a, same: i%2 == 0}
		if l.same {
			l.b = m.again(a)
		} else {
			l.b = m.other(a, community)
		}
		out = append(out, l)
	}
	return out
}

// wordsOf are the divisions and types that the set is made with.
func wordsOf(m *maker) (likeness.Words, error) {
	types, err := facilities.Catalogue()
	if err != nil {
		return likeness.Words{}, err
	}
	words := likeness.Words{Types: types}
	towns := map[string]bool{}
	for i := range 56 {
		name, code, _ := m.community(i)
		words.Divisions = append(words.Divisions, divisions.Division{Code: code, ParentCode: code[:9], Level: divisions.Community, NameZH: name})
		if !towns[code[:9]] {
			towns[code[:9]] = true
			words.Divisions = append(words.Divisions, divisions.Division{Code: code[:9], Level: divisions.Subdistrict, NameZH: "第" + code[8:9] + "街道"})
		}
	}
	return words, nil
}
