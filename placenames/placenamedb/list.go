package placenamedb

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/hanzi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
)

// After is where a page of the list goes on: behind this record. The zero value is the
// beginning.
type After struct{ Text, ID string }

// rowColumns of a record in a list, with the alias n, as rowOf reads them.
const rowColumns = `n.id::text, n.version, n.text, n.roman, n.kind, n.class, n.initial, n.state, n.divisions, ST_PointOnSurface(n.geom), n.heritage IS NOT NULL, ` + decision + `,
	coalesce(n.parent_id::text, ''), coalesce(lower(n.valid)::text, ''), ` + writable

func rowRows() postgres.Found[placenames.Row] {
	return postgres.Found[placenames.Row]{What: "place name", Missing: placenames.ErrNotFound, Scan: func(row pgx.CollectableRow) (placenames.Row, error) { return scanRow(row) }}
}

// scanRow reads a row of a list behind columns that the caller put before.
func scanRow(row pgx.CollectableRow, before ...any) (placenames.Row, error) {
	var r placenames.Row
	var at orb.Geometry
	targets := append(before, &r.ID, &r.Version, &r.Text, &r.Roman, &r.Kind, &r.Class, &r.Initial, &r.State, &r.Divisions, &at, &r.Heritage)
	targets = append(append(targets, decisionTargets(&r.Decision)...), &r.ParentID, &r.ValidFrom, &r.MayWrite)
	err := row.Scan(targets...)
	r.Position, r.Placed = at.(orb.Point)
	return r, err
}

// asked are the conditions of a filter on the table or its past, with their parameters.
type asked struct {
	conds []string
	args  pgx.StrictNamedArgs
}

func (a *asked) and(cond, name string, value any) {
	a.conds = append(a.conds, cond)
	a.args[name] = value
}

func (s *Store) ask(w postgres.Writer, f placenames.Filter) *asked {
	a := &asked{args: readerArgs(w), conds: []string{"n.adcode = @adcode"}}
	if len(f.Classes) > 0 {
		a.and("n.class = ANY (@classes)", "classes", f.Classes)
	}
	if len(f.Kinds) > 0 {
		a.and("n.kind = ANY (@kinds)", "kinds", f.Kinds)
	}
	if len(f.States) > 0 {
		states := make([]string, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		a.and("n.state = ANY (@states)", "states", states)
	}
	if f.Initial != "" {
		a.and("n.initial = @initial", "initial", f.Initial)
	}
	if f.Within != nil {
		a.and("n.divisions && @within::text[]", "within", f.Within)
	}
	if f.Heritage != nil {
		a.and("(n.heritage IS NOT NULL) = @heritage", "heritage", *f.Heritage)
	}
	for i, word := range strings.Fields(f.Text) {
		s.word(a, i, word)
	}
	return a
}

func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// word asks that a word is in a name that the place has or had, or how its name is spelled.
func (s *Store) word(a *asked, i int, word string) {
	pattern, sounds := fmt.Sprintf("pattern_%d", i), fmt.Sprintf("sounds_%d", i)
	cond := `n.text ILIKE @` + pattern + ` OR n.roman ILIKE @` + pattern + `
	OR EXISTS (SELECT FROM jsonb_array_elements(n.aliases) AS e WHERE e ->> 'text' ILIKE @` + pattern + `)
	OR EXISTS (SELECT FROM jsonb_array_elements(n.former) AS e WHERE e ->> 'text' ILIKE @` + pattern + `)`
	if spelled := hanzi.Pattern(s.speller.Ways(word)); spelled != "" {
		cond += ` OR n.text ~ @` + sounds + `::text`
		a.args[sounds] = spelled
	}
	a.and("("+cond+")", pattern, "%"+escaped(word)+"%")
}

// from gives the records of a moment that are asked for: SQL that selects columns of them, the
// most that are wanted of each of its halves in the order of the list where most is not 0.
func (a *asked) from(columns string, at record.At, most int) string {
	half := func(table string, more ...string) string {
		sql := `SELECT ` + columns + ` FROM ` + table + ` AS n WHERE ` + strings.Join(append(more, a.conds...), ` AND `)
		if most > 0 {
			sql += fmt.Sprintf(` ORDER BY n.text COLLATE yike_pinyin, n.id LIMIT %d`, most)
		}
		return sql
	}
	if at == (record.At{}) {
		return half(`place_name`)
	}
	a.args = postgres.AsOfArgs(at, a.args)
	const holds = `n.valid @> @as_of_day::date AND n.recorded @> @as_of_moment::timestamptz`
	return `(` + half(`place_name`, holds) + `) UNION ALL (` + half(`place_name_history`, holds) + `)`
}

// List gives at most limit of the records that are asked for, by pinyin (numbers as numbers) and
// id, behind a place of the list: those of now, or where at is given as they stood on a day by
// what was known at a moment. Without the right to read history the latter are only those
// present versions that hold on the day.
func (s *Store) List(ctx context.Context, w postgres.Writer, f placenames.Filter, at record.At, after After, limit int) (placenames.Page, error) {
	a := s.ask(w, f)
	if after.ID != "" {
		a.and("(n.text COLLATE yike_pinyin, n.id) > (@after_text::text, @after_id::uuid)", "after_text", after.Text)
		a.args["after_id"] = after.ID
	}
	var out placenames.Page
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		// The two halves come each in order; the places of the rows are found for the page only.
		sql := `SELECT ` + rowColumns + ` FROM (` + a.from(listed, at, limit+1) + `) AS n ORDER BY n.text COLLATE yike_pinyin, n.id LIMIT ` + fmt.Sprint(limit+1)
		var err error
		out.Rows, err = rowRows().All(q.Query(ctx, sql, a.args))
		return err
	})
	if len(out.Rows) > limit {
		out.Rows, out.More = out.Rows[:limit], true
	}
	return out, err
}

// listed are the columns that rowColumns needs.
const listed = `n.id, n.version, n.text, n.roman, n.kind, n.class, n.initial, n.state, n.divisions, n.division_code, n.geom, n.heritage, n.decision_kind, n.decision_number,
	n.decision_day, n.decision_body, n.decision_title, n.parent_id, n.valid`

// Counts tells how many of the records that are asked for are of each class and in each state.
func (s *Store) Counts(ctx context.Context, w postgres.Writer, f placenames.Filter, at record.At) ([]placenames.Count, error) {
	a := s.ask(w, f)
	delete(a.args, "system") // nobody asks who writes
	var out []placenames.Count
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT n.class, n.state, count(*) FROM (`+a.from(`n.class, n.state`, at, 0)+`) AS n GROUP BY n.class, n.state ORDER BY n.class, n.state`, a.args)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (placenames.Count, error) {
			var c placenames.Count
			err := row.Scan(&c.Class, &c.State, &c.N)
			return c, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count place names: %w", err)
	}
	return out, nil
}
