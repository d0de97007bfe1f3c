package httpapi

import (
	"net/http"
	"strconv"
	"strings"
)

// ETag is the entity tag of a record at a version, quoted as in the header.
func ETag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// IfMatch reads which version of a record the client saw, from its If-Match header
// (RFC 9110, 13.1.1). The error is a Problem: 428 when the header is missing, or does
// not name one version, as "*" and lists do not; 412 when the tag is none that ETag
// makes, since no version of the record can then be current.
//
// A weak tag counts as the version inside it, where the RFC would have it never match:
// proxies that compress weaken tags on the way out, and what guards against a lost
// update is the number.
func IfMatch(header string) (int, error) {
	tag := strings.TrimSpace(header)
	if tag == "" || tag == "*" || strings.Contains(tag, ",") {
		return 0, NewProblem(http.StatusPreconditionRequired, "precondition_required",
			"请用 If-Match 说明所修改的是哪一个版本（取自该记录的 ETag，只写一个）",
			"Say with If-Match which version you are changing: the ETag of the record as you saw it, and that one only")
	}
	digits, ok := strings.CutPrefix(strings.TrimPrefix(tag, "W/"), `"`)
	digits, closed := strings.CutSuffix(digits, `"`)
	version, err := strconv.Atoi(digits)
	if !ok || !closed || err != nil || version < 0 || ETag(version) != `"`+digits+`"` {
		return 0, stale("If-Match 中的版本号不是本记录的版本", "The tag in If-Match is not of a version of this record")
	}
	return version, nil
}

// Stale is the 412 problem for a change to a version that is not the current one.
// current is that of the record as it is now.
func Stale(current int) *Problem {
	return stale("记录已被他人修改，现为第 "+strconv.Itoa(current)+" 版；请重新读取后再改",
		"The record was changed meanwhile and is at version "+strconv.Itoa(current)+" now; read it again, then change it")
}

func stale(zh, en string) *Problem {
	return NewProblem(http.StatusPreconditionFailed, "stale", zh, en)
}

// KeyRequired is the 400 problem for a request that must carry an Idempotency-Key.
func KeyRequired() *Problem {
	return BadRequest("idempotency_key_required",
		"请附上 Idempotency-Key：每次操作一个新值，重试时用同一个值",
		"Send an Idempotency-Key: a new one for each thing you do, the same one when you try again")
}

// KeyReused is the 422 problem for an Idempotency-Key that came with another request
// before.
func KeyReused() *Problem {
	return NewProblem(http.StatusUnprocessableEntity, "idempotency_key_reused",
		"这个 Idempotency-Key 已用于另一个请求", "This Idempotency-Key was used for another request before")
}

// Forbidden is the 403 problem for an action that the account may not do in a
// division; an empty division is anywhere, and both may be empty where the database
// refused without saying more.
func Forbidden(action, division string) *Problem {
	zh, en := "您的账号无权进行此操作", "Your account may not do this"
	if division != "" {
		zh, en = "您的账号无权在辖区 "+division+" 进行此操作", "Your account may not do this in division "+division
	}
	if action != "" {
		zh, en = zh+"（"+action+"）", en+" ("+action+")"
	}
	return NewProblem(http.StatusForbidden, "forbidden", zh, en)
}
