package audit_test

import (
	"testing"

	"yike/internal/postgres"
)

const (
	auditor = "01900000-0000-7000-8000-000000000001"
	planner = "01900000-0000-7000-8000-000000000002"
)

// person makes an account with one role and gives its writer.
func person(t *testing.T, db *postgres.DB, adcode, id, role string) postgres.Writer {
	t.Helper()
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES ($1, $2, $3, $3) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role) SELECT adcode, gen_random_uuid(), id, $4 FROM made`,
			adcode, id, "a-"+id, role)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return postgres.Writer{AdCode: adcode, Account: id, Who: role}
}
