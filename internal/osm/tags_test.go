package osm

import (
	"reflect"
	"testing"
)

func TestTagsGivePlacesAddressesAndShapes(t *testing.T) {
	for _, c := range []struct {
		name    string
		tags    tags
		place   string // Kind and name; empty for none.
		bearing int
		address Address
		shape   Shape
		line    string
	}{
		{
			name: "house at a street", tags: tags{{"building", "house"}, {"addr:street", "汀兰路"}, {"addr:housenumber", "12号"}, {"building:levels", "3"}}, bearing: -1,
			address: Address{Street: "汀兰路", Number: "12号"}, shape: Shape{Kind: "building", House: "12号", Levels: 3},
		},
		{
			name: "building of an estate", tags: tags{{"building", "apartments"}, {"addr:place", "汀兰花园"}, {"name", "3栋"}}, bearing: -1,
			address: Address{Estate: "汀兰花园", Building: "3栋"}, shape: Shape{Kind: "building", Name: "3栋"},
		},
		{
			name: "entrance", tags: tags{{"entrance", "staircase"}, {"addr:place", "汀兰花园"}, {"addr:housename", "3栋"}, {"addr:unit", "2单元"}}, bearing: -1,
			address: Address{Estate: "汀兰花园", Building: "3栋", Unit: "2单元", Entrance: true},
		},
		{name: "a number without a street is no address", tags: tags{{"addr:housenumber", "12"}}, bearing: -1},
		{name: "estate", tags: tags{{"landuse", "residential"}, {"name", "汀兰花园"}}, place: "residential 汀兰花园", bearing: -1, shape: Shape{Kind: "residential", Name: "汀兰花园"}},
		{name: "pole", tags: tags{{"power", "pole"}, {"ref", "TL-0412"}}, place: "pole TL-0412", bearing: -1},
		{name: "camera", tags: tags{{"man_made", "surveillance"}, {"ref", "C-17"}, {"camera:direction", "360"}}, place: "surveillance C-17", bearing: 0},
		{name: "camera that looks nowhere", tags: tags{{"man_made", "surveillance"}, {"ref", "C-17"}, {"camera:direction", "9e99"}}, place: "surveillance C-17", bearing: -1},
		{name: "absurd storeys", tags: tags{{"building", "yes"}, {"building:levels", "100000"}}, bearing: -1, shape: Shape{Kind: "building"}},
		{name: "railway", tags: tags{{"railway", "rail"}, {"name", "望石线"}}, place: "rail 望石线", bearing: -1, shape: Shape{Name: "望石线"}, line: "rail"},
		{name: "railway below ground", tags: tags{{"railway", "subway"}, {"tunnel", "yes"}}, bearing: -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ok := c.tags.place()
			got := ""
			if ok {
				got = p.Kind + " " + p.Name
			}
			if got != c.place || p.Bearing != c.bearing {
				t.Errorf("place %q looking to %d, want %q to %d", got, p.Bearing, c.place, c.bearing)
			}
			if a, ok := c.tags.address(); ok != (c.address != Address{}) || ok && a != c.address {
				t.Errorf("address %+v %v, want %+v", a, ok, c.address)
			}
			if s := c.tags.shape(); !reflect.DeepEqual(s, c.shape) {
				t.Errorf("shape %+v, want %+v", s, c.shape)
			}
			if l := c.tags.line(); l.Kind != c.line {
				t.Errorf("line %q, want %q", l.Kind, c.line)
			}
		})
	}
}
