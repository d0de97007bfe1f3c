// Package hanzi owns what two spellings of the same Chinese text have in common: full and
// half width, traditional and simplified characters, numerals, and how characters sound.
// It knows characters only: no places, no records, and it is pure.
package hanzi
