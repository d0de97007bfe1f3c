package postgres_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// The server's own refusals must be told from its passing troubles.
func TestRefusal(t *testing.T) {
	t.Parallel()
	good := dbtest.URL(t)
	for name, spoil := range map[string]func(*url.URL){
		"no such database": func(u *url.URL) { u.Path = "/there-is-none" },
		"wrong password":   func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), "wrong") },
		"no such user":     func(u *url.URL) { u.User = url.UserPassword("nobody-of-that-name", "x") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(good)
			if err != nil {
				t.Fatal(err)
			}
			spoil(u)
			_, err = postgres.Migrate(t.Context(), u.String())
			if zh, en, ok := postgres.Refusal(err); !ok || zh == "" || en == "" {
				t.Errorf("%v: not told as a refusal (%q, %q)", err, zh, en)
			}
		})
	}
	for name, err := range map[string]error{
		"none":                 nil,
		"another":              errors.New("connection refused"),
		"starting up":          &pgconn.PgError{Code: "57P03"},
		"too many connections": &pgconn.PgError{Code: "53300"},
	} {
		if _, _, ok := postgres.Refusal(err); ok {
			t.Errorf("%s: told as a refusal", name)
		}
	}
}
