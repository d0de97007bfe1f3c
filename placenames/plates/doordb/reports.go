package doordb

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/plates/doors"
)

// ErrFull says that there are as many open reports as the office can hold.
var ErrFull = errors.New("there are too many reports")

// The bounds of what the public may leave.
const (
	mostOpen   = 5000 // reports that nobody decided about, folded ones counted as one
	mostFolded = 100  // of one plate and problem
)

// Files names what a photo is kept as; "" for none.
type Files struct{ Photo, Thumb string }

// Report is a report as the office sees it.
type Report struct {
	ID          string
	Version     int
	Code        string
	Known       bool // a plate has the code
	AddressID   string
	AddressText string
	Division    string
	Point       orb.Point
	Placed      bool
	Problem     doors.Problem
	Note, Place string
	Files       Files
	Day         record.Day
	State       doors.State
	Outcome     string
	DecidedOn   record.Day
	Reports     int // of the same, with this one
	LastDay     record.Day
}

// reportQuery reads reports r with what hangs on them.
const reportQuery = `
SELECT r.id::text, r.version, r.code, r.known, coalesce(r.address_id::text, ''), coalesce(a.text, ''), r.division_code, coalesce(p.geom, a.geom), coalesce(p.geom, a.geom) IS NOT NULL,
	r.problem, coalesce(s.note, ''), coalesce(s.place, ''), coalesce(s.photo, ''), coalesce(s.thumb, ''), r.day::text, r.state, r.outcome, coalesce(r.decided_on::text, ''),
	1 + (SELECT count(*) FROM door_report AS f WHERE f.adcode = r.adcode AND f.head_id = r.id),
	greatest(r.day, (SELECT max(f.day) FROM door_report AS f WHERE f.adcode = r.adcode AND f.head_id = r.id))::text
FROM door_report AS r
LEFT JOIN door_report_said AS s ON s.adcode = r.adcode AND s.report_id = r.id
LEFT JOIN address AS a ON a.adcode = r.adcode AND a.id = r.address_id
LEFT JOIN plate AS p ON p.adcode = r.adcode AND p.token = r.code
WHERE r.adcode = @adcode`

func reportRows() postgres.Found[Report] {
	return postgres.Found[Report]{What: "report of a plate", Missing: doors.ErrNotFound, Scan: func(row pgx.CollectableRow) (Report, error) {
		var r Report
		err := row.Scan(&r.ID, &r.Version, &r.Code, &r.Known, &r.AddressID, &r.AddressText, &r.Division, &r.Point, &r.Placed, &r.Problem, &r.Note, &r.Place,
			&r.Files.Photo, &r.Files.Thumb, &r.Day, &r.State, &r.Outcome, &r.DecidedOn, &r.Reports, &r.LastDay)
		return r, err
	}}
}

func receiptHash(receipt string) []byte {
	sum := sha256.Sum256([]byte(receipt))
	return sum[:]
}

// Take keeps a report of the public under a receipt of which only the hash stays. One of the same
// problem of the same plate that is open already has it hang on itself. It returns ErrFull and
// what postgres.Write does.
func (s *Store) Take(ctx context.Context, adcode string, r doors.Report, files Files, receipt string, now time.Time) error {
	return s.db.Write(ctx, postgres.System(adcode, thePublic), "门牌报修 / report of a plate", func(tx *postgres.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike door report ' || @what, 0))`, pgx.StrictNamedArgs{"what": adcode}); err != nil {
			return fmt.Errorf("wait for other reports: %w", err)
		}
		id, err := newID()
		if err != nil {
			return err
		}
		head, err := room(ctx, tx, adcode, r)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
INSERT INTO door_report (adcode, id, code, known, address_id, division_code, problem, receipt_hash, day, hour, head_id)
SELECT @adcode, @id, @code, p.token IS NOT NULL, a.id, coalesce(a.division_code, @adcode), @problem, @hash, @day, @hour, nullif(@head, '')::uuid
FROM (SELECT 1) AS one
LEFT JOIN plate AS p ON p.adcode = @adcode AND p.token = @code
LEFT JOIN address AS a ON a.adcode = @adcode AND a.id = p.address_id AND a.state <> 'reserved'`,
			pgx.StrictNamedArgs{
				"adcode": adcode, "id": id, "code": r.Code, "problem": string(r.Problem), "hash": receiptHash(receipt), "day": dayOf(record.DayOf(now)),
				"hour": now.Unix() / 3600, "head": head,
			})
		if err != nil {
			return fmt.Errorf("keep a report of a plate: %w", err)
		}
		if r.Note != "" || r.Place != "" || files.Photo != "" {
			_, err = tx.Exec(ctx, `INSERT INTO door_report_said (adcode, report_id, note, place, photo, thumb) VALUES (@adcode, @id, @note, @place, @photo, @thumb)`,
				pgx.StrictNamedArgs{"adcode": adcode, "id": id, "note": r.Note, "place": r.Place, "photo": files.Photo, "thumb": files.Thumb})
			if err != nil {
				return fmt.Errorf("keep what a report of a plate says: %w", err)
			}
		}
		tx.Note(postgres.Note{Action: "door_report.take", Kind: "door_report", ID: id, After: map[string]any{"code": r.Code, "problem": r.Problem, "folded": head != ""}})
		return nil
	})
}

// room finds the open report that a further one hangs on, "" for none, or returns ErrFull.
func room(ctx context.Context, tx *postgres.Tx, adcode string, r doors.Report) (head string, err error) {
	var open, folded int
	err = tx.QueryRow(ctx, `
SELECT (SELECT count(*) FROM door_report WHERE adcode = @adcode AND head_id IS NULL AND state IN ('received', 'accepted')),
	coalesce(h.id::text, ''), (SELECT count(*) FROM door_report AS f WHERE f.adcode = @adcode AND f.head_id = h.id)
FROM (SELECT 1) AS one
LEFT JOIN door_report AS h ON h.adcode = @adcode AND h.code = @code AND h.problem = @problem AND h.head_id IS NULL AND h.state IN ('received', 'accepted')`,
		pgx.StrictNamedArgs{"adcode": adcode, "code": r.Code, "problem": string(r.Problem)}).Scan(&open, &head, &folded)
	if err != nil {
		return "", fmt.Errorf("look for room for a report: %w", err)
	}
	if head == "" && open >= mostOpen || folded >= mostFolded {
		return "", ErrFull
	}
	return head, nil
}

// Fate gives what became of the report of a receipt, without what was written and photographed;
// one that hangs on another has its state. doors.ErrNotFound.
func (s *Store) Fate(ctx context.Context, adcode, receipt string) (Report, error) {
	found, err := reportRows().One(s.db.Reader().Query(ctx, reportQuery+` AND r.receipt_hash = @hash`, pgx.StrictNamedArgs{"adcode": adcode, "hash": receiptHash(receipt)}))
	if err != nil {
		return found, err
	}
	err = s.db.Reader().QueryRow(ctx, `
SELECT h.state, h.outcome, coalesce(h.decided_on::text, '') FROM door_report AS r JOIN door_report AS h ON h.adcode = r.adcode AND h.id = coalesce(r.head_id, r.id)
WHERE r.adcode = @adcode AND r.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": found.ID}).Scan(&found.State, &found.Outcome, &found.DecidedOn)
	if err != nil {
		return found, fmt.Errorf("read what became of a report: %w", err)
	}
	found.Note, found.Place, found.Files = "", "", Files{}
	return found, nil
}

// Filter picks reports of the office's list.
type Filter struct {
	State    string // "" for those that are open
	Problem  string // "" for all
	Division string // "" for all; else those in it and below
	After    string // id of the last one on the page before
	Most     int
}

// List gives reports to those who keep plates where they are, the newest first, one for those that
// hang together.
func (s *Store) List(ctx context.Context, w postgres.Writer, f Filter) ([]Report, error) {
	var out []Report
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = reportRows().All(q.Query(ctx, reportQuery+`
	AND r.head_id IS NULL AND (r.state = @state OR @state = '' AND r.state IN ('received', 'accepted')) AND (@problem = '' OR r.problem = @problem)
	AND r.division_code LIKE @division || '%' AND (@after = '' OR r.id::text < @after) ORDER BY r.id DESC LIMIT @most`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "state": f.State, "problem": f.Problem, "division": f.Division, "after": f.After, "most": f.Most}))
		return err
	})
	return out, err
}

// ByID gives one report to those who keep plates where it is, or doors.ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (Report, error) {
	var out Report
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = reportByID(ctx, q, w.AdCode, id)
		return err
	})
	return out, err
}

func reportByID(ctx context.Context, q postgres.Querier, adcode, id string) (Report, error) {
	if !postgres.IsID(id) {
		return Report{}, doors.ErrNotFound
	}
	return reportRows().One(q.Query(ctx, reportQuery+` AND r.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// Decide writes what the office decided about a report that the writer saw in a version, for one
// of the fixed reasons; then does what follows from it, in the same transaction. It returns
// doors.ErrNotFound, a *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Decide(ctx context.Context, w postgres.Writer, id string, expected int, outcome string, today record.Day, then func(tx *postgres.Tx, r Report) error) (Report, error) {
	err := s.db.Write(ctx, w, cmp.Or(outcome, "?"), func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayKeep, ""); err != nil {
			return err
		}
		r, err := reportByID(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, mayKeep, r.Division); err != nil {
			return err
		}
		if r.Version != expected {
			return &postgres.StaleError{Current: r.Version}
		}
		o, ok := doors.OutcomeOf(outcome)
		switch {
		case !ok:
			return record.Invalid([]record.Fault{{Field: "outcome", Value: outcome, ZH: "没有这种处理结果", EN: "there is no such outcome"}})
		case !r.State.May(o.To):
			return record.Invalid([]record.Fault{{Field: "outcome", Value: outcome, ZH: "此报修已处理，不能再改", EN: "the report was dealt with and stays as it is"}})
		}
		tag, err := tx.Exec(ctx, `UPDATE door_report SET state = @state, outcome = @outcome, decided_on = @day WHERE adcode = @adcode AND id = @id AND head_id IS NULL`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "state": string(o.To), "outcome": outcome, "day": dayOf(today)})
		if err != nil {
			return fmt.Errorf("decide about a report of a plate: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return doors.ErrNotFound // it hangs on another
		}
		tx.Note(postgres.Note{Action: "door_report.decide", Kind: "door_report", ID: id, Division: r.Division, After: map[string]any{"outcome": outcome, "state": o.To}})
		r.State, r.Outcome = o.To, outcome
		return then(tx, r)
	})
	if err != nil {
		return Report{}, err
	}
	return s.ByID(ctx, w, id)
}

// PhotoFile reports whether a report has a file, for whoever sweeps files that nobody has.
func PhotoFile(ctx context.Context, q postgres.Querier, name string) (bool, error) {
	var has bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM door_report_said WHERE photo <> '' AND photo = @name) OR EXISTS (SELECT FROM door_report_said WHERE thumb <> '' AND thumb = @name)`,
		pgx.StrictNamedArgs{"name": name}).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("look for a photo of a report: %w", err)
	}
	return has, nil
}

// ForgetSaid takes away what was written and photographed of reports that were dealt with before a
// day, and gives how many reports were.
func (s *Store) ForgetSaid(ctx context.Context, tx *postgres.Tx, before record.Day) (int64, error) {
	tag, err := tx.Exec(ctx, `
DELETE FROM door_report_said AS s USING door_report AS r, door_report AS h
WHERE r.adcode = s.adcode AND r.id = s.report_id AND h.adcode = r.adcode AND h.id = coalesce(r.head_id, r.id) AND h.state IN ('done', 'declined') AND h.decided_on < @before`,
		pgx.StrictNamedArgs{"before": dayOf(before)})
	if err != nil {
		return 0, fmt.Errorf("forget what reports of plates say: %w", err)
	}
	return tag.RowsAffected(), nil
}
