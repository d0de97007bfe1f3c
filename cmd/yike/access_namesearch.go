package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// nameSearchRoutes find names of the register, and those that are like one, for whoever may read
// it. Nothing is kept of what is asked.
func nameSearchRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/place-names/search", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/place-names/like", Action: auth.MapRead},
	}
}
