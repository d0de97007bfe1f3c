package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// scenarioRoutes are named scenarios. Which of them somebody sees, and whose may be changed
// and decided about, the rows decide. Comparing writes nothing.
func scenarioRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/scenarios", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/scenarios", Action: auth.ScenarioWrite},
		{Method: post, Pattern: "/api/v1/scenarios/compare", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/scenarios/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/scenarios/{id}", Action: auth.ScenarioWrite},
		{Method: del, Pattern: "/api/v1/scenarios/{id}", Action: auth.ScenarioWrite},
		{Method: get, Pattern: "/api/v1/scenarios/{id}/history", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/scenarios/{id}/copies", Action: auth.ScenarioWrite},
		{Method: put, Pattern: "/api/v1/scenarios/{id}/decision", Action: auth.ScenarioWrite},
	}
}
