package crew_test

import (
	"context"
	"testing"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/centre"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/osm"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/crew"
	"shuniu/internal/sim"
	"shuniu/internal/track"
	"shuniu/internal/unit"
)

// world is the town with its crews, on a clock that jumps.
type world struct {
	t     *testing.T
	clock *sim.Clock
	desk  *desk.Desk
	crews *crew.Crews
	track *track.Book
	town  *osm.Extract
	homes map[cad.UnitID]geo.Point
	house *joint.House
}

func dispatcher() cad.Actor { return cad.Actor{ID: "d", Role: policy.Operator} }

func newWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	ctx := context.Background()
	c, problems := centre.Load("../../../centres/yunze", centre.Options{})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	town, err := osm.ReadFile(ctx, "../../../testdata/worlds/lanhu.osm", osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, clock: sim.NewClock(time.Date(2030, 6, 7, 8, 0, 0, 0, time.UTC), nil), track: track.NewBook(), town: town,
		homes: map[cad.UnitID]geo.Point{}, house: joint.NewHouse(nil),
	}
	keys := keyfile.Memory()
	if w.desk, err = desk.Open(ctx, desk.Config{Centre: c.Centre, World: cad.Demo, Store: memstore.New(c.Centre), Keys: keys, Clock: w.clock, Policy: policy.Roles{}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.desk.Close(ctx); _ = keys.Close() })
	if err := w.desk.Watch(ctx, func(c desk.Commit) { w.house.Apply(c.Change) }); err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.Do(ctx, desk.Wish{Actor: desk.System(), Command: joint.Configure{Charter: c}}); err != nil {
		t.Fatal(err)
	}
	for _, u := range c.Units {
		if u.Home != nil {
			w.homes[u.ID] = *u.Home
		}
		w.do(joint.SayUnit{Unit: u.ID, To: "available"})
	}
	w.crews = crew.New(crew.Options{Desk: w.desk, Role: policy.Reactor, Track: w.track, Streets: town.Streets, Seed: seed})
	if err := w.crews.Watch(ctx); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) do(c joint.Command) {
	w.t.Helper()
	if _, err := w.desk.Do(context.Background(), desk.Wish{Actor: dispatcher(), Command: c}); err != nil {
		w.t.Fatalf("%s: %v", c.Verb(), err)
	}
}

// pass lets time pass, from one moment at which a crew acts to the next.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	if err := sim.Jump(context.Background(), w.clock, w.clock.Now().Add(d), w.crews); err != nil {
		w.t.Fatal(err)
	}
}

// until lets time pass until an assignment has come to a stage.
func (w *world) until(id cad.AssignmentID, stage assignment.Stage) {
	w.t.Helper()
	for range 3600 {
		if w.assignment(id).Stage == stage {
			return
		}
		w.pass(time.Second)
	}
	w.t.Fatalf("after an hour it is still %s, not %s", w.assignment(id).Stage, stage)
}

// assignment reads what the desk showed last; the desk is idle whenever a test looks.
func (w *world) assignment(id cad.AssignmentID) assignment.State { return w.house.Assignment(id) }

func (w *world) at(u cad.UnitID) geo.Point {
	w.t.Helper()
	f, ok := w.track.Get(u)
	if !ok {
		w.t.Fatalf("nobody knows where %s is", u)
	}
	return f.Point
}

func (w *world) send(i cad.IncidentID, place geo.Point, way string) {
	w.do(joint.Receive{ID: i, Type: "theft", Place: &place})
	w.do(dispatch.Send{Incident: i, Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"a" + cad.AssignmentID(i)}, Way: way})
}

func near(t *testing.T, what string, a, b geo.Point) {
	t.Helper()
	if m := geo.DistanceMeters(a, b); m > 60 {
		t.Errorf("%s is %.0f m away", what, m)
	}
}

func scene() geo.Point { return geo.Point{Lon: 118.3856, Lat: 31.2001} }

func TestCrewDrivesWorksAndComesHome(t *testing.T) {
	w := newWorld(t, 1)
	w.send("i", scene(), "one")
	w.until("ai", assignment.OnScene)
	a := w.assignment("ai")
	from, _ := w.town.Streets.Snap(w.homes["101"], 500)
	to, _ := w.town.Streets.Snap(scene(), 500)
	route, ok := w.town.Streets.Route(from, to)
	if !ok {
		t.Fatal("the town has no way from the post to the scene")
	}
	if took := a.OnSceneAt.Sub(a.EnRouteAt); took < route.Duration || took > route.Duration+5*time.Second {
		t.Errorf("the crew drove %v, the streets take %v", took, route.Duration)
	}
	if sign := a.AcknowledgedAt.Sub(a.DispatchedAt); sign < 3*time.Second || sign > 20*time.Second {
		t.Errorf("it signed after %v", sign)
	}
	near(t, "the crew on scene", w.at("101"), scene())
	w.until("ai", assignment.Cleared)
	i := w.house.Incident("i")
	if i.Phase != incident.ReportedBack || i.Final() == nil || i.Final().By != "crew-101" {
		t.Errorf("the incident is %s with %v; want the crew's final word", i.Phase, i.Feedback)
	}
	w.pass(30 * time.Minute)
	near(t, "the crew's post", w.at("101"), w.homes["101"])
	if f, _ := w.track.Get("101"); f.Trust(w.clock.Now()) != track.Trusted {
		t.Error("the position of a standing crew has become stale")
	}
}

// A crew on foot walks the way that a car would drive.
func TestCrewOnFootWalks(t *testing.T) {
	w := newWorld(t, 1)
	w.do(joint.Receive{ID: "i", Place: new(scene())})
	w.do(dispatch.Send{Incident: "i", Units: []cad.UnitID{"131"}, IDs: []cad.AssignmentID{"ai"}, Way: "one"})
	from, _ := w.town.Streets.Snap(w.homes["131"], 500)
	to, _ := w.town.Streets.Snap(scene(), 500)
	route, ok := w.town.Streets.Route(from, to)
	if !ok {
		t.Fatal("the town has no way from the post to the scene")
	}
	walk := time.Duration(route.Meters / 6000 * float64(time.Hour))
	w.until("ai", assignment.EnRoute)
	w.pass(walk / 2)
	if half, _ := w.track.Get("131"); geo.DistanceMeters(half.Point, scene()) < 10 || geo.DistanceMeters(half.Point, w.homes["131"]) < 10 {
		t.Errorf("at half time it stands at %v", half.Point)
	}
	w.pass(walk)
	a := w.assignment("ai")
	if took := a.OnSceneAt.Sub(a.EnRouteAt); took < walk-time.Second || took > walk+5*time.Second {
		t.Errorf("the crew walked %v, %v m at 6 km/h take %v", took, route.Meters, walk)
	}
}

// A crew that is ordered to stand by waits there instead of at home; ordered elsewhere on its way, it turns round.
func TestCrewStandsBy(t *testing.T) {
	w := newWorld(t, 1)
	west, east := geo.Point{Lon: 118.3856, Lat: 31.2001}, geo.Point{Lon: 118.4159, Lat: 31.1921}
	order := func(p geo.Point) {
		w.do(joint.AboutUnit{ID: "101", Name: "standby", Cmd: unit.StandBy{ID: "101", Place: p}})
	}
	order(east)
	w.pass(20 * time.Second)
	if m := geo.DistanceMeters(w.at("101"), east); m < 500 {
		t.Fatalf("it is there already: %.0f m", m)
	}
	order(west)
	w.pass(20 * time.Minute)
	near(t, "the crew on standby", w.at("101"), west)
	w.send("i", scene(), "one")
	if s := w.house.Unit("101").Standby; s != nil {
		t.Errorf("it is sent, and waits at %v", s.Place)
	}
	w.until("ai", assignment.Cleared)
	w.pass(30 * time.Minute)
	near(t, "the crew's post", w.at("101"), w.homes["101"])
	order(east)
	w.pass(20 * time.Minute)
	near(t, "the crew on standby again", w.at("101"), east)
	w.do(joint.AboutUnit{ID: "101", Name: "end_standby", Cmd: unit.EndStandby{ID: "101"}})
	w.pass(20 * time.Minute)
	near(t, "the crew's post after standby", w.at("101"), w.homes["101"])
}

// On its way a crew is on a street of its route, at the time at which it should be there.
func TestCrewIsSeenOnItsWay(t *testing.T) {
	w := newWorld(t, 1)
	w.send("i", scene(), "one")
	w.until("ai", assignment.EnRoute)
	seen := map[geo.Point]bool{}
	for w.assignment("ai").Stage == assignment.EnRoute {
		w.pass(time.Second)
		p := w.at("101")
		seen[p] = true
		if snap, ok := w.town.Streets.Snap(p, 100); !ok || snap.DistanceMeters > 60 {
			t.Fatalf("at %v it drives %v m beside every street", w.clock.Now(), snap.DistanceMeters)
		}
		if f, _ := w.track.Get("101"); f.Suspect {
			t.Fatalf("its position at %v is not believed", w.clock.Now())
		}
	}
	if len(seen) < 10 {
		t.Errorf("it was seen at %d places only", len(seen))
	}
}

func TestRecalledCrewTurnsRound(t *testing.T) {
	w := newWorld(t, 1)
	w.send("i", scene(), "one")
	w.until("ai", assignment.EnRoute)
	w.pass(30 * time.Second)
	w.do(dispatch.Recall{Incident: "i", Units: []cad.UnitID{"101"}})
	w.pass(20 * time.Minute)
	if a := w.assignment("ai"); !a.OnSceneAt.IsZero() || !a.Recalled {
		t.Errorf("it was recalled, but was on scene at %v", a.OnSceneAt)
	}
	near(t, "its post", w.at("101"), w.homes["101"])
}

func TestCrewInDangerStops(t *testing.T) {
	w := newWorld(t, 1)
	w.send("i", scene(), "one")
	w.until("ai", assignment.EnRoute)
	w.pass(30 * time.Second)
	w.do(joint.AboutUnit{ID: "101", Name: "duress", Cmd: unit.RaiseDuress{ID: "101"}})
	w.pass(time.Minute)
	stood := w.at("101")
	w.pass(20 * time.Minute)
	if w.at("101") != stood || w.assignment("ai").Stage != assignment.EnRoute {
		t.Errorf("in danger it moved from %v to %v, and is %s", stood, w.at("101"), w.assignment("ai").Stage)
	}
	words, err := w.desk.Seal(unit.Subject("101"), map[string]string{"text": "safe"})
	if err != nil {
		t.Fatal(err)
	}
	w.do(joint.AboutUnit{ID: "101", Name: "clear_duress", Cmd: unit.ClearDuress{ID: "101", Text: words}})
	w.until("ai", assignment.OnScene)
}

func TestMergedIncidentSendsTheCrewElsewhere(t *testing.T) {
	w := newWorld(t, 1)
	other := geo.Point{Lon: 118.4158, Lat: 31.1921}
	w.do(joint.Receive{ID: "j", Type: "theft", Place: &other})
	w.send("i", scene(), "one")
	w.until("ai", assignment.EnRoute)
	w.pass(30 * time.Second)
	w.do(joint.Merge{ID: "i", Into: "j"})
	w.until("ai", assignment.OnScene)
	near(t, "where the incident went", w.at("101"), other)
}

func TestCorrectedPlaceTurnsTheCrew(t *testing.T) {
	w := newWorld(t, 1)
	w.send("i", scene(), "one")
	w.until("ai", assignment.EnRoute)
	w.pass(30 * time.Second)
	better := geo.Point{Lon: 118.4158, Lat: 31.1921}
	w.do(joint.Locate{ID: "i", Place: &better})
	w.until("ai", assignment.OnScene)
	a := w.assignment("ai")
	from, _ := w.town.Streets.Snap(scene(), 500)
	to, _ := w.town.Streets.Snap(better, 500)
	if way, ok := w.town.Streets.Route(from, to); !ok || a.OnSceneAt.Sub(a.EnRouteAt) < way.Duration/2 {
		t.Errorf("it was at the new place after %v, as if it had not been driving elsewhere", a.OnSceneAt.Sub(a.EnRouteAt))
	}
	near(t, "the corrected place", w.at("101"), better)
}

func TestStationSignsBeforeItsCrew(t *testing.T) {
	w := newWorld(t, 1)
	w.send("i", scene(), "two")
	w.until("ai", assignment.Acknowledged)
	a := w.assignment("ai")
	if a.DeskSignedAt.IsZero() || a.DeskSignedAt.After(a.AcknowledgedAt) {
		t.Errorf("the station signed at %v, the crew at %v", a.DeskSignedAt, a.AcknowledgedAt)
	}
}

func TestSomebodyElsesFinalWordEndsTheWork(t *testing.T) {
	w := newWorld(t, 1)
	w.send("i", scene(), "one")
	w.until("ai", assignment.OnScene)
	w.do(joint.AboutIncident{ID: "i", Name: "feedback", Cmd: incident.GiveFeedback{ID: "i", Kind: incident.Final, Result: "resolved"}})
	w.pass(time.Minute)
	if a := w.assignment("ai"); a.Stage != assignment.Cleared {
		t.Errorf("a minute after the final word the crew is still %s", a.Stage)
	}
	if n := len(w.house.Incident("i").Feedback); n != 1 {
		t.Errorf("%d final words, want the one that was given", n)
	}
}

func TestSameSeedSameShift(t *testing.T) {
	times := func(seed uint64) [3]time.Time {
		w := newWorld(t, seed)
		w.send("i", scene(), "one")
		w.until("ai", assignment.Cleared)
		a := w.assignment("ai")
		return [3]time.Time{a.AcknowledgedAt, a.EnRouteAt, a.ClearedAt}
	}
	first := times(1)
	if again := times(1); again != first {
		t.Errorf("the same seed gave %v, then %v", first, again)
	}
	if other := times(2); other == first {
		t.Error("another seed gave the same shift")
	}
}
