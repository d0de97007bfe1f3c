package platedb

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/plates/life"
)

// Desk counts what is to be done in a division and those below it; "" is the whole authority. The
// open are found by indexes of theirs; the states and the stale read all live plates.
func (s *Store) Desk(ctx context.Context, w postgres.Writer, division string, c life.Cuts) (life.Figures, error) {
	var out life.Figures
	args := pgx.StrictNamedArgs{"adcode": w.AdCode, "division": escaped(division) + "%"}
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out.States, err = counts(ctx, q, ` FROM plate AS p WHERE p.adcode = @adcode AND p.division_code LIKE @division`, args)
		if err != nil {
			return err
		}
		out.Unverified = out.States[life.Fixed]
		const toFix, toRepair = `p.state IN ('ordered', 'made', 'delivered') AND p.due_from`, `p.state IN ('damaged', 'lost') AND p.bad_since`
		for _, f := range []struct {
			to   *int
			cond string
			cut  record.Day
		}{
			{&out.InstallLate, toFix, c.InstallLate},
			{&out.InstallDue, toFix, c.InstallDue},
			{&out.RepairLate, toRepair, c.RepairLate},
			{&out.RepairDue, toRepair, c.RepairDue},
			{&out.LongRepairs, toRepair, c.LongRepair},
		} {
			if f.cut == "" {
				continue
			}
			if *f.to, err = number(ctx, q, ` FROM plate AS p WHERE p.adcode = @adcode AND p.division_code LIKE @division AND `+f.cond+` <= @cut::date`, with(args, "cut", string(f.cut))); err != nil {
				return err
			}
		}
		out.InstallDue, out.RepairDue = out.InstallDue-out.InstallLate, out.RepairDue-out.RepairLate
		if out.Stale, err = number(ctx, q, joined+`WHERE p.adcode = @adcode AND p.division_code LIKE @division AND `+stale, args); err != nil {
			return err
		}
		out.Off, err = number(ctx, q, ` FROM plate AS p WHERE p.adcode = @adcode AND p.division_code LIKE @division AND p.offset_m > 15 AND p.state IN ('fixed', 'verified', 'damaged')`, args)
		return err
	})
	return out, err
}

func with(args pgx.StrictNamedArgs, name string, value any) pgx.StrictNamedArgs {
	out := pgx.StrictNamedArgs{name: value}
	for k, v := range args {
		out[k] = v
	}
	return out
}

func number(ctx context.Context, q postgres.Querier, from string, args pgx.StrictNamedArgs) (n int, err error) {
	if err := q.QueryRow(ctx, `SELECT count(*)`+from, args).Scan(&n); err != nil {
		return 0, fmt.Errorf("count plates: %w", err)
	}
	return n, nil
}

// ToRepair gives at most limit damaged and lost plates of a division and those below it, those that
// wait longest first.
func (s *Store) ToRepair(ctx context.Context, w postgres.Writer, division string, limit int) ([]life.Item, error) {
	return s.waiting(ctx, w, division, limit, `p.state IN ('damaged', 'lost')`, `p.bad_since, p.token`)
}

// ToFix gives at most limit plates that are to be put up, those whose time began first at the
// beginning.
func (s *Store) ToFix(ctx context.Context, w postgres.Writer, division string, limit int) ([]life.Item, error) {
	return s.waiting(ctx, w, division, limit, `p.state IN ('ordered', 'made', 'delivered')`, `p.due_from, p.token`)
}

func (s *Store) waiting(ctx context.Context, w postgres.Writer, division string, limit int, cond, order string) ([]life.Item, error) {
	var out []life.Item
	args := readerArgs(w)
	args["division"], args["limit"] = escaped(division)+"%", limit
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = items().All(q.Query(ctx, strings.Join([]string{`SELECT `, shown, joined, `WHERE p.adcode = @adcode AND p.division_code LIKE @division AND `, cond, ` ORDER BY `, order, ` LIMIT @limit`}, ""), args))
		return err
	})
	return out, err
}
