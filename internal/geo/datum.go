package geo

import (
	"math"
	"strings"
)

// Datum is the frame in which a pair of degrees is meant. The same place differs by up to 700 m between the frames that are
// in use in China, so no coordinate is shown or taken without its datum. Everything that we keep is WGS 84.
type Datum string

// The datums that we show and take.
const (
	WGS84 Datum = "wgs84"
	// GCJ02 is the shifted frame of the public maps of China (GB 20263 asks for it there).
	GCJ02 Datum = "gcj02"
	// CGCS2000 is China's national frame since 2008: ITRF97 at the epoch 2000.0. Its ellipsoid moves no place by more than
	// 0.11 mm against WGS 84, and the frames agree to centimetres at an equal epoch (Wei Ziqing, "China Geodetic
	// Coordinate System 2000 and its comparison with WGS84", Journal of Geodesy and Geodynamics 28(5), 2008). The ground has
	// moved by about 3 cm a year since; that is far below the error of any position here. So both are taken as equal.
	CGCS2000 Datum = "cgcs2000"
)

// DatumOf reads the id of a datum; the empty text is WGS84. It answers false for any other text.
func DatumOf(id string) (Datum, bool) {
	switch d := Datum(strings.ToLower(id)); d {
	case "":
		return WGS84, true
	case WGS84, GCJ02, CGCS2000:
		return d, true
	}
	return "", false
}

// FromWGS84 is the place p as degrees of the datum.
func (d Datum) FromWGS84(p Point) Point {
	if d != GCJ02 || !shifted(p) {
		return p
	}
	lon, lat := gcjShift(p)
	return Point{Lon: p.Lon + lon, Lat: p.Lat + lat}
}

// gcjRounds is how often the way back is corrected at most; three rounds come below gcjExact everywhere in China.
const (
	gcjRounds = 12
	gcjExact  = 1e-9 // Degrees: a tenth of a millimetre.
)

// ToWGS84 is the place that p means in the datum, as WGS 84 degrees. GCJ-02 has no closed way back: the shift of the
// answer is taken off until nothing changes. Within a kilometre of the edge of the shifted box two places share one pair
// of degrees; the one inside is given.
func (d Datum) ToWGS84(p Point) Point {
	if d != GCJ02 || !p.Valid() {
		return p
	}
	w := p
	for range gcjRounds {
		lon, lat := gcjShift(w)
		next := Point{Lon: p.Lon - lon, Lat: p.Lat - lat}
		done := math.Abs(next.Lon-w.Lon) < gcjExact && math.Abs(next.Lat-w.Lat) < gcjExact
		w = next
		if done {
			break
		}
	}
	if !shifted(w) {
		return p
	}
	return w
}

// DatumsIn gives the datums that mean something to people in a box: outside of the one that GCJ-02 shifts, only WGS 84. An
// empty box may lie anywhere.
func DatumsIn(b Bounds) []Datum {
	if b.Empty() || b.Overlaps(shiftedBox) {
		return []Datum{WGS84, GCJ02, CGCS2000}
	}
	return []Datum{WGS84}
}

// shiftedBox is the box that the published formula gives for China.
//
//nolint:gochecknoglobals // It never changes.
var shiftedBox = Bounds{Min: Point{Lon: 72.004, Lat: 0.8293}, Max: Point{Lon: 137.8347, Lat: 55.8271}}

// shifted reports whether GCJ-02 moves a place: within shiftedBox, which holds
// parts of the neighbours, too; the formula knows no border.
func shifted(p Point) bool {
	return shiftedBox.Contains(p)
}

// The ellipsoid of Krasovsky (1940), on which the shift was written.
const (
	krasovskyMeters = 6_378_245.0            // Half the long axis.
	krasovskySquare = 0.00669342162296594323 // First eccentricity, squared.
)

// gcjShift is what GCJ-02 adds to a place, in degrees. The formula is the one that has been public since 2010, found by
// measuring maps; the authority itself never printed it. It meets the maps to about a metre.
func gcjShift(p Point) (lon, lat float64) {
	x, y := p.Lon-105, p.Lat-35 // Degrees from the middle of the formula.
	root := math.Sqrt(math.Abs(x))
	both := wave(20, 6*x) + wave(20, 2*x)
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + (both+wave(20, y)+wave(40, y/3)+wave(160, y/12)+wave(320, y/30))*2/3
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + (both+wave(20, x)+wave(40, x/3)+wave(150, x/12)+wave(300, x/30))*2/3
	sin, cos := math.Sincos(radians(p.Lat))
	w := math.Sqrt(1 - krasovskySquare*sin*sin)
	return degrees(east / (krasovskyMeters / w * cos)), degrees(north / (krasovskyMeters * (1 - krasovskySquare) / (w * w * w)))
}

// wave is a swing of so many metres over half turns.
func wave(meters, halfTurns float64) float64 { return meters * math.Sin(halfTurns*math.Pi) }
