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

	"yike/internal/postgres"
)

// Limits of one HTTP connection. A page asks for many tiles at once and a coverage
// question may take a second or two; nothing takes a minute.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 2 * time.Minute
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 15 * time.Second
	maxHeader     = 64 << 10
)

// serveCmd serves the product until it is told to stop.
type serveCmd struct {
	Data string `help:"先载入的数据包目录，默认为 DATA，否则用已载入的 / folder of the data pack to load first; DATA by default, else what is loaded already" placeholder:"DIR"`
}

// front hands requests to the router of the moment, so that the server can listen
// before it has anything to serve.
type front struct{ router atomic.Pointer[http.Handler] }

func (f *front) show(h http.Handler) { f.router.Store(&h) }

// ServeHTTP serves with the present router.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*f.router.Load()).ServeHTTP(w, r) }

// Run listens at once, boots, and serves until ctx ends; then requests under way are
// let finish. The private cluster goes on running, so that the next start is quick.
func (c *serveCmd) Run(ctx context.Context, a *app) error {
	if c.Data != "" {
		a.config.Data = c.Data
	}
	listener, err := listen(ctx, a.config)
	if err != nil {
		return err
	}
	s := &server{app: a, ready: newReadiness(), front: &front{}}
	s.front.show(s.bootRouter())
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	web := newHTTPServer(s.front, a.log)
	served := make(chan error, 1)
	go func() { served <- web.Serve(listener) }()
	booted := make(chan struct{})
	go func() {
		defer close(booted)
		s.run(ctx, cancel, addressOf(listener))
	}()
	a.log.InfoContext(ctx, "listening", "address", addressOf(listener))
	select {
	case err = <-served:
		cancel(err)
	case <-ctx.Done():
		err = shutDown(web)
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
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

func shutDown(web *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := web.Shutdown(ctx); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
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

func addressOf(l net.Listener) string { return "http://" + l.Addr().String() }
