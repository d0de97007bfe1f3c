package proof

import (
	"errors"
	"os/exec"
	"strings"
)

// ErrTools is what a MissingError is.
var ErrTools = errors.New("programs for proofs are missing")

// MissingError names the programs that are not installed. There is no proof without them.
type MissingError struct{ Programs []string }

// Error says which are missing and how to install them, in both languages.
func (e *MissingError) Error() string {
	names := strings.Join(e.Programs, ", ")
	return "不能校样：缺少程序 " + names + "，请安装：apt-get install poppler-utils zbar-tools (no proofs: " + names + " missing: apt-get install poppler-utils zbar-tools)"
}

// Is makes it an ErrTools.
func (e *MissingError) Is(target error) bool { return target == ErrTools }

// Tools are the programs that proofs need.
type Tools struct{ rasterise, scan string }

// Find looks the programs up in the PATH. It returns a MissingError that names those that
// are not there.
func Find() (Tools, error) {
	var t Tools
	var missing []string
	for name, at := range map[string]*string{"pdftoppm": &t.rasterise, "zbarimg": &t.scan} {
		path, err := exec.LookPath(name)
		if err != nil {
			missing = append(missing, name)
		}
		*at = path
	}
	if missing != nil {
		return Tools{}, &MissingError{Programs: missing}
	}
	return t, nil
}
