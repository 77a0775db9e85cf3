package line

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"shuniu/internal/cad"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func (r *reader) seesUnit() bool {
	_, known := r.signs[r.peek().text]
	return known
}

func readUnits(r *reader, p *Plan) *Reading {
	for _, id := range r.units() {
		if !slices.Contains(p.Units, id) {
			p.Units = append(p.Units, id)
		}
	}
	return nil
}

// seesIncident reports whether the next words name an incident, known or not.
func (r *reader) seesIncident() bool {
	w := r.peek().text
	if slices.Contains(towards, w) || w == "从" || w == "from" {
		w = r.ahead(1).text
	}
	_, ok := numeral(strings.TrimPrefix(w, "#"))
	return ok
}

func readIncident(r *reader, p *Plan) *Reading {
	id, n, refusal := r.target()
	p.Incident, p.Number = id, n
	return refusal
}

func readOther(r *reader, p *Plan) *Reading {
	id, n, refusal := r.target()
	p.Other, p.OtherNo = id, n
	return refusal
}

// target takes the word before an incident, if there is one, and the incident.
func (r *reader) target() (cad.IncidentID, int64, *Reading) {
	r.skip(towards...)
	r.skip("从", "from")
	if !r.more() {
		return "", 0, unfinished("line.incident", "say which incident")
	}
	id, n, isNumber := r.incident()
	switch {
	case !isNumber:
		return "", 0, r.notAnIncident()
	case id == "":
		return "", n, noIncident(n)
	}
	return id, n, nil
}

func (r *reader) notAnIncident() *Reading {
	w := r.token()
	return wrong("line.not_an_incident", w+" is no incident", "give its number", "word", w)
}

func noIncident(n int64) *Reading {
	return wrong("no_incident", "there is no incident #"+number(n), "look at the queue for its number", "number", number(n))
}

// incident takes a number as people write it: 42, #42, 42号警, 四十二.
func (r *reader) incident() (id cad.IncidentID, n int64, isNumber bool) {
	n, ok := numeral(strings.TrimPrefix(r.peek().text, "#"))
	if !ok {
		return "", 0, false
	}
	r.next()
	r.skip("号警", "号")
	if id = r.house.Numbered(n); id != "" || n < 1 || n > r.house.Count {
		return id, n, true
	}
	id, looked := r.in.Old[n]
	if !looked && !slices.Contains(r.sought, n) {
		r.sought = append(r.sought, n)
	}
	return id, n, true
}

func readCount(r *reader, p *Plan) *Reading {
	n, _ := numeral(r.next().text)
	const most = 99 // The rooms say what is possible.
	p.Count = int(min(n, most))
	r.skip("个车组", "车组", "crews", "units")
	return nil
}

// readText takes the rest. The word for "because" is not part of what is told.
func readText(r *reader, p *Plan) *Reading {
	if w := r.peek(); w.text == "理由" || w.text == "reason" || w.text == "because" {
		r.next()
	}
	p.Text = r.takeRest()
	return nil
}

func readPlace(r *reader, p *Plan) *Reading {
	p.Address = strings.TrimSpace(strings.TrimLeft(r.takeRest(), "@＠ "))
	if p.Address == "" {
		return unfinished("line.place", "say where")
	}
	return nil
}

func readLevel(r *reader, p *Plan) *Reading {
	p.Level = levelOf(r.next().text)
	return nil
}

func readVerb(r *reader, p *Plan) *Reading {
	w := r.next().text
	if e := r.exact(w, leadNone); e != nil {
		p.To = e.ID
		return nil
	}
	if e := r.exact(w, leadIncident); e != nil {
		p.To = e.ID
		return nil
	}
	if s := stateOf(w); s != nil {
		p.To = Say
		return nil
	}
	if found := append(begin(w, leadNone), begin(w, leadIncident)...); len(found) > 0 && found[0].entry != nil {
		p.To = found[0].entry.ID
		return nil
	}
	return wrong("line.unknown_verb", "there is no such verb: "+cut(w), "help alone lists them all", "word", cut(w))
}

// before is the verb itself, as it was typed.
func (r *reader) before() string {
	if r.at == 0 {
		return ""
	}
	return r.words[r.at-1].text
}
