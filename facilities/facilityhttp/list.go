package facilityhttp

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// registerLists mounts the operations on many facilities.
func (h handlers) registerLists(api huma.API) {
	refusals := []int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "facilities", Method: http.MethodGet, Path: "/api/v1/facilities", Tags: []string{"facilities"},
		Summary: "Facilities, filtered, page by page · 设施名录",
		Description: "Those that the account may see: what is not published, only where it may write. Follow next until it is null. " +
			"As they were on a day, or as was known at a moment, for those who may read history.",
		Errors: refusals,
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-counts", Method: http.MethodGet, Path: "/api/v1/facilities/counts", Tags: []string{"facilities"},
		Summary: "How many facilities a filter means, in parts · 设施数量",
		Errors:  refusals,
	}, h.counts)
}

// FacilityFilter says which facilities are meant, in addresses and in bodies alike: those
// to which every part applies that is given.
type FacilityFilter struct {
	Types      []string `query:"type" json:"type,omitempty" nullable:"false" maxItems:"100" doc:"Only these types"`
	Statuses   []string `query:"status" json:"status,omitempty" nullable:"false" maxItems:"5" doc:"Only these statuses"`
	Stages     []string `query:"stage" json:"stage,omitempty" nullable:"false" maxItems:"3" doc:"Only these stages"`
	Division   string   `query:"division" json:"division,omitempty" maxLength:"32" doc:"Only in this division or one below it"`
	Text       string   `query:"q" json:"q,omitempty" maxLength:"100" doc:"Only where every word is in a name, the address or a code, in any case, or is how a part of the Chinese name is spelled in pinyin: hankou, hank, hk"`
	Serves     string   `query:"serves" json:"serves,omitempty" maxLength:"32" doc:"Only those that serve this community"`
	Batch      string   `query:"batch" json:"batch,omitempty" maxLength:"64" doc:"Only what this import wrote"`
	IDs        []string `query:"ids" json:"ids,omitempty" nullable:"false" maxItems:"5000" doc:"Only these"`
	Placed     string   `query:"placed" json:"placed,omitempty" enum:"true,false" doc:"Only those whose position is known, or is not (待落图)"`
	Before     string   `query:"verified_before" json:"verified_before,omitempty" format:"date" doc:"Only those last held against the place before this day, or never"`
	Overdue    bool     `query:"overdue" json:"overdue,omitempty" doc:"Only those due to be held against the place, by the rule of their subdistrict"`
	Area       string   `query:"area" json:"area,omitempty" maxLength:"16000" doc:"Only those placed inside this shape: lon,lat;lon,lat;… of at least three points" example:"114.2,30.5;114.3,30.5;114.3,30.6"`
	Tombstones bool     `query:"tombstones" json:"tombstones,omitempty" doc:"Those that others took the place of, too"`
}

// Filter reads it. The error is a *record.InvalidError; of what is well-formed but names
// nothing that there is, storage knows.
func (q FacilityFilter) Filter() (facilities.Filter, error) {
	f := facilities.Filter{
		Division: q.Division, Text: q.Text, Serves: q.Serves, Batch: q.Batch, IDs: q.IDs,
		VerifiedBefore: record.Day(q.Before), Overdue: q.Overdue, Tombstones: q.Tombstones,
	}
	for _, t := range q.Types {
		f.Types = append(f.Types, facilities.Type(t))
	}
	for _, s := range q.Statuses {
		f.Statuses = append(f.Statuses, facilities.Status(s))
	}
	for _, s := range q.Stages {
		f.Stages = append(f.Stages, facilities.Stage(s))
	}
	if q.Placed != "" {
		placed := q.Placed == "true"
		f.Placed = &placed
	}
	faults := f.Faults()
	if q.Area != "" {
		var ok bool
		if f.Area, ok = facilities.ParseArea(q.Area); !ok {
			faults = append(faults, record.Fault{Field: "area", ZH: "应为至少三个“经度,纬度”，以分号隔开", EN: "must be at least three of lon,lat with semicolons between"})
		}
		faults = append(faults, facilities.Filter{Area: f.Area}.Faults()...)
	}
	return f, record.Invalid(faults)
}

type listInput struct {
	FacilityFilter
	Sort     string    `query:"sort" maxLength:"16" default:"id" doc:"id, name, type, status, stage, division, capacity or verified; with a minus before it, the greatest first" example:"-verified"`
	Limit    int       `query:"limit" default:"200" minimum:"1" maximum:"1000" doc:"Facilities per page"`
	Cursor   string    `query:"cursor" maxLength:"1000" doc:"next of the page before"`
	Count    bool      `query:"count" doc:"Say on the first page how many there are in all"`
	Valid    string    `query:"valid" maxLength:"10" doc:"As they were in force on this day" example:"2026-11-27"`
	Recorded time.Time `query:"recorded" doc:"As they were known at this moment"`
	httpapi.Conditional
}

// Facility is one record of the registry as the API gives it.
type Facility struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	NameZH   string   `json:"name_zh"`
	NameEN   string   `json:"name_en"`
	Status   string   `json:"status" enum:"planned,building,open,suspended,closed"`
	Example  bool     `json:"example" doc:"Placed by rule, not a real place: label it 示例"`
	Address  string   `json:"address"`
	Capacity int      `json:"capacity" doc:"0 when unknown; the unit follows from the type"`
	Serves   []string `json:"serves" nullable:"false" doc:"Codes of the communities it is assigned to"`
	Division string   `json:"division_code"`
	Lon      *float64 `json:"lon" nullable:"true" doc:"null while the position is not known (待落图)"`
	Lat      *float64 `json:"lat" nullable:"true"`

	Stage           string         `json:"stage" enum:"draft,submitted,published" doc:"How far the office is with the record"`
	PlacedBy        string         `json:"placed_by" enum:",given,address,map" doc:"Where the position comes from; empty while it is not known"`
	PlaceConfidence int            `json:"place_confidence" doc:"1 to 100 for a position found from the address, else 0"`
	USCC            string         `json:"uscc" doc:"统一社会信用代码 of the operator; several places may share it"`
	InstitutionCode string         `json:"institution_code" doc:"In the register of a higher authority"`
	BureauNo        string         `json:"bureau_no" doc:"The bureau's own number"`
	Fields          map[string]any `json:"fields" doc:"What the type declares, see /api/v1/facility-types; what is not known is left out"`
	VerifiedOn      *string        `json:"verified_on" nullable:"true" format:"date" doc:"Last day somebody held the record against the place"`
	ReplacedBy      []string       `json:"replaced_by" nullable:"false" doc:"Ids of what took its place; a tombstone where there are any"`
}

// facilityRow is one record of a list.
type facilityRow struct {
	FacilityRecord
	Overdue bool `json:"overdue" doc:"Due to be held against the place, by the rule of its subdistrict"`
}

type facilityPage struct {
	Facilities []facilityRow `json:"facilities" nullable:"false"`
	Next       *string       `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
	Total      *int          `json:"total,omitempty" doc:"Of the whole list, on the first page, where it was asked for"`
}

func facilityOf(f facilities.Facility) Facility {
	out := Facility{
		ID: f.ID, Type: string(f.Type), NameZH: f.NameZH, NameEN: f.NameEN, Status: string(f.Status), Example: f.Example,
		Address: f.Address, Capacity: f.Capacity, Serves: append([]string{}, f.Serves...), Division: f.DivisionCode,
		Stage: string(f.Stage), PlacedBy: string(f.PlacedBy), PlaceConfidence: f.PlaceConfidence,
		USCC: f.USCC, InstitutionCode: f.InstitutionCode, BureauNo: f.BureauNo,
		Fields: facilities.TidyFields(f.Fields), ReplacedBy: append([]string{}, f.ReplacedBy...),
	}
	if !f.Unplaced {
		lon, lat := f.Point.Lon(), f.Point.Lat()
		out.Lon, out.Lat = &lon, &lat
	}
	if f.VerifiedOn != "" {
		day := string(f.VerifiedOn)
		out.VerifiedOn = &day
	}
	return out
}

func (h handlers) list(ctx context.Context, in *listInput) (*httpapi.Reply[facilityPage], error) {
	filter, err := h.filter(ctx, in.FacilityFilter)
	if err != nil {
		return nil, problem(err)
	}
	at, err := asOf(in.Valid, in.Recorded)
	if err != nil {
		return nil, problem(err)
	}
	p := facilities.Page{Limit: in.Limit, Count: in.Count}
	var ok bool
	if p.Sort, p.Descending, ok = facilities.ParseSort(in.Sort); !ok {
		return nil, problem(errBadSort)
	}
	if p.After, err = decodeCursor(in.Sort, in.Cursor); err != nil {
		return nil, problem(err)
	}
	list, err := h.records.List(ctx, filter, p, at)
	if err != nil {
		return nil, problem(err)
	}
	return pageOf(in, list)
}

// pageOf is a list as the API gives it. Its entity tag is made from what it says, which
// spares sending it again, not working it out.
func pageOf(in *listInput, list facilities.List) (*httpapi.Reply[facilityPage], error) {
	out := &facilityPage{Facilities: make([]facilityRow, len(list.Facilities)), Total: list.Total}
	for i, f := range list.Facilities {
		out.Facilities[i] = facilityRow{FacilityRecord: recordOf(f), Overdue: list.Overdue[f.ID]}
	}
	if list.Next != nil {
		next := encodeCursor(in.Sort, *list.Next)
		out.Next = &next
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode a list: %w", err)
	}
	tag := fmt.Sprintf("\"%x\"", sha256.Sum256(raw))
	return httpapi.ReplyUnlessHeld(in.Conditional, tag, func() (*facilityPage, error) { return out, nil })
}

// filter reads a filter and looks whether there are the types that it names.
func (h handlers) filter(ctx context.Context, q FacilityFilter) (facilities.Filter, error) {
	f, err := q.Filter()
	if err != nil {
		return f, err
	}
	r, err := h.src.Registry(ctx)
	if err != nil {
		return f, err
	}
	for _, wanted := range f.Types {
		if !slices.ContainsFunc(r.Types, func(t facilities.TypeInfo) bool { return t.Type == wanted }) {
			return f, errUnknownType
		}
	}
	return f, nil
}

// asOf is the day and the moment that a list or a record is asked for.
func asOf(valid string, recorded time.Time) (record.At, error) {
	at := record.At{Known: recorded}
	if valid == "" {
		return at, nil
	}
	day, ok := record.ParseDay(valid)
	if !ok {
		return at, errBadDay
	}
	at.Valid = day
	return at, nil
}

type facilityCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

type facilityCounts struct {
	Total    int             `json:"total"`
	Unplaced int             `json:"unplaced" doc:"Whose position is not known (待落图)"`
	Overdue  int             `json:"overdue" doc:"Due to be held against the place"`
	Types    []facilityCount `json:"types" nullable:"false"`
	Statuses []facilityCount `json:"statuses" nullable:"false"`
	Stages   []facilityCount `json:"stages" nullable:"false"`
}

type countsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         facilityCounts
}

func (h handlers) counts(ctx context.Context, in *struct{ FacilityFilter }) (*countsReply, error) {
	filter, err := h.filter(ctx, in.FacilityFilter)
	if err != nil {
		return nil, problem(err)
	}
	c, err := h.records.Count(ctx, filter)
	if err != nil {
		return nil, problem(err)
	}
	return &countsReply{CacheControl: "no-store", Body: facilityCounts{
		Total: c.Total, Unplaced: c.Unplaced, Overdue: c.Overdue,
		Types: sortedCounts(c.ByType), Statuses: sortedCounts(c.ByStatus), Stages: sortedCounts(c.ByStage),
	}}, nil
}

// sortedCounts lists counts, those of the most first.
func sortedCounts[K ~string](counts map[K]int) []facilityCount {
	out := make([]facilityCount, 0, len(counts))
	for value, n := range counts {
		out = append(out, facilityCount{string(value), n})
	}
	slices.SortFunc(out, func(a, b facilityCount) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.Value, b.Value)
	})
	return out
}

// cursor is the last record of a page, made opaque so that nobody builds on its form. It
// belongs to one order of the list.
type cursor struct {
	Sort  string `json:"s"`
	Value string `json:"v"`
	ID    string `json:"i"`
}

func encodeCursor(sort string, c facilities.Cursor) string {
	raw, err := json.Marshal(cursor{sort, c.Value, c.ID})
	if err != nil {
		return "" // texts can always be encoded
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func decodeCursor(sort, text string) (*facilities.Cursor, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no cursor is the first page
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	var c cursor
	if err := errors.Join(err, json.Unmarshal(raw, &c)); err != nil || c.Sort != sort {
		return nil, ErrBadCursor
	}
	return &facilities.Cursor{Value: c.Value, ID: c.ID}, nil
}
