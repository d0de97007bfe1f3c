package auth

import "strings"

// MaskPhone hides the middle of a telephone number: 138****1234. Of a short number only
// the last two digits are shown, of one of up to four none. "" stays "".
func MaskPhone(phone string) string {
	letters := []rune(phone)
	switch n := len(letters); {
	case n == 0:
		return ""
	case n <= 4:
		return strings.Repeat("*", n)
	case n < 11:
		return strings.Repeat("*", n-2) + string(letters[n-2:])
	default:
		return string(letters[:n-8]) + "****" + string(letters[n-4:])
	}
}
