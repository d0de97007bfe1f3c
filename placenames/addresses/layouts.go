package addresses

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"yike/internal/record"
)

// ErrUnread says that a layout cannot be written by rule, since the digits of its parts have
// not been read: the code then comes from whoever issues it.
var ErrUnread = errors.New("该编码的位数未见原文，不能自动生成 / the digits of this layout have not been read, so it is not made up")

// Element is one part of an address under the code that GA/T 2000.32 gives its kind.
type Element struct {
	Code  string // 11, 12, 13, 21, 22, 23, 31, 33, 41, 42; "" for finer parts, whose codes have not been read
	Value string // 无 where the address has none
}

// None is what stands for a part that an address does not have; a part is never left empty.
const None = "无"

// Reading is what can be read of a code.
type Reading struct {
	Division string // the division that the code begins with; "" where it cannot be told
	Rest     string // what nobody has read the meaning of, as it is
}

// Layout is a way to write the standard address code.
type Layout interface {
	// Info says what the layout is and how much of it has been read.
	Info() LayoutInfo
	// Write makes the code of an address from its elements, or gives ErrUnread.
	Write(elements []Element) (string, error)
	// Read takes a code apart as far as its layout has been read; division tells whether a code
	// is one of a division. The faults are of the field code/text.
	Read(text string, division func(code string) bool) (Reading, []record.Fault)
}

// LayoutInfo describes a layout.
type LayoutInfo struct {
	ID             string
	ZH, EN         string
	SourceZH       string // the document and its part
	SourceEN       string
	UnreadZH       string // what of it has not been read; "" for nothing
	UnreadEN       string
	Writes, Opaque bool // it makes codes; it takes any text
}

// Layouts lists the layouts, in the order in which people are offered them.
func Layouts() []Layout { return []Layout{elementList{}, regionBased{}, opaque{}} }

// LayoutOf gives a layout by its id.
func LayoutOf(id string) (Layout, bool) {
	for _, l := range Layouts() {
		if l.Info().ID == id {
			return l, true
		}
	}
	return nil, false
}

// LongestCode is how many characters a code may have, ours or another system's.
const LongestCode = 500

// elementList is the list of elements of GA/T 2000.32-2014, each with the code of its kind:
// 13:西青区|22:杨柳青镇|31:友谊社区|41:沣东大道|:12号. Kinds finer than 42 were cut off in the copy
// that was read, so these parts stand without a code. How elements are joined is our own.
type elementList struct{}

func (elementList) Info() LayoutInfo {
	return LayoutInfo{
		ID: "ga-t-2000.32", ZH: "地址元素列表", EN: "list of address elements",
		SourceZH: "GA/T 2000.32-2014 地址元素类型代码（摘录）", SourceEN: "GA/T 2000.32-2014, codes of kinds of address elements (excerpt)",
		UnreadZH: "42（小区）以下各类的代码未见原文", UnreadEN: "codes of kinds finer than 42 (estate) have not been read", Writes: true,
	}
}

func (elementList) Write(elements []Element) (string, error) {
	if len(elements) == 0 {
		return "", errors.New("write a list of elements: there is none")
	}
	parts := make([]string, len(elements))
	for i, e := range elements {
		if e.Value == "" || strings.ContainsAny(e.Value, "|\n") {
			return "", fmt.Errorf("write a list of elements: element %d (%q) is empty or holds the sign between elements", i, e.Code)
		}
		parts[i] = e.Code + ":" + e.Value
	}
	return strings.Join(parts, "|"), nil
}

func (elementList) Read(text string, _ func(string) bool) (Reading, []record.Fault) {
	var f faults
	group := byte('0')
	for part := range strings.SplitSeq(text, "|") {
		code, value, cut := strings.Cut(part, ":")
		switch {
		case !cut:
			f.add("code/text", part, "每个元素写作“代码:内容”", "each element is a code, a colon and its text")
		case value == "":
			f.add("code/text", part, "地址元素不能为空；没有的写“无”", "an element is never empty; write 无 for what there is not")
		case code != "" && !elementKind(code):
			f.add("code/text", part, "没有这类地址元素代码", "there is no such code of an element")
		case code != "" && code[0] < group:
			f.add("code/text", part, "地址元素应由大到小排列", "elements go from the widest to the finest")
		}
		if elementKind(code) {
			group = code[0]
		}
	}
	return Reading{Rest: text}, f
}

// elementKinds are the kinds of elements whose codes have been read.
func elementKinds() []string {
	return []string{"11", "12", "13", "21", "22", "23", "31", "32", "33", "34", "41", "42"}
}

func elementKind(code string) bool { return slices.Contains(elementKinds(), code) }

// regionBased is the region-based code (区划式编码) of GB/T 39609-2020: division, street or yard,
// building or number, unit and room. Of its digits only those of the division are known, from
// GB/T 2260 and GB/T 10114; so a code is checked by them and the rest stays as it is.
type regionBased struct{}

func (regionBased) Info() LayoutInfo {
	return LayoutInfo{
		ID: "gb-t-39609-region", ZH: "区划式地址编码", EN: "region-based address code",
		SourceZH: "GB/T 39609-2020 第7章（仅见目录）；区划部分按 GB/T 2260、GB/T 10114", SourceEN: "GB/T 39609-2020, chapter 7 (contents only); division by GB/T 2260 and GB/T 10114",
		UnreadZH: "街巷院落、建筑门楼、单元户室各段位数未见原文，只核对区划段", UnreadEN: "the digits of street, building and unit have not been read; the division alone is checked",
	}
}

func (regionBased) Write([]Element) (string, error) { return "", ErrUnread }

func (regionBased) Read(text string, division func(code string) bool) (Reading, []record.Fault) {
	var f faults
	if strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		f.add("code/text", text, "区划式编码只含数字和大写字母", "a region-based code has digits and capital letters only")
		return Reading{Rest: text}, f
	}
	for _, n := range []int{12, 9, 6} {
		if len(text) > n && division(text[:n]) {
			return Reading{Division: text[:n], Rest: text[n:]}, nil
		}
	}
	f.add("code/text", text, "编码开头不是本辖区的区划代码", "does not begin with the code of a division here")
	return Reading{Rest: text}, f
}

// opaque is any code of which nobody has read the layout.
type opaque struct{}

func (opaque) Info() LayoutInfo {
	return LayoutInfo{
		ID: "opaque", ZH: "其他编码（原样保存）", EN: "another code, kept as it is",
		SourceZH: "公安等系统的标准地址编码，位数无可靠出处", SourceEN: "codes of the police and others, of which no reliable layout was found",
		UnreadZH: "全部", UnreadEN: "all of it", Opaque: true,
	}
}

func (opaque) Write([]Element) (string, error) { return "", ErrUnread }

func (opaque) Read(text string, _ func(string) bool) (Reading, []record.Fault) {
	return Reading{Rest: text}, nil
}
