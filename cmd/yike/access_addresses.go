package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// addressRoutes are standard addresses: whoever sees the map reads them, except reserved numbers,
// which the database shows to those who number.
func addressRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/address-codes", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/addresses", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/addresses", Action: auth.AddressWrite},
		{Method: get, Pattern: "/api/v1/addresses/map", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/addresses/old-new", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/addresses/old-new.xlsx", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/addresses/old-new.csv", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/addresses/batch", Action: auth.AddressWrite},
		{Method: post, Pattern: "/api/v1/addresses/renamed", Action: auth.AddressWrite},
		{Method: get, Pattern: "/api/v1/addresses/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/addresses/{id}", Action: auth.AddressWrite},
		{Method: del, Pattern: "/api/v1/addresses/{id}", Action: auth.AddressWrite},
		{Method: post, Pattern: "/api/v1/addresses/{id}/moves", Action: auth.AddressWrite},
		{Method: get, Pattern: "/api/v1/addresses/{id}/history", Action: auth.HistoryRead},
		{Method: get, Pattern: "/api/v1/addresses/{id}/check", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/address-import/trial", Action: auth.AddressWrite},
		{Method: post, Pattern: "/api/v1/address-import", Action: auth.AddressWrite},
		{Method: get, Pattern: "/api/v1/address-differences", Action: auth.AddressWrite},
		{Method: post, Pattern: "/api/v1/address-differences/{id}/decide", Action: auth.AddressWrite},
	}
}
