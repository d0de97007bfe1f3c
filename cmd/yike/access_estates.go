package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// estateRoutes are new housing estates. Checking one that nobody saved writes nothing. Files of
// estates are among those of attachments.
func estateRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/estate-codes", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/estates", Action: auth.EstateWrite},
		{Method: post, Pattern: "/api/v1/estates/check", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/estates/{id}", Action: auth.EstateWrite},
		{Method: del, Pattern: "/api/v1/estates/{id}", Action: auth.EstateWrite},
		{Method: get, Pattern: "/api/v1/estates/{id}/check", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates/{id}/history", Action: auth.HistoryRead},
	}
}
