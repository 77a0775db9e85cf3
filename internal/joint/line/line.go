// Package line reads what a dispatcher types (the command line) and says what would happen. It executes nothing:
// it gives a plan, numbered candidates, or one sentence with the remedy. What is ambiguous never becomes a plan.
// Verbs are never guessed. It knows no map: whoever calls it looks up the place that a plan names. Reading, completion
// and help come from one table (grammar.go).
package line

import (
	"slices"
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/joint"
)

// Input is a line, with what must be known beside the house.
type Input struct {
	Text     string
	Old      map[int64]cad.IncidentID   // Incidents that have left memory, by number, as far as the caller has looked for them; one that is not there has the empty id.
	Now      time.Time                  // The world's time in the centre's own zone: what a time of day in a line means.
	Initials func(name string) []string // The ways to type a Chinese name by the initials of its sounds; nil: names are typed out.
	Places   []Place                    // What the map calls as Seeks says, the likeliest first. Only Complete reads it.
	Sees     func(cad.OrderID) bool     // Whether whoever types may know of an order; nil: of all.
	Plain    bool                       // The centre's own words mean nothing: the line is one that such a word stands for.

	depth int // How often a line has been read within a line.
}

// Read reads a line against the house as it is. Reading.Sought says which numbers the caller might look for.
func Read(h *joint.House, in Input) Reading {
	r := newReader(h, in)
	out := r.read()
	out.Sought = r.sought
	if out.Status == Ready && out.Meant == "" {
		out.Meant = r.meant
	}
	return out
}

// within is a line that is read within this one. It is nil where that is too deep: no person writes so.
func (in Input) within(text string) *Input {
	const deepest = 3
	if in.depth >= deepest {
		return nil
	}
	in.Text, in.depth = text, in.depth+1
	return &in
}

// reader walks over the words of a line.
type reader struct {
	house  *joint.House
	in     Input
	typed  []rune // The line as it was typed; folded has the same length.
	words  []word
	at     int
	sought []int64
	meant  string
	signs  map[string]cad.UnitID
}

func newReader(h *joint.House, in Input) *reader {
	r := &reader{house: h, in: in, typed: []rune(in.Text), words: split(in.Text), signs: make(map[string]cad.UnitID, len(h.Units))}
	for id, u := range h.Units {
		r.signs[strings.ToLower(u.CallSign)] = id
	}
	for id := range h.Units {
		r.signs[strings.ToLower(string(id))] = id
	}
	return r
}

func (r *reader) more() bool { return r.at < len(r.words) }

func (r *reader) peek() word { return r.ahead(0) }

// ahead is the word so many further on; the empty one behind the end.
func (r *reader) ahead(n int) word {
	if r.at+n < len(r.words) {
		return r.words[r.at+n]
	}
	return word{from: len(r.typed), to: len(r.typed)}
}

func (r *reader) next() word {
	w := r.peek()
	r.at++
	return w
}

// skip takes the next word if it is one of these.
func (r *reader) skip(words ...string) bool {
	if r.more() && slices.Contains(words, r.peek().text) {
		r.at++
		return true
	}
	return false
}

// rest is the line from here on, as it was typed.
func (r *reader) rest() string {
	return strings.Trim(string(r.typed[min(r.peek().from, len(r.typed)):]), " \u3000,，、:：;；")
}

// takeRest is the rest, and nothing is left of it.
func (r *reader) takeRest() string {
	out := r.rest()
	r.at = len(r.words)
	return out
}

// towards are the words before an incident.
var towards = []string{"去", "到", "至", "to", "into", "for", "@"}

func (r *reader) read() Reading {
	if !r.more() {
		return *unfinished("line.empty", "type what is to be done")
	}
	if out := r.macro(); out != nil {
		return *out
	}
	first := r.peek()
	if e := r.exact(first.text, leadNone); e != nil {
		r.next()
		return r.verb(e, Plan{Verb: e.ID})
	}
	if s := stateOf(first.text); s != nil {
		r.next()
		return r.stateFirst(s)
	}
	if units := r.units(); len(units) > 0 {
		return r.ofUnits(units)
	}
	if slices.Contains(towards, first.text) && r.at+1 < len(r.words) {
		r.next()
	}
	if n, ok := numeral(first.text); ok && len(first.text) == 3 && r.house.Numbered(n) == "" {
		return *r.unknownUnit() // Three digits are a unit.
	}
	if id, number, isNumber := r.incident(); isNumber {
		return r.ofIncident(id, number)
	}
	return r.unknown(first)
}

// verb reads what belongs to a verb.
func (r *reader) verb(e *Verb, p Plan) Reading {
	p.Verb = e.ID
	var refusal *Reading
	read, check := reading(e.ID)
	if read != nil {
		refusal = read(r, &p)
	} else {
		refusal = r.fill(e.slots, &p)
	}
	if refusal == nil && check != nil {
		refusal = check(r, &p)
	}
	if refusal != nil {
		return *refusal
	}
	return ready(p)
}

// ofUnits reads a line that begins with units. Three digits are a unit if there is such a unit.
func (r *reader) ofUnits(units []cad.UnitID) Reading {
	p := Plan{Units: units}
	if !r.more() {
		p.Verb, p.Units = Open, units[:1]
		return ready(p)
	}
	w := r.peek()
	if e := r.exact(w.text, leadUnits); e != nil {
		r.next()
		return r.verb(e, p)
	}
	if s := stateOf(w.text); s != nil {
		r.next()
		return r.says(p, s)
	}
	if slices.Contains(towards, w.text) || strings.HasPrefix(w.text, "#") { // "101 去 42" is an order to go there.
		return r.verb(entryOf(Send), p)
	}
	if isDone(w.text) {
		r.next()
		return r.done(units)
	}
	return r.prefixed(w, leadUnits, p)
}

// ofIncident reads a line that begins with an incident: a bare number at the start is one.
func (r *reader) ofIncident(id cad.IncidentID, number int64) Reading {
	p := Plan{Incident: id, Number: number}
	if id == "" {
		return *noIncident(number)
	}
	if !r.more() {
		p.Verb = Open
		return ready(p)
	}
	w := r.peek()
	if e := r.exact(w.text, leadIncident); e != nil {
		r.next()
		return r.verb(e, p)
	}
	return r.prefixed(w, leadIncident, p)
}

// prefixed takes the beginning of an English verb, if only one begins so. What it stands for is in Reading.Meant: it
// must have been shown before it is done. Chinese verbs are typed out.
func (r *reader) prefixed(w word, l lead, p Plan) Reading {
	found := begin(w.text, l)
	switch len(found) {
	case 0:
		return r.strange(w, l)
	case 1:
		r.next()
		r.meant = found[0].word
		if found[0].state != nil {
			return r.says(p, found[0].state)
		}
		return r.verb(found[0].entry, p)
	}
	words := make([]string, 0, len(found))
	for _, f := range found {
		words = append(words, f.word)
	}
	return *unfinished("line.which_verb", "which: "+strings.Join(words, ", ")+"?", "words", strings.Join(words, " · "))
}

// strange answers a word that is no verb where one must stand.
func (r *reader) strange(w word, l lead) Reading {
	if v := sounds[w.text]; v != "" {
		return *didYouMean(w.text, v)
	}
	if l == leadUnits {
		if _, ok := numeral(strings.TrimPrefix(w.text, "#")); ok || len(w.text) == 3 && isDigits(w.text) {
			return *r.unknownUnit()
		}
		return *wrong("line.unknown_state", "there is no such state: "+w.text, "try: go, there, free, out, ack", "word", w.text)
	}
	return *wrong("line.unknown_verb", "there is no such verb: "+w.text, "try: note, send, p1, wave, close", "word", w.text)
}

// unknown answers a first word that is no verb; one that looks like a verb is asked about, never executed.
func (r *reader) unknown(w word) Reading {
	if v := sounds[w.text]; v != "" {
		return *didYouMean(w.text, v)
	}
	if len(w.text) == 3 && isDigits(w.text) {
		return *r.unknownUnit()
	}
	if len(begin(w.text, leadNone)) > 0 {
		return r.prefixed(w, leadNone, Plan{})
	}
	return *wrong("line.unknown_verb", "there is no such verb: "+w.text, "try: send, near, close, merge, or a unit's call sign", "word", w.text)
}

func didYouMean(word, verb string) *Reading {
	return wrong("line.did_you_mean", "did you mean "+verb+"?", "type it; Enter does nothing now", "word", word, "verb", verb)
}

// sounds are characters that an input method offers in place of a verb.
var sounds = map[string]string{
	"拍": "派", "排": "派", "牌": "派", "改拍": "改派", "版结": "办结", "半截": "办结", "合病": "合并", "联东": "联动", "分留": "分流", "新井": "新警", "崔": "催", "吹": "催",
	"领": "令", "另": "令", "关连": "关联", "遇见": "遇险", "预险": "遇险", "重新": "重开", "不录": "补录", "车回": "撤回", "审合": "审核",
}

func isDigits(w string) bool {
	return w != "" && strings.Trim(w, "0123456789") == ""
}
