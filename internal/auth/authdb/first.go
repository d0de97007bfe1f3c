package authdb

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// oneTimePassword makes a password that its owner must change: 100 random bits in groups
// that can be read out.
func oneTimePassword() string {
	var random [13]byte
	_, _ = rand.Read(random[:]) // never fails
	return inGroups(auth.Base32(random[:])[:20], 5)
}

// firstAccounts are made for an authority that has none: one administrator who is all
// three, or under a policy that keeps them apart one for each.
func firstAccounts(p auth.Policy) []seed {
	if !p.StrictApart {
		return []seed{{name: "admin", display: "管理员", grants: []auth.Grant{
			{Role: auth.SystemAdmin}, {Role: auth.SecurityAdmin}, {Role: auth.SecurityAuditor},
		}}}
	}
	var out []seed
	for _, r := range auth.Apart() {
		info, _ := auth.RoleInfoOf(r)
		out = append(out, seed{name: auth.DemoName(r), display: info.ZH, grants: []auth.Grant{{Role: r}}})
	}
	return out
}

// seed is an account that the installation makes itself.
type seed struct {
	name, display string
	department    string
	grants        []auth.Grant
	hash          string
	mustChange    bool
	demo          bool
}

// FirstAdministrator makes the first administrator of an authority that has no account
// but those of a demonstration, and gives the one-time password to print once; nothing
// when there is somebody already. Of several servers that start at once, one does it.
func (a *Accounts) FirstAdministrator(ctx context.Context, adcode string) ([]auth.FirstPassword, error) {
	there, err := hasAccounts(ctx, a.db.Reader(), adcode)
	if err != nil || there {
		return nil, err
	}
	stored, err := policyOf(ctx, a.db.Reader(), adcode)
	if err != nil {
		return nil, err
	}
	seeds := firstAccounts(stored.Policy)
	passwords := make([]auth.FirstPassword, len(seeds))
	for i := range seeds {
		passwords[i] = auth.FirstPassword{Name: seeds[i].name, Password: oneTimePassword()}
		seeds[i].mustChange = true
		if seeds[i].hash, err = a.hash(ctx, passwords[i].Password); err != nil {
			return nil, err
		}
	}
	err = a.db.Write(ctx, postgres.System(adcode, "yike"), "首次启动 / first start", func(tx *postgres.Tx) error {
		if err := lockAccounts(ctx, tx, adcode); err != nil {
			return err
		}
		there, err := hasAccounts(ctx, tx, adcode)
		if err != nil {
			return err
		}
		if there {
			return errNothingToDo
		}
		for _, s := range seeds {
			if err := a.plant(ctx, tx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errNothingToDo) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return passwords, nil
}

// errNothingToDo rolls back a write that others have done meanwhile.
var errNothingToDo = errors.New("nothing to do")

func hasAccounts(ctx context.Context, q postgres.Querier, adcode string) (bool, error) {
	var there bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM account WHERE adcode = @adcode AND NOT demo)`,
		pgx.StrictNamedArgs{"adcode": adcode}).Scan(&there)
	if err != nil {
		return false, fmt.Errorf("look for accounts: %w", err)
	}
	return there, nil
}

// lockAccounts makes those who decide about the roles of several accounts take turns,
// until the transaction ends.
func lockAccounts(ctx context.Context, tx pgx.Tx, adcode string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike accounts ' || @adcode, 0))`,
		pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return fmt.Errorf("wait for others who change roles: %w", err)
	}
	return nil
}

// plant makes an account with its secret and roles. The transaction must be the owner's.
func (a *Accounts) plant(ctx context.Context, tx *postgres.Tx, s seed) error {
	id, err := newID()
	if err != nil {
		return err
	}
	adcode := tx.Writer().AdCode
	tx.Note(postgres.Note{Action: "account.create", Kind: "account", ID: id, After: map[string]any{"name": s.name, "demo": s.demo}})
	_, err = tx.Exec(ctx, `INSERT INTO account (adcode, id, name, display_name, department, demo) VALUES (@adcode, @id, @name, @display, @department, @demo)`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id, "name": s.name, "display": s.display, "department": s.department, "demo": s.demo})
	if err != nil {
		return fmt.Errorf("make the account %s: %w", s.name, err)
	}
	if err := a.addSecret(ctx, tx, id, s.hash, s.mustChange); err != nil {
		return err
	}
	for _, g := range s.grants {
		if _, err := insertGrant(ctx, tx, id, g); err != nil {
			return err
		}
	}
	return nil
}

// addSecret gives a new account its password.
func (a *Accounts) addSecret(ctx context.Context, tx *postgres.Tx, id, hash string, mustChange bool) error {
	_, err := tx.Exec(ctx, `
INSERT INTO account_secret (adcode, account_id, password_hash, password_at, must_change) VALUES (@adcode, @id, @hash, @now, @must)`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "hash": hash, "now": a.now(), "must": mustChange})
	if err != nil {
		return fmt.Errorf("keep the password: %w", err)
	}
	return nil
}

// hash hashes one password in its turn.
func (a *Accounts) hash(ctx context.Context, password string) (out string, err error) {
	err = a.hasher.run(ctx, func(s slot) error {
		out = s.hash(password)
		return nil
	})
	return out, err
}

// DemoAccounts makes the demonstration accounts that are missing, one for each role, and
// puts the steward into the first of the subdistricts given. Done twice it does nothing.
func (a *Accounts) DemoAccounts(ctx context.Context, adcode string, subdistricts ...string) error {
	first := ""
	if len(subdistricts) > 0 {
		first = subdistricts[0]
	}
	missing, err := a.missingDemo(ctx, a.db.Reader(), adcode, first)
	if err != nil || len(missing) == 0 {
		return err
	}
	hash, err := a.hash(ctx, auth.DemoPassword)
	if err != nil {
		return err
	}
	err = a.db.Write(ctx, postgres.System(adcode, "yike"), "演示数据 / demonstration data", func(tx *postgres.Tx) error {
		if err := lockAccounts(ctx, tx, adcode); err != nil {
			return err
		}
		missing, err := a.missingDemo(ctx, tx, adcode, first)
		if err != nil {
			return err
		}
		if len(missing) == 0 {
			return errNothingToDo
		}
		for _, m := range missing {
			if err := a.plantDemo(ctx, tx, m, hash); err != nil {
				return err
			}
		}
		return nil
	})
	a.held.empty()
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}

// missingDemo lists the demonstration accounts that are not there, or not as they should
// be.
func (a *Accounts) missingDemo(ctx context.Context, q postgres.Querier, adcode, subdistrict string) ([]auth.DemoAccount, error) {
	there, err := readAccounts(ctx, q, adcode, `a.demo`, pgx.StrictNamedArgs{})
	if err != nil {
		return nil, err
	}
	held := map[string]auth.Grant{}
	for _, acc := range there {
		for _, g := range acc.Grants {
			held[acc.Name] = g.Grant
		}
	}
	var missing []auth.DemoAccount
	for _, d := range auth.DemoAccounts(subdistrict) {
		if held[d.Name] != d.Grant {
			missing = append(missing, d)
		}
	}
	return missing, nil
}

func (a *Accounts) plantDemo(ctx context.Context, tx *postgres.Tx, d auth.DemoAccount, hash string) error {
	adcode := tx.Writer().AdCode
	found, err := readAccounts(ctx, tx, adcode, `a.name = @name`, pgx.StrictNamedArgs{"name": d.Name})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return a.plant(ctx, tx, seed{name: d.Name, display: d.DisplayName, department: d.Department, grants: []auth.Grant{d.Grant}, hash: hash, demo: true})
	}
	if !found[0].Demo {
		return nil // a real account has the name: it stays as it is
	}
	tx.Note(postgres.Note{Action: "grant.create", Kind: "account", ID: found[0].ID, After: d.Grant})
	_, err = tx.Exec(ctx, `DELETE FROM account_grant WHERE adcode = @adcode AND account_id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": found[0].ID})
	if err != nil {
		return fmt.Errorf("take former roles: %w", err)
	}
	_, err = insertGrant(ctx, tx, found[0].ID, d.Grant)
	return err
}
