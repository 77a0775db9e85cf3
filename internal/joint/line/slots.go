package line

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"shuniu/internal/cad"
	"shuniu/internal/org"
)

// slot is what a verb wants to know. Those that name something may come in any order.
type slot struct {
	kind     string
	optional bool
}

// The kinds of slots.
const (
	takesUnits    = "units"
	takesIncident = "incident"
	takesOther    = "other" // A second incident.
	takesPartner  = "partner"
	takesType     = "type"
	takesTags     = "tags"
	takesSeat     = "seat"
	takesPost     = "post"
	takesResult   = "result"
	takesKind     = "report" // First, supplementary, final.
	takesLevel    = "level"
	takesStation  = "station"
	takesCount    = "count"
	takesText     = "text"  // All that is left.
	takesUnitKind = "means" // A kind of unit or an ability; all that is left.
	takesVerb     = "verb"
	takesPlace    = "place" // An address; all that is left.
	takesState    = "state"
	takesTime     = "time"
	takesOrder    = "order" // The number of an open order.
)

// greedy slots take all that is left.
func (s slot) greedy() bool {
	return s.kind == takesText || s.kind == takesPlace || s.kind == takesUnitKind
}

// taking is how a slot is read.
type taking struct {
	sees  func(*reader) bool
	read  func(*reader, *Plan) *Reading
	code  string // What is said while it is missing.
	text  string
	wrong func(*reader) *Reading // What is said of a word that is none; nil: that it is not understood.
}

// takings are how each kind of slot is read. It is a function because the table of verbs reads it, too.
func takings(kind string) taking {
	switch kind {
	case takesUnits:
		return taking{(*reader).seesUnit, readUnits, "line.unit", "say which unit", (*reader).unknownUnit}
	case takesIncident:
		return taking{(*reader).seesIncident, readIncident, "line.incident", "say which incident", (*reader).notAnIncident}
	case takesOther:
		return taking{(*reader).seesIncident, readOther, "line.incident", "say which incident", (*reader).notAnIncident}
	case takesCount:
		return taking{func(r *reader) bool { _, ok := numeral(r.peek().text); return ok }, readCount, "line.count", "say how many", nil}
	case takesText:
		return taking{(*reader).more, readText, "line.text", "say what to write down", nil}
	case takesPlace:
		return taking{(*reader).more, readPlace, "line.place", "say where", nil}
	case takesUnitKind:
		return taking{(*reader).more, readText, "line.kind", "say which kind of unit", nil}
	case takesLevel:
		return taking{func(r *reader) bool { return levelOf(r.peek().text) != "" }, readLevel, "line.level", "say which event level: I, II, III or IV", nil}
	case takesOrder:
		return taking{func(r *reader) bool { _, ok := numeral(strings.TrimPrefix(r.peek().text, "#")); return ok }, readOrderNumber, "line.which_order", "say which order", nil}
	case takesVerb:
		return taking{(*reader).more, readVerb, "line.verb", "say which verb", nil}
	}
	return takingName(kind)
}

// takingName is how a slot is read that a list of the centre fills.
func takingName(kind string) taking {
	l, ok := lists[kind]
	if !ok { // A state or a time: its verb reads it.
		return taking{sees: func(*reader) bool { return false }, code: "line.incomplete", text: "something is missing"}
	}
	return taking{
		sees: func(r *reader) bool {
			at := r.at
			r.skip(linking...)
			defer func() { r.at = at }()
			return r.more() && len(r.match(l.all(r.house.Org)).found) > 0
		},
		read: func(r *reader, p *Plan) *Reading { return r.readName(kind, p) },
		code: l.code, text: l.text,
		wrong: func(r *reader) *Reading {
			r.skip(linking...)
			if !r.more() {
				return unfinished(l.code, l.text)
			}
			w := strings.TrimLeft(r.token(), "@＠")
			if l.none == "" {
				return r.leftover()
			}
			return wrong(l.none, "there is no such "+strings.TrimSuffix(kind, "s")+": "+w, "name one of: "+strings.Join(r.some(l.all(r.house.Org)), ", "), "word", w, "choices", strings.Join(r.some(l.all(r.house.Org)), " "))
		},
	}
}

// linking are the words before a name.
var linking = []string{"去", "到", "至", "给", "to", "into", "as", "at", "@"}

// list is one of the centre's lists that a slot is filled from.
type list struct {
	all              func(*org.State) []named
	set              func(*Plan, named)
	code, text, none string
}

var lists = map[string]list{
	takesPartner: {partnersOf, func(p *Plan, n named) { p.To = n.id }, "line.partner", "say which service", "line.no_partner"},
	takesType:    {typesOf, func(p *Plan, n named) { p.Type = cad.TypeID(n.id) }, "line.type", "say which type", "line.no_type"},
	takesTags:    {tagsOf, func(p *Plan, n named) { p.Tags = append(p.Tags, cad.TagID(n.id)) }, "line.tag", "say which tag", "line.no_tag"},
	takesSeat:    {seatsOf, func(p *Plan, n named) { p.To = n.id }, "line.seat", "say to which seat", "line.no_seat"},
	takesPost:    {postsOf, setPost, "line.post", "say at which post", "line.no_post"},
	takesResult:  {resultsOf, func(p *Plan, n named) { p.Result = n.id }, "line.result", "say with which result", "line.no_result"},
	takesKind:    {func(*org.State) []named { return kinds }, func(p *Plan, n named) { p.To = n.id }, "line.report_kind", "say which: first, more or final", ""},
	takesStation: {stationsOf, func(p *Plan, n named) { p.Station = cad.OrgID(n.id) }, "line.station", "say which station", "line.no_station"},
}

// fill reads the slots of a verb. Those that name something are taken as they come; what takes the rest waits for them.
func (r *reader) fill(slots []slot, p *Plan) *Reading {
	left := slices.DeleteFunc(slices.Clone(slots), func(s slot) bool {
		return s.kind == takesUnits && len(p.Units) > 0 || s.kind == takesIncident && p.Incident != ""
	})
	for len(left) > 0 {
		i := r.wanted(left)
		if i < 0 {
			if refusal := r.missing(left); refusal != nil {
				return refusal
			}
			i = slices.IndexFunc(left, func(s slot) bool { return s.greedy() && r.more() })
		}
		if i < 0 {
			break
		}
		if refusal := takings(left[i].kind).read(r, p); refusal != nil {
			return refusal
		}
		left = slices.Delete(left, i, i+1)
	}
	if r.more() {
		return r.leftover()
	}
	return nil
}

// wanted is the slot that the next words fill; -1 if none. A word that is a unit is one, wherever a unit is wanted.
func (r *reader) wanted(left []slot) int {
	if i := slices.IndexFunc(left, func(s slot) bool { return s.kind == takesUnits }); i >= 0 && r.seesUnit() {
		return i
	}
	return slices.IndexFunc(left, func(s slot) bool { return !s.greedy() && takings(s.kind).sees(r) })
}

// missing is what is said of the first slot that must be filled and is not.
func (r *reader) missing(left []slot) *Reading {
	i := slices.IndexFunc(left, func(s slot) bool { return !s.optional && !(s.greedy() && r.more()) })
	if i < 0 {
		return nil
	}
	t := takings(left[i].kind)
	if r.more() && t.wrong != nil {
		return t.wrong(r)
	}
	return unfinished(t.code, t.text)
}

// leftover is what is said of words that nothing takes.
func (r *reader) leftover() *Reading {
	return wrong("line.leftover", "not understood here: "+r.rest(), "leave it out, or write it down with: note", "word", r.rest())
}

// named is something that a list holds, with all that it is called.
type named struct {
	id    string
	names []string
}

// called is what is found of a list at the words to come, and how many characters of the line say so.
type called struct {
	found []named
	size  int
}

// match finds the longest name of a list that the rest of the line begins with; failing that, what the next word is the
// initials of.
func (r *reader) match(all []named) called {
	from := r.peek().from
	for from < len(r.typed) && strings.ContainsRune("@＠", r.typed[from]) {
		from++
	}
	tail := []rune(strings.ToLower(fold(string(r.typed[min(from, len(r.typed)):]))))
	var best called
	for _, n := range all {
		for _, name := range n.names {
			folded := []rune(plain(name))
			if len(folded) == 0 || len(folded) < best.size || len(folded) > len(tail) || string(tail[:len(folded)]) != string(folded) || runsOn(folded, tail) {
				continue
			}
			if len(folded) > best.size {
				best = called{size: len(folded)}
			}
			if !slices.ContainsFunc(best.found, func(f named) bool { return f.id == n.id }) {
				best.found = append(best.found, n)
			}
		}
	}
	if len(best.found) == 0 {
		best = r.byInitials(all, tail)
	}
	best.size += from - r.peek().from
	return best
}

// runsOn reports whether a name of letters goes on in the line: "st1" is not what "st12" begins with.
func runsOn(name, tail []rune) bool {
	return len(tail) > len(name) && isLatin(name[len(name)-1]) && isLatin(tail[len(name)]) && tail[len(name)] != '@' && tail[len(name)] != '#'
}

// initialsMin is the least number of letters that a name is found by.
const initialsMin = 2

func (r *reader) byInitials(all []named, tail []rune) called {
	n := 0
	for n < len(tail) && unicode.IsLower(tail[n]) && tail[n] < unicode.MaxASCII {
		n++
	}
	if r.in.Initials == nil || n < initialsMin {
		return called{}
	}
	out := called{size: n}
	for _, x := range all {
		if slices.ContainsFunc(x.names, func(name string) bool { return slices.Contains(r.in.Initials(name), string(tail[:n])) }) {
			out.found = append(out.found, x)
		}
	}
	return out
}

// token is the next word up to a blank or a sign, as it was typed.
func (r *reader) token() string {
	rest := r.rest()
	if i := strings.IndexAny(fold(rest), " ,"); i > 0 && i <= len(rest) {
		rest = strings.TrimSpace(strings.ToValidUTF8(rest[:i], ""))
	}
	return cut(rest)
}

// cut keeps a wrong word from filling the answer.
func cut(s string) string {
	const most = 30
	if rs := []rune(s); len(rs) > most {
		return string(rs[:most]) + "…"
	}
	return s
}

// some are the names that a refusal offers.
func (r *reader) some(all []named) []string {
	const shown = 8
	var out []string
	for _, n := range all[:min(len(all), shown)] {
		out = append(out, cmp.Or(n.names[min(1, len(n.names)-1)], n.id))
	}
	return out
}

// readName fills a slot from a list; several that are called so are asked about.
func (r *reader) readName(kind string, p *Plan) *Reading {
	r.skip(linking...)
	got := r.match(lists[kind].all(r.house.Org))
	if len(got.found) > 1 {
		return r.whichName(got)
	}
	if len(got.found) == 0 {
		return takings(kind).wrong(r)
	}
	lists[kind].set(p, got.found[0])
	r.pass(got.size)
	if kind == takesTags { // As many as follow.
		for got = r.match(lists[kind].all(r.house.Org)); len(got.found) == 1; got = r.match(lists[kind].all(r.house.Org)) {
			lists[kind].set(p, got.found[0])
			r.pass(got.size)
		}
	}
	return nil
}

// namesAsked is how many names are asked about.
const namesAsked = 6

// whichName reads the line anew with each of the names written out, and lets one be chosen.
func (r *reader) whichName(got called) *Reading {
	from := r.peek().from
	var out []Meaning
	for _, n := range got.found[:min(len(got.found), namesAsked)] {
		name := cmp.Or(n.names[min(1, len(n.names)-1)], n.id)
		in := r.in.within(string(r.typed[:from]) + name + " " + string(r.typed[from+got.size:]))
		if in == nil {
			return r.leftover()
		}
		if x := Read(r.house, *in); x.Status == Ready {
			out = append(out, Meaning{Label: name, Plan: *x.Plan})
		} else if x.Status != Ambiguous {
			return &x
		}
	}
	if len(out) == 0 {
		return r.leftover()
	}
	return choose("line.which_name", "which of these?", out...)
}

// pass goes on behind so many characters of the line; a word that they end in is cut there.
func (r *reader) pass(size int) {
	end := r.peek().from + size
	for r.more() && r.peek().from < end {
		if w := &r.words[r.at]; w.to > end {
			w.from = end
			w.text = strings.ToLower(fold(string(r.typed[end:w.to])))
			return
		}
		r.at++
	}
}
