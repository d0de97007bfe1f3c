package httpapi_test

import (
	"errors"
	"net/http"
	"testing"

	"yike/internal/httpapi"
)

func TestHeld(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		etag    string
		headers []string
		want    bool
	}{
		"nothing sent":     {`"a"`, nil, false},
		"empty":            {`"a"`, []string{""}, false},
		"the same":         {`"a"`, []string{`"a"`}, true},
		"another":          {`"a"`, []string{`"b"`}, false},
		"in a list":        {`"a"`, []string{`"b", "a"`}, true},
		"in a second line": {`"a"`, []string{`"b"`, `"a"`}, true},
		"weak on one side": {`"a"`, []string{`W/"a"`}, true},
		"weak on ours":     {`W/"a"`, []string{`"a"`}, true},
		"anything":         {`"a"`, []string{"*"}, true},
		"a part of it":     {`"ab"`, []string{`"a"`}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := httpapi.Held(tc.etag, tc.headers...); got != tc.want {
				t.Errorf("Held(%s, %q) = %v; want %v", tc.etag, tc.headers, got, tc.want)
			}
		})
	}
}

func TestReplyUnlessHeld(t *testing.T) {
	t.Parallel()
	made := 0
	body := func() (*int, error) { made++; return &made, nil }
	have := httpapi.Conditional{IfNoneMatch: `"v1"`}
	if r, err := httpapi.ReplyUnlessHeld(have, `"v1"`, body); err != nil || r.Status != http.StatusNotModified || r.Body != nil || made != 0 {
		t.Errorf("held: %+v, %v, body made %d times; want 304 and none made", r, err, made)
	}
	if r, err := httpapi.ReplyUnlessHeld(have, `"v2"`, body); err != nil || r.Status != http.StatusOK || r.ETag != `"v2"` || made != 1 {
		t.Errorf("changed: %+v, %v, body made %d times; want 200 and one", r, err, made)
	}
	stop := errors.New("stop")
	if _, err := httpapi.ReplyUnlessHeld(have, `"v2"`, func() (*int, error) { return nil, stop }); !errors.Is(err, stop) {
		t.Errorf("failing body: %v; want its error", err)
	}
}
