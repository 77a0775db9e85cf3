package world_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

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
	for _, name := range world.CentreFiles() {
		text, err := os.ReadFile(filepath.Join("..", "..", "centres", "yunze", name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = text
	}
	return out
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
	for _, name := range append(world.CentreFiles(), "areas.geojson") {
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
