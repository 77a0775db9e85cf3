// Package tile cuts the extract that units are routed on into Mapbox Vector Tiles, version 2
// (https://github.com/mapbox/vector-tile-spec), so that the console draws a map without any outside server. What
// appears from which zoom is designed in design.go. A tile is made when it is first asked for, from an index that New
// prepared, and kept packed. It must never trust the extract: rings that cross themselves, hold no area or span the
// world are drawn as far as they can be, and never end the process.
package tile

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"sync"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
)

// Zooms. A map zooms deeper than ZoomData with the tiles of ZoomData: nothing more is in deeper ones.
const (
	ZoomData = 16 // The deepest zoom that clients should ask for.
	ZoomMax  = 22 // The deepest zoom that is answered at all.
)

// cacheBytes is how much memory finished tiles take at most, packed.
const cacheBytes = 64 << 20

// Set is the tiles of one extract. Any number of goroutines may ask it.
type Set struct {
	bands   [ZoomMax + 1]*band // The band of each zoom; neighbouring zooms may share one.
	bounds  geo.Bounds
	version string
	cache   *cache
	packers sync.Pool
}

// New prepares an extract and a centre's marks; x may be nil. A city of 500,000 street nodes and as many buildings
// takes about a second on two cores, and some hundred megabytes.
func New(x *osm.Extract, marks []Mark) *Set {
	s := &Set{bounds: geo.EmptyBounds(), cache: newCache(cacheBytes)}
	s.packers.New = func() any { return newPacker() }
	if x == nil {
		x = &osm.Extract{Bounds: geo.EmptyBounds()}
	}
	s.bounds = x.Bounds
	made := newBands(x, marks)
	for z := range s.bands {
		i, _ := slices.BinarySearch(bandZooms(), z)
		s.bands[z] = made[min(i, len(made)-1)]
	}
	s.version = versionOf(made)
	return s
}

// newBands makes all bands, side by side. What one of them panics with, the caller panics with.
func newBands(x *osm.Extract, marks []Mark) []*band {
	made := make([]*band, len(bandZooms()))
	var wait sync.WaitGroup
	var mu sync.Mutex
	var fell any
	zooms, ranks := nameZooms(x.Areas), lengthRanks(x.Streets)
	for i, zoom := range bandZooms() {
		wait.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					mu.Lock()
					defer mu.Unlock()
					fell = p
				}
			}()
			made[i] = newBand(x, marks, zooms, ranks, zoom)
		})
	}
	wait.Wait()
	if fell != nil {
		panic(fell)
	}
	return made
}

// Bounds is the box of the extract; empty when there is none.
func (s *Set) Bounds() geo.Bounds { return s.bounds }

// Version names the content: two sets with the same tiles have the same, and another extract has another.
func (s *Set) Version() string { return s.version }

// Tile gives one tile, packed with gzip. A tile in which nothing lies is nil, and still a tile. It answers false for
// numbers that name no tile: a zoom below 0 or above ZoomMax, or a column or row outside of the zoom's. The caller
// must not change the bytes.
func (s *Set) Tile(z, x, y int) ([]byte, bool) {
	if z < 0 || z > ZoomMax || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		return nil, false
	}
	key := uint64(z)<<58 | uint64(x)<<29 | uint64(y)
	return s.cache.get(key, func() []byte { return s.build(z, x, y) }), true
}

// build makes a tile; nil when nothing lies in it.
func (s *Set) build(z, x, y int) []byte {
	b, v := s.bands[z], viewOf(z, x, y)
	ids := b.tree.search(v.box, nil)
	ids = slices.DeleteFunc(ids, func(i uint32) bool { return int(b.items[i].minZoom) > z })
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids) // The order of the items is the order of drawing.
	p, ok := s.packers.Get().(*packer)
	if !ok {
		return nil // The pool holds nothing else.
	}
	defer s.packers.Put(p)
	return p.pack(encode(b, v, ids))
}

// packer is a gzip writer with its buffer, which are dear to make.
type packer struct {
	zip *gzip.Writer
	out bytes.Buffer
}

// packLevel is about twice as fast as the default, for a tenth more bytes.
const packLevel = 4

func newPacker() *packer {
	p := &packer{}
	p.zip, _ = gzip.NewWriterLevel(&p.out, packLevel) // The level is one that gzip has.
	return p
}

func (p *packer) pack(plain []byte) []byte {
	p.out.Reset()
	p.zip.Reset(&p.out)
	_, _ = p.zip.Write(plain) // The buffer takes everything.
	_ = p.zip.Close()
	return bytes.Clone(p.out.Bytes())
}

// formatVersion is raised when the same extract gives other tiles than before.
const formatVersion = 1

// versionOf is a digest of everything that tiles are made of.
func versionOf(bands []*band) string {
	h := sha256.New()
	buf := make([]byte, 0, 1<<16)
	flush := func(room int) {
		if len(buf)+room > cap(buf) {
			h.Write(buf)
			buf = buf[:0]
		}
	}
	buf = append(buf, formatVersion)
	for _, b := range bands {
		for _, p := range b.spots {
			flush(8)
			buf = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(buf, p.x), p.y)
		}
		for _, it := range b.items {
			flush(12)
			buf = append(buf, byte(it.layer), byte(it.shape), it.minZoom, 0)
			buf = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(buf, it.last), it.tags)
		}
		for _, t := range b.tags.sets {
			h.Write([]byte(t))
		}
		for _, t := range b.tags.values {
			h.Write([]byte(t))
		}
	}
	h.Write(buf)
	return hex.EncodeToString(h.Sum(nil)[:6])
}
