package street

import (
	"slices"
	"strings"
)

// turn is what the rules say about leaving a junction after coming in on one course.
type turn struct {
	banned []course
	only   []course // When not empty, everything else is banned.
}

func (t *turn) allows(c course) bool {
	return !slices.Contains(t.banned, c) && (len(t.only) == 0 || slices.Contains(t.only, c))
}

// rules reads the restrictions into turns. A rule that does not fit the streets is counted and left out: a wrongly
// applied one would close a street that is open.
func (w *work) rules() {
	w.turns = make(map[course]*turn)
	if w.profile.IgnoreRestrictions {
		return
	}
	for _, r := range w.b.rules {
		no, only := strings.HasPrefix(r.Kind, "no_"), strings.HasPrefix(r.Kind, "only_")
		switch {
		case !no && !only:
			w.ignore(reasonRuleKind, r.ID)
			continue
		case len(r.Ways) > 0:
			w.ignore(reasonRuleWays, r.ID)
			continue
		}
		in, out := w.fit(r)
		if len(in) == 0 || len(out) == 0 {
			w.ignore(reasonRuleParts, r.ID)
			continue
		}
		if len(in) > 1 || len(out) > 1 {
			w.ignore(reasonRuleVague, r.ID)
			continue
		}
		t := w.turns[in[0]]
		if t == nil {
			t = &turn{}
			w.turns[in[0]] = t
		}
		if no {
			t.banned = append(t.banned, out[0])
		} else {
			t.only = append(t.only, out[0])
		}
		w.report.RestrictionsApplied++
	}
}

// fit finds the courses of the From way that arrive at the Via node, and those of the To way that leave it.
func (w *work) fit(r Restriction) (in, out []course) {
	d, known := w.dense[r.Via]
	if !known || w.vertex[d] < 0 {
		return nil, nil
	}
	v := w.vertex[d]
	from, knownFrom := w.wayAt[r.From]
	to, knownTo := w.wayAt[r.To]
	if !knownFrom || !knownTo {
		return nil, nil
	}
	for _, c := range w.courses[v] {
		if w.segWay[c.segment()] == to {
			out = append(out, c)
		}
	}
	return w.arriving(v, from), out
}

func (w *work) arriving(v, way int32) (in []course) {
	if w.into == nil {
		w.into = make([][]course, len(w.courses))
		for i, s := range w.n.segments {
			if s.ms[0] != never {
				w.into[s.b] = append(w.into[s.b], course(2*i))
			}
			if s.ms[1] != never {
				w.into[s.a] = append(w.into[s.a], course(2*i+1))
			}
		}
	}
	for _, c := range w.into[v] {
		if w.segWay[c.segment()] == way {
			in = append(in, c)
		}
	}
	return in
}

// split gives every restricted turn a junction of its own: a copy of the vertex that only the restricted course
// enters and only the allowed courses leave. So rules cost nothing while searching, and are obeyed exactly.
func (w *work) split() {
	n := w.n
	for c := range course(2 * len(n.segments)) { // In the order of the courses: the same data gives the same network.
		t := w.turns[c]
		if t == nil {
			continue
		}
		v := n.heads[c]
		var out []course
		for _, next := range w.courses[v] {
			if t.allows(next) {
				out = append(out, next)
			}
		}
		if n.copies == nil {
			n.copies = make(map[int32][]junction)
		}
		n.copies[v] = append(n.copies[v], junction{vertex: int32(len(w.courses)), out: out})
		n.heads[c] = int32(len(w.courses))
		w.courses = append(w.courses, out)
	}
}
