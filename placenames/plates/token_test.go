package plates_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/placenames/plates"
)

const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

func drawn(t *rapid.T) plates.Token {
	data := rapid.SliceOfN(rapid.Byte(), plates.DataSymbols, plates.DataSymbols).Draw(t, "lot")
	token, err := plates.NewToken(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestEverySingleErrorAndEveryExchangeIsNoticed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(drawn(t).String())
		for i := range code {
			right := code[i]
			for _, wrong := range []byte(symbols) {
				if wrong == right {
					continue
				}
				code[i] = wrong
				if _, err := plates.ParseToken(string(code)); !errors.Is(err, plates.ErrCheck) {
					t.Fatalf("%s passes with a wrong symbol at %d: %v", code, i, err)
				}
			}
			code[i] = right
			for j := range i {
				if code[i] == code[j] {
					continue
				}
				code[i], code[j] = code[j], code[i]
				if _, err := plates.ParseToken(string(code)); !errors.Is(err, plates.ErrCheck) {
					t.Fatalf("%s passes with %d and %d exchanged: %v", code, i, j, err)
				}
				code[i], code[j] = code[j], code[i]
			}
		}
	})
}

func TestACodeIsReadAsItIsWrittenAnywhere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		token := drawn(t)
		sloppy := strings.NewReplacer("1", "l", "0", "o").Replace(token.Lower())
		for _, s := range []string{token.String(), token.Lower(), token.Grouped(), strings.ToLower(token.Grouped()), sloppy, strings.ReplaceAll(token.Grouped(), "-", " ")} {
			if back, err := plates.ParseToken(s); err != nil || back != token {
				t.Fatalf("%q is read as %v, %v", s, back, err)
			}
		}
		if len(token.String()) != plates.Symbols || len(token.Grouped()) != plates.Symbols+2 {
			t.Fatalf("%s, %s", token, token.Grouped())
		}
		text, err := json.Marshal(token)
		if err != nil {
			t.Fatal(err)
		}
		var back plates.Token
		if err := json.Unmarshal(text, &back); err != nil || back != token {
			t.Fatalf("%s comes back as %v, %v", text, back, err)
		}
	})
}

func TestWhatIsNoCode(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "0", "0000000000000", "000000000000000", "U0000000000000", "0000000_000000", "门0000000000000", "----"} {
		if got, err := plates.ParseToken(s); !errors.Is(err, plates.ErrToken) || !got.IsZero() {
			t.Errorf("%q is read as %v, %v", s, got, err)
		}
	}
	var none plates.Token
	if none.String() != "" || none.Grouped() != "" || !none.IsZero() {
		t.Errorf("the zero code is %q", none.Grouped())
	}
	if err := none.UnmarshalText([]byte("x")); !errors.Is(err, plates.ErrToken) {
		t.Errorf("x is unmarshalled: %v", err)
	}
}

func TestARandomSourceThatEndsGivesNoCode(t *testing.T) {
	t.Parallel()
	if _, err := plates.NewToken(io.LimitReader(rand.Reader, plates.DataSymbols-1)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a short source gives %v", err)
	}
}

func TestOneInThirtyTwoInventedCodesPasses(t *testing.T) {
	t.Parallel()
	const tries = 32 * 2000
	passed, buf := 0, make([]byte, plates.Symbols)
	for range tries {
		if _, err := rand.Read(buf); err != nil {
			t.Fatal(err)
		}
		for i := range buf {
			buf[i] = symbols[buf[i]&31]
		}
		if _, err := plates.ParseToken(string(buf)); err == nil {
			passed++
		}
	}
	if passed < 1600 || passed > 2400 { // 2000 ± 9 standard deviations
		t.Errorf("%d of %d invented codes pass", passed, tries)
	}
}

func TestPayload(t *testing.T) {
	t.Parallel()
	token, err := plates.NewToken(bytes.NewReader(make([]byte, plates.DataSymbols)))
	if err != nil {
		t.Fatal(err)
	}
	if got := plates.Payload("dz.example.cn", token, false); got != "https://dz.example.cn/00000000000000" {
		t.Errorf("payload %s", got)
	}
	if got := plates.Payload("dz.example.cn", token, true); got != "HTTPS://DZ.EXAMPLE.CN/00000000000000" {
		t.Errorf("payload %s", got)
	}
	for host, ok := range map[string]bool{
		"dz.example.cn": true, "DZ.A-B.CN": true, "a.b": true, strings.Repeat("a", 34) + ".cn": true,
		"": false, "localhost": false, "a..b": false, ".a": false, "-a.cn": false, "a-.cn": false, "a.cn:80": false, "a.cn/": false, "a b.cn": false, "门.cn": false,
		strings.Repeat("a", 35) + ".cn": false,
	} {
		if err := plates.CheckHost(host); (err == nil) != ok {
			t.Errorf("host %q: %v", host, err)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, k := range plates.Kinds() {
		if !k.Valid() {
			t.Errorf("%s is not valid", k)
		}
	}
	if plates.Kind("huge").Valid() {
		t.Error("huge is valid")
	}
}
