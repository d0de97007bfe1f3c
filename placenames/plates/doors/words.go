package doors

// Words are one text in both languages.
type Words struct{ ZH, EN string }

// Told is what a page says of a standing before anything else.
type Told struct {
	Head, Text Words
	Warn       bool // the reader is to be careful
}

// Tell gives what the page of a standing says. Unknown codes and those that are out of use get
// texts of one shape: a heading, what it means, and what to do.
func (s Standing) Tell() Told {
	switch s {
	case Current:
		return Told{Head: Words{"有效门牌", "Official plate"}, Text: Words{"请核对：墙上门牌的文字应与下面的地址一致。", "Please compare: the plate on the wall should say the address below."}}
	case Damaged:
		return Told{Head: Words{"有效门牌，待维修", "Official plate, to be repaired"}, Text: Words{"此牌已报修，地址仍然有效。", "The plate was reported and will be repaired. The address holds."}}
	case Replaced:
		return Told{Head: Words{"此牌已更换", "This plate was replaced"}, Text: Words{"该地址已换新牌，以新牌为准。旧牌仍在墙上的，请报修。", "The address has a newer plate, which counts. If this one is still on a wall, please report it."}, Warn: true}
	case NotYet:
		return Told{Head: Words{"此牌尚未启用", "This plate is not in use yet"}, Text: Words{"它还没有安装登记。如果已经在墙上，请报修。请勿在由此打开的其他页面登录或付款。", "It has not been registered at a door. If it is on a wall, please report it. Never sign in or pay on another page that it leads to."}, Warn: true}
	case Withdrawn:
		return Told{Head: Words{"此牌已经停用", "This plate is out of use"}, Text: Words{"它不再代表任何地址。如果还在墙上，请报修。请勿在由此打开的其他页面登录或付款。", "It stands for no address any more. If it is on a wall, please report it. Never sign in or pay on another page that it leads to."}, Warn: true}
	}
	return Told{Head: Words{"不是本区的门牌", "Not a plate of this district"}, Text: Words{"没有这个编码，可能是输错，也可能是假牌。如果它在墙上，请报修。请勿在由此打开的其他页面登录或付款。", "There is no such code: it may be mistyped or the plate may be a fake. If it is on a wall, please report it. Never sign in or pay on another page that it leads to."}, Warn: true}
}

// Contact is whom to call: a role, never a person.
type Contact struct {
	Role  Words
	Phone string
}

// Contacts are the numbers that every page gives. They are national ones, so that no page is
// without help; a community's own number stands with its rooms.
func Contacts() []Contact {
	return []Contact{
		{Words{"政务服务热线", "Government services"}, "12345"},
		{Words{"报警", "Police"}, "110"},
		{Words{"急救", "Ambulance"}, "120"},
	}
}

// KindWords say which kind of plate it is; the code word itself for one that is not known.
func KindWords(kind string) Words {
	switch kind {
	case "large":
		return Words{"大门牌", "large plate"}
	case "medium":
		return Words{"中门牌", "medium plate"}
	case "small":
		return Words{"小门牌", "small plate"}
	case "building":
		return Words{"楼牌", "building plate"}
	case "unit":
		return Words{"单元牌", "unit plate"}
	case "room":
		return Words{"户牌", "room plate"}
	}
	return Words{kind, kind}
}
