// Package xmltok owns reading XML from files that strangers send: one token at a time,
// from a stream, in bounded memory. A document type is refused, so there are no entities
// to expand and nothing outside of the file is ever named. Names are read without their
// prefix. It checks what keeps a reader honest (tags that match, text that is UTF-8) and
// not what only a validator needs; it knows no format.
package xmltok

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Kind says what a token is.
type Kind uint8

// The kinds of token. A tag that closes itself gives a Start and then an End.
const (
	Start Kind = iota + 1
	End
	Text
)

// ErrDocumentType says that the text declares a document type, which is refused:
// entities are how XML is made to grow without end or to read other files.
var ErrDocumentType = errors.New("a document type (DOCTYPE) is not allowed")

// ErrTooLarge says that a tag is longer, or that tags are nested deeper, than is allowed.
var ErrTooLarge = errors.New("a tag is too long or nested too deep")

// SyntaxError says where the text stops being XML.
type SyntaxError struct {
	Offset int64 // bytes from the beginning, approximately
	Reason string
}

// Error names the place.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("bad XML near byte %d: %s", e.Offset, e.Reason)
}

const (
	bufferSize  = 64 << 10
	longestTag  = 1 << 20 // bytes from < to >
	deepestNest = 256
)

// Scanner reads tokens. What Name and Text give is valid until the next call of Next,
// what Attr gives until the next call of anything. The zero value is not usable; New
// makes one.
type Scanner struct {
	r        io.Reader
	buf      []byte // read and not yet consumed from at on
	at       int
	base     int64 // offset of buf[0] in the text
	eof      bool
	fault    error
	begin    int64 // of the last token
	full     []byte
	name     []byte
	attrs    []byte
	text     []byte
	scratch  []byte
	selfEnd  bool
	names    []byte // of the open elements, one behind the other
	starts   []int  // where each begins in names
	rootSeen bool
	fragment bool
}

// New makes a Scanner of UTF-8 text, with or without a byte order mark. An encoding that
// the text declares is not looked at: see Declared.
func New(r io.Reader) *Scanner {
	return &Scanner{r: r, buf: make([]byte, 0, bufferSize)}
}

// Fragment makes a Scanner of a part of a text that begins with a tag at any depth. It
// takes the end tags of elements that began before as the end.
func Fragment(r io.Reader) *Scanner {
	s := New(r)
	s.fragment = true
	return s
}

// Name is the local name of the element that the last Start or End token is of.
func (s *Scanner) Name() []byte { return s.name }

// Text is the text of the last Text token, with references resolved. Long text comes in
// several tokens.
func (s *Scanner) Text() []byte { return s.text }

// FullName is Name with its prefix.
func (s *Scanner) FullName() []byte { return s.full }

// Place is where in the text, in bytes from its beginning, the last token begins and
// ends. The End of a tag that closes itself has no length.
func (s *Scanner) Place() (begin, end int64) { return s.begin, s.base + int64(s.at) }

// SelfClosing reports whether the last Start is of a tag that closes itself.
func (s *Scanner) SelfClosing() bool { return s.selfEnd }

// Depth is how many elements are open: 1 behind the Start of the outermost.
func (s *Scanner) Depth() int { return len(s.starts) }

// Next reads one token. io.EOF is the end of a whole document; a document that breaks off
// gives io.ErrUnexpectedEOF.
func (s *Scanner) Next() (Kind, error) {
	if s.fault != nil {
		return 0, s.fault
	}
	kind, err := s.next()
	if err != nil {
		s.fault = err
	}
	return kind, err
}

func (s *Scanner) next() (Kind, error) {
	s.begin = s.base + int64(s.at)
	if s.selfEnd {
		s.selfEnd = false
		return End, s.pop(s.name)
	}
	for {
		if s.at >= len(s.buf) {
			if err := s.fill(); err != nil {
				return 0, s.ended(err)
			}
		}
		if s.base == 0 && s.at == 0 && s.skipMark() {
			continue
		}
		s.begin = s.base + int64(s.at)
		if s.buf[s.at] != '<' {
			some, err := s.readText()
			if err != nil || some {
				return Text, err
			}
			continue
		}
		kind, err := s.markup()
		if err != nil || kind != 0 {
			return kind, err
		}
	}
}

// ended tells a good end from one in the middle.
func (s *Scanner) ended(err error) error {
	if !errors.Is(err, io.EOF) {
		return err
	}
	if len(s.starts) > 0 || !s.rootSeen && !s.fragment {
		return io.ErrUnexpectedEOF
	}
	return io.EOF
}

// skipMark passes over a byte order mark and reports whether there was one.
func (s *Scanner) skipMark() bool {
	for len(s.buf) < 3 && s.fill() == nil {
		continue
	}
	if bytes.HasPrefix(s.buf, []byte("\xef\xbb\xbf")) {
		s.at = 3
		return true
	}
	return false
}

// fill reads more behind what is there; the unread part moves to the front.
func (s *Scanner) fill() error {
	if s.eof {
		return io.EOF
	}
	if s.at > 0 {
		n := copy(s.buf, s.buf[s.at:])
		s.base += int64(s.at)
		s.buf, s.at = s.buf[:n], 0
	}
	if len(s.buf) == cap(s.buf) {
		if cap(s.buf) >= 2*longestTag {
			return ErrTooLarge
		}
		bigger := make([]byte, len(s.buf), 2*cap(s.buf))
		copy(bigger, s.buf)
		s.buf = bigger
	}
	for range 100 {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		if errors.Is(err, io.EOF) {
			s.eof = true
			err = nil
			if n == 0 {
				return io.EOF
			}
		}
		if n > 0 || err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// until gives the text from at to the end of the first stop at or behind from, which is
// counted from at, and consumes it.
func (s *Scanner) until(stop string, from int) ([]byte, error) {
	for {
		if s.at+from <= len(s.buf) {
			if i := bytes.Index(s.buf[s.at+from:], []byte(stop)); i >= 0 {
				part := s.buf[s.at : s.at+from+i+len(stop)]
				s.at += len(part)
				return part, nil
			}
			if len(s.buf)-s.at > longestTag {
				return nil, ErrTooLarge
			}
			from = max(from, len(s.buf)-s.at-len(stop)+1)
		}
		if err := s.fill(); err != nil {
			return nil, unexpected(err)
		}
	}
}

// skip is until without keeping the text, which may be of any length.
func (s *Scanner) skip(stop string) error {
	for {
		if i := bytes.Index(s.buf[s.at:], []byte(stop)); i >= 0 {
			s.at += i + len(stop)
			return nil
		}
		s.at = max(s.at, len(s.buf)-len(stop)+1)
		if err := s.fill(); err != nil {
			return unexpected(err)
		}
	}
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (s *Scanner) syntax(reason string) error {
	return &SyntaxError{Offset: s.base + int64(s.at), Reason: reason}
}

// peek reports whether the text at at+from begins with prefix.
func (s *Scanner) peek(from int, prefix string) (bool, error) {
	for len(s.buf)-s.at < from+len(prefix) {
		if err := s.fill(); err != nil {
			if errors.Is(err, io.EOF) {
				return false, nil
			}
			return false, err
		}
	}
	return string(s.buf[s.at+from:s.at+from+len(prefix)]) == prefix, nil
}

// markup reads what begins with <. Kind 0 is something that gives no token.
func (s *Scanner) markup() (Kind, error) {
	for len(s.buf)-s.at < 2 {
		if err := s.fill(); err != nil {
			return 0, unexpected(err)
		}
	}
	switch s.buf[s.at+1] {
	case '?':
		return 0, s.skip("?>")
	case '!':
		return s.declaration()
	case '/':
		tag, err := s.until(">", 2)
		if err != nil {
			return 0, err
		}
		s.full = bytes.TrimRight(tag[2:len(tag)-1], " \t\r\n")
		s.name = local(s.full)
		if len(s.starts) == 0 && s.fragment {
			return 0, io.EOF // the end of what it is part of
		}
		return End, s.pop(s.name)
	}
	return s.startTag()
}

func (s *Scanner) declaration() (Kind, error) {
	comment, err := s.peek(2, "--")
	if err != nil {
		return 0, err
	}
	if comment {
		s.at += len("<!--")
		return 0, s.skip("-->")
	}
	cdata, err := s.peek(2, "[CDATA[")
	if err != nil {
		return 0, err
	}
	if !cdata {
		return 0, ErrDocumentType
	}
	if len(s.starts) == 0 {
		return 0, s.syntax("text outside of the document")
	}
	part, err := s.until("]]>", len("<![CDATA["))
	if err != nil {
		return 0, err
	}
	s.text = part[len("<![CDATA[") : len(part)-len("]]>")]
	return Text, s.checkText(s.text)
}

// startTag reads a tag up to the > that stands outside of quotes.
func (s *Scanner) startTag() (Kind, error) {
	from := 1
	for {
		end, err := s.tagEnd(&from)
		if err != nil {
			return 0, err
		}
		if end < 0 {
			continue
		}
		tag := s.buf[s.at+1 : s.at+end]
		s.at += end + 1
		if len(tag) > 0 && tag[len(tag)-1] == '/' {
			s.selfEnd = true
			tag = tag[:len(tag)-1]
		}
		i := 0
		for i < len(tag) && !blank(tag[i]) {
			i++
		}
		if i == 0 || tag[0] < 'A' && tag[0] != ':' {
			return 0, s.syntax("a tag without a name")
		}
		s.full, s.attrs = tag[:i], tag[i:]
		s.name = local(s.full)
		return Start, s.push(s.name)
	}
}

// tagEnd looks for the > of the tag at at, from *from on, and gives its distance; -1 if
// more had to be read and the search has to begin again at the same place.
func (s *Scanner) tagEnd(from *int) (int, error) {
	var quote byte
	for i := *from; s.at+i < len(s.buf); i++ {
		switch b := s.buf[s.at+i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '>':
			return i, nil
		case b == '<':
			return 0, s.syntax("a < inside a tag")
		}
	}
	if len(s.buf)-s.at > longestTag {
		return 0, ErrTooLarge
	}
	if err := s.fill(); err != nil {
		return 0, unexpected(err)
	}
	return -1, nil
}

func (s *Scanner) push(name []byte) error {
	if len(s.starts) == 0 && s.rootSeen && !s.fragment {
		return s.syntax("a second document")
	}
	if len(s.starts) >= deepestNest {
		return ErrTooLarge
	}
	s.rootSeen = true
	s.starts = append(s.starts, len(s.names))
	s.names = append(s.names, name...)
	return nil
}

func (s *Scanner) pop(name []byte) error {
	if len(s.starts) == 0 {
		return s.syntax("an end tag too many")
	}
	from := s.starts[len(s.starts)-1]
	if !bytes.Equal(s.names[from:], name) {
		return s.syntax(fmt.Sprintf("</%.40s> where </%.40s> is due", name, s.names[from:]))
	}
	s.names, s.starts = s.names[:from], s.starts[:len(s.starts)-1]
	return nil
}

// readText reads text up to the next < or as much of it as the buffer has. False means
// that there was nothing to tell: blanks outside of the document.
func (s *Scanner) readText() (bool, error) {
	rest := s.buf[s.at:]
	end := bytes.IndexByte(rest, '<')
	if end < 0 {
		if end = s.safeCut(rest); end == 0 {
			if err := s.fill(); err != nil && !errors.Is(err, io.EOF) {
				return false, err
			}
			return false, nil
		}
	}
	part := rest[:end]
	s.at += end
	if len(s.starts) == 0 {
		if len(bytes.TrimLeft(part, " \t\r\n")) > 0 {
			return false, s.syntax("text outside of the document")
		}
		return false, nil
	}
	var err error
	s.text, err = s.resolve(part)
	return true, err
}

// safeCut is how much of text without a < can be told without cutting a reference or a
// character; the whole when nothing follows.
func (s *Scanner) safeCut(text []byte) int {
	if s.eof {
		return len(text)
	}
	const longestReference = 16
	end := len(text)
	if i := bytes.LastIndexByte(text[max(0, end-longestReference):], '&'); i >= 0 {
		if i += max(0, end-longestReference); bytes.IndexByte(text[i:], ';') < 0 {
			end = i
		}
	}
	for i := 1; i <= min(utf8.UTFMax-1, end); i++ {
		if tail := text[end-i : end]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				end -= i
			}
			break
		}
	}
	return end
}

func blank(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// local is a name without its prefix.
func local(name []byte) []byte {
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}
