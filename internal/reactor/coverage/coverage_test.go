package coverage_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/demand"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/org"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/coverage"
	"shuniu/internal/track"
	"shuniu/internal/unit"
)

func name(s string) org.Name { return org.Name{"zh": s, "en": s} }

// at is a place on the equator, km east of Greenwich.
func at(km float64) geo.Point { return geo.Point{}.Offset(km*1000, 0) }

// charter is two stations side by side, each 4 km wide, with two patrol cars at the first and one at the second, and a
// post far in the east of the second. At 30 km/h a car is 2.5 km away in 300 s.
func charter() org.Charter {
	area := func(w, e float64) geo.MultiPolygon {
		a, b := at(w).Offset(0, -500), at(e).Offset(0, 500)
		return geo.MultiPolygon{{{a, {Lon: b.Lon, Lat: a.Lat}, b, {Lon: a.Lon, Lat: b.Lat}, a}}}
	}
	place := func(km float64) *geo.Point { p := at(km); return &p }
	return org.Charter{
		Centre: "test",
		Settings: org.Settings{
			ForgetAfterDays: 1, Name: name("试"), BorderWithinM: 200, Bounds: [4]float64{0, -0.1, 0.1, 0.1}, Results: []org.Item{{ID: "settled", Name: name("已处理")}},
			Posts: []org.Post{{ID: "east", Name: name("东"), Place: at(7)}},
		},
		Grades: []org.Grade{{ID: "P1", Name: name("P1")}},
		Kinds:  []org.Kind{{ID: "car", Name: name("车巡"), Patrol: true}},
		Orgs:   []org.Org{{ID: "st1", Kind: "station", Name: name("汀兰所"), Place: place(2), Area: area(0, 4)}, {ID: "st2", Kind: "station", Name: name("柳堰所"), Place: place(6), Area: area(4, 8)}},
		Units: []org.UnitSpec{
			{ID: "101", CallSign: "101", Kind: "car", Dispatchable: true, Officers: 2, Sworn: 1, Home: place(2)},
			{ID: "102", CallSign: "102", Kind: "car", Dispatchable: true, Officers: 2, Sworn: 1, Home: place(2)},
			{ID: "103", CallSign: "103", Kind: "car", Dispatchable: true, Officers: 2, Sworn: 1, Home: place(6)},
		},
		Types: []org.Type{{ID: "theft", Name: name("盗窃"), Priority: "P1", Need: []org.Need{{Slot: "near", Count: 1}}}},
		Cover: []org.CoverClass{{ID: "patrol", Name: name("巡逻"), Slot: "near", StandardS: 300}},
	}
}

// town is a desk with its reactor, in time that a test lets pass.
type town struct {
	t       *testing.T
	desk    *desk.Desk
	reactor *coverage.Reactor
	track   *track.Book
	notices []coverage.Notice
}

func newTown(t *testing.T, ch org.Charter, o coverage.Options) *town {
	t.Helper()
	ctx := t.Context()
	keys := keyfile.Memory()
	d, err := desk.Open(ctx, desk.Config{Centre: ch.Centre, World: cad.Drill, Store: memstore.New(ch.Centre), Keys: keys, Policy: policy.Roles{}})
	if err != nil {
		t.Fatal(err)
	}
	tn := &town{t: t, desk: d, track: track.NewBook()}
	o.Desk, o.Track, o.Actor = d, tn.track, cad.Actor{ID: "coverage", Role: policy.Reactor}
	o.Told = func(n coverage.Notice) { tn.notices = append(tn.notices, n) }
	tn.reactor = coverage.New(o)
	if _, err := d.Do(ctx, desk.Wish{Actor: desk.System(), Command: joint.Configure{Charter: ch}}); err != nil {
		t.Fatal(err)
	}
	for _, u := range ch.Units {
		tn.do(joint.SayUnit{Unit: u.ID, To: "available"})
	}
	if err := tn.reactor.Watch(ctx); err != nil {
		t.Fatal(err)
	}
	follow, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tn.reactor.Follow(follow)
	}()
	t.Cleanup(func() {
		stop()
		<-done
		_ = d.Close(context.WithoutCancel(ctx))
		_ = keys.Close()
	})
	return tn
}

func (tn *town) do(c joint.Command) {
	tn.t.Helper()
	role := policy.Operator
	if _, ok := c.(joint.RaiseAlarm); ok {
		role = policy.Reactor
	}
	if _, err := tn.desk.Do(tn.t.Context(), desk.Wish{Actor: cad.Actor{ID: "d", Role: role}, Command: c}); err != nil {
		tn.t.Fatalf("%s: %v", c.Verb(), err)
	}
}

// pass lets time pass.
func (tn *town) pass(d time.Duration) {
	<-time.NewTimer(d).C
	synctest.Wait()
}

func (tn *town) view() *coverage.View {
	tn.t.Helper()
	v, ok := tn.reactor.View()
	if !ok || !v.Ready {
		tn.t.Fatal("there is no whole picture")
	}
	return v
}

func (tn *town) area(id cad.OrgID) cover.AreaCover {
	tn.t.Helper()
	for _, a := range tn.view().Areas {
		if a.Area == id {
			return a
		}
	}
	tn.t.Fatalf("%s is not in the picture", id)
	return cover.AreaCover{}
}

// A unit that is sent away leaves its area thin, the next one void; what comes free fills it again.
func TestPictureFollowsTheDesk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tn := newTown(t, charter(), coverage.Options{})
		tn.pass(time.Second)
		v := tn.view()
		if !v.Straight || v.Demand.Source != "even" || v.Classes[0].Free != 3 || v.AsOf != tn.desk.Head() {
			t.Errorf("%+v %+v", v.Picture, v.Demand)
		}
		if a := tn.area("st1"); a.State != cover.OK || a.Within != 2 {
			t.Errorf("at first %+v", a)
		}
		if l, ok := tn.reactor.Loss("103"); !ok || len(l.Voids) != 1 || l.Voids[0].Area != "st2" || l.Seconds <= 0 || l.Calls <= 0 {
			t.Errorf("without 103: %+v, %v", l, ok)
		}
		p := at(1)
		tn.do(joint.Receive{ID: "i", Type: "theft", Place: &p})
		tn.do(dispatch.Send{Incident: "i", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"a1"}, Way: "one"})
		tn.pass(time.Second)
		if a := tn.area("st1"); a.State != cover.Thin || tn.view().Since[cover.Void{Area: "st1", Class: "patrol"}].IsZero() {
			t.Errorf("after 101 went: %+v", a)
		}
		if l, ok := tn.reactor.Loss("101"); !ok || l.Seconds != 0 {
			t.Errorf("a busy unit costs %+v, %v", l, ok)
		}
		tn.do(dispatch.Send{Incident: "i", Units: []cad.UnitID{"102"}, IDs: []cad.AssignmentID{"a2"}, Way: "one"})
		tn.pass(time.Second)
		if a := tn.area("st1"); a.State != cover.Bare || a.ByPlan {
			t.Errorf("after 102 went: %+v", a)
		}
		if n := tn.notices[len(tn.notices)-1]; n.Voids != 1 {
			t.Errorf("the screens are told of %d voids", n.Voids)
		}
		tn.do(joint.SayUnit{Unit: "103", To: "off_duty"})
		tn.pass(time.Second)
		if c := tn.view().Classes[0]; c.Free != 0 || c.Units != 2 || c.ExpectedS != cover.MissingS {
			t.Errorf("with nobody left: %+v", c)
		}
		if len(tn.view().Moves) > 0 {
			t.Error("somebody is to move, and nobody is free")
		}
	})
}

// alarms lists the facts about alarms in the journal, by type.
func (tn *town) alarms() (out []string) {
	tn.t.Helper()
	if err := tn.desk.Read(tn.t.Context(), 0, func(k desk.Told) bool {
		if kind, _, _ := strings.Cut(k.Record.Type, "."); kind == "alarm" {
			out = append(out, k.Record.Type)
		}
		return true
	}); err != nil {
		tn.t.Fatal(err)
	}
	return out
}

func (tn *town) expect(when string, want ...string) {
	tn.t.Helper()
	if got := tn.alarms(); !slices.Equal(got, want) {
		tn.t.Errorf("%s the journal says %v, want %v", when, got, want)
	}
}

// A void is an alarm when it has lasted a minute, and is over when it has been over for a minute; a unit that is there for
// half of one changes nothing. Seen to fail without the hold, at both ends.
func TestVoidIsAnAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tn := newTown(t, charter(), coverage.Options{})
		tn.pass(2 * time.Minute)
		tn.expect("in order")
		leave := func() { tn.do(joint.SayUnit{Unit: "103", To: "unavailable"}) }
		back := func() { tn.do(joint.SayUnit{Unit: "103", To: "available"}) }
		leave()
		tn.pass(30 * time.Second)
		back()
		tn.pass(2 * time.Minute)
		tn.expect("after half a minute without anybody")
		leave()
		tn.pass(62 * time.Second)
		tn.expect("after a minute without anybody", "alarm.raised")
		back()
		tn.pass(30 * time.Second)
		leave()
		tn.pass(10 * time.Minute)
		tn.expect("after half a minute with somebody", "alarm.raised")
		back()
		tn.pass(62 * time.Second)
		tn.expect("after a minute with somebody", "alarm.raised", "alarm.cleared")
		leave()
		tn.pass(62 * time.Second)
		tn.expect("the next time", "alarm.raised", "alarm.cleared", "alarm.raised")
		var said alarm.RaisedFact
		if err := tn.desk.Read(tn.t.Context(), 0, func(k desk.Told) bool {
			if k.Record.Type == "alarm.raised" {
				return json.Unmarshal(k.Record.Data, &said) == nil
			}
			return true
		}); err != nil || said.Detail.StandardS != 300 || said.Detail.Units != 0 || said.Detail.NearestS < 400 || said.Detail.NearestS > 560 {
			t.Errorf("%+v, %v: of two free cars in the city none stands in st2, and the nearest is 4 km from its middle", said.Detail, err)
		}
		head := tn.desk.Head()
		tn.pass(time.Hour)
		if tn.desk.Head() != head {
			t.Error("a void that lasts is written down again and again")
		}
	})
}

// An alarm that stands in the journal is taken up by a reactor that begins later: it is not raised twice, and ended.
func TestAlarmIsTakenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tn := newTown(t, charter(), coverage.Options{})
		tn.do(joint.RaiseAlarm{ID: "old", Kind: alarm.Void, Area: "st2", Class: "patrol"})
		tn.do(joint.RaiseAlarm{ID: "gone", Kind: alarm.Void, Area: "st2", Class: "boats"})
		tn.pass(2 * time.Minute)
		tn.expect("later", "alarm.raised", "alarm.raised", "alarm.cleared", "alarm.cleared")
	})
}

// A unit is where it was seen, and nowhere near where a broken device says.
func TestPictureFollowsPositions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tn := newTown(t, charter(), coverage.Options{})
		tn.pass(time.Second)
		before := tn.view().Classes[0].ExpectedS
		put := func(p geo.Point) {
			if err := tn.track.Put(track.Fix{Unit: "103", Point: p, At: tn.desk.Now()}, tn.desk.Now()); err != nil {
				t.Fatal(err)
			}
			tn.pass(2 * time.Second)
		}
		put(at(6.05)) // Fifty metres: the row stands.
		if got := tn.view().Classes[0].ExpectedS; got != before {
			t.Errorf("after fifty metres %v s, before %v", got, before)
		}
		put(at(6.4))
		near := tn.view().Classes[0].ExpectedS
		if near == before {
			t.Error("after 400 m the picture is the same")
		}
		put(geo.Point{Lon: 50, Lat: 50}) // Suspect.
		if got := tn.view().Classes[0].ExpectedS; got != near {
			t.Errorf("a suspect position changes %v s to %v", near, got)
		}
	})
}

// The unit that is one too many is proposed for the post in the east; a no is heard for twenty minutes.
func TestMoveIsProposedAndDeclined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tn := newTown(t, charter(), coverage.Options{})
		tn.do(joint.SayUnit{Unit: "103", To: "unavailable", Reason: ""})
		tn.pass(6 * time.Second)
		moves := tn.view().Moves
		if len(moves) != 1 || moves[0].Unit != "101" || moves[0].GainS < 3 || moves[0].GainCallsADay < 1 || moves[0].EtaS < 400 {
			t.Fatalf("%+v; want one car of two to the east", moves)
		}
		if len(moves[0].Fills) != 1 || moves[0].Fills[0].Area != "st2" {
			t.Errorf("it fills %v, want st2", moves[0].Fills)
		}
		id := moves[0].ID
		tn.pass(time.Minute)
		if got := tn.view().Moves; len(got) != 1 || got[0].ID != id {
			t.Errorf("a minute later %v is proposed", got)
		}
		if !tn.reactor.Decline(id) || tn.reactor.Decline(id) {
			t.Error("a move is declined once")
		}
		if _, still := tn.reactor.Move(id); still {
			t.Error("it is still proposed")
		}
		tn.pass(19 * time.Minute)
		if _, back := tn.reactor.Move(id); back {
			t.Error("it comes back within twenty minutes")
		}
	})
}

// An accepted move is gone from the list, counts where the unit is bound, and is not turned back.
func TestMoveIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tn := newTown(t, charter(), coverage.Options{})
		tn.do(joint.SayUnit{Unit: "103", To: "unavailable", Reason: ""})
		tn.pass(6 * time.Second)
		m := tn.view().Moves[0]
		tn.do(joint.AboutUnit{ID: m.Unit, Name: "standby", Cmd: unit.StandBy{ID: m.Unit, Place: m.To.At, Post: m.To.Post, Why: &unit.Advice{Move: m.ID, GainS: m.GainS}}})
		tn.pass(time.Second)
		if got := tn.view().Moves; len(got) > 0 {
			t.Errorf("%s is still proposed", got[0].ID)
		}
		if a := tn.area("st2"); a.State != cover.Bare {
			t.Errorf("before it has driven st2 is %s", a.State)
		}
		if err := tn.track.Put(track.Fix{Unit: m.Unit, Point: m.To.At, At: tn.desk.Now().Add(10 * time.Minute)}, tn.desk.Now().Add(10*time.Minute)); err != nil {
			t.Fatal(err)
		}
		tn.pass(10 * time.Minute)
		if a := tn.area("st2"); a.State != cover.Thin {
			t.Errorf("when it is there st2 is %s", a.State)
		}
		tn.do(joint.SayUnit{Unit: "103", To: "available"}) // Now it would do more good at home.
		tn.pass(9 * time.Minute)
		for _, got := range tn.view().Moves {
			if got.Unit == m.Unit {
				t.Errorf("%s would turn it round after %s", got.ID, m.ID)
			}
		}
	})
}

// Where nobody can come at all, an alarm does not make up how soon. Seen to fail while twice the standard stood there.
func TestVoidWithoutAnybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ch := charter()
		ch.Kinds[0].OwnStation = true
		for i, st := range []cad.OrgID{"st1", "st1", "st2"} {
			ch.Units[i].Station = st
		}
		ch.Cover = []org.CoverClass{{ID: "crew", Name: name("属地"), Slot: "own", StandardS: 480}}
		tn := newTown(t, ch, coverage.Options{})
		tn.do(joint.SayUnit{Unit: "103", To: "unavailable"})
		tn.pass(2 * time.Minute)
		var said []string
		if err := tn.desk.Read(tn.t.Context(), 0, func(k desk.Told) bool {
			if k.Record.Type == "alarm.raised" {
				said = append(said, string(k.Record.Data))
			}
			return true
		}); err != nil || len(said) != 1 || !strings.Contains(said[0], `"detail":{"standard_s":480}`) {
			t.Errorf("%v, %v: want one alarm with nothing but its standard", said, err)
		}
	})
}

// What the plan itself leaves open is shown, but is no void that anybody is told of.
func TestVoidByPlan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ch := charter()
		ch.Units = ch.Units[:2]
		tn := newTown(t, ch, coverage.Options{})
		tn.pass(time.Second)
		if a := tn.area("st2"); a.State != cover.Bare || !a.ByPlan {
			t.Errorf("%+v; want a void by plan", a)
		}
		if n := tn.notices[len(tn.notices)-1]; n.Voids != 0 {
			t.Errorf("the screens are told of %d voids", n.Voids)
		}
	})
}

// Calls of the journal draw the weights towards them; what was known beforehand gives way slowly.
func TestCallsChangeTheWeights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []demand.Event
		monday := time.Date(1999, 12, 27, 0, 0, 0, 0, time.UTC)
		for i := range 2000 {
			km := 0.5 + float64(i%2)*7
			events = append(events, demand.Event{At: monday.Add(time.Duration(i) * 5 * time.Minute), Place: at(km), By: demand.Caller})
		}
		m := demand.Fit(events, demand.Options{})
		tn := newTown(t, charter(), coverage.Options{Demand: m})
		tn.pass(time.Second)
		v := tn.view()
		if v.Demand.Source != "file" || v.Demand.Prior.Calls != 2000 || len(v.Squares) != len(m.Cells()) {
			t.Errorf("%+v with %d squares", v.Demand, len(v.Squares))
		}
		share := func() float64 {
			west, all := 0.0, 0.0
			for _, s := range tn.view().Squares {
				if all += s.Weight; s.Box.Contains(at(0.5)) || s.Box.Max.Lon < at(4).Lon {
					west += s.Weight
				}
			}
			return west / all
		}
		before := share()
		if math.Abs(before-0.5) > 0.05 {
			t.Errorf("the west weighs %v, want half", before)
		}
		for i := range 200 {
			p := at(0.5)
			tn.do(joint.Receive{ID: cad.IncidentID(fmt.Sprint("i", i)), Call: cad.CallID(fmt.Sprint("c", i)), Source: incident.Phone, Type: "theft", Place: &p})
		}
		tn.pass(11 * time.Minute)
		if tn.view().Demand.Observed != 200 {
			t.Errorf("%d calls were seen, want 200", tn.view().Demand.Observed)
		}
		// 200 calls beside about 2,000: (1000 + 200) / 2200.
		if after := share(); math.Abs(after-0.545) > 0.02 {
			t.Errorf("the west weighs %v afterwards, want about 0.545", after)
		}
	})
}
