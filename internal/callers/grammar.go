package callers

import (
	"bytes"
	_ "embed" // The words lie beside the code.
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

//go:embed words.zh.yaml
var wordsZh []byte //nolint:gochecknoglobals // An embedded file.

//go:embed words.en.yaml
var wordsEn []byte //nolint:gochecknoglobals // An embedded file.

// sheet is a file of words as it is written.
type sheet struct {
	Lang    string
	Openers map[string][]string
	Closers map[string][]string
	At      map[string][]string
	Near    string
	Traps   [][]string
	Slips   [][]string
	Slip    string
	Slots   map[string][]any
	Again   []string
	Plain   []string // Tales without an opener and a closer.
	Notes   map[string]string
	Tales   map[string]struct{ First, Also []string }
}

// words is a grammar that is ready to speak.
type words struct {
	lang    string
	openers [2][]text // Calm, upset.
	closers [2][]text
	at      map[string][]string
	near    [2]string // Before and after the place.
	traps   [][]string
	slips   [][]string
	slip    string
	again   []text
	plain   map[string]bool
	notes   map[string]string
	tales   map[string]tales
	slots   []slot
	names   map[string]int // Of the slots.
}

type tales struct{ first, also []text }

// slot is a list of words for one name. Of an entity, one is chosen for the event and each caller says it in his own way.
type slot struct {
	entity bool
	ways   [][]string // Of an entity: its ways by entity. Otherwise one list.
}

// text is one way to say something, ready to speak.
type text struct {
	parts    []part
	priority cad.Priority // Empty: the type's.
}

// part is literal words, a choice, or a slot.
type part struct {
	literal string
	choice  [][]part
	slot    int // -1 for none.
}

// readWords compiles a grammar. Errors name the text that is wrong.
func readWords(file []byte) (*words, error) {
	var s sheet
	if err := yaml.NewDecoder(bytes.NewReader(file), yaml.Strict()).Decode(&s); err != nil {
		return nil, fault.Wrap(opLoad, fault.Invalid, err, "the words cannot be read: %v", err).Mend("correct the file at the line that is named")
	}
	w := &words{lang: s.Lang, at: s.At, traps: s.Traps, slips: s.Slips, slip: s.Slip, notes: s.Notes, plain: map[string]bool{}, tales: map[string]tales{}}
	c := compiler{names: map[string]int{}}
	w.names = c.names
	if err := c.readSlots(s.Slots, w); err != nil {
		return nil, err
	}
	before, after, _ := strings.Cut(s.Near, "{place}")
	w.near = [2]string{before, after}
	for i, mood := range []string{"calm", "upset"} {
		w.openers[i], w.closers[i] = c.texts(s.Openers[mood]), c.texts(s.Closers[mood])
	}
	w.again = c.texts(s.Again)
	for _, name := range s.Plain {
		w.plain[name] = true
	}
	for name, t := range s.Tales {
		w.tales[name] = tales{first: c.texts(t.First), also: c.texts(t.Also)}
	}
	return w, c.err
}

// compiler turns written words into texts. It keeps the first error.
type compiler struct {
	names map[string]int
	err   error
}

func (c *compiler) fail(format string, args ...any) {
	if c.err == nil {
		c.err = bad(format, args...)
	}
}

func (c *compiler) readSlots(in map[string][]any, w *words) error {
	names := make([]string, 0, len(in))
	for n := range in {
		names = append(names, n)
	}
	slices.Sort(names) // The same file gives the same words.
	for _, n := range names {
		c.names[n] = len(w.slots)
		s := slot{}
		var plain []string
		for _, v := range in[n] {
			switch x := v.(type) {
			case string:
				plain = append(plain, x)
			case []any:
				s.entity = true
				var ways []string
				for _, y := range x {
					said, ok := y.(string)
					if !ok {
						return bad("slot %s holds %v, which is no word", n, y)
					}
					ways = append(ways, said)
				}
				s.ways = append(s.ways, ways)
			default:
				return bad("slot %s holds %v, which is no word", n, v)
			}
		}
		if !s.entity {
			s.ways = [][]string{plain}
		}
		if s.entity && plain != nil || len(s.ways) == 0 || len(s.ways[0]) == 0 {
			return bad("slot %s mixes words and lists, or is empty", n)
		}
		w.slots = append(w.slots, s)
	}
	return nil
}

func (c *compiler) texts(in []string) []text {
	out := make([]text, 0, len(in))
	for _, s := range in {
		out = append(out, c.text(s))
	}
	return out
}

func (c *compiler) text(s string) text {
	t := text{}
	for _, p := range []cad.Priority{cad.P1, cad.P2, cad.P3, cad.P4} {
		if rest, ok := strings.CutPrefix(s, string(p)+": "); ok {
			t.priority, s = p, rest
		}
	}
	rest := ""
	if t.parts, rest = c.parts(s); rest != "" {
		c.fail("%q has a bracket too many", s)
	}
	return t
}

// parts reads up to the end, or up to the end of one choice within brackets.
func (c *compiler) parts(s string) (out []part, rest string) {
	for s != "" {
		i := strings.IndexAny(s, "[]{|")
		if i < 0 {
			return append(out, part{literal: s, slot: -1}), ""
		}
		if i > 0 {
			out = append(out, part{literal: s[:i], slot: -1})
		}
		switch s[i] {
		case '[':
			var choice [][]part
			for s = s[i+1:]; ; s = s[1:] {
				var one []part
				one, s = c.parts(s)
				choice = append(choice, one)
				if s == "" || s[0] == ']' {
					break
				}
			}
			if s == "" {
				c.fail("a bracket is not closed")
				return out, ""
			}
			s = s[1:]
			out = append(out, part{choice: choice, slot: -1})
		case '{':
			name, after, ok := strings.Cut(s[i+1:], "}")
			n, known := c.names[name]
			if !ok || !known {
				c.fail("there are no words for {%s}", name)
				return out, ""
			}
			out, s = append(out, part{slot: n}), after
		default: // The end of a choice; text finds one too many.
			return out, s[i:]
		}
	}
	return out, ""
}

// voice speaks for one caller. own is his chance, event that of his event: it chooses whom everybody speaks of.
type voice struct {
	w     *words
	own   *stream
	event uint64
	buf   []byte
}

// stream is a small source of chance that costs nothing to make.
type stream uint64

// n gives a number from 0 up to n, not counting n.
func (s *stream) n(n int) int {
	*s = stream(mix(uint64(*s)))
	return int((uint64(*s) >> 33) % uint64(max(n, 1)))
}

// f gives a number from 0 up to 1.
func (s *stream) f() float64 {
	*s = stream(mix(uint64(*s)))
	return float64(uint64(*s)>>11) / (1 << 53)
}

func (v *voice) say(parts []part) {
	for _, p := range parts {
		switch {
		case p.choice != nil:
			v.say(p.choice[v.own.n(len(p.choice))])
		case p.slot >= 0:
			s := v.w.slots[p.slot]
			ways := s.ways[0]
			if s.entity {
				ways = s.ways[(mix(v.event+uint64(p.slot))>>33)%uint64(len(s.ways))]
			}
			v.buf = append(v.buf, ways[v.own.n(len(ways))]...)
		default:
			v.buf = append(v.buf, p.literal...)
		}
	}
}

func (v *voice) one(list []text) cad.Priority {
	if len(list) == 0 {
		return ""
	}
	t := list[v.own.n(len(list))]
	v.say(t.parts)
	return t.priority
}

// The moods of callers. Who is plain says what he has to say, and no more.
const (
	calm = iota
	upset
	plain
)

// tell gives what a caller says of an event. slip lets a wrong word out.
func (v *voice) tell(list []text, mood int, slip bool) (string, cad.Priority) {
	v.buf = v.buf[:0]
	if mood != plain {
		v.one(v.w.openers[mood])
	}
	p := v.one(list)
	if mood != plain {
		v.one(v.w.closers[mood])
	}
	said := string(v.buf)
	if slip {
		said = v.slipped(said)
	}
	return said, p
}

// slipped puts a wrong word before the right one, or in its place.
func (v *voice) slipped(said string) string {
	from := v.own.n(len(v.w.slips))
	for i := range v.w.slips {
		pair := v.w.slips[(from+i)%len(v.w.slips)]
		right, wrong := pair[0], pair[1]
		if !strings.Contains(said, right) {
			continue
		}
		if v.own.n(3) == 0 {
			return strings.Replace(said, right, wrong, 1)
		}
		return strings.Replace(said, right, strings.NewReplacer("{wrong}", wrong, "{right}", right).Replace(v.w.slip), 1)
	}
	return said
}
