// Package audit owns what becomes of the audit log once its entries are written: it
// seals them into a signed hash chain, verifies the chain against the database or
// against an exported file, lists the log and exports it. It knows no feature: entries
// are written by internal/postgres in the transaction of each write, and never here but
// for the log's own doings.
//
// # What is hashed
//
// Everything is hashed as text, each field as its length in four bytes, big endian, and
// then its bytes in UTF-8. Numbers are in decimal; hashes, keys and signatures in lower
// case hexadecimal; times in UTC as 2026-11-27T08:00:00.000000Z, always with six digits
// of a second. An export holds these very texts, so whoever reads one need only hash
// what is written there.
//
// The content of a block is the field "yike audit content 1" and then the 16 fields of
// each entry, in the order of the numbers of their transactions and within one of their
// ids: adcode, id, epoch, xid, at, account_id ("" for the system), who, why, from_addr,
// trace_id, action, outcome, subject_kind, subject_id, division_code, detail (as
// PostgreSQL writes jsonb). Its content hash is the SHA-256 of these.
//
// The hash of a block is the SHA-256 of the fields "yike audit block 1", adcode, number,
// epoch, xid_from, xid_to, entries, content_hash, previous_hash, key_id, sealed_at. The
// first block of an authority has 32 zero bytes as its previous hash. The signature is
// Ed25519 over the 32 bytes of the hash; key_id is the first eight bytes of the SHA-256
// of the public key.
//
// # What the chain shows
//
// Blocks of an authority are numbered from 1 without gaps, and each begins where the one
// before ended, so that no entry can lie between two. Whoever changes, removes, adds or
// reorders entries or blocks in the database cannot make the chain whole again without
// the key, which is no part of the database. A tail that is cut off is found by the
// heads that are written down outside of it (see Heads). Three things are out of reach:
// what is done to an entry in the second or two before it is sealed, a tail that is cut
// together with the lines of the heads that tell of it, and whoever holds the key.
package audit

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strconv"
	"time"

	"yike/internal/keys"
)

// The fields of an entry in the order that they are hashed in.
const (
	fieldAdCode = iota
	fieldID
	fieldEpoch
	fieldXid
	fieldAt
	fieldAccount
	fieldWho
	fieldWhy
	fieldFrom
	fieldTrace
	fieldAction
	fieldOutcome
	fieldKind
	fieldSubject
	fieldDivision
	fieldDetail
	fieldCount
)

// record is an entry as it is hashed. Its bytes are the reader's, until it reads on.
type record [fieldCount][]byte

const (
	contentTag = "yike audit content 1"
	blockTag   = "yike audit block 1"
	timeForm   = "2006-01-02T15:04:05.000000Z"
)

// Block is a sealed stretch of one authority's log: all its entries of the epoch whose
// transactions have numbers from XidFrom to below XidTo.
type Block struct {
	AdCode       string
	Number       int64 // from 1
	Epoch        int   // of the database's life, see the migration
	XidFrom      uint64
	XidTo        uint64
	Entries      int
	ContentHash  []byte
	PreviousHash []byte
	Hash         []byte
	KeyID        string
	Signature    []byte
	SealedAt     string // UTC, as it is hashed
}

func appendField[T string | []byte](to []byte, field T) []byte {
	to = binary.BigEndian.AppendUint32(to, uint32(len(field))) //nolint:gosec // PostgreSQL holds no longer one
	return append(to, field...)
}

// digest is the hash that the block ought to have.
func (b *Block) digest() []byte {
	fields := []string{
		blockTag, b.AdCode, strconv.FormatInt(b.Number, 10), strconv.Itoa(b.Epoch),
		strconv.FormatUint(b.XidFrom, 10), strconv.FormatUint(b.XidTo, 10), strconv.Itoa(b.Entries),
		hex.EncodeToString(b.ContentHash), hex.EncodeToString(b.PreviousHash), b.KeyID, b.SealedAt,
	}
	var text []byte
	for _, f := range fields {
		text = appendField(text, f)
	}
	sum := sha256.Sum256(text)
	return sum[:]
}

// content gathers the hash of a block's entries.
type content struct {
	sum   hash.Hash
	count int
	text  []byte // of one entry; kept for the next
}

func newContent() *content {
	c := &content{sum: sha256.New()}
	c.reset()
	return c
}

func (c *content) reset() {
	c.sum.Reset()
	c.count = 0
	_, _ = c.sum.Write(appendField(nil, contentTag))
}

func (c *content) add(r *record) {
	c.text = c.text[:0]
	for _, f := range r {
		c.text = appendField(c.text, f)
	}
	_, _ = c.sum.Write(c.text)
	c.count++
}

func (c *content) hash() []byte { return c.sum.Sum(nil) }

// genesis is what the first block has as its previous hash.
func genesis() []byte { return make([]byte, sha256.Size) }

func timeText(t time.Time) string { return t.UTC().Format(timeForm) }

// Keys are the public keys that signatures are checked with, by their ids.
type Keys map[string]ed25519.PublicKey

// KeysOf makes Keys of public keys: this installation's, and those it had before.
func KeysOf(public ...ed25519.PublicKey) Keys {
	k := Keys{}
	for _, p := range public {
		k[keys.KeyID(p)] = p
	}
	return k
}
