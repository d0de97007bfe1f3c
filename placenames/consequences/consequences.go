// Package consequences owns what follows from another name of a place, or from the end of one:
// which records carry the name before it is decided, what changing them costs by the bureau's own
// unit costs, what is still to be done afterwards, and the table of old and new names.
//
// It is pure, and a child of placenames. The records are given to it as values: it knows no
// storage, and nothing of a record but what it is called and which words of it say a name.
package consequences

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"yike/internal/record"
	"yike/placenames"
)

// Kind is what a record is that carries a name.
type Kind string

// The kinds.
const (
	Sign     Kind = "sign"     // 地名标志
	Plate    Kind = "plate"    // 门楼牌
	Address  Kind = "address"  // 标准地址
	Part     Kind = "part"     // 下级道路: a record of which the place is the parent
	Derived  Kind = "derived"  // 派生地名: a bridge, a station that has its name from the place
	Facility Kind = "facility" // 设施
	Estate   Kind = "estate"   // 新建小区
	Premises Kind = "premises" // 公共用房
	Planned  Kind = "planned"  // 地名规划: a reserved name that the record took
	Document Kind = "document" // 存档文件
)

// Kinds lists the kinds with their words, in the order in which they are shown.
func Kinds() []placenames.Code {
	return []placenames.Code{
		{Code: string(Sign), ZH: "地名标志", EN: "signs"},
		{Code: string(Plate), ZH: "门楼牌", EN: "address plates"},
		{Code: string(Address), ZH: "标准地址", EN: "standard addresses"},
		{Code: string(Part), ZH: "下级道路、路段", EN: "parts and branches"},
		{Code: string(Derived), ZH: "派生地名", EN: "names derived from it"},
		{Code: string(Facility), ZH: "设施", EN: "facilities"},
		{Code: string(Estate), ZH: "新建小区", EN: "new estates"},
		{Code: string(Premises), ZH: "公共用房", EN: "public premises"},
		{Code: string(Planned), ZH: "地名规划", EN: "name plan"},
		{Code: string(Document), ZH: "存档文件", EN: "documents kept"},
	}
}

// order gives the place of each kind among Kinds.
func order() map[Kind]int {
	out := map[Kind]int{}
	for i, c := range Kinds() {
		out[Kind(c.Code)] = i
	}
	return out
}

// Basis says how it is known that a record carries a name.
type Basis string

// The bases.
const (
	Linked  Basis = "linked"  // the record names the place by its id
	Written Basis = "written" // its words say the name, which somebody should look at
)

// Carrier is a record that carries a name.
type Carrier struct {
	Kind     Kind
	ID       string
	Text     string // what it is called
	Says     string // the words of it in which the name stands; "" where it only belongs to the place
	Basis    Basis
	Division string // code of the division where it is; "" where it is in none
}

// Group is the carriers of a kind.
type Group struct {
	Kind  Kind
	Count int // exact
	Items []Carrier
}

// More reports whether there are carriers besides the items.
func (g Group) More() bool { return g.Count > len(g.Items) }

// Report is what carries a name, before something is decided about it.
type Report struct {
	Groups []Group // of each kind that is there, in the order of Kinds
	Cost   Cost
	// Shared says that another name in use has the same characters. Then words count only in the
	// divisions of the place, and may even there mean the other one.
	Shared bool
}

// Speaks reports whether a text speaks of a name: has its characters other than as a part of a
// longer name among longer. 中山路 is in 中山路3号 and not in 中山路北街3号 where that is a name.
// O(text · longer).
func Speaks(text, name string, longer []string) bool {
	if name == "" || !strings.Contains(text, name) {
		return false
	}
	// The longest first, so that none is broken up by a shorter one within it.
	longer = slices.SortedFunc(slices.Values(longer), func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, other := range longer {
		if len(other) > len(name) && strings.Contains(other, name) {
			text = strings.ReplaceAll(text, other, "\x00")
		}
	}
	return strings.Contains(text, name)
}

// Price is what it costs to change one record of a kind, as the bureau knows it.
type Price struct {
	Kind   Kind       `json:"kind"`
	Fen    int64      `json:"fen"`    // hundredths of a yuan
	Source string     `json:"source"` // a contract, a tender, an account
	Day    record.Day `json:"day"`    // as of which
}

// Line is the cost of the records of a kind.
type Line struct {
	Kind  Kind
	Count int
	Price *Price // nil where the bureau has none
	Fen   int64  // Count · Price.Fen; 0 without a price
}

// Cost is what changing the records costs, as far as the bureau knows.
type Cost struct {
	Lines   []Line
	Fen     int64  // of the lines that have a price
	Missing []Kind // that have to be made anew, and of which nobody entered a price
}

// made reports whether something is made anew where a record of the kind changes, so that a cost
// without its price is not whole. Other kinds cost what the bureau says, or nothing.
func made(k Kind) bool { return k == Sign || k == Plate }

// Weigh gives the cost of changing the records of groups. Nothing is assumed where there is no
// price: a kind of which something is made anew is then named as missing.
func Weigh(groups []Group, prices []Price) Cost {
	var out Cost
	for _, g := range groups {
		i := slices.IndexFunc(prices, func(p Price) bool { return p.Kind == g.Kind })
		if g.Count == 0 || i < 0 && !made(g.Kind) {
			continue
		}
		line := Line{Kind: g.Kind, Count: g.Count}
		if i < 0 {
			out.Missing = append(out.Missing, g.Kind)
		} else {
			line.Price, line.Fen = &prices[i], int64(g.Count)*prices[i].Fen
		}
		out.Lines = append(out.Lines, line)
		out.Fen += line.Fen
	}
	return out
}

// highest is the highest price of one record: a million yuan, so that sums never overflow.
const highest = 1_000_000_00

// ValidatePrices gives what is wrong with unit costs; a fault's field is a pointer such as
// 0/source.
func ValidatePrices(prices []Price, today record.Day) []record.Fault {
	var out []record.Fault
	known, seen := order(), map[Kind]bool{}
	for i, p := range prices {
		at := strconv.Itoa(i) + "/"
		add := func(field, value, zh, en string) {
			out = append(out, record.Fault{Field: at + field, Value: value, ZH: zh, EN: en})
		}
		if _, ok := known[p.Kind]; !ok || seen[p.Kind] {
			add("kind", string(p.Kind), "没有这一类，或已有一条单价", "is no kind, or has a price already")
		}
		seen[p.Kind] = true
		if p.Fen < 0 || p.Fen > highest {
			add("fen", "", "单价应在 0 到 100 万元之间", "must be between 0 and a million yuan")
		}
		if strings.TrimSpace(p.Source) == "" {
			add("source", "", "请写明单价的依据（合同、招标结果、决算等）", "say where the price is from: a contract, a tender, an account")
		}
		if _, ok := record.ParseDay(string(p.Day)); !ok || p.Day > today {
			add("day", string(p.Day), "应为日期，且不晚于今天", "must be a day, and not after today")
		}
	}
	return out
}
