package paneldb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/panel"
)

// rulesOf are what an authority has set, or the usual ones.
func (s *Store) rulesOf(ctx context.Context, q postgres.Querier, adcode string) (panel.Rules, error) {
	out := panel.Rules{}
	version := 0
	err := q.QueryRow(ctx, `SELECT version, rules FROM name_panel_rule WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode}).Scan(&version, &out)
	if errors.Is(err, pgx.ErrNoRows) {
		return s.usual, nil
	}
	if err != nil {
		return out, fmt.Errorf("read the rules of panels: %w", err)
	}
	out.Version = version
	return out, nil
}

// Rules gives what an authority has set about its panels, and whether the reader may set it.
func (s *Store) Rules(ctx context.Context, w postgres.Writer) (panel.Rules, bool, error) {
	var out panel.Rules
	may := false
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if out, err = s.rulesOf(ctx, q, w.AdCode); err != nil {
			return err
		}
		may, err = allowed(ctx, q, w, mayRule, w.AdCode)
		return err
	})
	return out, may, err
}

// SetRules sets them from now on; what was asked keeps the rules of its day. A parameter that
// has another value than the program's is the authority's own, and cited as such. expected is
// the version that the writer saw, 0 for the usual ones. It returns a *postgres.StaleError, a
// *record.InvalidError and what postgres.Write does.
func (s *Store) SetRules(ctx context.Context, w postgres.Writer, expected int, r panel.Rules, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
			return err
		}
		if err := alone(ctx, tx, "rules"); err != nil {
			return err
		}
		before, err := s.rulesOf(ctx, tx, w.AdCode)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		_, faults := c.Check(today)
		if err := record.Invalid(append(faults, r.Validate()...)); err != nil {
			return err
		}
		raw, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("encode the rules of panels: %w", err)
		}
		id, err := newID()
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
INSERT INTO name_panel_rule (adcode, id, rules) VALUES (@adcode, @id, @rules) ON CONFLICT (adcode) DO UPDATE SET rules = excluded.rules`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "rules": raw})
		if err != nil {
			return fmt.Errorf("set the rules of panels: %w", err)
		}
		tx.Note(noteOwn(w, "name_panel_rule", "name_panel.rules", "", before, r))
		return nil
	})
}

func why(c record.Change) string {
	if c.Reason == "" {
		return "?"
	}
	return c.Reason
}

const expertColumns = `e.id::text, e.version, e.name, e.fields, e.unit, e.title, e.from_day::text, coalesce(e.until_day::text, ''), coalesce(e.account_id::text, ''),
	e.account, e.retired, e.note`

func expertTargets(e *panel.Expert) []any {
	return []any{&e.ID, &e.Version, &e.Name, &e.Fields, &e.Unit, &e.Title, &e.From, &e.Until, &e.AccountID, &e.Account, &e.Retired, &e.Note}
}

func expertRows() postgres.Found[panel.Expert] {
	return postgres.Found[panel.Expert]{What: "expert", Missing: panel.ErrNotFound, Scan: func(row pgx.CollectableRow) (panel.Expert, error) {
		var e panel.Expert
		err := row.Scan(expertTargets(&e)...)
		return e, err
	}}
}

func experts(ctx context.Context, q postgres.Querier, adcode string) ([]panel.Expert, error) {
	return expertRows().All(q.Query(ctx, `SELECT `+expertColumns+` FROM name_expert AS e WHERE e.adcode = @adcode ORDER BY e.retired, e.name COLLATE yike_pinyin, e.id`,
		pgx.StrictNamedArgs{"adcode": adcode}))
}

// Experts gives the bank as the reader may see it, and whether the reader may change it.
func (s *Store) Experts(ctx context.Context, w postgres.Writer) ([]panel.Expert, bool, error) {
	var out []panel.Expert
	may := false
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if out, err = experts(ctx, q, w.AdCode); err != nil {
			return err
		}
		may, err = allowed(ctx, q, w, mayRule, w.AdCode)
		return err
	})
	return out, may, err
}

// SaveExpert makes an expert, where there is no id, or changes one that the writer saw in a
// version. It gives the id, and returns panel.ErrNotFound, a *postgres.StaleError, a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) SaveExpert(ctx context.Context, w postgres.Writer, expected int, e panel.Expert, c record.Change, today record.Day) (string, error) {
	e = e.Clean()
	p := person{kind: "name_expert", role: "expert", id: e.ID, account: e.Account, expected: expected, faults: e.Validate()}
	return s.save(ctx, w, p, c, today, func(tx *postgres.Tx, id, account string) error {
		_, err := tx.Exec(ctx, `
INSERT INTO name_expert (adcode, id, name, fields, unit, title, from_day, until_day, account_id, account, retired, note)
VALUES (@adcode, @id, @name, @fields, @unit, @title, @from, @until, @account_id, @account, @retired, @note)
ON CONFLICT (adcode, id) DO UPDATE SET name = excluded.name, fields = excluded.fields, unit = excluded.unit, title = excluded.title, from_day = excluded.from_day,
	until_day = excluded.until_day, account_id = excluded.account_id, account = excluded.account, retired = excluded.retired, note = excluded.note`,
			pgx.StrictNamedArgs{
				"adcode": w.AdCode, "id": id, "name": e.Name, "fields": e.Fields, "unit": e.Unit, "title": e.Title, "from": dayOf(e.From), "until": dayOf(e.Until),
				"account_id": idOrNull(account), "account": e.Account, "retired": e.Retired, "note": e.Note,
			})
		tx.Note(noteOwn(w, "name_expert", "name_expert.save", id, nil, map[string]any{"name": e.Name, "fields": e.Fields, "unit": e.Unit, "retired": e.Retired, "account": e.Account}))
		return err
	})
}

const memberColumns = `m.id::text, m.version, m.name, m.office, m.post, m.from_day::text, coalesce(m.until_day::text, ''), coalesce(m.account_id::text, ''), m.account`

func memberRows() postgres.Found[panel.Sitting] {
	return postgres.Found[panel.Sitting]{What: "member of the committee", Missing: panel.ErrNotFound, Scan: func(row pgx.CollectableRow) (panel.Sitting, error) {
		var m panel.Sitting
		err := row.Scan(&m.ID, &m.Version, &m.Name, &m.Office, &m.Post, &m.From, &m.Until, &m.AccountID, &m.Account)
		return m, err
	}}
}

func members(ctx context.Context, q postgres.Querier, adcode string) ([]panel.Sitting, error) {
	return memberRows().All(q.Query(ctx, `
SELECT `+memberColumns+` FROM name_member AS m WHERE m.adcode = @adcode
ORDER BY array_position(ARRAY['chair', 'vice', 'member'], m.post), m.name COLLATE yike_pinyin, m.id`, pgx.StrictNamedArgs{"adcode": adcode}))
}

// Members gives who sits or sat on the committee, and whether the reader may change it.
func (s *Store) Members(ctx context.Context, w postgres.Writer) ([]panel.Sitting, bool, error) {
	var out []panel.Sitting
	may := false
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if out, err = members(ctx, q, w.AdCode); err != nil {
			return err
		}
		may, err = allowed(ctx, q, w, mayRule, w.AdCode)
		return err
	})
	return out, may, err
}

// SaveMember is SaveExpert for a member of the committee.
func (s *Store) SaveMember(ctx context.Context, w postgres.Writer, expected int, m panel.Sitting, c record.Change, today record.Day) (string, error) {
	p := person{kind: "name_member", role: "committee_member", id: m.ID, account: m.Account, expected: expected, faults: m.Validate()}
	return s.save(ctx, w, p, c, today, func(tx *postgres.Tx, id, account string) error {
		_, err := tx.Exec(ctx, `
INSERT INTO name_member (adcode, id, name, office, post, from_day, until_day, account_id, account)
VALUES (@adcode, @id, @name, @office, @post, @from, @until, @account_id, @account)
ON CONFLICT (adcode, id) DO UPDATE SET name = excluded.name, office = excluded.office, post = excluded.post, from_day = excluded.from_day,
	until_day = excluded.until_day, account_id = excluded.account_id, account = excluded.account`,
			pgx.StrictNamedArgs{
				"adcode": w.AdCode, "id": id, "name": m.Name, "office": m.Office, "post": string(m.Post), "from": dayOf(m.From), "until": dayOf(m.Until),
				"account_id": idOrNull(account), "account": m.Account,
			})
		tx.Note(noteOwn(w, "name_member", "name_member.save", id, nil, map[string]any{"name": m.Name, "post": m.Post, "account": m.Account}))
		return err
	})
}

// person is an expert or a member who is saved.
type person struct {
	kind, role, id, account string
	expected                int
	faults                  []record.Fault
}

func (s *Store) save(ctx context.Context, w postgres.Writer, p person, c record.Change, today record.Day, write func(tx *postgres.Tx, id, account string) error) (string, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
			return "", err
		}
		if err := alone(ctx, tx, p.kind); err != nil {
			return "", err
		}
		id := p.id
		if id == "" {
			var err error
			if id, err = newID(); err != nil {
				return "", err
			}
		} else if err := seen(ctx, tx, p.kind, id, p.expected); err != nil {
			return "", err
		}
		_, faults := c.Check(today)
		faults = append(p.faults, faults...)
		account, fault, err := accountOf(ctx, tx, p, id)
		if err != nil {
			return "", err
		}
		if err := record.Invalid(append(faults, fault...)); err != nil {
			return "", err
		}
		if err := write(tx, id, account); err != nil {
			return "", fmt.Errorf("save %s: %w", p.kind, err)
		}
		return id, nil
	})
}

// seen refuses where the record is another version than the writer saw. kind is a table.
func seen(ctx context.Context, tx *postgres.Tx, kind, id string, expected int) error {
	if !postgres.IsID(id) {
		return panel.ErrNotFound
	}
	version := 0
	err := tx.QueryRow(ctx, `SELECT version FROM `+kind+` WHERE adcode = @adcode AND id = @id FOR UPDATE`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id}).Scan(&version)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return panel.ErrNotFound
	case err != nil:
		return fmt.Errorf("read the version of %s: %w", kind, err)
	case version != expected:
		return &postgres.StaleError{Current: version}
	}
	return nil
}

// accountOf finds the account by its name. Requests read no accounts of others, so the owner
// does, and tells no more than whether there is one with the role.
func accountOf(ctx context.Context, tx *postgres.Tx, p person, id string) (string, []record.Fault, error) {
	if p.account == "" {
		return "", nil, nil
	}
	account, taken := "", false
	err := tx.AsOwner(ctx, func() error {
		return tx.QueryRow(ctx, `
SELECT coalesce(max(a.id::text), ''), coalesce(bool_or(EXISTS (SELECT FROM `+p.kind+` AS o WHERE o.adcode = a.adcode AND o.account_id = a.id AND o.id <> @id)), false)
FROM account AS a WHERE a.adcode = @adcode AND a.name = @name
	AND EXISTS (SELECT FROM account_grant AS g WHERE g.adcode = a.adcode AND g.account_id = a.id AND g.role = @role)`,
			pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "name": p.account, "role": p.role, "id": id}).Scan(&account, &taken)
	})
	switch {
	case err != nil:
		return "", nil, fmt.Errorf("look for the account of a person: %w", err)
	case account == "":
		return "", []record.Fault{{Field: "account", Value: p.account, ZH: "没有具有相应角色的这个账号", EN: "there is no such account with that role"}}, nil
	case taken:
		return "", []record.Fault{{Field: "account", Value: p.account, ZH: "该账号已属于另一人", EN: "the account is another person's"}}, nil
	}
	return account, nil, nil
}
