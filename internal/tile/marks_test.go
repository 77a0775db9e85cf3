package tile_test

import (
	"slices"
	"strings"
	"testing"

	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/street"
	"shuniu/internal/tile"
)

// A station's sign says whose it is: by its own name, else by those above it, and by none if that says nothing.
func TestServiceOfMarks(t *testing.T) {
	c := at(118.402, 31.202)
	for _, tt := range []struct {
		name, above, centre org.Name
		want                string
	}{
		{name: org.Name{"zh": "汀兰派出所"}, want: "police"},
		{name: org.Name{"zh": "第1消防站", "en": "Station 1"}, above: org.Name{"en": "Police"}, want: "fire"},
		{name: org.Name{"en": "Station 1"}, above: org.Name{"en": "Fire Department"}, want: "fire"},
		{name: org.Name{"en": "Base 4"}, centre: org.Name{"zh": "急救中心"}, want: "medical"},
		{name: org.Name{"en": "Station 1"}, centre: org.Name{"en": "Fire and Medical Dispatch"}, want: ""},
		{name: org.Name{"en": "Station 1"}, want: ""},
	} {
		marks := tile.MarksOf(org.Charter{
			Orgs:     []org.Org{{ID: "up", Parent: "st", Name: tt.above}, {ID: "st", Kind: "station", Parent: "up", Name: tt.name, Place: &c}},
			Settings: org.Settings{Name: tt.centre},
		}, nil)
		if len(marks) != 1 || marks[0].Service != tt.want {
			t.Errorf("%v under %v of %v: %+v, want service %q", tt.name, tt.above, tt.centre, marks, tt.want)
		}
	}
}

// A small city whose streets are all of one class is told apart by the length of the streets with one name.
func TestLongStreetsAreNamedSooner(t *testing.T) {
	long, middle := make([]int64, 0, 100), make([]int64, 0, 41) // About 4.7 and 2.2 km.
	for i := range int64(100) {
		long = append(long, i+1)
	}
	for i := range int64(41) {
		middle = append(middle, i+101)
	}
	x := &osm.Extract{Bounds: geo.Bounds{Min: at(118.4, 31.2), Max: at(118.45, 31.25)}, Streets: streets(t,
		street.Way{Nodes: long, Class: "residential", Name: "Long St"},
		street.Way{Nodes: middle, Class: "residential", Name: "Middle St"},
		street.Way{Nodes: []int64{151, 153}, Class: "residential", Name: "Short St"},
	)}
	s := tile.New(x, nil)
	for zoom, want := range map[int]string{10: "", 11: "Long St", 12: "Long St, Middle St, Short St"} {
		var names []string
		for _, f := range everything(t, s, zoom)["road"] {
			if name, ok := f.tags["name"].(string); ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("zoom %d names %q, want %q", zoom, got, want)
		}
	}
}
