package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"yike/internal/xmltok"
)

// styleSheet is the part of styles, to which styles are added that are like old ones on
// a red ground.
type styleSheet struct {
	part  string
	text  []byte
	added bool     // the workbook had none
	xfs   []string // of cellXfs, each as it stands, from its start tag on
	more  []string // those to add
	fill  int      // number of the red fill, which is added
	old   int      // number of a red fill of an earlier marking, -1 if there is none
}

// redGround is the colour of a marked cell: a shade off the red that Excel proposes, so
// that marks of an earlier time are known.
const redGround = "FFFFC7CD"

const emptyStyles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>`

// findStyles reads the part of styles.
func (a *annotator) findStyles() error {
	links, err := a.book.links(relsOf(a.book.part), path.Dir(a.book.part))
	if err != nil {
		return err
	}
	s := &styleSheet{old: -1}
	for _, l := range links {
		if e := a.book.zip.Find(l.target); l.kind == "styles" && e != nil {
			s.part = e.Name
		}
	}
	if s.part == "" {
		if err := a.addStyles(s); err != nil {
			return err
		}
	} else if s.text, err = a.book.partText(s.part); err != nil {
		return err
	}
	a.sheets = s
	return s.survey()
}

// addStyles plans a part of styles for a workbook that has none.
func (a *annotator) addStyles(s *styleSheet) error {
	s.part, s.text, s.added = "xl/yike_styles.xml", []byte(emptyStyles), true
	part := relsOf(a.book.part)
	text, err := a.book.partText(part)
	if err != nil {
		return err
	}
	name := a.book.zip.Find(part)
	if name == nil {
		return &Error{ZH: "不是 XLSX 工作簿", EN: "it is not an XLSX workbook"}
	}
	a.changed[name.Name], err = insertAtEnd(text, "Relationships", fmt.Sprintf(`<Relationship Id="rIdYikeStyles" Type="%s/styles" Target="/%s"/>`, transitional, s.part))
	return err
}

// survey cuts the cell styles out and counts the fills. A sheet without the groups that
// are needed gets them.
func (s *styleSheet) survey() error {
	for _, group := range []string{"fills", "cellXfs"} {
		ok, err := s.count(group)
		if err != nil {
			return err
		}
		if !ok {
			return &Error{ZH: "工作簿的样式不完整", EN: "the styles of the workbook are not complete"}
		}
	}
	return nil
}

// count goes through the elements of a group; false if there is no such group.
func (s *styleSheet) count(group string) (bool, error) {
	t := xmltok.New(bytes.NewReader(s.text))
	inside, found := 0, false
	var from int64
	for {
		kind, err := t.Next()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return false, err
		}
		begin, end := t.Place()
		switch {
		case kind == xmltok.Start && t.Depth() == 2 && string(t.Name()) == group:
			inside, found = t.Depth(), true
		case kind == xmltok.Start && inside > 0 && t.Depth() == inside+1:
			from = begin
		case kind == xmltok.End && inside > 0 && t.Depth() == inside:
			if group == "fills" {
				if bytes.Contains(bytes.ToUpper(s.text[from:end]), []byte(redGround)) {
					s.old = s.fill
				}
				s.fill++
			} else {
				s.xfs = append(s.xfs, string(s.text[from:end]))
			}
		case kind == xmltok.End && t.Depth() < inside:
			inside = 0
		}
	}
}

// red gives the number of a style like the old one on a red ground.
func (a *annotator) red(old int) int {
	if id, ok := a.styles[old]; ok {
		return id
	}
	s := a.sheets
	if s.marked(old) {
		return old
	}
	xf := `<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`
	if old >= 0 && old < len(s.xfs) {
		xf = s.xfs[old]
	}
	id := len(s.xfs) + len(s.more)
	s.more = append(s.more, withFill(xf, s.fill))
	a.styles[old] = id
	return id
}

// marked reports whether a style is one of an earlier marking.
func (s *styleSheet) marked(style int) bool {
	if s.old < 0 || style < 0 || style >= len(s.xfs) {
		return false
	}
	tag, _, _ := strings.Cut(s.xfs[style], ">")
	return attrOf(tag, "fillId") == strconv.Itoa(s.old)
}

// cleared gives the number of a style like an earlier mark without its ground.
func (a *annotator) cleared(old int) int {
	const key = -1 << 30 // apart from the keys of red
	if id, ok := a.styles[key+old]; ok {
		return id
	}
	s := a.sheets
	id := len(s.xfs) + len(s.more)
	s.more = append(s.more, withFill(s.xfs[old], 0))
	a.styles[key+old] = id
	return id
}

// attrOf is the value of an attribute of a start tag.
func attrOf(tag, name string) string {
	for _, quote := range []string{`"`, `'`} {
		if _, rest, ok := strings.Cut(tag, " "+name+"="+quote); ok {
			value, _, _ := strings.Cut(rest, quote)
			return value
		}
	}
	return ""
}

// withFill is an xf element with another fill.
func withFill(xf string, fill int) string {
	tag, rest, _ := strings.Cut(xf, ">")
	closing := ""
	if strings.HasSuffix(tag, "/") {
		tag, closing = strings.TrimSuffix(tag, "/"), "/"
	}
	tag = setAttr(setAttr(tag, "fillId", fmt.Sprint(fill)), "applyFill", "1")
	return tag + closing + ">" + rest
}

// setAttr replaces or adds an attribute of a start tag that is given without its end.
func setAttr(tag, name, value string) string {
	for _, quote := range []string{`"`, `'`} {
		if i := strings.Index(tag, " "+name+"="+quote); i >= 0 {
			from := i + len(name) + 3
			if end := strings.Index(tag[from:], quote); end >= 0 {
				return tag[:from] + value + tag[from+end:]
			}
		}
	}
	return strings.TrimRight(tag, " \t\r\n") + " " + name + `="` + value + `"`
}

// bytes is the part with the styles that were asked for.
func (s *styleSheet) bytes() []byte {
	if len(s.more) == 0 {
		return s.text
	}
	const fill = `<fill><patternFill patternType="solid"><fgColor rgb="` + redGround + `"/><bgColor indexed="64"/></patternFill></fill>`
	text, err := insertInside(s.text, "fills", fill)
	if err == nil {
		// Cut from the part itself, they have its prefix already.
		text, err = insert(text, "cellXfs", func(string) []byte { return []byte(strings.Join(s.more, "")) })
	}
	if err != nil {
		return s.text // survey has read all of it before
	}
	text = recount(text, "fills", s.fill+1)
	return recount(text, "cellXfs", len(s.xfs)+len(s.more))
}

// recount corrects the count attribute of a group.
func recount(text []byte, group string, n int) []byte {
	t := xmltok.New(bytes.NewReader(text))
	for {
		kind, err := t.Next()
		if err != nil {
			return text
		}
		if kind != xmltok.Start || t.Depth() != 2 || string(t.Name()) != group {
			continue
		}
		begin, end := t.Place()
		tag := strings.TrimSuffix(string(text[begin:end]), ">")
		return append(append(append([]byte(nil), text[:begin]...), setAttr(tag, "count", fmt.Sprint(n))+">"...), text[end:]...)
	}
}
