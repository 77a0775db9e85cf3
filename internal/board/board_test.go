package board_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/policy"
	"shuniu/internal/unit"
)

// room is a centre at work with the board that follows it.
type room struct {
	t       *testing.T
	desk    *desk.Desk
	board   *board.Board
	changes []desk.Commit
	changed []board.Changed
}

type still struct{ now time.Time }

func (s still) Now() time.Time { return s.now }

func newRoom(t *testing.T) *room {
	t.Helper()
	keys := keyfile.Memory()
	d, err := desk.Open(t.Context(), desk.Config{
		Centre: jointtest.Centre, World: cad.Live, Store: memstore.New(jointtest.Centre), Keys: keys, Policy: policy.Roles{},
		Clock: still{time.Date(2030, 5, 1, 4, 0, 0, 0, time.UTC)},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = d.Close(context.WithoutCancel(t.Context()))
		_ = keys.Close()
	})
	r := &room{t: t, desk: d, board: board.New(policy.Roles{}, d)}
	err = d.Watch(t.Context(), func(c desk.Commit) {
		named, err := r.board.Apply(c.Change, c.Reset)
		if err != nil {
			t.Error(err)
		}
		r.changes, r.changed = append(r.changes, c), append(r.changed, named)
	})
	if err != nil {
		t.Fatal(err)
	}
	r.doAs(policy.Operator, joint.Configure{Charter: jointtest.Charter(jointtest.Centre)})
	for _, u := range []cad.UnitID{"101", "102", "211", "212", "221", "301"} {
		r.do(joint.SayUnit{Unit: u, To: "available"})
	}
	return r
}

func (r *room) do(c joint.Command) desk.Reply { r.t.Helper(); return r.doAs(policy.Dispatcher, c) }

func (r *room) doAs(role string, c joint.Command) desk.Reply {
	r.t.Helper()
	reply, err := r.desk.Do(r.t.Context(), desk.Wish{Actor: cad.Actor{ID: "p12", Role: role}, Command: c})
	if err != nil {
		r.t.Fatalf("%s: %v", c.Verb(), err)
	}
	return reply
}

func (r *room) seal(s cad.Subject, v any) cad.Sealed {
	r.t.Helper()
	sealed, err := r.desk.Seal(s, v)
	if err != nil {
		r.t.Fatal(err)
	}
	return sealed
}

func (r *room) receive(id cad.IncidentID, eastM float64) {
	r.t.Helper()
	k := cad.CallID("k-" + id)
	r.do(joint.Receive{
		ID: id, Call: k, Type: "theft", Place: jointtest.At(eastM, 10),
		Private: r.seal(incident.Subject(id), board.Opening{Narrative: "my bicycle", Address: "Mill Lane 3"}),
		Caller:  r.seal(call.Subject(k), board.Caller{Name: "Ada", Number: "555-0101"}),
	})
}

func (r *room) row(c board.Class, id cad.IncidentID) (row board.IncidentRow, sees bool) {
	r.t.Helper()
	b, sees := r.board.Incident(c, id)
	if sees {
		if err := json.Unmarshal(b, &row); err != nil {
			r.t.Fatal(err)
		}
	}
	return row, sees
}

func dispatcher() board.Class { return board.Class{Role: policy.Dispatcher} }

// Each step of an incident's life, and the tab and the stage in which people find it.
func TestQueueAndStage(t *testing.T) {
	r := newRoom(t)
	about := func(name string, c incident.Command) joint.Command {
		return joint.AboutIncident{ID: "i1", Name: name, Cmd: c}
	}
	final := about("feedback", incident.GiveFeedback{ID: "i1", Kind: incident.Final, Result: "settled"})
	say := func(u cad.UnitID, to string) joint.Command { return joint.SayUnit{Unit: u, To: to} }
	r.receive("i1", -200)
	for _, tt := range []struct {
		cmd          joint.Command
		queue, stage string
	}{
		{joint.Locate{ID: "i1", Place: jointtest.At(-210, 0)}, "to_dispatch", "waiting"},
		{dispatch.Send{Incident: "i1", Units: []cad.UnitID{"101", "211"}, IDs: []cad.AssignmentID{"a1", "a2"}}, "to_sign", "dispatched"},
		{say("101", "acknowledged"), "to_arrive", "acknowledged"},
		{say("211", "en_route"), "to_arrive", "en_route"},
		{say("211", "staged"), "to_arrive", "staged"},
		{say("101", "on_scene"), "active", "on_scene"},
		{say("101", "transporting"), "active", "transporting"},
		{say("101", "cleared"), "to_arrive", "staged"},
		{say("211", "cleared"), "to_report", "cleared"},
		{final, "to_review", "cleared"},
		{about("review", incident.Review{ID: "i1"}), "to_review", "cleared"},
		{about("return", incident.ReturnForCorrection{ID: "i1", Text: r.seal("incident:i1", board.Words{Text: "who?"})}), "to_report", "cleared"},
		{final, "to_review", "cleared"},
		{about("review", incident.Review{ID: "i1"}), "to_review", "cleared"},
		{about("close", incident.Close{ID: "i1"}), "done", "cleared"},
	} {
		seq := r.do(tt.cmd).Seq
		row, _ := r.row(dispatcher(), "i1")
		if row.Queue != tt.queue || row.Stage != tt.stage || row.Seq != seq {
			t.Errorf("after %s %+v: queue %s, stage %s at %d; want %s, %s at %d", tt.cmd.Verb(), tt.cmd, row.Queue, row.Stage, row.Seq, tt.queue, tt.stage, seq)
		}
	}
	if rows, _ := r.board.Incidents(dispatcher(), true, 0); len(rows) != 0 {
		t.Errorf("%d rows of open incidents", len(rows))
	}
}

// A station sees what is its own, what lies on its border, and what its crews are sent to; of callers, only theirs.
func TestStationSeesItsOwn(t *testing.T) {
	r := newRoom(t)
	r.receive("west", -1000)
	r.receive("border", 50) // 50 m east of the border, which is named within 100 m.
	r.receive("east", 1000)
	st1 := board.Class{Role: policy.Station, Org: "st1"}
	seen := func() (out []string) {
		for _, id := range []cad.IncidentID{"west", "border", "east"} {
			if _, sees := r.row(st1, id); sees {
				out = append(out, string(id))
			}
		}
		return out
	}
	if got := seen(); !slices.Equal(got, []string{"west", "border"}) {
		t.Errorf("st1 sees %v", got)
	}
	if rows, _ := r.board.Incidents(st1, true, 0); len(rows) != 2 {
		t.Errorf("its list has %d rows", len(rows))
	}
	r.do(dispatch.Send{Incident: "east", Units: []cad.UnitID{"211"}, IDs: []cad.AssignmentID{"a1"}})
	if got := seen(); len(got) != 3 {
		t.Errorf("with its crew in the east it sees %v", got)
	}
	if rows, _ := r.board.Calls(st1, false); len(rows) != 0 {
		t.Errorf("a station sees %d calls", len(rows))
	}
	if rows, _ := r.board.Calls(dispatcher(), false); len(rows) != 3 {
		t.Errorf("a dispatcher sees %d calls", len(rows))
	}
	if c := board.ClassOf(cad.Actor{Role: policy.Station, Org: "st1"}); c != st1 {
		t.Errorf("the class of a station's desk is %+v", c)
	}
	if c := board.ClassOf(cad.Actor{Role: policy.Dispatcher, Org: "st1"}); c != dispatcher() {
		t.Errorf("the class of a dispatcher is %+v", c)
	}
}

// A role without private.read gets the row without one private word in it.
func TestPrivateIsMasked(t *testing.T) {
	r := newRoom(t)
	r.receive("i1", 100)
	full, _ := r.row(dispatcher(), "i1")
	if full.Masked || full.Narrative != "my bicycle" || full.Place.Address != "Mill Lane 3" || full.Caller == nil || full.Caller.Name != "Ada" {
		t.Errorf("a dispatcher sees %+v", full)
	}
	blind := board.Class{Role: policy.Reactor}
	incidents, _ := r.board.Incidents(blind, false, 0)
	calls, _ := r.board.Calls(blind, false)
	for _, b := range slices.Concat(incidents, calls) {
		for _, word := range []string{"bicycle", "Mill Lane", "Ada", "555"} {
			if strings.Contains(string(b), word) {
				t.Errorf("%q stands in a masked row: %s", word, b)
			}
		}
		if !strings.Contains(string(b), `"masked":true`) {
			t.Errorf("nothing says that the row is masked: %s", b)
		}
	}
	if len(incidents) != 1 || len(calls) != 1 {
		t.Errorf("%d incidents and %d calls", len(incidents), len(calls))
	}
	r.do(joint.Locate{ID: "i1", Address: r.seal("incident:i1", board.Opening{Address: "Mill Lane 5"})})
	if row, _ := r.row(dispatcher(), "i1"); row.Place.Address != "Mill Lane 5" {
		t.Errorf("the corrected address is %q", row.Place.Address)
	}
}

// Every button says why it cannot be used: because of the life, or because of the role.
func TestNextSaysWhy(t *testing.T) {
	r := newRoom(t)
	r.receive("i1", 100)
	step := func(c board.Class, verb string) cad.Step {
		row, _ := r.row(c, "i1")
		i := slices.IndexFunc(row.Next, func(s cad.Step) bool { return s.Verb == verb })
		if i < 0 {
			t.Fatalf("no verb %s", verb)
		}
		return row.Next[i]
	}
	taker, st2 := board.Class{Role: policy.CallTaker}, board.Class{Role: policy.Station, Org: "st2"}
	for _, tt := range []struct {
		class board.Class
		verb  string
		code  string
	}{
		{dispatcher(), "dispatch", ""},
		{dispatcher(), "close", "no_final_feedback"},
		{taker, "dispatch", "role"},
		{taker, "close", "no_final_feedback"}, // The life's reason tells more than the role's.
		{taker, "note", ""},
		{st2, "feedback", ""},
		{st2, "transfer", "role"},
	} {
		s := step(tt.class, tt.verb)
		if s.Allowed != (tt.code == "") || s.Code != tt.code || !s.Allowed && s.Text == "" {
			t.Errorf("%s, %s: %+v, want %q", tt.class.Role, tt.verb, s, tt.code)
		}
	}
	b, _ := r.board.Unit(dispatcher(), "900")
	var u board.UnitRow
	if err := json.Unmarshal(b, &u); err != nil || len(u.Next) == 0 {
		t.Fatalf("unit 900: %s %v", b, err)
	}
	for _, s := range u.Next {
		if s.Verb == "duress" && !s.Allowed {
			t.Errorf("duress is refused on the row of an off-duty unit: %+v", s)
		}
	}
}

// A unit's row tells what it does, for whom, and that its officers are in danger.
func TestUnitRow(t *testing.T) {
	r := newRoom(t)
	r.receive("i1", 100)
	r.receive("i2", 200)
	r.do(dispatch.Send{Incident: "i1", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"a1"}, ExpectS: map[cad.UnitID]int64{"101": 240}})
	r.do(dispatch.Send{Incident: "i2", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"a2"}, Stack: true})
	r.do(joint.AboutUnit{ID: "101", Name: "duress", Cmd: unit.RaiseDuress{ID: "101"}})
	b, _ := r.board.Unit(dispatcher(), "101")
	var u board.UnitRow
	if err := json.Unmarshal(b, &u); err != nil {
		t.Fatal(err)
	}
	eta := r.desk.Now().Add(240 * time.Second)
	if u.State != "assigned" || u.Stage != "dispatched" || u.IncidentNo != 1 || len(u.Stack) != 2 || u.Stack[1].Number != 2 || u.Flags.Duress == nil || u.EtaAt == nil || !u.EtaAt.Equal(eta) {
		t.Errorf("the row: %s", b)
	}
	if _, ids, asOf := r.board.Units(dispatcher()); len(ids) != 7 || asOf != r.desk.Head() {
		t.Errorf("%v at %d", ids, asOf)
	}
}

// An incident that had units only by a merge waits for some of its own after the split.
func TestQueueAfterSplit(t *testing.T) {
	r := newRoom(t)
	r.receive("i1", 100)
	r.receive("i2", 200)
	r.do(dispatch.Send{Incident: "i1", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"a1"}})
	queue := func(id cad.IncidentID, want string) {
		t.Helper()
		b, _ := r.board.Incident(dispatcher(), id)
		var row board.IncidentRow
		if err := json.Unmarshal(b, &row); err != nil || row.Queue != want {
			t.Errorf("%s waits in %q, want %q (%v)", id, row.Queue, want, err)
		}
	}
	queue("i2", "to_dispatch")
	r.do(joint.Merge{ID: "i1", Into: "i2"})
	queue("i2", "to_sign")
	r.do(joint.Split{ID: "i1"})
	queue("i1", "to_sign")
	queue("i2", "to_dispatch")
}

// A missed change is refused and changes nothing; beginning again from the whole state mends it.
func TestGapAndReset(t *testing.T) {
	r := newRoom(t)
	r.receive("i1", 100)
	r.receive("i2", 200)
	b := board.New(policy.Roles{}, r.desk)
	if _, err := b.Apply(r.changes[0].Change, true); err != nil {
		t.Fatal(err)
	}
	at := b.AsOf()
	if _, err := b.Apply(r.changes[2].Change, false); !errors.Is(err, board.ErrGap) {
		t.Errorf("a change was missed, and the board said %v", err)
	}
	if b.AsOf() != at {
		t.Errorf("the refused change moved the board to %d", b.AsOf())
	}
	var whole joint.Change
	if err := r.desk.Watch(t.Context(), func(c desk.Commit) {
		if c.Reset {
			whole = c.Change
		}
	}); err != nil {
		t.Fatal(err)
	}
	named, err := b.Apply(whole, true)
	if err != nil || !named.Reset || b.AsOf() != r.desk.Head() || !slices.Equal(named.Incidents, []cad.IncidentID{"i1", "i2"}) {
		t.Errorf("reset: %+v at %d, %v", named, b.AsOf(), err)
	}
	x, _ := b.Incidents(dispatcher(), false, 0)
	y, _ := r.board.Incidents(dispatcher(), false, 0)
	if len(x) != 2 || string(x[0]) != string(y[0]) || string(x[1]) != string(y[1]) {
		t.Errorf("after the reset it shows %s", x)
	}
	// What a change names is what a stream sends: the incident, its call, and the unit that is sent.
	r.do(dispatch.Send{Incident: "i1", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"a1"}})
	last := r.changed[len(r.changed)-1]
	if !slices.Equal(last.Incidents, []cad.IncidentID{"i1"}) || !slices.Equal(last.Units, []cad.UnitID{"101"}) || len(last.Calls) != 0 || last.Reset {
		t.Errorf("sending named %+v", last)
	}
}

// The newest come first, and a limit counts the rows that the class may see.
func TestOrderAndLimit(t *testing.T) {
	r := newRoom(t)
	r.receive("w1", -1000)
	r.receive("w2", -1000)
	r.receive("e1", 1000)
	rows, _ := r.board.Incidents(board.Class{Role: policy.Station, Org: "st1"}, false, 1)
	var row board.IncidentRow
	if len(rows) != 1 || json.Unmarshal(rows[0], &row) != nil || row.ID != "w2" {
		t.Errorf("%s", rows)
	}
}
