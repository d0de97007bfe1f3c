package attachments_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"strings"
	"testing"

	"yike/internal/attachments"
)

func office(t testing.TB, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte("<xml/>"))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fields is a picture whose corners have colours of their own.
func fields(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{40, 40, 40, 255}
			switch {
			case x < w/2 && y < h/2:
				c.R = 220
			case x >= w/2 && y < h/2:
				c.G = 220
			case x < w/2:
				c.B = 220
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withNotes puts an EXIF part into a JPEG: how it was held, the day, where.
func withNotes(jpg []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	head := "II*\x00"
	if order.String() == "BigEndian" {
		head = "MM\x00*"
	}
	t := []byte(head)
	t = order.AppendUint32(t, 8)
	entry := func(tag, kind uint16, count uint32, v []byte) {
		t = order.AppendUint16(t, tag)
		t = order.AppendUint16(t, kind)
		t = order.AppendUint32(t, count)
		t = append(t, append(v, 0, 0, 0, 0)[:4]...)
	}
	offset := func(v uint32) []byte { return order.AppendUint32(nil, v) }
	const main, exif, gps, day, lat, lon = 8, 50, 68, 122, 142, 166
	t = order.AppendUint16(t, 3)
	entry(0x0112, 3, 1, order.AppendUint16(nil, orientation))
	entry(0x8769, 4, 1, offset(exif))
	entry(0x8825, 4, 1, offset(gps))
	t = order.AppendUint32(t, 0)
	t = order.AppendUint16(t, 1)
	entry(0x9003, 2, 20, offset(day))
	t = order.AppendUint32(t, 0)
	t = order.AppendUint16(t, 4)
	entry(1, 2, 2, []byte("N\x00"))
	entry(2, 5, 3, offset(lat))
	entry(3, 2, 2, []byte("E\x00"))
	entry(4, 5, 3, offset(lon))
	t = order.AppendUint32(t, 0)
	t = append(t, "2026:11:20 08:30:00\x00"...)
	for _, v := range []uint32{39, 1, 6, 1, 30, 1, 117, 1, 0, 1, 1800, 100} {
		t = order.AppendUint32(t, v)
	}
	part := append([]byte("Exif\x00\x00"), t...)
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(part)+2))
	out := append([]byte{}, jpg[:2]...)
	out = append(append(out, segment...), part...)
	return append(out, jpg[2:]...)
}

func TestFilesAreToldByWhatTheyHold(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		file []byte
		want attachments.Media
		err  error
	}{
		"nothing":            {nil, "", attachments.ErrEmpty},
		"JPEG":               {jpegOf(t, fields(4, 4)), attachments.JPEG, nil},
		"PNG":                {pngOf(t, fields(4, 4)), attachments.PNG, nil},
		"WebP":               {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), attachments.WebP, nil},
		"PDF":                {[]byte("%PDF-1.7\n...\n%%EOF\n"), attachments.PDF, nil},
		"half a PDF":         {[]byte("%PDF-1.7\n..."), "", attachments.ErrBroken},
		"DOCX":               {office(t, "[Content_Types].xml", "word/document.xml"), attachments.DOCX, nil},
		"XLSX":               {office(t, "[Content_Types].xml", "xl/workbook.xml"), attachments.XLSX, nil},
		"both":               {office(t, "[Content_Types].xml", "xl/workbook.xml", "word/document.xml"), "", attachments.ErrMedia},
		"DOCM":               {office(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "", attachments.ErrMacros},
		"a path out":         {office(t, "[Content_Types].xml", "word/document.xml", "../../etc/passwd"), "", attachments.ErrBroken},
		"another archive":    {office(t, "a.txt"), "", attachments.ErrMedia},
		"half an archive":    {office(t, "a.txt")[:20], "", attachments.ErrBroken},
		"a program":          {[]byte("MZ\x90\x00"), "", attachments.ErrMedia},
		"a page":             {[]byte("<!doctype html><script>"), "", attachments.ErrMedia},
		"SVG":                {[]byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "", attachments.ErrMedia},
		"GIF":                {[]byte("GIF89a"), "", attachments.ErrMedia},
		"a page as a JPEG":   {[]byte("\xFF\xD8\xFF<script>"), attachments.JPEG, nil}, // and then cannot be read
		"a great many names": {office(t, strings.Split(strings.Repeat("a,", 5001), ",")...), "", attachments.ErrMedia},
	} {
		if got, err := attachments.Sniff(tc.file); got != tc.want || !errors.Is(err, tc.err) {
			t.Errorf("%s: got %q, %v; want %q, %v", name, got, err, tc.want, tc.err)
		}
	}
}

func TestPhotosAreKeptUprightAndBare(t *testing.T) {
	t.Parallel()
	raw := jpegOf(t, fields(120, 80))
	// Where the red corner of the picture comes to lie: column and row of two.
	red := map[uint16][2]int{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}}
	for orientation := uint16(1); orientation <= 8; orientation++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			p, err := attachments.Prepare(withNotes(raw, order, orientation), attachments.Photo)
			if err != nil {
				t.Fatal(err)
			}
			w, h := 120, 80
			if orientation >= 5 {
				w, h = h, w
			}
			if p.Width != w || p.Height != h || p.Media != attachments.JPEG {
				t.Errorf("orientation %d: %d by %d, %s", orientation, p.Width, p.Height, p.Media)
			}
			m, err := jpeg.Decode(bytes.NewReader(p.Content))
			if err != nil {
				t.Fatal(err)
			}
			at := red[orientation]
			r, g, _, _ := m.At(w/4+at[0]*w/2, h/4+at[1]*h/2).RGBA()
			if r>>8 < 150 || g>>8 > 120 {
				t.Errorf("orientation %d: the red corner is not where it should be", orientation)
			}
			if p.TakenOn != "2026-11-20" || p.Position == nil || math.Abs(p.Position.Lat()-39.10833) > 1e-4 || math.Abs(p.Position.Lon()-117.005) > 1e-4 {
				t.Errorf("%v: noted %q at %v", order, p.TakenOn, p.Position)
			}
			if bytes.Contains(p.Content, []byte("Exif")) || bytes.Contains(p.Thumb, []byte("Exif")) {
				t.Error("what the camera noted is still in the picture")
			}
		}
	}
}

func TestLargePicturesAreMadeSmaller(t *testing.T) {
	t.Parallel()
	p, err := attachments.Prepare(jpegOf(t, image.NewGray(image.Rect(0, 0, 5000, 100))), attachments.Photo)
	if err != nil || p.Width != 4096 || p.Height != 81 {
		t.Fatalf("%d by %d, %v", p.Width, p.Height, err)
	}
	thumb, err := jpeg.DecodeConfig(bytes.NewReader(p.Thumb))
	if err != nil || thumb.Width != 480 {
		t.Errorf("the small picture is %d wide, %v", thumb.Width, err)
	}
	drawing, err := attachments.Prepare(pngOf(t, fields(300, 200)), attachments.Document)
	if err != nil || drawing.Media != attachments.PNG || drawing.Position != nil {
		t.Errorf("a drawing became %s, %v", drawing.Media, err)
	}
}

func TestDocumentsAreKeptAsTheyCame(t *testing.T) {
	t.Parallel()
	file := office(t, "[Content_Types].xml", "word/document.xml")
	p, err := attachments.Prepare(file, attachments.Document)
	if err != nil || !bytes.Equal(p.Content, file) || p.Thumb != nil || len(p.OriginalSHA256) != 64 {
		t.Errorf("%+v, %v", p.Media, err)
	}
	if _, err := attachments.Prepare(file, attachments.Photo); !errors.Is(err, attachments.ErrNoPhoto) {
		t.Errorf("a document as a photo: %v", err)
	}
}

// pixels is a PNG that says it is larger than it is.
func pixels(t testing.TB, w, h uint32) []byte {
	t.Helper()
	b := pngOf(t, fields(1, 1))
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestPicturesThatHarmAreRefused(t *testing.T) {
	t.Parallel()
	huge := jpegOf(t, fields(4, 4))
	at := bytes.Index(huge, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint16(huge[at+5:], 65000)
	binary.BigEndian.PutUint16(huge[at+7:], 65000)
	progressive := bytes.Clone(huge)
	progressive[at+1] = 0xC2
	binary.BigEndian.PutUint16(progressive[at+5:], 5000)
	binary.BigEndian.PutUint16(progressive[at+7:], 5000)
	for name, tc := range map[string]struct {
		file []byte
		want error
	}{
		"a PNG of 65,535 by 65,535":      {pixels(t, 65535, 65535), attachments.ErrTooManyPixels},
		"a PNG of no width":              {pixels(t, 0, 10), attachments.ErrBroken},
		"a PNG that lies":                {pixels(t, 3000, 3000), attachments.ErrBroken},
		"a JPEG of 65,000 by 65,000":     {huge, attachments.ErrTooManyPixels},
		"a progressive JPEG of 25 mega":  {progressive, attachments.ErrTooManyPixels},
		"a page that begins like a JPEG": {[]byte("\xFF\xD8\xFF<script>"), attachments.ErrBroken},
		"a WebP of nothing":              {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), attachments.ErrBroken},
	} {
		if _, err := attachments.Prepare(tc.file, attachments.Photo); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"合同.pdf":                 "合同.pdf",
		"../../etc/passwd":       "passwd.pdf",
		`C:\Users\x\照片.JPG`:      "照片.pdf",
		"a\u202egpj.exe":         "agpj.pdf",
		"":                       "file.pdf",
		"...":                    "file.pdf",
		"a\x00b<c>.tar.gz":       "abc.tar.pdf",
		strings.Repeat("长", 300): strings.Repeat("长", 120) + ".pdf",
		"\xff\xfe":               "file.pdf",
	} {
		if got := attachments.CleanName(in, attachments.PDF); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestWhatPeopleWriteIsChecked(t *testing.T) {
	t.Parallel()
	if faults := (attachments.New{Kind: "film", Title: strings.Repeat("长", 201)}).Check(); len(faults) != 2 || faults[0].Field != "kind" || faults[1].Field != "title" {
		t.Errorf("%+v", faults)
	}
	if faults := (attachments.New{Kind: attachments.Photo}).Check(); len(faults) != 0 {
		t.Errorf("%+v", faults)
	}
	if _, ok := attachments.OwnerOf("nothing"); ok {
		t.Error("an owner of no kind")
	}
	if o, ok := attachments.OwnerOf("facility"); !ok || o.Collection != "facilities" {
		t.Errorf("%+v", o)
	}
}

func FuzzPrepare(f *testing.F) {
	raw := jpegOf(f, fields(16, 8))
	f.Add(withNotes(raw, binary.LittleEndian, 6))
	f.Add(withNotes(raw, binary.BigEndian, 3))
	f.Add(pngOf(f, fields(8, 8)))
	f.Add(office(f, "[Content_Types].xml", "xl/workbook.xml"))
	f.Add([]byte("%PDF-1.4\n%%EOF"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if c, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil && c.Width*c.Height > 1<<20 {
			return // right, but slow
		}
		p, err := attachments.Prepare(file, attachments.Document)
		if (err == nil) != (len(p.Content) > 0) {
			t.Errorf("%d bytes, %v", len(p.Content), err)
		}
		if err == nil && p.Media.Picture() && (p.Width < 1 || p.Height < 1 || p.Thumb == nil) {
			t.Errorf("%+v", p.Media)
		}
	})
}

// BenchmarkPrepare makes a photo of a telephone ready: 4,000 by 3,000 pixels, turned.
func BenchmarkPrepare(b *testing.B) {
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = uint8(i>>3) ^ uint8(i>>14)
	}
	photo := withNotes(jpegOf(b, m), binary.LittleEndian, 6)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := attachments.Prepare(photo, attachments.Photo); err != nil {
			b.Fatal(err)
		}
	}
}
