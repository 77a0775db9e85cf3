package osm

import (
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

const kmhPerMile = 1.609344

// speedKmh reads maxspeed; 0 when there is none. known is false when the value is no figure that we can use, such as
// a word for a country's general rule.
func (ts tags) speedKmh() (kmh float64, known bool) {
	s := strings.TrimSpace(ts.get("maxspeed"))
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
	}{{"mph", kmhPerMile}, {"km/h", 1}, {"kmh", 1}, {"kph", 1}} {
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

// area says what kind of area the tags describe; empty for none that we draw.
func (ts tags) area() string {
	switch {
	case ts.get("building") != "" && ts.get("building") != "no":
		return "building"
	case ts.get("natural") == "water", ts.get("waterway") == "riverbank", ts.get("landuse") == "reservoir":
		return "water"
	}
	switch ts.get("leisure") {
	case "park", "garden", "nature_reserve":
		return "park"
	}
	switch ts.get("landuse") {
	case "grass", "forest", "recreation_ground", "village_green":
		return "park"
	}
	return ""
}

// placeKind says what a named thing is; empty when people would not look for it.
func (ts tags) placeKind() string {
	for _, key := range []string{"amenity", "police", "railway", "public_transport", "healthcare", "leisure", "tourism", "man_made", "historic", "office", "shop", "place", "industrial"} {
		if v := ts.get(key); v != "" && v != "no" {
			return v
		}
	}
	if v := ts.get("building"); v != "" && v != "no" {
		return "building"
	}
	if v := ts.get("bridge"); ts.get("man_made") == "bridge" || v != "" && v != "no" && ts.get("highway") == "" {
		return "bridge"
	}
	return ""
}
