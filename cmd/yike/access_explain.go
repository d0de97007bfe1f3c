package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// explainRoutes say what figures are made of: whoever may see the map sees the same points
// there. A table of points with exact numbers leaves the house, so it is for those who may
// have reports made.
func explainRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/coverage/points", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/coverage/points.csv", Action: auth.CoverageReport},
		{Method: get, Pattern: "/api/v1/coverage/units", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/coverage/route", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/coverage/sources", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/coverage/what-if/points", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/coverage/what-if/route", Action: auth.MapRead},
	}
}
