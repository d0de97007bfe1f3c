// Package addresses owns the record of a standard address (标准地址): the door that a number
// stands on, or the building, unit, floor or room behind it; on which place name it stands and
// within which other address, where it lies and how surely, how it is written, by which
// document it was decided, and the states that it passes from a reservation to its end.
//
// An id is of one door for its life. One that is historical stays so: whoever numbers the door
// anew makes a new record, and the old one names it. Addresses form a tree without circles,
// each level finer than the one above it. The text of an address is never typed; it is built
// from the tree by one rule.
//
// The package is pure: values in, values out, no I/O, no clock. It knows nothing of how numbers
// are proposed, of plates, of storage or HTTP.
package addresses

import (
	"errors"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
)

// ErrNotFound says that there is no such address.
var ErrNotFound = errors.New("没有这个地址 / there is no such address")

// Level is how fine an address is.
type Level string

// The levels, from the widest. The zero value is none of them.
const (
	Number   Level = "number"   // 门牌号, on a road, a lane, in a village or of an estate
	Building Level = "building" // 楼栋
	Unit     Level = "unit"     // 单元
	Floor    Level = "floor"    // 楼层
	Room     Level = "room"     // 户室
)

// Levels lists the levels with their words, from the widest.
func Levels() []placenames.Code {
	return []placenames.Code{
		{Code: string(Number), ZH: "门牌号", EN: "house number"},
		{Code: string(Building), ZH: "楼栋", EN: "building"},
		{Code: string(Unit), ZH: "单元", EN: "unit"},
		{Code: string(Floor), ZH: "楼层", EN: "floor"},
		{Code: string(Room), ZH: "户室", EN: "room"},
	}
}

// depth is how fine a level is, from 0; -1 for none.
func (l Level) depth() int {
	for i, c := range Levels() {
		if c.Code == string(l) {
			return i
		}
	}
	return -1
}

// Below reports whether an address of level l may stand under one of level above: it must be
// finer. O(1).
func (l Level) Below(above Level) bool {
	return above.depth() >= 0 && l.depth() > above.depth()
}

// Custody says who keeps an address.
type Custody string

// The custodies.
const (
	Own     Custody = "own"     // this office numbers
	Foreign Custody = "foreign" // another office numbers; the record is its word and is only read here
)

// Custodies lists the custodies with their words.
func Custodies() []placenames.Code {
	return []placenames.Code{
		{Code: string(Own), ZH: "本单位管理", EN: "kept by this office"},
		{Code: string(Foreign), ZH: "其他单位管理，只读", EN: "kept by another office, read only"},
	}
}

// Code is the standard address code of an address in one of the layouts of Layouts; the zero
// value for none.
type Code struct {
	Layout string `json:"layout,omitempty"`
	Text   string `json:"text,omitempty"`
}

// ForeignCode is a code that another system has for the address, exactly as it is there: the
// code of a police register, the payload of a plate that hung before.
type ForeignCode struct {
	System string `json:"system"`
	Code   string `json:"code"`
}

// Former is what the address was called before, and the document by which that ended.
type Former struct {
	Text     string     `json:"text"`
	Short    string     `json:"short_text"`
	Until    record.Day `json:"until,omitempty"`
	Decision Decision   `json:"decision"`
}

// DecisionKind is what a document decided.
type DecisionKind string

// The kinds.
const (
	Numbering   DecisionKind = "numbering"   // 编号
	Renumbering DecisionKind = "renumbering" // 改号
	Renaming    DecisionKind = "renaming"    // the road or estate has another name
	Retirement  DecisionKind = "retirement"  // 注销
	Observed    DecisionKind = "observed"    // found on the door or in an older register; Body says in which
)

// DecisionKinds lists the kinds with their words.
func DecisionKinds() []placenames.Code {
	return []placenames.Code{
		{Code: string(Numbering), ZH: "编号", EN: "numbering"},
		{Code: string(Renumbering), ZH: "改号", EN: "renumbering"},
		{Code: string(Renaming), ZH: "地名更名", EN: "renaming of the road or estate"},
		{Code: string(Retirement), ZH: "注销", EN: "retirement"},
		{Code: string(Observed), ZH: "现状登记", EN: "found in use"},
	}
}

// Decision is the document by which a version of an address was decided.
type Decision struct {
	Kind   DecisionKind `json:"kind,omitempty"`
	Number string       `json:"number,omitempty"` // 文号
	Day    record.Day   `json:"day,omitempty"`
	Body   string       `json:"body,omitempty"` // the authority, or where it was found
}

// Known reports whether there is a document, or a word of where it was found.
func (d Decision) Known() bool {
	return d.Kind == Observed && d.Body != "" || d.Kind != "" && d.Kind != Observed && d.Number != "" && d.Day != "" && d.Body != ""
}

// Address is one version of the record of a standard address. What is empty is not known.
type Address struct {
	ID         string // UUIDv7, text form; of the door for its life
	Version    int
	Level      Level
	NameID     string // the place name that it stands on: road, lane, estate, village
	ParentID   string // the address that it is within; "" at the top
	Number     string // of level number: 12, 甲12
	Suffix     string // the sub-number (附号): 1 of 12-1
	Label      string // of the finer levels, as written on the door: 3号楼, 2单元
	Main       bool   // a main address (主地址); an auxiliary one names its main one
	MainID     string
	State      State
	Text       string // the whole standard address, built by Text
	Short      string // without divisions
	Roman      string
	Division   string   // code, 9 or 12 digits, whose office keeps it
	Divisions  []string // codes from the widest to the finest
	Positions  []Position
	Code       Code
	Codes      []ForeignCode
	Custody    Custody
	Decision   Decision
	Former     []Former // the latest last
	Successors []string // ids of the addresses that have its place since it ended
	Note       string
	ValidFrom  record.Day
	ValidUntil record.Day // the last day of one that ended; "" of others
}

// PositionKind is what a position is of.
type PositionKind string

// The kinds of positions, in the order in which one counts as the address's own.
const (
	AtEntrance  PositionKind = "entrance"
	AtGate      PositionKind = "gate"
	AtStaircase PositionKind = "staircase"
	AtUnit      PositionKind = "unit"
	AtBuilding  PositionKind = "building"
	AtDelivery  PositionKind = "delivery"
	AtPlot      PositionKind = "plot"
	AtSegment   PositionKind = "segment"
	AtOther     PositionKind = "other"
)

// PositionKinds lists the kinds with their words, the one that counts first.
func PositionKinds() []placenames.Code {
	return []placenames.Code{
		{Code: string(AtEntrance), ZH: "出入口", EN: "entrance"},
		{Code: string(AtGate), ZH: "院门", EN: "gate"},
		{Code: string(AtStaircase), ZH: "楼梯口", EN: "staircase"},
		{Code: string(AtUnit), ZH: "单元", EN: "unit"},
		{Code: string(AtBuilding), ZH: "建筑物", EN: "building"},
		{Code: string(AtDelivery), ZH: "投递点", EN: "delivery"},
		{Code: string(AtPlot), ZH: "地块", EN: "plot"},
		{Code: string(AtSegment), ZH: "路段", EN: "stretch of road"},
		{Code: string(AtOther), ZH: "其他", EN: "other"},
	}
}

// PositionSource is how a position came to be known.
type PositionSource string

// The sources.
const (
	FromSurvey   PositionSource = "survey"
	FromMap      PositionSource = "map"
	FromImport   PositionSource = "import"
	FromComputed PositionSource = "computed"
)

// PositionSources lists the sources with their words, the surest first.
func PositionSources() []placenames.Code {
	return []placenames.Code{
		{Code: string(FromSurvey), ZH: "实测", EN: "survey"},
		{Code: string(FromMap), ZH: "地图定位", EN: "placed on the map"},
		{Code: string(FromImport), ZH: "导入", EN: "import"},
		{Code: string(FromComputed), ZH: "推算", EN: "computed"},
	}
}

// Position is one of the places of an address.
type Position struct {
	Kind     PositionKind
	Point    orb.Point // lon/lat WGS 84
	Source   PositionSource
	Accuracy float64    // metres within which it is right; 0 nobody said
	Day      record.Day // on which it was taken; "" unknown
	Note     string
}

// At gives the position that counts as the address's own: of the first kind in the order of
// PositionKinds, of the surest source among these, and the first of those. False without any.
// O(positions × kinds).
func (a Address) At() (Position, bool) {
	best, bestRank := Position{}, -1
	for _, p := range a.Positions {
		rank := indexOf(PositionKinds(), string(p.Kind))*10 + indexOf(PositionSources(), string(p.Source))
		if bestRank < 0 || rank < bestRank {
			best, bestRank = p, rank
		}
	}
	return best, bestRank >= 0
}

// indexOf is where a code stands in a list, or behind its end.
func indexOf(all []placenames.Code, code string) int {
	for i, c := range all {
		if c.Code == code {
			return i
		}
	}
	return len(all)
}

// Numbered is the number as it is written, with its sub-number: 12-1; "" of what has none.
func (a Address) Numbered() string {
	if a.Suffix == "" {
		return a.Number
	}
	return a.Number + "-" + a.Suffix
}

// Public reports whether an address may stand in an export, on a plate or on a page that people
// outside of the office read: a reserved one never does, nor one that was given up.
func (a Address) Public() bool { return a.State.Public() && !a.Withheld() }
