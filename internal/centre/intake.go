package centre

import (
	"fmt"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/org"
)

// intakeFile is intake.yaml.
type intakeFile struct {
	Greeting   label             `yaml:"greeting"`
	SeatWithin time.Duration     `yaml:"seat_within"` // A seat that is asked takes it within this.
	Lead       time.Duration     `yaml:"lead"`        // How long before an appointment its incident comes into the queue.
	Questions  []questionEntry   `yaml:"questions"`
	Types      []intakeTypeEntry `yaml:"types"`
}

type questionEntry struct {
	ID      string        `yaml:"id"`
	Ask     label         `yaml:"ask"`
	Kind    string        `yaml:"kind"`
	First   bool          `yaml:"first"`
	Options []optionEntry `yaml:"options"`
}

type optionEntry struct {
	ID string `yaml:"id"`
	label

	From   int         `yaml:"from"`
	Raises *raiseEntry `yaml:"raises"`
}

type raiseEntry struct {
	Priority string   `yaml:"priority"`
	Tags     []string `yaml:"tags"`
	Type     string   `yaml:"type"`
}

// intakeTypeEntry is what the form needs of one type of types.yaml.
type intakeTypeEntry struct {
	ID       string    `yaml:"id"`
	Seat     string    `yaml:"seat"`
	Script   label     `yaml:"script"`
	Synonyms wordEntry `yaml:"synonyms"`
	Words    wordEntry `yaml:"words"`
	Ask      []string  `yaml:"ask"` // Questions, by their ids.
}

type wordEntry struct {
	ZH []string `yaml:"zh"`
	EN []string `yaml:"en"`
}

func (w wordEntry) words() map[string][]string {
	out := map[string][]string{}
	if len(w.ZH) > 0 {
		out["zh"] = w.ZH
	}
	if len(w.EN) > 0 {
		out["en"] = w.EN
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

type premiseEntry struct {
	ID string `yaml:"id"`
	label

	Kind     string  `yaml:"kind"`
	Place    *lonLat `yaml:"place"`
	RadiusM  float64 `yaml:"radius_m"`
	Warnings []label `yaml:"warnings"`
}

func (l *loader) premises(entries []premiseEntry) []org.Premise {
	var out []org.Premise
	for i, e := range entries {
		s := spot{centreYAML, fmt.Sprintf("premises[%d]", i)}
		l.alias[fmt.Sprintf("settings.premises[%s]", e.ID)] = s
		p := org.Premise{ID: e.ID, Name: e.name(), Kind: e.Kind, Place: e.Place.point(), RadiusM: cad.Meters(e.RadiusM)}
		for _, w := range e.Warnings {
			p.Warnings = append(p.Warnings, w.name())
		}
		l.inBounds(spot{s.file, s.path + ".place"}, p.Place)
		out = append(out, p)
	}
	return out
}

// intake adds what intake.yaml says of the types.
func (l *loader) intake(f intakeFile) {
	set := &l.charter.Settings
	set.SeatWithinS, set.LeadS = int64(f.SeatWithin/time.Second), int64(f.Lead/time.Second)
	l.alias["settings.seat_within"], l.alias["settings.scheduled_lead"] = spot{intakeYAML, "seat_within"}, spot{intakeYAML, "lead"}
	if !f.Greeting.empty() {
		set.Greeting = f.Greeting.name()
	}
	questions, asked := map[string]org.Question{}, map[string]bool{}
	for i, e := range f.Questions {
		s := spot{intakeYAML, fmt.Sprintf("questions[%d]", i)}
		l.alias[fmt.Sprintf("questions[%s]", e.ID)] = s
		if _, twice := questions[e.ID]; twice {
			l.note(s, fmt.Sprintf("there are two questions %q", e.ID), "give each one its own id")
		}
		questions[e.ID] = e.question()
	}
	for i, e := range f.Types {
		path := fmt.Sprintf("types[%d]", i)
		n := slices.IndexFunc(l.charter.Types, func(t org.Type) bool { return t.ID == cad.TypeID(e.ID) })
		if n < 0 {
			l.note(spot{intakeYAML, path}, fmt.Sprintf("there is no type %q", e.ID), "name one of types.yaml")
			continue
		}
		t := &l.charter.Types[n]
		l.alias[fmt.Sprintf("types[%s].first_seat", e.ID)], l.alias[fmt.Sprintf("types[%s].ask", e.ID)] = spot{intakeYAML, path + ".seat"}, spot{intakeYAML, path + ".ask"}
		if t.Synonyms != nil || t.Words != nil || t.Questions != nil {
			l.note(spot{intakeYAML, path}, fmt.Sprintf("type %s stands here twice", e.ID), "put both together")
		}
		t.Seat, t.Synonyms, t.Words = e.Seat, e.Synonyms.words(), e.Words.words()
		if !e.Script.empty() {
			t.Script = e.Script.name()
		}
		for k, id := range e.Ask {
			q, ok := questions[id]
			if !ok {
				l.note(spot{intakeYAML, fmt.Sprintf("%s.ask[%d]", path, k)}, fmt.Sprintf("there is no question %q", id), "name one of questions")
				continue
			}
			asked[id] = true
			t.Questions = append(t.Questions, q)
		}
	}
	for i, e := range f.Questions {
		if !asked[e.ID] {
			l.note(spot{intakeYAML, fmt.Sprintf("questions[%d]", i)}, fmt.Sprintf("nobody asks the question %q", e.ID), "name it under ask: of a type, or remove it")
		}
	}
}

func (e questionEntry) question() org.Question {
	q := org.Question{ID: e.ID, Ask: e.Ask.name(), Kind: e.Kind, First: e.First}
	for _, o := range e.Options {
		out := org.Option{ID: o.ID, From: o.From}
		if !o.empty() {
			out.Name = o.name()
		}
		if r := o.Raises; r != nil {
			out.Raises = &org.Raise{Priority: cad.Priority(r.Priority), Tags: words[cad.TagID](r.Tags), Type: cad.TypeID(r.Type)}
		}
		q.Options = append(q.Options, out)
	}
	return q
}
