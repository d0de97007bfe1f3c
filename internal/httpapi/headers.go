package httpapi

import (
	"net/http"
	"net/url"
	"strings"
)

// policy lets the page load from this server only. MapLibre draws images in memory;
// nothing else needs more than 'self'.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// onlyHTTPS makes browsers come back by https alone, for a year.
const onlyHTTPS = "max-age=31536000"

// secure sets the headers that keep a browser from doing what the page never asks for.
// Answers to programs are kept by nobody unless their handler says otherwise: they are
// of the person who asked.
func secure(public *url.URL) func(http.Handler) http.Handler {
	https := public != nil && public.Scheme == "https"
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Security-Policy", policy)
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
			if https {
				h.Set("Strict-Transport-Security", onlyHTTPS)
			}
			if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/ogc/") {
				h.Set("Cache-Control", "no-store")
			}
			next.ServeHTTP(w, r)
		})
	}
}
