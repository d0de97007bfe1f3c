package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
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
)

// gatherFacts reads the body whole, so that a client that sends slowly holds nobody
// up, and puts the facts into the context.
func gatherFacts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, p := readBody(w, r)
		if p != nil {
			WriteProblem(w, r, p)
			return
		}
		f := Facts{TraceID: traceID(r.Context()), From: addressOf(r)}
		if key := r.Header.Get("Idempotency-Key"); key != "" && r.Method == http.MethodPost {
			if len(key) > maxKey || strings.ContainsFunc(key, func(c rune) bool { return c < '!' || c > '~' }) {
				WriteProblem(w, r, BadRequest("bad_idempotency_key",
					"Idempotency-Key 应为不超过 128 个字符的 ASCII 文字，不含空格", "The Idempotency-Key must be at most 128 ASCII letters without spaces"))
				return
			}
			f.Key, f.RequestHash = key, hashOf(r, body)
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), factsKey{}, f)))
	})
}

// readBody reads the body and puts what was read in its place.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *Problem) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, tooLargeProblem()
	case err != nil:
		return nil, BadRequest("unreadable", "请求内容没有收全", "The request did not arrive whole")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

func tooLargeProblem() *Problem {
	return NewProblem(http.StatusRequestEntityTooLarge, "too_large", "请求内容过大，最多 1 MiB", "The request is too large; the most is 1 MiB")
}

// hashOf tells one request from another. The language of the answer is no part of it.
func hashOf(r *http.Request, body []byte) []byte {
	query := r.URL.Query()
	query.Del("lang")
	sum := sha256.New()
	_, _ = sum.Write([]byte(r.Method + " " + r.URL.Path + "?" + query.Encode() + "\n"))
	_, _ = sum.Write(body)
	return sum.Sum(nil)
}
