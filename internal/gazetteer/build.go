package gazetteer

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
)

// builder collects what an index is made of.
type builder struct {
	ix      *Index
	sp      *speller
	entries map[string]int32 // Names in the lexicon.
	labels  map[string]int32
	classes map[string]uint16
	streetN map[string]int32 // Streets by name.
	estates map[string]int32 // Estates by name.
	meets   []meeting
}

// meeting is one corner of one street.
type meeting struct {
	at    uint64 // Latitude and longitude, as one number.
	thing int32
}

func newBuilder(x *osm.Extract) *builder {
	b := &builder{
		ix: &Index{x: x}, sp: newSpeller(), entries: map[string]int32{}, labels: map[string]int32{}, classes: map[string]uint16{},
		streetN: map[string]int32{}, estates: make(map[string]int32),
	}
	b.label("") // Index 0 is no label.
	b.class("")
	return b
}

func (b *builder) entry(name string) int32 {
	name = cutRunes(strings.TrimSpace(name), queryRunesMax)
	if name == "" {
		return -1
	}
	id, ok := b.entries[name]
	if !ok {
		id = b.ix.lex.add(strings.Clone(name), b.sp)
		b.entries[b.ix.lex.entries[id].text] = id
	}
	return id
}

func (b *builder) label(s string) int32 {
	id, ok := b.labels[s]
	if !ok {
		id = int32(len(b.ix.labels))
		s = strings.Clone(cutRunes(s, queryRunesMax))
		b.ix.labels = append(b.ix.labels, s)
		b.labels[s] = id
	}
	return id
}

func (b *builder) class(s string) uint16 {
	id, ok := b.classes[s]
	if !ok && len(b.ix.classes) < 1<<16-1 {
		id = uint16(len(b.ix.classes))
		b.ix.classes = append(b.ix.classes, s)
		b.classes[s] = id
	}
	return id
}

// thing takes one more thing and gives its number; -1 when it has no name.
func (b *builder) thing(kind uint8, class, name, en string, at spot) int32 {
	e := b.entry(name)
	if e < 0 {
		return -1
	}
	t := thing{entry: e, en: -1, ref: -1, kind: kind, class: b.class(class), at: at}
	if en != name {
		t.en = b.entry(en)
	}
	b.ix.things = append(b.ix.things, t)
	return int32(len(b.ix.things) - 1)
}

// street is the street of a name, which is made if there is none.
func (b *builder) street(name, en, class string, at geo.Point) int32 {
	id, ok := b.streetN[name]
	if !ok {
		if id = b.thing(kindStreet, class, name, en, spotOf(at)); id >= 0 {
			b.streetN[name] = id
		}
	}
	return id
}

// streets takes the lines of the network: by name, with their corners, which tell where two of them meet.
func (b *builder) streets() {
	if b.ix.x.Streets == nil {
		return
	}
	type piece struct{ thing, line int32 }
	var pieces []piece
	for i, l := range b.ix.x.Streets.Drawing() {
		if l.Name == "" || len(l.Points) == 0 {
			continue
		}
		id := b.street(l.Name, l.NameEn, l.Class, l.Points[len(l.Points)/2])
		if id < 0 {
			continue
		}
		pieces = append(pieces, piece{id, int32(i)})
		for _, p := range l.Points {
			s := spotOf(p)
			b.meets = append(b.meets, meeting{uint64(uint32(s.lat))<<32 | uint64(uint32(s.lon)), id})
		}
	}
	slices.SortStableFunc(pieces, func(x, y piece) int { return cmp.Compare(x.thing, y.thing) })
	for i, p := range pieces {
		t := &b.ix.things[p.thing]
		if i == 0 || pieces[i-1].thing != p.thing {
			t.lines[0] = int32(i)
		}
		t.lines[1] = int32(i + 1)
		b.ix.lines = append(b.ix.lines, p.line)
	}
	for i := range b.ix.things {
		b.ix.things[i].at = b.ix.middle(&b.ix.things[i])
	}
	b.cross()
}

// middle is the corner of a street that is nearest to the middle of its box.
func (ix *Index) middle(t *thing) spot {
	box := geo.EmptyBounds()
	ix.corners(t, func(p geo.Point) { box = box.Extend(p) })
	if box.Empty() {
		return t.at
	}
	return spotOf(ix.nearestCorner(t, box.Center()))
}

// corners shows every corner of a street.
func (ix *Index) corners(t *thing, look func(geo.Point)) {
	for _, l := range ix.lines[t.lines[0]:t.lines[1]] {
		for _, p := range ix.x.Streets.Drawing()[l].Points {
			look(p)
		}
	}
}

func (ix *Index) nearestCorner(t *thing, to geo.Point) geo.Point {
	plane := geo.PlaneAt(to)
	at, least := t.at.point(), -1.0
	ix.corners(t, func(p geo.Point) {
		if x, y := plane.XY(p); least < 0 || x*x+y*y < least {
			at, least = p, x*x+y*y
		}
	})
	return at
}

// cross finds the corners that streets of different names share.
func (b *builder) cross() {
	slices.SortFunc(b.meets, func(x, y meeting) int {
		return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.thing, y.thing))
	})
	b.meets = slices.Compact(b.meets)
	for i := 0; i < len(b.meets); {
		j := i + 1
		for j < len(b.meets) && b.meets[j].at == b.meets[i].at {
			j++
		}
		at := spot{lat: int32(uint32(b.meets[i].at >> 32)), lon: int32(uint32(b.meets[i].at))}
		for x := i; x < min(j, i+8); x++ { // More than eight names at one corner are an error of the data.
			for y := x + 1; y < min(j, i+8); y++ {
				b.ix.crossings = append(b.ix.crossings, crossing{b.meets[x].thing, b.meets[y].thing, at})
			}
		}
		i = j
	}
	b.meets = nil
	slices.SortFunc(b.ix.crossings, func(x, y crossing) int {
		return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b), cmp.Compare(x.at.lat, y.at.lat), cmp.Compare(x.at.lon, y.at.lon))
	})
}

// living are the classes of places in which people live, with buildings that have numbers.
func living(class string) bool {
	switch class {
	case "residential", "apartments", "neighbourhood", "quarter", "city_block":
		return true
	}
	return false
}

// estate is the estate of a name, which is made if there is none.
func (b *builder) estate(name, en, class string, at geo.Point) int32 {
	id, ok := b.estates[name]
	if !ok {
		if id = b.thing(kindEstate, class, name, en, spotOf(at)); id >= 0 {
			b.estates[name] = id
		}
	}
	return id
}

func (b *builder) places() {
	for _, p := range b.ix.x.Places {
		switch {
		case p.Kind == "pole":
			b.numbered(kindPole, p)
		case p.Kind == "surveillance":
			b.numbered(kindCamera, p)
		case living(p.Kind):
			b.estate(p.Name, p.NameEn, p.Kind, p.Point)
		default:
			b.numbered(kindPlace, p)
		}
	}
}

// numbered takes a place that may have a number beside its name.
func (b *builder) numbered(kind uint8, p osm.Place) {
	id := b.thing(kind, p.Kind, p.Name, p.NameEn, spotOf(p.Point))
	if id >= 0 && p.Ref != "" && p.Ref != p.Name {
		b.ix.things[id].ref = b.entry(p.Ref)
	}
}

// areas takes the named areas that no place stands for: those that the map draws of several lines.
func (b *builder) areas() {
	taken := make(map[string][]spot)
	for _, t := range b.ix.things {
		if t.kind == kindPlace || t.kind == kindEstate {
			name := b.ix.lex.entries[t.entry].text
			taken[name] = append(taken[name], t.at)
		}
	}
	for i, a := range b.ix.x.Areas {
		if a.Name == "" || a.Kind == "building" && a.House == a.Name {
			continue
		}
		box := boxOf(a.Rings)
		if a.Kind == classWater && !box.Empty() {
			b.ix.waters = append(b.ix.waters, sheet{&b.ix.x.Areas[i], box})
		}
		if box.Empty() || slices.ContainsFunc(taken[a.Name], func(s spot) bool { return box.Contains(s.point()) }) {
			continue
		}
		taken[a.Name] = append(taken[a.Name], spotOf(box.Center()))
		if living(a.Kind) {
			b.estate(a.Name, a.NameEn, a.Kind, box.Center())
		} else {
			b.thing(kindPlace, a.Kind, a.Name, a.NameEn, spotOf(box.Center()))
		}
	}
}

func boxOf(rings []geo.Ring) geo.Bounds {
	box := geo.EmptyBounds()
	for _, r := range rings {
		for _, p := range r {
			box = box.Extend(p)
		}
	}
	return box
}

// addresses takes the house numbers, each for its street and for its estate.
func (b *builder) addresses() {
	doors := make([]door, 0, len(b.ix.x.Addresses))
	add := func(thing int32, a *osm.Address, text, unit string) {
		if thing < 0 {
			return
		}
		n, _ := leadingNumber(text)
		doors = append(doors, door{at: spotOf(a.Point), thing: thing, number: n, text: b.label(text), unit: b.label(unit), entry: a.Entrance})
	}
	for i := range b.ix.x.Addresses {
		a := &b.ix.x.Addresses[i]
		if !a.Point.Valid() {
			continue
		}
		if a.Street != "" && a.Number != "" {
			add(b.street(a.Street, "", "", a.Point), a, a.Number, a.Unit)
		}
		if text := cmp.Or(a.Building, a.Number); a.Estate != "" {
			add(b.estate(a.Estate, "", "residential", a.Point), a, text, a.Unit)
		}
	}
	slices.SortFunc(doors, func(x, y door) int {
		return cmp.Or(cmp.Compare(x.thing, y.thing), cmp.Compare(x.number, y.number), cmp.Compare(x.text, y.text), cmp.Compare(x.unit, y.unit))
	})
	for i, d := range doors {
		t := &b.ix.things[d.thing]
		if i == 0 || doors[i-1].thing != d.thing {
			t.doors[0] = int32(i)
		}
		t.doors[1] = int32(i + 1)
	}
	b.ix.doors = doors
}

// finish sorts everything.
func (b *builder) finish() *Index {
	ix := b.ix
	ix.lex.entries = slices.Clip(ix.lex.entries)
	var sorted sync.WaitGroup // Beside it only the entries are read, which sorting leaves alone.
	defer sorted.Wait()
	sorted.Go(ix.lex.sort)
	type named struct{ entry, thing int32 }
	list := make([]named, 0, 2*len(ix.things))
	for i, t := range ix.things {
		list = append(list, named{t.entry, int32(i)})
		if t.en >= 0 && t.en != t.entry {
			list = append(list, named{t.en, int32(i)})
		}
		if t.ref >= 0 && t.ref != t.entry && t.ref != t.en {
			list = append(list, named{t.ref, int32(i)})
		}
		if t.kind == kindPlace || t.kind == kindEstate {
			ix.landmarks = append(ix.landmarks, int32(i))
		}
	}
	slices.SortFunc(list, func(x, y named) int { return cmp.Or(cmp.Compare(x.entry, y.entry), cmp.Compare(x.thing, y.thing)) })
	ix.first = make([]int32, len(ix.lex.entries)+1)
	ix.byEntry = make([]int32, len(list))
	for i, n := range list {
		ix.byEntry[i] = n.thing
		ix.first[n.entry+1]++
	}
	for e := range ix.lex.entries {
		ix.first[e+1] += ix.first[e]
	}
	for i, c := range ix.crossings {
		if b.proper(c.a) && b.proper(c.b) {
			ix.corner = append(ix.corner, int32(i))
		}
	}
	ix.doorGrid = newGrid(len(ix.doors), func(i int) spot { return ix.doors[i].at })
	ix.crossGrid = newGrid(len(ix.corner), func(i int) spot { return ix.crossings[ix.corner[i]].at })
	ix.placeGrid = newGrid(len(ix.landmarks), func(i int) spot { return ix.things[ix.landmarks[i]].at })
	return ix
}

// proper reports whether a street is one by which people name a crossing: no path, ramp or way of a yard.
func (b *builder) proper(id int32) bool {
	class := b.ix.classes[b.ix.things[id].class]
	switch class {
	case "service", "footway", "path", "steps", "cycleway", "track", "corridor", "bridleway":
		return false
	}
	return !strings.HasSuffix(class, "_link")
}

// Size says how much the index holds.
func (ix *Index) Size() Size {
	s := Size{Names: len(ix.lex.entries), Things: len(ix.things), Doors: len(ix.doors), Crossings: len(ix.crossings)}
	s.Bytes = int64(len(ix.things))*int64(unsafe.Sizeof(thing{})) + int64(len(ix.doors))*int64(unsafe.Sizeof(door{})) +
		int64(len(ix.crossings))*int64(unsafe.Sizeof(crossing{})) + int64(len(ix.doorGrid)+len(ix.crossGrid)+len(ix.placeGrid)+len(ix.lex.typos))*8 +
		int64(len(ix.byEntry)+len(ix.first)+len(ix.lines)+len(ix.landmarks)+len(ix.corner))*4 + int64(len(ix.lex.forms))*int64(unsafe.Sizeof(form{}))
	for _, e := range ix.lex.entries {
		s.Bytes += int64(unsafe.Sizeof(e)) + 2*int64(len(e.text)) + int64(len(e.key)) + 2*int64(len(e.pin))
	}
	return s
}
