package geo_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// The shift at three places, to the decimetre, as the public libraries for it agree.
func TestGCJ02(t *testing.T) {
	for _, tt := range []struct {
		name         string
		wgs, shifted geo.Point
	}{
		{"Shanghai", at(121.5272106, 31.1774276), at(121.531541859215, 31.17530398364597)},
		{"Shenzhen", at(113.912316, 22.543847), at(113.9171764808363, 22.540796131694766)},
		{"Beijing", at(116.377817, 39.911954), at(116.38404722455657, 39.91334545536069)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := geo.GCJ02.FromWGS84(tt.wgs); geo.DistanceMeters(got, tt.shifted) > 0.1 {
				t.Errorf("%v, want %v", got, tt.shifted)
			}
			if got := geo.GCJ02.ToWGS84(tt.shifted); geo.DistanceMeters(got, tt.wgs) > 0.1 {
				t.Errorf("back %v, want %v", got, tt.wgs)
			}
		})
	}
	for _, p := range []geo.Point{at(-122.42, 37.77), at(0, 0), at(180, 0), at(-180, -90), at(2.35, 48.85), at(139.7, 35.7)} {
		if got := geo.GCJ02.FromWGS84(p); got != p {
			t.Errorf("%v lies outside and came to %v", p, got)
		}
		if got := geo.GCJ02.ToWGS84(p); got != p {
			t.Errorf("%v lies outside and came back to %v", p, got)
		}
	}
}

// There and back is the same place, for every datum, anywhere but at the seam of the box.
func TestDatumRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := at(rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat"))
		if rapid.Bool().Draw(t, "in China") {
			p = at(rapid.Float64Range(73, 135).Draw(t, "lon"), rapid.Float64Range(3, 54).Draw(t, "lat"))
		}
		for _, edge := range []float64{p.Lon - 72.004, p.Lon - 137.8347, p.Lat - 0.8293, p.Lat - 55.8271} {
			if math.Abs(edge) < 0.02 {
				return
			}
		}
		for _, d := range []geo.Datum{geo.WGS84, geo.GCJ02, geo.CGCS2000} {
			there := d.FromWGS84(p)
			back := d.ToWGS84(there)
			if math.Abs(back.Lon-p.Lon) > 1e-7 || math.Abs(back.Lat-p.Lat) > 1e-7 {
				t.Fatalf("%s: %v came back as %v", d, p, back)
			}
			if moved := geo.DistanceMeters(p, there); d != geo.GCJ02 && moved != 0 || moved > 2000 {
				t.Fatalf("%s moves %v by %.0f m", d, p, moved)
			}
		}
	})
	for _, p := range []geo.Point{at(math.NaN(), 31), at(math.Inf(1), 31), at(118, math.NaN())} {
		for _, d := range []geo.Datum{geo.WGS84, geo.GCJ02, geo.CGCS2000} {
			if d.FromWGS84(p).Valid() || d.ToWGS84(p).Valid() {
				t.Errorf("%s makes a place of %v", d, p)
			}
		}
	}
}

func TestReadCoordinates(t *testing.T) {
	home := geo.Bounds{Min: at(118.37, 31.17), Max: at(118.43, 31.22)}
	kashgar := geo.Bounds{Min: at(75.9, 39.3), Max: at(76.1, 39.6)} // There both orders are possible.
	for _, tt := range []struct {
		text    string
		home    geo.Bounds
		want    geo.Point
		order   string
		guessed bool
		datum   geo.Datum
	}{
		{"31.2001,118.3856", home, at(118.3856, 31.2001), geo.LatLon, false, geo.WGS84},
		{"118.3856 31.2001", home, at(118.3856, 31.2001), geo.LonLat, false, geo.WGS84},
		{"（118.3856，31.2001）", home, at(118.3856, 31.2001), geo.LonLat, false, geo.WGS84},
		{"１１８．３８５６　３１．２００１", home, at(118.3856, 31.2001), geo.LonLat, false, geo.WGS84},
		{"39.47, 75.98", kashgar, at(75.98, 39.47), geo.LatLon, true, geo.WGS84},
		{"75.98, 39.47", kashgar, at(75.98, 39.47), geo.LonLat, true, geo.WGS84},
		{"75.98, 39.47", geo.EmptyBounds(), at(75.98, 39.47), geo.LonLat, true, geo.WGS84},
		{`N31°12'00" E118°23'`, home, at(118+23.0/60, 31.2), geo.LatLon, false, geo.WGS84},
		{`31°12'36"N 118°23'E`, home, at(118+23.0/60, 31.21), geo.LatLon, false, geo.WGS84},
		{"31°12′36″N, 118°23′E", home, at(118+23.0/60, 31.21), geo.LatLon, false, geo.WGS84},
		{"东经118.38度 北纬31.2度", home, at(118.38, 31.2), geo.LonLat, false, geo.WGS84},
		{"北纬31度12分36秒，东经118度23分", home, at(118+23.0/60, 31.21), geo.LatLon, false, geo.WGS84},
		{"31 12 36, 118 23 00", home, at(118+23.0/60, 31.21), geo.LatLon, false, geo.WGS84},
		{"lat: 31.2 lng: 118.38", home, at(118.38, 31.2), geo.LatLon, false, geo.WGS84},
		{"经度118.38 纬度31.2", home, at(118.38, 31.2), geo.LonLat, false, geo.WGS84},
		{"37.77, -122.42", home, at(-122.42, 37.77), geo.LatLon, false, geo.WGS84},
		{"S33.86 W151.2", home, at(-151.2, -33.86), geo.LatLon, false, geo.WGS84},
		{"cgcs2000 118.3856,31.2001", home, at(118.3856, 31.2001), geo.LonLat, false, geo.CGCS2000},
		{"0,180", home, at(180, 0), geo.LatLon, false, geo.WGS84},
		{"180,0", home, at(180, 0), geo.LonLat, false, geo.WGS84},
		{"-180,0", home, at(-180, 0), geo.LonLat, false, geo.WGS84},
		{"0,0", home, at(0, 0), geo.LonLat, true, geo.WGS84},
		{"180,90", home, at(180, 90), geo.LonLat, false, geo.WGS84},
	} {
		t.Run(tt.text, func(t *testing.T) {
			r, ok, err := geo.ReadCoordinates(tt.text, geo.WGS84, tt.home)
			if err != nil || !ok {
				t.Fatalf("not read: %v", err)
			}
			if geo.DistanceMeters(r.Point, tt.want) > 0.01 || r.Order != tt.order || r.Guessed != tt.guessed || r.Datum != tt.datum {
				t.Errorf("%+v", r)
			}
		})
	}
	for _, text := range []string{"gcj02 118.3856,31.2001", "118.3856,31.2001 火星坐标", "高德 31.2001，118.3856"} {
		r, ok, err := geo.ReadCoordinates(text, geo.WGS84, home)
		if err != nil || !ok || r.Datum != geo.GCJ02 || r.Given != at(118.3856, 31.2001) || geo.DistanceMeters(r.Point, r.Given) < 100 {
			t.Errorf("%s: %+v %v", text, r, err)
		}
	}
	if r, _, _ := geo.ReadCoordinates("118.3856,31.2001", geo.GCJ02, home); r.Datum != geo.GCJ02 || r.Point == r.Given {
		t.Errorf("the datum that was asked for is not used: %+v", r)
	}
	for _, text := range []string{
		"", "汀兰路12号", "xpl8", "3-2", "12 34", "5th & market", "1.2", "1,2,3", "tl-0412", "31..2,118", "n", "31.2°", "e118 e", "- 1.0,2.0-", "31°70' 118°",
		"gcj02", "百度", "1 2 3 4 5 6 7",
	} {
		if r, ok, err := geo.ReadCoordinates(text, geo.WGS84, home); ok || err != nil {
			t.Errorf("%q is no pair of coordinates: %+v %v", text, r, err)
		}
	}
	for _, text := range []string{"百度 118.38,31.20", "bd09 118.38,31.20", "180.1,31.2", "91.0,-91.0", "E118.3 E31.2", "180,180"} {
		if _, ok, err := geo.ReadCoordinates(text, geo.WGS84, home); ok || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q must be refused: %v %v", text, ok, err)
		}
	}
}

func FuzzReadCoordinates(f *testing.F) {
	for _, s := range []string{"31.2,118.3", `N31°12'00" E118°23'`, "高德 31.2 118.3", "-0,-0", "e1n1", "1°1°1°", "1e5,1", "０"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, ok, err := geo.ReadCoordinates(text, geo.GCJ02, geo.EmptyBounds())
		if ok && (err != nil || !r.Point.Valid()) {
			t.Fatalf("%q: %+v %v", text, r, err)
		}
	})
}

func ExampleDatum_FromWGS84() {
	p := geo.Point{Lon: 118.3856, Lat: 31.2001}
	for _, d := range []geo.Datum{geo.WGS84, geo.GCJ02, geo.CGCS2000} {
		q := d.FromWGS84(p)
		fmt.Printf("%s %.5f, %.5f\n", d, q.Lon, q.Lat)
	}
	// Output:
	// wgs84 118.38560, 31.20010
	// gcj02 118.39100, 31.19820
	// cgcs2000 118.38560, 31.20010
}

// Where GCJ-02 shifts nothing, nobody has to choose.
func TestDatumsIn(t *testing.T) {
	box := func(w, s, e, n float64) geo.Bounds {
		return geo.Bounds{Min: geo.Point{Lon: w, Lat: s}, Max: geo.Point{Lon: e, Lat: n}}
	}
	for _, tt := range []struct {
		name string
		box  geo.Bounds
		want int
	}{
		{"Yangtze", box(118.3, 31.1, 118.5, 31.3), 3},
		{"San Francisco", box(-122.52, 37.7, -122.35, 37.84), 1},
		{"across the edge", box(71, 40, 73, 41), 3},
		{"anywhere", geo.EmptyBounds(), 3},
	} {
		if got := geo.DatumsIn(tt.box); len(got) != tt.want || got[0] != geo.WGS84 {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
