package platehttp

import (
	"time"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/internal/rules/ruleshttp"
	"yike/placenames"
	"yike/placenames/plates/life"
)

// PlateFace is what a plate says in words.
type PlateFace struct {
	Name   string `json:"name" example:"沣东大道"`
	Number string `json:"number" example:"12号"`
	Roman  string `json:"roman"`
}

func faceOf(f life.Face) PlateFace { return PlateFace{f.Name, f.Number, f.Roman} }

// PlateFixed is where and how a plate hangs.
type PlateFixed struct {
	Day     *string     `json:"day" nullable:"true" format:"date"`
	Point   *[2]float64 `json:"point" nullable:"true" doc:"Longitude and latitude, WGS 84"`
	OffsetM *float64    `json:"offset_m" nullable:"true" doc:"Metres from the point of the address; null where one of the two is not known"`
	HeightM *float64    `json:"height_m" nullable:"true" doc:"Of its lower edge over the ground"`
	PhotoID *string     `json:"photo_id" nullable:"true" doc:"The attachment that shows it on the wall"`
}

// PlateRow is a plate as lists show it.
type PlateRow struct {
	Token        string      `json:"token"`
	Grouped      string      `json:"grouped" doc:"The code as it is printed beside the symbol"`
	ID           string      `json:"id" doc:"What files hang on: /plates/{id}/attachments"`
	Version      int         `json:"version"`
	AddressID    string      `json:"address_id"`
	AddressText  string      `json:"address_text"`
	AddressState string      `json:"address_state" doc:"Empty where there is no such address any more"`
	NameID       string      `json:"name_id"`
	DivisionCode string      `json:"division_code"`
	Kind         string      `json:"kind"`
	Slot         string      `json:"slot"`
	State        string      `json:"state"`
	OrderID      *string     `json:"order_id" nullable:"true"`
	OrderNumber  string      `json:"order_number"`
	Text         PlateFace   `json:"text" doc:"What its face says"`
	Current      PlateFace   `json:"current" doc:"What it would say today; empty where the address is gone"`
	Stale        bool        `json:"stale" doc:"It does not say what the register says"`
	Payload      *string     `json:"foreign_payload" nullable:"true" doc:"What its symbol says, where that is not ours"`
	Door         *[2]float64 `json:"door" nullable:"true" doc:"The point of the address"`
	Fixed        PlateFixed  `json:"fixed"`
	OrderedOn    *string     `json:"ordered_on" nullable:"true" format:"date"`
	MadeOn       *string     `json:"made_on" nullable:"true" format:"date"`
	DeliveredOn  *string     `json:"delivered_on" nullable:"true" format:"date"`
	VerifiedOn   *string     `json:"verified_on" nullable:"true" format:"date"`
	SeenOn       *string     `json:"seen_on" nullable:"true" format:"date"`
	BadSince     *string     `json:"bad_since" nullable:"true" format:"date"`
	Trouble      *string     `json:"trouble" nullable:"true"`
	DueFrom      *string     `json:"due_from" nullable:"true" format:"date"`
	EndedOn      *string     `json:"ended_on" nullable:"true" format:"date"`
	Successor    *string     `json:"successor" nullable:"true" doc:"The code of the plate that replaced it"`
	LastDay      *string     `json:"last_day" nullable:"true" format:"date"`
	MayWrite     bool        `json:"may_write"`
	MayFit       bool        `json:"may_fit"`
}

func rowOf(i life.Item) PlateRow {
	out := PlateRow{
		Token: i.Token.String(), Grouped: i.Token.Grouped(), ID: i.ID, Version: i.Version, AddressID: i.AddressID, AddressText: i.AddressText, AddressState: i.AddressState,
		NameID: i.NameID, DivisionCode: i.Division, Kind: string(i.Kind), Slot: i.Slot, State: string(i.State), OrderID: orNull(i.OrderID), OrderNumber: i.OrderNumber,
		Text: faceOf(i.Face), Current: faceOf(i.Current), Stale: i.About().Stale(), Payload: orNull(i.Foreign), Door: pointOut(i.Door),
		Fixed:     PlateFixed{Day: orNull(i.FixedOn), PhotoID: orNull(i.PhotoID)},
		OrderedOn: orNull(i.OrderedOn), MadeOn: orNull(i.MadeOn), DeliveredOn: orNull(i.DeliveredOn), VerifiedOn: orNull(i.VerifiedOn), SeenOn: orNull(i.SeenOn),
		BadSince: orNull(i.BadSince), Trouble: orNull(i.Trouble), DueFrom: orNull(i.DueFrom), EndedOn: orNull(i.EndedOn), Successor: orNull(i.Successor),
		LastDay: orNull(i.LastDay), MayWrite: i.MayWrite, MayFit: i.MayFit,
	}
	if i.Placed {
		out.Fixed.Point = &[2]float64{i.Point[0], i.Point[1]}
	}
	if i.Placed && i.OffsetM >= 0 {
		out.Fixed.OffsetM = &i.OffsetM
	}
	if i.HeightM > 0 {
		out.Fixed.HeightM = &i.HeightM
	}
	return out
}

func rowsOf(list []life.Item) []PlateRow {
	out := make([]PlateRow, len(list))
	for i, item := range list {
		out[i] = rowOf(item)
	}
	return out
}

func orNull[S ~string](s S) *string {
	if s == "" {
		return nil
	}
	text := string(s)
	return &text
}

func pointOut(p *orb.Point) *[2]float64 {
	if p == nil {
		return nil
	}
	return &[2]float64{p[0], p[1]}
}

// PlateEvent is what happened to a plate.
type PlateEvent struct {
	ID         string      `json:"id"`
	No         int         `json:"no"`
	Kind       string      `json:"kind"`
	State      string      `json:"state" doc:"After it"`
	Day        string      `json:"day" format:"date"`
	Scanned    string      `json:"scanned" doc:"What was read off the plate, or typed"`
	PhotoID    *string     `json:"photo_id" nullable:"true"`
	Point      *[2]float64 `json:"point" nullable:"true"`
	AccuracyM  float64     `json:"accuracy_m" doc:"0 where nobody knows"`
	OffsetM    *float64    `json:"offset_m" nullable:"true"`
	HeightM    float64     `json:"height_m" doc:"0 where nobody measured"`
	Trouble    string      `json:"trouble"`
	Layer      string      `json:"layer" doc:"What an inspection felt of the symbol"`
	Verdict    string      `json:"verdict" doc:"Of an inspection, against a sticker over the symbol: genuine, sticker, unread or unproven"`
	Note       string      `json:"note"`
	Successor  string      `json:"successor"`
	RecordedBy string      `json:"recorded_by"`
	RecordedAt time.Time   `json:"recorded_at"`
}

func eventOf(e life.Taken) PlateEvent {
	out := PlateEvent{
		ID: e.ID, No: e.No, Kind: string(e.Kind), State: string(e.State), Day: string(e.Day), Scanned: e.Scanned, PhotoID: orNull(e.PhotoID), Point: pointOut(e.Point),
		AccuracyM: e.AccuracyM, HeightM: e.HeightM, Trouble: e.Trouble, Layer: string(e.Layer), Verdict: string(e.Verdict), Note: e.Note, Successor: e.Successor,
		RecordedBy: e.Recorded, RecordedAt: e.At,
	}
	if e.OffsetM >= 0 {
		out.OffsetM = &e.OffsetM
	}
	return out
}

// PlateNeed is an event that may happen to a plate now, and what it must show.
type PlateNeed struct {
	Kind    string `json:"kind"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	Right   string `json:"right" enum:"write,fit" doc:"Of whom"`
	Scan    bool   `json:"scan"`
	Photo   bool   `json:"photo"`
	Point   bool   `json:"point"`
	Trouble bool   `json:"trouble"`
	Note    bool   `json:"note"`
}

// needsOf are the events of one plate that somebody may report; those of orders are left out.
func needsOf(s life.State) []PlateNeed {
	out := []PlateNeed{}
	for _, k := range s.Next() {
		if !k.Ordinary() {
			continue
		}
		n := PlateNeed{Kind: string(k), Right: "write"}
		n.ZH, n.EN = life.Words(life.Kinds(), string(k))
		n.Scan, n.Photo, n.Point, n.Trouble, n.Note = k.Needs()
		if k.AtWall() {
			n.Right = "fit"
		}
		out = append(out, n)
	}
	return out
}

// PlateRecord is a plate with what happened to it and what its check found.
type PlateRecord struct {
	PlateRow
	Due      *string                     `json:"due" nullable:"true" format:"date" doc:"Last day of what is to be done next"`
	Events   []PlateEvent                `json:"events" nullable:"false" doc:"The first first"`
	Next     []PlateNeed                 `json:"next" nullable:"false" doc:"What may happen to it now"`
	Findings []ruleshttp.StandardFinding `json:"findings" nullable:"false"`
}

// PlateCodes are the words of everything that plates are said in.
type PlateCodes struct {
	States   []placenames.Code `json:"states" nullable:"false"`
	Kinds    []placenames.Code `json:"event_kinds" nullable:"false"`
	Troubles []placenames.Code `json:"troubles" nullable:"false"`
	Layers   []placenames.Code `json:"layers" nullable:"false"`
	Whys     []placenames.Code `json:"whys" nullable:"false" doc:"Why an address gets no plate"`
	Presets  []placenames.Code `json:"presets" nullable:"false" doc:"Whose times one may work by"`
}

func codesOf(b *life.Book) PlateCodes {
	return PlateCodes{
		States: life.States(), Kinds: life.Kinds(), Troubles: life.Troubles(), Layers: life.Layers(), Whys: life.Whys(), Presets: b.Presets(),
	}
}

// PlateSelection is which addresses an order makes plates for.
type PlateSelection life.Selection

// PlateOrderRecord is an order with how far its plates are.
type PlateOrderRecord struct {
	ID           string         `json:"id"`
	Version      int            `json:"version"`
	Number       string         `json:"number" example:"2026-007"`
	Title        string         `json:"title"`
	Maker        string         `json:"maker"`
	Note         string         `json:"note"`
	DivisionCode string         `json:"division_code"`
	OrderedOn    string         `json:"ordered_on" format:"date"`
	Selection    PlateSelection `json:"selection" doc:"How its plates were chosen"`
	Total        int            `json:"total"`
	Counts       map[string]int `json:"counts" doc:"Plates by state"`
	Proofed      bool           `json:"proofed" doc:"Its sheets were proofed"`
	MayWrite     bool           `json:"may_write"`
}

func orderOf(o life.PlateOrder) PlateOrderRecord {
	out := PlateOrderRecord{
		ID: o.ID, Version: o.Version, Number: o.Number(), Title: o.Title, Maker: o.Maker, Note: o.Note, DivisionCode: o.Division, OrderedOn: string(o.OrderedOn),
		Selection: PlateSelection(o.Selection), Total: o.Total, Counts: map[string]int{}, Proofed: len(o.Proof) > 0, MayWrite: o.MayWrite,
	}
	for s, n := range o.Counts {
		out.Counts[string(s)] = n
	}
	return out
}

// badDays are the faults of texts that should be days.
func badDays(days map[string]string) []record.Fault {
	var out []record.Fault
	for field, day := range days {
		if _, ok := record.ParseDay(day); day != "" && !ok {
			out = append(out, record.Fault{Field: field, Value: day, ZH: "不是日期（例：2026-11-28）", EN: "is no day, such as 2026-11-28"})
		}
	}
	return out
}
