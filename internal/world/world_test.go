package world_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"shuniu/internal/centre"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/world"
)

func district(t *testing.T, seed uint64) (*world.Found, []byte) {
	t.Helper()
	var b bytes.Buffer
	f, err := world.WriteStreets(t.Context(), &b, world.Options{Seed: seed, Size: "district"})
	if err != nil {
		t.Fatal(err)
	}
	return f, b.Bytes()
}

func base(t *testing.T) map[string][]byte {
	t.Helper()
	out := make(map[string][]byte)
	for _, name := range slices.Concat(world.CentreFiles(), world.OptionalFiles()) {
		text, err := os.ReadFile(filepath.Join("..", "..", "centres", "yunze", name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = text
	}
	return out
}

// load reads a centre's files as the service does; every problem fails the test.
func load(t *testing.T, files map[string][]byte) org.Charter {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	charter, problems := centre.Load(dir, centre.Options{})
	for _, p := range problems {
		t.Error(p)
	}
	return charter
}

// everything is a world as one hash.
func everything(t *testing.T, seed uint64) string {
	t.Helper()
	f, streets := district(t, seed)
	made, err := f.Centre(base(t))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.New()
	sum.Write(streets)
	for _, name := range slices.Concat(world.CentreFiles(), world.OptionalFiles(), []string{"areas.geojson"}) {
		sum.Write(made[name])
	}
	if err := f.WriteBeats(sum); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// The same seed gives the same bytes, another seed another city.
func TestSeed(t *testing.T) {
	one := everything(t, 1)
	if again := everything(t, 1); again != one {
		t.Errorf("seed 1 gave %s and then %s", one, again)
	}
	if other := everything(t, 2); other == one {
		t.Error("seed 2 gave the city of seed 1")
	}
}

// Key premises stand in the city where its streets have them; of one that it has not nobody is told a place of another city.
func TestPremisesStandInTheirCity(t *testing.T) {
	f, _ := district(t, 1)
	files := base(t)
	files["centre.yaml"] = bytes.Replace(files["centre.yaml"], []byte("premises:\n"), []byte(`premises:
  - {id: lighthouse, zh: 灯塔, en: Lighthouse, kind: crowd, place: [118.4, 31.2]}
  - id: quarry
    zh: 采石场
    en: Quarry
    kind: crowd
    place: [118.4, 31.2]
`), 1)
	made, err := f.Centre(files)
	if err != nil {
		t.Fatal(err)
	}
	placed := 0
	for _, p := range load(t, made).Settings.Premises {
		switch at, known := f.Places[p.ID]; {
		case known != (p.Place != nil):
			t.Errorf("%s: known to the city %v, at %v", p.ID, known, p.Place)
		case known && geo.DistanceMeters(at, *p.Place) > 1:
			t.Errorf("%s stands at %v, the city has it at %v", p.ID, *p.Place, at)
		case known:
			placed++
		}
	}
	if placed != 10 {
		t.Errorf("%d premises have a place", placed)
	}
}

// A great city has a centre of its own size that loads, with the district in its middle.
func TestCityCentre(t *testing.T) {
	f, err := world.WriteStreets(t.Context(), io.Discard, world.Options{Seed: 5, Size: "city"})
	if err != nil {
		t.Fatal(err)
	}
	files, err := f.Centre(base(t))
	if err != nil {
		t.Fatal(err)
	}
	charter := load(t, files)
	areas := 0
	for _, o := range charter.Orgs {
		if len(o.Area) > 0 {
			areas++
		}
	}
	if len(charter.Units) < 300 || areas < 40 || areas != f.Counts.Stations || f.Counts.StreetNodes < 100_000 || f.Counts.Restrictions < 50 {
		t.Errorf("%d units, %d areas, %+v", len(charter.Units), areas, f.Counts)
	}
	for k, name := range []string{"汀兰派出所", "柳堰派出所", "石埠派出所"} {
		if f.Stations[k].Name != name || f.Stations[k].Place == (geo.Point{}) {
			t.Errorf("%+v", f.Stations[k])
		}
	}
}

// broken is a disk that takes nothing.
type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

// Whoever asks for what there is not, or stops, is told so and gets no half of a world.
func TestRefusals(t *testing.T) {
	_, err := world.WriteStreets(t.Context(), io.Discard, world.Options{Size: "village"})
	if fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := world.WriteStreets(ctx, io.Discard, world.Options{Size: "district"}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	full := errors.New("the disk is full")
	if _, err := world.WriteStreets(t.Context(), broken{full}, world.Options{Size: "district"}); !errors.Is(err, full) {
		t.Error(err)
	}
	f, _ := district(t, 1)
	for name, change := range map[string]func(map[string][]byte){
		"no units.yaml": func(b map[string][]byte) { delete(b, "units.yaml") },
		"a post in a field": func(b map[string][]byte) {
			b["org.yaml"] = bytes.ReplaceAll(b["org.yaml"], []byte("post_cailing"), []byte("post_elsewhere"))
		},
		"no stations": func(b map[string][]byte) {
			b["org.yaml"] = bytes.ReplaceAll(b["org.yaml"], []byte("\nstations:"), []byte("\nstation:"))
		},
	} {
		files := base(t)
		change(files)
		if _, err := f.Centre(files); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
