// Package authdb keeps accounts, their secrets, sessions, tokens, roles and the policy
// of an authority in PostgreSQL, and decides who is let in. It owns the hashing of
// passwords, the counting of failed tries and the second factor. It knows no HTTP: what
// it needs of a request are the values of auth.Client and postgres.Writer.
package authdb

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/keys"
	"yike/internal/postgres"
)

// Accounts is the store. It is safe for concurrent use.
type Accounts struct {
	db     *postgres.DB
	ring   *keys.Ring
	now    func() time.Time
	log    *slog.Logger
	hasher *hasher
	held   *cache
	macKey []byte // of names that were typed, and of requests that hold a secret
}

// Options are what New may be told besides its needs. The zero value is for use; tests
// give a clock and cheaper hashing.
type Options struct {
	Now     func() time.Time // time.Now when nil
	Hashing Hashing          // DefaultHashing when zero
}

// New gives the accounts in db, whose secrets are sealed with ring.
func New(db *postgres.DB, ring *keys.Ring, log *slog.Logger, o Options) *Accounts {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Hashing == (Hashing{}) {
		o.Hashing = DefaultHashing()
	}
	// A signature of one fixed sentence is a secret of this installation that is the same
	// on each of its servers and in no database.
	key := sha256.Sum256(ring.Sign([]byte("yike: the key for keyed hashes of typed names, first form")))
	return &Accounts{db: db, ring: ring, now: o.Now, log: log, hasher: newHasher(o.Hashing), held: newCache(), macKey: key[:]}
}

// mac is a hash that nobody can try guesses against without the installation's key.
func (a *Accounts) mac(text []byte) []byte {
	m := hmac.New(sha256.New, a.macKey)
	_, _ = m.Write(text) // a hash never fails
	return m.Sum(nil)
}

// withSecrets is the writer of a request whose body holds a password or a code: what is
// kept to know the request again must not help to guess it.
func (a *Accounts) withSecrets(w postgres.Writer) postgres.Writer {
	if w.RequestHash != nil {
		w.RequestHash = a.mac(w.RequestHash)
	}
	return w
}

// system is the writer for what a client does before, or in the course of, signing in.
func writerOf(adcode, account, who string, c auth.Client) postgres.Writer {
	return postgres.Writer{AdCode: adcode, Account: account, Who: who, From: c.From, TraceID: c.TraceID}
}

// policy reads the policy of an authority.
func policyOf(ctx context.Context, q postgres.Querier, adcode string) (auth.StoredPolicy, error) {
	var version int
	var raw []byte
	err := q.QueryRow(ctx, `SELECT version, policy FROM security_policy WHERE adcode = @adcode`,
		pgx.StrictNamedArgs{"adcode": adcode}).Scan(&version, &raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return auth.StoredPolicy{Policy: auth.Standard()}, nil
	}
	if err != nil {
		return auth.StoredPolicy{}, fmt.Errorf("read the security policy: %w", err)
	}
	p, err := decodePolicy(raw)
	return auth.StoredPolicy{Version: version, Policy: p}, err
}

// decodePolicy reads a stored policy; what it does not say, because it is older than the
// question, is as in the standard one.
func decodePolicy(raw []byte) (auth.Policy, error) {
	p := auth.Standard()
	if raw == nil {
		return p, nil
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return auth.Policy{}, fmt.Errorf("read the security policy: %w", err)
	}
	return p, nil
}

// told says the database's own refusals in the words of auth, and keeps the cause.
func told(err error) error {
	for _, pair := range []struct{ of, as error }{
		{postgres.ErrStale, auth.ErrStale},
		{postgres.ErrForbidden, auth.ErrForbidden},
		{postgres.ErrKeyReused, auth.ErrKeyReused},
	} {
		if errors.Is(err, pair.of) && !errors.Is(err, pair.as) {
			return fmt.Errorf("%w: %w", pair.as, err)
		}
	}
	return err
}

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

// isID reports whether s can be the id of anything.
func isID(s string) bool { return postgres.IsID(s) }

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// duplicate is the SQLSTATE of a row that is there already.
const duplicate = "23505"

// storable is a text as far as PostgreSQL can compare it: one that holds a NUL, or is no
// UTF-8, equals nothing that is kept, and is compared as a text that nothing equals.
func storable(s string) string {
	if strings.ContainsRune(s, 0) || !utf8.ValidString(s) {
		return "\ufffd"
	}
	return s
}
