package placenamehttp

import (
	"bytes"
	"encoding/json"

	"yike/internal/record"
	"yike/placenames"
)

// patched gives a record with a merge patch of its content.
func patched(before placenames.Name, patch []byte) (placenames.Name, []record.Fault) {
	present, _ := json.Marshal(contentOf(before)) // numbers and texts always encode
	var c PlaceNameContent
	if err := json.Unmarshal(merge(present, patch), &c); err != nil {
		return before, []record.Fault{unreadable()}
	}
	after, faults := c.name()
	after.State, after.SuccessorID = before.State, before.SuccessorID
	return after, faults
}

func unreadable() record.Fault {
	return record.Fault{Field: "body", ZH: "请求内容无法读取", EN: "the patch cannot be read"}
}

// merge applies a merge patch as RFC 7396 has it.
func merge(target, patch json.RawMessage) json.RawMessage {
	var p map[string]json.RawMessage
	if json.Unmarshal(patch, &p) != nil || p == nil {
		return patch
	}
	t := map[string]json.RawMessage{}
	if json.Unmarshal(target, &t) != nil || t == nil {
		t = map[string]json.RawMessage{}
	}
	for name, value := range p {
		if bytes.Equal(bytes.TrimSpace(value), []byte("null")) {
			delete(t, name)
			continue
		}
		t[name] = merge(t[name], value)
	}
	out, _ := json.Marshal(t) // of what was read as JSON
	return out
}
