package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// recordRoutes are what becomes of facilities besides a change of one.
func recordRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/facilities/counts", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/facilities/{id}/verify", Action: auth.FacilityWrite},
		{Method: post, Pattern: "/api/v1/facilities/{id}/merge", Action: auth.FacilityWrite},
		{Method: post, Pattern: "/api/v1/facilities/{id}/split", Action: auth.FacilityWrite},
	}
}
