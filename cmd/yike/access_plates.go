package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// plateRoutes are the register of address plates and their orders: whoever keeps plates orders
// them, and whoever fits them says what happened at the door; the store and the database ask for
// the right that the event needs.
func plateRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/plates", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/plates", Action: auth.PlateWrite},
		{Method: get, Pattern: "/api/v1/plates/{token}", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/plates/{token}/events", Action: auth.PlateFit},
		{Method: get, Pattern: "/api/v1/plates/{token}/history", Action: auth.HistoryRead},
		{Method: get, Pattern: "/api/v1/plate-desk", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/plate-routes", Action: auth.PlateFit},
		{Method: post, Pattern: "/api/v1/plate-selection", Action: auth.PlateWrite},
		{Method: get, Pattern: "/api/v1/plate-orders", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/plate-orders", Action: auth.PlateWrite},
		{Method: get, Pattern: "/api/v1/plate-orders/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/plate-orders/{id}", Action: auth.PlateWrite},
		{Method: post, Pattern: "/api/v1/plate-orders/{id}/events", Action: auth.PlateWrite},
	}
}
