package consequencedb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/placenames"
	"yike/placenames/consequences"
)

// Filter is which changes are asked for; what is empty asks for all.
type Filter struct {
	Within     []string // codes of divisions: the place lies in one of these
	Text       string   // a part of the old or of the new name
	From, Till string   // days, inclusive
}

// Changes gives the old–new table: the latest first.
func (s *Store) Changes(ctx context.Context, w postgres.Writer, f Filter) ([]consequences.Change, error) {
	var out []consequences.Change
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT `+columns+`, coalesce(s.id::text, ''), coalesce(s.text, ''), coalesce(s.roman, '')
FROM place_name AS n LEFT JOIN place_name AS s ON s.adcode = n.adcode AND s.id = n.successor_id
WHERE n.adcode = @adcode AND (n.former <> '[]' OR n.state IN ('retired', 'annulled', 'merged')) AND (@within::text[] IS NULL OR n.divisions && @within::text[])
	AND (@text = '' OR strpos(concat_ws(' ', n.text, s.text, n.former::text), @text) > 0)`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "within": f.Within, "text": f.Text})
		if err != nil {
			return err
		}
		_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
			var next consequences.Successor
			n, err := scan(row, &next.ID, &next.Text, &next.Roman)
			for _, c := range consequences.Of(n, next) {
				if f.has(c) {
					out = append(out, c)
				}
			}
			return struct{}{}, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the table of old and new names: %w", err)
	}
	consequences.Sort(out)
	return out, nil
}

func (f Filter) has(c consequences.Change) bool {
	day := string(c.Day)
	return (f.From == "" || day >= f.From) && (f.Till == "" || day <= f.Till) && (f.Text == "" || consequences.Speaks(c.Old+"\n"+c.New, f.Text, nil))
}

// Outstanding counts what is still to follow of some names, by their ids; names that nothing has
// to follow, or that are not there, have none.
func (s *Store) Outstanding(ctx context.Context, w postgres.Writer, ids []string) (map[string]int, error) {
	out := map[string]int{}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT `+columns+` FROM place_name AS n WHERE n.adcode = @adcode AND n.id = ANY (@ids::uuid[])`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "ids": append([]string{}, ids...)})
		if err != nil {
			return fmt.Errorf("read names that others have to follow: %w", err)
		}
		names, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (placenames.Name, error) { return scan(row) })
		if err != nil {
			return fmt.Errorf("read names that others have to follow: %w", err)
		}
		for _, n := range names {
			of, longer, some, err := seek(ctx, q, w.AdCode, n)
			if err != nil {
				return err
			}
			if !some {
				continue
			}
			open, err := still(ctx, q, w.AdCode, of, longer)
			if err != nil {
				return err
			}
			marks, err := marksOf(ctx, q, w.AdCode, n.ID)
			if err != nil {
				return err
			}
			for _, t := range consequences.Follow(open, nil, marks) {
				if t.State == consequences.Open {
					out[n.ID]++
				}
			}
		}
		return nil
	})
	return out, err
}
