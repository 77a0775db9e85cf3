package line

import (
	"cmp"
	"slices"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/joint"
	"shuniu/internal/org"
)

// Completion is one way to go on with a line.
type Completion struct {
	Insert string   `json:"insert" doc:"The whole line with it."`
	Text   string   `json:"text" doc:"What it puts in."`
	Kind   string   `json:"kind" enum:"verb,macro,state,unit,incident,station,partner,type,tags,seat,post,result,report,level,place,word"`
	ID     string   `json:"id,omitempty" doc:"Of the verb, the state or the thing."`
	Help   org.Name `json:"help,omitempty" doc:"What it is called, or how the verb is written."`
	State  string   `json:"state,omitempty" doc:"How it stands: the stage of a unit's order or its duty, the phase of an incident."`
	Number int64    `json:"number,omitempty" doc:"The incident that a unit is at."`

	rank int
}

// completionsMax is how many ways are offered.
const completionsMax = 8

// Complete says how the line may go on, the likeliest first. It reads no clock and no disk, and never changes what the
// line means: it only offers.
func Complete(h *joint.House, in Input) []Completion {
	r := newReader(h, in)
	part, from := "", len(r.typed)
	if n := len(r.words); n > 0 && r.words[n-1].to == len(r.typed) {
		from = r.words[n-1].from
		part = r.words[n-1].text
		r.words = r.words[:n-1]
	}
	c := &completer{reader: r, part: strings.TrimLeft(part, "@#"), head: string(r.typed[:from]) + marks(part)}
	c.toPlace()
	c.goOn()
	slices.SortStableFunc(c.out, func(a, b Completion) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.Text, b.Text)) })
	return c.out[:min(len(c.out), completionsMax)]
}

// marks are the signs that a half-typed word begins with and that stay.
func marks(part string) string { return part[:len(part)-len(strings.TrimLeft(part, "@#"))] }

// completer walks over the whole words of a line and then offers what fits the half-typed one.
type completer struct {
	*reader
	part string // Half-typed, folded.
	head string // The line before it.
	out  []Completion
}

// goOn finds what is wanted next.
func (c *completer) goOn() {
	var p Plan
	if !c.more() {
		c.offerVerbs(leadNone)
		c.offerMacros()
		c.offerUnits(nil)
		c.offerIncidents()
		return
	}
	first := c.peek()
	if e := c.exact(first.text, leadNone); e != nil {
		c.next()
		c.slots(e, &p)
		return
	}
	if p.Units = c.units(); len(p.Units) > 0 {
		c.afterSubject(leadUnits, &p)
		return
	}
	if id, n, isNumber := c.incident(); isNumber && id != "" {
		p.Incident, p.Number = id, n
		c.afterSubject(leadIncident, &p)
		return
	}
	if found := begin(first.text, leadNone); len(found) == 1 {
		c.next()
		c.slots(found[0].entry, &p)
	}
}

// afterSubject goes on behind units or an incident.
func (c *completer) afterSubject(l lead, p *Plan) {
	if !c.more() {
		if l == leadUnits {
			c.offerStates(p.Units)
			c.offerUnits(p.Units)
			c.offerWord("去", "to")
		}
		c.offerVerbs(l)
		return
	}
	w := c.peek()
	if e := c.exact(w.text, l); e != nil {
		c.next()
		c.slots(e, p)
		return
	}
	if s := stateOf(w.text); s != nil && l == leadUnits {
		c.next()
		if s.ID == "unavailable" {
			c.offerList("result", itemsOf(c.house.Org.Reasons))
		}
		return
	}
	if slices.Contains(towards, w.text) && l == leadUnits {
		c.slots(entryOf(Send), p)
	}
}

// slots goes over what a verb wants and offers what is wanted next.
func (c *completer) slots(e *Verb, p *Plan) {
	if e.ID == "at" {
		c.afterTime()
		return
	}
	left := slices.DeleteFunc(slices.Clone(e.slots), func(s slot) bool {
		return s.kind == takesUnits && len(p.Units) > 0 || s.kind == takesIncident && p.Incident != ""
	})
	for c.more() {
		i := c.wanted(left)
		if i < 0 {
			break
		}
		if takings(left[i].kind).read(c.reader, p) != nil {
			return
		}
		if left[i].kind != takesTags {
			left = slices.Delete(left, i, i+1)
		}
	}
	if e.ID == Order && len(c.in.Places) > 0 { // Its words name places.
		c.offerPlaces()
		return
	}
	toward := c.more() && (slices.Contains(towards, c.peek().text) || slices.Contains(linking, c.peek().text))
	if c.more() && !toward {
		return // Free words.
	}
	sends := e.ID == Send || e.ID == Reassign
	if sends && len(p.Units) > 0 && !toward { // One more unit, or the word before the incident.
		c.offerUnits(p.Units)
		if p.Incident == "" {
			c.offerWord("去", "to")
			return
		}
	}
	for _, s := range left {
		c.offer(s.kind, p)
		if !s.optional {
			return
		}
	}
}

// afterTime goes on behind the time of a back-entry as at the beginning of a line.
func (c *completer) afterTime() {
	if _, _, size, ok := clock([]rune(fold(string(c.typed[min(c.peek().from, len(c.typed)):])))); ok && c.more() {
		c.pass(size)
		c.goOn()
	}
}

// offer offers what a slot may be filled with.
func (c *completer) offer(kind string, p *Plan) {
	switch kind {
	case takesUnits:
		c.offerUnits(p.Units)
		if p.Verb == "" && c.wantsStation() {
			c.offerWord("推荐", "best")
		}
	case takesIncident, takesOther:
		c.offerIncidents()
	case takesVerb:
		c.offerVerbs(leadNone)
	case takesPlace:
		c.offerPlaces()
	case takesOrder:
		c.offerOrders()
	case takesUnitKind:
		c.offerMeans()
	case takesLevel:
		for _, l := range levels[1:] {
			c.add(Completion{Text: string(l), Kind: "level", ID: string(l)}, strings.ToLower(string(l)))
		}
	default:
		if l, ok := lists[kind]; ok {
			c.offerList(kind, l.all(c.house.Org))
		}
	}
}

// wantsStation reports whether the line may name "the recommended ones" instead of units.
func (c *completer) wantsStation() bool {
	return c.at > 0 && slices.Contains(slices.Concat(entryOf(Send).Words.ZH, entryOf(Send).Words.EN), c.before())
}

// chinese reports whether the line is being typed in Chinese: what is offered is then in Chinese, too.
func (c *completer) chinese() bool {
	return strings.IndexFunc(c.head+c.part, func(r rune) bool { return r > 0x2E80 }) >= 0
}

// add offers something if one of its names begins with what is half-typed, or if that is the initials of a name. The
// better it fits, the earlier it comes.
func (c *completer) add(x Completion, names ...string) {
	fit := -1
	for i, n := range names {
		n = plain(n)
		switch {
		case n == "":
		case n == c.part:
			fit = 4
		case c.part == "" || strings.HasPrefix(n, c.part):
			fit = max(fit, 3)
		case len(c.part) >= initialsMin && c.in.Initials != nil && slices.ContainsFunc(c.in.Initials(names[i]), func(s string) bool { return strings.HasPrefix(s, c.part) }):
			fit = max(fit, 2)
		case len([]rune(c.part)) >= 2 && strings.Contains(n, c.part):
			fit = max(fit, 1)
		}
	}
	if fit < 0 {
		return
	}
	x.rank += (4 - fit) * 100
	x.Insert = c.head + x.Text + " "
	c.out = append(c.out, x)
}

func (c *completer) offerWord(zh, en string) {
	if c.chinese() {
		c.add(Completion{Text: zh, Kind: "word", rank: 50}, zh)
	} else {
		c.add(Completion{Text: en, Kind: "word", rank: 50}, en)
	}
}

// offerVerbs offers the verbs that may stand here. Nothing is offered for initials: verbs are typed out.
func (c *completer) offerVerbs(l lead) {
	zh := c.chinese() || c.part == ""
	for i, e := range verbs() {
		if !e.takes(l) || len(e.Words.ZH)+len(e.Words.EN) == 0 || e.ID == "axis" {
			continue
		}
		x := Completion{Kind: "verb", ID: e.ID, Help: e.Form, rank: 10 + i}
		all := e.Words.EN
		if zh && len(e.Words.ZH) > 0 {
			all = e.Words.ZH
		}
		if n := slices.IndexFunc(all, func(w string) bool { return strings.HasPrefix(w, c.part) }); n >= 0 {
			x.Text, x.Insert = all[n], c.head+all[n]+" "
			c.out = append(c.out, x)
		}
	}
}

// offerMacros offers the centre's own words.
func (c *completer) offerMacros() {
	for i, m := range c.house.Org.Macros {
		if n := slices.IndexFunc(m.Words, func(w string) bool { return c.part != "" && strings.HasPrefix(plain(w), c.part) }); n >= 0 {
			c.out = append(c.out, Completion{Text: m.Words[n], Insert: c.head + m.Words[n] + " ", Kind: "macro", ID: m.ID, Help: m.Help, rank: i})
		}
	}
}

// offerStates offers what the units may say next, the natural next word first.
func (c *completer) offerStates(units []cad.UnitID) {
	zh := c.chinese() || c.part == ""
	for i, s := range states {
		x := Completion{Kind: "state", ID: s.ID, Help: org.Name{"zh": s.ZH[0], "en": s.EN[0]}, rank: 5 + i}
		if slices.ContainsFunc(units, func(u cad.UnitID) bool { return c.mayBe(u, s.ID) }) {
			x.rank -= 50
		}
		if x.Text = s.EN[0]; zh || slices.ContainsFunc(s.Initials, func(w string) bool { return c.part != "" && strings.HasPrefix(w, c.part) }) {
			x.Text = s.ZH[0]
		}
		if slices.ContainsFunc(slices.Concat(s.ZH, s.EN, s.Initials), func(w string) bool { return strings.HasPrefix(w, c.part) }) {
			x.Insert = c.head + x.Text + " "
			c.out = append(c.out, x)
		}
	}
}

// offerUnits offers units that are not named yet, those that are free first.
func (c *completer) offerUnits(named []cad.UnitID) {
	for id, u := range c.house.Units {
		if u.Retired || slices.Contains(named, id) {
			continue
		}
		x := Completion{Text: cmp.Or(u.CallSign, string(id)), Kind: "unit", ID: string(id), Help: c.house.Org.Kinds[u.Kind].Name, State: string(u.Base(false)), rank: 20}
		if stack := c.house.Stack(id); len(stack) > 0 {
			x.State, x.Number, x.rank = string(stack[0].Stage), c.house.Incident(stack[0].Incident).Number, 30
		} else if u.Duty != "available" || !u.Dispatchable {
			x.rank = 40
		}
		c.add(x, x.Text, string(id), x.Help["zh"], x.Help["en"])
	}
}

// offerIncidents offers the open incidents, those that wait for a unit first and the newest before older ones.
func (c *completer) offerIncidents() {
	for id, s := range c.house.Incidents {
		if !s.Open() {
			continue
		}
		x := Completion{Text: number(s.Number), Kind: "incident", ID: string(id), Help: c.house.Org.Types[s.Type].Name, State: string(s.Phase), rank: 20}
		if s.WorkAt.IsZero() {
			x.rank = 10
		}
		x.rank += int(min(c.house.Count-s.Number, 9))
		c.add(x, x.Text, x.Help["zh"], x.Help["en"])
	}
}

// offerList offers what a list of the centre holds.
func (c *completer) offerList(kind string, all []named) {
	zh := c.chinese() || c.part == ""
	for i, n := range all {
		text := n.id
		if len(n.names) > 2 {
			if text = cmp.Or(n.names[2], n.names[1], n.id); zh || c.part != "" && !strings.HasPrefix(plain(n.names[2]), c.part) && !strings.HasPrefix(plain(n.id), c.part) {
				text = cmp.Or(n.names[1], n.names[2], n.id)
			}
		}
		x := Completion{Text: text, Kind: kind, ID: n.id, rank: min(i, 60)}
		if len(n.names) > 2 {
			x.Help = org.Name{"zh": n.names[1], "en": n.names[2]}
		}
		c.add(x, n.names...)
	}
}

// offerMeans offers kinds of units and abilities.
func (c *completer) offerMeans() {
	var all []named
	for _, id := range sortedKeys(c.house.Org.Kinds) {
		all = append(all, namesOf(id, c.house.Org.Kinds[id].Name))
	}
	c.offerList("word", append(all, itemsOf(c.house.Org.Capabilities)...))
}
