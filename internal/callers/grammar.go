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
	Follows map[string]string // Slots whose lists stand in the order of those of another: what belongs to whom.
	Moods   map[string]string // The mood of whoever is excited about a tale, where it is not that of its urgency.
	Again   []string
	Plain   []string // Tales without an opener and a closer.
	Notes   map[string]string
	Tales   map[string]struct{ First, Also []string }
}

// words is a grammar that is ready to speak.
type words struct {
	lang    string
	openers [moods][]text
	closers [moods][]text
	excited map[string]int // The mood of a tale.
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
	leader int      // The slot that chooses: its own, or that of the one that it follows.
	ways   [][]text // Of an entity: its ways by entity. Otherwise one list.
}

// text is one way to say something, ready to speak.
type text struct {
	when
	parts    []part
	priority cad.Priority // Empty: the type's.
}

// part is literal words, a choice, or a slot.
type part struct {
	literal string
	choice  []text
	slot    int // -1 for none.
}

// readWords compiles a grammar. Errors name the text that is wrong.
func readWords(file []byte) (*words, error) {
	var s sheet
	if err := yaml.NewDecoder(bytes.NewReader(file), yaml.Strict()).Decode(&s); err != nil {
		return nil, fault.Wrap(opLoad, fault.Invalid, err, "the words cannot be read: %v", err).Mend("correct the file at the line that is named")
	}
	w := &words{lang: s.Lang, at: s.At, traps: s.Traps, slips: s.Slips, slip: s.Slip, notes: s.Notes, plain: map[string]bool{}, excited: map[string]int{}, tales: map[string]tales{}}
	c := compiler{names: map[string]int{}}
	w.names = c.names
	if err := c.readSlots(s.Slots, w); err != nil {
		return nil, err
	}
	c.follow(s.Follows, w)
	before, after, _ := strings.Cut(s.Near, "{place}")
	w.near = [2]string{before, after}
	for i, mood := range moodNames() {
		w.openers[i], w.closers[i] = c.texts(s.Openers[mood]), c.texts(s.Closers[mood])
		if len(w.openers[i]) == 0 { // A smaller set of words has fewer moods.
			mood = moodNames()[nearest(i)]
			w.openers[i], w.closers[i] = c.texts(s.Openers[mood]), c.texts(s.Closers[mood])
		}
	}
	for tale, mood := range s.Moods {
		if w.excited[tale] = slices.Index(moodNames(), mood); w.excited[tale] < 0 {
			c.fail("the tale %s has the mood %q, which is not in the list", tale, mood)
		}
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
		s := slot{leader: len(w.slots)}
		var loose []text
		for _, v := range in[n] {
			switch x := v.(type) {
			case string:
				loose = append(loose, c.text(x))
			case []any:
				s.entity = true
				var ways []text
				for _, y := range x {
					said, ok := y.(string)
					if !ok {
						return bad("slot %s holds %v, which is no word", n, y)
					}
					ways = append(ways, c.text(said))
				}
				s.ways = append(s.ways, ways)
			default:
				return bad("slot %s holds %v, which is no word", n, v)
			}
		}
		if !s.entity {
			s.ways = [][]text{loose}
		}
		if s.entity && loose != nil || len(s.ways) == 0 || len(s.ways[0]) == 0 {
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
	t.when, s = c.when(s)
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
			var choice []text
			for s = s[i+1:]; ; s = s[1:] {
				var one text
				one.when, s = c.when(s)
				one.parts, s = c.parts(s)
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
