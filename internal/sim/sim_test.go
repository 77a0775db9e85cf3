package sim_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/centre"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/intake"
	"shuniu/internal/joint"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/policy"
	"shuniu/internal/sim"
	"shuniu/internal/track"
)

// data is the folder of real records. Where it is absent the test is skipped, except where everything must run.
func data(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SHUNIU_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	if _, err := os.Stat(filepath.Join(dir, "sf", "calls.csv.gz")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the records of San Francisco are required here: %v", err)
		}
		t.Skipf("the records of San Francisco are not on this machine: %v", err)
	}
	return filepath.Join(dir, "sf")
}

func charter(t *testing.T, dir, data string) org.Charter {
	t.Helper()
	c, problems := centre.Load(dir, centre.Options{DataDir: data})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return c
}

func streets(t *testing.T, path string) *osm.Extract {
	t.Helper()
	x, err := osm.ReadFile(context.Background(), path, osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func calls(t *testing.T, path, mapping string) intake.File {
	t.Helper()
	m, err := intake.LoadMapping(mapping)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := intake.Read(context.Background(), bytes.NewReader(b), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The figures of the desk must be those of the file, which intake measures without any desk.
func TestReplayOfSanFrancisco(t *testing.T) {
	dir := data(t)
	file := calls(t, filepath.Join(dir, "calls.csv.gz"), "../../centres/sf/mapping.yaml")
	report, err := sim.Replay(context.Background(), sim.ReplayConfig{
		Calls: file, Charter: charter(t, "../../centres/sf", dir), Map: streets(t, filepath.Join(dir, "streets-tiger-2013.osm.gz")), Autopilot: sim.Recorded,
	})
	if err != nil {
		t.Fatal(err)
	}
	if report.Calls != 2720 || report.Incidents != 2720 || report.Assignments != 5843 || len(report.LeftOut) != 0 || len(report.Unusable) != 0 {
		t.Errorf("%d calls, %d incidents, %d assignments, %d left out, %d unusable; want 2720, 2720, 5843, 0, 0",
			report.Calls, report.Incidents, report.Assignments, len(report.LeftOut), len(report.Unusable))
	}
	// Four units never become free in the records, so their incidents cannot be closed.
	if report.Open != 4 || report.Refused["units_committed"] != 4 {
		t.Errorf("%d incidents stay open, %v refused; want the 4 whose units are never free", report.Open, report.Refused)
	}
	refused := 0
	for _, n := range report.Refused {
		refused += n
	}
	if refused > 60 {
		t.Errorf("%d recorded steps are refused: %v; the records hold 18 rows out of order", refused, report.Refused)
	}
	want := intake.Measure(file.Calls).FirstUnit
	for _, p := range []string{"P1", "P2"} {
		got := report.CallToScene[p]
		if got.N != want[p].N || got.P50 != want[p].P50.Seconds() || got.P90 != want[p].P90.Seconds() {
			t.Errorf("%s: call to scene is %+v, the file says %+v", p, got, want[p])
		}
	}
	if m := report.Model; m.N < 4000 || m.Spearman < 0.5 || m.ErrorP50 > 150 || m.NoWay > 20 {
		t.Errorf("the street model is worse than it was: %+v", m)
	}
	if !report.ReplayEqual {
		t.Error("folding the journal again gave another state")
	}
	t.Logf("%.1f s, %d records, model %+v", report.Seconds, report.Records, report.Model)
}

func town(t *testing.T) (intake.File, org.Charter, *osm.Extract) {
	t.Helper()
	return calls(t, "../../testdata/worlds/lanhu-calls.csv", "../../centres/yunze/mapping.yaml"),
		charter(t, "../../centres/yunze", ""), streets(t, "../../testdata/worlds/lanhu.osm")
}

func TestReplayOfTheTownWithCrews(t *testing.T) {
	file, c, x := town(t)
	file.Calls = file.Calls[:60]
	report, err := sim.Replay(context.Background(), sim.ReplayConfig{Calls: file, Charter: c, Map: x, Autopilot: sim.Recommended, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	all := report.CallToScene["all"]
	if report.Incidents != 60 || report.Open != 0 || all.N != 60 || report.Assignments < 60 {
		t.Errorf("%d incidents, %d open, %d reached, %d assignments; want all 60 answered and closed", report.Incidents, report.Open, all.N, report.Assignments)
	}
	if all.P50 < 60 || all.P90 > 900 {
		t.Errorf("a unit takes %v to the scene; that is no town of four kilometres", all)
	}
	if !report.ReplayEqual {
		t.Error("folding the journal again gave another state")
	}
	var b strings.Builder
	if err := report.Print(&b); err != nil || !strings.Contains(b.String(), "60 calls, 60 incidents (0 still open)") {
		t.Errorf("printed %q (%v)", b.String(), err)
	}
}

// What is odd in a file is named by its line; the list is bounded, the count is not.
func TestReplayNamesOddRows(t *testing.T) {
	_, c, _ := town(t)
	m, err := intake.LoadMapping("../../centres/yunze/mapping.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m.Unit, m.Times.OnScene, m.Times.Available = "车组", intake.Step{Column: "到场时间"}, intake.Step{Column: "结束时间"}
	text := "接警编号,经度,纬度,报警地址,警情类别,优先级,接警时间,录入时间,报警电话,报警内容,车组,到场时间,结束时间\n" +
		"1,118.4,31.2,,盗窃,P3,2030-06-07 08:00:00,,,,101,2030-06-07 08:20:00,2030-06-07 08:10:00\n" +
		"2,118.4,31.2,,外星人,P3,2030-06-07 09:00:00,2030-06-07 08:59:00,,,102,2030-06-07 09:20:00,2030-06-07 09:30:00\n"
	for i := range 250 {
		text += fmt.Sprintf("n%d,118.4,31.2,,外星人,P3,2030-06-07 10:00:00,,,,,,\n", i)
	}
	file, err := intake.Read(context.Background(), strings.NewReader(text), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	report, err := sim.Replay(context.Background(), sim.ReplayConfig{Calls: file, Charter: c})
	if err != nil {
		t.Fatal(err)
	}
	want := []sim.BadRow{{Line: 2, Field: "times", Reason: "available is earlier than on_scene"}, {Line: 3, Field: "times", Reason: "entry is earlier than received"}}
	if report.Disorder.N != 2 || !slices.Equal(report.Disorder.Rows, want) {
		t.Errorf("out of order: %+v", report.Disorder)
	}
	if u := report.Unknown; u.N != 251 || len(u.Rows) != 200 || u.Rows[0].Line != 3 || u.Rows[0].Field != "type" {
		t.Errorf("unknown types: %d, %d rows, %+v", u.N, len(u.Rows), u.Rows[:min(1, len(u.Rows))])
	}
}

func TestReplayCountsWhatItCannotSend(t *testing.T) {
	_, c, _ := town(t)
	at := time.Date(2030, 6, 7, 1, 0, 0, 0, time.UTC)
	file := intake.File{
		Calls: []intake.Call{{ID: "1", Type: "theft", Received: at, Units: []intake.UnitRecord{
			{Unit: "101", Dispatch: at.Add(time.Minute), EnRoute: at.Add(2 * time.Minute), OnScene: at.Add(5 * time.Minute), Available: at.Add(time.Hour)},
			{Unit: "999", Dispatch: at.Add(time.Minute)},
			{Unit: "701", Dispatch: at.Add(time.Minute)},
			{Unit: "102"},
		}}},
		Bad: []intake.BadRow{{Line: 3, Field: "times.received", Reason: "the row has no received time"}},
	}
	report, err := sim.Replay(context.Background(), sim.ReplayConfig{Calls: file, Charter: c})
	if err != nil {
		t.Fatal(err)
	}
	if report.Disorder.N != 0 || report.Disorder.Rows == nil || report.Unknown.N != 0 {
		t.Errorf("out of order %+v, unknown %+v; want none", report.Disorder, report.Unknown)
	}
	reasons := map[string]string{}
	for _, l := range report.LeftOut {
		reasons[l.Unit] = l.Reason
	}
	if len(reasons) != 3 || reasons["999"] != "the centre has no such unit" || reasons["701"] != "the centre never sends this unit" || reasons["102"] != "no time of dispatch is recorded" {
		t.Errorf("left out: %v", reasons)
	}
	if len(report.Unusable) != 1 || report.Unusable[0].Line != 3 {
		t.Errorf("unusable: %v", report.Unusable)
	}
	if report.Assignments != 1 || report.Open != 0 || report.CallToScene["all"].P50 != 300 {
		t.Errorf("%d assignments, %d open, %v to the scene; want 1, 0, 300 s", report.Assignments, report.Open, report.CallToScene)
	}
}

// world is a small world with a desk and a clock that stands still.
type world struct {
	t     *testing.T
	clock *sim.Clock
	desk  *desk.Desk
	board *board.Board
	file  intake.File
	town  *osm.Extract
}

func pilot() cad.Actor { return cad.Actor{ID: "autopilot", Role: policy.Reactor} }

func newWorld(t *testing.T) *world {
	t.Helper()
	file, c, x := town(t)
	w := newWorldOf(t, c, x)
	w.file = file
	return w
}

// newWorldOf is a world of any centre, a minute before the town's first recorded call.
func newWorldOf(t *testing.T, c org.Charter, x *osm.Extract) *world {
	t.Helper()
	w := &world{t: t, clock: sim.NewClock(time.Date(2030, 6, 6, 23, 59, 15, 0, time.UTC), nil), town: x}
	keys := keyfile.Memory()
	var err error
	w.desk, err = desk.Open(context.Background(), desk.Config{Centre: c.Centre, World: cad.Demo, Store: memstore.New(c.Centre), Keys: keys, Clock: w.clock, Policy: policy.Roles{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.desk.Close(context.Background()); _ = keys.Close() })
	w.board = board.New(policy.Roles{}, w.desk)
	if err := w.desk.Watch(context.Background(), func(c desk.Commit) {
		if _, err := w.board.Apply(c.Change, c.Reset); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	w.do(desk.System(), joint.Configure{Charter: c})
	for _, u := range c.Units {
		w.do(pilot(), joint.SayUnit{Unit: u.ID, To: "available"})
	}
	return w
}

func (w *world) do(by cad.Actor, c joint.Command) {
	w.t.Helper()
	if _, err := w.desk.Do(context.Background(), desk.Wish{Actor: by, Command: c}); err != nil {
		w.t.Fatalf("%s: %v", c.Verb(), err)
	}
}

func (w *world) incident(id cad.IncidentID) (s incident.State) {
	w.board.Look(func(h *joint.House) { s = h.Incident(id) })
	return s
}

func (w *world) count() (n int64) {
	w.board.Look(func(h *joint.House) { n = h.Count })
	return n
}

func (w *world) script(loop bool) *sim.Script {
	return sim.NewScript(sim.ScriptOptions{Desk: w.desk, Actor: pilot(), Calls: w.file.Calls[:20], Streets: w.town.Streets, Loop: loop})
}

func (w *world) jump(to time.Time, s ...sim.Stepper) {
	w.t.Helper()
	if err := sim.Jump(context.Background(), w.clock, to, s...); err != nil {
		w.t.Fatal(err)
	}
}

func TestScriptGoesOnFromWhereItStopped(t *testing.T) {
	w := newWorld(t)
	half := w.file.Calls[10].Received
	w.jump(half, w.script(false))
	if n := w.count(); n != 11 {
		t.Fatalf("%d incidents after eleven calls", n)
	}
	seq := w.desk.Head()
	again := w.script(false)
	again.Start(half.Add(-5 * time.Minute)) // A restart overlaps a little.
	w.jump(half, again)
	if w.desk.Head() != seq {
		t.Errorf("what was played before was played again: the journal grew from %d to %d", seq, w.desk.Head())
	}
	w.jump(time.Time{}, again)
	if n := w.count(); n != 20 {
		t.Errorf("%d incidents after all twenty calls", n)
	}
}

func TestScriptBeginsAgainADayLater(t *testing.T) {
	w := newWorld(t)
	s := w.script(true)
	w.jump(w.file.Calls[10].Received.Add(24*time.Hour), s)
	if n := w.count(); n != 31 {
		t.Fatalf("%d incidents a day after the eleventh call; want the twenty, and eleven of them again", n)
	}
	if at, ok := s.Next(); !ok || at.Before(w.clock.Now()) {
		t.Errorf("the script goes on at %v (%v), which is past", at, ok)
	}
}

// Whoever holds an incident, or commands it himself, decides alone.
func TestAutopilotLeavesAloneWhatAPersonHolds(t *testing.T) {
	w := newWorld(t)
	steered, err := sim.NewWorld(sim.WorldOptions{Clock: w.clock, Board: w.board, Autopilot: "recommended"})
	if err != nil {
		t.Fatal(err)
	}
	auto := sim.NewAutopilot(sim.AutopilotOptions{
		Desk: w.desk, Board: w.board, Track: track.NewBook(), Streets: w.town.Streets, Actor: pilot(), Sends: true, Leave: steered.Held, Seed: 1,
	})
	if err := auto.Watch(context.Background()); err != nil {
		t.Fatal(err)
	}
	place := geo.Point{Lon: 118.39, Lat: 31.2}
	for _, id := range []cad.IncidentID{"held", "free"} {
		w.do(pilot(), joint.Receive{ID: id, Type: "theft", Place: &place})
	}
	w.do(cad.Actor{ID: "visitor", Role: policy.Commander}, joint.Receive{ID: "own", Type: "theft", Place: &place})
	if err := steered.Take(context.Background(), "held"); err != nil {
		t.Fatal(err)
	}
	steered.SetSpeed(0) //nolint:errcheck // Checked elsewhere.
	for range 20 {
		if err := auto.Run(context.Background(), w.clock.Now()); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(w.clock.Now().Add(time.Minute))
	}
	if s := w.incident("free"); s.Phase != incident.InWork {
		t.Errorf("the autopilot's own incident is %s, want in work", s.Phase)
	}
	for _, id := range []cad.IncidentID{"held", "own"} {
		if s := w.incident(id); s.Phase != incident.Classified {
			t.Errorf("%s is %s; nobody but the visitor may send to it", id, s.Phase)
		}
	}
	if err := steered.Release(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := auto.Run(context.Background(), w.clock.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if s := w.incident("held"); s.Phase != incident.InWork {
		t.Errorf("after its release the incident is %s, want in work", s.Phase)
	}
}

func TestHoldingSlowsTheWorld(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	steered, err := sim.NewWorld(sim.WorldOptions{Clock: w.clock, Board: w.board, Speed: 10, Autopilot: "off"})
	if err != nil {
		t.Fatal(err)
	}
	w.do(pilot(), joint.Receive{ID: "i"})
	steered.Go()
	if got := steered.State(); got.Speed != 10 || got.Holding != "" {
		t.Fatalf("the world runs as %+v, want ten times ours", got)
	}
	if err := steered.Take(ctx, "nobody"); err == nil {
		t.Error("an incident that does not exist was taken")
	}
	if err := steered.Take(ctx, "i"); err != nil {
		t.Fatal(err)
	}
	if err := steered.SetSpeed(20); err != nil {
		t.Fatal(err)
	}
	if got := steered.State(); got.Speed != 1 || got.Holding != "i" {
		t.Errorf("while an incident is held the world runs as %+v, want as in life", got)
	}
	if err := steered.Release(ctx); err != nil {
		t.Fatal(err)
	}
	if got := steered.State(); got.Speed != 20 || got.Holding != "" {
		t.Errorf("afterwards the world runs as %+v, want twenty times ours", got)
	}
	for _, bad := range []float64{-1, 601, math.NaN(), math.Inf(1)} {
		if err := steered.SetSpeed(bad); err == nil {
			t.Errorf("the speed %v was taken", bad)
		}
	}
}

func TestClock(t *testing.T) {
	at := time.Date(2030, 6, 7, 8, 0, 0, 0, time.UTC)
	machine := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := sim.NewClock(at, func() time.Time { return machine })
	pass := func(d time.Duration) { machine = machine.Add(d) }
	for _, step := range []struct {
		name string
		do   func()
		want time.Duration // Since at.
	}{
		{"stands still at first", func() { pass(time.Hour) }, 0},
		{"runs ten times as fast", func() { c.SetSpeed(10); pass(time.Second) }, 10 * time.Second},
		{"keeps its time when the speed changes", func() { c.SetSpeed(1) }, 10 * time.Second},
		{"runs as ours", func() { pass(time.Second) }, 11 * time.Second},
		{"is put forward", func() { c.Advance(at.Add(time.Minute)) }, time.Minute},
		{"never goes back", func() { c.Advance(at) }, time.Minute},
		{"stands still below nothing", func() { c.SetSpeed(-5); pass(time.Hour) }, time.Minute},
	} {
		step.do()
		if got := c.Now().Sub(at); got != step.want {
			t.Errorf("%s: %v has passed, want %v", step.name, got, step.want)
		}
	}
}

type stuck struct{ at time.Time }

func (s stuck) Next() (time.Time, bool) { return s.at, true }

func (stuck) Run(context.Context, time.Time) error { return nil }

func TestJumpNoticesThatTheWorldIsStuck(t *testing.T) {
	at := time.Date(2030, 6, 7, 8, 0, 0, 0, time.UTC)
	if err := sim.Jump(context.Background(), sim.NewClock(at, nil), at.Add(time.Hour), stuck{at}); err == nil {
		t.Error("a world that does the same for ever was taken for played out")
	}
}
