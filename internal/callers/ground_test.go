package callers_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"shuniu/internal/callers"
	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/publicdata"
)

// On the streets of a real city people call in English from its crossings, though its map has no house numbers.
func TestCallersOfSanFrancisco(t *testing.T) {
	for file, crossings := range map[string]int{"sf/streets-osm-north-2019.osm.gz": 1_000, "sf/streets-tiger-2013.osm.gz": 5_000} {
		x, err := osm.ReadFile(t.Context(), publicdata.File(t, file), osm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ground, err := callers.GroundOf(x, "en")
		if err != nil {
			t.Fatal(err)
		}
		if n := len(ground.Spots["crossing"]); n < crossings {
			t.Errorf("%s: %d crossings; %s", file, n, ground.Summary())
		}
		g := generator(t, callers.Options{Ground: ground, Seed: 2, PerDay: 20_000})
		places := map[string]bool{}
		said := 0
		at := time.Date(2030, 6, 7, 12, 0, 0, 0, time.UTC)
		var calls []callers.Call
		for m := range 60 {
			calls = g.Minute(calls, at.Add(time.Duration(m)*time.Minute), callers.Surge{})
		}
		for i := range calls {
			c := &calls[i]
			if strings.ContainsFunc(c.Narrative+c.Place, func(r rune) bool { return r >= 0x3000 }) {
				t.Fatalf("%s speaks Chinese: %q at %q", c.ID(), c.Narrative, c.Place)
			}
			if _, near := x.Streets.Snap(c.True, 2_000); !near {
				t.Errorf("%s is at %v, far from every street", c.ID(), c.True)
			}
			if c.Place != "" {
				said++
				places[c.Place] = true
			}
		}
		if len(places) < said/3 {
			t.Errorf("%s: %d calls from %d places only", file, said, len(places))
		}
	}
}

func TestGroundOfAnyMap(t *testing.T) {
	if _, err := callers.GroundOf(nil, "zh"); err == nil {
		t.Error("callers stand on no ground")
	}
	bare := `<osm><node id="1" lat="1" lon="2"/><node id="2" lat="1.001" lon="2"/><way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>`
	x, err := osm.Read(context.Background(), strings.NewReader(bare), "bare", osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := callers.GroundOf(x, "zh")
	if err != nil {
		t.Fatal(err)
	}
	gen := generator(t, callers.Options{Ground: g, PerDay: 50_000})
	calls := gen.Minute(nil, time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC), callers.Surge{})
	if len(calls) == 0 {
		t.Fatal("nobody calls from a street without a name")
	}
	for i := range calls {
		if m := geo.DistanceMeters(calls[i].Said, geo.Point{Lon: 2, Lat: 1}); m > 500 {
			t.Errorf("%s says a place %.0f m away", calls[i].ID(), m)
		}
	}
	for _, s := range callers.Scenarios() {
		if _, err := gen.Big(s.ID, time.Unix(0, 0)); err != nil {
			t.Errorf("%s: %v", s.ID, err)
		}
	}
}

// What a map holds is named as people name it.
func TestGroundNamesPlaces(t *testing.T) {
	var b strings.Builder
	id := 100
	node := func(lon, lat float64, tags ...string) int {
		id++
		fmt.Fprintf(&b, `<node id="%d" lon="%f" lat="%f">`, id, lon, lat)
		for i := 0; i+1 < len(tags); i += 2 {
			fmt.Fprintf(&b, `<tag k="%s" v="%s"/>`, tags[i], tags[i+1])
		}
		b.WriteString("</node>")
		return id
	}
	way := func(tags []string, refs ...int) {
		id++
		fmt.Fprintf(&b, `<way id="%d">`, id)
		for _, r := range refs {
			fmt.Fprintf(&b, `<nd ref="%d"/>`, r)
		}
		for i := 0; i+1 < len(tags); i += 2 {
			fmt.Fprintf(&b, `<tag k="%s" v="%s"/>`, tags[i], tags[i+1])
		}
		b.WriteString("</way>")
	}
	b.WriteString("<osm>")
	middle := node(118, 31)
	way([]string{"highway", "primary", "name", "甲路"}, node(117.99, 31), middle, node(118.01, 31))
	way([]string{"highway", "primary", "name", "乙街"}, node(118, 30.99), middle, node(118, 31.01))
	way([]string{"highway", "primary", "name", "丙桥", "bridge", "yes"}, node(118.01, 31.01), node(118.02, 31.01))
	way([]string{"highway", "motorway", "name", "丁高速"}, node(117.9, 31.02), node(118.1, 31.02))
	way([]string{"waterway", "river", "name", "戊江"}, node(117.9, 31.03), node(118.1, 31.03))
	node(118.001, 31.001, "amenity", "school", "name", "己小学")
	node(118.002, 31.001, "power", "pole", "ref", "TL-0412")
	node(118.002, 31.002, "man_made", "surveillance", "ref", "C-7")
	for i := range 40 {
		node(118.003, 31+float64(i)/1e5, "addr:place", "庚花园", "addr:housename", fmt.Sprintf("%d栋", i+1), "addr:unit", "2单元", "entrance", "yes")
		node(118.004, 31+float64(i)/1e5, "addr:street", "甲路", "addr:housenumber", fmt.Sprint(i+1))
	}
	b.WriteString("</osm>")
	x, err := osm.Read(t.Context(), strings.NewReader(b.String()), "small", osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := callers.GroundOf(x, "zh")
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]string{
		"estate": "庚花园1栋2单元", "address": "甲路1号", "crossing": "乙街与甲路交叉口", "bridge": "丙桥", "water": "戊江", "school": "己小学", "pole": "电线杆TL-0412",
		"street": "甲路",
	} {
		if list := g.Spots[kind]; len(list) == 0 || list[0].Name != want {
			t.Errorf("%s: %v, want %s first", kind, list[:min(1, len(list))], want)
		}
	}
	for kind, list := range g.Spots {
		for _, s := range list {
			if strings.Contains(s.Name, "丁高速") || strings.Contains(s.Name, "C-7") {
				t.Errorf("%s: nobody calls from %s", kind, s.Name)
			}
		}
	}
	if s, ok := g.Named("丙桥"); !ok || s.Kind != "bridge" {
		t.Errorf("the bridge is %v", s)
	}
}

func TestLangOf(t *testing.T) {
	if got := callers.LangOf(nil); got != "zh" {
		t.Errorf("without a map they speak %q", got)
	}
	for name, want := range map[string]string{"汀兰路": "zh", "Market Street": "en", "": "zh"} {
		x, err := osm.Read(t.Context(), strings.NewReader(`<osm><node id="1" lat="31" lon="118"/><node id="2" lat="31.01" lon="118"/><way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="`+name+`"/></way></osm>`), "one street", osm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := callers.LangOf(x); got != want {
			t.Errorf("on %q they speak %q, want %q", name, got, want)
		}
	}
}
