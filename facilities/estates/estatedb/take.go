package estatedb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/estates/estatelist"
	"yike/facilities/lists"
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
	ground takeGround
	found  []takeFound     // of each draft
	may    map[string]bool // write in a division
	today  record.Day
}

// takeGround is what estates are held against that is the same for all.
type takeGround struct {
	codes  map[string]bool
	bounds orb.Bound
}

// takeFound is where a draft lies.
type takeFound struct {
	code, name string // of the finest division; "" for none
	holds      bool   // the draft's own division has it
}

func newTaking(ctx context.Context, tx *postgres.Tx, t Take, today record.Day) (*taking, error) {
	adcode := tx.Writer().AdCode
	have, err := estateRows().All(tx.Query(ctx, `SELECT `+columns+` FROM estate AS e WHERE e.adcode = @adcode ORDER BY e.id`, pgx.StrictNamedArgs{"adcode": adcode}))
	if err != nil {
		return nil, err
	}
	l := &taking{tx: tx, have: have, drafts: estatelist.Decide(have, t.Lists), ground: takeGround{codes: map[string]bool{}}, may: map[string]bool{}, today: today}
	var codes []string
	var box [4]*float64
	err = tx.QueryRow(ctx, `
SELECT coalesce(array_agg(code), '{}'), ST_XMin(ST_Extent(geom)), ST_YMin(ST_Extent(geom)), ST_XMax(ST_Extent(geom)), ST_YMax(ST_Extent(geom))
FROM division WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode}).Scan(&codes, &box[0], &box[1], &box[2], &box[3])
	if err != nil {
		return nil, fmt.Errorf("read the divisions: %w", err)
	}
	for _, code := range codes {
		l.ground.codes[code] = true
	}
	if box[0] != nil {
		l.ground.bounds = orb.Bound{Min: orb.Point{*box[0], *box[1]}, Max: orb.Point{*box[2], *box[3]}}
	}
	return l, l.locate(ctx)
}

// locate finds where the drafts lie that are drawn, and puts those that say no division into
// the one that holds them; in a district without divisions into the authority itself.
func (l *taking) locate(ctx context.Context) error {
	adcode := l.tx.Writer().AdCode
	l.found = make([]takeFound, len(l.drafts.All))
	var at []int
	var codes []string
	var xs, ys []float64
	for i, it := range l.drafts.All {
		if len(l.ground.codes) == 0 {
			it.After.DivisionCode = adcode
		}
		if p, drawn := it.After.Position(); drawn {
			at, codes, xs, ys = append(at, i), append(codes, it.After.DivisionCode), append(xs, p.Lon()), append(ys, p.Lat())
		}
	}
	if len(at) == 0 || len(l.ground.codes) == 0 {
		return nil
	}
	rows, err := l.tx.Query(ctx, `
SELECT q.n, coalesce(f.code, ''), coalesce(f.name_zh, ''), EXISTS (SELECT FROM division AS d WHERE d.adcode = @adcode AND d.code = q.code AND ST_Covers(d.geom, q.at))
FROM (
	SELECT u.n, u.code, ST_SetSRID(ST_MakePoint(u.x, u.y), 4326) AS at
	FROM unnest(@codes::text[], @xs::float8[], @ys::float8[]) WITH ORDINALITY AS u(code, x, y, n)
) AS q
LEFT JOIN LATERAL (
	SELECT code, name_zh FROM division WHERE adcode = @adcode AND ST_Covers(geom, q.at)
	ORDER BY array_position(ARRAY['grid', 'community', 'subdistrict', 'district', 'city', 'province'], level), code COLLATE "C" LIMIT 1
) AS f ON true`, pgx.StrictNamedArgs{"adcode": adcode, "codes": codes, "xs": xs, "ys": ys})
	if err != nil {
		return fmt.Errorf("find the divisions of estates: %w", err)
	}
	var n int
	var f takeFound
	_, err = pgx.ForEachRow(rows, []any{&n, &f.code, &f.name, &f.holds}, func() error {
		i := at[n-1]
		if it := l.drafts.All[i]; it.After.DivisionCode == "" {
			it.After.DivisionCode, f.holds = f.code, f.code != ""
		}
		l.found[i] = f
		return nil
	})
	if err != nil {
		return fmt.Errorf("find the divisions of estates: %w", err)
	}
	return nil
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

func (l *taking) known(it *estatelist.Draft, f takeFound) estates.Known {
	k := estates.Known{
		Divided: len(l.ground.codes) > 0, Division: l.ground.codes[it.After.DivisionCode], Holds: f.holds, LyingIn: f.name, LyingInAny: f.code != "",
		Bounds: l.ground.bounds, Today: l.today, Ledger: map[string]string{},
	}
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
		may, asked := l.may[code]
		if !asked {
			err := l.tx.Require(ctx, mayWrite, code)
			if err != nil && !errors.Is(err, postgres.ErrForbidden) {
				return nil, err
			}
			may = err == nil
			l.may[code] = may
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
