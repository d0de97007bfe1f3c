package authdb

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// readAccounts gives accounts with their grants, as far as the reader may see them, in
// the order of their names. what they have in secret tables is added by fill.
func readAccounts(ctx context.Context, q postgres.Querier, adcode, where string, args pgx.StrictNamedArgs) ([]auth.Account, error) {
	args["adcode"] = adcode
	rows, err := q.Query(ctx, `
SELECT a.id, a.version, a.name, a.display_name, a.department, a.phone, a.status, a.demo, `+grantsJSON+`
FROM account a WHERE a.adcode = @adcode AND `+where, args)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (auth.Account, error) {
		var a auth.Account
		var grants []byte
		err := row.Scan(&a.ID, &a.Version, &a.Name, &a.DisplayName, &a.Department, &a.Phone, &a.Status, &a.Demo, &grants)
		if err != nil {
			return a, err
		}
		return a, json.Unmarshal(grants, &a.Grants)
	})
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	return out, nil
}

// fill adds what only the owner of the tables may read, none of it a secret: whether
// there is a second factor, when the account was last used, whether it is locked.
func (a *Accounts) fill(ctx context.Context, adcode string, accounts []*auth.Account) error {
	ids, subjects := make([]string, len(accounts)), make([]string, len(accounts))
	byID, bySubject := map[string]*auth.Account{}, map[string]*auth.Account{}
	for i, acc := range accounts {
		ids[i], subjects[i] = acc.ID, a.nameSubject(acc.Name)
		byID[ids[i]], bySubject[subjects[i]] = acc, acc
	}
	rows, err := a.db.Reader().Query(ctx, `
SELECT x.account_id, x.totp_confirmed_at IS NOT NULL,
	greatest(x.last_login_at, (SELECT max(s.last_seen_at) FROM session s WHERE s.adcode = x.adcode AND s.account_id = x.account_id))
FROM account_secret x WHERE x.adcode = @adcode AND x.account_id = ANY (@ids::uuid[])`,
		pgx.StrictNamedArgs{"adcode": adcode, "ids": ids})
	if err != nil {
		return fmt.Errorf("read the state of accounts: %w", err)
	}
	var id string
	var totp bool
	var seen *time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &totp, &seen}, func() error {
		byID[id].TOTP = totp
		if seen != nil {
			byID[id].LastSeenAt = *seen
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the state of accounts: %w", err)
	}
	rows, err = a.db.Reader().Query(ctx, `
SELECT subject, locked_until FROM login_failure WHERE adcode = @adcode AND subject = ANY (@subjects) AND locked_until > @now`,
		pgx.StrictNamedArgs{"adcode": adcode, "subjects": subjects, "now": a.now()})
	if err != nil {
		return fmt.Errorf("read locks: %w", err)
	}
	var subject string
	var until time.Time
	_, err = pgx.ForEachRow(rows, []any{&subject, &until}, func() error {
		bySubject[subject].LockedUntil = until
		return nil
	})
	if err != nil {
		return fmt.Errorf("read locks: %w", err)
	}
	return nil
}

// List gives a page of the accounts that the writer may see, and whether there are more.
func (a *Accounts) List(ctx context.Context, w postgres.Writer, query auth.AccountQuery) (page []auth.Account, more bool, err error) {
	query.Text, query.After = storable(query.Text), storable(query.After)
	err = a.db.Read(ctx, w, func(q postgres.Querier) error {
		page, err = readAccounts(ctx, q, w.AdCode, `a.name > @after
	AND (@text = '' OR a.name ILIKE @like OR a.display_name ILIKE @like OR a.department ILIKE @like)
ORDER BY a.name LIMIT @limit`,
			pgx.StrictNamedArgs{"after": query.After, "text": query.Text, "like": "%" + escapeLike(query.Text) + "%", "limit": query.Limit + 1})
		return err
	})
	if err != nil {
		return nil, false, told(err)
	}
	if more = len(page) > query.Limit; more {
		page = page[:query.Limit]
	}
	each := make([]*auth.Account, len(page))
	for i := range page {
		each[i] = &page[i]
	}
	return page, more, a.fill(ctx, w.AdCode, each)
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// Account gives one account that the writer may see, or auth.ErrNotFound.
func (a *Accounts) Account(ctx context.Context, w postgres.Writer, id string) (auth.Account, error) {
	acc, err := a.one(ctx, w, id)
	if err != nil {
		return auth.Account{}, err
	}
	return acc, a.fill(ctx, w.AdCode, []*auth.Account{&acc})
}

// one is Account without what fill adds.
func (a *Accounts) one(ctx context.Context, w postgres.Writer, id string) (auth.Account, error) {
	var acc auth.Account
	err := a.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		acc, err = oneOf(ctx, q, w.AdCode, id)
		return err
	})
	return acc, told(err)
}

func oneOf(ctx context.Context, q postgres.Querier, adcode, id string) (auth.Account, error) {
	if !isID(id) {
		return auth.Account{}, auth.ErrNotFound
	}
	found, err := readAccounts(ctx, q, adcode, `a.id = @id`, pgx.StrictNamedArgs{"id": id})
	if err != nil {
		return auth.Account{}, err
	}
	if len(found) == 0 {
		return auth.Account{}, auth.ErrNotFound
	}
	return found[0], nil
}

// AccountByName gives an account by its name, or auth.ErrNotFound: for the command line.
func (a *Accounts) AccountByName(ctx context.Context, w postgres.Writer, name string) (auth.Account, error) {
	var acc auth.Account
	err := a.db.Read(ctx, w, func(q postgres.Querier) error {
		found, err := readAccounts(ctx, q, w.AdCode, `a.name = @name`, pgx.StrictNamedArgs{"name": auth.PlainName(name)})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return auth.ErrNotFound
		}
		acc = found[0]
		return nil
	})
	if err != nil {
		return auth.Account{}, told(err)
	}
	return acc, a.fill(ctx, w.AdCode, []*auth.Account{&acc})
}
