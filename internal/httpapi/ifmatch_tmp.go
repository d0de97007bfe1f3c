package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// IfMatch reads the version that a client saw from its If-Match header.
func IfMatch(header string) (int, *Problem) {
	if header == "" {
		return 0, NewProblem(http.StatusPreconditionRequired, "precondition_required",
			"请在 If-Match 中给出所见版本", "Give the version that you saw in If-Match")
	}
	text, ok := strings.CutPrefix(header, `"`)
	text, closed := strings.CutSuffix(text, `"`)
	version, err := strconv.Atoi(text)
	if !ok || !closed || err != nil || version < 0 {
		return 0, BadRequest("bad_if_match", "If-Match 应为所见的 ETag", "If-Match must be the ETag that was seen")
	}
	return version, nil
}

// ETag is the entity tag of a version.
func ETag(version int) string { return fmt.Sprintf("%q", strconv.Itoa(version)) }

// Stale is the 412 problem of a record that was changed since; current is its version.
func Stale(current int) *Problem {
	return NewProblem(http.StatusPreconditionFailed, "stale",
		fmt.Sprintf("记录已被他人修改，现为第 %d 版", current), fmt.Sprintf("The record was changed meanwhile and is at version %d now", current))
}

// KeyRequired is the 400 problem of a request that needs an idempotency key.
func KeyRequired() *Problem {
	return BadRequest("idempotency_key_required", "请给出 Idempotency-Key 请求头", "Give an Idempotency-Key header")
}
