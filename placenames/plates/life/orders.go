package life

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/plates"
)

// MostOfOrder is how many plates one order may have: what a maker delivers at once.
const MostOfOrder = 20_000

// Selection is which addresses an order makes plates for.
type Selection struct {
	NameIDs    []string    `json:"name_ids,omitempty"`    // on these roads, estates or villages
	Division   string      `json:"division,omitempty"`    // in this division or one below it
	AddressIDs []string    `json:"address_ids,omitempty"` // these
	Levels     []string    `json:"levels,omitempty"`      // of these levels; none for all
	Tokens     []string    `json:"tokens,omitempty"`      // in place of these plates
	Renew      Renew       `json:"renew,omitempty"`       // what becomes of addresses that have a plate
	Slot       string      `json:"slot,omitempty"`        // MainSlot where left out
	Kind       plates.Kind `json:"kind,omitempty"`        // of plates with a house number; medium where left out
}

// Renew says which plates an order takes the place of.
type Renew string

// What becomes of addresses that have a plate in the slot.
const (
	RenewNone    Renew = ""        // they are left out
	RenewStale   Renew = "stale"   // a plate that does not say what the register says is replaced
	RenewDamaged Renew = "damaged" // one that is damaged or lost is replaced
)

// Empty reports whether a selection names nothing: that would be the whole register.
func (s Selection) Empty() bool {
	return len(s.NameIDs) == 0 && s.Division == "" && len(s.AddressIDs) == 0 && len(s.Tokens) == 0
}

// Check gives what is wrong with a selection.
func (s Selection) Check() []record.Fault {
	var f faults
	if s.Empty() {
		f.add("selection", "", "请选择道路、辖区、地址或门牌", "choose a road, a division, addresses or plates")
	}
	if s.Slot != "" && !ValidSlot(s.Slot) {
		f.add("selection/slot", s.Slot, "位置应为 main 或 1 至 9", "a slot is main or 1 to 9")
	}
	if s.Renew != RenewNone && s.Renew != RenewStale && s.Renew != RenewDamaged {
		f.add("selection/renew", string(s.Renew), "没有这个选项", "there is no such choice")
	}
	if s.Kind != "" && s.Kind != plates.Large && s.Kind != plates.Medium && s.Kind != plates.Small {
		f.add("selection/kind", string(s.Kind), "门牌规格应为大、中、小门牌之一", "a plate with a house number is large, medium or small")
	}
	return f
}

// KindOf is the kind of plate that an address of a level has, where sized is that of those with a
// house number.
func KindOf(level string, sized plates.Kind) plates.Kind {
	switch level {
	case "building":
		return plates.Building
	case "unit":
		return plates.Unit
	case "floor", "room":
		return plates.Room
	}
	if sized == "" {
		return plates.Medium
	}
	return sized
}

// FaceOf is what a plate says of an address: its name, and what its short text adds to that.
// False where the text does not begin with the name: then it was not built anew since the name
// changed, and no plate is to be made of it.
func FaceOf(name, roman, short string) (Face, bool) {
	number, ok := strings.CutPrefix(short, name)
	return Face{Name: name, Number: number, Roman: roman}, ok && name != "" && number != ""
}

// Candidate is an address that a selection names, with the plate that it has in the slot.
type Candidate struct {
	AddressID string
	Level     string
	State     string // of the address
	Own       bool   // this office numbers
	Division  string
	Face      Face
	Whole     bool // Face is whole, as FaceOf tells
	May       bool // the person may order plates there
	Plate     *Plate
}

// Why says why an address of a selection gets no plate.
type Why string

// The reasons.
const (
	Takes      Why = ""
	IsReserved Why = "reserved"   // nobody is told of the number
	IsEnded    Why = "historical" // the address is no more
	IsForeign  Why = "foreign"    // another office numbers
	HasPlate   Why = "has_plate"
	NotBuilt   Why = "text" // the text of the address is not that of its name
	Elsewhere  Why = "elsewhere"
)

// Whys lists the reasons with their words.
func Whys() []placenames.Code {
	return []placenames.Code{
		{Code: string(HasPlate), ZH: "已有门牌", EN: "has a plate"},
		{Code: string(IsReserved), ZH: "预留号", EN: "reserved number"},
		{Code: string(IsEnded), ZH: "历史地址", EN: "historical address"},
		{Code: string(IsForeign), ZH: "由其他单位编号", EN: "numbered by another office"},
		{Code: string(NotBuilt), ZH: "地址文字与地名不一致，请先更新地址", EN: "its text is not that of its name; bring the address up to date first"},
		{Code: string(Elsewhere), ZH: "不在您的辖区", EN: "not in your division"},
	}
}

// Judge says whether an address gets a plate, and why not.
func (s Selection) Judge(c Candidate) Why {
	switch {
	case c.State == "reserved":
		return IsReserved
	case c.State == "historical":
		return IsEnded
	case !c.Own:
		return IsForeign
	case !c.May:
		return Elsewhere
	case !c.Whole:
		return NotBuilt
	case c.Plate == nil:
		return Takes
	}
	stale := About{Plate: *c.Plate, Current: c.Face}.Stale()
	bad := c.Plate.State == Damaged || c.Plate.State == Lost
	if len(s.Tokens) > 0 || s.Renew == RenewStale && stale || s.Renew == RenewDamaged && bad {
		return Takes
	}
	return HasPlate
}

// PlateOrder is one version of an order to the maker, with how far its plates are.
type PlateOrder struct {
	ID                 string
	Version            int
	Year, No           int
	Title, Maker, Note string
	Division           string
	OrderedOn          record.Day
	Selection          Selection
	Proof              json.RawMessage // what the proof of its sheets found; nil before one
	Counts             map[State]int
	Total              int
	MayWrite           bool
}

// Number is the number of an order as it is written: 2026-007.
func (o PlateOrder) Number() string { return fmt.Sprintf("%d-%03d", o.Year, o.No) }

// NewOrder is what somebody says of an order.
type NewOrder struct {
	Title, Maker, Note string
	Selection          Selection
	FromDecision       bool // the time to put plates up counts from the day of the address's document, not from the order
}

// Check gives what is wrong with an order, its selection included.
func (n NewOrder) Check() []record.Fault {
	f := faults(n.Selection.Check())
	for _, t := range []struct {
		field, value string
		longest      int
	}{{"title", n.Title, 100}, {"maker", n.Maker, 100}, {"note", n.Note, longestNote}} {
		if c := placenames.Characters(t.value); c > t.longest {
			f.add(t.field, fmt.Sprint(c), fmt.Sprintf("不应超过 %d 个字", t.longest), fmt.Sprintf("at most %d characters", t.longest))
		}
	}
	if strings.TrimSpace(n.Title) == "" {
		f.add("title", "", "请填写制作单的名称", "give the order a title")
	}
	return f
}

// Common is the finest division that holds all of some codes, of 12, 9 or 6 digits; "" of none
// that have one in common.
func Common(codes []string) string {
	out := ""
	for i, c := range codes {
		if i == 0 {
			out = c
		}
		for !strings.HasPrefix(c, out) {
			out = wider(out)
		}
	}
	return out
}

func wider(code string) string {
	for _, n := range []int{9, 6} {
		if len(code) > n {
			return code[:n]
		}
	}
	return ""
}

// Item is a plate with what its address says today.
type Item struct {
	Plate
	Current      Face
	AddressText  string
	AddressState string // "" where there is no such address any more
	NameID       string
	Door         *orb.Point // lon/lat WGS 84 of the address; nil where it has none
	OrderNumber  string
	MayWrite     bool
	MayFit       bool
}

// AddressInUse reports whether the address of a plate is one that people use.
func (i Item) AddressInUse() bool {
	return i.AddressState == "approved" || i.AddressState == "provisional"
}

// About gives the plate with what it is held against, as far as the item says.
func (i Item) About() About {
	return About{Plate: i.Plate, Current: i.Current, AddressInUse: i.AddressInUse()}
}

// Filter is which plates are asked for.
type Filter struct {
	States       []State
	Kinds        []plates.Kind
	OrderID      string
	AddressID    string
	NameID       string
	Division     string     // in it or one below it
	Text         string     // a code, or words of the face
	Stale        bool       // only those that do not say what the register says
	Off          bool       // only those that hang farther from their door than they should
	BadUntil     record.Day // only those damaged or lost since this day or before
	DueFromUntil record.Day // only those to be put up whose time began on this day or before
}

// Taken is an event as it is kept.
type Taken struct {
	Event
	ID       string
	No       int
	State    State // after it
	OffsetM  float64
	Verdict  Verdict
	Recorded string // by whom, as it is written in the log
	At       time.Time
}

// Told is an event with what a client needs to send it twice.
type Told struct {
	Event
	Key string // that the client gave it; "" for none
}
