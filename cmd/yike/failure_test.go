package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"yike/internal/postgres"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	code := func(c string) error { return &pgconn.PgError{Code: c} }
	for name, tc := range map[string]struct {
		err    error
		status int // 0: no problem of its own
		code   string
	}{
		"nothing known":        {err: errors.New("x")},
		"a wrong statement":    {err: code("42601")},
		"a right that lacks":   {&postgres.ForbiddenError{Action: "facility.write", Division: "420103"}, 403, "forbidden"},
		"a policy's refusal":   {&postgres.ForbiddenError{}, 403, "forbidden"},
		"a stale version":      {postgres.ErrStale, 412, "stale"},
		"a key used before":    {postgres.ErrKeyReused, 422, "idempotency_key_reused"},
		"a full disk":          {code("53100"), 503, "disk"},
		"a database away":      {code("57P01"), 503, "database_away"},
		"too many connections": {code("53300"), 503, "busy"},
		"a slow statement":     {code("57014"), 503, "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := explain(fmt.Errorf("store: %w", tc.err))
			if tc.status == 0 {
				if p != nil {
					t.Errorf("got %+v; want none", p)
				}
				return
			}
			if p == nil || p.Status != tc.status || p.Code != tc.code || p.Detail.ZH == "" || p.Detail.EN == "" {
				t.Errorf("got %+v; want %d %s", p, tc.status, tc.code)
			}
		})
	}
	if p := explain(&postgres.ForbiddenError{Action: "facility.write", Division: "420103"}); !strings.Contains(p.Detail.EN, "420103") {
		t.Errorf("%q does not say where", p.Detail.EN)
	}
}
