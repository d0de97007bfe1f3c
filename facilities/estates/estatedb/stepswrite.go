package estatedb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities/estates"
	"yike/internal/postgres"
	"yike/internal/record"
)

// walk is an estate on which the transaction alone records what happens.
type walk struct {
	tx     *postgres.Tx
	estate estates.Estate
	events []estates.Event
	p      estates.Progress
	duties estates.Duties
	today  record.Day
}

// walkOn keeps all others off the milestones of an estate until the transaction ends, and
// reads how far it is.
func walkOn(ctx context.Context, tx *postgres.Tx, id string, today record.Day) (*walk, error) {
	if !postgres.IsID(id) {
		return nil, estates.ErrNotFound
	}
	adcode := tx.Writer().AdCode
	if err := alone(ctx, tx, "estate "+adcode+" "+id); err != nil {
		return nil, err
	}
	out := &walk{tx: tx, today: today}
	var err error
	if out.estate, err = present(ctx, tx, adcode, id); err != nil {
		return nil, err
	}
	if out.events, err = eventsOf(ctx, tx, adcode, id); err != nil {
		return nil, err
	}
	if out.duties, err = duties(ctx, tx, adcode); err != nil {
		return nil, err
	}
	if out.p, err = estates.Replay(out.events); err != nil {
		return nil, fmt.Errorf("the milestones of estate %s do not follow one another: %w", id, err)
	}
	return out, nil
}

// alone keeps others who ask for the same waiting until the transaction ends.
func alone(ctx context.Context, tx *postgres.Tx, what string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike steps ' || @what, 0))`, pgx.StrictNamedArgs{"what": what})
	if err != nil {
		return fmt.Errorf("wait for %s: %w", what, err)
	}
	return nil
}

// Ask opens a round of an estate: the offices whose duty it is on that day are asked, and
// their duties are kept with it. checked is what the check at the milestone says of the
// estate as it is. Asked again with the same key it gives the same event. It returns the
// event's id, and estates.ErrNotFound, a *estates.StepError, a *postgres.StaleError where the
// estate is another version than was checked, and what postgres.WriteOnce does.
func (s *Store) Ask(ctx context.Context, w postgres.Writer, estate string, r estates.Request, checked estates.Frozen, today record.Day) (string, error) {
	why := "请求意见：" + r.Milestone.Code().ZH + " / ask for opinions: " + r.Milestone.Code().EN
	return postgres.WriteOnce(ctx, s.db, w, why, func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return "", err
		}
		at, err := walkOn(ctx, tx, estate, today)
		if err != nil {
			return "", err
		}
		if err := tx.Require(ctx, mayWrite, at.estate.DivisionCode); err != nil {
			return "", err
		}
		e := estates.Event{Request: &r, Checked: &checked, Asked: at.duties.On(r.Day)}
		if err := at.fits(e); err != nil {
			return "", err
		}
		r.Norms = nil
		for _, d := range e.Asked {
			r.Norms = append(r.Norms, d.Norm)
		}
		p, err := at.p.Ask(r, e.Asked)
		if err != nil {
			return "", err
		}
		e.Asked = p.Rounds[len(p.Rounds)-1].Asked
		return at.add(ctx, e, lettered{})
	})
}

// fits refuses what is of no estate of this kind, of a day to come, or of an estate that was
// changed since it was checked.
func (k *walk) fits(e estates.Event) error {
	if k.estate.Kind != estates.New {
		return &estates.StepError{Field: "milestone", Err: estates.ErrBuilt}
	}
	if e.Checked != nil && e.Checked.Version != k.estate.Version {
		return fmt.Errorf("%w: %w", errMoved, &postgres.StaleError{Current: k.estate.Version})
	}
	return estates.Conforms(e, k.today)
}

// Answer records the opinion of an office on the open round of a milestone. Its letter may be
// empty where the office's letters are numbered here: then it gets the next number of the
// year, without a gap. A refusal that names no day to put things right gets that of the
// authority. The rest is as Ask; a *postgres.ForbiddenError comes where the person does not
// speak for the office.
func (s *Store) Answer(ctx context.Context, w postgres.Writer, estate string, o estates.Opinion, checked estates.Frozen, today record.Day) (string, error) {
	why := "出具意见：" + o.Office + " / opinion of " + o.Office
	return postgres.WriteOnce(ctx, s.db, w, why, func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayAnswer, ""); err != nil {
			return "", err
		}
		at, err := walkOn(ctx, tx, estate, today)
		if err != nil {
			return "", err
		}
		e := estates.Event{Opinion: &o, Checked: &checked}
		if err := at.fits(e); err != nil {
			return "", err
		}
		d := at.duty(o)
		if err := at.speaksFor(ctx, d); err != nil {
			return "", err
		}
		if o.RectifyBy == "" && o.Verdict == estates.Refused && at.duties.RectifyDays > 0 {
			o.RectifyBy = estates.DaysAfter(o.Day, at.duties.RectifyDays)
		}
		// The letter is numbered last: until then nobody who does something else waits.
		probe := o
		if probe.Letter == "" && d.Series != "" {
			probe.Letter = "?"
		}
		if _, err := at.p.Answer(probe); err != nil {
			return "", err
		}
		l, err := at.number(ctx, d, o.Letter, o.Day)
		if err != nil {
			return "", err
		}
		o.Letter = l.text
		return at.add(ctx, e, l)
	})
}

// duty is what the open round asks of an opinion's office; of one that is not asked only the
// office and the kind of premises.
func (k *walk) duty(o estates.Opinion) estates.Duty {
	for i := len(k.p.Rounds) - 1; i >= 0; i-- {
		if k.p.Rounds[i].Request.Milestone != o.Milestone {
			continue
		}
		for _, d := range k.p.Rounds[i].Asked {
			if d.Norm == o.Norm && d.Office == o.Office {
				return d
			}
		}
		break
	}
	return estates.Duty{Norm: o.Norm, Office: o.Office, OwnOnly: true}
}

// speaksFor refuses whoever may not record an office's opinion on the estate.
func (k *walk) speaksFor(ctx context.Context, d estates.Duty) error {
	if k.tx.Writer().Account == "" {
		return nil
	}
	var may bool
	err := k.tx.QueryRow(ctx, `SELECT estate_speaks_for(@division, @office, @own)`,
		pgx.StrictNamedArgs{"division": k.estate.DivisionCode, "office": d.Office, "own": d.OwnOnly}).Scan(&may)
	if err != nil {
		return fmt.Errorf("ask who may answer for %s: %w", d.Office, err)
	}
	if !may {
		return &postgres.ForbiddenError{Action: mayAnswer, Division: k.estate.DivisionCode}
	}
	return nil
}

// lettered is the number of a letter as it is stored.
type lettered struct {
	text  string
	of    estates.Letter
	given bool
}

// number finds the number of a letter. Whoever numbers a letter of the authority waits for
// those who do until they are done, so that none is given twice or left out.
func (k *walk) number(ctx context.Context, d estates.Duty, typed string, day record.Day) (lettered, error) {
	adcode := k.tx.Writer().AdCode
	if err := alone(ctx, k.tx, "letters "+adcode); err != nil {
		return lettered{}, err
	}
	var known estates.Numbered
	err := k.tx.QueryRow(ctx, `
SELECT coalesce(max(letter_no), 0), coalesce(bool_or(letter_given), false) FROM estate_step
WHERE adcode = @adcode AND series = @series AND letter_year = @year AND letter_no > 0 AND corrects IS NULL`,
		pgx.StrictNamedArgs{"adcode": adcode, "series": d.Series, "year": day.Year()}).Scan(&known.Last, &known.Given)
	if err != nil {
		return lettered{}, fmt.Errorf("find the last letter of %s: %w", d.Series, err)
	}
	var out lettered
	if out.text, out.of, out.given, err = estates.NextLetter(d.Series, typed, day, known); err != nil {
		return out, err
	}
	return out, k.untaken(ctx, out.text, "")
}

// untaken refuses the number of a letter that another opinion has, as it was recorded or as
// it is corrected. of is the opinion that may have it; "" for none.
func (k *walk) untaken(ctx context.Context, letter, of string) error {
	var taken bool
	err := k.tx.QueryRow(ctx, `
SELECT EXISTS (SELECT FROM estate_step WHERE adcode = @adcode AND kind = 'opinion' AND letter = @letter AND coalesce(corrects, id)::text <> @of)`,
		pgx.StrictNamedArgs{"adcode": k.tx.Writer().AdCode, "letter": letter, "of": of}).Scan(&taken)
	if err != nil {
		return fmt.Errorf("look for the letter %s: %w", letter, err)
	}
	if taken {
		return &estates.StepError{Field: "letter", Err: estates.ErrLetterTaken}
	}
	return nil
}

// Correct restates an event: c says which in Corrects, why in Reason, and in Request or
// Opinion what is right. The number of a letter that was given out stays. The rest is as Ask
// and Answer.
func (s *Store) Correct(ctx context.Context, w postgres.Writer, estate string, c estates.Event, today record.Day) (string, error) {
	_, faults := record.Change{Reason: c.Reason}.Check(today)
	if err := record.Invalid(faults); err != nil {
		return "", err
	}
	return postgres.WriteOnce(ctx, s.db, w, c.Reason, func(tx *postgres.Tx) (string, error) {
		at, err := walkOn(ctx, tx, estate, today)
		if err != nil {
			return "", err
		}
		l, err := at.restated(ctx, &c)
		if err != nil {
			return "", err
		}
		if err := at.fits(c); err != nil {
			return "", err
		}
		if _, err := estates.Correct(at.events, c); err != nil {
			return "", err
		}
		return at.add(ctx, c, l)
	})
}

// restated fills in what a correction leaves as it was, and asks whether the person may.
func (k *walk) restated(ctx context.Context, c *estates.Event) (lettered, error) {
	none := &estates.StepError{Field: "event", Err: estates.ErrNoEvent}
	list, _ := estates.Corrected(k.events)
	for _, e := range list {
		if e.ID != c.Corrects {
			continue
		}
		switch {
		case e.Request != nil && c.Request != nil:
			c.Request.Milestone, c.Request.Norms = e.Request.Milestone, e.Request.Norms
			c.Asked = e.Asked
			return lettered{}, k.tx.Require(ctx, mayWrite, k.estate.DivisionCode)
		case e.Opinion != nil && c.Opinion != nil:
			return k.restatedOpinion(ctx, e, c.Opinion)
		}
		return lettered{}, none
	}
	return lettered{}, none
}

func (k *walk) restatedOpinion(ctx context.Context, was estates.Event, o *estates.Opinion) (lettered, error) {
	o.Milestone, o.Norm, o.Office = was.Opinion.Milestone, was.Opinion.Norm, was.Opinion.Office
	own, err := k.ownOnly(ctx, was.ID)
	if err != nil {
		return lettered{}, err
	}
	if err := k.speaksFor(ctx, estates.Duty{Office: o.Office, OwnOnly: own}); err != nil {
		return lettered{}, err
	}
	if o.Letter == "" {
		o.Letter = was.Opinion.Letter
	}
	if o.Letter == was.Opinion.Letter {
		return lettered{text: o.Letter}, nil
	}
	if was.Series != "" {
		return lettered{}, &estates.StepError{Field: "letter", Err: estates.ErrLetterGiven}
	}
	if err := alone(ctx, k.tx, "letters "+k.tx.Writer().AdCode); err != nil {
		return lettered{}, err
	}
	return lettered{text: o.Letter}, k.untaken(ctx, o.Letter, was.ID)
}

// ownOnly reports whether only accounts of its office gave an opinion.
func (k *walk) ownOnly(ctx context.Context, id string) (bool, error) {
	var own bool
	err := k.tx.QueryRow(ctx, `SELECT own_only FROM estate_step WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": k.tx.Writer().AdCode, "id": id}).Scan(&own)
	if err != nil {
		return false, fmt.Errorf("read an opinion: %w", err)
	}
	return own, nil
}

// add writes an event that was checked.
func (k *walk) add(ctx context.Context, e estates.Event, l lettered) (string, error) {
	id, err := newID()
	if err != nil {
		return "", err
	}
	args, note, err := k.eventArgs(e, l)
	if err != nil {
		return "", err
	}
	args["adcode"], args["id"], args["estate"], args["no"], args["who"] = k.tx.Writer().AdCode, id, k.estate.ID, len(k.events)+1, k.tx.Writer().Who
	_, err = k.tx.Exec(ctx, `
INSERT INTO estate_step (adcode, id, estate_id, no, kind, corrects, milestone, day, words, by_whom, asked, norm, office, own_only, verdict, letter, series,
	letter_year, letter_no, letter_given, signer, rectify_by, reason, checked, recorded_by, opinion_id, met, document)
VALUES (@adcode, @id, @estate, @no, @kind, @corrects, @milestone, @day, @words, @by, @asked, @norm, @office, @own, @verdict, @letter, @series,
	@year, @letter_no, @given, @signer, @rectify_by, @reason, @checked, @who, @opinion, @met, @document)`, args)
	if err != nil {
		return "", fmt.Errorf("record what happened at a milestone: %w", err)
	}
	note.Kind, note.ID, note.Division = "estate", k.estate.ID, k.estate.DivisionCode
	k.tx.Note(note)
	return id, nil
}

// eventArgs are the parameters of an event, and what the audit log says of it.
func (k *walk) eventArgs(e estates.Event, l lettered) (pgx.StrictNamedArgs, postgres.Note, error) {
	args := pgx.StrictNamedArgs{
		"corrects": idOf(e.Corrects), "by": "", "norm": "", "office": "", "own": false, "verdict": "", "letter": "", "series": "", "year": 0, "letter_no": 0, "given": false,
		"signer": "", "rectify_by": dayOf(""), "reason": e.Reason, "checked": nil,
		"opinion": nil, "met": nil, "document": "",
	}
	duties := []asked{}
	var note postgres.Note
	if e.Mark != nil {
		note = k.markArgs(args, *e.Mark)
	} else if r := e.Request; r != nil {
		for _, d := range e.Asked {
			duties = append(duties, asked{Norm: d.Norm, Office: d.Office, Days: d.Days, OwnOnly: d.OwnOnly, Series: d.Series, Source: d.Source})
		}
		args["kind"], args["milestone"], args["day"], args["words"], args["by"] = "request", r.Milestone.Code().Code, dayOf(r.Day), r.Note, r.By
		note = postgres.Note{Action: "estate.ask", After: map[string]any{"milestone": r.Milestone.Code().Code, "day": r.Day, "by": r.By}}
	} else {
		o := e.Opinion
		args["kind"], args["milestone"], args["day"], args["words"] = "opinion", o.Milestone.Code().Code, dayOf(o.Day), o.Text
		args["norm"], args["office"], args["verdict"], args["letter"], args["signer"] = string(o.Norm), o.Office, string(o.Verdict), o.Letter, o.Signer
		args["own"], args["rectify_by"] = k.duty(*o).OwnOnly, dayOf(o.RectifyBy)
		args["series"], args["year"], args["letter_no"], args["given"] = l.of.Series, l.of.Year, l.of.No, l.given
		note = postgres.Note{Action: "estate.answer", After: map[string]any{
			"milestone": o.Milestone.Code().Code, "norm": o.Norm, "office": o.Office, "verdict": o.Verdict, "letter": o.Letter, "day": o.Day,
		}}
	}
	if e.Corrects != "" {
		note.Action = "estate.correct"
	}
	for name, v := range map[string]any{"asked": duties, "checked": e.Checked} {
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, note, fmt.Errorf("encode what was %s: %w", name, err)
		}
		if string(raw) != "null" {
			args[name] = raw
		}
	}
	return args, note, nil
}

func idOf(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}
