package osm

import (
	"cmp"
	"strconv"
	"strings"

	"shuniu/internal/street"
)

type tag struct{ key, value string }

type tags []tag

func (ts tags) get(key string) string {
	for _, t := range ts {
		if t.key == key {
			return t.value
		}
	}
	return ""
}

// name is what stands on the sign; a road without a name is known by its number.
func (ts tags) name() string {
	if n := ts.get("name"); n != "" {
		return n
	}
	return ts.get("ref")
}

// access says whether a way of this class and these tags is driven, and whether it is a street at all.
func (ts tags) access() (a street.Access, isStreet bool) {
	switch ts.get("highway") {
	case "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
		"tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "road", "track":
		a = street.AccessOpen
	case "busway", "bus_guideway":
		a = street.AccessEmergency
	case "pedestrian", "footway", "path", "cycleway", "bridleway":
		a = street.AccessClosed
	case "steps":
		return street.AccessClosed, true // No permission makes a stair drivable.
	default:
		return street.AccessClosed, false // None, planned, under construction, or a platform.
	}
	for _, key := range []string{"access", "vehicle", "motor_vehicle"} { // The more exact one speaks last.
		switch ts.get(key) {
		case "no":
			a = street.AccessClosed
		case "private":
			a = street.AccessPrivate
		case "yes", "permissive", "designated", "destination", "customers", "delivery":
			if key != "access" || a != street.AccessClosed { // access=yes opens no footpath to cars.
				a = street.AccessOpen
			}
		}
	}
	switch ts.get("emergency") {
	case "yes", "designated", "official":
		if a != street.AccessOpen {
			a = street.AccessEmergency
		}
	case "no":
		a = street.AccessClosed
	}
	if ts.get("area") == "yes" {
		a = street.AccessClosed // A square is drawn; its outline is no street.
	}
	return a, true
}

// oneWay reads the direction of traffic: +1 with the nodes, -1 against them, 0 both. implied is false for sources
// whose lines are not drawn in the direction of traffic. known is false when the value means nothing to us.
func (ts tags) oneWay(implied bool) (dir int8, known bool) {
	switch ts.get("oneway") {
	case "yes", "true", "1":
		return 1, true
	case "-1", "reverse":
		return -1, true
	case "no", "false", "0":
		return 0, true
	case "":
	default:
		return 0, false // "reversible", "alternating": open both ways, by the hour.
	}
	if implied {
		switch {
		case ts.get("junction") == "roundabout", ts.get("junction") == "circular", ts.get("highway") == "motorway":
			return 1, true
		}
	}
	return 0, true
}

const (
	kmhPerMile = 1.609344
	kmhPerKnot = 1.852
)

// speedKmh reads maxspeed; 0 when there is none. known is false when the value is no figure that we can use, such as
// a word for a country's general rule. Units are read in any case.
func (ts tags) speedKmh() (kmh float64, known bool) {
	s := strings.ToLower(strings.TrimSpace(ts.get("maxspeed")))
	switch s {
	case "":
		return 0, true
	case "none", "signals", "variable":
		return 0, false
	case "walk":
		return 7, true // Walking pace, as German courts read it.
	}
	unit := 1.0
	for _, u := range []struct {
		word   string
		factor float64
	}{{"mph", kmhPerMile}, {"knots", kmhPerKnot}, {"knot", kmhPerKnot}, {"km/h", 1}, {"kmh", 1}, {"kph", 1}} {
		if cut, ok := strings.CutSuffix(s, u.word); ok {
			s, unit = strings.TrimSpace(cut), u.factor
			break
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f > 0) {
		return 0, false
	}
	return f * unit, true
}

// set reports whether a tag is there and does not say no.
func (ts tags) set(key string) bool {
	v := ts.get(key)
	return v != "" && v != "no"
}

// shape is the area that the tags describe; its kind is empty for none that we draw.
func (ts tags) shape() Shape {
	s := Shape{Kind: ts.area(), Name: ts.get("name"), NameEn: ts.get("name:en")}
	if s.Kind == "building" {
		s.House = cmp.Or(ts.get("addr:housenumber"), ts.get("addr:housename"), ts.get("ref"))
		if n, err := strconv.Atoi(ts.get("building:levels")); err == nil && n > 0 && n < 200 {
			s.Levels = n
		}
	}
	return s
}

// area says what kind of area the tags describe; empty for none that we draw.
func (ts tags) area() string {
	switch {
	case ts.set("building"):
		return "building"
	case ts.get("natural") == "water", ts.get("waterway") == "riverbank", ts.get("landuse") == "reservoir":
		return "water"
	case ts.get("place") == "square", ts.get("highway") == "pedestrian" && ts.get("area") == "yes":
		return "square"
	}
	switch ts.get("leisure") {
	case "park", "garden", "nature_reserve", "pitch", "playground":
		return "park"
	}
	switch v := ts.get("landuse"); v {
	case "grass", "forest", "recreation_ground", "village_green", "meadow", "farmland", "orchard":
		return "park"
	case "residential", "industrial", "railway":
		return v
	case "commercial", "retail":
		return "commercial"
	}
	switch ts.get("amenity") {
	case "school", "university", "college", "kindergarten":
		return "school"
	case "hospital", "clinic":
		return "hospital"
	}
	return ""
}

// line is the railway or watercourse that the tags describe; its kind is empty for none that we draw.
func (ts tags) line() Line {
	l := Line{Name: ts.get("name"), NameEn: ts.get("name:en")}
	switch ts.get("railway") {
	case "rail", "light_rail", "subway", "tram":
		if !ts.set("tunnel") {
			l.Kind = "rail"
		}
	}
	switch ts.get("waterway") {
	case "river", "canal":
		l.Kind = "river"
	case "stream", "drain", "ditch":
		l.Kind = "stream"
	}
	return l
}

// place is what people name when they call; false when they would not.
func (ts tags) place() (Place, bool) {
	p := Place{Kind: ts.placeKind(), Name: ts.get("name"), NameEn: ts.get("name:en"), Ref: ts.get("ref"), Bearing: -1}
	if p.Kind == "" {
		p.Kind = ts.area()
	}
	switch {
	case ts.get("man_made") == "surveillance":
		p.Kind = "surveillance"
		for _, key := range []string{"camera:direction", "direction"} {
			if deg, err := strconv.ParseFloat(ts.get(key), 64); err == nil && deg >= 0 && deg <= 360 {
				p.Bearing = int(deg) % 360
				break
			}
		}
	case ts.get("power") == "pole", ts.get("highway") == "street_lamp", ts.get("man_made") == "utility_pole":
		p.Kind = "pole"
	}
	if p.Name == "" && (p.Kind == "pole" || p.Kind == "surveillance") {
		p.Name = p.Ref
	}
	numbered := p.Kind == "building" && ts.get("addr:place") != "" // "3栋" is a part of an address, not a name.
	return p, p.Kind != "" && p.Name != "" && !numbered
}

// address is the number of a house, a building or an entrance; false when the tags give none.
func (ts tags) address() (Address, bool) {
	a := Address{
		Street: ts.get("addr:street"), Number: ts.get("addr:housenumber"), Estate: ts.get("addr:place"),
		Building: ts.get("addr:housename"), Unit: ts.get("addr:unit"), Entrance: ts.set("entrance"),
	}
	if a.Building == "" && a.Estate != "" {
		a.Building = cmp.Or(ts.get("ref"), ts.get("name"))
	}
	return a, a.Number != "" && a.Street != "" || a.Estate != "" && (a.Building != "" || a.Number != "" || a.Unit != "")
}

// placeKind says what a named thing is; empty when people would not look for it.
func (ts tags) placeKind() string {
	for _, key := range []string{"amenity", "police", "railway", "public_transport", "healthcare", "leisure", "tourism", "man_made", "historic", "office", "shop", "place", "industrial"} {
		if v := ts.get(key); v != "" && v != "no" {
			return v
		}
	}
	if ts.set("building") {
		return "building"
	}
	if ts.get("man_made") == "bridge" || ts.set("bridge") && ts.get("highway") == "" {
		return "bridge"
	}
	return ""
}
