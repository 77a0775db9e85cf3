package joint

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/org"
	"shuniu/internal/report"
)

// Decide asks a command, and adds what its facts call for: alerts that the duty commander must acknowledge, and urgent
// reports that are owed from then on. Whoever writes facts decides by this, so that no verb can forget it.
func Decide(h *House, c Command, m Moment) (Outcome, error) {
	out, err := c.Decide(h, m)
	if err != nil || len(out.Facts) == 0 {
		return out, err
	}
	more, err := h.heed(out.Facts, m)
	if err != nil {
		return Outcome{}, err
	}
	out.Facts = append(slices.Clip(out.Facts), more...)
	return out, nil
}

// heed looks at each incident that was opened, graded, told more about, ended or opened again.
func (h *House) heed(facts []cad.Fact, m Moment) ([]cad.Fact, error) {
	after := map[cad.IncidentID]incident.State{}
	graded, answered := map[cad.IncidentID]bool{}, map[cad.IncidentID]bool{}
	var order []cad.IncidentID
	for _, f := range facts {
		own, ok := f.(incident.Fact)
		if !ok {
			continue
		}
		id := own.Of()
		s, seen := after[id]
		if !seen {
			s = h.Incident(id)
			order = append(order, id)
		}
		after[id] = incident.Evolve(s, own, cad.Stamp{Seq: h.Seq + 1, At: m.Now, Happened: m.Now, Actor: m.Actor})
		switch f.(type) {
		case incident.Opened, incident.ClassifiedFact:
			graded[id] = true
		case incident.AnsweredFact:
			answered[id] = true
		}
	}
	var out []cad.Fact
	for _, id := range order {
		if graded[id] || answered[id] {
			more, err := h.alertsFor(after[id], m)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		more, err := h.heedOne(h.Incident(id), after[id], graded[id], m)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// heedOne is which urgent reports one incident calls for, which was so before and is so now.
func (h *House) heedOne(was, now incident.State, graded bool, m Moment) ([]cad.Fact, error) {
	var out []cad.Fact
	r, around := h.Report(now.ID), h.aroundReport(now, m)
	ask := func(c report.Command, s report.State) error {
		facts, err := c.Decide(s, around)
		out = append(out, facts...)
		return err
	}
	if graded {
		if err := ask(report.Require{Incident: now.ID, Level: now.Level, Clock: reportClock(h.Org, now.Level), Since: now.Received}, r); err != nil {
			return nil, err
		}
	}
	switch {
	case was.Open() && !now.Open():
		void := now.Phase == incident.Merged || now.Phase == incident.Invalid && len(r.Filed) == 0
		if err := ask(report.End{Incident: now.ID, Void: void}, r); err != nil {
			return nil, err
		}
		if into := now.MergedTo; into != "" && r.Clock != (report.Clock{}) && h.Report(into).Clock == (report.Clock{}) { // What it owed is owed there.
			c := report.Require{Incident: into, Level: r.Level, Clock: r.Clock, Since: r.Since, Last: r.Last}
			if err := ask(c, h.Report(into)); err != nil {
				return nil, err
			}
		}
	case was.Phase != "" && !was.Open() && now.Open():
		if err := ask(report.Resume{Incident: now.ID}, r); err != nil {
			return nil, err
		}
		if from := h.Incident(was.MergedTo); from.ID != "" { // It takes back what was owed for it.
			c := report.Require{Incident: from.ID, Level: from.Level, Clock: reportClock(h.Org, from.Level), Since: from.Received}
			if err := ask(c, h.Report(from.ID)); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// alertsFor are the alerts that an incident calls for and that were never raised: by its tags, by what was answered, and by
// its level.
func (h *House) alertsFor(s incident.State, m Moment) ([]cad.Fact, error) {
	var calls []incident.RaiseAlert
	for _, tag := range s.Tags {
		if h.Org.Tags[tag].Ack {
			calls = append(calls, incident.RaiseAlert{Why: incident.AlertTag, Of: string(tag)})
		}
	}
	calls = append(calls, h.answersCall(s)...)
	if s.Level != "" && slices.Contains(h.Org.AlertLevels, s.Level) {
		calls = append(calls, incident.RaiseAlert{Why: incident.AlertLevel, Of: string(s.Level)})
	}
	var out []cad.Fact
	for _, c := range calls {
		c.ID = s.ID
		facts, err := c.Decide(s, incident.Around{Now: m.Now, Actor: m.Actor})
		if err != nil {
			return nil, err
		}
		for _, f := range facts {
			if own, ok := f.(incident.Fact); ok { // Two answers may mean one tag.
				s = incident.Evolve(s, own, cad.Stamp{Seq: s.Changed, At: m.Now, Happened: m.Now, Actor: m.Actor})
			}
		}
		out = append(out, facts...)
	}
	return out, nil
}

// answersCall are the alerts of tags that answers mean and that must be acknowledged. Whether the incident is tagged so is a
// person's word; the commander hears of it before.
func (h *House) answersCall(s incident.State) []incident.RaiseAlert {
	var out []incident.RaiseAlert
	for _, a := range s.Answers {
		q, _ := h.Org.Question(a.Question)
		o, ok := q.Meant(a.Value)
		if !ok || o.Raises == nil {
			continue
		}
		for _, tag := range o.Raises.Tags {
			if h.Org.Tags[tag].Ack {
				out = append(out, incident.RaiseAlert{Why: incident.AlertTag, Of: string(tag), Question: q.ID, Option: o.ID})
			}
		}
	}
	return out
}

// reportClock is the clock of a level, as the centre has it today.
func reportClock(o *org.State, l cad.Level) report.Clock {
	for _, c := range o.ReportClocks {
		if c.Level == l && l != "" {
			return report.Clock{FirstS: c.FirstS, FollowS: c.FollowS, FinalS: c.FinalS}
		}
	}
	return report.Clock{}
}

// Report is the reports of an incident in memory; the zero state if there are none.
func (h *House) Report(id cad.IncidentID) report.State { return at(h.Reports, id) }

func (h *House) aroundReport(s incident.State, m Moment) report.Around {
	a := AroundReport(s)
	a.Now, a.Actor = m.Now, m.Actor
	return a
}

// AroundReport is what the room of urgent reports must know of an incident.
func AroundReport(s incident.State) report.Around {
	settled := s.ID != "" && (!s.Open() || s.Phase == incident.ReportedBack || s.Phase == incident.Reviewed)
	return report.Around{Known: s.ID != "", Settled: settled}
}

// FileReport files an urgent report about an incident.
type FileReport struct {
	Incident cad.IncidentID
	Kind     report.Kind
	To       string // "superior", or an organisation, neighbour or partner of the centre.
	Corrects int
	Text     cad.Sealed
}

// Verb names it for policy.
func (FileReport) Verb() string { return "report.file" }

// Target is the incident, whose reports come back with it.
func (c FileReport) Target() cad.Subject { return incident.Subject(c.Incident) }

// Decide asks the room.
func (c FileReport) Decide(h *House, m Moment) (Outcome, error) {
	s := h.Incident(c.Incident)
	facts, err := report.File(c).Decide(h.Report(c.Incident), h.aroundReport(s, m))
	if c.To != "" && c.To != report.Superior {
		_, known := h.Org.Orgs[cad.OrgID(c.To)]
		if !known {
			facts, err = checked(facts, err, offered("report.File", "unknown_recipient", "to", c.To,
				slices.Concat([]string{report.Superior}, idsOf(h.Org.Neighbours), idsOf(h.Org.Partners))))
		}
	}
	return emit(facts, Answer{ID: string(c.Incident), Number: s.Number}), err
}
