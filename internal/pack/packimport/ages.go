package packimport

import (
	"fmt"

	"yike/internal/pack"
)

// Ages says which people a band counts, in words that follow a number of them: 60
// 岁及以上, aged 60 and over. The id of a band is the pack's own word and says nothing
// for sure. O(1).
func Ages(b pack.Band) pack.Text {
	switch {
	case b.To == nil && b.From <= 0:
		return pack.Text{ZH: "全部年龄", EN: "of all ages"}
	case b.To == nil:
		return pack.Text{ZH: fmt.Sprintf("%d 岁及以上", b.From), EN: fmt.Sprintf("aged %d and over", b.From)}
	case *b.To == b.From:
		return pack.Text{ZH: fmt.Sprintf("%d 岁", b.From), EN: fmt.Sprintf("aged %d", b.From)}
	}
	return pack.Text{ZH: fmt.Sprintf("%d–%d 岁", b.From, *b.To), EN: fmt.Sprintf("aged %d to %d", b.From, *b.To)}
}
