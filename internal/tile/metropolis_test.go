package tile_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
	"shuniu/internal/tile"
)

// The metropolis is a made grid of the size that is promised: 708 x 708 crossings 60 m apart, a house in every block,
// a number on each, wide roads every so many streets, a winding river, parks, estates and poles. It is the same each time.
const (
	crossings = 708
	blockDeg  = 0.0006
	west      = 118.2
	south     = 31.0
)

func cross(i, j int) geo.Point {
	// A little off the grid, so that nothing is simplified away for being straight.
	wobble := float64((i*7919+j*104729)%97)/97 - 0.5
	return geo.Point{Lon: west + (float64(i)+wobble*0.2)*blockDeg, Lat: south + (float64(j)-wobble*0.2)*blockDeg}
}

func classAt(i int) string {
	switch {
	case i%100 == 50:
		return "motorway"
	case i%50 == 25:
		return "primary"
	case i%20 == 10:
		return "secondary"
	case i%10 == 5:
		return "tertiary"
	case i%3 == 0:
		return "living_street"
	}
	return "residential"
}

var metropolis = sync.OnceValue(func() *osm.Extract { //nolint:gochecknoglobals // Made once for all benchmarks.
	var b street.Builder
	id := func(i, j int) int64 { return int64(i*crossings + j + 1) }
	for i := range crossings {
		for j := range crossings {
			b.AddNode(id(i, j), cross(i, j))
		}
	}
	way := int64(0)
	for i := range crossings {
		for j := 0; j+12 < crossings; j += 12 {
			var down, over []int64
			for k := range 13 {
				down, over = append(down, id(i, j+k)), append(over, id(j+k, i))
			}
			way += 2
			b.AddWay(street.Way{ID: way, Nodes: down, Name: fmt.Sprintf("第%d大街", i), Class: classAt(i), OneWay: int8(i % 2)})
			b.AddWay(street.Way{ID: way + 1, Nodes: over, Name: fmt.Sprintf("第%d路", i), Class: classAt(i), Bridge: i%31 == 0})
		}
	}
	x := &osm.Extract{Bounds: geo.Bounds{Min: cross(0, 0), Max: cross(crossings-1, crossings-1)}, Attribution: "made"}
	var err error
	if x.Streets, _, err = b.Build(context.Background(), street.Profile{}); err != nil {
		panic(err)
	}
	blocks(x)
	return x
})

// blocks fills the blocks between the streets.
func blocks(x *osm.Extract) {
	rng := rand.New(rand.NewPCG(5, 6))
	square := func(at geo.Point, w, h float64) geo.Ring {
		return geo.Ring{at, {Lon: at.Lon + w, Lat: at.Lat}, {Lon: at.Lon + w, Lat: at.Lat + h}, {Lon: at.Lon, Lat: at.Lat + h}, at}
	}
	for i := range crossings - 1 {
		for j := range crossings - 1 {
			p := cross(i, j)
			in := geo.Point{Lon: p.Lon + 0.2*blockDeg, Lat: p.Lat + 0.2*blockDeg}
			x.Areas = append(x.Areas, osm.Shape{Kind: "building", House: fmt.Sprint(j % 200), Levels: 1 + rng.IntN(30), Rings: []geo.Ring{square(in, (0.3+0.3*rng.Float64())*blockDeg, 0.5*blockDeg)}})
			x.Addresses = append(x.Addresses, osm.Address{Street: fmt.Sprintf("第%d路", i), Number: fmt.Sprint(j % 200), Point: in})
			if i%10 == 0 && j%10 == 0 {
				x.Areas = append(x.Areas, osm.Shape{Kind: []string{"residential", "park", "commercial", "school"}[rng.IntN(4)], Name: "a", Rings: []geo.Ring{square(p, 9*blockDeg, 9*blockDeg)}})
			}
			if rng.IntN(20) == 0 {
				x.Places = append(x.Places, osm.Place{Kind: []string{"pole", "surveillance", "school", "shop", "fuel", "restaurant"}[rng.IntN(6)], Name: fmt.Sprintf("处%d", i*crossings+j), Bearing: -1, Point: in})
			}
		}
	}
	var river osm.Line
	for i := range 4 * crossings {
		river.Points = append(river.Points, geo.Point{Lon: west + float64(i)*blockDeg/4, Lat: south + 0.2 + 0.01*float64((i/40)%7)/7})
	}
	river.Kind = "river"
	x.Lines = append(x.Lines, river)
}

func BenchmarkNew(b *testing.B) {
	x := metropolis()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var s *tile.Set
	b.ReportAllocs()
	for b.Loop() {
		s = tile.New(x, nil)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-held")
	runtime.KeepAlive(s)
}

var prepared = sync.OnceValue(func() *tile.Set { return tile.New(metropolis(), nil) }) //nolint:gochecknoglobals // As metropolis.

// BenchmarkCold makes the tile in the middle of the metropolis again and again, at each zoom.
func BenchmarkCold(b *testing.B) {
	s := prepared()
	middle := cross(crossings/2, crossings/2)
	for z := 8; z <= 17; z++ {
		x, y := tileAt(middle, z)
		b.Run(fmt.Sprintf("z%d", z), func(b *testing.B) {
			size := 0
			for b.Loop() {
				size = len(s.Build(z, x, y))
			}
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}

func BenchmarkWarm(b *testing.B) {
	s := prepared()
	x, y := tileAt(cross(crossings/2, crossings/2), 12)
	for b.Loop() {
		s.Tile(12, x, y)
	}
}
