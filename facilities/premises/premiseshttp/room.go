package premiseshttp

import (
	"yike/facilities/premises"
	"yike/internal/record"
)

// PremisesPart is some of a room's area and the one purpose that it has.
type PremisesPart struct {
	Use       string  `json:"use" maxLength:"40"`
	AreaM2    float64 `json:"area_m2" doc:"Square metres, to a hundredth"`
	CountsFor string  `json:"counts_for,omitempty" enum:",community_premises,elderly_premises" doc:"The one norm that it counts for; none when left out"`
}

// PremisesContent is what a person writes of a room.
type PremisesContent struct {
	LedgerNo     string         `json:"ledger_no,omitempty" maxLength:"40" doc:"The room's own number in the ledger, by which a list says which room it means; no two rooms have the same"`
	Name         string         `json:"name" maxLength:"100"`
	Estate       string         `json:"estate,omitempty" maxLength:"100" doc:"Housing estate or complex"`
	Building     string         `json:"building,omitempty" maxLength:"40"`
	Floor        string         `json:"floor,omitempty" maxLength:"40"`
	RoomNo       string         `json:"room_no,omitempty" maxLength:"40"`
	Address      string         `json:"address,omitempty" maxLength:"200"`
	DivisionCode string         `json:"division_code,omitempty" maxLength:"32" doc:"Follows from the point where left out"`
	Lon          *float64       `json:"lon,omitempty" nullable:"true" doc:"With lat; null or left out while nobody placed it"`
	Lat          *float64       `json:"lat,omitempty" nullable:"true"`
	Owner        string         `json:"owner,omitempty" maxLength:"100" doc:"产权单位"`
	Title        string         `json:"title,omitempty" maxLength:"40"`
	ApprovedUse  string         `json:"approved_use,omitempty" maxLength:"40"`
	PresentUse   string         `json:"present_use,omitempty" maxLength:"40"`
	Parts        []PremisesPart `json:"parts,omitempty" nullable:"false" maxItems:"12" doc:"How its area is split by purpose: together no more than the room. One that is not split counts whole for the norm that its approved use is meant for"`
	AreaM2       float64        `json:"area_m2,omitempty" doc:"Floor area in square metres; 0 when unknown"`
	LandShareM2  float64        `json:"land_share_m2,omitempty" doc:"Share of the land in square metres; 0 when unknown"`
	State        string         `json:"state" maxLength:"40" doc:"How far the hand-over is"`
	PlannedOn    string         `json:"planned_on,omitempty" maxLength:"10" doc:"Day of the planning condition or approved plan"`
	BuiltOn      string         `json:"built_on,omitempty" maxLength:"10"`
	AcceptedOn   string         `json:"accepted_on,omitempty" maxLength:"10"`
	HandedOverOn string         `json:"handed_over_on,omitempty" maxLength:"10"`
	WithdrawnOn  string         `json:"withdrawn_on,omitempty" maxLength:"10"`
	KeyHolder    string         `json:"key_holder,omitempty" maxLength:"100" doc:"Office or post that has the key"`
	KeyContact   string         `json:"key_contact,omitempty" maxLength:"100" doc:"Name or telephone: *** for those who do not keep the ledger there"`
	FacilityID   string         `json:"facility_id,omitempty" maxLength:"64" doc:"The facility that works there"`
	ObtainedBy   string         `json:"obtained_by,omitempty" maxLength:"40"`
	Documents    []string       `json:"documents,omitempty" nullable:"false" maxItems:"20" doc:"Titles and numbers of what proves it"`
	Note         string         `json:"note,omitempty" maxLength:"1000"`
}

// PremisesRoom is a room of the ledger as the API gives it.
type PremisesRoom struct {
	ID      string `json:"id"`
	Version int    `json:"version" doc:"Version of the record, also its entity tag"`
	PremisesContent
	FacilityName  string                 `json:"facility_name,omitempty"`
	InspectedOn   string                 `json:"inspected_on,omitempty" doc:"Day of the last inspection"`
	ValidFrom     *string                `json:"valid_from" nullable:"true" doc:"First day of this version; null without a beginning"`
	Misused       bool                   `json:"misused" doc:"Used for something that it was not approved for"`
	Missing       []string               `json:"missing" nullable:"false" doc:"Facts that the ledger lacks (FAC-34)"`
	RemainingM2   float64                `json:"remaining_m2" doc:"What no part has"`
	Rectification *PremisesRectification `json:"rectification,omitempty" doc:"The misuse that is not closed, where there is one"`
	MayWrite      bool                   `json:"may_write" doc:"The reader keeps the ledger there"`
}

// PremisesText is a sentence in both languages.
type PremisesText struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// PremisesCheck is one rule held against one room.
type PremisesCheck struct {
	Rule      string       `json:"rule" example:"RAT-21"`
	Title     PremisesText `json:"title"`
	Severity  string       `json:"severity" enum:"error,warning,info"`
	Result    string       `json:"result" enum:"pass,fail,unknown"`
	Finding   PremisesText `json:"finding"`
	Formula   PremisesText `json:"formula"`
	Threshold PremisesText `json:"threshold"`
	Source    PremisesText `json:"source"`
	Grade     string       `json:"grade" doc:"Of the evidence: S0 to S4 a plan read whole, R law read, P our own proposal" example:"S4"`
	Region    PremisesText `json:"region"`
}

// PremisesRecord is one room with what the rules say of it.
type PremisesRecord struct {
	PremisesRoom
	Checks []PremisesCheck `json:"checks" nullable:"false"`
}

func roomOf(i premises.Item, today record.Day) PremisesRoom {
	r := i.Room
	out := PremisesRoom{
		ID: r.ID, Version: r.Version, FacilityName: i.Facility, InspectedOn: string(r.InspectedOn), Misused: r.Misused(), Missing: []string{},
		RemainingM2: r.Remaining().M2(), MayWrite: i.MayWrite,
		PremisesContent: PremisesContent{
			LedgerNo: r.LedgerNo, Name: r.Name, Estate: r.Estate, Building: r.Building, Floor: r.Floor, RoomNo: r.RoomNo, Address: r.Address, DivisionCode: r.DivisionCode,
			Owner: r.Owner, Title: string(r.Title), ApprovedUse: string(r.ApprovedUse), PresentUse: string(r.PresentUse), AreaM2: r.Area.M2(),
			LandShareM2: r.LandShare.M2(), State: string(r.State), PlannedOn: string(r.PlannedOn), BuiltOn: string(r.BuiltOn), AcceptedOn: string(r.AcceptedOn),
			HandedOverOn: string(r.HandedOverOn), WithdrawnOn: string(r.WithdrawnOn), KeyHolder: r.KeyHolder, KeyContact: r.KeyContact,
			FacilityID: r.FacilityID, ObtainedBy: string(r.ObtainedBy), Documents: r.Documents, Note: r.Note,
		},
	}
	if r.Placed {
		lon, lat := r.Point.Lon(), r.Point.Lat()
		out.Lon, out.Lat = &lon, &lat
	}
	for _, p := range r.Parts {
		out.Parts = append(out.Parts, PremisesPart{Use: string(p.Use), AreaM2: p.Area.M2(), CountsFor: string(p.CountsFor)})
	}
	for _, f := range r.Missing() {
		out.Missing = append(out.Missing, f.Field)
	}
	if r.ValidFrom != "" {
		day := string(r.ValidFrom)
		out.ValidFrom = &day
	}
	if i.Open != nil {
		x := rectificationOf(*i.Open, today)
		out.Rectification = &x
	}
	return out
}

func recordOf(i premises.Item, today record.Day) PremisesRecord {
	out := PremisesRecord{PremisesRoom: roomOf(i, today), Checks: []PremisesCheck{}}
	for _, c := range premises.Checks(i.Room) {
		out.Checks = append(out.Checks, PremisesCheck{
			Rule: c.Rule, Title: PremisesText(c.Title), Severity: string(c.Severity), Result: string(c.Result), Finding: PremisesText(c.Finding),
			Formula: PremisesText(c.Formula), Threshold: PremisesText(c.Threshold), Source: PremisesText(c.Source), Grade: c.Grade, Region: PremisesText(c.Region),
		})
	}
	return out
}

// areaOf reads square metres and says what is wrong with them.
func areaOf(m2 float64, field string, faults *[]record.Fault) premises.Area {
	a, ok := premises.AreaOf(m2)
	if !ok {
		*faults = append(*faults, record.Fault{
			Field: field, ZH: "应为 0 至 1000000 平方米，最多两位小数", EN: "must be from 0 to 1000000 m², to a hundredth",
		})
	}
	return a
}

func partsOf(list []PremisesPart, faults *[]record.Fault) []premises.Part {
	var out []premises.Part
	for i, p := range list {
		out = append(out, premises.Part{
			Use: premises.Use(p.Use), Area: areaOf(p.AreaM2, "parts/"+itoa(i)+"/area_m2", faults), CountsFor: premises.Norm(p.CountsFor),
		})
	}
	return out
}
