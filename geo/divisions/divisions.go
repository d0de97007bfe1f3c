// Package divisions owns the divisions (辖区) of a district: their codes, levels,
// tree and boundaries. Province, city, district and subdistrict are 行政区划 in
// law; community and grid are not, and are kept here because people plan with them.
//
// The package is pure and knows nothing of facilities, people or storage.
package divisions

import "github.com/paulmach/orb"

// Level is the rank of a division in the tree.
type Level string

// The levels, from the widest to the finest. The code length in digits is 2, 4,
// 6, 9 and 12 for the first five (GB/T 2260, GB/T 10114 and the 12-digit statistical
// code); a grid has the code of its community followed by a local number.
const (
	Province    Level = "province"
	City        Level = "city"
	District    Level = "district"
	Subdistrict Level = "subdistrict"
	Community   Level = "community"
	Grid        Level = "grid"
)

// Setting says whether a division is urban (社区) or rural (村); empty when unknown.
type Setting string

// The two settings.
const (
	Urban Setting = "urban"
	Rural Setting = "rural"
)

// Division is one unit of the tree, as it was on a day.
type Division struct {
	ID         string // UUIDv7, text form
	Code       string
	Level      Level
	ParentCode string // empty at the top of what was loaded
	NameZH     string
	NameEN     string // empty when the source has none
	Pinyin     string // toneless, as the source spells it; empty when it has none
	Setting    Setting
	Households int  // 0 when unknown
	Complete   bool // false when the boundary was cut by the edge of the data
	Boundary   orb.MultiPolygon
	People     []BandCount // by base and band, where the source knows them
}

// Base says which population a number counts.
type Base string

// Registered (户籍) and resident (常住) people are two numbers, never mixed.
const (
	Registered Base = "registered"
	Resident   Base = "resident"
)

// BandCount is the people of one age band in one base, in ten-thousandths of a person.
type BandCount struct {
	Base   Base
	Band   string
	People int64
}
