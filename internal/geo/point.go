// Package geo holds places on the earth: points, boxes and areas, and the few measures that dispatching needs from
// them. All coordinates are WGS 84 degrees. The package is pure: no clock, no disk, no network. It must never
// correct a bad coordinate silently; Valid says whether a value can be used, and the caller decides.
package geo

import "math"

// EarthRadiusMeters is the mean radius of the earth (IUGG, R1 = 6,371,008.8 m). A sphere of this radius is within
// 0.6 % of the ellipsoid, which is less than the error of any street speed.
const EarthRadiusMeters = 6_371_008.8

// Point is a place in WGS 84 degrees. The zero value is a real place in the Gulf of Guinea, not "unknown": where a
// place may be missing use a pointer or a flag.
type Point struct {
	Lon float64 `json:"lon"` // Degrees east, -180 .. 180.
	Lat float64 `json:"lat"` // Degrees north, -90 .. 90.
}

// Valid reports whether both coordinates are finite and in range.
func (p Point) Valid() bool {
	// Written so that NaN, which fails every comparison, is refused.
	return p.Lon >= -180 && p.Lon <= 180 && p.Lat >= -90 && p.Lat <= 90
}

// DistanceMeters is the great-circle distance between two points on the mean sphere, in metres. It uses the
// haversine form (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68, 1984), which keeps its digits for
// points a few metres apart. It is NaN when a coordinate is.
func DistanceMeters(a, b Point) float64 {
	sinLat := math.Sin(radians(b.Lat-a.Lat) / 2)
	sinLon := math.Sin(radians(b.Lon-a.Lon) / 2)
	h := sinLat*sinLat + math.Cos(radians(a.Lat))*math.Cos(radians(b.Lat))*sinLon*sinLon
	return 2 * EarthRadiusMeters * math.Asin(min(1, math.Sqrt(h)))
}

// BearingDegrees is the direction in which one leaves a to reach b on the great circle: degrees clockwise from
// north, 0 <= bearing < 360. Between equal points it is 0.
func BearingDegrees(a, b Point) float64 {
	lon := radians(b.Lon - a.Lon)
	aSin, aCos := math.Sincos(radians(a.Lat))
	bSin, bCos := math.Sincos(radians(b.Lat))
	deg := degrees(math.Atan2(math.Sin(lon)*bCos, aCos*bSin-aSin*bCos*math.Cos(lon)))
	deg = math.Mod(deg+360, 360)
	return deg
}

// Between is the point at a share of the straight line from a to b: 0 is a, 1 is b. The line is straight in degrees,
// which is exact enough between two nodes of a street; it must not be used across the 180th meridian.
func Between(a, b Point, share float64) Point {
	return Point{Lon: a.Lon + (b.Lon-a.Lon)*share, Lat: a.Lat + (b.Lat-a.Lat)*share}
}

// Offset is the point that lies east and north of p by so many metres, on the local plane of p. It is meant for
// distances of a few kilometres away from the poles.
func (p Point) Offset(eastMeters, northMeters float64) Point {
	return Point{
		Lon: p.Lon + degrees(eastMeters/(EarthRadiusMeters*math.Cos(radians(p.Lat)))),
		Lat: p.Lat + degrees(northMeters/EarthRadiusMeters),
	}
}

// Plane is the flat map around one point: east and north in metres. It turns degrees into metres with one
// multiplication, for work that compares many near points; its error grows with the square of the distance and is
// below 0.1 % within 20 km at the latitudes of cities.
type Plane struct {
	origin Point
	kx, ky float64 // Metres in one degree of longitude and of latitude, at the origin.
}

// PlaneAt is the plane around origin.
func PlaneAt(origin Point) Plane {
	ky := radians(1) * EarthRadiusMeters
	return Plane{origin: origin, kx: ky * math.Cos(radians(origin.Lat)), ky: ky}
}

// XY is p in metres east and north of the plane's origin.
func (pl Plane) XY(p Point) (x, y float64) {
	return (p.Lon - pl.origin.Lon) * pl.kx, (p.Lat - pl.origin.Lat) * pl.ky
}

// Nearest finds the place on the line a-b that is nearest to the plane's origin. It gives the distance in metres and
// the share of the line, from 0 at a to 1 at b.
func (pl Plane) Nearest(a, b Point) (distanceMeters, share float64) {
	ax, ay := pl.XY(a)
	bx, by := pl.XY(b)
	dx, dy := bx-ax, by-ay
	if square := dx*dx + dy*dy; square > 0 {
		share = min(1, max(0, -(ax*dx+ay*dy)/square))
	}
	x, y := ax+dx*share, ay+dy*share
	return math.Sqrt(x*x + y*y), share
}

func radians(deg float64) float64 { return deg * (math.Pi / 180) }

func degrees(rad float64) float64 { return rad * (180 / math.Pi) }
