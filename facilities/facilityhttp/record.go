package facilityhttp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Records reads and writes single facilities, as the person of the context may. Besides
// those named, its errors are problems already, or faults of the server. It is safe for
// concurrent use.
type Records interface {
	// List gives a page of the facilities that a filter means, as of At; the zero value is
	// now. ErrNotReady, ErrUnknownDivision, ErrBadCursor and *record.InvalidError.
	List(ctx context.Context, f facilities.Filter, p facilities.Page, at record.At) (facilities.List, error)
	// Count counts them, as they are now. As List.
	Count(ctx context.Context, f facilities.Filter) (facilities.Counts, error)
	// Create registers a facility, once for each idempotency key. ErrNotReady and
	// *record.InvalidError.
	Create(ctx context.Context, f facilities.Facility, c record.Change) (facilities.Facility, error)
	// Update changes the facility of which the client saw a version. ErrNotReady,
	// ErrNotFound and *record.InvalidError.
	Update(ctx context.Context, id string, expected int, p facilities.Patch, c record.Change) (facilities.Facility, error)
	// Verify says that a facility was held against the place on a day; today where that is
	// "". As Update, once for each idempotency key.
	Verify(ctx context.Context, id string, expected int, day record.Day, reason string) (facilities.Facility, error)
	// Merge makes one record of two and gives the one that stays. As Verify.
	Merge(ctx context.Context, id string, expected int, into string, intoVersion int, m facilities.Merge) (facilities.Facility, error)
	// Unmerge undoes the merge of a record and gives it as it is then. As Verify, and
	// ErrNotMerged.
	Unmerge(ctx context.Context, id string, expected int, reason string) (facilities.Facility, error)
	// Split makes several records of one and gives them. As Verify.
	Split(ctx context.Context, id string, expected int, parts []facilities.Patch, reason string) ([]facilities.Facility, error)
	// AsOf gives a facility as it was, the present version for the zero At; a part that
	// is not given is now. ErrNotReady and ErrNotFound.
	AsOf(ctx context.Context, id string, at record.At) (facilities.Facility, error)
	// History gives the versions of a facility, the newest first. ErrNotReady and ErrNotFound.
	History(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
}

// What Records return besides.
var (
	// ErrNotFound says that there is no such facility, or was none then.
	ErrNotFound = errors.New("no such facility")
	// ErrNotMerged says that there is no merge to undo.
	ErrNotMerged = errors.New("the record was not merged into one other")
	// ErrUnknownDivision says that a list is asked for of a division that there is not.
	ErrUnknownDivision = errors.New("no such division")
	// ErrBadCursor says that a page is asked for after what is no record of the list.
	ErrBadCursor = errors.New("cursor is not one of ours")
)

const onePath = "/api/v1/facilities/{id}"

// registerRecords mounts the operations on single records.
func (h handlers) registerRecords(api huma.API) {
	tags := []string{"facilities"}
	httpapi.Register(api, huma.Operation{
		OperationID: "facility", Method: http.MethodGet, Path: onePath, Tags: tags,
		Summary: "One facility, now or as of a day and a moment · 设施",
		Description: "Its entity tag is the version of the record. What it was before needs the right to read history. " +
			"A tombstone is answered as it is; replaced_by, and a Link of the relation successor-version, say what took its place.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
		},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-facility", Method: http.MethodPost, Path: "/api/v1/facilities", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary:     "Register a facility · 登记设施",
		Description: "The division follows from the point. The same request with the same Idempotency-Key gives the same facility again.",
		Errors: []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
		},
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-facility", Method: http.MethodPatch, Path: onePath, Tags: tags,
		Summary: "Change a facility · 变更设施",
		Description: "A merge patch: what is left out stays, and nothing is null. If-Match is the entity tag of the version that was seen. " +
			"The change holds from valid_from on, or, as a correction, for as long as the present version does. " +
			"One that changes nothing leaves no version behind.",
		Errors: []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired, http.StatusServiceUnavailable,
		},
	}, h.update)
	h.registerLife(api)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags,
		Summary:     "The versions of a facility · 设施历史",
		Description: "Who made each version, when and why, and what it has otherwise than the one before.",
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.history)
}

// FacilityRecord is one facility with what a writer must know of the record.
type FacilityRecord struct {
	Facility
	Version   int     `json:"version" doc:"Version of the record, also its entity tag"`
	ValidFrom *string `json:"valid_from" nullable:"true" doc:"First day of this version; null without a beginning" example:"2026-11-27"`
	Edited    bool    `json:"edited" doc:"People wrote it here, so that loading the data pack again leaves it alone"`
}

func recordOf(f facilities.Facility) FacilityRecord {
	out := FacilityRecord{Facility: facilityOf(f), Version: f.Version, Edited: f.Edited}
	if f.ValidFrom != "" {
		day := string(f.ValidFrom)
		out.ValidFrom = &day
	}
	return out
}

// wholeFacility is a record asked for by itself, with what may become of it.
type wholeFacility struct {
	FacilityRecord
	NextStatuses []facilities.Status `json:"next_statuses" nullable:"false" doc:"What the place may become, but for a correction"`
	NextStages   []facilities.Stage  `json:"next_stages" nullable:"false" doc:"Where the office may take the record, as far as rights go"`
}

func wholeOf(f facilities.Facility) wholeFacility {
	return wholeFacility{FacilityRecord: recordOf(f), NextStatuses: facilities.NextStatuses(f), NextStages: facilities.NextStages(f)}
}

type oneInput struct {
	ID       string    `path:"id" maxLength:"64"`
	Valid    string    `query:"valid" maxLength:"10" doc:"As it was in force on this day; today when only recorded is given" example:"2026-11-27"`
	Recorded time.Time `query:"recorded" doc:"As it was known at this moment; now when only valid is given" example:"2026-11-27T08:00:00+08:00"`
	httpapi.Conditional
}

// oneReply is a record, or the word (304) that it has not changed.
type oneReply struct {
	Status       int
	ETag         string   `header:"ETag"`
	CacheControl string   `header:"Cache-Control"`
	Link         []string `header:"Link" doc:"Of a tombstone: what took its place, as successor-version"`
	Body         *wholeFacility
}

func (h handlers) one(ctx context.Context, in *oneInput) (*oneReply, error) {
	at, err := asOf(in.Valid, in.Recorded)
	if err != nil {
		return nil, problem(err)
	}
	f, err := h.records.AsOf(ctx, in.ID, at)
	if err != nil {
		return nil, problem(err)
	}
	reply := &oneReply{Status: http.StatusNotModified, ETag: httpapi.ETag(f.Version), CacheControl: "private, no-cache"}
	for _, id := range f.ReplacedBy {
		reply.Link = append(reply.Link, `</api/v1/facilities/`+id+`>; rel="successor-version"`)
	}
	if !httpapi.Held(reply.ETag, in.IfNoneMatch) {
		whole := wholeOf(f)
		reply.Status, reply.Body = http.StatusOK, &whole
	}
	return reply, nil
}

// newFacility is what a person writes of a facility that is to be registered.
type newFacility struct {
	Type      string   `json:"type" maxLength:"64" example:"elderly_canteen"`
	NameZH    string   `json:"name_zh" maxLength:"100"`
	NameEN    string   `json:"name_en,omitempty" maxLength:"100"`
	Status    string   `json:"status" enum:"planned,building,open,suspended,closed"`
	Address   string   `json:"address,omitempty" maxLength:"200"`
	Capacity  int      `json:"capacity,omitempty" doc:"0 when unknown; the unit follows from the type"`
	Serves    []string `json:"serves,omitempty" nullable:"false" maxItems:"500" doc:"Codes of the communities it is assigned to"`
	Lon       *float64 `json:"lon,omitempty" doc:"Left out with lat while the position is not known"`
	Lat       *float64 `json:"lat,omitempty"`
	Reason    string   `json:"reason" maxLength:"500" doc:"Why it is registered"`
	ValidFrom string   `json:"valid_from,omitempty" format:"date" doc:"First day on which it is so, today at the latest; today when left out"`

	Stage           string         `json:"stage,omitempty" enum:"draft,submitted,published" doc:"Published when left out by who may publish, else submitted"`
	DivisionCode    string         `json:"division_code,omitempty" maxLength:"32" doc:"Where it belongs while its position is not known; else it follows from the point"`
	PlacedBy        string         `json:"placed_by,omitempty" enum:"given,address,map" doc:"Where the position comes from; given when left out"`
	PlaceConfidence int            `json:"place_confidence,omitempty" minimum:"0" maximum:"100"`
	USCC            string         `json:"uscc,omitempty" maxLength:"64"`
	InstitutionCode string         `json:"institution_code,omitempty" maxLength:"64"`
	BureauNo        string         `json:"bureau_no,omitempty" maxLength:"64"`
	Fields          map[string]any `json:"fields,omitempty" doc:"What the type declares"`
	VerifiedOn      string         `json:"verified_on,omitempty" format:"date"`
}

// facility is the record to be made of it, and the faults of what does not fit together.
func (b newFacility) facility() (facilities.Facility, []record.Fault) {
	f := facilities.Facility{
		Type: facilities.Type(b.Type), NameZH: b.NameZH, NameEN: b.NameEN, Status: facilities.Status(b.Status), Stage: facilities.Stage(b.Stage),
		Address: b.Address, Capacity: b.Capacity, Serves: b.Serves, DivisionCode: b.DivisionCode,
		PlacedBy: facilities.Placing(b.PlacedBy), PlaceConfidence: b.PlaceConfidence,
		USCC: b.USCC, InstitutionCode: b.InstitutionCode, BureauNo: b.BureauNo, Fields: b.Fields, VerifiedOn: record.Day(b.VerifiedOn),
	}
	switch {
	case b.Lon != nil && b.Lat != nil:
		f.Point = orb.Point{*b.Lon, *b.Lat}
	case b.Lon == nil && b.Lat == nil:
		f.Unplaced = true
	default:
		missing := "lat"
		if b.Lon == nil {
			missing = "lon"
		}
		return f, []record.Fault{{Field: missing, ZH: "经度和纬度应一并填写，或都不填", EN: "longitude and latitude go together, or both are left out"}}
	}
	return f, nil
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body newFacility
}

type facilityReply struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     wholeFacility
}

func (h handlers) create(ctx context.Context, in *createInput) (*facilityReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	made, faults := in.Body.facility()
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	f, err := h.records.Create(ctx, made, record.Change{Reason: in.Body.Reason, ValidFrom: record.Day(in.Body.ValidFrom)})
	if err != nil {
		return nil, problem(err)
	}
	return &facilityReply{ETag: httpapi.ETag(f.Version), Location: "/api/v1/facilities/" + f.ID, Body: wholeOf(f)}, nil
}

// FacilityChanges are what a person wants otherwise of a facility; what is left out stays.
type FacilityChanges struct {
	Type            *facilities.Type    `json:"type,omitempty" maxLength:"64"`
	NameZH          *string             `json:"name_zh,omitempty" maxLength:"100"`
	NameEN          *string             `json:"name_en,omitempty" maxLength:"100"`
	Status          *facilities.Status  `json:"status,omitempty" enum:"planned,building,open,suspended,closed"`
	Stage           *facilities.Stage   `json:"stage,omitempty" enum:"draft,submitted,published"`
	Address         *string             `json:"address,omitempty" maxLength:"200"`
	Capacity        *int                `json:"capacity,omitempty" doc:"0 when unknown"`
	Serves          *[]string           `json:"serves,omitempty" nullable:"false" maxItems:"500"`
	Lon             *float64            `json:"lon,omitempty"`
	Lat             *float64            `json:"lat,omitempty"`
	PlacedBy        *facilities.Placing `json:"placed_by,omitempty" enum:"given,address,map" doc:"Given when left out with a new position"`
	PlaceConfidence *int                `json:"place_confidence,omitempty" minimum:"0" maximum:"100"`
	Unplaced        *bool               `json:"unplaced,omitempty" doc:"true takes the position away"`
	DivisionCode    *string             `json:"division_code,omitempty" maxLength:"32" doc:"Of a record that is not placed"`
	USCC            *string             `json:"uscc,omitempty" maxLength:"64"`
	InstitutionCode *string             `json:"institution_code,omitempty" maxLength:"64"`
	BureauNo        *string             `json:"bureau_no,omitempty" maxLength:"64"`
	Fields          facilityFieldPatch  `json:"fields,omitempty" doc:"By name; those left out stay, null takes a value out"`
	VerifiedOn      *record.Day         `json:"verified_on,omitempty" format:"date"`
}

func (b FacilityChanges) patch() facilities.Patch {
	return facilities.Patch{
		Type: b.Type, NameZH: b.NameZH, NameEN: b.NameEN, Status: b.Status, Address: b.Address,
		Capacity: b.Capacity, Serves: b.Serves, Lon: b.Lon, Lat: b.Lat,
		Stage: b.Stage, PlacedBy: b.PlacedBy, PlaceConfidence: b.PlaceConfidence, Unplaced: b.Unplaced, DivisionCode: b.DivisionCode,
		USCC: b.USCC, InstitutionCode: b.InstitutionCode, BureauNo: b.BureauNo, Fields: b.Fields, VerifiedOn: b.VerifiedOn,
	}
}

// facilityPatch is a change with what is said of it.
type facilityPatch struct {
	FacilityChanges
	Reason     string `json:"reason" maxLength:"500" doc:"Why it is changed"`
	ValidFrom  string `json:"valid_from,omitempty" format:"date" doc:"First day on which it is so: not before that of the present version, today at the latest; today when left out"`
	Correction bool   `json:"correction,omitempty" doc:"It was so all along: the present version was wrong from its first day"`

	nulls []record.Fault
}

// UnmarshalJSON reads a patch and keeps what is null in it.
func (p *facilityPatch) UnmarshalJSON(raw []byte) error {
	type plain facilityPatch
	p.nulls = httpapi.NullFields(raw)
	return json.Unmarshal(raw, (*plain)(p))
}

// facilityFieldPatch are values of what a type declares, by name; null takes one out.
type facilityFieldPatch map[string]any

// Schema lets a value be null, which that of a plain map does not.
func (facilityFieldPatch) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

type updateInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    facilityPatch
}

type facilityChanged struct {
	ETag string `header:"ETag"`
	Body wholeFacility
}

func (h handlers) update(ctx context.Context, in *updateInput) (*facilityChanged, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	b := in.Body
	if err := record.Invalid(b.nulls); err != nil {
		return nil, problem(err)
	}
	f, err := h.records.Update(ctx, in.ID, expected, b.patch(), record.Change{Reason: b.Reason, ValidFrom: record.Day(b.ValidFrom), Correction: b.Correction})
	if err != nil {
		return nil, problem(err)
	}
	return &facilityChanged{ETag: httpapi.ETag(f.Version), Body: wholeOf(f)}, nil
}

type historyInput struct {
	ID string `path:"id" maxLength:"64"`
}

func (h handlers) history(ctx context.Context, in *historyInput) (*httpapi.RecordHistory, error) {
	list, err := h.records.History(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}
