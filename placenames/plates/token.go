package plates

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrToken is returned for a text that cannot be a code: wrong length or a character that
// the alphabet has not.
var ErrToken = errors.New("not a plate code")

// ErrCheck is returned for a text of the right shape whose check symbol does not fit: it was
// read or typed wrongly, or invented.
var ErrCheck = errors.New("the check symbol of the plate code does not fit")

const (
	// DataSymbols carry what was drawn by lot: 65 bits.
	DataSymbols = 13
	// Symbols are all of a code, the check symbol last.
	Symbols = DataSymbols + 1

	// alphabet is Crockford's base 32 (crockford.com/base32.html): no I, L, O or U. All of
	// it lies in the alphanumeric mode of QR codes.
	alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	// field is the polynomial x⁵ + x² + 1 of GF(32), of which 2 is a primitive element.
	field = 0b100101
)

// Token is the code of one plate: 13 symbols by lot and a check symbol. It says nothing of
// the place. The zero Token is no code. Tokens can be compared and be keys of maps.
type Token struct{ text string } // Symbols upper-case symbols, or nothing

// NewToken draws a code from random, which must be a cryptographic source such as
// crypto/rand.Reader: who knows some codes must not be able to tell others. It returns the
// error of the source.
func NewToken(random io.Reader) (Token, error) {
	var drawn [DataSymbols]byte
	if _, err := io.ReadFull(random, drawn[:]); err != nil {
		return Token{}, fmt.Errorf("draw a plate code: %w", err)
	}
	var text [Symbols]byte
	for i := range drawn {
		drawn[i] &= 31
		text[i] = alphabet[drawn[i]]
	}
	text[DataSymbols] = alphabet[checkOf(drawn)]
	return Token{text: string(text[:])}, nil
}

// ParseToken reads a code as it is scanned or typed: in either case, with or without the
// dashes and blanks of its groups, I and L for 1 and O for 0. It returns ErrToken or
// ErrCheck. Every single wrong symbol is noticed, and so is every exchange of two symbols,
// neighbours or not; of other texts of the right shape 1 in 32 passes.
func ParseToken(s string) (Token, error) {
	var symbols [Symbols]byte
	n := 0
	for i := range len(s) {
		c := s[i]
		if c == '-' || c == ' ' {
			continue
		}
		v, ok := valueOf(c)
		if !ok || n == Symbols {
			return Token{}, ErrToken
		}
		symbols[n] = v
		n++
	}
	if n != Symbols {
		return Token{}, ErrToken
	}
	if checkOf([DataSymbols]byte(symbols[:DataSymbols])) != symbols[DataSymbols] {
		return Token{}, ErrCheck
	}
	for i, v := range symbols {
		symbols[i] = alphabet[v]
	}
	return Token{text: string(symbols[:])}, nil
}

// checkOf is the Reed–Solomon check symbol Σ αⁱdᵢ, i from 1, over GF(32). The weights of all
// places, and 1 for the check symbol itself, are different, since the order of α is 31: that
// is why an exchange of any two symbols shows.
func checkOf(data [DataSymbols]byte) byte {
	var sum byte
	for i := DataSymbols - 1; i >= 0; i-- { // Horner
		sum = double(sum ^ data[i])
	}
	return sum
}

func double(v byte) byte {
	v <<= 1
	if v > 31 {
		v ^= field
	}
	return v
}

func valueOf(c byte) (byte, bool) {
	if 'a' <= c && c <= 'z' {
		c -= 'a' - 'A'
	}
	switch c {
	case 'I', 'L':
		return 1, true
	case 'O':
		return 0, true
	}
	i := strings.IndexByte(alphabet, c)
	return byte(i), i >= 0 //nolint:gosec // below 32, or not used
}

// String is the code as it is stored and printed into the symbol: 14 upper-case symbols;
// nothing of the zero Token.
func (t Token) String() string { return t.text }

// Lower is the code in lower case, for addresses of pages.
func (t Token) Lower() string { return strings.ToLower(t.text) }

// Grouped is the code as it is printed beside the symbol to be read aloud: XXXX-XXXXX-XXXXX.
func (t Token) Grouped() string {
	if t.IsZero() {
		return ""
	}
	return t.text[:4] + "-" + t.text[4:9] + "-" + t.text[9:]
}

// IsZero tells that there is no code.
func (t Token) IsZero() bool { return t.text == "" }

// MarshalText writes the code as String does.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.text), nil }

// UnmarshalText reads a code as ParseToken does.
func (t *Token) UnmarshalText(text []byte) error {
	read, err := ParseToken(string(text))
	if err != nil {
		return err
	}
	*t = read
	return nil
}
