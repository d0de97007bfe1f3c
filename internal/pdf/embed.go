package pdf

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf16"

	"yike/internal/pdf/objects"
)

// embed writes the faces in use: the font, what it weighs, and its way back to Unicode.
func (t *typesetter) embed() {
	for _, s := range t.subsets {
		s.write(t.objects)
	}
}

func (s *subset) write(o *objects.Writer) {
	name := s.tag() + "+" + s.face.name
	file, unicode, descendant, descriptor := o.Reserve(), o.Reserve(), o.Reserve(), o.Reserve()
	o.Stream(file, "/Subtype /CIDFontType0C", cffFont(name, s.charstrings, s.box))
	o.Stream(unicode, "/Type /CMap", s.toUnicode())
	o.Put(descriptor, fmt.Sprintf("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 733 /StemV 80 /FontFile3 %d 0 R >>",
		name, s.box[0], s.box[1], s.box[2], s.box[3], file))
	var widths strings.Builder
	for i, a := range s.advances {
		if i%20 == 19 {
			widths.WriteByte('\n')
		}
		fmt.Fprintf(&widths, "%d ", a)
	}
	o.Put(descendant, fmt.Sprintf("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %d 0 R /DW 1000 /W [0 [%s]] >>",
		name, descriptor, widths.String()))
	o.Put(s.object, fmt.Sprintf("<< /Type /Font /Subtype /Type0 /BaseFont /%s-Identity-H /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>",
		name, descendant, unicode))
}

// tag is the six letters before the name of a font that holds a part of the glyphs.
func (s *subset) tag() string {
	digest := sha256.Sum256([]byte(string(s.runes)))
	letters := make([]byte, 6)
	for i := range letters {
		letters[i] = 'A' + digest[i]%26
	}
	return string(letters)
}

// toUnicode is the table by which a reader finds the characters of the glyphs.
func (s *subset) toUnicode() []byte {
	var b []byte
	b = append(b, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"+
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"+
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"...)
	const most = 100 // entries of a block
	for from := 0; from < len(s.runes); from += most {
		part := s.runes[from:min(from+most, len(s.runes))]
		b = fmt.Appendf(b, "%d beginbfchar\n", len(part))
		for i, r := range part {
			b = fmt.Appendf(b, "<%04X> <", from+i)
			for _, u := range utf16.Encode([]rune{r}) {
				b = fmt.Appendf(b, "%04X", u)
			}
			b = append(b, ">\n"...)
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"...)
}
