package auth

import "strings"

// DemoPassword is the password of every demonstration account. It is no secret: such
// accounts exist in the synthetic district only and work on the machine that shows it.
const DemoPassword = "yike-demo-2026"

// DemoName is the name of the demonstration account of a role.
func DemoName(r Role) string { return strings.ReplaceAll(string(r), "_", "-") }

// DemoAccounts lists the demonstration accounts, one for each role. firstSubdistrict is
// where the steward works; "" is everywhere.
func DemoAccounts(firstSubdistrict string) []DemoAccount {
	var out []DemoAccount
	for _, r := range Roles() {
		d := DemoAccount{Name: DemoName(r.Role), DisplayName: "演示" + r.ZH, Role: r, Grant: Grant{Role: r.Role}}
		switch r.Role {
		case Steward:
			d.Grant.Division = firstSubdistrict
		case ConsultedDept: // whose opinion is asked on community premises
			d.Department = "区委社会工作部（示例）"
		}
		out = append(out, d)
	}
	return out
}

// DemoAccount is one of them.
type DemoAccount struct {
	Name        string
	DisplayName string
	Department  string // "" for none
	Role        RoleInfo
	Grant       Grant
}
