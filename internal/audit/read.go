package audit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/internal/postgres"
)

// reader reads the log, in the order of the chain.
type reader struct{ q postgres.Querier }

// authorities is a common table of every adcode that has entries or blocks, found by
// leaps through the index.
const authorities = `
WITH RECURSIVE authority AS (
	SELECT least((SELECT min(adcode) FROM audit_entry), (SELECT min(adcode) FROM audit_block)) AS adcode
	UNION ALL
	SELECT least((SELECT min(adcode) FROM audit_entry e WHERE e.adcode > a.adcode), (SELECT min(adcode) FROM audit_block b WHERE b.adcode > a.adcode))
	FROM authority a WHERE a.adcode IS NOT NULL
)`

func (r reader) adcodes(ctx context.Context) ([]string, error) {
	rows, err := r.q.Query(ctx, authorities+` SELECT adcode FROM authority WHERE adcode IS NOT NULL ORDER BY adcode`)
	if err != nil {
		return nil, fmt.Errorf("list the authorities of the audit log: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list the authorities of the audit log: %w", err)
	}
	return out, nil
}

const blockColumns = `adcode, number, epoch, xid_from, xid_to, entries, content_hash, previous_hash, hash, key_id, signature, sealed_at`

// blocks gives the blocks from one number to another that come first, at most limit.
func (r reader) blocks(ctx context.Context, adcode string, from, to int64, limit int) ([]Block, error) {
	rows, err := r.q.Query(ctx, `
SELECT `+blockColumns+` FROM audit_block
WHERE adcode = @adcode AND number >= @from AND number <= @to ORDER BY number LIMIT @limit`,
		pgx.StrictNamedArgs{"adcode": adcode, "from": from, "to": to, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("read the audit blocks of %s: %w", adcode, err)
	}
	out, err := pgx.CollectRows(rows, scanBlock)
	if err != nil {
		return nil, fmt.Errorf("read the audit blocks of %s: %w", adcode, err)
	}
	return out, nil
}

// last gives the last block of an authority; false when there is none.
func (r reader) last(ctx context.Context, adcode string) (Block, bool, error) {
	rows, err := r.q.Query(ctx, `SELECT `+blockColumns+` FROM audit_block WHERE adcode = $1 ORDER BY number DESC LIMIT 1`, adcode)
	if err != nil {
		return Block{}, false, fmt.Errorf("read the last audit block of %s: %w", adcode, err)
	}
	b, err := pgx.CollectExactlyOneRow(rows, scanBlock)
	if errors.Is(err, pgx.ErrNoRows) {
		return Block{}, false, nil
	}
	if err != nil {
		return Block{}, false, fmt.Errorf("read the last audit block of %s: %w", adcode, err)
	}
	return b, true, nil
}

func scanBlock(row pgx.CollectableRow) (Block, error) {
	var b Block
	var at pgtype.Timestamptz
	err := row.Scan(&b.AdCode, &b.Number, &b.Epoch, &b.XidFrom, &b.XidTo, &b.Entries,
		&b.ContentHash, &b.PreviousHash, &b.Hash, &b.KeyID, &b.Signature, &at)
	b.SealedAt = string(appendTime(nil, at))
	return b, err
}

// appendTime writes every moment that PostgreSQL can hold as a text of its own, the
// impossible ones too: somebody may have put them there.
func appendTime(to []byte, at pgtype.Timestamptz) []byte {
	switch at.InfinityModifier {
	case pgtype.Infinity:
		return append(to, "infinity"...)
	case pgtype.NegativeInfinity:
		return append(to, "-infinity"...)
	default:
		return at.Time.UTC().AppendFormat(to, timeForm)
	}
}

// stretch is a part of one authority's log within an epoch, with the place to go on
// from where it is read in pages.
type stretch struct {
	adcode   string
	epoch    int
	from, to uint64 // numbers of transactions; to is outside
	afterXid uint64
	afterID  string // "" for the beginning
	limit    int    // 0 for no limit
}

const nilID = "00000000-0000-0000-0000-000000000000"

// entries calls visit with each entry of the stretch and the number of its transaction,
// in order, until visit returns false.
func (r reader) entries(ctx context.Context, s stretch, visit func(rec *record, xid uint64) bool) error {
	args := pgx.StrictNamedArgs{
		"adcode": s.adcode, "epoch": s.epoch, "from": s.from, "to": s.to, "after_xid": s.afterXid, "after_id": s.afterID, "limit": s.limit,
	}
	if s.afterID == "" {
		args["after_id"] = nilID
	}
	if s.limit == 0 {
		args["limit"] = nil
	}
	rows, err := r.q.Query(ctx, `
SELECT e.adcode, e.id::text, e.epoch::text, e.xid::text, e.at, coalesce(e.account_id::text, ''), e.who, e.why, e.from_addr, e.trace_id,
	e.action, e.outcome, e.subject_kind, e.subject_id, e.division_code, e.detail::text
FROM audit_entry e
WHERE e.adcode = @adcode AND e.epoch = @epoch AND e.xid >= @from AND e.xid < @to AND (e.xid, e.id) > (@after_xid::xid8, @after_id::uuid)
ORDER BY e.xid, e.id LIMIT @limit`, args)
	if err != nil {
		return fmt.Errorf("read the audit entries of %s: %w", s.adcode, err)
	}
	defer rows.Close()
	var rec record
	var at []byte
	for rows.Next() {
		at, err = readRecord(rows, &rec, at)
		if err != nil {
			return fmt.Errorf("read the audit entries of %s: %w", s.adcode, err)
		}
		xid, err := strconv.ParseUint(string(rec[fieldXid]), 10, 64)
		if err != nil {
			return fmt.Errorf("read the audit entries of %s: %w", s.adcode, err)
		}
		if !visit(&rec, xid) {
			return nil
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the audit entries of %s: %w", s.adcode, err)
	}
	return nil
}

// readRecord takes the bytes as they came: copying them into strings would take longer
// than hashing them. Text is the same in PostgreSQL's two formats; only the time is not.
func readRecord(rows pgx.Rows, rec *record, at []byte) ([]byte, error) {
	raw := rows.RawValues()
	if len(raw) != fieldCount {
		return at, errors.New("the entry has other columns than expected")
	}
	copy(rec[:], raw)
	var moment pgtype.Timestamptz
	column := rows.FieldDescriptions()[fieldAt]
	if err := rows.Conn().TypeMap().Scan(column.DataTypeOID, column.Format, raw[fieldAt], &moment); err != nil {
		return at, err
	}
	at = appendTime(at[:0], moment)
	rec[fieldAt] = at
	return at, nil
}

// stray reports whether an entry lies after one place of the chain and before
// another, where there should be none.
func (r reader) stray(ctx context.Context, adcode string, epoch int, xid uint64, beforeEpoch int) (bool, error) {
	var found bool
	err := r.q.QueryRow(ctx, `
SELECT EXISTS (SELECT FROM audit_entry WHERE adcode = @adcode AND (epoch, xid) >= (@epoch, @xid::xid8) AND epoch < @before)`,
		pgx.StrictNamedArgs{"adcode": adcode, "epoch": epoch, "xid": xid, "before": beforeEpoch}).Scan(&found)
	if err != nil {
		return false, fmt.Errorf("look for audit entries of %s between blocks: %w", adcode, err)
	}
	return found, nil
}

// unsealed counts the entries after the last block of an authority.
func (r reader) unsealed(ctx context.Context, adcode string) (int64, error) {
	var n int64
	err := r.q.QueryRow(ctx, `
WITH last AS (SELECT epoch, xid_to FROM audit_block WHERE adcode = $1 ORDER BY number DESC LIMIT 1)
SELECT count(*) FROM audit_entry
WHERE adcode = $1 AND (epoch, xid) >= (coalesce((SELECT epoch FROM last), 0), coalesce((SELECT xid_to FROM last), '0'))`, adcode).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the unsealed audit entries of %s: %w", adcode, err)
	}
	return n, nil
}

// Lag says how far sealing is behind the log, for all authorities together.
type Lag struct {
	Unsealed int       // entries without a block; at most 10,000 of each authority are counted
	Oldest   time.Time // when the first of them was written; zero when there is none

	// Of these, the ones that could be sealed at once. The others wait for a transaction
	// that began before them and is still under way, as a long load does.
	Due       int
	OldestDue time.Time
}

const lagCount = 10_000

// ReadLag asks the database for the Lag. A sealer that runs leaves nothing due for
// longer than a second or two. Entries that waited for a long transaction become due
// when it ends, and their age then is the transaction's: who raises an alarm should see
// OldestDue twice.
func ReadLag(ctx context.Context, q postgres.Querier) (Lag, error) {
	var lag Lag
	var oldest, oldestDue *time.Time
	err := q.QueryRow(ctx, authorities+`
SELECT count(*), min(e.at), count(*) FILTER (WHERE e.due), min(e.at) FILTER (WHERE e.due)
FROM authority a
LEFT JOIN LATERAL (SELECT epoch, xid_to FROM audit_block b WHERE b.adcode = a.adcode ORDER BY number DESC LIMIT 1) last ON true
CROSS JOIN LATERAL (
	SELECT at, epoch < (SELECT max(epoch) FROM audit_epoch) OR xid < pg_snapshot_xmin(pg_current_snapshot()) AS due
	FROM audit_entry e
	WHERE e.adcode = a.adcode AND (e.epoch, e.xid) >= (coalesce(last.epoch, 0), coalesce(last.xid_to, '0'))
	ORDER BY e.epoch, e.xid LIMIT @limit
) e`, pgx.StrictNamedArgs{"limit": lagCount}).Scan(&lag.Unsealed, &oldest, &lag.Due, &oldestDue)
	if err != nil {
		return Lag{}, fmt.Errorf("ask how far sealing is behind: %w", err)
	}
	if oldest != nil {
		lag.Oldest = *oldest
	}
	if oldestDue != nil {
		lag.OldestDue = *oldestDue
	}
	return lag, nil
}
