package telephone_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/joint"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/policy"
	"shuniu/internal/telephone"
)

// recorder is an exchange that notes what it is told.
type recorder struct {
	ear   telephone.Ear
	stood []telephone.Stand
}

func (r *recorder) Connect(_ context.Context, ear telephone.Ear) error { r.ear = ear; return nil }

func (r *recorder) Set(_ context.Context, s telephone.Stand) error {
	r.stood = append(r.stood, s)
	return nil
}

type room struct {
	t      *testing.T
	desk   *desk.Desk
	board  *board.Board
	line   *recorder
	bridge *telephone.Bridge
}

func newRoom(t *testing.T) *room {
	t.Helper()
	d, err := desk.Open(t.Context(), desk.Config{
		Centre: jointtest.Centre, World: cad.Live, Store: memstore.New(jointtest.Centre), Keys: keyfile.Memory(), Clock: desk.WallClock{}, Policy: policy.Roles{},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close(t.Context()) })
	r := &room{t: t, desk: d, board: board.New(policy.Roles{}, d), line: &recorder{}}
	if err := d.Watch(t.Context(), func(c desk.Commit) { _, _ = r.board.Apply(c.Change, c.Reset) }); err != nil {
		t.Fatal(err)
	}
	r.say("", joint.Configure{Charter: jointtest.Charter(jointtest.Centre)})
	r.bridge = telephone.New(telephone.Options{
		Desk: d, Board: r.board, Actor: cad.Actor{ID: "line", Role: policy.Reactor}, Switch: r.line,
		Incident: func(id cad.CallID) (cad.IncidentID, cad.IncidentID) {
			return cad.IncidentID("i-" + id), cad.IncidentID("s-" + id)
		},
	})
	if err := r.bridge.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *room) say(seat cad.SeatID, c joint.Command) {
	r.t.Helper()
	if _, err := r.desk.Do(r.t.Context(), desk.Wish{Actor: cad.Actor{ID: "p" + cad.ActorID(seat), Role: policy.Operator, Seat: seat}, Command: c}); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) about(seat cad.SeatID, name string, c call.Command) {
	r.t.Helper()
	r.say(seat, joint.AboutCall{ID: "k", Name: name, Cmd: c})
}

func (r *room) call(id cad.CallID) (s call.State) {
	r.board.Look(func(h *joint.House) { s = h.Call(id) })
	return s
}

// Whatever an exchange repeats, says late or in another order, the call comes to the same.
func TestReportsInAnyOrder(t *testing.T) {
	rang := telephone.Report{Call: "k", Trunk: "110-1", Number: "1"}
	recorded := rang
	recorded.Recordings = []string{"r1"}
	left := recorded
	left.Left = []string{"l"}
	ended := left
	ended.Ended = time.Now()
	for _, order := range [][]telephone.Report{
		{rang, recorded, left, ended}, {rang, ended, left, recorded, rang}, {ended, rang}, {left, ended, ended, rang, recorded}, {ended},
	} {
		r := newRoom(t)
		if err := r.line.ear(t.Context(), rang); err != nil {
			t.Fatal(err)
		}
		r.about("01", "answer", call.Answer{ID: "k"})
		r.about("01", "conference", call.Confer{ID: "k", Leg: "l", Kind: call.WithPartner, To: "120"})
		for _, x := range order {
			if err := r.line.ear(t.Context(), x); err != nil {
				t.Fatal(err)
			}
		}
		s := r.call("k")
		if s.Phase != call.InTalk || s.Speaking || s.HungUp.IsZero() || len(s.With) > 0 || !slices.Equal(s.Recordings, []string{"r1"}) {
			t.Errorf("%v: %+v", order, s)
		}
	}
}

// Whoever hangs up before he is answered is an incident, once, also when the end is told before the beginning.
func TestEndBeforeTheBeginning(t *testing.T) {
	r := newRoom(t)
	rang := telephone.Report{Call: "k", Number: "1"}
	ended := rang
	ended.Ended = time.Now()
	for _, x := range []telephone.Report{ended, rang, ended} {
		if err := r.line.ear(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	if s := r.call("k"); s.Lost != call.GivenUp || s.Incident != "i-k" {
		t.Errorf("%+v", s)
	}
	r.board.Look(func(h *joint.House) {
		if len(h.Incidents) != 1 {
			t.Errorf("%d incidents", len(h.Incidents))
		}
	})
}

// The exchange is told how a line should stand; of many changes the newest is enough.
func TestStands(t *testing.T) {
	r := newRoom(t)
	if err := r.line.ear(t.Context(), telephone.Report{Call: "k", Number: "1"}); err != nil {
		t.Fatal(err)
	}
	of := cad.CallID("k")
	last := func() string {
		if err := r.bridge.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		var s telephone.Stand
		for _, x := range r.line.stood {
			if x.Call == of {
				s = x
			}
		}
		return fmt.Sprintf("%s %s %d", s.Line, s.Seat, len(s.With))
	}
	want := func(x string) {
		t.Helper()
		if got := last(); got != x {
			t.Errorf("it stands %q, want %q", got, x)
		}
	}
	want("ringing  0")
	r.about("01", "answer", call.Answer{ID: "k"})
	r.about("01", "hold", call.Hold{ID: "k"})
	r.about("01", "conference", call.Confer{ID: "k", Leg: "l", Kind: call.WithPartner, To: "120"})
	told := len(r.line.stood)
	want("held 01 1")
	if len(r.line.stood) != told+1 {
		t.Errorf("told %d times of three changes", len(r.line.stood)-told)
	}
	r.about("01", "pass", call.Pass{ID: "k", Seat: "02"})
	r.about("02", "take", call.Take{ID: "k"})
	want("talking 02 1")
	r.about("02", "hang_up", call.HangUp{ID: "k"})
	want("down 02 0")
	r.say("02", joint.CallBack{Call: "k", New: "b"})
	of = "b"
	want("dialling 02 0")
	if err := r.line.ear(t.Context(), telephone.Report{Call: "b", Answered: time.Now()}); err != nil {
		t.Fatal(err)
	}
	want("talking 02 0")
}
