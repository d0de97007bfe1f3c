package estates

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"yike/facilities/premises"
	"yike/internal/record"
)

// Transfer is the hand-over of an estate's rooms to whoever keeps the ledger of premises.
type Transfer struct {
	Day       record.Day
	Owner     string   // who has the rooms from then on
	KeyHolder string   // office or post that keeps the keys
	Rooms     []string // ids; none for every room that the ledger has not
	Note      string
}

// LedgerRoom is a room that the ledger takes over.
type LedgerRoom struct {
	Index int // of the estate's rooms
	Room  premises.Room
}

// errUnfit says that rooms go to the ledger only when the hand-over has its opinions.
var errUnfit = fmt.Errorf("%w: the hand-over has not got its opinions", ErrSkips)

// Transfer gives the rooms as the ledger takes them over: those asked for that it has not
// yet. Each is in the state of being handed over, obtained by required provision, with the
// papers by which it came. A room that it has already is left alone, so that asking again
// changes nothing. It returns a *StepError where the milestones are not passed, and a
// *record.InvalidError that names each room that cannot be taken, by fields as rooms/2/area.
func (e Estate) Transfer(p Progress, t Transfer, today record.Day) ([]LedgerRoom, error) {
	if e.Kind != New {
		return nil, &StepError{"milestone", ErrBuilt}
	}
	if !p.Passed(HandOver) {
		return nil, &StepError{"milestone", errUnfit}
	}
	var faults []record.Fault
	day := func(zh, en string) {
		faults = append(faults, record.Fault{Field: "day", Value: string(t.Day), ZH: zh, EN: en})
	}
	accepted, _ := p.last(Acceptance)
	switch _, ok := record.ParseDay(string(t.Day)); {
	case !ok:
		day("应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
	case t.Day > today:
		day(fmt.Sprintf("不应晚于今天（%s）", today), fmt.Sprintf("must not be after today, %s", today))
	case t.Day < accepted.PassedOn():
		day(fmt.Sprintf("不应早于联合验收通过之日 %s", accepted.PassedOn()), fmt.Sprintf("must not be before %s, when the acceptance was passed", accepted.PassedOn()))
	}
	if strings.TrimSpace(t.Owner) == "" {
		faults = append(faults, record.Fault{Field: "owner", ZH: "请填写接收单位", EN: "say who takes the rooms over"})
	}
	for i, id := range t.Rooms {
		if !slices.ContainsFunc(e.Rooms, func(r Room) bool { return r.ID == id }) {
			faults = append(faults, record.Fault{Field: fmt.Sprintf("rooms/%d", i), Value: id, ZH: "这个小区没有这处用房", EN: "the estate has no such room"})
		}
	}
	var out []LedgerRoom
	for i, r := range e.Rooms {
		if r.LedgerID != "" || len(t.Rooms) > 0 && !slices.Contains(t.Rooms, r.ID) {
			continue
		}
		faults = append(faults, r.Unfit(i)...)
		out = append(out, LedgerRoom{i, e.ledgerRoom(r, p, t)})
	}
	return out, record.Invalid(faults)
}

// Unfit gives why the ledger cannot take the room, which stands at a place of its estate's list;
// none where it can as far as the room alone tells.
func (r Room) Unfit(at int) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, RoomFault(at, r, record.Fault{Field: field, Value: value, ZH: zh, EN: en}))
	}
	if info, ok := r.Use.Info(); !ok || !info.Approved {
		add("use", string(r.Use), "用途未填写，或不是可以批准的用途", "its use is not filled in, or is none that is approved")
	}
	if r.Area <= 0 {
		add("area", "", "建筑面积未填写", "its floor area is not filled in")
	}
	if twice := r.CountedTwice(); twice > 0 {
		add("parts", twice.String(), fmt.Sprintf("各用途合计超出建筑面积 %s 平方米", twice), fmt.Sprintf("its parts are %s m² more than the room", twice))
	}
	return out
}

// RoomFault is a fault of a room of the estate, which it names.
func RoomFault(at int, r Room, f record.Fault) record.Fault {
	f.Field = fmt.Sprintf("rooms/%d/%s", at, f.Field)
	f.ZH, f.EN = fmt.Sprintf("用房“%s”：%s", r.Called(), f.ZH), fmt.Sprintf("room “%s”: %s", r.Called(), f.EN)
	return f
}

// ledgerRoom is a room of the estate as the ledger of premises keeps it.
func (e Estate) ledgerRoom(r Room, p Progress, t Transfer) premises.Room {
	accepted, _ := p.last(Acceptance)
	out := premises.Room{
		Name: e.nameInLedger(r), Estate: e.Name, Building: r.Building, Floor: r.Floor, RoomNo: r.RoomNo,
		DivisionCode: e.DivisionCode, Point: r.Point, Placed: r.Placed, Owner: strings.TrimSpace(t.Owner), KeyHolder: strings.TrimSpace(t.KeyHolder),
		ApprovedUse: r.Use, PresentUse: r.PresentUse, Parts: slices.Clone(r.Parts), Area: r.Area, LandShare: r.Land,
		State: premises.HandedOver, AcceptedOn: cmp.Or(r.AcceptedOn, accepted.PassedOn()), HandedOverOn: t.Day,
		ObtainedBy: premises.ByProvision, Note: t.Note, Documents: e.papers(p),
	}
	if r.Placed {
		out.DivisionCode = "" // where the point lies
	}
	if day := cmp.Or(e.Plan.Day, e.Conditions.Day); day <= out.AcceptedOn {
		out.PlannedOn = day
	}
	return out
}

// nameInLedger tells the room from those of other estates, which have the same names.
func (e Estate) nameInLedger(r Room) string {
	if name := e.Name + r.Called(); !strings.Contains(r.Name, e.Name) && utf8.RuneCountInString(name) <= premises.LongestName {
		return name
	}
	return r.Called()
}

// papers are the documents by which the rooms came: the planning conditions, the plan, and
// the letters of the acceptance and the hand-over.
func (e Estate) papers(p Progress) []string {
	var out []string
	for _, paper := range []Paper{e.Conditions, e.Plan} {
		if text := strings.TrimSpace(paper.Title + " " + paper.Number); paper.Known() && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	for _, m := range []Milestone{Acceptance, HandOver} {
		last, _ := p.last(m)
		for _, o := range last.Opinions {
			if text := o.Office + " " + o.Letter; !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return out[:min(len(out), premises.MostDocuments)]
}
