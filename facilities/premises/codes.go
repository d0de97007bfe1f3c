package premises

import "slices"

// Use is what a room, or a part of one, is for.
type Use string

// The uses. The last four are found and never approved.
const (
	CommunityService Use = "community_service"
	PartyMass        Use = "party_mass"
	ElderlyService   Use = "elderly_service"
	Health           Use = "health"
	Culture          Use = "culture"
	Childcare        Use = "childcare"
	PropertyOffice   Use = "property_management"
	OtherPublic      Use = "other"
	Vacant           Use = "vacant"
	Commercial       Use = "commercial"
	Residential      Use = "residential"
	OtherOffice      Use = "office_other"
)

// Norm is a requirement of area that a part of a room helps to fulfil.
type Norm string

// The norms. A part counts for one or for none.
const (
	NoNorm        Norm = ""
	CommunityNorm Norm = "community_premises"
	ElderlyNorm   Norm = "elderly_premises"
)

// State is how far the hand-over of a room is.
type State string

// The states, in the order of a room's life. A disputed room may have been at any; a
// withdrawn one is gone (torn down, given back) and stays in the ledger for its history.
const (
	Planned    State = "planned"
	Built      State = "built"
	Accepted   State = "accepted"
	HandedOver State = "handed_over"
	Disputed   State = "disputed"
	Withdrawn  State = "withdrawn"
)

// Title says what the title to a room (产权) is; "" is unknown.
type Title string

// The titles.
const (
	TitleRegistered   Title = "registered"
	TitleUnregistered Title = "unregistered"
	TitleLeased       Title = "leased"
	TitleBorrowed     Title = "borrowed"
	TitleDisputed     Title = "disputed"
)

// Obtained says how the public came by a room; "" is unknown.
type Obtained string

// The ways. The first four are those that the plans name.
const (
	ByProvision Obtained = "provision"
	ByPurchase  Obtained = "purchase"
	ByExchange  Obtained = "exchange"
	ByLease     Obtained = "lease"
	ByBuilding  Obtained = "building"
	ByOther     Obtained = "other"
)

// Code is a code word of a list with what people call it.
type Code struct {
	Code   string
	ZH, EN string
}

// UseInfo is a use with what follows from it.
type UseInfo struct {
	Code
	Approved bool   // may be approved; else it is only found
	Usual    Norm   // that a room of this use counts for where nobody says otherwise
	Norms    []Norm // that a part of this use may count for besides none
}

// Uses lists the uses in the order in which people are shown them. Which norm counts
// what follows the plans: community premises are those of a party and service centre
// (党群服务中心, 综合服务设施) with the stations inside them; rooms of property management
// are a ratio of their own and count for neither.
func Uses() []UseInfo {
	community, either := []Norm{CommunityNorm}, []Norm{ElderlyNorm, CommunityNorm}
	return []UseInfo{
		{Code{string(CommunityService), "社区服务", "community service"}, true, CommunityNorm, community},
		{Code{string(PartyMass), "党群服务", "party and community centre"}, true, CommunityNorm, community},
		{Code{string(ElderlyService), "养老服务", "elderly service"}, true, ElderlyNorm, either},
		{Code{string(Health), "卫生服务", "health service"}, true, NoNorm, community},
		{Code{string(Culture), "文化体育", "culture and sport"}, true, NoNorm, community},
		{Code{string(Childcare), "托育托幼", "childcare"}, true, NoNorm, community},
		{Code{string(PropertyOffice), "物业管理用房", "property management"}, true, NoNorm, nil},
		{Code{string(OtherPublic), "其他公益用途", "other public use"}, true, NoNorm, nil},
		{Code{string(Vacant), "空置", "vacant"}, false, NoNorm, nil},
		{Code{string(Commercial), "商业经营", "shop or business"}, false, NoNorm, nil},
		{Code{string(Residential), "居住", "dwelling"}, false, NoNorm, nil},
		{Code{string(OtherOffice), "其他单位办公", "office of others"}, false, NoNorm, nil},
	}
}

// Norms lists the norms besides none.
func Norms() []Code {
	return []Code{
		{string(CommunityNorm), "社区综合服务用房", "community premises"},
		{string(ElderlyNorm), "养老服务用房", "elderly premises"},
	}
}

// States lists the states of hand-over.
func States() []Code {
	return []Code{
		{string(Planned), "规划中", "planned"},
		{string(Built), "已建成", "built"},
		{string(Accepted), "已验收", "accepted"},
		{string(HandedOver), "已移交", "handed over"},
		{string(Disputed), "有争议", "disputed"},
		{string(Withdrawn), "已退出", "withdrawn"},
	}
}

// Titles lists the titles.
func Titles() []Code {
	return []Code{
		{string(TitleRegistered), "已办不动产登记", "registered"},
		{string(TitleUnregistered), "未办不动产登记", "not registered"},
		{string(TitleLeased), "租赁", "leased"},
		{string(TitleBorrowed), "借用", "borrowed"},
		{string(TitleDisputed), "有争议", "disputed"},
	}
}

// Ways lists how rooms are obtained.
func Ways() []Code {
	return []Code{
		{string(ByProvision), "配建", "required provision"},
		{string(ByPurchase), "购置", "purchase"},
		{string(ByExchange), "置换", "exchange"},
		{string(ByLease), "租赁", "lease"},
		{string(ByBuilding), "自建", "own building"},
		{string(ByOther), "其他", "other"},
	}
}

// Info gives what is known of a use; false for a word that is none.
func (u Use) Info() (UseInfo, bool) {
	all := Uses()
	if i := slices.IndexFunc(all, func(i UseInfo) bool { return i.Code.Code == string(u) }); i >= 0 {
		return all[i], true
	}
	return UseInfo{}, false
}

func (u Use) usualNorm() Norm {
	info, _ := u.Info()
	return info.Usual
}

// mayCountFor reports whether a part of this use may count for a norm.
func (u Use) mayCountFor(n Norm) bool {
	info, _ := u.Info()
	return n == NoNorm || slices.Contains(info.Norms, n)
}

// Words gives what people call a code of a list; the code itself where it is none.
func Words(list []Code, code string) (zh, en string) {
	for _, c := range list {
		if c.Code == code {
			return c.ZH, c.EN
		}
	}
	return code, code
}

// UseWords gives what people call a use; "" has no name.
func UseWords(u Use) (zh, en string) {
	if info, ok := u.Info(); ok {
		return info.ZH, info.EN
	}
	return string(u), string(u)
}
