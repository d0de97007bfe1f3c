// Package archtest owns the rule of who may import whom. It holds tests only: the
// table in rules_test.go is read against `go list`, a package that no row names
// fails, and so does an import that its row does not allow, with the reason.
package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// listed is the part of `go list -json` that the rules speak of.
type listed struct {
	ImportPath   string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		r, ok := ruleFor(path)
		if !ok {
			t.Errorf("%s is in no row of the import table: decide what it may know and add it", path)
			continue
		}
		for _, imp := range p.Imports {
			if why := refuse(r, imp); why != "" {
				t.Errorf("%s imports %s: %s (row %q)", path, imp, why, r.name)
			}
		}
		for _, imp := range slices.Concat(p.TestImports, p.XTestImports) {
			if outside(imp) && !matchAny(testOnly, imp) && !matchAny(r.outside, imp) && !anyRowAllows(imp) {
				t.Errorf("tests of %s import %s, a module no row names", path, imp)
			}
		}
	}
}

// TestPureCoresReadNoClock holds what an import table cannot see: a core may use
// time's types, but the clock is an argument.
func TestPureCoresReadNoClock(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		r, ok := ruleFor(strings.TrimPrefix(p.ImportPath, module))
		if !ok || !r.pure {
			continue
		}
		for _, name := range p.GoFiles {
			file := filepath.Join(p.Dir, name)
			for _, use := range clockUses(t, file) {
				t.Errorf("%s: a pure core reads the clock (%s); take the time as an argument", file, use)
			}
		}
	}
}

func clockUses(t *testing.T, file string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatalf("parse %s: %v", file, err)
	}
	var uses []string
	ast.Inspect(tree, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "After", "Tick", "Sleep"}, sel.Sel.Name) {
			uses = append(uses, "time."+sel.Sel.Name)
		}
		return true
	})
	return uses
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list names %d packages; the rules would test nothing", len(all))
	}
	return all
}

func ruleFor(path string) (rule, bool) {
	for _, r := range rules {
		if matchAny(r.packages, path) {
			return r, true
		}
	}
	return rule{}, false
}

// refuse says why a package of this row may not import imp; "" allows it.
func refuse(r rule, imp string) string {
	if inside, ok := strings.CutPrefix(imp, module); ok {
		if strings.HasSuffix(inside, "test") {
			return "a package for tests stays out of the product"
		}
		if !matchAny(r.inside, inside) {
			return "not a room it may know: " + r.why
		}
		return ""
	}
	if outside(imp) {
		if !matchAny(r.outside, imp) {
			return "that module is fenced elsewhere: " + r.why
		}
		return ""
	}
	if r.pure && matchAny(impureStd, imp) {
		return "a core does no I/O and keeps no log"
	}
	return ""
}

func outside(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return strings.Contains(first, ".")
}

func anyRowAllows(imp string) bool {
	return slices.ContainsFunc(rules, func(r rule) bool { return matchAny(r.outside, imp) })
}

// matchAny reports whether a pattern names s: exactly, as a tree ("geo/..." is geo
// and all below), or as a suffix of the last element ("*db").
func matchAny(patterns []string, s string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if tree, ok := strings.CutSuffix(p, "/..."); ok {
			return s == tree || strings.HasPrefix(s, tree+"/")
		}
		if suffix, ok := strings.CutPrefix(p, "*"); ok {
			last := s[strings.LastIndex(s, "/")+1:]
			return strings.HasSuffix(last, suffix) && !strings.HasPrefix(s, "internal/") && last != suffix
		}
		return p == s
	})
}

func TestMatchAny(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		pattern, path string
		want          bool
	}{
		{"geo", "geo", true},
		{"geo", "geo/divisions", false},
		{"geo/...", "geo/divisions", true},
		{"geo/...", "geography", false},
		{"*db", "coverage/coveragedb", true},
		{"*db", "internal/pack/packdb", false},
		{"*http", "tiles/tilehttp", true},
		{"*http", "tiles", false},
	} {
		t.Run(strconv.Quote(tc.pattern)+" "+tc.path, func(t *testing.T) {
			t.Parallel()
			if got := matchAny([]string{tc.pattern}, tc.path); got != tc.want {
				t.Errorf("matchAny(%q, %q) = %v; want %v", tc.pattern, tc.path, got, tc.want)
			}
		})
	}
}

// TestRulesBite proves that the table refuses what it is there to refuse.
func TestRulesBite(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ from, imp string }{
		{"coverage", module + "facilities"},
		{"coverage", "os"},
		{"facilities", "github.com/jackc/pgx/v5"},
		{"coverage/coveragehttp", module + "coverage/coveragedb"},
		{"coverage/coveragehttp", module + "coverage/coveragelive"},
		{"coverage/coveragedb", "github.com/go-chi/chi/v5"},
		{"internal/postgres", module + "facilities"},
		{"cmd/yike", module + "internal/postgres/dbtest"},
		{"geo", module + "geo/divisions"},
	} {
		t.Run(fmt.Sprintf("%s -> %s", tc.from, tc.imp), func(t *testing.T) {
			t.Parallel()
			r, ok := ruleFor(tc.from)
			if !ok {
				t.Fatalf("no row for %s", tc.from)
			}
			if refuse(r, tc.imp) == "" {
				t.Errorf("%s may import %s; want refused", tc.from, tc.imp)
			}
		})
	}
}
