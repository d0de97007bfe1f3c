package rowio

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// textFile is an open file that reads as UTF-8 without a byte order mark.
type textFile struct {
	io.Reader
	file *os.File
}

func (t *textFile) Close() error { return t.file.Close() }

// The names of the encodings that a text may have.
const (
	encodingUTF8    = "UTF-8"
	encodingUTF16LE = "UTF-16LE"
	encodingUTF16BE = "UTF-16BE"
	encodingGB18030 = "GB18030"
)

// detected is the encoding of a text and whether a byte order mark says so.
type detected struct {
	name   string
	marked bool
}

// openText opens a text in the encoding that it is found to have.
func openText(ctx context.Context, path string) (*textFile, error) {
	t, _, err := openDetected(ctx, path, "")
	return t, err
}

// openDetected detects the encoding over the whole file: a byte order mark decides, then
// zero bytes, which only UTF-16 has; else it is UTF-8 if all of it is, else GB18030 (of
// which GBK and GB2312 are parts) if all of it is. A file that is nearly all UTF-8 is a
// damaged one and is refused with the line: read as GB18030 it would turn to nonsense
// without a complaint. An encoding that is asked for is taken unseen.
func openDetected(ctx context.Context, path, asked string) (*textFile, detected, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, detected{}, fmt.Errorf("open %s: %w", path, err)
	}
	found := detected{name: asked}
	if asked == "" {
		found, err = detect(ctx, path, f)
	}
	var enc encoding.Encoding
	if err == nil {
		if enc = encodingOf(found.name); enc == nil {
			err = fileError(path, nil, "不支持的文字编码："+clip(found.name), "the encoding is not supported: "+clip(found.name))
		}
	}
	if err == nil {
		if _, err = f.Seek(0, io.SeekStart); err != nil {
			err = fmt.Errorf("rewind %s: %w", path, err)
		}
	}
	if err != nil {
		return nil, detected{}, errors.Join(err, f.Close())
	}
	// BOMOverride drops the mark of any Unicode encoding.
	return &textFile{Reader: transform.NewReader(f, unicode.BOMOverride(enc.NewDecoder())), file: f}, found, nil
}

func encodingOf(name string) encoding.Encoding {
	switch name {
	case encodingUTF8:
		return unicode.UTF8
	case encodingUTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case encodingUTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case encodingGB18030:
		return simplifiedchinese.GB18030
	}
	return nil
}

func detect(ctx context.Context, path string, f *os.File) (detected, error) {
	census, err := takeCensus(ctx, f)
	if err != nil {
		return detected{}, fmt.Errorf("read %s: %w", path, err)
	}
	found := census.encoding()
	if found.name == "" {
		e := fileError(path, nil, "文字编码既不是 UTF-8 也不是 GB18030，或文件已损坏", "the text is neither UTF-8 nor GB18030, or the file is damaged")
		e.Row = census.firstBadLine
		return detected{}, e
	}
	return found, nil
}

// census counts what the bytes of a file could be.
type census struct {
	utf16        string // the encoding, by a byte order mark or by zero bytes
	marked       bool   // a byte order mark was there
	valid        int    // multi-byte UTF-8 sequences
	wide         bool   // one of them has three bytes or more, as every Chinese character
	odd          bool   // one of the others is no sign that Western text has
	invalid      int    // bytes that UTF-8 does not allow
	firstBadLine int
	gb18030      bool
}

func (c census) encoding() detected {
	const damaged = 10 // valid UTF-8 sequences for each invalid byte that no GB18030 text has
	switch {
	case c.utf16 != "":
		return detected{c.utf16, c.marked}
	case c.invalid == 0 && c.odd && !c.wide && !c.marked && c.gb18030:
		// Some characters of GB18030 are valid UTF-8 of two bytes; a Chinese text in
		// UTF-8 has some of three.
		return detected{encodingGB18030, false}
	case c.invalid == 0:
		return detected{encodingUTF8, c.marked}
	case c.gb18030 && !c.marked && c.valid < damaged*c.invalid:
		return detected{encodingGB18030, false}
	}
	return detected{}
}

func takeCensus(ctx context.Context, f *os.File) (census, error) {
	c, err := censusUTF8(ctx, bufio.NewReaderSize(f, 1<<16))
	if err != nil || c.utf16 != "" || c.marked || c.invalid == 0 && (c.wide || !c.odd) {
		return c, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return c, err
	}
	c.gb18030, err = isGB18030(ctx, f)
	return c, err
}

func censusUTF8(ctx context.Context, r *bufio.Reader) (census, error) {
	head, err := r.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return census{}, err
	}
	c := census{marked: true}
	if c.utf16 = utf16Mark(head); c.utf16 != "" {
		return c, nil
	}
	c.marked = bytes.HasPrefix(head, []byte("\xef\xbb\xbf"))
	if c.utf16 = utf16Zeros(head); c.utf16 != "" {
		return c, nil
	}
	line := 1
	buf := make([]byte, 0, 1<<16)
	for {
		if err := ctx.Err(); err != nil {
			return c, err
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return c, err
		}
		rest := c.count(buf, &line, ended)
		buf = buf[:copy(buf[:cap(buf)], rest)]
		if ended {
			return c, nil
		}
	}
}

// count takes in b and returns the incomplete character at its end, which is left for
// the next round unless the file ends here.
func (c *census) count(b []byte, line *int, ended bool) []byte {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			if b[0] == '\n' {
				*line++
			}
			b = b[1:]
			continue
		}
		if !ended && !utf8.FullRune(b) {
			return b
		}
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			c.invalid++
			if c.firstBadLine == 0 {
				c.firstBadLine = *line
			}
		} else {
			c.valid++
			c.wide = c.wide || size > 2
			c.odd = c.odd || size == 2 && !western(r)
		}
		b = b[size:]
	}
	return nil
}

func utf16Mark(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return encodingUTF16LE
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return encodingUTF16BE
	}
	return ""
}

// utf16Zeros goes by the zero bytes that ASCII characters have in UTF-16: at odd places,
// or at even ones, but for a few characters such as 一 (4E00). No other text has any.
func utf16Zeros(head []byte) string {
	var at [2]int
	for i, b := range head {
		if b == 0 {
			at[i%2]++
		}
	}
	switch {
	case at[1] >= 2 && at[1] > 4*at[0]:
		return encodingUTF16LE
	case at[0] >= 2 && at[0] > 4*at[1]:
		return encodingUTF16BE
	}
	return ""
}

// western is a letter or sign that stands in Western text.
func western(r rune) bool {
	switch r {
	case '·', '°', '²', '³', '×', '±', 'µ', '½', '¼', '£', '§', '©', '®', '«', '»', ' ':
		return true
	}
	return r >= 'À' && r <= 'ſ'
}

// isGB18030 reports whether the rest of r decodes without a replacement character.
func isGB18030(ctx context.Context, r io.Reader) (bool, error) {
	dec := bufio.NewReaderSize(transform.NewReader(r, simplifiedchinese.GB18030.NewDecoder()), 1<<16)
	for n := 0; ; n++ {
		if n%(1<<16) == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		c, _, err := dec.ReadRune()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil || c == utf8.RuneError {
			return false, err
		}
	}
}
