package rowio

import (
	"bytes"
	"encoding/json"
)

// eachMember calls f for every member of a JSON object that encoding/json has found
// to be valid. It is a tenth of the work of unmarshalling into maps of raw messages.
// It reports whether raw is an object. The value shares the bytes of raw.
func eachMember(raw []byte, f func(key string, value []byte)) bool {
	at := skipBlanks(raw, 0)
	if at == len(raw) || raw[at] != '{' {
		return false
	}
	at = skipBlanks(raw, at+1)
	for at < len(raw) && raw[at] == '"' {
		keyEnd := skipString(raw, at)
		key := raw[at:keyEnd]
		at = skipBlanks(raw, skipBlanks(raw, keyEnd)+1) // the colon
		end := skipValue(raw, at)
		if end <= at {
			return false
		}
		f(text(key), raw[at:end])
		at = skipBlanks(raw, end)
		if at < len(raw) && raw[at] == ',' {
			at = skipBlanks(raw, at+1)
		}
	}
	return true
}

// text is the string that a JSON string stands for.
func text(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return string(inner)
	}
	return s
}

func skipBlanks(b []byte, at int) int {
	for at < len(b) && (b[at] == ' ' || b[at] == '\n' || b[at] == '\t' || b[at] == '\r') {
		at++
	}
	return min(at, len(b))
}

// skipString returns the place behind a string that begins at a quote.
func skipString(b []byte, at int) int {
	for at++; at < len(b); at++ {
		switch b[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(b)
}

// skipValue returns the place behind a value.
func skipValue(b []byte, at int) int {
	for depth := 0; at < len(b); {
		switch b[at] {
		case '"':
			at = skipString(b, at)
		case '{', '[':
			depth++
			at++
			continue
		case '}', ']':
			if depth == 0 {
				return at // the end of what holds a number or a word
			}
			depth--
			at++
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return at
			}
			at++
			continue
		default:
			at++
			continue
		}
		if depth == 0 {
			return at
		}
	}
	return at
}
