package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// short is a bench that lasts long enough to prove that it measures, and proves nothing about speed.
func short(t *testing.T, out *bytes.Buffer) Options {
	t.Helper()
	return Options{
		Out: out, Dir: t.TempDir(), Seconds: 0.3, Quiet: true, step: 300 * time.Millisecond, top: 200,
		Sizes: Sizes{Callers: 8, Open: 40, Clients: 12, Units: 20, Facts: 400, Scale: 1},
	}
}

// lines reads what a bench printed, and checks that its files are gone.
func lines(t *testing.T, o Options, out *bytes.Buffer) []map[string]any {
	t.Helper()
	if left, err := os.ReadDir(o.Dir); err != nil || len(left) > 0 {
		t.Errorf("the bench left %v behind (%v)", left, err)
	}
	var all []map[string]any
	for s := bufio.NewScanner(out); s.Scan(); {
		var x map[string]any
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			t.Fatalf("%v: %s", err, s.Bytes())
		}
		machine, _ := x["machine"].(map[string]any)
		if machine["cores"] == nil || machine["kernel"] == "" || machine["disk_fs"] == "" || x["sizes"] == nil {
			t.Errorf("a figure without its machine or sizes: %v", x)
		}
		all = append(all, x)
	}
	return all
}

// positive checks figures that cannot be zero when something was measured.
func positive(t *testing.T, x map[string]any, names ...string) {
	t.Helper()
	for _, n := range names {
		if v, ok := x[n].(float64); !ok || v <= 0 {
			t.Errorf("%v: %s is %v", x["bench"], n, x[n])
		}
	}
}

func TestCommands(t *testing.T) {
	var out bytes.Buffer
	o := short(t, &out)
	if err := Commands(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := lines(t, o, &out)
	if len(got) != 4 {
		t.Fatalf("lines: %v", got)
	}
	for i, want := range []struct {
		work    string
		callers float64
		facts   float64 // Facts a command at least: one that was counted and not stored would show here.
	}{{"calls", 1, 4}, {"lives", 1, 1}, {"calls", 8, 4}, {"lives", 8, 1}} {
		x := got[i]
		if x["work"] != want.work || x["callers"] != want.callers {
			t.Errorf("line %d is of %v by %v", i, x["work"], x["callers"])
		}
		positive(t, x, "commands", "commands_per_s", "appends_per_s", "commands_per_append", "cpu_us_per_command", "p50_ms", "p99_ms")
		if x["records_per_command"].(float64) < want.facts {
			t.Errorf("%s: %v facts a command", want.work, x["records_per_command"])
		}
	}
	positive(t, got[2], "bare_rows_per_s", "records_to_bare_rows")
	if got[2]["commands_per_append"].(float64) <= got[0]["commands_per_append"].(float64) {
		t.Errorf("8 callers share no append: %v", got[2])
	}
}

func TestAgainstPostgres(t *testing.T) {
	if postgresBin() == "" {
		t.Skip("skipped: PostgreSQL is not installed")
	}
	var out bytes.Buffer
	o := short(t, &out)
	o.Quiet, o.Seconds = false, 1
	if err := os.Chmod(filepath.Dir(o.Dir), 0o755); err != nil { // The server has a user of its own.
		t.Fatal(err)
	}
	if err := Commands(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := lines(t, o, &out)
	x := got[len(got)-1]
	if x["pgbench_skipped"] != nil {
		t.Skipf("skipped: %v", x["pgbench_skipped"])
	}
	positive(t, x, "pgbench_tps", "ratio_to_pgbench")
	if all, _ := x["pgbench_tps_all"].([]any); len(all) != 2 {
		t.Errorf("pgbench ran %v", x["pgbench_tps_all"])
	}
}

func TestHTTP(t *testing.T) {
	var out bytes.Buffer
	o := short(t, &out)
	if err := HTTP(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := lines(t, o, &out)
	if len(got) != 1 {
		t.Fatalf("lines: %v", got)
	}
	positive(t, got[0], "creates", "creates_per_s", "steady_p50_ms", "steady_p99_ms", "list_first_ms", "list_p50_ms", "list_bytes")
}

func TestStream(t *testing.T) {
	var out bytes.Buffer
	o := short(t, &out)
	o.Seconds = 1
	var said []string
	o.Log = func(s string) { said = append(said, s) }
	if err := Stream(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := lines(t, o, &out)
	if len(got) != 1 {
		t.Fatalf("lines: %v", got)
	}
	x := got[0]
	positive(t, x, "changes", "p50_ms", "p99_ms", "sustained_per_s", "trivial_sustained_per_s")
	if x["missed"] != 0.0 || x["seen"] != x["changes"].(float64)*12 {
		t.Errorf("12 screens: %v changes, %v seen, %v missed\n%s", x["changes"], x["seen"], x["missed"], strings.Join(said, "\n"))
	}
}

// A screen that misses a change, or whose frames do not follow each other, must be counted as one that missed.
func TestStreamCountsWhatIsMissed(t *testing.T) {
	at := time.Unix(100, 0)
	moments := []moment{{seq: 3, due: at}, {seq: 5, due: at}, {seq: 9, due: at}}
	for _, tt := range []struct {
		name         string
		frames       []frame
		broken       bool
		seen, missed int
	}{
		{"all at once", []frame{{prev: 2, seq: 9}}, false, 3, 0},
		{"one by one", []frame{{prev: 2, seq: 3}, {prev: 3, seq: 5}, {prev: 5, seq: 9}}, false, 3, 0},
		{"the last is missing", []frame{{prev: 2, seq: 5}}, false, 2, 1},
		{"one in the middle is missing", []frame{{prev: 2, seq: 3}, {prev: 6, seq: 9}}, false, 2, 1},
		{"frames that do not follow", []frame{{prev: 2, seq: 9}}, true, 0, 3},
		{"none", nil, false, 0, 3},
	} {
		var out seen
		(&screen{frames: tt.frames, broken: tt.broken}).count(&out, moments, true)
		if out.seen != tt.seen || out.missed != tt.missed || len(out.took) != tt.seen {
			t.Errorf("%s: %d seen, %d missed, %d timed", tt.name, out.seen, out.missed, len(out.took))
		}
	}
}

func TestRecommend(t *testing.T) {
	var out bytes.Buffer
	o := short(t, &out)
	if err := Recommend(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := lines(t, o, &out)
	if len(got) != 1 {
		t.Fatalf("lines: %v", got)
	}
	positive(t, got[0], "p50_ms", "p99_ms", "computed_p50_ms", "by_air_p50_ms", "against_by_air", "dijkstra_p50_ms", "dijkstra_against_whole")
	if filled, _ := got[0]["with_all_slots"].(float64); filled < askedPlaces/2 { // A station of few crews may have none left to go.
		t.Errorf("%v of %d places got all six units", filled, askedPlaces)
	}
}

func TestCallers(t *testing.T) {
	var out bytes.Buffer
	o := short(t, &out)
	if err := Callers(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := lines(t, o, &out)
	if len(got) != 1 {
		t.Fatalf("lines: %v", got)
	}
	positive(t, got[0], "calls_per_s", "calls_per_s_storm", "copy_per_s", "ratio_to_copy")
}

func TestStart(t *testing.T) {
	var out bytes.Buffer
	o := short(t, &out)
	if err := Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := lines(t, o, &out)
	if len(got) != 1 {
		t.Fatalf("lines: %v", got)
	}
	positive(t, got[0], "start_s", "start_without_snapshot_s", "heap_mb", "made_facts_per_s")
	if facts, _ := got[0]["facts"].(float64); facts < 400 {
		t.Errorf("started with %v facts, not 400", facts)
	}
}

func TestReplay(t *testing.T) {
	var out bytes.Buffer
	o := short(t, &out)
	err := Replay(t.Context(), o, "calls", func(context.Context) (func(context.Context) (Played, error), error) {
		return func(context.Context) (Played, error) { return Played{Calls: 3, Incidents: 2}, nil }, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(t, o, &out); len(got) != 1 || got[0]["incidents"] != 2.0 || got[0]["replay_s"] == nil {
		t.Errorf("printed %v", got)
	}
	failed := errors.New("no such file")
	if err := Replay(t.Context(), o, "calls", func(context.Context) (func(context.Context) (Played, error), error) { return nil, failed }); !errors.Is(err, failed) || out.Len() > 0 {
		t.Errorf("a replay that cannot be loaded: %v, printed %q", err, out.String())
	}
}

func TestQuantiles(t *testing.T) {
	var s spread
	for i := 100; i > 0; i-- {
		s = append(s, time.Duration(i)*time.Millisecond)
	}
	if s.ms(0.50) != 51 || s.ms(0.99) != 100 || s.ms(1) != 100 || spread(nil).ms(0.5) != 0 {
		t.Errorf("quantiles: %v %v %v", s.ms(0.50), s.ms(0.99), s.ms(1))
	}
	if median([]float64{4, 1}) != 2.5 || median([]float64{3, 9, 1}) != 3 || median(nil) != 0 {
		t.Error("median")
	}
}

func TestCover(t *testing.T) {
	var out bytes.Buffer
	o := short(t, &out)
	if err := Cover(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := lines(t, o, &out)
	if len(got) != 1 {
		t.Fatalf("lines: %v", got)
	}
	positive(t, got[0], "changes", "refresh_p50_ms", "refresh_p99_ms", "row_p50_ms", "row_dijkstra_ms", "picture_and_losses_ms", "ratio_to_dijkstra")
}
