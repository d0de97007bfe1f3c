package rowio

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// delimited splits text into records as Excel does: quotes count where a value begins
// with one, and elsewhere stand for themselves. It never holds more than one record,
// whose size is bounded.
type delimited struct {
	r        io.Reader
	comma    byte
	mostCell int
	buf      []byte
	at       int // beginning of the next record; the places below are counted from it
	eof      bool
	line     int // of the next record, from 1
	width    int // of the record before
	breaks   int // line breaks inside of quotes, of the record being read
	scratch  []byte
	ends     []int
}

// errQuote says that a quote is not closed, or not within what a cell may have.
var errQuote = errors.New("a quote is not closed")

// errLongRecord says that a record without end was found.
var errLongRecord = errors.New("the record is too long")

const longestRecord = 16 // times the longest cell

func newDelimited(r io.Reader, comma byte, mostCell int) *delimited {
	return &delimited{r: r, comma: comma, mostCell: mostCell, buf: make([]byte, 0, 64<<10), line: 1}
}

// read gives the next record and the line on which it begins. errQuote and errLongRecord
// are about that record only: reading goes on with the next line.
func (d *delimited) read() (record []string, line int, err error) {
	line = d.line
	end, behind, err := d.findLine()
	if errors.Is(err, errLongRecord) {
		return nil, line, errors.Join(err, d.skipLine())
	}
	if err != nil {
		return nil, line, err
	}
	if text := d.buf[d.at : d.at+end]; bytes.IndexByte(text, '"') < 0 {
		record = d.split(string(text))
		d.at += behind
		d.line++
		return record, line, nil
	}
	d.breaks = 0
	record, after, err := d.quoted()
	switch {
	case err == nil:
		d.at += after
		d.line += d.breaks + 1
	case errors.Is(err, errQuote), errors.Is(err, errLongRecord):
		d.at += behind
		d.line++
	}
	return record, line, err
}

func (d *delimited) split(s string) []string {
	record := make([]string, 0, d.width)
	for {
		i := strings.IndexByte(s, d.comma)
		if i < 0 {
			record = append(record, s)
			d.width = len(record) // most records are as wide as the one before
			return record
		}
		record = append(record, s[:i])
		s = s[i+1:]
	}
}

// findLine gives where the line that begins here ends, without and with its break.
func (d *delimited) findLine() (end, behind int, err error) {
	searched := 0
	for {
		rest := d.buf[d.at+searched:]
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			i = len(rest)
		}
		if j := bytes.IndexByte(rest[:i], '\r'); j >= 0 {
			i = j
		}
		if searched += i; i < len(rest) {
			behind, err := d.behindBreak(searched)
			return searched, behind, err
		}
		switch err := d.fill(); {
		case errors.Is(err, io.EOF) && searched == 0:
			return 0, 0, io.EOF
		case errors.Is(err, io.EOF):
			return searched, searched, nil
		case err != nil:
			return 0, 0, err
		}
	}
}

// behindBreak is the place behind the line break at pos: \n, \r or both.
func (d *delimited) behindBreak(pos int) (int, error) {
	if d.buf[d.at+pos] == '\n' {
		return pos + 1, nil
	}
	if c, ok, err := d.byteAt(pos + 1); ok && c == '\n' {
		return pos + 2, nil
	} else if err != nil && !errors.Is(err, errLongRecord) {
		return 0, err
	}
	return pos + 1, nil
}

// skipLine passes over the rest of a line of any length.
func (d *delimited) skipLine() error {
	d.line++
	for {
		if i := bytes.IndexAny(d.buf[d.at:], "\r\n"); i >= 0 {
			d.at += i
			behind, err := d.behindBreak(0)
			d.at += behind
			return err
		}
		d.at = len(d.buf)
		if err := d.fill(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// quoted reads a record that has quotes and gives the place behind it.
func (d *delimited) quoted() (record []string, behind int, err error) {
	d.scratch, d.ends = d.scratch[:0], d.ends[:0]
	pos := 0
	for {
		c, ok, err := d.byteAt(pos)
		if err != nil {
			return nil, 0, err
		}
		if ok && c == '"' {
			if pos, err = d.quotedField(pos + 1); err != nil {
				return nil, 0, err
			}
		}
		stop, ok, err := d.bareField(&pos)
		if err != nil {
			return nil, 0, err
		}
		d.ends = append(d.ends, len(d.scratch))
		if ok && stop == d.comma {
			pos++
			continue
		}
		if ok {
			if pos, err = d.behindBreak(pos); err != nil {
				return nil, 0, err
			}
		}
		return d.fields(), pos, nil
	}
}

// fields cuts the scratch into the values of the record.
func (d *delimited) fields() []string {
	whole := string(d.scratch)
	record := make([]string, len(d.ends))
	from := 0
	for i, end := range d.ends {
		record[i], from = whole[from:end], end
	}
	return record
}

// quotedField takes the text up to the closing quote and gives the place behind it.
func (d *delimited) quotedField(pos int) (int, error) {
	from := len(d.scratch)
	for {
		c, ok, err := d.byteAt(pos)
		if err != nil {
			return 0, err
		}
		if !ok || len(d.scratch)-from > d.mostCell {
			return 0, errQuote
		}
		pos++
		if c == '"' {
			if next, ok, err := d.byteAt(pos); err != nil {
				return 0, err
			} else if !ok || next != '"' {
				return pos, nil
			}
			pos++
		}
		if c == '\r' {
			if next, ok, err := d.byteAt(pos); err != nil {
				return 0, err
			} else if ok && next == '\n' {
				continue
			}
			c = '\n'
		}
		if c == '\n' {
			d.breaks++
		}
		d.scratch = append(d.scratch, c)
	}
}

// bareField takes the text up to the next delimiter or line break, which it gives; false
// at the end of the text.
func (d *delimited) bareField(pos *int) (byte, bool, error) {
	for {
		c, ok, err := d.byteAt(*pos)
		if !ok || err != nil || c == d.comma || c == '\n' || c == '\r' {
			return c, ok, err
		}
		d.scratch = append(d.scratch, c)
		*pos++
	}
}

func (d *delimited) byteAt(pos int) (byte, bool, error) {
	for d.at+pos >= len(d.buf) {
		if err := d.fill(); errors.Is(err, io.EOF) {
			return 0, false, nil
		} else if err != nil {
			return 0, false, err
		}
	}
	return d.buf[d.at+pos], true, nil
}

// fill reads on behind what is there. io.EOF is the end of the text.
func (d *delimited) fill() error {
	if d.eof {
		return io.EOF
	}
	if d.at > 0 {
		n := copy(d.buf, d.buf[d.at:])
		d.buf, d.at = d.buf[:n], 0
	}
	if len(d.buf) == cap(d.buf) {
		if len(d.buf) > longestRecord*d.mostCell {
			return errLongRecord
		}
		bigger := make([]byte, len(d.buf), 2*cap(d.buf))
		copy(bigger, d.buf)
		d.buf = bigger
	}
	for range 100 {
		n, err := d.r.Read(d.buf[len(d.buf):cap(d.buf)])
		d.buf = d.buf[:len(d.buf)+n]
		if errors.Is(err, io.EOF) {
			d.eof = true
			if n == 0 {
				return io.EOF
			}
			return nil
		}
		if n > 0 || err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}
