// Package importdb stores files of facilities that people bring: the file itself, what its
// columns mean, its rows, what becomes of each, and the changes that took them in. What is
// written of facilities goes through facilitydb.
package importdb

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities/imports"
	"yike/internal/postgres"
)

// What asking for a batch may fail of, besides the database.
var (
	// ErrNotFound says that there is no such batch, or none that the asker may see.
	ErrNotFound = errors.New("没有这个导入批次 / no such import")
	// ErrState says that a batch is not where what was asked makes sense.
	ErrState = errors.New("导入批次的状态不允许这样做 / the import is in another state")
)

// Store reads and writes batches.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// NewID makes an id for a record.
func NewID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

const batchColumns = `id::text, version, division_code, file_name, file_size, sha256, state, source, profile, headers, mapping, options, row_count, staged,
	checked, counts, done, undone, coalesce(check_job::text, ''), coalesce(commit_job::text, ''), coalesce(undo_job::text, ''),
	coalesce(asked_by::text, ''), asked_who, created_at, checked_at, committed_at, undone_at`

func scanBatch(row pgx.CollectableRow) (imports.Batch, error) {
	var b imports.Batch
	err := row.Scan(&b.ID, &b.Version, &b.DivisionCode, &b.FileName, &b.FileSize, &b.SHA256, &b.State, &b.Source, &b.Profile, &b.Headers,
		&b.Mapping, &b.Options, &b.RowCount, &b.Staged, &b.Checked, &b.Counts, &b.Done, &b.Undone, &b.CheckJob, &b.CommitJob, &b.UndoJob,
		&b.AskedBy, &b.AskedWho, &b.CreatedAt, &b.CheckedAt, &b.CommittedAt, &b.UndoneAt)
	return b, err
}

// Read gives one batch as whoever q is of sees it.
func Read(ctx context.Context, q postgres.Querier, adcode, id string) (imports.Batch, error) {
	return read(ctx, q, adcode, id, ``)
}

// Lock is Read, and nobody else changes the batch until the transaction ends.
func Lock(ctx context.Context, tx *postgres.Tx, id string) (imports.Batch, error) {
	return read(ctx, tx, tx.Writer().AdCode, id, ` FOR UPDATE`)
}

func read(ctx context.Context, q postgres.Querier, adcode, id, lock string) (imports.Batch, error) {
	if !postgres.IsID(id) {
		return imports.Batch{}, ErrNotFound
	}
	return postgres.Found[imports.Batch]{What: "import", Missing: ErrNotFound, Scan: scanBatch}.One(
		q.Query(ctx, `SELECT `+batchColumns+` FROM import_batch WHERE adcode = @adcode AND id = @id`+lock, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// Read gives one batch as w sees it.
func (s *Store) Read(ctx context.Context, w postgres.Writer, id string) (imports.Batch, error) {
	var b imports.Batch
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		b, err = Read(ctx, q, w.AdCode, id)
		return err
	})
	return b, err
}

// Cursor is where a list goes on: behind the batch that came last.
type Cursor struct {
	At time.Time
	ID string
}

// List gives the batches that w sees, the newest first; from is nil for the beginning.
// Profiles, which are large, are left out.
func (s *Store) List(ctx context.Context, w postgres.Writer, from *Cursor, limit int) ([]imports.Batch, error) {
	var list []imports.Batch
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := pgx.StrictNamedArgs{"adcode": w.AdCode, "limit": limit, "all": from == nil, "at": time.Time{}, "id": uuid.Nil.String()}
		if from != nil {
			args["at"], args["id"] = from.At, from.ID
		}
		rows, err := q.Query(ctx, `
SELECT `+batchColumns+` FROM (SELECT adcode, id, version, division_code, file_name, file_size, sha256, state, source, '{}'::jsonb AS profile, headers,
	mapping, options, row_count, staged, checked, counts, done, undone, check_job, commit_job, undo_job, asked_by, asked_who,
	created_at, checked_at, committed_at, undone_at FROM import_batch) AS b
WHERE adcode = @adcode AND (@all OR (created_at, id) < (@at::timestamptz, @id::uuid))
ORDER BY created_at DESC, id DESC LIMIT @limit`, args)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanBatch)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return list, nil
}

// Same gives the batches of the writer's authority that had the same file, the newest
// first, at most ten: whoever brings a file again should know.
func Same(ctx context.Context, q postgres.Querier, adcode, sha256, but string) ([]imports.Batch, error) {
	rows, err := q.Query(ctx, `
SELECT `+batchColumns+` FROM import_batch WHERE adcode = @adcode AND sha256 = @sha256 AND id <> @but ORDER BY created_at DESC, id DESC LIMIT 10`,
		pgx.StrictNamedArgs{"adcode": adcode, "sha256": sha256, "but": but})
	if err != nil {
		return nil, fmt.Errorf("look for the same file: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanBatch)
	if err != nil {
		return nil, fmt.Errorf("look for the same file: %w", err)
	}
	return list, nil
}

// Text is a cursor as clients are given it.
func (c Cursor) Text() string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.At.UTC().Format(time.RFC3339Nano) + " " + c.ID))
}

// ParseCursor reads what Text gave; nil for "". Anything else is an error.
func ParseCursor(text string) (*Cursor, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // the beginning
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, errBadCursor
	}
	moment, id, _ := strings.Cut(string(raw), " ")
	at, err := time.Parse(time.RFC3339Nano, moment)
	if err != nil || !postgres.IsID(id) {
		return nil, errBadCursor
	}
	return &Cursor{At: at, ID: id}, nil
}

var errBadCursor = errors.New("not a cursor of ours")
