package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"yike/internal/httpapi"
)

// servingConfig is how the server treats those who ask it.
type servingConfig struct {
	Proxies   []netip.Prefix // YIKE_TRUSTED_PROXIES: whose X-Forwarded-For is believed
	CertFile  string         // YIKE_TLS_CERT; empty for no TLS of our own
	KeyFile   string         // YIKE_TLS_KEY
	Metrics   string         // YIKE_METRICS_ADDR: host:port of the figures' own listener; empty for none
	StopGrace time.Duration  // YIKE_STOP_GRACE: for how long a stop goes on accepting
	Open      int            // YIKE_CONNECTIONS: connections open at once
	Limits    httpapi.Limits // YIKE_WORK, YIKE_WAITING, YIKE_TIMEOUT, YIKE_RATE_ADDRESS, YIKE_RATE_ACCOUNT, YIKE_RATE_MAP
}

// The defaults. Two cores work on some ten requests at once; 64 keeps a few slow ones
// from holding up the many quick ones, and who waits longer than five seconds has
// better be told to come again. A person who drags the map asks for some hundred tiles
// a minute. A whole bureau may come from one address, so the bound of an address only
// stops floods; what bounds a person is the bound of the account.
//
// A browser without HTTP/2 keeps up to six connections, so 2,048 are some 340 people at
// once, and idle ones make room for new ones; at about 20 KiB each all of them take 40
// MiB. 64 MiB of bodies are 2,048 small ones and 32 of the largest; 64 MiB of answers are
// some 600 large tiles that wait for slow clients.
const (
	defaultWork     = 64
	defaultWaiting  = 128
	defaultPatience = 5 * time.Second
	defaultStreams  = 256
	defaultTimeout  = 30

	defaultOpen   = 2048
	defaultBodies = 64 << 20
	defaultUnsent = 64 << 20

	defaultUploads = 512 << 20 // on disk: some twenty-five photos of the largest size at once

	defaultRateAddress = 12_000
	defaultRateAccount = 600
	defaultRateMap     = 3000

	// graceBehindProxy gives a proxy that watches /readyz the time to see the stop.
	// Without one nobody could send people elsewhere meanwhile, so there is no grace.
	graceBehindProxy = 5
)

// loadServing reads its part of the environment; every fault is named.
func loadServing(getenv func(string) string, public *url.URL) (servingConfig, error) {
	c := servingConfig{CertFile: getenv("YIKE_TLS_CERT"), KeyFile: getenv("YIKE_TLS_KEY"), Metrics: getenv("YIKE_METRICS_ADDR")}
	var faults []error
	count := func(name string, missing, least, most int) int {
		n, err := number(getenv, name, missing, least, most)
		faults = append(faults, err)
		return n
	}
	proxies, err := networks(getenv("YIKE_TRUSTED_PROXIES"))
	faults = append(faults, err)
	c.Proxies = proxies
	grace := 0
	if len(proxies) > 0 {
		grace = graceBehindProxy
	}
	c.StopGrace = time.Duration(count("YIKE_STOP_GRACE", grace, 0, 60)) * time.Second
	c.Open = count("YIKE_CONNECTIONS", defaultOpen, 16, 1_000_000)
	c.Limits = httpapi.Limits{
		Work: count("YIKE_WORK", defaultWork, 1, 10_000), Waiting: count("YIKE_WAITING", defaultWaiting, 0, 100_000),
		Patience: defaultPatience, Streams: defaultStreams, Bodies: defaultBodies, Unsent: defaultUnsent, Uploads: defaultUploads,
		Timeout:    time.Duration(count("YIKE_TIMEOUT", defaultTimeout, 1, 600)) * time.Second,
		PerAddress: count("YIKE_RATE_ADDRESS", defaultRateAddress, 0, 10_000_000),
		PerAccount: count("YIKE_RATE_ACCOUNT", defaultRateAccount, 0, 10_000_000),
		PerMap:     count("YIKE_RATE_MAP", defaultRateMap, 0, 10_000_000),
		// Who is on this machine is an administrator or a script of one, unless a proxy
		// is here that nobody told us of: then it is everybody.
		Loopback: public != nil && len(proxies) == 0,
	}
	if (c.CertFile == "") != (c.KeyFile == "") {
		faults = append(faults, badInput("YIKE_TLS_CERT 与 YIKE_TLS_KEY 须同时设置", "YIKE_TLS_CERT and YIKE_TLS_KEY must be set together"))
	}
	if c.Metrics != "" {
		if _, port, err := net.SplitHostPort(c.Metrics); err != nil || port == "" {
			faults = append(faults, badInput("YIKE_METRICS_ADDR 应形如 127.0.0.1:9100", "YIKE_METRICS_ADDR must look like 127.0.0.1:9100"))
		}
	}
	return c, errors.Join(faults...)
}

// networks reads addresses and CIDR blocks separated by commas.
func networks(text string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if addr, err := netip.ParseAddr(part); err == nil && addr.Zone() == "" {
			all = append(all, netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()))
			continue
		}
		block, err := netip.ParsePrefix(part)
		if err != nil || block.Bits() == 0 { // everybody is not a proxy
			return nil, badInput(
				fmt.Sprintf("YIKE_TRUSTED_PROXIES 中的 %q 应为地址或网段，例如 127.0.0.1 或 10.0.0.0/24", part),
				fmt.Sprintf("%q in YIKE_TRUSTED_PROXIES must be an address or a block such as 127.0.0.1 or 10.0.0.0/24", part))
		}
		all = append(all, block.Masked())
	}
	return all, nil
}

// isLoopback reports whether a host can be reached from this machine only.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// warning is a sentence for whoever starts the server.
type warning struct{ zh, en string }

// warnings tells what works, but not as whoever set it up may think.
func (c config) warnings() []warning {
	var all []warning
	secure := c.Serving.CertFile != "" || c.PublicURL != nil && c.PublicURL.Scheme == "https"
	if !secure && (!isLoopback(c.Addr) || c.PublicURL != nil) {
		all = append(all, warning{
			"没有启用 HTTPS：除本机外，浏览器不会保存登录所用的安全 Cookie，因此无法登录。请设置 YIKE_TLS_CERT 和 YIKE_TLS_KEY，或在反向代理上启用 HTTPS 并设置 YIKE_PUBLIC_URL",
			"HTTPS is off: browsers on other machines will not keep the secure cookie that sign-in needs, so nobody can sign in from there. Set YIKE_TLS_CERT and YIKE_TLS_KEY, or let a proxy serve HTTPS and set YIKE_PUBLIC_URL",
		})
	}
	if c.PublicURL != nil && len(c.Serving.Proxies) == 0 && c.Serving.CertFile == "" {
		all = append(all, warning{
			"设置了 YIKE_PUBLIC_URL 而没有 YIKE_TRUSTED_PROXIES：审计日志和限速看到的都是反向代理的地址",
			"YIKE_PUBLIC_URL is set without YIKE_TRUSTED_PROXIES: the audit log and the bounds on rate see the proxy's address for everybody",
		})
	}
	if host, _, err := net.SplitHostPort(c.Serving.Metrics); err == nil && !isLoopback(host) {
		all = append(all, warning{
			"运行指标在本机以外也能读取（YIKE_METRICS_ADDR），请用防火墙限制",
			"The figures can be read from other machines (YIKE_METRICS_ADDR); let a firewall bound who",
		})
	}
	return all
}
