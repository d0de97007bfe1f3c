package rowio

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzMembers compares eachMember with encoding/json.
func FuzzMembers(f *testing.F) {
	for _, s := range []string{
		`{}`, ` { "a" : 1 , "b":[1,{"c":"}"}],"d":"x\"]\\" } `, `{"a":{"b":{}},"a":null}`, `{"\u4e00\n":true,"":-1.5e3}`, `[1]`, `null`, `{"a":"\ud800"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) || !json.Valid(bytes.ToValidUTF8(raw, nil)) || !bytes.Equal(raw, bytes.ToValidUTF8(raw, nil)) {
			return
		}
		var want map[string]json.RawMessage
		isObject := json.Unmarshal(raw, &want) == nil && want != nil
		got := map[string][]byte{}
		if eachMember(raw, func(k string, v []byte) { got[k] = v }) != isObject {
			t.Fatalf("%q: an object? %v", raw, isObject)
		}
		if !isObject {
			return
		}
		if len(got) != len(want) {
			t.Fatalf("%q: %d members; want %d", raw, len(got), len(want))
		}
		for k, v := range want {
			if !bytes.Equal(got[k], v) {
				t.Fatalf("%q: member %q is %q; want %q", raw, k, got[k], v)
			}
		}
	})
}
