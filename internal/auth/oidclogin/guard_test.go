package oidclogin

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestOtherHostsAreNotThisMachine: a discovery document may name another host, but one
// that leads here gets no connection, whatever it is called.
func TestOtherHostsAreNotThisMachine(t *testing.T) {
	t.Parallel()
	var taken atomic.Int64
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			taken.Add(1)
			_ = c.Close()
		}
	}()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	dial := func(issuer, host string) error {
		u, err := url.Parse(issuer)
		if err != nil {
			t.Fatal(err)
		}
		c, err := newTransport(u, nil, 5*time.Second).DialContext(t.Context(), "tcp", net.JoinHostPort(host, port))
		if err == nil {
			err = c.Close()
		}
		return err
	}
	for _, host := range []string{"127.0.0.1", "localhost", "::ffff:127.0.0.1", "0.0.0.0"} {
		if err := dial("https://sso.example.gov.cn", host); !errors.Is(err, errLocal) {
			t.Errorf("dial %s for another issuer: %v; want refused", host, err)
		}
	}
	if taken.Load() != 0 {
		t.Errorf("%d connections were made; want none", taken.Load())
	}
	// The issuer may be here, by an administrator's choice; then others may too.
	for issuer, host := range map[string]string{"https://LOCALHOST:" + port: "localhost", "https://127.0.0.1": "127.0.0.1", "http://localhost": "127.0.0.1"} {
		if err := dial(issuer, host); err != nil {
			t.Errorf("dial %s for the issuer %s: %v", host, issuer, err)
		}
	}
	if err := listener.Close(); err != nil {
		t.Error(err)
	}
	<-done
}

func TestRefuseLocal(t *testing.T) {
	t.Parallel()
	for address, refused := range map[string]bool{
		"127.0.0.1:443": true, "127.9.9.9:443": true, "[::1]:443": true, "[::ffff:127.0.0.1]:443": true, "0.0.0.0:443": true, "[::ffff:0.0.0.0]:443": true, "[::]:443": true,
		"169.254.169.254:80": true, "[::ffff:169.254.169.254]:80": true, "[fe80::1%eth0]:443": true, "224.0.0.1:443": true, "nonsense": true,
		// Private networks are where such providers are.
		"10.1.2.3:443": false, "172.16.0.1:443": false, "192.168.1.1:443": false, "[fd00::1]:443": false, "203.0.113.7:443": false,
	} {
		if err := refuseLocal("tcp", address, nil); (err != nil) != refused || err != nil && !errors.Is(err, errLocal) {
			t.Errorf("refuseLocal(%s) = %v; want refused: %v", address, err, refused)
		}
	}
}

func TestGuardKnowsItsAddresses(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	t.Cleanup(server.Close)
	p, err := New(Config{Issuer: server.URL, ClientID: "a", ClientSecret: "b", RedirectURL: "https://yike.example.cn/back"})
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := base.JoinPath("b")
	query.RawQuery = "c=d"
	client := p.clientFor(base.JoinPath("a"), query)
	for path, allowed := range map[string]bool{"/a": true, "/b?c=d": true, "/b": false, "/a/": false, "/a?x=y": false, "/other": false} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader("body"))
			if err != nil {
				t.Fatal(err)
			}
			answer, err := client.Do(r)
			if err == nil {
				_ = answer.Body.Close()
			}
			if allowed != (err == nil) || !allowed && !errors.Is(err, errAddress) {
				t.Errorf("%s %s: %v; want allowed: %v", method, path, err, allowed)
			}
		}
	}
	if calls.Load() != 4 {
		t.Errorf("%d calls reached the server; want 4", calls.Load())
	}
}
