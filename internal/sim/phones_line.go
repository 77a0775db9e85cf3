package sim

import (
	"context"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/joint"
	"shuniu/internal/telephone"
)

// How long a caller stays on the line with a person: until it is written down, but not for ever.
const (
	staysMax  = 15 * time.Minute
	staysLook = 10 * time.Second
	goodbye   = 2 * time.Second // After all was said: whoever is put through is still on the line then.
)

// hangUpAt lets a caller hang up later.
func (p *Phones) hangUpAt(s *step, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.push(&step{at: at, what: doHangUp, id: s.id, call: s.call})
}

// hangUp ends a line on the caller's side. Whoever speaks with a person stays until he is written down.
func (p *Phones) hangUp(ctx context.Context, s *step, v view, now time.Time) error {
	if !v.call.Speaking {
		return nil
	}
	if v.call.AnsweredBy != p.opt.Actor.ID && v.call.Incident == "" && now.Sub(v.call.Answered) < staysMax {
		p.hangUpAt(s, now.Add(staysLook))
		return nil
	}
	if p.opt.Line != nil {
		return p.opt.Line.HangUp(ctx, s.id)
	}
	_, err := p.say(ctx, s, doHangUp, joint.AboutCall{ID: s.id, Name: "hang_up", Cmd: call.HangUp{ID: s.id, By: call.Caller}})
	return err
}

// overLine lets a call ring through the exchange.
func (p *Phones) overLine(ctx context.Context, s *step, v view, trunk string) (bool, error) {
	err := p.opt.Line.Ring(ctx, telephone.Report{Call: s.id, Trunk: trunk, Number: s.call.Phone, Place: s.call.Network, Rang: s.call.At})
	if err == nil && v.call.ID == "" {
		p.count(func(t *PhonesTold) { t.Calls++; t.Kinds[s.call.Kind]++ })
	}
	return true, err
}

// IncidentOf names the incident of a call that is lost, and another in case that one is taken; of a call that is not of
// these telephones it derives both.
func (p *Phones) IncidentOf(id cad.CallID) (own, spare cad.IncidentID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.words[id]; c != nil {
		return p.incidentID(c), apartOf(id)
	}
	return apartOf(id), cad.IncidentID(markedID(time.Time{}, "apart again", string(id)))
}

// allBusy lets a call ring on until one of the call-takers has ended his.
func (p *Phones) allBusy(s *step, now time.Time) bool {
	if p.opt.Takers <= 0 {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy = slices.DeleteFunc(p.busy, func(free time.Time) bool { return !free.After(now) })
	if len(p.busy) >= p.opt.Takers {
		p.delay(s, slices.MinFunc(p.busy, time.Time.Compare))
		return true
	}
	p.busy = append(p.busy, now.Add(s.call.Talk))
	return false
}
