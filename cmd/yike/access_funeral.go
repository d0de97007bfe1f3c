package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// funeralRoutes are the planning of columbaria.
func funeralRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/funeral/balance", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/funeral/balance.csv", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/funeral/balance.xlsx", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/funeral/balance.pdf", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/niche-transfers", Action: auth.FacilityWrite},
		{Method: patch, Pattern: "/api/v1/niche-transfers/{id}", Action: auth.FacilityWrite},
	}
}
