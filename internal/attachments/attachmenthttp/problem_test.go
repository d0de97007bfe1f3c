package attachmenthttp

import (
	"errors"
	"fmt"
	"testing"

	"yike/internal/attachments"
	"yike/internal/httpapi"
)

func TestEveryRefusalIsToldInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err    error
		status int
		code   string
	}{
		{ErrNotReady, 503, "not_ready"},
		{ErrNoOwner, 404, "unknown_record"},
		{ErrNotFound, 404, "unknown_attachment"},
		{ErrLost, 404, "file_lost"},
		{ErrFull, 409, "too_many_attachments"},
		{ErrReplaced, 409, "replaced_record"},
		{ErrFixed, 409, "attachment_of_record_in_force"},
		{attachments.ErrEmpty, 422, "empty_file"},
		{attachments.ErrMedia, 422, "file_type"},
		{attachments.ErrBroken, 422, "broken_file"},
		{fmt.Errorf("9 by 9: %w", attachments.ErrTooManyPixels), 422, "picture_too_large"},
		{attachments.ErrMacros, 422, "file_with_macros"},
		{attachments.ErrNoPhoto, 422, "not_a_photo"},
	} {
		var p *httpapi.Problem
		if !errors.As(problem(tc.err), &p) || p.Status != tc.status || p.Code != tc.code || p.Detail.ZH == "" || p.Detail.EN == "" {
			t.Errorf("%v became %+v", tc.err, p)
		}
	}
	other := errors.New("the disk is gone")
	if got := problem(other); !errors.Is(got, other) {
		t.Errorf("a fault of the server became %v", got)
	}
}
