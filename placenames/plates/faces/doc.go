// Package faces owns what plates look like: the faces as data with the text that each comes
// from, and how the name, the number, the spelling, the code and the symbol of one plate
// are laid on its face as outlines. A character that no font has is refused by name, and so
// is a text that would have to be squeezed too far; nothing is ever left blank. It must not
// know the register of plates, files, or how a drawing is written.
//
// Lengths are millimetres. The origin of a face is its upper left corner and y goes down.
package faces
