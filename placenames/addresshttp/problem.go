package addresshttp

import (
	"errors"
	"net/http"

	"yike/internal/httpapi"
	"yike/placenames/addresses"
)

// ErrUnknownDivision is what Addresses returns of a division that is not there.
var ErrUnknownDivision = errors.New("there is no such division")

var (
	errBadCursor = errors.New("cursor is not one of ours")
	errBadFrame  = errors.New("bbox is no frame")
)

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrUnknownDivision):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_division", "没有这个辖区", "There is no such division")
	case errors.Is(err, addresses.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_address", "没有这个地址", "There is no such address")
	case errors.Is(err, errBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor", "cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	case errors.Is(err, errBadFrame):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_bbox", "bbox 应为西、南、东、北四个经纬度", "bbox must be west, south, east and north in degrees")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
