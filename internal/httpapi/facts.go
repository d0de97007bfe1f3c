package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net"
	"net/http"
)

// Facts are what a write notes of the request it was asked by.
type Facts struct {
	TraceID     string
	From        string // address of the client
	Key         string // Idempotency-Key; "" for none
	RequestHash []byte // SHA-256 of method, path and body; nil without a key
}

type factsKey struct{}

// FactsOf gives the facts of the request whose context it is; zero outside of one.
func FactsOf(ctx context.Context) Facts {
	f, _ := ctx.Value(factsKey{}).(Facts)
	return f
}

// The limits of what a client may send.
const (
	maxBody = 1 << 20 // bytes of a request that is no upload
	maxKey  = 128     // letters of an idempotency key
)

// gatherFacts puts the facts into the context, and reads the body where a key asks for
// its hash.
func gatherFacts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := Facts{TraceID: traceID(r.Context()), From: remoteHost(r)}
		if key := r.Header.Get("Idempotency-Key"); key != "" && r.Method == http.MethodPost {
			if len(key) > maxKey {
				WriteProblem(w, r, BadRequest("bad_idempotency_key", "Idempotency-Key 过长", "The Idempotency-Key is too long"))
				return
			}
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
			var tooLarge *http.MaxBytesError
			if errors.As(err, &tooLarge) {
				WriteProblem(w, r, NewProblem(http.StatusRequestEntityTooLarge, "too_large", "请求内容过大", "The request is too large"))
				return
			}
			if err != nil {
				WriteProblem(w, r, BadRequest("unreadable", "请求内容没有收全", "The request did not arrive whole"))
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			sum := sha256.New()
			_, _ = sum.Write([]byte(r.Method + " " + r.URL.Path + "\n"))
			_, _ = sum.Write(body)
			f.Key, f.RequestHash = key, sum.Sum(nil)
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), factsKey{}, f)))
	})
}

func remoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
