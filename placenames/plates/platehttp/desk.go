package platehttp

import (
	"context"
	"errors"
	"net/http"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

// PlateLimit is how long something may take.
type PlateLimit struct {
	Days    int  `json:"days" doc:"0 for no limit"`
	Working bool `json:"working" doc:"Working days only"`
}

func limitOf(l life.Limit) PlateLimit { return PlateLimit{l.Days, l.Working} }

// PlateDesk is what is to be done.
type PlateDesk struct {
	Preset      string         `json:"preset" doc:"Whose times are worked by"`
	Install     PlateLimit     `json:"install"`
	Repair      PlateLimit     `json:"repair"`
	States      map[string]int `json:"states" doc:"Plates by state"`
	InstallDue  int            `json:"install_due" doc:"To be put up today at the latest"`
	InstallLate int            `json:"install_late"`
	RepairDue   int            `json:"repair_due"`
	RepairLate  int            `json:"repair_late"`
	LongRepairs int            `json:"long_repairs" doc:"Repairs open for more than 30 days"`
	Stale       int            `json:"stale" doc:"Plates that do not say what the register says"`
	Off         int            `json:"off" doc:"Plates that hang more than 15 m from their door"`
	Unverified  int            `json:"unverified" doc:"Fixed, and looked at by nobody else yet"`
	LateFrom    *string        `json:"late_from" nullable:"true" doc:"due_from_until of the list of what is late to be put up"`
	RepairFrom  *string        `json:"repair_late_from" nullable:"true" doc:"bad_until of the list of late repairs"`
	LongFrom    *string        `json:"long_from" nullable:"true" doc:"bad_until of the list of long repairs"`
	ToFix       []PlateRow     `json:"to_fix" nullable:"false" doc:"Those that wait longest"`
	ToRepair    []PlateRow     `json:"to_repair" nullable:"false"`
	Codes       PlateCodes     `json:"codes"`
	MayOrder    bool           `json:"may_order"`
	MayFit      bool           `json:"may_fit"`
}

type deskReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlateDesk
}

func (h handlers) desk(ctx context.Context, in *struct {
	Division string `query:"division" maxLength:"32" doc:"Of this division and those below it"`
	Preset   string `query:"preset" maxLength:"10" doc:"Whose times to work by; those of the district when left out"`
},
) (*deskReply, error) {
	d, ok, err := h.plates.Desk(ctx, in.Division, in.Preset)
	if err != nil {
		return nil, problem(err)
	}
	if !ok {
		return nil, problem(errNoPreset)
	}
	f := d.Figures
	out := PlateDesk{
		Preset: d.Preset, Install: limitOf(d.Limits.Install), Repair: limitOf(d.Limits.Repair), States: map[string]int{}, InstallDue: f.InstallDue, InstallLate: f.InstallLate,
		RepairDue: f.RepairDue, RepairLate: f.RepairLate, LongRepairs: f.LongRepairs, Stale: f.Stale, Off: f.Off, Unverified: f.Unverified,
		LateFrom: orNull(d.Cuts.InstallLate), RepairFrom: orNull(d.Cuts.RepairLate), LongFrom: orNull(d.Cuts.LongRepair),
		ToFix: rowsOf(d.ToFix), ToRepair: rowsOf(d.ToRepair), Codes: codesOf(h.plates.Book()), MayOrder: d.MayOrder, MayFit: d.MayFit,
	}
	for s, n := range f.States {
		out.States[string(s)] = n
	}
	return &deskReply{CacheControl: "no-store", Body: out}, nil
}

// PlateStop is a plate on the way of a fitter.
type PlateStop struct {
	Plate  PlateRow `json:"plate"`
	Metres float64  `json:"metres" doc:"From the stop before, or from the start"`
}

// PlateWay is the way of a fitter.
type PlateWay struct {
	Stops   []PlateStop `json:"stops" nullable:"false" doc:"In order"`
	Without []PlateRow  `json:"without" nullable:"false" doc:"Plates of doors whose place nobody knows"`
	Metres  float64     `json:"metres"`
	Exact   bool        `json:"exact" doc:"No order of the stops is shorter"`
	Walked  bool        `json:"walked" doc:"Along paths; else in straight lines"`
	Left    int         `json:"left" doc:"Plates that the way leaves for another day"`
	Codes   PlateCodes  `json:"codes"`
}

type wayReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlateWay
}

// mostStops is how many doors one way may have: more than anybody does in a day.
const mostStops = 200

func (h handlers) way(ctx context.Context, in *struct {
	Body struct {
		States   []string    `json:"states,omitempty" maxItems:"9" enum:"ordered,made,delivered,fixed,verified,damaged,lost" doc:"In one of these states; delivered when left out"`
		Order    string      `json:"order,omitempty" maxLength:"64"`
		Name     string      `json:"name,omitempty" maxLength:"64"`
		Division string      `json:"division,omitempty" maxLength:"32"`
		Tokens   []string    `json:"tokens,omitempty" maxItems:"200" doc:"These plates and no others"`
		From     *[2]float64 `json:"from,omitempty" doc:"Longitude and latitude, WGS 84; to begin at any door when left out"`
		Most     int         `json:"most,omitempty" minimum:"0" maximum:"200" doc:"Stops; 60 when left out"`
	}
},
) (*wayReply, error) {
	b := in.Body
	asked := WayAsked{Filter: life.Filter{OrderID: b.Order, NameID: b.Name, Division: b.Division}, From: pointIn(b.From), Most: min(b.Most, mostStops)}
	if asked.Most == 0 {
		asked.Most = 60
	}
	for _, s := range b.States {
		asked.Filter.States = append(asked.Filter.States, life.State(s))
	}
	if len(b.States) == 0 {
		asked.Filter.States = []life.State{life.Delivered}
	}
	for _, text := range b.Tokens {
		code, err := plates.ParseToken(text)
		if err != nil {
			return nil, problem(record.Invalid([]record.Fault{{Field: "tokens", Value: text, ZH: "不是门牌编码", EN: "is no code of a plate"}}))
		}
		asked.Tokens = append(asked.Tokens, code)
	}
	w, err := h.plates.Way(ctx, asked)
	if err != nil {
		return nil, problem(err)
	}
	out := PlateWay{Stops: []PlateStop{}, Without: rowsOf(w.Without), Metres: w.Metres, Exact: w.Exact, Walked: w.Walked, Left: w.Left, Codes: codesOf(h.plates.Book())}
	for _, s := range w.Stops {
		out.Stops = append(out.Stops, PlateStop{Plate: rowOf(s.Item), Metres: s.Metres})
	}
	return &wayReply{CacheControl: "no-store", Body: out}, nil
}

var (
	errBadCursor = errors.New("cursor is none of a page before")
	errNoPreset  = errors.New("there is no such preset")
)

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, life.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_plate", "没有这块门牌", "There is no such plate")
	case errors.Is(err, life.ErrNoOrder):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_plate_order", "没有这张制作单", "There is no such order of plates")
	case errors.Is(err, errBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor", "cursor 应是前一页的 next", "cursor must be next of the page before")
	case errors.Is(err, errNoPreset):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "unknown_preset", "没有这个时限预设", "There is no such preset of times")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
