package typedb

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// ErrInUse says that there are facilities of a type that was to be taken out.
var ErrInUse = errors.New("已有这种设施，不能删除 / there are facilities of this type")

// ErrNotLocal says that the bureau keeps nothing of a type, so there is nothing to take back.
var ErrNotLocal = errors.New("本局没有改动过这种设施类型 / the bureau changed nothing of this type")

// mayWrite is the right that every write needs, for the whole of the authority.
const mayWrite = "catalogue.write"

// Store reads and writes what a bureau keeps of facility types.
type Store struct {
	db        *postgres.DB
	catalogue *Catalogue
	standards []string
	spell     func(string) string
}

// NewStore gives a store on db. standards are the ids of the checks that a type may name; spell
// says how a Chinese name sounds, in small letters, for code words that nobody chose.
func NewStore(db *postgres.DB, c *Catalogue, standards []string, spell func(string) string) *Store {
	return &Store{db: db, catalogue: c, standards: standards, spell: spell}
}

// Present gives the catalogue as w may see it.
func (s *Store) Present(ctx context.Context, w postgres.Writer) (Present, error) {
	var p Present
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		p, err = s.catalogue.Present(ctx, q, w.AdCode)
		return err
	})
	return p, err
}

// ByCode gives one type. facilities.ErrNoType.
func (s *Store) ByCode(ctx context.Context, w postgres.Writer, code facilities.Type) (facilities.LocalType, error) {
	p, err := s.Present(ctx, w)
	if err != nil {
		return facilities.LocalType{}, err
	}
	return s.item(p, code)
}

func (s *Store) item(p Present, code facilities.Type) (facilities.LocalType, error) {
	base, err := s.catalogue.Base()
	if err != nil {
		return facilities.LocalType{}, err
	}
	var out facilities.LocalType
	at := slices.IndexFunc(p.Local, func(l facilities.LocalType) bool { return l.Definition.Type == code })
	if at >= 0 {
		out = p.Local[at]
		out.Definition, _ = base.Completed(out.Definition)
		out.Definition.Origin = facilities.FromBureau
	}
	if was, ok := base.Find(code); ok {
		out.Base = &was
	}
	if i := slices.IndexFunc(p.Misfits, func(m facilities.Misfit) bool { return m.Type == code }); i >= 0 {
		out.Misfit = p.Misfits[i].Err.Error()
		return out, nil
	}
	is, ok := p.Types.Find(code)
	if !ok {
		return out, facilities.ErrNoType
	}
	out.Definition = is
	return out, nil
}

// Check tells what a change of a type, or a new one, would come to, and changes nothing.
func (s *Store) Check(ctx context.Context, w postgres.Writer, t facilities.TypeInfo) (facilities.TypeCheck, error) {
	var out facilities.TypeCheck
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := postgres.Require(ctx, q, w, mayWrite, w.AdCode); err != nil {
			return err
		}
		p, err := s.catalogue.Present(ctx, q, w.AdCode)
		if err != nil {
			return err
		}
		out, err = s.check(ctx, q, w.AdCode, p, t)
		return err
	})
	return out, err
}

func (s *Store) check(ctx context.Context, q postgres.Querier, adcode string, p Present, t facilities.TypeInfo) (facilities.TypeCheck, error) {
	base, err := s.catalogue.Base()
	if err != nil {
		return facilities.TypeCheck{}, err
	}
	t = facilities.TypePatch{}.Apply(t.WithCodes(p.Types.Types, s.spell))
	before, _ := p.Types.Find(t.Type)
	whole, shift := base.Completed(t)
	c := facilities.NewCensus(before, whole, shift)
	if err := count(ctx, q, adcode, t.Type, c); err != nil {
		return facilities.TypeCheck{}, err
	}
	faults := append(base.Fits(t, p.Types.Types, s.standards), c.Refusals(base.Groups)...)
	return facilities.TypeCheck{Definition: whole, Faults: faults, Census: c, AtDoors: base.MayBeAtDoors(whole)}, nil
}

// count adds every record of a type to a census; in a write drafts that the writer may not
// see, too, since what they have is not to be lost either.
func count(ctx context.Context, q postgres.Querier, adcode string, code facilities.Type, c *facilities.Census) error {
	if tx, ok := q.(*postgres.Tx); ok {
		return tx.AsOwner(ctx, func() error { return countSeen(ctx, tx.Tx, adcode, code, c) })
	}
	return countSeen(ctx, q, adcode, code, c)
}

func countSeen(ctx context.Context, q postgres.Querier, adcode string, code facilities.Type, c *facilities.Census) error {
	rows, err := q.Query(ctx, `SELECT stage, capacity, fields FROM facility WHERE adcode = @adcode AND type = @type`,
		pgx.StrictNamedArgs{"adcode": adcode, "type": string(code)})
	if err != nil {
		return fmt.Errorf("count the facilities of a type: %w", err)
	}
	var f facilities.Facility
	_, err = pgx.ForEachRow(rows, []any{&f.Stage, &f.Capacity, &f.Fields}, func() error {
		f.Type, f.Fields = code, facilities.TidyFields(f.Fields)
		c.Add(f)
		f.Fields = nil
		return nil
	})
	if err != nil {
		return fmt.Errorf("count the facilities of a type: %w", err)
	}
	return nil
}

// Create adds a type, once for each idempotency key; one whose code word is taken is a
// fault, since a type that is there already is changed. It returns a *record.InvalidError and
// what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, t facilities.TypeInfo, c record.Change, today record.Day) (facilities.LocalType, error) {
	code, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (facilities.Type, error) {
		p, err := s.begin(ctx, tx)
		if err != nil {
			return "", err
		}
		_, faults := c.Check(today)
		checked, err := s.check(ctx, tx, w.AdCode, p, t)
		if err != nil {
			return "", err
		}
		if is, taken := p.Types.Find(checked.Definition.Type); taken || slices.ContainsFunc(p.Local, func(l facilities.LocalType) bool { return l.Definition.Type == checked.Definition.Type }) {
			faults = append(faults, record.Fault{
				Field: "type", Value: string(checked.Definition.Type), ZH: "这个代码已有类型使用（" + is.ZH + "）", EN: "a type has this code word already: " + is.EN,
			})
		}
		if err := record.Invalid(append(faults, checked.Faults...)); err != nil {
			return "", err
		}
		return checked.Definition.Type, insert(ctx, tx, checked.Definition)
	})
	if err != nil {
		return facilities.LocalType{}, err
	}
	return s.ByCode(ctx, w, code)
}

// begin asks for the right to write the catalogue and lets one write it at a time, since
// names are unique over all of it.
func (s *Store) begin(ctx context.Context, tx *postgres.Tx) (Present, error) {
	adcode := tx.Writer().AdCode
	if err := tx.Require(ctx, mayWrite, adcode); err != nil {
		return Present{}, err
	}
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike facility types ' || @adcode, 0))`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return Present{}, fmt.Errorf("wait for the catalogue: %w", err)
	}
	return s.catalogue.Present(ctx, tx, adcode)
}

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

func insert(ctx context.Context, tx *postgres.Tx, t facilities.TypeInfo) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new id: %w", err)
	}
	raw, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write a facility type: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO facility_type_local (adcode, id, code, definition) VALUES (@adcode, @id, @code, @definition)`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id.String(), "code": string(t.Type), "definition": json.RawMessage(raw)})
	if err != nil {
		return fmt.Errorf("add a facility type: %w", err)
	}
	tx.Note(postgres.Note{Action: "facility_type.create", Kind: "facility_type_local", ID: id.String(), After: t})
	return nil
}

// Update changes a type of which the version expected was seen, 0 for one of which the
// bureau changed nothing yet. A change that changes nothing makes no version. It returns
// facilities.ErrNoType, a *postgres.StaleError, a *record.InvalidError and what
// postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, code facilities.Type, expected int, patch facilities.TypePatch, c record.Change, today record.Day) (facilities.LocalType, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		p, err := s.begin(ctx, tx)
		if err != nil {
			return err
		}
		before, err := s.held(p, code, expected)
		if err != nil {
			return err
		}
		_, faults := c.Check(today)
		checked, err := s.check(ctx, tx, w.AdCode, p, patch.Apply(before.Definition))
		if err != nil {
			return err
		}
		if err := record.Invalid(append(faults, checked.Faults...)); err != nil {
			return err
		}
		return store(ctx, tx, before, checked.Definition)
	})
	if err != nil {
		return facilities.LocalType{}, err
	}
	return s.ByCode(ctx, w, code)
}

// held is a type of which the writer saw a version.
func (s *Store) held(p Present, code facilities.Type, expected int) (facilities.LocalType, error) {
	before, err := s.item(p, code)
	if err == nil && before.Version != expected {
		err = &postgres.StaleError{Current: before.Version}
	}
	return before, err
}

// store writes a version of a type, the first or another.
func store(ctx context.Context, tx *postgres.Tx, before facilities.LocalType, after facilities.TypeInfo) error {
	was, err := json.Marshal(before.Definition)
	if err != nil {
		return fmt.Errorf("write a facility type: %w", err)
	}
	is, err := json.Marshal(after)
	if err != nil {
		return fmt.Errorf("write a facility type: %w", err)
	}
	if slices.Equal(was, is) && before.Misfit == "" {
		return nil
	}
	if before.ID == "" {
		return insert(ctx, tx, after)
	}
	_, err = tx.Exec(ctx, `UPDATE facility_type_local SET definition = @definition WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": before.ID, "definition": json.RawMessage(is)})
	if err != nil {
		return fmt.Errorf("change a facility type: %w", err)
	}
	from, to := differences(before.Definition, after)
	tx.Note(postgres.Note{Action: "facility_type.update", Kind: "facility_type_local", ID: before.ID, Before: from, After: to})
	return nil
}

// differences are the parts of a type that are not the same, for the audit log.
func differences(before, after facilities.TypeInfo) (was, is map[string]any) {
	was, is = map[string]any{"type": before.Type}, map[string]any{"type": after.Type}
	a, b := reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range a.NumField() {
		name := a.Type().Field(i).Name
		if x, y := a.Field(i).Interface(), b.Field(i).Interface(); name != "Origin" && !reflect.DeepEqual(x, y) {
			was[name], is[name] = x, y
		}
	}
	return was, is
}

// Remove takes the bureau's version of a type back: a type of the program is as it was
// before, one that the bureau added is gone, which needs that no facility is of it. What it
// was stays in the history. It returns ErrInUse, ErrNotLocal, facilities.ErrNoType, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, code facilities.Type, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		p, err := s.begin(ctx, tx)
		if err != nil {
			return err
		}
		before, err := s.held(p, code, expected)
		if err != nil {
			return err
		}
		if before.ID == "" {
			return ErrNotLocal
		}
		_, faults := c.Check(today)
		if err := s.mayGo(ctx, tx, w.AdCode, before, faults); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM facility_type_local WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": before.ID})
		if err != nil {
			return fmt.Errorf("take a facility type back: %w", err)
		}
		tx.Note(postgres.Note{Action: "facility_type.remove", Kind: "facility_type_local", ID: before.ID, Before: before.Definition})
		return nil
	})
}

// mayGo holds the taking back of the bureau's version of a type to what records have.
func (s *Store) mayGo(ctx context.Context, q postgres.Querier, adcode string, before facilities.LocalType, faults []record.Fault) error {
	base, err := s.catalogue.Base()
	if err != nil {
		return err
	}
	var left facilities.TypeInfo
	if before.Base != nil {
		left = *before.Base
	}
	c := facilities.NewCensus(before.Definition, left, 0)
	if err := count(ctx, q, adcode, before.Definition.Type, c); err != nil {
		return err
	}
	if before.Base == nil && c.Records > 0 {
		return ErrInUse
	}
	if before.Base != nil {
		faults = append(faults, c.Refusals(base.Groups)...)
	}
	return record.Invalid(faults)
}
