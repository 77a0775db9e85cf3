package world_test

import (
	"io"
	"testing"

	"shuniu/internal/journal/journaltest"
	"shuniu/internal/world"
)

// The metropolis is what scale is measured with: half a million street nodes, and 2,000 units in the centre made for it.
func TestMetropolis(t *testing.T) {
	if testing.Short() || journaltest.Raced {
		t.Skip("it takes ten seconds, and six times as long under the race detector")
	}
	found, err := world.WriteStreets(t.Context(), io.Discard, world.Options{Seed: 1, Size: "metropolis"})
	if err != nil {
		t.Fatal(err)
	}
	if found.Counts.StreetNodes < 500_000 {
		t.Errorf("%d street nodes, want 500,000 or more", found.Counts.StreetNodes)
	}
	files, err := found.Centre(base(t))
	if err != nil {
		t.Fatal(err)
	}
	if units := load(t, files).Units; len(units) < 2_000 {
		t.Errorf("%d units, want 2,000 or more", len(units))
	}
}
