package address

import (
	"strconv"
	"strings"
	"unicode"

	"yike/internal/hanzi"
)

// class is what a number counts.
type class uint8

const (
	noClass     class = iota
	house             // 号
	yard              // 号院
	building          // 号楼, 栋, 幢, 座
	unit              // 单元, 门
	storey            // 层
	storeyOrNot       // 楼: a floor, or in Tianjin a building
	room              // 室
	group             // 组
	lane              // 弄
	phase             // 期, 区
	hash              // #
	bare              // no word after it
)

// figure is a number with its class, as it is written.
type figure struct {
	class   class
	parts   []string // the figures between dashes
	mark    string   // 甲, a
	written int      // characters
	chinese bool     // written in Chinese numerals
	below   bool     // 负一层
	span    bool     // 12至14, 12,14
}

// figureAt reads the number that r begins with; written is 0 where there is none, or where
// it is part of a name (三眼桥, 3号路).
func figureAt(r []rune) figure {
	f := figure{}
	i := 0
	switch {
	case len(r) > 0 && (r[0] == '第' || r[0] == '附'):
		i = 1
	case len(r) > 0 && r[0] == '负':
		i, f.below = 1, true
	case len(r) > 1 && r[0] == '地' && r[1] == '下':
		i, f.below = 2, true
	}
	if i < len(r) && isMark(r[i]) {
		f.mark = string(r[i])
		i++
	}
	start := i
	for {
		n := digits(r[i:])
		if n == 0 && len(f.parts) == 0 && f.mark == "" {
			n = chineseDigits(r[i:])
			f.chinese = n > 0
		}
		if n == 0 {
			break
		}
		f.parts = append(f.parts, hanzi.Arabic(string(r[i:i+n])))
		i += n
		joint := jointAt(r[i:])
		if joint == 0 || len(f.parts) == 3 || digits(r[i+joint:]) == 0 {
			break
		}
		f.span = f.span || r[i+joint-1] == '至' || r[i+joint-1] == '到' || r[i+joint-1] == ',' || r[i] == '号'
		i += joint
	}
	if len(f.parts) == 0 && f.mark == "" {
		return figure{}
	}
	if f.mark == "" && len(f.parts) > 0 && i < len(r) && isMark(r[i]) && (i+1 == len(r) || r[i+1] == '号' || r[i+1] == '座' || r[i+1] == '栋' || !unicode.IsLetter(r[i+1])) {
		f.mark = string(r[i])
		i++
	}
	return f.classify(r, start, i)
}

// jointAt is how many characters join two parts of a number: 12-14, 12之1, 12号-14号.
func jointAt(r []rune) int {
	if len(r) == 0 {
		return 0
	}
	switch r[0] {
	case '-', '之', '/', '至', '到', ',':
		return 1
	case '号':
		if len(r) > 1 && (r[1] == '-' || r[1] == '至' || r[1] == '到' || r[1] == ',') {
			n := 2
			// 12号,3单元 are two things; 12号,14号 is one.
			d := digits(r[n:])
			if d > 0 && n+d < len(r) && r[n+d] == '号' && (n+d+1 == len(r) || r[n+d+1] != '楼') {
				return n
			}
		}
	}
	return 0
}

// classify reads the word behind a number.
func (f figure) classify(r []rune, start, i int) figure {
	f.class, f.written = classAt(r[i:], f)
	if f.below && f.class != storey && f.class != storeyOrNot {
		return figure{}
	}
	if f.written < 0 || f.class == noClass || len(f.parts) == 0 && f.class != building && f.class != phase {
		return figure{}
	}
	if f.class == bare && (f.chinese || len(f.parts) == 0 || start > 0 && r[0] != '附') {
		return figure{}
	}
	f.written += i
	return f
}

// classAt finds the class of a number by the word behind it, and the characters of that
// word; -1 where the number is part of a name.
func classAt(r []rune, f figure) (class, int) {
	if len(r) == 0 {
		return bare, 0
	}
	for n := min(4, len(r)); n > 0; n-- {
		c := classWord(string(r[:n]))
		if c == noClass {
			continue
		}
		// 3号路, 2门诊部, 一区域: the word goes on.
		if c == house && goesOn(r[n:]) || n == 1 && (c == unit || c == phase || c == storeyOrNot) && wordGoesOn(r) {
			return noClass, -1
		}
		if c == phase && len(f.parts) == 0 && f.mark == "" {
			return noClass, -1
		}
		return c, n
	}
	if hanzi.IsHan(r[0]) || unicode.IsLetter(r[0]) {
		if rel, _ := relationAt(r); rel != At && !f.chinese {
			return bare, 0
		}
		return noClass, -1
	}
	return bare, 0
}

func classWord(word string) class {
	switch word {
	case "号":
		return house
	case "号院", "号大院", "号院子", "号大杂院":
		return yard
	case "号楼", "栋", "幢", "座", "#楼", "号栋", "号幢", "栋楼", "幢楼", "座楼":
		return building
	case "单元", "门", "号门", "门洞", "单元门":
		return unit
	case "层", "层楼":
		return storey
	case "楼":
		return storeyOrNot
	case "室", "户", "房", "号室", "号房":
		return room
	case "组", "队", "村民组", "村民小组", "小组", "社":
		return group
	case "弄", "支弄":
		return lane
	case "期", "区":
		return phase
	case "#":
		return hash
	}
	return noClass
}

// goesOn reports whether 号 is in a name: 3号路, 二号桥.
func goesOn(r []rune) bool {
	if len(r) == 0 {
		return false
	}
	switch r[0] {
	case '路', '街', '桥', '线', '巷', '井', '矿', '地', '道', '库', '机':
		return true
	}
	return false
}

// wordGoesOn reports whether 门, 区, 期 or 楼 begins a longer word: 门诊部, 区政府, 楼村.
func wordGoesOn(r []rune) bool {
	if len(r) < 2 || !hanzi.IsHan(r[1]) {
		return false
	}
	if figureAt(r[1:]).written > 0 {
		return false
	}
	if _, n := relationAt(r[1:]); n > 0 {
		return false
	}
	switch r[0] {
	case '楼', '门':
		return r[1] == '诊' || r[1] == '市' || r[1] == '村' || r[1] == '庄' || r[1] == '口' && r[0] == '门' || r[1] == '镇'
	}
	return true
}

func digits(r []rune) int {
	n := 0
	for n < len(r) && r[n] >= '0' && r[n] <= '9' && n < 6 {
		n++
	}
	return n
}

func chineseDigits(r []rune) int {
	n := 0
	for n < len(r) && n < 6 && strings.ContainsRune("〇零一二三四五六七八九十廿百", r[n]) {
		n++
	}
	return n
}

func isMark(r rune) bool {
	return r >= 'a' && r <= 'z' || strings.ContainsRune("甲乙丙丁戊", r)
}

// number makes a house number of a figure: 12-14 is a range where the second is not
// smaller, and 12-1 a door of number 12.
func (f figure) number() Number {
	n := Number{Mark: f.mark}
	values := make([]int, len(f.parts))
	for i, p := range f.parts {
		v, err := strconv.Atoi(p)
		if err != nil {
			return Number{}
		}
		values[i] = v
	}
	switch len(values) {
	case 0:
	case 1:
		n.From = values[0]
	default:
		n.From = values[0]
		if last := values[len(values)-1]; f.span || last > values[0] {
			n.To = last
		} else {
			n.Sub = values[1]
		}
	}
	if n.To > 0 && n.To < n.From {
		n.From, n.To = n.To, n.From
	}
	return n
}

// name is the number as the name of a building, a unit or a room.
func (f figure) name() string {
	if len(f.parts) == 0 {
		return f.mark
	}
	out := strings.TrimLeft(f.parts[len(f.parts)-1], "0")
	if out == "" {
		out = "0"
	}
	if f.below {
		return "-" + out
	}
	return f.mark + out
}
