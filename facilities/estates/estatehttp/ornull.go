package estatehttp

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// orNull is a value that may be null, and knows whether it was given at all.
type orNull[T any] struct {
	Given bool
	Value *T // nil for null
}

// some is a value that is there; null for nil.
func some[T any](v *T) orNull[T] { return orNull[T]{Given: true, Value: v} }

// orZero is what a patch means: nil where nothing was given, the zero value for null.
func (n orNull[T]) orZero() *T {
	if n.Given && n.Value == nil {
		return new(T)
	}
	return n.Value
}

// UnmarshalJSON reads a value or null.
func (n *orNull[T]) UnmarshalJSON(raw []byte) error {
	n.Given, n.Value = true, nil
	if bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		return nil
	}
	n.Value = new(T)
	return json.Unmarshal(raw, n.Value)
}

// MarshalJSON writes the value or null.
func (n orNull[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.Value) }

// Schema is that of the value, which may be null.
func (orNull[T]) Schema(r huma.Registry) *huma.Schema {
	t := reflect.TypeFor[T]()
	s := *r.Schema(t, false, t.Name())
	s.Nullable = true
	return &s
}
