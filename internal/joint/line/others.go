package line

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"shuniu/internal/cad"
)

// open reads "新警 持刀伤人 @汀兰路12号 P1 两人持刀" and "新警,走失,采菱公园东门,7岁男孩红衣". What is no type, place or
// priority is what happened: an incident is never refused for a word.
func (r *reader) open() Reading {
	text := r.rest()
	p := Plan{Verb: New}
	p.Type, text = r.typeOf(text)
	var words []string
	byComma := !strings.Contains(fold(text), "@") && strings.ContainsAny(fold(text), ",、")
	parts := strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == '\u3000' })
	if byComma {
		parts = strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(",，、", c) })
	}
	placing := false // An English address has several words: up to the priority or a comma.
	for _, w := range parts {
		w = strings.TrimSpace(w)
		switch at, isPlace := strings.CutPrefix(fold(w), "@"); {
		case isPlace && at != "" && p.Address == "":
			p.Address = strings.TrimLeft(strings.TrimRight(w, ",，"), "@＠")
			placing = !strings.HasSuffix(fold(w), ",") && strings.IndexFunc(w, func(c rune) bool { return c > unicode.MaxASCII }) < 0
		case len(w) == 2 && cad.Priority(strings.ToUpper(w)).Valid() && p.Priority == "":
			p.Priority, placing = cad.Priority(strings.ToUpper(w)), false
		case placing:
			p.Address += " " + strings.TrimRight(w, ",")
			placing = !strings.HasSuffix(w, ",")
		case byComma && p.Address == "" && p.Type != "" && len(words) == 0:
			p.Address = w
		default:
			words = append(words, w)
		}
	}
	p.Text = strings.Join(words, " ")
	if p.Type == "" && p.Address == "" && p.Text == "" {
		return unfinished("line.what", "say what happened, and where")
	}
	return ready(p)
}

// typeOf takes the longest name or id of a type that a text begins with.
func (r *reader) typeOf(text string) (found cad.TypeID, rest string) {
	folded, length := strings.ToLower(fold(strings.TrimLeft(text, " ,，、"))), 0
	rest = strings.TrimLeft(text, " ,，、")
	for _, id := range r.house.Org.TypeOrder {
		t := r.house.Org.Types[id]
		for _, n := range []string{string(id), strings.ToLower(t.Name["zh"]), strings.ToLower(t.Name["en"])} {
			after, begins := strings.CutPrefix(folded, n)
			if n == "" || !begins || len(n) <= length || after != "" && !strings.ContainsAny(after[:1], " ,@") && !strings.HasPrefix(after, "、") {
				continue
			}
			found, length = id, len([]rune(n))
		}
	}
	if found != "" {
		rest = strings.TrimLeft(string([]rune(rest)[length:]), " ,，、")
	}
	return found, rest
}

func (r *reader) with() Reading { return r.partner(With) }

func (r *reader) transfer() Reading { return r.partner(Transfer) }

// handOn never takes a bare 转 for one of the two: hand it over, or tell them and stay.
func (r *reader) handOn() Reading {
	x := r.partner(Transfer)
	if x.Status != Ready {
		return x
	}
	stay := *x.Plan
	stay.Verb = With
	return Reading{Status: Ambiguous, Code: "line.hand_over_or_stay", Text: "hand it over, or tell them and stay?", Candidates: []Meaning{
		{N: 1, Label: "分流 " + x.Plan.To, Plan: *x.Plan}, {N: 2, Label: "联动 " + x.Plan.To, Plan: stay},
	}}
}

// partner reads "联动 42 120 一人受伤".
func (r *reader) partner(verb string) Reading {
	id, number, refusal := r.target()
	if refusal != nil {
		return *refusal
	}
	if slices.Contains(towards, r.peek().text) {
		r.next()
	}
	if !r.more() {
		return unfinished("line.partner", "say which service")
	}
	w := r.next()
	for _, p := range r.house.Org.Partners {
		if w.text == strings.ToLower(p.ID) || w.text == strings.ToLower(p.Name["zh"]) || w.text == strings.ToLower(p.Name["en"]) {
			return ready(Plan{Verb: verb, Incident: id, Number: number, To: p.ID, Text: r.rest()})
		}
	}
	return wrong("line.no_partner", "there is no such service: "+w.text, "name one of the centre's partners", "word", w.text)
}

func (r *reader) merge() Reading { return r.pair(Merge) }

func (r *reader) link() Reading { return r.pair(Link) }

func (r *reader) pair(verb string) Reading {
	a, na, refusal := r.target()
	if refusal != nil {
		return *refusal
	}
	said := slices.Contains(towards, r.peek().text)
	b, nb, refusal := r.target()
	if refusal != nil {
		return *refusal
	}
	if verb == Merge && !said {
		x := Plan{Verb: Merge, Incident: a, Number: na, Other: b, OtherNo: nb}
		y := Plan{Verb: Merge, Incident: b, Number: nb, Other: a, OtherNo: na}
		return Reading{Status: Ambiguous, Code: "line.which_survives", Text: "which one survives?", Candidates: []Meaning{
			{N: 1, Label: "#" + strconv.FormatInt(nb, 10), Plan: x}, {N: 2, Label: "#" + strconv.FormatInt(na, 10), Plan: y},
		}}
	}
	return ready(Plan{Verb: verb, Incident: a, Number: na, Other: b, OtherNo: nb})
}
