package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is the server's own, read again when its files change, so that a renewed
// one needs no restart.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu   sync.Mutex
	held *tls.Certificate
	seen [2]stamp // of the files when they were looked at last
}

// stamp tells one state of a file from another.
type stamp struct {
	at   time.Time
	size int64
}

// loadCertificate reads the two files. An error is of what was given.
func loadCertificate(certFile, keyFile string, log *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log}
	c.seen = c.stamps()
	cert, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, usageError{fmt.Errorf("YIKE_TLS_CERT、YIKE_TLS_KEY 无法读取 / cannot be read: %w", err)}
	}
	c.held = &cert
	return c, nil
}

// config is TLS with this certificate.
func (c *certificate) config() *tls.Config {
	return &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
}

// get gives the certificate for a connection. Files that changed and cannot be read, as
// when only one of the two has been replaced yet, leave the one that was held; the next
// change is tried again.
func (c *certificate) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.stamps()
	if now == c.seen {
		return c.held, nil
	}
	c.seen = now
	cert, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		c.log.WarnContext(hello.Context(), "the changed certificate cannot be used; the one before goes on", slog.Any("error", err))
		return c.held, nil
	}
	c.held = &cert
	c.log.InfoContext(hello.Context(), "the certificate was read again")
	return c.held, nil
}

// stamps looks at the files; one that is not there has none.
func (c *certificate) stamps() (all [2]stamp) {
	for i, name := range []string{c.certFile, c.keyFile} {
		if info, err := os.Stat(name); err == nil {
			all[i] = stamp{at: info.ModTime(), size: info.Size()}
		}
	}
	return all
}
