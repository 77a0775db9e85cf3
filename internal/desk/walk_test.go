package desk_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/memstore"
	"shuniu/internal/policy"
	"shuniu/internal/unit"
)

// walker gives random commands, sensible and senseless ones, to a desk, and knows nothing of the rules.
type walker struct {
	c         *centre
	r         *rand.Rand
	incidents []cad.IncidentID
	calls     []cad.CallID
	n         int
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// old is one of the ids, a recent one more often than not.
func old[T ~string](r *rand.Rand, ids []T) T {
	if len(ids) == 0 {
		return "none"
	}
	if r.IntN(4) > 0 {
		return ids[max(0, len(ids)-1-r.IntN(6))]
	}
	return ids[r.IntN(len(ids))]
}

func (w *walker) place() *geo.Point {
	if w.r.IntN(8) == 0 {
		return nil
	}
	return jointtest.At(float64(w.r.IntN(6000)-3000), float64(w.r.IntN(6000)-3000))
}

func (w *walker) words(i cad.IncidentID) cad.Sealed {
	if w.r.IntN(12) == 0 {
		return cad.Sealed{}
	}
	return w.c.words(incident.Subject(i), fmt.Sprintf("words %d", w.n))
}

func (w *walker) command() joint.Command {
	w.n++
	r, i := w.r, old(w.r, w.incidents)
	about := func(name string, c incident.Command) joint.Command {
		return joint.AboutIncident{ID: i, Name: name, Cmd: c}
	}
	u := pick[cad.UnitID](r, "101", "102", "211", "212", "221", "301", "900", "404")
	switch r.IntN(26) {
	case 0, 1, 2:
		return w.receive()
	case 3:
		k := cad.CallID(fmt.Sprintf("k%05d", w.n))
		w.calls = append(w.calls, k)
		return joint.AboutCall{ID: k, Name: "arrive", Cmd: call.Arrive{ID: k, Caller: w.c.words(call.Subject(k), "somebody"), Place: w.place()}}
	case 4:
		k := old(r, w.calls)
		if r.IntN(2) == 0 {
			return joint.AboutCall{ID: k, Name: "answer", Cmd: call.Answer{ID: k}}
		}
		n := cad.IncidentID(fmt.Sprintf("i%05d", w.n))
		w.incidents = append(w.incidents, n)
		return joint.LoseCall{Call: k, Silent: r.IntN(2) == 0, Incident: n}
	case 5:
		return joint.Attach{Call: old(r, w.calls), Incident: i, Urge: r.IntN(2) == 0}
	case 6:
		return joint.Classify{ID: i, Type: pick[cad.TypeID](r, "knife", "theft", "noise", "flood"), Reason: pick(r, cad.Sealed{}, w.words(i))}
	case 7:
		return about("note", incident.Note{ID: i, Text: w.words(i)})
	case 8, 9, 10:
		return w.send(i, u)
	case 11, 12, 13, 14:
		return joint.SayUnit{Unit: u, To: pick(r, "acknowledged", "en_route", "on_scene", "on_scene", "cleared", "available", "available", "off_duty", "unavailable", "desk_signed")}
	case 15:
		return dispatch.Recall{Incident: i, Units: []cad.UnitID{u}, Text: w.words(i)}
	case 16:
		return about("feedback", incident.GiveFeedback{ID: i, Kind: incident.Final, Result: "settled", Text: w.words(i)})
	case 17:
		return about("review", incident.Review{ID: i})
	case 18:
		return about("close", incident.Close{ID: i})
	case 19:
		return about("reopen", incident.Reopen{ID: i, Text: w.words(i)})
	case 20:
		return joint.Merge{ID: i, Into: old(r, w.incidents)}
	case 21:
		return joint.Split{ID: i}
	case 22:
		return joint.Link{ID: i, Other: old(r, w.incidents), Undo: r.IntN(3) == 0}
	case 23:
		return pick(r, about("invalid", incident.Invalidate{ID: i, Text: w.words(i)}), about("transfer", incident.Transfer{ID: i, Partner: "120", Approved: true, Text: w.words(i)}))
	case 24:
		if r.IntN(2) == 0 {
			return joint.AboutUnit{ID: u, Name: "clear_duress", Cmd: unit.ClearDuress{ID: u, Text: w.c.words(unit.Subject(u), "safe")}}
		}
		return joint.AboutUnit{ID: u, Name: "duress", Cmd: unit.RaiseDuress{ID: u}}
	}
	return joint.Locate{ID: i, Place: w.place(), Address: w.words(i)}
}

func (w *walker) receive() joint.Command {
	i := cad.IncidentID(fmt.Sprintf("i%05d", w.n))
	c := joint.Receive{
		ID: i, Spare: i + "s", Source: incident.Phone, Place: w.place(), Type: pick[cad.TypeID](w.r, "", "knife", "theft", "flood"),
		Private: w.c.words(incident.Subject(i), "narrative"),
	}
	if w.r.IntN(2) == 0 {
		c.Call = cad.CallID(fmt.Sprintf("k%05d", w.n))
		c.Caller = w.c.words(call.Subject(c.Call), "caller")
		w.calls = append(w.calls, c.Call)
	}
	if len(w.incidents) > 0 && w.r.IntN(10) == 0 {
		c.ID = w.incidents[len(w.incidents)-1] // An id that is taken.
	}
	w.incidents = append(w.incidents, i)
	return c
}

func (w *walker) send(i cad.IncidentID, u cad.UnitID) joint.Command {
	c := dispatch.Send{
		Incident: i, Units: []cad.UnitID{u}, IDs: []cad.AssignmentID{cad.AssignmentID(fmt.Sprintf("a%05d", 99999-w.n))},
		Stack: w.r.IntN(3) == 0, Reassign: w.r.IntN(4) == 0, Way: pick(w.r, "one", "two", ""),
	}
	if w.r.IntN(3) == 0 {
		c.Units, c.IDs = append(c.Units, "102"), append(c.IDs, c.IDs[0]+"b")
	}
	return c
}

// Promise P5: whatever happened, the journal alone gives the same state, byte for byte; with restarts from snapshots
// and without, failing appends, and lives that left memory and came back. The boards that followed show what a board
// shows that starts from the whole state.
func TestReplayEqualsLive(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { walk(t, seed, 2000) })
	}
}

func walk(t *testing.T, seed uint64, steps int) {
	c := newCentre(t, cad.Live)
	b := c.follow()
	w := &walker{c: c, r: rand.New(rand.NewPCG(seed, 7))}
	taken, refused, back := 0, 0, 0
	for n := range steps {
		c.clock.pass(time.Duration(w.r.IntN(20*60)) * time.Second)
		if w.r.IntN(150) == 0 {
			c.store.FailNext(pick(w.r, memstore.BeforeStore, memstore.AfterStore), fmt.Errorf("the disk is gone"))
		}
		cmd := w.command()
		forgotten := false
		b.Look(func(h *joint.House) {
			kind, id := cmd.Target().Split()
			forgotten = kind == "incident" && slices.Contains(w.incidents, cad.IncidentID(id)) && h.Incident(cad.IncidentID(id)).ID == ""
		})
		_, err := c.do(cmd)
		switch {
		case err == nil:
			taken++
			if forgotten {
				back++
			}
		case fault.KindOf(err) == fault.Internal:
			t.Fatalf("step %d: %s %+v: %v", n, cmd.Verb(), cmd, err)
		default:
			refused++
		}
		if n%7 == 0 {
			look(b) // Rows are kept; one that is not made anew when it should be would be found below.
		}
		if n%250 == 249 {
			c.checkReplay()
			checkPrimaries(t, b)
			sameRows(t, b, c.follow())
			c.restart(w.r.IntN(2) == 0)
			b = c.follow()
		}
	}
	if taken < steps/4 || refused < steps/20 || back == 0 {
		t.Fatalf("the walk proves little: %d taken, %d refused, %d of lives that had left memory", taken, refused, back)
	}
}

// checkPrimaries is promise P3, and that every unit's work is on an incident that is still open or waits for words.
func checkPrimaries(t *testing.T, b *board.Board) {
	t.Helper()
	b.Look(func(h *joint.House) {
		for id := range h.Units {
			primaries := 0
			for _, a := range h.Stack(id) {
				if a.Primary {
					primaries++
				}
				if i := h.Incident(a.Incident); !i.Open() {
					t.Errorf("unit %s is on incident %s, which is %q", id, a.Incident, i.Phase)
				}
			}
			if primaries > 1 || primaries == 0 && len(h.Stack(id)) > 0 {
				t.Errorf("unit %s has %d primaries among %d assignments", id, primaries, len(h.Stack(id)))
			}
		}
		for id, a := range h.Assignments {
			if a.Open() && !slices.ContainsFunc(h.Stack(a.Unit), func(x *assignment.State) bool { return x.ID == id }) {
				t.Errorf("assignment %s is open and its unit does not know", id)
			}
		}
	})
}

// classes are a session that sees all, one that sees a part, and one that sees no private words.
func classes() []board.Class {
	return []board.Class{{Role: policy.Dispatcher}, {Role: policy.Station, Org: "st1"}, {Role: policy.Reactor}}
}

func look(b *board.Board) {
	for _, class := range classes() {
		b.Incidents(class, false, 0)
		b.Units(class)
		b.Calls(class, false)
	}
}

// sameRows compares what two boards show to every role.
func sameRows(t *testing.T, followed, fresh *board.Board) {
	t.Helper()
	for _, class := range classes() {
		x, asOf := followed.Incidents(class, false, 0)
		y, want := fresh.Incidents(class, false, 0)
		if asOf != want || !slices.EqualFunc(x, y, bytes.Equal) {
			t.Fatalf("%+v: the incidents of a board that followed differ at %d and %d:\n%s\n%s", class, asOf, want, diff(x, y), diff(y, x))
		}
		ux, ids, _ := followed.Units(class)
		uy, _, _ := fresh.Units(class)
		for _, id := range ids {
			if !bytes.Equal(ux[id], uy[id]) {
				t.Fatalf("%+v: unit %s differs:\n%s\n%s", class, id, ux[id], uy[id])
			}
		}
		kx, _ := followed.Calls(class, false)
		ky, _ := fresh.Calls(class, false)
		if d := diff(kx, ky); len(kx) != len(ky) || len(kx) > 0 && d[0] != '(' {
			t.Fatalf("%+v: %d calls, want %d:\n%s\n%s", class, len(kx), len(ky), d, diff(ky, kx))
		}
	}
}

func diff(x, y [][]byte) string {
	for _, row := range x {
		if !slices.ContainsFunc(y, func(o []byte) bool { return bytes.Equal(o, row) }) {
			return string(row)
		}
	}
	return fmt.Sprintf("(%d rows, none of its own)", len(x))
}
