package audit

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/keys"
	"yike/internal/postgres"
)

// The rights that the log asks for, and what its own entries say was done.
const (
	actionRead   = "audit.read"
	actionExport = "audit.export"
	actionVerify = "audit.verify"
)

// LogOptions are what a Log needs.
type LogOptions struct {
	DB     *postgres.DB
	Ring   *keys.Ring
	Heads  string                                    // the file of heads; "" for none
	Writer func(ctx context.Context) postgres.Writer // who asks
	Now    func() time.Time
}

// Log is the audit log as an auditor sees it: everything is read as the one who asks, so
// that row level security decides what there is. It is safe for concurrent use.
type Log struct{ LogOptions }

// NewLog makes a Log.
func NewLog(o LogOptions) *Log { return &Log{o} }

// What the log may refuse, named here for those who do not know the database.
var (
	ErrForbidden = postgres.ErrForbidden
	ErrKeyReused = postgres.ErrKeyReused
)

// Query says which entries are wanted; "" and zero ask for nothing in particular.
type Query struct {
	Period  Period
	Who     string // part of the name, or the account's id
	Action  string // an action, or the noun of several
	Outcome string
	Kind    string // of the subject
	ID      string // of the subject
	Text    string // part of anything an entry says, in any case
	After   Cursor
	Limit   int
}

// Entry is an entry of the log, for reading.
type Entry struct {
	ID        string
	At        time.Time
	AccountID string // "" for the system
	Who       string
	Why       string
	From      string
	TraceID   string
	Action    string
	Outcome   string
	Kind      string
	SubjectID string
	Division  string
	Detail    json.RawMessage
	Block     int64 // that sealed it; 0 when none has yet
}

// Page is a part of the list; Next is nil at its end.
type Page struct {
	Entries []Entry
	Next    *Cursor
}

// read runs fn as the one who asks, after making sure that she may read the log: row
// level security alone would show an empty one.
func (l *Log) read(ctx context.Context, fn func(q postgres.Querier, adcode string) error) error {
	w := l.Writer(ctx)
	return l.DB.Read(ctx, w, func(q postgres.Querier) error {
		var may bool
		if err := q.QueryRow(ctx, `SELECT $1 OR yike_may($2)`, w.Account == "", actionRead).Scan(&may); err != nil {
			return fmt.Errorf("ask for the right to read the audit log: %w", err)
		}
		if !may {
			return &postgres.ForbiddenError{Action: actionRead}
		}
		return fn(q, w.AdCode)
	})
}

// List gives entries, newest first. The error is a postgres.ForbiddenError for those who
// may not read the log.
func (l *Log) List(ctx context.Context, q Query) (Page, error) {
	var page Page
	err := l.read(ctx, func(db postgres.Querier, adcode string) error {
		var err error
		page, err = list(ctx, db, adcode, q)
		return err
	})
	return page, err
}

const lastID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

func list(ctx context.Context, db postgres.Querier, adcode string, q Query) (Page, error) {
	after := q.After.ID
	if after == "" {
		after = lastID
	}
	rows, err := db.Query(ctx, `
SELECT e.id::text, e.at, coalesce(e.account_id::text, ''), e.who, e.why, e.from_addr, e.trace_id, e.action, e.outcome,
	e.subject_kind, e.subject_id, e.division_code, e.detail, coalesce((
		SELECT b.number FROM audit_block b
		WHERE b.adcode = e.adcode AND b.epoch = e.epoch AND b.xid_to > e.xid ORDER BY b.xid_to LIMIT 1), 0)
FROM audit_entry e
WHERE e.adcode = @adcode AND e.at >= @from AND e.at < @to AND (e.at, e.id) < (@after_at, @after_id::uuid)
	AND (@who = '' OR e.account_id::text = @who OR strpos(lower(e.who), lower(@who)) > 0)
	AND (@action = '' OR e.action = @action OR starts_with(e.action, @action || '.'))
	AND (@outcome = '' OR e.outcome = @outcome)
	AND (@kind = '' OR e.subject_kind = @kind)
	AND (@subject = '' OR e.subject_id = @subject)
	AND (@text = '' OR strpos(lower(concat_ws(' ', e.who, e.why, e.from_addr, e.trace_id, e.action, e.subject_kind, e.subject_id,
		e.division_code, e.detail::text)), lower(@text)) > 0)
ORDER BY e.at DESC, e.id DESC LIMIT @limit`,
		pgx.StrictNamedArgs{
			"adcode": adcode, "from": lower(q.Period.From), "to": upper(q.Period.To), "after_at": upper(q.After.At), "after_id": after,
			"who": q.Who, "action": q.Action, "outcome": q.Outcome, "kind": q.Kind, "subject": q.ID, "text": q.Text,
			"limit": q.Limit + 1, // one more says whether there is another page
		})
	if err != nil {
		return Page{}, fmt.Errorf("list the audit log: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Entry, error) {
		var e Entry
		err := row.Scan(&e.ID, &e.At, &e.AccountID, &e.Who, &e.Why, &e.From, &e.TraceID, &e.Action, &e.Outcome,
			&e.Kind, &e.SubjectID, &e.Division, &e.Detail, &e.Block)
		return e, err
	})
	if err != nil {
		return Page{}, fmt.Errorf("list the audit log: %w", err)
	}
	page := Page{Entries: found}
	if len(found) > q.Limit {
		page.Entries = found[:q.Limit]
		end := page.Entries[q.Limit-1]
		page.Next = &Cursor{At: end.At, ID: end.ID}
	}
	return page, nil
}

// Verification is what the log keeps of a verification, as an entry of its own.
type Verification struct {
	OK      bool   `json:"ok"`
	Blocks  int64  `json:"blocks"`
	Entries int64  `json:"entries"`
	Block   int64  `json:"block,omitempty"` // that is broken
	ZH      string `json:"zh"`
	EN      string `json:"en"`
}

func verificationOf(r Report) Verification {
	v := Verification{OK: r.OK(), Blocks: r.Blocks(), Entries: r.Entries()}
	if !v.OK {
		v.Block, v.ZH, v.EN = r.Faults[0].Block, r.Faults[0].ZH, r.Faults[0].EN
		return v
	}
	v.ZH = fmt.Sprintf("完好：%d 块，%d 条记录", v.Blocks, v.Entries)
	v.EN = fmt.Sprintf("whole: %d blocks, %d entries", v.Blocks, v.Entries)
	return v
}

// Status is how the log stands.
type Status struct {
	Blocks         int64
	Sealed         int64      // entries in blocks
	Unsealed       int64      // entries in none yet
	OldestUnsealed *time.Time // nil when there is none
	Head           *Head      // nil before the first block
	Last           *Verification
	LastAt         time.Time // of the last verification
	PublicKey      string    // hexadecimal; outsiders verify with it
}

// Status gives the state of the authority's log. Errors are as of List.
func (l *Log) Status(ctx context.Context) (Status, error) {
	var s Status
	err := l.read(ctx, func(q postgres.Querier, adcode string) error {
		var err error
		s, err = status(ctx, q, adcode)
		s.PublicKey = hex.EncodeToString(l.Ring.AuditPublic())
		return err
	})
	return s, err
}

func status(ctx context.Context, q postgres.Querier, adcode string) (Status, error) {
	var s Status
	r := reader{q}
	last, ok, err := r.last(ctx, adcode)
	if err != nil {
		return Status{}, err
	}
	if ok {
		head := headOf(&last)
		s.Head = &head
	}
	err = q.QueryRow(ctx, `
SELECT b.blocks, b.entries, u.entries, u.oldest
FROM (SELECT count(*) AS blocks, coalesce(sum(entries), 0)::bigint AS entries FROM audit_block WHERE adcode = @adcode) b,
	(SELECT count(*) AS entries, min(at) AS oldest FROM audit_entry WHERE adcode = @adcode AND (epoch, xid) >= (@epoch, @xid::xid8)) u`,
		pgx.StrictNamedArgs{"adcode": adcode, "epoch": last.Epoch, "xid": last.XidTo}).Scan(&s.Blocks, &s.Sealed, &s.Unsealed, &s.OldestUnsealed)
	if err != nil {
		return Status{}, fmt.Errorf("count the audit log: %w", err)
	}
	var kept json.RawMessage
	err = q.QueryRow(ctx, `
SELECT at, detail #> '{notes,0,after}' FROM audit_entry
WHERE adcode = $1 AND subject_kind = 'audit' AND subject_id = '' AND action = $2 ORDER BY at DESC LIMIT 1`, adcode, actionVerify).Scan(&s.LastAt, &kept)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return Status{}, fmt.Errorf("look for the last verification: %w", err)
	}
	s.Last = &Verification{}
	if err := json.Unmarshal(kept, s.Last); err != nil {
		return Status{}, fmt.Errorf("read the last verification: %w", err)
	}
	return s, nil
}

// Verify verifies the log of the authority of whoever asks, against the heads too, and
// leaves an entry with the outcome. Errors are as of List.
func (l *Log) Verify(ctx context.Context) (Verification, error) {
	// The heads first: a block that is sealed meanwhile is then in both or in neither.
	heads, err := ReadHeadsFile(l.Heads)
	if err != nil {
		return Verification{}, err
	}
	var report Report
	err = l.read(ctx, func(q postgres.Querier, adcode string) error {
		var err error
		report, err = Verify(ctx, q, Options{Keys: KeysOf(l.Ring.AuditPublic()), Heads: heads, AdCode: adcode})
		return err
	})
	if err != nil {
		return Verification{}, err
	}
	return postgres.WriteOnce(ctx, l.DB, l.Writer(ctx), "核对审计日志 / verify the audit log", func(tx *postgres.Tx) (Verification, error) {
		found := verificationOf(report)
		tx.Note(postgres.Note{Action: actionVerify, Kind: "audit", After: found})
		return found, nil
	})
}

// Export begins the export of a period: it leaves an entry and gives the function that
// writes the file. Whoever may not export is refused here, before anything is written.
func (l *Log) Export(ctx context.Context, p Period) (func(ctx context.Context, w io.Writer) error, error) {
	w := l.Writer(ctx)
	type period struct {
		From string `json:"from,omitempty"`
		To   string `json:"to,omitempty"`
	}
	asked := period{}
	if !p.From.IsZero() {
		asked.From = timeText(p.From)
	}
	if !p.To.IsZero() {
		asked.To = timeText(p.To)
	}
	err := l.DB.Write(ctx, w, "导出审计日志 / export the audit log", func(tx *postgres.Tx) error {
		for _, action := range []string{actionRead, actionExport} {
			if err := tx.Require(ctx, action, ""); err != nil {
				return err
			}
		}
		tx.Note(postgres.Note{Action: actionExport, Kind: "audit", After: asked})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, to io.Writer) error {
		return l.read(ctx, func(q postgres.Querier, adcode string) error {
			_, err := Export(ctx, q, to, ExportOptions{Period: p, AdCode: adcode, Public: l.Ring.AuditPublic(), Now: l.Now()})
			return err
		})
	}, nil
}
