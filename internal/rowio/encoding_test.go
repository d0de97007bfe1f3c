package rowio_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"yike/internal/rowio"
)

// chineseTexts are tables as offices write them, from a word to some hundred rows, with
// rare characters in some.
func chineseTexts() []string {
	words := strings.Fields("常青街道老年食堂 堃园路1号 路 名 联通 一 幸福院 社区养老服务中心（嵌入式） 江汉区民政局 婚姻登记处 颐养·居 ㎡ 床位数 备注：无 张磊 王菲 李娜 赵四 东湖风景区 珞喻路 硚口区 汈汊湖 㙍塘村 𠮷野家 № 30℃ 24小时 2026年11月27日 a@b.cn TEL:027-8888 是 否 二〇二六 龘 镕 喆 淼 冇 嘅")
	r := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // fixtures
	texts := []string{"路\n名\n", "联通", "名称\n联通\n", "a,b\n1,2\n", "中\n", "名称,地址\n路,路\n", "街道,社区\n路,名\n隆,虏\n", "编号,面积\n1,㎡\n"}
	for size := 1; size <= 400; size = size*2 + 1 {
		for range 6 {
			var b strings.Builder
			b.WriteString("名称,地址,说明\n")
			for range size {
				fmt.Fprintf(&b, "%s,%s,%d\n", words[r.IntN(len(words))], words[r.IntN(len(words))]+words[r.IntN(len(words))], r.IntN(1000))
			}
			texts = append(texts, b.String())
		}
	}
	return texts
}

// TestEncodingGuesses counts how often the encoding of a text is found.
func TestEncodingGuesses(t *testing.T) {
	t.Parallel()
	kinds := []struct {
		name, want string
		enc        encoding.Encoding
		marked     bool
	}{
		{"UTF-8", "UTF-8", unicode.UTF8, false},
		{"UTF-8 with mark", "UTF-8", unicode.UTF8BOM, true},
		{"UTF-16LE with mark", "UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), true},
		{"UTF-16BE with mark", "UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.UseBOM), true},
		{"GB18030", "GB18030", simplifiedchinese.GB18030, false},
		{"GBK", "GB18030", simplifiedchinese.GBK, false},
		{"UTF-16LE without mark", "UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), false},
	}
	dir := t.TempDir()
	fixtures, right := 0, 0
	for i, text := range chineseTexts() {
		for _, k := range kinds {
			encoded, err := encoding.ReplaceUnsupported(k.enc.NewEncoder()).String(text)
			if err != nil {
				t.Fatal(err)
			}
			if k.name == "UTF-16LE without mark" && len(text) < 40 {
				continue // nothing tells it from noise
			}
			path := filepath.Join(dir, fmt.Sprintf("%d.csv", i))
			overwrite(t, path, encoded)
			f, err := rowio.Sniff(t.Context(), path, "a.csv", rowio.Limits{})
			want := k.want
			if isASCII(text) && k.want == "GB18030" {
				want = "UTF-8" // the same bytes
			}
			fixtures++
			if err == nil && f.Encoding == want && f.Marked == k.marked {
				right++
				continue
			}
			t.Logf("%s, %.30q: %s, marked %v, %v", k.name, text, f.Encoding, f.Marked, err)
		}
	}
	t.Logf("encodings: %d of %d right (%.2f %%)", right, fixtures, 100*float64(right)/float64(fixtures))
	if fixtures < 300 || float64(right) < 0.99*float64(fixtures) {
		t.Errorf("%d of %d", right, fixtures)
	}
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 127 })
}
