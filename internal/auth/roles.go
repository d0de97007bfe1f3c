package auth

import "slices"

// The roles. The first three are the administrators that GB/T 22239 keeps apart (三员).
const (
	SystemAdmin        Role = "system_admin"         // 系统管理员
	SecurityAdmin      Role = "security_admin"       // 安全管理员
	SecurityAuditor    Role = "security_auditor"     // 安全审计员
	Planner            Role = "planner"              // 规划人员
	Steward            Role = "subdistrict_steward"  // 街镇管理员
	EstateReviewer     Role = "estate_reviewer"      // 配建核查员
	ConsultedDept      Role = "consulted_department" // 会签部门
	PlaceNameRegistrar Role = "place_name_registrar" // 地名管理员
	Expert             Role = "expert"               // 专家
	CommitteeMember    Role = "committee_member"     // 地名委员会委员
	Approver           Role = "approver"             // 审批人（有权机关）
	PlateManager       Role = "plate_manager"        // 门牌管理员
	FieldWorker        Role = "field_worker"         // 外业人员
	ReadOnly           Role = "read_only"            // 只读用户
)

// The actions.
const (
	MapRead          Action = "map.read"          // the map, its figures and the registry
	FacilityWrite    Action = "facility.write"    // register and change facilities
	FacilityPublish  Action = "facility.publish"  // decide that a record is published
	FacilityPropose  Action = "facility.propose"  // propose changes for others to decide
	FacilityImport   Action = "facility.import"   // take files of facilities in, and profiles of what goes out
	CatalogueWrite   Action = "catalogue.write"   // what types of facilities there are
	PlanWrite        Action = "plan.write"        // plans, their indicators and values
	PremisesWrite    Action = "premises.write"    // the ledger of public premises
	EstateWrite      Action = "estate.write"      // new estates, their rooms, requests and hand-over
	EstateOpinion    Action = "estate.opinion"    // give an office's opinion on a milestone of an estate
	EstateRules      Action = "estate.rules"      // local rules of estates, which office answers for what, letters
	PlaceNameWrite   Action = "placename.write"   // place names, their cases and the name plan
	PlaceNameReview  Action = "placename.review"  // give an expert's or a committee member's opinion on a name
	PlaceNameConsult Action = "placename.consult" // give a department's opinion on a name
	PlaceNameDecide  Action = "placename.decide"  // decide on a name, as the authority
	PlaceNameSurvey  Action = "placename.survey"  // survey on the ground, and signs
	PlaceNameRules   Action = "placename.rules"   // lists of words, readings, procedures, calendar, experts, templates of names
	AddressWrite     Action = "address.write"     // standard addresses, and how doors are numbered
	PlateWrite       Action = "plate.write"       // plates: orders, codes, sheets, repair
	PlateFit         Action = "plate.fit"         // fix plates at the door and say how they are
	ScenarioWrite    Action = "scenario.write"    // keep plans that were tried, and decide about shared ones
	CampaignWrite    Action = "campaign.write"    // send facilities out to be inspected
	CampaignAnswer   Action = "campaign.answer"   // inspect facilities and return the form
	HistoryRead      Action = "history.read"      // former versions of records and who made them
	AccountRead      Action = "account.read"      // list accounts and their roles
	AccountWrite     Action = "account.write"     // make, change and disable accounts
	PersonalReveal   Action = "personal.reveal"   // see personal data unmasked, with a reason
	GrantWrite       Action = "grant.write"       // give and take roles
	PolicyWrite      Action = "policy.write"      // how strict sign-in is
	AuditRead        Action = "audit.read"        // the audit log
	AuditExport      Action = "audit.export"      // take the audit log out
	JobRead          Action = "job.read"          // everybody's background work
	JobCancel        Action = "job.cancel"        // stop anybody's background work
	CoverageReport   Action = "coverage.report"   // have coverage computed and kept
	PackLoad         Action = "pack.load"         // load a data pack
	OperationsRead   Action = "operations.read"   // health of the installation
)

// RoleInfo describes a role to people.
type RoleInfo struct {
	Role    Role
	ZH, EN  string
	Bounded bool // makes sense bounded to a division
}

// Roles lists every role in the order people are shown them.
func Roles() []RoleInfo {
	return []RoleInfo{
		{SystemAdmin, "系统管理员", "System administrator", false},
		{SecurityAdmin, "安全管理员", "Security administrator", false},
		{SecurityAuditor, "安全审计员", "Security auditor", false},
		{Planner, "规划人员", "Planner", true},
		{Steward, "街镇管理员", "Subdistrict steward", true},
		{EstateReviewer, "配建核查员", "Estate reviewer", true},
		{ConsultedDept, "会签部门", "Consulted department", true},
		{PlaceNameRegistrar, "地名管理员", "Place-name registrar", true},
		{Expert, "专家", "Expert", false},
		{CommitteeMember, "地名委员会委员", "Committee member", false},
		{Approver, "审批人", "Approver", true},
		{PlateManager, "门牌管理员", "Plate manager", true},
		{FieldWorker, "外业人员", "Field worker", true},
		{ReadOnly, "只读用户", "Read-only", true},
	}
}

// KnownRole reports whether there is such a role.
func KnownRole(r Role) bool {
	return slices.ContainsFunc(Roles(), func(i RoleInfo) bool { return i.Role == r })
}

// RoleInfoOf describes one role; false when there is no such role.
func RoleInfoOf(r Role) (RoleInfo, bool) {
	all := Roles()
	if i := slices.IndexFunc(all, func(i RoleInfo) bool { return i.Role == r }); i >= 0 {
		return all[i], true
	}
	return RoleInfo{}, false
}

// Words says in Chinese and in English what an action is, to complete "you may not …".
func (a Action) Words() (zh, en string) {
	if words, ok := actionWords()[a]; ok {
		return words[0], words[1]
	}
	return string(a), string(a)
}

func actionWords() map[Action][2]string {
	return map[Action][2]string{
		MapRead:          {"查看地图与名录", "see the map and the registry"},
		FacilityWrite:    {"登记和修改设施", "register and change facilities"},
		FacilityPublish:  {"发布设施", "publish facilities"},
		FacilityPropose:  {"提出设施变更建议", "propose changes of facilities"},
		FacilityImport:   {"导入设施", "import facilities"},
		CatalogueWrite:   {"管理设施类型", "manage facility types"},
		PlanWrite:        {"管理规划指标", "manage plans and indicators"},
		PremisesWrite:    {"登记公建台账", "keep the ledger of public premises"},
		EstateWrite:      {"登记新建小区配建", "keep the records of new estates"},
		EstateOpinion:    {"出具配建意见", "give opinions on new estates"},
		EstateRules:      {"管理配建规则", "manage the rules of new estates"},
		PlaceNameWrite:   {"登记和办理地名", "keep the register and the cases of place names"},
		PlaceNameReview:  {"评审地名", "review place names"},
		PlaceNameConsult: {"出具地名会签意见", "give a department's opinion on place names"},
		PlaceNameDecide:  {"审批地名", "decide on place names"},
		PlaceNameSurvey:  {"踏勘地名、登记标志", "survey place names and their signs"},
		PlaceNameRules:   {"管理地名规则与程序", "manage the rules and procedures of place names"},
		AddressWrite:     {"登记标准地址、编排门牌号", "keep standard addresses and number doors"},
		PlateWrite:       {"管理门牌", "manage address plates"},
		PlateFit:         {"安装和巡查门牌", "fix and inspect address plates"},
		ScenarioWrite:    {"保存和决定比选方案", "keep scenarios and decide about them"},
		CampaignWrite:    {"布置清查", "arrange inspections"},
		CampaignAnswer:   {"填报清查", "answer inspections"},
		HistoryRead:      {"查看历史版本", "see former versions"},
		AccountRead:      {"查看账号与角色", "see accounts and roles"},
		AccountWrite:     {"管理账号", "manage accounts"},
		PersonalReveal:   {"查看完整的个人信息", "see personal data in full"},
		GrantWrite:       {"授予和收回角色", "give and take roles"},
		PolicyWrite:      {"修改安全策略", "change the security policy"},
		AuditRead:        {"查看审计日志", "see the audit log"},
		AuditExport:      {"导出审计日志", "export the audit log"},
		JobRead:          {"查看全部后台任务", "see everybody's background work"},
		JobCancel:        {"取消他人的后台任务", "cancel others' background work"},
		CoverageReport:   {"生成覆盖报告", "have coverage reports made"},
		PackLoad:         {"载入数据包", "load data packs"},
		OperationsRead:   {"查看运行状况", "see how the installation is doing"},
	}
}

// Actions lists every action.
func Actions() []Action {
	return []Action{
		MapRead, FacilityWrite, FacilityPublish, FacilityPropose, FacilityImport, CatalogueWrite, PlanWrite, PremisesWrite,
		EstateWrite, EstateOpinion, EstateRules, PlaceNameWrite, PlaceNameReview, PlaceNameConsult, PlaceNameDecide, PlaceNameSurvey, PlaceNameRules,
		AddressWrite, PlateWrite, PlateFit, ScenarioWrite,
		CampaignWrite, CampaignAnswer, HistoryRead, AccountRead, AccountWrite, PersonalReveal, GrantWrite, PolicyWrite,
		AuditRead, AuditExport, JobRead, JobCancel, CoverageReport, PackLoad, OperationsRead,
	}
}

// Allows is the table of who may do what. The table role_action of the database is its
// twin; a test holds them equal.
func Allows(r Role, a Action) bool {
	switch a {
	case MapRead:
		return KnownRole(r)
	case FacilityWrite, FacilityImport, ScenarioWrite:
		return r == Planner || r == Steward
	case FacilityPublish, CatalogueWrite, PlanWrite, CampaignWrite:
		return r == Planner
	case FacilityPropose:
		switch r {
		case Planner, Steward, EstateReviewer, ConsultedDept, PlaceNameRegistrar, Approver, PlateManager, FieldWorker:
			return true
		}
		return false
	case PremisesWrite:
		return r == Planner || r == Steward || r == EstateReviewer
	case EstateWrite, EstateRules:
		return r == Planner || r == EstateReviewer
	case EstateOpinion:
		return r == EstateReviewer || r == ConsultedDept
	case PlaceNameWrite, PlaceNameRules:
		return r == PlaceNameRegistrar
	case PlaceNameReview:
		return r == Expert || r == CommitteeMember
	case PlaceNameConsult:
		return r == ConsultedDept
	case PlaceNameDecide:
		return r == Approver
	case PlaceNameSurvey:
		return r == FieldWorker || r == PlaceNameRegistrar
	case AddressWrite:
		return r == PlateManager || r == PlaceNameRegistrar
	case PlateWrite:
		return r == PlateManager
	case PlateFit:
		return r == PlateManager || r == FieldWorker
	case CampaignAnswer:
		return r == Planner || r == Steward || r == FieldWorker
	case HistoryRead:
		switch r {
		case Planner, Steward, EstateReviewer, PlaceNameRegistrar, PlateManager, Approver, SecurityAuditor:
			return true
		}
		return false
	case AccountRead:
		return r == SystemAdmin || r == SecurityAdmin || r == SecurityAuditor
	case AccountWrite, PersonalReveal, JobCancel, PackLoad, OperationsRead:
		return r == SystemAdmin
	case GrantWrite, PolicyWrite:
		return r == SecurityAdmin
	case AuditRead, AuditExport:
		return r == SecurityAuditor
	case JobRead:
		return r == SystemAdmin || r == Planner
	case CoverageReport:
		return r == Planner
	}
	return false
}

// Apart are the roles of which the strict policy lets no account hold two.
func Apart() []Role { return []Role{SystemAdmin, SecurityAdmin, SecurityAuditor} }
