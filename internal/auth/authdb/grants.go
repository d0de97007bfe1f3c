package authdb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// insertGrant gives a role.
func insertGrant(ctx context.Context, tx *postgres.Tx, account string, g auth.Grant) (auth.GrantRecord, error) {
	id, err := newID()
	if err != nil {
		return auth.GrantRecord{}, err
	}
	_, err = tx.Exec(ctx, `
INSERT INTO account_grant (adcode, id, account_id, role, division_code) VALUES (@adcode, @id, @account, @role, @division)`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "account": account, "role": g.Role, "division": g.Division})
	if postgres.Code(err) == duplicate {
		return auth.GrantRecord{}, auth.ErrGranted
	}
	if err != nil {
		return auth.GrantRecord{}, fmt.Errorf("give the role: %w", err)
	}
	return auth.GrantRecord{ID: id, Grant: g}, nil
}

// Grant gives an account a role. It returns an InvalidError, auth.ErrNotFound, ErrGranted,
// ErrOwnGrants, ErrNoReason, or an ApartError under a policy that keeps the three
// administrators apart.
func (a *Accounts) Grant(ctx context.Context, w postgres.Writer, account string, g auth.Grant, reason string) (auth.GrantRecord, error) {
	if faults := g.Validate(); len(faults) > 0 {
		return auth.GrantRecord{}, &auth.InvalidError{Faults: faults}
	}
	if err := a.mayGrant(w, account, reason); err != nil {
		return auth.GrantRecord{}, err
	}
	out, err := postgres.WriteOnce(ctx, a.db, w, reason, func(tx *postgres.Tx) (auth.GrantRecord, error) {
		if err := tx.Require(ctx, string(auth.GrantWrite), ""); err != nil {
			return auth.GrantRecord{}, err
		}
		// Whoever gives a second of the three roles at the same moment waits, and then sees this one.
		if err := lockAccounts(ctx, tx, w.AdCode); err != nil {
			return auth.GrantRecord{}, err
		}
		acc, err := oneOf(ctx, tx, w.AdCode, account)
		if err != nil {
			return auth.GrantRecord{}, err
		}
		stored, err := policyOf(ctx, tx, w.AdCode)
		if err != nil {
			return auth.GrantRecord{}, err
		}
		if stored.Policy.StrictApart && auth.TogetherApart(append(acc.Roles(), g.Role)) != nil {
			return auth.GrantRecord{}, &auth.ApartError{Names: []string{acc.Name}}
		}
		tx.Note(postgres.Note{Action: "grant.create", Kind: "account", ID: account, Division: g.Division, After: g})
		return insertGrant(ctx, tx, account, g)
	})
	a.held.empty()
	return out, told(err)
}

// mayGrant refuses what no right allows.
func (a *Accounts) mayGrant(w postgres.Writer, account, reason string) error {
	switch {
	case w.Account != "" && w.Account == account:
		return auth.ErrOwnGrants
	case !auth.GoodReason(reason):
		return auth.ErrNoReason
	}
	return nil
}

// Revoke takes a role. It returns auth.ErrNotFound, ErrOwnGrants or ErrNoReason.
func (a *Accounts) Revoke(ctx context.Context, w postgres.Writer, account, grant, reason string) error {
	if !isID(account) || !isID(grant) {
		return auth.ErrNotFound
	}
	if err := a.mayGrant(w, account, reason); err != nil {
		return err
	}
	err := a.db.Write(ctx, w, reason, func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, string(auth.GrantWrite), ""); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
DELETE FROM account_grant WHERE adcode = @adcode AND account_id = @account AND id = @id RETURNING role, division_code`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "account": account, "id": grant})
		if err != nil {
			return fmt.Errorf("take the role: %w", err)
		}
		gone, err := pgx.CollectRows(rows, pgx.RowToStructByPos[auth.Grant])
		if err != nil {
			return fmt.Errorf("take the role: %w", err)
		}
		if len(gone) == 0 {
			return auth.ErrNotFound
		}
		tx.Note(postgres.Note{Action: "grant.delete", Kind: "account", ID: account, Division: gone[0].Division, Before: gone[0]})
		return nil
	})
	a.held.empty()
	return told(err)
}

// Policy gives the policy of the writer's authority.
func (a *Accounts) Policy(ctx context.Context, w postgres.Writer) (auth.StoredPolicy, error) {
	return policyOf(ctx, a.db.Reader(), w.AdCode)
}

// SetPolicy changes the policy that the writer saw at version. It returns an
// InvalidError, auth.ErrStale, ErrNoReason, or an ApartError that names the accounts that
// hold two of the three administrators' roles and so stand in the way of a strict one.
func (a *Accounts) SetPolicy(ctx context.Context, w postgres.Writer, version int, p auth.Policy, reason string) (auth.StoredPolicy, error) {
	if faults := p.Validate(); len(faults) > 0 {
		return auth.StoredPolicy{}, &auth.InvalidError{Faults: faults}
	}
	if !auth.GoodReason(reason) {
		return auth.StoredPolicy{}, auth.ErrNoReason
	}
	if p.TOTPRoles == nil {
		p.TOTPRoles = []auth.Role{}
	}
	err := a.db.Write(ctx, w, reason, func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, string(auth.PolicyWrite), ""); err != nil {
			return err
		}
		if err := lockAccounts(ctx, tx, w.AdCode); err != nil {
			return err
		}
		if p.StrictApart {
			if err := allApart(ctx, tx, w.AdCode); err != nil {
				return err
			}
		}
		stored, err := policyOf(ctx, tx, w.AdCode)
		if err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: "policy.update", Kind: "security_policy", Before: stored.Policy, After: p})
		return storePolicy(ctx, tx, version, p)
	})
	a.held.empty()
	if err != nil {
		return auth.StoredPolicy{}, told(err)
	}
	return auth.StoredPolicy{Version: version + 1, Policy: p}, nil
}

// allApart fails with an ApartError when somebody holds two of the three.
func allApart(ctx context.Context, tx *postgres.Tx, adcode string) error {
	all, err := readAccounts(ctx, tx, adcode, `TRUE ORDER BY a.name`, pgx.StrictNamedArgs{})
	if err != nil {
		return err
	}
	var names []string
	for _, acc := range all {
		if auth.TogetherApart(acc.Roles()) != nil {
			names = append(names, acc.Name)
		}
	}
	if names != nil {
		return &auth.ApartError{Names: names}
	}
	return nil
}

func storePolicy(ctx context.Context, tx *postgres.Tx, version int, p auth.Policy) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode the policy: %w", err)
	}
	id, err := newID()
	if err != nil {
		return err
	}
	args := pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "policy": json.RawMessage(raw)}
	sql := `UPDATE security_policy SET policy = @policy WHERE adcode = @adcode AND version = @version`
	if version == 0 {
		args["id"] = id
		sql = `INSERT INTO security_policy (adcode, id, policy) VALUES (@adcode, @id, @policy) ON CONFLICT (adcode) DO NOTHING`
	} else {
		args["version"] = version
	}
	tag, err := tx.Exec(ctx, sql, args)
	if err != nil {
		return fmt.Errorf("keep the policy: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return postgres.ErrStale
	}
	return nil
}
