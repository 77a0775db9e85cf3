package osm_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

var rewrite = flag.Bool("rewrite", false, "write the town again instead of comparing it")

const worlds = "../../testdata/worlds"

// The committed town is what its program draws, byte for byte.
func TestTownIsFresh(t *testing.T) {
	for _, tt := range []struct {
		file string
		args []string
	}{
		{"lanhu.osm", nil},
		{"lanhu-areas.geojson", []string{"-areas"}},
	} {
		cmd := exec.CommandContext(t.Context(), "go", append([]string{"run", "./testdata/worlds/town"}, tt.args...)...)
		cmd.Dir = "../.."
		var complaints bytes.Buffer
		cmd.Stderr = &complaints
		fresh, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %s", err, complaints.String())
		}
		path := filepath.Join(worlds, tt.file)
		if *rewrite {
			if err := os.WriteFile(path, fresh, 0o644); err != nil { //nolint:gosec // A public file.
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(kept, fresh) {
			t.Errorf("%s is not what the program draws (%v); run go test ./internal/osm -run Town -rewrite", tt.file, err)
		}
	}
}

func readTown(t *testing.T) *osm.Extract {
	t.Helper()
	x, err := osm.ReadFile(t.Context(), filepath.Join(worlds, "lanhu.osm"), osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// The town has what the stories need: three bridges, streets that sound alike, rules, and no street that leads nowhere.
func TestTown(t *testing.T) {
	x := readTown(t)
	t.Logf("%+v %+v", x.Report, x.Streets.Stats())
	if x.Nodes < 1500 || x.Nodes > 3000 || x.Report.OneWays < 4 || x.Report.Speeds < 50 || x.Report.Fragments != 0 {
		t.Errorf("%d nodes, %+v", x.Nodes, x.Report)
	}
	if x.Report.Restrictions != 6 || x.Report.RestrictionsApplied != 6 || len(x.Ignored) != 0 {
		t.Errorf("%+v %+v", x.Report, x.Ignored)
	}
	for _, ig := range x.Report.Ignored {
		if !strings.Contains(ig.Reason, "closed") { // The paths in the parks.
			t.Errorf("%+v", ig)
		}
	}
	if !strings.Contains(x.Attribution, "invented") {
		t.Errorf("attribution %q", x.Attribution)
	}
	lines := make(map[string]int)
	for _, l := range x.Streets.Drawing() {
		lines[l.Name]++
	}
	for _, name := range []string{
		"星浦路", "杏铺路", "汀兰路", "汀澜路", "采菱东路", "采菱东街", "石埠大道", "柳堰路", "鹤汀路", "东屏路", "学校路", "站前路", "汀兰步行街",
	} {
		if lines[name] == 0 {
			t.Errorf("no %s", name)
		}
	}
	kinds := make(map[string]int)
	for _, a := range x.Areas {
		kinds[a.Kind]++
	}
	if kinds["water"] != 2 || kinds["park"] != 2 || kinds["building"] < 150 {
		t.Errorf("areas %v", kinds)
	}
	checkBridges(t, x, lines)
	if got := reach(t, x); got != 1 {
		t.Errorf("only %.3f of the pairs have a way", got)
	}
}

// checkBridges asks that the three bridges are the only streets over the water.
func checkBridges(t *testing.T, x *osm.Extract, lines map[string]int) {
	t.Helper()
	for _, name := range []string{"石埠桥", "星浦桥", "鹤汀桥"} {
		if lines[name] != 1 {
			t.Errorf("%d lines named %s", lines[name], name)
		}
	}
	var water geo.Polygon
	for _, a := range x.Areas {
		if a.Kind == "water" && a.Name == "云澜江" {
			water = a.Rings
		}
	}
	for _, l := range x.Streets.Drawing() {
		for i := 1; i < len(l.Points); i++ {
			for _, share := range []float64{0, 0.25, 0.5, 0.75} {
				if p := geo.Between(l.Points[i-1], l.Points[i], share); water.Contains(p) && !strings.HasSuffix(l.Name, "桥") {
					t.Fatalf("%s runs through the river at %v", l.Name, p)
				}
			}
		}
	}
}

// townAreas reads the station areas as the centre's configuration does.
func townAreas(t *testing.T) map[string]geo.Polygon {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(worlds, "lanhu-areas.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Features []struct {
			Properties struct{ ID, Name string }
			Geometry   struct{ Coordinates [][][2]float64 }
		}
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	areas := make(map[string]geo.Polygon)
	for _, f := range doc.Features {
		var area geo.Polygon
		for _, coordinates := range f.Geometry.Coordinates {
			var ring geo.Ring
			for _, c := range coordinates {
				ring = append(ring, geo.Point{Lon: c[0], Lat: c[1]})
			}
			area = append(area, ring)
		}
		areas[f.Properties.Name] = area
	}
	return areas
}

// Every place on every street has exactly one responsible station, and every station stands in its own area beside a
// street.
func TestTownAreas(t *testing.T) {
	x, areas := readTown(t), townAreas(t)
	if len(areas) != 9 {
		t.Fatalf("%d areas", len(areas))
	}
	responsible := func(p geo.Point) (names []string) {
		for name, area := range areas {
			if area.Contains(p) {
				names = append(names, name)
			}
		}
		return names
	}
	for _, l := range x.Streets.Drawing() {
		for _, p := range l.Points {
			if names := responsible(p); len(names) != 1 {
				t.Fatalf("%s at %v belongs to %v", l.Name, p, names)
			}
		}
	}
	// A hundred probes on each border: they lie within a hair of two areas, and in exactly one.
	rng := rand.New(rand.NewPCG(5, 6))
	for name, area := range areas {
		for range 100 {
			i := rng.IntN(len(area[0]) - 1)
			p := geo.Between(area[0][i], area[0][i+1], rng.Float64())
			near := 0
			for _, other := range areas {
				if other.DistanceToEdgeMeters(p) < 0.01 {
					near++
				}
			}
			if near > 1 && len(responsible(p)) != 1 {
				t.Errorf("%v on the border of %s belongs to %v", p, name, responsible(p))
			}
		}
	}
	stations := 0
	for _, place := range x.Places {
		s, ok := x.Streets.Snap(place.Point, 200)
		t.Logf("%-10s %s %.7f,%.7f on %s, %.0f m; %v", place.Kind, place.Name, place.Point.Lon, place.Point.Lat, s.Name, s.DistanceMeters, responsible(place.Point))
		if place.Kind != "police" {
			continue
		}
		stations++
		if names := responsible(place.Point); len(names) != 1 || names[0] != place.Name || !ok || s.DistanceMeters > 60 {
			t.Errorf("%s stands in %v, %.0f m from %s", place.Name, names, s.DistanceMeters, s.Name)
		}
	}
	if stations != 9 {
		t.Errorf("%d stations", stations)
	}
}

// From the north bank to the south one drives over a bridge, and the crew is never in the water.
func TestTownRouteCrossesABridge(t *testing.T) {
	x := readTown(t)
	places := make(map[string]street.Snap)
	for _, p := range x.Places {
		places[p.Name], _ = x.Streets.Snap(p.Point, 200)
	}
	r, ok := x.Streets.Route(places["汀兰派出所"], places["鹤汀医院"])
	if !ok || r.Meters < 3000 || math.Abs(r.Duration.Minutes()-6) > 4 {
		t.Fatalf("%v %+v", ok, r)
	}
	over := 0
	for _, name := range r.Names {
		if strings.HasSuffix(name, "桥") {
			over++
		}
	}
	if over != 1 {
		t.Errorf("over %d bridges: %v", over, r.Names)
	}
}
