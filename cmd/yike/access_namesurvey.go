package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// nameSurveyRoutes are visits to the places of cases: whoever surveys enters and corrects them.
func nameSurveyRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/name-survey", Action: auth.PlaceNameSurvey},
		{Method: get, Pattern: "/api/v1/name-cases/{id}/visits", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/name-cases/{id}/visits", Action: auth.PlaceNameSurvey},
		{Method: get, Pattern: "/api/v1/name-visits/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/name-visits/{id}", Action: auth.PlaceNameSurvey},
		{Method: del, Pattern: "/api/v1/name-visits/{id}", Action: auth.PlaceNameSurvey},
		{Method: get, Pattern: "/api/v1/name-visits/{id}/history", Action: auth.HistoryRead},
	}
}
