package main

import (
	"yike/internal/attachments"
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// attachmentRoutes are the photos and documents of records: whoever sees the map sees them,
// and whoever may write the record may add to it.
func attachmentRoutes() []authhttp.Access {
	all := []authhttp.Access{
		{Method: get, Pattern: "/api/v1/attachments/{id}/content", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/attachments/{id}/thumbnail", Action: auth.MapRead},
	}
	for _, o := range attachments.Owners() {
		path := "/api/v1/" + o.Collection + "/{id}/attachments"
		all = append(all,
			authhttp.Access{Method: get, Pattern: path, Action: auth.MapRead},
			adding(o, path),
			authhttp.Access{Method: del, Pattern: path + "/{file}", Action: auth.Action(o.Action)})
	}
	return all
}

// adding is who may add to records of a kind. Where several rights suffice, the rows decide.
func adding(o attachments.Owner, path string) authhttp.Access {
	if len(attachments.AlsoAdds(o.Kind)) > 0 {
		return authhttp.Access{Method: post, Pattern: path, AnyAccount: true}
	}
	return authhttp.Access{Method: post, Pattern: path, Action: auth.Action(o.Action)}
}
