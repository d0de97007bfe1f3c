package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strings"
)

// Facts are what a write notes of the request it was asked by.
type Facts struct {
	TraceID     string
	From        string // address of the client
	Key         string // Idempotency-Key; "" for none
	RequestHash []byte // SHA-256 of method, path, query and body; nil without a key
}

type factsKey struct{}

// FactsOf gives the facts of the request whose context it is; zero outside of one.
func FactsOf(ctx context.Context) Facts {
	f, _ := ctx.Value(factsKey{}).(Facts)
	return f
}

// The limits of what a client may send.
const (
	maxBody = 1 << 20 // bytes of a request
	maxKey  = 128     // letters of an idempotency key

	// smallBody holds a sign-in and nearly every edit. Such bodies have room of their
	// own, which all connections together do not fill: large ones keep nobody out.
	smallBody = 16 << 10
)

// gatherFacts reads the body whole, so that a client that sends slowly holds nobody
// up, and puts the facts into the context.
func (t *Traffic) gatherFacts(routes Routes) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.serveWithFacts(w, r, routes, next) })
	}
}

func (t *Traffic) serveWithFacts(w http.ResponseWriter, r *http.Request, routes Routes, next http.Handler) {
	sum := func() []byte { return hashOf(r, nil) }
	if hasBody(r) {
		take := t.takeBody
		if route := routes.of(r); route.Upload > 0 {
			take = func(w http.ResponseWriter, r *http.Request) (func() []byte, func(), *Problem) {
				return t.takeUpload(w, r, route)
			}
		}
		of, give, p := take(w, r)
		if p != nil {
			w.Header().Set("Connection", "close") // nobody reads what is still to come
			WriteProblem(w, r, p)
			return
		}
		defer give()
		sum = of
	}
	f := Facts{TraceID: traceID(r.Context()), From: addressOf(r)}
	if key := r.Header.Get("Idempotency-Key"); key != "" && r.Method == http.MethodPost {
		if len(key) > maxKey || strings.ContainsFunc(key, func(c rune) bool { return c < '!' || c > '~' }) {
			WriteProblem(w, r, BadRequest("bad_idempotency_key",
				"Idempotency-Key 应为不超过 128 个字符的 ASCII 文字，不含空格", "The Idempotency-Key must be at most 128 ASCII letters without spaces"))
			return
		}
		f.Key, f.RequestHash = key, sum()
	}
	next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), factsKey{}, f)))
}

// hasBody goes by the length, which is -1 where nobody knows it: HTTP/2 gives every
// request something to read from.
func hasBody(r *http.Request) bool { return r.Body != nil && r.ContentLength != 0 }

// takeBody reads the body and puts what was read in its place. The memory for it counts
// until give is called; without room for it the client is told to come again, before
// anything is read. sum gives the hash of the request.
func (t *Traffic) takeBody(w http.ResponseWriter, r *http.Request) (sum func() []byte, give func(), p *Problem) {
	size, room := r.ContentLength, &t.largeBodies
	switch {
	case isProbe(r.URL.Path) || !takesBody(r.Method):
		return nil, nil, NewProblem(http.StatusRequestEntityTooLarge, "no_body_taken",
			r.Method+" 请求不能带内容", "A "+r.Method+" request to this address must not have content")
	case size > maxBody:
		return nil, nil, tooLargeProblem(maxBody)
	case size < 0: // sent in chunks: nobody knows how much comes
		size = maxBody
	case size <= smallBody:
		room = &t.smallBodies
	}
	if !room.take(size) {
		return nil, nil, Busy()
	}
	body, p := readBody(w, r)
	if p != nil {
		room.give(size)
		return nil, nil, p
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return func() []byte { return hashOf(r, body) }, func() { room.give(size) }, nil
}

// takesBody knows the methods that change something. What others send means nothing.
func takesBody(method string) bool {
	switch method {
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return true
	}
	return false
}

func readBody(w http.ResponseWriter, r *http.Request) (body []byte, p *Problem) {
	var err error
	if r.ContentLength >= 0 {
		body = make([]byte, r.ContentLength)
		_, err = io.ReadFull(r.Body, body)
	} else {
		body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, tooLargeProblem(maxBody)
	case err != nil:
		return nil, unreadable()
	}
	return body, nil
}

func unreadable() *Problem {
	return BadRequest("unreadable", "请求内容没有收全", "The request did not arrive whole")
}

func tooLargeProblem(most int64) *Problem {
	return NewProblem(http.StatusRequestEntityTooLarge, "too_large",
		fmt.Sprintf("请求内容过大，最多 %d MiB", most>>20), fmt.Sprintf("The request is too large; the most is %d MiB", most>>20))
}

// hashOf tells one request from another. The language of the answer is no part of it.
func hashOf(r *http.Request, body []byte) []byte {
	sum := beginHash(r)
	_, _ = sum.Write(body)
	return sum.Sum(nil)
}

func beginHash(r *http.Request) hash.Hash {
	query := r.URL.Query()
	query.Del("lang")
	sum := sha256.New()
	_, _ = sum.Write([]byte(r.Method + " " + r.URL.Path + "?" + query.Encode() + "\n"))
	return sum
}
