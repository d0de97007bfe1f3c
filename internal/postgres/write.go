package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Installation is the adcode of what belongs to no authority but to the installation.
const Installation = "000000"

// Writer says who makes a write, from where, and on whose account. A request's writer
// has an account: its transaction runs as the role yike_app and row level security
// binds it. A writer without one is the system itself: a verb, a worker, sign-in.
type Writer struct {
	AdCode  string // the authority whose records are written
	Account string // UUID; "" for the system
	Who     string // a name for people
	From    string // address of the client; "" for the system
	TraceID string // names the request in the server's log

	// Of a token: the actions it may use. None for a session.
	TokenActions []string

	// Of a request with an Idempotency-Key: the key, and a hash of what was asked. See
	// WriteOnce.
	Key         string
	RequestHash []byte
}

// System is the writer for what no person asked for.
func System(adcode, who string) Writer { return Writer{AdCode: adcode, Who: who} }

// What a write may fail of besides the database.
var (
	// ErrAnonymous says that a write did not say who makes it and why.
	ErrAnonymous = errors.New("a write must say who makes it and why")
	// ErrForbidden is what every ForbiddenError wraps.
	ErrForbidden = errors.New("无权进行此操作 / not allowed")
	// ErrStale says that the record was changed since the version that the writer saw.
	ErrStale = errors.New("记录已被他人修改 / the record was changed meanwhile")
	// ErrKeyReused says that an idempotency key came with another request before.
	ErrKeyReused = errors.New("幂等键已用于另一个请求 / the idempotency key was used for another request")
)

// ForbiddenError says which action was refused, and where; "" is anywhere.
type ForbiddenError struct{ Action, Division string }

func (e *ForbiddenError) Error() string {
	return fmt.Sprintf("%v: %s %s", ErrForbidden, e.Action, e.Division)
}

// Unwrap gives ErrForbidden.
func (e *ForbiddenError) Unwrap() error { return ErrForbidden }

// StaleError says which version the record has now.
type StaleError struct{ Current int }

func (e *StaleError) Error() string { return fmt.Sprintf("%v: now version %d", ErrStale, e.Current) }

// Unwrap gives ErrStale.
func (e *StaleError) Unwrap() error { return ErrStale }

// Note is one thing that a write did, for the audit log. Before and After are encoded
// as JSON; nil for nothing. Neither may hold a secret.
type Note struct {
	Action   string // noun.verb
	Kind     string // of the subject: a table, or another word
	ID       string
	Division string
	Before   any
	After    any
}

// Tx is a transaction inside the door for writes.
type Tx struct {
	pgx.Tx
	writer Writer
	change string
	notes  []Note
}

// Change is the id of this write: of its audit entry, and the change_id of every
// version it makes.
func (t *Tx) Change() string { return t.change }

// Writer is who writes.
func (t *Tx) Writer() Writer { return t.writer }

// Note adds to what the audit entry of this write says.
func (t *Tx) Note(n Note) { t.notes = append(t.notes, n) }

// Require fails with a ForbiddenError unless the writer may do the action in the
// division; "" asks whether it may anywhere. The system may do everything. The answer
// is the database's, from the grants as they are now.
func (t *Tx) Require(ctx context.Context, action, division string) error {
	return Require(ctx, t, t.writer, action, division)
}

// Require is Tx.Require for a transaction of Read.
func Require(ctx context.Context, q Querier, w Writer, action, division string) error {
	if w.Account == "" {
		return nil
	}
	var may bool
	err := q.QueryRow(ctx, `
SELECT CASE WHEN @division = '' THEN yike_may(@action) ELSE @division LIKE ANY (yike_scopes(@action)) END`,
		pgx.StrictNamedArgs{"action": action, "division": division}).Scan(&may)
	if err != nil {
		return fmt.Errorf("ask for the right to %s: %w", action, err)
	}
	if !may {
		return &ForbiddenError{Action: action, Division: division}
	}
	return nil
}

// AsOwner runs fn as the owner of the tables, whom row level security does not bind:
// for secrets, which the role of requests cannot even read.
func (t *Tx) AsOwner(ctx context.Context, fn func() error) error {
	if t.writer.Account == "" {
		return fn()
	}
	if _, err := t.Exec(ctx, `SELECT set_config('role', 'none', true)`); err != nil {
		return fmt.Errorf("become the owner: %w", err)
	}
	if err := fn(); err != nil {
		return err
	}
	if _, err := t.Exec(ctx, `SELECT set_config('role', 'yike_app', true)`); err != nil {
		return fmt.Errorf("become the role of requests again: %w", err)
	}
	return nil
}

// Write is the one door for writes. It runs fn in a transaction that knows who writes,
// leaves one audit entry in it, and commits when fn returns nil; else all is rolled
// back. why is a sentence for people, or the reason a person gave. It returns
// ErrAnonymous when who or why is empty, a ForbiddenError where row level security
// refused, and else fn's error or the commit's.
func (db *DB) Write(ctx context.Context, w Writer, why string, fn func(tx *Tx) error) error {
	if w.Who == "" || why == "" {
		return ErrAnonymous
	}
	if w.AdCode == "" {
		w.AdCode = Installation
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new id: %w", err)
	}
	return pgx.BeginFunc(ctx, db.pool, func(plain pgx.Tx) error {
		tx := &Tx{Tx: plain, writer: w, change: id.String()}
		if err := tx.enter(ctx); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return forbidden(err)
		}
		return entry{id: tx.change, writer: w, outcome: "done", why: why, notes: tx.notes}.insert(ctx, tx)
	})
}

// Read runs fn in a read-only transaction that sees what w may see.
func (db *DB) Read(ctx context.Context, w Writer, fn func(q Querier) error) error {
	return pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(plain pgx.Tx) error {
		tx := &Tx{Tx: plain, writer: w}
		if err := tx.enter(ctx); err != nil {
			return err
		}
		return forbidden(fn(tx))
	})
}

// enter tells the transaction who it is of, and gives up the owner's rights where a
// person asks.
func (t *Tx) enter(ctx context.Context) error {
	role := "none"
	if t.writer.Account != "" {
		role = "yike_app"
	}
	_, err := t.Exec(ctx, `
SELECT set_config('yike.adcode', @adcode, true), set_config('yike.account', @account, true),
	set_config('yike.token_actions', @token, true), set_config('yike.change', @change, true), set_config('role', @role, true)`,
		pgx.StrictNamedArgs{
			"adcode": t.writer.AdCode, "account": t.writer.Account, "token": strings.Join(t.writer.TokenActions, ","),
			"change": t.change, "role": role,
		})
	if err != nil {
		return fmt.Errorf("name the writer: %w", err)
	}
	return nil
}

// entry is one row of the audit log: of the first thing done, with the others in its
// detail.
type entry struct {
	id           string
	writer       Writer
	outcome, why string
	notes        []Note
}

// execer is a pool or a transaction.
type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func (e entry) insert(ctx context.Context, into execer) error {
	first := Note{Action: "write"}
	if len(e.notes) > 0 {
		first = e.notes[0]
	}
	detail, err := detailOf(e.notes)
	if err != nil {
		return err
	}
	_, err = into.Exec(ctx, `
INSERT INTO audit_entry (adcode, id, account_id, who, why, from_addr, trace_id, action, outcome, subject_kind, subject_id, division_code, detail)
VALUES (@adcode, @id, nullif(@account, '')::uuid, @who, @why, @from, @trace, @action, @outcome, @kind, @subject, @division, @detail)`,
		pgx.StrictNamedArgs{
			"adcode": e.writer.AdCode, "id": e.id, "account": e.writer.Account, "who": e.writer.Who, "why": e.why,
			"from": e.writer.From, "trace": e.writer.TraceID, "action": first.Action, "outcome": e.outcome,
			"kind": first.Kind, "subject": first.ID, "division": first.Division, "detail": detail,
		})
	if err != nil {
		return fmt.Errorf("write the audit entry: %w", err)
	}
	return nil
}

// noteJSON is a note in an entry's detail.
type noteJSON struct {
	Action   string `json:"action"`
	Kind     string `json:"kind,omitempty"`
	ID       string `json:"id,omitempty"`
	Division string `json:"division_code,omitempty"`
	Before   any    `json:"before,omitempty"`
	After    any    `json:"after,omitempty"`
}

func detailOf(notes []Note) (json.RawMessage, error) {
	if len(notes) == 0 {
		return json.RawMessage(`{}`), nil
	}
	all := make([]noteJSON, len(notes))
	for i, n := range notes {
		all[i] = noteJSON(n)
	}
	raw, err := json.Marshal(map[string]any{"notes": all})
	if err != nil {
		return nil, fmt.Errorf("encode the audit entry: %w", err)
	}
	return raw, nil
}

// Refused puts into the audit log, in a transaction of its own, that somebody was not
// let do something, or tried and failed. outcome is "refused" or "failed".
func (db *DB) Refused(ctx context.Context, w Writer, outcome, why string, n Note) error {
	if w.AdCode == "" {
		w.AdCode = Installation
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new id: %w", err)
	}
	return entry{id: id.String(), writer: w, outcome: outcome, why: why, notes: []Note{n}}.insert(ctx, db.pool)
}

// forbidden turns the database's own refusal into ours.
func forbidden(err error) error {
	if Code(err) == "42501" { // insufficient_privilege: a policy or a missing grant
		return fmt.Errorf("%w: %w", &ForbiddenError{}, err)
	}
	return err
}

// IsID reports whether s is an id as we write it. PostgreSQL takes the same UUID in other
// spellings too; taking one only keeps texts that are compared, or kept in the audit log,
// from passing each other by.
func IsID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s
}
