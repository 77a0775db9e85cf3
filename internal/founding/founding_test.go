package founding_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shuniu/internal/centre"
	"shuniu/internal/fault"
	"shuniu/internal/founding"
	"shuniu/internal/intake"
)

const (
	worlds = "../../testdata/worlds"
	yunze  = "../../centres/yunze"
)

// found makes a new centre's folder.
func found(t *testing.T, zone string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "new")
	if _, err := founding.New(dir, founding.Centre{ID: "riverside", ZH: `河边 "试验": #1 {n}`, EN: "Riverside \\ Dispatch", Zone: zone}, founding.Mode{}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// write puts a file into a folder of the test.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// tree is what a folder holds: names and bytes.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[filepath.Base(path)] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

// loads fails when a folder has a problem.
func loads(t *testing.T, dir string) centre.Folder {
	t.Helper()
	folder, problems := centre.Read(dir, centre.Options{})
	if len(problems) > 0 {
		t.Fatalf("%v", problems)
	}
	return folder
}

func kind(err error) string {
	if err == nil {
		return "none"
	}
	return fault.KindOf(err).String()
}

func TestNew(t *testing.T) {
	dir := found(t, "Asia/Shanghai")
	c := loads(t, dir).Charter
	if c.Centre != "riverside" || c.Settings.Name["zh"] != `河边 "试验": #1 {n}` || c.Settings.Name["en"] != "Riverside \\ Dispatch" || len(c.Types) < 10 || len(c.Units) != 4 {
		t.Errorf("%+v", c.Settings)
	}
	before := tree(t, dir)
	for name, tt := range map[string]struct {
		dir  string
		c    founding.Centre
		mode founding.Mode
		want string
	}{
		"a folder that is there": {dir, founding.Centre{ID: "x", EN: "X", Zone: "UTC"}, founding.Mode{}, "conflict"},
		"no zone":                {dir + "2", founding.Centre{ID: "x", EN: "X", Zone: "Mars/Base"}, founding.Mode{}, "invalid"},
		"no name":                {dir + "2", founding.Centre{ID: "x", Zone: "UTC"}, founding.Mode{}, "invalid"},
		"id of signs":            {dir + "2", founding.Centre{ID: "../x", EN: "X", Zone: "UTC"}, founding.Mode{}, "invalid"},
		"a dry run":              {dir + "2", founding.Centre{ID: "x", EN: "X", Zone: "UTC"}, founding.Mode{DryRun: true}, "none"},
	} {
		if _, err := founding.New(tt.dir, tt.c, tt.mode); kind(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !maps.Equal(before, tree(t, dir)) || len(tree(t, dir+"2")) != 0 {
		t.Error("a refusal or a dry run wrote something")
	}
	done, err := founding.New(dir, founding.Centre{ID: "other", EN: "X", Zone: "UTC"}, founding.Mode{Force: true})
	if err != nil || tree(t, dir)["centre.yaml.bak"] != before["centre.yaml"] || !strings.Contains(fmt.Sprint(done), "centre.yaml.bak") {
		t.Errorf("%v %v", done, err)
	}
}

// settle makes the town's centre of its files, as a newcomer would.
func settle(t *testing.T) string {
	t.Helper()
	dir := found(t, "Asia/Shanghai")
	var said bytes.Buffer
	if err := founding.OSM(t.Context(), worlds+"/lanhu.osm", dir, founding.Mode{}, nil, &said); err != nil {
		t.Fatal(err)
	}
	if s := said.String(); !strings.Contains(s, "invented") || !strings.Contains(s, "0 fragments") || !strings.Contains(s, "300 of 300") {
		t.Errorf("it said %s", s)
	}
	if _, err := founding.Areas(yunze+"/areas.geojson", dir, founding.AreasOptions{Property: "name", Stations: true}, founding.Mode{}, &said); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestTheTownFromItsFiles(t *testing.T) {
	dir := settle(t)
	c := loads(t, dir).Charter
	if b := c.Settings.Bounds; b[0] < 118 || b[2] > 119 {
		t.Errorf("bounds %v", b)
	}
	if filepath.Base(founding.Streets(dir)) != "streets.osm.gz" {
		t.Errorf("streets %q", founding.Streets(dir))
	}
	var names []string
	for _, o := range c.Orgs {
		if o.Kind == "station" {
			if len(o.Area) == 0 || o.Place == nil || !o.Area.Contains(*o.Place) {
				t.Errorf("%s has no area with its place within", o.ID)
			}
			names = append(names, o.Name["zh"])
		}
	}
	if len(names) != 9 || !slices.Contains(names, "汀兰派出所") {
		t.Errorf("stations %v", names)
	}

	var said bytes.Buffer
	units := write(t, "units.csv", "\ufeff呼号;类型;派出所;人数;民警;经度;纬度\n101;巡逻车;汀兰派出所;4;2;;\n102;巡逻车;;4;2;118.40;31.20\nD 1;警犬;;2;1;;\n101;巡逻车;;;;;\n103;巡逻车;没有的所;4;2;;\n104;巡逻车;;1;2;;\n105;巡逻车;;2;1;0;0\n{1..9};巡逻车;;;;;\n;巡逻车;;;;;\n")
	if err := founding.Units(units, dir, founding.UnitsOptions{}, founding.Mode{}, &said); err != nil {
		t.Fatal(err)
	}
	s := said.String()
	for _, want := range []string{"2 of 9 rows; 1 say a unit again, 6 cannot be used", `"警犬" (1 rows)`, "line 6: ", "line 7: people", "line 8: its place", "line 9: ", "line 10: no call sign"} {
		if !strings.Contains(s, want) {
			t.Errorf("it does not say %q:\n%s", want, s)
		}
	}
	if err := founding.Units(units, dir, founding.UnitsOptions{AddKinds: true}, founding.Mode{}, &said); kind(err) != "conflict" {
		t.Errorf("units that somebody wrote were replaced unasked: %v", err)
	}
	if err := founding.Units(units, dir, founding.UnitsOptions{AddKinds: true, Spread: true}, founding.Mode{Force: true}, &said); err != nil {
		t.Fatal(err)
	}
	c = loads(t, dir).Charter
	if len(c.Units) != 3 || c.Units[2].CallSign != "D 1" || c.Units[2].ID != "D-1" || c.Units[2].Home == nil || c.Units[0].Officers != 4 || c.Units[0].Home == nil || len(c.Kinds) != 2 {
		t.Errorf("%+v %+v", c.Units, c.Kinds)
	}

	said.Reset()
	if err := founding.Suggest(worlds+"/lanhu-calls.csv", dir, &said); err != nil {
		t.Fatal(err)
	}
	mapping := write(t, "mapping.yaml", said.String())
	if _, err := intake.LoadMapping(mapping); err != nil {
		t.Fatalf("%v in\n%s", err, said.String())
	}
	for _, want := range []string{`call_id: "接警编号"`, `lon: "经度"`, `received: "接警时间"`, `"人伤交通事故": "crash"`, `priority: {column: "优先级", default: P3}`} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it does not offer %s:\n%s", want, said.String())
		}
	}
	for _, never := range []string{"199000", "车主"} { // A caller's number, a narrative.
		if strings.Contains(said.String(), never) {
			t.Errorf("it shows %s", never)
		}
	}
	said.Reset()
	if err := founding.ImportCalls(t.Context(), worlds+"/lanhu-calls.csv", mapping, dir, true, founding.Mode{}, nil, &said); err != nil {
		t.Fatal(err)
	}
	if s := said.String(); !strings.Contains(s, "2 columns that the mapping does not read") || !strings.Contains(s, "(100.0 %) of the calls have a type") || !strings.Contains(s, "busiest") || !strings.Contains(s, "0 (0.0 %) have none") {
		t.Errorf("it said %s", s)
	}
	calls, m := founding.Calls(dir)
	if calls == "" || m == "" {
		t.Error("demo and replay would not find the calls")
	}
	if kept := unpacked(t, calls); strings.Contains(kept, "199000") || strings.Contains(kept, "车主") || strings.Count(kept, "\n") != 415 {
		t.Errorf("numbers or words of callers were kept: %.300s", kept)
	}
	loads(t, dir)
}

func unpacked(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// What would leave a folder that cannot be loaded, or areas that are none, writes nothing.
func TestNothingIsHalfDone(t *testing.T) {
	dir := settle(t)
	before := tree(t, dir)
	feature := func(id, ring string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"` + id + `"},"geometry":{"type":"Polygon","coordinates":[` + ring + `]}}]}`
	}
	var said bytes.Buffer
	for name, do := range map[string]func() error{
		"areas that cross themselves": func() error {
			_, err := founding.Areas(write(t, "a.geojson", feature("x", "[[118.39,31.19],[118.40,31.20],[118.40,31.19],[118.39,31.20],[118.39,31.19]]")), dir, founding.AreasOptions{Property: "id", Stations: true}, founding.Mode{Force: true}, &said)
			return err
		},
		"areas of strangers": func() error {
			_, err := founding.Areas(write(t, "a.geojson", feature("x", "[[118.39,31.19],[118.40,31.20],[118.40,31.19],[118.39,31.19]]")), dir, founding.AreasOptions{Property: "id"}, founding.Mode{Force: true}, &said)
			return err
		},
		"areas without the property": func() error {
			_, err := founding.Areas(yunze+"/areas.geojson", dir, founding.AreasOptions{Property: "district"}, founding.Mode{Force: true}, &said)
			return err
		},
		"no GeoJSON": func() error {
			_, err := founding.Areas(worlds+"/lanhu.osm", dir, founding.AreasOptions{Property: "id"}, founding.Mode{Force: true}, &said)
			return err
		},
		"units of nobody's kind": func() error {
			return founding.Units(write(t, "u.csv", "unit,type\nE1,ENGINE\n"), dir, founding.UnitsOptions{}, founding.Mode{Force: true}, &said)
		},
		"units that are no table": func() error {
			return founding.Units(write(t, "u.csv", "\x1f\x8bxx"), dir, founding.UnitsOptions{}, founding.Mode{Force: true}, &said)
		},
		"units in GBK": func() error {
			return founding.Units(write(t, "u.csv", "\xba\xf4\xba\xc5,type\nE1,x\n"), dir, founding.UnitsOptions{}, founding.Mode{Force: true}, &said)
		},
		"a map without streets": func() error {
			return founding.OSM(t.Context(), write(t, "m.osm", "<osm/>"), dir, founding.Mode{Force: true}, nil, &said)
		},
		"calls by a mapping of others": func() error {
			return founding.ImportCalls(t.Context(), worlds+"/lanhu-calls.csv", "../../centres/sf/mapping.yaml", dir, false, founding.Mode{Force: true}, nil, &said)
		},
		"a folder that is none": func() error {
			return founding.OSM(t.Context(), worlds+"/lanhu.osm", t.TempDir(), founding.Mode{Force: true}, nil, &said)
		},
	} {
		err := do()
		var f *fault.Error
		if strings.HasSuffix(name, "cross themselves") && (f == nil && !errors.As(err, &f) || !strings.Contains(f.Text, "outlines are broken")) {
			t.Errorf("%s: %v", name, err)
		}
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Remedy == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := founding.Areas(yunze+"/areas.geojson", dir, founding.AreasOptions{Property: "id", Stations: true}, founding.Mode{}, &said); kind(err) != "conflict" {
		t.Errorf("stations were replaced unasked: %v", err)
	}
	// A station that units stand at is gone: the folder would not load.
	if err := founding.Units(write(t, "u.csv", "unit,station\nE1,汀兰派出所\n"), dir, founding.UnitsOptions{}, founding.Mode{}, &said); err != nil {
		t.Fatal(err)
	}
	before["units.yaml"], before["units.yaml.bak"] = tree(t, dir)["units.yaml"], tree(t, dir)["units.yaml.bak"]
	_, err := founding.Areas(write(t, "a.geojson", feature("x", "[[118.39,31.19],[118.40,31.20],[118.40,31.19],[118.39,31.19]]")), dir, founding.AreasOptions{Property: "id", Stations: true}, founding.Mode{Force: true}, &said)
	if err == nil || !strings.Contains(err.Error(), "could not be loaded afterwards") {
		t.Errorf("%v", err)
	}
	if _, err := founding.Areas(yunze+"/areas.geojson", dir, founding.AreasOptions{Property: "name"}, founding.Mode{Force: true, DryRun: true}, &said); err != nil {
		t.Errorf("a dry run: %v", err)
	}
	if after := tree(t, dir); !maps.Equal(before, after) {
		for name := range after {
			if before[name] != after[name] {
				t.Errorf("%s was changed", name)
			}
		}
	}
}

// Outlines that are only not closed are closed; the rest of org.yaml stays as somebody wrote it.
func TestAreasKeepTheRest(t *testing.T) {
	dir := settle(t)
	path := filepath.Join(dir, "org.yaml")
	org, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	mine := strings.Replace(string(org), "areas:", "# Mine.\nplaces:\n  # Also mine.\n  - {id: post, zh: 站前, place: [118.40, 31.20]}\n\n# About areas.\nareas:", 1)
	if err := os.WriteFile(path, []byte(mine), 0o600); err != nil {
		t.Fatal(err)
	}
	geo, err := os.ReadFile(yunze + "/areas.geojson")
	if err != nil {
		t.Fatal(err)
	}
	cut := string(geo)
	end := strings.Index(cut, "]]]")
	cut = cut[:strings.LastIndex(cut[:end], ",[")] + cut[end+1:] // Without the last corner of the first ring.
	var said bytes.Buffer
	if _, err := founding.Areas(write(t, "a.geojson", cut), dir, founding.AreasOptions{Property: "name"}, founding.Mode{Force: true}, &said); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said.String(), "1 outlines were not closed") {
		t.Errorf("it said %s", said.String())
	}
	if _, err := founding.Areas(yunze+"/areas.geojson", dir, founding.AreasOptions{Property: "name", Stations: true}, founding.Mode{Force: true}, &said); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != mine {
		t.Errorf("%v: org.yaml is\n%s\nand was\n%s", err, after, mine)
	}
	loads(t, dir)
}

// However often a file is replaced, everything that stood in it before is kept.
func TestEveryOldFileIsKept(t *testing.T) {
	dir := found(t, "Asia/Shanghai")
	path := filepath.Join(dir, "units.yaml")
	want := make(map[string]string)
	for i, bak := range []string{"units.yaml.bak", "units.yaml.bak2", "units.yaml.bak3"} {
		old, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		old = append(old, fmt.Sprintf("# What a person wrote the %d. time.\n", i+1)...)
		if err := os.WriteFile(path, old, 0o600); err != nil {
			t.Fatal(err)
		}
		want[bak] = string(old)
		var said bytes.Buffer
		if err := founding.Units(write(t, "u.csv", fmt.Sprintf("unit\nE%d\n", i)), dir, founding.UnitsOptions{}, founding.Mode{Force: true}, &said); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(said.String(), "the old one is "+bak+"\n") {
			t.Errorf("%s is not named: %s", bak, said.String())
		}
	}
	for name, text := range want {
		if got := tree(t, dir)[name]; got != text {
			t.Errorf("%s does not hold what was there: %.200q", name, got)
		}
	}
}
