package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"yike/facilities/importjob"
	"yike/facilities/imports"
)

// Original writes the file as it came.
func (f *importFiles) Original(ctx context.Context, id string, open func(string, int64) io.Writer) error {
	w := f.writer(ctx)
	b, err := f.store.Read(ctx, w, id)
	if err != nil {
		return f.told(err)
	}
	return f.told(f.store.WriteFile(ctx, w, id, open(b.FileName, b.FileSize)))
}

// Marked writes the table of a file with its faults marked in it. What cannot be made is
// told before anything is sent, so it is made whole first.
func (f *importFiles) Marked(ctx context.Context, id string, open func(string, int64) io.Writer) error {
	w := f.writer(ctx)
	b, err := f.store.Read(ctx, w, id)
	if err != nil {
		return f.told(err)
	}
	file, err := os.CreateTemp("", "yike-marked-*")
	if err != nil {
		return fmt.Errorf("make room for a marked table: %w", err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // the system clears its folder of temporary files, too
	defer file.Close()           //nolint:errcheck // it is read below or not at all
	rows := func(after, limit int) ([]imports.Seen, error) {
		return f.store.Look(ctx, w, id, "", false, "", after, limit)
	}
	if err := importjob.Marked(ctx, f.db.Pool(), f.adcode, b, rows, file); err != nil {
		return f.told(err)
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("read a marked table: %w", err)
	}
	if _, err := io.Copy(open(importjob.MarkedName(b), size), file); err != nil {
		return fmt.Errorf("send a marked table: %w", err)
	}
	return nil
}
