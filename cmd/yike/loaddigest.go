package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yike/internal/pack"
)

// importVersion is part of every digest: raise it when the same files should become
// other rows.
const importVersion = "yike-load/4"

// digest sums up all that decides what a layer's rows become: the files, the part of
// the manifest, and the layers they are read against. Equal digests mean that there is
// nothing to do. It is empty for a layer that the pack has not.
func (l *loader) digest(s *loadStep) (string, error) {
	if len(s.layers) == 0 {
		return "", nil
	}
	h := sha256.New()
	parts := []any{importVersion, s.kind, l.manifest.AdCode, l.manifest.Bands}
	for _, kind := range s.needs {
		parts = append(parts, kind, l.step(kind).digest)
	}
	if s.kind == pack.Facilities {
		parts = append(parts, l.types) // which decide what fields a row may have
	}
	if s.kind == pack.Population {
		parts = append(parts, l.manifest.SnapLimit())
	}
	for _, layer := range s.layers {
		parts = append(parts, layer.Layer)
	}
	if err := json.NewEncoder(h).Encode(parts); err != nil {
		return "", fmt.Errorf("digest %s: %w", s.kind, err)
	}
	for _, layer := range s.layers {
		if err := l.hashLayer(h, layer.Layer); err != nil {
			return "", fmt.Errorf("digest %s: %w", s.kind, err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// hashLayer adds a layer's files, and those of what goes with it.
func (l *loader) hashLayer(h hash.Hash, layer *pack.Layer) error {
	if layer.File != "" {
		if err := hashFiles(h, filepath.Join(l.root, filepath.FromSlash(layer.File)), layer.FileFormat()); err != nil {
			return err
		}
	}
	if layer.Heights != nil {
		if err := hashFile(h, filepath.Join(l.root, filepath.FromSlash(layer.Heights.File))); err != nil {
			return err
		}
	}
	if layer.Barriers != nil {
		return l.hashLayer(h, layer.Barriers)
	}
	return nil
}

// checkSame wants a layer's files to be what they were before they were read: rows of a
// newer file under the digest of the older one would pass for up to date for ever.
func (l *loader) checkSame(s *loadStep) error {
	now, err := l.digest(s)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if now == s.digest {
		return nil
	}
	return pack.Bad(s.kind, pack.Fault{
		File:   s.layers[0].File,
		Reason: pack.Text{ZH: "读取期间文件被改动", EN: "the file changed while it was being read"},
		Hint:   pack.Text{ZH: "待文件写完后请重新载入", EN: "load again once the file is complete"},
	})
}

// hashFiles adds a layer's file, and for a Shapefile all that belong to it.
func hashFiles(h hash.Hash, path, format string) error {
	files := []string{path}
	if format == pack.Shapefile {
		stem := strings.TrimSuffix(path, filepath.Ext(path))
		siblings, err := filepath.Glob(globEscape(stem) + ".*")
		if err != nil {
			return fmt.Errorf("list files of %s: %w", filepath.Base(path), err)
		}
		slices.Sort(siblings)
		files = siblings
	}
	for _, name := range files {
		if err := hashFile(h, name); err != nil {
			return err
		}
	}
	return nil
}

func hashFile(h hash.Hash, name string) (err error) {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open layer: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	n, err := io.Copy(h, f)
	if err != nil {
		return fmt.Errorf("read layer: %w", err)
	}
	_, err = fmt.Fprintf(h, "|%s %d|", filepath.Base(name), n)
	return err
}

// globEscape takes the special meaning from the characters of a path.
func globEscape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
