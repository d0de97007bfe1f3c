package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/keys"
	"yike/internal/postgres"
)

// SealerOptions are what a Sealer may be told; the zero value is right for serving.
type SealerOptions struct {
	Every time.Duration    // between two passes; 1 s by default
	Batch int              // entries of one block, but for a transaction that left more; 50,000 by default
	Now   func() time.Time // the clock; time.Now by default
	Heads *Heads           // where heads are written down; nil for nowhere
}

// Sealer puts finished entries into blocks. Writers know nothing of it: it takes no
// lock that they wait for. Any number of sealers may work on one database, since each
// takes its turn at an authority's chain.
type Sealer struct {
	db   *postgres.DB
	ring *keys.Ring
	log  *slog.Logger
	SealerOptions
}

// The defaults of SealerOptions, and how long the last pass may take.
const (
	sealEvery   = time.Second
	sealBatch   = 50_000
	sealAtClose = 5 * time.Second
)

// NewSealer makes a sealer that signs with the ring's key.
func NewSealer(db *postgres.DB, ring *keys.Ring, log *slog.Logger, o SealerOptions) *Sealer {
	if o.Every <= 0 {
		o.Every = sealEvery
	}
	if o.Batch <= 0 {
		o.Batch = sealBatch
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Sealer{db: db, ring: ring, log: log, SealerOptions: o}
}

// Run seals until ctx ends, and then once more, so that a server that is told to stop
// leaves nothing open that was finished before. What fails is logged when it begins to
// fail and tried again; the error is of the last pass only.
func (s *Sealer) Run(ctx context.Context) error {
	ticks := time.NewTicker(s.Every)
	defer ticks.Stop()
	failing := false
	witnessed := false
	for {
		if !witnessed {
			witnessed = s.witness(ctx) == nil
		}
		_, err := s.Seal(ctx)
		err = errors.Join(err, s.writeHeads(ctx, false))
		switch {
		case ctx.Err() != nil:
		case err != nil && !failing:
			s.log.ErrorContext(ctx, "the audit log is not being sealed", slog.Any("error", err))
		case err == nil && failing:
			s.log.InfoContext(ctx, "the audit log is being sealed again")
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return s.close(ctx)
		case <-ticks.C:
		}
	}
}

func (s *Sealer) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sealAtClose)
	defer cancel()
	_, err := s.Seal(ctx)
	return errors.Join(err, s.writeHeads(ctx, true))
}

// witness writes down the heads that are there already: the last run may have ended
// before it could.
func (s *Sealer) witness(ctx context.Context) error {
	if s.Heads == nil {
		return nil
	}
	r := reader{s.db.Pool()}
	adcodes, err := r.adcodes(ctx)
	if err != nil {
		return err
	}
	for _, adcode := range adcodes {
		b, ok, err := r.last(ctx, adcode)
		if err != nil {
			return err
		}
		if ok {
			s.Heads.Note(&b)
		}
	}
	return nil
}

func (s *Sealer) writeHeads(ctx context.Context, all bool) error {
	if s.Heads == nil {
		return nil
	}
	written, err := s.Heads.Flush(s.Now(), all)
	for _, h := range written {
		s.log.InfoContext(ctx, "audit head", "adcode", h.AdCode, "number", h.Number, "hash", h.Hash)
	}
	return err
}

// Seal does one pass: it seals whatever is finished, of every authority, and gives the
// number of blocks it made. The fault of one authority keeps none of the others waiting.
func (s *Sealer) Seal(ctx context.Context) (int, error) {
	rows, err := s.db.Pool().Query(ctx, authorities+`
SELECT a.adcode FROM authority a
LEFT JOIN LATERAL (SELECT epoch, xid_to FROM audit_block b WHERE b.adcode = a.adcode ORDER BY number DESC LIMIT 1) last ON true
WHERE EXISTS (
	SELECT FROM audit_entry e
	WHERE e.adcode = a.adcode AND (e.epoch, e.xid) >= (coalesce(last.epoch, 0), coalesce(last.xid_to, '0'))
) OR EXISTS ( -- the counter was set back: see rewind
	SELECT FROM (SELECT epoch, cluster FROM audit_epoch ORDER BY epoch DESC LIMIT 1) now
	WHERE now.epoch = last.epoch AND last.xid_to > pg_snapshot_xmin(pg_current_snapshot())
		AND now.cluster = (SELECT system_identifier FROM pg_control_system()))`)
	if err != nil {
		return 0, fmt.Errorf("look for unsealed audit entries: %w", err)
	}
	adcodes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, fmt.Errorf("look for unsealed audit entries: %w", err)
	}
	made := 0
	var faults []error
	for _, adcode := range adcodes {
		for {
			sealed, err := s.sealOne(ctx, adcode)
			if err != nil {
				faults = append(faults, fmt.Errorf("seal the audit log of %s: %w", adcode, err))
				break
			}
			if !sealed {
				break
			}
			made++
		}
	}
	return made, errors.Join(faults...)
}

// sealOne makes the next block of an authority, or a new epoch for it to be in; false
// when nothing is finished that is not sealed.
func (s *Sealer) sealOne(ctx context.Context, adcode string) (bool, error) {
	var made *Block
	var last Block
	rewound := false
	err := pgx.BeginFunc(ctx, s.db.Pool(), func(tx pgx.Tx) error {
		// Sealers take turns. Should two ever come here at once all the same, the
		// primary key lets one of them in.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike audit seal ' || $1::text, 0))`, adcode); err != nil {
			return fmt.Errorf("wait for the other sealer: %w", err)
		}
		var err error
		if last, _, err = (reader{tx}).last(ctx, adcode); err != nil {
			return err
		}
		life, err := readLife(ctx, tx)
		if err != nil {
			return err
		}
		if rewound = !life.abroad && life.epoch == last.Epoch && life.finished < last.XidTo; rewound {
			return s.rewind(ctx, tx, life)
		}
		made, err = s.next(ctx, tx, adcode, &last, life)
		return err
	})
	if err != nil || made == nil {
		return rewound && err == nil, err
	}
	if last.Number > 0 && made.Epoch != last.Epoch {
		s.log.WarnContext(ctx, "the database was restored, or its transactions are counted anew: the audit log goes on in a new epoch",
			"adcode", adcode, "epoch", made.Epoch, "block", made.Number)
	}
	if s.Heads != nil {
		s.Heads.Note(made)
	}
	return true, nil
}

// life is what the database says of its transactions.
type life struct {
	finished uint64 // every transaction with a lower number has ended, and what it wrote can be seen
	epoch    int    // the last one
	abroad   bool   // the last epoch was lived in another cluster
}

func readLife(ctx context.Context, tx pgx.Tx) (life, error) {
	var l life
	err := tx.QueryRow(ctx, `
SELECT pg_snapshot_xmin(pg_current_snapshot()), epoch, cluster <> (SELECT system_identifier FROM pg_control_system())
FROM audit_epoch ORDER BY epoch DESC LIMIT 1`).Scan(&l.finished, &l.epoch, &l.abroad)
	if err != nil {
		return life{}, fmt.Errorf("ask for the present epoch: %w", err)
	}
	return l, nil
}

// rewind begins a new epoch in the same cluster. Entries that were written since its
// counter was set back lie among those of sealed blocks, and verification will say so;
// but the log goes on.
func (s *Sealer) rewind(ctx context.Context, tx pgx.Tx, l life) error {
	_, err := tx.Exec(ctx, `
INSERT INTO audit_epoch (epoch, cluster) SELECT $1, system_identifier FROM pg_control_system() ON CONFLICT DO NOTHING`, l.epoch+1)
	if err != nil {
		return fmt.Errorf("begin a new epoch: %w", err)
	}
	s.log.WarnContext(ctx, "transactions have lower numbers than the audit log has sealed; a new epoch begins", "epoch", l.epoch+1)
	return nil
}

// next seals what comes after the last block, if anything is finished.
func (s *Sealer) next(ctx context.Context, tx pgx.Tx, adcode string, last *Block, now life) (*Block, error) {
	part, ok, err := nextStretch(ctx, tx, adcode, last, now, s.Batch)
	if err != nil || !ok {
		return nil, err
	}
	entries := newContent()
	err = reader{tx}.entries(ctx, part, func(rec *record, _ uint64) bool { entries.add(rec); return true })
	if err != nil {
		return nil, err
	}
	b := &Block{
		AdCode: adcode, Number: last.Number + 1, Epoch: part.epoch, XidFrom: part.from, XidTo: part.to, Entries: entries.count,
		ContentHash: entries.hash(), PreviousHash: last.Hash, KeyID: s.ring.AuditKeyID(), SealedAt: timeText(s.Now()),
	}
	if last.Number == 0 {
		b.PreviousHash = genesis()
	}
	b.Hash = b.digest()
	b.Signature = s.ring.Sign(b.Hash)
	_, err = tx.Exec(ctx, `
INSERT INTO audit_block (`+blockColumns+`)
VALUES (@adcode, @number, @epoch, @from, @to, @entries, @content, @previous, @hash, @key, @signature, @sealed::text::timestamptz)`,
		pgx.StrictNamedArgs{
			"adcode": b.AdCode, "number": b.Number, "epoch": b.Epoch, "from": b.XidFrom, "to": b.XidTo, "entries": b.Entries,
			"content": b.ContentHash, "previous": b.PreviousHash, "hash": b.Hash, "key": b.KeyID, "signature": b.Signature, "sealed": b.SealedAt,
		})
	if err != nil {
		return nil, fmt.Errorf("write block %d: %w", b.Number, err)
	}
	return b, nil
}

// nextStretch finds what the next block spans: up to the first transaction that may not
// have ended, and not more than a batch, but always whole transactions. An epoch that is
// over is sealed to its end.
func nextStretch(ctx context.Context, tx pgx.Tx, adcode string, last *Block, now life, batch int) (stretch, bool, error) {
	part := stretch{adcode: adcode, epoch: last.Epoch, from: last.XidTo}
	var first uint64
	err := tx.QueryRow(ctx, `
SELECT epoch, xid FROM audit_entry
WHERE adcode = @adcode AND (epoch, xid) >= (@epoch, @from::xid8) AND epoch <= @now
ORDER BY epoch, xid LIMIT 1`,
		pgx.StrictNamedArgs{"adcode": adcode, "epoch": part.epoch, "from": part.from, "now": now.epoch}).Scan(&part.epoch, &first)
	if errors.Is(err, pgx.ErrNoRows) {
		return stretch{}, false, nil
	}
	if err != nil {
		return stretch{}, false, fmt.Errorf("find the next entry: %w", err)
	}
	if part.epoch != last.Epoch {
		part.from = 0
	}
	over := now.abroad || part.epoch < now.epoch
	part.to = now.finished
	if over {
		part.to = math.MaxInt64
	}
	if first >= part.to {
		return stretch{}, false, nil
	}
	// Of an epoch that is over, the block ends with the last entry that is there.
	err = tx.QueryRow(ctx, `
SELECT coalesce((
	SELECT xid FROM audit_entry WHERE adcode = @adcode AND epoch = @epoch AND xid >= @from AND xid < @to ORDER BY xid, id OFFSET @batch LIMIT 1
), CASE WHEN NOT @over THEN @to ELSE (
	SELECT (xid::text::bigint + 1)::text::xid8 FROM audit_entry
	WHERE adcode = @adcode AND epoch = @epoch AND xid >= @from AND xid < @to ORDER BY xid DESC, id DESC LIMIT 1
) END)`,
		pgx.StrictNamedArgs{"adcode": adcode, "epoch": part.epoch, "from": part.from, "to": part.to, "batch": batch, "over": over}).Scan(&part.to)
	if err != nil {
		return stretch{}, false, fmt.Errorf("find the end of the next block: %w", err)
	}
	if part.to == first {
		part.to = first + 1 // one transaction left more than a batch
	}
	return part, true, nil
}
