package estatedb

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"yike/facilities/estates"
	"yike/facilities/estates/estatelist"
	"yike/facilities/lists"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Take is a file of estates and rooms to be taken.
type Take struct {
	File   string // what people call it
	Lists  estatelist.Lists
	Faults []lists.Fault // that were found before
	Trial  bool          // do everything and keep nothing
}

// mostTold is how many rows an answer has.
const mostTold = 500

// errTrial rolls back what was only tried, or is at fault.
var errTrial = errors.New("only tried")

// Take enters the estates and rooms of a file and changes those that are there, all of them
// or, where anything is at fault, none: then, and of a trial, the answer says what would
// become of each row and nothing is kept. A file that changes nothing leaves no trace. Rows
// that change something are told up to 500. Asked again with the same key it gives the
// answer as it was. It returns a *record.InvalidError for the reason, a *postgres.StaleError
// where somebody changed one of the estates meanwhile, and what postgres.WriteOnce does.
func (s *Store) Take(ctx context.Context, w postgres.Writer, t Take, c record.Change, today record.Day) (estatelist.Taken, error) {
	if t.Trial {
		w.Key = ""
	}
	var out estatelist.Taken
	kept, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (estatelist.Taken, error) {
		if err := tx.StandOnGround(ctx); err != nil {
			return out, err
		}
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return out, err
		}
		from, faults := c.Check(today)
		if err := record.Invalid(faults); err != nil {
			return out, err
		}
		l, err := newTaking(ctx, tx, t, today)
		if err != nil {
			return out, err
		}
		if err := l.check(ctx); err != nil {
			return out, err
		}
		out = l.told(t)
		if len(out.Faults) > 0 {
			return out, errTrial
		}
		if err := l.write(ctx, from); err != nil {
			return out, err
		}
		if t.Trial || out.Estates.Changes()+out.Rooms.Changes() == 0 {
			return out, errTrial
		}
		out = l.told(t)
		tx.Note(postgres.Note{Action: "estate.import", Kind: "estate", After: map[string]any{"file": t.File, "estates": out.Estates, "rooms": out.Rooms}})
		return out, nil
	})
	if errors.Is(err, errTrial) {
		return out, nil
	}
	return kept, err
}

// taking is a file on its way in.
type taking struct {
	tx     *postgres.Tx
	have   []estates.Estate
	drafts *estatelist.Drafts
	found  []divisiondb.Found // of each draft
	rights *postgres.Rights
	today  record.Day
}

func newTaking(ctx context.Context, tx *postgres.Tx, t Take, today record.Day) (*taking, error) {
	adcode := tx.Writer().AdCode
	have, err := estateRows().All(tx.Query(ctx, `SELECT `+columns+` FROM estate AS e WHERE e.adcode = @adcode ORDER BY e.id`, pgx.StrictNamedArgs{"adcode": adcode}))
	if err != nil {
		return nil, err
	}
	l := &taking{tx: tx, have: have, drafts: estatelist.Decide(have, t.Lists), rights: tx.Rights(mayWrite), today: today}
	places := make([]divisiondb.Place, len(l.drafts.All))
	for i, it := range l.drafts.All {
		places[i] = placeOf(it.After)
	}
	if l.found, err = divisiondb.StandAll(ctx, tx, adcode, places); err != nil {
		return nil, err
	}
	for i, it := range l.drafts.All {
		it.After.DivisionCode = l.found[i].Code
	}
	return l, nil
}

// check holds every draft against what an estate may be, and the writer's rights.
func (l *taking) check(ctx context.Context) error {
	for i, it := range l.drafts.All {
		faults, err := estates.Identify(it.Before, &it.After, newID)
		if err != nil {
			return err
		}
		known := l.known(it, l.found[i])
		if it.New() {
			faults = append(faults, estates.Validate(it.After, known)...)
		} else {
			faults = append(faults, estates.ValidateChange(it.Before, it.After, known)...)
		}
		refused, err := l.refused(ctx, it)
		if err != nil {
			return err
		}
		for _, f := range append(faults, refused...) {
			l.drafts.Blame(it, f)
		}
	}
	l.twins()
	return nil
}

func (l *taking) known(it *estatelist.Draft, f divisiondb.Found) estates.Known {
	k := estates.Known{Standing: f.Standing, Today: l.today, Ledger: map[string]string{}}
	for _, r := range it.Before.Rooms { // a list never says which room of the ledger one is
		k.Ledger[r.LedgerID] = ""
	}
	return k
}

// refused are the faults of an estate that the writer keeps no record of. One that does not
// change may be anybody's.
func (l *taking) refused(ctx context.Context, it *estatelist.Draft) ([]record.Fault, error) {
	if !it.New() && len(estates.Differences(it.Before, it.After)) == 0 {
		return nil, nil
	}
	for _, code := range []string{it.Before.DivisionCode, it.After.DivisionCode} {
		if code == "" {
			continue
		}
		may, err := l.rights.In(ctx, code)
		if err != nil {
			return nil, err
		}
		if !may {
			return []record.Fault{{Field: "division_code", Value: code, ZH: "这里的小区不归您登记", EN: "you do not keep the records of estates there"}}, nil
		}
	}
	return nil, nil
}

// twins blames estates that would have the name of another in the same division.
func (l *taking) twins() {
	type home struct{ division, name string }
	taken := map[home]string{} // the id of who has it; new ones have none
	drafted := map[string]bool{}
	for _, it := range l.drafts.All {
		drafted[it.Before.ID] = true
	}
	for _, e := range l.have {
		if !drafted[e.ID] {
			taken[home{e.DivisionCode, e.Name}] = e.ID
		}
	}
	for _, it := range l.drafts.All {
		at := home{it.After.DivisionCode, it.After.Name}
		if _, there := taken[at]; there {
			l.drafts.Blame(it, record.Fault{Field: "name", Value: it.After.Name, ZH: "同一村居已有同名小区", EN: "the community has an estate of this name already"})
			continue
		}
		taken[at] = it.Before.ID
	}
}

// told gives what becomes of the rows. Of a trial nothing new has an id.
func (l *taking) told(t Take) estatelist.Taken {
	out := l.drafts.Told()
	out.Faults = append(append([]lists.Fault{}, t.Faults...), out.Faults...)
	return out.Brief(mostTold)
}
