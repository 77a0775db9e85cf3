package tile

import (
	"cmp"
	"math"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

// bandZooms are the zooms for which geometry is prepared on its own, ascending. A band is drawn at its own zoom and at
// those below it down to the next band; the last one has everything, unsimplified, and serves all deeper zooms.
func bandZooms() []int { return []int{9, 10, 11, 12, 13, ZoomData} }

// layer is a layer of a tile. They stand in the order in which a map is painted.
type layer uint8

const (
	land layer = iota
	water
	waterway
	building
	rail
	road
	pole
	camera
	entrance
	number
	place
	mark
)

func layerNames() []string {
	return []string{"land", "water", "waterway", "building", "rail", "road", "pole", "camera", "entrance", "housenumber", "place", "mark"}
}

// key is a name of a property.
type key uint8

const (
	keyKind key = iota
	keyName
	keyNameEn
	keyClass
	keyOneWay
	keyBridge
	keyTunnel
	keyLevels
	keyRank
	keyBearing
	keyID
	keyService
	keyCount
)

func keyNames() []string {
	return []string{"kind", "name", "name_en", "class", "oneway", "bridge", "tunnel", "levels", "rank", "bearing", "id", "service"}
}

// never is deeper than every zoom.
const never = ZoomMax + 1

// roadDesign says how a class of roads is shown.
type roadDesign struct {
	class string // As the style knows it.
	from  int    // The first zoom with it.
	named int    // The first zoom with its name.
	rank  int    // The most important is 0, painted last.
}

// designRoad is the hierarchy of roads: a city seen whole shows how one passes through it, a quarter every street.
func designRoad(class string) roadDesign {
	switch class {
	case "motorway":
		return roadDesign{"motorway", 6, 10, 0}
	case "trunk":
		return roadDesign{"trunk", 7, 10, 1}
	case "motorway_link", "trunk_link":
		return roadDesign{"link", 11, never, 2}
	case "primary":
		return roadDesign{"primary", 8, 11, 3}
	case "secondary", "primary_link":
		return roadDesign{"secondary", 10, 12, 4}
	case "tertiary", "secondary_link", "tertiary_link":
		return roadDesign{"tertiary", 11, 13, 5}
	case "unclassified", "residential", "road", "busway":
		return roadDesign{"street", 12, 13, 6}
	case "living_street", "service", "track":
		return roadDesign{"lane", 13, 14, 7}
	case "pedestrian":
		return roadDesign{"walk", 13, 14, 8}
	}
	return roadDesign{"path", 14, 16, 9} // Footways, cycleways, stairs, and what we do not know.
}

// smallCity is how many corners of streets an extract has at most to be shown with all its streets when it is seen
// whole: San Francisco is, a metropolis would be a grey area.
const smallCity = 60_000

// sooner is the design of a road in a small city: streets and names come with a view from further away.
func (d roadDesign) sooner() roadDesign {
	switch d.class {
	case "street":
		d.from = 10
	case "lane":
		d.from = 11
	}
	d.named--
	return d
}

// What a street's name is long from, in meters along all its pieces, to be seen from further away in a small city. A
// city whose every street is "residential", as TIGER has it, would have no names else.
const (
	longStreetMeters   = 3500
	middleStreetMeters = 1500
)

// lengthRanks tells the long streets of a small city by their names: 1 and 2 for the two lengths above.
func lengthRanks(s *street.Network) map[string]int {
	if s == nil || s.Stats().Points > smallCity {
		return nil
	}
	meters := map[string]float64{}
	for _, l := range s.Drawing() {
		for i := 1; l.Name != "" && i < len(l.Points); i++ {
			meters[l.Name] += geo.DistanceMeters(l.Points[i-1], l.Points[i])
		}
	}
	ranks := map[string]int{}
	for name, m := range meters {
		switch {
		case m >= longStreetMeters:
			ranks[name] = 1
		case m >= middleStreetMeters:
			ranks[name] = 2
		}
	}
	return ranks
}

// longer is the design of a street with a rank by length; of all others it is the same.
func (d roadDesign) longer(rank int) roadDesign {
	if d.class == "street" && rank > 0 {
		d.named = min(d.named, 10+rank)
	}
	return d
}

// landFrom is the first zoom with a kind of ground; smaller pieces wait until they are seen.
func landFrom(kind string) int {
	switch kind {
	case "park":
		return 9
	case "residential", "commercial", "industrial":
		return 11
	case "school", "hospital", "railway":
		return 12
	}
	return 13
}

// The area on the screen, in square pixels, from which a ground or a water, and a house, is drawn. A tile is 512 pixels
// wide.
const (
	seenPixels      = 16.0
	seenHousePixels = 6.0
)

// placeDesign says how a place is shown.
type placeDesign struct {
	kind string // As the style knows it.
	from int    // The first zoom with it.
	rank int    // The smaller, the sooner its name gets room.
}

// designPlace gives what people look for in an emergency before what they buy at.
func designPlace(kind string) placeDesign {
	switch kind {
	case "city", "town", "suburb", "borough", "district":
		return placeDesign{"district", 10, 1}
	case "quarter", "neighbourhood", "village", "hamlet", "locality", "island":
		return placeDesign{"quarter", 12, 3}
	case "police":
		return placeDesign{"police", 12, 2}
	case "hospital":
		return placeDesign{"hospital", 12, 2}
	case "fire_station":
		return placeDesign{"fire", 12, 3}
	case "station", "halt", "aerodrome":
		return placeDesign{"rail", 12, 3}
	case "park", "nature_reserve", "garden", "recreation_ground":
		return placeDesign{"park", 14, 5}
	case "water":
		return placeDesign{"water", 14, 4}
	case "university", "college":
		return placeDesign{"school", 13, 5}
	case "townhall", "courthouse", "government":
		return placeDesign{"government", 13, 4}
	case "school", "kindergarten":
		return placeDesign{"school", 14, 6}
	case "fuel":
		return placeDesign{"fuel", 14, 6}
	case "bridge", "square", "marketplace", "mall", "stadium", "bus_station", "theatre", "arts_centre", "museum", "attraction":
		return placeDesign{"sight", 15, 6}
	case "residential":
		return placeDesign{"estate", 14, 7}
	case "clinic", "doctors":
		return placeDesign{"clinic", 15, 8}
	case "pharmacy": // It sells: nobody is brought there.
		return placeDesign{"pharmacy", 16, 9}
	case "industrial", "commercial", "factory", "works", "warehouse":
		return placeDesign{"industry", 14, 7}
	case "subway_entrance":
		return placeDesign{"rail", 16, 7}
	case "bus_stop", "platform", "stop_position", "tram_stop":
		return placeDesign{"stop", 16, 9}
	case "building":
		return placeDesign{"building", 16, 9}
	}
	return placeDesign{"poi", 15, 9}
}

// wide reports whether a kind of place is an area whose name waits until there is room for it.
func wide(kind string) bool {
	return kind == "park" || kind == "water" || kind == "estate" || kind == "industry"
}

// namedPixels is the area on the screen, in square pixels, in which there is room for the name of an area. It decides
// from zoom wideFrom to wideTo.
const (
	namedPixels = 2500
	wideFrom    = 11
	wideTo      = 16
)

// nameZooms gives, for the names of areas, the first zoom at which the largest of that name has room for it.
func nameZooms(areas []osm.Shape) map[string]int {
	out := map[string]int{}
	for _, a := range areas {
		if a.Name == "" || a.Kind == "building" {
			continue
		}
		size := 0.0
		for _, r := range a.Rings {
			size = max(size, math.Abs(area(spotsOf(r)))/2)
		}
		zoom := wideFrom
		for zoom < wideTo && size < namedPixels*math.Pow(pixelSpots(zoom), 2) {
			zoom++
		}
		if had, ok := out[a.Name]; !ok || zoom < had {
			out[a.Name] = zoom
		}
	}
	return out
}

// The first zooms of what has a name or number of its own.
const (
	railFrom     = 11
	riverFrom    = 9
	streamFrom   = 13
	buildingFrom = 14
	numberFrom   = 16
	entranceFrom = 16
	poleFrom     = 16
	cameraFrom   = 15
)

// markFrom is the first zoom with a mark of the centre.
func markFrom(kind string) int {
	switch kind {
	case "premises", "station", "centre", "department":
		return 10
	}
	return 12
}

// lineFrom is the first zoom with a line that is no street; never for one that is not drawn.
func lineFrom(l osm.Line) (layer, int) {
	switch l.Kind {
	case "rail":
		return rail, railFrom
	case "river":
		return waterway, riverFrom
	case "stream":
		return waterway, streamFrom
	}
	return waterway, never
}

// numberOf is what stands on a house.
func numberOf(a osm.Address) string { return cmp.Or(a.Number, a.Building, a.Unit) }
