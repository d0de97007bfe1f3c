package paperexport_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"yike/placenames/paperexport"
)

// checked reads a pack as a stranger would, with nothing but the archive and its sums: every file
// but the sums has its line, with the sum of its bytes, and the manifest agrees.
func checked(t testing.TB, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	sums := map[string]string{}
	for line := range strings.Lines(files["SHA256SUMS"]) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok {
			t.Fatalf("a line of sums is %q", line)
		}
		sums[name] = sum
	}
	for name, content := range files {
		s := sha256.Sum256([]byte(content))
		if name != "SHA256SUMS" && sums[name] != hex.EncodeToString(s[:]) {
			t.Errorf("%s has another sum", name)
		}
	}
	if len(sums) != len(files)-1 {
		t.Errorf("%d sums of %d files", len(sums), len(files))
	}
	var m struct {
		Files []struct {
			Path, SHA256 string
			Bytes        int
		}
	}
	if err := json.Unmarshal([]byte(files["manifest.json"]), &m); err != nil {
		t.Fatal(err)
	}
	for _, f := range m.Files {
		if sums[f.Path] != f.SHA256 || len(files[f.Path]) != f.Bytes {
			t.Errorf("the manifest says otherwise of %s", f.Path)
		}
	}
	return files
}

func pack(state func(i int) paperexport.Packed) paperexport.Pack {
	p := paperexport.Pack{CaseNumber: "2026-007", Name: "𠮷祥路", Roman: "Jixiang Lu", Act: "naming", Authority: "清澜区人民政府", Document: "清政地批〔2026〕3号", Day: "2026-10-20", Made: "2026-11-01"}
	for i, it := range paperexport.PackItems() {
		x := state(i)
		x.PackItem = it
		p.Items = append(p.Items, x)
	}
	return p
}

func written(t testing.TB, p paperexport.Pack) []byte {
	t.Helper()
	var out, again bytes.Buffer
	if err := errors.Join(p.Write(&out), p.Write(&again)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Error("two are not the same")
	}
	return out.Bytes()
}

func TestPackThatIsComplete(t *testing.T) {
	t.Parallel()
	p := pack(func(i int) paperexport.Packed {
		if i == 4 {
			return paperexport.Packed{State: paperexport.SetBy, Why: "小型道路，不需要评估"}
		}
		return paperexport.Packed{State: paperexport.Signed, Files: []paperexport.PackFile{{Name: "扫描.PDF", Content: []byte{byte(i)}}, {Name: "附页", Content: []byte("x")}}}
	})
	files := checked(t, written(t, p))
	if m := p.Manifest(); len(m.Lacks) != 0 || len(m.Files) != 12 {
		t.Errorf("%+v", m)
	}
	if files["03-批准文件.pdf"] != "\x02" || files["03-批准文件-2"] != "x" {
		t.Error("files are not where they are told")
	}
	for _, part := range []string{"二、材料齐全。", "05 综合评估报告：本环节不需要\r\n   理由：小型道路，不需要评估", "批准文号：清政地批〔2026〕3号　批准日期：2026年10月20日"} {
		if !strings.Contains(files["00-说明.txt"], part) {
			t.Errorf("%q is missing in %s", part, files["00-说明.txt"])
		}
	}
}

func TestPackThatLacksPapers(t *testing.T) {
	t.Parallel()
	p := pack(func(i int) paperexport.Packed {
		switch i {
		case 0:
			return paperexport.Packed{State: paperexport.Drafted, Open: []string{"批准文号"}, Files: []paperexport.PackFile{{Name: "a.docx", Content: []byte("draft")}}}
		case 2:
			return paperexport.Packed{State: paperexport.Unsent, Files: []paperexport.PackFile{{Name: "a.docx", Content: []byte("kept")}}}
		case 3:
			return paperexport.Packed{State: paperexport.Signed, Open: []string{"含义"}, Files: []paperexport.PackFile{{Name: "a.jpg", Content: []byte("scan")}}}
		}
		return paperexport.Packed{State: paperexport.Missing}
	})
	p.Synthetic, p.Roman = true, ""
	files := checked(t, written(t, p))
	if files["01-备案表-草稿.docx"] != "draft" || files["03-批准文件.docx"] != "kept" {
		t.Error(files)
	}
	for _, part := range []string{"· 备案表：草稿，未定稿", "   尚有空白：批准文号", "· 批准文件：已定稿，未见签字件", "· 申请书：有空白未填", "· 专家论证报告：缺少", "合成示例数据", "罗马字母拼写：（未登记）"} {
		if !strings.Contains(files["00-说明.txt"], part) {
			t.Errorf("%q is missing in %s", part, files["00-说明.txt"])
		}
	}
	if m := p.Manifest(); len(m.Lacks) != 7 {
		t.Errorf("%+v", m.Lacks)
	}
	if files := checked(t, written(t, paperexport.Pack{})); len(files) != 3 {
		t.Error("a pack of nothing says so:", files)
	}
	if err := p.Write(broken{}); err == nil {
		t.Error("the disk is full, and nobody hears of it")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
