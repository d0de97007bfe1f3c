// Package attachmentdb stores what is known of files that hang on records, and finds the
// division of a record, which decides who may add to it. It must not know the files
// themselves: they are there before their rows.
package attachmentdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/attachments"
	"yike/internal/postgres"
)

var (
	// ErrNotFound says that there is no attachment of that id.
	ErrNotFound = errors.New("没有这个附件 / no such attachment")
	// ErrNoOwner says that there is no record to hang a file on.
	ErrNoOwner = errors.New("没有这条记录 / no such record")
	// ErrFull says that a record has as many files as it may.
	ErrFull = errors.New("附件已满 / the record has as many files as it may")
	// ErrReplaced says that a record was merged, split or moved: its files belong to those
	// that took its place.
	ErrReplaced = errors.New("记录已被取代 / the record was replaced by another")
	// ErrFixed says that a file stays with its record: a rule in force stands on its document.
	ErrFixed = errors.New("记录已生效，依据文件不能移除 / the record is in force and stands on this file")
)

// MaxPerRecord is how many files a record may have.
const MaxPerRecord = 200

// Store reads and writes attachments.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

const columns = `id::text, version, owner_kind, owner_id::text, division_code, kind, title, subject, file_name, media_type, size, sha256, thumb_sha256,
	width, height, original_sha256, coalesce(taken_on::text, ''), geom, lower(recorded)`

func scan(row pgx.CollectableRow) (attachments.Attachment, error) {
	var a attachments.Attachment
	var point *orb.Point
	err := row.Scan(&a.ID, &a.Version, &a.OwnerKind, &a.OwnerID, &a.DivisionCode, &a.Kind, &a.Title, &a.Subject, &a.FileName, &a.MediaType, &a.Size, &a.SHA256,
		&a.ThumbSHA256, &a.Width, &a.Height, &a.OriginalSHA256, &a.TakenOn, &point, &a.AddedAt)
	a.Position = point
	return a, err
}

// division finds the division of a record of a kind; ErrNoOwner where there is none.
func division(ctx context.Context, q postgres.Querier, adcode, kind, id string) (string, error) {
	var query string
	switch kind {
	case "facility":
		query = `SELECT division_code FROM facility WHERE adcode = @adcode AND id = @id`
	case "premises":
		query = `SELECT division_code FROM premises WHERE adcode = @adcode AND id = @id`
	case "campaign_task":
		query = `SELECT division_code FROM campaign_task WHERE adcode = @adcode AND id = @id`
	case "facility_problem":
		query = `SELECT division_code FROM facility_problem WHERE adcode = @adcode AND id = @id`
	case "estate":
		query = `SELECT division_code FROM estate WHERE adcode = @adcode AND id = @id`
	case "estate_rule":
		query = `SELECT division_code FROM estate_rule WHERE adcode = @adcode AND id = @id`
	case "name":
		query = `SELECT division_code FROM place_name WHERE adcode = @adcode AND id = @id`
	case "sign":
		query = `SELECT division_code FROM place_name_sign WHERE adcode = @adcode AND id = @id`
	case "plate":
		query = `SELECT division_code FROM plate WHERE adcode = @adcode AND id = @id`
	case "name_visit":
		query = `SELECT division_code FROM name_visit WHERE adcode = @adcode AND id = @id`
	case "address":
		query = `SELECT division_code FROM address WHERE adcode = @adcode AND id = @id`
	case "name_case":
		query = `SELECT division_code FROM name_case WHERE adcode = @adcode AND id = @id`
	}
	if query == "" || !postgres.IsID(id) {
		return "", ErrNoOwner
	}
	var code string
	err := q.QueryRow(ctx, query, pgx.StrictNamedArgs{"adcode": adcode, "id": id}).Scan(&code)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", ErrNoOwner
	}
	if err != nil {
		return "", fmt.Errorf("find the division of a %s: %w", kind, err)
	}
	return code, nil
}

// Allowed tells in which division a record lies, if w may add to it: to be asked before a
// file is read and kept. It returns ErrNoOwner, ErrReplaced, ErrFull and a
// *postgres.ForbiddenError.
func (s *Store) Allowed(ctx context.Context, w postgres.Writer, owner attachments.Owner, id string) error {
	return s.db.Read(ctx, w, func(q postgres.Querier) error {
		_, err := allowed(ctx, q, w, owner, id)
		return err
	})
}

func allowed(ctx context.Context, q postgres.Querier, w postgres.Writer, owner attachments.Owner, id string) (string, error) {
	if err := mayAdd(ctx, q, w, owner, ""); err != nil {
		return "", err
	}
	code, err := division(ctx, q, w.AdCode, owner.Kind, id)
	if err != nil {
		return "", err
	}
	if err := mayAdd(ctx, q, w, owner, code); err != nil {
		return "", err
	}
	if owner.Kind == "facility" {
		var replaced bool
		err := q.QueryRow(ctx, `SELECT replaced_by <> '{}' FROM facility WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}).Scan(&replaced)
		if err != nil {
			return "", fmt.Errorf("look whether a record was replaced: %w", err)
		}
		if replaced {
			return "", ErrReplaced
		}
	}
	var n int
	err = q.QueryRow(ctx, `SELECT count(*) FROM attachment WHERE adcode = @adcode AND owner_kind = @kind AND owner_id = @id`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "kind": owner.Kind, "id": id}).Scan(&n)
	if err != nil {
		return "", fmt.Errorf("count the files of a record: %w", err)
	}
	if n >= MaxPerRecord {
		return "", ErrFull
	}
	return code, nil
}

// mayAdd asks for one of the rights to add to records of a kind.
func mayAdd(ctx context.Context, q postgres.Querier, w postgres.Writer, owner attachments.Owner, division string) error {
	err := postgres.Require(ctx, q, w, owner.Action, division)
	for _, also := range attachments.AlsoAdds(owner.Kind) {
		if !errors.Is(err, postgres.ErrForbidden) {
			return err
		}
		if other := postgres.Require(ctx, q, w, also, division); !errors.Is(other, postgres.ErrForbidden) {
			return other
		}
	}
	return err
}

// Create notes a file of a record. Asked again with the same key it gives the attachment as
// it was made. It returns what Allowed does and what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, owner attachments.Owner, a attachments.Attachment, reason string) (attachments.Attachment, error) {
	return postgres.WriteOnce(ctx, s.db, w, cmp.Or(reason, "添加附件 / attach a file"), func(tx *postgres.Tx) (attachments.Attachment, error) {
		return CreateIn(ctx, tx, owner, a)
	})
}

// CreateIn is Create within a transaction of something that a file comes with.
func CreateIn(ctx context.Context, tx *postgres.Tx, owner attachments.Owner, a attachments.Attachment) (attachments.Attachment, error) {
	w := tx.Writer()
	var err error
	if a.DivisionCode, err = allowed(ctx, tx, w, owner, a.OwnerID); err != nil {
		return a, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return a, fmt.Errorf("new id: %w", err)
	}
	made, err := rows().One(tx.Query(ctx, `
INSERT INTO attachment (adcode, id, owner_kind, owner_id, division_code, kind, title, subject, file_name, media_type, size, sha256, thumb_sha256,
	width, height, original_sha256, taken_on, geom)
VALUES (@adcode, @id, @owner_kind, @owner_id, @division, @kind, @title, @subject, @file_name, @media_type, @size, @sha256, @thumb, @width, @height,
	@original, nullif(@taken_on, '')::date, @point)
RETURNING `+columns, pgx.StrictNamedArgs{
		"adcode": w.AdCode, "id": id.String(), "owner_kind": owner.Kind, "owner_id": a.OwnerID, "division": a.DivisionCode, "kind": string(a.Kind),
		"title": a.Title, "subject": a.Subject, "file_name": a.FileName, "media_type": a.MediaType, "size": a.Size, "sha256": a.SHA256, "thumb": a.ThumbSHA256,
		"width": a.Width, "height": a.Height, "original": a.OriginalSHA256, "taken_on": string(a.TakenOn), "point": pointOf(a),
	}))
	if err != nil {
		return a, err
	}
	tx.Note(postgres.Note{Action: "attachment.create", Kind: "attachment", ID: made.ID, Division: made.DivisionCode, After: noted(made)})
	return made, nil
}

// pointOf is where the camera was as the database takes it: NULL where nobody knows.
func pointOf(a attachments.Attachment) any {
	if a.Position == nil {
		return nil
	}
	return *a.Position
}

// noted is what the audit log says of an attachment.
func noted(a attachments.Attachment) map[string]any {
	return map[string]any{
		"owner_kind": a.OwnerKind, "owner_id": a.OwnerID, "kind": a.Kind, "title": a.Title, "file_name": a.FileName,
		"sha256": a.SHA256, "original_sha256": a.OriginalSHA256,
	}
}

// List gives the attachments of a record, photos first, in the order in which they were
// added. It returns ErrNoOwner.
func (s *Store) List(ctx context.Context, w postgres.Writer, owner attachments.Owner, id string) ([]attachments.Attachment, error) {
	var list []attachments.Attachment
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if _, err := division(ctx, q, w.AdCode, owner.Kind, id); err != nil {
			return err
		}
		rows, err := q.Query(ctx, `
SELECT `+columns+` FROM attachment WHERE adcode = @adcode AND owner_kind = @kind AND owner_id = @id ORDER BY kind DESC, id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "kind": owner.Kind, "id": id})
		if err == nil {
			list, err = pgx.CollectRows(rows, scan)
		}
		if err != nil {
			return fmt.Errorf("list attachments: %w", err)
		}
		return nil
	})
	return list, err
}

// ByID gives one attachment. It returns ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (attachments.Attachment, error) {
	var a attachments.Attachment
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		a, err = byID(ctx, q, w.AdCode, id)
		return err
	})
	return a, err
}

func byID(ctx context.Context, q postgres.Querier, adcode, id string) (attachments.Attachment, error) {
	if !postgres.IsID(id) {
		return attachments.Attachment{}, ErrNotFound
	}
	return rows().One(q.Query(ctx, `SELECT `+columns+` FROM attachment WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

func rows() postgres.Found[attachments.Attachment] {
	return postgres.Found[attachments.Attachment]{What: "attachment", Missing: ErrNotFound, Scan: scan}
}

// Remove takes an attachment of which the writer saw the version expected off its record.
// Its history stays, and its file for as long as Referenced says. It returns ErrNotFound,
// ErrFixed, a *postgres.StaleError and what postgres.Write does.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, owner attachments.Owner, ownerID, id string, expected int, reason string) error {
	return s.db.Write(ctx, w, cmp.Or(reason, "?"), func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, owner.Action, ""); err != nil {
			return err
		}
		a, err := byID(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if a.OwnerKind != owner.Kind || a.OwnerID != ownerID {
			return ErrNotFound
		}
		if err := tx.Require(ctx, owner.Action, a.DivisionCode); err != nil {
			return err
		}
		if a.Version != expected {
			return &postgres.StaleError{Current: a.Version}
		}
		if err := loose(ctx, tx, w.AdCode, owner, ownerID, id); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `DELETE FROM attachment WHERE adcode = @adcode AND id = @id AND version = @expected`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected})
		if err != nil {
			return fmt.Errorf("remove attachment: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return ErrNotFound
		}
		tx.Note(postgres.Note{Action: "attachment.remove", Kind: "attachment", ID: id, Division: a.DivisionCode, Before: noted(a)})
		return nil
	})
}

// loose fails with ErrFixed where a file stays with its record: a rule in force stands on its
// documents, a step of a case was taken on the papers that it names, and a plate was fixed by its
// photo.
func loose(ctx context.Context, q postgres.Querier, adcode string, owner attachments.Owner, id, file string) error {
	var query string
	args := pgx.StrictNamedArgs{"adcode": adcode, "id": id}
	switch owner.Kind {
	case "estate_rule":
		query = `SELECT EXISTS (SELECT FROM estate_rule WHERE adcode = @adcode AND id = @id AND state <> 'draft')`
	case "name_visit":
		query = `SELECT name_visit_settled(adcode, case_id, entered_at) FROM name_visit WHERE adcode = @adcode AND id = @id`
	case "address":
		query = `SELECT division_code FROM address WHERE adcode = @adcode AND id = @id`
	case "name_case":
		query = `SELECT EXISTS (SELECT FROM name_case_event WHERE adcode = @adcode AND case_id = @id AND papers @> jsonb_build_array(jsonb_build_object('id', @file::text)))`
		args["file"] = file
	case "plate":
		query = `SELECT EXISTS (SELECT FROM plate_event AS e JOIN plate AS p ON p.adcode = e.adcode AND p.token = e.token WHERE p.adcode = @adcode AND p.id = @id AND e.photo_id = @file)`
		args["file"] = file
	default:
		return nil
	}
	var fixed bool
	if err := q.QueryRow(ctx, query, args).Scan(&fixed); err != nil {
		return fmt.Errorf("look whether a record stands on its file: %w", err)
	}
	if fixed {
		return ErrFixed
	}
	return nil
}

// Referenced tells whether an attachment has a file, or had it after a moment, in any
// district of the database: until then a removal can be looked into.
func Referenced(ctx context.Context, q postgres.Querier, sha256 string, after time.Time) (bool, error) {
	var held bool
	err := q.QueryRow(ctx, `
SELECT EXISTS (SELECT FROM attachment WHERE sha256 = @sha256) OR EXISTS (SELECT FROM attachment WHERE thumb_sha256 <> '' AND thumb_sha256 = @sha256)
	OR EXISTS (SELECT FROM attachment_history WHERE (sha256 = @sha256 OR thumb_sha256 <> '' AND thumb_sha256 = @sha256) AND upper(recorded) > @after)`,
		pgx.StrictNamedArgs{"sha256": sha256, "after": after}).Scan(&held)
	if err != nil {
		return true, fmt.Errorf("look for attachments with a file: %w", err)
	}
	return held, nil
}
