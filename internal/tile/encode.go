package tile

import (
	"encoding/binary"
	"math"
	"strings"

	"github.com/paulmach/orb"
)

// Numbers of the Mapbox Vector Tile specification 2.1, section 4.
const (
	mvtVersion   = 2
	commandMove  = 1
	commandLine  = 2
	commandClose = 7
)

// shape is the kind of a geometry, with the numbers that tiles use.
type shape uint8

const (
	point   shape = 1
	line    shape = 2
	polygon shape = 3
)

// A tile's messages, field by field.
const (
	tileLayer     = 3<<3 | 2
	layerName     = 1<<3 | 2
	layerFeature  = 2<<3 | 2
	layerKey      = 3<<3 | 2
	layerValue    = 4<<3 | 2
	layerExtent   = 5 << 3
	layerVersion  = 15 << 3
	featureTags   = 2<<3 | 2
	featureShape  = 3 << 3
	featureCourse = 4<<3 | 2
	valueText     = 1<<3 | 2
	valueInt      = 4 << 3
)

// textValue and intValue are values as tiles write them.
func textValue(s string) string {
	s = strings.ToValidUTF8(s, "") // The reader of a map would refuse the whole tile.
	return string(append(binary.AppendUvarint([]byte{valueText}, uint64(len(s))), s...))
}

func intValue(n int) string {
	return string(binary.AppendUvarint([]byte{valueInt}, uint64(n)))
}

// encode writes the items with these ids, which stand in the order of drawing and so layer by layer.
func encode(b *band, v view, ids []uint32) []byte {
	var out []byte
	var e encoder
	for from := 0; from < len(ids); {
		layer, to := b.items[ids[from]].layer, from
		for to < len(ids) && b.items[ids[to]].layer == layer {
			to++
		}
		out = e.layer(out, b, v, layer, ids[from:to])
		from = to
	}
	return out
}

// encoder holds what is used again from feature to feature.
type encoder struct {
	grid     orb.LineString
	commands []uint32
	feature  []byte
	body     []byte
	x, y     int32 // The cursor.
}

// layer appends one layer; nothing when no feature of it is left.
func (e *encoder) layer(out []byte, b *band, v view, layer layer, ids []uint32) []byte {
	words := newWords(b.tags)
	e.body = append(e.body[:0], layerVersion, mvtVersion)
	e.body = appendBytes(e.body, layerName, layerNames()[layer])
	head := len(e.body)
	for _, id := range ids {
		it := b.items[id]
		e.commands, e.x, e.y = e.commands[:0], 0, 0
		e.geometry(b, it, v)
		if len(e.commands) == 0 {
			continue
		}
		e.feature = appendBytes(e.feature[:0], featureTags, words.tags(it.tags))
		e.feature = append(e.feature, featureShape, byte(it.shape), featureCourse)
		size := 0
		for _, c := range e.commands {
			size += uvarintLen(uint64(c))
		}
		e.feature = binary.AppendUvarint(e.feature, uint64(size))
		for _, c := range e.commands {
			e.feature = binary.AppendUvarint(e.feature, uint64(c))
		}
		e.body = appendBytes(e.body, layerFeature, e.feature)
	}
	if len(e.body) == head {
		return out
	}
	for _, k := range words.keys {
		e.body = appendBytes(e.body, layerKey, keyNames()[k])
	}
	for _, w := range words.values {
		e.body = appendBytes(e.body, layerValue, b.tags.values[w])
	}
	e.body = binary.AppendUvarint(append(e.body, layerExtent), extent)
	return appendBytes(out, tileLayer, e.body)
}

// geometry writes the commands of an item; none when nothing of it is left in the tile.
func (e *encoder) geometry(b *band, it item, v view) {
	whole := v.box.holds(it.box)
	start := uint32(0)
	if it.first > 0 {
		start = b.parts[it.first-1].end
	}
	lost := false // The outline of this hole is not drawn.
	for _, part := range b.parts[it.first:it.last] {
		spots := b.spots[start:part.end]
		start = part.end
		switch it.shape {
		case point:
			if at := spots[0]; v.own.holds(box{at.x, at.y, at.x, at.y}) {
				e.grid = v.line(spots[:1], e.grid)
				e.commands = append(e.commands, 1<<3|commandMove)
				e.move(e.grid[0])
			}
		case line:
			e.grid = v.line(spots, e.grid)
			if whole {
				e.line(e.grid)
				continue
			}
			for _, l := range clipLine(e.grid) {
				e.line(l)
			}
		case polygon:
			if part.hole && lost {
				continue
			}
			ring := v.line(spots, e.grid)
			e.grid = ring
			if !whole {
				ring = clipRing(ring)
			}
			drawn := e.ring(ring, part.hole)
			if !part.hole {
				lost = !drawn
			}
		}
	}
}

func onGrid(p orb.Point) (x, y int32) { return int32(math.Round(p[0])), int32(math.Round(p[1])) }

func zigzag(n int32) uint32 { return uint32(n<<1) ^ uint32(n>>31) }

// move writes the way from the cursor to p.
func (e *encoder) move(p orb.Point) {
	x, y := onGrid(p)
	e.commands = append(e.commands, zigzag(x-e.x), zigzag(y-e.y))
	e.x, e.y = x, y
}

// path writes a line without the corners that fall together on the grid. It answers how many corners there are, and
// twice the area that they go round. first is where it began in the commands.
func (e *encoder) path(l orb.LineString) (corners int, area int64) {
	if len(l) == 0 {
		return 0, 0
	}
	e.commands = append(e.commands, 1<<3|commandMove)
	e.move(l[0])
	firstX, firstY := e.x, e.y
	count := len(e.commands)
	e.commands = append(e.commands, 0)
	corners = 1
	for _, p := range l[1:] {
		x, y := onGrid(p)
		if x == e.x && y == e.y {
			continue
		}
		area += int64(e.x-firstX)*int64(y-firstY) - int64(x-firstX)*int64(e.y-firstY)
		e.move(p)
		corners++
	}
	e.commands[count] = uint32(corners-1)<<3 | commandLine
	return corners, area
}

// line writes a line, or nothing when it has no length on the grid.
func (e *encoder) line(l orb.LineString) {
	kept, x, y := len(e.commands), e.x, e.y
	if corners, _ := e.path(l); corners < 2 {
		e.commands, e.x, e.y = e.commands[:kept], x, y
	}
}

// ring writes a ring, or nothing when it encloses nothing on the grid, or runs the wrong way there. A cut at the edge
// of the tile can give a ring whose last corner lies on its first.
func (e *encoder) ring(l orb.LineString, hole bool) bool {
	for len(l) > 1 && same(l[0], l[len(l)-1]) {
		l = l[:len(l)-1]
	}
	kept, x, y := len(e.commands), e.x, e.y
	corners, area := e.path(l)
	if corners < 3 || area == 0 || (area < 0) != hole {
		e.commands, e.x, e.y = e.commands[:kept], x, y
		return false
	}
	e.commands = append(e.commands, 1<<3|commandClose)
	return true
}

func same(a, b orb.Point) bool {
	ax, ay := onGrid(a)
	bx, by := onGrid(b)
	return ax == bx && ay == by
}

func appendBytes[T string | []byte](out []byte, field byte, value T) []byte {
	out = binary.AppendUvarint(append(out, field), uint64(len(value)))
	return append(out, value...)
}

func uvarintLen(n uint64) int {
	size := 1
	for ; n >= 0x80; n >>= 7 {
		size++
	}
	return size
}
