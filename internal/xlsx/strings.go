package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"yike/internal/xmltok"
)

func isErr(err, target error) bool { return errors.Is(err, target) }

// sharedStrings is the table of texts that cells refer to by number. It is read when the
// first cell refers to it, and kept as one text and the places in it: a million short
// texts then cost two allocations and not a million.
type sharedStrings struct {
	part  string
	read  bool
	whole string
	ends  []uint32
}

func (b *Book) sharedString(i int) (string, bool, error) {
	if !b.strings.read {
		if err := b.readStrings(); err != nil {
			return "", false, err
		}
	}
	if i < 0 || i >= len(b.strings.ends) {
		return "", false, nil
	}
	from := uint32(0)
	if i > 0 {
		from = b.strings.ends[i-1]
	}
	return b.strings.whole[from:b.strings.ends[i]], true, nil
}

func (b *Book) readStrings() error {
	t := &b.strings
	t.read = true
	if t.part == "" {
		return nil
	}
	var all []byte
	err := b.each(t.part, func(s *xmltok.Scanner) error {
		if string(s.Name()) != "si" {
			return nil
		}
		from := len(all)
		var err error
		if all, err = appendText(all, s, b.limits.CellBytes); err != nil {
			return err
		}
		all = tidy(all, from)
		if len(t.ends) >= b.limits.SharedStrings || len(all) > b.limits.SharedBytes {
			return &Error{ZH: "工作簿中的文字过多", EN: "the workbook has too much text"}
		}
		t.ends = append(t.ends, uint32(len(all))) //nolint:gosec // below the limit on bytes
		return nil
	})
	t.whole = string(all)
	return err
}

// appendText reads to the end of the element that just began and appends the text of its
// t elements, runs of rich text one behind the other, without phonetic hints.
func appendText(all []byte, s *xmltok.Scanner, most int) ([]byte, error) {
	depth := s.Depth()
	from := len(all)
	inText, phonetic := false, 0
	for {
		kind, err := s.Next()
		if err != nil {
			return all, unexpected(err)
		}
		switch name := s.Name(); kind {
		case xmltok.Start:
			if phonetic == 0 && string(name) == "rPh" {
				phonetic = s.Depth()
			}
			inText = phonetic == 0 && string(name) == "t"
		case xmltok.End:
			inText = false
			if s.Depth() < phonetic {
				phonetic = 0
			}
			if s.Depth() < depth {
				return all, nil
			}
		case xmltok.Text:
			if inText {
				if all = append(all, s.Text()...); len(all)-from > most {
					return all, cellTooLong(most)
				}
			}
		}
	}
}

func cellTooLong(most int) *Error {
	return &Error{ZH: fmt.Sprintf("一个单元格的文字超过 %d 字节", most), EN: fmt.Sprintf("the text of a cell has more than %d bytes", most)}
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// tidy undoes in all[from:] what the format does to characters: _x000D_ stands for one
// that XML cannot hold, and every end of line is one line feed. Characters that no table
// needs, the controls, are left out.
func tidy(all []byte, from int) []byte {
	part := all[from:]
	if bytes.IndexByte(part, '\r') < 0 && !bytes.Contains(part, []byte("_x")) {
		return all
	}
	return append(all[:from], unescape(string(part))...)
}

func unescape(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		r, ok := escaped(s)
		if !ok {
			b.WriteString("_x")
			s = s[len("_x"):]
			continue
		}
		if r >= 0x20 || r == '\t' || r == '\n' || r == '\r' {
			b.WriteRune(r)
		}
		s = s[len("_x0000_"):]
	}
	b.WriteString(s)
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(b.String())
}

// escaped reads _xHHHH_ at the beginning of s.
func escaped(s string) (rune, bool) {
	const size = len("_x0000_")
	if len(s) < size || s[size-1] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:size-1], 16, 16)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	return rune(n), true
}
