package docx

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"yike/internal/safezip"
	"yike/internal/xmltok"
)

const (
	typeMain  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	typePart  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	typesFile = "[Content_Types].xml"
)

// guard looks at what an archive holds and gives the parts with text of the document: the
// body, heads and feet, notes.
func guard(archive *safezip.Archive) ([]string, error) {
	for _, e := range archive.Entries() {
		if err := guardName(e.Name); err != nil {
			return nil, err
		}
		if strings.HasSuffix(strings.ToLower(e.Name), ".rels") {
			if err := guardLinks(archive, e.Name); err != nil {
				return nil, err
			}
		}
	}
	return contents(archive)
}

// guardName refuses by its name what has no place in a letter.
func guardName(name string) error {
	lower := strings.ToLower(name)
	base := path.Base(lower)
	switch {
	case strings.HasPrefix(base, "vbaproject") || strings.HasPrefix(base, "vbadata"):
		return &Error{Part: name, ZH: "模板含有宏，请另存为不带宏的 .docx", EN: "the template has macros; save it as .docx without"}
	case strings.Contains(lower, "/embeddings/") || strings.Contains(lower, "/activex/"):
		return &Error{Part: name, ZH: "模板内嵌了其他文件或控件，请删去后再上传", EN: "the template has embedded files or controls; remove them"}
	}
	return nil
}

// contents reads the list of types.
func contents(archive *safezip.Archive) ([]string, error) {
	if archive.Find(typesFile) == nil {
		return nil, &Error{ZH: "这不是 Word 文档（.docx）", EN: "it is no Word document (.docx)"}
	}
	var parts []string
	main := 0
	err := elements(archive, typesFile, func(s *xmltok.Scanner) error {
		kind := s.AttrString("ContentType")
		switch lower := strings.ToLower(kind); {
		case strings.Contains(lower, "macroenabled") || strings.Contains(lower, "vbaproject") || strings.Contains(lower, "activex"):
			return &Error{ZH: "模板含有宏或控件，请另存为不带宏的 .docx", EN: "the template has macros or controls; save it as .docx without"}
		case strings.Contains(lower, "wordprocessingml.template.main"):
			return &Error{ZH: "这是 Word 模板（.dotx），请另存为 .docx", EN: "it is a Word template (.dotx); save it as .docx"}
		}
		name := strings.TrimPrefix(s.AttrString("PartName"), "/")
		if string(s.Name()) != "Override" || !strings.HasPrefix(kind, typePart) {
			return nil
		}
		if kind == typeMain {
			main++
		}
		if slices.Contains([]string{"document.main+xml", "header+xml", "footer+xml", "footnotes+xml", "endnotes+xml"}, strings.TrimPrefix(kind, typePart)) {
			if e := archive.Find(name); e != nil && !slices.Contains(parts, e.Name) {
				parts = append(parts, e.Name)
			}
		}
		return nil
	})
	if err == nil && (main != 1 || len(parts) == 0) {
		err = &Error{ZH: "这不是 Word 文档（.docx）", EN: "it is no Word document (.docx)"}
	}
	return parts, err
}

// guardLinks refuses relationships that lead out of the archive, but for web addresses that
// a reader has to click.
func guardLinks(archive *safezip.Archive, name string) error {
	return elements(archive, name, func(s *xmltok.Scanner) error {
		if string(s.Name()) != "Relationship" {
			return nil
		}
		kind, target := path.Base(s.AttrString("Type")), strings.ToLower(strings.TrimSpace(s.AttrString("Target")))
		external := strings.EqualFold(s.AttrString("TargetMode"), "External")
		web := strings.HasPrefix(target, "https://") || strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "mailto:")
		switch {
		case external && (kind != "hyperlink" || !web):
			return &Error{Part: name, ZH: "模板链接到外部的文件、图片或模板（" + kind + "），请断开链接或改为嵌入", EN: "the template links to an outside file, picture or template (" + kind + "); break the link or embed it"}
		case slices.Contains([]string{"oleObject", "package", "aFChunk", "attachedTemplate", "subDocument", "control", "vbaProject"}, kind):
			return &Error{Part: name, ZH: "模板含有内嵌对象（" + kind + "），请删去后再上传", EN: "the template has an embedded object (" + kind + "); remove it"}
		}
		return nil
	})
}

// elements calls do for each start tag of a part.
func elements(archive *safezip.Archive, name string, do func(*xmltok.Scanner) error) error {
	raw, err := read(archive, name)
	if err != nil {
		return err
	}
	return scan(name, raw, func(s *xmltok.Scanner, kind xmltok.Kind) error {
		if kind == xmltok.Start {
			return do(s)
		}
		return nil
	})
}

// scan calls do for each token of a part, and turns what is wrong with it into an *Error.
func scan(name string, raw []byte, do func(*xmltok.Scanner, xmltok.Kind) error) error {
	if d := cmp.Or(xmltok.Declared(raw[:min(len(raw), 200)]), "utf-8"); d != "utf-8" && d != "us-ascii" {
		return &Error{Part: name, ZH: "编码不是 UTF-8", EN: "its encoding is not UTF-8"}
	}
	s := xmltok.New(bytes.NewReader(raw))
	for {
		kind, err := s.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &Error{Part: name, ZH: "文件内容已损坏（XML 不完整）", EN: "its XML is not well-formed", Err: err}
		}
		if err := do(s, kind); err != nil {
			var known *Error
			if errors.As(err, &known) && known.Part == "" {
				known.Part = name
			}
			return err
		}
	}
}
