package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// standardsRoutes are what the standards find of facilities and divisions.
func standardsRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/facilities/{id}/findings", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/facility-findings", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/facility-findings.csv", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/facility-quality", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/division-findings", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/division-findings.csv", Action: auth.MapRead},
	}
}
