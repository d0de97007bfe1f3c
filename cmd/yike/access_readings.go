package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// readingRoutes are the spelling of place names, which changes nothing, and the lexicon of
// readings.
func readingRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: post, Pattern: "/api/v1/place-names/spelling", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/readings", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/readings", Action: auth.PlaceNameRules},
		{Method: get, Pattern: "/api/v1/readings/{id}", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/readings/{id}", Action: auth.PlaceNameRules},
		{Method: del, Pattern: "/api/v1/readings/{id}", Action: auth.PlaceNameRules},
		{Method: get, Pattern: "/api/v1/readings/{id}/history", Action: auth.HistoryRead},
	}
}
