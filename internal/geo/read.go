package geo

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"shuniu/internal/fault"
)

// The order in which two coordinates were given.
const (
	LonLat = "lon_lat"
	LatLon = "lat_lon"
)

// Reading is what a pair of coordinates came to that somebody pasted or said.
type Reading struct {
	Point   Point  // WGS 84.
	Given   Point  // As it was given, in Datum.
	Datum   Datum  // Named in the text; else the one that the caller was asked for.
	Order   string // LonLat or LatLon.
	Guessed bool   // The order was neither said nor the only possible one: it is the one that is nearer home.
}

// textRunesMax is the longest text that is taken for coordinates.
const textRunesMax = 120

// ReadCoordinates reads coordinates as people paste or say them: "31.2001,118.3856", "118.3856 31.2001",
// `N31°12'00" E118°23'`, "东经118.38度 北纬31.2度", with signs of full width, and with the word of a datum before or behind
// them ("gcj02", "高德", "wgs84", "国家2000"). def is the datum where none is named. home is the box in which places are
// expected; it decides the order where nothing else does, and may be empty.
//
// Text that is no pair of coordinates gives false. A pair that cannot be used is fault.Invalid with a remedy: out of
// range, both of the same axis, or of the datum of Baidu, which has no published way back.
func ReadCoordinates(text string, def Datum, home Bounds) (Reading, bool, error) {
	const op = "geo.ReadCoordinates"
	rest, datum, foreign := cutDatum(plain(text))
	if datum == "" {
		datum = def
	}
	angles, ok := scanAngles(plainSigns(rest))
	if !ok {
		return Reading{}, false, nil
	}
	if foreign {
		return Reading{}, false, fault.New(op, fault.Invalid, "coordinates of Baidu (BD-09) are not taken").Because("bad_datum").
			Mend("give them as WGS 84, GCJ-02 or CGCS2000, or point on the map")
	}
	r, ok := orderOf(angles, datum, home)
	if !ok || !r.Given.Valid() {
		return Reading{}, false, fault.New(op, fault.Invalid, "the coordinates are out of range").Because("bad_place").
			Mend("give a longitude of -180 to 180 and a latitude of -90 to 90 degrees")
	}
	r.Datum, r.Point = datum, datum.ToWGS84(r.Given)
	if !r.Point.Valid() { // A shift across the edge of the world.
		r.Point = r.Given
	}
	return r, true, nil
}

// plain folds signs of full width to plain ones, and capitals to small letters.
func plain(text string) string {
	if len(text) > 4*textRunesMax {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～': // Full width.
			r -= '！' - '!'
		case r == '\u3000':
			r = ' '
		}
		return unicode.ToLower(r)
	}, text)
}

// plainSigns writes words for axes as letters, N S E W for a direction and X Y for an axis, and the many forms of
// degrees, minutes and seconds as one.
func plainSigns(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '′', '’', '‘', '´', '`', '分':
			return '\''
		case '″', '”', '“', '秒':
			return '"'
		case 'º', '˚', '度':
			return '°'
		case '、', ';', '|', '/':
			return ','
		case '−', '–':
			return '-'
		}
		return r
	}, names.Replace(text))
}

// names are the words for axes; longer ones first, where one begins with another.
var names = strings.NewReplacer(
	"''", `"`, "北纬", "n", "南纬", "s", "东经", "e", "西经", "w", "longitude", "x", "latitude", "y", "lng", "x", "lon", "x", "lat", "y", "经度", "x", "纬度", "y",
)

// words are what people write for a datum, longer ones first. The empty one is Baidu's.
var words = []struct {
	datum Datum
	said  []string
}{
	{WGS84, []string{"wgs-84", "wgs 84", "wgs84", "wgs", "gps"}},
	{GCJ02, []string{"gcj-02", "gcj 02", "gcj02", "gcj", "火星", "高德", "腾讯", "amap"}},
	{CGCS2000, []string{"cgcs 2000", "cgcs2000", "cgcs", "国家2000", "2000国家", "天地图"}},
	{"", []string{"bd-09", "bd 09", "bd09", "baidu", "百度"}},
}

// cutDatum takes the word of a datum off the text. foreign says that it is one that we do not take.
func cutDatum(text string) (rest string, datum Datum, foreign bool) {
	for _, w := range words {
		for _, said := range w.said {
			if before, after, found := strings.Cut(text, said); found && datum == "" && !foreign {
				text = before + " " + after
				datum, foreign = w.datum, w.datum == ""
			}
		}
	}
	for _, filler := range []string{"大地坐标", "坐标系", "坐标", ":", "(", ")", "[", "]"} {
		text = strings.ReplaceAll(text, filler, " ")
	}
	return strings.TrimSpace(text), datum, foreign
}

// angle is one of the two coordinates.
type angle struct {
	parts []float64 // Degrees, minutes, seconds, as far as given.
	minus bool
	axis  byte // 'n' 's' 'e' 'w', 'x' 'y', or 0 when not said.
}

func (a angle) degrees() float64 {
	d := 0.0
	for i, p := range a.parts {
		d += p / math.Pow(60, float64(i))
	}
	if a.minus || a.axis == 's' || a.axis == 'w' {
		return -d
	}
	return d
}

// number is one figure of a text with the sign behind it.
type number struct {
	value    float64
	minus    bool
	mark     byte // '°', ''', '"' as d, m, s; 0 for none.
	fraction bool
	comma    bool // A comma stands before it.
	axis     byte // A letter stands right before it.
	behind   byte // A letter stands right behind it.
}

// scanAngles reads two angles, or says that the text is something else.
func scanAngles(text string) (two [2]angle, ok bool) {
	ns, ok := scanNumbers(text)
	if !ok || len(ns) < 2 || len(ns) > 6 {
		return two, false
	}
	marked, said, commas := false, false, 0
	for i, n := range ns {
		marked = marked || n.mark == 'd'
		said = said || n.fraction || n.axis != 0 || n.behind != 0 || n.mark != 0
		if n.comma && i > 0 {
			commas++
		}
	}
	if !said && commas != 1 {
		return two, false // "12 34" may be anything.
	}
	at := -1
	for i, n := range ns {
		starts := n.mark == 'd'
		if !marked {
			starts = i%max(1, len(ns)/2) == 0
		}
		if starts {
			at++
		}
		if at < 0 || at > 1 || n.minus && !starts {
			return two, false
		}
		a := &two[at]
		a.parts = append(a.parts, n.value)
		a.minus = a.minus || n.minus
		if len(a.parts) > 3 || len(a.parts) > 1 && n.value >= 60 {
			return two, false
		}
	}
	if at != 1 || !marked && len(ns)%2 != 0 {
		return two, false
	}
	return two, axes(&two, ns)
}

// axes gives the angles the letters that stand before or behind them.
func axes(two *[2]angle, ns []number) bool {
	second := len(two[0].parts)
	before := ns[0].axis != 0
	if before {
		two[0].axis, two[1].axis = ns[0].axis, ns[second].axis
		return ns[len(ns)-1].behind == 0
	}
	two[0].axis, two[1].axis = ns[second-1].behind, ns[len(ns)-1].behind
	if ns[second].axis != 0 && two[0].axis == 0 { // "31.2, E118.4"
		two[1].axis = ns[second].axis
	}
	return true
}

// scanNumbers takes a text apart; false when it holds anything but figures, their marks and letters of axes.
func scanNumbers(text string) (out []number, ok bool) {
	var pending number
	rs := []rune(text)
	for i := 0; i < len(rs); {
		r := rs[i]
		last := len(out) - 1
		switch {
		case r == ' ' || r == '\t' || r == ',':
			pending.comma = pending.comma || r == ','
		case strings.ContainsRune("nsewxy", r) && pending.axis == 0:
			// Right behind a figure it belongs to that one, unless another figure follows at once and that one has none.
			next := i+1 < len(rs) && (rs[i+1] == ' ' && i > 0 && rs[i-1] == ' ' || rs[i+1] >= '0' && rs[i+1] <= '9' || rs[i+1] == '-')
			if last >= 0 && !pending.comma && out[last].behind == 0 && !next && out[0].axis == 0 {
				out[last].behind = byte(r)
			} else {
				pending.axis = byte(r)
			}
		case (r == '-' || r == '+') && !pending.minus && (i == 0 || !unicode.IsDigit(rs[i-1])):
			pending.minus = r == '-'
		case r >= '0' && r <= '9':
			j := i
			for j < len(rs) && (rs[j] >= '0' && rs[j] <= '9' || rs[j] == '.') {
				j++
			}
			v, err := strconv.ParseFloat(string(rs[i:j]), 64)
			if err != nil || len(out) == 6 {
				return nil, false
			}
			pending.value, pending.fraction = v, strings.ContainsRune(string(rs[i:j]), '.')
			out = append(out, pending)
			pending, i = number{}, j
			continue
		case strings.ContainsRune("°'\"", r) && last >= 0 && out[last].mark == 0:
			out[last].mark = map[rune]byte{'°': 'd', '\'': 'm', '"': 's'}[r]
		default:
			return nil, false
		}
		i++
	}
	return out, pending.axis == 0 && !pending.minus
}

// orderOf finds out which of two angles is the longitude. It answers false when both are said to be of one axis.
func orderOf(two [2]angle, d Datum, home Bounds) (Reading, bool) {
	a, b := two[0].degrees(), two[1].degrees()
	lonFirst := Reading{Given: Point{Lon: a, Lat: b}, Order: LonLat}
	latFirst := Reading{Given: Point{Lon: b, Lat: a}, Order: LatLon}
	east := [2]bool{isLon(two[0].axis), isLon(two[1].axis)}
	north := [2]bool{isLat(two[0].axis), isLat(two[1].axis)}
	switch {
	case east[0] && east[1] || north[0] && north[1]:
		return Reading{}, false
	case east[0] || north[1]:
		return lonFirst, true
	case north[0] || east[1]:
		return latFirst, true
	case !latFirst.Given.Valid():
		return lonFirst, true
	case !lonFirst.Given.Valid():
		return latFirst, true
	}
	lonFirst.Guessed, latFirst.Guessed = true, true
	if home.Empty() {
		return lonFirst, true // As on the wire.
	}
	middle := home.Center()
	if DistanceMeters(d.ToWGS84(latFirst.Given), middle) < DistanceMeters(d.ToWGS84(lonFirst.Given), middle) {
		return latFirst, true
	}
	return lonFirst, true
}

func isLon(axis byte) bool { return axis == 'e' || axis == 'w' || axis == 'x' }

func isLat(axis byte) bool { return axis == 'n' || axis == 's' || axis == 'y' }
