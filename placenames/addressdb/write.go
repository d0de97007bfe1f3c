package addressdb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/addresses"
)

// MostAtOnce is how many addresses one batch makes.
const MostAtOnce = 20_000

// Create makes one address; its text is built, and its division follows from its position, from
// what it is within or from its name where none is given. Asked again with the same key it gives
// the address as it was made. It returns a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, made addresses.Address, c record.Change, today record.Day) (addresses.Item, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		list, err := s.CreateIn(ctx, tx, []addresses.Entry{{Address: made}}, c, today)
		if err != nil {
			return "", alone(err)
		}
		return list[0].ID, nil
	})
	if err != nil {
		return addresses.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// alone tells the faults of a batch of one as those of the address.
func alone(err error) error {
	var invalid *record.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	out := slices.Clone(invalid.Faults)
	for i := range out {
		if _, field, ok := cutRow(out[i].Field); ok {
			out[i].Field = field
		}
	}
	return record.Invalid(out)
}

// CreateAll makes a batch of addresses, all of them or none, once for each key of the writer, and
// gives their ids in the order of the batch. Faults name the row: addresses/3/number.
func (s *Store) CreateAll(ctx context.Context, w postgres.Writer, batch []addresses.Entry, c record.Change, today record.Day) ([]string, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) ([]string, error) {
		list, err := s.CreateIn(ctx, tx, batch, c, today)
		ids := make([]string, len(list))
		for i, a := range list {
			ids[i] = a.ID
		}
		return ids, err
	})
}

// CreateIn is CreateAll within a write. An address that has an id keeps it. Only the system makes
// addresses that another office keeps. It returns a *record.InvalidError and what rights need.
func (s *Store) CreateIn(ctx context.Context, tx *postgres.Tx, batch []addresses.Entry, c record.Change, today record.Day) ([]addresses.Address, error) {
	if err := tx.StandOnGround(ctx); err != nil {
		return nil, err
	}
	if err := tx.Require(ctx, mayWrite, ""); err != nil {
		return nil, err
	}
	from, faults := c.Check(today)
	if len(batch) == 0 || len(batch) > MostAtOnce {
		faults = append(faults, record.Fault{Field: "addresses", Value: fmt.Sprint(len(batch)), ZH: fmt.Sprintf("一次应为 1 至 %d 个地址", MostAtOnce), EN: fmt.Sprintf("a batch has 1 to %d addresses", MostAtOnce)})
	}
	if err := record.Invalid(faults); err != nil {
		return nil, err
	}
	list, faults, err := linked(batch)
	if err != nil {
		return nil, err
	}
	g, err := survey(ctx, tx, list, today)
	if err != nil {
		return nil, err
	}
	faults = append(faults, g.batch(list, from, tx.Writer().Account == "")...)
	if err := record.Invalid(faults); err != nil {
		return nil, err
	}
	rights := tx.Rights(mayWrite)
	for _, a := range list {
		if may, err := rights.In(ctx, a.Division); err != nil || !may {
			return nil, cmpErr(err, &postgres.ForbiddenError{Action: mayWrite, Division: a.Division})
		}
	}
	out := make([]addresses.Address, len(list))
	for i, a := range list {
		out[i] = *a
	}
	return out, insert(ctx, tx, out)
}

func cmpErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// linked gives the addresses of a batch ids, and what they are within by them.
func linked(batch []addresses.Entry) ([]*addresses.Address, []record.Fault, error) {
	var faults []record.Fault
	refs := map[string]string{}
	list := make([]*addresses.Address, len(batch))
	for i := range batch {
		a := addresses.Clean(batch[i].Address)
		if !postgres.IsID(a.ID) {
			id, err := uuid.NewV7()
			if err != nil {
				return nil, nil, fmt.Errorf("new id: %w", err)
			}
			a.ID = id.String()
		}
		if ref := batch[i].Ref; ref != "" {
			if refs[ref] != "" {
				faults = append(faults, inRow(i, record.Fault{Field: "ref", Value: ref, ZH: "代号重复", EN: "two of the batch have this ref"}))
			}
			refs[ref] = a.ID
		}
		list[i] = &a
	}
	for i, e := range batch {
		for _, link := range []struct {
			field, ref string
			to         *string
		}{{"parent_ref", e.ParentRef, &list[i].ParentID}, {"main_ref", e.MainRef, &list[i].MainID}} {
			if link.ref == "" {
				continue
			}
			if *link.to = refs[link.ref]; *link.to == "" {
				faults = append(faults, inRow(i, record.Fault{Field: link.field, Value: link.ref, ZH: "本批中没有这个代号", EN: "none of the batch has this ref"}))
			}
		}
		list[i].Main = list[i].MainID == ""
	}
	return list, faults, nil
}

// batch holds the addresses of a batch against the ground and one another, the widest first, and
// writes their texts.
func (g *ground) batch(list []*addresses.Address, from record.Day, system bool) []record.Fault {
	var faults []record.Fault
	order := make([]int, len(list))
	for i, a := range list {
		order[i] = i
		g.others[a.ID] = *a
	}
	rank := func(i int) int { return slices.IndexFunc(addresses.Levels(), isLevel(list[i].Level)) }
	slices.SortStableFunc(order, func(a, b int) int { return rank(a) - rank(b) })
	for _, i := range order {
		a := list[i]
		a.ValidFrom, a.Version = from, 1
		if p, ok := g.others[a.ParentID]; ok && a.NameID == "" {
			a.NameID = p.NameID
		}
		for _, f := range g.faults(*a) {
			faults = append(faults, inRow(i, f))
		}
		if a.State == addresses.Historical && a.Decision.Kind == "" {
			faults = append(faults, inRow(i, record.Fault{Field: "decision", ZH: "历史地址应写明依据", EN: "a historical address says by which document, or where it was found"}))
		}
		if a.Custody == addresses.Foreign && !system {
			faults = append(faults, inRow(i, record.Fault{Field: "custody", Value: string(a.Custody), ZH: "其他单位管理的地址只能由导入登记", EN: "what another office keeps comes in by an import only"}))
		}
		if a.State.Live() {
			g.live[slotOf(*a)] = a.ID
		}
		g.write(a)
		g.others[a.ID] = *a
		if len(faults) >= mostFaults {
			break
		}
	}
	return faults
}

// mostFaults is how many faults a batch is told of; whoever reads more than that reads none.
const mostFaults = 200

func insert(ctx context.Context, tx *postgres.Tx, list []addresses.Address) error {
	rows, err := rowsOf(list)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO address (adcode, id, `+content+`) SELECT @adcode, r.id, `+values+` FROM jsonb_to_recordset(@rows::jsonb) AS `+rowType,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "rows": rows})
	if err := taken(err); err != nil {
		return fmt.Errorf("make addresses: %w", err)
	}
	note(tx, "address.create", list)
	return nil
}

// taken tells of a number that somebody took meanwhile, or that is reserved where the writer does
// not see it.
func taken(err error) error {
	if postgres.Code(err) == "23505" {
		return record.Invalid([]record.Fault{{Field: "number", ZH: "已有同一号码的现用地址，或该号码刚被占用", EN: "a live address has this number, or somebody took it just now"}})
	}
	return err
}

// note tells the audit log of addresses that were made: of each where they are few, else how many.
func note(tx *postgres.Tx, action string, list []addresses.Address) {
	const few = 20
	if len(list) > few {
		tx.Note(postgres.Note{Action: action, Kind: kind, Division: tx.Writer().AdCode, After: map[string]any{"count": len(list), "first": list[0].Text, "last": list[len(list)-1].Text}})
		return
	}
	for _, a := range list {
		_, after := record.Values(addresses.Differences(addresses.Address{}, a))
		tx.Note(postgres.Note{Action: action, Kind: kind, ID: a.ID, Division: a.Division, After: after})
	}
}
