package signhttp

import (
	"context"

	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/signs"
)

// SignRecord is one version of a sign. Days that nobody knows are null.
type SignRecord struct {
	ID           string   `json:"id"`
	Version      int      `json:"version"`
	NameID       string   `json:"name_id"`
	Kind         string   `json:"kind"`
	Text         string   `json:"text" doc:"What its face says"`
	Roman        string   `json:"roman"`
	Where        string   `json:"where" doc:"In words"`
	Lon          *float64 `json:"lon" nullable:"true" doc:"WGS 84; null where nobody placed it"`
	Lat          *float64 `json:"lat" nullable:"true"`
	DivisionCode string   `json:"division_code"`
	Keeper       string   `json:"keeper" doc:"Who puts it up and keeps it"`
	State        string   `json:"state"`
	Next         []string `json:"next" nullable:"false" doc:"States that it may come to"`
	NeededOn     *string  `json:"needed_on" nullable:"true" format:"date"`
	OrderedOn    *string  `json:"ordered_on" nullable:"true" format:"date"`
	MadeOn       *string  `json:"made_on" nullable:"true" format:"date"`
	StoodOn      *string  `json:"stood_on" nullable:"true" format:"date"`
	SeenOn       *string  `json:"seen_on" nullable:"true" format:"date"`
	BadSince     *string  `json:"bad_since" nullable:"true" format:"date"`
	RemovedOn    *string  `json:"removed_on" nullable:"true" format:"date"`
	DueBy        *string  `json:"due_by" nullable:"true" format:"date" doc:"Last day to put it up"`
	Note         string   `json:"note"`
	ValidFrom    *string  `json:"valid_from" nullable:"true" format:"date"`
}

func recordOf(s signs.Sign) SignRecord {
	out := SignRecord{
		ID: s.ID, Version: s.Version, NameID: s.NameID, Kind: s.Kind, Text: s.Text, Roman: s.Roman, Where: s.Where, DivisionCode: s.Division, Keeper: s.Keeper,
		State: string(s.State), Next: []string{}, NeededOn: orNull(s.NeededOn), OrderedOn: orNull(s.OrderedOn), MadeOn: orNull(s.MadeOn), StoodOn: orNull(s.StoodOn),
		SeenOn: orNull(s.SeenOn), BadSince: orNull(s.BadSince), RemovedOn: orNull(s.RemovedOn), DueBy: orNull(s.DueBy), Note: s.Note, ValidFrom: orNull(s.ValidFrom),
	}
	if s.Placed {
		out.Lon, out.Lat = &s.Point[0], &s.Point[1]
	}
	for _, n := range s.State.Next() {
		out.Next = append(out.Next, string(n))
	}
	return out
}

func orNull(d record.Day) *string {
	if d == "" {
		return nil
	}
	text := string(d)
	return &text
}

// newSign is a sign that is entered.
type newSign struct {
	NameID       string   `json:"name_id" maxLength:"64"`
	Kind         string   `json:"kind" maxLength:"40"`
	Text         string   `json:"text,omitempty" maxLength:"200" doc:"That of the name when left out"`
	Roman        string   `json:"roman,omitempty" maxLength:"400"`
	Where        string   `json:"where,omitempty" maxLength:"800"`
	Lon          *float64 `json:"lon,omitempty"`
	Lat          *float64 `json:"lat,omitempty"`
	DivisionCode string   `json:"division_code,omitempty" maxLength:"32"`
	Keeper       string   `json:"keeper,omitempty" maxLength:"400"`
	State        string   `json:"state" enum:"needed,ordered,made,standing"`
	NeededOn     string   `json:"needed_on,omitempty" maxLength:"10"`
	OrderedOn    string   `json:"ordered_on,omitempty" maxLength:"10"`
	MadeOn       string   `json:"made_on,omitempty" maxLength:"10"`
	StoodOn      string   `json:"stood_on,omitempty" maxLength:"10"`
	SeenOn       string   `json:"seen_on,omitempty" maxLength:"10"`
	DueBy        string   `json:"due_by,omitempty" maxLength:"10"`
	Note         string   `json:"note,omitempty" maxLength:"4000"`
	httpapi.RecordEntry
}

func (n newSign) sign() (signs.Sign, []record.Fault) {
	s := signs.Sign{
		NameID: n.NameID, Kind: n.Kind, Text: n.Text, Roman: n.Roman, Where: n.Where, Division: n.DivisionCode, Keeper: n.Keeper, State: signs.State(n.State),
		NeededOn: record.Day(n.NeededOn), OrderedOn: record.Day(n.OrderedOn), MadeOn: record.Day(n.MadeOn), StoodOn: record.Day(n.StoodOn),
		SeenOn: record.Day(n.SeenOn), DueBy: record.Day(n.DueBy), Note: n.Note,
	}
	faults := wrongDays(map[string]*string{
		"needed_on": &n.NeededOn, "ordered_on": &n.OrderedOn, "made_on": &n.MadeOn, "stood_on": &n.StoodOn, "seen_on": &n.SeenOn, "due_by": &n.DueBy,
	})
	point, half := pointOf(n.Lon, n.Lat)
	if point != nil {
		s.Point, s.Placed = *point, true
	}
	return s, append(faults, half...)
}

// pointOf is a position, with the faults of one of which only one part is given.
func pointOf(lon, lat *float64) (*orb.Point, []record.Fault) {
	const zh, en = "经度和纬度应同时填写", "longitude and latitude go together"
	switch {
	case lon != nil && lat != nil:
		return &orb.Point{*lon, *lat}, nil
	case lon != nil:
		return nil, []record.Fault{{Field: "lat", ZH: zh, EN: en}}
	case lat != nil:
		return nil, []record.Fault{{Field: "lon", ZH: zh, EN: en}}
	}
	return nil, nil
}

func wrongDays(days map[string]*string) []record.Fault {
	var out []record.Fault
	for field, day := range days {
		if day == nil || *day == "" {
			continue
		}
		if _, ok := record.ParseDay(*day); !ok {
			out = append(out, record.Fault{Field: field, Value: *day, ZH: "不是日期（例：2026-11-28）", EN: "is no day, such as 2026-11-28"})
		}
	}
	return out
}

// signPatch is what a person wants otherwise of a sign.
type signPatch struct {
	Kind         *string  `json:"kind,omitempty" maxLength:"40"`
	Text         *string  `json:"text,omitempty" maxLength:"200"`
	Roman        *string  `json:"roman,omitempty" maxLength:"400"`
	Where        *string  `json:"where,omitempty" maxLength:"800"`
	Lon          *float64 `json:"lon,omitempty"`
	Lat          *float64 `json:"lat,omitempty"`
	Unplace      bool     `json:"unplace,omitempty" doc:"Nobody knows any more where it is on the map"`
	DivisionCode *string  `json:"division_code,omitempty" maxLength:"32"`
	Keeper       *string  `json:"keeper,omitempty" maxLength:"400"`
	SeenOn       *string  `json:"seen_on,omitempty" maxLength:"10"`
	DueBy        *string  `json:"due_by,omitempty" maxLength:"10" doc:"Empty for none"`
	Note         *string  `json:"note,omitempty" maxLength:"4000"`
	httpapi.RecordRevision
}

func (p signPatch) patch() (signs.Patch, []record.Fault) {
	faults := wrongDays(map[string]*string{"seen_on": p.SeenOn, "due_by": p.DueBy})
	point, half := pointOf(p.Lon, p.Lat)
	return signs.Patch{
		Kind: p.Kind, Text: p.Text, Roman: p.Roman, Where: p.Where, Division: p.DivisionCode, Keeper: p.Keeper, Note: p.Note, Point: point, Unplace: p.Unplace,
		SeenOn: (*record.Day)(p.SeenOn), DueBy: (*record.Day)(p.DueBy),
	}, append(faults, half...)
}

// SignWork is one thing to do.
type SignWork struct {
	Task         string      `json:"task"`
	NameID       string      `json:"name_id"`
	Name         string      `json:"name" doc:"As it is now"`
	Roman        string      `json:"roman"`
	NameKind     string      `json:"name_kind" doc:"Of the catalogue of names"`
	SignKind     string      `json:"sign_kind" doc:"The kind of sign that it has"`
	DivisionCode string      `json:"division_code"`
	Sign         *SignRecord `json:"sign,omitempty" doc:"None for a name without one"`
	Since        *string     `json:"since" nullable:"true" format:"date"`
	DueBy        *string     `json:"due_by" nullable:"true" format:"date"`
	Late         int         `json:"late" doc:"Days after due_by"`
}

// SignWorkList is all that is to be done.
type SignWorkList struct {
	Work  []SignWork        `json:"work" nullable:"false"`
	Tasks []placenames.Code `json:"tasks" nullable:"false" doc:"In their order"`
}

type workReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         SignWorkList
}

func (h handlers) work(ctx context.Context, _ *struct{}) (*workReply, error) {
	all, err := h.signs.Work(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := SignWorkList{Work: []SignWork{}, Tasks: signs.Tasks()}
	for _, w := range all {
		item := SignWork{
			Task: string(w.Task), NameID: w.Name.ID, Name: w.Name.Text, Roman: w.Name.Roman, NameKind: w.Name.Kind, SignKind: signs.KindFor(w.Name.Kind, w.Name.Class),
			DivisionCode: w.Name.Division, Since: orNull(w.Since), DueBy: orNull(w.DueBy), Late: w.Late,
		}
		if w.Sign != nil {
			r := recordOf(*w.Sign)
			item.Sign, item.DivisionCode = &r, w.Sign.Division
		}
		out.Work = append(out.Work, item)
	}
	return &workReply{CacheControl: "no-store", Body: out}, nil
}
