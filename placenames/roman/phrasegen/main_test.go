package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Parallel()
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "pinyin.js")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var out bytes.Buffer
	err := run([]string{file("const phrases_dict = {\n    \"重庆\": [[\"chóng\"], [\"qìng\"]],\n    朝天: [[\"zhāo\", \"cháo\"], [\"tiān\"]],\n    \"东西\": [[\"dōng\"], [\"xī\"]]\n};\n")}, &out)
	got := strings.Split(strings.TrimSpace(out.String()), "\n")
	if err != nil || got[len(got)-1] != "重庆 chóng qìng" || !strings.HasPrefix(got[0], "# ") || len(got) != strings.Count(head, "\n")+1 {
		t.Errorf("%q, %v", got, err)
	}
	for _, args := range [][]string{nil, {"a", "b"}, {filepath.Join(t.TempDir(), "none.js")}, {file("nothing")}, {file("重庆: [[\"chóng\"], []],\n")}, {file("重庆: [[1]],\n")}} {
		if err := run(args, &out); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}
