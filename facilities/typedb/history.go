package typedb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
)

// mayReadHistory is the right to see former versions, and who made them.
const mayReadHistory = "history.read"

// history says what people are shown of a version.
func history() postgres.History {
	part := func(name string) postgres.Field { return postgres.Field{Name: name, SQL: "definition->'" + name + "'"} }
	var fields []postgres.Field
	for _, name := range []string{
		"zh", "en", "group", "icon", "capacity_unit", "capacity_field", "serves", "measure", "door_page", "retired", "standards", "limits", "fields", "past_fields",
	} {
		fields = append(fields, part(name))
	}
	return postgres.History{Table: "facility_type_local", Fields: fields}
}

// HistoryOf gives all versions of what the bureau keeps of a type, the newest first, which
// needs the right to read history. facilities.ErrNoType where it never kept anything of it
// and there is no such type.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, code facilities.Type) ([]postgres.Version, error) {
	var all []postgres.Version
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := postgres.Require(ctx, q, w, mayReadHistory, ""); err != nil {
			return err
		}
		rows, err := q.Query(ctx, `
SELECT DISTINCT id::text FROM (
	SELECT id FROM facility_type_local WHERE adcode = @adcode AND code = @code
	UNION ALL SELECT id FROM facility_type_local_history WHERE adcode = @adcode AND code = @code
) AS every ORDER BY id DESC`, pgx.StrictNamedArgs{"adcode": w.AdCode, "code": string(code)})
		if err != nil {
			return fmt.Errorf("find what was kept of a facility type: %w", err)
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return fmt.Errorf("find what was kept of a facility type: %w", err)
		}
		for _, id := range ids {
			list, err := history().Versions(ctx, q, w.AdCode, id)
			if err != nil {
				return fmt.Errorf("facility type %s: %w", code, err)
			}
			all = append(all, list...)
		}
		if len(all) > 0 {
			return nil
		}
		p, err := s.catalogue.Present(ctx, q, w.AdCode)
		if err != nil {
			return err
		}
		if _, ok := p.Types.Find(code); !ok {
			return facilities.ErrNoType
		}
		return nil
	})
	return all, err
}
