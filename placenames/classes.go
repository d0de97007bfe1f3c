package placenames

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

//go:embed classes.json
var classesJSON []byte

// The scopes within which names of a class must not be the same nor sound alike.
const (
	Nation      = "nation"
	Province    = "province"
	County      = "county"
	BuiltUpArea = "built_up_area"
	NoScope     = "none" // the regulations name none
)

// Catalogue are the classes of place names with their kinds. It is read-only once made.
type Catalogue struct {
	SourceZH   string  `json:"source_zh"`
	SourceEN   string  `json:"source_en"`
	Scopes     []Code  `json:"scopes"`
	Geometries []Code  `json:"geometries"`
	Approvers  []Code  `json:"approvers"`
	Classes    []Class `json:"classes"`

	kinds map[string]at
}

type at struct{ class, kind int }

// Class is one of the eight classes of article 3.
type Class struct {
	Code
	Item      string   `json:"item"`               // of article 3: （五）
	Scope     string   `json:"scope"`              // of article 9, items 7 and 8
	ScopeIf   string   `json:"scope_if,omitempty"` // famous: only then it has the scope
	Approvers []string `json:"approvers"`          // who may decide, of article 12
	Kinds     []Kind   `json:"kinds"`
}

// Kind is what the program tells apart within a class.
type Kind struct {
	Code
	Scope      string   `json:"scope,omitempty"` // where it differs from that of its class
	Geometries []string `json:"geometries"`      // the usual one first
	Generics   []string `json:"generics"`        // 通名, for splitting a name; none is forbidden that is not here
}

// NewCatalogue reads the classes that come with the program. The error says what is wrong
// with the embedded file; a test keeps it nil.
func NewCatalogue() (*Catalogue, error) {
	c, err := ParseCatalogue(classesJSON)
	if err != nil {
		return nil, fmt.Errorf("read the classes of place names: %w", err)
	}
	return c, nil
}

// ParseCatalogue reads classes and checks them whole: every code is there once and has its
// words, every scope, geometry and approver is one of the lists.
func ParseCatalogue(data []byte) (*Catalogue, error) {
	c := &Catalogue{kinds: map[string]at{}}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(c); err != nil {
		return nil, fmt.Errorf("read classes: %w", err)
	}
	if len(c.Classes) == 0 {
		return nil, errors.New("classes: there is none")
	}
	seen := map[string]bool{}
	for i, cl := range c.Classes {
		if err := c.checkClass(cl); err != nil {
			return nil, fmt.Errorf("class %q: %w", cl.Code.Code, err)
		}
		if seen[cl.Code.Code] {
			return nil, fmt.Errorf("class %q is there twice", cl.Code.Code)
		}
		seen[cl.Code.Code] = true
		for j, k := range cl.Kinds {
			if _, twice := c.kinds[k.Code.Code]; twice {
				return nil, fmt.Errorf("kind %q is there twice", k.Code.Code)
			}
			if err := c.checkKind(k); err != nil {
				return nil, fmt.Errorf("kind %q: %w", k.Code.Code, err)
			}
			c.kinds[k.Code.Code] = at{i, j}
		}
	}
	return c, nil
}

func worded(c Code) bool { return c.Code != "" && c.ZH != "" && c.EN != "" }

func has(list []Code, code string) bool {
	return slices.ContainsFunc(list, func(c Code) bool { return c.Code == code && worded(c) })
}

func (c *Catalogue) checkClass(cl Class) error {
	switch {
	case !worded(cl.Code) || cl.Item == "":
		return errors.New("needs code, zh, en and item")
	case !has(c.Scopes, cl.Scope):
		return fmt.Errorf("scope: there is no %q", cl.Scope)
	case cl.ScopeIf != "" && cl.ScopeIf != "famous":
		return fmt.Errorf("scope_if: there is no %q", cl.ScopeIf)
	case len(cl.Kinds) == 0 || len(cl.Approvers) == 0:
		return errors.New("needs kinds and approvers")
	}
	for _, a := range cl.Approvers {
		if !has(c.Approvers, a) {
			return fmt.Errorf("approvers: there is no %q", a)
		}
	}
	return nil
}

func (c *Catalogue) checkKind(k Kind) error {
	switch {
	case !worded(k.Code):
		return errors.New("needs code, zh and en")
	case k.Scope != "" && !has(c.Scopes, k.Scope):
		return fmt.Errorf("scope: there is no %q", k.Scope)
	case len(k.Geometries) == 0 || len(k.Generics) == 0:
		return errors.New("needs geometries and generics")
	case slices.Contains(k.Generics, ""):
		return errors.New("generics: one is empty")
	}
	for _, g := range k.Geometries {
		if !has(c.Geometries, g) {
			return fmt.Errorf("geometries: there is no %q", g)
		}
	}
	return nil
}

// Of gives a kind and its class; false where there is no such kind.
func (c *Catalogue) Of(kind string) (Kind, Class, bool) {
	i, ok := c.kinds[kind]
	if !ok {
		return Kind{}, Class{}, false
	}
	return c.Classes[i.class].Kinds[i.kind], c.Classes[i.class], true
}

// Scope is where a name must be the only one of its class: by article 9, items 7 and 8. Of a
// natural feature of which nobody said whether it is famous, and of a kind that is not in
// the catalogue, it is not known.
func (c *Catalogue) Scope(n Name) (scope string, known bool) {
	k, cl, ok := c.Of(n.Kind)
	switch {
	case !ok:
		return "", false
	case k.Scope != "":
		return k.Scope, true
	case cl.ScopeIf == "famous" && n.Famous == nil:
		return "", false
	case cl.ScopeIf == "famous" && !*n.Famous:
		return NoScope, true
	}
	return cl.Scope, true
}
