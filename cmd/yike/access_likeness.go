package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// likenessRoutes are the search by address, and the pairs that may be of one place: those are
// for who may write, since they show records that are not published.
func likenessRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/place-search", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/facility-duplicates", Action: auth.FacilityWrite},
		{Method: get, Pattern: "/api/v1/facility-duplicates/decisions", Action: auth.FacilityWrite},
		{Method: post, Pattern: "/api/v1/facility-duplicates/decisions", Action: auth.FacilityWrite},
	}
}
