package coverageexport_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// paper writes a dossier's report and gives what is written on it.
func paper(t *testing.T, a asked) string {
	t.Helper()
	fonts := openFonts(t)
	var out bytes.Buffer
	lacking, err := dossier(t, a).WriteReport(&out, fonts)
	if err != nil || len(lacking) > 0 {
		t.Fatalf("missing %q, %v", lacking, err)
	}
	path := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if keep := os.Getenv("YIKE_KEEP_PRINTS"); keep != "" {
		_ = os.WriteFile(filepath.Join(keep, fmt.Sprintf("report-%d-%v-%v-%v.pdf", a.options, a.long, a.english, a.nobody)), out.Bytes(), 0o600)
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed; apt-get install poppler-utils")
	}
	said, err := exec.CommandContext(t.Context(), "pdftotext", "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

func TestReport(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		asked asked
		says  []string
		not   []string
	}{
		"today": {asked{}, []string{
			"老人家食堂现状覆盖报告", "示例区有多少人", "合成示例数据", "现状：70 岁及以上", "现状图", "柳园小区", "与其他道路不相连", "住处附近没有步行路径",
			"怎样计算", "含恰好等于", "数据与局限", "路网数据偏少", "ODbL", "第 1 页", "示例区民政局", "一食堂", "按老年人步行",
		}, []string{"方案并列", "新增覆盖的人"}},
		"three": {asked{options: 3}, []string{
			"老人家食堂布局比选报告", "增设1号点：净增覆盖", "一次性 120 万元", "每净增一人", "未填费用", "方案并列", "图：增设2号点", "关闭", "迁移", "新设", "新设点 A", "利用闲置公房", "仍未覆盖的人，按地方：增设3号点", "全区合计",
		}, []string{"现状图"}},
		"English": {asked{options: 1, english: true}, []string{
			"Options compared — elderly canteen", "How many people of Example District", "Key findings", "Options side by side", "Who remains without", "How it is counted", "joined to no other", "Page 1",
		}, []string{"方案"}},
		"eight, long names": {asked{options: 8, long: true}, []string{"8. 增设8号点并加固沿线人行通道", "方案 8"}, nil},
		"nobody":            {asked{nobody: true, options: 1}, []string{"没有人因此得到或失去覆盖", "没有人未被覆盖", "附近无路"}, nil},
		"served":            {asked{served: true}, []string{"没有人未被覆盖", "100.0%"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bare := func(s string) string { return strings.Join(strings.Fields(s), "") } // lines are broken anywhere
			said := bare(paper(t, c.asked))
			for _, want := range c.says {
				if !strings.Contains(said, bare(want)) {
					t.Errorf("the report does not say %q", want)
				}
			}
			for _, no := range c.not {
				if strings.Contains(said, bare(no)) {
					t.Errorf("the report says %q", no)
				}
			}
			if t.Failed() {
				t.Log(said)
			}
		})
	}
}
