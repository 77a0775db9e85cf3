package intake

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

var (
	errNoPair   = errors.New("there is no pair of coordinates")
	errOffEarth = errors.New("the coordinates are not on the earth; are longitude and latitude swapped?")
	errNowhere  = errors.New("the coordinates are 0, 0, which files write for an unknown place")
)

// point checks two numbers.
func point(lon, lat string) (*Place, error) {
	x, errX := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	y, errY := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	switch {
	case errX != nil || errY != nil:
		return nil, errNoPair
	case math.IsNaN(x) || math.IsNaN(y) || math.Abs(x) > 180 || math.Abs(y) > 90:
		return nil, errOffEarth
	case x == 0 && y == 0:
		return nil, errNowhere
	}
	return &Place{Lon: x, Lat: y}, nil
}

// pair reads "(lat, lon)", with or without brackets, or "POINT (lon lat)".
func pair(text string, lonFirst bool) (*Place, error) {
	s := strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(strings.ToUpper(s), "POINT"); ok {
		s, lonFirst = strings.TrimSpace(rest), true
	}
	if inner, ok := strings.CutPrefix(s, "("); ok {
		if s, ok = strings.CutSuffix(inner, ")"); !ok {
			return nil, errNoPair
		}
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '，' })
	if len(parts) != 2 {
		return nil, errNoPair
	}
	if lonFirst {
		return point(parts[0], parts[1])
	}
	return point(parts[1], parts[0])
}

// cell reads a cell of several lines: the last line that is a pair is the place, the others the address.
func cell(text string, lonFirst bool) (place *Place, address []string, err error) {
	err = errNoPair
	var lines []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	at := -1
	for i, l := range lines {
		if p, e := pair(l, lonFirst); !errors.Is(e, errNoPair) {
			place, err, at = p, e, i
		}
	}
	for i, l := range lines {
		if i != at {
			address = append(address, l)
		}
	}
	return place, address, err
}
