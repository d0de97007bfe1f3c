package premiseshttp

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/facilities/premises"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// registerRooms mounts the operations on single rooms.
func (h handlers) registerRooms(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "premises-room", Method: http.MethodGet, Path: onePath, Tags: tags(),
		Summary:     "One room of the ledger with what the rules say of it · 用房",
		Description: "Its entity tag is the version of the record.",
		Errors:      []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-premises", Method: http.MethodPost, Path: listPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Enter a room into the ledger · 登记用房",
		Description: "The division follows from the point where none is given. The same request with the same Idempotency-Key gives the same room again.",
		Errors:      []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-premises", Method: http.MethodPatch, Path: onePath, Tags: tags(),
		Summary: "Change a room · 变更用房",
		Description: "A merge patch: what is left out stays. lon and lat may be null, both, to take the room off the map; nothing else is null. " +
			"Moving it without naming a division takes the one in which the point lies.",
		Errors: []int{
			http.StatusUnauthorized,
			http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity,
			http.StatusPreconditionRequired, http.StatusServiceUnavailable,
		},
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-premises", Method: http.MethodDelete, Path: onePath, Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary:     "Remove a room that should never have been entered · 删除误登用房",
		Description: "Its history stays. A room that was inspected is withdrawn instead: 409.",
		Errors: []int{
			http.StatusUnauthorized,
			http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.remove)
	httpapi.Register(api, huma.Operation{
		OperationID: "premises-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags(),
		Summary: "The versions of a room · 用房历史", Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.history)
}

type onePremises struct {
	ID string `path:"id" maxLength:"64"`
}

type roomReply = httpapi.RecordReply[PremisesRecord]

func (h handlers) reply(i premises.Item) *roomReply {
	return httpapi.ReplyWith(i.Version, recordOf(i, h.ledger.Today()))
}

func (h handlers) one(ctx context.Context, in *onePremises) (*roomReply, error) {
	i, err := h.ledger.One(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return h.reply(i), nil
}

type newPremises struct {
	PremisesContent
	httpapi.RecordEntry
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body newPremises
}

func (h handlers) create(ctx context.Context, in *createInput) (*roomReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	r, faults := in.Body.room()
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	i, err := h.ledger.Create(ctx, r, in.Body.Change())
	if err != nil {
		return nil, problem(err)
	}
	reply := h.reply(i)
	reply.Location = listPath + "/" + i.ID
	return reply, nil
}

func (c PremisesContent) room() (premises.Room, []record.Fault) {
	var faults []record.Fault
	r := premises.Room{
		LedgerNo: c.LedgerNo, Name: c.Name, Estate: c.Estate, Building: c.Building, Floor: c.Floor, RoomNo: c.RoomNo, Address: c.Address, DivisionCode: c.DivisionCode,
		Owner: c.Owner, Title: premises.Title(c.Title), ApprovedUse: premises.Use(c.ApprovedUse), PresentUse: premises.Use(c.PresentUse),
		Parts: partsOf(c.Parts, &faults), Area: areaOf(c.AreaM2, "area_m2", &faults), LandShare: areaOf(c.LandShareM2, "land_share_m2", &faults),
		State: premises.State(c.State), PlannedOn: record.Day(c.PlannedOn), BuiltOn: record.Day(c.BuiltOn), AcceptedOn: record.Day(c.AcceptedOn),
		HandedOverOn: record.Day(c.HandedOverOn), WithdrawnOn: record.Day(c.WithdrawnOn), KeyHolder: c.KeyHolder, KeyContact: c.KeyContact,
		FacilityID: c.FacilityID, ObtainedBy: premises.Obtained(c.ObtainedBy), Documents: c.Documents, Note: c.Note,
	}
	faults = append(faults, half(c.Lon, c.Lat)...)
	if c.Lon != nil && c.Lat != nil {
		r.Point, r.Placed = orb.Point{*c.Lon, *c.Lat}, true
	}
	return r, faults
}

// half are the faults of a position of which only one part is given.
func half(lon, lat *float64) []record.Fault {
	const zh, en = "经度和纬度应同时填写", "longitude and latitude go together"
	switch {
	case lon == nil && lat != nil:
		return []record.Fault{{Field: "lon", ZH: zh, EN: en}}
	case lat == nil && lon != nil:
		return []record.Fault{{Field: "lat", ZH: zh, EN: en}}
	}
	return nil
}

// premisesPatch is what a person wants otherwise.
type premisesPatch struct {
	LedgerNo     *string         `json:"ledger_no,omitempty" maxLength:"40"`
	Name         *string         `json:"name,omitempty" maxLength:"100"`
	Estate       *string         `json:"estate,omitempty" maxLength:"100"`
	Building     *string         `json:"building,omitempty" maxLength:"40"`
	Floor        *string         `json:"floor,omitempty" maxLength:"40"`
	RoomNo       *string         `json:"room_no,omitempty" maxLength:"40"`
	Address      *string         `json:"address,omitempty" maxLength:"200"`
	DivisionCode *string         `json:"division_code,omitempty" maxLength:"32"`
	Lon          *float64        `json:"lon,omitempty" nullable:"true"`
	Lat          *float64        `json:"lat,omitempty" nullable:"true"`
	Owner        *string         `json:"owner,omitempty" maxLength:"100"`
	Title        *string         `json:"title,omitempty" maxLength:"40"`
	ApprovedUse  *string         `json:"approved_use,omitempty" maxLength:"40"`
	PresentUse   *string         `json:"present_use,omitempty" maxLength:"40"`
	Parts        *[]PremisesPart `json:"parts,omitempty" nullable:"false" maxItems:"12"`
	AreaM2       *float64        `json:"area_m2,omitempty"`
	LandShareM2  *float64        `json:"land_share_m2,omitempty"`
	State        *string         `json:"state,omitempty" maxLength:"40"`
	PlannedOn    *string         `json:"planned_on,omitempty" maxLength:"10"`
	BuiltOn      *string         `json:"built_on,omitempty" maxLength:"10"`
	AcceptedOn   *string         `json:"accepted_on,omitempty" maxLength:"10"`
	HandedOverOn *string         `json:"handed_over_on,omitempty" maxLength:"10"`
	WithdrawnOn  *string         `json:"withdrawn_on,omitempty" maxLength:"10"`
	KeyHolder    *string         `json:"key_holder,omitempty" maxLength:"100"`
	KeyContact   *string         `json:"key_contact,omitempty" maxLength:"100"`
	FacilityID   *string         `json:"facility_id,omitempty" maxLength:"64"`
	ObtainedBy   *string         `json:"obtained_by,omitempty" maxLength:"40"`
	Documents    *[]string       `json:"documents,omitempty" nullable:"false" maxItems:"20"`
	Note         *string         `json:"note,omitempty" maxLength:"1000"`
	httpapi.RecordRevision

	unplace bool
	nulls   []record.Fault
}

// UnmarshalJSON reads a patch, and keeps what is null in it: a position may be, both
// parts of it, and nothing else.
func (p *premisesPatch) UnmarshalJSON(raw []byte) error {
	type plain premisesPatch
	nulls := map[string]bool{}
	for _, f := range httpapi.NullFields(raw) {
		if f.Field == "lon" || f.Field == "lat" {
			nulls[f.Field] = true
			continue
		}
		p.nulls = append(p.nulls, f)
	}
	p.unplace = nulls["lon"] && nulls["lat"]
	if err := json.Unmarshal(raw, (*plain)(p)); err != nil {
		return err
	}
	if !p.unplace && len(nulls) > 0 {
		p.nulls = append(p.nulls, half(p.Lon, p.Lat)...)
		if p.Lon == nil && p.Lat == nil { // one is null and the other is not said
			p.nulls = append(p.nulls, record.Fault{Field: "lon", Value: "null", ZH: "经度和纬度应同时清空", EN: "longitude and latitude are emptied together"})
		}
	}
	return nil
}

func (p *premisesPatch) patch() (premises.Patch, []record.Fault) {
	faults := append([]record.Fault{}, p.nulls...)
	out := premises.Patch{
		LedgerNo: p.LedgerNo, Name: p.Name, Estate: p.Estate, Building: p.Building, Floor: p.Floor, RoomNo: p.RoomNo, Address: p.Address, DivisionCode: p.DivisionCode,
		Lon: p.Lon, Lat: p.Lat, Unplace: p.unplace, Owner: p.Owner, Title: as[premises.Title](p.Title), ApprovedUse: as[premises.Use](p.ApprovedUse),
		PresentUse: as[premises.Use](p.PresentUse), State: as[premises.State](p.State), PlannedOn: as[record.Day](p.PlannedOn), BuiltOn: as[record.Day](p.BuiltOn),
		AcceptedOn: as[record.Day](p.AcceptedOn), HandedOverOn: as[record.Day](p.HandedOverOn), WithdrawnOn: as[record.Day](p.WithdrawnOn),
		KeyHolder: p.KeyHolder, KeyContact: p.KeyContact, FacilityID: p.FacilityID, ObtainedBy: as[premises.Obtained](p.ObtainedBy),
		Documents: p.Documents, Note: p.Note,
	}
	if p.KeyContact != nil && *p.KeyContact == premises.Masked {
		out.KeyContact = nil // it came masked and goes back as it came
	}
	if p.AreaM2 != nil {
		a := areaOf(*p.AreaM2, "area_m2", &faults)
		out.Area = &a
	}
	if p.LandShareM2 != nil {
		a := areaOf(*p.LandShareM2, "land_share_m2", &faults)
		out.LandShare = &a
	}
	if p.Parts != nil {
		parts := partsOf(*p.Parts, &faults)
		out.Parts = &parts
	}
	return out, faults
}

// as gives a text as a word of another kind; nil stays nil.
func as[T ~string](s *string) *T {
	if s == nil {
		return nil
	}
	v := T(*s)
	return &v
}

func itoa(i int) string { return strconv.Itoa(i) }

type updateInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    premisesPatch
}

func (h handlers) update(ctx context.Context, in *updateInput) (*roomReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	patch, faults := in.Body.patch()
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	i, err := h.ledger.Update(ctx, in.ID, expected, patch, in.Body.Change())
	if err != nil {
		return nil, problem(err)
	}
	return h.reply(i), nil
}

func (h handlers) remove(ctx context.Context, in *httpapi.RecordRemoval) (*struct{}, error) {
	return in.Remove(ctx, h.ledger.Remove, problem)
}

func (h handlers) history(ctx context.Context, in *onePremises) (*httpapi.RecordHistory, error) {
	list, err := h.ledger.History(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}
