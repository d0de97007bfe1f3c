package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// nameCheckRoutes are the checks of place names and what names are held against. By which words
// a name is checked is no secret from anybody who sees the check.
func nameCheckRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: post, Pattern: "/api/v1/place-names/check", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/place-names/{id}/check", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/place-names/{id}/clearances", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/place-names/{id}/clearances", Action: auth.PlaceNameWrite},
		{Method: del, Pattern: "/api/v1/place-names/{id}/clearances/{clearance}", Action: auth.PlaceNameWrite},
		{Method: get, Pattern: "/api/v1/word-lists", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/word-lists/read", Action: auth.PlaceNameRules},
		{Method: get, Pattern: "/api/v1/word-lists/{kind}", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/word-lists/{kind}", Action: auth.PlaceNameRules},
		{Method: get, Pattern: "/api/v1/word-lists/{kind}/history", Action: auth.HistoryRead},
		{Method: get, Pattern: "/api/v1/name-covers", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/name-covers", Action: auth.PlaceNameRules},
		{Method: del, Pattern: "/api/v1/name-covers/{id}", Action: auth.PlaceNameRules},
	}
}
