package pack

import "yike/geo"

// Placed reports whether the layer's file holds coordinates, so that a coordinate
// system must be declared.
func (n Named) Placed() bool {
	return n.Layer.Kind != "examples" && n.Layer.Kind != "communities"
}

// crs wants every file with coordinates to say in which system they are. OSM is WGS 84
// by its own definition and need not say so.
func (c *checker) crs(n Named) {
	switch {
	case !n.Placed() && n.CRS == "":
		return
	case n.FileFormat() == OSM:
		if n.CRS == "" {
			return
		}
		if crs, err := geo.ParseCRS(n.CRS); err != nil || !crs.Keeps() {
			c.bad(n.Field+".crs", n.CRS, "OSM 数据总是 EPSG:4326", "OSM data are always EPSG:4326")
		}
	case n.CRS == "":
		c.faults.Add(Fault{
			File: FileName, Field: n.Field + ".crs",
			Reason: Text{ZH: "没有声明坐标系", EN: "the coordinate system is not declared"},
			Hint: Text{
				ZH: "写明 EPSG:4326、EPSG:4490（CGCS2000）、EPSG:4513 至 4554（三度带）、EPSG:3857、GCJ-02 或 BD-09",
				EN: "say EPSG:4326, EPSG:4490 (CGCS2000), EPSG:4513 to 4554 (3-degree zones), EPSG:3857, GCJ-02 or BD-09",
			},
		})
	default:
		if _, err := geo.ParseCRS(n.CRS); err != nil {
			c.bad(n.Field+".crs", n.CRS, "不认识的坐标系", "is not a coordinate system we know")
		}
	}
}
