package estates

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"yike/internal/record"
	"yike/internal/rules"
)

// Basis is what a trial stood on, so that it can be told whether it still stands.
type Basis struct {
	Day     record.Day
	Estates map[string]int // versions by id
	Rules   map[string]int // versions of the local rules by id, drafts left out
	Program string         // fingerprint of the rules of the program
	Around  string         // fingerprint of what the estates' communities have, and of the opinions kept
}

// AroundOf is the fingerprint of what cases have beside their estates, whatever their order.
func AroundOf(cases []Case) string {
	lines := make([]string, len(cases))
	for i, c := range cases {
		x := c.Context
		x.Day = ""
		lines[i] = fmt.Sprintf("%s %+v", c.Estate.ID, x)
	}
	slices.Sort(lines)
	h := sha256.New()
	for _, l := range lines {
		h.Write([]byte(l + "\n")) // which never fails
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// RuleVersions are the versions of local rules that may be in force, as a Basis has them.
func RuleVersions(all []LocalRule) map[string]int {
	out := map[string]int{}
	for _, l := range all {
		if l.State != Draft {
			out[l.ID] = l.Version
		}
	}
	return out
}

// Since says what has changed since a trial stood on b; nothing where it still stands.
func (b Basis) Since(now Basis) []record.Fault {
	var out faultList
	versions := func(field string, was, is map[string]int, zh, en string) {
		added, changed, removed := compareVersions(was, is)
		if added+changed+removed > 0 {
			out.add(field, "", fmt.Sprintf(zh, added, changed, removed), fmt.Sprintf(en, added, changed, removed))
		}
	}
	versions("estates", b.Estates, now.Estates, "小区：新增 %d 个，变更 %d 个，删除 %d 个", "estates: %d added, %d changed, %d removed")
	versions("rules", b.Rules, now.Rules, "已生效的本地规则：新增 %d 条，变更 %d 条，删除 %d 条", "local rules in force: %d added, %d changed, %d removed")
	if b.Program != now.Program {
		out.add("program", "", "程序自带的规则已更新", "the rules of the program are other ones")
	}
	if b.Around != now.Around && len(out) == 0 {
		out.add("around", "", "社区现有用房、户数或已出具的意见有变化", "what communities have, their households or the opinions kept have changed")
	}
	if b.Day != now.Day {
		out.add("day", string(b.Day), fmt.Sprintf("试算的是 %s，现应按 %s", b.Day, now.Day), fmt.Sprintf("it was tried for %s, and would hold from %s", b.Day, now.Day))
	}
	return out
}

func compareVersions(was, is map[string]int) (added, changed, removed int) {
	for id, v := range is {
		switch before, ok := was[id]; {
		case !ok:
			added++
		case before != v:
			changed++
		}
	}
	for id := range was {
		if _, ok := is[id]; !ok {
			removed++
		}
	}
	return added, changed, removed
}

// StaleTrialError says that a rule cannot be adopted or withdrawn on its trial: there is none
// of this version, or something changed since.
type StaleTrialError struct {
	Missing bool           // this version was never tried
	Since   []record.Fault // what changed
}

// Error says what changed.
func (e *StaleTrialError) Error() string {
	if e.Missing {
		return "this version was not tried on all estates"
	}
	return "changed since the trial: " + (&record.InvalidError{Faults: e.Since}).Error()
}

// ProgramOf is the fingerprint of the rules of a program.
func ProgramOf(base *rules.Set) string {
	raw, err := json.Marshal(base)
	if err != nil { // a set is read from JSON, so it goes back
		return err.Error()
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}
