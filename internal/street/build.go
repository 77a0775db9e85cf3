package street

import (
	"context"
	"fmt"
	"maps"
	"math"
	"strings"
	"sync"

	"shuniu/internal/geo"
)

// pieceMetersMax is the longest straight piece between two nodes that is believed. The longest bridge of the world
// has nodes; a longer piece is a node with a wrong place.
const pieceMetersMax = 50_000

// pieceDegreesMax is how many degrees of longitude such a piece may cover. Only near a pole and across the 180th meridian
// is that less than pieceMetersMax. Such pieces are in the way of every flat map, and cover the grid from end to end.
const pieceDegreesMax = 1

// buildCheckWays is how many ways are built between two looks at the context.
const buildCheckWays = 1024

// Build makes the network that the added parts describe, for vehicles of the given profile. The builder is not
// changed and may build again with another profile. The only error is that of ctx. A network without streets is no
// error here: the report shows it.
func (b *Builder) Build(ctx context.Context, p Profile) (*Network, Report, error) {
	w := &work{
		b: b, profile: p, ignored: maps.Clone(b.ignored), dense: make(map[int64]int32), wayAt: make(map[int64]int32, len(b.ways)),
		nameAt: make(map[string]int32), classAt: make(map[string]uint8), n: &ground{profile: p, nameAt: make(map[string][]int32)},
	}
	if w.ignored == nil {
		w.ignored = make(map[string]Ignored)
	}
	w.report = Report{Ways: len(b.ways), Restrictions: len(b.rules)}
	for i := range b.ways {
		if i%buildCheckWays == 0 && ctx.Err() != nil {
			return nil, Report{}, fmt.Errorf("street.Build: %w", ctx.Err())
		}
		w.take(i)
	}
	for _, pc := range w.pieces {
		w.cut(pc)
	}
	w.meet()
	w.link(w.rules())
	n := w.n
	n.grid = newGrid(n)
	n.pool = &sync.Pool{New: func() any { return newSearch(n) }}
	for v := range Vehicle(vehicles) {
		w.components(v)
	}
	if err := ctx.Err(); err != nil {
		return nil, Report{}, fmt.Errorf("street.Build: %w", err)
	}
	w.report.Nodes, w.report.Segments = len(w.dense), len(n.segments)
	w.report.Turns = len(n.graph.Head)
	w.report.Ignored = ignoredList(w.ignored)
	return n.under(Conditions{}), w.report, nil
}

// work is the state of one Build.
type work struct {
	b       *Builder
	profile Profile
	report  Report
	ignored map[string]Ignored
	n       *ground

	dense    map[int64]int32  // Node id to its index below; only nodes of driven ways.
	ids      []int64          // Id of each node.
	places   []geo.Point      // Place of each node.
	uses     []uint8          // How often driven ways touch it, up to 2; an end counts twice.
	vertex   []int32          // Vertex of the node, or -1 while it has none.
	marks    []Mark           // By vertex.
	wayAt    map[int64]int32  // Way id to index.
	nameAt   map[string]int32 // Name to index in n.names.
	classAt  map[string]uint8 // Class to index in n.classes.
	pieces   []piece          // Unbroken driven lines.
	segWay   []int32          // Way of each segment.
	bearings []float32        // By course: the direction in which it begins, degrees.
}

// piece is a run of nodes of one way without a gap.
type piece struct {
	way   int32
	nodes []int32
}

func (w *work) ignore(reason string, id int64) {
	was := w.ignored[reason]
	if was.Count == 0 {
		was = Ignored{Reason: reason, Example: id}
	}
	was.Count++
	w.ignored[reason] = was
}

// take reads one way: its line for drawing, and its pieces when it is driven.
func (w *work) take(i int) {
	way := &w.b.ways[i]
	if _, twice := w.wayAt[way.ID]; twice {
		w.ignore(reasonWayTwice, way.ID)
		return
	}
	w.wayAt[way.ID] = int32(i)
	driven := way.Access != AccessClosed
	if !driven {
		w.ignore(reasonClosed, way.ID)
	}
	used := false
	for _, ids := range w.runs(way) {
		line := Line{Class: way.Class, Name: way.Name, NameEn: way.NameEn, OneWay: way.OneWay, Bridge: way.Bridge, Tunnel: way.Tunnel, Points: make([]geo.Point, len(ids))}
		for k, id := range ids {
			line.Points[k] = w.b.nodes[id]
		}
		w.n.lines = append(w.n.lines, line)
		if driven {
			w.pieces = append(w.pieces, piece{way: int32(i), nodes: w.touch(ids)})
			used = true
		}
	}
	if !used {
		if driven {
			w.ignore(reasonWayShort, way.ID)
		}
		return
	}
	w.report.Driven++
	if way.OneWay != 0 {
		w.report.OneWays++
	}
	if believable(way.SpeedKmh) {
		w.report.Speeds++
	} else if way.SpeedKmh != 0 {
		w.ignore(reasonSpeed, way.ID)
	}
}

// runs gives the parts of a way whose nodes are all known, each with two nodes at least and without repeats in a row.
func (w *work) runs(way *Way) [][]int64 {
	var all [][]int64
	var run []int64
	flush := func() {
		if len(run) > 1 {
			all = append(all, run)
		}
		run = nil
	}
	for _, id := range way.Nodes {
		p, known := w.b.nodes[id]
		if !known {
			w.ignore(reasonNodeMissing, way.ID)
			flush()
			continue
		}
		if len(run) > 0 {
			last := run[len(run)-1]
			if last == id {
				w.ignore(reasonNodeRepeated, way.ID)
				continue
			}
			switch from := w.b.nodes[last]; {
			case geo.DistanceMeters(from, p) > pieceMetersMax:
				w.ignore(reasonWayLong, way.ID)
				flush()
			case math.Abs(from.Lon-p.Lon) > pieceDegreesMax:
				w.ignore(reasonWayWide, way.ID)
				flush()
			}
		}
		run = append(run, id)
	}
	flush()
	return all
}

// touch numbers the nodes of a driven line and counts their uses.
func (w *work) touch(ids []int64) []int32 {
	out := make([]int32, len(ids))
	for k, id := range ids {
		d, known := w.dense[id]
		if !known {
			d = int32(len(w.places))
			w.dense[id] = d
			w.places, w.ids = append(w.places, w.b.nodes[id]), append(w.ids, id)
			use := uint8(0)
			if _, marked := w.b.marks[id]; marked {
				use = 2 // Lights and barriers stand where something is passed: between two segments.
			}
			w.uses = append(w.uses, use)
			w.vertex = append(w.vertex, -1)
		}
		use := uint8(1)
		if k == 0 || k == len(ids)-1 {
			use = 2
		}
		w.uses[d] = min(2, w.uses[d]+use)
		out[k] = d
	}
	return out
}

// cut breaks a piece at its junctions into segments.
func (w *work) cut(pc piece) {
	way := &w.b.ways[pc.way]
	from := 0
	for k := 1; k < len(pc.nodes); k++ {
		if w.uses[pc.nodes[k]] > 1 {
			w.segment(way, pc.way, pc.nodes[from:k+1])
			from = k
		}
	}
}

func (w *work) segment(way *Way, wayIndex int32, nodes []int32) {
	n := w.n
	first := int32(len(n.points))
	var meters float64
	for k, d := range nodes {
		if k > 0 {
			meters += geo.DistanceMeters(w.places[nodes[k-1]], w.places[d])
		}
		n.points = append(n.points, w.places[d])
		n.along = append(n.along, float32(meters))
	}
	if meters == 0 && nodes[0] == nodes[len(nodes)-1] {
		n.points, n.along = n.points[:first], n.along[:first]
		w.ignore(reasonNodeRepeated, way.ID)
		return
	}
	// Two different nodes in one place are kept as a link that takes no time: without it the street would be cut.
	n.segments = append(n.segments, segment{
		a: w.vertexOf(nodes[0]), b: w.vertexOf(nodes[len(nodes)-1]), first: first, last: int32(len(n.points)),
		name: w.name(way.Name), meters: float32(meters), cm: uint32(min(math.Round(meters*100), math.MaxUint32)), kmh: float32(w.speed(way)), class: w.class(way.Class),
		access: way.Access, open: [2]bool{way.OneWay >= 0, way.OneWay <= 0},
	})
	if meters == 0 {
		w.ignore(reasonWayZero, way.ID)
	}
	for _, open := range n.segments[len(n.segments)-1].open {
		if open {
			w.report.Edges++
		}
	}
	w.segWay = append(w.segWay, wayIndex)
}

// speed is what our vehicles drive on a way, km/h.
func (w *work) speed(way *Way) float64 {
	kmh := way.SpeedKmh
	if !believable(kmh) {
		kmh = DefaultKmh(way.Class)
		if own := w.profile.ClassKmh[way.Class]; believable(own) {
			kmh = own
		}
	}
	if f := w.profile.Factor; f > 0 && !math.IsInf(f, 1) {
		kmh *= f
	}
	return max(kmh, 0.5)
}

func believable(kmh float64) bool { return kmh >= speedKmhMin && kmh <= speedKmhMax }

func (w *work) vertexOf(node int32) int32 {
	if w.vertex[node] < 0 {
		w.vertex[node] = int32(len(w.marks))
		m := w.b.marks[w.ids[node]]
		w.marks = append(w.marks, m)
		if m.Signal {
			w.report.Signals++
		}
		if m.Barrier != BarrierNone {
			w.report.Barriers++
		}
	}
	return w.vertex[node]
}

// class numbers a road class. Beyond 255 of them, which no map has, the rest share one.
func (w *work) class(s string) uint8 {
	i, known := w.classAt[s]
	if !known {
		if len(w.n.classes) > math.MaxUint8 {
			return math.MaxUint8
		}
		i = uint8(len(w.n.classes))
		w.classAt[s] = i
		w.n.classes = append(w.n.classes, s)
	}
	return i
}

func (w *work) name(s string) int32 {
	i, known := w.nameAt[s]
	if !known {
		i = int32(len(w.n.names))
		w.nameAt[s] = i
		w.n.names = append(w.n.names, s)
		key := strings.ToLower(strings.TrimSpace(s))
		w.n.nameAt[key] = append(w.n.nameAt[key], i)
	}
	return i
}
