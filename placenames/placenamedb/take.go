package placenamedb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"yike/facilities/lists"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/namelist"
)

// Take is a list of names to be taken into the register.
type Take struct {
	File   string // what people call it
	Rows   []namelist.Row
	Faults []lists.Fault                                           // that were found before
	Placed func(sheet string, row int, f record.Fault) lists.Fault // the column that a fault stands in
	// Spell spells a name by the rules, and says whether the readings are beyond doubt.
	Spell func(placenames.Name) (roman string, certain bool)
	Trial bool // do everything and keep nothing
}

// errTrial rolls back what was only tried, or is at fault.
var errTrial = errors.New("only tried")

// Take enters the names of a list into the register and completes those that are there, all of
// them or, where anything is at fault, none: then, and of a trial, the answer says what would
// become of each row and nothing is kept. A list that changes nothing leaves no trace. Asked again
// with the same key it gives the answer as it was. It returns a *record.InvalidError for the reason
// and what postgres.WriteOnce does.
func (s *Store) Take(ctx context.Context, w postgres.Writer, t Take, c record.Change, today record.Day) (namelist.Taken, error) {
	if t.Trial {
		w.Key = ""
	}
	var out namelist.Taken
	kept, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (namelist.Taken, error) {
		out = namelist.Taken{Faults: append([]lists.Fault{}, t.Faults...)}
		if err := tx.StandOnGround(ctx); err != nil {
			return out, err
		}
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return out, err
		}
		if _, faults := c.Check(today); len(faults) > 0 {
			return out, record.Invalid(faults)
		}
		l, err := s.newTaking(ctx, tx, t, today)
		if err != nil {
			return out, err
		}
		for i := range t.Rows {
			if err := l.decide(ctx, i, &out); err != nil {
				return out, fmt.Errorf("row %d of a list of names: %w", t.Rows[i].Number, err)
			}
		}
		l.sum(&out)
		if len(out.Faults) > 0 || len(l.writes) == 0 {
			return out, errTrial
		}
		if err := l.write(ctx, &out); err != nil {
			return out, err
		}
		if t.Trial {
			for i := range out.Rows {
				if out.Rows[i].Outcome == lists.Created {
					out.Rows[i].NameID = ""
				}
			}
			return out, errTrial
		}
		tx.Note(postgres.Note{Action: "name.import", Kind: kind, After: map[string]any{
			"file": t.File, "rows": out.Total, "created": out.Created, "updated": out.Updated, "unchanged": out.Unchanged,
		}})
		return out, nil
	})
	if errors.Is(err, errTrial) {
		return out, nil
	}
	return kept, err
}

// taking is a list on its way into the register.
type taking struct {
	s      *Store
	tx     *postgres.Tx
	t      Take
	shelf  *namelist.Shelf
	alike  *namelist.Alike
	past   map[string][]placenames.Past
	known  placenames.Known
	rights *postgres.Rights
	shapes map[int]string // what is wrong with the geometry of a row, by its place
	today  record.Day
	writes []listWrite

	thin, guessed, unspelled, kept, pointed int
}

// listWrite is a row that changes the register.
type listWrite struct {
	row           int // of Take.Rows
	told          int // of Taken.Rows; -1 where it is not told
	before, after placenames.Name
}

func (s *Store) newTaking(ctx context.Context, tx *postgres.Tx, t Take, today record.Day) (*taking, error) {
	l := &taking{s: s, tx: tx, t: t, alike: namelist.NewAlike(), past: map[string][]placenames.Past{}, rights: tx.Rights(mayWrite), today: today, shapes: map[int]string{}}
	l.known = placenames.Known{Catalogue: s.catalogue, Today: today, Past: func(text string) []placenames.Past { return l.past[text] }}
	if err := l.divisions(ctx); err != nil {
		return nil, err
	}
	if err := l.locate(ctx); err != nil {
		return nil, err
	}
	l.undraw()
	return l, l.shelve(ctx)
}

// divisions reads which divisions there are; a district without any is one itself.
func (l *taking) divisions(ctx context.Context) error {
	adcode := l.tx.Writer().AdCode
	rows, err := l.tx.Query(ctx, `SELECT code FROM division WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return fmt.Errorf("read the divisions: %w", err)
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("read the divisions: %w", err)
	}
	there := map[string]bool{}
	for _, code := range codes {
		there[code] = true
	}
	if len(codes) == 0 {
		there[adcode] = true
		for i := range l.t.Rows {
			if n := &l.t.Rows[i].Name; len(n.Divisions) == 0 {
				n.Divisions = []string{adcode}
			}
		}
	}
	l.known.Divisions = func(code string) bool { return there[code] }
	return nil
}

// chunk is how many rows go to the database at once.
const chunk = 1000

// locate gives rows that are drawn and name no division the subdistricts that they lie in, and
// looks whether areas are some.
func (l *taking) locate(ctx context.Context) error {
	var at []int
	for i, row := range l.t.Rows {
		_, point := row.Name.Geometry.(orb.Point)
		if row.Name.Geometry != nil && (len(row.Name.Divisions) == 0 || !point) {
			at = append(at, i)
		}
	}
	for part := range slices.Chunk(at, chunk) {
		shapes := make([]string, len(part))
		for k, i := range part {
			shapes[k] = wkt.MarshalString(l.t.Rows[i].Name.Geometry)
		}
		rows, err := l.tx.Query(ctx, `
SELECT x.no::int, ST_IsValid(x.geom), coalesce((SELECT array_agg(c.code ORDER BY c.shared DESC, c.code) FROM (
	SELECT d.code, ST_Length(ST_Intersection(d.geom, x.geom)) + ST_Area(ST_Intersection(d.geom, x.geom)) AS shared
	FROM division AS d WHERE d.adcode = @adcode AND d.level = 'subdistrict' AND ST_IsValid(x.geom) AND ST_Intersects(d.geom, x.geom)) AS c), '{}')
FROM (SELECT no, ST_GeomFromText(shape, 4326) AS geom FROM unnest(@shapes::text[]) WITH ORDINALITY AS s (shape, no)) AS x`,
			pgx.StrictNamedArgs{"adcode": l.tx.Writer().AdCode, "shapes": shapes})
		if err == nil {
			var no int
			var valid bool
			var codes []string
			_, err = pgx.ForEachRow(rows, []any{&no, &valid, &codes}, func() error {
				i := part[no-1]
				if n := &l.t.Rows[i].Name; len(n.Divisions) == 0 {
					n.Divisions = kept(slices.Clone(codes))
				}
				if !valid {
					l.shapes[i] = "?"
				}
				return nil
			})
		}
		if err != nil {
			return fmt.Errorf("look where the places of a list lie: %w", err)
		}
	}
	return nil
}

// undraw leaves out the points of places that are not drawn so: a list has one of each road, which
// tells where it lies and is no drawing of it.
func (l *taking) undraw() {
	for i := range l.t.Rows {
		row := &l.t.Rows[i]
		k, _, known := l.s.catalogue.Of(row.Name.Kind)
		if _, point := row.Name.Geometry.(orb.Point); point && known && !slices.Contains(k.Geometries, "point") {
			row.Name.Geometry = nil
			delete(row.Said, "geometry")
			l.pointed++
		}
	}
}

// shelve reads the records that the list may mean: those of its ids and names.
func (l *taking) shelve(ctx context.Context) error {
	var ids, texts []string
	for _, row := range l.t.Rows {
		texts = append(texts, row.Name.Text)
		if postgres.IsID(row.Name.ID) {
			ids = append(ids, row.Name.ID)
		}
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	list, err := nameRows().All(l.tx.Query(ctx, `SELECT `+columns+` FROM place_name AS n WHERE n.adcode = @adcode AND (n.text = ANY (@texts) OR n.id = ANY (@ids::uuid[])) ORDER BY n.id`,
		pgx.StrictNamedArgs{"adcode": l.tx.Writer().AdCode, "texts": append([]string{}, texts...), "ids": append([]string{}, ids...)}))
	if err != nil {
		return err
	}
	l.shelf = namelist.NewShelf(list)
	for _, n := range list {
		if n.State == placenames.Retired || n.State == placenames.Annulled || n.State == placenames.Merged {
			l.past[n.Text] = append(l.past[n.Text], placenames.Past{ID: n.ID, Text: n.Text})
		}
	}
	return nil
}

// decide says what becomes of a row, and keeps for later what is to be written.
func (l *taking) decide(ctx context.Context, i int, out *namelist.Taken) error {
	row := l.t.Rows[i]
	m := l.shelf.Find(row)
	after, keeps := row.Apply(m.Before, m.Known)
	after = l.s.catalogue.Clean(after)
	line := namelist.TakenRow{Sheet: row.Sheet, Row: row.Number, Text: row.Name.Text, NameID: m.Before.ID, Outcome: lists.Created}
	faults, err := l.faults(ctx, i, m, &after, &line)
	if err != nil {
		return err
	}
	var wrong []lists.Fault
	for _, f := range faults {
		placed := l.t.Placed(row.Sheet, row.Number, f)
		placed.Sheet = row.Sheet
		wrong = append(wrong, placed)
	}
	if told := lists.Tell(row.Faults, wrong); len(told) > 0 {
		for k := range told {
			told[k].Sheet = row.Sheet
		}
		out.Faults = append(out.Faults, told...)
		line.Outcome, line.Changes = lists.Faulty, nil
	}
	if line.Outcome == lists.Created || line.Outcome == lists.Updated {
		w := listWrite{row: i, told: -1, before: m.Before, after: after}
		if len(out.Rows) < namelist.MostTold {
			w.told = len(out.Rows)
		}
		l.writes = append(l.writes, w)
		l.remark(row, m, after, out)
	}
	if keeps {
		l.kept++
	}
	out.Tell(line)
	return nil
}

// faults gives everything that is wrong with what a row makes of a record.
func (l *taking) faults(ctx context.Context, i int, m namelist.Meant, after *placenames.Name, line *namelist.TakenRow) ([]record.Fault, error) {
	if m.Fault != nil {
		return []record.Fault{*m.Fault}, nil
	}
	var out []record.Fault
	if m.Known {
		line.Changes = placenames.Differences(m.Before, *after)
		if line.Outcome = lists.Updated; len(line.Changes) == 0 {
			line.Outcome = lists.Unchanged
			return nil, nil
		}
		known := l.known
		known.Past = nil // what bears a name keeps it
		out = placenames.ValidateChange(m.Before, *after, false, known)
	} else {
		after.Version = 1
		after.ValidFrom = after.Decision.Day
		out = placenames.Validate(*after, l.known)
	}
	if l.shapes[i] != "" {
		out = append(out, record.Fault{Field: "geometry", ZH: "图形有误：边界自相交，或点数不足", EN: "not a shape: it crosses itself, or has too few points"})
	}
	for _, codes := range [][]string{m.Before.Divisions, after.Divisions} {
		if len(codes) == 0 {
			continue
		}
		may, err := l.rights.In(ctx, codes[0])
		if err != nil {
			return nil, err
		}
		if !may {
			return append(out, record.Fault{Field: "divisions", Value: codes[0], ZH: "这里的地名不归您管", EN: "you do not keep the register there"}), nil
		}
	}
	return out, nil
}

// remark tells what a person should know of a row that is taken.
func (l *taking) remark(row namelist.Row, m namelist.Meant, after placenames.Name, out *namelist.Taken) {
	if row.Thin && !m.Known {
		l.thin++
	}
	if row.Guessed && !m.Known {
		l.guessed++
	}
	if !m.Known && len(m.Like) > 0 {
		out.Remark(row.Sheet, row.Number, fmt.Sprintf("“%s”已有 %d 条同名登记（类别或政区不同），请核对是否同一地名", row.Name.Text, len(m.Like)),
			fmt.Sprintf("there are %d other records of the name %s, of another kind or division: look whether it is one of them", len(m.Like), row.Name.Text))
	}
	rule, certain := "", false
	if l.t.Spell != nil {
		rule, certain = l.t.Spell(after)
	}
	if zh, en := namelist.Spelled(row, rule, certain); zh != "" {
		out.Remark(row.Sheet, row.Number, zh, en)
	}
	if after.Roman == "" {
		l.unspelled++
	}
	if m.Known {
		return
	}
	sound := after.Roman
	if sound == "" {
		sound = rule
	}
	class := ""
	if _, c, ok := l.s.catalogue.Of(after.Kind); ok {
		class = c.Code.Code
	}
	if other, text := l.alike.Hear(row.Number, after.Text, class, sound); other > 0 {
		out.Remark(row.Sheet, row.Number, fmt.Sprintf("“%s”与第 %d 行“%s”同音", after.Text, other, text), fmt.Sprintf("%s sounds as %s of row %d", after.Text, text, other))
	}
}

// sum tells what is the same of many rows.
func (l *taking) sum(out *namelist.Taken) {
	for _, s := range []struct {
		n      int
		zh, en string
	}{
		{l.thin, "%d 条批准文件不全，按资料来源登记", "names whose document is not whole stand on the source of the list: %d"},
		{l.guessed, "%d 条没有写类别，按通名认定", "names without a kind are of the one that their generic tells: %d"},
		{l.pointed, "%d 条只有一个点的道路等，点只用来认定所在政区，不作为图形", "places such as roads of which the list has one point, which tells their division and draws nothing: %d"},
		{l.unspelled, "%d 条没有罗马字母拼写，待确认", "names whose spelling nobody has confirmed: %d"},
		{l.kept, "%d 条已登记的地名，文件中的批准文件或曾用名与登记不同，未改动（请办理更名或更正）", "names that are there and whose document or former names the list has otherwise; those stay: %d"},
	} {
		if s.n > 0 {
			out.Remarks = append([]namelist.Remark{{ZH: fmt.Sprintf(s.zh, s.n), EN: fmt.Sprintf(s.en, s.n)}}, out.Remarks...)
			out.Remarked++
		}
	}
}

// write does what was decided: new records in large pieces, since each statement asks for the
// rights anew, changes one by one.
func (l *taking) write(ctx context.Context, out *namelist.Taken) error {
	var made []map[string]any
	for _, w := range l.writes {
		if w.before.ID != "" {
			if _, err := l.s.updateQuietly(ctx, l.tx, w.before, w.after); err != nil {
				return fmt.Errorf("row %d of a list of names: %w", l.t.Rows[w.row].Number, err)
			}
			continue
		}
		n := w.after
		var err error
		if n.ID, err = newID(); err != nil {
			return err
		}
		row, err := l.s.asJSON(n)
		if err != nil {
			return err
		}
		made = append(made, row)
		if w.told >= 0 {
			out.Rows[w.told].NameID = n.ID
		}
	}
	for part := range slices.Chunk(made, chunk) {
		raw, err := json.Marshal(part)
		if err != nil {
			return fmt.Errorf("encode the names of a list: %w", err)
		}
		if _, err := l.tx.Exec(ctx, insertManySQL, pgx.StrictNamedArgs{"adcode": l.tx.Writer().AdCode, "rows": string(raw)}); err != nil {
			return fmt.Errorf("enter the names of a list: %w", err)
		}
	}
	return nil
}

// asJSON is what is written of a record, as insertManySQL reads it.
func (s *Store) asJSON(n placenames.Name) (map[string]any, error) {
	args, err := s.contentArgs(n)
	if err != nil {
		return nil, err
	}
	row := map[string]any(args)
	row["id"], row["geom"], row["decision_day"] = n.ID, nil, nil
	if n.Geometry != nil {
		row["geom"] = wkt.MarshalString(n.Geometry)
	}
	if n.Decision.Day != "" {
		row["decision_day"] = n.Decision.Day
	}
	for name, v := range row {
		if raw, ok := v.([]byte); ok {
			row[name] = json.RawMessage(raw)
			if raw == nil {
				row[name] = nil
			}
		}
	}
	return row, nil
}

// insertManySQL enters records that were checked, from a JSON array of them.
const insertManySQL = `
INSERT INTO place_name (` + insertColumns + `)
SELECT @adcode, r.id, r.text, r.specific, r.modifier, r.generic, r.parts_confirmed, r.roman, r.readings, r.initial, r.kind, r.class, r.state, r.divisions, r.built_up_area,
	r.famous, r.important, ST_GeomFromText(r.geom, 4326), r.extent, r.size, r.origin, r.meaning, r.aliases, r.former, r.decision_kind, r.decision_number, r.decision_day,
	r.decision_body, r.decision_title, r.heritage, r.planned, r.parent, r.host, r.successor, r.reuses_id, r.reuses_reason, r.note, daterange(nullif(r."from", '')::date, NULL)
FROM jsonb_to_recordset(@rows::jsonb) AS r (id uuid, text text, specific text, modifier text, generic text, parts_confirmed boolean, roman text, readings text[],
	initial text, kind text, class text, state text, divisions text[], built_up_area text, famous boolean, important boolean, geom text, extent jsonb, size jsonb,
	origin text, meaning text, aliases jsonb, former jsonb, decision_kind text, decision_number text, decision_day date, decision_body text, decision_title text,
	heritage jsonb, planned uuid, parent uuid, host uuid, successor uuid, reuses_id uuid, reuses_reason text, note text, "from" text)`
