// Package sheets writes plates for the screen and for the maker: one as SVG or PNG, many as
// a vector PDF of sheets with crop marks and the delivery list, and the manifest and table
// that go with it. The same plates give the same bytes. It must not know the register of
// plates, files, or whether what was written can be read: that is proved by package proof.
//
// It writes its own pages upon internal/pdf/objects and not with internal/pdf, which sets
// documents of text: makers want outlines without fonts, each glyph once in the file, and
// ten thousand plates in a second.
package sheets
