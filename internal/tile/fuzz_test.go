package tile_test

import (
	"math"
	"testing"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/tile"
)

// FuzzTile asks for any numbers.
func FuzzTile(f *testing.F) {
	s := tile.New(quarter(f), nil)
	for _, n := range [][3]int64{{14, 13580, 6696}, {0, 0, 0}, {22, 1<<22 - 1, 1<<22 - 1}, {-1, 0, 0}, {23, 0, 0}, {63, 1, 1}, {math.MinInt64, math.MaxInt64, -1}} {
		f.Add(n[0], n[1], n[2])
	}
	f.Fuzz(func(t *testing.T, z, x, y int64) {
		packed, ok := s.Tile(int(z), int(x), int(y))
		if inRange := z >= 0 && z <= tile.ZoomMax && x >= 0 && y >= 0 && x < 1<<max(0, min(z, 62)) && y < 1<<max(0, min(z, 62)); ok != inRange {
			t.Fatalf("%d/%d/%d: %v", z, x, y, ok)
		}
		if _, err := decode(packed); err != nil {
			t.Fatal(err)
		}
	})
}

// corner turns four bytes into a point; among them are the poles, the date line and 0, 0.
func corner(b []byte) geo.Point {
	whole := []float64{-180, -179.9999999, 0, 179.9999999, 180, 118.4, 118.4000001, 118.41}
	high := []float64{-90, -85.0512, -85.05, 0, 85.05, 85.0512, 90, 31.2, 31.2000001}
	p := geo.Point{Lon: whole[int(b[0])%len(whole)], Lat: high[int(b[1])%len(high)]}
	if b[0] > 127 {
		p.Lon = math.Max(-180, math.Min(180, p.Lon+float64(int8(b[2]))/1000))
	}
	if b[1] > 127 {
		p.Lat = math.Max(-90, math.Min(90, p.Lat+float64(int8(b[3]))/1000))
	}
	return p
}

// hostile makes an extract of any bytes: rings of any number of corners, crossing themselves and each other.
func hostile(data []byte) *osm.Extract {
	x := &osm.Extract{Bounds: geo.EmptyBounds()}
	kinds := []string{"water", "park", "building", "residential", "", "pole", "rail", "river", "police", "surveillance"}
	var rings []geo.Ring
	for len(data) >= 2 {
		head, n := data[0], int(data[1])%9
		data = data[2:]
		var points []geo.Point
		for ; n > 0 && len(data) >= 4; n-- {
			points = append(points, corner(data))
			data = data[4:]
		}
		kind := kinds[int(head)%len(kinds)]
		switch head >> 6 {
		case 0:
			rings = append(rings, points)
			continue
		case 1:
			x.Lines = append(x.Lines, osm.Line{Kind: kind, Name: string(data), Points: points})
		default:
			for _, p := range points {
				x.Places = append(x.Places, osm.Place{Kind: kind, Name: kind + "\xff", Bearing: int(head), Point: p})
				x.Addresses = append(x.Addresses, osm.Address{Number: kind, Point: p, Entrance: head%2 == 0})
			}
		}
		x.Areas = append(x.Areas, osm.Shape{Kind: kind, Rings: rings, Levels: int(head) - 128})
		rings = nil
	}
	x.Areas = append(x.Areas, osm.Shape{Kind: "water", Rings: rings})
	return x
}

// FuzzExtract draws hostile extracts: every tile around their corners is one that the format allows.
func FuzzExtract(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 4, 0, 0, 0, 0, 4, 6, 0, 0, 2, 3, 0, 0, 5, 7, 0, 0, 0x80, 2, 200, 200, 9, 9, 1, 1, 1, 1})
	f.Add([]byte{0, 5, 5, 7, 0, 0, 7, 7, 0, 0, 7, 200, 0, 9, 5, 200, 0, 9, 5, 7, 0, 0, 0, 4, 6, 7, 0, 0, 5, 8, 0, 0, 2, 2, 2, 2, 0x47, 3, 0, 0, 0, 0, 4, 6, 0, 0, 1, 1, 1, 1})
	f.Add([]byte{1, 1, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 4, 6, 0, 0, 1, 0, 0x40, 0, 0x80, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := tile.New(hostile(data), nil)
		seed := append(data, 0, 0, 0, 0)
		at := corner(seed)
		at.Lat = math.Max(-85, math.Min(85, at.Lat))
		for _, z := range []int{0, 1, 5, 9, 11, 13, 14, 16, 22} {
			x, y := tileAt(at, z)
			x, y = min(x, 1<<z-1), min(y, 1<<z-1)
			packed, ok := s.Tile(z, x, y)
			if !ok {
				t.Fatalf("%d/%d/%d is a tile", z, x, y)
			}
			if _, err := decode(packed); err != nil {
				t.Fatalf("%d/%d/%d: %v", z, x, y, err)
			}
		}
	})
}

// A ring of very many corners, and very many rings in each other, end in a second and not in an hour.
func TestManyCorners(t *testing.T) {
	var zigzag geo.Ring
	for i := range 200_000 {
		zigzag = append(zigzag, at(118.4+float64(i)*1e-7, 31.2+float64(i%2)*0.01))
	}
	zigzag = append(zigzag, at(118.41, 31.3))
	shape := osm.Shape{Kind: "water", Rings: []geo.Ring{zigzag}}
	onion := osm.Shape{Kind: "water"}
	for i := range 20_000 {
		d := float64(i+1) * 1e-6
		onion.Rings = append(onion.Rings, box(118.5-d, 31.2-d, 118.5+d, 31.2+d))
	}
	line := osm.Line{Kind: "river", Points: zigzag}
	s := tile.New(&osm.Extract{Areas: []osm.Shape{shape, onion}, Lines: []osm.Line{line}}, nil)
	for z := 9; z < 16; z++ {
		x, y := tileAt(at(118.405, 31.205), z)
		open(t, s, z, x, y)
		x, y = tileAt(at(118.5, 31.2), z)
		open(t, s, z, x, y)
	}
}

// What is no valid text does not make a tile that no reader opens.
func TestBrokenText(t *testing.T) {
	s := tile.New(&osm.Extract{Places: []osm.Place{{Kind: "police", Name: "a\xffb\xc3", Point: at(118.4, 31.2)}}}, nil)
	x, y := tileAt(at(118.4, 31.2), 14)
	if f := open(t, s, 14, x, y)["place"]; len(f) != 1 || f[0].tags["name"] != "ab" {
		t.Errorf("%v", f)
	}
}
