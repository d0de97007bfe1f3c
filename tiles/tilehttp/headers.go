package tilehttp

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"yike/internal/httpapi"
)

// tagOf is the entity tag of everything under one set. It is known before any tile is
// made, and weak since the same tile is sent compressed and not.
func tagOf(names []string, set *Set) string {
	sum := sha256.Sum256([]byte(strings.Join(names, ",") + "?" + set.Query))
	return `W/"` + hex.EncodeToString(sum[:6]) + "-" + set.Version + `"`
}

// unchanged sets the headers of caching and answers 304 when the client has the tag.
func unchanged(w http.ResponseWriter, r *http.Request, tag, caching string) bool {
	head := w.Header()
	head.Set("ETag", tag)
	head.Set("Cache-Control", caching)
	head.Add("Vary", "Accept-Encoding")
	if !httpapi.Held(tag, r.Header.Values("If-None-Match")...) {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip by name, else "*".
func acceptsGzip(lines []string) bool {
	named, any := -1.0, -1.0
	for _, line := range lines {
		for item := range strings.SplitSeq(line, ",") {
			coding, params, _ := strings.Cut(item, ";")
			switch strings.ToLower(strings.TrimSpace(coding)) {
			case "gzip", "x-gzip":
				named = max(named, quality(params))
			case "*":
				any = quality(params)
			}
		}
	}
	if named >= 0 {
		return named > 0
	}
	return any > 0
}

// quality is the weight of a coding: 1 when not given, 0 when not readable.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				return 0
			}
			return q
		}
	}
	return 1
}
