// Package symbol makes the QR symbols of plates: which version and level a payload and a
// size of plate allow, the modules themselves, and the measure of each before it is printed.
// It owns two encoders behind one interface, each the other's check. It must not know what
// the payload means, how a face is drawn, or any file.
package symbol
