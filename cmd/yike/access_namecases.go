package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// nameCaseRoutes are the procedure of place names. Who may take which step, the rows decide.
func nameCaseRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/name-cases", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/name-cases", Action: auth.PlaceNameWrite},
		{Method: get, Pattern: "/api/v1/name-cases/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/name-cases/{id}", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: "/api/v1/name-cases/{id}/events", AnyAccount: true},
		{Method: get, Pattern: "/api/v1/name-cases/{id}/record", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-desk", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-procedures", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/name-procedures", Action: auth.PlaceNameRules},
		{Method: get, Pattern: "/api/v1/working-calendar", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/working-calendar", Action: auth.PlaceNameRules},
	}
}
