// Package premisesdb stores the ledger of public premises, what inspections found and
// the misuses that are to be put right. It knows the tables of migrations 0010 and 0018 and whose
// eyes the contact of a key-holder is for; what a room is and what an inspection comes to
// are rules of facilities/premises.
package premisesdb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/facilities/premises"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Store reads and writes the ledger. It is safe for concurrent use.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// columns of a room, with the alias p, as scanRoom reads them.
const columns = `p.id::text, p.version, p.ledger_no, p.name, p.estate, p.building, p.floor, p.room_no, p.address, p.division_code, p.geom, p.geom IS NOT NULL,
	p.owner, p.title, p.approved_use, p.present_use, p.parts, p.area, p.land_share, p.state,
	coalesce(p.planned_on::text, ''), coalesce(p.built_on::text, ''), coalesce(p.accepted_on::text, ''), coalesce(p.handed_over_on::text, ''),
	coalesce(p.withdrawn_on::text, ''), p.key_holder, p.key_contact, coalesce(p.facility_id::text, ''), p.obtained_by, p.documents, p.note,
	coalesce(p.inspected_on::text, ''), coalesce(lower(p.valid)::text, '')`

// part is a premises.Part as it is stored.
type part struct {
	Use       premises.Use  `json:"use"`
	Area      premises.Area `json:"area"`
	CountsFor premises.Norm `json:"counts_for"`
}

func storedParts(list []premises.Part) ([]byte, error) {
	out := make([]part, len(list))
	for i, p := range list {
		out[i] = part(p)
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode the parts of a room: %w", err)
	}
	return raw, nil
}

// roomRow is where a room is scanned to.
type roomRow struct {
	room  premises.Room
	parts []part
}

func (r *roomRow) targets() []any {
	p := &r.room
	return []any{
		&p.ID, &p.Version, &p.LedgerNo, &p.Name, &p.Estate, &p.Building, &p.Floor, &p.RoomNo, &p.Address, &p.DivisionCode, &p.Point, &p.Placed,
		&p.Owner, &p.Title, &p.ApprovedUse, &p.PresentUse, &r.parts, &p.Area, &p.LandShare, &p.State,
		&p.PlannedOn, &p.BuiltOn, &p.AcceptedOn, &p.HandedOverOn, &p.WithdrawnOn, &p.KeyHolder, &p.KeyContact, &p.FacilityID, &p.ObtainedBy,
		&p.Documents, &p.Note, &p.InspectedOn, &p.ValidFrom,
	}
}

func (r *roomRow) read() premises.Room {
	for _, p := range r.parts {
		r.room.Parts = append(r.room.Parts, premises.Part(p))
	}
	if len(r.room.Documents) == 0 {
		r.room.Documents = nil
	}
	return r.room
}

func scanRoom(row pgx.CollectableRow) (premises.Room, error) {
	var r roomRow
	err := row.Scan(r.targets()...)
	return r.read(), err
}

func roomRows() postgres.Found[premises.Room] {
	return postgres.Found[premises.Room]{What: "room", Missing: premises.ErrNotFound, Scan: scanRoom}
}

// present gives the present version of one room with everything in it.
func present(ctx context.Context, q postgres.Querier, adcode, id string) (premises.Room, error) {
	if !postgres.IsID(id) {
		return premises.Room{}, premises.ErrNotFound
	}
	return roomRows().One(q.Query(ctx, `SELECT `+columns+` FROM premises AS p WHERE p.adcode = @adcode AND p.id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// rectificationColumns are those of a rectification, with the alias x.
const rectificationColumns = `x.id::text, x.version, x.premises_id::text, x.found::text, x.found_on::text, x.use_found, x.deadline::text, x.order_no, x.progress,
	coalesce(x.reported_on::text, ''), x.report, coalesce(x.recheck::text, ''), coalesce(x.closed_on::text, '')`

func scanRectification(row pgx.CollectableRow) (premises.Rectification, error) {
	var r premises.Rectification
	err := row.Scan(&r.ID, &r.Version, &r.RoomID, &r.Found, &r.FoundOn, &r.UseFound, &r.Order.Deadline, &r.Order.Number, &r.Progress,
		&r.ReportedOn, &r.Report, &r.Recheck, &r.ClosedOn)
	return r, err
}

func dayOf(d record.Day) pgtype.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	return pgtype.Date{Time: t, Valid: err == nil}
}

// pointOf is a room's point as a column takes it: NULL where nobody placed it.
func pointOf(r premises.Room) any {
	if !r.Placed {
		return nil
	}
	return r.Point
}

func idOf(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}
