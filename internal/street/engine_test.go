package street_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/street"
)

// slow is a day on which primary roads are slow at eight, and slower at nine.
func slow() street.Factors {
	day := [24]float64{}
	for h := range day {
		day[h] = 1
	}
	day[8], day[9] = 0.5, 0.4
	return street.Factors{"primary": day}
}

// At any time the engine answers with the speeds of the hour where the centre lies, whether its router is ready or not;
// the next hour is ready before it comes.
func TestEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := grid(t, 12, 170)
		zone := time.FixedZone("", 8*3600)
		e := street.NewEngine(n, slow(), zone)
		defer e.Close()
		from, to := snap(t, n, 0, 0), snap(t, n, 1500, 1500)
		at := func(hour int) time.Time { return time.Date(2031, 5, 2, hour, 59, 0, 0, zone).UTC() }
		check := func(hour int, ready bool) {
			t.Helper()
			want := n.Under(street.Conditions{Factors: slow(), Hour: hour}).ManyToOne(t.Context(), []street.Snap{from}, to)[0]
			f := e.At(at(hour))
			if got := f.ManyToOne(t.Context(), []street.Snap{from}, to)[0]; got != want || !got.OK {
				t.Errorf("at %d: %+v, want %+v", hour, got, want)
			}
			if _, quick := f.(*street.Router); quick != ready || e.Ready(at(hour)) != ready {
				t.Errorf("at %d: %T", hour, f)
			}
		}
		check(7, false)
		check(8, false)
		if err := e.Prepare(t.Context(), "", at(7), nil); err != nil {
			t.Fatal(err)
		}
		check(7, true)
		synctest.Wait() // The next hour is made beside.
		check(8, true)
		synctest.Wait()
		check(9, true)
		synctest.Wait()
		check(10, true) // As every hour without a factor of its own.
		check(23, true)
		check(3, true)
		check(8, true)
		synctest.Wait()
		check(9, true)
	})
}

// Start makes the engine quick beside its caller, and Close ends it.
func TestEngineStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "streets.order")
		e := street.NewEngine(grid(t, 12, 170), nil, nil)
		defer e.Close()
		e.Start(file, time.Now())
		synctest.Wait()
		if _, err := os.Stat(file); err != nil || !e.Ready(time.Now()) {
			t.Errorf("not ready: %v", err)
		}
	})
}

// Nobody waits for an engine that is not there, was never prepared, or is closed.
func TestEngineWithout(t *testing.T) {
	var none *street.Engine
	if none.At(time.Time{}) != nil || none.Ready(time.Time{}) || none.Network() != nil || street.NewEngine(nil, nil, nil) != nil {
		t.Error("an engine without streets answers")
	}
	none.Start("", time.Time{})
	none.Close()
	if err := none.Prepare(t.Context(), "", time.Time{}, nil); err != nil {
		t.Error(err)
	}
	n := grid(t, 5, 170)
	e := street.NewEngine(n, nil, nil)
	if err := e.Prepare(cancelled(t), "", time.Time{}, nil); err == nil {
		t.Error("a cancelled preparation is no error")
	}
	e.Close()
	if r, ok := e.At(time.Time{}).Route(snap(t, n, 0, 0), snap(t, n, 680, 600)); !ok || r.Duration == 0 {
		t.Error("a closed engine knows no way")
	}
}

// What was prepared is kept for the next start. A file with damage, of another network or of another kind is said, never
// trusted, and made anew.
func TestEngineKeepsItsOrder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "streets.order")
	n := grid(t, 14, 170)
	run := func(n *street.Network) (log string) {
		t.Helper()
		var out bytes.Buffer
		e := street.NewEngine(n, nil, nil)
		e.Log = slog.New(slog.NewTextHandler(&out, nil))
		defer e.Close()
		if err := e.Prepare(t.Context(), file, time.Time{}, nil); err != nil {
			t.Fatal(err)
		}
		from, to := snap(t, n, 100, 0), snap(t, n, 900, 1000)
		if got, want := e.At(time.Time{}).ManyToOne(t.Context(), []street.Snap{from}, to), n.ManyToOne(t.Context(), []street.Snap{from}, to); got[0] != want[0] {
			t.Errorf("%+v, want %+v", got, want)
		}
		return out.String()
	}
	if log := run(n); !strings.Contains(log, "kept=false") || strings.Contains(log, "WARN") {
		t.Errorf("first start: %s", log)
	}
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if log := run(n); !strings.Contains(log, "kept=true") {
		t.Errorf("second start: %s", log)
	}
	for name, bad := range map[string][]byte{
		"a bit":   append(append([]byte(nil), good[:len(good)/2]...), append([]byte{good[len(good)/2] ^ 4}, good[len(good)/2+1:]...)...),
		"the end": good[:len(good)-9], "everything": {}, "more": append(append([]byte(nil), good...), 0),
	} {
		if err := os.WriteFile(file, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if log := run(n); !strings.Contains(log, "kept=false") || !strings.Contains(log, "WARN") {
			t.Errorf("%s is wrong: %s", name, log)
		}
		if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, good) {
			t.Errorf("%s is wrong: the file was not made anew: %v", name, err)
		}
	}
	if log := run(grid(t, 15, 170)); !strings.Contains(log, "another graph") {
		t.Errorf("another map: %s", log)
	}
	file = filepath.Join(t.TempDir(), "no", "folder", "streets.order")
	if log := run(n); !strings.Contains(log, "could not be kept") {
		t.Errorf("without a folder: %s", log)
	}
}
