package callers

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

// How streets become places to name.
const (
	spotEveryMeters = 60.0   // Between two spots along a street; more in a big city.
	spotsMax        = 50_000 // Along all streets, about: more than that nobody tells apart.
	houseMeters     = 8.0    // Between two house numbers of one side, where the map has none.
	doorstepMeters  = 11.0   // From the middle of a street to a door.
)

// street names that nobody calls from.
func drivenThrough(class string) bool {
	switch class {
	case "motorway", "motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link", "steps", "path", "cycleway", "track", "bridleway":
		return true
	}
	return false
}

// streets takes spots along streets, their crossings, their bridges, and house numbers where the map has too few.
func (g *Ground) streets(x *osm.Extract) {
	lines := x.Streets.Drawing()
	numbers := g.zh() && len(g.Spots[atAddress]) < housesMin
	at := map[geo.Point]string{}         // The first street that has a corner here.
	crossed := map[[2]string]geo.Point{} // By both names, in order.
	far := map[string]float64{}          // Metres of a street so far.
	every := max(spotEveryMeters, meters(lines)/spotsMax)
	for _, l := range lines {
		name := g.local(l.Name, l.NameEn)
		if name == "" || drivenThrough(l.Class) {
			continue
		}
		if l.Bridge {
			g.bridge(l, name)
			continue
		}
		if l.Class == "footway" || l.Class == "pedestrian" { // No house has its number there, and no car drives.
			far[name] = g.along(l, atPath, name, far[name], every, false)
			continue
		}
		g.corners(l, name, at, crossed)
		far[name] = g.along(l, atStreet, name, far[name], every, numbers)
	}
	order := slices.SortedFunc(maps.Keys(crossed), func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, pair := range order {
		g.add(atCrossing, g.crossing(pair[0], pair[1]), crossed[pair])
	}
	if len(g.Spots[atStreet]) == 0 { // A map of paths only.
		g.Spots[atStreet] = g.Spots[atPath]
	}
	if len(g.Spots[atStreet]) == 0 {
		g.nameless(lines)
	}
}

func (g *Ground) bridge(l street.Line, name string) {
	if l.Name == "" || len(l.Points) == 0 || g.zh() && !strings.Contains(name, "桥") { // A street that goes over something, a viaduct.
		return
	}
	p := l.Points[len(l.Points)/2]
	if len(l.Points) == 2 {
		p = geo.Between(l.Points[0], l.Points[1], 0.5)
	}
	g.add(atBridge, name, p)
	if _, taken := g.named[l.Name]; !taken {
		g.named[l.Name] = Spot{Kind: atBridge, Name: name, Point: p}
	}
}

// corners finds where a street meets another.
func (g *Ground) corners(l street.Line, name string, at map[geo.Point]string, crossed map[[2]string]geo.Point) {
	for _, p := range l.Points {
		other, taken := at[p]
		switch {
		case !taken:
			at[p] = name
		case other != name:
			pair := [2]string{min(name, other), max(name, other)}
			if _, known := crossed[pair]; !known {
				crossed[pair] = p
			}
		}
	}
}

func (g *Ground) crossing(a, b string) string {
	if g.zh() {
		return a + "与" + b + "交叉口"
	}
	return a + " & " + b
}

// meters is how long lines are together.
func meters(lines []street.Line) (sum float64) {
	for _, l := range lines {
		for i := 1; i < len(l.Points); i++ {
			sum += geo.DistanceMeters(l.Points[i-1], l.Points[i])
		}
	}
	return sum
}

// along puts spots of a kind on a street, and numbers on its houses if asked; from counts its metres so far.
func (g *Ground) along(l street.Line, kind, name string, from, every float64, numbers bool) float64 {
	next := from + every/2
	for i := 1; i < len(l.Points); i++ {
		a, b := l.Points[i-1], l.Points[i]
		long := geo.DistanceMeters(a, b)
		for ; next < from+long; next += every {
			p := geo.Between(a, b, (next-from)/long)
			g.add(kind, name, p)
			if _, known := g.roads[name]; !known {
				g.roads[name] = Spot{Kind: kind, Name: name, Point: p}
			}
			if !numbers {
				continue
			}
			side := int(next/every) % 2
			across := geo.BearingDegrees(a, b) + 90 - 180*float64(side)
			rad := across * math.Pi / 180
			door := p.Offset(doorstepMeters*math.Sin(rad), doorstepMeters*math.Cos(rad))
			g.add(atAddress, g.house(name, fmt.Sprint(2*int(next/houseMeters)+1+side)), door)
		}
		from += long
	}
	return from
}

// nameless makes do with a map on which no street has a name: callers read coordinates from their telephones.
func (g *Ground) nameless(lines []street.Line) {
	for _, l := range lines {
		for _, p := range l.Points {
			g.add(atStreet, fmt.Sprintf("%.5f,%.5f", p.Lon, p.Lat), p)
		}
	}
}
