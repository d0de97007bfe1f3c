package authdb

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"

	"yike/internal/auth"
)

// Hashing says how passwords are hashed with argon2id, and how many at once. The costs
// are written into each hash, so they may be raised: a hash of other costs is made anew
// when its owner signs in.
type Hashing struct {
	MemoryKiB uint32 // of one hash
	Passes    uint32
	Lanes     uint8
	AtOnce    int // hashes under way at the same time: with MemoryKiB, this bounds the memory
	Waiting   int // how many more may wait; the next one is told auth.ErrBusy
}

// DefaultHashing is what OWASP asks for at least: 19 MiB, two passes, one lane; at most
// four at once, so at most 76 MiB. Who waits also keeps one of the server's places at
// work (64 by default), so only a few may: others than those who sign in need them, too.
func DefaultHashing() Hashing {
	return Hashing{MemoryKiB: 19 * 1024, Passes: 2, Lanes: 1, AtOnce: min(max(runtime.NumCPU(), 2), 4), Waiting: 16}
}

const (
	saltBytes = 16
	hashBytes = 32
	// What a stored hash may ask for: one that asks for more was not written by us.
	mostMemoryKiB, mostPasses, mostLanes = 256 * 1024, 16, 16
)

// hasher hashes and checks passwords, never too many at once.
type hasher struct {
	Hashing
	slots   chan struct{}
	present atomic.Int64 // under way and waiting
	derive  func(password, salt []byte, passes, memoryKiB uint32, lanes uint8, length uint32) []byte
}

func newHasher(h Hashing) *hasher {
	return &hasher{Hashing: h, slots: make(chan struct{}, h.AtOnce), derive: argon2.IDKey}
}

// slot is the right to hash, one password after the other.
type slot struct{ *hasher }

// run calls fn with a slot, waiting for one if it must. It returns auth.ErrBusy when too
// many wait already, and fn's error.
func (h *hasher) run(ctx context.Context, fn func(slot) error) error {
	defer h.present.Add(-1)
	if h.present.Add(1) > int64(h.AtOnce+h.Waiting) {
		return auth.ErrBusy
	}
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait to check a password: %w", ctx.Err())
	}
	defer func() { <-h.slots }()
	return fn(slot{h})
}

// costs are the parameters of one hash.
type costs struct {
	memoryKiB, passes uint32
	lanes             uint8
}

func (h *hasher) costs() costs { return costs{h.MemoryKiB, h.Passes, h.Lanes} }

// hash makes the PHC string of a password.
func (s slot) hash(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	c := s.costs()
	sum := s.derive([]byte(password), salt, c.passes, c.memoryKiB, c.lanes, hashBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memoryKiB, c.passes, c.lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

// check reports whether the password is the one of a PHC string. Where there is none it
// takes as long, and says no: how long an answer takes tells nobody whether there is
// such an account.
func (s slot) check(password, phc string) (bool, error) {
	if len(password) > auth.LongestPassword {
		password = "" // longer than any that was ever set
	}
	if phc == "" || password == "" {
		c := s.costs()
		_ = s.derive([]byte(password), make([]byte, saltBytes), c.passes, c.memoryKiB, c.lanes, hashBytes)
		return false, nil
	}
	c, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, err
	}
	sum := s.derive([]byte(password), salt, c.passes, c.memoryKiB, c.lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(sum, want) == 1, nil
}

// outdated reports whether a hash has other costs than new ones.
func (h *hasher) outdated(phc string) bool {
	c, _, _, err := parsePHC(phc)
	return err == nil && c != h.costs()
}

var errPHC = errors.New("a stored password hash is damaged")

func parsePHC(phc string) (c costs, salt, sum []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memoryKiB, &c.passes, &c.lanes); err != nil {
		return c, nil, nil, errPHC
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	sum, errSum := base64.RawStdEncoding.DecodeString(parts[5])
	sane := c.memoryKiB >= 8 && c.memoryKiB <= mostMemoryKiB && c.passes >= 1 && c.passes <= mostPasses &&
		c.lanes >= 1 && c.lanes <= mostLanes && len(salt) >= 8 && len(sum) >= 16 && len(sum) <= 64
	if errSalt != nil || errSum != nil || !sane {
		return c, nil, nil, errPHC
	}
	return c, salt, sum, nil
}
