package scenariodb

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yike/coverage/scenarios"
	"yike/internal/postgres"
	"yike/internal/record"
)

// mayWrite is the right that every write needs, in the division for which the scenario is
// meant.
const mayWrite = "scenario.write"

// Create keeps a scenario, a draft of the writer's own: its id, owner and version are given
// here, and where it says nothing of a division, the widest in which the writer may. Asked
// again with the same key it gives the scenario that was made. It returns a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, in scenarios.Scenario, why string) (scenarios.Item, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, cmp.Or(why, "保存方案 / keep a scenario"), func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return "", err
		}
		in = scenarios.Clean(in)
		in.State, in.SharedOn, in.Decision = scenarios.Draft, "", scenarios.Decision{}
		if err := settle(ctx, tx, &in); err != nil {
			return "", err
		}
		return insert(ctx, tx, in)
	})
	if err != nil {
		return scenarios.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

func insert(ctx context.Context, tx *postgres.Tx, in scenarios.Scenario) (string, error) {
	w := tx.Writer()
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	args, err := contentArgs(in)
	if err != nil {
		return "", err
	}
	args["adcode"], args["id"], args["account"], args["owner"] = w.AdCode, id.String(), w.Account, w.Who
	_, err = tx.Exec(ctx, `
INSERT INTO scenario (adcode, id, division_code, name, note, question, steps, costs, state, shared_on, account_id, owner, saved, data_version)
VALUES (@adcode, @id, @division, @name, @note, @question, @steps, @costs, @state, @shared_on, nullif(@account, '')::uuid, @owner, @saved, @data_version)`, args)
	if err != nil {
		return "", named(err, in)
	}
	_, after := values(scenarios.Differences(scenarios.Scenario{}, in))
	tx.Note(postgres.Note{Action: "scenario.create", Kind: "scenario", ID: id.String(), Division: in.DivisionCode, After: after})
	return id.String(), nil
}

// settle checks a scenario and where it is meant for.
func settle(ctx context.Context, tx *postgres.Tx, in *scenarios.Scenario) error {
	faults := scenarios.Validate(*in)
	adcode := tx.Writer().AdCode
	if in.DivisionCode == "" {
		err := tx.QueryRow(ctx, `
SELECT CASE WHEN @system OR @adcode LIKE ANY (scopes) THEN @adcode ELSE coalesce((SELECT min(rtrim(s, '%')) FROM unnest(scopes) AS s), '') END
FROM (SELECT yike_scopes('scenario.write') AS scopes) AS mine`,
			pgx.StrictNamedArgs{"adcode": adcode, "system": tx.Writer().Account == ""}).Scan(&in.DivisionCode)
		if err != nil {
			return fmt.Errorf("find where the writer may keep scenarios: %w", err)
		}
	} else if in.DivisionCode != adcode {
		var there bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM division WHERE adcode = @adcode AND code = @code)`,
			pgx.StrictNamedArgs{"adcode": adcode, "code": in.DivisionCode}).Scan(&there)
		if err != nil {
			return fmt.Errorf("look for the division: %w", err)
		}
		if !there {
			faults = append(faults, record.Fault{Field: "division_code", Value: in.DivisionCode, ZH: "没有这个编码的辖区", EN: "no division has this code"})
		}
	}
	if err := record.Invalid(faults); err != nil {
		return err
	}
	return tx.Require(ctx, mayWrite, in.DivisionCode)
}

// named says that the owner has a scenario of this name, where the database found so.
func named(err error, in scenarios.Scenario) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.ConstraintName != "scenario_name" {
		return fmt.Errorf("write a scenario: %w", err)
	}
	return record.Invalid([]record.Fault{{
		Field: "name", Value: in.Name, ZH: "您已有一个同名的方案，请换个名称或先归档那一个", EN: "you have a scenario of this name; choose another name or archive that one first",
	}})
}

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// Update changes a scenario of the writer's own of which they saw the version expected. fresh
// is what it comes to where the patch asks for that anew; nil keeps the figures. It returns
// scenarios.ErrNotFound, ErrNotOwner and ErrDecided, a *postgres.StaleError, a
// *record.InvalidError and what postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p scenarios.Patch, fresh *Figures, why string, today record.Day) (scenarios.Item, error) {
	err := s.db.Write(ctx, w, cmp.Or(why, "修改方案 / change a scenario"), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		after := p.Apply(before.Scenario, today)
		if fresh != nil {
			after.Saved, after.DataVersion = fresh.Saved, fresh.DataVersion
		}
		differences := scenarios.Differences(before.Scenario, after)
		if before.Decision.Verdict != scenarios.Undecided && !archivesOnly(differences) {
			return scenarios.ErrDecided
		}
		if err := record.Invalid(scenarios.ValidateState(after.State)); err != nil {
			return err
		}
		if err := settle(ctx, tx, &after); err != nil {
			return err
		}
		if len(differences) == 0 {
			return errUnchanged
		}
		return update(ctx, tx, before.Scenario, after, "scenario.update")
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return scenarios.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// Figures are what a plan comes to, and the version of the data that it was worked out on.
type Figures struct {
	Saved       []scenarios.Figure
	DataVersion string
}

// archivesOnly says whether nothing but the state changes, and nobody who saw the scenario
// loses sight of it: that is all that may become of one that was decided about.
func archivesOnly(differences []record.Difference) bool {
	for _, d := range differences {
		if d.Field != "state" || d.After == scenarios.Draft {
			return false
		}
	}
	return true
}

// held reads a scenario that is the writer's own and of which they saw a version.
func held(ctx context.Context, tx *postgres.Tx, id string, expected int) (scenarios.Item, error) {
	before, err := present(ctx, tx, tx.Writer(), id)
	switch {
	case err != nil:
		return before, err
	case !before.Mine && tx.Writer().Account != "":
		return before, scenarios.ErrNotOwner
	case before.Version != expected:
		return before, &postgres.StaleError{Current: before.Version}
	}
	return before, tx.Require(ctx, mayWrite, before.DivisionCode)
}

// update writes unless somebody else did since before was read.
func update(ctx context.Context, tx *postgres.Tx, before, after scenarios.Scenario, action string) error {
	args, err := contentArgs(after)
	if err != nil {
		return err
	}
	d := after.Decision
	args["adcode"], args["id"], args["expected"] = tx.Writer().AdCode, before.ID, before.Version
	args["verdict"], args["verdict_reason"], args["verdict_on"], args["verdict_by"] = string(d.Verdict), d.Reason, dayOf(d.On), d.By
	tag, err := tx.Exec(ctx, `
UPDATE scenario SET division_code = @division, name = @name, note = @note, question = @question, steps = @steps, costs = @costs, state = @state,
	shared_on = @shared_on, saved = @saved, data_version = @data_version,
	verdict = @verdict, verdict_reason = @verdict_reason, verdict_on = @verdict_on, verdict_by = @verdict_by
WHERE adcode = @adcode AND id = @id AND version = @expected`, args)
	if err != nil {
		return named(err, after)
	}
	if tag.RowsAffected() == 0 {
		return &postgres.StaleError{Current: before.Version + 1}
	}
	was, is := values(scenarios.Differences(before, after))
	tx.Note(postgres.Note{Action: action, Kind: "scenario", ID: before.ID, Division: after.DivisionCode, Before: was, After: is})
	return nil
}

// Decide writes what was decided about a shared scenario, whoever owns it, by who may keep
// scenarios where it is meant for; a verdict of none takes the decision back. The reason is
// the decision's. It returns scenarios.ErrNotFound and ErrNotShared, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Decide(ctx context.Context, w postgres.Writer, id string, expected int, d scenarios.Decision) (scenarios.Item, error) {
	err := s.db.Write(ctx, w, cmp.Or(d.Reason, "?"), func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return err
		}
		before, err := present(ctx, tx, w, id)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		if err := record.Invalid(scenarios.ValidateDecision(d)); err != nil {
			return err
		}
		if err := tx.Require(ctx, mayWrite, before.DivisionCode); err != nil {
			return err
		}
		d.By = w.Who
		after, err := scenarios.Decide(before.Scenario, d)
		if err != nil {
			return err
		}
		return update(ctx, tx, before.Scenario, after, "scenario.decide")
	})
	if err != nil {
		return scenarios.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// Remove deletes a scenario of the writer's own; its history stays. It returns
// scenarios.ErrNotFound, ErrNotOwner and ErrDecided, a *postgres.StaleError, a
// *record.InvalidError and what postgres.Write does.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, id string, expected int, reason string, today record.Day) error {
	return s.db.Write(ctx, w, cmp.Or(reason, "?"), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		if before.Decision.Verdict != scenarios.Undecided {
			return scenarios.ErrDecided
		}
		if _, faults := (record.Change{Reason: reason}).Check(today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		tag, err := tx.Exec(ctx, `DELETE FROM scenario WHERE adcode = @adcode AND id = @id AND version = @expected`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected})
		if err != nil {
			return fmt.Errorf("remove a scenario: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version + 1}
		}
		was, _ := values(scenarios.Differences(before.Scenario, scenarios.Scenario{}))
		tx.Note(postgres.Note{Action: "scenario.remove", Kind: "scenario", ID: id, Division: before.DivisionCode, Before: was})
		return nil
	})
}

// values are differences as an audit entry keeps them.
func values(list []record.Difference) (before, after map[string]any) {
	before, after = map[string]any{}, map[string]any{}
	for _, d := range list {
		before[d.Field], after[d.Field] = d.Before, d.After
	}
	return before, after
}
