package audit

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/internal/keys"
	"yike/internal/postgres"
)

// An export is one JSON object a line. The first says what it is; then comes each block,
// followed by its entries in the order of the chain; the last line says that the file is
// whole. Values are the very texts that are hashed, so detail is a string that holds
// JSON. Blocks are always whole, so the first and the last may hold entries from before
// and after the period.
type (
	exportStart struct {
		Type       string `json:"type"` // yike-audit-export
		Format     int    `json:"format"`
		From       string `json:"from"` // "" for no bound
		To         string `json:"to"`
		KeyID      string `json:"key_id"`
		PublicKey  string `json:"public_key"` // for information: check signatures with a key that you had from elsewhere
		ExportedAt string `json:"exported_at"`
	}
	exportBlock struct {
		Type         string `json:"type"` // block
		AdCode       string `json:"adcode"`
		Number       int64  `json:"number"`
		Epoch        int    `json:"epoch"`
		XidFrom      string `json:"xid_from"` // a string, since JSON readers round numbers of this size
		XidTo        string `json:"xid_to"`
		Entries      int    `json:"entries"`
		ContentHash  string `json:"content_hash"`
		PreviousHash string `json:"previous_hash"`
		Hash         string `json:"hash"`
		KeyID        string `json:"key_id"`
		Signature    string `json:"signature"`
		SealedAt     string `json:"sealed_at"`
	}
	exportEntry struct {
		Type     string `json:"type"` // entry
		AdCode   string `json:"adcode"`
		ID       string `json:"id"`
		Epoch    string `json:"epoch"`
		Xid      string `json:"xid"`
		At       string `json:"at"`
		Account  string `json:"account_id"`
		Who      string `json:"who"`
		Why      string `json:"why"`
		From     string `json:"from_addr"`
		Trace    string `json:"trace_id"`
		Action   string `json:"action"`
		Outcome  string `json:"outcome"`
		Kind     string `json:"subject_kind"`
		Subject  string `json:"subject_id"`
		Division string `json:"division_code"`
		Detail   string `json:"detail"`
	}
	exportEnd struct {
		Type    string `json:"type"` // end
		Blocks  int64  `json:"blocks"`
		Entries int64  `json:"entries"`
	}
)

const (
	exportType   = "yike-audit-export"
	exportFormat = 1
)

func lineOfBlock(b *Block) exportBlock {
	return exportBlock{
		Type: "block", AdCode: b.AdCode, Number: b.Number, Epoch: b.Epoch,
		XidFrom: strconv.FormatUint(b.XidFrom, 10), XidTo: strconv.FormatUint(b.XidTo, 10), Entries: b.Entries,
		ContentHash: hex.EncodeToString(b.ContentHash), PreviousHash: hex.EncodeToString(b.PreviousHash), Hash: hex.EncodeToString(b.Hash),
		KeyID: b.KeyID, Signature: hex.EncodeToString(b.Signature), SealedAt: b.SealedAt,
	}
}

func lineOfEntry(r *record) exportEntry {
	s := func(i int) string { return string(r[i]) }
	return exportEntry{
		Type: "entry", AdCode: s(fieldAdCode), ID: s(fieldID), Epoch: s(fieldEpoch), Xid: s(fieldXid), At: s(fieldAt), Account: s(fieldAccount),
		Who: s(fieldWho), Why: s(fieldWhy), From: s(fieldFrom), Trace: s(fieldTrace), Action: s(fieldAction), Outcome: s(fieldOutcome),
		Kind: s(fieldKind), Subject: s(fieldSubject), Division: s(fieldDivision), Detail: s(fieldDetail),
	}
}

// marshalLine writes a line in the one form that is taken back.
func marshalLine(to *bytes.Buffer, v any) error {
	enc := json.NewEncoder(to)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write a line of the export: %w", err)
	}
	return nil
}

// ExportOptions say what is exported.
type ExportOptions struct {
	Period Period
	AdCode string // only this authority; "" for all
	Public ed25519.PublicKey
	Now    time.Time
}

// Exported is what an export holds.
type Exported struct {
	Blocks  int64 `json:"blocks"`
	Entries int64 `json:"entries"`
}

// entriesPerPage is how many entries are read before they are written: whoever reads
// slowly must not keep a statement waiting.
const entriesPerPage = 2_000

// Export writes the sealed part of the log to w, as VerifyFile reads it. Entries that no
// block has sealed yet are left out. An export that ends with an error lacks its last
// line, and no verification takes it for whole.
func Export(ctx context.Context, q postgres.Querier, w io.Writer, o ExportOptions) (Exported, error) {
	e := &export{reader: reader{q}, w: bufio.NewWriterSize(w, 64<<10)}
	start := exportStart{
		Type: exportType, Format: exportFormat, KeyID: keys.KeyID(o.Public), PublicKey: hex.EncodeToString(o.Public), ExportedAt: timeText(o.Now),
	}
	if !o.Period.From.IsZero() {
		start.From = timeText(o.Period.From)
	}
	if !o.Period.To.IsZero() {
		start.To = timeText(o.Period.To)
	}
	if err := e.line(start); err != nil {
		return Exported{}, err
	}
	adcodes, err := e.adcodes(ctx)
	if err != nil {
		return Exported{}, err
	}
	for _, adcode := range adcodes {
		if o.AdCode != "" && o.AdCode != adcode {
			continue
		}
		if err := e.authority(ctx, adcode, o.Period); err != nil {
			return Exported{}, err
		}
	}
	if err := e.line(exportEnd{Type: "end", Blocks: e.done.Blocks, Entries: e.done.Entries}); err != nil {
		return Exported{}, err
	}
	if err := e.w.Flush(); err != nil {
		return Exported{}, fmt.Errorf("write the export: %w", err)
	}
	return e.done, nil
}

type export struct {
	reader
	w    *bufio.Writer
	page bytes.Buffer
	done Exported
}

// line writes one line at once.
func (e *export) line(v any) error {
	e.page.Reset()
	if err := marshalLine(&e.page, v); err != nil {
		return err
	}
	return e.write()
}

func (e *export) write() error {
	if _, err := e.w.Write(e.page.Bytes()); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	e.page.Reset()
	return nil
}

func (e *export) authority(ctx context.Context, adcode string, p Period) error {
	first, last, err := e.blocksOf(ctx, adcode, p)
	if err != nil {
		return err
	}
	for next := first; next <= last; {
		page, err := e.blocks(ctx, adcode, next, last, blocksPerPage)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return nil // a gap is for the verification to find
		}
		for i := range page {
			if err := e.block(ctx, &page[i]); err != nil {
				return err
			}
		}
		next = page[len(page)-1].Number + 1
	}
	return nil
}

// block writes a block and its entries, page by page.
func (e *export) block(ctx context.Context, b *Block) error {
	if err := e.line(lineOfBlock(b)); err != nil {
		return err
	}
	e.done.Blocks++
	part := stretch{adcode: b.AdCode, epoch: b.Epoch, from: b.XidFrom, to: b.XidTo, limit: entriesPerPage}
	for {
		n := 0
		var broken error
		err := e.entries(ctx, part, func(rec *record, xid uint64) bool {
			n++
			part.afterXid, part.afterID = xid, string(rec[fieldID])
			broken = marshalLine(&e.page, lineOfEntry(rec))
			return broken == nil
		})
		if err != nil || broken != nil {
			return firstOf(err, broken)
		}
		if err := e.write(); err != nil {
			return err
		}
		e.done.Entries += int64(n)
		if n < entriesPerPage {
			return nil
		}
	}
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// blocksOf gives the first and the last block that hold an entry of the period; last is
// below first when none does.
func (r reader) blocksOf(ctx context.Context, adcode string, p Period) (first, last int64, err error) {
	if p == (Period{}) {
		return 1, math.MaxInt64, nil
	}
	err = r.q.QueryRow(ctx, `
WITH head AS (
	SELECT epoch, xid_to FROM audit_block WHERE adcode = @adcode ORDER BY number DESC LIMIT 1
), part AS (
	SELECT epoch, xid FROM audit_entry
	WHERE adcode = @adcode AND at >= @from AND at < @to AND (epoch, xid) < ((SELECT epoch FROM head), (SELECT xid_to FROM head))
), bound AS (
	(SELECT epoch, xid FROM part ORDER BY epoch, xid LIMIT 1) UNION ALL (SELECT epoch, xid FROM part ORDER BY epoch DESC, xid DESC LIMIT 1)
)
SELECT coalesce(min(b.number), 1), coalesce(max(b.number), 0)
FROM bound JOIN LATERAL (
	SELECT number FROM audit_block
	WHERE adcode = @adcode AND epoch = bound.epoch AND xid_to > bound.xid ORDER BY xid_to LIMIT 1
) b ON true`, pgx.StrictNamedArgs{"adcode": adcode, "from": lower(p.From), "to": upper(p.To)}).Scan(&first, &last)
	if err != nil {
		return 0, 0, fmt.Errorf("find the audit blocks of %s in the period: %w", adcode, err)
	}
	return first, last, nil
}

func lower(t time.Time) pgtype.Timestamptz {
	if t.IsZero() {
		return pgtype.Timestamptz{InfinityModifier: pgtype.NegativeInfinity, Valid: true}
	}
	return pgtype.Timestamptz{Time: t, Valid: true}
}

func upper(t time.Time) pgtype.Timestamptz {
	if t.IsZero() {
		return pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	}
	return pgtype.Timestamptz{Time: t, Valid: true}
}
