package main

import (
	"path/filepath"
	"sync"

	"yike/internal/pdf"
)

// fontShelf opens the fonts of documents when the first is asked for, and again as long
// as there are none: an administrator installs them while the server runs.
type fontShelf struct {
	files pdf.FontFiles
	mu    sync.Mutex
	open  *pdf.Fonts
}

// newFontShelf looks where the configuration says first and then where systems keep fonts.
func newFontShelf(c config) *fontShelf {
	files := pdf.SystemFonts()
	files.Regular = append(filepath.SplitList(c.Font), files.Regular...)
	files.Bold = append(filepath.SplitList(c.FontBold), files.Bold...)
	return &fontShelf{files: files}
}

// get returns pdf.ErrNoFont where there are no fonts.
func (s *fontShelf) get() (*pdf.Fonts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open != nil {
		return s.open, nil
	}
	open, err := pdf.OpenFonts(s.files)
	if err != nil {
		return nil, err
	}
	s.open = open
	return open, nil
}
