package callers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/osm"
)

// The kinds of place that figures and scenarios name.
const (
	atEstate   = "estate"   // A building, an entrance or a unit in a living quarter.
	atAddress  = "address"  // A house number at a street.
	atCrossing = "crossing" // Two streets.
	atStreet   = "street"   // Somewhere on one.
	atPath     = "path"     // Somewhere on one that is walked only.
	atWater    = "water"    // A bank or shore.
	atBridge   = "bridge"
	atPole     = "pole" // The number that is painted on it.
)

// instead says which kinds serve where a map has none of a kind, the best first. Every chain ends at streets, which
// every map has.
func instead(kind string) []string {
	switch kind {
	case atEstate:
		return []string{atAddress, atStreet}
	case atAddress:
		return []string{atCrossing, atStreet}
	case "station":
		return []string{"public", atCrossing, atStreet}
	case atWater:
		return []string{atBridge, "park", atStreet}
	case atBridge:
		return []string{atWater, atStreet}
	case "food", "market", "works":
		return []string{atAddress, atCrossing, atStreet}
	case "park", "square":
		return []string{"square", "park", atCrossing, atStreet}
	}
	return []string{atCrossing, atStreet}
}

// Spot is a place as a caller names it.
type Spot struct {
	Kind  string
	Name  string // As people say it: "汀兰路12号", "采菱公园".
	Point geo.Point
	Yard  string // Of a door in a living quarter: the quarter, "汀江水岸". Empty elsewhere.
	House string // Of such a door: its building, "6幢". May be empty.
	Whole bool   // The name says all about where it is; nothing is put after it.
}

// Ground is where people call from: what a map holds that one can name. Make it with GroundOf, or fill Spots and call
// nothing else. It never changes afterwards and may be used by many goroutines.
type Ground struct {
	Lang  string // "zh" or "en".
	Spots map[string][]Spot
	named map[string]Spot // Key premises and other places by their name.
	roads map[string]Spot // The middle of a street by its name.
}

// doorsMin is how many doors a map must hold for callers to use any.
const doorsMin = 30

// housesMin is how many house numbers a map must hold for callers to use no others.
const housesMin = 200

// LangOf is the language in which people name the streets of a map: "zh" if most names that it has hold Chinese
// characters, else "en".
func LangOf(x *osm.Extract) string {
	if x == nil || x.Streets == nil {
		return "zh"
	}
	named, han := 0, 0
	for _, l := range x.Streets.Drawing() {
		if l.Name == "" {
			continue
		}
		if named++; strings.ContainsFunc(l.Name, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			han++
		}
	}
	if 2*han < named {
		return "en"
	}
	return "zh"
}

// GroundOf reads what a map has to name. lang is "zh" or "en". A map without streets is fault.Invalid.
func GroundOf(x *osm.Extract, lang string) (*Ground, error) {
	if x == nil || x.Streets == nil {
		return nil, fault.New("callers.GroundOf", fault.Invalid, "there is no map, so nobody knows where to call from").Mend("name a map file with streets")
	}
	g := &Ground{Lang: lang, Spots: map[string][]Spot{}, named: map[string]Spot{}, roads: map[string]Spot{}}
	g.addresses(x.Addresses)
	w := watersOf(x)
	g.places(x, &w)
	g.water(x, &w)
	g.streets(x)
	for _, kind := range []string{atAddress, atEstate} {
		if len(g.Spots[kind]) < doorsMin { // Else everybody would call from the same few doors.
			delete(g.Spots, kind)
		}
	}
	for i := range g.Spots[atPole] {
		g.Spots[atPole][i].Name = g.pole(g.Spots[atPole][i].Name)
	}
	if len(g.Spots[atStreet]) == 0 {
		return nil, fault.New("callers.GroundOf", fault.Invalid, "the map holds no street that can be named or found").Mend("name a map file with streets")
	}
	return g, nil
}

func (g *Ground) zh() bool { return g.Lang != "en" }

func (g *Ground) add(kind, name string, p geo.Point) {
	if name != "" && p.Valid() {
		g.Spots[kind] = append(g.Spots[kind], Spot{Kind: kind, Name: name, Point: p})
	}
}

func (g *Ground) pole(ref string) string {
	if g.zh() {
		return "电线杆" + ref
	}
	return "pole " + ref
}

// addresses takes house numbers and doors in estates.
func (g *Ground) addresses(in []osm.Address) {
	for _, a := range in {
		switch {
		case a.Estate != "":
			if a.Point.Valid() {
				door := Spot{Kind: atEstate, Name: g.door(a), Point: a.Point, Yard: a.Estate, House: cmp.Or(a.Building, a.Number)}
				g.Spots[atEstate] = append(g.Spots[atEstate], door)
			}
		case a.Street != "" && a.Number != "":
			g.add(atAddress, g.house(a.Street, a.Number), a.Point)
		}
	}
}

func (g *Ground) door(a osm.Address) string {
	if !g.zh() {
		return strings.TrimSpace(strings.Join([]string{a.Estate, cmp.Or(a.Building, a.Number), a.Unit}, " "))
	}
	return a.Estate + cmp.Or(a.Building, a.Number) + a.Unit
}

func (g *Ground) house(street, number string) string {
	if !g.zh() {
		return number + " " + street
	}
	if r := []rune(number); r[len(r)-1] >= '0' && r[len(r)-1] <= '9' {
		number += "号"
	}
	return street + number
}

// kindOf says which kind of ours a place of a map is; empty for what nobody names when he calls.
func kindOf(kind string) string {
	switch kind {
	case "station", "halt", "bus_station", "ferry_terminal", "aerodrome", "tram_stop", "subway_entrance":
		return "station"
	case "park", "garden", "nature_reserve", "playground", "pitch", "zoo":
		return "park"
	case "school", "kindergarten", "college", "university":
		return "school"
	case "hospital", "clinic", "doctors":
		return "hospital"
	case "marketplace", "supermarket", "mall", "department_store", "convenience", "commercial", "retail":
		return "market"
	case "square":
		return "square"
	case "restaurant", "bar", "pub", "cafe", "fast_food", "nightclub", "karaoke_box", "biergarten":
		return "food"
	case "water_works", "oil_depot", "works", "industrial", "depot", "factory":
		return "works"
	case "bridge", "pole", "water":
		return kind
	case "residential":
		return atEstate
	case "courthouse", "townhall", "company", "government", "bank", "post_office", "library", "sports_centre", "stadium", "theatre",
		"cinema", "museum", "hotel", "community_centre", "place_of_worship", "building", "commercial_building", "arts_centre":
		return "public"
	}
	return ""
}

func (g *Ground) places(x *osm.Extract, w *waters) {
	doors := len(g.Spots[atEstate]) > 0
	for _, p := range x.Places {
		name := p.Name
		if !g.zh() {
			name = cmp.Or(p.NameEn, p.Name)
		}
		kind := kindOf(p.Kind)
		if kind != atBridge {
			p.Point = w.ashore(p.Point)
		}
		if kind != "" && !(kind == atEstate && doors) { // Whoever lives in an estate names his door.
			g.add(kind, name, p.Point)
		}
		if p.Name != "" && p.Point.Valid() {
			if _, taken := g.named[p.Name]; !taken {
				g.named[p.Name] = Spot{Kind: cmp.Or(kind, "public"), Name: name, Point: p.Point}
			}
		}
	}
}

func (g *Ground) local(name, english string) string {
	if g.zh() {
		return name
	}
	return cmp.Or(english, name)
}

// spot picks a place of a kind, or of the best kind that is there instead.
func (g *Ground) spot(kind string, x float64) Spot {
	list := g.Spots[kind]
	if len(list) == 0 {
		for _, k := range instead(kind) {
			if list = g.Spots[k]; len(list) > 0 {
				break
			}
		}
	}
	if len(list) == 0 {
		list = g.Spots[atStreet]
	}
	return list[min(int(x*float64(len(list))), len(list)-1)]
}

// nearest is the spot of a kind, or of the best that is there instead, that is nearest to a point and not the place but
// or a part of its name; false if there is none.
func (g *Ground) nearest(kind string, to geo.Point, but string) (Spot, bool) {
	for _, k := range append([]string{kind}, instead(kind)...) {
		best, found := Spot{}, false
		meters := 0.0
		for _, s := range g.Spots[k] {
			if strings.Contains(but, s.Name) {
				continue
			}
			if m := rough(s.Point, to); !found || m < meters {
				best, meters, found = s, m, true
			}
		}
		if found {
			return best, true
		}
	}
	return Spot{}, false
}

// Named gives a place by its name; false if the map has none.
func (g *Ground) Named(name string) (Spot, bool) {
	s, ok := g.named[name]
	return s, ok
}

// Summary counts what the ground holds, for people: "address 812, bridge 3, ...".
func (g *Ground) Summary() string {
	var parts []string
	for kind, list := range g.Spots {
		if len(list) > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", kind, len(list)))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
