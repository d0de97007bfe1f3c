package main

import (
	"context"
	"fmt"
	"strings"

	"yike/internal/auth"
)

type accountGrantCmd struct {
	ofAuthority
	Name string    `arg:"" help:"登录名 / account name"`
	Role grantText `arg:"" help:"角色，可用 @ 限定辖区 / role, bounded with @ to a division" placeholder:"ROLE[@DIVISION]"`
	reasoned
}

// Run gives the role.
func (c *accountGrantCmd) Run(ctx context.Context, a *app) error {
	return c.byName(ctx, a, c.Name, func(r registrar, acc auth.Account) error {
		_, err := r.Grant(ctx, r.writer, acc.ID, c.Role.grant(), c.Reason)
		return err
	})
}

type accountRevokeCmd struct {
	ofAuthority
	Name string    `arg:"" help:"登录名 / account name"`
	Role grantText `arg:"" help:"角色，可用 @ 限定辖区 / role, bounded with @ to a division" placeholder:"ROLE[@DIVISION]"`
	reasoned
}

// Run takes the role.
func (c *accountRevokeCmd) Run(ctx context.Context, a *app) error {
	return c.byName(ctx, a, c.Name, func(r registrar, acc auth.Account) error {
		for _, g := range acc.Grants {
			if g.Grant == c.Role.grant() {
				return r.Revoke(ctx, r.writer, acc.ID, g.ID, c.Reason)
			}
		}
		return fmt.Errorf("%s: %w", c.Role, auth.ErrNotFound)
	})
}

type accountResetCmd struct {
	ofAuthority
	Name       string `arg:"" help:"登录名 / account name"`
	RemoveTOTP bool   `name:"remove-totp" help:"同时停用动态验证码（手机和恢复码都已丢失时）/ take the second factor away too, when phone and recovery codes are lost"`
	reasoned
}

// Run resets the password, also of the administrators that a strict policy keeps apart.
func (c *accountResetCmd) Run(ctx context.Context, a *app) error {
	return c.byName(ctx, a, c.Name, func(r registrar, acc auth.Account) error {
		password, err := r.ResetPassword(ctx, r.writer, acc.ID, auth.Reset{Reason: c.Reason, RemoveTOTP: c.RemoveTOTP})
		if err != nil {
			return err
		}
		a.tellPassword(acc.Name, password)
		return nil
	})
}

type accountDisableCmd struct {
	ofAuthority
	Name string `arg:"" help:"登录名 / account name"`
}

// Run disables the account and ends its sessions.
func (c *accountDisableCmd) Run(ctx context.Context, a *app) error {
	return c.setStatus(ctx, a, c.Name, auth.Disabled)
}

type accountEnableCmd struct {
	ofAuthority
	Name string `arg:"" help:"登录名 / account name"`
}

// Run enables the account.
func (c *accountEnableCmd) Run(ctx context.Context, a *app) error {
	return c.setStatus(ctx, a, c.Name, auth.Active)
}

func (o ofAuthority) setStatus(ctx context.Context, a *app, name string, s auth.Status) error {
	return o.byName(ctx, a, name, func(r registrar, acc auth.Account) error {
		_, err := r.Update(ctx, r.writer, acc.ID, acc.Version, auth.AccountChange{Status: &s})
		return err
	})
}

type accountUnlockCmd struct {
	ofAuthority
	Name string `arg:"" help:"登录名 / account name"`
	reasoned
}

// Run opens the lock.
func (c *accountUnlockCmd) Run(ctx context.Context, a *app) error {
	return c.byName(ctx, a, c.Name, func(r registrar, acc auth.Account) error {
		return r.Unlock(ctx, r.writer, acc.ID, c.Reason)
	})
}

type accountLinkCmd struct {
	ofAuthority
	Name    string `arg:"" help:"登录名 / account name"`
	Issuer  string `required:"" help:"身份提供方的地址 / issuer of the identity provider"`
	Subject string `required:"" help:"该身份的 sub / the identity's sub there"`
}

// Run links the identity.
func (c *accountLinkCmd) Run(ctx context.Context, a *app) error {
	return c.byName(ctx, a, c.Name, func(r registrar, acc auth.Account) error {
		return r.LinkIdentity(ctx, r.writer, acc.ID, auth.Vouched{Issuer: c.Issuer, Subject: c.Subject})
	})
}

type accountUnlinkCmd struct {
	ofAuthority
	Name string `arg:"" help:"登录名 / account name"`
}

// Run unlinks the account from all its identities.
func (c *accountUnlinkCmd) Run(ctx context.Context, a *app) error {
	return c.byName(ctx, a, c.Name, func(r registrar, acc auth.Account) error { return r.UnlinkIdentities(ctx, r.writer, acc.ID) })
}

type tokenCreateCmd struct {
	ofAuthority
	Account string   `required:"" help:"令牌所属账号 / account that the token acts for"`
	Name    string   `required:"" help:"用途 / what it is for"`
	Actions []string `required:"" help:"权限，以逗号分隔 / actions, separated by commas, e.g. map.read"`
	Days    int      `help:"有效天数 / days that it works" default:"30"`
}

// Run makes the token and prints it; it is kept nowhere.
func (c *tokenCreateCmd) Run(ctx context.Context, a *app) error {
	n := auth.NewToken{Name: c.Name, Days: c.Days}
	for _, word := range c.Actions {
		n.Actions = append(n.Actions, auth.Action(strings.TrimSpace(word)))
	}
	return c.byName(ctx, a, c.Account, func(r registrar, acc auth.Account) error {
		token, secret, err := r.CreateToken(ctx, r.writer, acc.ID, n)
		if err != nil {
			return err
		}
		say(a.stderr, "令牌有效至 / the token works until %s:\n", token.ExpiresAt.Format("2006-01-02"))
		say(a.stdout, "%s\n", secret)
		return nil
	})
}
