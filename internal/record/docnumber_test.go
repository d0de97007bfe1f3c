package record_test

import (
	"testing"

	"pgregory.net/rapid"

	"yike/internal/record"
)

func TestNumbersOfDocumentsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := record.DocNumber{
			Series: rapid.StringMatching(`[甲-癸津西地名批复函A-Z]{1,8}`).Draw(t, "series"), Year: rapid.IntRange(1949, 9999).Draw(t, "year"), No: rapid.IntRange(1, 1<<30).Draw(t, "no"),
		}
		if got, ok := record.DocNumberOf(n.Series, n.String()); !ok || got != n {
			t.Fatalf("%s is read as %+v", n, got)
		}
	})
	for _, text := range []string{"", "津地〔2026〕号", "津地〔2026〕0号", "津地2026〕1号", "津地〔1900〕1号", "津地〔2026〕1", "地〔2026〕1号"} {
		if n, ok := record.DocNumberOf("津地", text); ok {
			t.Errorf("%q is read as %v", text, n)
		}
	}
}
