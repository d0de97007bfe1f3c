package life

import (
	"fmt"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames/plates"
)

// Cursor is where a page of the list goes on: behind this plate. The zero value is the beginning.
type Cursor struct{ Name, Number, Token string }

// Page is a page of the list of plates.
type Page struct {
	Items []Item
	More  bool
}

// Rules are what an event is held against besides the plate.
type Rules struct {
	Today record.Day
	Hosts []string // that symbols of ours may spell; none where none is set
}

// Choice is what a selection comes to.
type Choice struct {
	Takes  []Candidate // that get a plate, by name and number
	Left   map[Why]int // that do not, by reason
	Beyond bool        // there are more than an order may have
}

// Faults are why nothing can be ordered of a choice.
func (c Choice) Faults() []record.Fault {
	switch {
	case c.Beyond:
		return []record.Fault{{
			Field: "selection", ZH: fmt.Sprintf("一张制作单最多 %d 块门牌，请缩小范围", MostOfOrder), EN: fmt.Sprintf("an order has at most %d plates; choose fewer", MostOfOrder),
		}}
	case len(c.Takes) == 0:
		return []record.Fault{{Field: "selection", ZH: "选择的范围内没有需要制作门牌的地址", EN: "no address of the selection needs a plate"}}
	}
	return nil
}

// Batch is one event of many plates of an order.
type Batch struct {
	Kind   Kind
	Day    record.Day
	Note   string
	Tokens []plates.Token // which; none for all of the order that it can happen to
}

// Existing is a plate that hung before the register was kept.
type Existing struct {
	AddressID string
	Kind      plates.Kind
	Slot      string     // MainSlot where left out
	Face      Face       // as it says; that of the address where left out
	Payload   string     // what its symbol says, exactly; "" for one without a symbol
	FixedOn   record.Day // "" for today
	Point     *orb.Point // lon/lat WGS 84; nil where nobody knows
	Note      string
}

// OrderPatch is what a person wants otherwise of an order; nil leaves a field as it is.
type OrderPatch struct{ Title, Maker, Note *string }

// Cuts are days that tell what is late: what began on one of them or before.
type Cuts struct {
	InstallLate, InstallDue record.Day // to be put up: late, and due today or late; "" where no time is set
	RepairLate, RepairDue   record.Day
	LongRepair              record.Day // repairs that are open too long
}

// CutsOf works out the days for the limits of a preset.
func CutsOf(l Limits, cal Calendar, today record.Day) Cuts {
	c := Cuts{InstallLate: l.Install.LateFrom(today, cal), RepairLate: l.Repair.LateFrom(today, cal), LongRepair: Limit{Days: LongRepair}.LateFrom(today, cal)}
	tomorrow := Limit{Days: 1}.LastDay(today, cal)
	c.InstallDue, c.RepairDue = l.Install.LateFrom(tomorrow, cal), l.Repair.LateFrom(tomorrow, cal)
	return c
}

// Figures are what lies on the desk: how many plates there are to each thing to do.
type Figures struct {
	States                  map[State]int
	InstallDue, InstallLate int // due today, and after their time
	RepairDue, RepairLate   int
	LongRepairs             int // open for more than LongRepair days
	Stale                   int // that do not say what the register says
	Off                     int // that hang too far from their door
	Unverified              int // fixed, and looked at by nobody else yet
}
