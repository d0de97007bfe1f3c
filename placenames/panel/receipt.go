package panel

import (
	"encoding/binary"
	"strings"
	"time"

	"yike/internal/record"
	"yike/placenames"
)

type groundCode = placenames.Code

// digits are those of base 32 after Crockford: without I, L, O and U, which are misread.
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// receiptLetters has 60 bits: of a million comments one guess in 10¹² is somebody's.
const receiptLetters = 12

// Receipt writes chance as the code by which somebody asks what became of a comment:
// 7KQ2-XW9D-M4TB.
func Receipt(chance [8]byte) string {
	bits := binary.BigEndian.Uint64(chance[:])
	var out strings.Builder
	for i := range receiptLetters {
		if i > 0 && i%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(digits[bits>>(59-5*i)&31]) // the highest four bits are left out
	}
	return out.String()
}

// ReadReceipt reads a code as somebody typed it: in any case, with or without the strokes and
// spaces, with letters for the digits that they look like. False for what is none.
func ReadReceipt(typed string) (string, bool) {
	const longest = 64
	if len(typed) > longest {
		return "", false
	}
	var out strings.Builder
	n := 0
	for _, c := range strings.ToUpper(typed) {
		switch c {
		case ' ', '-', '－', '—', '\u3000':
			continue
		case 'O':
			c = '0'
		case 'I', 'L':
			c = '1'
		}
		if c > 'Z' || !strings.ContainsRune(digits, c) || n == receiptLetters {
			return "", false
		}
		if n > 0 && n%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteRune(c)
		n++
	}
	return out.String(), n == receiptLetters
}

// DaysFrom counts the days from one to another, both with it; 0 where the second is before the
// first, or one is no day.
func DaysFrom(from, until record.Day) int {
	a, errA := time.Parse(time.DateOnly, string(from))
	b, errB := time.Parse(time.DateOnly, string(until))
	if errA != nil || errB != nil || b.Before(a) {
		return 0
	}
	return int(b.Sub(a)/(24*time.Hour)) + 1
}

// After gives the day some days of the calendar later; the day itself where it is none.
func After(d record.Day, days int) record.Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return record.Day(t.AddDate(0, 0, days).Format(time.DateOnly))
}
