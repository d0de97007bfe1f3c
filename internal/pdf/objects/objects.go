// Package objects writes the parts that every PDF file is made of: numbered objects,
// compressed streams, the table of where each begins, strings and numbers. It knows no page
// and no type; package pdf sets documents with it, and other writers of drawings may.
package objects

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"math"
	"strconv"
	"unicode/utf16"
)

// Writer writes the numbered objects of a file one after another and remembers where each
// begins. The first error stays and is what Err gives. It is not for concurrent use.
type Writer struct {
	out     io.Writer
	digest  hash.Hash
	at      int64
	offsets []int64 // of object i+1; 0 as long as it is only reserved
	deflate *zlib.Writer
	packed  bytes.Buffer
	err     error
}

// New begins a file. Each object is sent to w as soon as it is written.
func New(w io.Writer) *Writer { return begin(w, zlib.DefaultCompression) }

// NewFast begins a file whose streams are compressed less and several times as fast.
func NewFast(w io.Writer) *Writer { return begin(w, zlib.BestSpeed) }

func begin(w io.Writer, level int) *Writer {
	o := &Writer{out: w, digest: sha256.New()}
	deflate, err := zlib.NewWriterLevel(&o.packed, level)
	if err != nil {
		panic(err) // the level is one of the two above
	}
	o.deflate = deflate
	o.write([]byte("%PDF-1.7\n%\xE4\xB8\x80\xE5\x88\xBB\n"))
	return o
}

func (o *Writer) write(p []byte) {
	if o.err != nil {
		return
	}
	n, err := o.out.Write(p)
	o.at += int64(n)
	o.digest.Write(p[:n])
	if err != nil {
		o.err = fmt.Errorf("write the document: %w", err)
	}
}

// Err is the first error of writing.
func (o *Writer) Err() error { return o.err }

// Fail keeps an error of the caller's unless there is one already: nothing more is written.
func (o *Writer) Fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// Reserve gives out the number of an object that is written later.
func (o *Writer) Reserve() int {
	o.offsets = append(o.offsets, 0)
	return len(o.offsets)
}

// Put writes the object with the number.
func (o *Writer) Put(id int, body string) {
	o.offsets[id-1] = o.at
	o.write(fmt.Appendf(nil, "%d 0 obj\n%s\nendobj\n", id, body))
}

// Stream writes an object of bytes, compressed. dict is what its dictionary says besides
// length and filter.
func (o *Writer) Stream(id int, dict string, data []byte) {
	o.packed.Reset()
	o.deflate.Reset(&o.packed)
	if _, err := o.deflate.Write(data); err != nil {
		o.Fail(fmt.Errorf("compress the document: %w", err))
	}
	if err := o.deflate.Close(); err != nil {
		o.Fail(fmt.Errorf("compress the document: %w", err))
	}
	o.Raw(id, dict+" /Filter /FlateDecode", o.packed.Bytes())
}

// Raw writes an object of bytes as they are.
func (o *Writer) Raw(id int, dict string, data []byte) {
	o.offsets[id-1] = o.at
	o.write(fmt.Appendf(nil, "%d 0 obj\n<< %s /Length %d >>\nstream\n", id, dict, len(data)))
	o.write(data)
	o.write([]byte("\nendstream\nendobj\n"))
}

// End writes the table of offsets and the trailer. The file's id is the digest of all
// before it, so that the same document has the same id.
func (o *Writer) End(root, info int) {
	start := o.at
	table := fmt.Appendf(nil, "xref\n0 %d\n0000000000 65535 f \n", len(o.offsets)+1)
	for _, at := range o.offsets {
		table = fmt.Appendf(table, "%010d 00000 n \n", at)
	}
	o.write(table)
	id := fmt.Sprintf("%X", o.digest.Sum(nil)[:16])
	o.write(fmt.Appendf(nil, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(o.offsets)+1, root, info, id, id, start))
}

// TextString is a string of the document's dictionaries: UTF-16 with its mark, in hex.
func TextString(s string) string {
	b := []byte("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		b = fmt.Appendf(b, "%04X", u)
	}
	return string(append(b, '>'))
}

// ASCIIString is a string that must be bytes, such as an address; other bytes are escaped.
func ASCIIString(s string) string {
	b := []byte{'('}
	for i := range len(s) {
		switch c := s[i]; {
		case c == '(' || c == ')' || c == '\\':
			b = append(b, '\\', c)
		case c < 32 || c > 126:
			b = fmt.Appendf(b, "\\%03o", c)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, ')'))
}

// Number appends a number as short as the page needs it: thousandths of a point, or of what
// else the page is measured in.
func Number(b []byte, v float64) []byte {
	if !(math.Abs(v) < 1e12) {
		return strconv.AppendFloat(b, v, 'f', 3, 64)
	}
	n := int64(math.Round(v * 1000))
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/1000, 10)
	rest := n % 1000
	if rest == 0 {
		return b
	}
	b = append(b, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}

// Numbers appends numbers, each followed by a space.
func Numbers(b []byte, vs ...float64) []byte {
	for _, v := range vs {
		b = append(Number(b, v), ' ')
	}
	return b
}
