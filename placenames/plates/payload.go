package plates

import (
	"errors"
	"strings"
)

// ErrHost is returned for a text that is not the plain name of a host.
var ErrHost = errors.New("not the name of a host")

// MaxPayload is how many bytes a symbol of a plate may hold at most (rule PLT-19).
const MaxPayload = 60

// Payload is the text of the symbol of a plate: https://host/TOKEN, the code in upper case,
// the host as it is given. With upper, scheme and host are in upper case too, which needs a
// smaller symbol; whether every phone follows such an address must have been tried. A host
// that is itself given in upper case makes the symbol smaller with a lower-case scheme.
func Payload(host string, t Token, upper bool) string {
	head := "https://" + host + "/"
	if upper {
		head = strings.ToUpper(head)
	}
	return head + t.String()
}

// CheckHost returns ErrHost unless host is a name of letters, digits, dots and dashes with
// which a payload keeps within MaxPayload: no scheme, no port, no path.
func CheckHost(host string) error {
	if host == "" || len("https://")+len(host)+1+Symbols > MaxPayload || !strings.Contains(host, ".") {
		return ErrHost
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return ErrHost
		}
		for i := range len(label) {
			c := label[i] | 0x20
			if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return ErrHost
			}
		}
	}
	return nil
}
