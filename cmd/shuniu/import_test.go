package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shuniu/internal/founding"
)

// shuniu runs a command and gives its exit code, what it printed, and what it said beside.
func shuniu(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, &o, &e)
	return code, o.String(), e.String()
}

// must runs a command that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := shuniu(t, args...)
	if code != 0 {
		t.Fatalf("%q ended with %d: %s%s", args, code, out, errs)
	}
	return out
}

// publicData is the folder of San Francisco's public files, which are not part of the source.
func publicData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SHUNIU_DATA")
	if dir == "" {
		dir = filepath.Join("..", "shared", "data")
	}
	dir = filepath.Join(dir, "sf")
	if _, err := os.Stat(filepath.Join(dir, "calls.csv.gz")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("the records of San Francisco are not here: %v", err)
	}
	return dir
}

// A new centre is made of the town's files, checks clean, plays its calls and can be looked at.
func TestImportTheTown(t *testing.T) {
	t.Chdir("../..")
	dir := filepath.Join(t.TempDir(), "town")
	units := filepath.Join(t.TempDir(), "units.csv")
	if err := os.WriteFile(units, []byte("unit,kind,station\n101,patrol,汀兰派出所\n102,patrol,星浦派出所\n103,patrol,鹤汀派出所\n104,patrol,站前派出所\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "import", "centre", dir, "--id", "town", "--zh", "小城", "--zone", "Asia/Shanghai")
	must(t, "import", "osm", "testdata/worlds/lanhu.osm", "--centre", dir)
	must(t, "import", "areas", "centres/yunze/areas.geojson", "--centre", dir, "--property", "name", "--stations")
	must(t, "import", "units", units, "--centre", dir)
	offered := must(t, "import", "calls", "testdata/worlds/lanhu-calls.csv", "--centre", dir, "--suggest")
	mapping := filepath.Join(t.TempDir(), "mapping.yaml")
	if err := os.WriteFile(mapping, []byte(offered), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "import", "calls", "testdata/worlds/lanhu-calls.csv", "--centre", dir, "--mapping", mapping)
	picture := filepath.Join(t.TempDir(), "areas.svg")
	if out := must(t, "check", dir, "--map", picture); !strings.Contains(out, "9 stations (9 with a place, 9 with an area)") || !strings.Contains(out, "0 broken, 0 overlaps, 0 holes") {
		t.Errorf("check says %s", out)
	}
	isPicture(t, picture)
	replayed(t, dir, 414)
	live := start(t, "serve", "--addr", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "live"), "--centre", dir)
	var session struct{ Attribution string }
	if live.ask(http.MethodGet, "/api/v1/session", nil, nil, &session); !strings.Contains(session.Attribution, "invented") {
		t.Errorf("a live centre does not find the streets in its folder: %q", session.Attribution)
	}
	live.stop()
	s := start(t, "demo", "--addr", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "demo"), "--centre", dir, "--speed", "600")
	var list listAnswer
	if s.ask(http.MethodGet, "/api/v1/incidents?state=all", nil, nil, &list); len(list.Items) == 0 {
		t.Error("the demo of an own centre shows no incident")
	}
	s.stop()
	if err := os.WriteFile(founding.Streets(dir), []byte("<osm><node id="), 0o600); err != nil {
		t.Fatal(err)
	}
	mapless := start(t, "serve", "--addr", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "live"), "--centre", dir)
	if h := mapless.health(); !h.OK || !slices.Contains(h.Reasons, "no_map") {
		t.Errorf("a damaged map in the folder: %+v", h)
	}
	mapless.stop()
}

// replayed plays a folder's own calls and counts them.
func replayed(t *testing.T, dir string, calls int) {
	t.Helper()
	var report struct {
		Calls       int  `json:"calls"`
		ReplayEqual bool `json:"replay_equal"`
	}
	if err := json.Unmarshal([]byte(must(t, "replay", "--centre", dir, "--json")), &report); err != nil {
		t.Fatal(err)
	}
	if report.Calls != calls || !report.ReplayEqual {
		t.Errorf("the replay says %+v", report)
	}
}

func isPicture(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for d := xml.NewDecoder(f); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// The same of real data: streets, police districts, units and calls of San Francisco.
func TestImportSanFrancisco(t *testing.T) {
	t.Chdir("../..")
	from := publicData(t)
	at := func(name string) string { return filepath.Join(from, name) }
	dir := filepath.Join(t.TempDir(), "sf")
	must(t, "import", "centre", dir, "--id", "sf2", "--en", "San Francisco", "--zone", "America/Los_Angeles")
	must(t, "import", "osm", at("streets-tiger-2013.osm.gz"), "--centre", dir)
	picture := filepath.Join(t.TempDir(), "areas.svg")
	out := must(t, "import", "areas", at("police-districts.geojson"), "--centre", dir, "--property", "DISTRICT", "--stations", "--map", picture)
	if !strings.Contains(out, "areas: 10") || !strings.Contains(out, "central and northern overlap") {
		t.Errorf("areas: %s", out)
	}
	isPicture(t, picture)
	if out = must(t, "import", "units", at("calls.csv.gz"), "--centre", dir, "--add-kinds", "--spread"); !strings.Contains(out, "173 of 5843 rows") {
		t.Errorf("units: %s", out)
	}
	mapping := filepath.Join(t.TempDir(), "mapping.yaml")
	if err := os.WriteFile(mapping, []byte(must(t, "import", "calls", at("calls.csv.gz"), "--centre", dir, "--suggest")), 0o600); err != nil {
		t.Fatal(err)
	}
	out = must(t, "import", "calls", at("calls.csv.gz"), "--centre", dir, "--mapping", mapping, "--strip")
	for _, want := range []string{"stripped  18 columns", "5843, 5843 of them used", "calls     2720", "2720 (100.0 %) of the calls have a type", "5843 (100.0 %) of them by units"} {
		if !strings.Contains(out, want) {
			t.Errorf("calls do not say %q: %s", want, out)
		}
	}
	must(t, "check", dir)
	replayed(t, dir, 2720)
	// Stations that units stand at cannot be taken away; in a folder without them the neighbourhoods fit.
	code, _, errs := shuniu(t, "import", "areas", at("neighborhoods.geojson"), "--centre", dir, "--property", "name", "--stations", "--force")
	if code != 1 || !strings.Contains(errs, "nothing was written") {
		t.Errorf("%d %s", code, errs)
	}
	dir = filepath.Join(t.TempDir(), "quarters")
	must(t, "import", "centre", dir, "--id", "sf3", "--en", "San Francisco", "--zone", "America/Los_Angeles")
	if out = must(t, "import", "areas", at("neighborhoods.geojson"), "--centre", dir, "--property", "name", "--stations", "--dry-run"); !strings.Contains(out, "would write") || !strings.Contains(out, "areas: 117") {
		t.Errorf("neighbourhoods: %s", out)
	}
}

// A real extract of OpenStreetMap is read whole, and a dry run writes nothing.
func TestImportRealExtract(t *testing.T) {
	t.Chdir("../..")
	out := must(t, "import", "osm", filepath.Join(publicData(t), "streets-osm-north-2019.osm.gz"), "--dry-run")
	for _, want := range []string{"11588 nodes, 2558 ways", "© OpenStreetMap contributors, ODbL 1.0", "2548 of 2558 ways are driven", "1235 one-way, 667 with a speed limit"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q: %s", want, out)
		}
	}
}

// A log hears of each quarter of a large file, and nothing of a small one.
func TestProgressInALog(t *testing.T) {
	var log bytes.Buffer
	b := newBar(&log, "reading city.osm")
	for n := int64(0); n <= 100; n++ {
		b.bytes(n<<20, 100<<20)
	}
	newBar(&log, "reading hamlet.osm").bytes(1000, 1000)
	newBar(&log, "reading a pipe").bytes(1<<30, 0)
	rows := newBar(&log, "reading calls.csv")
	for n := int64(0); n <= 250_000; n += 1000 {
		rows.rows(n)
	}
	if want := "reading city.osm: 25 %\nreading city.osm: 50 %\nreading city.osm: 75 %\nreading city.osm: 100 %\n" +
		"reading calls.csv: 100000 rows\nreading calls.csv: 200000 rows\n"; log.String() != want {
		t.Errorf("%q", log.String())
	}
}

// The steps that read a large file tell a log how far they are.
func TestImportsTellALog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	must(t, "import", "centre", dir, "--id", "riverside", "--en", "Riverside", "--zone", "Asia/Shanghai")
	long := strings.Repeat("x", 500_000)
	units, areas := filepath.Join(t.TempDir(), "units.csv"), filepath.Join(t.TempDir(), "areas.geojson")
	table := "unit,remark\n" + strings.Repeat("E1,"+long+"\n", 24)
	feature := `{"type":"Feature","properties":{"id":"a","x":"` + long + `"},"geometry":null}`
	shapes := `{"type":"FeatureCollection","features":[` + strings.Repeat(feature+",\n", 23) + feature + `]}`
	if err := errors.Join(os.WriteFile(units, []byte(table), 0o600), os.WriteFile(areas, []byte(shapes), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"import", "units", units, "--dry-run"}, {"import", "areas", areas, "--property", "id", "--dry-run"}} {
		_, _, said := shuniu(t, append(args, "--centre", dir)...)
		for _, quarter := range []string{": 25 %\n", ": 50 %\n", ": 75 %\n", ": 100 %\n"} {
			if !strings.Contains(said, "reading "+filepath.Base(args[2])+quarter) {
				t.Errorf("%v says %q", args, said)
			}
		}
	}
}

// A wrong wish is refused with what to do, and nothing is written.
func TestImportRefusals(t *testing.T) {
	t.Chdir("../..")
	dir := filepath.Join(t.TempDir(), "none")
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"import", "osm", "testdata/worlds/lanhu.osm"}, 1, "--dry-run"},
		{[]string{"import", "osm", "testdata/worlds/lanhu.osm", "--centre", dir}, 1, "shuniu import centre"},
		{[]string{"import", "osm", "nowhere.osm", "--dry-run"}, 1, "there is no map file"},
		{[]string{"import", "osm", "README.md", "--dry-run"}, 1, "neither OpenStreetMap XML nor PBF"},
		{[]string{"import", "calls", "testdata/worlds/lanhu-calls.csv", "--centre", dir}, 1, "--suggest"},
		{[]string{"import", "areas", "nowhere.geojson", "--centre", "centres/yunze", "--property", "id"}, 1, "name a GeoJSON file"},
		{[]string{"import", "areas", "nowhere.geojson", "--centre", "centres/yunze"}, 2, "--property"},
		{[]string{"import", "units", "nowhere.csv", "--centre", "centres/yunze"}, 1, "name a CSV file"},
		{[]string{"replay", "--centre", "centres/yunze"}, 1, "--calls"},
		{[]string{"import"}, 2, "centre"},
	} {
		code, out, errs := shuniu(t, tt.args...)
		if code != tt.code || !strings.Contains(out+errs, tt.want) {
			t.Errorf("%q: %d %s%s", tt.args, code, out, errs)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a refusal made a folder")
	}
	for _, step := range []string{"centre", "osm", "areas", "units", "calls"} {
		if out := must(t, "import", step, "--help"); !strings.Contains(out, "Example: shuniu import "+step) {
			t.Errorf("no example in the help of %s", step)
		}
	}
}
