package importdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"yike/facilities/imports"
	"yike/internal/postgres"
)

// partSize is how much of a file one row holds.
const partSize = 1 << 20

// NewBatch is a file that somebody brings.
type NewBatch struct {
	FileName string
	FileSize int64
	SHA256   string
	Source   json.RawMessage
	Profile  imports.Profile
	Headers  string
	Mapping  imports.Mapping
	Options  imports.Options
}

// Create keeps a file with what was found in it, for the division that its writer may
// import in, and gives the batch's id.
func Create(ctx context.Context, tx *postgres.Tx, n NewBatch, file io.Reader) (string, error) {
	id, err := NewID()
	if err != nil {
		return "", err
	}
	division, err := divisionOf(ctx, tx)
	if err != nil {
		return "", err
	}
	w := tx.Writer()
	_, err = tx.Exec(ctx, `
INSERT INTO import_batch (adcode, id, division_code, file_name, file_size, sha256, source, profile, headers, mapping, options, row_count, asked_by, asked_who)
VALUES (@adcode, @id, @division, @name, @size, @sha256, @source, @profile, @headers, @mapping, @options, @count, nullif(@account, '')::uuid, @who)`,
		pgx.StrictNamedArgs{
			"adcode": w.AdCode, "id": id, "division": division, "name": n.FileName, "size": n.FileSize, "sha256": n.SHA256,
			"source": n.Source, "profile": n.Profile, "headers": n.Headers, "mapping": n.Mapping, "options": n.Options,
			"count": n.Profile.Count, "account": w.Account, "who": w.Who,
		})
	if err != nil {
		return "", fmt.Errorf("keep an import: %w", err)
	}
	if err := keepFile(ctx, tx, id, file); err != nil {
		return "", err
	}
	tx.Note(postgres.Note{Action: "import.upload", Kind: "import_batch", ID: id, Division: division, After: map[string]any{
		"file_name": n.FileName, "file_size": n.FileSize, "sha256": n.SHA256, "rows": n.Profile.Count,
	}})
	return id, nil
}

// divisionOf is the widest division that the writer may import in: the authority itself
// for whoever may everywhere.
func divisionOf(ctx context.Context, tx *postgres.Tx) (string, error) {
	w := tx.Writer()
	if w.Account == "" {
		return w.AdCode, nil
	}
	var scopes []string
	if err := tx.QueryRow(ctx, `SELECT yike_scopes('facility.import')`).Scan(&scopes); err != nil {
		return "", fmt.Errorf("ask where one may import: %w", err)
	}
	if len(scopes) == 0 {
		return "", &postgres.ForbiddenError{Action: "facility.import"}
	}
	best := scopes[0]
	for _, s := range scopes[1:] {
		if len(s) < len(best) {
			best = s
		}
	}
	if best = best[:len(best)-1]; best == "" { // the % at its end
		return w.AdCode, nil
	}
	return best, nil
}

func keepFile(ctx context.Context, tx *postgres.Tx, id string, file io.Reader) error {
	buf := make([]byte, partSize)
	for number := 0; ; number++ {
		n, err := io.ReadFull(file, buf)
		if n > 0 {
			_, dbErr := tx.Exec(ctx, `INSERT INTO import_part (adcode, batch_id, number, bytes) VALUES (@adcode, @id, @number, @bytes)`,
				pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "number": number, "bytes": buf[:n]})
			if dbErr != nil {
				return fmt.Errorf("keep part %d of a file: %w", number, dbErr)
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a file to keep it: %w", err)
		}
	}
}

// WriteFile writes the file of a batch as it came. It returns ErrNotFound where whoever q
// is of sees none.
func WriteFile(ctx context.Context, q postgres.Querier, adcode, id string, into io.Writer) error {
	if !postgres.IsID(id) {
		return ErrNotFound
	}
	for number := 0; ; number++ {
		var part []byte
		err := q.QueryRow(ctx, `SELECT bytes FROM import_part WHERE adcode = @adcode AND batch_id = @id AND number = @number`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": id, "number": number}).Scan(&part)
		switch {
		case errors.Is(err, pgx.ErrNoRows) && number == 0:
			return ErrNotFound
		case errors.Is(err, pgx.ErrNoRows):
			return nil
		case err != nil:
			return fmt.Errorf("read part %d of a file: %w", number, err)
		}
		if _, err := into.Write(part); err != nil {
			return fmt.Errorf("write part %d of a file: %w", number, err)
		}
	}
}

// WriteFile is the function of that name as w sees it.
func (s *Store) WriteFile(ctx context.Context, w postgres.Writer, id string, into io.Writer) error {
	return s.db.Read(ctx, w, func(q postgres.Querier) error { return WriteFile(ctx, q, w.AdCode, id, into) })
}
