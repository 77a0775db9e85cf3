package osm_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

// street1 is a street that can be driven, so that a map around it is read.
const street1 = `<node id="1" lat="31.2" lon="118.40"/><node id="2" lat="31.2" lon="118.41"/><node id="3" lat="31.21" lon="118.41"/><node id="4" lat="31.21" lon="118.40"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>`

// count finds a line of a report by the beginning of its reason.
func count(x *osm.Extract, reason string) street.Ignored {
	for _, list := range [][]street.Ignored{x.Ignored, x.Report.Ignored} {
		for _, ig := range list {
			if strings.HasPrefix(ig.Reason, reason) {
				return ig
			}
		}
	}
	return street.Ignored{}
}

// What is wrong with a map is counted, with an example to look it up, and the rest is read.
func TestWrongPartsAreCounted(t *testing.T) {
	way := func(id int, tags string, nodes ...int) string {
		s := fmt.Sprintf(`<way id="%d">`, id)
		for _, n := range nodes {
			s += fmt.Sprintf(`<nd ref="%d"/>`, n)
		}
		return s + tags + `</way>`
	}
	tag := func(k, v string) string { return fmt.Sprintf(`<tag k="%s" v="%s"/>`, k, v) }
	park, water, road := tag("leisure", "park"), tag("natural", "water"), tag("highway", "primary")
	relation := func(id int, tags string, ways ...int) string {
		s := fmt.Sprintf(`<relation id="%d">`, id)
		for _, w := range ways {
			s += fmt.Sprintf(`<member type="way" ref="%d" role="outer"/>`, w)
		}
		return s + tag("type", "multipolygon") + tags + `</relation>`
	}
	rule := func(id int, kind, via string) string {
		return fmt.Sprintf(`<relation id="%d"><member type="way" ref="1" role="from"/>%s<member type="way" ref="9" role="to"/>`, id, via) +
			tag("type", "restriction") + tag("restriction", kind) + `</relation>`
	}
	rules := strings.Repeat(`<member type="way" ref="1" role="from"/><member type="way" ref="1" role="to"/>`, 11)
	for _, tt := range []struct {
		name, more, reason string
		count              int
		example            int64
		areas              int
	}{
		{"node given twice", `<node id="1" lat="31.3" lon="118.5"/>`, "node id given twice", 1, 1, 0},
		{"way given twice", way(1, road, 3, 4), "way id given twice", 1, 1, 0},
		{"area given twice", way(9, park, 1, 2, 3, 1) + way(9, park, 2, 3, 4, 2), "way id given twice", 1, 9, 1},
		{"relation given twice", way(9, "", 1, 2, 3, 1) + relation(7, water, 9) + relation(7, water, 9), "relation id given twice", 1, 7, 1},
		{"street without a node", way(9, road, 3, 99, 4), "way refers to a node that is not", 1, 9, 0},
		{"area without a node", way(9, park, 1, 2, 99, 3, 1), "area or line refers to a node", 1, 9, 1},
		{"river without a node", way(9, tag("waterway", "river"), 1, 99, 3), "area or line refers to a node", 1, 9, 0},
		{"area that does not close", way(9, park, 1, 2, 3), "area whose line does not close", 1, 9, 0},
		{"area of two corners", way(9, park, 1, 2, 1), "area whose line does not close", 1, 9, 0},
		{"outline that does not close", way(9, "", 1, 2, 3) + relation(7, water, 9), "outline that does not close", 1, 7, 1},
		{"area without one of its lines", way(9, "", 1, 2, 3, 1) + relation(7, water, 9, 10), "area of several lines lacks one", 1, 7, 1},
		{"one line a hundred times", way(9, "", 1, 2, 3, 1) + relation(7, water, make100(9)...), "", 0, 0, 1},
		{"area that crosses itself", way(9, park, 1, 3, 2, 4, 1), "area whose outline crosses itself", 1, 9, 1},
		{"lines of an area that cross", way(9, "", 1, 3, 2) + way(10, "", 2, 4, 1) + relation(7, water, 9, 10), "area whose outline crosses itself", 1, 7, 1},
		{"node nowhere", `<node id="9" lat="91" lon="118.4"/><node id="10" lat="x" lon="1e999"/><node id="11"/>`, "node has no valid place", 3, 9, 0},
		{"node that was never placed", `<node id="9" lat="0" lon="0.0"/>`, "node at 0, 0", 1, 9, 0},
		{"node on the other side", `<node id="9" lat="-31.2" lon="-61.6"/>`, "node far away", 1, 9, 0},
		{"street across the 180th meridian", `<node id="8" lat="31.2" lon="179.999"/><node id="9" lat="31.2" lon="-179.999"/>` + way(9, road, 8, 9), "way has a straight piece over more than a degree", 1, 9, 0},
		{"area across the 180th meridian", `<node id="8" lat="31.2" lon="179.999"/><node id="9" lat="31.2" lon="-179.999"/><node id="10" lat="31.3" lon="180"/>` + way(9, park, 8, 9, 10, 8), "area or line wider than 10 degrees", 1, 9, 0},
		{"street at the pole", `<node id="8" lat="90" lon="0"/><node id="9" lat="90" lon="180"/>` + way(9, road, 8, 9), "way has a straight piece over more than a degree", 1, 9, 0},
		{"world as bounds", `<bounds minlat="-90" minlon="-180" maxlat="90" maxlon="180"/>`, "bounds that are none", 1, 0, 0},
		{"bounds upside down", `<bounds minlat="32" minlon="118" maxlat="31" maxlon="119"/>`, "bounds that are none", 1, 0, 0},
		{"bounds elsewhere", `<bounds minlat="51" minlon="0" maxlat="52" maxlon="1"/>`, "bounds that are none", 1, 0, 0},
		{"long tag", way(9, park+tag("name", strings.Repeat("长", 256)), 1, 2, 3, 1), "tag longer than 255", 1, 9, 1},
		{"tag of megabytes", way(9, park+tag(strings.Repeat("k", 3<<20), strings.Repeat("v", 3<<20)), 1, 2, 3, 1), "tag longer than 255", 1, 9, 1},
		{"thousands of tags", way(9, park+strings.Repeat(tag("a", "b"), 2000), 1, 2, 3, 1), "element with more than 1000 tags", 1, 9, 1},
		{"control signs", way(9, park+tag("name", "公\u202e园&#10;"), 1, 2, 3, 1), "tag with control signs", 1, 9, 1},
		{"speed beyond all", way(9, road+tag("maxspeed", "1e308 mph"), 3, 4), "speed limit is absurd", 1, 9, 0},
		{"speed that is none", way(9, road+tag("maxspeed", "NaN"), 3, 4), "speed limit is no figure", 1, 9, 0},
		{"speed in words", way(9, road+tag("maxspeed", "CN:urban"), 3, 4), "speed limit is the word for a country's", 1, 9, 0},
		{"barrier that nobody knows", `<node id="9" lat="31.2" lon="118.4"><tag k="barrier" v="portcullis"/></node>`, "barrier of unknown kind", 1, 9, 0},
		{"rule for some hours", `<relation id="7">` + tag("type", "restriction") + tag("restriction:conditional", "no_left_turn @ (07:00-09:00)") + `</relation>`, "restriction for some hours only", 1, 7, 0},
		{"rule for lorries", `<relation id="7">` + tag("type", "restriction") + tag("restriction:hgv", "no_left_turn") + `</relation>`, "restriction for some vehicles only", 1, 7, 0},
		{"rule without members", `<relation id="7">` + tag("type", "restriction") + tag("restriction", "no_left_turn") + `</relation>`, "restriction without from, via or to", 1, 7, 0},
		{"rule at two nodes", rule(7, "no_left_turn", `<member type="node" ref="1" role="via"/><member type="node" ref="2" role="via"/>`), "restriction without from, via or to", 1, 7, 0},
		{"rule of a missing street", rule(7, "no_left_turn", `<member type="node" ref="3" role="via"/>`), "restriction whose ways do not meet", 1, 7, 0},
		{"rule over a missing street", way(9, road, 2, 3) + rule(7, "no_u_turn", `<member type="way" ref="99" role="via"/>`), "restriction whose ways in between", 1, 7, 0},
		{"rule that is none", rule(7, "please_turn", `<member type="node" ref="2" role="via"/>`), "restriction of unknown kind", 1, 7, 0},
		{"two rules against each other", way(9, road, 2, 3) + rule(7, "only_left_turn", `<member type="node" ref="2" role="via"/>`) + rule(8, "no_left_turn", `<member type="node" ref="2" role="via"/>`), "restriction that contradicts", 1, 7, 0},
		{"street without length", `<node id="8" lat="31.21" lon="118.4"/>` + way(9, road, 4, 8) + way(10, road, 1, 4), "way has a piece without length", 1, 9, 0},
		{"street one cannot leave", way(9, road+tag("oneway", "yes"), 2, 3), "street that one can enter but not leave", 1, 9, 0},
		{"street one cannot enter", way(9, road+tag("oneway", "-1"), 2, 3), "street that one can leave but not enter", 1, 9, 0},
		{"island", `<node id="8" lat="31.22" lon="118.44"/><node id="9" lat="31.22" lon="118.46"/>` + way(8, road, 1, 2, 3) + way(9, road, 8, 9), "street of an island", 1, 9, 0},
		{"rule for all pairs", `<relation id="7">` + rules + `<member type="node" ref="1" role="via"/>` + tag("type", "restriction") + tag("restriction", "no_entry") + `</relation>`, "restriction for more than 100", 1, 7, 0},
		{"deleted in the editor", `<node id="9" lat="31.2" lon="118.4" action="delete"/>`, "element that its editor has deleted", 1, 9, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, err := osm.Read(t.Context(), strings.NewReader("<osm>"+street1+tt.more+"</osm>"), "x", osm.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := count(x, tt.reason); tt.reason != "" && (got.Count != tt.count || got.Example != tt.example) {
				t.Errorf("%+v; all: %+v %+v", got, x.Ignored, x.Report.Ignored)
			}
			if len(x.Areas) != tt.areas {
				t.Errorf("areas %+v", x.Areas)
			}
			for _, a := range x.Areas {
				if len(a.Rings) != 1 { // The same ring twice would enclose nothing.
					t.Errorf("%d rings", len(a.Rings))
				}
			}
			for _, p := range x.Places {
				if strings.ContainsAny(p.Name, "\n\u202e") {
					t.Errorf("a name with hidden signs: %q", p.Name)
				}
			}
			if s, ok := x.Streets.Snap(geo.Point{Lon: 118.405, Lat: 31.2}, 100); !ok || s.Point.Lat != 31.2 {
				t.Errorf("the good street is gone or elsewhere: %+v", s)
			}
			if b := x.Bounds; b.Max.Lon-b.Min.Lon > 1 && !strings.Contains(tt.name, "180th") && !strings.Contains(tt.name, "pole") {
				t.Errorf("bounds %+v", b)
			}
		})
	}
}

func make100(id int) []int {
	out := make([]int, 100)
	for i := range out {
		out[i] = id
	}
	return out
}

// An extract that covers more than a city is read, and said to.
func TestAbsurdExtent(t *testing.T) {
	x, err := osm.Read(t.Context(), strings.NewReader(`<osm>`+street1+`<node id="5" lat="-31.2" lon="-118.40"/><node id="6" lat="-31.2" lon="-118.41"/><way id="2"><nd ref="5"/><nd ref="6"/><tag k="highway" v="primary"/></way></osm>`), "x", osm.Options{})
	if err != nil || count(x, "the extract is wider than 10 degrees").Count != 1 {
		t.Errorf("%v, %+v", err, x.Ignored)
	}
}

func TestEmptyExtracts(t *testing.T) {
	bare := &pbfFile{t: t}
	bare.header("x", "OsmSchema-V0.6")
	for name, data := range map[string]string{
		"nothing":     `<osm version="0.6"/>`,
		"bounds only": `<osm><bounds minlat="31" minlon="118" maxlat="32" maxlon="119"/></osm>`,
		"nodes only":  `<osm><node id="1" lat="31.2" lon="118.4"/></osm>`,
		"parks only":  `<osm>` + strings.ReplaceAll(street1, `k="highway" v="primary"`, `k="leisure" v="park"`) + `</osm>`,
		"header only": bare.out.String(),
	} {
		x, err := osm.Read(t.Context(), strings.NewReader(data), "town.osm", osm.Options{})
		if x != nil || fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Text(err), "holds no street") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Lines of a relation are joined in whatever order and direction they come, from the middle as well.
func TestJoin(t *testing.T) {
	const lines = `<way id="10"><nd ref="2"/><nd ref="3"/></way><way id="11"><nd ref="4"/><nd ref="3"/></way><way id="12"><nd ref="1"/><nd ref="2"/></way><way id="13"><nd ref="4"/><nd ref="1"/></way>`
	for _, members := range []string{"10 11 12 13", "13 12 11 10", "11 13 10 12", "10 12 11"} {
		text := "<osm>" + street1 + lines + `<relation id="7">`
		for id := range strings.FieldsSeq(members) {
			text += `<member type="way" ref="` + id + `" role="outer"/>`
		}
		x, err := osm.Read(t.Context(), strings.NewReader(text+`<tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation></osm>`), "x", osm.Options{})
		if err != nil || len(x.Areas) != 1 || len(x.Areas[0].Rings) != 1 || len(x.Areas[0].Rings[0]) < 4 {
			t.Errorf("%s: %v, %+v", members, err, x.Areas)
		}
	}
}

// bounded reads a hostile map and fails when that takes long or much memory.
func bounded(t *testing.T, r io.Reader, megabytes int) (*osm.Extract, error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	x, err := osm.Read(t.Context(), r, "x", osm.Options{})
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if grown := int(after.TotalAlloc-before.TotalAlloc) >> 20; grown > megabytes || took > time.Minute {
		t.Errorf("%d MiB in %v", grown, took)
	}
	return x, err
}

// Small files that ask for much: none may take memory or time out of proportion to its size.
func TestHostileMaps(t *testing.T) {
	ring := func(n int) string { // Nodes 1001.. on a circle, and way 9 around it.
		var b strings.Builder
		for i := range n {
			a := 2 * math.Pi * float64(i) / float64(n)
			fmt.Fprintf(&b, `<node id="%d" lat="%.7f" lon="%.7f"/>`, 1001+i, 31.2+0.01*math.Sin(a), 118.4+0.01*math.Cos(a))
		}
		b.WriteString(`<way id="9">`)
		for i := range n + 1 {
			fmt.Fprintf(&b, `<nd ref="%d"/>`, 1001+i%n)
		}
		return b.String() + `</way>`
	}
	t.Run("one outline for everybody", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("<osm>" + street1 + ring(10_000))
		for i := range 10_000 {
			fmt.Fprintf(&b, `<relation id="%d"><member type="way" ref="9"/><tag k="type" v="multipolygon"/><tag k="building" v="yes"/></relation>`, i+1)
		}
		x, err := bounded(t, strings.NewReader(b.String()+"</osm>"), 200)
		if err != nil || len(x.Areas) == 0 || count(x, "area left out").Count < 9000 {
			t.Errorf("%v", err)
		}
	})
	t.Run("ten thousand loose ends", func(t *testing.T) {
		var b, members strings.Builder
		b.WriteString("<osm>" + street1)
		for i := range 20_000 {
			fmt.Fprintf(&b, `<node id="%d" lat="31.2" lon="%.7f"/><node id="%d" lat="31.3" lon="%.7f"/><way id="%d"><nd ref="%d"/><nd ref="%d"/></way>`,
				100_000+2*i, 118.4+float64(i)*1e-6, 100_001+2*i, 118.4+float64(i)*1e-6, 10+i, 100_000+2*i, 100_001+2*i)
			fmt.Fprintf(&members, `<member type="way" ref="%d"/>`, 10+i)
		}
		if _, err := bounded(t, strings.NewReader(b.String()+`<relation id="1">`+members.String()+`<tag k="type" v="multipolygon"/><tag k="building" v="yes"/></relation></osm>`), 200); err != nil {
			t.Error(err)
		}
	})
	t.Run("tangle", func(t *testing.T) {
		// A star of long lines: every edge lies beside every other.
		var b strings.Builder
		b.WriteString("<osm>" + street1 + `<node id="5" lat="31.2" lon="118.0"/>`)
		way := `<way id="9"><nd ref="5"/>`
		for i := range 20_000 {
			fmt.Fprintf(&b, `<node id="%d" lat="%.7f" lon="119"/><node id="%d" lat="%.7f" lon="118"/>`, 100_000+2*i, 31.2+float64(i)*2e-6, 100_001+2*i, 31.2+float64(i)*2e-6+1e-6)
			way += fmt.Sprintf(`<nd ref="%d"/><nd ref="%d"/>`, 100_000+2*i, 100_001+2*i)
		}
		x, err := bounded(t, strings.NewReader(b.String()+way+`<nd ref="5"/><tag k="leisure" v="park"/></way></osm>`), 400)
		if err != nil || len(x.Areas) != 1 || len(x.Ignored) != 1 {
			t.Errorf("%v, %+v", err, x.Ignored)
		}
	})
	t.Run("streets around the pole", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("<osm>" + street1)
		for i := range 5000 {
			fmt.Fprintf(&b, `<node id="%d" lat="89.9999" lon="%.3f"/><node id="%d" lat="-89.9999" lon="%.3f"/>`, 100_000+2*i, float64(i*7919%360_000)/1000-180, 100_001+2*i, float64(i*104_729%360_000)/1000-180)
		}
		b.WriteString(`<way id="9">`)
		for i := range 5000 {
			fmt.Fprintf(&b, `<nd ref="%d"/>`, 100_000+2*i)
		}
		b.WriteString(`<tag k="highway" v="primary"/></way><way id="10">`)
		for i := range 5000 {
			fmt.Fprintf(&b, `<nd ref="%d"/>`, 100_001+2*i)
		}
		if _, err := bounded(t, strings.NewReader(b.String()+`<tag k="highway" v="primary"/></way></osm>`), 200); err != nil {
			t.Error(err)
		}
	})
	t.Run("gzip that swells", func(t *testing.T) {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = io.WriteString(w, "<osm>")
		line := []byte(strings.Repeat(`<node id="1" lat="1" lon="1"/>`, 10_000))
		for range 300 { // 90 MB.
			_, _ = w.Write(line)
		}
		_, _ = io.WriteString(w, "</osm>")
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := bounded(t, &z, 400); fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Text(err), "a hundred times its size") {
			t.Error(err)
		}
	})
	t.Run("pbf that swells", func(t *testing.T) {
		f := &pbfFile{t: t}
		f.header("x", "OsmSchema-V0.6")
		for range 5 { // 100 MB of a field that nobody knows.
			f.block("OSMData", bytesField(99, make([]byte, 20<<20)), true)
		}
		if _, err := bounded(t, &f.out, 600); fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Text(err), "a hundred times its size") {
			t.Error(err)
		}
	})
	t.Run("tag without an end", func(t *testing.T) {
		endless := io.MultiReader(strings.NewReader(`<osm><node id="`), io.LimitReader(forever('>'), 1<<30))
		if _, err := bounded(t, endless, 100); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "16 MiB") {
			t.Error(err)
		}
	})
}

// forever is a reader of one sign without end.
type forever byte

func (f forever) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(f)
	}
	return len(p), nil
}
