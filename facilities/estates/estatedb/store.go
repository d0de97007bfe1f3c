// Package estatedb stores new housing estates with their phases and planned rooms. It knows
// the tables of migration 0023; what an estate is, and what it owes, are rules of
// facilities/estates.
package estatedb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/papers/paperdb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Store reads and writes estates. It is safe for concurrent use.
type Store struct {
	*paperdb.Shelf // the templates of letters
	db             *postgres.DB
}

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{Shelf: templatesOf(db), db: db} }

// columns of an estate, with the alias e, as scanEstate reads them.
const columns = `e.id::text, e.version, e.name, e.place_name_id, e.kind, e.division_code, e.boundary, e.developer, coalesce(e.completed_on::text, ''),
	e.households, e.people, e.measured_people, e.site_area, e.housing_floor, e.floor_above, e.floor_below, e.phases, e.rooms, e.conditions, e.plan, e.provided,
	e.hub, e.note, coalesce(lower(e.valid)::text, '')`

// phase is an estates.Phase as it is stored.
type phase struct {
	No              int        `json:"no"`
	Name            string     `json:"name,omitempty"`
	Households      int        `json:"households,omitempty"`
	HousingStarted  record.Day `json:"housing_started_on,omitempty"`
	HousingAccepted record.Day `json:"housing_accepted_on,omitempty"`
}

// part is a premises.Part as it is stored.
type part struct {
	Use       premises.Use  `json:"use"`
	Area      premises.Area `json:"area"` // square decimetres
	CountsFor premises.Norm `json:"counts_for,omitempty"`
}

// room is an estates.Room as it is stored. Areas are square decimetres.
type room struct {
	ID           string        `json:"id"`
	LedgerID     string        `json:"ledger_id,omitempty"`
	Name         string        `json:"name,omitempty"`
	Building     string        `json:"building,omitempty"`
	Floor        string        `json:"floor,omitempty"`
	RoomNo       string        `json:"room_no,omitempty"`
	Use          premises.Use  `json:"use,omitempty"`
	Parts        []part        `json:"parts,omitempty"`
	Area         premises.Area `json:"area,omitempty"`
	Land         premises.Area `json:"land_share,omitempty"`
	Phase        int           `json:"phase,omitempty"`
	OwnEntrance  *bool         `json:"own_entrance,omitempty"`
	Lift         *bool         `json:"lift,omitempty"`
	Position     *orb.Point    `json:"position,omitempty"` // longitude and latitude
	PresentUse   premises.Use  `json:"present_use,omitempty"`
	StartedOn    record.Day    `json:"started_on,omitempty"`
	AcceptedOn   record.Day    `json:"accepted_on,omitempty"`
	HandedOverOn record.Day    `json:"handed_over_on,omitempty"`
}

func (r room) read() estates.Room {
	out := estates.Room{
		ID: r.ID, LedgerID: r.LedgerID, Name: r.Name, Building: r.Building, Floor: r.Floor, RoomNo: r.RoomNo, Use: r.Use, Area: r.Area, Land: r.Land, Phase: r.Phase,
		OwnEntrance: r.OwnEntrance, Lift: r.Lift, PresentUse: r.PresentUse, StartedOn: r.StartedOn, AcceptedOn: r.AcceptedOn, HandedOverOn: r.HandedOverOn,
	}
	for _, p := range r.Parts {
		out.Parts = append(out.Parts, premises.Part(p))
	}
	if r.Position != nil {
		out.Point, out.Placed = *r.Position, true
	}
	return out
}

func storedRoom(r estates.Room) room {
	out := room{
		ID: r.ID, LedgerID: r.LedgerID, Name: r.Name, Building: r.Building, Floor: r.Floor, RoomNo: r.RoomNo, Use: r.Use, Area: r.Area, Land: r.Land, Phase: r.Phase,
		OwnEntrance: r.OwnEntrance, Lift: r.Lift, PresentUse: r.PresentUse, StartedOn: r.StartedOn, AcceptedOn: r.AcceptedOn, HandedOverOn: r.HandedOverOn,
	}
	for _, p := range r.Parts {
		out.Parts = append(out.Parts, part(p))
	}
	if r.Placed {
		at := r.Point
		out.Position = &at
	}
	return out
}

// paper is an estates.Paper as it is stored.
type paper struct {
	Number string     `json:"number,omitempty"`
	Day    record.Day `json:"day,omitempty"`
	Title  string     `json:"title,omitempty"`
}

func storedPaper(p estates.Paper) *paper {
	if p == (estates.Paper{}) {
		return nil
	}
	out := paper(p)
	return &out
}

func (p *paper) read() estates.Paper {
	if p == nil {
		return estates.Paper{}
	}
	return estates.Paper(*p)
}

// hub is an estates.Hub as it is stored.
type hub struct {
	Area      premises.Area     `json:"area,omitempty"`
	Functions []estates.Element `json:"functions,omitempty"`
}

func storedHub(h *estates.Hub) *hub {
	if h == nil {
		return nil
	}
	out := hub(*h)
	return &out
}

// estateRow is where an estate is scanned to.
type estateRow struct {
	estate           estates.Estate
	phases           []phase
	rooms            []room
	conditions, plan *paper
	hub              *hub
}

func (r *estateRow) targets() []any {
	e := &r.estate
	return []any{
		&e.ID, &e.Version, &e.Name, &e.PlaceNameID, &e.Kind, &e.DivisionCode, &e.Boundary, &e.Developer, &e.CompletedOn,
		&e.Households, &e.People, &e.Measured, &e.SiteArea, &e.HousingFloor, &e.FloorAbove, &e.FloorBelow, &r.phases, &r.rooms, &r.conditions, &r.plan, &e.Provided,
		&r.hub, &e.Note, &e.ValidFrom,
	}
}

func (r *estateRow) read() estates.Estate {
	e := r.estate
	for _, p := range r.phases {
		e.Phases = append(e.Phases, estates.Phase(p))
	}
	for _, room := range r.rooms {
		e.Rooms = append(e.Rooms, room.read())
	}
	e.Conditions, e.Plan = r.conditions.read(), r.plan.read()
	if r.hub != nil {
		h := estates.Hub(*r.hub)
		e.Hub = &h
	}
	if len(e.Provided) == 0 {
		e.Provided = nil
	}
	return e
}

func scanEstate(row pgx.CollectableRow) (estates.Estate, error) {
	var r estateRow
	err := row.Scan(r.targets()...)
	return r.read(), err
}

func estateRows() postgres.Found[estates.Estate] {
	return postgres.Found[estates.Estate]{What: "estate", Missing: estates.ErrNotFound, Scan: scanEstate}
}

// present gives the present version of one estate.
func present(ctx context.Context, q postgres.Querier, adcode, id string) (estates.Estate, error) {
	if !postgres.IsID(id) {
		return estates.Estate{}, estates.ErrNotFound
	}
	return estateRows().One(q.Query(ctx, `SELECT `+columns+` FROM estate AS e WHERE e.adcode = @adcode AND e.id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// contentArgs are the parameters of everything that a person writes of an estate.
func contentArgs(e estates.Estate, from record.Day) (pgx.StrictNamedArgs, error) {
	phases, rooms := []phase{}, []room{}
	for _, p := range e.Phases {
		phases = append(phases, phase(p))
	}
	for _, r := range e.Rooms {
		rooms = append(rooms, storedRoom(r))
	}
	args := pgx.StrictNamedArgs{
		"name": e.Name, "place_name_id": e.PlaceNameID, "kind": string(e.Kind), "division": e.DivisionCode, "boundary": e.Boundary, "developer": e.Developer,
		"completed_on": dayOf(e.CompletedOn), "households": e.Households, "people": e.People, "measured_people": e.Measured, "site_area": int64(e.SiteArea),
		"housing_floor": int64(e.HousingFloor), "floor_above": int64(e.FloorAbove), "floor_below": int64(e.FloorBelow), "provided": append([]estates.Element{}, e.Provided...),
		"note": e.Note, "from": string(from),
	}
	for name, v := range map[string]any{
		"phases": phases, "rooms": rooms, "conditions": storedPaper(e.Conditions), "plan": storedPaper(e.Plan), "hub": storedHub(e.Hub),
	} {
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("encode the %s of an estate: %w", name, err)
		}
		if string(raw) == "null" {
			raw = nil
		}
		args[name] = raw
	}
	return args, nil
}

func dayOf(d record.Day) pgtype.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	return pgtype.Date{Time: t, Valid: err == nil}
}
