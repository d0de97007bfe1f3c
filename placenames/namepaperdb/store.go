// Package namepaperdb stores the documents of cases of place names: templates, what an authority
// has set about numbers, and papers as they were kept with what became of them. It knows the
// tables of migration 0039 and reads cases; which papers there are and how numbers follow is a
// rule of placenames/papers. Files lie elsewhere, under their SHA-256.
package namepaperdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/internal/papers/paperdb"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/papers"
)

// The rights.
const (
	mayWrite = "placename.write"
	mayRule  = "placename.rules"
)

// Store reads and writes papers. It is safe for concurrent use.
type Store struct {
	*paperdb.Shelf // the templates
	db             *postgres.DB
}

// New gives a store on db.
func New(db *postgres.DB) *Store {
	return &Store{db: db, Shelf: paperdb.New(db, paperdb.Table{
		Name: "name_paper_template", Right: mayRule,
		Set: "设置地名文书模板 / set a template of papers of place names", Reset: "恢复内置地名文书模板 / go back to the program's template of papers of place names",
	})}
}

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

func dayOf(d record.Day) pgtype.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	return pgtype.Date{Time: t, Valid: err == nil}
}

// Settings gives what the authority has set, its version (0 where it set nothing) and whether
// the reader may set it.
func (s *Store) Settings(ctx context.Context, w postgres.Writer) (set papers.Settings, version int, may bool, err error) {
	err = s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if set, version, err = settings(ctx, q, w.AdCode); err != nil {
			return err
		}
		err = postgres.Require(ctx, q, w, mayRule, w.AdCode)
		may = err == nil
		if errors.Is(err, postgres.ErrForbidden) {
			return nil
		}
		return err
	})
	return set, version, may, err
}

func settings(ctx context.Context, q postgres.Querier, adcode string) (papers.Settings, int, error) {
	var raw json.RawMessage
	var out papers.Settings
	version := 0
	err := q.QueryRow(ctx, `SELECT version, settings FROM name_paper_rule WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode}).Scan(&version, &raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return out, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		return out, 0, fmt.Errorf("read what is set about papers: %w", err)
	}
	return out, version, nil
}

// SetSettings sets them as a whole, for papers that are kept from now on. expected is the version
// that the writer saw. It returns a *postgres.StaleError, a *record.InvalidError and what
// postgres.Write does.
func (s *Store) SetSettings(ctx context.Context, w postgres.Writer, expected int, set papers.Settings, c record.Change, today record.Day) error {
	why := c.Reason
	if why == "" {
		why = "?"
	}
	return s.db.Write(ctx, w, why, func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
			return err
		}
		if err := alone(ctx, tx, "settings"); err != nil {
			return err
		}
		before, version, err := settings(ctx, tx, w.AdCode)
		if err != nil {
			return err
		}
		if version != expected {
			return &postgres.StaleError{Current: version}
		}
		_, faults := c.Check(today)
		set = set.Clean()
		if err := record.Invalid(append(faults, set.Validate()...)); err != nil {
			return err
		}
		raw, err := json.Marshal(set)
		if err != nil {
			return fmt.Errorf("encode what is set about papers: %w", err)
		}
		id, err := newID()
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
INSERT INTO name_paper_rule (adcode, id, settings) VALUES (@adcode, @id, @settings) ON CONFLICT (adcode) DO UPDATE SET settings = excluded.settings`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "settings": raw})
		if err != nil {
			return fmt.Errorf("set the numbers of papers: %w", err)
		}
		tx.Note(postgres.Note{Action: "name_paper.settings", Kind: "name_paper_rule", Before: before, After: set})
		return nil
	})
}

func alone(ctx context.Context, tx *postgres.Tx, what string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended(@what, 0))`, pgx.StrictNamedArgs{"what": "name paper " + tx.Writer().AdCode + " " + what})
	if err != nil {
		return fmt.Errorf("wait for the %s of papers: %w", what, err)
	}
	return nil
}

// columns of a paper, with the alias p; c is its case, s the last scan that is still a file of
// the case, a that file, and v what made it void.
const columns = `p.id::text, p.case_id::text, c.year, c.no, p.kind, p.series, p.year, coalesce(p.no, 0), p.number, p.day::text, p.recipient, p.title, p.template, p.sha256, p.size,
	p.file_name, p.blanks, p.filled, p.who, p.kept_at, s.attachment_id::text, s.file_name, s.media_type, s.sha256, s.size, s.who, s.done_at, v.reason, v.who, v.done_at`

const from = ` FROM name_paper AS p JOIN name_case AS c ON c.adcode = p.adcode AND c.id = p.case_id
LEFT JOIN LATERAL (SELECT x.attachment_id, a.file_name, a.media_type, a.sha256, a.size, x.who, x.done_at
	FROM name_paper_act AS x JOIN attachment AS a ON a.adcode = x.adcode AND a.id = x.attachment_id
	WHERE x.adcode = p.adcode AND x.paper_id = p.id AND x.kind = 'scan' ORDER BY x.id DESC LIMIT 1) AS s ON true
LEFT JOIN name_paper_act AS v ON v.adcode = p.adcode AND v.paper_id = p.id AND v.kind = 'void'
WHERE p.adcode = @adcode`

func rows() postgres.Found[papers.Paper] {
	return postgres.Found[papers.Paper]{What: "paper", Missing: papers.ErrNotFound, Scan: func(row pgx.CollectableRow) (papers.Paper, error) {
		var p papers.Paper
		var caseYear, caseNo, year, no int
		var series string
		var scan struct {
			id, name, media, sha256, who *string
			size                         *int64
			at                           *time.Time
		}
		var void struct {
			reason, who *string
			at          *time.Time
		}
		err := row.Scan(&p.ID, &p.CaseID, &caseYear, &caseNo, &p.Kind, &series, &year, &no, &p.Number, &p.Day, &p.To, &p.Title, &p.Template, &p.SHA256, &p.Size,
			&p.FileName, &p.Open, &p.Filled, &p.Who, &p.KeptAt, &scan.id, &scan.name, &scan.media, &scan.sha256, &scan.size, &scan.who, &scan.at, &void.reason, &void.who, &void.at)
		if err != nil {
			return p, err
		}
		p.CaseNumber = fmt.Sprintf("%d-%03d", caseYear, caseNo)
		if series != "" {
			p.Given = record.DocNumber{Series: series, Year: year, No: no}
		}
		if scan.id != nil {
			p.Scan = &papers.Scan{Attachment: *scan.id, FileName: *scan.name, Media: *scan.media, SHA256: *scan.sha256, Size: *scan.size, Who: *scan.who, At: *scan.at}
		}
		if void.at != nil {
			p.Void = &papers.Void{Reason: *void.reason, Who: *void.who, At: *void.at}
		}
		return p, nil
	}}
}

// OfCase gives the papers of a case, the first kept first.
func (s *Store) OfCase(ctx context.Context, w postgres.Writer, caseID string) ([]papers.Paper, error) {
	var out []papers.Paper
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if !postgres.IsID(caseID) {
			return nil
		}
		var err error
		out, err = rows().All(q.Query(ctx, `SELECT `+columns+from+` AND p.case_id = @case ORDER BY p.id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "case": caseID}))
		return err
	})
	return out, err
}

// ByID gives one paper, or papers.ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (papers.Paper, error) {
	var out papers.Paper
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = one(ctx, q, w.AdCode, id)
		return err
	})
	return out, err
}

func one(ctx context.Context, q postgres.Querier, adcode, id string) (papers.Paper, error) {
	if !postgres.IsID(id) {
		return papers.Paper{}, papers.ErrNotFound
	}
	return rows().One(q.Query(ctx, `SELECT `+columns+from+` AND p.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// List gives papers of all cases, the last kept first.
func (s *Store) List(ctx context.Context, w postgres.Writer, f papers.Filter) ([]papers.Paper, error) {
	var before *string
	if f.Before != "" {
		if !postgres.IsID(f.Before) {
			return nil, papers.ErrNotFound
		}
		before = &f.Before
	}
	var out []papers.Paper
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = rows().All(q.Query(ctx, `SELECT `+columns+from+`
	AND (@year = 0 OR p.year = @year) AND (@kind = '' OR p.kind = @kind) AND (@text = '' OR position(lower(@text) IN lower(p.number || ' ' || p.title)) > 0)
	AND (@before::uuid IS NULL OR p.id < @before::uuid) ORDER BY p.id DESC LIMIT @limit`, pgx.StrictNamedArgs{
			"adcode": w.AdCode, "year": f.Year, "kind": string(f.Kind), "text": f.Text, "before": before, "limit": f.Limit,
		}))
		return err
	})
	return out, err
}

// Next gives the numbers that the series of a year would give next, by their prefixes; they are
// not given by this.
func (s *Store) Next(ctx context.Context, w postgres.Writer, set papers.Settings, year int) (map[string]record.DocNumber, error) {
	out := map[string]record.DocNumber{}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		for _, x := range set.Series {
			n, err := last(ctx, q, w.AdCode, x.Prefix, year)
			if err != nil {
				return err
			}
			out[x.Prefix] = x.Next(year, n)
		}
		return nil
	})
	return out, err
}

func last(ctx context.Context, q postgres.Querier, adcode, series string, year int) (int, error) {
	var n int
	err := q.QueryRow(ctx, `SELECT coalesce(max(no), 0) FROM name_paper WHERE adcode = @adcode AND series = @series AND year = @year`,
		pgx.StrictNamedArgs{"adcode": adcode, "series": series, "year": year}).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("look for the last number of a series: %w", err)
	}
	return n, nil
}

// May reports whether the reader may keep papers in a division.
func (s *Store) May(ctx context.Context, w postgres.Writer, division string) (bool, error) {
	may := true
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if w.Account == "" {
			return nil
		}
		return q.QueryRow(ctx, `SELECT name_paper_may(@division)`, pgx.StrictNamedArgs{"division": division}).Scan(&may)
	})
	if err != nil {
		return false, fmt.Errorf("ask who may keep papers: %w", err)
	}
	return may, nil
}

// Holds tells whether a paper or a template has a file, in any district of the database. They
// are never taken away.
func Holds(ctx context.Context, q postgres.Querier, sha256 string) (bool, error) {
	var held bool
	err := q.QueryRow(ctx, `
SELECT EXISTS (SELECT FROM name_paper WHERE sha256 = @sha256) OR EXISTS (SELECT FROM name_paper_template WHERE sha256 = @sha256)`,
		pgx.StrictNamedArgs{"sha256": sha256}).Scan(&held)
	if err != nil {
		return true, fmt.Errorf("look for papers of place names with a file: %w", err)
	}
	return held, nil
}
