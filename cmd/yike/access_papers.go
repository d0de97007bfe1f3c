package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// paperRoutes are the files of coverage and of plans compared: whoever may see the map may
// take what it shows, and the audit log says who did.
func paperRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: post, Pattern: "/api/v1/coverage/package", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/coverage/report", Action: auth.MapRead},
	}
}
