// Package address reads Chinese addresses as people write them: divisions, road, house
// number, estate, building, unit, room, and words such as 旁, 对面 and 院内. It knows how
// addresses are written and nothing of where they are; it is pure.
package address
