package httpapi

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// takeUpload reads a body that may be large into a file without a name, which is gone
// when give is called or the process ends, and puts the file in the body's place. What
// lies on the disk counts until then. sum gives the hash of the request. It may come as
// slowly as the time of its route lets it.
func (t *Traffic) takeUpload(w http.ResponseWriter, r *http.Request, route Route) (sum func() []byte, give func(), p *Problem) {
	size, most := r.ContentLength, route.Upload
	switch {
	case size > most:
		return nil, nil, tooLargeProblem(most)
	case size < 0: // sent in chunks: nobody knows how much comes
		size = most
	}
	if !t.uploads.take(size) {
		return nil, nil, Busy()
	}
	file, err := unnamedFile()
	if err != nil {
		t.uploads.give(size)
		return nil, nil, problemOf(r.Context(), err)
	}
	give = func() {
		_ = file.Close() // nobody reads it any more
		t.uploads.give(size)
	}
	if timeout := t.timeout(route); timeout > 0 {
		// A writer that knows no deadlines has none to move. What is done once the body
		// is read is bound by the request's context.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(timeout))
	}
	digest := beginHash(r)
	n, err := io.Copy(io.MultiWriter(file, digest), http.MaxBytesReader(w, r.Body, most))
	if err == nil && r.ContentLength >= 0 && n != r.ContentLength {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		give()
		return nil, nil, uploadProblem(r, err, most)
	}
	r.Body = io.NopCloser(file)
	return func() []byte { return digest.Sum(nil) }, give, nil
}

// unnamedFile is a file that no folder holds, so that nothing is left of it whatever happens.
func unnamedFile() (*os.File, error) {
	file, err := os.CreateTemp("", "yike-upload-*")
	if err != nil {
		return nil, fmt.Errorf("make room for an upload: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("make room for an upload: %w", err), file.Close())
	}
	return file, nil
}

// uploadProblem tells what the client did wrong from a disk that is full.
func uploadProblem(r *http.Request, err error, most int64) *Problem {
	var tooLarge *http.MaxBytesError
	var onDisk *os.PathError
	switch {
	case errors.As(err, &tooLarge):
		return tooLargeProblem(most)
	case errors.As(err, &onDisk):
		return problemOf(r.Context(), fmt.Errorf("keep an upload: %w", err))
	}
	return unreadable()
}
