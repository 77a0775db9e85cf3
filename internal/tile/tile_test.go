package tile_test

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/publicdata"
	"shuniu/internal/street"
	"shuniu/internal/tile"
)

// tileAt gives the tile in which a point lies, by the formula that map makers publish
// (https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames), and not by the one under test.
func tileAt(p geo.Point, z int) (x, y int) {
	n := math.Exp2(float64(z))
	lat := p.Lat * math.Pi / 180
	return int((p.Lon + 180) / 360 * n), int((1 - math.Asinh(math.Tan(lat))/math.Pi) / 2 * n)
}

func at(lon, lat float64) geo.Point { return geo.Point{Lon: lon, Lat: lat} }

func box(w, s, e, n float64) geo.Ring {
	return geo.Ring{at(w, s), at(e, s), at(e, n), at(w, n), at(w, s)}
}

// streets makes a network of ways that are given as classes with points.
func streets(t testing.TB, ways ...street.Way) *street.Network {
	t.Helper()
	var b street.Builder
	for i := range 100 { // Nodes 1 to 100 on a line to the east, 101 to 200 on one to the north.
		b.AddNode(int64(i+1), at(118.40+float64(i)*0.0005, 31.20))
		b.AddNode(int64(i+101), at(118.40, 31.20+float64(i)*0.0005))
	}
	for i, w := range ways {
		w.ID = int64(i + 1)
		b.AddWay(w)
	}
	n, _, err := b.Build(t.Context(), street.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// quarter is an extract with one thing of each kind, around 118.402, 31.202.
func quarter(t testing.TB) *osm.Extract {
	t.Helper()
	c := at(118.402, 31.202)
	return &osm.Extract{
		Bounds: geo.Bounds{Min: at(118.39, 31.19), Max: at(118.45, 31.25)},
		Streets: streets(t,
			street.Way{Nodes: []int64{1, 2, 3}, Class: "primary", Name: "汀兰路", NameEn: "Tinglan Road"},
			street.Way{Nodes: []int64{3, 4, 5, 6}, Class: "primary", Name: "汀兰路", NameEn: "Tinglan Road"},
			street.Way{Nodes: []int64{6, 7, 8}, Class: "primary", Name: "汀兰路", NameEn: "Tinglan Road", Bridge: true},
			street.Way{Nodes: []int64{101, 102, 103, 104, 105, 106, 107}, Class: "residential", Name: "采菱巷", OneWay: -1},
			street.Way{Nodes: []int64{107, 108, 109}, Class: "footway"},
		),
		Areas: []osm.Shape{
			{Kind: "residential", Name: "云泽苑", Rings: []geo.Ring{box(118.4, 31.2, 118.41, 31.21)}},
			{Kind: "park", Name: "采菱公园", Rings: []geo.Ring{box(118.401, 31.201, 118.403, 31.203)}},
			{Kind: "water", Rings: []geo.Ring{box(118.4021, 31.2021, 118.4029, 31.2029), box(118.4023, 31.2023, 118.4025, 31.2025)}},
			{Kind: "building", House: "3栋", Levels: 18, Rings: []geo.Ring{box(118.4011, 31.2011, 118.4014, 31.2013)}},
			{Kind: "building", Rings: []geo.Ring{box(118.4016, 31.2011, 118.40165, 31.20113)}}, // A hut.
		},
		Lines: []osm.Line{{Kind: "rail", Points: []geo.Point{at(118.39, 31.2), at(118.41, 31.204)}}, {Kind: "river", Name: "云澜江", Points: []geo.Point{at(118.39, 31.19), at(118.41, 31.21)}}},
		Places: []osm.Place{
			{Kind: "police", Name: "汀兰派出所", Point: c},
			{Kind: "hospital", Name: "鹤汀医院", NameEn: "Heting Hospital", Point: c},
			{Kind: "pole", Name: "TL-0042", Ref: "TL-0042", Point: c, Bearing: -1},
			{Kind: "surveillance", Name: "K17", Point: c, Bearing: 0},
		},
		Addresses: []osm.Address{{Street: "汀兰路", Number: "12号", Point: c}, {Estate: "云泽苑", Building: "3栋", Unit: "2单元", Entrance: true, Point: c}},
	}
}

func marksOf(x *osm.Extract) []tile.Mark {
	c := at(118.402, 31.202)
	return tile.MarksOf(org.Charter{
		Orgs: []org.Org{{ID: "st1", Kind: "station", Name: org.Name{"zh": "汀兰派出所", "en": "Tinglan Station"}, Place: &c}, {ID: "st2", Kind: "station", Name: org.Name{"zh": "无址所"}}},
		Settings: org.Settings{
			Posts:    []org.Post{{ID: "p1", Name: org.Name{"en": "Post one"}, Place: c}},
			Premises: []org.Premise{{ID: "hospital", Name: org.Name{"zh": "鹤汀医院"}}, {ID: "street", Name: org.Name{"zh": "采菱巷"}}, {ID: "nowhere", Name: org.Name{"zh": "没有的地方"}}, {ID: "placed", Name: org.Name{"zh": "采石场"}, Place: &geo.Point{Lon: 118.403, Lat: 31.203}}},
		},
	}, x)
}

// What is in a tile follows the zoom: a city seen whole shows what crosses it, a street its doors.
func TestLayersByZoom(t *testing.T) {
	x := quarter(t)
	s := tile.New(x, marksOf(x))
	for _, tt := range []struct {
		z    int
		want string
	}{
		{0, ""},
		{8, "road"},
		{10, "mark road waterway"},
		{12, "land mark rail road water waterway"},
		{13, "land mark rail road water waterway"},
		{14, "building land mark rail road water waterway"},
		{15, "building camera land mark rail road water waterway"},
		{16, "building camera entrance housenumber land mark pole rail road water waterway"},
	} {
		got := layers{}
		tx, ty := tileAt(at(118.402, 31.202), tt.z)
		for _, d := range [][2]int{{0, 0}, {-1, 0}, {0, 1}, {-1, 1}, {1, 0}, {0, -1}, {1, -1}, {-1, -1}, {1, 1}} {
			if tx+d[0] < 0 || ty+d[1] < 0 || tx+d[0] >= 1<<tt.z || ty+d[1] >= 1<<tt.z {
				continue
			}
			for name, features := range open(t, s, tt.z, tx+d[0], ty+d[1]) {
				got[name] = append(got[name], features...)
			}
		}
		if names := strings.Join(got.names(), " "); names != tt.want {
			t.Errorf("zoom %d has %q, want %q", tt.z, names, tt.want)
		}
	}
}

func TestProperties(t *testing.T) {
	x := quarter(t)
	s := tile.New(x, marksOf(x))
	tx, ty := tileAt(at(118.402, 31.202), 14)
	got := open(t, s, 14, tx, ty)
	if n := len(got["building"]); n != 1 {
		t.Errorf("%d buildings at zoom 14: a hut is not seen from there", n)
	}
	long := got.with("road", "class", "primary")
	if len(long) != 2 || len(got.with("road", "bridge", 1)) != 1 {
		t.Errorf("the avenue is %d lines, want one and its bridge", len(long))
	}
	if long[0].tags["name"] != "汀兰路" || long[0].tags["name_en"] != "Tinglan Road" || len(long[0].parts[0]) < 6 {
		t.Errorf("its first line is %v", long[0])
	}
	lane := got.with("road", "name", "采菱巷")[0]
	if lane.tags["oneway"] != 1 || lane.parts[0][0][1] > lane.parts[0][len(lane.parts[0])-1][1] {
		t.Errorf("traffic goes south, so the line must: %v", lane)
	}
	for kind, name := range map[string]string{"station": "汀兰派出所", "premises": "鹤汀医院", "post": "Post one"} {
		if f := got.with("mark", "kind", kind); len(f) == 0 || f[0].tags["name"] != name {
			t.Errorf("marks of kind %s: %v", kind, f)
		}
	}
	if n := len(got["mark"]); n != 5 {
		t.Errorf("%d marks, want a station, a post, two premises that the extract knows and one that the centre has placed", n)
	}
	if p := got["place"]; len(p) != 0 {
		t.Errorf("what has a mark is not named twice: %v", p)
	}
	fine := layers{}
	tx, ty = tileAt(at(118.402, 31.202), 17)
	for name, f := range open(t, s, 17, tx, ty) {
		fine[name] = f
	}
	if fine.with("housenumber", "name", "12号") == nil || fine.with("entrance", "name", "2单元") == nil || fine.with("pole", "name", "TL-0042") == nil {
		t.Errorf("numbers, entrances and poles: %v", fine)
	}
	if fine.with("camera", "bearing", 360) == nil {
		t.Errorf("a camera that looks north: %v", fine["camera"])
	}
}

// A hole is a hole, a lake in a park on an island is a lake: whatever the order and direction of the rings.
func TestRingsNest(t *testing.T) {
	outer, hole, island, pond := box(118.40, 31.22, 118.41, 31.23), box(118.402, 31.222, 118.408, 31.228), box(118.403, 31.223, 118.407, 31.227), box(118.404, 31.224, 118.405, 31.225)
	other := box(118.412, 31.22, 118.415, 31.223)
	turned := func(r geo.Ring) geo.Ring {
		r = slices.Clone(r)
		slices.Reverse(r)
		return r
	}
	for name, rings := range map[string][]geo.Ring{
		"in order":       {outer, hole, island, pond, other},
		"out of order":   {pond, other, island, hole, outer},
		"turned":         {turned(pond), outer, turned(other), hole, turned(island)},
		"with a nothing": {outer, {at(118.40, 31.20)}, hole, island, {}, pond, {at(1, 1), at(1, 1), at(1, 1)}, other},
	} {
		s := tile.New(&osm.Extract{Areas: []osm.Shape{{Kind: "water", Rings: rings}}}, nil)
		tx, ty := tileAt(at(118.405, 31.225), 12)
		f := open(t, s, 12, tx, ty)["water"]
		if len(f) != 1 {
			t.Fatalf("%s: %d features", name, len(f))
		}
		outlines, total := 0, 0
		for _, a := range f[0].areas {
			if a > 0 {
				outlines++
			}
			total += a
		}
		if outlines != 3 || len(f[0].areas) != 5 {
			t.Errorf("%s: %d outlines in %d rings", name, outlines, len(f[0].areas))
		}
		// By hand, in thousandths of a degree squared: 100 - 36 + 16 - 1 + 9 = 88, of which the first outline is 100.
		if share := float64(total) / float64(slices.Max(f[0].areas)); math.Abs(share-0.88) > 0.03 {
			t.Errorf("%s: the area is %.3f of the outline", name, share)
		}
	}
}

// What crosses the edge of a tile meets itself in the next one.
func TestSeams(t *testing.T) {
	x := quarter(t)
	s := tile.New(x, nil)
	for z := 11; z <= 17; z++ {
		tx, ty := tileAt(at(118.41, 31.2), z)
		for dx := -3; dx < 3; dx++ {
			left, right := edgeRows(open(t, s, z, tx+dx, ty), 4096), edgeRows(open(t, s, z, tx+dx+1, ty), 0)
			if !slices.Equal(left, right) {
				t.Errorf("zoom %d: roads leave at %v and enter at %v", z, left, right)
			}
		}
	}
}

// edgeRows are the rows at which roads cross a column of a tile's grid.
func edgeRows(l layers, column int) []int {
	var out []int
	for _, f := range l["road"] {
		for _, p := range f.parts {
			for i := 1; i < len(p); i++ {
				a, b := p[i-1], p[i]
				if (a[0] <= column) != (b[0] <= column) {
					out = append(out, int(math.Round(float64(a[1])+float64(b[1]-a[1])*float64(column-a[0])/float64(b[0]-a[0]))))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestNumbersOutOfRange(t *testing.T) {
	s := tile.New(quarter(t), nil)
	for _, n := range [][3]int{{-1, 0, 0}, {23, 0, 0}, {3, 8, 0}, {3, 0, 8}, {3, -1, 0}, {3, 0, -1}, {0, 1, 0}, {22, 1 << 22, 0}, {math.MaxInt, 0, 0}, {5, math.MinInt, math.MaxInt}} {
		if b, ok := s.Tile(n[0], n[1], n[2]); ok || b != nil {
			t.Errorf("tile %v is there", n)
		}
	}
	if b, ok := s.Tile(10, 0, 0); !ok || b != nil {
		t.Errorf("an empty tile in range: %v %v", b, ok)
	}
}

// Two who ask for the same tile at once get the same, and it is made once.
func TestMadeOnce(t *testing.T) {
	s := tile.New(quarter(t), nil)
	tx, ty := tileAt(at(118.402, 31.202), 14)
	var wait sync.WaitGroup
	got := make([][]byte, 32)
	for i := range got {
		wait.Go(func() { got[i], _ = s.Tile(14, tx, ty) })
	}
	wait.Wait()
	for i := range got {
		if &got[i][0] != &got[0][0] {
			t.Fatal("it was made twice")
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	made := 0
	get := tile.Cache(10_000)
	ask := func(key uint64) {
		get(key, func() []byte { made++; return make([]byte, 1000) })
	}
	for key := range uint64(100) {
		ask(key)
		ask(0) // Used all the time, so it stays.
	}
	if made != 100 {
		t.Errorf("%d made", made)
	}
	ask(1)
	if made != 101 {
		t.Error("tile 1 should have made room for others")
	}
}

// Another extract has another version, and the same one the same.
func TestVersion(t *testing.T) {
	x := quarter(t)
	one, again := tile.New(x, marksOf(x)).Version(), tile.New(x, marksOf(x)).Version()
	x.Places[1].Name = "别的医院"
	other := tile.New(x, nil).Version()
	if one != again || one == other || len(one) != 12 {
		t.Errorf("%s %s %s", one, again, other)
	}
}

func TestWithoutExtract(t *testing.T) {
	s := tile.New(nil, nil)
	if b, ok := s.Tile(0, 0, 0); !ok || b != nil || !s.Bounds().Empty() {
		t.Errorf("%v %v %v", b, ok, s.Bounds())
	}
}

// The town of the demo has what its map needs.
func TestTown(t *testing.T) {
	x, err := osm.ReadFile(t.Context(), filepath.Join("..", "..", "testdata", "worlds", "lanhu.osm"), osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := tile.New(x, nil)
	seen := everything(t, s, 14)
	for _, want := range [][3]any{{"road", "name", "汀兰路"}, {"place", "name", "鹤汀医院"}, {"road", "bridge", 1}} {
		if seen.with(want[0].(string), want[1].(string), want[2]) == nil {
			t.Errorf("no %v", want)
		}
	}
	if len(seen["building"]) < 200 || len(seen["water"]) == 0 || len(seen.with("land", "kind", "park")) == 0 {
		t.Errorf("%d buildings, %d waters", len(seen["building"]), len(seen["water"]))
	}
}

// everything reads all tiles of a zoom within a set's bounds.
func everything(t testing.TB, s *tile.Set, z int) layers {
	t.Helper()
	out := layers{}
	b := s.Bounds()
	x0, y0 := tileAt(at(b.Min.Lon, b.Max.Lat), z)
	x1, y1 := tileAt(at(b.Max.Lon, b.Min.Lat), z)
	for x := x0; x <= x1; x++ {
		for y := y0; y <= y1; y++ {
			for name, f := range open(t, s, z, x, y) {
				out[name] = append(out[name], f...)
			}
		}
	}
	return out
}

// A real extract of OpenStreetMap gives tiles with the streets that it is known for.
func TestSanFrancisco(t *testing.T) {
	x, err := osm.ReadFile(t.Context(), publicdata.File(t, "sf/streets-osm-north-2019.osm.gz"), osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := tile.New(x, nil)
	for z := 0; z <= 17; z++ {
		all := everything(t, s, z)
		t.Logf("zoom %d: %d roads", z, len(all["road"]))
		if z == 14 {
			for _, name := range []string{"Market Street", "Lombard Street", "Columbus Avenue", "Van Ness Avenue"} {
				if all.with("road", "name", name) == nil {
					t.Errorf("no %s", name)
				}
			}
			if len(all.with("road", "oneway", 1)) < 200 {
				t.Error("the city has more one-way streets")
			}
		}
		if z == 9 && all.with("road", "class", "street") != nil {
			t.Error("side streets are not seen from zoom 9")
		}
		if z == 10 && len(all.with("road", "class", "street")) < 100 {
			t.Error("a small city is seen whole with its streets")
		}
	}
}
