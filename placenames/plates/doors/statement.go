package doors

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// StatementType is the media type that the head of a statement names.
const StatementType = "yike-door+json"

// StatementLife is for how long a statement holds: as long as a cache may answer with what it
// kept while the server is away.
const StatementLife = 7 * 24 * time.Hour

// Statement is what the authority states of a code, in a form that an inspector's device can
// verify without a network: a JSON Web Signature in flattened JSON (RFC 7515, 7.2.2) by Ed25519
// (RFC 8037). The keys are a JSON Web Key Set (RFC 7517).
type Statement struct {
	Code    string   `json:"code"`
	Status  Standing `json:"status"`
	Address string   `json:"address,omitempty"`
	Roman   string   `json:"roman,omitempty"`
	Kind    string   `json:"kind,omitempty"`
	Face    string   `json:"face,omitempty"`
	FixedOn string   `json:"fixed_on,omitempty"`
	Issued  int64    `json:"iat"` // seconds since 1970
	Expires int64    `json:"exp"`
}

// StatementOf states what the public door says, from the full hour of now on, so that whoever
// asks twice within an hour gets the same bytes.
func StatementOf(d Door, now time.Time) Statement {
	d = d.Public()
	issued := now.Truncate(time.Hour)
	return Statement{
		Code: d.Code, Status: d.Standing, Address: d.Text, Roman: d.Roman, Kind: d.Kind, Face: d.Face, FixedOn: string(d.FixedOn),
		Issued: issued.Unix(), Expires: issued.Add(StatementLife).Unix(),
	}
}

type signed struct {
	Protected string `json:"protected"`
	Payload   string `json:"payload"`
	Signature string `json:"signature"`
}

type signedHead struct {
	Alg string `json:"alg"`
	Kid string `json:"kid"`
	Typ string `json:"typ"`
}

// Sign writes a statement as a flattened JSON Web Signature. sign makes the Ed25519 signature of a
// message with the key that kid names. The only error is of encoding.
func Sign(s Statement, kid string, sign func(message []byte) []byte) ([]byte, error) {
	head, err := json.Marshal(signedHead{"EdDSA", kid, StatementType})
	if err != nil {
		return nil, fmt.Errorf("encode the head of a statement: %w", err)
	}
	body, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode a statement: %w", err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	out := signed{Protected: b64(head), Payload: b64(body)}
	out.Signature = b64(sign([]byte(out.Protected + "." + out.Payload)))
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode a signed statement: %w", err)
	}
	return raw, nil
}

// What a statement is not taken for.
var (
	ErrForged  = errors.New("the statement is not signed by a key of the authority")
	ErrExpired = errors.New("the statement is no longer valid")
)

// Verify reads a signed statement. key gives the public key of an id, nil for one that is not
// the authority's. It returns ErrForged for whatever is not what Sign writes, and ErrExpired with
// the statement for one that held before now.
func Verify(raw []byte, key func(kid string) ed25519.PublicKey, now time.Time) (Statement, error) {
	var in signed
	var head signedHead
	var s Statement
	if json.Unmarshal(raw, &in) != nil || decode(in.Protected, &head) != nil || head.Alg != "EdDSA" || head.Typ != StatementType {
		return Statement{}, ErrForged
	}
	public := key(head.Kid)
	signature, err := base64.RawURLEncoding.DecodeString(in.Signature)
	if len(public) != ed25519.PublicKeySize || err != nil || !ed25519.Verify(public, []byte(in.Protected+"."+in.Payload), signature) {
		return Statement{}, ErrForged
	}
	if decode(in.Payload, &s) != nil {
		return Statement{}, ErrForged
	}
	if now.Unix() >= s.Expires {
		return s, ErrExpired
	}
	return s, nil
}

func decode(text string, into any) error {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("decode base 64: %w", err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("decode JSON: %w", err)
	}
	return nil
}

// KeySet writes the public key of the authority as a JSON Web Key Set.
func KeySet(kid string, public ed25519.PublicKey) ([]byte, error) {
	type key struct {
		Kty string `json:"kty"`
		Crv string `json:"crv"`
		Alg string `json:"alg"`
		Use string `json:"use"`
		Kid string `json:"kid"`
		X   string `json:"x"`
	}
	raw, err := json.Marshal(map[string][]key{"keys": {{"OKP", "Ed25519", "EdDSA", "sig", kid, base64.RawURLEncoding.EncodeToString(public)}}})
	if err != nil {
		return nil, fmt.Errorf("encode a key set: %w", err)
	}
	return raw, nil
}
