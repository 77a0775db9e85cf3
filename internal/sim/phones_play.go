package sim

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/callers"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// view is what a call-taker sees of a call and its event.
type view struct {
	call    call.State
	mine    incident.State // The incident that the call belongs to; the zero value if none.
	home    incident.State // The incident of its event, whoever opened it; the zero value if none.
	partner cad.PartnerID  // Who takes over what is not for us; empty if nobody does.
	answer  int64          // The centre's limit for answering, seconds.
	typed   cad.TypeID     // The call's type as the centre names it; empty if it has none.
	tags    []cad.TagID    // Those of the call, and of its grade, that the centre has.
	quiet   cad.TypeID     // The centre's type for calls on which nobody speaks.
	leave   bool           // mine is somebody else's.
}

// look reads the board about a step's call.
func (p *Phones) look(s *step) (v view) {
	p.mu.Lock()
	home, others := p.incidentID(s.call), []cad.CallID(nil)
	if e := p.events[s.call.Event]; e != nil {
		home = p.incidentID(e.calls[0])
		for _, c := range e.calls {
			others = append(others, p.callID(c))
		}
	}
	p.mu.Unlock()
	var duty cad.ActorID
	p.opt.Board.Look(func(h *joint.House) {
		v.call, v.answer, duty = h.Call(s.id), h.Org.AnswerWithinS, h.Org.DutyCommander()
		v.mine = h.Incident(h.Survivor(v.call.Incident))
		v.home = h.Incident(h.Survivor(home))
		for _, id := range others {
			if v.home.ID == "" && id != s.id && !apart(h, id) {
				v.home = h.Incident(h.Survivor(h.Call(id).Incident))
			}
		}
		for _, x := range h.Org.Partners {
			if x.ID == "12345" || v.partner == "" && x.Mode == "transfer" {
				v.partner = cad.PartnerID(x.ID)
			}
		}
		for _, t := range append([]cad.TypeID{s.call.Type}, s.call.Also...) {
			if _, ok := h.Org.Types[t]; ok && v.typed == "" {
				v.typed = t
			}
		}
		if _, ok := h.Org.Types["silent"]; ok {
			v.quiet = "silent"
		}
		wanted := s.call.Tags
		if x := s.call.Script; x != nil && x.Grade != nil {
			wanted = append(slices.Clone(wanted), x.Grade.Tags...)
		}
		for _, t := range wanted {
			if _, ok := h.Org.Tags[t]; ok && !slices.Contains(v.tags, t) {
				v.tags = append(v.tags, t)
			}
		}
	})
	who := v.mine.Commander.Actor
	ours := who == p.opt.Actor.ID || Made(string(v.mine.ID)) && who == duty
	v.leave = v.mine.ID != "" && (p.opt.Leave(v.mine.ID) || !ours)
	return v
}

// apart reports whether a call belongs to nothing, or made an incident of its own because nobody took it for one of its
// event.
func apart(h *joint.House, id cad.CallID) bool {
	c := h.Call(id)
	return c.Incident == "" || c.Incident == apartOf(id)
}

// apartOf is the incident that such a call makes.
func apartOf(id cad.CallID) cad.IncidentID {
	return cad.IncidentID(markedID(time.Time{}, "apart", string(id)))
}

// do does one step. more says that the next of the call follows.
func (p *Phones) do(ctx context.Context, s *step, now time.Time) (more bool, err error) {
	v := p.look(s)
	if s.what != doRing && v.call.ID == "" {
		return false, nil // It rang before this world began.
	}
	if s.what == doHangUp {
		return false, p.hangUp(ctx, s, v, now)
	}
	if s.what != doRing && v.call.AnsweredBy != "" && v.call.AnsweredBy != p.opt.Actor.ID {
		p.count(func(t *PhonesTold) { t.Taken++ }) // A person speaks with this caller.
		p.release(s.id)
		p.hangUpAt(s, now.Add(staysLook))
		return false, nil
	}
	switch s.what {
	case doRing:
		return p.ring(ctx, s, v)
	case doAnswer:
		return p.answer(ctx, s, v, now)
	case doGiveUp, doSilence:
		return p.lose(ctx, s, v)
	case doBack:
		return false, p.callBack(ctx, s, v, now)
	case doWrite:
		return p.write(ctx, s, v)
	case doGrade:
		return true, p.grade(ctx, s, v)
	case doSettle:
		return false, p.settle(ctx, s, v, now)
	case doDismiss:
		return false, p.dismiss(ctx, s, v, "nuisance")
	case doForward, doHandOver:
		return false, p.forward(ctx, s, v)
	default:
		return false, p.breakOff(ctx, s, v)
	}
}

// say brings a command to the desk. done is false when it was refused or had been said before.
func (p *Phones) say(ctx context.Context, s *step, name string, c joint.Command) (done bool, err error) {
	key := "phone/" + strconv.FormatUint(p.opt.Seed, 10) + "/" + string(s.id) + "/" + name
	reply, err := p.opt.Desk.Do(ctx, desk.Wish{Actor: p.opt.Actor, Key: key, Command: c})
	var f *fault.Error
	switch {
	case err == nil:
		return !reply.Repeat, nil
	case errors.As(err, &f) && f.Kind != fault.Unavailable && f.Kind != fault.Internal:
		p.count(func(t *PhonesTold) { t.Refused[cmp.Or(f.Code, f.Kind.String())]++ })
		return false, nil
	}
	return false, fmt.Errorf("sim: a call-taker could not %s: %w", name, err)
}

func (p *Phones) count(f func(*PhonesTold)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.told)
}

// release ends the wait for a visitor, if it was for this call.
func (p *Phones) release(id cad.CallID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting == id {
		p.waiting = ""
	}
}

// lines is how many trunks telephones ring on.
const lines = 12

func (p *Phones) ring(ctx context.Context, s *step, v view) (bool, error) {
	line := "110-" + strconv.FormatInt(1+s.call.At.UnixMilli()%lines, 10)
	if p.opt.Line != nil {
		return p.overLine(ctx, s, v, line)
	}
	sealed, err := p.opt.Desk.Seal(call.Subject(s.id), board.Told{Caller: board.Caller{Number: s.call.Phone}})
	if err != nil {
		return false, err
	}
	done, err := p.say(ctx, s, doRing, joint.AboutCall{ID: s.id, Name: "arrive", Cmd: call.Arrive{
		ID: s.id, Line: line, Source: "phone", Place: s.call.Network, Caller: sealed, Happened: s.call.At, AnswerWithinS: v.answer,
	}})
	if done {
		p.count(func(t *PhonesTold) { t.Calls++; t.Kinds[s.call.Kind]++ })
	}
	return true, err
}

// answer takes the call, unless a person does.
func (p *Phones) answer(ctx context.Context, s *step, v view, now time.Time) (bool, error) {
	if v.call.Phase == call.Joined && v.call.AnsweredBy == "" { // Attached by a person while it rang.
		p.count(func(t *PhonesTold) { t.Taken++ })
		p.release(s.id)
		return false, nil
	}
	if p.hold(s, now) || p.allBusy(s, now) {
		return false, nil
	}
	p.release(s.id)
	_, err := p.say(ctx, s, doAnswer, joint.AboutCall{ID: s.id, Name: "answer", Cmd: call.Answer{ID: s.id}})
	if err == nil {
		p.hangUpAt(s, s.at.Add(s.call.Talk+goodbye))
	}
	return true, err
}

// hold lets one report of something new at a time ring longer while a visitor is at the desk. A graver one takes the
// place of the one that rings for him, which a call-taker then answers at once.
func (p *Phones) hold(s *step, now time.Time) bool {
	news := s.call.N == 0 && (s.call.Kind == callers.Normal || s.call.Kind == callers.WrongPlace)
	if s.held || !news || p.opt.Visitor == nil || !p.opt.Visitor() {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting != "" && !p.letGo(s.call, now) {
		return false
	}
	p.waiting = s.id
	s.held = true
	p.delay(s, now.Add(p.opt.Wait))
	return true
}

// letGo ends the wait of the call that rings for a visitor if the new one is graver. The caller holds the lock.
func (p *Phones) letGo(c *callers.Call, now time.Time) bool {
	i := slices.IndexFunc(p.queue, func(x *step) bool { return x.id == p.waiting && x.what == doAnswer })
	if i < 0 {
		return true // Nobody waits any more.
	}
	other := p.queue[i]
	if gravity(c) <= gravity(other.call) {
		return false
	}
	other.late -= other.at.Sub(now)
	other.at = now
	heap.Fix(&p.queue, i)
	return true
}

// gravity orders the calls that a visitor should get: a big incident, which somebody began for him, before whatever is
// most urgent, and that before all others.
func gravity(c *callers.Call) int {
	switch {
	case callers.OfBig(c.Event):
		return 2
	case c.Priority == cad.P1:
		return 1
	}
	return 0
}

// delay puts a step off, and all that follows it. The caller holds the lock.
func (p *Phones) delay(s *step, until time.Time) {
	s.late += until.Sub(s.at)
	s.at = until
	p.push(s)
}

// lose ends a call on which nobody speaks. The desk makes an incident of it, so that somebody calls back.
func (p *Phones) lose(ctx context.Context, s *step, v view) (bool, error) {
	if p.opt.Line != nil && s.what == doGiveUp {
		err := p.opt.Line.HangUp(ctx, s.id)
		if err == nil && v.call.Lost == "" {
			p.count(func(t *PhonesTold) { t.Lost++; t.Opened++ })
		}
		return true, err
	}
	cmd := joint.LoseCall{Call: s.id, Silent: s.what == doSilence, Incident: p.own(s), Spare: apartOf(s.id)}
	done, err := p.say(ctx, s, s.what, cmd)
	if done {
		p.count(func(t *PhonesTold) { t.Lost++; t.Opened++ })
	}
	return true, err
}

// own is the incident that a call opens if there is none of its event.
func (p *Phones) own(s *step) cad.IncidentID {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.incidentID(s.call)
}

// callBack finds that it was a mistake, or that nobody answers and somebody must go and look.
func (p *Phones) callBack(ctx context.Context, s *step, v view, now time.Time) error {
	if !s.call.Opens {
		return p.dismiss(ctx, s, v, "misdialled")
	}
	if s.call.N > 0 { // Its number or place tells what it belongs to.
		return p.settle(ctx, s, v, now)
	}
	if v.mine.ID == "" || v.leave || v.mine.Phase != incident.Received {
		return nil
	}
	if err := p.note(ctx, s, v.mine.ID, p.gen.Note("no_answer")); err != nil {
		return err
	}
	grade := joint.Classify{ID: v.mine.ID, Type: v.quiet, Priority: cad.P2}
	_, err := p.say(ctx, s, doGrade, grade)
	return err
}

// dismiss ends an incident that is none.
func (p *Phones) dismiss(ctx context.Context, s *step, v view, why string) error {
	if v.mine.ID == "" || v.leave || !v.mine.Open() {
		return nil
	}
	sealed, err := p.sealed(v.mine.ID, p.gen.Note(why))
	if err != nil {
		return err
	}
	done, err := p.say(ctx, s, doDismiss, about(v.mine.ID, "invalid", incident.Invalidate{ID: v.mine.ID, Text: sealed}))
	if done {
		p.count(func(t *PhonesTold) { t.Invalid++ })
	}
	return err
}

// write makes an incident of what is said, or adds it to the one of its event.
func (p *Phones) write(ctx context.Context, s *step, v view) (bool, error) {
	if v.call.Phase == call.Joined {
		return true, nil // Before a restart, or by somebody else.
	}
	own := p.own(s)
	unknown := s.call.Kind == callers.WrongPlace && s.call.N > 0 // Nobody takes it for the same event.
	if v.home.ID != "" && !unknown && s.call.Kind != callers.Nuisance && s.call.Kind != callers.NonPolice {
		return true, p.attach(ctx, s, v)
	}
	cmd := joint.Receive{ID: own, Spare: apartOf(s.id), Call: s.id, Source: incident.Phone, Happened: s.call.At}
	if s.call.Place != "" {
		cmd.Place, cmd.Approx = &geo.Point{Lon: s.call.Said.Lon, Lat: s.call.Said.Lat}, s.call.Vague
		cmd.Street = p.street(*cmd.Place)
	}
	if s.call.Kind == callers.NonPolice {
		cmd.Type, cmd.Priority = v.typed, s.call.Priority
	}
	var err error
	if cmd.Private, err = p.opt.Desk.Seal(incident.Subject(own), board.Opening{Narrative: s.call.Narrative, Address: s.call.Place}); err != nil {
		return false, err
	}
	done, err := p.say(ctx, s, doWrite, cmd)
	if done {
		p.count(func(t *PhonesTold) { t.Opened++ })
	}
	return true, err
}

func (p *Phones) street(at geo.Point) string {
	if p.opt.Streets == nil {
		return ""
	}
	snap, ok := p.opt.Streets.Snap(at, nameWithinM)
	if !ok {
		return ""
	}
	return snap.Name
}

// attach adds a call to the incident of its event, with what its caller says; whoever asks when we come is heard. The
// words go first: a call that is attached is one with which all is done.
func (p *Phones) attach(ctx context.Context, s *step, v view) error {
	if err := p.note(ctx, s, v.home.ID, s.call.Narrative); err != nil {
		return err
	}
	urge := s.call.Kind == callers.Again
	done, err := p.say(ctx, s, doWrite, joint.Attach{Call: s.id, Incident: v.home.ID, Urge: urge})
	if done {
		p.count(func(t *PhonesTold) {
			t.Attached++
			if urge {
				t.Urged++
			}
		})
	}
	return err
}

// note writes words to an incident, once for a call.
func (p *Phones) note(ctx context.Context, s *step, id cad.IncidentID, words string) error {
	if words == "" {
		return nil
	}
	sealed, err := p.sealed(id, words)
	if err != nil {
		return err
	}
	_, err = p.say(ctx, s, "note", about(id, "note", incident.Note{ID: id, Text: sealed}))
	return err
}
