package world_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/street"
	"shuniu/internal/world"
)

// made is a district as the importer and the centre's reader see it.
type made struct {
	found   *world.Found
	x       *osm.Extract
	charter org.Charter
}

func makeDistrict(t *testing.T, seed uint64) made {
	t.Helper()
	f, streets := district(t, seed)
	x, err := osm.Read(t.Context(), bytes.NewReader(streets), "streets.osm", osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := f.Centre(base(t))
	if err != nil {
		t.Fatal(err)
	}
	charter := load(t, files)
	return made{f, x, charter}
}

// What must be true of every city, whatever its seed.
func TestDistrict(t *testing.T) {
	for _, seed := range []uint64{1, 7} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			m := makeDistrict(t, seed)
			if len(m.x.Ignored) > 0 || m.x.Report.Fragments > 0 || m.x.Report.Restrictions == 0 || m.x.Report.Restrictions != m.x.Report.RestrictionsApplied {
				t.Errorf("the importer complains: %+v %+v", m.x.Ignored, m.x.Report)
			}
			for _, ig := range m.x.Report.Ignored {
				if !strings.Contains(ig.Reason, "closed") { // Footpaths.
					t.Errorf("the importer leaves out %+v", ig)
				}
			}
			m.dry(t)
			m.clear(t)
			m.named(t)
			m.english(t)
			m.addressed(t)
			m.tiled(t)
			m.reached(t)
		})
	}
}

// grid finds things near a place: cells of about a hundred metres.
type grid map[[2]int][]int

func cell(p geo.Point) [2]int {
	return [2]int{int(math.Floor(p.Lon * 1000)), int(math.Floor(p.Lat * 1000))}
}

func (g grid) add(k int, ring []geo.Point) {
	b := geo.EmptyBounds()
	for _, p := range ring {
		b = b.Extend(p)
	}
	low, high := cell(b.Min), cell(b.Max)
	for x := low[0]; x <= high[0]; x++ {
		for y := low[1]; y <= high[1]; y++ {
			g[[2]int{x, y}] = append(g[[2]int{x, y}], k)
		}
	}
}

// streets are the lines that are driven or walked and are not raised above the ground.
func (m made) streets() []street.Line {
	return slices.DeleteFunc(slices.Clone(m.x.Streets.Drawing()), func(l street.Line) bool { return l.Bridge })
}

// No street runs through water without a bridge, and no house stands in it.
func (m made) dry(t *testing.T) {
	t.Helper()
	near := grid{}
	var waters []geo.Polygon
	for _, a := range m.x.Areas {
		if a.Kind == "water" {
			near.add(len(waters), a.Rings[0])
			waters = append(waters, a.Rings)
		}
	}
	wet := func(p geo.Point) bool {
		return slices.ContainsFunc(near[cell(p)], func(k int) bool { return waters[k].Contains(p) })
	}
	bad := 0
	for _, l := range m.streets() {
		for i := 1; i < len(l.Points); i++ {
			for _, share := range []float64{0, 0.2, 0.4, 0.6, 0.8, 1} {
				if p := geo.Between(l.Points[i-1], l.Points[i], share); wet(p) && bad < 5 {
					bad++
					t.Errorf("%s %s runs through water at %.5f,%.5f", l.Class, l.Name, p.Lon, p.Lat)
				}
			}
		}
	}
	for _, a := range m.x.Areas {
		if a.Kind == "building" && slices.ContainsFunc(a.Rings[0], wet) {
			t.Errorf("%s %s stands in water", a.Kind, a.Name)
		}
	}
}

// No house stands on the middle of a street.
func (m made) clear(t *testing.T) {
	t.Helper()
	near := grid{}
	var houses []geo.Ring
	for _, a := range m.x.Areas {
		if a.Kind == "building" {
			near.add(len(houses), a.Rings[0])
			houses = append(houses, a.Rings[0])
		}
	}
	if len(houses) < 10_000 {
		t.Errorf("only %d houses", len(houses))
	}
	bad := 0
	for _, l := range m.streets() {
		for i := 1; i < len(l.Points) && bad < 5; i++ {
			a, b := l.Points[i-1], l.Points[i]
			for share := 0.0; share <= 1; share += 3 / max(3, geo.DistanceMeters(a, b)) {
				p := geo.Between(a, b, share)
				for _, k := range near[cell(p)] {
					if (geo.Polygon{houses[k]}).Contains(p) {
						bad++
						t.Errorf("a house stands on %s %s at %.5f,%.5f", l.Class, l.Name, p.Lon, p.Lat)
					}
				}
			}
		}
	}
}

// The names that sound alike and the key premises are there, in their own kind.
func (m made) named(t *testing.T) {
	t.Helper()
	lines := make(map[string]int)
	for _, l := range m.x.Streets.Drawing() {
		lines[l.Name]++
	}
	for _, name := range []string{"星浦路", "杏铺路", "汀兰路", "汀澜路", "采菱东路", "采菱东街", "汀兰步行街", "星浦桥", "中环高架", "内环北路", "学校路", "石埠大道"} {
		if lines[name] == 0 {
			t.Errorf("no street %s", name)
		}
	}
	if !m.cross("汀兰路", "采菱东路") || !m.cross("汀兰路", "汀澜路") {
		t.Error("汀兰路 does not cross 采菱东路 or 汀澜路")
	}
	for _, name := range []string{"星浦路", "杏铺路", "汀兰路", "汀澜路", "采菱东路", "采菱东街"} {
		if !slices.ContainsFunc(m.x.Addresses, func(a osm.Address) bool { return a.Street == name && a.Number == "8号" }) {
			t.Errorf("no %s8号", name)
		}
	}
	kinds := make(map[string][]string)
	cameras := 0
	for _, p := range m.x.Places {
		kinds[p.Name] = append(kinds[p.Name], p.Kind)
		if p.Kind == "surveillance" && p.Bearing >= 0 {
			cameras++
		}
	}
	for name, kind := range map[string]string{
		"澜湖高铁站": "station", "云澜江客运码头": "ferry_terminal", "星浦桥": "bridge", "柳堰水厂": "water_works", "鹤汀医院": "hospital", "东屏实验小学": "school",
		"汀兰步行街": "square", "采菱公园": "park", "石埠油库": "oil_depot", "澜湖体育中心": "sports_centre", "站前广场": "square", "澜湖": "water", "云澜江": "water",
	} {
		if !slices.Contains(kinds[name], kind) {
			t.Errorf("no %s %s, but %v", kind, name, kinds[name])
		}
	}
	if len(kinds["TL-0412"]) != 1 || cameras < 100 {
		t.Errorf("pole TL-0412 %v, %d cameras with a bearing", kinds["TL-0412"], cameras)
	}
}

// cross reports whether two streets have a place in common.
func (m made) cross(a, b string) bool {
	at := make(map[geo.Point]bool)
	for _, l := range m.x.Streets.Drawing() {
		for _, p := range l.Points {
			if l.Name == a {
				at[p] = true
			}
		}
	}
	return slices.ContainsFunc(m.x.Streets.Drawing(), func(l street.Line) bool {
		return l.Name == b && slices.ContainsFunc(l.Points, func(p geo.Point) bool { return at[p] })
	})
}

// Every estate has numbered buildings with staircases, and a number at its street.
func (m made) addressed(t *testing.T) {
	t.Helper()
	buildings, doors := make(map[string]int), make(map[string]int)
	numbers, stairs := 0, 0
	for _, a := range m.x.Addresses {
		switch {
		case a.Unit != "":
			stairs++
			if !a.Entrance || a.Estate == "" || a.Building == "" {
				t.Fatalf("a staircase of no building: %+v", a)
			}
		case a.Estate != "" && a.Building != "" && !a.Entrance:
			buildings[a.Estate]++
		case a.Estate != "" && a.Number != "":
			doors[a.Estate]++
		case a.Street != "":
			numbers++
		}
	}
	estates, bare := 0, 0
	for _, p := range m.x.Places {
		if p.Kind != "residential" || strings.HasSuffix(p.Name, "村") && doors[p.Name] == 0 {
			continue
		}
		estates++
		if buildings[p.Name] == 0 {
			bare++
		}
		if doors[p.Name] == 0 {
			t.Errorf("estate %s has no gate with a number", p.Name)
		}
	}
	if estates < 300 || bare > 0 || numbers < 2000 || stairs < 5000 {
		t.Errorf("%d estates, %d of them without a building, %d house numbers at streets, %d staircases", estates, bare, numbers, stairs)
	}
}

// Every street has exactly one responsible station, and every station stands in its own area.
func (m made) tiled(t *testing.T) {
	t.Helper()
	responsible := func(p geo.Point) (ids []string) {
		for _, o := range m.charter.Orgs {
			if o.Area.Contains(p) {
				ids = append(ids, string(o.ID))
			}
		}
		return ids
	}
	bad := 0
	for k, l := range m.x.Streets.Drawing() {
		if p := l.Points[len(l.Points)/2]; k%9 == 0 && len(responsible(p)) > 1 && bad < 5 {
			bad++
			t.Errorf("%s at %v belongs to %v", l.Name, p, responsible(p))
		}
	}
	var areas []geo.Ring
	for _, o := range m.charter.Orgs {
		for _, polygon := range o.Area {
			areas = append(areas, polygon[0])
		}
	}
	closed(t, areas)
	closed(t, m.beats(t))
	for place, station := range map[string]string{
		"walking_street": "st1", "waterworks": "st2", "oil_depot": "st3", "school": "st4", "sports": "st4", "hospital": "st6", "park": "st7", "hsr": "st8", "ferry": "st9",
		"post_zhanqian": "st8", "post_tinglan": "st1", "post_cailing": "st7", "post_heting": "st6", "post_dongping": "st4", "patrol": "st5",
	} {
		if ids := responsible(m.found.Places[place]); !slices.Equal(ids, []string{station}) {
			t.Errorf("%s lies in the area of %v, not of %s", place, ids, station)
		}
	}
	stations := 0
	for _, o := range m.charter.Orgs {
		if o.Kind == "station" {
			stations++
			if ids := responsible(*o.Place); len(ids) != 1 || ids[0] != string(o.ID) {
				t.Errorf("%s stands in the area of %v", o.ID, ids)
			}
		}
	}
	if stations != 9 || len(m.charter.Units) != 63 {
		t.Errorf("%d stations, %d units", stations, len(m.charter.Units))
	}
}

// beats gives the community beats, each of which must be known to the centre under its station.
func (m made) beats(t *testing.T) (areas []geo.Ring) {
	t.Helper()
	var text bytes.Buffer
	if err := m.found.WriteBeats(&text); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Features []struct {
			Properties struct{ ID, Station string }
			Geometry   struct{ Coordinates [][][2]float64 }
		}
	}
	if err := json.Unmarshal(text.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for _, f := range doc.Features {
		if !slices.ContainsFunc(m.charter.Settings.Beats, func(b org.Beat) bool {
			return b.ID == f.Properties.ID && string(b.Station) == f.Properties.Station
		}) {
			t.Errorf("the centre does not know the beat %+v", f.Properties)
		}
		var ring geo.Ring
		for _, c := range f.Geometry.Coordinates[0] {
			ring = append(ring, geo.Point{Lon: c[0], Lat: c[1]})
		}
		areas = append(areas, ring)
	}
	if len(areas) != len(m.charter.Settings.Beats) {
		t.Errorf("%d beats are drawn, %d are known", len(areas), len(m.charter.Settings.Beats))
	}
	return areas
}

// closed asks that every piece of a border belongs to two areas, or to one on the city's edge, and that this edge is
// one line: then nothing lies between the areas and nothing is in two of them.
func closed(t *testing.T, areas []geo.Ring) {
	t.Helper()
	owners := make(map[[2]geo.Point]int)
	for _, ring := range areas {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if b.Lon < a.Lon || b.Lon == a.Lon && b.Lat < a.Lat {
				a, b = b, a
			}
			owners[[2]geo.Point{a, b}]++
		}
	}
	next := make(map[geo.Point][]geo.Point)
	for piece, n := range owners {
		if n > 2 {
			t.Errorf("a border of %d areas at %v", n, piece[0])
		}
		if n == 1 {
			next[piece[0]], next[piece[1]] = append(next[piece[0]], piece[1]), append(next[piece[1]], piece[0])
		}
	}
	edge := 0
	for from := range next {
		for at, was := from, (geo.Point{}); edge == 0 || at != from; edge++ {
			if len(next[at]) != 2 {
				t.Fatalf("%d ends of the city's edge at %v", len(next[at]), at)
			}
			to := next[at][0]
			if to == was {
				to = next[at][1]
			}
			was, at = at, to
		}
		break
	}
	if edge != len(next) || edge < 100 {
		t.Errorf("the city's edge has %d corners, but one walks round in %d: there are holes", len(next), edge)
	}
}

// Every unit waits at a street, and from everywhere one can drive everywhere, also back.
func (m made) reached(t *testing.T) {
	t.Helper()
	var homes []street.Snap
	for _, u := range m.charter.Units {
		if u.Home == nil {
			continue
		}
		s, ok := m.x.Streets.Snap(*u.Home, 60)
		if !ok {
			t.Errorf("unit %s waits at %v, away from any street", u.ID, *u.Home)
		}
		homes = append(homes, s)
	}
	if len(homes) < 60 {
		t.Errorf("%d units have a place to wait", len(homes))
	}
	var all []street.Snap
	for k, l := range m.x.Streets.Drawing() {
		if s, ok := m.x.Streets.Snap(l.Points[0], 5); ok && k%4 == 0 {
			all = append(all, s)
		}
	}
	lost := 0
	for _, trip := range m.x.Streets.ManyToOne(t.Context(), all, homes[0]) {
		if !trip.OK {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("from %d of %d places nobody comes to the first unit", lost, len(all))
	}
	for k := 0; k < len(all); k += 1 + len(all)/40 {
		if trips := m.x.Streets.ManyToOne(t.Context(), homes[:1], all[k]); !trips[0].OK {
			t.Errorf("nobody comes from the first unit to %s at %v", all[k].Name, all[k].Point)
		}
	}
	for _, h := range homes {
		for _, trip := range m.x.Streets.ManyToOne(t.Context(), homes, h) {
			if !trip.OK {
				t.Fatal("two units cannot reach each other")
			}
		}
	}
}
