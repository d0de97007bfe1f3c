// Package web owns the map front end as the browser gets it: the built files,
// embedded, and how they are cached. It knows nothing of the API, of tiles or of
// what the screens show.
package web

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// The folder is empty but for .gitkeep in a clean clone; "all:" lets it compile.
//
//go:embed all:dist
var dist embed.FS

// The page for a binary that was compiled before the front end was built. It has no
// style and no script, so it works under any policy.
const notBuilt = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>一刻 Yike</title></head>
<body><h1>一刻</h1>
<p>地图界面还没有构建。请在代码目录运行 <code>make web</code>，再重新编译并启动。接口在 <a href="/api/v1/status">/api/v1/status</a>。</p>
<h1 lang="en">Yike</h1>
<p lang="en">The map front end has not been built. Run <code>make web</code> in the source folder, then compile and start again. The API is at <a href="/api/v1/status">/api/v1/status</a>.</p>
</body></html>
`

// Handler serves the built front end: hashed files under /assets/ may be kept for
// ever, every other file is asked for again, and an address that names no file is a
// screen of the app and gets its page. Before the front end is built every address
// gets a page, with status 503, that says what to run.
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a constant valid path: fs.Sub cannot refuse it
	}
	return handler(files)
}

func handler(files fs.FS) http.Handler {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return http.HandlerFunc(serveNotBuilt)
	}
	static := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "405", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		switch {
		case name == "" || name == "index.html":
			serveIndex(w, index)
		case isFile(files, name):
			w.Header().Set("Cache-Control", cacheControl(name))
			static.ServeHTTP(w, r)
		case strings.HasPrefix(name, "assets/") || path.Ext(name) != "":
			// A file that is gone, as after an update, must not turn into a page.
			http.NotFound(w, r)
		default:
			serveIndex(w, index)
		}
	})
}

// serveIndex writes the app's page, which must always be the newest: it names the
// hashed files.
func serveIndex(w http.ResponseWriter, index []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(index) // a reader that left is no error of ours
}

func serveNotBuilt(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(notBuilt))
}

// isFile reports whether name is a regular file that may be served; hidden files
// such as .gitkeep may not.
func isFile(files fs.FS, name string) bool {
	if strings.HasPrefix(path.Base(name), ".") {
		return false
	}
	info, err := fs.Stat(files, name)
	return err == nil && info.Mode().IsRegular()
}

// cacheControl is "for ever" for files whose name holds their hash.
func cacheControl(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}
