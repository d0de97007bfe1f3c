package casedb

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
	"yike/placenames/process"
)

// Create begins a case, with the next number of the year, under the procedure that the
// authority has now, and gives its id: a naming with its record, which is proposed from then
// on, or of a record that is drafted, reserved or in customary use. Asked again with the same
// key it gives the same case. It returns a *record.InvalidError, process.ErrNoName and what
// postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, o process.Opening, today record.Day) (string, error) {
	return postgres.WriteOnce(ctx, s.db, w, cmp.Or(o.Reason, "?"), func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return "", err
		}
		d := o.Dossier
		d.OpenedOn, d.OpenedBy = today, w.Who
		if err := record.Invalid(badIDs(d)); err != nil {
			return "", err
		}
		if err := s.subject(ctx, tx, &d, o.New, today); err != nil {
			return "", err
		}
		if err := s.freeze(ctx, tx, &d); err != nil {
			return "", err
		}
		if err := record.Invalid(d.Validate()); err != nil {
			return "", err
		}
		return d.ID, s.insert(ctx, tx, &d)
	})
}

// badIDs are the faults of ids that are none.
func badIDs(d process.Dossier) []record.Fault {
	var out []record.Fault
	for field, id := range map[string]string{"name_id": d.NameID, "successor_id": d.Successor} {
		if id != "" && !postgres.IsID(id) {
			out = append(out, record.Fault{Field: field, Value: id, ZH: "没有这条记录", EN: "there is no such record"})
		}
	}
	return out
}

// subject finds or makes the record that the case is about.
func (s *Store) subject(ctx context.Context, tx *postgres.Tx, d *process.Dossier, made *placenames.Name, today record.Day) error {
	// What is wrong with the case is told before a record is made; its words come with that.
	probe := *d
	if made != nil {
		probe.Text = made.Text
	}
	faults := probe.Validate()
	var n placenames.Name
	var err error
	switch {
	case made != nil && (d.Act != process.Naming || d.NameID != ""):
		faults = append(faults, record.Fault{Field: "name", Value: d.Act, ZH: "只有新命名才随办件登记新记录", EN: "only the naming of what has no record yet brings one"})
	case made != nil:
		n = *made
		n.State = placenames.Proposed
		if len(n.Divisions) == 0 || n.Divisions[0] == "" {
			faults = append(faults, record.Fault{Field: "name/divisions", ZH: "请选择所在辖区", EN: "choose the division"})
		}
	default:
		if n, err = present(ctx, tx, tx.Writer().AdCode, d.NameID); err != nil {
			return err
		}
		faults = append(faults, fits(*d, n)...)
	}
	if err := record.Invalid(faults); err != nil {
		return err
	}
	if err := tx.Require(ctx, mayWrite, n.Divisions[0]); err != nil {
		return err
	}
	switch {
	case made != nil:
		n, err = s.names.CreateIn(ctx, tx, n, record.Change{Reason: d.Reason}, today)
	case d.Act == process.Naming && (n.State == placenames.Draft || n.State == placenames.Reserved):
		n, err = s.names.MoveIn(ctx, tx, n.ID, 0, placenames.Move{To: placenames.Proposed, Reason: d.Reason}, today)
	}
	if err != nil {
		return err
	}
	d.NameID, d.Text, d.Kind, d.Division = n.ID, n.Text, n.Kind, n.Divisions[0]
	return nil
}

// present gives the record that a case is about, or process.ErrNoName.
func present(ctx context.Context, q postgres.Querier, adcode, id string) (placenames.Name, error) {
	n, err := placenamedb.Present(ctx, q, adcode, id)
	if errors.Is(err, placenames.ErrNotFound) {
		return n, process.ErrNoName
	}
	return n, err
}

// fits tells whether a record is one that such a case may be about.
func fits(d process.Dossier, n placenames.Name) []record.Fault {
	var ok bool
	switch d.Act {
	case process.Naming:
		ok = n.State == placenames.Draft || n.State == placenames.Reserved || n.State == placenames.Proposed || n.State == placenames.Customary
	case process.Renaming:
		ok = n.State.InUse()
	case process.Retirement:
		ok = n.State == placenames.Approved || n.State == placenames.Customary
	}
	if ok {
		return nil
	}
	return []record.Fault{{Field: "name_id", Value: string(n.State), ZH: "该地名目前的状态不能办理这个事项", EN: "the name is in a state in which this cannot be asked for"}}
}

// freeze gives the case the class of its kind and the rules of its track as they are now.
func (s *Store) freeze(ctx context.Context, tx *postgres.Tx, d *process.Dossier) error {
	c, err := placenames.NewCatalogue()
	if err != nil {
		return err
	}
	_, class, ok := c.Of(d.Kind)
	if !ok {
		return record.Invalid([]record.Fault{{Field: "name/kind", Value: d.Kind, ZH: "没有这种地名类型", EN: "there is no such kind of name"}})
	}
	d.Class = class.Code.Code
	track, ok := s.book.TrackOf(d.Class)
	if !ok {
		return fmt.Errorf("class %q goes no way", d.Class)
	}
	local, _, err := procedure(ctx, tx, tx.Writer().AdCode)
	if err != nil {
		return err
	}
	d.Frozen, err = s.book.Freeze(track, local)
	return err
}

// insert writes a case that was checked, with the next number of its year.
func (s *Store) insert(ctx context.Context, tx *postgres.Tx, d *process.Dossier) error {
	adcode := tx.Writer().AdCode
	id, err := newID()
	if err != nil {
		return err
	}
	d.ID = id
	rules, err := json.Marshal(d.Frozen)
	if err != nil {
		return fmt.Errorf("encode the rules of a case: %w", err)
	}
	// Whoever numbers a case waits for those who do, so that no number is left out.
	if err := alone(ctx, tx, "numbers "+adcode); err != nil {
		return err
	}
	args := proposedArgs(*d)
	for k, v := range map[string]any{
		"adcode": adcode, "id": id, "year": d.OpenedOn.Year(), "act": d.Act, "class": d.Class, "kind": d.Kind, "division": d.Division,
		"track": d.Frozen.Rules.Code.Code, "name": d.NameID, "successor": idOf(d.Successor),
		"opened_on": dayOf(d.OpenedOn), "opened_by": d.OpenedBy, "rules": rules,
	} {
		args[k] = v
	}
	var no int
	err = tx.QueryRow(ctx, `
INSERT INTO name_case (adcode, id, year, no, act, class, kind, division_code, track, name_id, text, proposed_text, proposed_roman, proposed_parts, successor_id,
	applicant, contact_office, reason, opened_on, opened_by, rules)
SELECT @adcode, @id, @year, coalesce(max(no), 0) + 1, @act, @class, @kind, @division, @track, @name, @text, @proposed_text, @proposed_roman, @proposed_parts, @successor,
	@applicant, @contact, @reason, @opened_on, @opened_by, @rules
FROM name_case WHERE adcode = @adcode AND year = @year
RETURNING no`, args).Scan(&no)
	if postgres.Code(err) == "23505" {
		return record.Invalid([]record.Fault{{Field: "name_id", Value: d.Text, ZH: "该地名已有尚未批准的办件", EN: "another case about this name is not decided yet"}})
	}
	if err != nil {
		return fmt.Errorf("begin a case: %w", err)
	}
	d.Number = number(d.OpenedOn.Year(), no)
	tx.Note(postgres.Note{Action: "name_case.create", Kind: "name_case", ID: d.ID, Division: d.Division, After: map[string]any{
		"number": d.Number, "act": d.Act, "text": d.Text, "proposed_text": d.Proposed.Text, "applicant": d.Applicant,
	}})
	return nil
}

// proposedArgs are the parameters of what may change of a case until it is decided.
func proposedArgs(d process.Dossier) pgx.StrictNamedArgs {
	var p *parts
	if d.Proposed.Parts != (placenames.Parts{}) {
		v := parts(d.Proposed.Parts)
		p = &v
	}
	return pgx.StrictNamedArgs{
		"text": d.Text, "proposed_text": d.Proposed.Text, "proposed_roman": d.Proposed.Roman, "proposed_parts": p, "applicant": d.Applicant,
		"contact": d.Contact, "reason": d.Reason,
	}
}
