package authdb

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// addressTries is how many times the tries of one account an address has: many people
// may sit behind one address.
const addressTries = 10

// guess is one try at a password: for a name, from an address.
type guess struct {
	adcode     string
	name, from string // subjects of login_failure; from is "" where no address is known
	policy     auth.Policy
}

func (a *Accounts) guess(adcode, name, from string, p auth.Policy) guess {
	return guess{adcode: adcode, name: a.nameSubject(name), from: addressSubject(from), policy: p}
}

// nameSubject stands for a name in the table of failures.
func (a *Accounts) nameSubject(name string) string {
	return "name:" + hexOf(a.mac([]byte("name " + name))[:16])
}

// addressSubject is an address, or the network of a site for IPv6, where each site has
// more addresses than it can use.
func addressSubject(from string) string {
	if from == "" {
		return ""
	}
	addr, err := netip.ParseAddr(from)
	if err != nil {
		return "from:" + from
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return "from:" + addr.String()
	}
	site, err := addr.Prefix(64)
	if err != nil {
		return "from:" + from
	}
	return "from:" + site.String()
}

// locked gives when the later lock of the two ends; the zero time when neither is locked.
func (a *Accounts) locked(ctx context.Context, g guess) (time.Time, error) {
	var until *time.Time
	err := a.db.Reader().QueryRow(ctx, `
SELECT max(locked_until) FROM login_failure
WHERE adcode = @adcode AND subject IN (@name, @from) AND locked_until > @now`,
		pgx.StrictNamedArgs{"adcode": g.adcode, "name": g.name, "from": g.from, "now": a.now()}).Scan(&until)
	if err != nil {
		return time.Time{}, fmt.Errorf("look for a lock: %w", err)
	}
	if until == nil {
		return time.Time{}, nil
	}
	return *until, nil
}

// admit counts a guess before it is checked, as if it were wrong, so that however many
// come at once, no more are checked than the policy lets. The last one that is let locks;
// a right one opens again. It returns a LockedError for a guess that may not be made;
// such a guess counts neither for the name nor for the address.
func (a *Accounts) admit(ctx context.Context, g guess) (last bool, err error) {
	err = pgx.BeginFunc(ctx, a.db.Pool(), func(tx pgx.Tx) error {
		// Always the name first: two guesses then never wait for each other in a ring.
		if last, err = a.count(ctx, tx, g, g.name, g.policy.Tries); err != nil || g.from == "" {
			return err
		}
		_, err := a.count(ctx, tx, g, g.from, g.policy.Tries*addressTries)
		return err
	})
	return last, err
}

func (a *Accounts) count(ctx context.Context, tx pgx.Tx, g guess, subject string, tries int) (last bool, err error) {
	now := a.now()
	args := pgx.StrictNamedArgs{
		"adcode": g.adcode, "subject": subject, "now": now, "tries": tries,
		"since": now.Add(-g.policy.Lock()), "until": now.Add(g.policy.Lock()),
	}
	// A lock that is over, or failures of long ago, begin again from one.
	err = tx.QueryRow(ctx, `
INSERT INTO login_failure AS f (adcode, subject, failures, first_at, last_at, locked_until)
VALUES (@adcode, @subject, 1, @now, @now, CASE WHEN @tries <= 1 THEN @until::timestamptz END)
ON CONFLICT (adcode, subject) DO UPDATE SET
	failures = CASE WHEN f.locked_until IS NOT NULL OR f.last_at < @since THEN 1 ELSE f.failures + 1 END,
	first_at = CASE WHEN f.locked_until IS NOT NULL OR f.last_at < @since THEN @now ELSE f.first_at END,
	last_at = @now,
	locked_until = CASE WHEN f.locked_until IS NULL AND f.last_at >= @since AND f.failures + 1 >= @tries THEN @until::timestamptz END
WHERE f.locked_until IS NULL OR f.locked_until <= @now
RETURNING locked_until IS NOT NULL`, args).Scan(&last)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, a.lockOf(ctx, tx, g.adcode, subject)
	}
	if err != nil {
		return false, fmt.Errorf("count a try: %w", err)
	}
	return last, nil
}

// lockOf gives the lock that kept a guess out.
func (a *Accounts) lockOf(ctx context.Context, q postgres.Querier, adcode, subject string) error {
	var until *time.Time
	err := q.QueryRow(ctx, `SELECT locked_until FROM login_failure WHERE adcode = @adcode AND subject = @subject`,
		pgx.StrictNamedArgs{"adcode": adcode, "subject": subject}).Scan(&until)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("look for a lock: %w", err)
	}
	if until == nil { // opened this very moment
		now := a.now()
		until = &now
	}
	return a.lockedUntil(*until)
}

func (a *Accounts) lockedUntil(until time.Time) error {
	return &auth.LockedError{Until: until, Wait: until.Sub(a.now())}
}

// forgive takes back a guess that was counted and was no failure.
func (a *Accounts) forgive(ctx context.Context, g guess) error {
	if err := takeBack(ctx, a.db.Pool(), g.adcode, g.name, g.policy.Tries); err != nil {
		return err
	}
	return takeBack(ctx, a.db.Pool(), g.adcode, g.from, g.policy.Tries*addressTries)
}

// execer is the writing half of a pool or a transaction.
type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func takeBack(ctx context.Context, db execer, adcode, subject string, tries int) error {
	_, err := db.Exec(ctx, `
UPDATE login_failure SET failures = greatest(failures - 1, 0),
	locked_until = CASE WHEN failures - 1 >= @tries THEN locked_until END
WHERE adcode = @adcode AND subject = @subject`,
		pgx.StrictNamedArgs{"adcode": adcode, "subject": subject, "tries": tries})
	if err != nil {
		return fmt.Errorf("take back a try: %w", err)
	}
	return nil
}

// clearFailures forgets the failures of a name whose owner came in, and takes this guess
// back from its address. The transaction must be the owner's.
func clearFailures(ctx context.Context, tx pgx.Tx, g guess) error {
	args := pgx.StrictNamedArgs{"adcode": g.adcode, "name": g.name}
	if _, err := tx.Exec(ctx, `DELETE FROM login_failure WHERE adcode = @adcode AND subject = @name`, args); err != nil {
		return fmt.Errorf("forget failed tries: %w", err)
	}
	return takeBack(ctx, tx, g.adcode, g.from, g.policy.Tries*addressTries)
}

// failed puts a wrong guess into the audit log: with the account where there is one, and
// else without what was typed.
func (a *Accounts) failed(ctx context.Context, w postgres.Writer, action, account, why string, last bool) error {
	err := a.db.Refused(ctx, w, "failed", why, postgres.Note{Action: action, Kind: "account", ID: account})
	if err != nil || !last {
		return err
	}
	return a.db.Refused(ctx, w, "refused", "失败次数达到上限，已锁定 / locked after the last try allowed",
		postgres.Note{Action: "account.lock", Kind: "account", ID: account})
}
