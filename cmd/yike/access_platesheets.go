package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// plateSheetRoutes are what plates look like: whoever sees the register sees the sheets, which
// are samples until whoever orders plates has had them proved.
func plateSheetRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/plate-faces", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plates/{token}.svg", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plates/{token}.png", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plate-orders/{id}/sheets", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plate-orders/{id}/sheet.pdf", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plate-orders/{id}/manifest.json", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plate-orders/{id}/maker.csv", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/plate-orders/{id}/proof", Action: auth.PlateWrite},
	}
}
