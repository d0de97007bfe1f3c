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

// openText detects the encoding over the whole file: a byte order mark decides, else
// UTF-8 if all of it is, else GB18030 (of which GBK and GB2312 are parts) if all of it
// is. A file that is nearly all UTF-8 is a damaged one and is refused with the line:
// read as GB18030 it would turn to nonsense without a complaint.
func openText(ctx context.Context, path string) (*textFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	t, err := decoded(ctx, path, f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return t, nil
}

func decoded(ctx context.Context, path string, f *os.File) (*textFile, error) {
	census, err := takeCensus(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	enc := census.encoding()
	if enc == nil {
		e := fileError(path, nil, "文字编码既不是 UTF-8 也不是 GB18030，或文件已损坏", "the text is neither UTF-8 nor GB18030, or the file is damaged")
		e.Row = census.firstBadLine
		return nil, e
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("rewind %s: %w", path, err)
	}
	// BOMOverride drops the mark of any Unicode encoding.
	return &textFile{Reader: transform.NewReader(f, unicode.BOMOverride(enc.NewDecoder())), file: f}, nil
}

// census counts what the bytes of a file could be.
type census struct {
	utf16        bool // by its byte order mark
	bom          bool // the mark of UTF-8
	valid        int  // multi-byte UTF-8 sequences
	invalid      int  // bytes that UTF-8 does not allow
	firstBadLine int
	gb18030      bool
}

func (c census) encoding() encoding.Encoding {
	const damaged = 10 // valid UTF-8 sequences for each invalid byte that no GB18030 text has
	switch {
	case c.utf16 || c.invalid == 0:
		return unicode.UTF8
	case c.gb18030 && !c.bom && c.valid < damaged*c.invalid:
		return simplifiedchinese.GB18030
	}
	return nil
}

func takeCensus(ctx context.Context, f *os.File) (census, error) {
	c, err := censusUTF8(ctx, bufio.NewReaderSize(f, 1<<16))
	if err != nil || c.utf16 || c.bom || c.invalid == 0 {
		return c, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return c, err
	}
	c.gb18030, err = isGB18030(ctx, f)
	return c, err
}

func censusUTF8(ctx context.Context, r *bufio.Reader) (census, error) {
	head, err := r.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return census{}, err
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return census{utf16: true}, nil
	}
	c := census{bom: bytes.HasPrefix(head, []byte("\xef\xbb\xbf"))}
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
		}
		b = b[size:]
	}
	return nil
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
