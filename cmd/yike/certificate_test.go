package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"yike/internal/postgres/dbtest"
)

// selfSigned writes a certificate for 127.0.0.1 and its key, and gives the certificate.
func selfSigned(t *testing.T, name, certFile, keyFile string) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
	return cert
}

func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// later makes the file differ from what it was, however coarse the clock of the disk.
func later(t *testing.T, file string, by time.Duration) {
	t.Helper()
	at := time.Now().Add(by)
	if err := os.Chtimes(file, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestCertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	selfSigned(t, "first", certFile, keyFile)
	var log strings.Builder
	c, err := loadCertificate(certFile, keyFile, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	is := func(when, want string) {
		t.Helper()
		got, err := c.get(&tls.ClientHelloInfo{})
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		if name := got.Leaf.Subject.CommonName; name != want {
			t.Errorf("%s the certificate is the %s; want the %s", when, name, want)
		}
	}
	is("at first", "first")

	other := filepath.Join(dir, "other-key.pem")
	selfSigned(t, "second", certFile, other)
	later(t, certFile, time.Minute)
	is("with a key of another", "first")
	is("and asked again", "first")
	if n := strings.Count(log.String(), "cannot be used"); n != 1 {
		t.Errorf("the log says it %d times:\n%s", n, log.String())
	}
	if err := os.Rename(other, keyFile); err != nil {
		t.Fatal(err)
	}
	later(t, keyFile, 2*time.Minute)
	is("with both replaced", "second")

	if err := os.Remove(certFile); err != nil {
		t.Fatal(err)
	}
	is("with one removed", "second")
}

func TestCertificateThatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.pem")
	write(t, empty, nil)
	for name, file := range map[string]string{"missing": filepath.Join(dir, "nowhere.pem"), "empty": empty} {
		if _, err := loadCertificate(file, file, slog.New(slog.DiscardHandler)); err == nil || !isBadInput(err) || !strings.Contains(err.Error(), "YIKE_TLS_CERT") {
			t.Errorf("%s: %v; want bad input that names the setting", name, err)
		}
	}
}

// A server on the intranet without a proxy speaks TLS by itself.
func TestServeTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	cert := selfSigned(t, "yike", certFile, keyFile)
	p := start(t, []string{"DATABASE_URL=" + dbtest.URL(t), "YIKE_TLS_CERT=" + certFile, "YIKE_TLS_KEY=" + keyFile, "DATA=" + demoPack(t, 3000)}, "serve")
	_, address, _ := strings.Cut(p.waitFor(t, "msg=listening"), "address=")
	if !strings.HasPrefix(address, "https://127.0.0.1:") {
		t.Fatalf("listens at %s", address)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}}
	t.Cleanup(client.CloseIdleConnections)
	res, err := client.Get(address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK || res.ProtoMajor != 2 {
		t.Errorf("%d by HTTP/%d; want 200 by HTTP/2", res.StatusCode, res.ProtoMajor)
	}
	if status, body := fetch(t, strings.Replace(address, "https", "http", 1)+"/healthz"); status != http.StatusBadRequest {
		t.Errorf("without TLS: %d %s; want 400", status, body)
	}
	old := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}}} //nolint:gosec // to be refused
	if res, err := old.Get(address + "/healthz"); err == nil {
		_ = res.Body.Close()
		t.Error("TLS 1.1 is spoken")
	}
	if code := signalAndWait(t, p, syscall.SIGTERM); code != exitOK {
		t.Errorf("SIGTERM ends it with %d; want 0\n%s", code, p.output())
	}
}
