package tile

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

// part is one line or ring of an item, up to a place in the band's spots; it begins where the part before it ends.
type part struct {
	end  uint32
	hole bool
}

// item is one thing to draw.
type item struct {
	box         box
	first, last uint32 // Its parts are parts[first:last].
	tags        uint32 // In the band's table.
	layer       layer
	shape       shape
	minZoom     uint8
	order       int64 // Within its layer: the smaller is painted first.
}

// band is everything that is drawn at some zooms, in the order of painting.
type band struct {
	spots []spot
	parts []part
	items []item
	tags  tagTable
	tree  tree
}

// tagTable holds the properties of items, each different set of them once.
type tagTable struct {
	sets   []string // Pairs of a key and the number of a value, as varints.
	values []string // As tiles write them.
}

// builder fills a band.
type builder struct {
	band
	zoom      int     // The deepest that its geometry is made for.
	tolerance float64 // For simplifying, in spots; 0 leaves lines as they are.
	known     map[string]uint32
	words     map[string]uint32
	numbers   map[int]uint32
	strands   []strand
}

// tolerancePixels is how far simplifying may move a line on the screen.
const tolerancePixels = 0.5

func pixelSpots(zoom int) float64 { return world / math.Pow(2, float64(zoom)) / 512 }

// newBand prepares an extract for one band; zooms are those of nameZooms, ranks those of lengthRanks.
func newBand(x *osm.Extract, marks []Mark, zooms, ranks map[string]int, zoom int) *band {
	b := &builder{zoom: zoom, known: map[string]uint32{}, words: map[string]uint32{}, numbers: map[int]uint32{}}
	if zoom < ZoomData {
		b.tolerance = tolerancePixels * pixelSpots(zoom)
	}
	for _, a := range x.Areas {
		b.area(a)
	}
	for _, l := range x.Lines {
		b.line(l)
	}
	if x.Streets != nil {
		small := x.Streets.Stats().Points <= smallCity
		for _, l := range x.Streets.Drawing() {
			d := designRoad(l.Class)
			if small {
				d = d.sooner().longer(ranks[l.Name])
			}
			b.street(l, d, ranks[l.Name])
		}
	}
	b.join()
	known := names{marked: b.marks(marks), zooms: zooms, rivers: map[string]bool{}}
	for _, l := range x.Lines {
		known.rivers[l.Name] = true
	}
	for _, p := range x.Places {
		b.place(p, known)
	}
	for _, a := range x.Addresses {
		b.address(a)
	}
	slices.SortFunc(b.items, func(a, b item) int { // No two have the same first part.
		return cmp.Or(cmp.Compare(a.layer, b.layer), cmp.Compare(a.order, b.order), cmp.Compare(a.first, b.first))
	})
	b.tree = newTree(b.items)
	b.spots, b.parts, b.items = slices.Clip(b.spots), slices.Clip(b.parts), slices.Clip(b.items)
	return &b.band
}

// pair is a property: a text, or a number above 0. One with neither says nothing and is left out.
type pair struct {
	key    key
	text   string
	number int
}

func says(k key, text string) pair { return pair{key: k, text: text} }

func counts(k key, number int) pair { return pair{key: k, number: number} }

// set gives the number of a set of properties.
func (b *builder) set(pairs ...pair) uint32 {
	var buf [64]byte
	s := buf[:0]
	for _, p := range pairs {
		if p.text != "" || p.number > 0 {
			s = binary.AppendUvarint(append(s, byte(p.key)), uint64(b.word(p)))
		}
	}
	n, ok := b.known[string(s)]
	if !ok {
		n = uint32(len(b.tags.sets))
		text := string(s)
		b.known[text] = n
		b.tags.sets = append(b.tags.sets, text)
	}
	return n
}

// word gives the number of a value.
func (b *builder) word(p pair) uint32 {
	next := uint32(len(b.tags.values))
	if p.text != "" {
		w, ok := b.words[p.text]
		if !ok {
			w, b.words[p.text] = next, next
			b.tags.values = append(b.tags.values, textValue(p.text))
		}
		return w
	}
	w, ok := b.numbers[p.number]
	if !ok {
		w, b.numbers[p.number] = next, next
		b.tags.values = append(b.tags.values, intValue(p.number))
	}
	return w
}

// begin starts an item; add gives it parts, and finish keeps it.
func (b *builder) begin(l layer, s shape, minZoom int) item {
	return item{first: uint32(len(b.parts)), layer: l, shape: s, minZoom: uint8(max(0, minZoom)), box: boxOf(nil)}
}

func (b *builder) add(it *item, spots []spot, hole bool) {
	b.spots = append(b.spots, spots...)
	b.parts = append(b.parts, part{uint32(len(b.spots)), hole})
	it.box = it.box.extend(boxOf(spots))
}

func (b *builder) finish(it item, tags uint32, order int64) {
	it.last, it.tags, it.order = uint32(len(b.parts)), tags, order
	b.items = append(b.items, it)
}

// spotsOf projects points, without those that fall onto the one before.
func spotsOf[L ~[]geo.Point](points L) []spot {
	out := make([]spot, 0, len(points))
	for _, p := range points {
		if s := project(p); len(out) == 0 || out[len(out)-1] != s {
			out = append(out, s)
		}
	}
	return out
}

// area takes a ground, a water or a building, if anything of it can be seen in this band.
func (b *builder) area(a osm.Shape) {
	l, from, seen := land, landFrom(a.Kind), seenPixels
	pairs := []pair{says(keyKind, a.Kind)}
	switch a.Kind {
	case "building":
		l, from, seen = building, buildingFrom, seenHousePixels
		pairs = []pair{counts(keyLevels, a.Levels)}
	case "water":
		l, from = water, 0
		pairs = nil // Its name is that of a place.
	}
	if from > b.zoom {
		return
	}
	rings := make([][]spot, 0, len(a.Rings))
	size := 0.0
	for _, r := range a.Rings {
		s := spotsOf(r)
		if len(s) > 1 && s[0] == s[len(s)-1] {
			s = s[:len(s)-1]
		}
		if len(s) < 3 {
			continue
		}
		if b.tolerance > 0 {
			s = simplified(append(s, s[0]), b.tolerance)
			s = s[:len(s)-1]
		}
		size = max(size, math.Abs(area(s))/2)
		rings = append(rings, s)
	}
	for from <= b.zoom && size < seen*math.Pow(pixelSpots(from), 2) {
		from++
	}
	if from > b.zoom && from <= ZoomData {
		return
	}
	it := b.begin(l, polygon, min(from, ZoomData))
	for _, outline := range polygons(rings) {
		for i, ring := range outline {
			b.add(&it, ring, i > 0)
		}
	}
	if int(it.first) < len(b.parts) {
		b.finish(it, b.set(pairs...), -int64(min(size, math.MaxInt64/2)))
	}
}

// line takes a railway or a watercourse.
func (b *builder) line(l osm.Line) {
	to, from := lineFrom(l)
	if s := spotsOf(l.Points); from <= b.zoom && len(s) > 1 {
		tags := b.set(says(keyKind, l.Kind), says(keyName, l.Name), says(keyNameEn, l.NameEn))
		b.strands = append(b.strands, strand{spots: s, tags: tags, layer: to, minZoom: from})
	}
}

// street takes a street: with what its zooms show of it, so that what looks alike can be joined.
func (b *builder) street(l street.Line, d roadDesign, rank int) {
	s := spotsOf(l.Points)
	if d.from > b.zoom || len(s) < 2 {
		return
	}
	pairs := []pair{says(keyClass, d.class)}
	if d.named <= b.zoom {
		pairs = append(pairs, says(keyName, l.Name), says(keyNameEn, l.NameEn))
		if d.class == "street" {
			pairs = append(pairs, counts(keyRank, rank))
		}
	}
	directed := b.zoom == ZoomData && l.OneWay != 0
	if directed {
		pairs = append(pairs, counts(keyOneWay, 1))
		if l.OneWay < 0 { // Tiles know one direction: that of the line.
			slices.Reverse(s)
		}
	}
	order := int64(-d.rank)
	if b.zoom >= 12 {
		if l.Bridge {
			pairs = append(pairs, counts(keyBridge, 1))
			order += 100
		}
		if l.Tunnel {
			pairs = append(pairs, counts(keyTunnel, 1))
			order -= 100
		}
	}
	b.strands = append(b.strands, strand{spots: s, tags: b.set(pairs...), layer: road, minZoom: d.from, directed: directed, order: order})
}

// dot keeps a thing that is only a place.
func (b *builder) dot(l layer, from int, at geo.Point, order int, pairs ...pair) {
	if from > b.zoom || !at.Valid() {
		return
	}
	it := b.begin(l, point, from)
	b.add(&it, []spot{project(at)}, false)
	b.finish(it, b.set(pairs...), int64(order))
}

// names is what else on the map has a name.
type names struct {
	marked map[string][]geo.Point // Where the centre's own places are.
	zooms  map[string]int         // From where the areas have room for theirs.
	rivers map[string]bool        // Lines that carry theirs along.
}

// place takes a place whose name nothing else carries.
func (b *builder) place(p osm.Place, known names) {
	switch p.Kind {
	case "pole":
		b.dot(pole, poleFrom, p.Point, 0, says(keyName, cmp.Or(p.Ref, p.Name)))
		return
	case "surveillance":
		pairs := []pair{says(keyName, cmp.Or(p.Ref, p.Name))}
		if p.Bearing >= 0 {
			pairs = append(pairs, counts(keyBearing, cmp.Or(p.Bearing, 360))) // North is 360: 0 would be left out.
		}
		b.dot(camera, cameraFrom, p.Point, 0, pairs...)
		return
	}
	for _, at := range known.marked[p.Name] {
		if geo.DistanceMeters(at, p.Point) < samePlaceMeters {
			return
		}
	}
	d := designPlace(p.Kind)
	if d.kind == "water" && known.rivers[p.Name] {
		return
	}
	if from, ok := known.zooms[p.Name]; ok && wide(d.kind) {
		d.from = from
	}
	b.dot(place, d.from, p.Point, d.rank, says(keyKind, d.kind), says(keyName, p.Name),
		says(keyNameEn, p.NameEn), counts(keyRank, d.rank))
}

// marks takes the centre's own places, and gives where they are by name.
func (b *builder) marks(marks []Mark) map[string][]geo.Point {
	out := make(map[string][]geo.Point, len(marks))
	for _, m := range marks {
		out[m.Name] = append(out[m.Name], m.Point)
		b.dot(mark, markFrom(m.Kind), m.Point, 0, says(keyKind, m.Kind), says(keyID, m.ID), says(keyService, m.Service),
			says(keyName, m.Name), says(keyNameEn, m.NameEn))
	}
	return out
}

// address takes a house number or an entrance.
func (b *builder) address(a osm.Address) {
	to, from := number, numberFrom
	if a.Entrance {
		to, from = entrance, entranceFrom
		a.Number = cmp.Or(a.Unit, a.Number)
	}
	b.dot(to, from, a.Point, 0, says(keyName, numberOf(a)))
}
