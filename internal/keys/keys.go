// Package keys owns the installation's own secrets, kept in files outside the database:
// the key that seals the audit log, the one that encrypts secrets at rest and the one that
// signs what is stated of address plates. A copy of the database alone can then neither forge
// the log or a statement nor open what is sealed. It knows no feature and no database.
package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const seedSize = 32

// Ring holds the keys. It is safe for concurrent use.
type Ring struct {
	audit ed25519.PrivateKey
	doors ed25519.PrivateKey
	seal  cipher.AEAD
}

// Open reads the keys in dir, and makes those that are missing, readable by their owner
// only. Two that open at once get the same keys. The errors say which file is at fault.
func Open(dir string) (*Ring, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of keys: %w", err)
	}
	seed, err := readOrMake(filepath.Join(dir, "audit.key"))
	if err != nil {
		return nil, err
	}
	doors, err := readOrMake(filepath.Join(dir, "doors.key"))
	if err != nil {
		return nil, err
	}
	secret, err := readOrMake(filepath.Join(dir, "secrets.key"))
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, fmt.Errorf("use the key for secrets: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("use the key for secrets: %w", err)
	}
	return &Ring{audit: ed25519.NewKeyFromSeed(seed), doors: ed25519.NewKeyFromSeed(doors), seal: aead}, nil
}

// readOrMake writes a new key beside its place and links it there, so that a key is
// whole or not there and the first of two makers wins.
func readOrMake(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, err
		}
		raw, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	key := make([]byte, hex.DecodedLen(len(raw)))
	if n, err := hex.Decode(key, raw); err != nil || n != seedSize {
		return nil, fmt.Errorf("%s is not a key: restore it from a backup", path)
	}
	return key, nil
}

func create(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*")
	if err != nil {
		return fmt.Errorf("make key: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	key := make([]byte, seedSize)
	_, _ = rand.Read(key) // never fails
	_, err = f.WriteString(hex.EncodeToString(key))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("make key: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("put key in place: %w", err)
	}
	return nil
}

// KeyID names a key: the first eight bytes of the SHA-256 of its public half,
// in hexadecimal.
func KeyID(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return hex.EncodeToString(sum[:8])
}

// AuditKeyID names the key that Sign uses.
func (r *Ring) AuditKeyID() string { return KeyID(r.AuditPublic()) }

// AuditPublic is what an outside verifier needs.
func (r *Ring) AuditPublic() ed25519.PublicKey {
	return r.audit.Public().(ed25519.PublicKey)
}

// Sign signs a block of the audit log.
func (r *Ring) Sign(message []byte) []byte { return ed25519.Sign(r.audit, message) }

// SignDoor signs what is stated of an address plate. Its key is no other's, so that it can be
// changed when it must be without the audit log.
func (r *Ring) SignDoor(message []byte) []byte { return ed25519.Sign(r.doors, message) }

// DoorPublic is what inspectors verify statements of plates by.
func (r *Ring) DoorPublic() ed25519.PublicKey {
	return r.doors.Public().(ed25519.PublicKey)
}

// DoorKeyID names the key that SignDoor uses.
func (r *Ring) DoorKeyID() string { return KeyID(r.DoorPublic()) }

// Seal encrypts a secret for one purpose, e.g. one account's second factor: Unseal needs the same.
func (r *Ring) Seal(secret []byte, purpose string) []byte {
	return r.seal.Seal(nil, nil, secret, []byte(purpose))
}

// ErrSealed says that a secret cannot be opened with this installation's key.
var ErrSealed = errors.New("the secret was sealed with another key, or for another purpose")

// Unseal gives back what Seal was given, or ErrSealed.
func (r *Ring) Unseal(sealed []byte, purpose string) ([]byte, error) {
	secret, err := r.seal.Open(nil, nil, sealed, []byte(purpose))
	if err != nil {
		return nil, ErrSealed
	}
	return secret, nil
}
