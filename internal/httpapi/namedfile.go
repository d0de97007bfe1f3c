package httpapi

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// longestFileName is how many characters the name of a file may have.
const longestFileName = 200

// NamedFile is the part of an operation's input that is a file: the body is the file itself,
// and ?name= what people call it.
type NamedFile struct {
	Name string `query:"name" doc:"Name of the file; needed"`

	body io.Reader
}

// Resolve keeps the body, which huma would read into memory.
func (f *NamedFile) Resolve(ctx huma.Context) []error {
	f.body = ctx.BodyReader()
	return nil
}

// Body is the file, to be read once.
func (f *NamedFile) Body() io.Reader { return f.body }

// Called is the file's name without the folder that some browsers tell; a 400 problem where
// it has none that is fit.
func (f *NamedFile) Called() (string, error) {
	name := strings.TrimSpace(f.Name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	control := func(c rune) bool { return c < ' ' }
	if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > longestFileName || strings.ContainsFunc(name, control) {
		return "", BadRequest("bad_file_name", "请用 name 参数给出文件名，不超过 200 个字", "Give the name of the file as ?name=, of at most 200 characters")
	}
	return name, nil
}
