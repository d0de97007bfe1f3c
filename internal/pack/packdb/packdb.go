// Package packdb keeps which packs were loaded, and for each layer what it was made
// of, so that a second load knows that it has nothing to do. It knows no feature.
package packdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/pack"
	"yike/internal/postgres"
)

// ErrNotFound says that no such pack was loaded.
var ErrNotFound = errors.New("没有载入过这样的数据包 / no such pack is loaded")

// ErrChanged says that another load changed the pack in the meantime.
var ErrChanged = errors.New("另一次载入同时改动了本数据包，请重新载入 / another load changed this pack at the same time; load it again")

// Store reads and writes the records of packs and layers.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// Record is one loaded pack.
type Record struct {
	AdCode   string
	Slug     string
	Manifest pack.Manifest // as it was when the population was stored
	Layers   []LayerRecord // those that were stored, in the order of loading
}

// LayerRecord is one stored layer.
type LayerRecord struct {
	Kind        string // pack.Roads, …
	Digest      string // SHA-256 over the layer's files and settings, hexadecimal
	CRS         string // as declared
	CRSAccepted bool   // a person overrode the coordinate check
	Rows        int
	Report      json.RawMessage // what the import had to say; an object
	StoredAt    time.Time       // when this content was stored; filled in by reading
}

// Layer gives the stored layer of a kind.
func (r Record) Layer(kind string) (LayerRecord, bool) {
	for _, l := range r.Layers {
		if l.Kind == kind {
			return l, true
		}
	}
	return LayerRecord{}, false
}

// Opened gives the pack of a slug or an adcode, or the one opened last for "".
// ErrNotFound when there is none.
func (s *Store) Opened(ctx context.Context, slugOrAdcode string) (Record, error) {
	var r Record
	err := s.db.Reader().QueryRow(ctx, `
SELECT adcode, slug, manifest FROM pack
WHERE @which = '' OR slug = @which OR adcode = @which
ORDER BY opened_at DESC, adcode LIMIT 1`,
		pgx.StrictNamedArgs{"which": slugOrAdcode}).Scan(&r.AdCode, &r.Slug, &r.Manifest)
	if errors.Is(err, pgx.ErrNoRows) {
		return Record{}, ErrNotFound
	}
	if err != nil {
		return Record{}, fmt.Errorf("read pack: %w", err)
	}
	r.Layers, err = s.Layers(ctx, r.AdCode)
	return r, err
}

// Layers gives the stored layers of adcode in the order of loading; none is no error.
func (s *Store) Layers(ctx context.Context, adcode string) ([]LayerRecord, error) {
	rows, err := s.db.Reader().Query(ctx, `
SELECT kind, digest, crs, crs_accepted, row_count, report, lower(recorded) FROM layer
WHERE adcode = @adcode
ORDER BY array_position(ARRAY['divisions', 'roads', 'buildings', 'population', 'facilities'], kind)`,
		pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("read layers: %w", err)
	}
	layers, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (LayerRecord, error) {
		var l LayerRecord
		err := row.Scan(&l.Kind, &l.Digest, &l.CRS, &l.CRSAccepted, &l.Rows, &l.Report, &l.StoredAt)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("read layers: %w", err)
	}
	return layers, nil
}

// Lock makes writers of one adcode wait for one another until the transaction ends.
func (s *Store) Lock(ctx context.Context, tx pgx.Tx, adcode string) error {
	return postgres.LockGround(ctx, tx, adcode)
}

// Expect fails with ErrChanged unless the stored layers have the given digests, by
// kind; "" expects that there is none.
func (s *Store) Expect(ctx context.Context, tx pgx.Tx, adcode string, digests map[string]string) error {
	for kind, want := range digests {
		var got string
		err := tx.QueryRow(ctx, `SELECT digest FROM layer WHERE adcode = @adcode AND kind = @kind`,
			pgx.StrictNamedArgs{"adcode": adcode, "kind": kind}).Scan(&got)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("read layer %s: %w", kind, err)
		}
		if got != want {
			return ErrChanged
		}
	}
	return nil
}

// SaveLayer notes what a layer was made of, in the transaction that stores its rows.
func (s *Store) SaveLayer(ctx context.Context, tx pgx.Tx, adcode string, l LayerRecord) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new id: %w", err)
	}
	if len(l.Report) == 0 {
		l.Report = json.RawMessage(`{}`)
	}
	_, err = tx.Exec(ctx, `
INSERT INTO layer (adcode, id, kind, digest, row_count, crs, crs_accepted, report)
VALUES (@adcode, @id, @kind, @digest, @rows, @crs, @accepted, @report)
ON CONFLICT (adcode, kind) DO UPDATE SET
	digest = excluded.digest, row_count = excluded.row_count, crs = excluded.crs,
	crs_accepted = excluded.crs_accepted, report = excluded.report`,
		pgx.StrictNamedArgs{
			"adcode": adcode, "id": id.String(), "kind": l.Kind, "digest": l.Digest, "rows": l.Rows,
			"crs": l.CRS, "accepted": l.CRSAccepted, "report": l.Report,
		})
	if err != nil {
		return fmt.Errorf("store layer %s: %w", l.Kind, err)
	}
	return nil
}

// DropLayer forgets a layer that the pack no longer has.
func (s *Store) DropLayer(ctx context.Context, tx pgx.Tx, adcode, kind string) error {
	_, err := tx.Exec(ctx, `DELETE FROM layer WHERE adcode = @adcode AND kind = @kind`,
		pgx.StrictNamedArgs{"adcode": adcode, "kind": kind})
	if err != nil {
		return fmt.Errorf("forget layer %s: %w", kind, err)
	}
	return nil
}

// SavePack stores the manifest, and leaves the row alone where nothing changed.
func (s *Store) SavePack(ctx context.Context, tx pgx.Tx, m *pack.Manifest) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new id: %w", err)
	}
	_, err = tx.Exec(ctx, `
INSERT INTO pack AS p (adcode, id, slug, manifest) VALUES (@adcode, @id, @slug, @manifest)
ON CONFLICT (adcode) DO UPDATE SET
	slug = excluded.slug, manifest = excluded.manifest
WHERE (p.slug, p.manifest) IS DISTINCT FROM (excluded.slug, excluded.manifest)`,
		pgx.StrictNamedArgs{"adcode": m.AdCode, "id": id.String(), "slug": m.ID, "manifest": m})
	if err != nil {
		return fmt.Errorf("store pack: %w", err)
	}
	return nil
}

// Open marks the pack as the one opened last.
func (s *Store) Open(ctx context.Context, tx pgx.Tx, adcode string) error {
	_, err := tx.Exec(ctx, `UPDATE pack SET opened_at = clock_timestamp() WHERE adcode = @adcode`,
		pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return fmt.Errorf("open pack: %w", err)
	}
	return nil
}
