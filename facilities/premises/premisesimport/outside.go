package premisesimport

import (
	"fmt"
	"strings"

	"yike/facilities/premises"
	"yike/internal/pack"
)

// Outside says in the report of a load which rooms of the ledger belong to no division any
// more.
func Outside(r *pack.Report, list []premises.Room) {
	if len(list) == 0 {
		return
	}
	const most = 10 // as many as a person reads
	var names []string
	for _, room := range list[:min(len(list), most)] {
		names = append(names, strings.TrimSpace(room.LedgerNo+" "+room.Name))
	}
	zh, en := strings.Join(names, "、"), strings.Join(names, ", ")
	if len(list) > most {
		zh, en = zh+" 等", en+" and others"
	}
	r.Warn(fmt.Sprintf("公建台账中的 %d 处用房不在新的任何辖区内，仍记在原辖区名下：%s", len(list), zh),
		fmt.Sprintf("%d rooms of the ledger of premises belong to no division any more and stay with the one they had: %s", len(list), en))
}
