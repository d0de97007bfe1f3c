// Package proof reads back what is going to be printed: it has the finished PDF turned into
// pictures by another program and each symbol in them read by two decoders that know nothing
// of how it was made. A symbol that one of them does not read gets another mask. It starts
// pdftoppm of poppler and zbarimg as child processes; where they are not installed it says
// so. It must not know the register of plates or who asks.
package proof
