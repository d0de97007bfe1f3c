// Package surveydb stores visits to the places of cases. It knows the table of migration 0040
// and reads of cases and names what a survey needs; what a visit may say are rules of
// placenames/survey.
package surveydb

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/survey"
)

// Store reads and writes visits. It is safe for concurrent use.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// mayWrite is the right that every write needs, in the division of the case.
const mayWrite = "placename.survey"

// kind is what the audit log and attachments call a record.
const kind = "name_visit"

// columns of a visit, with the alias v, as scan reads them.
const columns = `v.id::text, v.version, v.case_id::text, v.division_code, v.day::text, v.people, v.track, v.points, v.findings, v.note, v.entered_by,
	coalesce(lower(v.valid)::text, ''), (SELECT count(*) FROM attachment AS a WHERE a.adcode = v.adcode AND a.owner_kind = 'name_visit' AND a.owner_id = v.id AND a.kind = 'photo'),
	name_visit_settled(v.adcode, v.case_id, v.entered_at)`

// keptPoint is a noted point as it is stored.
type keptPoint struct {
	Kind string  `json:"kind"`
	At   int64   `json:"t,omitempty"`
	Lon  float64 `json:"lon"`
	Lat  float64 `json:"lat"`
	Acc  float64 `json:"acc,omitempty"`
	Note string  `json:"note,omitempty"`
}

func scan(row pgx.CollectableRow) (survey.Visit, error) {
	var v survey.Visit
	var fixes [][4]float64
	var noted []keptPoint
	err := row.Scan(&v.ID, &v.Version, &v.CaseID, &v.Division, &v.Day, &v.People, &fixes, &noted, &v.Findings, &v.Note, &v.By, &v.ValidFrom, &v.Photos, &v.Settled)
	for _, f := range fixes {
		v.Track = append(v.Track, survey.Fix{At: int64(f[0]), Point: orb.Point{f[1], f[2]}, AccuracyM: f[3]})
	}
	for _, p := range noted {
		v.Points = append(v.Points, survey.Point{Kind: p.Kind, Note: p.Note, Fix: survey.Fix{At: p.At, Point: orb.Point{p.Lon, p.Lat}, AccuracyM: p.Acc}})
	}
	return v, err
}

func found() postgres.Found[survey.Visit] {
	return postgres.Found[survey.Visit]{What: "visit", Missing: survey.ErrNotFound, Scan: scan}
}

func contentArgs(v survey.Visit, from record.Day) pgx.StrictNamedArgs {
	track := make([][4]float64, len(v.Track))
	for i, f := range v.Track {
		track[i] = [4]float64{float64(f.At), f.Point[0], f.Point[1], f.AccuracyM}
	}
	points := make([]keptPoint, len(v.Points))
	for i, p := range v.Points {
		points[i] = keptPoint{Kind: p.Kind, At: p.At, Lon: p.Point[0], Lat: p.Point[1], Acc: p.AccuracyM, Note: p.Note}
	}
	return pgx.StrictNamedArgs{
		"day": string(v.Day), "people": append([]survey.Person{}, v.People...), "track": track, "points": points, "findings": v.Findings, "note": v.Note, "from": string(from),
	}
}

// present gives the present version of one visit.
func present(ctx context.Context, q postgres.Querier, adcode, id string) (survey.Visit, error) {
	if !postgres.IsID(id) {
		return survey.Visit{}, survey.ErrNotFound
	}
	return found().One(q.Query(ctx, `SELECT `+columns+` FROM name_visit AS v WHERE v.adcode = @adcode AND v.id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// ByID gives one visit, or survey.ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (survey.Visit, error) {
	var out survey.Visit
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = present(ctx, q, w.AdCode, id)
		return err
	})
	return out, err
}

// OfCase gives the visits of a case, the first day first; none of a case that is not there.
func (s *Store) OfCase(ctx context.Context, w postgres.Writer, caseID string) ([]survey.Visit, error) {
	if !postgres.IsID(caseID) {
		return nil, nil
	}
	var out []survey.Visit
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = found().All(q.Query(ctx, `SELECT `+columns+` FROM name_visit AS v WHERE v.adcode = @adcode AND v.case_id = @case ORDER BY v.day, v.id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "case": caseID}))
		return err
	})
	return out, err
}

// Create enters a visit of a case that has not ended, with its track cleaned and shortened. Asked
// again with the same key it gives the visit as it was made. It returns survey.ErrNoCase,
// survey.ErrRests, a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, made survey.Visit, c record.Change, today record.Day) (survey.Visit, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return "", err
		}
		made.Track = survey.Kept(made.Track)
		return create(ctx, tx, survey.Clean(made), c, today)
	})
	if err != nil {
		return survey.Visit{}, err
	}
	return s.ByID(ctx, w, id)
}

func create(ctx context.Context, tx *postgres.Tx, v survey.Visit, c record.Change, today record.Day) (string, error) {
	from, faults := c.Check(today)
	adcode := tx.Writer().AdCode
	var ended bool
	err := pgx.ErrNoRows
	if postgres.IsID(v.CaseID) {
		err = tx.QueryRow(ctx, `SELECT division_code, ending <> '' FROM name_case WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": v.CaseID}).Scan(&v.Division, &ended)
	}
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "", survey.ErrNoCase
	case err != nil:
		return "", fmt.Errorf("look for the case of a visit: %w", err)
	}
	if err := tx.Require(ctx, mayWrite, v.Division); err != nil {
		return "", err
	}
	if ended {
		return "", survey.ErrRests
	}
	if err := check(ctx, tx, v, faults, today); err != nil {
		return "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	args := contentArgs(v, from)
	args["adcode"], args["id"], args["case"], args["division"], args["by"] = adcode, id.String(), v.CaseID, v.Division, tx.Writer().Who
	made, err := found().One(tx.Query(ctx, `
INSERT INTO name_visit AS v (adcode, id, case_id, division_code, day, people, track, points, findings, note, entered_by, valid)
VALUES (@adcode, @id, @case, @division, @day::date, @people, @track, @points, @findings, @note, @by, daterange(nullif(@from, '')::date, NULL))
RETURNING `+columns, args))
	if err != nil {
		return "", err
	}
	_, after := record.Values(survey.Changes(survey.Visit{}, made))
	tx.Note(postgres.Note{Action: "name_visit.create", Kind: kind, ID: made.ID, Division: made.Division, After: after})
	return made.ID, nil
}

// check holds a visit against the rules, with what else is wrong.
func check(ctx context.Context, tx *postgres.Tx, v survey.Visit, faults []record.Fault, today record.Day) error {
	f, err := divisiondb.Stand(ctx, tx, tx.Writer().AdCode, divisiondb.Place{Code: v.Division})
	if err != nil {
		return err
	}
	return record.Invalid(append(faults, survey.Validate(v, survey.Known{Today: today, Box: f.Bounds})...))
}

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }
