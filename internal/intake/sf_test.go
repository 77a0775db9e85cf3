package intake_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"shuniu/internal/intake"
)

// sanFrancisco opens the recorded calls of San Francisco, which are not part of the source.
func sanFrancisco(t *testing.T) *os.File {
	t.Helper()
	dir := os.Getenv("SHUNIU_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "sf", "calls.csv.gz"))
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") != "true" {
		t.Skipf("the recorded calls of San Francisco are not here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func mustLoad(t *testing.T, path string) intake.Mapping {
	t.Helper()
	m, err := intake.LoadMapping(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The figures were counted from the same file by other means (a script that shares no code with this
// package), so they prove the reading, not only that it does not change.
func TestSanFranciscoIsReadInFull(t *testing.T) {
	var last intake.Progress
	file, err := intake.Read(context.Background(), sanFrancisco(t), mustLoad(t, "../../centres/sf/mapping.yaml"),
		func(p intake.Progress) { last = p })
	if err != nil {
		t.Fatal(err)
	}
	want := intake.Counts{
		Rows: 5843, Usable: 5843, Units: 5843,
		Disorder: 18, NoEnRoute: 163, NoOnScene: 1162, NoAvailable: 4,
	}
	if file.Counts != want {
		t.Errorf("counted %+v\nwant    %+v", file.Counts, want)
	}
	if last.Rows != 5843 || last.Bad != 0 {
		t.Errorf("the last report of progress was %+v", last)
	}
	if len(file.Calls) != 2720 || len(file.Bad) != 0 || len(file.Doubts) != 0 {
		t.Errorf("%d calls, %d bad rows, %d doubts; want 2720, 0, 0", len(file.Calls), len(file.Bad), len(file.Doubts))
	}
	names := make(map[string]bool)
	most := 0
	for i, c := range file.Calls {
		if i > 0 && c.Received.Before(file.Calls[i-1].Received) {
			t.Fatalf("call %s comes before an earlier one", file.Calls[i-1].ID)
		}
		if p := c.Place; p == nil || p.Lon < -122.52 || p.Lon > -122.3 || p.Lat < 37.6 || p.Lat > 37.85 {
			t.Errorf("call %s is not in San Francisco: %v", c.ID, p)
		}
		most = max(most, len(c.Units))
		for _, u := range c.Units {
			names[u.Unit] = true
		}
	}
	if len(names) != 173 || most != 23 {
		t.Errorf("%d units, at most %d on one call; want 173 and 23", len(names), most)
	}
}

func TestSanFranciscoIntervals(t *testing.T) {
	file, err := intake.Read(context.Background(), sanFrancisco(t), mustLoad(t, "../../centres/sf/mapping.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := intake.Measure(file.Calls)
	for _, tt := range []struct {
		name        string
		got         intake.Span
		n, p50, p90 int // Seconds.
	}{
		{"received to entry", s.ReceivedToEntry, 5843, 71, 162},
		{"entry to dispatch", s.EntryToDispatch, 5843, 33, 177},
		{"dispatch to en route", s.DispatchToEnRoute, 5680, 48, 124},
		{"en route to on scene", s.EnRouteToOnScene, 4681, 226, 748},
		{"received to on scene", s.ReceivedToOnScene, 4681, 440, 1068},
		{"first unit, P1", s.FirstUnit["P1"], 1543, 323, 504},
	} {
		want := intake.Span{N: tt.n, P50: time.Duration(tt.p50) * time.Second, P90: time.Duration(tt.p90) * time.Second}
		if tt.got != want {
			t.Errorf("%s: %+v, want %+v", tt.name, tt.got, want)
		}
	}
	// The busiest hour is the first of the new year, by the clock of San Francisco.
	if want := time.Date(2017, 1, 1, 8, 0, 0, 0, time.UTC); !s.BusiestHour.Equal(want) || s.BusiestHourRecords != 91 {
		t.Errorf("busiest hour %v with %d records, want %v with 91", s.BusiestHour, s.BusiestHourRecords, want)
	}
	if s.CommittedUnitsMax != 60 || s.OpenCallsMax != 44 {
		t.Errorf("at most %d units and %d calls, want 60 and 44", s.CommittedUnitsMax, s.OpenCallsMax)
	}
}
