package sim

import (
	"cmp"
	"context"
	"slices"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/callers"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// grade says what the incident is, if nobody has yet, and what a later caller of a big one changes.
func (p *Phones) grade(ctx context.Context, s *step, v view) error {
	if v.mine.ID == "" || v.leave || !v.mine.Open() {
		return nil
	}
	script := s.call.Script
	var wanted *callers.Grade
	if script != nil {
		wanted = script.Grade
	}
	c := joint.Classify{ID: v.mine.ID}
	switch {
	case v.mine.Phase == incident.Received:
		c.Type, c.Priority = v.typed, s.call.Priority
		if len(v.tags) > 0 {
			c.Tags = &v.tags
		}
	case wanted == nil:
		return p.move(ctx, s, v)
	}
	if wanted != nil {
		c.Type, c.Priority, c.Level = cmp.Or(wanted.Type, c.Type), cmp.Or(wanted.Priority, c.Priority), cmp.Or(wanted.Level, c.Level)
		all := slices.Clone(v.mine.Tags)
		for _, t := range v.tags {
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
		c.Tags = &all
		var err error
		if c.Reason, err = p.sealed(v.mine.ID, wanted.Reason(p.opt.Ground.Lang)); err != nil {
			return err
		}
	}
	if _, err := p.say(ctx, s, doGrade, c); err != nil {
		return err
	}
	return p.move(ctx, s, v)
}

// move follows a big incident to where a later caller sees it.
func (p *Phones) move(ctx context.Context, s *step, v view) error {
	if s.call.Script == nil || !s.call.Script.Moves || s.call.N == 0 {
		return nil
	}
	return p.locate(ctx, s, v.mine.ID, s.call.Said, s.call.Place)
}

func (p *Phones) locate(ctx context.Context, s *step, id cad.IncidentID, at geo.Point, said string) error {
	sealed, err := p.opt.Desk.Seal(incident.Subject(id), board.Opening{Address: said})
	if err != nil {
		return err
	}
	done, err := p.say(ctx, s, "locate", joint.Locate{ID: id, Place: &at, Street: p.street(at), Address: sealed})
	if done {
		p.count(func(t *PhonesTold) { t.Corrected++ })
	}
	return err
}

// settling bounds how often a wrong place that lies in another's hands is looked at again.
const (
	settleAgain = time.Minute
	settleTries = 15
)

// settle puts a wrong place right: a second incident of the same event goes into the first, the first goes where it
// truly is.
func (p *Phones) settle(ctx context.Context, s *step, v view, now time.Time) error {
	if v.mine.ID == "" || !v.mine.Open() {
		return nil
	}
	twice := v.home.ID != "" && v.home.ID != v.mine.ID
	if v.leave || twice && p.opt.Leave(v.home.ID) {
		if s.tries++; s.tries < settleTries {
			s.at = now.Add(settleAgain)
			p.mu.Lock()
			p.push(s)
			p.mu.Unlock()
		}
		return nil
	}
	if !twice {
		if s.call.N > 0 && v.mine.ID != p.own(s) { // It joined what others had opened at the right place.
			return nil
		}
		if err := p.note(ctx, s, v.mine.ID, p.gen.Note("located")); err != nil {
			return err
		}
		return p.locate(ctx, s, v.mine.ID, s.call.True, "")
	}
	if !v.home.Open() {
		return nil // It is over; this one is closed by itself.
	}
	done, err := p.say(ctx, s, "merge", joint.Merge{ID: v.mine.ID, Into: v.home.ID})
	if done {
		p.count(func(t *PhonesTold) { t.Merged++ })
	}
	return err
}

// forward hands over what others do: the caller, or what was written down of him. Where nobody takes it over it stays
// with us, as nothing.
func (p *Phones) forward(ctx context.Context, s *step, v view) error {
	switch {
	case v.partner == "" && v.mine.ID == "":
		if _, err := p.write(ctx, s, v); err != nil {
			return err
		}
		return p.dismiss(ctx, s, p.look(s), "not_ours")
	case v.partner == "":
		return p.dismiss(ctx, s, v, "not_ours")
	case s.what == doForward && (v.call.Phase == call.InTalk || v.call.Phase == call.Ringing):
		done, err := p.say(ctx, s, s.what, joint.AboutCall{ID: s.id, Name: "transfer", Cmd: call.TransferTo{ID: s.id, Partner: v.partner}})
		if done {
			p.count(func(t *PhonesTold) { t.Forwarded++ })
		}
		return err
	case v.mine.ID == "" || v.leave || !v.mine.Open():
		return nil
	}
	sealed, err := p.sealed(v.mine.ID, p.gen.Note("not_ours"))
	if err != nil {
		return err
	}
	done, err := p.say(ctx, s, s.what, about(v.mine.ID, "transfer", incident.Transfer{ID: v.mine.ID, Partner: v.partner, Text: sealed}))
	if done {
		p.count(func(t *PhonesTold) { t.Forwarded++ })
	}
	return err
}

// breakOff ends a call that nobody finishes any more.
func (p *Phones) breakOff(ctx context.Context, s *step, v view) error {
	if v.call.Phase != call.Ringing && v.call.Phase != call.InTalk {
		return nil
	}
	if _, err := p.say(ctx, s, s.what, joint.LoseCall{Call: s.id, Incident: apartOf(s.id)}); err != nil {
		return err
	}
	return p.dismiss(ctx, s, p.look(s), "broken")
}
