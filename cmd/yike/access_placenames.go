package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// placeNameRoutes are the register of place names and the name plan. Files of names are among those of
// attachments.
func placeNameRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/place-name-codes", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/place-names", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/place-names", Action: auth.PlaceNameWrite},
		{Method: get, Pattern: "/api/v1/place-names/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/place-names/{id}", Action: auth.PlaceNameWrite},
		{Method: del, Pattern: "/api/v1/place-names/{id}", Action: auth.PlaceNameWrite},
		{Method: get, Pattern: "/api/v1/place-names/{id}/history", Action: auth.HistoryRead},
		{Method: get, Pattern: "/api/v1/place-names/{id}/family", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/place-names/map", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/planned-names", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/planned-names", Action: auth.PlaceNameWrite},
		{Method: get, Pattern: "/api/v1/planned-names/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/planned-names/{id}", Action: auth.PlaceNameWrite},
		{Method: del, Pattern: "/api/v1/planned-names/{id}", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: "/api/v1/place-names/{id}/moves", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: "/api/v1/place-names/{id}/renaming", Action: auth.PlaceNameWrite},
	}
}
