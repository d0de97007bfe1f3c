// Package life owns what becomes of an address plate: the states from the order to the end of
// its service and the events that lead from one to the next, what each event must show (a scan,
// a photo, a position), the slots of an address of which each has one plate at a time, how long
// things may take, in which order a fitter goes from door to door, and what is to be checked
// when somebody looks at a plate.
//
// It is a child of package plates and pure: values in, values out, no I/O, no clock. It knows
// addresses by their ids and points only, and must not know how a plate is drawn, printed, kept
// or shown to the public.
package life

import (
	"errors"
	"slices"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/plates"
)

var (
	// ErrNotFound says that there is no such plate.
	ErrNotFound = errors.New("没有这块门牌 / there is no such plate")
	// ErrNoOrder says that there is no such order of plates.
	ErrNoOrder = errors.New("没有这张制作单 / there is no such order of plates")
)

// State is how far a plate is in its life.
type State string

// The states. The zero value is a plate that is not there yet.
const (
	Ordered   State = "ordered"   // 已下单
	Made      State = "made"      // 已制作
	Delivered State = "delivered" // 已到货
	Fixed     State = "fixed"     // 已安装
	Verified  State = "verified"  // 已核验: somebody other than the fitter found it right
	Damaged   State = "damaged"   // 待修复: it hangs, or is off for repair
	Lost      State = "lost"      // 缺失
	Replaced  State = "replaced"  // 已更换: another plate has its slot
	Withdrawn State = "withdrawn" // 已注销
)

// States lists the states with their words, in the order of a life.
func States() []placenames.Code {
	return []placenames.Code{
		{Code: string(Ordered), ZH: "已下单", EN: "ordered"},
		{Code: string(Made), ZH: "已制作", EN: "made"},
		{Code: string(Delivered), ZH: "已到货", EN: "delivered"},
		{Code: string(Fixed), ZH: "已安装", EN: "fixed"},
		{Code: string(Verified), ZH: "已核验", EN: "verified"},
		{Code: string(Damaged), ZH: "待修复", EN: "damaged"},
		{Code: string(Lost), ZH: "缺失", EN: "lost"},
		{Code: string(Replaced), ZH: "已更换", EN: "replaced"},
		{Code: string(Withdrawn), ZH: "已注销", EN: "withdrawn"},
	}
}

// Live reports whether the plate takes up its slot: no other may have it.
func (s State) Live() bool { return s != "" && s != Replaced && s != Withdrawn }

// Hangs reports whether the plate is, or should be, on the wall where people scan it.
func (s State) Hangs() bool { return s == Fixed || s == Verified || s == Damaged }

// Open reports whether somebody must still do something before the plate is as it should be.
func (s State) Open() bool { return s.Live() && s != Fixed && s != Verified }

// Kind is what happened to a plate.
type Kind string

// The kinds of events.
const (
	Order    Kind = "ordered"
	Register Kind = "registered" // 登记既有门牌: it hung before this register was kept
	Make     Kind = "made"
	Return   Kind = "returned" // 退回重制: what came is not right, and is made again
	Deliver  Kind = "delivered"
	Fix      Kind = "fixed"
	Verify   Kind = "verified"
	Inspect  Kind = "inspected" // 巡查: somebody looked, and it stays as it is
	Damage   Kind = "damaged"
	Lose     Kind = "lost"
	Repair   Kind = "repaired" // 修复: it hangs again as it should
	Replace  Kind = "replaced"
	Withdraw Kind = "withdrawn"
)

// Kinds lists the kinds of events with their words.
func Kinds() []placenames.Code {
	return []placenames.Code{
		{Code: string(Order), ZH: "下单", EN: "ordered"},
		{Code: string(Register), ZH: "登记既有门牌", EN: "registered as it hangs"},
		{Code: string(Make), ZH: "制作完成", EN: "made"},
		{Code: string(Return), ZH: "退回重制", EN: "sent back to the maker"},
		{Code: string(Deliver), ZH: "到货", EN: "delivered"},
		{Code: string(Fix), ZH: "安装", EN: "fixed"},
		{Code: string(Verify), ZH: "核验", EN: "verified"},
		{Code: string(Inspect), ZH: "巡查", EN: "inspected"},
		{Code: string(Damage), ZH: "报损", EN: "reported damaged"},
		{Code: string(Lose), ZH: "报缺", EN: "reported lost"},
		{Code: string(Repair), ZH: "修复", EN: "repaired"},
		{Code: string(Replace), ZH: "更换", EN: "replaced"},
		{Code: string(Withdraw), ZH: "注销", EN: "withdrawn"},
	}
}

// Step is an event that may happen in a state, what comes of it and what it must show.
type Step struct {
	From State // "" for a plate that is not there yet
	Kind Kind
	To   State
}

// Steps lists every event that may happen in every state: what is not in it cannot happen.
// Replaced and withdrawn lead nowhere, so that a code that was taken back never counts again.
func Steps() []Step {
	out := []Step{
		{"", Order, Ordered},
		{"", Register, Fixed},
		{Ordered, Make, Made},
		{Made, Return, Ordered},
		{Made, Deliver, Delivered},
		{Delivered, Return, Ordered},
		{Delivered, Fix, Fixed},
		{Fixed, Verify, Verified},
		{Damaged, Repair, Fixed},
		{Lost, Repair, Fixed}, // it was found, and hangs again
	}
	for _, s := range []State{Fixed, Verified} {
		out = append(out, Step{s, Inspect, s}, Step{s, Damage, Damaged}, Step{s, Lose, Lost})
	}
	out = append(out, Step{Damaged, Inspect, Damaged}, Step{Damaged, Lose, Lost})
	// One that is lost before it hangs is replaced, since its code is somewhere, and so is one
	// that is on order with a text that was right when it was ordered.
	for _, s := range []State{Ordered, Made, Delivered, Fixed, Verified, Damaged, Lost} {
		out = append(out, Step{s, Replace, Replaced})
	}
	for _, s := range []State{Ordered, Made, Delivered, Fixed, Verified, Damaged, Lost} {
		out = append(out, Step{s, Withdraw, Withdrawn})
	}
	return out
}

// After gives the state that an event leads to; false where it cannot happen in state s.
// O(steps).
func After(s State, k Kind) (State, bool) {
	all := Steps()
	i := slices.IndexFunc(all, func(t Step) bool { return t.From == s && t.Kind == k })
	if i < 0 {
		return s, false
	}
	return all[i].To, true
}

// Next lists the events that may happen in a state, in the order of Steps.
func (s State) Next() []Kind {
	var out []Kind
	for _, t := range Steps() {
		if t.From == s {
			out = append(out, t.Kind)
		}
	}
	return out
}

// Face is what a plate says in words.
type Face struct {
	Name   string // of the road, estate or village: 沣东大道
	Number string // 12号, 3号楼
	Roman  string // of the name
}

// MainSlot is the slot of the one plate that most addresses have; further ones are "1" to "9".
const MainSlot = "main"

// ValidSlot reports whether a text names a slot.
func ValidSlot(slot string) bool {
	return slot == MainSlot || len(slot) == 1 && slot[0] >= '1' && slot[0] <= '9'
}

// Plate is a plate as its events left it. What is empty is not known.
type Plate struct {
	ID          string       // UUIDv7, text form; what files hang on
	Token       plates.Token // the code that it carries, for its life
	Version     int
	AddressID   string
	Kind        plates.Kind
	Slot        string
	State       State
	OrderID     string // "" for one that was there before
	Face        Face
	Foreign     string     // the payload of a symbol that is not ours, exactly as it is; "" for ours
	Division    string     // code of the division that the address lies in
	Events      int        // how many there are
	LastDay     record.Day // of the last event
	DueFrom     record.Day // from which the time to put it up counts
	OrderedOn   record.Day
	MadeOn      record.Day
	DeliveredOn record.Day
	FixedOn     record.Day
	FixedBy     string    // the account that fixed it
	Placed      bool      // whether Point is known
	Point       orb.Point // lon/lat WGS 84, where it was fixed
	OffsetM     float64   // metres from the point of the address; -1 where one of the two is not known
	HeightM     float64   // of its lower edge over the ground; 0 where nobody measured
	PhotoID     string    // the attachment that shows it on the wall
	VerifiedOn  record.Day
	SeenOn      record.Day // when somebody last looked
	BadSince    record.Day // damaged or lost since
	Trouble     string     // what is the matter, a code of Troubles
	EndedOn     record.Day
	Successor   string // the code of the plate that replaced it
}

// Troubles lists what may be the matter with a plate that hangs, with the words.
func Troubles() []placenames.Code {
	return []placenames.Code{
		{Code: "broken", ZH: "破损、变形", EN: "broken or bent"},
		{Code: "loose", ZH: "松动、脱落", EN: "loose or fallen"},
		{Code: "faded", ZH: "褪色、锈蚀", EN: "faded or rusted"},
		{Code: "dirty", ZH: "污损", EN: "dirty"},
		{Code: "covered", ZH: "被遮挡", EN: "covered"},
		{Code: "unreadable", ZH: "二维码无法识读", EN: "the code cannot be read"},
		{Code: "sticker", ZH: "二维码被贴盖", EN: "another code is stuck over it"},
		{Code: "wrong_text", ZH: "内容有误", EN: "the text is wrong"},
		{Code: "wrong_place", ZH: "位置有误", EN: "it hangs in the wrong place"},
		{Code: "fake", ZH: "疑似假牌", EN: "it may be a fake"},
		{Code: "other", ZH: "其他", EN: "something else"},
	}
}

// Known reports whether a list has a code.
func Known(all []placenames.Code, code string) bool {
	return slices.ContainsFunc(all, func(c placenames.Code) bool { return c.Code == code })
}

// Words says a code of a list in both languages; one that it has not as it is.
func Words(all []placenames.Code, code string) (zh, en string) {
	if i := slices.IndexFunc(all, func(c placenames.Code) bool { return c.Code == code }); i >= 0 {
		return all[i].ZH, all[i].EN
	}
	return code, code
}
