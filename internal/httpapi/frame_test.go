package httpapi_test

import (
	"testing"

	"yike/internal/httpapi"
)

func TestFrame(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"117.0,39.0,117.2,39.1": true, " 117, 39 ,117.2,39.1": true, "": false, "117,39,117.2": false, "117.2,39,117,39.1": false, "117,39,117.2,NaN": false, "117,39,x,39.1": false, "117,39,500,39.1": false,
	} {
		if b, ok := httpapi.Frame(text); ok != want || ok && b.Left() != 117 {
			t.Errorf("%q is a frame: %v, %v", text, ok, b)
		}
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	p := httpapi.ListPlace{Text: "沣东大道12号", ID: "01900000-0000-7000-8000-000000000001"}
	if got, ok := httpapi.ReadCursor(p.Cursor()); !ok || got != p {
		t.Errorf("it comes back as %+v, %v", got, ok)
	}
	if got, ok := httpapi.ReadCursor(""); !ok || got != (httpapi.ListPlace{}) {
		t.Errorf("the beginning is %+v, %v", got, ok)
	}
	for _, wrong := range []string{"!", "e30", httpapi.ListPlace{Text: "a", ID: "b"}.Cursor()} {
		if _, ok := httpapi.ReadCursor(wrong); ok {
			t.Errorf("%q is taken", wrong)
		}
	}
}
