package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// printRoutes are the sheets of paper: whoever may see the map may print it.
func printRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/map-prints/frames", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/map-prints", Action: auth.MapRead},
	}
}
