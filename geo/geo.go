// Package geo says what a point on this earth is: axis order, units, distances
// and areas, and the coordinate systems that Chinese data come in.
//
// At rest and in every API a point is an orb.Point of longitude and latitude in
// degrees, WGS 84 (EPSG:4326). CGCS2000 (EPSG:4490) is taken as equal to it: the
// two differ by centimetres, far below the accuracy of what we plan with. Lengths
// are metres, areas square metres.
//
// The package is pure: no I/O, no clock, no logger, and it imports nothing of this
// module.
package geo
