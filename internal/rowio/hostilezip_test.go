package rowio_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
)

// member is an entry of an archive made by hand.
type member struct {
	name, text string
	change     func(h *zip.FileHeader)
	raw        bool // text is written as it is, whatever the header says
}

// archive packs members, of which an attacker controls every header.
func archive(t testing.TB, members ...member) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate}
		if m.change != nil {
			m.change(h)
		}
		create := z.CreateHeader
		if m.raw {
			create = z.CreateRaw
		}
		w, err := create(h)
		if err == nil {
			_, err = io.WriteString(w, m.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bookMembers is a small workbook, of which some parts are replaced or added.
func bookMembers(changes map[string]string) []member {
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	parts := [][2]string{
		{"[Content_Types].xml", `<Types/>`},
		{"_rels/.rels", `<Relationships><Relationship Id="r1" Type="` + rel + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="台账" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="` + rel + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="` + rel + `sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="` + rel + `styles" Target="styles.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", sheetXML(``)},
		{"xl/sharedStrings.xml", `<sst><si><t>名称</t></si><si><t>床位</t></si></sst>`},
		{"xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs></styleSheet>`},
	}
	var members []member
	for _, p := range parts {
		if text, ok := changes[p[0]]; ok {
			p[1] = text
		}
		if p[1] != "" {
			members = append(members, member{name: p[0], text: p[1]})
		}
	}
	return members
}

// sheetXML has a row of heads, a row of data, and more.
func sheetXML(more string) string {
	return `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="str"><v>甲</v></c><c r="B2"><v>3</v></c></row>` + more + `</sheetData></worksheet>`
}

func hostileArchives(t testing.TB) []hostile {
	valid := archive(t, bookMembers(nil)...)
	all := []hostile{
		{"the workbook that the others are made of", "a.xlsx", valid, ""},
		{"a sheet of zeros that packs a thousandfold", "a.xlsx", archive(t, bookMembers(map[string]string{"xl/worksheets/sheet1.xml": sheetXML("<!--" + repeat(" ", 40<<20) + "-->")})...), "zip bomb"},
		{"many parts that together unpack to too much", "a.xlsx", archive(t, append(bookMembers(nil), bigMembers(70)...)...), "unpack to more than 64 MB"},
		{"twenty thousand entries", "a.xlsx", archive(t, manyMembers(20_000)...), "at most 10000"},
		{"a directory of long names", "a.xlsx", archive(t, longNames(200)...), "directory of the archive is too large"},
		{"an archive in an archive in an archive", "a.zip", archive(t, member{name: "a.zip", text: archive(t, member{name: "b.zip", text: valid})}), "neither a Shapefile"},
		{"an empty archive", "a.xlsx", archive(t), "neither a Shapefile"},
		{"folders only", "a.zip", archive(t, member{name: "a/"}, member{name: "a/b/"}), "neither a Shapefile"},
		{"an entry that lies: small", "a.xlsx", lying(t, 10), "damaged"},
		{"an entry that lies: large", "a.xlsx", lying(t, 1<<40), "unpack"},
		{"an entry that lies: past all numbers", "a.xlsx", lying(t, 1<<63), "no sense"},
		{"an encrypted entry", "a.xlsx", archive(t, bookWith(func(h *zip.FileHeader) { h.Flags |= 1 })...), "encrypted"},
		{"a symbolic link", "a.zip", archive(t, member{name: "a.shp", text: "/etc/passwd", change: mode(fs.ModeSymlink | 0o777)}), "links"},
		{"a device", "a.zip", archive(t, member{name: "a.shp", change: mode(fs.ModeDevice | 0o666)}), "links"},
		{"a named pipe", "a.zip", archive(t, member{name: "a.kml", change: mode(fs.ModeNamedPipe | 0o666)}), "links"},
		{"an unknown method", "a.xlsx", archive(t, member{name: "xl/workbook.xml", text: "x", raw: true, change: func(h *zip.FileHeader) { h.Method = 99; h.UncompressedSize64 = 1; h.CompressedSize64 = 1 }}), "method"},
		{"entries that overlap", "a.xlsx", overlapping(valid), "overlap"},
		{"an end that points past the file", "a.xlsx", patched(valid, len(valid)-6, 0xff, 0xff, 0xff, 0x7f), "damaged"},
		{"an end that counts too many", "a.xlsx", patched(valid, len(valid)-12, 0xff, 0xff), "damaged"},
		{"rubbish before", "a.xlsx", "PK" + repeat("\x00", 100) + valid, "?"},
		{"rubbish behind", "a.xlsx", valid + repeat("\x00", 100), "?"},
		{"only a signature", "a.xlsx", "PK\x03\x04", "damaged"},
		{"only an end", "a.xlsx", "PK\x05\x06" + repeat("\x00", 18), "neither a Shapefile"},
	}
	for _, name := range []string{
		"../evil.shp", "a/../../evil.shp", "/etc/evil.shp", `..\evil.shp`, `C:\evil.shp`, "C:evil.shp", `\\server\share\evil.shp`, "evil\x00.shp", "evil\n.shp",
		"evil\u202epihs.shp", "\x1b[2Jevil.shp", "a/./../b/../../evil.shp", "..", "../", "/", repeat("n", 2000) + ".shp", "\xff\xff.shp", "//evil.shp", "a:b/evil.shp",
	} {
		text := "x"
		if strings.HasSuffix(name, "/") {
			text = "" // a folder
		}
		all = append(all, hostile{fmt.Sprintf("the name %.30q", name), "a.zip", archive(t, member{name: name, text: text}), "not safe"})
	}
	for _, name := range []string{"", "./ok.txt", "a//b.txt", "CON", "aux.shp.txt"} {
		all = append(all, hostile{fmt.Sprintf("the odd name %q", name), "a.zip", archive(t, member{name: name, text: "x"}), map[bool]string{true: "not safe", false: "neither a Shapefile"}[name == ""]})
	}
	for _, pair := range [][2]string{{"a.shp", "A.SHP"}, {"a.shp", "a.shp"}, {"x/../a.kml", "a.kml"}, {`d\a.kml`, "d/a.kml"}} {
		all = append(all, hostile{fmt.Sprintf("the names %q and %q", pair[0], pair[1]), "a.zip", archive(t, member{name: pair[0], text: "x"}, member{name: pair[1], text: "y"}), "?"})
	}
	for i := range 12 {
		all = append(all, hostile{fmt.Sprintf("cut after %d twelfths", i), "a.xlsx", valid[:max(2, len(valid)*i/12)], "damaged"})
	}
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // fixtures
	for i := range 40 {
		damaged := []byte(valid)
		at := r.IntN(len(damaged)-4) + 2
		damaged[at] ^= byte(1 << r.IntN(8))
		all = append(all, hostile{fmt.Sprintf("a bit turned, %d", i), "a.xlsx", string(damaged), "?"})
	}
	return all
}

func mode(m fs.FileMode) func(h *zip.FileHeader) {
	return func(h *zip.FileHeader) { h.SetMode(m) }
}

func bookWith(change func(h *zip.FileHeader)) []member {
	members := bookMembers(nil)
	for i := range members {
		members[i].change = change
	}
	return members
}

func bigMembers(n int) []member {
	r := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // fixtures
	line := make([]byte, 8<<10)
	for i := range line {
		line[i] = byte(r.IntN(256))
	}
	text := repeat(string(line), 128) // packs well, below the ratio of a bomb
	var members []member
	for i := range n {
		members = append(members, member{name: fmt.Sprintf("xl/media/%d.png", i), text: text})
	}
	return members
}

func manyMembers(n int) []member {
	members := make([]member, n)
	for i := range members {
		members[i] = member{name: fmt.Sprintf("%d", i), change: func(h *zip.FileHeader) { h.Method = zip.Store }}
	}
	return members
}

func longNames(n int) []member {
	members := make([]member, n)
	for i := range members {
		members[i] = member{name: fmt.Sprintf("%d%s", i, repeat("n", 60_000)), change: func(h *zip.FileHeader) { h.Method = zip.Store }}
	}
	return members
}

// lying is a workbook whose sheet says that it unpacks to so many bytes.
func lying(t testing.TB, size uint64) string {
	t.Helper()
	members := bookMembers(nil)
	for i, m := range members {
		if m.name == "xl/worksheets/sheet1.xml" {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			w, err := z.Create("x")
			if err == nil {
				_, err = io.WriteString(w, m.text)
			}
			if err != nil || z.Close() != nil {
				t.Fatal(err)
			}
			r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
			if err != nil {
				t.Fatal(err)
			}
			raw, err := r.File[0].OpenRaw()
			if err != nil {
				t.Fatal(err)
			}
			packed, err := io.ReadAll(raw)
			if err != nil {
				t.Fatal(err)
			}
			members[i] = member{name: m.name, text: string(packed), raw: true, change: func(h *zip.FileHeader) {
				h.CompressedSize64, h.UncompressedSize64, h.CRC32 = uint64(len(packed)), size, r.File[0].CRC32
			}}
		}
	}
	return archive(t, members...)
}

// overlapping makes two entries of the directory point to the same bytes.
func overlapping(valid string) string {
	b := []byte(valid)
	end := bytes.LastIndex(b, []byte("PK\x05\x06"))
	directory := int(binary.LittleEndian.Uint32(b[end+16:]))
	first := b[directory:]
	second := first[46+int(binary.LittleEndian.Uint16(first[28:]))+int(binary.LittleEndian.Uint16(first[30:])):]
	copy(second[20:28], first[20:28]) // its sizes
	copy(second[42:46], first[42:46]) // its place
	return string(b)
}

func patched(s string, at int, bytes ...byte) string {
	b := []byte(s)
	copy(b[at:], bytes)
	return string(b)
}
