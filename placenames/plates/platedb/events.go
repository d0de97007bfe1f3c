package platedb

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"

	"yike/geo"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

// goodKey is the form of the keys that clients give events, which photos are found by.
func goodKey(key string) bool { return regexp.MustCompile(`^[a-z0-9_]{8,40}$`).MatchString(key) }

// Take records what happened to a plate. An event that came before, by its key, is not taken again:
// the plate is given as it is now. A photo of the event is the one that it names, or else the one
// that was added to the plate with the event's key as its subject. It returns life.ErrNotFound, a
// *record.InvalidError, a *postgres.ForbiddenError and what postgres.WriteOnce does.
func (s *Store) Take(ctx context.Context, w postgres.Writer, code plates.Token, e life.Told, r life.Rules) (life.Item, error) {
	zh, en := life.Words(life.Kinds(), string(e.Kind))
	_, err := postgres.WriteOnce(ctx, s.db, w, "门牌"+zh+" / a plate is "+en, func(tx *postgres.Tx) (string, error) {
		if err := alone(ctx, tx, w.AdCode+" "+code.String()); err != nil {
			return "", err
		}
		return code.String(), take(ctx, tx, code, e, r)
	})
	if err != nil {
		return life.Item{}, err
	}
	return s.ByToken(ctx, w, code)
}

// rightOf is the right that an event of a kind needs: plate_event_right of the database.
func rightOf(k life.Kind) string {
	if k.AtWall() {
		return mayFit
	}
	return mayWrite
}

func take(ctx context.Context, tx *postgres.Tx, code plates.Token, e life.Told, r life.Rules) error {
	adcode := tx.Writer().AdCode
	p, err := present(ctx, tx, adcode, code)
	if err != nil {
		return err
	}
	if err := tx.Require(ctx, rightOf(e.Kind), p.Division); err != nil {
		return err
	}
	if e.Key != "" {
		if came, err := cameBefore(ctx, tx, adcode, code, e.Key); err != nil || came {
			return err
		}
	}
	e.By = tx.Writer().Account
	faults, err := pictured(ctx, tx, adcode, p, &e)
	if err != nil {
		return err
	}
	if !e.Kind.Ordinary() {
		faults = append(faults, record.Fault{Field: "kind", Value: string(e.Kind), ZH: "请通过制作单办理", EN: "this is done by an order"})
	}
	g := life.Ground{Today: r.Today}
	if g.Door, err = door(ctx, tx, adcode, p.AddressID); err != nil {
		return err
	}
	after, wrong := p.Take(e.Event, g)
	if err := record.Invalid(append(faults, wrong...)); err != nil {
		return err
	}
	verdict := life.Verdict("")
	if e.Kind == life.Inspect {
		verdict, _ = p.Looked(e.Scanned, e.Layer, r.Hosts)
	}
	if err := write(ctx, tx, []happened{{before: p, after: after, event: e, verdict: verdict, door: g.Door}}); err != nil {
		return err
	}
	tx.Note(postgres.Note{Action: "plate." + string(e.Kind), Kind: kind, ID: p.ID, Division: p.Division, Before: map[string]any{"state": p.State}, After: map[string]any{
		"token": code, "state": after.State, "day": e.Day, "trouble": e.Trouble, "note": e.Note,
	}})
	return nil
}

func present(ctx context.Context, q postgres.Querier, adcode string, code plates.Token) (life.Plate, error) {
	return found().One(q.Query(ctx, `SELECT `+columns+` FROM plate AS p WHERE p.adcode = @adcode AND p.token = @token`,
		pgx.StrictNamedArgs{"adcode": adcode, "token": code.String()}))
}

// cameBefore tells whether an event with the key was recorded; of another plate that is a fault.
func cameBefore(ctx context.Context, q postgres.Querier, adcode string, code plates.Token, key string) (bool, error) {
	if !goodKey(key) {
		return false, record.Invalid([]record.Fault{{Field: "key", Value: key, ZH: "应为 8 至 40 个小写字母、数字", EN: "must be 8 to 40 small letters and digits"}})
	}
	var of string
	err := q.QueryRow(ctx, `SELECT token FROM plate_event WHERE adcode = @adcode AND client_key = @key`, pgx.StrictNamedArgs{"adcode": adcode, "key": key}).Scan(&of)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look for an event that came before: %w", err)
	case of != code.String():
		return false, record.Invalid([]record.Fault{{Field: "key", Value: key, ZH: "这个标识已用于另一块门牌", EN: "another plate has an event with this key"}})
	}
	return true, nil
}

// pictured finds the photo of an event, which must hang on the plate: the one that it names, or
// the one that was added with its key.
func pictured(ctx context.Context, q postgres.Querier, adcode string, p life.Plate, e *life.Told) ([]record.Fault, error) {
	named := e.PhotoID
	e.PhotoID = ""
	if named == "" && e.Key == "" {
		return nil, nil
	}
	err := q.QueryRow(ctx, `
SELECT f.id::text FROM attachment AS f WHERE f.adcode = @adcode AND f.owner_kind = 'plate' AND f.owner_id = @plate AND f.kind = 'photo'
	AND CASE WHEN @named = '' THEN f.subject = @key ELSE f.id::text = @named END ORDER BY f.id LIMIT 1`,
		pgx.StrictNamedArgs{"adcode": adcode, "plate": p.ID, "named": named, "key": e.Key}).Scan(&e.PhotoID)
	switch {
	case errors.Is(err, pgx.ErrNoRows) && named != "":
		return []record.Fault{{Field: "photo_id", Value: named, ZH: "没有这张照片", EN: "there is no such photo"}}, nil
	case err != nil && !errors.Is(err, pgx.ErrNoRows):
		return nil, fmt.Errorf("look for the photo of a plate: %w", err)
	}
	return nil, nil
}

// door is the point of an address; nil where it has none.
func door(ctx context.Context, q postgres.Querier, adcode, id string) (*orb.Point, error) {
	var at *orb.Point
	err := q.QueryRow(ctx, `SELECT a.geom FROM address AS a WHERE a.adcode = @adcode AND a.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}).Scan(&at)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("find the door of a plate: %w", err)
	}
	return at, nil
}

// happened is an event with the plate before and after it.
type happened struct {
	before, after life.Plate
	event         life.Told
	verdict       life.Verdict
	door          *orb.Point
}

// write adds events, of each plate one, in one statement; the plates follow by a trigger.
func write(ctx context.Context, tx *postgres.Tx, all []happened) error {
	type row struct {
		ID, Token, Kind, State, Day, Scanned, Trouble, Layer, Verdict, Note, Key string
		No                                                                       int
		Photo, Successor                                                         pgtype.Text
		Lon, Lat, Accuracy, Offset, Height                                       *float64
	}
	rows := make([]row, len(all))
	for i, h := range all {
		id, err := newID()
		if err != nil {
			return err
		}
		e := h.event
		r := row{
			ID: id, Token: h.before.Token.String(), Kind: string(e.Kind), State: string(h.after.State), Day: string(e.Day), Scanned: e.Scanned, Trouble: e.Trouble,
			Layer: string(e.Layer), Verdict: string(h.verdict), Note: e.Note, Key: e.Key, No: h.after.Events, Photo: null(e.PhotoID), Successor: null(e.Successor),
		}
		if e.Kind != life.Replace {
			r.Successor = pgtype.Text{}
		}
		if e.Kind != life.Damage {
			r.Trouble = ""
		}
		if e.Point != nil {
			r.Lon, r.Lat = &e.Point[0], &e.Point[1]
			if h.door != nil {
				far := geo.Distance(*e.Point, *h.door)
				r.Offset = &far
			}
		}
		r.Accuracy, r.Height = positive(e.AccuracyM), positive(e.HeightM)
		rows[i] = r
	}
	_, err := tx.Exec(ctx, `
INSERT INTO plate_event (adcode, id, token, no, kind, state, day, account, scanned, photo_id, geom, accuracy_m, offset_m, height_m, trouble, layer, verdict, note, successor,
	client_key, recorded_by)
SELECT @adcode, r."ID", r."Token", r."No", r."Kind", r."State", r."Day", @account, r."Scanned", r."Photo",
	CASE WHEN r."Lon" IS NOT NULL THEN ST_SetSRID(ST_MakePoint(r."Lon", r."Lat"), 4326) END, r."Accuracy", r."Offset", r."Height", r."Trouble", r."Layer", r."Verdict", r."Note",
	r."Successor", r."Key", @who
FROM jsonb_to_recordset(@rows) AS r("ID" uuid, "Token" text, "No" integer, "Kind" text, "State" text, "Day" date, "Scanned" text, "Photo" uuid, "Lon" float8, "Lat" float8,
	"Accuracy" real, "Offset" real, "Height" real, "Trouble" text, "Layer" text, "Verdict" text, "Note" text, "Successor" text, "Key" text)`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "account": tx.Writer().Account, "who": tx.Writer().Who, "rows": rows})
	if err != nil {
		return fmt.Errorf("record what happened to plates: %w", err)
	}
	return nil
}

func positive(v float64) *float64 {
	if v > 0 {
		return &v
	}
	return nil
}
