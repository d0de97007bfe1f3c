package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Swept is what Sweep did.
type Swept struct {
	Kept, Taken int   // files
	Freed       int64 // bytes
}

// List calls each for every file of the store, in no order, and stops at its first error.
func (s *Store) List(each func(name Name, size int64, putAt time.Time) error) error {
	return filepath.WalkDir(s.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // taken away meanwhile
			}
			return fmt.Errorf("list the files: %w", err)
		}
		name := Name(entry.Name())
		if entry.IsDir() || !name.Valid() || path != s.path(name) {
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("list the files: %w", err)
		}
		return each(name, info.Size(), info.ModTime())
	})
}

// Sweep takes away the files that were last put before the day and that nobody refers to,
// and what writers left unfinished since then. referenced is asked for each file that is
// old enough; whoever puts content and then refers to it has until that age to do so.
func (s *Store) Sweep(ctx context.Context, before time.Time, referenced func(context.Context, Name) (bool, error)) (Swept, error) {
	var swept Swept
	err := s.List(func(name Name, size int64, putAt time.Time) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !putAt.Before(before) {
			swept.Kept++
			return nil
		}
		held, err := referenced(ctx, name)
		if err != nil {
			return fmt.Errorf("ask who refers to %s: %w", name, err)
		}
		if !held {
			held, err = s.takeUnlessPut(name, before)
		}
		switch {
		case err != nil:
			return err
		case held:
			swept.Kept++
		default:
			swept.Taken++
			swept.Freed += size
		}
		return nil
	})
	return swept, errors.Join(err, s.sweepUnfinished(before))
}

// takeUnlessPut removes a file unless somebody put the same content since it was listed.
func (s *Store) takeUnlessPut(name Name, before time.Time) (held bool, err error) {
	unlock, err := s.lock(syscall.LOCK_EX)
	if err != nil {
		return true, err
	}
	defer unlock()
	info, err := os.Stat(s.path(name))
	if err != nil {
		return true, fmt.Errorf("look at a file: %w", err)
	}
	if !info.ModTime().Before(before) {
		return true, nil
	}
	if err := os.Remove(s.path(name)); err != nil {
		return true, fmt.Errorf("take a file away: %w", err)
	}
	return false, nil
}

func (s *Store) sweepUnfinished(before time.Time) error {
	entries, err := os.ReadDir(s.temporary())
	if err != nil {
		return fmt.Errorf("list unfinished files: %w", err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue // finished meanwhile, or at work
		}
		if err := removed(filepath.Join(s.temporary(), entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
