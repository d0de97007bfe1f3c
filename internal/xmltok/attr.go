package xmltok

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// Attr is the value of the attribute with that local name of the last Start token, with
// references resolved; false if there is none. A value that is not well-formed is taken
// as absent.
func (s *Scanner) Attr(name string) ([]byte, bool) {
	rest := s.attrs
	for {
		key, value, behind, ok := cutAttr(rest)
		if !ok {
			return nil, false
		}
		if string(local(key)) == name {
			v, err := s.resolve(value)
			return v, err == nil
		}
		rest = behind
	}
}

// AttrString is Attr as a string, "" if there is none.
func (s *Scanner) AttrString(name string) string {
	v, _ := s.Attr(name)
	return string(v)
}

// EachAttr calls do for each attribute of the last Start token, in order, with its full
// name and its value.
func (s *Scanner) EachAttr(do func(name, value []byte)) {
	rest := s.attrs
	for {
		key, value, behind, ok := cutAttr(rest)
		if !ok {
			return
		}
		if v, err := s.resolve(value); err == nil {
			do(key, v)
		}
		rest = behind
	}
}

// cutAttr splits the first name="value" off.
func cutAttr(b []byte) (key, value, behind []byte, ok bool) {
	i := 0
	for i < len(b) && blank(b[i]) {
		i++
	}
	from := i
	for i < len(b) && b[i] != '=' && !blank(b[i]) {
		i++
	}
	key = b[from:i]
	for i < len(b) && blank(b[i]) {
		i++
	}
	if i >= len(b) || b[i] != '=' || len(key) == 0 {
		return nil, nil, nil, false
	}
	for i++; i < len(b) && blank(b[i]); i++ {
		continue
	}
	if i >= len(b) || b[i] != '"' && b[i] != '\'' {
		return nil, nil, nil, false
	}
	quote := b[i]
	end := bytes.IndexByte(b[i+1:], quote)
	if end < 0 {
		return nil, nil, nil, false
	}
	return key, b[i+1 : i+1+end], b[i+1+end+1:], true
}

// resolve replaces references. The result is part itself where there are none.
func (s *Scanner) resolve(part []byte) ([]byte, error) {
	i := bytes.IndexByte(part, '&')
	if i < 0 {
		return part, s.checkText(part)
	}
	s.scratch = s.scratch[:0]
	for i >= 0 {
		s.scratch = append(s.scratch, part[:i]...)
		part = part[i+1:]
		end := bytes.IndexByte(part[:min(len(part), 16)], ';')
		if end < 0 {
			return nil, s.syntax("a & that begins no reference")
		}
		r, ok := reference(string(part[:end]))
		if !ok {
			return nil, s.syntax("the reference &" + string(part[:end]) + "; is not known")
		}
		s.scratch = utf8.AppendRune(s.scratch, r)
		part = part[end+1:]
		i = bytes.IndexByte(part, '&')
	}
	s.scratch = append(s.scratch, part...)
	return s.scratch, s.checkText(s.scratch)
}

// reference gives the character of amp, lt, gt, quot, apos, #10 or #xA.
func reference(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) || n < 0x20 && n != '\t' && n != '\n' && n != '\r' {
		return 0, false
	}
	return rune(n), true
}

// checkText refuses what XML does not allow as a character.
func (s *Scanner) checkText(text []byte) error {
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b >= utf8.RuneSelf:
			if !utf8.Valid(text[i:]) {
				return s.syntax("text that is not UTF-8")
			}
			return s.checkControls(text[i:])
		case b < 0x20 && b != '\t' && b != '\n' && b != '\r':
			return s.syntax("a control character")
		}
	}
	return nil
}

func (s *Scanner) checkControls(text []byte) error {
	for _, b := range text {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\r' {
			return s.syntax("a control character")
		}
	}
	return nil
}

// Declared is the encoding that the first bytes of a text declare, in lower case; "" if
// they declare none. head should have the first 200 bytes or so.
func Declared(head []byte) string {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	head, _, _ = bytes.Cut(head[len("<?xml"):], []byte("?>"))
	for {
		key, value, behind, ok := cutAttr(head)
		if !ok {
			return ""
		}
		if string(key) == "encoding" {
			return string(bytes.ToLower(value))
		}
		head = behind
	}
}
