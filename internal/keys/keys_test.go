package keys_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"yike/internal/keys"
)

func open(t *testing.T, dir string) *keys.Ring {
	t.Helper()
	r, err := keys.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestKeysStay(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	rings := make([]*keys.Ring, 8)
	var all sync.WaitGroup
	for i := range rings {
		all.Go(func() { rings[i], _ = keys.Open(dir) })
	}
	all.Wait()
	for _, r := range rings {
		if r == nil || r.AuditKeyID() != open(t, dir).AuditKeyID() {
			t.Fatal("makers at the same moment hold different keys")
		}
	}
	info, err := os.Stat(filepath.Join(dir, "audit.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("audit.key: %v, %v", info.Mode(), err)
	}
	signed := rings[0].Sign([]byte("block"))
	if !ed25519.Verify(open(t, dir).AuditPublic(), []byte("block"), signed) {
		t.Error("a signature does not verify")
	}
}

func TestDoorsHaveAKeyOfTheirOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ring := open(t, dir)
	signed := ring.SignDoor([]byte("door"))
	if !ed25519.Verify(open(t, dir).DoorPublic(), []byte("door"), signed) || ed25519.Verify(ring.AuditPublic(), []byte("door"), signed) {
		t.Error("a statement verifies by another key, or not by its own")
	}
	if ring.DoorKeyID() == ring.AuditKeyID() || ring.DoorKeyID() != open(t, dir).DoorKeyID() {
		t.Error("the key has no name of its own")
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sealed := open(t, dir).Seal([]byte("secret"), "a")
	if bytes.Contains(sealed, []byte("secret")) {
		t.Error("a sealed secret can be read")
	}
	if got, err := open(t, dir).Unseal(sealed, "a"); err != nil || string(got) != "secret" {
		t.Errorf("opened: %q, %v", got, err)
	}
	if _, err := open(t, dir).Unseal(sealed, "b"); !errors.Is(err, keys.ErrSealed) {
		t.Errorf("for another purpose: %v", err)
	}
	if _, err := open(t, t.TempDir()).Unseal(sealed, "a"); !errors.Is(err, keys.ErrSealed) {
		t.Errorf("with another key: %v", err)
	}
}

func TestDamagedKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "audit.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Open(dir); err == nil {
		t.Error("a damaged key was taken")
	}
}
