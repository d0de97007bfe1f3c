package oidclogin

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

const (
	maxAnswer  = 256 << 10 // bytes of a body; a description or a set of keys has some 10 KiB
	maxHeaders = 64 << 10
)

// Why the guard let a call fail.
var (
	errAddress  = errors.New("not an address of this provider")
	errLocal    = errors.New("another host than the issuer's is on this machine or its link")
	errRedirect = errors.New("the provider redirects, which is not followed")
	errTooLarge = fmt.Errorf("the provider's answer is larger than %d KiB", maxAnswer>>10)
)

// statusError is an answer to a reading call that is not 200. It leaves out the body,
// which may hold anything.
type statusError int

func (s statusError) Error() string { return fmt.Sprintf("the provider answered %d", int(s)) }

// guard lets through calls to known addresses, and answers that are small and no redirect.
// It reads an answer whole, so that the libraries behind it fail where the cause is known.
type guard struct {
	base    http.RoundTripper
	allowed map[string]bool
}

// clientFor gives a client that calls these addresses and no other.
func (p *Provider) clientFor(addresses ...*url.URL) *http.Client {
	g := guard{base: p.base, allowed: map[string]bool{}}
	for _, u := range addresses {
		g.allowed[u.String()] = true
	}
	return &http.Client{Transport: g, Timeout: p.config.Timeout}
}

// RoundTrip makes one call.
func (g guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if !g.allowed[r.URL.String()] {
		if r.Body != nil {
			_ = r.Body.Close() // as RoundTrip must; it is a text in memory
		}
		return nil, errAddress
	}
	answer, err := g.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	_ = answer.Body.Close() // it was read, or is of no use
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the provider's answer: %w", err)
	case len(body) > maxAnswer:
		return nil, errTooLarge
	case answer.StatusCode >= 300 && answer.StatusCode < 400: // the client never sees it, and so cannot follow
		return nil, errRedirect
	case r.Method == http.MethodGet && answer.StatusCode != http.StatusOK:
		return nil, statusError(answer.StatusCode)
	}
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return answer, nil
}

// newTransport makes the connections. It believes the pool, uses no proxy, and refuses
// this machine and its link to hosts other than the issuer's.
func newTransport(issuer *url.URL, pool *x509.CertPool, timeout time.Duration) *http.Transport {
	chosen := &net.Dialer{Timeout: timeout}
	named := &net.Dialer{Timeout: timeout, Control: refuseLocal}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(address)
			if err == nil && (thisMachine(issuer) || strings.EqualFold(host, issuer.Hostname())) {
				return chosen.DialContext(ctx, network, address)
			}
			return named.DialContext(ctx, network, address)
		},
		TLSClientConfig:        &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    timeout,
		ResponseHeaderTimeout:  timeout,
		MaxResponseHeaderBytes: maxHeaders,
		MaxConnsPerHost:        16,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true,
	}
}

// refuseLocal is asked after a name was resolved and before the connection is made, so a
// name that resolves to something else the next time does not get round it.
func refuseLocal(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %w", errLocal, err)
	}
	ip := at.Addr().Unmap()
	if ip.IsLoopback() || ip.IsUnspecified() || ip.IsLinkLocalUnicast() || ip.IsMulticast() {
		return errLocal
	}
	return nil
}
