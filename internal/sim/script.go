package sim

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/intake"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/street"
)

// Parts says what of the recorded calls a script plays; the rest is left to whoever else acts in the world.
type Parts struct {
	Sends  bool // Recorded units are sent at their recorded times.
	Stages bool // What the units said, at the recorded times, up to the end of the incident.
}

// What a script does with one call, in the order in which it does it when several come at one moment.
const (
	doReceive = iota
	doClassify
	doSend
	doEnRoute
	doOnScene
	doTransport
	doHospital
	doReport
	doAvailable
	doReview
	doClose
)

// How long after the last unit was free a supervisor has read the report, and closed the incident.
const (
	reviewAfter = time.Minute
	closeAfter  = 2 * time.Minute
)

// event is one thing that happens to one call. unit is an index of its records, or -1.
type event struct {
	at         time.Time
	call, unit int32
	what       int8
}

// Script plays recorded calls through a desk: each one is received and graded at its recorded times and, if Parts
// says so, answered as it was in life. It is a Stepper. Make it with NewScript.
type Script struct {
	desk    *desk.Desk
	actor   cad.Actor
	calls   []intake.Call
	parts   Parts
	streets *street.Network
	leave   func(cad.IncidentID) bool

	events []event
	period time.Duration // After which the calls begin again; 0 means never.

	mu    sync.Mutex
	at    int // The next event.
	round int // How often the calls began again.
	told  Told
}

// Told counts what a script did.
type Told struct {
	Calls, Sent, Words int
	Refused            map[string]int // By the code of the refusal.
}

// ScriptOptions are what a script is made of.
type ScriptOptions struct {
	Desk    *desk.Desk
	Actor   cad.Actor // Who receives and sends.
	Calls   []intake.Call
	Parts   Parts
	Knows   func(cad.UnitID) bool     // Units that may be sent; nil means all.
	Streets *street.Network           // Names the street of a place; nil leaves it out.
	Leave   func(cad.IncidentID) bool // Incidents that it must leave alone now; nil means none.
	Loop    bool                      // Begin again when all calls are played, whole days later.
}

// NewScript puts the calls in the order of their events. Nothing happens until Run.
func NewScript(o ScriptOptions) *Script {
	s := &Script{
		desk: o.Desk, actor: o.Actor, calls: o.Calls, parts: o.Parts, streets: o.Streets, leave: o.Leave,
		told: Told{Refused: map[string]int{}},
	}
	if s.leave == nil {
		s.leave = func(cad.IncidentID) bool { return false }
	}
	for i := range o.Calls {
		s.plan(int32(i), o.Knows)
	}
	slices.SortStableFunc(s.events, func(a, b event) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.call, b.call), cmp.Compare(a.what, b.what))
	})
	if o.Loop && len(s.events) > 0 {
		const day = 24 * time.Hour
		span := s.events[len(s.events)-1].at.Sub(s.events[0].at)
		s.period = (span/day + 1) * day
	}
	return s
}

// plan lists the events of one call.
func (s *Script) plan(i int32, knows func(cad.UnitID) bool) {
	c := &s.calls[i]
	add := func(what int8, unit int, at time.Time) {
		if at.IsZero() {
			return
		}
		if at.Before(c.Received) {
			at = c.Received // Nothing is done about a call before it is heard.
		}
		s.events = append(s.events, event{at: at, call: i, unit: int32(unit), what: what})
	}
	add(doReceive, -1, c.Received)
	if c.Type != "" || c.Priority != "" {
		entered := c.Entry
		if entered.IsZero() {
			entered = c.Received
		}
		add(doClassify, -1, entered)
	}
	if !s.parts.Sends {
		return
	}
	var last time.Time
	for k, u := range c.Units {
		if u.Dispatch.IsZero() || knows != nil && !knows(cad.UnitID(u.Unit)) {
			continue
		}
		add(doSend, k, u.Dispatch)
		if !s.parts.Stages {
			continue
		}
		add(doEnRoute, k, u.EnRoute)
		add(doOnScene, k, u.OnScene)
		add(doTransport, k, u.Transport)
		add(doHospital, k, u.Hospital)
		add(doAvailable, k, u.Available)
		for _, t := range []time.Time{u.Dispatch, u.OnScene, u.Available} {
			if t.After(last) {
				last = t
			}
		}
	}
	if !last.IsZero() {
		add(doReport, -1, last)
		add(doReview, -1, last.Add(reviewAfter))
		add(doClose, -1, last.Add(closeAfter))
	}
}

// Start puts the script to a moment: what lies before it is not played. Commands carry keys, so that a little
// overlap after a restart has no second effect.
func (s *Script) Start(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.round, s.at = 0, 0
	if len(s.events) == 0 {
		return
	}
	if first := s.events[0].at; s.period > 0 && at.After(first) {
		s.round = int(at.Sub(first) / s.period)
	}
	at = at.Add(-time.Duration(s.round) * s.period)
	for s.at < len(s.events) && s.events[s.at].at.Before(at) {
		s.at++
	}
	s.wrap()
}

func (s *Script) wrap() {
	if s.at == len(s.events) && s.period > 0 {
		s.at, s.round = 0, s.round+1
	}
}

// Told gives the counts so far.
func (s *Script) Told() Told {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.told
	t.Refused = make(map[string]int, len(s.told.Refused))
	for k, v := range s.told.Refused {
		t.Refused[k] = v
	}
	return t
}

// Next is when the next recorded thing happens; false when all is played.
func (s *Script) Next() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at >= len(s.events) {
		return time.Time{}, false
	}
	return s.events[s.at].at.Add(s.shift()), true
}

func (s *Script) shift() time.Duration { return time.Duration(s.round) * s.period }

// Run does what is due. A refusal is counted and passed over, because recorded life does not always follow our
// tables; what could not be stored is given back as the error and tried again by the next Run.
func (s *Script) Run(ctx context.Context, now time.Time) error {
	for {
		s.mu.Lock()
		if s.at >= len(s.events) || s.events[s.at].at.Add(s.shift()).After(now) {
			s.mu.Unlock()
			return nil
		}
		e, shift, round := s.events[s.at], s.shift(), s.round
		s.mu.Unlock()
		if err := s.do(ctx, e, shift, round); err != nil {
			return err
		}
		s.mu.Lock()
		s.at++
		s.wrap()
		s.mu.Unlock()
	}
}

// do plays one event.
func (s *Script) do(ctx context.Context, e event, shift time.Duration, round int) error {
	c := &s.calls[e.call]
	name := strconv.Itoa(round) + "/" + c.ID
	id := IncidentIDOf(name, c.Received.Add(shift))
	if e.what != doReceive && s.leave(id) {
		return nil
	}
	w := desk.Wish{Actor: s.actor, Key: fmt.Sprintf("call/%s/%d/%d", name, e.what, e.unit)}
	if e.what != doReceive && e.what != doClassify {
		w.Happened, w.From = e.at.Add(shift), cad.FromDevice
	}
	var err error
	switch e.what {
	case doReceive:
		w.Command, err = s.receive(c, id, name, shift)
	case doClassify:
		w.Command = joint.Classify{ID: id, Type: cad.TypeID(c.Type), Priority: cad.Priority(c.Priority)}
	case doSend:
		w.Command = dispatch.Send{Incident: id, Units: []cad.UnitID{cad.UnitID(c.Units[e.unit].Unit)}, IDs: []cad.AssignmentID{assignmentIDOf(name, c, e, shift)}, Reassign: true}
	case doReport:
		w.Command = about(id, "feedback", incident.GiveFeedback{ID: id, Kind: incident.Final, Result: s.result(c)})
	case doReview:
		w.Command = about(id, "review", incident.Review{ID: id})
	case doClose:
		w.Command = about(id, "close", incident.Close{ID: id})
	default:
		a := assignmentIDOf(name, c, e, shift)
		w.Command = joint.AboutAssignment{ID: a, Name: "say", Cmd: assignment.Say{ID: a, To: stageOf(e.what), Happened: w.Happened}}
	}
	if err != nil {
		return err
	}
	reply, err := s.desk.Do(ctx, w)
	return s.count(e.what, reply, err)
}

func about(id cad.IncidentID, name string, cmd incident.Command) joint.Command {
	return joint.AboutIncident{ID: id, Name: name, Cmd: cmd}
}

func stageOf(what int8) assignment.Stage {
	switch what {
	case doEnRoute:
		return assignment.EnRoute
	case doOnScene:
		return assignment.OnScene
	case doTransport:
		return assignment.Transporting
	case doHospital:
		return assignment.AtFacility
	}
	return assignment.Cleared
}

// result is how the incident ended, as a code that every centre of ours has.
func (s *Script) result(c *intake.Call) string {
	for _, u := range c.Units {
		if !u.Transport.IsZero() {
			return "transported"
		}
	}
	return "resolved"
}

// receive makes the first word of a call. Who called and what was said is sealed before the desk sees it.
func (s *Script) receive(c *intake.Call, id cad.IncidentID, name string, shift time.Duration) (joint.Command, error) {
	at := c.Received.Add(shift)
	cmd := joint.Receive{ID: id, Call: cad.CallID(idOf(at, "call", name)), Source: incident.Replay, Happened: at}
	if !c.ByCaller() { // Who began it is kept: it is no demand.
		cmd.Source = incident.Source(c.Source)
	}
	if c.Place != nil {
		cmd.Place = &geo.Point{Lon: c.Place.Lon, Lat: c.Place.Lat}
	}
	if cmd.Place != nil && s.streets != nil {
		if snap, ok := s.streets.Snap(*cmd.Place, nameWithinM); ok {
			cmd.Street = snap.Name
		}
	}
	var err error
	if cmd.Caller, err = s.desk.Seal(cad.SubjectOf("call", cmd.Call), board.Caller{Number: c.Caller}); err != nil {
		return nil, err
	}
	cmd.Private, err = s.desk.Seal(incident.Subject(id), board.Opening{Narrative: c.Narrative, Address: c.Address})
	return cmd, err
}

// nameWithinM is how far a street may be from a place to give it its name, metres.
const nameWithinM = 500

// count notes what came of an event. Only what is not known to be stored is an error.
func (s *Script) count(what int8, reply desk.Reply, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var f *fault.Error
	switch {
	case err == nil:
	case errors.As(err, &f) && f.Kind != fault.Unavailable && f.Kind != fault.Internal:
		s.told.Refused[cmp.Or(f.Code, f.Kind.String())]++
		return nil
	default:
		return fmt.Errorf("sim: a recorded call could not be played: %w", err)
	}
	switch {
	case reply.Repeat:
	case what == doReceive:
		s.told.Calls++
	case what == doSend:
		s.told.Sent++
	case what >= doEnRoute && what <= doAvailable && what != doReport && !reply.Unchanged:
		s.told.Words++
	}
	return nil
}

// IncidentIDOf is the id of the incident that a script makes of a call; the same every time.
func IncidentIDOf(name string, received time.Time) cad.IncidentID {
	return cad.IncidentID(idOf(received, "incident", name))
}

func assignmentIDOf(name string, c *intake.Call, e event, shift time.Duration) cad.AssignmentID {
	u := c.Units[e.unit]
	return cad.AssignmentID(idOf(u.Dispatch.Add(shift), "assignment", name, u.Unit))
}

// idOf is a UUIDv7 whose chance is a hash of what it names, so that a script needs no memory of what it made.
func idOf(at time.Time, parts ...string) string { return text(rawID(at, parts)) }

func rawID(at time.Time, parts []string) (b [16]byte) {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p)) // A hash never fails.
		h.Write([]byte{0})
	}
	copy(b[:], h.Sum(nil))
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(b[:6], ms[2:])
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	return b
}

func text(b [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// last is when the last recorded thing happens; the zero time if there is none.
func (s *Script) last() time.Time {
	if len(s.events) == 0 {
		return time.Time{}
	}
	return s.events[len(s.events)-1].at
}
