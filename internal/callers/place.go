package callers

import (
	"strconv"
	"strings"

	"shuniu/internal/geo"
)

// How far a place that is said may lie from the true one, metres.
const (
	jitterMeters   = 12.0
	wrongMetersMax = 1_800.0
	wrongMetersMin = 120.0
)

// place says where it is, in one of the ways in which people say it, and now and then wrongly.
func (g *Generator) place(e *happening, c *Call) {
	s := e.truth
	if c.Kind == Normal && g.rng.Float64() < g.rates.wrong {
		if other, ok := g.mistaken(s); ok {
			s, c.Kind = other, WrongPlace
		}
	}
	c.Said = s.Point.Offset(g.rng.NormFloat64()*jitterMeters, g.rng.NormFloat64()*jitterMeters)
	c.Place, c.Vague = g.name(s, e.t.Outside)
	if c.Kind == Normal && g.rng.Float64() < g.rates.near && s.Kind != atPole {
		if what, ok := g.landmark(s.Point); ok {
			c.Place, c.Vague = what, true
		}
	}
}

// name says a place: an address as it is, a park with what is near its gate. What is outside is not on a floor, but at
// the gate of the estate or before the house.
func (g *Generator) name(s Spot, outside bool) (said string, vague bool) {
	if outside && (s.Kind == atEstate || s.Kind == atAddress) {
		return g.before(s), false
	}
	switch s.Kind {
	case atEstate:
		if g.words.lang != "en" && g.rng.IntN(3) == 0 {
			return s.Name + strconv.Itoa(1+g.rng.IntN(6)) + "楼", false
		}
		return s.Name, false
	case atAddress, atCrossing:
		return s.Name, false
	}
	ways := g.words.at[s.Kind]
	if len(ways) == 0 || s.Whole {
		return s.Name, s.Kind == atStreet || s.Kind == atWater
	}
	return s.Name + ways[g.rng.IntN(len(ways))], s.Kind == atStreet || s.Kind == atWater
}

// before names what is outside a door.
func (g *Generator) before(s Spot) string {
	name, ways := s.Name, g.words.at["door"]
	if s.Yard != "" {
		name, ways = s.Yard, g.words.at["yard"]
		if house := g.words.at["house"]; s.House != "" && len(house) > 0 && g.rng.IntN(2) == 0 {
			name, ways = s.Yard+s.House, house
		}
	}
	if len(ways) == 0 {
		return name
	}
	return name + ways[g.rng.IntN(len(ways))]
}

// landmarkTries and landmarkMeters bound the search for something that stands near: it must not cost more than the
// rest of a call.
const (
	landmarkTries  = 12
	landmarkMeters = 350.0
)

// landmark is something near that everybody knows; false if chance finds none.
func (g *Generator) landmark(at geo.Point) (string, bool) {
	kinds := [...]string{"school", "hospital", "market", "park", "station", "public", atBridge, "food", atPole}
	for range landmarkTries {
		list := g.opt.Ground.Spots[kinds[g.rng.IntN(len(kinds))]]
		if len(list) == 0 {
			continue
		}
		s := list[g.rng.IntN(len(list))]
		if rough(s.Point, at) < landmarkMeters {
			return g.words.near[0] + s.Name + g.words.near[1], true
		}
	}
	return "", false
}

// rough is a distance in metres for places that lie close: quick, and right within a few in a hundred.
func rough(a, b geo.Point) float64 {
	x, y := geo.PlaneAt(a).XY(b)
	return max(x, -x) + max(y, -y)
}

// mistaken is the place that an upset caller names instead: the street that sounds alike, or one of the same kind not
// far away.
func (g *Generator) mistaken(s Spot) (Spot, bool) {
	for _, t := range g.traps {
		if rest, ok := strings.CutPrefix(s.Name, t.name); ok {
			return Spot{Kind: s.Kind, Name: t.other.Name + rest, Point: t.other.Point}, true
		}
	}
	for _, kind := range [...]string{s.Kind, atCrossing} { // A bridge is taken for another, or for a crossing near it.
		list := g.opt.Ground.Spots[kind]
		for range 2 * landmarkTries {
			if len(list) == 0 {
				break
			}
			other := list[g.rng.IntN(len(list))]
			if m := rough(other.Point, s.Point); other.Name != s.Name && m > wrongMetersMin && m < wrongMetersMax {
				return other, true
			}
		}
	}
	return Spot{}, false
}
