package plates

// Kind is the size in which a plate is made. What each looks like is data of package faces.
type Kind string

// The kinds of plates. Large, medium and small ones name a road and a number.
const (
	Large    Kind = "large"    // 大门牌
	Medium   Kind = "medium"   // 中门牌
	Small    Kind = "small"    // 小门牌
	Building Kind = "building" // 楼牌
	Unit     Kind = "unit"     // 单元牌
	Room     Kind = "room"     // 户牌
)

// Kinds are all kinds, from the street to the door.
func Kinds() []Kind { return []Kind{Large, Medium, Small, Building, Unit, Room} }

// Valid tells whether the kind is one of Kinds.
func (k Kind) Valid() bool {
	switch k {
	case Large, Medium, Small, Building, Unit, Room:
		return true
	default:
		return false
	}
}
