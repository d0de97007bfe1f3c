package address_test

import (
	"strings"
	"testing"

	"yike/internal/address"
)

// TestLongTextsEnd reads what repeats itself; a reader that went back for each character
// would never end.
func TestLongTextsEnd(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"一区", "内", "门楼", "1门", "1-", "路", "解放路与", "号", "十", "东区", "村", "(", "12号、", "附1", "向东1米"} {
		a := address.Parse(strings.Repeat(unit, 50_000/len(unit)))
		if a.Province != "" {
			t.Error(a.Province)
		}
	}
}
