package xmltok_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"yike/internal/xmltok"
)

// trace writes tokens as one line, text joined.
func trace(s *xmltok.Scanner) (string, error) {
	var b strings.Builder
	text := ""
	flush := func() {
		if text != "" {
			fmt.Fprintf(&b, "%q", text)
			text = ""
		}
	}
	for {
		kind, err := s.Next()
		if err != nil {
			flush()
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return b.String(), err
		}
		switch kind {
		case xmltok.Start:
			flush()
			fmt.Fprintf(&b, "<%s", s.Name())
			s.EachAttr(func(name, value []byte) { fmt.Fprintf(&b, " %s=%q", name, value) })
			b.WriteByte('>')
		case xmltok.End:
			flush()
			fmt.Fprintf(&b, "</%s>", s.Name())
		case xmltok.Text:
			text += string(s.Text())
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"elements and text", `<a x="1"><b/>床位 &amp; &lt;x&#x5e8a;&#10;</a>`, `<a x="1"><b></b>"床位 & <x床\n"</a>`},
		{"mark, declaration, comment, prefix", "\ufeff<?xml version=\"1.0\"?>\n<!-- <z> --><x:a y:b='c\"d'><![CDATA[<&>]]></x:a>\n", `<a y:b="c\"d">"<&>"</a>`},
		{"a > in a value", `<a b="1>2"/>`, `<a b="1>2"></a>`},
		{"blanks in tags", "<a  b = '1'\n c='2' ></a >", `<a b="1" c="2"></a>`},
	} {
		for _, r := range []io.Reader{strings.NewReader(tc.in), iotest.OneByteReader(strings.NewReader(tc.in))} {
			got, err := trace(xmltok.New(r))
			if err != nil || got != tc.want {
				t.Errorf("%s: %s, %v; want %s", tc.name, got, err, tc.want)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	var syntax *xmltok.SyntaxError
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	bad := func(err error) bool {
		return errors.As(err, &syntax) && strings.Contains(err.Error(), "bad XML near byte")
	}
	for _, tc := range []struct {
		name, in string
		ok       func(error) bool
	}{
		{"empty", "", is(io.ErrUnexpectedEOF)},
		{"blank", " \n", is(io.ErrUnexpectedEOF)},
		{"breaks off", "<a><b></b>", is(io.ErrUnexpectedEOF)},
		{"breaks off in a tag", "<a b='", is(io.ErrUnexpectedEOF)},
		{"breaks off in a comment", "<a><!-- ", is(io.ErrUnexpectedEOF)},
		{"breaks off at <", "<a><", is(io.ErrUnexpectedEOF)},
		{"breaks off in CDATA", "<a><![CDATA[ ", is(io.ErrUnexpectedEOF)},
		{"document type", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, is(xmltok.ErrDocumentType)},
		{"billion laughs", `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l>&b;</l>`, is(xmltok.ErrDocumentType)},
		{"unknown entity", "<a>&x;</a>", bad},
		{"entity without end", "<a>&amp</a>", bad},
		{"bad reference", "<a>&#x0;</a>", bad},
		{"surrogate", "<a>&#xD800;</a>", bad},
		{"wrong end", "<a></b>", bad},
		{"end too many", "<a></a></a>", bad},
		{"two documents", "<a/><b/>", bad},
		{"text behind", "<a/>x", bad},
		{"text before", "x<a/>", bad},
		{"CDATA outside", "<![CDATA[x]]><a/>", bad},
		{"< in a tag", "<a <b>", bad},
		{"no name", "<a>< b/></a>", bad},
		{"not UTF-8", "<a>\xb3\xa3</a>", bad},
		{"control character", "<a>\x00</a>", bad},
		{"control character behind text", "<a>床\x07</a>", bad},
		{"too deep", strings.Repeat("<a>", 300), is(xmltok.ErrTooLarge)},
		{"a long tag", "<a b='" + strings.Repeat("x", 3<<20) + "'/>", is(xmltok.ErrTooLarge)},
		{"a long end tag", "<a></" + strings.Repeat("x", 3<<20) + ">", is(xmltok.ErrTooLarge)},
	} {
		for _, r := range []io.Reader{strings.NewReader(tc.in), iotest.HalfReader(strings.NewReader(tc.in))} {
			s := xmltok.New(r)
			_, err := trace(s)
			if err == nil || !tc.ok(err) {
				t.Errorf("%s: %v", tc.name, err)
			}
			if _, again := s.Next(); again == nil || !errors.Is(again, err) {
				t.Errorf("%s: goes on with %v", tc.name, again)
			}
		}
	}
	if _, err := trace(xmltok.New(iotest.ErrReader(io.ErrClosedPipe))); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a broken reader: %v", err)
	}
}

func TestLongTextComesInPieces(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("床位&amp;", 100_000)
	got, err := trace(xmltok.New(strings.NewReader("<a>" + text + "</a>")))
	want := fmt.Sprintf("<a>%q</a>", strings.Repeat("床位&", 100_000))
	if err != nil || got != want {
		t.Errorf("%d bytes, %v; want %d", len(got), err, len(want))
	}
}

func TestFragment(t *testing.T) {
	t.Parallel()
	got, err := trace(xmltok.Fragment(strings.NewReader(`<m r="1"/><n/></x><o/>`)))
	if want := `<m r="1"></m><n></n>`; err != nil || got != want {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := trace(xmltok.Fragment(strings.NewReader(""))); err != nil || got != "" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestDeclared(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`<?xml version="1.0" encoding="GBK"?><kml>`:     "gbk",
		"\ufeff<?xml version='1.0' encoding='UTF-8' ?>": "utf-8",
		`<?xml version="1.0"?>`:                         "", `<kml encoding="x">`: "", "": "", `<?xml encoding`: "",
	} {
		if got := xmltok.Declared([]byte(in)); got != want {
			t.Errorf("%q: %q; want %q", in, got, want)
		}
	}
}

// TestAgainstStandardLibrary writes random documents with encoding/xml and reads them
// with both.
func TestAgainstStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		enc := xml.NewEncoder(&b)
		var element func(depth int)
		element = func(depth int) {
			name := xml.Name{Local: rapid.SampledFrom([]string{"row", "c", "v", "é"}).Draw(t, "name")}
			start := xml.StartElement{Name: name}
			if rapid.Bool().Draw(t, "has attribute") {
				start.Attr = []xml.Attr{{Name: xml.Name{Local: "r"}, Value: rapid.String().Draw(t, "value")}}
			}
			_ = enc.EncodeToken(start)
			for range rapid.IntRange(0, 3).Draw(t, "children") {
				if depth < 4 && rapid.Bool().Draw(t, "nest") {
					element(depth + 1)
				} else {
					_ = enc.EncodeToken(xml.CharData(rapid.String().Draw(t, "text")))
				}
			}
			_ = enc.EncodeToken(start.End())
		}
		element(0)
		if err := enc.Close(); err != nil {
			t.Fatal(err)
		}
		want, wantErr := peer(b.Bytes())
		got, err := trace(xmltok.New(&b))
		if (err == nil) != (wantErr == nil) || err == nil && got != want {
			t.Fatalf("%s, %v; want %s, %v", got, err, want, wantErr)
		}
	})
}

// peer is trace by encoding/xml.
func peer(in []byte) (string, error) {
	d := xml.NewDecoder(bytes.NewReader(in))
	var b strings.Builder
	text := ""
	for {
		token, err := d.Token()
		if data, ok := token.(xml.CharData); ok {
			text += string(data)
			continue
		}
		if text != "" {
			fmt.Fprintf(&b, "%q", text)
			text = ""
		}
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			fmt.Fprintf(&b, "<%s", e.Name.Local)
			for _, a := range e.Attr {
				fmt.Fprintf(&b, " %s=%q", a.Name.Local, a.Value)
			}
			b.WriteByte('>')
		case xml.EndElement:
			fmt.Fprintf(&b, "</%s>", e.Name.Local)
		}
	}
}

func FuzzScanner(f *testing.F) {
	for _, s := range []string{`<a b="1">&amp;<![CDATA[x]]><!-- c --></a>`, "<a", "<!DOCTYPE a>", "<a>\xff", "<?x?><a/>", "<a></b>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		whole, err := trace(xmltok.New(strings.NewReader(in)))
		pieces, err2 := trace(xmltok.New(iotest.OneByteReader(strings.NewReader(in))))
		if (err == nil) != (err2 == nil) || err == nil && whole != pieces {
			t.Fatalf("%q: whole %s, %v; byte by byte %s, %v", in, whole, err, pieces, err2)
		}
	})
}

func BenchmarkScanner(b *testing.B) {
	in := []byte("<d>" + strings.Repeat(`<row r="12"><c r="A12" s="3" t="s"><v>1234</v></c><c r="B12"><v>117.1234567</v></c></row>`, 20_000) + "</d>")
	b.Run("xmltok", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			s := xmltok.New(bytes.NewReader(in))
			for {
				kind, err := s.Next()
				if errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
				if kind == xmltok.Start {
					s.Attr("r")
				}
			}
		}
	})
	b.Run("encoding/xml", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			d := xml.NewDecoder(bytes.NewReader(in))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
