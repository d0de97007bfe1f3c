package platedb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

// Choose gives what a selection comes to for the writer, without ordering anything. It returns a
// *record.InvalidError.
func (s *Store) Choose(ctx context.Context, w postgres.Writer, sel life.Selection) (life.Choice, error) {
	if err := record.Invalid(append(sel.Check(), strangers(sel)...)); err != nil {
		return life.Choice{}, err
	}
	var out life.Choice
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = choose(ctx, q, w, sel)
		return err
	})
	return out, err
}

// strangers are the faults of ids and codes of a selection that are none.
func strangers(sel life.Selection) []record.Fault {
	var out []record.Fault
	for field, ids := range map[string][]string{"selection/name_ids": sel.NameIDs, "selection/address_ids": sel.AddressIDs} {
		for i, id := range ids {
			if !postgres.IsID(id) {
				out = append(out, record.Fault{Field: fmt.Sprintf("%s/%d", field, i), Value: id, ZH: "没有这条记录", EN: "there is no such record"})
			}
		}
	}
	for i, t := range sel.Tokens {
		if _, err := plates.ParseToken(t); err != nil {
			out = append(out, record.Fault{Field: fmt.Sprintf("selection/tokens/%d", i), Value: t, ZH: "不是门牌编码", EN: "is no code of a plate"})
		}
	}
	return out
}

func choose(ctx context.Context, q postgres.Querier, w postgres.Writer, sel life.Selection) (life.Choice, error) {
	args := readerArgs(w)
	args["slot"] = cmp.Or(sel.Slot, life.MainSlot)
	conds := []string{"a.adcode = @adcode"}
	if len(sel.NameIDs) > 0 {
		conds, args["names"] = append(conds, "a.name_id = ANY (@names::uuid[])"), sel.NameIDs
	}
	if len(sel.AddressIDs) > 0 {
		conds, args["ids"] = append(conds, "a.id = ANY (@ids::uuid[])"), sel.AddressIDs
	}
	if sel.Division != "" {
		conds, args["division"] = append(conds, "a.division_code LIKE @division"), escaped(sel.Division)+"%"
	}
	if len(sel.Levels) > 0 {
		conds, args["levels"] = append(conds, "a.level = ANY (@levels)"), sel.Levels
	}
	slot := "p.slot = @slot"
	if len(sel.Tokens) > 0 {
		tokens := make([]string, len(sel.Tokens))
		for i, t := range sel.Tokens {
			code, err := plates.ParseToken(t)
			if err != nil {
				return life.Choice{}, err
			}
			tokens[i] = code.String()
		}
		conds, args["tokens"] = append(conds, "p.token = ANY (@tokens)"), tokens
		slot = "@slot <> ''"
	}
	rows, err := q.Query(ctx, `
SELECT a.id::text, a.level, a.state, a.custody = 'own', a.division_code, n.text, n.roman, a.short_text,
	@system::boolean OR a.division_code LIKE ANY ((SELECT yike_scopes('plate.write'))::text[]), coalesce(p.token, ''), coalesce(p.kind, ''), coalesce(p.slot, ''), coalesce(p.state, ''),
	coalesce(p.face_name, ''), coalesce(p.face_number, ''), coalesce(p.face_roman, '')
FROM address AS a JOIN place_name AS n ON n.adcode = a.adcode AND n.id = a.name_id
	LEFT JOIN plate AS p ON p.adcode = a.adcode AND p.address_id = a.id AND `+slot+` AND p.state NOT IN ('replaced', 'withdrawn')
WHERE `+strings.Join(conds, ` AND `)+`
ORDER BY n.text COLLATE yike_pinyin, a.short_text COLLATE yike_pinyin, a.id`, args)
	if err != nil {
		return life.Choice{}, fmt.Errorf("choose addresses for plates: %w", err)
	}
	return collect(rows, sel)
}

func collect(rows pgx.Rows, sel life.Selection) (life.Choice, error) {
	out := life.Choice{Left: map[life.Why]int{}}
	var c life.Candidate
	var name, roman, short, code string
	var p life.Plate
	_, err := pgx.ForEachRow(rows, []any{
		&c.AddressID, &c.Level, &c.State, &c.Own, &c.Division, &name, &roman, &short, &c.May, &code, &p.Kind, &p.Slot, &p.State, &p.Face.Name, &p.Face.Number, &p.Face.Roman,
	}, func() error {
		c.Face, c.Whole = life.FaceOf(name, roman, short)
		c.Plate = nil
		if code != "" {
			had := p
			if err := had.Token.UnmarshalText([]byte(code)); err != nil {
				return err
			}
			c.Plate = &had
		}
		switch why := sel.Judge(c); {
		case why != life.Takes:
			out.Left[why]++
		case len(out.Takes) >= life.MostOfOrder:
			out.Beyond = true
		default:
			out.Takes = append(out.Takes, c)
		}
		return nil
	})
	if err != nil {
		return out, fmt.Errorf("choose addresses for plates: %w", err)
	}
	return out, nil
}

// Order makes an order with a plate for each address that the selection takes, each with a code of
// its own; a plate that one takes the place of is replaced in the same transaction, so that its
// code counts no more. Asked again with the same key it gives the same order. It returns a
// *record.InvalidError, a *postgres.ForbiddenError and what postgres.WriteOnce does.
func (s *Store) Order(ctx context.Context, w postgres.Writer, n life.NewOrder, today record.Day) (life.PlateOrder, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, "下单制作门牌 / order plates: "+cmp.Or(n.Title, "?"), func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return "", err
		}
		if err := record.Invalid(append(n.Check(), strangers(n.Selection)...)); err != nil {
			return "", err
		}
		// Whoever orders waits for others who do: two would give one door two plates, and a number
		// would be left out.
		if err := alone(ctx, tx, w.AdCode); err != nil {
			return "", err
		}
		chosen, err := choose(ctx, tx, w, n.Selection)
		if err != nil {
			return "", err
		}
		if err := record.Invalid(chosen.Faults()); err != nil {
			return "", err
		}
		return s.order(ctx, tx, n, chosen.Takes, today)
	})
	if err != nil {
		return life.PlateOrder{}, err
	}
	return s.OrderByID(ctx, w, id)
}

func (s *Store) order(ctx context.Context, tx *postgres.Tx, n life.NewOrder, takes []life.Candidate, today record.Day) (string, error) {
	codes := make([]string, len(takes))
	for i, c := range takes {
		codes[i] = c.Division
	}
	division := cmp.Or(life.Common(codes), tx.Writer().AdCode)
	id, err := newID()
	if err != nil {
		return "", err
	}
	var no int
	err = tx.QueryRow(ctx, `
INSERT INTO plate_order (adcode, id, year, no, title, maker, note, division_code, ordered_on, selection)
SELECT @adcode, @id, @year, coalesce(max(o.no), 0) + 1, @title, @maker, @note, @division, @day::date, @selection
FROM plate_order AS o WHERE o.adcode = @adcode AND o.year = @year RETURNING no`, pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "id": id, "year": today.Year(), "title": strings.TrimSpace(n.Title), "maker": strings.TrimSpace(n.Maker), "note": strings.TrimSpace(n.Note),
		"division": division, "day": string(today), "selection": n.Selection,
	}).Scan(&no)
	if err != nil {
		return "", fmt.Errorf("write an order of plates: %w", err)
	}
	replaced, err := s.plates(ctx, tx, id, n, takes, today)
	if err != nil {
		return "", err
	}
	tx.Note(postgres.Note{Action: "plate_order.create", Kind: "plate_order", ID: id, Division: division, After: map[string]any{
		"title": n.Title, "number": life.PlateOrder{Year: today.Year(), No: no}.Number(), "plates": len(takes), "replaced": replaced,
	}})
	return id, nil
}

// plates writes the plates of an order, and ends those whose place they take.
func (s *Store) plates(ctx context.Context, tx *postgres.Tx, order string, n life.NewOrder, takes []life.Candidate, today record.Day) (replaced int, err error) {
	type row struct {
		ID, Token, Address, Kind, Slot, Name, Number, Roman, Division string
	}
	olds, err := replaceable(ctx, tx, takes)
	if err != nil {
		return 0, err
	}
	rows := make([]row, len(takes))
	var begin, end []happened
	for i, c := range takes {
		code, err := plates.NewToken(s.random)
		if err != nil {
			return 0, err
		}
		id, err := newID()
		if err != nil {
			return 0, err
		}
		p := life.Plate{ID: id, Token: code, Kind: life.KindOf(c.Level, n.Selection.Kind), Slot: cmp.Or(n.Selection.Slot, life.MainSlot)}
		if c.Plate != nil {
			p.Kind, p.Slot = c.Plate.Kind, c.Plate.Slot
			end = append(end, happened{before: olds[c.Plate.Token], event: life.Told{Event: life.Event{Kind: life.Replace, Day: today, Successor: code.String(), Note: n.Title}}})
		}
		rows[i] = row{ID: id, Token: code.String(), Address: c.AddressID, Kind: string(p.Kind), Slot: p.Slot, Name: c.Face.Name, Number: c.Face.Number, Roman: c.Face.Roman, Division: c.Division}
		begin = append(begin, happened{before: p, event: life.Told{Event: life.Event{Kind: life.Order, Day: today}}})
	}
	if err := advance(ctx, tx, end, today); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `
INSERT INTO plate (adcode, token, id, address_id, kind, slot, order_id, face_name, face_number, face_roman, division_code, due_from)
SELECT @adcode, r."Token", r."ID", r."Address", r."Kind", r."Slot", @order, r."Name", r."Number", r."Roman", r."Division",
	CASE WHEN @decision::boolean THEN coalesce(a.decision_day, @day::date) ELSE @day::date END
FROM jsonb_to_recordset(@rows) AS r("ID" uuid, "Token" text, "Address" uuid, "Kind" text, "Slot" text, "Name" text, "Number" text, "Roman" text, "Division" text)
	JOIN address AS a ON a.adcode = @adcode AND a.id = r."Address"`, pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "order": order, "decision": n.FromDecision, "day": string(today), "rows": rows,
	})
	if err != nil {
		return 0, fmt.Errorf("write the plates of an order: %w", err)
	}
	return len(end), advance(ctx, tx, begin, today)
}

// replaceable reads the plates whose place others take, whole.
func replaceable(ctx context.Context, tx *postgres.Tx, takes []life.Candidate) (map[plates.Token]life.Plate, error) {
	var tokens []string
	for _, c := range takes {
		if c.Plate != nil {
			tokens = append(tokens, c.Plate.Token.String())
		}
	}
	list, err := found().All(tx.Query(ctx, `SELECT `+columns+` FROM plate AS p WHERE p.adcode = @adcode AND p.token = ANY (@tokens::text[])`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "tokens": tokens}))
	out := make(map[plates.Token]life.Plate, len(list))
	for _, p := range list {
		out[p.Token] = p
	}
	return out, err
}

// advance lets one event happen to each of some plates, all or none.
func advance(ctx context.Context, tx *postgres.Tx, all []happened, today record.Day) error {
	if len(all) == 0 {
		return nil
	}
	var wrong []record.Fault
	for i := range all {
		h := &all[i]
		h.event.By = tx.Writer().Account
		after, faults := h.before.Take(h.event.Event, life.Ground{Today: today})
		for _, f := range faults {
			f.Value = h.before.Token.Grouped()
			wrong = append(wrong, f)
		}
		h.after = after
	}
	if err := record.Invalid(wrong[:min(len(wrong), 50)]); err != nil {
		return err
	}
	return write(ctx, tx, all)
}

const orderColumns = `o.id::text, o.version, o.year, o.no, o.title, o.maker, o.note, o.division_code, o.ordered_on::text, o.selection, o.proof,
	@system::boolean OR o.division_code LIKE ANY ((SELECT yike_scopes('plate.write'))::text[]),
	coalesce((SELECT jsonb_object_agg(c.state, c.n) FROM (SELECT p.state, count(*) AS n FROM plate AS p WHERE p.adcode = o.adcode AND p.order_id = o.id GROUP BY p.state) AS c), '{}')`

func orders() postgres.Found[life.PlateOrder] {
	return postgres.Found[life.PlateOrder]{What: "order of plates", Missing: life.ErrNoOrder, Scan: func(row pgx.CollectableRow) (life.PlateOrder, error) {
		var o life.PlateOrder
		err := row.Scan(&o.ID, &o.Version, &o.Year, &o.No, &o.Title, &o.Maker, &o.Note, &o.Division, &o.OrderedOn, &o.Selection, &o.Proof, &o.MayWrite, &o.Counts)
		for _, n := range o.Counts {
			o.Total += n
		}
		return o, err
	}}
}

// OrderByID gives an order, or life.ErrNoOrder.
func (s *Store) OrderByID(ctx context.Context, w postgres.Writer, id string) (life.PlateOrder, error) {
	if !postgres.IsID(id) {
		return life.PlateOrder{}, life.ErrNoOrder
	}
	var out life.PlateOrder
	args := readerArgs(w)
	args["id"] = id
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = orders().One(q.Query(ctx, `SELECT `+orderColumns+` FROM plate_order AS o WHERE o.adcode = @adcode AND o.id = @id`, args))
		return err
	})
	return out, err
}

// Orders gives the orders, the latest first: at most limit behind one of a year and number; 0 and 0
// for the beginning.
func (s *Store) Orders(ctx context.Context, w postgres.Writer, year, no, limit int) (list []life.PlateOrder, more bool, err error) {
	args := readerArgs(w)
	args["year"], args["no"], args["limit"] = year, no, limit+1
	err = s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		list, err = orders().All(q.Query(ctx, `SELECT `+orderColumns+` FROM plate_order AS o
WHERE o.adcode = @adcode AND (@year = 0 OR (o.year, o.no) < (@year, @no)) ORDER BY o.year DESC, o.no DESC LIMIT @limit`, args))
		return err
	})
	if len(list) > limit {
		list, more = list[:limit], true
	}
	return list, more, err
}

// All lets an event happen to plates of an order, all or none, once for each key, and gives how
// many there were. It returns life.ErrNoOrder, a *record.InvalidError, a *postgres.ForbiddenError
// and what postgres.WriteOnce does.
func (s *Store) All(ctx context.Context, w postgres.Writer, id string, b life.Batch, today record.Day) (int, error) {
	zh, en := life.Words(life.Kinds(), string(b.Kind))
	return postgres.WriteOnce(ctx, s.db, w, "制作单"+zh+" / an order: "+en, func(tx *postgres.Tx) (int, error) {
		if !postgres.IsID(id) {
			return 0, life.ErrNoOrder
		}
		var division string
		err := tx.QueryRow(ctx, `SELECT division_code FROM plate_order WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}).Scan(&division)
		if errors.Is(err, pgx.ErrNoRows) {
			return 0, life.ErrNoOrder
		}
		if err != nil {
			return 0, fmt.Errorf("find an order of plates: %w", err)
		}
		if err := tx.Require(ctx, mayWrite, division); err != nil {
			return 0, err
		}
		if err := alone(ctx, tx, w.AdCode); err != nil {
			return 0, err
		}
		all, err := batch(ctx, tx, id, b)
		if err != nil {
			return 0, err
		}
		if err := advance(ctx, tx, all, today); err != nil {
			return 0, err
		}
		tx.Note(postgres.Note{Action: "plate_order." + string(b.Kind), Kind: "plate_order", ID: id, Division: division, After: map[string]any{"plates": len(all), "day": b.Day, "note": b.Note}})
		return len(all), nil
	})
}

func batch(ctx context.Context, tx *postgres.Tx, order string, b life.Batch) ([]happened, error) {
	switch b.Kind {
	case life.Make, life.Deliver, life.Return, life.Withdraw:
	default:
		return nil, record.Invalid([]record.Fault{{Field: "kind", Value: string(b.Kind), ZH: "制作单只能做制作完成、到货、退回和注销", EN: "an order is made, delivered, sent back or withdrawn"}})
	}
	list, err := found().All(tx.Query(ctx, `SELECT `+columns+` FROM plate AS p WHERE p.adcode = @adcode AND p.order_id = @order ORDER BY p.token`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "order": order}))
	if err != nil {
		return nil, err
	}
	wanted := map[plates.Token]bool{}
	for _, t := range b.Tokens {
		wanted[t] = true
	}
	var out []happened
	for _, p := range list {
		_, may := life.After(p.State, b.Kind)
		if b.Kind == life.Withdraw && p.State != life.Ordered && p.State != life.Made && p.State != life.Delivered {
			may = false // what hangs is withdrawn one by one
		}
		if len(b.Tokens) == 0 && may || wanted[p.Token] {
			out = append(out, happened{before: p, event: life.Told{Event: life.Event{Kind: b.Kind, Day: b.Day, Note: b.Note}}})
		}
		delete(wanted, p.Token)
	}
	var wrong []record.Fault
	for t := range wanted {
		wrong = append(wrong, record.Fault{Field: "tokens", Value: t.Grouped(), ZH: "不在这张制作单上", EN: "is not of this order"})
	}
	if len(out) == 0 && len(wrong) == 0 {
		wrong = append(wrong, record.Fault{Field: "kind", Value: string(b.Kind), ZH: "制作单上没有可以这样处理的门牌", EN: "there is no plate of the order to which this can happen"})
	}
	return out, record.Invalid(wrong)
}
