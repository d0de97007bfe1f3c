package addressimport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"yike/facilities/lists"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/addressdb"
	"yike/placenames/addresses"
)

// Taken is what became of a register, or would become of it.
type Taken struct {
	Rows     []Decided
	Made     int // addresses, with those that others are within
	New      int // differences that were not known before
	Outcomes map[Outcome]int
	Faults   []lists.Fault // of addresses that cannot be made; one is enough that nothing is taken
}

// errTrial rolls back what was only tried.
var errTrial = errors.New("it was a trial")

// Taker takes registers into the store.
type Taker struct {
	DB    *postgres.DB
	Store *addressdb.Store
}

// Take takes a register, or tries it: one path decides and writes, and a trial is rolled back. All of
// it is taken or nothing. The same file again changes nothing. Faults are told in what it
// gives, by row; it returns what postgres.WriteOnce does.
func (t Taker) Take(ctx context.Context, w postgres.Writer, f File, s Setting, reason string, trial bool, today record.Day) (Taken, error) {
	var out Taken
	_, err := postgres.WriteOnce(ctx, t.DB, w, reason, func(tx *postgres.Tx) (int, error) {
		if err := tx.StandOnGround(ctx); err != nil {
			return 0, err
		}
		if err := tx.Require(ctx, "address.write", tx.Writer().AdCode); err != nil {
			return 0, err
		}
		names := make([]string, len(f.Rows))
		for i, r := range f.Rows {
			names[i] = r.Name
		}
		reg, err := t.Store.RegisterIn(ctx, tx, names)
		if err != nil {
			return 0, err
		}
		plan := Decide(f.Rows, reg, s)
		out = Taken{Rows: plan.Rows, Made: len(plan.Entries), Outcomes: map[Outcome]int{}}
		for _, d := range plan.Rows {
			out.Outcomes[d.Outcome]++
		}
		if err := tx.Consequence(ctx, func(tx *postgres.Tx) error { return t.write(ctx, tx, f, s, plan, reason, today, &out) }); err != nil {
			return 0, err
		}
		if trial {
			return 0, errTrial
		}
		return len(f.Rows), nil
	})
	if errors.Is(err, errTrial) || len(out.Faults) > 0 {
		err = nil
	}
	return out, err
}

func (t Taker) write(ctx context.Context, tx *postgres.Tx, f File, s Setting, plan Plan, reason string, today record.Day, out *Taken) error {
	if len(plan.Entries) > 0 {
		if _, err := t.Store.CreateIn(ctx, tx, plan.Entries, record.Change{Reason: reason}, today); err != nil {
			out.Faults = plan.faults(err)
			return err
		}
	}
	if err := t.Store.AddCodesIn(ctx, tx, plan.Codes, today); err != nil {
		return err
	}
	var open []addressdb.Unmatched
	for _, d := range plan.Rows {
		if d.Outcome != Difference {
			continue
		}
		row, err := json.Marshal(shown(d.Row))
		if err != nil {
			return fmt.Errorf("write a row as JSON: %w", err)
		}
		u := addressdb.Unmatched{System: s.System, Fingerprint: d.Row.Fingerprint(), File: f.Name, No: d.Row.No, Row: row, Reason: d.Reason}
		if d.ID != "" {
			u.Candidates = []string{d.ID}
		}
		open = append(open, u)
	}
	var err error
	out.New, err = t.Store.DifferIn(ctx, tx, open)
	return err
}

// faults tells the faults of addresses that cannot be made by the rows that want them.
func (p Plan) faults(err error) []lists.Fault {
	var invalid *record.InvalidError
	if !errors.As(err, &invalid) {
		return nil
	}
	var out []lists.Fault
	for _, f := range invalid.Faults {
		row := 0
		var at int
		var field string
		if n, _ := fmt.Sscanf(f.Field, "addresses/%d/%s", &at, &field); n == 2 && at < len(p.From) {
			row, f.Field = p.From[at], field
		}
		out = append(out, lists.Fault{Row: row, Fault: f})
	}
	return out
}

// shownRow is a row as it is kept for a person.
type shownRow struct {
	Code, Payload, Address, Name, Number, Building, Unit, Room string
}

// Written is the address of a row in a line: as it is written, else put together.
func (r Row) Written() string {
	if r.Text != "" {
		return r.Text
	}
	out := r.Name + addresses.Address{Level: addresses.Number, Number: r.Number, Suffix: r.Suffix}.Part()
	for _, level := range []addresses.Level{addresses.Building, addresses.Unit, addresses.Room} {
		out += addresses.Labelled(level, r.Labels[level])
	}
	return out
}

func shown(r Row) shownRow {
	number := r.Number
	if r.Suffix != "" {
		number += "-" + r.Suffix
	}
	return shownRow{r.Code, r.Payload, r.Text, r.Name, number, r.Labels[addresses.Building], r.Labels[addresses.Unit], r.Labels[addresses.Room]}
}

// CodesOf gives the codes of a row that was kept for a person.
func CodesOf(u addressdb.Unmatched) []addresses.ForeignCode {
	var r shownRow
	if json.Unmarshal(u.Row, &r) != nil {
		return nil
	}
	return Setting{System: u.System}.codes(Row{Code: r.Code, Payload: r.Payload})
}
