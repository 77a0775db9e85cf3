package osm_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

// hamlet is one small map in XML; hamletPBF is the same map in PBF.
const hamlet = `<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="by hand">
<bounds minlat="31.18" minlon="118.4" maxlat="31.22" maxlon="118.45"/>
<node id="1" lat="31.2" lon="118.40"><tag k="amenity" v="police"/><tag k="name" v="汀兰派出所"/></node>
<node id="2" lat="31.2" lon="118.41"/>
<node id="3" lat="31.2" lon="118.42"/>
<node id="4" lat="31.21" lon="118.41"/>
<node id="5" lat="31.211" lon="118.42"/>
<node id="6" lat="31.212" lon="118.43"><tag k="highway" v="crossing"/></node>
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="石埠大道"/><tag k="maxspeed" v="30 mph"/></way>
<way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="motorway"/><tag k="ref" v="G1"/><tag k="maxspeed" v="RU:urban"/></way>
<way id="12"><nd ref="2"/><nd ref="4"/><tag k="highway" v="pedestrian"/><tag k="emergency" v="yes"/><tag k="name" v="汀兰步行街"/></way>
<way id="13"><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="access" v="private"/></way>
<way id="14"><nd ref="3"/><nd ref="1"/><tag k="highway" v="proposed"/></way>
<way id="20"><nd ref="4"/><nd ref="5"/><nd ref="6"/></way>
<way id="21"><nd ref="4"/><nd ref="2"/><nd ref="6"/></way>
<way id="22"><nd ref="1"/><nd ref="2"/><nd ref="4"/><nd ref="1"/><tag k="leisure" v="park"/><tag k="name" v="采菱公园"/></way>
<relation id="30"><member type="way" ref="10" role="from"/><member type="node" ref="2" role="via"/><member type="way" ref="12" role="to"/><tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>
<relation id="31"><member type="way" ref="20" role="outer"/><member type="way" ref="21" role="outer"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
</osm>`

func hamletPBF(t testing.TB) []byte {
	f := &pbfFile{t: t}
	f.header("by hand", "OsmSchema-V0.6", "DenseNodes")
	f.data([]pbfNode{
		{1, 118.40, 31.2, []string{"amenity", "police", "name", "汀兰派出所"}},
		{2, 118.41, 31.2, nil},
		{3, 118.42, 31.2, nil},
	}, nil, nil)
	f.data([]pbfNode{
		{4, 118.41, 31.21, nil},
		{5, 118.42, 31.211, nil},
		{6, 118.43, 31.212, []string{"highway", "crossing"}},
	}, []pbfWay{
		{10, []int64{1, 2}, []string{"highway", "primary", "name", "石埠大道", "maxspeed", "30 mph"}},
		{11, []int64{2, 3}, []string{"highway", "motorway", "ref", "G1", "maxspeed", "RU:urban"}},
		{12, []int64{2, 4}, []string{"highway", "pedestrian", "emergency", "yes", "name", "汀兰步行街"}},
		{13, []int64{3, 4}, []string{"highway", "residential", "access", "private"}},
		{14, []int64{3, 1}, []string{"highway", "proposed"}},
		{20, []int64{4, 5, 6}, nil},
		{21, []int64{4, 2, 6}, nil},
		{22, []int64{1, 2, 4, 1}, []string{"leisure", "park", "name", "采菱公园"}},
	}, []pbfRelation{
		{30, []pbfMember{{1, 10, "from"}, {0, 2, "via"}, {1, 12, "to"}}, []string{"type", "restriction", "restriction", "no_left_turn"}},
		{31, []pbfMember{{1, 20, "outer"}, {1, 21, "outer"}}, []string{"type", "multipolygon", "natural", "water"}},
	})
	return f.out.Bytes()
}

func zipped(t testing.TB, data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The same map gives the same extract in every wrapping.
func TestReadHamlet(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
	}{
		{"xml", []byte(hamlet)},
		{"xml with byte order mark", []byte("\xef\xbb\xbf" + hamlet)},
		{"xml gzip", zipped(t, []byte(hamlet))},
		{"pbf", hamletPBF(t)},
		{"pbf gzip", zipped(t, hamletPBF(t))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var read int64
			x, err := osm.Read(t.Context(), bytes.NewReader(tt.data), tt.name, osm.Options{
				Progress: func(n, _ int64) { read = n },
			})
			if err != nil {
				t.Fatal(err)
			}
			checkHamlet(t, x)
			if read != int64(len(tt.data)) {
				t.Errorf("progress ended at %d of %d", read, len(tt.data))
			}
		})
	}
}

func checkHamlet(t *testing.T, x *osm.Extract) {
	t.Helper()
	r := x.Report
	if x.Nodes != 6 || x.Ways != 8 || x.Relations != 2 || r.Ways != 4 || r.Driven != 4 || r.Edges != 7 ||
		r.OneWays != 1 || r.Speeds != 1 || r.Restrictions != 1 || r.RestrictionsApplied != 1 {
		t.Errorf("%+v", r)
	}
	if x.Bounds.Min != (geo.Point{Lon: 118.4, Lat: 31.18}) || x.Bounds.Max != (geo.Point{Lon: 118.45, Lat: 31.22}) {
		t.Errorf("bounds %v", x.Bounds)
	}
	if x.Attribution != osm.AttributionOSM {
		t.Errorf("attribution %q", x.Attribution)
	}
	wantPlaces := []osm.Place{
		{Kind: "police", Name: "汀兰派出所", Bearing: -1, Point: geo.Point{Lon: 118.40, Lat: 31.2}},
		{Kind: "park", Name: "采菱公园", Bearing: -1, Point: geo.Between(geo.Point{Lon: 118.40, Lat: 31.2}, geo.Point{Lon: 118.41, Lat: 31.21}, 0.5)},
	}
	if !reflect.DeepEqual(x.Places, wantPlaces) {
		t.Errorf("places %+v", x.Places)
	}
	if len(x.Areas) != 2 || x.Areas[0].Kind != "park" || x.Areas[1].Kind != "water" || len(x.Areas[1].Rings) != 1 || len(x.Areas[1].Rings[0]) != 5 {
		t.Errorf("areas %+v", x.Areas)
	}
	if len(x.Ignored) != 1 || x.Ignored[0].Example != 11 {
		t.Errorf("ignored %+v", x.Ignored)
	}
	at := func(lon, lat float64) street.Snap {
		s, ok := x.Streets.Snap(geo.Point{Lon: lon, Lat: lat}, 100)
		if !ok {
			t.Fatalf("no street at %v %v", lon, lat)
		}
		return s
	}
	// From the avenue into the pedestrian street one may not turn left, and coming back from the motorway is no way.
	avenue, mall := at(118.405, 31.2001), at(118.4101, 31.205)
	if avenue.Name != "石埠大道" || mall.Name != "汀兰步行街" || at(118.415, 31.2).Name != "G1" {
		t.Errorf("names %q %q", avenue.Name, mall.Name)
	}
	if got := x.Streets.Under(street.Conditions{Vehicle: street.Civil}).ManyToOne(t.Context(), []street.Snap{avenue}, mall); got[0].OK {
		t.Errorf("a forbidden turn into a pedestrian street: %+v", got)
	}
	forth, back := x.Streets.ManyToOne(t.Context(), []street.Snap{avenue}, mall)[0], x.Streets.ManyToOne(t.Context(), []street.Snap{mall}, avenue)[0]
	if !forth.OK || forth.Duration < back.Duration+20*time.Second {
		t.Errorf("sirens pass it for nothing, or not at all: %+v, and back %+v", forth, back)
	}
}

func TestAttribution(t *testing.T) {
	for _, tt := range []struct{ root, want string }{
		{`generator="osmium"`, osm.AttributionOSM},
		{`generator="x (source: US Census TIGER/Line)"`, osm.AttributionTIGER},
		{`attribution="Invented by us"`, "Invented by us"},
		{`attribution="http://www.openstreetmap.org/copyright"`, osm.AttributionOSM},
	} {
		text := strings.Replace(hamlet, `generator="by hand"`, tt.root, 1)
		x, err := osm.Read(t.Context(), strings.NewReader(text), "x", osm.Options{})
		if err != nil || x.Attribution != tt.want {
			t.Errorf("%s: %v, %v", tt.root, x, err)
		}
		// A source that does not draw its motorways in the direction of traffic makes no one-way street.
		if oneWays := x.Report.OneWays; (oneWays == 0) != (tt.want == osm.AttributionTIGER) {
			t.Errorf("%s: %d one-ways", tt.root, oneWays)
		}
	}
}

func TestBadFilesAreNamed(t *testing.T) {
	pbf := hamletPBF(t)
	history := &pbfFile{t: t}
	history.header("x", "OsmSchema-V0.6", "HistoricalInformation")
	huge := append([]byte{0, 0, 255, 255, 0x0a}, make([]byte, 1<<16)...)
	for _, tt := range []struct {
		name, text string
		data       []byte
	}{
		{"nothing", "is empty", nil},
		{"a word", "neither OpenStreetMap XML nor PBF", []byte("hello")},
		{"a web page", "root is <html>", []byte("<!doctype html><html><body>404</body></html>")},
		{"xml cut", "ends too early", []byte(hamlet[:len(hamlet)/2])},
		{"xml broken", "is damaged", []byte(strings.Replace(hamlet, "</way>", "</wey>", 1))},
		{"id is no number", "is damaged", []byte(strings.Replace(hamlet, `node id="1"`, `node id="one"`, 1))},
		{"gzip cut", "ends too early", zipped(t, []byte(hamlet))[:300]},
		{"gzip bad sum", "is damaged", append(zipped(t, []byte(hamlet))[:700], make([]byte, 400)...)},
		{"pbf cut", "ends too early", pbf[:len(pbf)-20]},
		{"pbf header too long", "is damaged", huge},
		{"pbf with history", "needs the feature", history.out.Bytes()},
		{"no streets", "holds no street", []byte(`<osm><node id="1" lat="1" lon="1"/></osm>`)},
		{"streets without nodes", "holds no street", []byte(`<osm><way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way></osm>`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, err := osm.Read(t.Context(), bytes.NewReader(tt.data), "town.osm", osm.Options{})
			if x != nil || fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%v, %v", x, err)
			}
			if s := fault.Text(err); !strings.Contains(s, tt.text) || !strings.Contains(s, "town.osm") {
				t.Errorf("%q does not say %q", s, tt.text)
			}
			if e, ok := err.(*fault.Error); !ok || e.Remedy == "" { //nolint:errorlint // The outermost error is asked.
				t.Errorf("no remedy: %v", err)
			}
		})
	}
	if _, err := osm.ReadFile(t.Context(), filepath.Join(t.TempDir(), "none.osm"), osm.Options{}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("missing file: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := osm.Read(ctx, strings.NewReader(hamlet), "x", osm.Options{}); err == nil || fault.KindOf(err) == fault.Invalid {
		t.Errorf("a cancelled read blames the file: %v", err)
	}
}

// Every cut of a good file gives an error or a map, and never anything else.
func TestEveryCut(t *testing.T) {
	for _, data := range [][]byte{hamletPBF(t), zipped(t, hamletPBF(t))} {
		for n := range data {
			if _, err := osm.Read(t.Context(), bytes.NewReader(data[:n]), "x", osm.Options{}); err != nil && fault.KindOf(err) != fault.Invalid {
				t.Fatalf("cut at %d: %v", n, err)
			}
		}
	}
}

func TestTagsOfStreets(t *testing.T) {
	read := func(t *testing.T, tags string) (*osm.Extract, error) {
		return osm.Read(t.Context(), strings.NewReader(`<osm><node id="1" lat="31.2" lon="118.40"/><node id="2" lat="31.2" lon="118.41"/>
			<way id="1"><nd ref="1"/><nd ref="2"/>`+tags+`</way></osm>`), "x", osm.Options{})
	}
	tag := func(kv ...string) (s string) {
		for i := 0; i < len(kv); i += 2 {
			s += fmt.Sprintf(`<tag k="%s" v="%s"/>`, kv[i], kv[i+1])
		}
		return s
	}
	for _, tt := range []struct {
		name           string
		tags           string
		forth, back    bool    // Whether one may drive from west to east, and back.
		kmh            float64 // 0 when not driven.
		ignoredReasons int
	}{
		{"both ways", tag("highway", "residential"), true, true, 30, 0},
		{"one way", tag("highway", "residential", "oneway", "yes"), true, false, 30, 0},
		{"one way backwards", tag("highway", "residential", "oneway", "-1"), false, true, 30, 0},
		{"roundabout", tag("highway", "residential", "junction", "roundabout"), true, false, 30, 0},
		{"motorway", tag("highway", "motorway"), true, false, 80, 0},
		{"motorway both ways", tag("highway", "motorway", "oneway", "no"), true, true, 80, 0},
		{"by the hour", tag("highway", "primary", "oneway", "reversible"), true, true, 50, 1},
		{"kilometres", tag("highway", "primary", "maxspeed", "70"), true, true, 70, 0},
		{"miles", tag("highway", "primary", "maxspeed", "25 mph"), true, true, 40.2336, 0},
		{"miles glued", tag("highway", "primary", "maxspeed", "25mph"), true, true, 40.2336, 0},
		{"miles in capitals", tag("highway", "primary", "maxspeed", "30 MPH"), true, true, 48.28032, 0},
		{"kilometres in capitals", tag("highway", "primary", "maxspeed", "60 Km/h"), true, true, 60, 0},
		{"no figure in capitals", tag("highway", "primary", "maxspeed", "None"), true, true, 50, 1},
		{"knots", tag("highway", "primary", "maxspeed", "20 knots"), true, true, 37.04, 0},
		{"country word", tag("highway", "primary", "maxspeed", "CN:urban"), true, true, 50, 1},
		{"two figures", tag("highway", "primary", "maxspeed", "50;30"), true, true, 50, 1},
		{"walking", tag("highway", "living_street", "maxspeed", "walk"), true, true, 7, 0},
		{"below nothing", tag("highway", "primary", "maxspeed", "-5"), true, true, 50, 1},
		{"no cars", tag("highway", "residential", "motor_vehicle", "no"), false, false, 0, 0},
		{"private", tag("highway", "service", "access", "private"), true, true, 20, 0}, // For emergency vehicles.
		{"private, cars may", tag("highway", "service", "access", "private", "motor_vehicle", "yes"), true, true, 20, 0},
		{"private, emergency may", tag("highway", "service", "access", "private", "emergency", "yes"), true, true, 20, 0},
		{"footway", tag("highway", "footway"), false, false, 0, 0},
		{"footway for all who walk", tag("highway", "footway", "access", "yes"), false, false, 0, 0},
		{"stairs for emergencies", tag("highway", "steps", "emergency", "yes"), false, false, 0, 0},
		{"square", tag("highway", "pedestrian", "emergency", "yes", "area", "yes"), false, false, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, err := read(t, tt.tags)
			if !tt.forth && !tt.back {
				if fault.KindOf(err) != fault.Invalid {
					t.Errorf("driven: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			west, _ := x.Streets.Snap(geo.Point{Lon: 118.402, Lat: 31.2}, 10)
			east, _ := x.Streets.Snap(geo.Point{Lon: 118.408, Lat: 31.2}, 10)
			forth := x.Streets.ManyToOne(t.Context(), []street.Snap{west}, east)[0]
			back := x.Streets.ManyToOne(t.Context(), []street.Snap{east}, west)[0]
			if forth.OK != tt.forth || back.OK != tt.back {
				t.Errorf("forth %v, back %v", forth.OK, back.OK)
			}
			trip := forth
			if !trip.OK {
				trip = back
			}
			if kmh := trip.Meters / trip.Duration.Seconds() * 3.6; kmh < tt.kmh*0.99 || kmh > tt.kmh*1.01 {
				t.Errorf("%.1f km/h, want %.1f", kmh, tt.kmh)
			}
			if len(x.Ignored) != tt.ignoredReasons {
				t.Errorf("ignored %+v", x.Ignored)
			}
		})
	}
}

func FuzzXML(f *testing.F) {
	f.Add([]byte(hamlet))
	f.Add([]byte(`<osm><node id="1" lat="NaN" lon="1e99"/><way id="1"><nd ref="1"/><nd ref="1"/><tag k="highway" v="road"/></way></osm>`))
	f.Add([]byte("<osm>" + street1 + `<bounds minlat="-90" minlon="-180" maxlat="90" maxlon="180"/><node id="1" lat="90" lon="180"/><node id="5" lat="-90" lon="-180"/><way id="1"><nd ref="5"/><nd ref="9"/><nd ref="1"/><tag k="highway" v="road"/></way></osm>`))
	f.Add([]byte("<osm>" + street1 + `<way id="9"><nd ref="1"/><nd ref="3"/><nd ref="2"/><nd ref="4"/><nd ref="1"/><tag k="building" v="yes"/><tag k="building:levels" v="1e9"/></way><way id="9"/></osm>`))
	f.Add([]byte(`<osm><relation id="1"><member type="way" ref="1" role="outer"/><tag k="type" v="multipolygon"/><tag k="building" v="yes"/></relation></osm>`))
	f.Fuzz(fuzzRead)
}

func FuzzPBF(f *testing.F) {
	f.Add(hamletPBF(f))
	f.Add(hamletPBF(f)[:90])
	one := &pbfFile{t: f}
	one.header("", "OsmSchema-V0.6")
	one.block("OSMData", []byte{0x12, 0x02, 0x12, 0x00}, false)
	f.Add(one.out.Bytes())
	odd := &pbfFile{t: f}
	odd.header("\x00\xff", "OsmSchema-V0.6", "DenseNodes")
	odd.data([]pbfNode{{1, 180, 90, nil}, {1, -180, -90, []string{"name", "\xff\x00", "amenity", "x"}}, {0, 0, 0, nil}},
		[]pbfWay{{1, []int64{1, 1, 0, 7}, []string{"highway", "road"}}, {1, []int64{1, 0, 1}, []string{"building", "yes"}}},
		[]pbfRelation{{1, []pbfMember{{1, 1, "outer"}, {1, 1, "outer"}}, []string{"type", "multipolygon", "building", "yes"}}})
	f.Add(odd.out.Bytes())
	f.Fuzz(fuzzRead)
}

func fuzzRead(t *testing.T, data []byte) {
	x, err := osm.Read(t.Context(), bytes.NewReader(data), "x", osm.Options{})
	if err != nil {
		if x != nil || fault.KindOf(err) != fault.Invalid {
			t.Fatalf("%v, %v", x, err)
		}
		return
	}
	if !x.Bounds.Min.Valid() || !x.Bounds.Max.Valid() || x.Bounds.Empty() || x.Attribution == "" {
		t.Errorf("%+v", x)
	}
	for _, a := range x.Areas {
		for _, r := range a.Rings {
			if len(r) < 3 {
				t.Errorf("a ring of %d corners", len(r))
			}
		}
	}
	for _, p := range x.Places {
		if !p.Point.Valid() || p.Name == "" {
			t.Errorf("place %+v", p)
		}
	}
}
