package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// sitingRoutes look for places: they write nothing, and whoever may see the map may ask.
func sitingRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: post, Pattern: "/api/v1/coverage/siting", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/coverage/siting/places", Action: auth.MapRead},
	}
}
