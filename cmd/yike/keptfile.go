package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// keptFile keeps what somebody sent for as long as it is read, and says how large it is. The
// caller removes the file.
func keptFile(body io.Reader) (path string, size int64, err error) {
	file, err := os.CreateTemp("", "yike-file-")
	if err != nil {
		return "", 0, fmt.Errorf("make room for a file: %w", err)
	}
	size, err = io.Copy(file, body)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", 0, errors.Join(fmt.Errorf("keep a file to read it: %w", err), os.Remove(file.Name()))
	}
	return file.Name(), size, nil
}
