package estatedb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5"

	"yike/facilities/estates"
	"yike/internal/postgres"
	"yike/internal/record"
)

// mayRule is the right that every write of a rule needs, where the rule holds, and of which
// office answers for what.
const mayRule = "estate.rules"

// begin lets one write the rules of an authority at a time, since which wins follows from all
// of them, and gives them.
func (s *Rules) begin(ctx context.Context, tx *postgres.Tx) ([]estates.LocalRule, error) {
	adcode := tx.Writer().AdCode
	if err := tx.Require(ctx, mayRule, ""); err != nil {
		return nil, err
	}
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike estate rules ' || @adcode, 0))`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("wait for the rules of estates: %w", err)
	}
	return allRules(ctx, tx, adcode)
}

// check holds a rule as it was written to all that it must be.
func (s *Rules) check(ctx context.Context, q postgres.Querier, adcode string, l estates.LocalRule, all []estates.LocalRule) ([]record.Fault, error) {
	faults := l.Faults(s.book.Base(), all)
	if l.Division == "" || l.Division == adcode {
		return faults, nil
	}
	var there bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM division WHERE adcode = @adcode AND code = @code)`, pgx.StrictNamedArgs{"adcode": adcode, "code": l.Division}).Scan(&there)
	if err != nil {
		return nil, fmt.Errorf("look for the division of a rule: %w", err)
	}
	if !there {
		faults = append(faults, record.Fault{Field: "division", Value: l.Division, ZH: "没有这个辖区", EN: "there is no such division"})
	}
	return faults, nil
}

// Check tells what is at fault with a rule as it was written, and writes nothing.
func (s *Rules) Check(ctx context.Context, w postgres.Writer, l estates.LocalRule) ([]record.Fault, error) {
	var out []record.Fault
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		all, err := allRules(ctx, q, w.AdCode)
		if err != nil {
			return err
		}
		out, err = s.check(ctx, q, w.AdCode, l, all)
		return err
	})
	return out, err
}

// Create keeps a draft. Asked again with the same key it gives the draft as it was made. It
// returns a *record.InvalidError and what postgres.WriteOnce does.
func (s *Rules) Create(ctx context.Context, w postgres.Writer, l estates.LocalRule, c record.Change, today record.Day) (estates.LocalItem, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		all, err := s.begin(ctx, tx)
		if err != nil {
			return "", err
		}
		if err := s.written(ctx, tx, l, all, c, today); err != nil {
			return "", err
		}
		if l.ID, err = newID(); err != nil {
			return "", err
		}
		args, err := ruleArgs(tx, l)
		if err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `
INSERT INTO estate_rule (adcode, id, state, kind, division_code, first_day, last_day, replaces, definition)
VALUES (@adcode, @id, 'draft', @kind, @division, @from, @until, nullif(@replaces, '')::uuid, @definition)`, args)
		if err != nil {
			return "", fmt.Errorf("keep a draft of a rule: %w", err)
		}
		tx.Note(postgres.Note{Action: "estate_rule.create", Kind: "estate_rule", ID: l.ID, Division: l.Division, After: storedRule(l)})
		return l.ID, nil
	})
	if err != nil {
		return estates.LocalItem{}, err
	}
	return s.ByID(ctx, w, id)
}

// written holds what was written, the reason and the right to write it where it would hold.
func (s *Rules) written(ctx context.Context, tx *postgres.Tx, l estates.LocalRule, all []estates.LocalRule, c record.Change, today record.Day) error {
	_, faults := c.Check(today)
	found, err := s.check(ctx, tx, tx.Writer().AdCode, l, all)
	if err != nil {
		return err
	}
	if err := record.Invalid(append(faults, found...)); err != nil {
		return err
	}
	return tx.Require(ctx, mayRule, l.Division)
}

func ruleArgs(tx *postgres.Tx, l estates.LocalRule) (pgx.StrictNamedArgs, error) {
	raw, err := json.Marshal(storedRule(l))
	if err != nil {
		return nil, fmt.Errorf("encode a rule: %w", err)
	}
	return pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "id": l.ID, "kind": string(l.Kind), "division": l.Division, "from": dayOf(l.From), "until": dayOf(l.Until),
		"replaces": l.Replaces, "definition": json.RawMessage(raw),
	}, nil
}

// ruleHeld finds a rule that the writer may change and saw a version of.
func ruleHeld(ctx context.Context, tx *postgres.Tx, all []estates.LocalRule, id string, expected int) (estates.LocalRule, error) {
	i := slices.IndexFunc(all, func(l estates.LocalRule) bool { return l.ID == id })
	if i < 0 {
		return estates.LocalRule{}, estates.ErrNoRule
	}
	if err := tx.Require(ctx, mayRule, all[i].Division); err != nil {
		return all[i], err
	}
	if all[i].Version != expected {
		return all[i], &postgres.StaleError{Current: all[i].Version}
	}
	return all[i], nil
}

// Update changes a draft of which the writer saw the version expected. What changes nothing
// makes no version. It returns estates.ErrNoRule, estates.ErrNotDraft, a *postgres.StaleError,
// a *record.InvalidError and what postgres.Write does.
func (s *Rules) Update(ctx context.Context, w postgres.Writer, id string, expected int, l estates.LocalRule, c record.Change, today record.Day) (estates.LocalItem, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		all, err := s.begin(ctx, tx)
		if err != nil {
			return err
		}
		before, err := ruleHeld(ctx, tx, all, id, expected)
		if err != nil {
			return err
		}
		if before.State != estates.Draft {
			return estates.ErrNotDraft
		}
		l.ID = id
		if err := s.written(ctx, tx, l, all, c, today); err != nil {
			return err
		}
		args, err := ruleArgs(tx, l)
		if err != nil {
			return err
		}
		was, err := ruleArgs(tx, before)
		if err != nil {
			return err
		}
		if reflect.DeepEqual(was, args) {
			return errUnchanged
		}
		_, err = tx.Exec(ctx, `
UPDATE estate_rule SET kind = @kind, division_code = @division, first_day = @from, last_day = @until, replaces = nullif(@replaces, '')::uuid, definition = @definition
WHERE adcode = @adcode AND id = @id`, args)
		if err != nil {
			return fmt.Errorf("change a draft of a rule: %w", err)
		}
		tx.Note(postgres.Note{Action: "estate_rule.update", Kind: "estate_rule", ID: id, Division: l.Division, Before: storedRule(before), After: storedRule(l)})
		return nil
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return estates.LocalItem{}, err
	}
	return s.ByID(ctx, w, id)
}

// Remove takes away a draft; its history stays. It returns estates.ErrNoRule,
// estates.ErrNotDraft, a *postgres.StaleError, a *record.InvalidError and what postgres.Write
// does.
func (s *Rules) Remove(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		all, err := s.begin(ctx, tx)
		if err != nil {
			return err
		}
		before, err := ruleHeld(ctx, tx, all, id, expected)
		if err != nil {
			return err
		}
		if before.State != estates.Draft {
			return estates.ErrNotDraft
		}
		if _, faults := c.Check(today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		_, err = tx.Exec(ctx, `DELETE FROM estate_rule WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id})
		if err != nil {
			return fmt.Errorf("take away a draft of a rule: %w", err)
		}
		tx.Note(postgres.Note{Action: "estate_rule.remove", Kind: "estate_rule", ID: id, Division: before.Division, Before: storedRule(before)})
		return nil
	})
}

// KeepTrial keeps a trial of a version of a rule in the place of the one before. It returns
// estates.ErrNoRule, a *postgres.StaleError and what postgres.Write does.
func (s *Rules) KeepTrial(ctx context.Context, w postgres.Writer, id string, version int, basis estates.Basis, trial estates.Trial) (estates.KeptTrial, error) {
	var out estates.KeptTrial
	err := s.db.Write(ctx, w, "试算本地规则 / try a local rule", func(tx *postgres.Tx) error {
		all, err := s.begin(ctx, tx)
		if err != nil {
			return err
		}
		l, err := ruleHeld(ctx, tx, all, id, version)
		if err != nil {
			return err
		}
		args := pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "version": version, "by": w.Who}
		for name, v := range map[string]any{"basis": basis, "result": trial} {
			raw, err := json.Marshal(v)
			if err != nil {
				return fmt.Errorf("encode the %s of a trial: %w", name, err)
			}
			args[name] = json.RawMessage(raw)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM estate_rule_trial WHERE adcode = @adcode AND rule_id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}); err != nil {
			return fmt.Errorf("take away the trial before: %w", err)
		}
		_, err = tx.Exec(ctx, `
INSERT INTO estate_rule_trial (adcode, rule_id, rule_version, tried_by, basis, result) VALUES (@adcode, @id, @version, @by, @basis, @result)`, args)
		if err != nil {
			return fmt.Errorf("keep a trial: %w", err)
		}
		tx.Note(postgres.Note{Action: "estate_rule.try", Kind: "estate_rule", ID: id, Division: l.Division, After: map[string]any{
			"version": version, "day": trial.Day, "checked": trial.All.Checked, "changed": trial.All.Changed, "turned": trial.All.Turned,
		}})
		out, err = keptTrial(ctx, tx, w.AdCode, id)
		return err
	})
	return out, err
}

// Adopt puts a draft of which the writer saw the version expected in force, if it was tried on
// all estates as they are: around and program are of the caller's present data, what estates
// and rules there are is looked up in the same transaction. It returns estates.ErrNoRule,
// estates.ErrNotDraft, estates.ErrNotAdopted, an *estates.StaleTrialError, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Rules) Adopt(ctx context.Context, w postgres.Writer, id string, expected int, around, program string, c record.Change, today record.Day) (estates.LocalItem, error) {
	return s.turn(ctx, w, id, expected, around, program, c, today, "estate_rule.adopt", func(all []estates.LocalRule, signed estates.Signed) ([]estates.LocalRule, []string, error) {
		after, changed, err := estates.Adopt(all, id, signed)
		if err != nil {
			return nil, nil, err
		}
		i := slices.IndexFunc(all, func(l estates.LocalRule) bool { return l.ID == id })
		return after, changed, record.Invalid(all[i].Lacks())
	})
}

// Withdraw takes a rule out of force from today on, under the conditions of Adopt.
func (s *Rules) Withdraw(ctx context.Context, w postgres.Writer, id string, expected int, around, program string, c record.Change, today record.Day) (estates.LocalItem, error) {
	return s.turn(ctx, w, id, expected, around, program, c, today, "estate_rule.withdraw", func(all []estates.LocalRule, signed estates.Signed) ([]estates.LocalRule, []string, error) {
		after, err := estates.Withdraw(all, id, signed)
		return after, []string{id}, err
	})
}

// turn changes what is in force, in one write; asked again with the same key it does nothing.
func (s *Rules) turn(
	ctx context.Context, w postgres.Writer, id string, expected int, around, program string, c record.Change, today record.Day, action string,
	how func([]estates.LocalRule, estates.Signed) ([]estates.LocalRule, []string, error),
) (estates.LocalItem, error) {
	_, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		all, err := s.begin(ctx, tx)
		if err != nil {
			return "", err
		}
		if _, err := ruleHeld(ctx, tx, all, id, expected); err != nil {
			return "", err
		}
		if _, faults := c.Check(today); len(faults) > 0 {
			return "", record.Invalid(faults)
		}
		after, changed, err := how(all, estates.Signed{By: w.Who, Day: today, Reason: c.Reason})
		if err != nil {
			return "", err
		}
		if err := tried(ctx, tx, all, id, expected, around, program, today); err != nil {
			return "", err
		}
		for i, l := range after {
			if !slices.Contains(changed, l.ID) {
				continue
			}
			if err := turnOne(ctx, tx, all[i], l, action); err != nil {
				return "", err
			}
		}
		return id, nil
	})
	if err != nil {
		return estates.LocalItem{}, err
	}
	return s.ByID(ctx, w, id)
}

// tried fails unless the version was tried and nothing changed since.
func tried(ctx context.Context, tx *postgres.Tx, all []estates.LocalRule, id string, version int, around, program string, today record.Day) error {
	kept, err := keptTrial(ctx, tx, tx.Writer().AdCode, id)
	if errors.Is(err, estates.ErrNoTrial) || err == nil && kept.Version != version {
		return &estates.StaleTrialError{Missing: true}
	}
	if err != nil {
		return err
	}
	_, day, err := estates.Propose(all, id, today)
	if err != nil {
		return err
	}
	versions, err := estateVersions(ctx, tx, tx.Writer().AdCode)
	if err != nil {
		return err
	}
	now := estates.Basis{Day: day, Estates: versions, Rules: estates.RuleVersions(all), Around: around, Program: program}
	if since := kept.Basis.Since(now); len(since) > 0 {
		return &estates.StaleTrialError{Since: since}
	}
	return nil
}

// estateVersions are the versions of all estates by id.
func estateVersions(ctx context.Context, q postgres.Querier, adcode string) (map[string]int, error) {
	rows, err := q.Query(ctx, `SELECT id::text, version FROM estate WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("list the versions of estates: %w", err)
	}
	out := map[string]int{}
	var id string
	var version int
	_, err = pgx.ForEachRow(rows, []any{&id, &version}, func() error {
		out[id] = version
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the versions of estates: %w", err)
	}
	return out, nil
}

func turnOne(ctx context.Context, tx *postgres.Tx, before, after estates.LocalRule, action string) error {
	if err := tx.Require(ctx, mayRule, after.Division); err != nil {
		return err
	}
	args := pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "id": after.ID, "state": string(after.State), "from": dayOf(after.From), "until": dayOf(after.Until),
	}
	for name, s := range map[string]estates.Signed{"adoption": after.Adoption, "ending": after.Ending} {
		args[name] = nil
		if s != (estates.Signed{}) {
			raw, err := json.Marshal(ruleSigned(s))
			if err != nil {
				return fmt.Errorf("encode who signed a rule: %w", err)
			}
			args[name] = json.RawMessage(raw)
		}
	}
	_, err := tx.Exec(ctx, `
UPDATE estate_rule SET state = @state, first_day = @from, last_day = @until, adoption = @adoption::jsonb, ending = @ending::jsonb WHERE adcode = @adcode AND id = @id`, args)
	if err != nil {
		return fmt.Errorf("turn a rule: %w", err)
	}
	if after.State == estates.Superseded {
		action = "estate_rule.supersede"
	}
	tx.Note(postgres.Note{
		Action: action, Kind: "estate_rule", ID: after.ID, Division: after.Division,
		Before: map[string]any{"state": before.State, "from": before.From, "until": before.Until},
		After:  map[string]any{"state": after.State, "from": after.From, "until": after.Until},
	})
	return nil
}
