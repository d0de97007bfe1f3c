package attachments

import (
	"archive/zip"
	"bytes"
	"strings"
)

// Media is a type of file that is kept.
type Media string

// The types, as HTTP names them.
const (
	JPEG Media = "image/jpeg"
	PNG  Media = "image/png"
	WebP Media = "image/webp"
	PDF  Media = "application/pdf"
	DOCX Media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX Media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// Ending is how names of such files end.
func (m Media) Ending() string {
	switch m {
	case JPEG:
		return ".jpg"
	case PNG:
		return ".png"
	case WebP:
		return ".webp"
	case PDF:
		return ".pdf"
	case DOCX:
		return ".docx"
	case XLSX:
		return ".xlsx"
	}
	return ""
}

// Picture tells whether such files are shown.
func (m Media) Picture() bool { return m == JPEG || m == PNG || m == WebP }

const (
	pdfHead    = 1024 // bytes in which a PDF begins, and in which it ends
	maxEntries = 5000 // of an office document
)

// Sniff tells a file's type by what it holds. It returns ErrEmpty, ErrMedia, ErrBroken and
// ErrMacros. Nothing is unpacked.
func Sniff(file []byte) (Media, error) {
	switch {
	case len(file) == 0:
		return "", ErrEmpty
	case bytes.HasPrefix(file, []byte("\xFF\xD8\xFF")):
		return JPEG, nil
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1A\n")):
		return PNG, nil
	case len(file) > 12 && bytes.HasPrefix(file, []byte("RIFF")) && bytes.Equal(file[8:12], []byte("WEBP")):
		return WebP, nil
	case bytes.HasPrefix(file, []byte("%PDF-")):
		if !bytes.Contains(file[max(len(file)-pdfHead, 0):], []byte("%%EOF")) {
			return "", ErrBroken
		}
		return PDF, nil
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		return sniffOffice(file)
	}
	return "", ErrMedia
}

// sniffOffice tells the two office formats from other archives by the names in them.
func sniffOffice(file []byte) (Media, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return "", ErrBroken
	}
	if len(archive.File) > maxEntries {
		return "", ErrMedia
	}
	var types, word, sheet bool
	for _, f := range archive.File {
		name := strings.ToLower(f.Name)
		switch {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return "", ErrMacros
		case strings.Contains(name, "..") || strings.HasPrefix(name, "/") || strings.Contains(name, `\`):
			return "", ErrBroken
		case name == "[content_types].xml":
			types = true
		case name == "word/document.xml":
			word = true
		case name == "xl/workbook.xml":
			sheet = true
		}
	}
	switch {
	case types && word && !sheet:
		return DOCX, nil
	case types && sheet && !word:
		return XLSX, nil
	}
	return "", ErrMedia
}
