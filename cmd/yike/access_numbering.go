package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// numberingRoutes are the numbering of doors: everybody of the office may try a rule set, and
// whoever keeps addresses takes numbers over and keeps the rule sets.
func numberingRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/numbering-rules", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/numbering-rules", Action: auth.AddressWrite},
		{Method: get, Pattern: "/api/v1/numbering-rules/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/numbering-rules/{id}", Action: auth.AddressWrite},
		{Method: get, Pattern: "/api/v1/numbering-rules/{id}/history", Action: auth.HistoryRead},
		{Method: get, Pattern: "/api/v1/numbering/streets", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/numbering/ground", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/numbering/proposals", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/numbering/takeover", Action: auth.AddressWrite},
	}
}
