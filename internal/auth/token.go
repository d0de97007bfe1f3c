package auth

import (
	"hash/crc32"
	"strings"
)

// The form of API tokens: yk_, 32 letters that carry 160 random bits, and a check of
// four letters, so that a mistyped token, or one that a scanner of source code found,
// is known for one without asking anybody.
const (
	tokenPrefix = "yk_"
	tokenRandom = 32
	tokenCheck  = 4
)

// letters32 are Crockford's: none is mistaken for another.
const letters32 = "0123456789abcdefghjkmnpqrstvwxyz"

// Base32 writes bytes with 32 letters, five bits each; a last group of fewer bits is
// left out.
func Base32(b []byte) string {
	var out strings.Builder
	var held, bits uint
	for _, c := range b {
		held, bits = held<<8|uint(c), bits+8
		for bits >= 5 {
			bits -= 5
			out.WriteByte(letters32[held>>bits&31])
		}
	}
	return out.String()
}

// FormToken makes a token of 20 random bytes.
func FormToken(random [20]byte) string {
	body := Base32(random[:])
	return tokenPrefix + body + checkOf(body)
}

// WellFormedToken reports whether s could be a token.
func WellFormedToken(s string) bool {
	rest, ok := strings.CutPrefix(s, tokenPrefix)
	return ok && len(rest) == tokenRandom+tokenCheck && checkOf(rest[:tokenRandom]) == rest[tokenRandom:]
}

func checkOf(body string) string {
	sum := crc32.ChecksumIEEE([]byte(body))
	out := make([]byte, tokenCheck)
	for i := range out {
		out[i] = letters32[sum>>(5*i)&31]
	}
	return string(out)
}
