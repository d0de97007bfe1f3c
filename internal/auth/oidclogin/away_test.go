package oidclogin_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"yike/internal/auth/oidclogin"
)

func TestDownAtStartAndUpLater(t *testing.T) {
	t.Parallel()
	c := &clock{}
	p := staff(t, nil)
	p.SetAway(true)
	l := login(t, p, func(conf *oidclogin.Config) { conf.Now = c.now })
	_, err := l.Start(t.Context(), state, nonce, verifier)
	kind(t, err, oidclogin.Away)
	_, err = l.Exchange(t.Context(), "code", nonce, verifier)
	kind(t, err, oidclogin.Away)
	p.SetAway(false)
	_, err = l.Start(t.Context(), state, nonce, verifier)
	kind(t, err, oidclogin.Away) // from memory
	if got := p.Calls(wellKnown); got != 1 {
		t.Errorf("asked %d times within the pause; want once", got)
	}
	c.turn(5 * time.Second)
	got, err := l.Exchange(t.Context(), code(t, p, l, "4201-0007"), nonce, verifier)
	if err != nil || got.Name != "wang.xm" {
		t.Errorf("Exchange = %+v, %v; want the provider found", got, err)
	}
	p.SetAway(true)
	_, err = l.Exchange(t.Context(), "code", nonce, verifier)
	kind(t, err, oidclogin.Away)
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	o := newOdd(t)
	l := o.login(t, nil)
	o.Close()
	e := fault(t, l.Check(t.Context()), oidclogin.Away)
	if !strings.Contains(e.Error(), "connect: connection refused") || strings.Contains(e.Error(), o.URL+wellKnown) {
		t.Errorf("error %v; want the connection refused, and no address", e)
	}
}

func TestStrangeCertificate(t *testing.T) {
	t.Parallel()
	p := staff(t, nil)
	l := login(t, p, func(c *oidclogin.Config) { c.CA = nil })
	e := fault(t, l.Check(t.Context()), oidclogin.Setup)
	if !strings.Contains(e.Error(), "certificate") {
		t.Errorf("error %v; want the certificate named", e)
	}
}

func TestProviderHangs(t *testing.T) {
	t.Parallel()
	o := newOdd(t)
	o.mux.HandleFunc(wellKnown, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	err := o.login(t, func(c *oidclogin.Config) { c.Timeout = 50 * time.Millisecond }).Check(t.Context())
	kind(t, err, oidclogin.Away)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v; want the deadline", err)
	}
}

// TestWhoGoesAwayLeavesNoFailure: a browser that closes while we discover must not make
// the next one wait.
func TestWhoGoesAwayLeavesNoFailure(t *testing.T) {
	t.Parallel()
	o := newOdd(t)
	doc := o.document(nil)
	asked := make(chan struct{})
	var first sync.Once
	o.mux.HandleFunc(wellKnown, func(w http.ResponseWriter, r *http.Request) {
		hang := false
		first.Do(func() { hang = true })
		if hang {
			close(asked)
			<-r.Context().Done()
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(doc) // the test fails for want of it
	})
	l := o.login(t, nil)
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		<-asked
		leave()
	}()
	err := l.Check(ctx)
	kind(t, err, oidclogin.Away)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v; want it to say that the caller left", err)
	}
	if err := l.Check(t.Context()); err != nil {
		t.Errorf("the next caller: %v", err)
	}
}

func TestWaitingCallerMayLeave(t *testing.T) {
	t.Parallel()
	o := newOdd(t)
	asked := make(chan struct{})
	o.mux.HandleFunc(wellKnown, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	})
	l := o.login(t, nil)
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- l.Check(ctx) }()
	<-asked
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	err := l.Check(gone)
	kind(t, err, oidclogin.Away)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v; want it to say that the caller left", err)
	}
	leave()
	kind(t, <-done, oidclogin.Away)
}

func TestManyCallersDiscoverOnce(t *testing.T) {
	t.Parallel()
	p := staff(t, nil)
	l := login(t, p, nil)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := l.Start(t.Context(), state, nonce, verifier); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := p.Calls(wellKnown); got != 1 {
		t.Errorf("discovered %d times; want once", got)
	}
}

func TestDiscoveryIsRefreshed(t *testing.T) {
	t.Parallel()
	c := &clock{}
	p := staff(t, nil)
	l := login(t, p, func(conf *oidclogin.Config) { conf.Now = c.now })
	check := func(step string) (calls int) {
		t.Helper()
		before := p.Calls(wellKnown)
		if err := l.Check(t.Context()); err != nil {
			t.Errorf("%s: %v", step, err)
		}
		return p.Calls(wellKnown) - before
	}
	for _, step := range []struct {
		name  string
		turn  time.Duration
		away  bool
		calls bool
	}{
		{name: "at first", calls: true},
		{name: "within the hour", turn: 59 * time.Minute},
		{name: "after the hour", turn: time.Minute, calls: true},
		{name: "away: the old one serves", turn: time.Hour, away: true, calls: true},
		{name: "away, at once again", away: true},
		{name: "away, after a pause", turn: 5 * time.Second, away: true, calls: true},
		{name: "back", turn: 5 * time.Second, calls: true},
		{name: "back, at once again"},
	} {
		c.turn(step.turn)
		p.SetAway(step.away)
		if got := check(step.name); (got > 0) != step.calls { // a broken connection may be tried twice
			t.Errorf("%s: discovered %d times; want some: %v", step.name, got, step.calls)
		}
	}
}
