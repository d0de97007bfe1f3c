package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// nameImportRoutes are lists of place names that are brought in: who keeps the register does.
func nameImportRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/place-name-template.xlsx", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: "/api/v1/place-name-import", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: "/api/v1/place-name-import/trial", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: "/api/v1/place-name-import/marked.xlsx", Action: auth.PlaceNameWrite},
	}
}
