package authdb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// made names what a write made; the rest is read afterwards, so that no personal data
// are kept beside an idempotency key.
type made struct {
	ID string `json:"id"`
}

// Create makes an account without roles and gives its one-time password; "" when the
// request was answered before. It returns an InvalidError or auth.ErrNameTaken.
func (a *Accounts) Create(ctx context.Context, w postgres.Writer, n auth.NewAccount) (auth.Account, string, error) {
	if faults := n.Validate(); len(faults) > 0 {
		return auth.Account{}, "", &auth.InvalidError{Faults: faults}
	}
	password := oneTimePassword()
	hash, err := a.hash(ctx, password)
	if err != nil {
		return auth.Account{}, "", err
	}
	fresh := false
	out, err := postgres.WriteOnce(ctx, a.db, w, "建立账号 / make an account", func(tx *postgres.Tx) (made, error) {
		fresh = true
		return a.insertAccount(ctx, tx, n, hash)
	})
	if err != nil {
		return auth.Account{}, "", told(err)
	}
	if !fresh {
		password = ""
	}
	// Read back as the system: whoever may make an account might not be let see it, and the
	// password would be lost.
	acc, err := a.Account(ctx, postgres.System(w.AdCode, w.Who), out.ID)
	return acc, password, err
}

func (a *Accounts) insertAccount(ctx context.Context, tx *postgres.Tx, n auth.NewAccount, hash string) (made, error) {
	if err := tx.Require(ctx, string(auth.AccountWrite), ""); err != nil {
		return made{}, err
	}
	id, err := newID()
	if err != nil {
		return made{}, err
	}
	_, err = tx.Exec(ctx, `
INSERT INTO account (adcode, id, name, display_name, department, phone) VALUES (@adcode, @id, @name, @display, @department, @phone)`,
		pgx.StrictNamedArgs{
			"adcode": tx.Writer().AdCode, "id": id, "name": n.Name, "display": strings.TrimSpace(n.DisplayName),
			"department": strings.TrimSpace(n.Department), "phone": strings.TrimSpace(n.Phone),
		})
	if postgres.Code(err) == duplicate {
		return made{}, auth.ErrNameTaken
	}
	if err != nil {
		return made{}, fmt.Errorf("make the account: %w", err)
	}
	tx.Note(postgres.Note{Action: "account.create", Kind: "account", ID: id, After: described(auth.Account{
		Name: n.Name, DisplayName: n.DisplayName, Department: n.Department, Phone: n.Phone, Status: auth.Active,
	})})
	return made{id}, tx.AsOwner(ctx, func() error { return a.addSecret(ctx, tx, id, hash, true) })
}

// described is what the audit log says of an account: with the phone masked.
func described(a auth.Account) map[string]any {
	return map[string]any{
		"name": a.Name, "display_name": a.DisplayName, "department": a.Department, "phone": auth.MaskPhone(a.Phone), "status": a.Status,
	}
}

// Update changes the account that the writer saw at version: their own, or with the right
// any; nobody disables themselves. A disabled account's sessions end. It returns an
// InvalidError, auth.ErrNotFound, ErrStale or ErrOwnAccount.
func (a *Accounts) Update(ctx context.Context, w postgres.Writer, id string, version int, c auth.AccountChange) (auth.Account, error) {
	if faults := c.Validate(); len(faults) > 0 {
		return auth.Account{}, &auth.InvalidError{Faults: faults}
	}
	if w.Account == id && c.Status != nil {
		return auth.Account{}, auth.ErrOwnAccount
	}
	err := a.db.Write(ctx, w, "修改账号 / change an account", func(tx *postgres.Tx) error {
		if w.Account != id {
			if err := tx.Require(ctx, string(auth.AccountWrite), ""); err != nil {
				return err
			}
		}
		before, err := oneOf(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		after := changed(before, c)
		tag, err := tx.Exec(ctx, `
UPDATE account SET display_name = @display, department = @department, phone = @phone, status = @status
WHERE adcode = @adcode AND id = @id AND version = @version`,
			pgx.StrictNamedArgs{
				"adcode": w.AdCode, "id": id, "version": version, "display": after.DisplayName, "department": after.Department,
				"phone": after.Phone, "status": after.Status,
			})
		if err != nil {
			return fmt.Errorf("change the account: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return postgres.ErrStale
		}
		tx.Note(postgres.Note{Action: "account.update", Kind: "account", ID: id, Before: described(before), After: described(after)})
		if after.Status == auth.Active {
			return nil
		}
		return tx.AsOwner(ctx, func() error { return endSessions(ctx, tx, id) })
	})
	a.held.empty()
	if err != nil {
		return auth.Account{}, told(err)
	}
	return a.Account(ctx, w, id)
}

func changed(a auth.Account, c auth.AccountChange) auth.Account {
	for _, f := range []struct{ to, from *string }{{&a.DisplayName, c.DisplayName}, {&a.Department, c.Department}, {&a.Phone, c.Phone}} {
		if f.from != nil {
			*f.to = strings.TrimSpace(*f.from)
		}
	}
	if c.Status != nil {
		a.Status = *c.Status
	}
	return a
}

func endSessions(ctx context.Context, tx *postgres.Tx, account string) error {
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE adcode = @adcode AND account_id = @account`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "account": account})
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// ResetPassword gives an account a new one-time password, opens its lock, ends its
// sessions and tokens and takes away its identities at a provider, since whoever lost the
// one may have lost the others; "" when the
// request was answered before. Under a policy that keeps the three administrators apart
// their passwords are reset by the system only: one who could reset another's could be
// both. It returns auth.ErrNotFound, ErrOwnAccount, ErrNoReason or an ApartError.
func (a *Accounts) ResetPassword(ctx context.Context, w postgres.Writer, id string, r auth.Reset) (string, error) {
	switch {
	case w.Account != "" && w.Account == id:
		return "", auth.ErrOwnAccount
	case !auth.GoodReason(r.Reason):
		return "", auth.ErrNoReason
	}
	password := oneTimePassword()
	hash, err := a.hash(ctx, password)
	if err != nil {
		return "", err
	}
	fresh := false
	_, err = postgres.WriteOnce(ctx, a.db, w, r.Reason, func(tx *postgres.Tx) (struct{}, error) {
		fresh = true
		if err := tx.Require(ctx, string(auth.AccountWrite), ""); err != nil {
			return struct{}{}, err
		}
		acc, stored, err := a.holdForReset(ctx, tx, id)
		if err != nil {
			return struct{}{}, err
		}
		tx.Note(postgres.Note{Action: "password.reset", Kind: "account", ID: id, After: map[string]any{"totp_removed": r.RemoveTOTP}})
		return struct{}{}, tx.AsOwner(ctx, func() error {
			err := a.setPassword(ctx, tx, newPassword{account: id, hash: hash, remember: stored.Policy.Remember, mustChange: true})
			if err != nil {
				return err
			}
			if r.RemoveTOTP && w.Account == "" {
				if err := removeTOTP(ctx, tx, w.AdCode, id); err != nil {
					return err
				}
			}
			return errors.Join(a.endTokens(ctx, tx, id), a.unlink(ctx, tx, id), a.openLock(ctx, tx, acc))
		})
	})
	a.held.empty()
	if err != nil {
		return "", told(err)
	}
	if !fresh {
		password = ""
	}
	return password, nil
}

// holdForReset gives the account when the writer may reset its password.
func (a *Accounts) holdForReset(ctx context.Context, tx *postgres.Tx, id string) (auth.Account, auth.StoredPolicy, error) {
	w := tx.Writer()
	if err := lockAccounts(ctx, tx, w.AdCode); err != nil {
		return auth.Account{}, auth.StoredPolicy{}, err
	}
	acc, err := oneOf(ctx, tx, w.AdCode, id)
	if err != nil {
		return auth.Account{}, auth.StoredPolicy{}, err
	}
	stored, err := policyOf(ctx, tx, w.AdCode)
	if err != nil {
		return auth.Account{}, auth.StoredPolicy{}, err
	}
	if w.Account != "" && stored.Policy.StrictApart && auth.IsAdministrator(acc.Roles()) {
		return auth.Account{}, auth.StoredPolicy{}, &auth.ApartError{Names: []string{acc.Name}}
	}
	return acc, stored, nil
}

func (a *Accounts) endTokens(ctx context.Context, tx *postgres.Tx, account string) error {
	_, err := tx.Exec(ctx, `UPDATE api_token SET revoked_at = @now WHERE adcode = @adcode AND account_id = @account AND revoked_at IS NULL`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "account": account, "now": a.now()})
	if err != nil {
		return fmt.Errorf("end tokens: %w", err)
	}
	return nil
}

func (a *Accounts) openLock(ctx context.Context, tx *postgres.Tx, acc auth.Account) error {
	_, err := tx.Exec(ctx, `DELETE FROM login_failure WHERE adcode = @adcode AND subject = @subject`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "subject": a.nameSubject(acc.Name)})
	if err != nil {
		return fmt.Errorf("open the lock: %w", err)
	}
	return nil
}

// Unlock forgets an account's failed tries. It returns auth.ErrNotFound or ErrNoReason.
func (a *Accounts) Unlock(ctx context.Context, w postgres.Writer, id, reason string) error {
	if !auth.GoodReason(reason) {
		return auth.ErrNoReason
	}
	_, err := postgres.WriteOnce(ctx, a.db, w, reason, func(tx *postgres.Tx) (struct{}, error) {
		if err := tx.Require(ctx, string(auth.AccountWrite), ""); err != nil {
			return struct{}{}, err
		}
		acc, err := oneOf(ctx, tx, w.AdCode, id)
		if err != nil {
			return struct{}{}, err
		}
		tx.Note(postgres.Note{Action: "account.unlock", Kind: "account", ID: id})
		return struct{}{}, tx.AsOwner(ctx, func() error { return a.openLock(ctx, tx, acc) })
	})
	return told(err)
}

// Reveal gives an account's phone in full, for a reason that goes into the audit log.
func (a *Accounts) Reveal(ctx context.Context, w postgres.Writer, id, reason string) (string, error) {
	if !auth.GoodReason(reason) {
		return "", auth.ErrNoReason
	}
	var phone string
	// Looking twice is two looks, so a repeated request is noted again.
	err := a.db.Write(ctx, w, reason, func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, string(auth.PersonalReveal), ""); err != nil {
			return err
		}
		acc, err := oneOf(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: string(auth.PersonalReveal), Kind: "account", ID: id, After: map[string]any{"field": "phone"}})
		phone = acc.Phone
		return nil
	})
	return phone, told(err)
}
