// Package listhttp owns what the HTTP API of every list that is brought in has in common: the
// body that is the file itself, the input of taking it, and the problem of one with faults.
// It knows no feature and reads no file.
package listhttp

import (
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/lists"
	"yike/internal/httpapi"
)

// mostTold is how many faults an answer has.
const mostTold = 500

// Body documents a request whose body is the file itself.
func Body() *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}}
}

// Errors are the statuses that trying or taking a list may have.
func Errors() []int {
	return []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge,
		http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
	}
}

// Whole says in the description of an operation how it takes a list.
const Whole = "All of it is taken or, where anything is at fault, nothing: 422 with the place of each fault. " +
	"The same request with the same Idempotency-Key has one effect; the same file twice changes nothing."

// TakeInput is what taking a list is asked with beside the file.
type TakeInput struct {
	Reason string `query:"reason" maxLength:"500" doc:"Why, for the history of each record; needed"`
	Key    string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
}

// Faulty is the 422 problem of a list of which nothing was taken, with the place of each
// fault, at most 500.
func Faulty(name string, faults []lists.Fault) error {
	n := len(faults)
	p := httpapi.NewProblem(http.StatusUnprocessableEntity, "list_faulty", fmt.Sprintf("文件有 %d 处错误，一行也没有导入", n),
		fmt.Sprintf("The file has %d faults, so nothing of it was taken", n))
	for _, f := range faults[:min(n, mostTold)] {
		file := name
		if f.Sheet != "" {
			file += " › " + f.Sheet
		}
		p.Faults = append(p.Faults, httpapi.Fault{File: file, Row: f.Row, Column: f.Column, Value: f.Value, Reason: httpapi.Text{ZH: f.ZH, EN: f.EN}})
	}
	return p
}
