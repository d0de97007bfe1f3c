package authdb

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
)

// Sessions and tokens that were just resolved are not asked for again for so long. What
// this server does to an account acts at once, since it empties what is held; what
// another server or a verb does acts here within this time. PostgreSQL reads the grants
// themselves for every write, so a role that was taken writes nothing in between.
const holdFor = 2 * time.Second

// seenEvery is how often the last use of a session or token is written down.
const seenEvery = time.Minute

// Resolve gives the identity behind a session's or a token's secret. It returns
// auth.ErrNoSession where there is none or it has ended, and auth.ErrDemoNotHere for a
// demonstration account that is used from elsewhere.
func (a *Accounts) Resolve(ctx context.Context, adcode string, c auth.Credential, client auth.Client) (auth.Identity, error) {
	key, ok := keyOf(adcode, c)
	if !ok {
		return auth.Identity{}, auth.ErrNoSession
	}
	i, held := a.held.get(key, a.now())
	if !held {
		turn := a.held.turn()
		found, err := a.find(ctx, key)
		if err != nil {
			return auth.Identity{}, err
		}
		a.held.put(turn, key, found, a.now())
		i = found.Identity
	}
	if i.Demo && !client.Demo {
		return auth.Identity{}, auth.ErrDemoNotHere
	}
	return i, nil
}

// cacheKey names a session or token by what of its secret is stored.
type cacheKey struct {
	adcode string
	token  bool
	hash   [32]byte
}

// keyOf reads a secret; false when it has not the form of one.
func keyOf(adcode string, c auth.Credential) (cacheKey, bool) {
	if c.Token != "" {
		return cacheKey{adcode, true, [32]byte(hashOf([]byte(c.Token)))}, auth.WellFormedToken(c.Token)
	}
	secret, err := base64.RawURLEncoding.DecodeString(c.Session)
	return cacheKey{adcode, false, [32]byte(hashOf(secret))}, err == nil && len(secret) == 32
}

func (a *Accounts) find(ctx context.Context, key cacheKey) (resolved, error) {
	if key.token {
		return a.findToken(ctx, key)
	}
	return a.findSession(ctx, key)
}

// grantsJSON gathers the grants of the account a, in a fixed order.
const grantsJSON = `(SELECT coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'role', g.role, 'division_code', g.division_code) ORDER BY g.role, g.division_code), '[]')
	FROM account_grant g WHERE g.adcode = a.adcode AND g.account_id = a.id)`

// foundSession is a row of a session with all that its identity depends on.
type foundSession struct {
	identity                       auth.Identity
	created, seen, expires, passAt time.Time
	status                         auth.Status
	mustChange, hasPassword, totp  bool
	policy                         auth.Policy
}

func (a *Accounts) findSession(ctx context.Context, key cacheKey) (resolved, error) {
	var s foundSession
	var grants, policy []byte
	i := &s.identity
	i.AdCode = key.adcode
	err := a.db.Reader().QueryRow(ctx, `
SELECT s.id, s.method, s.created_at, s.last_seen_at, s.expires_at, a.id, a.name, a.display_name, a.demo, a.status,
	x.password_hash <> '', x.password_at, x.must_change, x.totp_confirmed_at IS NOT NULL, p.policy, `+grantsJSON+`
FROM session s
JOIN account a ON a.adcode = s.adcode AND a.id = s.account_id
JOIN account_secret x ON x.adcode = s.adcode AND x.account_id = s.account_id
LEFT JOIN security_policy p ON p.adcode = s.adcode
WHERE s.adcode = @adcode AND s.token_hash = @hash`,
		pgx.StrictNamedArgs{"adcode": key.adcode, "hash": key.hash[:]}).Scan(
		&i.SessionID, &i.Method, &s.created, &s.seen, &s.expires, &i.AccountID, &i.Name, &i.Display, &i.Demo, &s.status,
		&s.hasPassword, &s.passAt, &s.mustChange, &s.totp, &policy, &grants)
	if errors.Is(err, pgx.ErrNoRows) {
		return resolved{}, auth.ErrNoSession
	}
	if err != nil {
		return resolved{}, fmt.Errorf("look up the session: %w", err)
	}
	if s.policy, err = decodePolicy(policy); err != nil {
		return resolved{}, err
	}
	if err := json.Unmarshal(grants, &i.Grants); err != nil {
		return resolved{}, fmt.Errorf("read grants: %w", err)
	}
	return a.useSession(ctx, s)
}

// useSession ends a session that is over and notes that one that is not was used.
func (a *Accounts) useSession(ctx context.Context, s foundSession) (resolved, error) {
	now := a.now()
	until := earliest(s.expires, s.created.Add(s.policy.Session()), s.seen.Add(s.policy.Idle()))
	if s.status != auth.Active || !now.Before(until) {
		return resolved{}, auth.ErrNoSession
	}
	if now.Sub(s.seen) >= seenEvery {
		_, err := a.db.Pool().Exec(ctx, `UPDATE session SET last_seen_at = @now WHERE adcode = @adcode AND id = @id AND last_seen_at < @now`,
			pgx.StrictNamedArgs{"adcode": s.identity.AdCode, "id": s.identity.SessionID, "now": now})
		if err != nil {
			return resolved{}, fmt.Errorf("note the use of a session: %w", err)
		}
	}
	s.identity.Must = s.duty(now)
	return resolved{Identity: s.identity, until: until}, nil
}

// duty is what the account must do first. Who came through an identity provider has the
// password and the second factor there.
func (s foundSession) duty(now time.Time) auth.Duty {
	if s.identity.Method == auth.ByOIDC {
		return ""
	}
	expires := s.policy.PasswordExpires(s.passAt)
	if s.hasPassword && (s.mustChange || !expires.IsZero() && !now.Before(expires)) {
		return auth.MustChangePassword
	}
	if !s.totp && s.policy.NeedsTOTP(s.identity.Grants) {
		return auth.MustSetUpTOTP
	}
	return ""
}

func (a *Accounts) findToken(ctx context.Context, key cacheKey) (resolved, error) {
	i := auth.Identity{AdCode: key.adcode, Method: auth.ByToken}
	var id string
	var grants []byte
	var expires time.Time
	var used *time.Time
	err := a.db.Reader().QueryRow(ctx, `
SELECT t.id, t.actions, t.expires_at, t.last_used_at, a.id, a.name, a.display_name, a.demo, `+grantsJSON+`
FROM api_token t JOIN account a ON a.adcode = t.adcode AND a.id = t.account_id
WHERE t.adcode = @adcode AND t.token_hash = @hash AND t.revoked_at IS NULL AND t.expires_at > @now AND a.status = 'active'`,
		pgx.StrictNamedArgs{"adcode": key.adcode, "hash": key.hash[:], "now": a.now()}).Scan(
		&id, &i.TokenActions, &expires, &used, &i.AccountID, &i.Name, &i.Display, &i.Demo, &grants)
	if errors.Is(err, pgx.ErrNoRows) {
		return resolved{}, auth.ErrNoSession
	}
	if err != nil {
		return resolved{}, fmt.Errorf("look up the token: %w", err)
	}
	if err := json.Unmarshal(grants, &i.Grants); err != nil {
		return resolved{}, fmt.Errorf("read grants: %w", err)
	}
	if used == nil || a.now().Sub(*used) >= seenEvery {
		_, err := a.db.Pool().Exec(ctx, `UPDATE api_token SET last_used_at = @now WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": key.adcode, "id": id, "now": a.now()})
		if err != nil {
			return resolved{}, fmt.Errorf("note the use of a token: %w", err)
		}
	}
	return resolved{Identity: i, until: expires}, nil
}

func earliest(times ...time.Time) time.Time {
	least := times[0]
	for _, t := range times[1:] {
		if t.Before(least) {
			least = t
		}
	}
	return least
}

// resolved is an identity and when it ends by itself.
type resolved struct {
	auth.Identity
	until time.Time
}

// cache holds what was resolved a moment ago.
type cache struct {
	mu      sync.Mutex
	entries map[cacheKey]entry
	turns   uint64 // how often it was emptied
}

type entry struct {
	resolved
	at time.Time
}

// mostHeld bounds the cache; beyond, it begins anew.
const mostHeld = 10_000

func newCache() *cache { return &cache{entries: map[cacheKey]entry{}} }

func (c *cache) get(key cacheKey, now time.Time) (auth.Identity, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok || now.Sub(e.at) >= holdFor || now.Before(e.at) || !now.Before(e.until) {
		return auth.Identity{}, false
	}
	return e.Identity, true
}

// turn is taken before a look-up and given to put, which drops what was read before the
// cache was last emptied.
func (c *cache) turn() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.turns
}

func (c *cache) put(turn uint64, key cacheKey, r resolved, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if turn != c.turns {
		return
	}
	if len(c.entries) >= mostHeld {
		clear(c.entries)
	}
	c.entries[key] = entry{r, now}
}

// empty is called after a change was committed and before its caller is told.
func (c *cache) empty() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
	c.turns++
}
