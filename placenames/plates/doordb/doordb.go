// Package doordb reads what a scanned plate tells and stores what comes back: walks from doors,
// reports of the public and how often codes of nobody are asked for. It knows the tables of
// migration 0037 and reads plates, addresses, names and facilities; what a page says of them is a
// rule of placenames/plates/doors.
package doordb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/plates/doors"
)

// mayKeep is the right of those who keep plates, in the division of the plate.
const mayKeep = "plate.write"

// thePublic is whom the log names for what somebody did who was not asked who they are.
const thePublic = "公众 / the public"

// Store reads and writes doors. It is safe for concurrent use.
type Store struct {
	db *postgres.DB
	// mayName says whether the catalogue lets a facility type be named at doors.
	mayName func(t facilities.Type) bool
}

// New gives a store on db. mayName says whether the catalogue of facility types lets one be named
// at doors; what doors.Asks does not list is never named, whatever it says.
func New(db *postgres.DB, mayName func(facilities.Type) bool) *Store {
	return &Store{db: db, mayName: mayName}
}

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

func dayOf(d record.Day) pgtype.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	return pgtype.Date{Time: t, Valid: err == nil}
}

// doorQuery reads a door by its code: one look at the key of each table. What is near and what came
// after stand as questions of their own for each row, since a plan for many rows would read all
// facilities and addresses of the authority instead.
const doorQuery = `
SELECT p.state, p.kind, concat_ws(' ', nullif(p.face_name, ''), nullif(p.face_number, '')), coalesce(p.fixed_on::text, ''), p.photo_id IS NOT NULL,
	a.state, a.text, a.short_text, a.roman, a.division_code,
	coalesce((SELECT jsonb_agg(jsonb_build_object('text', coalesce(f ->> 'short_text', f ->> 'text'), 'until', coalesce(f ->> 'until', ''))) FROM jsonb_array_elements(a.former || n.former) AS f), '[]'),
	coalesce((SELECT string_agg((SELECT s.text FROM address AS s WHERE s.adcode = a.adcode AND s.id = u.id AND s.state <> 'reserved'), '、') FROM unnest(a.successor_ids) AS u(id)), ''),
	w.address_id IS NOT NULL,
	coalesce((SELECT jsonb_agg(jsonb_build_object('no', k.no, 'ms', k.ms, 'at', (
			SELECT jsonb_build_object('type', f.type, 'zh', f.name_zh, 'en', f.name_en, 'address', f.address, 'phone', coalesce(f.fields ->> 'contact_phone', ''),
				'hours', coalesce(f.fields ->> 'meal_times', f.fields ->> 'opening_hours', ''))
			FROM facility AS f WHERE f.adcode = w.adcode AND f.id = k.id AND f.stage = 'published' AND f.status = 'open' AND f.replaced_by = '{}')) ORDER BY k.no)
		FROM unnest(w.facilities, w.walk_ms) WITH ORDINALITY AS k(id, ms, no) WHERE k.id IS NOT NULL), '[]')
FROM plate AS p
JOIN address AS a ON a.adcode = p.adcode AND a.id = p.address_id
JOIN place_name AS n ON n.adcode = a.adcode AND n.id = a.name_id
LEFT JOIN door_walk AS w ON w.adcode = a.adcode AND w.address_id = a.id
WHERE p.adcode = @adcode AND p.token = @token`

type former struct {
	Text  string     `json:"text"`
	Until record.Day `json:"until"`
}

type site struct {
	No int    `json:"no"` // from 1
	MS int    `json:"ms"`
	At *place `json:"at"` // nil for a facility that serves nobody now
}

type place struct {
	Type    facilities.Type `json:"type"`
	ZH      string          `json:"zh"`
	EN      string          `json:"en"`
	Address string          `json:"address"`
	Phone   string          `json:"phone"`
	Hours   string          `json:"hours"`
}

// Found is a door with the division that its address is of.
type Found struct {
	doors.Door
	Division string
}

// Door gives what stands behind a code, for everybody: a door that names nothing where the address
// is reserved, and one of the standing doors.Unknown where no plate has the code. now decides which
// of the hours are today's.
func (s *Store) Door(ctx context.Context, adcode, code string, now time.Time) (Found, error) {
	out := Found{Door: doors.Door{Code: code}}
	var plateState, addressState string
	var formers, sites json.RawMessage
	err := s.db.Reader().QueryRow(ctx, doorQuery, pgx.StrictNamedArgs{"adcode": adcode, "token": code}).Scan(
		&plateState, &out.Kind, &out.Face, &out.FixedOn, &out.Photo, &addressState, &out.Text, &out.Short, &out.Roman, &out.Division,
		&formers, &out.Successor, &out.Walked, &sites)
	if errors.Is(err, pgx.ErrNoRows) {
		return Found{Door: doors.Door{Code: code, Standing: doors.Unknown}}, nil
	}
	if err != nil {
		return out, fmt.Errorf("read a door: %w", err)
	}
	var was []former
	var near []site
	if err := errors.Join(json.Unmarshal(formers, &was), json.Unmarshal(sites, &near)); err != nil {
		return out, fmt.Errorf("read what a door is near to: %w", err)
	}
	out.Standing = doors.StandingOf(plateState)
	switch addressState {
	case "reserved":
		out.Standing = doors.NotYet
	case "provisional":
		out.Provisional = true
	case "historical":
		out.Ended = true
	}
	for _, f := range was {
		out.Former = append(out.Former, doors.Former(f))
	}
	for _, n := range near {
		if n.At != nil && doors.AskOf(string(n.At.Type)) == n.No-1 && s.mayName(n.At.Type) {
			out.Near = append(out.Near, n.near(now))
		}
	}
	return out, nil
}

func (n site) near(now time.Time) doors.Near {
	out := doors.Near{Ask: n.No - 1, NameZH: n.At.ZH, NameEN: n.At.EN, Address: n.At.Address, WalkMS: n.MS, Phone: n.At.Phone, Hours: n.At.Hours}
	parts, err := facilities.ParseHours(n.At.Hours)
	if err != nil {
		return out // shown as it was written
	}
	today, known := facilities.HoursOn(parts, now.Weekday())
	switch {
	case !known:
	case len(today) == 0:
		out.TodayZH, out.TodayEN = "休息", "closed"
	default:
		out.TodayZH = facilities.WriteHours(today)
		out.TodayEN = out.TodayZH
	}
	return out
}

// Photo gives the name of the file with the small picture of a plate at its door, or
// doors.ErrNotFound. Of a plate that names no address there is none.
func (s *Store) Photo(ctx context.Context, adcode, code string) (string, error) {
	var name, state, address string
	err := s.db.Reader().QueryRow(ctx, `
SELECT coalesce(f.thumb_sha256, ''), p.state, a.state FROM plate AS p
JOIN address AS a ON a.adcode = p.adcode AND a.id = p.address_id
JOIN attachment AS f ON f.adcode = p.adcode AND f.id = p.photo_id
WHERE p.adcode = @adcode AND p.token = @token`, pgx.StrictNamedArgs{"adcode": adcode, "token": code}).Scan(&name, &state, &address)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && (name == "" || address == "reserved" || !doors.StandingOf(state).Names()) {
		return "", doors.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("look for the photo of a plate: %w", err)
	}
	return name, nil
}
