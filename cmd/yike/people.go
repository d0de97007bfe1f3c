package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/auth"
	"yike/internal/auth/authdb"
	"yike/internal/auth/authhttp"
	"yike/internal/auth/oidclogin"
	"yike/internal/httpapi"
	"yike/internal/keys"
	"yike/internal/pack/packdb"
	"yike/internal/postgres"
)

// people is who may come in, for the authority that is served.
type people struct {
	db       *postgres.DB
	log      *slog.Logger
	ring     *keys.Ring
	accounts *authdb.Accounts
	adcode   string
	demo     atomic.Bool // the demonstration accounts work
	oidc     *authhttp.OIDC
}

// keyDir holds the installation's keys, outside of the database.
func keyDir(c config) string { return filepath.Join(c.StateDir, "keys") }

// openPeople readies the accounts of the authority that is about to be served: the first
// administrator where there is nobody yet, and where a synthetic district is shown on
// this machine alone, the ready accounts of the demonstration.
func openPeople(ctx context.Context, a *app, db *postgres.DB, record packdb.Record) (*people, error) {
	ring, err := keys.Open(keyDir(a.config))
	if err != nil {
		return nil, err
	}
	p := &people{
		db: db, log: a.log, ring: ring, accounts: authdb.New(db, ring, a.log, authdb.Options{}), adcode: record.AdCode,
	}
	p.look(a.config, record)
	if p.oidc, err = p.provider(a.config); err != nil {
		return nil, err
	}
	first, err := p.accounts.FirstAdministrator(ctx, p.adcode)
	if err != nil {
		return nil, fmt.Errorf("make the first administrator: %w", err)
	}
	for _, f := range first {
		if err := a.say("\n首个管理员账号（一次性密码只显示这一次）/ first administrator (the one-time password is shown only now)\n    %s    %s\n",
			f.Name, f.Password); err != nil {
			return nil, err
		}
	}
	if !p.demo.Load() {
		return p, nil
	}
	list, err := divisiondb.New(db).List(ctx, p.adcode)
	if err != nil {
		return nil, err
	}
	if err := p.accounts.DemoAccounts(ctx, p.adcode, subdistricts(list)...); err != nil {
		return nil, fmt.Errorf("make the demonstration accounts: %w", err)
	}
	return p, nil
}

// look takes note of what is served from now on: the demonstration accounts are of a
// synthetic district, shown on this machine alone.
func (p *people) look(c config, record packdb.Record) {
	p.demo.Store(record.Manifest.Synthetic && c.isPrivate())
}

func subdistricts(list []divisions.Division) []string {
	var out []string
	for _, d := range list {
		if d.Level == divisions.Subdistrict {
			out = append(out, d.Code)
		}
	}
	return out
}

// isPrivate reports whether only this machine reaches the server.
func (c config) isPrivate() bool {
	if c.PublicURL != nil {
		return false
	}
	addr, err := netip.ParseAddr(strings.Trim(c.Addr, "[]"))
	return c.Addr == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

func (p *people) provider(c config) (*authhttp.OIDC, error) {
	if c.OIDC == nil {
		return nil, nil //nolint:nilnil // none is set
	}
	login, err := oidclogin.New(c.OIDC.Login)
	if err != nil {
		return nil, usageError{err}
	}
	return &authhttp.OIDC{Provider: login, Sealer: p.ring, Name: httpapi.Text{ZH: c.OIDC.NameZH, EN: c.OIDC.NameEN}, Log: p.log}, nil
}

func (p *people) writer(ctx context.Context) postgres.Writer { return writer(ctx, p.adcode) }

// signInsPerMinute is how often one address may try to sign in; behind one address may be
// a whole office.
const signInsPerMinute = 30

// gate puts the doors onto a router: who asks, and whether they may.
func (p *people) gate(r *chi.Mux) error {
	r.Use(authhttp.Authenticate(authhttp.Door{
		Resolver: p.accounts, AdCode: func() string { return p.adcode }, Demo: func() bool { return p.demo.Load() },
	}))
	r.Use(authhttp.LimitSignIns(signInsPerMinute))
	guard, err := authhttp.Guard(authhttp.Gate{Routes: r, Access: access(), Refused: p.refused, Missing: p.missing})
	if err != nil {
		return fmt.Errorf("the table of access: %w", err)
	}
	r.Use(guard)
	return nil
}

// refused leaves an entry in the audit log. That it cannot be left is no reason to let
// the request through, nor to answer it otherwise.
func (p *people) refused(ctx context.Context, _ auth.Identity, r authhttp.Refusal) {
	err := p.db.Refused(ctx, p.writer(ctx), "refused", "无权访问 / no right", postgres.Note{
		Action: string(r.Action), Kind: "route", ID: r.Method + " " + r.Pattern,
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		p.log.ErrorContext(ctx, "a refusal is not in the audit log", slog.Any("error", err))
	}
}

func (p *people) missing(ctx context.Context, method, pattern string) {
	p.log.ErrorContext(ctx, "a route has no row in the table of access, so it is closed", "method", method, "pattern", pattern)
}

// mount serves accounts and sign-in.
func (p *people) mount(api huma.API, r chi.Router) {
	c := authhttp.Config[postgres.Writer]{
		Store: p.accounts, Writer: p.writer, AdCode: func() string { return p.adcode }, Demo: func() bool { return p.demo.Load() }, OIDC: p.oidc,
	}
	authhttp.Register(api, c)
	authhttp.MountOIDC(r, c)
}
