package platehttp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/internal/rules/ruleshttp"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

// PlateFilter is which plates are asked for.
type PlateFilter struct {
	States   []string `query:"state" maxItems:"9" enum:"ordered,made,delivered,fixed,verified,damaged,lost,replaced,withdrawn" doc:"In one of these states"`
	Kinds    []string `query:"kind" maxItems:"6" enum:"large,medium,small,building,unit,room" doc:"Of one of these kinds"`
	Order    string   `query:"order" maxLength:"64" doc:"Of this order"`
	Address  string   `query:"address" maxLength:"64" doc:"Of this address"`
	Name     string   `query:"name" maxLength:"64" doc:"Of this road, estate or village"`
	Division string   `query:"division" maxLength:"32" doc:"In this division or one below it"`
	Text     string   `query:"q" maxLength:"500" doc:"A code, what a symbol says, or words of the face or address"`
	Stale    bool     `query:"stale" doc:"Only plates that do not say what the register says"`
	Off      bool     `query:"off" doc:"Only plates that hang more than 15 m from their door"`
	BadUntil string   `query:"bad_until" format:"date" doc:"Only plates damaged or lost since this day or before"`
	DueUntil string   `query:"due_from_until" format:"date" doc:"Only plates to be put up whose time began on this day or before"`
}

func (in PlateFilter) filter() life.Filter {
	f := life.Filter{
		OrderID: in.Order, AddressID: in.Address, NameID: in.Name, Division: in.Division, Text: strings.TrimSpace(in.Text), Stale: in.Stale, Off: in.Off,
		BadUntil: record.Day(in.BadUntil), DueFromUntil: record.Day(in.DueUntil),
	}
	for _, s := range in.States {
		f.States = append(f.States, life.State(s))
	}
	for _, k := range in.Kinds {
		f.Kinds = append(f.Kinds, plates.Kind(k))
	}
	return f
}

// PlatePage is a page of the list of plates.
type PlatePage struct {
	Plates []PlateRow     `json:"plates" nullable:"false"`
	Counts map[string]int `json:"counts,omitempty" doc:"Of all pages, by state; on the first page only"`
	Total  *int           `json:"total" nullable:"true" doc:"Of all pages; on the first page only"`
	Codes  PlateCodes     `json:"codes"`
	Next   *string        `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

type pageReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlatePage
}

func (h handlers) list(ctx context.Context, in *struct {
	PlateFilter
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Records per page"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"next of the page before"`
},
) (*pageReply, error) {
	if err := record.Invalid(badDays(map[string]string{"bad_until": in.BadUntil, "due_from_until": in.DueUntil})); err != nil {
		return nil, problem(err)
	}
	after, err := decodeCursor[life.Cursor](in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	f := in.filter()
	page, err := h.plates.List(ctx, f, after, in.Limit)
	if err != nil {
		return nil, problem(err)
	}
	out := PlatePage{Plates: rowsOf(page.Items), Codes: codesOf(h.plates.Book())}
	if page.More {
		last := page.Items[len(page.Items)-1]
		next := encodeCursor(life.Cursor{Name: last.Face.Name, Number: last.Face.Number, Token: last.Token.String()})
		out.Next = &next
	}
	if in.Cursor == "" {
		counts, err := h.plates.Counts(ctx, f)
		if err != nil {
			return nil, problem(err)
		}
		total := 0
		out.Counts = map[string]int{}
		for s, n := range counts {
			out.Counts[string(s)] = n
			total += n
		}
		out.Total = &total
	}
	return &pageReply{CacheControl: "no-store", Body: out}, nil
}

// A cursor is opaque, so that nobody builds on its form.
func encodeCursor[T any](at T) string {
	raw, _ := json.Marshal(at) // texts and numbers always encode
	return base64.RawURLEncoding.EncodeToString(raw)
}

func decodeCursor[T any](text string) (T, error) {
	var out T
	if text == "" {
		return out, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &out) != nil {
		return out, errBadCursor
	}
	return out, nil
}

// codeOf reads the code of a path. One that cannot be a code names no plate.
func codeOf(text string) (plates.Token, error) {
	code, err := plates.ParseToken(text)
	if err != nil {
		return code, life.ErrNotFound
	}
	return code, nil
}

type plateReply = httpapi.RecordReply[PlateRecord]

func (h handlers) one(ctx context.Context, in *struct {
	Token  string `path:"token" maxLength:"64" doc:"In either case, with or without dashes"`
	Preset string `query:"preset" maxLength:"10" doc:"Whose times its check works by; those of the district when left out"`
},
) (*plateReply, error) {
	code, err := codeOf(in.Token)
	if err != nil {
		return nil, problem(err)
	}
	return h.record(ctx, code, in.Preset)
}

func (h handlers) record(ctx context.Context, code plates.Token, preset string) (*plateReply, error) {
	d, err := h.plates.One(ctx, code, preset)
	if err != nil {
		return nil, problem(err)
	}
	out := PlateRecord{PlateRow: rowOf(d.Item), Due: orNull(d.Due), Events: []PlateEvent{}, Next: needsOf(d.Item.State), Findings: []ruleshttp.StandardFinding{}}
	for _, e := range d.Events {
		out.Events = append(out.Events, eventOf(e))
	}
	for _, f := range d.Findings {
		out.Findings = append(out.Findings, ruleshttp.Finding(h.plates.Book().Set(), f))
	}
	return httpapi.ReplyWith(d.Item.Version, out), nil
}

func (h handlers) register(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		AddressID string      `json:"address_id" maxLength:"64"`
		Kind      string      `json:"kind" enum:"large,medium,small,building,unit,room"`
		Slot      string      `json:"slot,omitempty" maxLength:"4" doc:"main, or 1 to 9 where an address has several"`
		Text      *PlateFace  `json:"text,omitempty" doc:"What it says; what the address says when left out"`
		Payload   string      `json:"foreign_payload,omitempty" maxLength:"2000" doc:"What its symbol says, exactly"`
		FixedOn   string      `json:"fixed_on,omitempty" format:"date"`
		Point     *[2]float64 `json:"point,omitempty" doc:"Longitude and latitude, WGS 84"`
		Note      string      `json:"note,omitempty" maxLength:"2000"`
	}
},
) (*plateReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	if err := record.Invalid(badDays(map[string]string{"fixed_on": b.FixedOn})); err != nil {
		return nil, problem(err)
	}
	e := life.Existing{
		AddressID: b.AddressID, Kind: plates.Kind(b.Kind), Slot: b.Slot, Payload: b.Payload, FixedOn: record.Day(b.FixedOn), Point: pointIn(b.Point), Note: b.Note,
	}
	if b.Text != nil {
		e.Face = life.Face{Name: strings.TrimSpace(b.Text.Name), Number: strings.TrimSpace(b.Text.Number), Roman: strings.TrimSpace(b.Text.Roman)}
	}
	made, err := h.plates.Register(ctx, e)
	if err != nil {
		return nil, problem(err)
	}
	out, err := h.record(ctx, made.Token, "")
	if err == nil {
		out.Location = listPath + "/" + made.Token.String()
	}
	return out, err
}

func pointIn(p *[2]float64) *orb.Point {
	if p == nil {
		return nil
	}
	return &orb.Point{p[0], p[1]}
}

func (h handlers) take(ctx context.Context, in *struct {
	Token string `path:"token" maxLength:"64"`
	Key   string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body  struct {
		Kind      string      `json:"kind" enum:"made,returned,delivered,fixed,verified,inspected,damaged,lost,repaired,withdrawn"`
		Day       string      `json:"day" format:"date"`
		Key       string      `json:"key,omitempty" pattern:"^[a-z0-9_]{8,40}$" doc:"Names the event, so that a phone may send it again at any later time"`
		Scanned   string      `json:"scanned,omitempty" maxLength:"2000" doc:"What the camera read off the plate, or the code as it was typed"`
		PhotoID   string      `json:"photo_id,omitempty" maxLength:"64" doc:"A photo of the plate; the one whose subject is the key of the event when left out"`
		Point     *[2]float64 `json:"point,omitempty" doc:"Longitude and latitude, WGS 84"`
		AccuracyM float64     `json:"accuracy_m,omitempty"`
		HeightM   float64     `json:"height_m,omitempty" doc:"Of its lower edge over the ground"`
		Trouble   string      `json:"trouble,omitempty" maxLength:"40"`
		Layer     string      `json:"layer,omitempty" maxLength:"10"`
		Note      string      `json:"note,omitempty" maxLength:"2000"`
	}
},
) (*plateReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	code, err := codeOf(in.Token)
	if err != nil {
		return nil, problem(err)
	}
	b := in.Body
	_, err = h.plates.Take(ctx, code, life.Told{Key: b.Key, Event: life.Event{
		Kind: life.Kind(b.Kind), Day: record.Day(b.Day), Scanned: b.Scanned, PhotoID: b.PhotoID, Point: pointIn(b.Point), AccuracyM: b.AccuracyM, HeightM: b.HeightM,
		Trouble: b.Trouble, Layer: life.Layer(b.Layer), Note: strings.TrimSpace(b.Note),
	}})
	if err != nil {
		return nil, problem(err)
	}
	return h.record(ctx, code, "")
}

func (h handlers) history(ctx context.Context, in *struct {
	Token string `path:"token" maxLength:"64"`
},
) (*httpapi.RecordHistory, error) {
	code, err := codeOf(in.Token)
	if err != nil {
		return nil, problem(err)
	}
	list, err := h.plates.History(ctx, code)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}
