package addresshttp

import (
	"context"
	"strings"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/internal/rules/ruleshttp"
	"yike/placenames"
	"yike/placenames/addresses"
)

// AddressFilter is which addresses are asked for.
type AddressFilter struct {
	NameID   string   `query:"name" maxLength:"64" doc:"On this place name"`
	Division string   `query:"division" maxLength:"32" doc:"In this division or one below it"`
	States   []string `query:"state" maxItems:"4" enum:"reserved,provisional,approved,historical"`
	Levels   []string `query:"level" maxItems:"5" enum:"number,building,unit,floor,room"`
	ParentID string   `query:"parent" maxLength:"64" doc:"Directly within this address"`
	Custody  string   `query:"custody" enum:"own,foreign"`
	Unplaced string   `query:"unplaced" enum:"1" doc:"1: without a position"`
	Text     string   `query:"q" maxLength:"200" doc:"Where the address, a former text or a code has each of these words"`
	At       string   `query:"at" format:"date" doc:"As the register stood on this day; today when left out"`
}

func (in AddressFilter) filter() addresses.Filter {
	f := addresses.Filter{
		NameID: in.NameID, ParentID: in.ParentID, Custody: addresses.Custody(in.Custody), Unplaced: in.Unplaced == "1", Text: strings.TrimSpace(in.Text), At: record.Day(in.At),
	}
	for _, s := range in.States {
		f.States = append(f.States, addresses.State(s))
	}
	for _, l := range in.Levels {
		f.Levels = append(f.Levels, addresses.Level(l))
	}
	return f
}

// AddressCount is how many addresses of a level are in a state.
type AddressCount struct {
	Level string `json:"level"`
	State string `json:"state"`
	Count int    `json:"count"`
}

// AddressPage is a page of the register.
type AddressPage struct {
	Addresses []AddressRecord `json:"addresses" nullable:"false"`
	Counts    []AddressCount  `json:"counts" nullable:"false" doc:"Of all pages, by level and state; on the first page only"`
	Total     *int            `json:"total" nullable:"true" doc:"Of all pages; on the first page only"`
	Next      *string         `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
	MayWrite  bool            `json:"may_write" doc:"Whether the reader may number anywhere"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         AddressPage
}

func (h handlers) list(ctx context.Context, in *struct {
	AddressFilter
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Addresses per page"`
	Cursor string `query:"cursor" maxLength:"2000" doc:"next of the page before"`
},
) (*listReply, error) {
	after, ok := httpapi.ReadCursor(in.Cursor)
	if !ok {
		return nil, problem(errBadCursor)
	}
	f := in.filter()
	page, err := h.addresses.List(ctx, f, in.Division, after, in.Limit)
	if err != nil {
		return nil, problem(err)
	}
	out := AddressPage{Addresses: []AddressRecord{}, Counts: []AddressCount{}, MayWrite: h.addresses.MayWrite(ctx)}
	for _, r := range page.Rows {
		out.Addresses = append(out.Addresses, recordOf(r))
	}
	if page.More {
		last := page.Rows[len(page.Rows)-1]
		next := httpapi.ListPlace{Text: last.Short, ID: last.ID}.Cursor()
		out.Next = &next
	}
	if in.Cursor == "" {
		counts, err := h.addresses.Counts(ctx, f, in.Division)
		if err != nil {
			return nil, problem(err)
		}
		total := 0
		for _, c := range counts {
			out.Counts = append(out.Counts, AddressCount{string(c.Level), string(c.State), c.N})
			total += c.N
		}
		out.Total = &total
	}
	return &listReply{CacheControl: "no-store", Body: out}, nil
}

// mostDrawn is how many addresses a frame shows.
const mostDrawn = 5000

// AddressProperties say what a feature is.
type AddressProperties struct {
	ID        string `json:"id"`
	ShortText string `json:"short_text"`
	Number    string `json:"number" doc:"As written: 12-1, 3号楼"`
	Level     string `json:"level"`
	State     string `json:"state"`
	Main      bool   `json:"main"`
}

// AddressFeature is an address on the map.
type AddressFeature struct {
	Type       string            `json:"type" enum:"Feature"`
	ID         string            `json:"id"`
	Geometry   AddressPoint      `json:"geometry"`
	Properties AddressProperties `json:"properties"`
}

// AddressLayer is a GeoJSON feature collection.
type AddressLayer struct {
	Type      string           `json:"type" enum:"FeatureCollection"`
	Features  []AddressFeature `json:"features" nullable:"false"`
	Truncated bool             `json:"truncated" doc:"There are further ones, as fine as the last or finer"`
	Limit     int              `json:"limit"`
}

type layerReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         AddressLayer
}

func (h handlers) layer(ctx context.Context, in *struct {
	BBox string `query:"bbox" required:"true" maxLength:"200" doc:"West, south, east, north in degrees" example:"117.0,39.0,117.2,39.1"`
	AddressFilter
},
) (*layerReply, error) {
	frame, ok := httpapi.Frame(in.BBox)
	if !ok {
		return nil, problem(errBadFrame)
	}
	list, more, err := h.addresses.Map(ctx, frame, in.filter(), in.Division, mostDrawn)
	if err != nil {
		return nil, problem(err)
	}
	out := AddressLayer{Type: "FeatureCollection", Features: []AddressFeature{}, Truncated: more, Limit: mostDrawn}
	for _, d := range list {
		out.Features = append(out.Features, AddressFeature{
			Type: "Feature", ID: d.ID, Geometry: pointOut(d.Point), Properties: AddressProperties{d.ID, d.Short, d.Number, string(d.Level), string(d.State), d.Main},
		})
	}
	return &layerReply{CacheControl: "no-store", Body: out}, nil
}

// AddressLayout is a layout of the standard address code, with how much of it has been read.
type AddressLayout struct {
	ID       string `json:"id"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
	SourceZH string `json:"source_zh"`
	SourceEN string `json:"source_en"`
	UnreadZH string `json:"unread_zh" doc:"What of it has not been read, so that nothing of it is made up"`
	UnreadEN string `json:"unread_en"`
}

// AddressCodes are the codes of addresses with their words.
type AddressCodes struct {
	Levels          []placenames.Code `json:"levels" nullable:"false"`
	States          []placenames.Code `json:"states" nullable:"false"`
	PositionKinds   []placenames.Code `json:"position_kinds" nullable:"false"`
	PositionSources []placenames.Code `json:"position_sources" nullable:"false"`
	DecisionKinds   []placenames.Code `json:"decision_kinds" nullable:"false"`
	Custodies       []placenames.Code `json:"custodies" nullable:"false"`
	Layouts         []AddressLayout   `json:"layouts" nullable:"false"`
	Moves           []AddressMoveInfo `json:"moves" nullable:"false"`
}

// AddressMoveInfo is a step from one state to another.
type AddressMoveInfo struct {
	From      string   `json:"from"`
	To        string   `json:"to"`
	Decisions []string `json:"decisions" nullable:"false" doc:"The document must be of one of these kinds; none where a reason is enough"`
}

type codesReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         AddressCodes
}

func (h handlers) codes(context.Context, *struct{}) (*codesReply, error) {
	out := AddressCodes{
		Levels: addresses.Levels(), States: addresses.States(), PositionKinds: addresses.PositionKinds(), PositionSources: addresses.PositionSources(),
		DecisionKinds: addresses.DecisionKinds(), Custodies: addresses.Custodies(),
	}
	for _, l := range addresses.Layouts() {
		i := l.Info()
		out.Layouts = append(out.Layouts, AddressLayout{i.ID, i.ZH, i.EN, i.SourceZH, i.SourceEN, i.UnreadZH, i.UnreadEN})
	}
	for _, t := range addresses.Transitions() {
		m := AddressMoveInfo{From: string(t.From), To: string(t.To), Decisions: []string{}}
		for _, d := range t.Decisions {
			m.Decisions = append(m.Decisions, string(d))
		}
		out.Moves = append(out.Moves, m)
	}
	return &codesReply{CacheControl: "no-store", Body: out}, nil
}

// AddressElement is one part of an address under the code of its kind.
type AddressElement struct {
	Code  string `json:"code" doc:"Of GA/T 2000.32; empty where the code of the kind has not been read"`
	Value string `json:"value"`
}

// AddressChecked is what the rules find of an address.
type AddressChecked struct {
	Elements []AddressElement            `json:"elements" nullable:"false"`
	Findings []ruleshttp.StandardFinding `json:"findings" nullable:"false"`
}

type checkReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         AddressChecked
}

func (h handlers) check(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*checkReply, error) {
	set, found, elements, err := h.addresses.Check(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := AddressChecked{Elements: []AddressElement{}, Findings: []ruleshttp.StandardFinding{}}
	for _, e := range elements {
		out.Elements = append(out.Elements, AddressElement(e))
	}
	for _, f := range found {
		out.Findings = append(out.Findings, ruleshttp.Finding(set, f))
	}
	return &checkReply{CacheControl: "no-store", Body: out}, nil
}
