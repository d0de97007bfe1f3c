package httpapi

import (
	"net/http"
	"strings"
)

// Conditional is the part of an operation's input that says what the client has.
type Conditional struct {
	IfNoneMatch string `header:"If-None-Match" doc:"Entity tags that the client has already"`
}

// Reply is a body with its entity tag, or the word (304) that it has not changed.
type Reply[T any] struct {
	Status       int
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         *T
}

// ReplyUnlessHeld makes the body only when the client does not have it already. etag is
// quoted, as in the header. It returns body's error.
func ReplyUnlessHeld[T any](c Conditional, etag string, body func() (*T, error)) (*Reply[T], error) {
	r := &Reply[T]{Status: http.StatusNotModified, ETag: etag, CacheControl: "private, no-cache"}
	if Held(etag, c.IfNoneMatch) {
		return r, nil
	}
	b, err := body()
	if err != nil {
		return nil, err
	}
	r.Status, r.Body = http.StatusOK, b
	return r, nil
}

// Held reports whether one of the If-None-Match headers names the entity: compared
// weakly, as RFC 9110, 13.1.2 asks.
func Held(etag string, ifNoneMatch ...string) bool {
	etag = strings.TrimPrefix(etag, "W/")
	for _, header := range ifNoneMatch {
		for tag := range strings.SplitSeq(header, ",") {
			tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
			if tag == etag || tag == "*" {
				return true
			}
		}
	}
	return false
}
