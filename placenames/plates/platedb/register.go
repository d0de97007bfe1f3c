package platedb

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

// Register enters a plate that hangs already, once for each key. Its payload is kept verbatim, and
// a code of our own names it here. It returns a *record.InvalidError, a *postgres.ForbiddenError
// and what postgres.WriteOnce does.
func (s *Store) Register(ctx context.Context, w postgres.Writer, e life.Existing, today record.Day) (life.Item, error) {
	text, err := postgres.WriteOnce(ctx, s.db, w, "登记既有门牌 / register a plate that hangs", func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return "", err
		}
		return s.register(ctx, tx, e, today)
	})
	if err != nil {
		return life.Item{}, err
	}
	code, err := plates.ParseToken(text)
	if err != nil {
		return life.Item{}, err
	}
	return s.ByToken(ctx, w, code)
}

func (s *Store) register(ctx context.Context, tx *postgres.Tx, e life.Existing, today record.Day) (string, error) {
	adcode := tx.Writer().AdCode
	if err := alone(ctx, tx, adcode); err != nil {
		return "", err
	}
	division, face, err := standing(ctx, tx, adcode, e)
	if err != nil {
		return "", err
	}
	if err := tx.Require(ctx, mayWrite, division); err != nil {
		return "", err
	}
	code, err := plates.NewToken(s.random)
	if err != nil {
		return "", err
	}
	id, err := newID()
	if err != nil {
		return "", err
	}
	g := life.Ground{Today: today}
	if g.Door, err = door(ctx, tx, adcode, e.AddressID); err != nil {
		return "", err
	}
	h := happened{before: life.Plate{ID: id, Token: code}, door: g.Door, event: life.Told{Event: life.Event{
		Kind: life.Register, Day: cmp.Or(e.FixedOn, today), Scanned: e.Payload, Point: e.Point, Note: e.Note,
	}}}
	after, faults := h.before.Take(h.event.Event, g)
	if err := record.Invalid(faults); err != nil {
		return "", err
	}
	h.after = after
	_, err = tx.Exec(ctx, `
INSERT INTO plate (adcode, token, id, address_id, kind, slot, face_name, face_number, face_roman, foreign_payload, division_code)
VALUES (@adcode, @token, @id, @address, @kind, @slot, @name, @number, @roman, @payload, @division)`, pgx.StrictNamedArgs{
		"adcode": adcode, "token": code.String(), "id": id, "address": e.AddressID, "kind": string(e.Kind), "slot": cmp.Or(e.Slot, life.MainSlot),
		"name": face.Name, "number": face.Number, "roman": face.Roman, "payload": e.Payload, "division": division,
	})
	if err != nil {
		return "", fmt.Errorf("register a plate: %w", err)
	}
	if err := write(ctx, tx, []happened{h}); err != nil {
		return "", err
	}
	tx.Note(postgres.Note{Action: "plate.registered", Kind: kind, ID: id, Division: division, After: map[string]any{"token": code, "payload": e.Payload, "face": face}})
	return code.String(), nil
}

// standing gives the division of the address of a plate and what the plate says, or what forbids
// to register it.
func standing(ctx context.Context, tx *postgres.Tx, adcode string, e life.Existing) (division string, face life.Face, err error) {
	var wrong []record.Fault
	add := func(field, value, zh, en string) {
		wrong = append(wrong, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	if !e.Kind.Valid() {
		add("kind", string(e.Kind), "没有这种门牌规格", "there is no such kind of plate")
	}
	slot := cmp.Or(e.Slot, life.MainSlot)
	if !life.ValidSlot(slot) {
		add("slot", e.Slot, "位置应为 main 或 1 至 9", "a slot is main or 1 to 9")
	}
	if len(e.Payload) > 2000 {
		add("payload", fmt.Sprint(len(e.Payload)), "二维码内容不应超过 2000 字节", "what a symbol says has at most 2000 bytes")
	}
	face = e.Face
	var name, roman, short, state string
	var taken bool
	err = pgx.ErrNoRows
	if postgres.IsID(e.AddressID) {
		err = tx.QueryRow(ctx, `
SELECT a.division_code, a.state, n.text, n.roman, a.short_text, EXISTS (SELECT FROM plate AS p WHERE p.adcode = a.adcode AND p.address_id = a.id AND p.slot = @slot
	AND p.state NOT IN ('replaced', 'withdrawn'))
FROM address AS a JOIN place_name AS n ON n.adcode = a.adcode AND n.id = a.name_id WHERE a.adcode = @adcode AND a.id = @id`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": e.AddressID, "slot": slot}).Scan(&division, &state, &name, &roman, &short, &taken)
	}
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		add("address_id", e.AddressID, "没有这个地址", "there is no such address")
	case err != nil:
		return "", face, fmt.Errorf("find the address of a plate: %w", err)
	case state == "reserved" || state == "historical":
		add("address_id", e.AddressID, "预留和历史地址不登记门牌", "a reserved or historical address has no plate")
	case taken:
		add("slot", slot, "这个位置已有门牌；请先注销或更换", "the slot has a plate; withdraw or replace that first")
	case face == (life.Face{}):
		face, _ = life.FaceOf(name, roman, short)
	}
	if err == nil && (face.Name == "" || face.Number == "") && len(wrong) == 0 {
		add("face", "", "请写明牌面上的名称和号码", "give the name and number on its face")
	}
	return division, face, record.Invalid(wrong)
}

// ChangeOrder changes an order of which the writer saw the version expected. It returns
// life.ErrNoOrder, a *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) ChangeOrder(ctx context.Context, w postgres.Writer, id string, expected int, p life.OrderPatch) (life.PlateOrder, error) {
	before, err := s.OrderByID(ctx, w, id)
	if err != nil {
		return before, err
	}
	n := life.NewOrder{Title: or(p.Title, before.Title), Maker: or(p.Maker, before.Maker), Note: or(p.Note, before.Note), Selection: before.Selection}
	err = s.db.Write(ctx, w, "变更制作单 / change an order of plates", func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayWrite, before.Division); err != nil {
			return err
		}
		if err := record.Invalid(n.Check()); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `UPDATE plate_order SET title = @title, maker = @maker, note = @note WHERE adcode = @adcode AND id = @id AND version = @expected`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected, "title": n.Title, "maker": n.Maker, "note": n.Note})
		if err != nil {
			return fmt.Errorf("change an order of plates: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version}
		}
		tx.Note(postgres.Note{
			Action: "plate_order.update", Kind: "plate_order", ID: id, Division: before.Division,
			Before: map[string]any{"title": before.Title, "maker": before.Maker, "note": before.Note}, After: map[string]any{"title": n.Title, "maker": n.Maker, "note": n.Note},
		})
		return nil
	})
	if err != nil {
		return before, err
	}
	return s.OrderByID(ctx, w, id)
}

func or(to *string, was string) string {
	if to == nil {
		return was
	}
	return *to
}

// OfOrder gives all plates of an order by name, number and code: what a maker is given. It returns
// life.ErrNoOrder.
func (s *Store) OfOrder(ctx context.Context, w postgres.Writer, id string) ([]life.Item, error) {
	if _, err := s.OrderByID(ctx, w, id); err != nil {
		return nil, err
	}
	page, err := s.List(ctx, w, life.Filter{OrderID: id}, life.Cursor{}, life.MostOfOrder)
	return page.Items, err
}

// history is what people are shown of a version of a plate.
func history() postgres.History {
	fields := []postgres.Field{{Name: "state", SQL: "state"}}
	for _, c := range []string{"ordered_on", "made_on", "delivered_on", "fixed_on", "verified_on", "bad_since", "ended_on"} {
		fields = append(fields, postgres.Field{Name: c, SQL: "coalesce(" + c + "::text, '')"})
	}
	return postgres.History{Table: "plate", Fields: append(
		fields, postgres.Field{Name: "position", SQL: "ST_AsGeoJSON(geom, 7)::jsonb -> 'coordinates'"}, postgres.Field{Name: "trouble", SQL: "trouble"},
		postgres.Field{Name: "successor", SQL: "coalesce(successor, '')"},
	)}
}

// HistoryOf gives the versions of a plate, the newest first, to those who may read the history
// where it is, or life.ErrNotFound.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, code plates.Token) ([]postgres.Version, error) {
	i, err := s.ByToken(ctx, w, code)
	if err != nil {
		return nil, err
	}
	return history().Of(ctx, s.db, w, i.ID, life.ErrNotFound)
}
