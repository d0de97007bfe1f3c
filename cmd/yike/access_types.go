package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// typeRoutes are the facility types as a bureau keeps them; what types there are, everybody
// who sees the map sees.
func typeRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/facility-type-parts", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/facility-types", Action: auth.CatalogueWrite},
		{Method: post, Pattern: "/api/v1/facility-types/check", Action: auth.CatalogueWrite},
		{Method: get, Pattern: "/api/v1/facility-types/{type}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/facility-types/{type}", Action: auth.CatalogueWrite},
		{Method: del, Pattern: "/api/v1/facility-types/{type}", Action: auth.CatalogueWrite},
		{Method: get, Pattern: "/api/v1/facility-types/{type}/history", Action: auth.HistoryRead},
	}
}
