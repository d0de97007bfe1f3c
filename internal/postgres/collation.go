package postgres

import (
	"context"
	"database/sql"
	"fmt"
)

// sortAnew makes the indexes anew that are in the order of a collation of ours whose rules
// changed: those of ICU come with the system and may say otherwise after an upgrade of it.
// An index in the former order would lose rows from lists without a word.
func sortAnew(ctx context.Context, db *sql.DB) error {
	// The versions come last, so that what was interrupted is done again.
	rows, err := db.QueryContext(ctx, `
WITH changed AS (
	SELECT oid, collname FROM pg_collation
	WHERE collprovider = 'i' AND collnamespace = 'public'::regnamespace AND collversion IS DISTINCT FROM pg_collation_actual_version(oid)
)
SELECT 'REINDEX INDEX ' || indexrelid::regclass, 1 AS turn FROM pg_index WHERE EXISTS (SELECT FROM changed AS c WHERE c.oid = ANY (indcollation))
UNION ALL SELECT 'ALTER COLLATION ' || quote_ident(collname) || ' REFRESH VERSION', 2 FROM changed
ORDER BY turn`)
	if err != nil {
		return fmt.Errorf("look at the orders of names: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var todo []string
	for rows.Next() {
		var statement string
		var turn int
		if err := rows.Scan(&statement, &turn); err != nil {
			return fmt.Errorf("look at the orders of names: %w", err)
		}
		todo = append(todo, statement)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("look at the orders of names: %w", err)
	}
	for _, statement := range todo {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("sort anew: %w", err)
		}
	}
	return nil
}
