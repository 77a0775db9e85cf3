// Package account tells what happened to one incident as findings for an urgent report, each with the facts that it rests
// on. It holds no sentence: the console's catalogues say the findings in the words of a report. It is pure and says nothing
// that no fact says.
package account

import (
	"slices"
	"strconv"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/order"
	"shuniu/internal/report"
)

// Told is one recorded fact.
type Told struct {
	Seq      cad.Seq
	Happened time.Time
	Fact     cad.Fact
	Text     string // Its private words, if they may be read.
	Address  string // The address among them.
}

// Finding is one thing that a report says. Its words are for the catalogues, by its id.
type Finding struct {
	ID     string              `json:"id" doc:"received, graded, sent, arrived, partner, order, feedback, taken, commander, filed, working, idle or ended."`
	Params map[string][]string `json:"params" doc:"What the sentence needs: times in RFC 3339, ids of the centre's lists, numbers, and words as they were told."`
	Facts  []cad.Seq           `json:"facts" doc:"The records that it rests on."`
}

// teller gathers findings.
type teller struct {
	house *joint.House
	s     incident.State
	out   []Finding
}

func at(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (w *teller) say(id string, params map[string][]string, facts ...cad.Seq) {
	w.out = append(w.out, Finding{ID: id, Params: params, Facts: facts})
}

// Of gives the findings of a report: of the first and the final one everything, of a follow-up what is new since the last
// that was filed. The house must hold the incident; story is everything recorded about it, in order.
func Of(h *joint.House, id cad.IncidentID, story []Told, kind report.Kind) []Finding {
	w := &teller{house: h, s: h.Incident(id), out: []Finding{}}
	after := cad.Seq(0)
	if filed := h.Report(id).Filed; kind == report.Follow && len(filed) > 0 {
		after = filed[len(filed)-1].Seq
	}
	fresh := story[:0:0]
	for _, t := range story {
		if t.Seq > after {
			fresh = append(fresh, t)
		}
	}
	if after == 0 {
		w.received(story)
	} else {
		w.filed(h.Report(id).Filed)
	}
	w.graded(fresh)
	w.sent(fresh)
	w.arrived(story[:len(story)-len(fresh)], fresh)
	for _, t := range fresh {
		w.one(t)
	}
	w.ending(story)
	return w.out
}

// received is the first word of it, with the best that is known of its place.
func (w *teller) received(story []Told) {
	for _, t := range story {
		f, ok := t.Fact.(incident.Opened)
		if !ok {
			continue
		}
		facts := []cad.Seq{t.Seq}
		address, street := t.Address, f.Street
		for _, l := range story {
			if better, ok := l.Fact.(incident.Located); ok {
				facts = append(facts, l.Seq)
				if better.Street != "" {
					street = better.Street
				}
				if l.Address != "" {
					address = l.Address
				}
			}
		}
		if address == "" {
			address = street
		}
		p := map[string][]string{"at": {at(t.Happened)}, "number": {strconv.FormatInt(f.Number, 10)}, "source": {string(f.Source)}}
		add(p, "place", address)
		add(p, "told", t.Text)
		w.say("received", p, facts...)
		return
	}
}

// add puts a word among parameters if there is one.
func add(p map[string][]string, key, word string) {
	if word != "" {
		p[key] = append(p[key], word)
	}
}

// filed says which report went before.
func (w *teller) filed(all []report.Filing) {
	last := all[len(all)-1]
	w.say("filed", map[string][]string{"kind": {string(last.Kind)}, "at": {at(last.At)}, "n": {strconv.Itoa(len(all))}}, last.Seq)
}

// graded is how it was graded last.
func (w *teller) graded(story []Told) {
	for i := len(story) - 1; i >= 0; i-- {
		f, ok := story[i].Fact.(incident.ClassifiedFact)
		if !ok {
			continue
		}
		p := map[string][]string{}
		add(p, "type", string(f.Type))
		add(p, "priority", string(f.Priority))
		add(p, "level", string(f.Level))
		for _, tag := range f.Tags {
			add(p, "tags", string(tag))
		}
		w.say("graded", p, story[i].Seq)
		return
	}
}

// sent are the units that were sent, each once, in order.
func (w *teller) sent(story []Told) {
	p, facts := map[string][]string{}, []cad.Seq{}
	for _, t := range story {
		f, ok := t.Fact.(assignment.DispatchedFact)
		if !ok {
			continue
		}
		if len(facts) == 0 {
			p["at"] = []string{at(t.Happened)}
		}
		facts = append(facts, t.Seq)
		if sign := w.sign(f.Unit); !slices.Contains(p["units"], sign) {
			add(p, "units", sign)
		}
	}
	if len(facts) > 0 {
		w.say("sent", p, facts...)
	}
}

func (w *teller) sign(id cad.UnitID) string {
	if u := w.house.Unit(id); u.CallSign != "" {
		return u.CallSign
	}
	return string(id)
}

// arrived is who was there first, how many minutes after the first word, and who else. Where somebody was there before what is
// told, nobody is called the first.
func (w *teller) arrived(before, story []Told) {
	came := w.came(story)
	if len(came) == 0 {
		return
	}
	p, facts := map[string][]string{}, []cad.Seq{}
	if len(w.came(before)) == 0 {
		p["at"] = []string{at(came[0].at)}
		if minutes := came[0].at.Sub(w.s.Received) / time.Minute; minutes >= 0 {
			p["minutes"] = []string{strconv.Itoa(int(minutes))}
		}
	}
	for _, c := range came {
		add(p, "units", c.sign)
		facts = append(facts, c.seq)
	}
	w.say("arrived", p, facts...)
}

// arrival is when a unit was there, and the record that says so.
type arrival struct {
	sign string
	at   time.Time
	seq  cad.Seq
}

// came are the arrivals that a story tells, each unit once, in the order in which they were there: some are entered late.
func (w *teller) came(story []Told) []arrival {
	var out []arrival
	for _, t := range story {
		if unit, ok := stood(t.Fact); ok {
			out = append(out, arrival{w.sign(unit), t.Happened, t.Seq})
		}
	}
	slices.SortStableFunc(out, func(a, b arrival) int { return a.at.Compare(b.at) })
	told := map[string]bool{}
	return slices.DeleteFunc(out, func(a arrival) bool {
		again := told[a.sign]
		told[a.sign] = true
		return again
	})
}

// stood is the unit that a fact puts on scene.
func stood(f cad.Fact) (cad.UnitID, bool) {
	switch f := f.(type) {
	case assignment.Moved:
		return f.Unit, f.To == assignment.OnScene
	case assignment.MilestoneEntered:
		return f.Unit, f.Stage == assignment.OnScene
	}
	return "", false
}

// one is what a single fact says by itself.
func (w *teller) one(t Told) {
	p := map[string][]string{"at": {at(t.Happened)}}
	switch f := t.Fact.(type) {
	case incident.ActingTogether:
		add(p, "partner", string(f.Partner))
		w.say("partner", p, t.Seq)
	case incident.HandedOver:
		add(p, "commander", string(f.To))
		w.say("commander", p, t.Seq)
	case incident.FeedbackGiven:
		add(p, "kind", string(f.Kind))
		add(p, "result", f.Result)
		add(p, "told", t.Text)
		w.say("feedback", p, t.Seq)
		if f.Officers > 0 || f.Taken > 0 {
			w.say("taken", map[string][]string{"officers": {strconv.Itoa(f.Officers)}, "people": {strconv.Itoa(f.Taken)}}, t.Seq)
		}
	case order.IssuedFact:
		if w.house.Order(f.ID).Phase() == order.Revoked {
			return
		}
		add(p, "number", strconv.FormatInt(f.Number, 10))
		for _, r := range f.To {
			add(p, "to_"+r.Kind, r.ID)
		}
		add(p, "told", t.Text)
		w.say("order", p, t.Seq)
	}
}

// ending is how it stands now. It rests on the last record of how far it came.
func (w *teller) ending(story []Told) {
	if len(story) == 0 {
		return
	}
	last := story[len(story)-1]
	for i := len(story) - 1; i >= 0; i-- {
		switch f := story[i].Fact.(type) {
		case incident.ClosedFact:
			w.say("ended", map[string][]string{"at": {at(story[i].Happened)}, "result": {f.Disposition}}, story[i].Seq)
			return
		case incident.ReopenedFact:
			i = 0
		}
	}
	if !w.s.Open() {
		w.say("ended", map[string][]string{"at": {at(w.s.EndedAt)}, "phase": {string(w.s.Phase)}}, last.Seq)
		return
	}
	p := map[string][]string{}
	for _, a := range w.house.SentTo(w.s.ID) {
		if !a.Open() {
			continue
		}
		add(p, "working", w.sign(a.Unit))
		if a.Stage == assignment.OnScene {
			add(p, "on_scene", w.sign(a.Unit))
		}
	}
	if len(p) == 0 {
		w.say("idle", p, last.Seq)
		return
	}
	w.say("working", p, last.Seq)
}
