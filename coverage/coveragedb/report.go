package coveragedb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
	"yike/internal/postgres"
)

// ErrNoReport says that there is no such report, or none that the asker may see.
var ErrNoReport = errors.New("没有这份覆盖报告 / no such coverage report")

// Report is a report that is computed in the background and kept.
type Report struct {
	ID        string // of its job
	Version   string // of the data
	Bands     []string
	Notices   []Notice
	Questions int // that will be answered
	AskedWho  string
	BegunAt   time.Time // set by the store
}

// Notice must be shown wherever the figures are.
type Notice struct {
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	URL     string `json:"url,omitempty"`
	Licence string `json:"licence,omitempty"`
}

// Question is one question of a report that is answered.
type Question struct {
	Number  int // from 1
	Type    string
	TypeZH  string
	TypeEN  string
	Measure string // how the type is judged
	Base    divisions.Base
	LimitS  int
	Speed   walknet.Speed
}

// BeginReport stores the head of a report, and forgets what was kept under its id.
func (s *Store) BeginReport(ctx context.Context, tx pgx.Tx, adcode string, r Report) error {
	args := pgx.StrictNamedArgs{"adcode": adcode, "id": r.ID}
	for _, sql := range []string{
		`DELETE FROM coverage_figure WHERE adcode = @adcode AND report_id = @id`,
		`DELETE FROM coverage_question WHERE adcode = @adcode AND report_id = @id`,
		`DELETE FROM coverage_report WHERE adcode = @adcode AND id = @id`,
	} {
		if _, err := tx.Exec(ctx, sql, args); err != nil {
			return fmt.Errorf("forget a coverage report: %w", err)
		}
	}
	if r.Notices == nil {
		r.Notices = []Notice{}
	}
	args = pgx.StrictNamedArgs{
		"adcode": adcode, "id": r.ID, "version": r.Version, "bands": r.Bands, "notices": r.Notices, "questions": r.Questions, "who": r.AskedWho,
	}
	_, err := tx.Exec(ctx, `
INSERT INTO coverage_report (adcode, id, data_version, bands, notices, questions, asked_who)
VALUES (@adcode, @id, @version, @bands, @notices, @questions, @who)`, args)
	if err != nil {
		return fmt.Errorf("store a coverage report: %w", err)
	}
	return nil
}

// AddAnswer stores one question of a report and its lines.
func (s *Store) AddAnswer(ctx context.Context, tx pgx.Tx, adcode, report string, q Question, lines []coverage.Line) error {
	_, err := tx.Exec(ctx, `
INSERT INTO coverage_question (adcode, report_id, number, type, type_zh, type_en, measure, base, limit_s, speed_mms)
VALUES (@adcode, @report, @number, @type, @type_zh, @type_en, @measure, @base, @limit_s, @speed)`,
		pgx.StrictNamedArgs{
			"adcode": adcode, "report": report, "number": q.Number, "type": q.Type, "type_zh": q.TypeZH, "type_en": q.TypeEN,
			"measure": q.Measure, "base": string(q.Base), "limit_s": q.LimitS, "speed": int(q.Speed),
		})
	if err != nil {
		return fmt.Errorf("store a question of a coverage report: %w", err)
	}
	id, err := uuid.Parse(report)
	if err != nil {
		return fmt.Errorf("store figures of a coverage report: %w", err)
	}
	columns := []string{
		"adcode", "report_id", "number", "place", "level", "code", "parent", "name_zh", "name_en", "setting", "complete",
		"covered", "uncovered", "unsnapped", "units", "units_with",
	}
	rows := pgx.CopyFromSlice(len(lines), func(i int) ([]any, error) {
		l := &lines[i]
		people := [3][]int64{}
		for _, c := range l.Counts {
			for k, n := range []coverage.People{c.Covered, c.Uncovered, c.Unsnapped} {
				people[k] = append(people[k], int64(n))
			}
		}
		return []any{
			adcode, [16]byte(id), int32(q.Number), int32(i + 1), l.Level, l.Code, l.Parent, l.NameZH, l.NameEN, l.Setting, l.Complete,
			people[0], people[1], people[2], int32(l.Units.Total), int32(l.Units.With),
		}, nil
	})
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"coverage_figure"}, columns, rows); err != nil {
		return fmt.Errorf("store figures of a coverage report: %w", err)
	}
	return nil
}

// ReadReport gives the head of a report and the questions answered so far, in order.
// q is a reader in the name of whoever asks.
func ReadReport(ctx context.Context, q postgres.Querier, adcode, id string) (Report, []Question, error) {
	r := Report{ID: id}
	if !postgres.IsID(id) {
		return Report{}, nil, ErrNoReport
	}
	args := pgx.StrictNamedArgs{"adcode": adcode, "id": id}
	err := q.QueryRow(ctx, `
SELECT data_version, bands, notices, questions, asked_who, begun_at FROM coverage_report WHERE adcode = @adcode AND id = @id`, args).
		Scan(&r.Version, &r.Bands, &r.Notices, &r.Questions, &r.AskedWho, &r.BegunAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return Report{}, nil, ErrNoReport
	}
	if err != nil {
		return Report{}, nil, fmt.Errorf("read a coverage report: %w", err)
	}
	rows, err := q.Query(ctx, `
SELECT number, type, type_zh, type_en, measure, base, limit_s, speed_mms FROM coverage_question
WHERE adcode = @adcode AND report_id = @id ORDER BY number`, args)
	if err != nil {
		return Report{}, nil, fmt.Errorf("read a coverage report: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Question, error) {
		var a Question
		err := row.Scan(&a.Number, &a.Type, &a.TypeZH, &a.TypeEN, &a.Measure, &a.Base, &a.LimitS, &a.Speed)
		return a, err
	})
	if err != nil {
		return Report{}, nil, fmt.Errorf("read a coverage report: %w", err)
	}
	return r, list, nil
}

// LineFilter picks lines of a report: of one question, of one level, or both. Zero values
// pick all.
type LineFilter struct {
	Number int
	Level  string
	Totals bool // those of all people too, whatever Level says
}

// EachLine calls each for the lines of a report, by question and in their order, and
// stops with its error. The lines are not all in memory at once.
func EachLine(ctx context.Context, q postgres.Querier, adcode, id string, f LineFilter, each func(number int, l coverage.Line) error) error {
	rows, err := q.Query(ctx, `
SELECT number, level, code, parent, name_zh, name_en, setting, complete, covered, uncovered, unsnapped, units, units_with
FROM coverage_figure
WHERE adcode = @adcode AND report_id = @id AND (@number = 0 OR number = @number)
	AND (@level = '' OR level = @level OR @totals AND level = 'total')
ORDER BY number, place`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id, "number": f.Number, "level": f.Level, "totals": f.Totals})
	if err != nil {
		return fmt.Errorf("read figures of a coverage report: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var number int
		var l coverage.Line
		var covered, uncovered, unsnapped []int64
		err := rows.Scan(&number, &l.Level, &l.Code, &l.Parent, &l.NameZH, &l.NameEN, &l.Setting, &l.Complete,
			&covered, &uncovered, &unsnapped, &l.Units.Total, &l.Units.With)
		if err != nil {
			return fmt.Errorf("read figures of a coverage report: %w", err)
		}
		l.Counts = make([]coverage.Count, len(covered))
		for b := range covered {
			c := coverage.Count{Covered: coverage.People(covered[b]), Uncovered: coverage.People(uncovered[b]), Unsnapped: coverage.People(unsnapped[b])}
			c.Population = c.Covered + c.Uncovered + c.Unsnapped
			l.Counts[b] = c
		}
		if err := each(number, l); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read figures of a coverage report: %w", err)
	}
	return nil
}
