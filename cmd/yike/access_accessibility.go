package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// accessibilityRoutes work out answers and write nothing: whoever may see the map may ask.
func accessibilityRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: post, Pattern: "/api/v1/coverage/access", Action: auth.MapRead},
	}
}
