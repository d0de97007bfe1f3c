package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// whatIfRoutes try plans out and count areas: they write nothing, and whoever may see the map may ask.
func whatIfRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: post, Pattern: "/api/v1/coverage/what-if", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/coverage/area", Action: auth.MapRead},
	}
}
