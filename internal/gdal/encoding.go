package gdal

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// openOptions are the driver's options for opening the file.
func openOptions(s Source) ([]string, error) {
	if s.Driver != "ESRI Shapefile" || !strings.EqualFold(filepath.Ext(s.Path), ".shp") {
		return nil, nil
	}
	name, err := shapefileEncoding(s.Path)
	if err != nil || name == "" {
		return nil, err
	}
	return []string{"-oo", "ENCODING=" + name}, nil
}

// shapefileEncoding looks at the attribute table itself, because the .cpg file and the
// language byte are missing or wrong in many Chinese shapefiles, and GDAL then reads
// Latin-1. It returns "UTF-8" or "GB18030" where the bytes say so, and "" to leave the
// choice to GDAL: for plain ASCII, for other bytes, and where the .cpg names another
// encoding (Big5 text is valid GB18030 more often than not).
func shapefileEncoding(shp string) (string, error) {
	base := strings.TrimSuffix(shp, filepath.Ext(shp))
	cpg, err := readSibling(base, ".cpg")
	if err != nil {
		return "", err
	}
	if !overrides(string(bytes.TrimSpace(cpg))) {
		return "", nil
	}
	f, err := openSibling(base, ".dbf")
	if f == nil || err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // read only
	return dbfEncoding(bufio.NewReaderSize(f, 1<<16))
}

// overrides reports whether the bytes may overrule what a .cpg says.
func overrides(cpg string) bool {
	name := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(cpg))
	return slices.Contains([]string{
		"", "utf8", "65001", "gb18030", "gbk", "gb2312", "936", "cp936", "54936", "system", "oem", "ansi",
		"iso88591", "88591", "1252", "cp1252", "windows1252",
	}, name)
}

func openSibling(base, ext string) (*os.File, error) {
	for _, e := range []string{ext, strings.ToUpper(ext)} {
		f, err := os.Open(base + e)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("open %s: %w", filepath.Base(base+e), err)
		}
	}
	return nil, nil
}

func readSibling(base, ext string) ([]byte, error) {
	f, err := openSibling(base, ext)
	if f == nil || err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // read only
	const most = 256
	text, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", filepath.Base(base+ext), err)
	}
	return text, nil
}

type dbfField struct{ offset, length int }

// dbfEncoding reads a dBASE table. A table too damaged to read gives "": GDAL will say
// what is wrong with it.
func dbfEncoding(r io.Reader) (string, error) {
	var fixed [32]byte
	if _, err := io.ReadFull(r, fixed[:]); err != nil {
		return "", nil //nolint:nilerr // see above
	}
	headerLen := int(binary.LittleEndian.Uint16(fixed[8:]))
	recordLen := int(binary.LittleEndian.Uint16(fixed[10:]))
	if headerLen <= len(fixed) || recordLen <= 1 {
		return "", nil
	}
	header := make([]byte, headerLen-len(fixed))
	if _, err := io.ReadFull(r, header); err != nil {
		return "", nil //nolint:nilerr // see above
	}
	texts, names := dbfFields(header, recordLen)
	guess := encodingGuess{utf8: true, gb: true}
	for _, name := range names {
		guess.see(name)
	}
	record := make([]byte, recordLen)
	for {
		if _, err := io.ReadFull(r, record); err != nil {
			return guess.name(), nil //nolint:nilerr // the end, or a table cut short
		}
		for _, f := range texts {
			guess.see(bytes.TrimRight(record[f.offset:f.offset+f.length], " \x00"))
		}
	}
}

// dbfFields finds the text fields and the names of all.
func dbfFields(header []byte, recordLen int) (texts []dbfField, names [][]byte) {
	const size = 32
	offset := 1 // behind the deletion mark
	for ; len(header) >= size && header[0] != '\r'; header = header[size:] {
		name, _, _ := bytes.Cut(header[:11], []byte{0})
		names = append(names, name)
		length := int(header[16])
		if header[11] == 'C' {
			length += int(header[17]) << 8 // long text fields use the decimals byte
		}
		if offset+length > recordLen {
			break
		}
		if header[11] == 'C' {
			texts = append(texts, dbfField{offset, length})
		}
		offset += length
	}
	return texts, names
}

// encodingGuess holds what the texts seen so far can be.
type encodingGuess struct{ utf8, gb, high bool }

func (g *encodingGuess) see(text []byte) {
	if !slices.ContainsFunc(text, func(b byte) bool { return b >= utf8.RuneSelf }) {
		return
	}
	g.high = true
	g.utf8 = g.utf8 && utf8.Valid(trimCutRune(text))
	g.gb = g.gb && validGB18030(text)
}

func (g *encodingGuess) name() string {
	switch {
	case !g.high:
		return ""
	case g.utf8:
		return "UTF-8"
	case g.gb:
		return "GB18030"
	}
	return ""
}

// trimCutRune drops a character that the field's width has cut.
func trimCutRune(text []byte) []byte {
	for i := 1; i <= min(utf8.UTFMax-1, len(text)); i++ {
		tail := text[len(text)-i:]
		if utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return text[:len(text)-i]
			}
			break
		}
	}
	return text
}

// validGB18030 checks the byte structure (GB 18030-2005, table 1); a character cut at
// the end is let pass.
func validGB18030(b []byte) bool {
	for len(b) > 0 {
		switch {
		case b[0] < 0x80:
			b = b[1:]
		case b[0] == 0x80 || b[0] == 0xff:
			return false
		case len(b) == 1:
			return true
		case b[1] >= 0x40 && b[1] != 0x7f && b[1] != 0xff:
			b = b[2:]
		case b[1] >= 0x30 && b[1] <= 0x39:
			if len(b) < 4 {
				return true
			}
			if b[2] < 0x81 || b[2] == 0xff || b[3] < 0x30 || b[3] > 0x39 {
				return false
			}
			b = b[4:]
		default:
			return false
		}
	}
	return true
}
