package addresshttp

import (
	"fmt"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames/addresses"
)

// AddressPoint is a point of GeoJSON, longitude and latitude in WGS 84.
type AddressPoint struct {
	Type        string     `json:"type" enum:"Point"`
	Coordinates [2]float64 `json:"coordinates"`
}

func pointOut(p orb.Point) AddressPoint { return AddressPoint{"Point", [2]float64(p)} }

// AddressPosition is one of the places of an address.
type AddressPosition struct {
	Kind      string       `json:"kind" enum:"entrance,gate,building,unit,staircase,delivery,plot,segment,other"`
	Geometry  AddressPoint `json:"geometry"`
	Source    string       `json:"source" enum:"survey,map,import,computed"`
	AccuracyM float64      `json:"accuracy_m,omitempty" doc:"Metres within which it is right; 0 where nobody said"`
	Day       string       `json:"day,omitempty" maxLength:"10"`
	Note      string       `json:"note,omitempty" maxLength:"800"`
}

// AddressCode is the standard address code in one of the layouts of /address-codes.
type AddressCode struct {
	Layout string `json:"layout" maxLength:"40"`
	Text   string `json:"text" maxLength:"2000"`
}

// AddressForeignCode is a code of another system, exactly as it is there.
type AddressForeignCode struct {
	System string `json:"system" maxLength:"240"`
	Code   string `json:"code" maxLength:"2000"`
}

// AddressDecision is the document by which an address is what it is.
type AddressDecision struct {
	Kind   string `json:"kind" enum:",numbering,renumbering,renaming,retirement,observed"`
	Number string `json:"number,omitempty" maxLength:"400"`
	Day    string `json:"day,omitempty" maxLength:"10"`
	Body   string `json:"body,omitempty" maxLength:"400"`
}

func (d *AddressDecision) decision() addresses.Decision {
	if d == nil {
		return addresses.Decision{}
	}
	return addresses.Decision{Kind: addresses.DecisionKind(d.Kind), Number: d.Number, Day: record.Day(d.Day), Body: d.Body}
}

func decisionOut(d addresses.Decision) AddressDecision {
	return AddressDecision{string(d.Kind), d.Number, string(d.Day), d.Body}
}

// AddressFormer is what an address was called before.
type AddressFormer struct {
	Text      string          `json:"text"`
	ShortText string          `json:"short_text"`
	Until     string          `json:"until"`
	Decision  AddressDecision `json:"decision"`
}

// AddressRecord is one version of an address.
type AddressRecord struct {
	ID           string               `json:"id"`
	Version      int                  `json:"version"`
	Level        string               `json:"level"`
	NameID       string               `json:"name_id" doc:"The place name that it stands on"`
	Name         string               `json:"name" doc:"As it is now"`
	ParentID     string               `json:"parent_id"`
	Number       string               `json:"number"`
	Suffix       string               `json:"suffix" doc:"The sub-number: 1 of 12-1"`
	Label        string               `json:"label" doc:"Of the finer levels, as written on the door"`
	Main         bool                 `json:"main"`
	MainID       string               `json:"main_id"`
	State        string               `json:"state"`
	Text         string               `json:"text" doc:"The standard address, built by rule"`
	ShortText    string               `json:"short_text" doc:"Without divisions"`
	Roman        string               `json:"roman"`
	DivisionCode string               `json:"division_code"`
	Divisions    []string             `json:"divisions" nullable:"false" doc:"From the widest to the finest"`
	Positions    []AddressPosition    `json:"positions" nullable:"false"`
	Point        *AddressPoint        `json:"point,omitempty" doc:"The position that counts; left out where there is none"`
	Code         AddressCode          `json:"code"`
	ForeignCodes []AddressForeignCode `json:"foreign_codes" nullable:"false"`
	Custody      string               `json:"custody" doc:"foreign: another office numbers, and it is read only here"`
	Decision     AddressDecision      `json:"decision"`
	Former       []AddressFormer      `json:"former" nullable:"false"`
	SuccessorIDs []string             `json:"successor_ids" nullable:"false"`
	Note         string               `json:"note"`
	ValidFrom    *string              `json:"valid_from" nullable:"true"`
	ValidUntil   *string              `json:"valid_until" nullable:"true" doc:"The last day of one that ended"`
	Within       int                  `json:"within" doc:"Live addresses directly within it"`
	MayWrite     bool                 `json:"may_write"`
}

func dayOut(d record.Day) *string {
	if d == "" {
		return nil
	}
	s := string(d)
	return &s
}

func recordOf(i addresses.Item) AddressRecord {
	a := i.Address
	out := AddressRecord{
		ID: a.ID, Version: a.Version, Level: string(a.Level), NameID: a.NameID, Name: i.Name, ParentID: a.ParentID, Number: a.Number, Suffix: a.Suffix, Label: a.Label,
		Main: a.Main, MainID: a.MainID, State: string(a.State), Text: a.Text, ShortText: a.Short, Roman: a.Roman, DivisionCode: a.Division, Divisions: a.Divisions,
		Positions: []AddressPosition{}, Code: AddressCode(a.Code), ForeignCodes: []AddressForeignCode{}, Custody: string(a.Custody), Decision: decisionOut(a.Decision),
		Former: []AddressFormer{}, SuccessorIDs: append([]string{}, a.Successors...), Note: a.Note, ValidFrom: dayOut(a.ValidFrom), ValidUntil: dayOut(a.ValidUntil),
		Within: i.Within, MayWrite: i.MayWrite,
	}
	for _, p := range a.Positions {
		out.Positions = append(out.Positions, AddressPosition{string(p.Kind), pointOut(p.Point), string(p.Source), p.Accuracy, string(p.Day), p.Note})
	}
	if p, ok := a.At(); ok {
		at := pointOut(p.Point)
		out.Point = &at
	}
	for _, c := range a.Codes {
		out.ForeignCodes = append(out.ForeignCodes, AddressForeignCode(c))
	}
	for _, f := range a.Former {
		out.Former = append(out.Former, AddressFormer{f.Text, f.Short, string(f.Until), decisionOut(f.Decision)})
	}
	return out
}

// AddressContent is what a person says of an address.
type AddressContent struct {
	NameID       string               `json:"name_id,omitempty" maxLength:"64" doc:"That of what it is within when left out"`
	ParentID     string               `json:"parent_id,omitempty" maxLength:"64"`
	Level        string               `json:"level" enum:"number,building,unit,floor,room"`
	Number       string               `json:"number,omitempty" maxLength:"40"`
	Suffix       string               `json:"suffix,omitempty" maxLength:"20"`
	Label        string               `json:"label,omitempty" maxLength:"120"`
	MainID       string               `json:"main_id,omitempty" maxLength:"64" doc:"Of an auxiliary address"`
	State        string               `json:"state" enum:"reserved,provisional,approved,historical"`
	DivisionCode string               `json:"division_code,omitempty" maxLength:"32"`
	Positions    []AddressPosition    `json:"positions,omitempty" maxItems:"30"`
	Code         *AddressCode         `json:"code,omitempty"`
	ForeignCodes []AddressForeignCode `json:"foreign_codes,omitempty" maxItems:"20"`
	Decision     *AddressDecision     `json:"decision,omitempty"`
	ValidUntil   string               `json:"valid_until,omitempty" maxLength:"10" doc:"Of one that ended before it was entered"`
	SuccessorIDs []string             `json:"successor_ids,omitempty" maxItems:"50"`
	Note         string               `json:"note,omitempty" maxLength:"4000"`
}

func (c AddressContent) address() addresses.Address {
	a := addresses.Address{
		NameID: c.NameID, ParentID: c.ParentID, Level: addresses.Level(c.Level), Number: c.Number, Suffix: c.Suffix, Label: c.Label, MainID: c.MainID, Main: c.MainID == "",
		State: addresses.State(c.State), Division: c.DivisionCode, Positions: positionsIn(c.Positions), Codes: codesIn(c.ForeignCodes), Custody: addresses.Own,
		Decision: c.Decision.decision(), ValidUntil: record.Day(c.ValidUntil), Successors: c.SuccessorIDs, Note: c.Note,
	}
	if c.Code != nil {
		a.Code = addresses.Code(*c.Code)
	}
	return a
}

func positionsIn(list []AddressPosition) []addresses.Position {
	var out []addresses.Position
	for _, p := range list {
		out = append(out, addresses.Position{
			Kind: addresses.PositionKind(p.Kind), Point: orb.Point(p.Geometry.Coordinates), Source: addresses.PositionSource(p.Source), Accuracy: p.AccuracyM, Day: record.Day(p.Day), Note: p.Note,
		})
	}
	return out
}

func codesIn(list []AddressForeignCode) []addresses.ForeignCode {
	var out []addresses.ForeignCode
	for _, c := range list {
		out = append(out, addresses.ForeignCode(c))
	}
	return out
}

// wrongDay is the fault of a text that is no day; "" is none.
func wrongDay(field, text string) []record.Fault {
	if _, ok := record.ParseDay(text); text == "" || ok {
		return nil
	}
	return []record.Fault{{Field: field, Value: text, ZH: "不是日期（例：2026-11-28）", EN: fmt.Sprintf("%q is no day such as 2026-11-28", text)}}
}
