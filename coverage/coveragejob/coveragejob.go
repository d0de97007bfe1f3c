// Package coveragejob computes coverage reports in the background: the figures of many
// questions for every division, kept with the version of the data they are of. It owns
// which questions a report asks and how it goes on after an interruption; how a question
// is answered it is given, and it knows nothing of HTTP.
package coveragejob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/jobs"
	"yike/internal/postgres"
)

// Kind is the word of the job.
const Kind = "coverage_report"

// MostQuestions bounds a report: some minutes of work on a district of a million.
const MostQuestions = 2000

// Args are what a report is asked: every type with every limit, speed and base. What is
// left out is all that the district has, or what the map offers.
type Args struct {
	Types   []facilities.Type `json:"types,omitempty"`
	LimitsS []int             `json:"limits_s,omitempty"` // seconds, inclusive
	Speeds  []walknet.Speed   `json:"speeds_mms,omitempty"`
	Base    divisions.Base    `json:"base,omitempty"`
}

// Question is one question of a report.
type Question struct {
	Type   facilities.TypeInfo
	Base   divisions.Base
	LimitS int
	Speed  walknet.Speed
}

// District is a loaded district as a report needs it. It does not change.
type District struct {
	Version   string // of the data
	Bands     []coverage.Band
	Notices   []coveragedb.Notice
	Divisions []divisions.Division
	Bases     []divisions.Base
	Types     []facilities.TypeInfo // that have a facility
	LimitsS   []int                 // asked where nothing is said
	Speeds    []walknet.Speed

	Answer func(ctx context.Context, q Question) (coverage.Summary, error)
}

// Job is the work on reports.
type Job struct {
	Store *coveragedb.Store
	// Loaded gives the district of an authority as it is served now; false where it is
	// not there yet.
	Loaded func(adcode string) (District, bool)
}

// Kind is what the job is called and what does it.
func (j Job) Kind() jobs.Kind {
	return jobs.Kind{ZH: "覆盖报告", EN: "Coverage report", Run: j.run}
}

// Ask asks for a report in the caller's transaction and gives the id of its job, which
// is the report's too. While a report of the same questions is unfinished it is that
// one's.
func Ask(ctx context.Context, tx *postgres.Tx, a Args) (string, error) {
	if err := tx.Require(ctx, "coverage.report", ""); err != nil {
		return "", err
	}
	raw, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("encode what a coverage report is asked: %w", err)
	}
	return jobs.Ask(ctx, tx, jobs.Request{Kind: Kind, Args: a, Dedupe: digest(raw)})
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}

// What a report may be asked that no attempt can answer.
var (
	errNothing = errors.New("a report without questions")
	errTooMany = errors.New("a report with too many questions")
	errNoBase  = errors.New("no such base")
	errNoType  = errors.New("no facility of the type")
)

// questions are those of the report, in the order of its table.
func (a Args) questions(d District) ([]Question, error) {
	types, bases := d.Types, d.Bases
	if len(a.Types) > 0 {
		types = nil
		for _, t := range a.Types {
			at := slices.IndexFunc(d.Types, func(info facilities.TypeInfo) bool { return info.Type == t })
			if at < 0 {
				return nil, jobs.Permanent(jobs.Tell(fmt.Errorf("%w %s", errNoType, t),
					"数据中没有这类设施："+string(t), "The data have no facility of the type "+string(t)))
			}
			types = append(types, d.Types[at])
		}
	}
	if a.Base != "" {
		bases = []divisions.Base{a.Base}
		if !slices.Contains(d.Bases, a.Base) {
			return nil, jobs.Permanent(jobs.Tell(errNoBase, "数据中没有这种人口口径", "The data have no such population base"))
		}
	}
	limits, speeds := orElse(a.LimitsS, d.LimitsS), orElse(a.Speeds, d.Speeds)
	switch n := len(types) * len(bases) * len(limits) * len(speeds); {
	case n == 0:
		return nil, jobs.Permanent(jobs.Tell(errNothing, "数据中没有设施或没有人口，无可计算", "The data have no facilities or no people, so there is nothing to compute"))
	case n > MostQuestions:
		return nil, jobs.Permanent(jobs.Tell(errTooMany, fmt.Sprintf("组合过多，最多 %d 个", MostQuestions), fmt.Sprintf("Too many combinations; the most is %d", MostQuestions)))
	}
	var out []Question
	for _, base := range bases {
		for _, t := range types {
			for _, limit := range limits {
				for _, speed := range speeds {
					out = append(out, Question{Type: t, Base: base, LimitS: limit, Speed: speed})
				}
			}
		}
	}
	return out, nil
}

func orElse[T any](asked, usual []T) []T {
	if len(asked) > 0 {
		return asked
	}
	return usual
}

// checkpoint is where a report is: so many of its questions are answered.
type checkpoint struct {
	Version  string `json:"version"` // of the data
	Of       string `json:"of"`      // digest of the questions
	Answered int    `json:"answered"`
}

// run answers the questions one by one. Figures of two versions of the data are never in
// one report: where the data are others than those of the attempt before, it begins anew.
func (j Job) run(ctx context.Context, t *jobs.Task) error {
	var a Args
	if err := t.Args(&a); err != nil {
		return err
	}
	adcode := t.Job().AdCode
	d, ok := j.Loaded(adcode)
	if !ok {
		return jobs.Later(10*time.Second, "数据尚未载入完毕", "The data are not loaded yet")
	}
	questions, err := a.questions(d)
	if err != nil {
		return err
	}
	at, err := j.begin(ctx, t, d, questions)
	if err != nil {
		return err
	}
	for n := at.Answered; n < len(questions); n++ {
		q := questions[n]
		zh, en := q.words()
		t.Progress(int64(n), int64(len(questions)), zh, en)
		summary, err := d.Answer(ctx, q)
		if err != nil {
			return fmt.Errorf("answer question %d of a coverage report: %w", n+1, err)
		}
		at.Answered = n + 1
		err = t.Write(ctx, "保存覆盖报告的一个答案 / keep an answer of a coverage report", at, func(tx *postgres.Tx) error {
			tx.Note(postgres.Note{Action: "coverage_report.answer", Kind: "coverage_report", ID: t.Job().ID, After: map[string]int{"question": n + 1}})
			return j.Store.AddAnswer(ctx, tx, adcode, t.Job().ID, q.row(n+1), summary.Lines(d.Divisions))
		})
		if err != nil {
			return err
		}
	}
	t.Progress(int64(len(questions)), int64(len(questions)), "完成", "Done")
	t.Result(map[string]any{"report": "/api/v1/coverage-reports/" + t.Job().ID, "version": d.Version, "questions": len(questions)})
	return nil
}

// begin goes on from the checkpoint, or writes the head of the report.
func (j Job) begin(ctx context.Context, t *jobs.Task, d District, questions []Question) (checkpoint, error) {
	raw, err := json.Marshal(questions)
	if err != nil {
		return checkpoint{}, fmt.Errorf("encode the questions of a coverage report: %w", err)
	}
	fresh := checkpoint{Version: d.Version, Of: digest(raw)}
	var at checkpoint
	found, err := t.Checkpoint(&at)
	if err != nil {
		return checkpoint{}, err
	}
	if found && at.Version == fresh.Version && at.Of == fresh.Of {
		return at, nil
	}
	r := coveragedb.Report{
		ID: t.Job().ID, Version: d.Version, Notices: d.Notices, Questions: len(questions), AskedWho: t.Job().AskedWho,
	}
	for _, b := range d.Bands {
		r.Bands = append(r.Bands, b.ID)
	}
	err = t.Write(ctx, "开始一份覆盖报告 / begin a coverage report", fresh, func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{
			Action: "coverage_report.begin", Kind: "coverage_report", ID: r.ID,
			After: map[string]any{"data_version": r.Version, "questions": r.Questions},
		})
		return j.Store.BeginReport(ctx, tx, t.Job().AdCode, r)
	})
	return fresh, err
}

// words say which question is being answered.
func (q Question) words() (zh, en string) {
	speed := strconv.FormatFloat(float64(q.Speed)/1000, 'f', -1, 64)
	minutes := strconv.FormatFloat(float64(q.LimitS)/60, 'f', -1, 64)
	return fmt.Sprintf("计算%s：%s 分钟，%s 米/秒", q.Type.ZH, minutes, speed), fmt.Sprintf("Computing %s: %s min at %s m/s", q.Type.EN, minutes, speed)
}

func (q Question) row(number int) coveragedb.Question {
	return coveragedb.Question{
		Number: number, Type: string(q.Type.Type), TypeZH: q.Type.ZH, TypeEN: q.Type.EN, Measure: string(q.Type.Measure),
		Base: q.Base, LimitS: q.LimitS, Speed: q.Speed,
	}
}
