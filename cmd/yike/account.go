package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/user"
	"regexp"
	"strings"
	"time"

	"yike/internal/auth"
	"yike/internal/auth/authdb"
	"yike/internal/keys"
	"yike/internal/pack/packdb"
	"yike/internal/postgres"
)

// accountCmd administers accounts on the server itself: whoever may run it needs no role,
// and is named in the audit log by the user of the operating system.
type accountCmd struct {
	Create        accountCreateCmd  `cmd:"" help:"新建账号，并显示一次性密码 / make an account and print its one-time password"`
	List          accountListCmd    `cmd:"" help:"列出账号 / list accounts"`
	Grant         accountGrantCmd   `cmd:"" help:"授予角色 / give a role"`
	Revoke        accountRevokeCmd  `cmd:"" help:"收回角色 / take a role"`
	ResetPassword accountResetCmd   `cmd:"" help:"重置密码，并显示一次性密码 / give a new one-time password and print it"`
	Disable       accountDisableCmd `cmd:"" help:"停用账号 / disable an account"`
	Enable        accountEnableCmd  `cmd:"" help:"启用账号 / enable a disabled account"`
	Unlock        accountUnlockCmd  `cmd:"" help:"解除登录锁定 / open a lock after failed sign-ins"`
	Unlink        accountUnlinkCmd  `cmd:"" help:"解除账号与统一身份认证的关联 / unlink an account from its identities"`
	Link          accountLinkCmd    `cmd:"" help:"将统一身份认证的身份对应到账号 / link an identity of the identity provider"`
}

// tokenCmd makes API tokens for programs.
type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"建立 API 令牌 / make an API token and print it"`
}

// ofAuthority says whose accounts are meant.
type ofAuthority struct {
	Pack string `help:"辖区的代号或六位代码，默认为最近打开的 / slug or six-digit code of the district; the one opened last by default" placeholder:"SLUG"`
}

// registrar is the store of one authority's accounts, and who writes.
type registrar struct {
	*authdb.Accounts
	writer postgres.Writer
}

// withAccounts opens the database and calls fn with the accounts that are meant.
func (o ofAuthority) withAccounts(ctx context.Context, a *app, fn func(r registrar) error) error {
	db, err := a.openDB(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	adcode, err := o.adcode(ctx, db)
	if err != nil {
		return err
	}
	ring, err := keys.Open(keyDir(a.config))
	if err != nil {
		return err
	}
	return fromAuth(fn(registrar{authdb.New(db, ring, a.log, authdb.Options{}), postgres.System(adcode, whoAtConsole())}))
}

// adcode finds the authority. Six digits are taken as they are, so that accounts can be
// made before the first data pack is loaded.
func (o ofAuthority) adcode(ctx context.Context, db *postgres.DB) (string, error) {
	if regexp.MustCompile(`^[0-9]{6}$`).MatchString(o.Pack) {
		return o.Pack, nil
	}
	record, err := packdb.New(db).Opened(ctx, o.Pack)
	if err != nil {
		return "", noPack(err)
	}
	return record.AdCode, nil
}

// whoAtConsole names the user of the operating system for the audit log.
func whoAtConsole() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return "yike（" + u.Username + "）"
	}
	return "yike"
}

// fromAuth tells what is wrong with what was given as bad input.
func fromAuth(err error) error {
	for _, known := range []error{
		auth.ErrNotFound, auth.ErrNameTaken, auth.ErrGranted, auth.ErrRolesApart, auth.ErrNoReason, auth.ErrIdentityTaken,
		auth.ErrUnknownIdentity, auth.ErrTooMany,
	} {
		if errors.Is(err, known) {
			return usageError{err}
		}
	}
	if errors.As(err, new(*auth.InvalidError)) {
		return usageError{err}
	}
	return err
}

// byName calls fn with the account of a name.
func (o ofAuthority) byName(ctx context.Context, a *app, name string, fn func(r registrar, acc auth.Account) error) error {
	return o.withAccounts(ctx, a, func(r registrar) error {
		acc, err := r.AccountByName(ctx, r.writer, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return fn(r, acc)
	})
}

// grantText is a role, or role@division.
type grantText string

func (g grantText) grant() auth.Grant {
	role, division, _ := strings.Cut(string(g), "@")
	return auth.Grant{Role: auth.Role(role), Division: division}
}

type reasoned struct {
	Reason string `help:"理由，记入审计日志 / reason, for the audit log" default:"在服务器上操作 / done on the server"`
}

type accountCreateCmd struct {
	ofAuthority
	Name        string      `arg:"" help:"登录名 / name to sign in with"`
	DisplayName string      `help:"姓名或称呼，默认为登录名 / name for people; the account name by default"`
	Department  string      `help:"部门 / department"`
	Phone       string      `help:"电话 / phone"`
	Role        []grantText `help:"角色，可用 @ 限定辖区，可多次给出 / role, bounded with @ to a division; may be repeated" placeholder:"ROLE[@DIVISION]"`
	reasoned
}

// Run makes the account and its roles. The roles are checked first, so that a mistyped
// one leaves no account behind.
func (c *accountCreateCmd) Run(ctx context.Context, a *app) error {
	for _, g := range c.Role {
		if faults := g.grant().Validate(); len(faults) > 0 {
			return fromAuth(fmt.Errorf("--role %s: %w", g, &auth.InvalidError{Faults: faults}))
		}
	}
	if c.DisplayName == "" {
		c.DisplayName = c.Name
	}
	return c.withAccounts(ctx, a, func(r registrar) error {
		acc, password, err := r.Create(ctx, r.writer, auth.NewAccount{Name: c.Name, DisplayName: c.DisplayName, Department: c.Department, Phone: c.Phone})
		if err != nil {
			return err
		}
		// Said at once: it is kept nowhere, and a role may yet be refused.
		a.tellPassword(acc.Name, password)
		for _, g := range c.Role {
			if _, err := r.Grant(ctx, r.writer, acc.ID, g.grant(), c.Reason); err != nil {
				return fmt.Errorf("--role %s: %w", g, err)
			}
		}
		return nil
	})
}

// tellPassword prints a password that is kept nowhere.
func (a *app) tellPassword(name, password string) {
	say(a.stderr, "%s 的一次性密码，登录后须修改 / one-time password of %s, to be changed after signing in:\n", name, name)
	say(a.stdout, "%s\n", password)
}

type accountListCmd struct {
	ofAuthority
	Format string `help:"table、json 或 csv / table, json or csv" enum:"table,json,csv" default:"table"`
}

// listedAccount is a row of the list, with personal data masked.
type listedAccount struct {
	Name        string     `json:"name"`
	DisplayName string     `json:"display_name"`
	Department  string     `json:"department"`
	Phone       string     `json:"phone"`
	Status      string     `json:"status"`
	Demo        bool       `json:"demo"`
	Roles       []string   `json:"roles"`
	TOTP        bool       `json:"totp"`
	LockedUntil *time.Time `json:"locked_until"`
	LastSeenAt  *time.Time `json:"last_seen_at"`
}

// Run prints every account.
func (c *accountListCmd) Run(ctx context.Context, a *app) error {
	return c.withAccounts(ctx, a, func(r registrar) error {
		var all []listedAccount
		for after, more := "", true; more; {
			page, next, err := r.List(ctx, r.writer, auth.AccountQuery{After: after, Limit: 200})
			if err != nil {
				return err
			}
			for _, acc := range page {
				all, after = append(all, listed(acc)), acc.Name
			}
			more = next
		}
		return printAccounts(a.stdout, c.Format, all)
	})
}

func listed(acc auth.Account) listedAccount {
	out := listedAccount{
		Name: acc.Name, DisplayName: acc.DisplayName, Department: acc.Department, Phone: auth.MaskPhone(acc.Phone),
		Status: string(acc.Status), Demo: acc.Demo, Roles: []string{}, TOTP: acc.TOTP,
	}
	for _, g := range acc.Grants {
		role := string(g.Role)
		if g.Division != "" {
			role += "@" + g.Division
		}
		out.Roles = append(out.Roles, role)
	}
	if !acc.LockedUntil.IsZero() {
		out.LockedUntil = &acc.LockedUntil
	}
	if !acc.LastSeenAt.IsZero() {
		out.LastSeenAt = &acc.LastSeenAt
	}
	return out
}

func printAccounts(w io.Writer, format string, all []listedAccount) error {
	if format == "json" {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if all == nil {
			all = []listedAccount{}
		}
		if err := enc.Encode(all); err != nil {
			return fmt.Errorf("write JSON: %w", err)
		}
		return nil
	}
	head := []string{"name", "display_name", "department", "phone", "status", "roles", "totp", "locked_until", "last_seen_at"}
	rows := [][]string{head}
	for _, acc := range all {
		rows = append(rows, []string{
			acc.Name, acc.DisplayName, acc.Department, acc.Phone, acc.Status, strings.Join(acc.Roles, " "), yesOrNo(acc.TOTP),
			timeText(acc.LockedUntil), timeText(acc.LastSeenAt),
		})
	}
	if format == "csv" {
		return writeAccountsCSV(w, rows)
	}
	t := textTable{right: make([]bool, len(head)), rows: rows}
	t.print(w)
	return nil
}

func writeAccountsCSV(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				row[i] = "'" + cell // a spreadsheet would take it for a formula
			}
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func timeText(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
