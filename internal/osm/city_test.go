package osm_test

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/publicdata"
	"shuniu/internal/street"
)

const (
	tigerFile = "sf/streets-tiger-2013.osm.gz"
	northFile = "sf/streets-osm-north-2019.osm.gz"
)

// The two real extracts have the counts that their makers state, and one can drive from nearly everywhere to
// everywhere.
func TestSanFrancisco(t *testing.T) {
	for _, tt := range []struct {
		file                         string
		nodes, ways, oneWays, speeds int
		attribution                  string
		reach                        float64 // Share of random pairs with a way between them.
	}{
		// 5,726 streets, and 13 stairs, footways and tracks.
		{tigerFile, 28217, 5739, 0, 0, osm.AttributionTIGER, 0.97},
		// 1,315 ways carry a oneway tag: 74 say "no", 6 are closed to everybody.
		{northFile, 11588, 2558, 1235, 667, osm.AttributionOSM, 0.90},
	} {
		t.Run(tt.file, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			began := time.Now()
			x, err := osm.ReadFile(t.Context(), publicdata.File(t, tt.file), osm.Options{})
			if err != nil {
				t.Fatal(err)
			}
			took := time.Since(began)
			runtime.GC()
			runtime.ReadMemStats(&after)
			defer runtime.KeepAlive(x)
			t.Logf("read in %v, heap +%.1f MB; %+v", took.Round(time.Millisecond), float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/1e6, x.Streets.Stats())
			t.Logf("%+v; %+v", x.Report, x.Ignored)
			if x.Nodes != tt.nodes || x.Ways != tt.ways || x.Attribution != tt.attribution {
				t.Errorf("%d nodes, %d ways, %s", x.Nodes, x.Ways, x.Attribution)
			}
			if x.Report.OneWays != tt.oneWays || x.Report.Speeds != tt.speeds {
				t.Errorf("%d one-ways, %d speeds", x.Report.OneWays, x.Report.Speeds)
			}
			if got := reach(t, x); got < tt.reach {
				t.Errorf("only %.3f of the pairs have a way", got)
			}
		})
	}
}

// reach is the share of random pairs of places with a way between them.
func reach(t *testing.T, x *osm.Extract) float64 {
	rng := rand.New(rand.NewPCG(3, 4))
	ok, all := 0, 0
	for range 20 {
		units, target := randomSnaps(x, rng, 50), randomSnaps(x, rng, 1)[0]
		for i, trip := range x.Streets.ManyToOne(t.Context(), units, target) {
			all++
			if trip.OK {
				ok++
			}
			if i == 0 {
				r, drawn := x.Streets.Route(units[i], target)
				if drawn != trip.OK || r.Duration != trip.Duration || r.Meters != trip.Meters {
					t.Errorf("route %v %v, trip %+v", drawn, r.Duration, trip)
				}
			}
			if straight := geo.DistanceMeters(units[i].Point, target.Point); trip.OK && trip.Meters < straight*0.999-1 {
				t.Errorf("%.0f m on the street, %.0f m straight", trip.Meters, straight)
			}
		}
	}
	return float64(ok) / float64(all)
}

func randomSnaps(x *osm.Extract, rng *rand.Rand, n int) []street.Snap {
	var out []street.Snap
	for len(out) < n {
		b := x.Bounds
		p := geo.Point{Lon: b.Min.Lon + rng.Float64()*(b.Max.Lon-b.Min.Lon), Lat: b.Min.Lat + rng.Float64()*(b.Max.Lat-b.Min.Lat)}
		if s, ok := x.Streets.Snap(p, 200); ok {
			out = append(out, s)
		}
	}
	return out
}

// BenchmarkManyToOne200 is one recommendation on San Francisco: 200 units, one call.
func BenchmarkManyToOne200(b *testing.B) {
	x, err := osm.ReadFile(b.Context(), publicdata.File(b, tigerFile), osm.Options{})
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	units, targets := randomSnaps(x, rng, 200), randomSnaps(x, rng, 64)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		x.Streets.ManyToOne(b.Context(), units, targets[i%len(targets)])
	}
}

func BenchmarkReadFile(b *testing.B) {
	path := publicdata.File(b, tigerFile)
	for b.Loop() {
		if _, err := osm.ReadFile(b.Context(), path, osm.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
