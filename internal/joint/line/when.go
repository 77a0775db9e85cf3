package line

import (
	"strings"
	"time"
)

// clock is a time of day at the beginning of a text: "14:20", "14点20", "1420". size is in characters.
func clock(text []rune) (hour, minute, size int, ok bool) {
	digits := func(from, most int) (n, to int) {
		for to = from; to < len(text) && to-from < most && text[to] >= '0' && text[to] <= '9'; to++ {
			n = n*10 + int(text[to]-'0')
		}
		return n, to
	}
	hour, i := digits(0, 2)
	switch {
	case i == 0:
		return 0, 0, 0, false
	case i < len(text) && (text[i] == ':' || text[i] == '点' || text[i] == '时'):
		mark := text[i]
		var end int
		minute, end = digits(i+1, 2)
		if end-i-1 < 2 && mark == ':' {
			return 0, 0, 0, false
		}
		if size = end; size < len(text) && mark != ':' && text[size] == '分' {
			size++
		}
	case i == 2: // 1420
		var end int
		if minute, end = digits(2, 2); end != 4 {
			return 0, 0, 0, false
		}
		size = end
	default:
		return 0, 0, 0, false
	}
	whole := size == len(text) || text[size] < '0' || text[size] > '9'
	return hour, minute, size, whole && hour < 24 && minute < 60
}

// readAt reads "补录 14:20 102 到达 42": what happened then, told now. A time later than now was yesterday's.
func readAt(r *reader, p *Plan) *Reading {
	if !r.more() {
		return unfinished("line.time", "say when it was: 14:20")
	}
	from := r.peek().from
	hour, minute, size, ok := clock([]rune(fold(string(r.typed[from:]))))
	if !ok {
		return wrong("line.no_time", r.token()+" is no time of day", "write it as 14:20", "word", r.token())
	}
	if r.in.Now.IsZero() {
		return wrong("line.no_clock", "nobody knows what time it is", "use the form on the incident")
	}
	y, m, d := r.in.Now.Date()
	at := time.Date(y, m, d, hour, minute, 0, 0, r.in.Now.Location())
	if at.After(r.in.Now.Add(time.Minute)) {
		at = at.AddDate(0, 0, -1)
	}
	in := r.in.within(string(r.typed[from+size:]))
	switch {
	case in == nil:
		return r.leftover()
	case strings.TrimSpace(in.Text) == "":
		return unfinished("line.what_then", "say what happened then")
	}
	inner := newReader(r.house, *in)
	out := inner.read()
	r.sought, r.meant, r.at = append(r.sought, inner.sought...), inner.meant, len(r.words)
	at = at.UTC()
	switch {
	case out.Status == Ready && told(out.Plan.Verb):
		*p = *out.Plan
		p.Happened = &at
		return nil
	case out.Status == Ready:
		return wrong("line.not_afterwards", "this is not written down afterwards", "a unit's word, a note, a dispatch, feedback or a new incident is", "verb", out.Plan.Verb)
	}
	for i := range out.Candidates {
		out.Candidates[i].Plan.Happened = &at
	}
	return &out
}

// told are the verbs whose true time may be told afterwards.
func told(verb string) bool {
	switch verb {
	case Open, Near, Help, Undo, Several, Standby, CallOff, Order, Chase, Schedule:
		return false
	}
	return true
}
