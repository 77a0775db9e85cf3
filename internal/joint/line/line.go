// Package line reads what a dispatcher types (the command line) and says what would happen. It executes nothing:
// it gives a plan, numbered candidates, or one sentence with the remedy. What is ambiguous never becomes a plan.
// Verbs are never guessed. It knows no map: whoever calls it looks up the place that a plan names.
package line

import (
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/joint"
)

// Read reads a line against the house as it is. old are incidents that have left memory, by number, as far as the
// caller has looked for them; one that is not there has the empty id. Reading.Sought says what else he might look for.
func Read(h *joint.House, text string, old map[int64]cad.IncidentID) Reading {
	r := &reader{house: h, old: old, words: split(text)}
	out := r.read()
	out.Sought = r.sought
	return out
}

// reader walks over the words of a line.
type reader struct {
	house  *joint.House
	old    map[int64]cad.IncidentID
	sought []int64
	words  []word
	at     int
}

func (r *reader) read() Reading {
	if len(r.words) == 0 {
		return unfinished("line.empty", "type what is to be done")
	}
	if v, ok := verbs[r.words[0].text]; ok {
		r.next()
		return v(r)
	}
	return r.subjectFirst()
}

func (r *reader) more() bool { return r.at < len(r.words) }

func (r *reader) peek() word {
	if r.more() {
		return r.words[r.at]
	}
	return word{}
}

func (r *reader) next() word {
	w := r.peek()
	r.at++
	return w
}

// rest is the line from here on, as it was typed.
func (r *reader) rest() string {
	if !r.more() {
		return ""
	}
	return strings.TrimSpace(r.words[r.at].tail)
}

// verbs are the words that a line may begin with. A verb is typed out: it is never guessed.
var verbs = map[string]func(*reader) Reading{
	"派": (*reader).send, "send": (*reader).send, "dispatch": (*reader).send,
	"改派": (*reader).reassign, "reassign": (*reader).reassign,
	"办结": (*reader).end, "close": (*reader).end,
	"最近": (*reader).near, "near": (*reader).near,
	"催": (*reader).chase, "urge": (*reader).chase,
	"遇险": (*reader).duress, "sos": (*reader).duress,
	"合并": (*reader).merge, "merge": (*reader).merge,
	"关联": (*reader).link, "link": (*reader).link,
	"新警": (*reader).open, "new": (*reader).open,
	"联动": (*reader).with, "with": (*reader).with,
	"分流": (*reader).transfer, "transfer": (*reader).transfer,
	"转": (*reader).handOn,
}

// towards are the words before an incident.
var towards = []string{"去", "到", "至", "to", "into", "@"}

// stages are what a unit says, and the state that it means.
var stages = map[string]string{
	"签收": "acknowledged", "ack": "acknowledged",
	"出发": "en_route", "赶赴": "en_route", "go": "en_route", "cf": "en_route",
	"待命": "staged", "staged": "staged",
	"到达": "on_scene", "到场": "on_scene", "there": "on_scene", "dd": "on_scene",
	"带离": "transporting", "transport": "transporting",
	"送达": "at_facility", "facility": "at_facility",
	"恢复": "available", "处置完毕": "available", "完毕": "available", "free": "available", "hf": "available",
	"下勤": "off_duty", "off": "off_duty",
	"暂停": "unavailable", "out": "unavailable",
}

// subjectFirst reads a line that begins with a unit or an incident. Three digits are a unit if there is such a
// unit; a bare number at the start is an incident otherwise.
func (r *reader) subjectFirst() Reading {
	units := r.units()
	if len(units) > 0 {
		return r.unitSays(units)
	}
	w := r.peek()
	id, number, isNumber := r.incident()
	switch {
	case !isNumber:
		return r.unknown(w)
	case id == "":
		return noIncident(number)
	case !r.more():
		return ready(Plan{Verb: Open, Incident: id, Number: number})
	}
	return r.aboutIncident(id, number)
}

func (r *reader) aboutIncident(id cad.IncidentID, number int64) Reading {
	w := r.next()
	switch w.text {
	case "记", "note":
		if r.rest() == "" {
			return unfinished("line.text", "say what to write down")
		}
		return ready(Plan{Verb: Note, Incident: id, Number: number, Text: r.rest()})
	case "派", "send":
		return r.sendTo(id, number)
	case "p1", "p2", "p3", "p4":
		return ready(Plan{Verb: Priority, Incident: id, Number: number, To: strings.ToUpper(w.text), Text: r.rest()})
	case "一级", "二级", "三级", "四级":
		return r.whichAxis(id, number, w.text)
	case "催", "urge":
		return ready(Plan{Verb: Chase, Incident: id, Number: number, Text: r.rest()})
	case "办结", "close":
		return ready(Plan{Verb: Close, Incident: id, Number: number})
	case "wave", "加强", "增援", "二波", "三波", "四波", "五波":
		return r.wave(id, number, w.text)
	}
	return wrong("line.unknown_verb", "there is no such verb: "+w.text, "try: note, send, p1, wave, close", "word", w.text)
}

// whichAxis never takes a bare "level one" for one of the four axes.
func (r *reader) whichAxis(id cad.IncidentID, number int64, level string) Reading {
	n := map[string]string{"一级": "1", "二级": "2", "三级": "3", "四级": "4"}[level]
	return Reading{Status: Ambiguous, Code: "line.which_axis", Text: "priority, or event level?", Candidates: []Meaning{
		{N: 1, Label: "P" + n, Plan: Plan{Verb: Priority, Incident: id, Number: number, To: "P" + n}},
		{N: 2, Label: map[string]string{"1": "Ⅰ", "2": "Ⅱ", "3": "Ⅲ", "4": "Ⅳ"}[n], Plan: Plan{Verb: Priority, Incident: id, Number: number, Text: n, To: "level"}},
	}}
}

func (r *reader) unitSays(units []cad.UnitID) Reading {
	if !r.more() {
		return ready(Plan{Verb: Open, Units: units[:1]})
	}
	w := r.next()
	if w.text == "增援" || w.text == "backup" {
		n, err := strconv.Atoi(r.peek().text)
		if err != nil {
			n = 1
		}
		if len(units) > 1 {
			return wrong("line.one_unit", "only one crew can ask for backup in one line", "write a line for each")
		}
		return ready(Plan{Verb: Backup, Units: units, Count: n})
	}
	if w.text == "备勤" || w.text == "standby" {
		return r.standBy(units)
	}
	if w.text == "结束备勤" || w.text == "unstandby" {
		return ready(Plan{Verb: CallOff, Units: units})
	}
	if slices.Contains(towards, w.text) { // "101 去 42" is an order to go there.
		r.at--
		return r.sendUnits(units, Send)
	}
	to, ok := stages[w.text]
	if !ok {
		return wrong("line.unknown_state", "there is no such state: "+w.text, "try: go, there, free, out, ack", "word", w.text)
	}
	p := Plan{Verb: Say, Units: units, To: to, Text: r.rest()}
	if to == "unavailable" && p.Text == "" {
		return unfinished("line.reason", "say why it is out: meal, fuel, fault")
	}
	return ready(p)
}

func (r *reader) send() Reading {
	if slices.Contains(best, r.peek().text) {
		r.next()
		return r.sendBest()
	}
	return r.sendUnits(r.units(), Send)
}

func (r *reader) reassign() Reading { return r.sendUnits(r.units(), Reassign) }

// best are the words for "as recommended".
var best = []string{"推荐", "best", "最近"}

func (r *reader) sendBest() Reading {
	n := -1
	if c, err := strconv.Atoi(strings.TrimSuffix(r.peek().text, "个")); err == nil && !slices.Contains(towards, r.peek().text) && r.at+1 < len(r.words) {
		n = c
		r.next()
	}
	id, number, refusal := r.target()
	if refusal != nil {
		return *refusal
	}
	return ready(Plan{Verb: Send, Incident: id, Number: number, Best: n})
}

// sendTo reads "42 派 推荐" and "42 派 101 102".
func (r *reader) sendTo(id cad.IncidentID, number int64) Reading {
	if slices.Contains(best, r.peek().text) {
		r.next()
		n := -1
		if digits := strings.TrimRight(r.rest(), "个车组辆 "); digits != "" {
			if c, ok := numeral(digits); ok {
				n = int(c)
			}
		}
		return ready(Plan{Verb: Send, Incident: id, Number: number, Best: n})
	}
	units := r.units()
	if len(units) == 0 {
		return r.unknownUnit()
	}
	return r.checkSend(Plan{Verb: Send, Units: units, Incident: id, Number: number})
}

func (r *reader) sendUnits(units []cad.UnitID, verb string) Reading {
	if len(units) == 0 {
		return r.unknownUnit()
	}
	if r.more() && !slices.Contains(towards, r.peek().text) {
		if _, _, isNumber := r.incident(); !isNumber {
			r.at = max(0, r.at-1)
			return r.unknownUnit()
		}
		return wrong("line.no_target_word", "say which is the incident", "put 'to' before its number", "word", r.peek().text)
	}
	id, number, refusal := r.target()
	if refusal != nil {
		return *refusal
	}
	if w := r.peek(); w.text != "" && !r.trailing(w.text) {
		return Reading{
			Status: Ambiguous, Code: "line.two_incidents", Text: "one crew, two incidents: in which order?",
			Candidates: []Meaning{{N: 1, Label: "#" + strconv.FormatInt(number, 10), Plan: Plan{Verb: verb, Units: units, Incident: id, Number: number}}},
		}
	}
	p := Plan{Verb: verb, Units: units, Incident: id, Number: number}
	if r.trailing(r.peek().text) {
		p.Stack = r.next().text != "理由"
		p.Text = r.rest()
	}
	return r.checkSend(p)
}

// trailing are words that may follow an order to go: stacking, and the reason of a reassignment.
func (r *reader) trailing(w string) bool {
	return w == "排队" || w == "stack" || w == "理由" || w == "reason"
}

// checkSend says at once what the desk would refuse: it costs the dispatcher nothing to know before Enter.
func (r *reader) checkSend(p Plan) Reading {
	for _, id := range p.Units {
		u := r.house.Unit(id)
		stack := r.house.Stack(id)
		switch {
		case !u.Dispatchable:
			return wrong("not_dispatchable", string(id)+" is never dispatched", "choose another unit", "unit", string(id))
		case len(stack) > 0 && stack[0].Incident != p.Incident && p.Verb == Send && !p.Stack:
			at := strconv.FormatInt(r.house.Incident(stack[0].Incident).Number, 10)
			return wrong("unit_busy", string(id)+" is busy at #"+at, "reassign it, or add 'stack'", "unit", string(id), "number", at)
		}
	}
	return ready(p)
}

func (r *reader) end() Reading {
	id, number, refusal := r.target()
	if refusal != nil {
		return *refusal
	}
	return ready(Plan{Verb: Close, Incident: id, Number: number})
}

func (r *reader) near() Reading {
	id, number, refusal := r.target()
	if refusal != nil {
		return *refusal
	}
	return ready(Plan{Verb: Near, Incident: id, Number: number, Text: r.rest()})
}

func (r *reader) chase() Reading {
	id, number, refusal := r.target()
	if refusal != nil {
		return *refusal
	}
	return ready(Plan{Verb: Chase, Incident: id, Number: number, Text: r.rest()})
}

func (r *reader) duress() Reading {
	units := r.units()
	if len(units) == 0 {
		return r.unknownUnit()
	}
	return ready(Plan{Verb: Duress, Units: units, Text: r.rest()})
}

// units takes unit names for as long as there are any.
func (r *reader) units() []cad.UnitID {
	var out []cad.UnitID
	for r.more() {
		id := cad.UnitID(strings.ToUpper(r.peek().text))
		u := r.house.Unit(id)
		if u.ID == "" {
			if u = r.house.Unit(cad.UnitID(r.peek().text)); u.ID == "" {
				break
			}
		}
		r.next()
		if !slices.Contains(out, u.ID) {
			out = append(out, u.ID)
		}
	}
	return out
}

func (r *reader) unknownUnit() Reading {
	w := r.peek().text
	if w == "" || slices.Contains(towards, w) {
		return unfinished("line.unit", "say which unit")
	}
	return wrong("no_unit", "there is no unit "+w, "look at the board for its call sign", "unit", w)
}

// unknown answers a first word that is no verb; one that looks like a verb is asked about, never executed.
func (r *reader) unknown(w word) Reading {
	for _, v := range []string{"派", "改派", "办结", "最近", "遇险", "合并", "关联"} {
		if sounds[w.text] == v {
			return wrong("line.did_you_mean", "did you mean "+v+"?", "type it; Enter does nothing now", "word", w.text, "verb", v)
		}
	}
	for _, v := range []string{"send", "reassign", "close", "near", "sos", "merge", "link"} {
		if len(w.text) > 1 && strings.HasPrefix(v, w.text) {
			return unfinished("line.verb", v+" ...")
		}
	}
	return wrong("line.unknown_verb", "there is no such verb: "+w.text, "try: send, near, close, merge, or a unit's call sign", "word", w.text)
}

// sounds are characters that an input method offers in place of a verb.
var sounds = map[string]string{"拍": "派", "排": "派", "牌": "派", "版结": "办结", "合病": "合并"}
