package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// nameOutputRoutes are the register of place names as files, and its statistics.
func nameOutputRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/place-names.xlsx", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/place-names.pdf", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/place-names.csv", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/place-names.geojson", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/place-name-statistics", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/place-name-statistics.xlsx", Action: auth.MapRead},
	}
}
