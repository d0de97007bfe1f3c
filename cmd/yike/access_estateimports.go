package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// estateImportRoutes bring files of estates and their rooms. Where somebody may write, the
// rows decide.
func estateImportRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/estates-template.xlsx", Action: auth.EstateWrite},
		{Method: get, Pattern: "/api/v1/estate-rooms-template.xlsx", Action: auth.EstateWrite},
		{Method: post, Pattern: "/api/v1/estates-import", Action: auth.EstateWrite},
		{Method: post, Pattern: "/api/v1/estates-import/trial", Action: auth.EstateWrite},
	}
}
