// Package basemap passes on the tiles of one background map (天地图 or any WMTS or XYZ
// server) so that browsers ask this server only and the key stays here. It owns the
// address template, the limits on what comes back and a small cache; it knows nothing
// of what is drawn above.
//
// It is no open proxy: host, path and query are fixed by the template, and a request
// chooses three whole numbers.
package basemap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"
)

// Config sets up a Proxy. Only Template is required.
type Config struct {
	// Template is the tile address with {z}, {x}, {y} and, when there is a Key, {key}.
	Template   string
	Key        string
	MaxZoom    int           // the last zoom asked for; 18 when 0
	Timeout    time.Duration // for one tile; 10 s when 0
	MaxBytes   int64         // of one tile; 1 MiB when 0
	CacheBytes int64         // of all kept tiles; 32 MiB when 0
	// Transport makes the requests; nil takes the standard one, which honours HTTPS_PROXY.
	Transport http.RoundTripper
	// Log hears of upstream failures, without address or key; nil for nobody.
	Log *slog.Logger
}

// Faults of a configuration and of a request.
var (
	ErrTemplate = errors.New("base map address template")
	ErrTile     = errors.New("no such tile address")
	ErrNoTile   = errors.New("the base map has no such tile")
	ErrUpstream = errors.New("the base map server did not give a tile")
)

// Proxy fetches and keeps tiles. It is safe for concurrent use.
type Proxy struct {
	config Config
	client *http.Client
	flight singleflight.Group
	cache  *cache
}

// Image is one tile as it came.
type Image struct {
	Type string // e.g. "image/png"
	Body []byte
}

// New checks the configuration. The error wraps ErrTemplate and holds no key.
func New(c Config) (*Proxy, error) {
	if err := checkTemplate(c); err != nil {
		return nil, err
	}
	if c.MaxZoom == 0 {
		c.MaxZoom = 18
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = 1 << 20
	}
	if c.CacheBytes == 0 {
		c.CacheBytes = 32 << 20
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Proxy{
		config: c,
		client: &http.Client{
			Transport: c.Transport,
			Timeout:   c.Timeout,
			// A redirect would let the upstream choose where this server calls next.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		cache: newCache(c.CacheBytes),
	}, nil
}

func checkTemplate(c Config) error {
	u, err := url.Parse(strings.NewReplacer("{z}", "1", "{x}", "1", "{y}", "1", "{key}", "k").Replace(c.Template))
	switch {
	case err != nil:
		return fmt.Errorf("%w: not an address", ErrTemplate)
	case (u.Scheme != "https" && u.Scheme != "http") || u.Host == "":
		return fmt.Errorf("%w: want http(s)://host/…", ErrTemplate)
	case u.User != nil:
		return fmt.Errorf("%w: no user in the address", ErrTemplate)
	case strings.ContainsAny(u.String(), "{}") || strings.Contains(u.String(), "%7B"):
		return fmt.Errorf("%w: knows {z}, {x}, {y} and {key} only", ErrTemplate)
	case strings.Contains(c.Template, "{key}") != (c.Key != ""):
		return fmt.Errorf("%w: {key} and a key belong together", ErrTemplate)
	}
	_, rest, _ := strings.Cut(c.Template, "://")
	host, path, _ := strings.Cut(rest, "/")
	if strings.ContainsAny(host, "{}") {
		return fmt.Errorf("%w: the host is fixed", ErrTemplate)
	}
	for _, part := range []string{"{z}", "{x}", "{y}"} {
		if !strings.Contains(path, part) {
			return fmt.Errorf("%w: lacks %s", ErrTemplate, part)
		}
	}
	return nil
}

// Tile fetches a tile or takes it from the cache. The error wraps ErrTile, ErrNoTile
// or ErrUpstream and never holds the address or the key.
func (p *Proxy) Tile(ctx context.Context, z, x, y string) (Image, error) {
	at, err := p.parse(z, x, y)
	if err != nil {
		return Image{}, err
	}
	if img, ok := p.cache.get(at); ok {
		return img, nil
	}
	// One fetch serves all who ask; it goes on when the first of them leaves.
	done := p.flight.DoChan(at.String(), func() (any, error) {
		img, err := p.fetchSafely(context.WithoutCancel(ctx), at)
		switch {
		case err == nil:
			p.cache.put(at, img)
		case errors.Is(err, ErrUpstream):
			p.config.Log.WarnContext(ctx, "base map tile", "tile", at.String(), "error", err)
		}
		return img, err
	})
	select {
	case <-ctx.Done():
		return Image{}, ctx.Err()
	case r := <-done:
		img, _ := r.Val.(Image)
		return img, r.Err
	}
}

// fetchSafely is fetch on a goroutine of its own, where a panic would end the whole
// program, so that a panic is an error.
func (p *Proxy) fetchSafely(ctx context.Context, at address) (img Image, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			img, err = Image{}, fmt.Errorf("fetch base map tile: panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return p.fetch(ctx, at)
}

type address struct{ z, x, y int }

func (a address) String() string { return fmt.Sprintf("%d/%d/%d", a.z, a.x, a.y) }

func (p *Proxy) parse(z, x, y string) (address, error) {
	var n [3]int
	for i, s := range []string{z, x, y} {
		v, err := strconv.ParseUint(s, 10, 31)
		if err != nil || (len(s) > 1 && s[0] == '0') {
			return address{}, fmt.Errorf("%w: %q is not a whole number", ErrTile, s)
		}
		n[i] = int(v)
	}
	if n[0] > p.config.MaxZoom || n[1] >= 1<<n[0] || n[2] >= 1<<n[0] {
		return address{}, fmt.Errorf("%w: %d/%d/%d", ErrTile, n[0], n[1], n[2])
	}
	return address{n[0], n[1], n[2]}, nil
}

func (p *Proxy) fetch(ctx context.Context, at address) (Image, error) {
	target := strings.NewReplacer(
		"{z}", strconv.Itoa(at.z), "{x}", strconv.Itoa(at.x), "{y}", strconv.Itoa(at.y), "{key}", url.QueryEscape(p.config.Key),
	).Replace(p.config.Template)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return Image{}, fmt.Errorf("%w: build the request", ErrUpstream)
	}
	req.Header.Set("Accept", strings.Join(imageTypes(), ", "))
	req.Header.Set("User-Agent", "yike")
	resp, err := p.client.Do(req)
	if err != nil {
		return Image{}, fmt.Errorf("%w: %w", ErrUpstream, withoutURL(err))
	}
	defer func() { _ = resp.Body.Close() }()
	switch {
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusNoContent:
		return Image{}, fmt.Errorf("%w: %s", ErrNoTile, at)
	case resp.StatusCode != http.StatusOK:
		return Image{}, fmt.Errorf("%w: status %d", ErrUpstream, resp.StatusCode)
	}
	return p.read(resp)
}

func (p *Proxy) read(resp *http.Response) (Image, error) {
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(imageTypes(), kind) {
		return Image{}, fmt.Errorf("%w: content of type %q", ErrUpstream, kind)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, p.config.MaxBytes+1))
	if err != nil {
		return Image{}, fmt.Errorf("%w: %w", ErrUpstream, withoutURL(err))
	}
	if int64(len(body)) > p.config.MaxBytes {
		return Image{}, fmt.Errorf("%w: more than %d bytes", ErrUpstream, p.config.MaxBytes)
	}
	return Image{Type: kind, Body: body}, nil
}

// imageTypes are passed on; SVG is not, as it can carry scripts.
func imageTypes() []string {
	return []string{"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"}
}

// withoutURL takes the address, and with it the key, out of a client's error.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
