package audit

import (
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Cursor is a place in the list of entries; the zero value is before the newest.
type Cursor struct {
	At time.Time
	ID string
}

// ErrBadCursor says that a text is no cursor of ours.
var ErrBadCursor = errors.New("the cursor is not one of ours")

// String is an opaque form of the cursor, "" for the zero value.
func (c Cursor) String() string {
	if c == (Cursor{}) {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(timeText(c.At) + " " + c.ID))
}

// ParseCursor reads the form that String gives, or returns ErrBadCursor.
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Cursor{}, ErrBadCursor
	}
	moment, id, _ := strings.Cut(string(raw), " ")
	at, errAt := time.Parse(timeForm, moment)
	parsed, errID := uuid.Parse(id)
	if errAt != nil || errID != nil {
		return Cursor{}, ErrBadCursor
	}
	return Cursor{At: at, ID: parsed.String()}, nil
}
