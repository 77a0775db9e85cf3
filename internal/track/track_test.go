package track_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/track"
)

var noon = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

func at(eastM float64, after time.Duration) track.Fix {
	return track.Fix{Unit: "101", Point: geo.Point{Lon: 114.3, Lat: 30.6}.Offset(eastM, 0), At: noon.Add(after)}
}

// row is n fixes at one place, a second apart from the first second on.
func row(eastM float64, n int) []track.Fix {
	var out []track.Fix
	for i := range n {
		out = append(out, at(eastM, time.Duration(i+1)*time.Second))
	}
	return out
}

// turns is n fixes far away, by turns in the east and in the west.
func turns(n int) []track.Fix {
	out := row(90_000, n)
	for i := 1; i < n; i += 2 {
		out[i] = at(-90_000, time.Duration(i+1)*time.Second)
	}
	return out
}

// Positions come from outside: each one is believed as far as it deserves, and none is a reason to fall over.
func TestTrust(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fixes []track.Fix
		now   time.Duration
		want  track.Trust
		eastM float64
	}{
		{"a first one", []track.Fix{at(0, 0)}, time.Second, track.Trusted, 0},
		{"one that drives", []track.Fix{at(0, 0), at(600, time.Minute)}, time.Minute, track.Trusted, 600},
		{"one that stopped sending", []track.Fix{at(0, 0)}, 61 * time.Second, track.Stale, 0},
		{"one that jumps", []track.Fix{at(0, 0), at(9000, 10*time.Second)}, 10 * time.Second, track.Suspect, 9000},
		{"noise", []track.Fix{at(0, 0), at(400, time.Second)}, time.Second, track.Trusted, 400},
		{"a clock that runs ahead", []track.Fix{at(0, time.Hour)}, time.Second, track.Suspect, 0},
		{"an older one after a newer", []track.Fix{at(100, time.Minute), at(0, 0)}, time.Minute, track.Trusted, 100},
		{"a jump that is said twice", []track.Fix{at(0, 0), at(90_000, 10*time.Second), at(90_000, 20*time.Second)}, 20 * time.Second, track.Suspect, 90_000},
		{"a jump to here and then to there", []track.Fix{at(0, 0), at(90_000, time.Second), at(-900_000, 2*time.Second)}, 2 * time.Second, track.Suspect, -900_000},
		{"four that agree", append([]track.Fix{at(0, 0)}, row(90_000, 4)...), 4 * time.Second, track.Suspect, 90_000},
		{"five that agree", append([]track.Fix{at(0, 0)}, row(90_000, 5)...), 5 * time.Second, track.Trusted, 90_000},
		{"five that agree, then back", append(append([]track.Fix{at(0, 0)}, row(90_000, 5)...), at(0, 6*time.Second)), 6 * time.Second, track.Suspect, 0},
		{"the same fix again and again", append([]track.Fix{at(0, 0)}, slices.Repeat([]track.Fix{at(90_000, time.Second)}, 9)...), time.Second, track.Suspect, 90_000},
		{"two places by turns", append([]track.Fix{at(0, 0)}, turns(20)...), 20 * time.Second, track.Suspect, -90_000},
		{"it comes back from its jump", []track.Fix{at(0, 0), at(90_000, time.Second), at(10, 2*time.Second)}, 2 * time.Second, track.Trusted, 10},
		{"it had the time to drive there", []track.Fix{at(0, 0), at(9000, time.Second), at(9000, 3*time.Minute)}, 3 * time.Minute, track.Trusted, 9000},
		{"a jump after a clock that ran ahead", []track.Fix{at(0, 0), at(0, time.Hour), at(90_000, 2*time.Second)}, 2 * time.Second, track.Suspect, 90_000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := track.NewBook()
			for _, f := range tt.fixes {
				if err := b.Put(f, noon.Add(min(f.At.Sub(noon), tt.now))); err != nil {
					t.Fatal(err)
				}
			}
			f, ok := b.Get("101")
			if got := f.Trust(noon.Add(tt.now)); !ok || got != tt.want || f.Point != at(tt.eastM, 0).Point {
				t.Errorf("%s at %+v, want %s", got, f, tt.want)
			}
		})
	}
}

func TestNowhereIsRefused(t *testing.T) {
	b := track.NewBook()
	for _, p := range []geo.Point{{Lon: math.NaN(), Lat: 30}, {Lon: 114, Lat: math.Inf(1)}, {Lon: 181}, {Lat: -91}} {
		if err := b.Put(track.Fix{Unit: "101", Point: p, At: noon}, noon); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v: %v", p, err)
		}
	}
	if len(b.All()) != 0 {
		t.Errorf("kept %v", b.All())
	}
}

func TestTakeMoved(t *testing.T) {
	b := track.NewBook()
	for range 2 {
		if err := b.Put(at(0, 0), noon); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.TakeMoved(); len(got) != 1 || got[0].Unit != "101" {
		t.Errorf("moved: %v", got)
	}
	if got := b.TakeMoved(); len(got) != 0 {
		t.Errorf("moved again: %v", got)
	}
}
