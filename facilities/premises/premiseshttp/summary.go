package premiseshttp

import (
	"context"

	"yike/facilities/premises"
)

// PremisesArea is the area of a use.
type PremisesArea struct {
	Use    string  `json:"use"`
	AreaM2 float64 `json:"area_m2"`
}

// PremisesCounted is what counts for a norm.
type PremisesCounted struct {
	Norm   string   `json:"norm"`
	AreaM2 float64  `json:"area_m2" doc:"Of rooms handed over and not misused"`
	Per100 *float64 `json:"per_100_households" nullable:"true" doc:"m² per 100 households, over the communities of which the households are known; null where there are none"`
}

// PremisesRooms is how many rooms are in a state of hand-over.
type PremisesRooms struct {
	State string `json:"state"`
	Rooms int    `json:"rooms"`
}

// PremisesLine is what the rooms of one place come to.
type PremisesLine struct {
	Code            string            `json:"code" doc:"Of the division; empty for all together and for what is in no community"`
	Level           string            `json:"level"`
	Parent          string            `json:"parent"`
	NameZH          string            `json:"name_zh"`
	NameEN          string            `json:"name_en"`
	Setting         string            `json:"setting" enum:",urban,rural"`
	Rooms           int               `json:"rooms"`
	AreaM2          float64           `json:"area_m2"`
	Unmeasured      int               `json:"unmeasured" doc:"Rooms whose area is unknown"`
	ByUse           []PremisesArea    `json:"by_use" nullable:"false"`
	UnassignedM2    float64           `json:"unassigned_m2" doc:"Of no known purpose"`
	Counted         []PremisesCounted `json:"counted" nullable:"false"`
	HandedOverM2    float64           `json:"handed_over_m2"`
	HandedOverShare *float64          `json:"handed_over_share" nullable:"true" doc:"Of the known area, 0 to 1; null where none is known"`
	ByState         []PremisesRooms   `json:"by_state" nullable:"false"`
	Misused         int               `json:"misused"`
	Vacant          int               `json:"vacant"`
	Incomplete      int               `json:"incomplete" doc:"Rooms of which the ledger lacks a fact"`
	Overdue         int               `json:"overdue" doc:"Misuses that should have been put right by now"`
	Households      *int              `json:"households" nullable:"true" doc:"null when unknown"`
	HouseholdSource string            `json:"household_source" enum:",division,buildings,below" doc:"Who says so: the divisions' source, the sum over all dwellings, or the sum over all divisions below"`
	Communities     int               `json:"communities"`
	Known           int               `json:"known_communities" doc:"Communities of which the households are known: a rate is of these"`
	KnownHouseholds int               `json:"known_households"`
}

// PremisesSummary is the ledger by place.
type PremisesSummary struct {
	Total        PremisesLine   `json:"total"`
	Outside      PremisesLine   `json:"outside" doc:"Rooms of no community: of a subdistrict or the district as a whole"`
	Subdistricts []PremisesLine `json:"subdistricts" nullable:"false"`
	Communities  []PremisesLine `json:"communities" nullable:"false"`
}

type summaryReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PremisesSummary
}

func (h handlers) summary(ctx context.Context, in *FilterInput) (*summaryReply, error) {
	s, err := h.ledger.Summary(ctx, h.filter(*in))
	if err != nil {
		return nil, problem(err)
	}
	out := PremisesSummary{Total: lineOf(s.Total), Outside: lineOf(s.Outside), Subdistricts: []PremisesLine{}, Communities: []PremisesLine{}}
	for _, l := range s.Subdistricts {
		out.Subdistricts = append(out.Subdistricts, lineOf(l))
	}
	for _, l := range s.Communities {
		out.Communities = append(out.Communities, lineOf(l))
	}
	return &summaryReply{CacheControl: "no-store", Body: out}, nil
}

func lineOf(l premises.Line) PremisesLine {
	d := l.Division
	out := PremisesLine{
		Code: d.Code, Level: string(d.Level), Parent: d.ParentCode, NameZH: d.NameZH, NameEN: d.NameEN, Setting: string(d.Setting),
		Rooms: l.Rooms, AreaM2: l.Area.M2(), Unmeasured: l.Unmeasured, ByUse: []PremisesArea{}, UnassignedM2: l.Unassigned.M2(), Counted: []PremisesCounted{},
		HandedOverM2: l.HandedOver.M2(), ByState: []PremisesRooms{}, Misused: l.Misused, Vacant: l.Idle, Incomplete: l.Incomplete, Overdue: l.Overdue,
		HouseholdSource: string(l.Households.Source), Communities: l.Communities, Known: l.KnownCommunities, KnownHouseholds: l.KnownHouseholds,
	}
	for _, u := range premises.Uses() {
		if a := l.ByUse[premises.Use(u.Code.Code)]; a > 0 {
			out.ByUse = append(out.ByUse, PremisesArea{u.Code.Code, a.M2()})
		}
	}
	for _, n := range premises.Norms() {
		norm := premises.Norm(n.Code)
		c := PremisesCounted{Norm: n.Code, AreaM2: l.Counted[norm].M2()}
		if per, ok := l.Per100(norm); ok {
			c.Per100 = &per
		}
		out.Counted = append(out.Counted, c)
	}
	for _, s := range premises.States() {
		if n := l.ByState[premises.State(s.Code)]; n > 0 {
			out.ByState = append(out.ByState, PremisesRooms{s.Code, n})
		}
	}
	if share, ok := l.HandedOverShare(); ok {
		out.HandedOverShare = &share
	}
	if l.Households.Known() {
		out.Households = &l.Households.Count
	}
	return out
}
