// Package httpapi owns what every HTTP answer of yike has in common: the router with
// its security headers, request log and compression, problems after RFC 9457 in
// Chinese and English, and the glue to huma that makes the OpenAPI document. It must
// not know any feature: paths and operations are registered by others.
package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Text is a sentence for people in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In gives the sentence in a language, or the other one where it is missing.
func (t Text) In(l Language) string {
	if l == English && t.EN != "" || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}

// Problem is an error as a client sees it (RFC 9457). It is an error and may be
// returned from a huma operation as it is, or written with WriteProblem. Its text is
// chosen when it is written, by the request's language.
type Problem struct {
	Status int           // HTTP status
	Code   string        // stable, for programs: lower case, words joined by _
	Detail Text          // what went wrong here, for people
	Faults []Fault       // the places at fault, if there are any
	Wait   time.Duration // after which trying again makes sense, told as Retry-After; 0 for unknown
}

// Fault is one place at fault: in a request (Pointer) or in a file (File, Row, Column).
type Fault struct {
	Pointer string // JSON pointer into the body, or query.name, path.name, header.name
	File    string
	Row     int // 1-based; 0 is none
	Column  string
	Value   string // what was found
	Reason  Text
	Hint    Text // what to do
}

// NewProblem makes a problem without places.
func NewProblem(status int, code, zh, en string) *Problem {
	return &Problem{Status: status, Code: code, Detail: Text{ZH: zh, EN: en}}
}

// NotFound is the 404 problem for one thing that is not there.
func NotFound(code, zh, en string) *Problem { return NewProblem(http.StatusNotFound, code, zh, en) }

// BadRequest is the 400 problem for a request that makes no sense.
func BadRequest(code, zh, en string) *Problem { return NewProblem(http.StatusBadRequest, code, zh, en) }

// Unavailable is the 503 problem for what will be there in a while.
func Unavailable(zh, en string) *Problem {
	return NewProblem(http.StatusServiceUnavailable, "not_ready", zh, en)
}

// Internal is the 500 problem. It says nothing of the cause, which belongs in the log.
func Internal() *Problem {
	return NewProblem(http.StatusInternalServerError, "internal",
		"服务器内部出错，已记入日志。请把 trace_id 告诉管理员。",
		"Something went wrong inside the server and was logged. Tell the administrator the trace_id.")
}

// With adds places at fault and gives the problem back.
func (p *Problem) With(faults ...Fault) *Problem {
	p.Faults = append(p.Faults, faults...)
	return p
}

// After sets when trying again makes sense and gives the problem back.
func (p *Problem) After(wait time.Duration) *Problem {
	p.Wait = wait
	return p
}

// retryAfter is Wait in whole seconds, rounded up, as the header has it; "" for none.
func (p *Problem) retryAfter() string {
	if p.Wait <= 0 {
		return ""
	}
	return strconv.FormatInt(int64((p.Wait+time.Second-1)/time.Second), 10)
}

// Error is the English text, for logs.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail.EN }

// GetStatus makes a problem an error that huma writes with its own status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType turns JSON into the media type of problems.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// problemBody is the wire form of a Problem.
type problemBody struct {
	Type    string      `json:"type" doc:"Names the kind of problem, one for each code" example:"urn:yike:problem:not_found"`
	Title   string      `json:"title" doc:"The HTTP status in words" example:"Not Found"`
	Status  int         `json:"status" doc:"The HTTP status" example:"404"`
	Detail  string      `json:"detail" doc:"What went wrong, in the language asked for by ?lang= or Accept-Language"`
	Code    string      `json:"code" doc:"Stable name of the kind of problem" example:"not_found"`
	TraceID string      `json:"trace_id,omitempty" doc:"Names this request in the server's log"`
	Errors  []faultBody `json:"errors,omitempty" doc:"The places at fault"`
}

type faultBody struct {
	Pointer string `json:"pointer,omitempty" doc:"Place in the request: a JSON pointer, or query.name" example:"query.limit"`
	File    string `json:"file,omitempty" doc:"File at fault"`
	Row     int    `json:"row,omitempty" doc:"Row in the file, from 1"`
	Column  string `json:"column,omitempty" doc:"Column in the file"`
	Value   string `json:"value,omitempty" doc:"The value found"`
	Reason  string `json:"reason" doc:"Why it is wrong"`
	Hint    string `json:"hint,omitempty" doc:"What to do about it"`
}

func (p *Problem) body(l Language, traceID string) problemBody {
	b := problemBody{
		Type: "urn:yike:problem:" + p.Code, Title: http.StatusText(p.Status), Status: p.Status,
		Detail: p.Detail.In(l), Code: p.Code, TraceID: traceID,
	}
	for _, f := range p.Faults {
		b.Errors = append(b.Errors, faultBody{
			Pointer: f.Pointer, File: f.File, Row: f.Row, Column: f.Column, Value: f.Value,
			Reason: f.Reason.In(l), Hint: f.Hint.In(l),
		})
	}
	return b
}

// WriteProblem answers the request with the problem, in the request's language.
func WriteProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	body, err := json.Marshal(p.body(LanguageOf(r), traceID(r.Context())))
	if err != nil {
		note(r.Context(), err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", problemType)
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Language")
	h.Del("ETag")
	if wait := p.retryAfter(); wait != "" {
		h.Set("Retry-After", wait)
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // a client that has gone hears nothing
}

// WriteError answers with err where it is, or wraps, a Problem. Else the log gets the
// cause, and the client a problem that says no more than whether trying again makes
// sense: time ran out, what is below is away or busy, or Internal.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	WriteProblem(w, r, problemOf(r.Context(), err))
}
