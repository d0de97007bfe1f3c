package hanzi_test

import (
	"bytes"
	"compress/bzip2"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"yike/internal/hanzi"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, width, fold string }{
		{"", "", ""},
		{"解放路１２号", "解放路12号", "解放路12号"},
		{"ＡＢＣ（甲）座", "ABC(甲)座", "abc(甲)座"},
		{"東莊　養老院", "東莊 養老院", "东庄养老院"},
		{"１２～１４号、16號", "12-14号,16號", "12-14号,16号"},
		{"117.1;39.2~3", "117.1,39.2-3", "117.1,39.2-3"},
		{"【西区】　3—2—501", "(西区) 3-2-501", "(西区)3-2-501"},
		{"\ufeff友谊路\u200b 8＃", "友谊路 8#", "友谊路8#"},
		{"北緯39°08′30″", "北緯39°08'30\"", "北纬39°08'30\""},
	} {
		if got := hanzi.Width(tc.in); got != tc.width {
			t.Errorf("Width(%q) = %q; want %q", tc.in, got, tc.width)
		}
		if got := hanzi.Fold(tc.in); got != tc.fold {
			t.Errorf("Fold(%q) = %q; want %q", tc.in, got, tc.fold)
		}
	}
}

func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		once := hanzi.Fold(s)
		if twice := hanzi.Fold(once); twice != once {
			t.Fatalf("%q, %q, %q", s, once, twice)
		}
		if a := hanzi.Arabic(s); hanzi.Arabic(a) != a {
			t.Fatalf("%q, %q", s, a)
		}
	})
}

func TestArabic(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":           "",
		"十二号":        "12号",
		"一二号":        "12号",
		"第一百零三社区":    "第103社区",
		"一百一十":       "110",
		"二百五":        "205",
		"三千零二十":      "3020",
		"二〇二四年":      "2024年",
		"廿三弄":        "23弄",
		"五十里铺":       "50里铺",
		"十里河":        "10里河",
		"百货大楼":       "百货大楼",
		"零点":         "零点",
		"万科":         "万科",
		"壹方天地":       "1方天地",
		"拾伍栋":        "15栋",
		"十百":         "十百",
		"中一路":        "中1路",
		"解放路3号":      "解放路3号",
		"九十九":        "99",
		"二十三单元十二层三室": "23单元12层3室",
	} {
		if got := hanzi.Arabic(in); got != want {
			t.Errorf("Arabic(%q) = %q; want %q", in, got, want)
		}
	}
}

func TestSimplify(t *testing.T) {
	t.Parallel()
	if got := hanzi.Simplify("武漢市疾病預防控制中心、塔子湖東路、養老院、殯儀館"); got != "武汉市疾病预防控制中心、塔子湖东路、养老院、殡仪馆" {
		t.Error(got)
	}
	// Each pair of the table sounds alike, and what is simplified stays.
	c := hanzi.NewCharacters()
	n, wide := 0, 0
	for r := rune(0x3400); r <= 0x9fff; r++ {
		to, _ := utf8.DecodeRuneInString(hanzi.Simplify(string(r)))
		if to == r {
			continue
		}
		n++
		if to > 0xffff {
			wide++
		}
		if !alike(c, r, to) && !strings.ContainsRune("叄嘜屓浿薀賧鏏驏", r) { // of which the tables of readings have one each
			t.Errorf("%c (%v) is not read as %c (%v)", r, c.Readings(r), to, c.Readings(to))
		}
		if again := hanzi.Simplify(string(to)); again != string(to) {
			t.Errorf("%c becomes %c, which becomes %s", r, to, again)
		}
	}
	if n < 2400 || wide < 100 {
		t.Errorf("only %d characters, %d of them wide", n, wide)
	}
	if got := hanzi.Simplify("灃鎬灞滻鄠"); got != "沣镐灞浐鄠" {
		t.Error(got)
	}
}

func alike(c *hanzi.Characters, a, b rune) bool {
	var of []string
	for _, reading := range c.Readings(b) {
		of = append(of, hanzi.Toneless(reading))
	}
	return slices.ContainsFunc(c.Readings(a), func(reading string) bool { return slices.Contains(of, hanzi.Toneless(reading)) })
}

// TestTraditionalOfStandard holds that whatever traditional form the Unihan database gives of a
// standard character becomes it, where the database is on the machine: but for forms that are
// standard characters themselves (乾, 徵) and those of which several are.
func TestTraditionalOfStandard(t *testing.T) {
	t.Parallel()
	f, err := os.Open("/usr/share/unicode/Unihan_Variants.txt.bz2")
	if err != nil {
		t.Skipf("the Unihan database is not here: %v", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(bzip2.NewReader(f))
	if err != nil {
		t.Fatal(err)
	}
	c := hanzi.NewCharacters()
	n, left := 0, ""
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[1] != "kSimplifiedVariant" {
			continue
		}
		from := point(t, fields[0])
		var to []rune
		for _, code := range fields[2:] {
			if r := point(t, code); c.Level(r) > 0 && r != from {
				to = append(to, r)
			}
		}
		if c.Level(from) > 0 || len(to) != 1 || from < 0x4e00 || from > 0x9fff {
			continue
		}
		n++
		if got := hanzi.Simplify(string(from)); got != hanzi.Simplify(string(to[0])) {
			left += string(from) + got
		}
	}
	// OpenCC has others of these, by which names were folded before.
	if n < 2000 || left != "噁恶逕径鉅巨麴曲" {
		t.Errorf("of %d characters these become others: %s", n, left)
	}
}

func point(t *testing.T, code string) rune {
	t.Helper()
	n, err := strconv.ParseInt(strings.TrimPrefix(code, "U+"), 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	return rune(n)
}

func TestSounds(t *testing.T) {
	t.Parallel()
	s := hanzi.NewSounds()
	for _, pair := range []string{"庭廷", "苑院", "重虫", "重中", "长张", "长常", "绿吕", "綠绿", "同桐"} {
		r := []rune(pair)
		if !s.Alike(r[0], r[1]) || !s.Alike(r[1], r[0]) {
			t.Errorf("%s: %v, %v; want alike", pair, s.Of(r[0]), s.Of(r[1]))
		}
	}
	for _, pair := range []string{"东西", "平瓶路", "a啊"} {
		r := []rune(pair)
		if pair != "平瓶路" && s.Alike(r[0], r[1]) {
			t.Errorf("%s are alike", pair)
		}
	}
	if got := s.Key("友谊12号"); got != "you'yi'12hao'" {
		t.Error(got)
	}
	if s.Of('x') != nil || s.Of(0x20000) != nil {
		t.Error("readings of what is no character")
	}
}

// TestSoundsOfDivisions holds the readings to those of a real table of divisions: some
// reading of each character must be the table's, though the first often is not.
func TestSoundsOfDivisions(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(dataFolder(t), "..", "divisions_pinyin", "divisions_with_pinyin_subset.csv"))
	if err != nil {
		t.Skipf("the table of divisions with pinyin is not here: %v", err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := hanzi.NewSounds()
	names, first, characters, missed := 0, 0, 0, 0
	for _, row := range rows[1:] {
		name, syllables := []rune(row[3]), strings.Fields(row[5])
		if len(name) != len(syllables) {
			continue
		}
		names++
		all := true
		for i, r := range name {
			of := s.Of(r)
			characters++
			all = all && len(of) > 0 && of[0] == syllables[i]
			found := false
			for _, reading := range of {
				found = found || reading == syllables[i]
			}
			if !found && hanzi.IsHan(r) {
				missed++
			}
		}
		if all {
			first++
		}
	}
	t.Logf("%d names: %d by first readings (%.1f %%); %d of %d characters without the table's reading", names, first, 100*float64(first)/float64(names), missed, characters)
	if names < 1500 || float64(missed) > 0.002*float64(characters) {
		t.Error("readings are missing")
	}
}

// dataFolder is the folder of the Hankou extract: YIKE_DATA_DIR, else the root that its
// pack's manifest names. The test is skipped where there is none.
func dataFolder(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("YIKE_DATA_DIR"); dir != "" {
		return dir
	}
	pack := filepath.Join("..", "..", "packs", "hankou")
	manifest, err := os.ReadFile(filepath.Join(pack, "manifest.yaml"))
	if err != nil {
		t.Skipf("the pack of Hankou is not here: %v", err)
	}
	root := regexp.MustCompile(`(?m)^root:\s*["']?([^"'\s#]+)`).FindSubmatch(manifest)
	if root == nil {
		t.Skip("the pack of Hankou names no root folder")
	}
	return filepath.Join(pack, string(root[1]))
}

func FuzzFold(f *testing.F) {
	f.Add("東莊　養老院１２～１４号")
	f.Add("一百零三")
	f.Fuzz(func(t *testing.T, s string) {
		if s := hanzi.Arabic(hanzi.Fold(s)); !utf8.ValidString(s) {
			t.Errorf("%q", s)
		}
	})
}

func BenchmarkSounds(b *testing.B) {
	for b.Loop() {
		hanzi.NewSounds()
	}
}
