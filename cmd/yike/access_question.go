package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// questionRoutes are what goes with the coverage question. They write nothing.
func questionRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/coverage/completeness", Action: auth.MapRead},
	}
}
