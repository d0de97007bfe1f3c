package importjob

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/facilities/likeness"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Alike finds the records that a new one may be of, and the one that it is of where people
// decided that. It is of one file at a time, and is told of every record that the file
// makes or changes.
type Alike interface {
	Find(f facilities.Facility) []imports.Alike
	Same(f facilities.Facility) (facilities.Facility, bool)
	Add(f facilities.Facility)
}

// Session takes the rows of one file in, chunk after chunk, in their order: as a trial
// whose transaction is rolled back, or in earnest. It keeps what earlier rows of the file
// were of, so that a session that begins in the middle is told.
type Session struct {
	batch   imports.Batch
	reader  *imports.Reader
	ground  imports.Ground
	alike   Alike // nil where nobody looks for duplicates
	today   record.Day
	account string         // on whose behalf; "" for the system
	byID    map[string]int // records that rows so far are of, with the rows
	byPrint map[string]int // what rows so far that are of a record say
	byKey   map[string]int // the keys of all rows so far, right or wrong

	rows, measured int // how many it took, and how many it will have taken when the registry is measured next
}

// newSession begins a session behind a row of the file.
func newSession(ctx context.Context, q postgres.Querier, adcode string, b imports.Batch, r *imports.Reader, g imports.Ground, last int) (*Session, error) {
	s := &Session{batch: b, reader: r, ground: g, account: b.AskedBy, byID: map[string]int{}, byPrint: map[string]int{}, byKey: map[string]int{}}
	if last == 0 {
		return s, nil
	}
	var err error
	if s.byID, s.byPrint, err = importdb.Touched(ctx, q, adcode, b.ID, last); err != nil || b.Options.Key == imports.KeyNone {
		return s, err
	}
	for after := 0; after < last; {
		rows, err := importdb.Rows(ctx, q, adcode, b.ID, after, chunk)
		if err != nil || len(rows) == 0 {
			return s, err
		}
		for _, d := range s.read(rows) {
			if d.Row <= last {
				s.firstOf(d)
			}
		}
		after = rows[len(rows)-1].Number
	}
	return s, nil
}

// firstOf gives the first row of the file that has the key of a row; 0 where that is this
// one, or it has none. A key that is there twice is at fault whatever else its rows are,
// so that it does not depend on the others which one is taken.
func (s *Session) firstOf(d imports.Draft) int {
	key := d.Key(s.batch.Options.Key)
	if key == "" || s.batch.Options.Key == imports.KeyUSCC {
		return 0 // one operator has many places
	}
	if s.batch.Options.Key == imports.KeyNamePlace {
		key += "\x00" + d.Division
	}
	first, seen := s.byKey[key]
	if !seen {
		s.byKey[key] = d.Row
	}
	return first
}

// Apply takes a chunk of rows that were read: it decides, and writes what is to be written,
// as the account of the session may. kept are the results of an earlier trial, whose new
// ids are used again. It returns postgres.ErrStale where somebody changed a record
// meanwhile.
func (s *Session) Apply(ctx context.Context, tx *postgres.Tx, drafts []imports.Draft, kept []imports.Result) ([]imports.Result, error) {
	if err := s.measure(ctx, tx, len(drafts)); err != nil {
		return nil, err
	}
	look, err := s.lookUp(ctx, tx, drafts)
	if err != nil {
		return nil, err
	}
	ids := map[int]string{}
	for _, r := range kept {
		if r.Outcome == imports.Create || r.Outcome == imports.Unplaced {
			ids[r.Row] = r.Facility
		}
	}
	results := make([]imports.Result, 0, len(drafts))
	var made []facilities.Facility
	var changed []facilitydb.Changed
	var apart []likeness.Decision
	for _, d := range drafts {
		situation, err := s.situation(d, look, ids[d.Row])
		if err != nil {
			return nil, err
		}
		done := s.reader.Decide(d, s.ground, situation)
		switch done.Outcome {
		case imports.Create, imports.Unplaced:
			made = append(made, done.After)
			apart = append(apart, s.apart(situation, done)...)
		case imports.Update:
			changed = append(changed, facilitydb.Changed{Before: done.Before, After: done.After, From: max(done.Before.ValidFrom, s.from())})
		}
		s.took(d, done, look)
		results = append(results, done.Result)
	}
	if err := s.write(ctx, tx, made, changed); err != nil {
		return nil, err
	}
	return results, s.keepApart(ctx, tx, apart)
}

// measure has the registry measured before the first of many rows, and again each time that
// they are ten times as many: by then it may be another one. Where it cannot be now, it is
// tried again with the next chunk.
func (s *Session) measure(ctx context.Context, tx *postgres.Tx, rows int) error {
	before := s.rows
	s.rows += rows
	if s.batch.RowCount <= chunk || before < s.measured {
		return nil
	}
	done, err := importdb.Measure(ctx, tx)
	if done {
		s.measured = max(chunk, 10*s.measured)
	}
	return err
}

// from is the first day on which what the file says holds.
func (s *Session) from() record.Day {
	if s.batch.Options.ValidFrom != "" {
		return s.batch.Options.ValidFrom
	}
	return s.today
}

func (s *Session) read(rows []imports.Row) []imports.Draft {
	drafts := make([]imports.Draft, len(rows))
	for i, row := range rows {
		if imports.Faulty(row.Faults) {
			drafts[i] = imports.Draft{Row: row.Number, Faults: row.Faults}
			continue
		}
		drafts[i] = s.reader.Read(row.Number, row.Cells)
		drafts[i].Faults = append(slices.Clip(row.Faults), drafts[i].Faults...)
	}
	return drafts
}

func (s *Session) write(ctx context.Context, tx *postgres.Tx, made []facilities.Facility, changed []facilitydb.Changed) error {
	if len(made)+len(changed) == 0 {
		return nil
	}
	return tx.OnBehalf(ctx, s.account, func() error {
		if err := facilitydb.UpdateMany(ctx, tx, changed); err != nil {
			return err
		}
		return facilitydb.InsertMany(ctx, tx, made, s.from())
	})
}

// situation is what the registry has for one row.
func (s *Session) situation(d imports.Draft, l *looked, id string) (imports.Situation, error) {
	out := imports.Situation{ID: id, Taken: s.taken(l)}
	twice := s.firstOf(d)
	if imports.Faulty(d.Faults) {
		return out, nil
	}
	if out.ID == "" {
		var err error
		if out.ID, err = importdb.NewID(); err != nil {
			return out, err
		}
	}
	if s.alike != nil {
		out.Alike, out.Same = s.alikes, s.same
	}
	print := d.Print()
	s.match(d, l, print, &out)
	if len(out.Existing) == 0 {
		out.Earlier, out.Matched = s.byPrint[print], ""
		s.decided(d, l, print, &out)
	}
	for _, f := range out.Existing {
		if row := s.byID[f.ID]; row != 0 {
			out.Earlier = row
		}
	}
	if twice > 0 {
		out.Earlier = twice
	}
	return out, nil
}

// match finds the record that a row is of. A code of a register is the surest; that the
// same row came before is surer than a name.
func (s *Session) match(d imports.Draft, l *looked, print string, out *imports.Situation) {
	k := s.batch.Options.Key
	if key := d.Key(k); key != "" && k != imports.KeyNamePlace {
		out.Existing, out.Matched = l.byKey[key], string(k)
	}
	if len(out.Existing) == 0 {
		out.Existing, out.Matched = s.ofPrint(l, print), "row"
	}
	if key := d.Key(k); len(out.Existing) == 0 && key != "" && k == imports.KeyNamePlace {
		out.Existing, out.Matched = s.ofName(d, l.byKey[key]), string(k)
	}
}

// alikes are the records that a new one may be of. One that an earlier row of the file is
// of is told by that row.
func (s *Session) alikes(f facilities.Facility) []imports.Alike {
	list := s.alike.Find(f)
	for i := range list {
		if row := s.byID[list[i].Facility]; row != 0 {
			list[i].Facility, list[i].Row = "", row
		}
	}
	return list
}

// same is the record that people decided a new one to be of, unless an earlier row of the
// file is of it: then a person is asked.
func (s *Session) same(f facilities.Facility) (facilities.Facility, bool) {
	known, ok := s.alike.Same(f)
	return known, ok && s.byID[known.ID] == 0
}

// ofName leaves of the records of a name those that may be the row's own: where the
// division is the same, or one holds the other.
func (s *Session) ofName(d imports.Draft, list []facilities.Facility) []facilities.Facility {
	var out []facilities.Facility
	for _, f := range list {
		if strings.HasPrefix(f.DivisionCode, d.Division) || strings.HasPrefix(d.Division, f.DivisionCode) {
			out = append(out, f)
		}
	}
	return out
}

// ofPrint is the record that the same row became before; where it came several times,
// each has its own.
func (s *Session) ofPrint(l *looked, print string) []facilities.Facility {
	for _, id := range l.known[print] {
		if f, ok := l.byID[id]; ok && s.byID[id] == 0 {
			return []facilities.Facility{f}
		}
	}
	return nil
}

// decided takes in what a person said of the row, here or when it came before.
func (s *Session) decided(d imports.Draft, l *looked, print string, out *imports.Situation) {
	v, ok := l.here[d.Row]
	if !ok {
		v = l.before[print]
	}
	out.Decided = v.Verdict
	if v.Verdict != imports.VerdictOf {
		return
	}
	if f, ok := l.byID[v.Facility]; ok {
		out.Existing, out.Matched = []facilities.Facility{f}, "decision"
		out.Earlier = 0
	}
}

// taken says who has a code already.
func (s *Session) taken(l *looked) func(field, value, but string) (string, bool) {
	return func(field, value, but string) (string, bool) {
		f, ok := l.holders[field][value]
		if !ok || f.ID == but {
			return "", false
		}
		if row := s.byID[f.ID]; row != 0 {
			return fmt.Sprintf("%s（第 %d 行 / row %d）", f.NameZH, row, row), true
		}
		return f.NameZH, true
	}
}

// took takes in what became of a row, for the rows behind it.
func (s *Session) took(d imports.Draft, done imports.Decision, l *looked) {
	switch done.Outcome {
	case imports.Create, imports.Unplaced, imports.Update, imports.Unchanged:
		s.byID[done.Facility] = d.Row
		if _, ok := s.byPrint[done.Print]; !ok {
			s.byPrint[done.Print] = d.Row
		}
	}
	if !done.Outcome.Writes() {
		return
	}
	after := done.After
	after.ID = done.Facility
	if after.SourceID == "" {
		after.SourceID = facilities.OwnSource + after.ID
	}
	l.change(s.batch.Options.Key, done.Before, after)
	if s.alike != nil {
		s.alike.Add(after)
	}
}
