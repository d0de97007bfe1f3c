package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// nameSignRoutes are the signs of place names: whoever surveys says what became of one, and
// whoever keeps the register takes out what should never have been entered.
func nameSignRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/signs", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/signs", Action: auth.PlaceNameSurvey},
		{Method: get, Pattern: "/api/v1/sign-work", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/signs/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/signs/{id}", Action: auth.PlaceNameSurvey},
		{Method: del, Pattern: "/api/v1/signs/{id}", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: "/api/v1/signs/{id}/moves", Action: auth.PlaceNameSurvey},
		{Method: get, Pattern: "/api/v1/signs/{id}/history", Action: auth.HistoryRead},
	}
}
