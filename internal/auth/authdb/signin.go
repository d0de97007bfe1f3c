package authdb

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// candidate is what sign-in needs to know of an account; its ID is "" where there is none.
type candidate struct {
	ID, Name, Display string
	Status            auth.Status
	Demo              bool
	Hash              string
	TOTPSecret        []byte
	TOTPConfirmed     bool
}

const candidateColumns = `a.id, a.name, a.display_name, a.status, a.demo, x.password_hash, x.totp_secret, x.totp_confirmed_at IS NOT NULL`

func scanCandidate(row pgx.Row) (candidate, error) {
	var c candidate
	err := row.Scan(&c.ID, &c.Name, &c.Display, &c.Status, &c.Demo, &c.Hash, &c.TOTPSecret, &c.TOTPConfirmed)
	if errors.Is(err, pgx.ErrNoRows) {
		return candidate{}, nil // a name that nobody has costs as much as one that somebody has
	}
	if err != nil {
		return candidate{}, fmt.Errorf("look up the account: %w", err)
	}
	return c, nil
}

func (a *Accounts) byName(ctx context.Context, adcode, name string) (candidate, error) {
	name = storable(name)
	return scanCandidate(a.db.Reader().QueryRow(ctx, `
SELECT `+candidateColumns+` FROM account a JOIN account_secret x ON x.adcode = a.adcode AND x.account_id = a.id
WHERE a.adcode = @adcode AND a.name = @name`, pgx.StrictNamedArgs{"adcode": adcode, "name": name}))
}

// byID gives the secrets' side of an account, or auth.ErrNotFound.
func (a *Accounts) byID(ctx context.Context, adcode, id string) (candidate, error) {
	if !isID(id) {
		return candidate{}, auth.ErrNotFound
	}
	c, err := scanCandidate(a.db.Reader().QueryRow(ctx, `
SELECT `+candidateColumns+` FROM account a JOIN account_secret x ON x.adcode = a.adcode AND x.account_id = a.id
WHERE a.adcode = @adcode AND a.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
	if err == nil && c.ID == "" {
		err = auth.ErrNotFound
	}
	return c, err
}

// who is how a candidate is named in the audit log.
func (c candidate) who() string {
	if c.ID == "" {
		return "未知账号 / unknown account"
	}
	return c.Name
}

const actionSignIn = "session.create"

// SignIn checks what a person typed and makes a session. It returns a LockedError,
// auth.ErrBadCredentials, ErrCodeRequired, ErrBadCode, ErrDemoNotHere or ErrBusy; all of
// them but ErrBusy and ErrCodeRequired are in the audit log, a lock once.
func (a *Accounts) SignIn(ctx context.Context, adcode string, typed auth.Credentials, client auth.Client) (auth.SignedIn, error) {
	name := auth.PlainName(typed.Name)
	stored, err := policyOf(ctx, a.db.Reader(), adcode)
	if err != nil {
		return auth.SignedIn{}, err
	}
	known, err := a.byName(ctx, adcode, name)
	if err != nil {
		return auth.SignedIn{}, err
	}
	g := a.guess(adcode, name, client.From, stored.Policy)
	checked, err := a.checkPassword(ctx, g, known, typed.Password, writerOf(adcode, "", known.who(), client), actionSignIn)
	if err != nil {
		return auth.SignedIn{}, err
	}
	if known.Demo && !client.Demo {
		return auth.SignedIn{}, errors.Join(a.refuseDemo(ctx, g, known, client), a.forgive(ctx, g))
	}
	method, err := a.secondFactor(ctx, g, known, typed.Code, client, checked.last)
	if err != nil {
		return auth.SignedIn{}, err
	}
	return a.open(ctx, opening{guess: g, who: known, method: method, rehash: checked.rehash, client: client})
}

func (a *Accounts) refuseDemo(ctx context.Context, g guess, known candidate, client auth.Client) error {
	w := writerOf(g.adcode, "", known.who(), client)
	err := a.db.Refused(ctx, w, "refused", auth.ErrDemoNotHere.Error(), postgres.Note{Action: actionSignIn, Kind: "account", ID: known.ID})
	if err != nil {
		return err
	}
	return auth.ErrDemoNotHere
}

// checkedPassword is what came of a right password.
type checkedPassword struct {
	last   bool   // it was the last try: another failure locks
	rehash string // the hash to keep from now on; "" to leave it
}

// checkPassword lets one guess be made and makes it. The slot for hashing comes first and
// the count second, so that whoever is told to wait has not used up a try. A wrong guess
// stays counted and is in the audit log under action; a right one stays counted too,
// until the caller clears or forgives it.
func (a *Accounts) checkPassword(ctx context.Context, g guess, known candidate, password string, w postgres.Writer, action string) (checkedPassword, error) {
	until, err := a.locked(ctx, g)
	if err != nil {
		return checkedPassword{}, err
	}
	if !until.IsZero() {
		return checkedPassword{}, a.lockedUntil(until)
	}
	var out checkedPassword
	right := false
	err = a.hasher.run(ctx, func(s slot) error {
		var err error
		if out.last, err = a.admit(ctx, g); err != nil {
			return err
		}
		if right, err = s.check(password, known.Hash); err == nil && right && s.outdated(known.Hash) {
			out.rehash = s.hash(password)
		}
		return err
	})
	if err != nil {
		return checkedPassword{}, err
	}
	if right && known.Status == auth.Active {
		return out, nil
	}
	why := "密码不正确 / wrong password"
	switch {
	case known.ID == "":
		why = "没有这个账号 / no such account"
	case right:
		why = "账号已停用 / the account is disabled"
	}
	if err := a.failed(ctx, w, action, known.ID, why, out.last); err != nil {
		return checkedPassword{}, err
	}
	return checkedPassword{}, auth.ErrBadCredentials
}

// secondFactor asks for a code where the account has a second factor in force.
func (a *Accounts) secondFactor(ctx context.Context, g guess, known candidate, code string, client auth.Client, last bool) (auth.Method, error) {
	if !known.TOTPConfirmed {
		return auth.ByPassword, nil
	}
	if code == "" {
		if err := a.forgive(ctx, g); err != nil {
			return "", err
		}
		return "", auth.ErrCodeRequired
	}
	method, err := a.useCode(ctx, g.adcode, known, code)
	if !errors.Is(err, auth.ErrBadCode) {
		return method, err
	}
	w := writerOf(g.adcode, "", known.who(), client)
	if err := a.failed(ctx, w, actionSignIn, known.ID, auth.ErrBadCode.Error(), last); err != nil {
		return "", err
	}
	return "", auth.ErrBadCode
}

// opening is a session about to be made for somebody who has proven who they are.
type opening struct {
	guess
	who    candidate
	method auth.Method
	rehash string
	client auth.Client
}

// open makes the session, in a transaction that holds the account as it was checked: one
// that was disabled, or whose password was changed, in this moment is let in no more.
func (a *Accounts) open(ctx context.Context, o opening) (auth.SignedIn, error) {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails
	id, err := newID()
	if err != nil {
		return auth.SignedIn{}, err
	}
	out := auth.SignedIn{Token: base64.RawURLEncoding.EncodeToString(random[:]), ExpiresAt: a.now().Add(o.policy.Session())}
	err = a.db.Write(ctx, writerOf(o.adcode, o.who.ID, o.who.Name, o.client), "登录 / sign in", func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{
			Action: actionSignIn, Kind: "session", ID: id,
			After: map[string]any{"method": o.method, "agent": o.client.Agent},
		})
		return tx.AsOwner(ctx, func() error {
			former, from, err := o.hold(ctx, tx, a.now())
			if err != nil {
				return err
			}
			if err := clearFailures(ctx, tx, o.guess); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `
INSERT INTO session (adcode, id, token_hash, account_id, method, from_addr, agent, created_at, last_seen_at, expires_at, former_at, former_from)
VALUES (@adcode, @id, @hash, @account, @method, @from, @agent, @now, @now, @expires, @former_at, @former_from)`,
				pgx.StrictNamedArgs{
					"adcode": o.adcode, "id": id, "hash": hashOf(random[:]), "account": o.who.ID, "method": o.method,
					"from": o.client.From, "agent": o.client.Agent, "now": a.now(), "expires": out.ExpiresAt,
					"former_at": former, "former_from": from,
				})
			if err != nil {
				return fmt.Errorf("make the session: %w", err)
			}
			return nil
		})
	})
	if err != nil {
		return auth.SignedIn{}, told(err)
	}
	out.Identity, err = a.Resolve(ctx, o.adcode, auth.Credential{Session: out.Token}, o.client)
	return out, err
}

// hold locks the account and its secrets as they were checked, notes the sign-in, and
// gives the one before.
func (o opening) hold(ctx context.Context, tx pgx.Tx, now time.Time) (former *time.Time, from string, err error) {
	args := pgx.StrictNamedArgs{"adcode": o.adcode, "id": o.who.ID, "hash": o.who.Hash}
	err = tx.QueryRow(ctx, `
SELECT x.last_login_at, x.last_login_from FROM account a JOIN account_secret x ON x.adcode = a.adcode AND x.account_id = a.id
WHERE a.adcode = @adcode AND a.id = @id AND a.status = 'active' AND x.password_hash = @hash
FOR SHARE OF a FOR UPDATE OF x`, args).Scan(&former, &from)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, "", auth.ErrBadCredentials
	}
	if err != nil {
		return nil, "", fmt.Errorf("hold the account: %w", err)
	}
	args["hash"] = o.who.Hash
	if o.rehash != "" {
		args["hash"] = o.rehash
	}
	args["now"], args["from"] = now, o.client.From
	_, err = tx.Exec(ctx, `
UPDATE account_secret SET password_hash = @hash, last_login_at = @now, last_login_from = @from
WHERE adcode = @adcode AND account_id = @id`, args)
	if err != nil {
		return nil, "", fmt.Errorf("note the sign-in: %w", err)
	}
	return former, from, nil
}

// SignOut ends a session of the writer's own. One that has ended already is no error.
func (a *Accounts) SignOut(ctx context.Context, w postgres.Writer, session string) error {
	err := a.EndSession(ctx, w, session)
	if errors.Is(err, auth.ErrNotFound) {
		return nil
	}
	return err
}

func hashOf(secret []byte) []byte {
	sum := sha256.Sum256(secret)
	return sum[:]
}
