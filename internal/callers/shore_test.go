package callers_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"shuniu/internal/callers"
	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/world"
)

// district is a small invented district, with its map.
func district(t testing.TB) *osm.Extract {
	t.Helper()
	var file bytes.Buffer
	if _, err := world.WriteStreets(context.Background(), &file, world.Options{Seed: 1, Size: "district"}); err != nil {
		t.Fatal(err)
	}
	x, err := osm.Read(context.Background(), &file, "district", osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func wet(x *osm.Extract, p geo.Point) string {
	for _, a := range x.Areas {
		if a.Kind == "water" && geo.Polygon(a.Rings).Contains(p) {
			return "in the water of " + a.Name
		}
	}
	return ""
}

// Nobody calls from the middle of a river: whoever is at a water stands on its bank, on a named way where there is one.
func TestShoresAreDry(t *testing.T) {
	small, err := osm.ReadFile(t.Context(), "../../testdata/worlds/lanhu.osm", osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]*osm.Extract{"town": small, "district": district(t)} {
		g, err := callers.GroundOf(x, "zh")
		if err != nil {
			t.Fatal(err)
		}
		banks := 0
		for _, s := range g.Spots["water"] {
			if in := wet(x, s.Point); in != "" {
				t.Errorf("%s: %s lies %s", name, s.Name, in)
			}
			if strings.Contains(s.Name, "(云澜江边)") {
				banks++
			}
		}
		if len(g.Spots["water"]) < 8 || banks < 3 {
			t.Errorf("%s: %d shores, %d of them on a way beside the river", name, len(g.Spots["water"]), banks)
		}
		for _, kind := range []string{"park", "square", "public", "station", "food"} {
			for _, s := range g.Spots[kind] {
				if in := wet(x, s.Point); in != "" {
					t.Errorf("%s: %s %s lies %s", name, kind, s.Name, in)
				}
			}
		}
		gen := generator(t, callers.Options{Ground: g, Seed: 5})
		for _, s := range callers.Scenarios() {
			calls, err := gen.Big(s.ID, time.Date(2030, 6, 7, 12, 0, 0, 0, time.UTC))
			if err != nil {
				t.Fatal(err)
			}
			for i := range calls {
				c := &calls[i]
				bridge := strings.Contains(c.Place, "桥")
				if in := wet(x, c.Said); in != "" && !bridge {
					t.Errorf("%s: %s at %q is %s", name, c.ID(), c.Place, in)
				}
				if c.Script != nil && c.Script.Moves {
					t.Logf("%s: %s moves to %s: %s", name, s.ID, c.Place, c.Narrative)
				}
			}
			if s.ID == "water" && !strings.Contains(calls[0].Place, "桥") {
				t.Errorf("%s: somebody sits on the railing of %s", name, calls[0].Place)
			}
			if s.ID == "missing" && !strings.Contains(calls[0].Place, "公园") {
				t.Errorf("%s: the child is lost in %s", name, calls[0].Place)
			}
		}
	}
}
