package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// nameConsequenceRoutes are what carries a name, what has to follow another one, and what that
// costs.
func nameConsequenceRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/place-names/{id}/consequences", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/place-names/{id}/follow-ups", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/place-names/{id}/follow-ups", Action: auth.PlaceNameWrite},
		{Method: get, Pattern: "/api/v1/name-changes", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-changes.xlsx", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-changes.csv", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-unit-costs", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/name-unit-costs", Action: auth.PlaceNameRules},
	}
}
