package facilitydb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/facilities"
	"yike/internal/hanzi"
	"yike/internal/postgres"
	"yike/internal/record"
)

// What a list may be asked for wrongly.
var (
	// ErrUnknownDivision says that a filter names a division that there is not.
	ErrUnknownDivision = errors.New("没有这个编码的辖区 / no such division")
	// ErrBadCursor says that a page is asked for after what is no record of the list.
	ErrBadCursor = errors.New("不是上一页给出的位置 / not where a page ends")
)

// VerifyDays is after how many days a record is due to be held against the place where no
// steward of the subdistrict says otherwise.
const VerifyDays = 365

// Query gives a page of the facilities that w may see and the filter means, as of at, for
// whose past days or moments w needs the right to read history; the zero value is now.
// today decides what is overdue. A page costs the same wherever in the list it lies. It
// returns *record.InvalidError, ErrUnknownDivision and ErrBadCursor.
func (s *Store) Query(ctx context.Context, w postgres.Writer, f facilities.Filter, p facilities.Page, at record.At, today record.Day) (facilities.List, error) {
	var out facilities.List
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		l, err := s.listing(ctx, q, w, f, at, today)
		if err != nil {
			return err
		}
		if p.Count && p.After == nil {
			out.Total = new(int)
			if err := q.QueryRow(ctx, `SELECT count(*) FROM `+l.from+` WHERE `+l.where(), l.args).Scan(out.Total); err != nil {
				return fmt.Errorf("count facilities: %w", err)
			}
		}
		return l.page(ctx, q, p, today, &out)
	})
	return out, err
}

// Count counts the facilities that w may see and the filter means, in parts. It returns
// what Query does.
func (s *Store) Count(ctx context.Context, w postgres.Writer, f facilities.Filter, today record.Day) (facilities.Counts, error) {
	out := facilities.Counts{ByType: map[facilities.Type]int{}, ByStatus: map[facilities.Status]int{}, ByStage: map[facilities.Stage]int{}}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		l, err := s.listing(ctx, q, w, f, record.At{}, today)
		if err != nil {
			return err
		}
		due := l.overdue(today)
		rows, err := q.Query(ctx, `
SELECT type, status, stage, count(*), count(*) FILTER (WHERE geom IS NULL), count(*) FILTER (WHERE `+due+`)
FROM `+l.from+` WHERE `+l.where()+` GROUP BY type, status, stage`, l.args)
		if err != nil {
			return fmt.Errorf("count facilities: %w", err)
		}
		var typ facilities.Type
		var status facilities.Status
		var stage facilities.Stage
		var n, unplaced, late int
		_, err = pgx.ForEachRow(rows, []any{&typ, &status, &stage, &n, &unplaced, &late}, func() error {
			out.Total, out.Unplaced, out.Overdue = out.Total+n, out.Unplaced+unplaced, out.Overdue+late
			out.ByType[typ] += n
			out.ByStatus[status] += n
			out.ByStage[stage] += n
			return nil
		})
		if err != nil {
			return fmt.Errorf("count facilities: %w", err)
		}
		return nil
	})
	return out, err
}

// listing is a filter as SQL.
type listing struct {
	from     string // what is listed: the records now, or as they were
	conds    []string
	args     pgx.StrictNamedArgs
	stewards stewards
}

func (l *listing) where() string { return strings.Join(l.conds, "\n\tAND ") }

// and adds a condition over one argument.
func (l *listing) and(cond, name string, value any) {
	l.conds = append(l.conds, cond)
	l.args[name] = value
}

// stewards are how often records are to be held against the place, by division.
type stewards struct {
	prefixes []string // LIKE patterns of codes, the finest division first
	days     []int
}

func readStewards(ctx context.Context, q postgres.Querier, adcode string) (stewards, error) {
	rows, err := q.Query(ctx, `
SELECT division_code || '%', verify_days FROM division_steward WHERE adcode = @adcode ORDER BY length(division_code) DESC, division_code`,
		pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return stewards{}, fmt.Errorf("read the stewards: %w", err)
	}
	var s stewards
	var prefix string
	var days int
	_, err = pgx.ForEachRow(rows, []any{&prefix, &days}, func() error {
		s.prefixes, s.days = append(s.prefixes, prefix), append(s.days, days)
		return nil
	})
	if err != nil {
		return stewards{}, fmt.Errorf("read the stewards: %w", err)
	}
	return s, nil
}

// overdue is whether a record is due to be held against the place: SQL over a facility.
// Stewards are those of the divisions that its code begins with, as with rights. A chain
// of cases is some ten times as fast as looking each record's steward up.
func (l *listing) overdue(today record.Day) string {
	l.args["today"], l.args["verify_days"] = string(today), VerifyDays
	days := "@verify_days::integer"
	if len(l.stewards.prefixes) > 0 {
		var cases strings.Builder
		for i, prefix := range l.stewards.prefixes {
			fmt.Fprintf(&cases, " WHEN division_code LIKE @steward_%d THEN @days_%d::integer", i, i)
			l.args[fmt.Sprintf("steward_%d", i)], l.args[fmt.Sprintf("days_%d", i)] = prefix, l.stewards.days[i]
		}
		days = "CASE" + cases.String() + " ELSE " + days + " END"
	}
	return `(stage = 'published' AND status <> 'closed' AND replaced_by = '{}' AND coalesce(verified_on, '-infinity') < @today::date - ` + days + `)`
}

// searched is what a text is looked for in.
const searched = `concat_ws(E'\n', name_zh, name_en, address, bureau_no, institution_code, uscc)`

func (s *Store) listing(ctx context.Context, q postgres.Querier, w postgres.Writer, f facilities.Filter, at record.At, today record.Day) (*listing, error) {
	if err := record.Invalid(f.Faults()); err != nil {
		return nil, err
	}
	// To compile such a query takes longer than to run it.
	var off string
	if err := q.QueryRow(ctx, `SELECT set_config('jit', 'off', true)`).Scan(&off); err != nil {
		return nil, fmt.Errorf("prepare to list facilities: %w", err)
	}
	l := &listing{from: "facility", args: pgx.StrictNamedArgs{"adcode": w.AdCode}, conds: []string{"adcode = @adcode"}}
	var err error
	if l.stewards, err = readStewards(ctx, q, w.AdCode); err != nil {
		return nil, err
	}
	if at != (record.At{}) {
		if err := postgres.Require(ctx, q, w, mayReadHistory, ""); err != nil {
			return nil, err
		}
		if at.Valid == "" {
			at.Valid = today
		}
		l.from = history().AsOf(stored) + " AS facility"
		l.args = postgres.AsOfArgs(at, l.args)
	}
	l.match(f)
	l.matchWords(f.Words(), s.spell)
	if f.Overdue {
		l.conds = append(l.conds, l.overdue(today))
	}
	if f.Division != "" && f.Division != w.AdCode {
		codes, err := below(ctx, q, w.AdCode, f.Division)
		if err != nil {
			return nil, err
		}
		l.and("division_code = ANY (@divisions)", "divisions", codes)
	}
	return l, nil
}

// match adds what a filter says of the record itself.
func (l *listing) match(f facilities.Filter) {
	if !f.Tombstones {
		l.conds = append(l.conds, "replaced_by = '{}'")
	}
	if len(f.Types) > 0 {
		l.and("type = ANY (@types)", "types", texts(f.Types))
	}
	if len(f.Statuses) > 0 {
		l.and("status = ANY (@statuses)", "statuses", texts(f.Statuses))
	}
	if len(f.Stages) > 0 {
		l.and("stage = ANY (@stages)", "stages", texts(f.Stages))
	}
	if f.Serves != "" {
		l.and("@serves::text = ANY (serves)", "serves", f.Serves)
	}
	if f.Batch != "" {
		l.and("id IN ("+writtenBy+")", "batch", idOrNone(f.Batch))
	}
	if f.IDs != nil {
		l.and("id = ANY (@ids::uuid[])", "ids", onlyIDs(f.IDs))
	}
	if f.Placed != nil {
		l.and("(geom IS NOT NULL) = @placed", "placed", *f.Placed)
	}
	if f.VerifiedBefore != "" {
		l.and("coalesce(verified_on, '-infinity') < @verified_before::date", "verified_before", string(f.VerifiedBefore))
	}
	if len(f.Area) > 0 {
		l.and("ST_Intersects(geom, ST_MakeValid(@area::geometry))", "area", f.Area)
	}
}

// matchWords adds that every word is in what is searched, or is how a part of the name is
// spelled in pinyin: one more look at the name only, so that it works on former days, too,
// and nothing is stored for it.
func (l *listing) matchWords(words []string, spell func() *hanzi.Speller) {
	for i, word := range words {
		pattern, sounds := fmt.Sprintf("pattern_%d", i), fmt.Sprintf("sounds_%d", i)
		l.args[pattern] = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
		cond := searched + " ILIKE @" + pattern
		if spelled := hanzi.Pattern(spell().Ways(word)); spelled != "" {
			cond = "(" + cond + " OR name_zh ~ @" + sounds + "::text)"
			l.args[sounds] = spelled
		}
		l.conds = append(l.conds, cond)
	}
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// onlyIDs leaves out what is no id: no record has it.
func onlyIDs(list []string) []string {
	out := []string{}
	for _, id := range list {
		if postgres.IsID(id) {
			out = append(out, id)
		}
	}
	return out
}

// below gives the codes of a division and of all under it: those that say so, and those
// whose codes do.
func below(ctx context.Context, q postgres.Querier, adcode, code string) ([]string, error) {
	rows, err := q.Query(ctx, `
WITH RECURSIVE under AS (
	SELECT code FROM division WHERE adcode = @adcode AND code LIKE @code::text || '%' AND EXISTS (SELECT FROM division WHERE adcode = @adcode AND code = @code)
	UNION SELECT d.code FROM division AS d JOIN under AS u ON d.parent_code = u.code WHERE d.adcode = @adcode
)
SELECT code FROM under`, pgx.StrictNamedArgs{"adcode": adcode, "code": code})
	if err != nil {
		return nil, fmt.Errorf("read the divisions: %w", err)
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("read the divisions: %w", err)
	}
	if len(codes) == 0 {
		return nil, ErrUnknownDivision
	}
	return codes, nil
}

// order is a sort key in SQL: what rows are in the order of, the type that a cursor's text
// is read as, and the text.
type order struct{ by, as, text string }

func orderOf(key facilities.SortKey) order {
	plain := func(column string) order { return order{column + ` COLLATE "C"`, "text", column} }
	switch key {
	case facilities.ByName:
		return order{`name_zh COLLATE yike_pinyin`, "text", "name_zh"}
	case facilities.ByType:
		return plain("type")
	case facilities.ByStatus:
		return plain("status")
	case facilities.ByStage:
		return plain("stage")
	case facilities.ByDivision:
		return plain("division_code")
	case facilities.ByCapacity:
		return order{"capacity", "integer", "capacity::text"}
	case facilities.ByVerified:
		return order{"coalesce(verified_on, '-infinity')", "date", "coalesce(verified_on, '-infinity')::text"}
	}
	return order{}
}

// page reads one page of a listing.
func (l *listing) page(ctx context.Context, q postgres.Querier, p facilities.Page, today record.Day, out *facilities.List) error {
	o := orderOf(p.Sort)
	way, than := "ASC", ">"
	if p.Descending {
		way, than = "DESC", "<"
	}
	sorted, position := "facility.id "+way, `''` // a plain id would be its text, for which there is no index
	if o.by != "" {
		sorted, position = o.by+" "+way+", "+sorted, o.text
	}
	if p.After != nil {
		if !postgres.IsID(p.After.ID) || !o.reads(p.After.Value) {
			return ErrBadCursor
		}
		if o.by == "" {
			l.and("facility.id "+than+" @after_id::uuid", "after_id", p.After.ID)
		} else {
			l.and("("+o.by+", facility.id) "+than+" (@after::"+o.as+", @after_id::uuid)", "after", p.After.Value)
			l.args["after_id"] = p.After.ID
		}
	}
	l.args["most"] = p.Limit + 1
	rows, err := q.Query(ctx, `SELECT `+columns+`, `+position+` AS list_position, `+l.overdue(today)+` AS is_overdue FROM `+l.from+` WHERE `+l.where()+` ORDER BY `+sorted+` LIMIT @most`, l.args)
	if err != nil {
		return fmt.Errorf("list facilities: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (listed, error) {
		var f listed
		var err error
		f.Facility, err = scanWith(row, &f.position, &f.overdue)
		return f, err
	})
	if err != nil {
		return fmt.Errorf("list facilities: %w", err)
	}
	if len(list) > p.Limit {
		list = list[:p.Limit]
		last := list[p.Limit-1]
		out.Next = &facilities.Cursor{Value: last.position, ID: last.ID}
	}
	out.Facilities, out.Overdue = make([]facilities.Facility, len(list)), map[string]bool{}
	for i, f := range list {
		out.Facilities[i] = f.Facility
		if f.overdue {
			out.Overdue[f.ID] = true
		}
	}
	return nil
}

// listed is a row of a page, with its value in the order of the list.
type listed struct {
	facilities.Facility
	position string
	overdue  bool
}

// reads reports whether a cursor's text can be read as what rows are in the order of.
func (o order) reads(text string) bool {
	switch o.as {
	case "integer":
		var n pgtype.Int4
		return n.Scan(text) == nil && n.Valid
	case "date":
		_, err := time.Parse(time.DateOnly, text)
		return err == nil || text == "-infinity"
	case "":
		return text == ""
	}
	return true
}
