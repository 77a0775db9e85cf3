package line

import (
	"strings"
	"unicode"

	"shuniu/internal/cad"
)

// readNew reads "新警 持刀伤人 @汀兰路12号 P1 两人持刀" and "新警,走失,采菱公园东门,7岁男孩红衣". What is no type, place or
// priority is what happened: an incident is never refused for a word.
func readNew(r *reader, p *Plan) *Reading {
	if !r.more() {
		return unfinished("line.what", "say what happened, and where")
	}
	got := r.match(typesOf(r.house.Org))
	if len(got.found) == 1 && r.endsAfter(got.size) {
		p.Type = cad.TypeID(got.found[0].id)
		r.pass(got.size)
	} else if len(got.found) > 1 && r.endsAfter(got.size) {
		return r.whichType(got)
	}
	text := ""
	if r.more() {
		text = strings.TrimLeft(string(r.typed[r.peek().from:]), " ,，、")
	}
	r.at = len(r.words)
	p.opening(text)
	if p.Type == "" && p.Address == "" && p.Text == "" && p.Priority == "" {
		return unfinished("line.what", "say what happened, and where")
	}
	return nil
}

// whichType lets one of several types be chosen, or none: what was typed may be the beginning of what happened.
func (r *reader) whichType(got called) *Reading {
	out := r.whichName(got)
	if out.Status != Ambiguous {
		return out
	}
	told := Plan{Verb: New}
	told.opening(r.rest())
	return choose(out.Code, out.Text, append(out.Candidates[:min(len(out.Candidates), 8)], Meaning{Label: r.token(), Code: "line.not_a_type", Params: params([]string{"text", r.token()}), Plan: told})...)
}

// endsAfter reports whether a name of so many characters is a whole word of the line.
func (r *reader) endsAfter(size int) bool {
	i := r.peek().from + size
	return i >= len(r.typed) || strings.ContainsRune(" ,，、@＠\u3000", r.typed[i])
}

// opening takes place, priority and words out of what is told of a new incident.
func (p *Plan) opening(text string) {
	byComma := !strings.Contains(fold(text), "@") && strings.ContainsAny(fold(text), ",、")
	parts := strings.FieldsFunc(text, unicode.IsSpace)
	if byComma {
		parts = strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(",，、", c) })
	}
	var words []string
	placing := false // An English address has several words: up to the priority or a comma.
	for _, w := range parts {
		w = strings.TrimSpace(w)
		switch at, isPlace := strings.CutPrefix(fold(w), "@"); {
		case isPlace && (at != "" || len(parts) > 1) && p.Address == "":
			p.Address = strings.TrimLeft(strings.TrimRight(w, ",，"), "@＠")
			placing = at == "" || !strings.HasSuffix(fold(w), ",") && strings.IndexFunc(w, func(c rune) bool { return c > unicode.MaxASCII }) < 0
		case priorityOf(plain(w)) != "" && p.Priority == "":
			p.Priority, placing = priorityOf(plain(w)), false
		case placing:
			p.Address = strings.TrimSpace(p.Address + " " + strings.TrimRight(w, ",，"))
			placing = !strings.HasSuffix(fold(w), ",") && strings.IndexFunc(w, func(c rune) bool { return c > unicode.MaxASCII }) < 0
		case byComma && p.Address == "" && p.Type != "" && len(words) == 0:
			p.Address = w
		default:
			words = append(words, w)
		}
	}
	p.Text = strings.Join(words, " ")
}
