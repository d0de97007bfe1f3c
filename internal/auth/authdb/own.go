package authdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// Own gives what the writer's account may know of itself; session is the present one, ""
// for a token.
func (a *Accounts) Own(ctx context.Context, w postgres.Writer, session string) (auth.Own, error) {
	var own auth.Own
	err := a.db.Read(ctx, w, func(q postgres.Querier) error {
		accounts, err := readAccounts(ctx, q, w.AdCode, `a.id = @id`, pgx.StrictNamedArgs{"id": w.Account})
		if err != nil {
			return err
		}
		if len(accounts) == 0 {
			return auth.ErrNotFound
		}
		own.Account = accounts[0]
		return nil
	})
	if err != nil {
		return auth.Own{}, told(err)
	}
	if err := a.fill(ctx, w.AdCode, []*auth.Account{&own.Account}); err != nil {
		return auth.Own{}, err
	}
	if own.Policy, own.PasswordExpiresAt, err = a.passwordRules(ctx, w); err != nil {
		return auth.Own{}, err
	}
	if session == "" {
		return own, nil
	}
	var at *time.Time
	err = a.db.Reader().QueryRow(ctx, `
SELECT former_at, former_from FROM session WHERE adcode = @adcode AND account_id = @account AND id = @id`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "account": w.Account, "id": session}).Scan(&at, &own.LastLogin.From)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return auth.Own{}, fmt.Errorf("read the session: %w", err)
	}
	if at != nil {
		own.LastLogin.At = *at
	}
	return own, nil
}

// passwordRules gives the policy, and when the writer's password must be changed under
// it: zero when never, or when the account has none.
func (a *Accounts) passwordRules(ctx context.Context, w postgres.Writer) (auth.Policy, time.Time, error) {
	stored, err := policyOf(ctx, a.db.Reader(), w.AdCode)
	if err != nil {
		return auth.Policy{}, time.Time{}, err
	}
	var set time.Time
	err = a.db.Reader().QueryRow(ctx, `
SELECT password_at FROM account_secret WHERE adcode = @adcode AND account_id = @account AND password_hash <> ''`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "account": w.Account}).Scan(&set)
	if errors.Is(err, pgx.ErrNoRows) {
		return stored.Policy, time.Time{}, nil
	}
	if err != nil {
		return auth.Policy{}, time.Time{}, fmt.Errorf("read the password's age: %w", err)
	}
	return stored.Policy, stored.Policy.PasswordExpires(set), nil
}

// ChangePassword changes the writer's own password and ends their other sessions. The old
// one is guessed at as at sign-in: it returns a LockedError, auth.ErrBadCredentials or
// ErrBusy, and a WeakPasswordError for a new one that will not do.
func (a *Accounts) ChangePassword(ctx context.Context, w postgres.Writer, session, former, next string) error {
	w = a.withSecrets(w)
	if done, err := a.doneBefore(ctx, w); done || err != nil {
		return err
	}
	known, err := a.byID(ctx, w.AdCode, w.Account)
	if err != nil {
		return err
	}
	g, own, err := a.ownGuess(ctx, w, known)
	if err != nil {
		return err
	}
	if _, err := a.checkPassword(ctx, g, known, former, w, "password.change"); err != nil {
		return err
	}
	// The old password was right, so nothing below is a failed guess.
	faults := auth.CheckPassword(g.policy, auth.Person{Name: own.Name, DisplayName: own.DisplayName, Department: own.Department, Phone: own.Phone}, next)
	if len(faults) > 0 {
		return errors.Join(a.forgive(ctx, g), &auth.WeakPasswordError{Faults: faults})
	}
	hash, err := a.hashUnused(ctx, w, g.policy, known.Hash, next)
	if err != nil {
		return errors.Join(a.forgive(ctx, g), err)
	}
	_, err = postgres.WriteOnce(ctx, a.db, w, "修改密码 / change the password", func(tx *postgres.Tx) (struct{}, error) {
		tx.Note(postgres.Note{Action: "password.change", Kind: "account", ID: w.Account})
		return struct{}{}, tx.AsOwner(ctx, func() error {
			if err := a.setPassword(ctx, tx, newPassword{hash: hash, replaces: known.Hash, remember: g.policy.Remember, keepSession: session}); err != nil {
				return err
			}
			return clearFailures(ctx, tx, g)
		})
	})
	a.held.empty()
	return told(err)
}

// doneBefore reports whether the request was answered before, by its idempotency key: a
// password that was changed is no longer the old one, so the question comes first.
func (a *Accounts) doneBefore(ctx context.Context, w postgres.Writer) (bool, error) {
	if w.Key == "" {
		return false, nil
	}
	_, err := postgres.WriteOnce(ctx, a.db, w, "重复的请求 / a repeated request", func(*postgres.Tx) (struct{}, error) {
		return struct{}{}, errNotDone
	})
	if errors.Is(err, errNotDone) {
		return false, nil
	}
	return err == nil, told(err)
}

// errNotDone rolls back a question that found no answer of before.
var errNotDone = errors.New("not done before")

// ownGuess is a try at the writer's own password, with what the account says of itself.
func (a *Accounts) ownGuess(ctx context.Context, w postgres.Writer, known candidate) (guess, auth.Account, error) {
	stored, err := policyOf(ctx, a.db.Reader(), w.AdCode)
	if err != nil {
		return guess{}, auth.Account{}, err
	}
	own, err := a.one(ctx, w, w.Account)
	return a.guess(w.AdCode, known.Name, w.From, stored.Policy), own, err
}

// hashUnused hashes a new password that is not the present one nor a former one that the
// policy remembers.
func (a *Accounts) hashUnused(ctx context.Context, w postgres.Writer, p auth.Policy, present, next string) (string, error) {
	var former []string
	err := a.db.Reader().QueryRow(ctx, `
SELECT former_hashes[1:@remember] FROM account_secret WHERE adcode = @adcode AND account_id = @account`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "account": w.Account, "remember": p.Remember}).Scan(&former)
	if err != nil {
		return "", fmt.Errorf("read former passwords: %w", err)
	}
	var hash string
	err = a.hasher.run(ctx, func(s slot) error {
		for _, old := range append([]string{present}, former...) {
			used, err := s.check(next, old)
			if err != nil {
				return err
			}
			if used {
				return &auth.WeakPasswordError{Faults: []auth.Fault{auth.UsedBefore(p.Remember)}}
			}
		}
		hash = s.hash(next)
		return nil
	})
	return hash, err
}

// newPassword is a password about to be set.
type newPassword struct {
	account     string // "" is the writer's own
	hash        string
	replaces    string // only where this is the present hash; "" for whatever it is
	remember    int    // how many former ones are kept
	mustChange  bool   // at the next sign-in
	keepSession string // this one goes on; the others end
}

// setPassword sets a password and ends sessions. The transaction must be the owner's.
func (a *Accounts) setPassword(ctx context.Context, tx *postgres.Tx, n newPassword) error {
	if n.account == "" {
		n.account = tx.Writer().Account
	}
	args := pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "account": n.account, "hash": n.hash, "now": a.now(), "must": n.mustChange,
		"remember": n.remember, "replaces": n.replaces,
	}
	tag, err := tx.Exec(ctx, `
UPDATE account_secret SET password_hash = @hash, password_at = @now, must_change = @must,
	former_hashes = (array_prepend(password_hash, former_hashes))[1:@remember]
WHERE adcode = @adcode AND account_id = @account AND (@replaces = '' OR password_hash = @replaces)`, args)
	if err != nil {
		return fmt.Errorf("set the password: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return auth.ErrBadCredentials // changed meanwhile, so the old one is not the old one
	}
	_, err = tx.Exec(ctx, `DELETE FROM session WHERE adcode = @adcode AND account_id = @account AND id::text <> @keep`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "account": n.account, "keep": n.keepSession})
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// Sessions lists where the writer is signed in, the latest first.
func (a *Accounts) Sessions(ctx context.Context, w postgres.Writer) ([]auth.Session, error) {
	stored, err := policyOf(ctx, a.db.Reader(), w.AdCode)
	if err != nil {
		return nil, err
	}
	now := a.now()
	rows, err := a.db.Reader().Query(ctx, `
SELECT id, from_addr, agent, created_at, last_seen_at FROM session
WHERE adcode = @adcode AND account_id = @account AND expires_at > @now AND created_at > @created AND last_seen_at > @seen
ORDER BY created_at DESC, id`,
		pgx.StrictNamedArgs{
			"adcode": w.AdCode, "account": w.Account, "now": now,
			"created": now.Add(-stored.Policy.Session()), "seen": now.Add(-stored.Policy.Idle()),
		})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[auth.Session])
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return out, nil
}

// EndSession ends one of the writer's own sessions, or returns auth.ErrNotFound.
func (a *Accounts) EndSession(ctx context.Context, w postgres.Writer, id string) error {
	if !isID(id) {
		return auth.ErrNotFound
	}
	err := a.db.Write(ctx, w, "退出登录 / sign out", func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{Action: "session.end", Kind: "session", ID: id})
		return tx.AsOwner(ctx, func() error {
			tag, err := tx.Exec(ctx, `DELETE FROM session WHERE adcode = @adcode AND account_id = @account AND id = @id`,
				pgx.StrictNamedArgs{"adcode": w.AdCode, "account": w.Account, "id": id})
			if err != nil {
				return fmt.Errorf("end the session: %w", err)
			}
			if tag.RowsAffected() == 0 {
				return auth.ErrNotFound
			}
			return nil
		})
	})
	a.held.empty()
	return told(err)
}
