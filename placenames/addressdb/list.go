package addressdb

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/addresses"
)

// After is where a page of the list goes on: behind this address. The zero value is the
// beginning.
type After struct{ Text, ID string }

// asked are the conditions of a filter, with their parameters.
type asked struct {
	conds []string
	args  pgx.StrictNamedArgs
}

func (a *asked) and(cond, name string, value any) {
	a.conds = append(a.conds, cond)
	a.args[name] = value
}

func ask(w postgres.Writer, f addresses.Filter) *asked {
	a := &asked{args: pgx.StrictNamedArgs{"adcode": w.AdCode}, conds: []string{"a.adcode = @adcode"}}
	if f.NameID != "" {
		a.and("a.name_id::text = @name", "name", f.NameID)
	}
	if f.ParentID != "" {
		a.and("a.parent_id::text = @parent", "parent", f.ParentID)
	}
	if f.Within != nil {
		a.and("a.division_code = ANY (@within::text[])", "within", f.Within)
	}
	if len(f.States) > 0 {
		a.and("a.state = ANY (@states::text[])", "states", texts(f.States))
	}
	if len(f.Levels) > 0 {
		a.and("a.level = ANY (@levels::text[])", "levels", texts(f.Levels))
	}
	if f.Custody != "" {
		a.and("a.custody = @custody", "custody", string(f.Custody))
	}
	if f.Unplaced {
		a.conds = append(a.conds, "a.geom IS NULL")
	}
	for i, word := range strings.Fields(f.Text) {
		pattern := fmt.Sprintf("pattern_%d", i)
		a.and(`(a.text ILIKE @`+pattern+` OR a.roman ILIKE @`+pattern+` OR a.code_text ILIKE @`+pattern+`
	OR EXISTS (SELECT FROM jsonb_array_elements(a.foreign_codes) AS e WHERE e ->> 'code' ILIKE @`+pattern+`)
	OR EXISTS (SELECT FROM jsonb_array_elements(a.former) AS e WHERE e ->> 'text' ILIKE @`+pattern+`))`, pattern, "%"+escaped(word)+"%")
	}
	return a
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// table is the register of now, or as it stood on a day.
func (a *asked) table(day record.Day) string {
	if day == "" {
		return `address`
	}
	a.args = postgres.AsOfArgs(record.At{Valid: day}, a.args)
	return history().AsOf(stored)
}

// List gives at most limit of the addresses that are asked for, by pinyin (numbers as numbers) and
// id, behind a place of the list.
func (s *Store) List(ctx context.Context, w postgres.Writer, f addresses.Filter, after After, limit int) (addresses.Page, error) {
	a := ask(w, f)
	a.args["system"] = w.Account == ""
	if after.ID != "" {
		a.and("(a.short_text COLLATE yike_pinyin, a.id) > (@after_text::text, @after_id::uuid)", "after_text", after.Text)
		a.args["after_id"] = after.ID
	}
	from := a.table(f.At)
	var out addresses.Page
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		sql := `SELECT ` + shown + ` FROM (SELECT ` + stored + ` FROM ` + from + ` AS a WHERE ` + strings.Join(a.conds, ` AND `) + `
	ORDER BY a.short_text COLLATE yike_pinyin, a.id LIMIT ` + fmt.Sprint(limit+1) + `) AS a ORDER BY a.short_text COLLATE yike_pinyin, a.id`
		out.Rows, err = items().All(q.Query(ctx, sql, a.args))
		return err
	})
	if len(out.Rows) > limit {
		out.Rows, out.More = out.Rows[:limit], true
	}
	return out, err
}

// Counts tells how many of the addresses that are asked for are of each level and in each state.
func (s *Store) Counts(ctx context.Context, w postgres.Writer, f addresses.Filter) ([]addresses.Count, error) {
	a := ask(w, f)
	from := a.table(f.At)
	var out []addresses.Count
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT a.level, a.state, count(*) FROM `+from+` AS a WHERE `+strings.Join(a.conds, ` AND `)+` GROUP BY a.level, a.state ORDER BY a.level, a.state`, a.args)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[addresses.Count])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count addresses: %w", err)
	}
	return out, nil
}

// Map gives at most limit of the live addresses that are asked for within a frame, the widest
// first, and whether there are more.
func (s *Store) Map(ctx context.Context, w postgres.Writer, frame orb.Bound, f addresses.Filter, limit int) (list []addresses.Drawn, more bool, err error) {
	a := ask(w, f)
	if len(f.States) == 0 {
		a.conds = append(a.conds, "a.state <> 'historical'")
	}
	a.and("a.geom && ST_MakeEnvelope(@west, @south, @east, @north, 4326)", "west", frame.Left())
	a.args["south"], a.args["east"], a.args["north"], a.args["limit"] = frame.Bottom(), frame.Right(), frame.Top(), limit+1
	err = s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT a.id::text, a.short_text, CASE WHEN a.level = 'number' THEN a.number || CASE WHEN a.suffix <> '' THEN '-' || a.suffix ELSE '' END ELSE a.label END,
	a.level, a.state, a.main_id IS NULL, a.geom
FROM address AS a WHERE `+strings.Join(a.conds, ` AND `)+` ORDER BY address_depth(a.level), a.id LIMIT @limit`, a.args)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[addresses.Drawn])
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("draw addresses: %w", err)
	}
	if len(list) > limit {
		return list[:limit], true, nil
	}
	return list, false, nil
}

// Pairs gives the old–new table of the addresses that are asked for, by the day on which the old
// address ended; a reserved number is never in it.
func (s *Store) Pairs(ctx context.Context, w postgres.Writer, f addresses.Filter) ([]addresses.Pair, error) {
	a := ask(w, f)
	a.conds = append(a.conds, "a.state <> 'reserved'", "(a.ended_on IS NOT NULL OR a.former <> '[]')")
	var out []addresses.Pair
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		old, err := plain().All(q.Query(ctx, `SELECT `+columns+` FROM address AS a WHERE `+strings.Join(a.conds, ` AND `)+` ORDER BY a.short_text COLLATE yike_pinyin, a.id`, a.args))
		if err != nil {
			return err
		}
		var ids []string
		for _, o := range old {
			ids = append(ids, o.Successors...)
		}
		list, err := plain().All(q.Query(ctx, `SELECT `+columns+` FROM address AS a WHERE a.adcode = @adcode AND a.id = ANY (@ids::uuid[])`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "ids": onlyIDs(distinct(ids))}))
		if err != nil {
			return err
		}
		next := map[string]addresses.Address{}
		for _, n := range list {
			next[n.ID] = n
		}
		by := func(id string) (addresses.Address, bool) { n, ok := next[id]; return n, ok }
		for _, o := range old {
			out = append(out, addresses.Pairs(o, by)...)
		}
		return nil
	})
	addresses.SortPairs(out)
	return out, err
}
