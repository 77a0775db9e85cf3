package api

import (
	"slices"
	"sync"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/line"
	"shuniu/internal/order"
	"shuniu/internal/unit"
)

// How long and how far a seat's lines can be taken back.
const (
	undoFor  = 5 * time.Minute // Of the world's time. Later, people have acted on it: it is put right by a line that says so.
	undoDeep = 10              // Lines of a seat that are remembered.
)

// doneLine is a line that was done, with what it found: its inverse goes back there.
type doneLine struct {
	text     string
	plan     line.Plan
	seq      cad.Seq // The last record of it.
	at       time.Time
	made     string // What it made: an incident, an order.
	incident incident.State
	units    map[cad.UnitID]unit.State
	stacks   map[cad.UnitID][]*assignment.State
}

// lineBook remembers the last lines of each seat. It is memory only: after a restart nothing can be taken back by a word,
// and everything still by its own line.
type lineBook struct {
	mu     sync.Mutex
	lines  map[string][]doneLine
	undone map[string]doneLine // By seat and key: a repeat takes back the same line again, which changes nothing.
}

// seat is whose lines they are.
func (q request) seat() string { return string(q.actor.ID) + "\n" + string(q.actor.Seat) }

// remember is what a plan finds.
func (q request) remember(p line.Plan) doneLine {
	out := doneLine{plan: p, units: map[cad.UnitID]unit.State{}, stacks: map[cad.UnitID][]*assignment.State{}}
	if q.dry {
		return out
	}
	q.centre.Board.Look(func(h *joint.House) {
		out.incident = h.Incident(p.Incident)
		for _, u := range p.Units {
			out.units[u], out.stacks[u] = h.Unit(u), h.Stack(u)
		}
	})
	return out
}

// keep remembers a line that was done, and says whether it can be taken back.
func (q request) keep(text, key string, seq cad.Seq, p doneLine) *Undoable {
	b := &q.centre.lines
	p.text, p.seq, p.at = text, seq, q.centre.Desk.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lines == nil {
		b.lines, b.undone = map[string][]doneLine{}, map[string]doneLine{}
	}
	own := b.lines[q.seat()]
	if slices.ContainsFunc(own, func(x doneLine) bool { return x.seq == seq }) {
		return nil // A repeat.
	}
	own = append(own, p)
	b.lines[q.seat()] = own[max(0, len(own)-undoDeep):]
	if stays(p.plan.Verb) != "" {
		return nil
	}
	return &Undoable{Of: text, Until: p.at.Add(undoFor)}
}

// last is the line that a seat would take back now. A repeat under the same key means the same line.
func (q request) last(key string) (doneLine, bool) {
	b := &q.centre.lines
	b.mu.Lock()
	defer b.mu.Unlock()
	if p, ok := b.undone[q.seat()+"\n"+key]; ok && key != "" {
		return p, true
	}
	own := b.lines[q.seat()]
	if len(own) == 0 {
		return doneLine{}, false
	}
	return own[len(own)-1], true
}

// forget takes a line off the list: it has been taken back.
func (q request) forget(key string, p doneLine) {
	b := &q.centre.lines
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines[q.seat()] = slices.DeleteFunc(b.lines[q.seat()], func(x doneLine) bool { return x.seq == p.seq })
	const kept = 1000 // Repeats come within seconds.
	if len(b.undone) >= kept {
		clear(b.undone)
	}
	if key != "" {
		b.undone[q.seat()+"\n"+key] = p
	}
}

// undo takes back the last line of the seat. It is a command like others: the journal has both, and the second names the
// first as its cause.
func (s *Server) undo(q request, h WriteHeaders, in commandBody, output *commandOutput) error {
	out := &output.Body
	p, ok := q.last(h.Key)
	switch {
	case !ok && time.Since(q.centre.Started) < undoFor: // What was done in the last minutes may be there, and nobody remembers it.
		out.wrong(problemOf(cannot("line.undo_restarted", "the server was started a moment ago and remembers no lines from before", "look at what stands, and put it right by a line of its own")))
		return nil
	case !ok:
		out.wrong(problemOf(cannot("line.undo_none", "this seat has done nothing that is remembered", "put it right by a line of its own")))
		return nil
	case q.centre.Desk.Now().After(p.at.Add(undoFor)):
		out.wrong(problemOf(cannot("line.undo_late", "it was done too long ago", "put it right by a line of its own", "of", p.text)))
		return nil
	}
	cmd, err := q.inverse(p, in.Text)
	if err != nil {
		out.wrong(problemOf(err))
		return nil
	}
	out.Preview = &Sentence{Code: "line.do.undo", Params: map[string]string{"of": p.text, "text": p.text}, Text: "takes back: " + p.text}
	reply, err := q.bring(h, in, line.Plan{Verb: line.Undo}, cmd, p.seq)
	if err != nil {
		return s.judged(q.ctx, out, err)
	}
	if in.DryRun {
		return nil
	}
	q.forget(h.Key, p)
	out.Status, out.Seq, output.Replay = "ok", reply.Seq, reply.Repeat
	return nil
}

func cannot(code, text, remedy string, keyValues ...string) error {
	return fault.New("api.Undo", fault.Conflict, "%s", text).Because(code, keyValues...).Mend(remedy)
}

// stays is why what a verb does cannot be taken back, as a code; empty if it can.
func stays(verb string) string {
	switch verb {
	case line.Note, line.Feedback, line.Review, line.Return, line.Reopen:
		return "line.undo_written"
	case line.Chase, line.Urge, line.With, line.FollowUp, line.Backup, line.AskSeat, line.TakeSeat, line.EndSeat, line.Signed, line.Answered, line.Cleared:
		return "line.undo_told"
	case line.Duress, line.Safe:
		return "line.undo_danger"
	case line.Wave, line.Locate:
		return "line.undo_stays"
	}
	return ""
}

// inverse is the command that goes back to what a line found. The rooms decide whether that is still possible.
func (q request) inverse(p doneLine, words string) (joint.Command, error) {
	if code := stays(p.plan.Verb); code != "" {
		return nil, cannot(code, "what "+p.plan.Verb+" did stays", "write what is right now; both stand in the journal", "verb", p.plan.Verb, "of", p.text)
	}
	id := p.plan.Incident
	if p.plan.Verb == line.New {
		id = cad.IncidentID(p.made)
	}
	subject := incident.Subject(id)
	if p.plan.Verb == line.Order {
		subject = wordsOf(cad.OrderID(p.made), id)
	}
	sealed, err := q.seal(subject, words)
	if err != nil {
		return nil, err
	}
	switch p.plan.Verb {
	case line.Send, line.Reassign:
		return q.sentBack(p, words, sealed)
	case line.Recall:
		return q.sendAgain(id, p.plan.Units, false, sealed), nil
	case line.Merge:
		return joint.Split{ID: id}, nil
	case line.Split:
		return joint.Merge{ID: id, Into: p.incident.MergedTo}, nil
	case line.Link, line.Unlink:
		return joint.Link{ID: id, Other: p.plan.Other, Undo: p.plan.Verb == line.Link}, nil
	case line.Close, line.Transfer, line.Invalid:
		return joint.AboutIncident{ID: id, Name: "reopen", Cmd: incident.Reopen{ID: id, Text: sealed}}, nil
	case line.Order:
		return joint.AboutOrder{ID: cad.OrderID(p.made), Name: "revoke", Cmd: order.Revoke{ID: cad.OrderID(p.made), Text: sealed}}, nil
	case line.Schedule:
		return joint.AboutIncident{ID: id, Name: "schedule", Cmd: incident.Schedule{ID: id, At: p.incident.Scheduled, LeadS: q.lead()}}, nil
	case line.New:
		return joint.AboutIncident{ID: id, Name: "invalid", Cmd: incident.Invalidate{ID: id, Text: sealed}}, nil
	case line.HandOver:
		return joint.AboutIncident{ID: id, Name: "handover", Cmd: incident.HandOver{ID: id, To: p.incident.Commander.Actor, Known: true}}, nil
	case line.Priority, line.Level, line.Type, line.Tag, line.Untag:
		return q.gradedBack(p, sealed)
	}
	return each(p.plan.Units, func(u cad.UnitID) (joint.Command, error) { return wordBack(p, u) })
}

// sendAgain sends units to where they were.
func (q request) sendAgain(id cad.IncidentID, units []cad.UnitID, reassign bool, why cad.Sealed) dispatch.Send {
	cmd := dispatch.Send{Incident: id, Units: units, Reassign: reassign, Reason: why}
	for range units {
		cmd.IDs = append(cmd.IDs, cad.AssignmentID(newID()))
	}
	return cmd
}

// sentBack calls back those who were free, and sends the others to where they were. Who has arrived stays: he has seen
// something, and is called back in so many words.
func (q request) sentBack(p doneLine, words string, why cad.Sealed) (joint.Command, error) {
	var free []cad.UnitID
	var arrived cad.UnitID
	back := map[cad.IncidentID][]cad.UnitID{}
	q.centre.Board.Look(func(h *joint.House) {
		for _, u := range p.plan.Units {
			for _, a := range h.Stack(u) {
				if a.Incident == p.plan.Incident && !a.OnSceneAt.IsZero() {
					arrived = u
				}
			}
		}
	})
	if arrived != "" {
		return nil, cannot("line.undo_arrived", string(arrived)+" is there already", "recall it in so many words", "unit", string(arrived), "of", p.text)
	}
	for _, u := range p.plan.Units {
		was := p.stacks[u]
		switch {
		case slices.ContainsFunc(was, func(a *assignment.State) bool { return a.Incident == p.plan.Incident }): // It was on it before.
		case p.plan.Verb == line.Reassign && len(was) > 0:
			back[was[0].Incident] = append(back[was[0].Incident], u)
		default:
			free = append(free, u)
		}
	}
	var all joint.Together
	if len(free) > 0 {
		all = append(all, dispatch.Recall{Incident: p.plan.Incident, Units: free, Text: why})
	}
	for _, id := range sortedKeys(back) {
		reason, err := q.seal(incident.Subject(id), words)
		if err != nil {
			return nil, err
		}
		all = append(all, q.sendAgain(id, back[id], true, reason))
	}
	switch len(all) {
	case 0:
		return nil, cannot("line.undo_none", "nobody was sent by it", "there is nothing to take back")
	case 1:
		return all[0], nil
	}
	return all, nil
}

// gradedBack grades an incident as it was. What nobody had said before cannot be unsaid.
func (q request) gradedBack(p doneLine, why cad.Sealed) (joint.Command, error) {
	was := p.incident
	var now incident.State
	q.centre.Board.Look(func(h *joint.House) { now = h.Incident(was.ID) })
	switch {
	case was.Type == "" && now.Type != "", was.Priority == "" && now.Priority != "", was.Level == "" && now.Level != "":
		return nil, cannot("line.undo_first", "it had not been graded before", "grade it as it should be", "number", "#", "of", p.text)
	case now.Changed > p.seq && (now.Type != was.Type || now.Priority != was.Priority) && now.ClassifiedAt.After(p.at):
		return nil, cannot("line.undo_changed", "it was graded again since", "grade it as it should be", "of", p.text)
	}
	tags := slices.Clone(was.Tags)
	return joint.Classify{ID: was.ID, Type: was.Type, Priority: was.Priority, Level: was.Level, Duty: was.Duty, Patrol: was.Patrol, Tags: &tags, Reason: why}, nil
}

// wordBack takes back a unit's word, where it changed its duty and nothing else.
func wordBack(p doneLine, u cad.UnitID) (joint.Command, error) {
	was := p.units[u]
	switch p.plan.Verb {
	case line.Lost:
		return joint.AboutUnit{ID: u, Name: "regain_contact", Cmd: unit.RegainContact{ID: u}}, nil
	case line.Found:
		return joint.AboutUnit{ID: u, Name: "lose_contact", Cmd: unit.LoseContact{ID: u}}, nil
	case line.Standby, line.CallOff:
		if was.Standby != nil {
			return standBy(u, was.Standby.Place, was.Standby.Post, nil), nil
		}
		return joint.AboutUnit{ID: u, Name: "end_standby", Cmd: unit.EndStandby{ID: u}}, nil
	case line.Say:
		if len(p.stacks[u]) == 0 && was.Duty != "" {
			return joint.SayUnit{Unit: u, To: string(was.Duty), Reason: was.Reason}, nil
		}
	}
	return nil, cannot("line.undo_said", "what "+string(u)+" said about its order stands", "send it again, or write what is right now", "unit", string(u), "of", p.text)
}
