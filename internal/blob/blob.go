// Package blob keeps files by what they hold: a file's name is the SHA-256 of its bytes,
// so the same content is kept once and a name can be checked against it at any time.
//
// It owns the folder, that a file is either there whole or not at all, and the taking
// away of what nobody refers to. It knows no records: who refers to a file keeps its
// name, and stores it only after Put has returned. So a record never points to a file
// that is not there, however the process or the machine ends.
package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

var (
	// ErrNotFound reports that no file has this name.
	ErrNotFound = errors.New("blob: no such file")
	// ErrTooLarge reports content of more bytes than the caller allows. Nothing of it is kept.
	ErrTooLarge = errors.New("blob: the content is too large")
	// ErrDamaged reports a file whose bytes are no longer those it was kept for.
	ErrDamaged = errors.New("blob: the file is damaged")
)

// Name is the SHA-256 of a file's bytes as 64 lower-case hexadecimal digits.
type Name string

// Valid tells whether a name has the form of one; others never reach the disk.
func (n Name) Valid() bool {
	raw, err := hex.DecodeString(string(n))
	return err == nil && len(raw) == sha256.Size && hex.EncodeToString(raw) == string(n)
}

// NameOf is the name that content is kept under.
func NameOf(content []byte) Name {
	sum := sha256.Sum256(content)
	return Name(hex.EncodeToString(sum[:]))
}

// Store is a folder of files. It is safe for concurrent use, also by several processes.
type Store struct {
	dir string
	now func() time.Time
}

// Open gives the store in a folder, which is made where there is none. now is the clock
// by which the age of files is told.
func Open(dir string, now func() time.Time) (*Store, error) {
	s := &Store{dir: dir, now: now}
	if err := os.MkdirAll(s.temporary(), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of files: %w", err)
	}
	return s, nil
}

func (s *Store) temporary() string { return filepath.Join(s.dir, "incoming") }

func (s *Store) folder(n Name) string { return filepath.Join(s.dir, string(n[:2])) }

func (s *Store) path(n Name) string { return filepath.Join(s.folder(n), string(n)) }

// Put keeps what r gives, at most so many bytes, and returns its name and size. When it
// returns without an error the file is on the disk and stays there for as long as Sweep
// is not asked to take younger files. The same content may be put any number of times.
func (s *Store) Put(r io.Reader, most int64) (Name, int64, error) {
	file, err := os.CreateTemp(s.temporary(), "*")
	if err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", err)
	}
	name, size, err := s.fill(file, r, most)
	if err == nil {
		err = s.publish(file.Name(), name)
	}
	if err != nil {
		return "", 0, errors.Join(err, removed(file.Name()))
	}
	return name, size, nil
}

// removed takes a file away that may be gone already.
func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("take an unfinished file away: %w", err)
	}
	return nil
}

// fill writes the content into a file, to the disk itself.
func (s *Store) fill(file *os.File, r io.Reader, most int64) (name Name, size int64, err error) {
	defer func() { err = errors.Join(err, file.Close()) }()
	digest := sha256.New()
	if size, err = io.Copy(io.MultiWriter(file, digest), io.LimitReader(r, most+1)); err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", err)
	}
	if size > most {
		return "", 0, ErrTooLarge
	}
	if err := file.Sync(); err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", err)
	}
	return Name(hex.EncodeToString(digest.Sum(nil))), size, nil
}

// publish gives a finished file its name. Where the content is there already the old file
// counts as new, so that it is not swept before somebody refers to it.
func (s *Store) publish(temporary string, name Name) error {
	unlock, err := s.lock(syscall.LOCK_SH)
	if err != nil {
		return err
	}
	defer unlock()
	if err := os.Mkdir(s.folder(name), 0o700); err == nil {
		if err := syncFolder(s.dir); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the folder of a file: %w", err)
	}
	now := s.now()
	if err := os.Chtimes(temporary, now, now); err != nil {
		return fmt.Errorf("date a file: %w", err)
	}
	// What was damaged meanwhile is whole again with it.
	if err := os.Rename(temporary, s.path(name)); err != nil {
		return fmt.Errorf("name a file: %w", err)
	}
	return syncFolder(s.folder(name))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("keep a folder: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("keep a folder: %w", err)
	}
	return nil
}

// lock keeps Put and Sweep apart, in this process and in others.
func (s *Store) lock(how int) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(s.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the folder of files: %w", err)
	}
	for {
		err = syscall.Flock(int(file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the folder of files: %w", err), file.Close())
	}
	return func() { _ = file.Close() }, nil // closing unlocks; nothing was written
}

// Get opens a file after all its bytes were held against its name. The caller closes it.
// It returns ErrNotFound or ErrDamaged.
func (s *Store) Get(name Name) (file *os.File, size int64, err error) {
	if !name.Valid() {
		return nil, 0, ErrNotFound
	}
	file, err = os.Open(s.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, ErrNotFound
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open a file: %w", err)
	}
	digest := sha256.New()
	size, err = io.Copy(digest, file)
	if err == nil && hex.EncodeToString(digest.Sum(nil)) != string(name) {
		err = ErrDamaged
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("read %s: %w", name, err), file.Close())
	}
	return file, size, nil
}
