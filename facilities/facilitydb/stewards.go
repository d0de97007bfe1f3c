package facilitydb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// ErrNoSteward says that there is no steward of that id.
var ErrNoSteward = errors.New("没有这个责任单位 / no such steward")

func stewardKind() small[facilities.Steward] {
	return small[facilities.Steward]{
		Found: postgres.Found[facilities.Steward]{What: "steward", Missing: ErrNoSteward, Scan: scanSteward},
		table: "division_steward", deed: "steward",
		columns: `id::text, version, division_code, office, post, phone, verify_days, coalesce(lower(valid)::text, '')`,
		content: func(n facilities.Steward) map[string]any {
			return map[string]any{"office": n.Office, "post": n.Post, "phone": n.Phone, "verify_days": n.VerifyDays}
		},
		facts: func(n facilities.Steward) smallFacts { return smallFacts{n.Division, n.Version, n.ValidFrom} },
		hold:  holdSteward,
		twice: func(n facilities.Steward) record.Fault {
			return record.Fault{Field: "division_code", Value: n.Division, ZH: "该辖区已有责任单位，请修改原有的", EN: "the division has a steward already; change that one"}
		},
	}
}

func scanSteward(row pgx.CollectableRow) (facilities.Steward, error) {
	var s facilities.Steward
	err := row.Scan(&s.ID, &s.Version, &s.Division, &s.Office, &s.Post, &s.Phone, &s.VerifyDays, &s.ValidFrom)
	return s, err
}

// Stewards gives who looks after which division, by division. None is no error.
func (s *Store) Stewards(ctx context.Context, w postgres.Writer) ([]facilities.Steward, error) {
	return stewardKind().list(ctx, s.db, w, "", `division_code, id`)
}

// CreateSteward names who looks after a division, once for each idempotency key. It
// returns a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) CreateSteward(ctx context.Context, w postgres.Writer, n facilities.Steward, c record.Change, today record.Day) (facilities.Steward, error) {
	tidy := facilities.StewardPatch{Office: &n.Office, Post: &n.Post, Phone: &n.Phone}.Apply(n)
	return stewardKind().create(ctx, s.db, w, tidy, c, today)
}

// UpdateSteward changes a steward of which the writer saw a version. It returns
// ErrNoSteward, a *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) UpdateSteward(ctx context.Context, w postgres.Writer, id string, expected int, p facilities.StewardPatch, c record.Change, today record.Day) (facilities.Steward, error) {
	return stewardKind().update(ctx, s.db, w, id, expected, p.Apply, c, today)
}

func holdSteward(ctx context.Context, q postgres.Querier, n facilities.Steward, faults []record.Fault) error {
	var known bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM division WHERE adcode = yike_adcode() AND code = @code)`,
		pgx.StrictNamedArgs{"code": n.Division}).Scan(&known)
	if err != nil {
		return fmt.Errorf("look for a division: %w", err)
	}
	return record.Invalid(append(faults, facilities.ValidateSteward(n, known)...))
}
