package placenamehttp

import (
	"context"
	"strings"
	"time"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
)

// PlaceNameFilter is which records are asked for.
type PlaceNameFilter struct {
	Classes  []string `query:"class" maxItems:"8" doc:"Of one of these classes"`
	Kinds    []string `query:"kind" maxItems:"50" doc:"Of one of these kinds"`
	States   []string `query:"state" maxItems:"12" enum:"draft,reserved,lapsed,proposed,withdrawn,rejected,approved,contested,customary,retired,annulled,merged" doc:"In one of these states"`
	Initial  string   `query:"initial" pattern:"^[A-Z]$" doc:"Under this letter of the gazetteer"`
	Division string   `query:"division" maxLength:"32" doc:"In this division or one below it"`
	Heritage string   `query:"heritage" enum:"true,false" doc:"Whether it is on a list of protected names"`
	Text     string   `query:"q" maxLength:"100" doc:"Where the name, an alias or a former name contains each of these words, or the name is spelled so in pinyin, whole syllables or initials"`
	At       string   `query:"at" format:"date" doc:"As the register stood on this day; today when left out"`
	Known    string   `query:"known" format:"date-time" doc:"By what was known at this moment; by what is known now when left out"`
}

func (in PlaceNameFilter) filter() placenames.Filter {
	f := placenames.Filter{Classes: in.Classes, Kinds: in.Kinds, Initial: in.Initial, Text: strings.TrimSpace(in.Text)}
	for _, s := range in.States {
		f.States = append(f.States, placenames.State(s))
	}
	if in.Heritage != "" {
		on := in.Heritage == "true"
		f.Heritage = &on
	}
	return f
}

// moment reads of when a record is asked for.
func moment(at, known string) (record.At, error) {
	out := record.At{Valid: record.Day(at)}
	if known == "" {
		return out, nil
	}
	if at == "" {
		return out, errKnownAlone
	}
	t, err := time.Parse(time.RFC3339, known)
	if err != nil {
		return out, errKnownAlone
	}
	out.Known = t
	return out, nil
}

type listInput struct {
	PlaceNameFilter
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Records per page"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"next of the page before"`
}

// PlaceNameRow is a record as a list shows it.
type PlaceNameRow struct {
	ID        string            `json:"id"`
	Version   int               `json:"version"`
	Text      string            `json:"text"`
	Roman     string            `json:"roman" doc:"Empty until somebody confirmed it"`
	Initial   string            `json:"initial" doc:"A to Z, under which it stands in a gazetteer; empty for none"`
	Kind      string            `json:"kind"`
	Class     string            `json:"class"`
	State     string            `json:"state"`
	Divisions []string          `json:"divisions" nullable:"false"`
	Position  *[2]float64       `json:"position" nullable:"true" doc:"A point of it; null where nobody drew it"`
	Heritage  bool              `json:"heritage"`
	Decision  PlaceNameDecision `json:"decision"`
	ParentID  string            `json:"parent_id"`
	ValidFrom *string           `json:"valid_from" nullable:"true"`
	MayWrite  bool              `json:"may_write"`
}

func rowOf(r placenames.Row) PlaceNameRow {
	return PlaceNameRow{
		ID: r.ID, Version: r.Version, Text: r.Text, Roman: r.Roman, Initial: r.Initial, Kind: r.Kind, Class: r.Class, State: string(r.State), Divisions: r.Divisions,
		Position: pointOut(r.Position, r.Placed), Heritage: r.Heritage, Decision: decisionOut(r.Decision), ParentID: r.ParentID, ValidFrom: dayOut(r.ValidFrom),
		MayWrite: r.MayWrite,
	}
}

// PlaceNameCount is how many records of a class are in a state.
type PlaceNameCount struct {
	Class string `json:"class"`
	State string `json:"state"`
	Count int    `json:"count"`
}

// PlaceNamePage is a page of the list.
type PlaceNamePage struct {
	Names  []PlaceNameRow   `json:"names" nullable:"false"`
	Counts []PlaceNameCount `json:"counts" nullable:"false" doc:"Of all pages, by class and state; on the first page only"`
	Total  *int             `json:"total" nullable:"true" doc:"Of all pages; on the first page only"`
	Next   *string          `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlaceNamePage
}

func (h handlers) list(ctx context.Context, in *listInput) (*listReply, error) {
	after, ok := httpapi.ReadCursor(in.Cursor)
	if !ok {
		return nil, problem(errBadCursor)
	}
	at, err := moment(in.At, in.Known)
	if err != nil {
		return nil, problem(err)
	}
	f := in.filter()
	page, err := h.records.List(ctx, f, in.Division, at, Place(after), in.Limit)
	if err != nil {
		return nil, problem(err)
	}
	out := PlaceNamePage{Names: []PlaceNameRow{}, Counts: []PlaceNameCount{}}
	for _, r := range page.Rows {
		out.Names = append(out.Names, rowOf(r))
	}
	if page.More {
		last := page.Rows[len(page.Rows)-1]
		next := httpapi.ListPlace{Text: last.Text, ID: last.ID}.Cursor()
		out.Next = &next
	}
	if in.Cursor == "" {
		counts, err := h.records.Counts(ctx, f, in.Division, at)
		if err != nil {
			return nil, problem(err)
		}
		total := 0
		for _, c := range counts {
			out.Counts = append(out.Counts, PlaceNameCount{c.Class, string(c.State), c.N})
			total += c.N
		}
		out.Total = &total
	}
	return &listReply{CacheControl: "no-store", Body: out}, nil
}
