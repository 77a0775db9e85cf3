package survey_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shuniu/internal/geo"
	"shuniu/internal/survey"
)

// corner is a corner of a town by the river, in metres east and north.
func corner(x, y float64) geo.Point { return geo.Point{Lon: 118.4, Lat: 31.2}.Offset(x, y) }

// box is a closed ring around a box, in metres.
func box(x0, y0, x1, y1 float64) geo.Ring {
	return geo.Ring{corner(x0, y0), corner(x1, y0), corner(x1, y1), corner(x0, y1), corner(x0, y0)}
}

func area(id string, rings ...geo.Ring) survey.Area {
	var shape geo.MultiPolygon
	for _, r := range rings {
		shape = append(shape, geo.Polygon{r})
	}
	return survey.Area{ID: id, Name: id, Shape: shape}
}

func near(got, want, share float64) bool { return math.Abs(got-want) <= share*want }

func TestOverlapsAndHoles(t *testing.T) {
	r := survey.Measure([]survey.Area{
		area("west", box(0, 0, 1000, 2000)),
		area("east", box(900, 0, 2000, 800)),                            // 100 m too far to the west.
		area("north", box(1000, 1200, 2000, 2000)),                      // Beside west, and 400 m north of east.
		area("gate", box(1900, 800, 2000, 1200)),                        // Closes the gap, so that it is a hole.
		area("far", box(5000, 5000, 5100, 5100)),                        // An island is no hole.
		area("twins", box(6000, 0, 6100, 100), box(6050, 0, 6150, 100)), // Parts of one area may lie on each other.
	})
	if len(r.Broken) != 0 || len(r.Overlaps) != 1 || len(r.Holes) != 1 || r.Cut {
		t.Fatalf("broken %v, overlaps %+v, holes %+v", r.Broken, r.Overlaps, r.Holes)
	}
	if o := r.Overlaps[0]; o.A != "west" || o.B != "east" || !near(o.M2, 100*800, 0.03) || geo.DistanceMeters(o.At, corner(950, 400)) > 5 {
		t.Errorf("overlap %+v, %v", o, r.CellM)
	}
	if h := r.Holes[0]; !near(h.M2, 900*400, 0.03) || geo.DistanceMeters(h.At, corner(1450, 1000)) > 5 {
		t.Errorf("hole %.0f m2 at %v", h.M2, h.At)
	}
	if m := r.Middles[0]; !near(m.M2, 1000*2000, 0.01) || geo.DistanceMeters(m.At, corner(500, 1000)) > 5 {
		t.Errorf("middle of west %+v", m)
	}
}

// A narrow strip between two areas is a hole although it is open at its ends; a wide one is not, nor is the bay of one area.
func TestStrips(t *testing.T) {
	r := survey.Measure([]survey.Area{
		area("west", box(0, 0, 1000, 1000)), area("east", box(1040, 0, 2000, 1000)), area("north", box(0, 1200, 2000, 2000)),
		area("harbour", box(3000, 0, 3400, 1000), box(3430, 0, 4000, 1000)),
	})
	if len(r.Holes) != 1 || !near(r.Holes[0].M2, 40*1000, 0.05) || geo.DistanceMeters(r.Holes[0].At, corner(1020, 500)) > 5 {
		t.Errorf("%+v, cells of %v m", r.Holes, r.CellM)
	}
}

// Areas that share their corners leave nothing between them, in whatever direction they are walked.
func TestCommonBorders(t *testing.T) {
	a, b, c := corner(713.3, 11.1), corner(950.7, 517.9), corner(701.9, 1003.3)
	left := geo.Ring{corner(0, 0), a, b, c, corner(0, 1000), corner(0, 0)}
	right := geo.Ring{c, b, a, corner(1500, 0), corner(1500, 1000), c}
	if r := survey.Measure([]survey.Area{area("left", left), area("right", right)}); len(r.Overlaps)+len(r.Holes)+len(r.Broken) != 0 {
		t.Errorf("%+v %+v", r.Overlaps, r.Holes)
	}
}

func TestBrokenOutlines(t *testing.T) {
	square := box(0, 0, 100, 100)
	for _, tt := range []struct {
		name  string
		ring  geo.Ring
		words string
	}{
		{"whole", square, ""},
		{"not closed", square[:4], "not closed"},
		{"two corners", geo.Ring{square[0], square[1], square[0]}, "fewer than three"},
		{"nothing", geo.Ring{}, "has no corner"},
		{"bow tie", geo.Ring{square[0], square[2], square[1], square[3], square[0]}, "crosses itself"},
		{"latitude first", geo.Ring{{Lon: 31, Lat: 118}, {Lon: 32, Lat: 118}, {Lon: 32, Lat: 119}, {Lon: 31, Lat: 118}}, "nowhere on earth"},
		{"no number", geo.Ring{{Lon: math.NaN(), Lat: 31}, square[0], square[1], {Lon: math.NaN(), Lat: 31}}, "nowhere on earth"},
	} {
		bad := survey.Measure([]survey.Area{area("a", tt.ring), area("b", box(200, 0, 300, 100))}).Broken
		switch {
		case tt.words == "" && len(bad) != 0, tt.words != "" && (len(bad) == 0 || !strings.Contains(fmt.Sprint(bad), tt.words) || bad[0].Area != "a"):
			t.Errorf("%s: %+v", tt.name, bad)
		}
	}
	if r := survey.Measure(nil); len(r.Broken)+len(r.Overlaps)+len(r.Holes) != 0 {
		t.Errorf("nothing gives %+v", r)
	}
}

// Areas that were made to hurt are measured more coarsely, and said to be cut.
func TestManyAndTangled(t *testing.T) {
	var all []survey.Area
	for i := range 8 {
		all = append(all, area(fmt.Sprint(i), box(0, 0, 900, 900)))
	}
	if r := survey.Measure(all); !r.Cut || len(r.Overlaps) == 0 {
		t.Errorf("cut %v, %d overlaps", r.Cut, len(r.Overlaps))
	}
	saw := geo.Ring{corner(0, 0)}
	for i := range 20_000 {
		saw = append(saw, corner(float64(i)*0.01, 3000), corner(float64(i)*0.01+0.005, 0))
	}
	if r := survey.Measure([]survey.Area{area("saw", append(saw, corner(0, 0)))}); r.CellM < 5 {
		t.Errorf("cells of %v m", r.CellM)
	}
}

// The picture is well formed whatever the areas are called, and shows what was found.
func TestDraw(t *testing.T) {
	r := survey.Measure([]survey.Area{
		area(`<script>"&'`, box(0, 0, 1000, 1000)), area("b\x00c", box(900, 0, 2000, 1000)),
		area("tie", geo.Ring{corner(0, 0), corner(50, 50), corner(50, 0), corner(0, 50), corner(0, 0)}),
	})
	var b bytes.Buffer
	if err := r.Draw(&b, "澜湖 <b>", [][]geo.Point{{corner(-100, 500), corner(2100, 500)}, {corner(90_000, 0), corner(90_001, 0)}}); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, b.Bytes())
	for _, want := range []string{"#d40000", "重叠 overlap: 2", "broken outline: 1", "&lt;script&gt;"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in it", want)
		}
	}
	if strings.Contains(b.String(), "<script") {
		t.Error("a name became an element")
	}
	if err := r.Draw(full{}, "", nil); err == nil {
		t.Error("a full disk was not noticed")
	}
	b.Reset()
	if err := survey.Measure(nil).Draw(&b, "", nil); err != nil {
		t.Error(err)
	}
	wellFormed(t, b.Bytes())
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func wellFormed(t *testing.T, data []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// The areas of our own district fit together: what they leave is drawn by hand into the file.
func TestOwnDistrict(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "centres", "yunze", "areas.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Features []struct {
			Properties struct{ ID string }
			Geometry   struct{ Coordinates [][][2]float64 }
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	var areas []survey.Area
	for _, f := range file.Features {
		var rings []geo.Ring
		for _, line := range f.Geometry.Coordinates {
			var ring geo.Ring
			for _, p := range line {
				ring = append(ring, geo.Point{Lon: p[0], Lat: p[1]})
			}
			rings = append(rings, ring)
		}
		areas = append(areas, area(f.Properties.ID, rings...))
	}
	r := survey.Measure(areas)
	t.Logf("%d areas, cells of %v m, %d overlaps, %d holes", len(areas), r.CellM, len(r.Overlaps), len(r.Holes))
	if len(r.Broken)+len(r.Overlaps)+len(r.Holes) != 0 {
		t.Errorf("%+v", r.Broken)
		for _, o := range r.Overlaps {
			t.Errorf("%s %s %.0f m2 at %v", o.A, o.B, o.M2, o.At)
		}
		for _, h := range r.Holes {
			t.Errorf("hole %.0f m2 at %v", h.M2, h.At)
		}
	}
}

func BenchmarkMeasure(b *testing.B) {
	areas := []survey.Area{area("a", box(0, 0, 4000, 8000)), area("b", box(3900, 0, 8000, 8000))}
	for b.Loop() {
		survey.Measure(areas)
	}
}
