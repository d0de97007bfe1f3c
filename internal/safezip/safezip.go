// Package safezip owns opening zip archives that strangers send: XLSX, KMZ and zipped
// Shapefile are such. It refuses an archive before anything of it is unpacked when its
// entries are too many, lie over one another, would unpack to too much, or have a name
// that leads out of the folder it is unpacked to; and what is read is counted, whatever
// the archive says of its sizes. It knows no format and writes no file.
package safezip

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Limits bound what an archive may make us do. Zero takes the default of each.
type Limits struct {
	Entries   int   // entries in the directory; default 10,000
	Total     int64 // bytes of all entries unpacked; default 1 GiB
	Ratio     int64 // unpacked bytes for each packed byte of an entry, beyond the first MiB; default 300
	Directory int64 // bytes read to learn what the archive holds; default 8 MiB
}

func (l Limits) withDefaults() Limits {
	if l.Entries <= 0 {
		l.Entries = 10_000
	}
	if l.Total <= 0 {
		l.Total = 1 << 30
	}
	if l.Ratio <= 0 {
		l.Ratio = 300
	}
	if l.Directory <= 0 {
		l.Directory = 8 << 20
	}
	return l
}

// Error says in both languages why an archive, or an entry of it, is refused.
type Error struct {
	Entry  string // "" for the archive as a whole
	ZH, EN string
	Err    error // the cause, may be nil
}

// Error is the English sentence.
func (e *Error) Error() string {
	if e.Entry == "" {
		return e.EN
	}
	return fmt.Sprintf("%q in the archive: %s", e.Entry, e.EN)
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Entry is one file of an archive.
type Entry struct {
	Name   string // as a path with /, cleaned, never leading out of a folder
	Size   int64  // unpacked, as the archive says
	Packed int64
	file   *zip.File
	start  int64 // of its packed bytes
}

// Archive is an opened archive whose directory was found in order. Reading several
// entries at once is allowed; they share the limit on all bytes only in what the
// directory says.
type Archive struct {
	entries []*Entry
	byName  map[string]*Entry
	limits  Limits
}

// Open reads the directory of an archive of size bytes and checks it. Errors of the
// archive are *Error.
func Open(r io.ReaderAt, size int64, limits Limits) (*Archive, error) {
	limits = limits.withDefaults()
	budget := &budgetReaderAt{r: r, left: limits.Directory}
	z, err := zip.NewReader(budget, size)
	switch {
	case budget.spent:
		return nil, &Error{ZH: "压缩包的目录过大", EN: "the directory of the archive is too large", Err: err}
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, &Error{ZH: "压缩包已损坏或不完整", EN: "the archive is damaged or not complete", Err: err}
	}
	if len(z.File) > limits.Entries {
		return nil, &Error{
			ZH: fmt.Sprintf("压缩包中有 %d 个文件，最多 %d 个", len(z.File), limits.Entries),
			EN: fmt.Sprintf("the archive has %d entries; at most %d are allowed", len(z.File), limits.Entries),
		}
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	a := &Archive{byName: make(map[string]*Entry, len(z.File)), limits: limits}
	for _, f := range z.File {
		if err := a.add(f); err != nil {
			return nil, err
		}
	}
	budget.left = 1 << 62
	return a, a.check()
}

// add takes one entry of the directory in. Folders are passed over.
func (a *Archive) add(f *zip.File) error {
	name, err := safeName(f)
	if err != nil || name == "" {
		return err
	}
	if f.Mode()&(fs.ModeSymlink|fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket|fs.ModeIrregular) != 0 {
		return refuse(name, "压缩包中不得有链接或特殊文件", "links and special files are not allowed in an archive")
	}
	if f.Flags&1 != 0 {
		return refuse(name, "文件已加密，请取消密码后再上传", "it is encrypted; remove the password first")
	}
	if f.Method != zip.Store && f.Method != zip.Deflate {
		return refuse(name, "使用了不支持的压缩方法，请用普通 ZIP 重新压缩", "its compression method is not supported; pack it again as an ordinary zip")
	}
	if f.UncompressedSize64 > 1<<62 || f.CompressedSize64 > 1<<62 {
		return refuse(name, "大小不合理", "its size makes no sense")
	}
	key := strings.ToLower(name)
	if _, twice := a.byName[key]; twice {
		return refuse(name, "压缩包中有同名文件（不分大小写）", "the archive has this name twice, capitals apart")
	}
	e := &Entry{Name: name, Size: int64(f.UncompressedSize64), Packed: int64(f.CompressedSize64), file: f} //nolint:gosec // below 1<<62
	a.byName[key] = e
	a.entries = append(a.entries, e)
	return nil
}

func refuse(name, zh, en string) *Error { return &Error{Entry: clip(name), ZH: zh, EN: en} }

// check looks at the entries together: their sizes, and whether they lie apart.
func (a *Archive) check() error {
	var total int64
	for _, e := range a.entries {
		start, err := e.file.DataOffset()
		if err != nil {
			return &Error{Entry: clip(e.Name), ZH: "压缩包已损坏：文件头不完整", EN: "the archive is damaged: a header is not complete", Err: err}
		}
		e.start = start
		if total += e.Size; total > a.limits.Total || total < 0 {
			return &Error{
				ZH: fmt.Sprintf("解压后超过 %d MB，不予读取", a.limits.Total>>20),
				EN: fmt.Sprintf("it would unpack to more than %d MB", a.limits.Total>>20),
			}
		}
		if e.Size > a.mostOf(e) {
			return bomb(e)
		}
	}
	byStart := slices.Clone(a.entries)
	slices.SortFunc(byStart, func(x, y *Entry) int { return int(min(1, max(-1, x.start-y.start))) })
	for i := 1; i < len(byStart); i++ {
		// Between two entries is at least the local header of the second.
		if before := byStart[i-1]; before.start+before.Packed > byStart[i].start-localHeader {
			return refuse(byStart[i].Name, "压缩包中的文件相互重叠，疑似压缩炸弹", "entries of the archive overlap, as in a zip bomb")
		}
	}
	return nil
}

const localHeader = 30 // bytes of a local header without its name

// mostOf is how far an entry may unpack.
func (a *Archive) mostOf(e *Entry) int64 { return 1<<20 + e.Packed*a.limits.Ratio }

func bomb(e *Entry) *Error {
	return refuse(e.Name, "压缩比异常，疑似压缩炸弹", "it unpacks to suspiciously much, as a zip bomb does")
}

// Entries are the files of the archive, in the order of its directory.
func (a *Archive) Entries() []*Entry { return a.entries }

// Find is the entry of that name, capitals apart; nil if there is none.
func (a *Archive) Find(name string) *Entry {
	return a.byName[strings.ToLower(strings.TrimPrefix(path.Clean("/"+name), "/"))]
}

// Open unpacks an entry as it is read. Reading gives an *Error where the entry is
// damaged or holds more than the archive said.
func (a *Archive) Open(e *Entry) (io.ReadCloser, error) {
	r, err := e.file.Open()
	if err != nil {
		return nil, &Error{Entry: clip(e.Name), ZH: "压缩包已损坏", EN: "the archive is damaged", Err: err}
	}
	return &counted{ReadCloser: r, entry: e, left: a.mostOf(e)}, nil
}

// Copy puts an entry into another archive as it is, without unpacking it.
func (a *Archive) Copy(to *zip.Writer, e *Entry) error {
	r, err := e.file.OpenRaw()
	if err != nil {
		return &Error{Entry: clip(e.Name), ZH: "压缩包已损坏", EN: "the archive is damaged", Err: err}
	}
	header := e.file.FileHeader
	w, err := to.CreateRaw(&header)
	if err == nil {
		_, err = io.Copy(w, r)
	}
	if err != nil {
		return fmt.Errorf("copy %s: %w", clip(e.Name), err)
	}
	return nil
}

// counted passes no more on than an entry may hold.
type counted struct {
	io.ReadCloser
	entry *Entry
	left  int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, bomb(c.entry)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, &Error{Entry: clip(c.entry.Name), ZH: "压缩包已损坏或不完整", EN: "the archive is damaged or not complete", Err: err}
	}
	return n, err
}

// budgetReaderAt gives so many bytes and then fails, so that a directory of millions of
// entries is never taken into memory.
type budgetReaderAt struct {
	r     io.ReaderAt
	left  int64
	spent bool
}

func (b *budgetReaderAt) ReadAt(p []byte, off int64) (int, error) {
	if b.left < 1<<61 {
		if b.left -= int64(len(p)); b.left < 0 {
			b.spent = true
			return 0, io.ErrUnexpectedEOF
		}
	}
	return b.r.ReadAt(p, off)
}

// safeName is an entry's name as a clean relative path; "" for a folder.
func safeName(f *zip.File) (string, error) {
	name := f.Name
	if !utf8.ValidString(name) { // archivers of Chinese Windows write GBK without saying so
		decoded, err := simplifiedchinese.GB18030.NewDecoder().String(name)
		if err != nil {
			return "", refuse(strings.ToValidUTF8(name, "�"), "文件名的编码无法识别", "the encoding of its name is not known")
		}
		name = decoded
	}
	name = strings.ReplaceAll(name, `\`, "/")
	bad := name == "" || len(name) > 1024 || strings.HasPrefix(name, "/") || strings.ContainsRune(name, ':') ||
		slices.Contains(strings.Split(name, "/"), "..") ||
		strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f || r == utf8.RuneError || bidi(r) })
	if bad {
		return "", refuse(strings.ToValidUTF8(name, "�"), "文件名不安全（指向压缩包之外或含控制字符）", "its name is not safe: it leads out of the archive or has control characters")
	}
	if strings.HasSuffix(name, "/") || f.Mode().IsDir() {
		return "", nil
	}
	return strings.TrimPrefix(path.Clean("/"+name), "/"), nil
}

// bidi is a character that turns the direction of writing, as used to show gpj.exe as
// exe.jpg.
func bidi(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

func clip(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
