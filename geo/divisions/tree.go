package divisions

import (
	"errors"
	"fmt"
	"slices"
)

// The faults of a set of divisions; a *TreeError wraps one of them.
var (
	ErrTwice    = errors.New("编码重复 / the code is used twice")
	ErrNoParent = errors.New("上级编码不存在 / there is no division of the parent code")
	ErrWider    = errors.New("上级的层级不高于本级 / the parent is not of a wider level")
	ErrLevel    = errors.New("层级不明 / the level is not known")
)

// TreeError names the division that does not fit.
type TreeError struct {
	Index int // in the list given
	Code  string
	Err   error
}

// Error names the code and the reason.
func (e *TreeError) Error() string { return fmt.Sprintf("%s: %v", e.Code, e.Err) }

// Unwrap gives the reason.
func (e *TreeError) Unwrap() error { return e.Err }

// Levels lists the levels from the widest to the finest.
func Levels() []Level {
	return []Level{Province, City, District, Subdistrict, Community, Grid}
}

// Rank is the place of a level from 0, the widest; -1 for a word that is none.
func (l Level) Rank() int { return slices.Index(Levels(), l) }

// LevelOf tells the level of a code by its digits: 2, 4, 6, 9, 12, and more for a grid.
// It is false for any other number of digits.
func LevelOf(code string) (Level, bool) {
	switch n := len(code); {
	case n == 2:
		return Province, true
	case n == 4:
		return City, true
	case n == 6:
		return District, true
	case n == 9:
		return Subdistrict, true
	case n == 12:
		return Community, true
	case n > 12:
		return Grid, true
	}
	return "", false
}

// ParentOf is the code of the next wider level as digits have it; "" for a province and
// for a code of no known length.
func ParentOf(code string) string {
	cut := map[Level]int{City: 2, District: 4, Subdistrict: 6, Community: 9, Grid: 12}
	level, ok := LevelOf(code)
	if !ok {
		return ""
	}
	return code[:cut[level]]
}

// Under collects the codes of a division and of all below it; nil where the list has no such
// division. O(n).
func Under(list []Division, code string) map[string]bool {
	children := map[string][]string{}
	found := false
	for _, d := range list {
		children[d.ParentCode] = append(children[d.ParentCode], d.Code)
		found = found || d.Code == code
	}
	if !found {
		return nil
	}
	in := map[string]bool{code: true}
	for todo := []string{code}; len(todo) > 0; todo = todo[1:] {
		for _, child := range children[todo[0]] {
			if !in[child] {
				in[child] = true
				todo = append(todo, child)
			}
		}
	}
	return in
}

// Tree is a set of divisions with the parent of each. It is read-only once made.
type Tree struct {
	byCode map[string]int32
	parent []int32
}

// NewTree checks that codes are unique and that parents exist and are of a wider level,
// so that there is no cycle. The error joins a *TreeError for each that does not fit.
// O(n).
func NewTree(list []Division) (*Tree, error) {
	t := &Tree{
		byCode: make(map[string]int32, len(list)),
		parent: make([]int32, len(list)),
	}
	var errs []error
	for i, d := range list {
		if _, twice := t.byCode[d.Code]; twice {
			errs = append(errs, &TreeError{i, d.Code, ErrTwice})
		}
		if d.Level.Rank() < 0 {
			errs = append(errs, &TreeError{i, d.Code, ErrLevel})
		}
		t.byCode[d.Code] = int32(i)
	}
	for i, d := range list {
		t.parent[i] = -1
		if d.ParentCode == "" {
			continue
		}
		p, ok := t.byCode[d.ParentCode]
		switch {
		case !ok:
			errs = append(errs, &TreeError{i, d.Code, ErrNoParent})
		case list[p].Level.Rank() >= d.Level.Rank():
			errs = append(errs, &TreeError{i, d.Code, ErrWider})
		default:
			t.parent[i] = p
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return t, nil
}

// Index is where the division of a code stands in the list; -1 when there is none.
func (t *Tree) Index(code string) int32 {
	if i, ok := t.byCode[code]; ok {
		return i
	}
	return -1
}

// Parent is the index of the parent; -1 at the top.
func (t *Tree) Parent(i int32) int32 { return t.parent[i] }
