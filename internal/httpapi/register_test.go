package httpapi_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Operations that are registered past Register lose the cause of their failures, and
// would answer 500 where the database is away.
func TestOperationsAreRegisteredHere(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	checked := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "node_modules" || name == "httpapi" || name == "var" || strings.HasPrefix(name, ".") && name != ".." {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		checked++
		if bytes.Contains(source, []byte("huma.Register(")) {
			t.Errorf("%s uses huma.Register; use httpapi.Register", path)
		}
		return nil
	})
	if err != nil || checked < 100 {
		t.Errorf("read %d files, %v", checked, err)
	}
}
