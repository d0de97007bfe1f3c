package httpapi_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"yike/internal/httpapi"
	"yike/internal/record"
)

func TestInvalidRecord(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("facility: %w", record.Invalid([]record.Fault{{Field: "lon", Value: "200", ZH: "超出范围", EN: "is outside"}, {Field: "reason", ZH: "请写明理由", EN: "say why"}}))
	p, ok := httpapi.InvalidRecord(err)
	if !ok || p.Status != http.StatusUnprocessableEntity || p.Code != "validation" || len(p.Faults) != 2 ||
		p.Faults[0] != (httpapi.Fault{Pointer: "#/lon", Value: "200", Reason: httpapi.Text{ZH: "超出范围", EN: "is outside"}}) {
		t.Errorf("got %+v", p)
	}
	if _, ok := httpapi.InvalidRecord(errors.New("another")); ok {
		t.Error("any error is said to be the person's")
	}
}

func TestNullFields(t *testing.T) {
	t.Parallel()
	for patch, want := range map[string]string{
		`{"a": null, "b": 1, "c": null}`: "a c",
		`{"a": {"b": null}}`:             "",
		`{}`:                             "",
		`[null]`:                         "",
		`{"a":`:                          "",
	} {
		got := ""
		for _, f := range httpapi.NullFields([]byte(patch)) {
			if got != "" {
				got += " "
			}
			got += f.Field
		}
		if got != want {
			t.Errorf("%s: %q, want %q", patch, got, want)
		}
	}
}
