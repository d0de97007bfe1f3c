package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"yike/internal/httpapi"
	"yike/internal/postgres"
)

// Limits of one HTTP connection. A request that may take longer than most moves
// writeTimeout for itself.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 2 * time.Minute
	idleTimeout   = 2 * time.Minute
	takeTimeout   = 15 * time.Second // in which a client of HTTP/2 takes anything at all
	maxHeader     = 64 << 10
)

// serveCmd serves the product until it is told to stop.
type serveCmd struct {
	Data string `help:"先载入的数据包目录，默认为 DATA，否则用已载入的 / folder of the data pack to load first; DATA by default, else what is loaded already" placeholder:"DIR"`
}

// front hands requests to the router of the moment, so that the server can listen
// before it has anything to serve.
type front struct {
	router  atomic.Pointer[http.Handler]
	closing atomic.Bool // every answer asks the client to come by another connection
}

func (f *front) show(h http.Handler) { f.router.Store(&h) }

// ServeHTTP serves with the present router.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.closing.Load() {
		w.Header().Set("Connection", "close")
	}
	(*f.router.Load()).ServeHTTP(w, r)
}

// Run listens at once, boots, and serves until ctx ends; then requests under way are
// let finish. The private cluster goes on running, so that the next start is quick.
func (c *serveCmd) Run(ctx context.Context, a *app) error {
	if c.Data != "" {
		a.config.Data = c.Data
	}
	s := newServer(a)
	s.watchSealing(s.sealingLag)
	s.watchJobs(s.jobStates)
	web := newHTTPServer(s.front, a.log)
	if err := useTLS(web, a); err != nil {
		return err
	}
	stopFigures, err := s.serveFigures(ctx)
	if err != nil {
		return err
	}
	defer stopFigures()
	listener, err := listen(ctx, a.config)
	if err != nil {
		return err
	}
	open := httpapi.NewConnections(a.config.Serving.Open, a.config.Serving.Proxies)
	web.ConnState = open.Follow
	s.front.show(s.bootRouter())
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	address := addressOf(web, listener)
	served := make(chan error, 1)
	go func() { served <- serveOn(web, open.Bound(listener)) }()
	booted := make(chan struct{})
	go func() {
		defer close(booted)
		s.run(ctx, cancel, address)
	}()
	a.log.InfoContext(ctx, "listening", "address", address)
	for _, w := range a.config.warnings() {
		a.log.WarnContext(ctx, "configuration", "zh", w.zh, "en", w.en)
	}
	select {
	case err = <-served:
		cancel(err)
	case <-ctx.Done():
		err = s.shutDown(web, a.config.Serving.stopTimes())
	}
	<-booted
	s.close()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// run boots and then watches the database. A boot that a person must mend ends the
// whole server with its cause.
func (s *server) run(ctx context.Context, cancel context.CancelCauseFunc, address string) {
	began := time.Now()
	if err := s.bootUntilReady(ctx); err != nil {
		if errors.Is(err, postgres.ErrStopped) {
			s.end(ctx, cancel)
		} else if ctx.Err() == nil {
			cancel(err) // Run gives the cause to whoever started us
		}
		return
	}
	s.app.log.InfoContext(ctx, "ready", "address", address, "took", time.Since(began).Round(time.Millisecond))
	if err := s.app.say("\n一刻已就绪，请用浏览器打开 / Yike is ready, open in a browser:  %s\n\n", address); err != nil {
		s.app.log.WarnContext(ctx, "the address was not printed", slog.Any("error", err))
	}
	wait, err := s.work(ctx)
	if err != nil {
		cancel(err)
		return
	}
	defer wait()
	if errors.Is(s.watchDatabase(ctx), postgres.ErrStopped) {
		s.end(ctx, cancel)
	}
}

// end ends the whole server because its database was stopped, which is no fault.
func (s *server) end(ctx context.Context, cancel context.CancelCauseFunc) {
	s.app.log.InfoContext(ctx, "the private database cluster was stopped, so the server ends")
	cancel(nil)
}

func newHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		HTTP2:          &http.HTTP2Config{WriteByteTimeout: takeTimeout},
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// useTLS makes the server speak TLS itself where it has a certificate.
func useTLS(web *http.Server, a *app) error {
	files := a.config.Serving
	if files.CertFile == "" {
		return nil
	}
	cert, err := loadCertificate(files.CertFile, files.KeyFile, a.log)
	if err != nil {
		return err
	}
	web.TLSConfig = cert.config()
	return nil
}

func serveOn(web *http.Server, l net.Listener) error {
	if web.TLSConfig != nil {
		return web.ServeTLS(l, "", "") // the files are the configuration's
	}
	return web.Serve(l)
}

func listen(ctx context.Context, c config) (net.Listener, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", net.JoinHostPort(c.Addr, strconv.Itoa(c.Port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, badInput(
			fmt.Sprintf("端口 %d 已被占用：一刻可能已在运行；否则请换一个，例如 PORT=%d", c.Port, c.Port+1),
			fmt.Sprintf("port %d is taken: yike may be running already; otherwise choose another, e.g. PORT=%d", c.Port, c.Port+1))
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return listener, nil
}

func addressOf(web *http.Server, l net.Listener) string {
	if web.TLSConfig != nil {
		return "https://" + l.Addr().String()
	}
	return "http://" + l.Addr().String()
}
