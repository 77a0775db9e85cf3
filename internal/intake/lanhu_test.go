package intake_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shuniu/internal/intake"
)

// The invented day must be read without a doubt, or a demonstration would begin with an excuse.
func TestLanhuDay(t *testing.T) {
	calls, err := os.Open(filepath.FromSlash("../../testdata/worlds/lanhu-calls.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer calls.Close()
	f, err := intake.Read(context.Background(), calls, mustLoad(t, "../../centres/yunze/mapping.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.Calls); n < 390 || n > 430 || len(f.Bad)+len(f.Doubts)+f.Counts.AsPublished > 0 || f.Counts.Rows != n {
		t.Fatalf("%d calls, %+v, bad %v, doubts %v", n, f.Counts, f.Bad, f.Doubts)
	}
	types, phones := make(map[string]int), make(map[string]bool)
	start := time.Date(2030, 6, 7, 0, 0, 0, 0, time.UTC) // 08:00 in the town.
	for _, c := range f.Calls {
		types[c.Type]++
		phones[c.Caller] = true
		if c.Received.Before(start) || !c.Received.Before(start.Add(24*time.Hour)) || !c.Entry.After(c.Received) {
			t.Errorf("%s rings at %v and is entered at %v", c.ID, c.Received, c.Entry)
		}
		if p := c.Place; p == nil || p.Lon < 118.365 || p.Lon > 118.435 || p.Lat < 31.175 || p.Lat > 31.225 {
			t.Errorf("%s is out of town: %v", c.ID, c.Place)
		}
		if !strings.HasPrefix(c.Caller, "1990000") || c.Address == "" || c.Narrative == "" || strings.ContainsAny(c.Narrative, "[]|") {
			t.Errorf("%s is not whole: %+v", c.ID, c)
		}
		switch c.Priority {
		case "P1", "P2", "P3", "P4":
		default:
			t.Errorf("%s has priority %q", c.ID, c.Priority)
		}
	}
	if len(phones) != len(f.Calls) {
		t.Errorf("%d callers for %d calls", len(phones), len(f.Calls))
	}
	for _, id := range strings.Fields("knife robbery burglary bomb water missing gather dv fraud crash fight gas " +
		"noise dispute lost found theft help traffic_minor consult") {
		if types[id] == 0 {
			t.Errorf("nobody calls about %s", id)
		}
		delete(types, id)
	}
	if len(types) > 0 {
		t.Errorf("types that nobody knows: %v", types)
	}
}

// The day is what its program makes of the map today.
func TestLanhuDayIsFresh(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program")
	}
	cmd := exec.Command("go", "run", "./testdata/worlds/calls")
	cmd.Dir = filepath.FromSlash("../..")
	var problems bytes.Buffer
	cmd.Stderr = &problems
	got, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, problems.String())
	}
	want, err := os.ReadFile(filepath.FromSlash("../../testdata/worlds/lanhu-calls.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("lanhu-calls.csv is stale; run: go run ./testdata/worlds/calls > testdata/worlds/lanhu-calls.csv")
	}
}
