package gazetteer

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// By what a name was found.
const (
	ByText        = "text"        // The name itself, or its beginning.
	ByPart        = "part"        // A part of the name.
	ByPinyin      = "pinyin"      // Its full pinyin, or the beginning of it.
	ByInitials    = "initials"    // The first letters of its pinyin.
	BySound       = "sound"       // Other characters that are read alike.
	ByTypo        = "typo"        // One letter or character is different, missing, too many, or two are swapped.
	ByEnding      = "ending"      // The same name with another ending: 路 for 街.
	ByMention     = "mention"     // The name is a part of what was typed.
	ByClass       = "class"       // A word says what it is, no name was known: 医院, school.
	ByCoordinates = "coordinates" // A pair of degrees.
)

// forms of a name that are looked up.
const (
	formText = iota
	formPinyin
	formInitials
)

// How good a match is: of the whole name, of its beginning, and of a later part. Names that differ in more than one of
// these steps never change places because of the distance.
var best = [3]struct{ whole, prefix, part float64 }{
	formText:     {1.00, 0.76, 0.56},
	formPinyin:   {0.92, 0.72, 0.52},
	formInitials: {0.88, 0.66, 0.44},
}

// Scores of matches that are not of the letters that were typed, and what makes a match as good as of the whole name.
const (
	scoreEnding    = 0.14 // Added where only the ending is missing: 汀兰 for 汀兰路.
	scoreCoverage  = 0.10 // Added by the share of the name that was typed.
	scoreSound     = 0.87 // Of the whole name: below its initials, above every name that is merely longer.
	scoreSoundPart = 0.50
	scoreOther     = 0.865 // Another ending.
	scoreTypo      = 0.54
	scoreNearTypo  = 0.60 // One that sounds nearly the same.
	scoreWhole     = 0.53 // From here on a match stands for the whole name, so that a number or a second street may follow.
)

// entry is one unique name.
type entry struct {
	text string // As it is written.
	key  string // Compact.
	pin  string // Its commonest pinyin; empty for a name without Han characters.
}

// form is one form of a name, or a later part of one, in the sorted list.
type form struct {
	s     string
	head  uint64 // The first eight bytes of s, to compare by without looking for s in memory.
	entry int32
	kind  uint8
	inner bool // A later part.
}

// lexicon finds names by all their forms. It never changes after build.
type lexicon struct {
	entries []entry
	forms   []form     // Sorted.
	typos   []uint64   // Hash of a form with one character left out, and its entry; sorted.
	pool    *sync.Pool // Of *collector.
}

// match is one name that was found.
type match struct {
	entry int32
	score float64
	why   string
}

// add takes one more name and gives its number. The caller adds each spelling once.
func (l *lexicon) add(text string, sp *speller) int32 {
	id := int32(len(l.entries))
	key, starts := compact(fold(text))
	e := entry{text: text, key: key}
	l.forms = append(l.forms, form{s: key, entry: id})
	for _, at := range starts {
		if at > 0 && len(key)-at > 1 {
			l.forms = append(l.forms, form{s: key[at:], entry: id, inner: true})
		}
	}
	for i, p := range sp.spell(key) {
		if i == 0 {
			e.pin = p.full
		}
		l.forms = append(l.forms, form{s: p.full, entry: id, kind: formPinyin}, form{s: p.initials, entry: id, kind: formInitials})
		for _, at := range englishEnding(key) {
			l.forms = append(l.forms, form{s: p.full[:p.starts[utf8.RuneCountInString(key[:at.from])]] + at.word, entry: id, kind: formPinyin})
		}
		for k := 1; k+1 < len(p.starts); k++ {
			l.forms = append(l.forms, form{s: p.full[p.starts[k]:], entry: id, kind: formPinyin, inner: true})
		}
		for k := 1; k+1 < len(p.initials); k++ {
			l.forms = append(l.forms, form{s: p.initials[k:], entry: id, kind: formInitials, inner: true})
		}
	}
	l.entries = append(l.entries, e)
	return id
}

// ending is where the ending of a name begins, and an English word for it in its short form.
type ending struct {
	from int // Bytes.
	word string
}

// englishEnding is how signs and foreigners write the ending of a Chinese street: tinglan rd.
func englishEnding(key string) []ending {
	for _, w := range [...][]string{{"大道", "ave", "blvd", "rd"}, {"大街", "st", "ave"}, {"路", "rd"}, {"街", "st"}, {"巷", "ln", "aly"}, {"弄", "ln"}, {"道", "rd"}, {"桥", "bridge"}} {
		if core, ok := strings.CutSuffix(key, w[0]); ok && core != "" {
			var out []ending
			for _, word := range w[1:] {
				out = append(out, ending{len(core), word})
			}
			return out
		}
	}
	return nil
}

// sort makes the lexicon ready. Nothing may be added afterwards.
func (l *lexicon) sort() {
	var both sync.WaitGroup
	both.Go(l.sortForms)
	both.Go(l.sortTypos)
	both.Wait()
	l.pool = &sync.Pool{New: func() any { return &collector{at: make([]int32, len(l.entries))} }}
}

func (l *lexicon) sortForms() {
	for i := range l.forms {
		l.forms[i].head = headOf(l.forms[i].s)
	}
	slices.SortFunc(l.forms, func(a, b form) int {
		switch {
		case a.head < b.head:
			return -1
		case a.head > b.head:
			return 1
		}
		if c := strings.Compare(a.s, b.s); c != 0 {
			return c
		}
		return int(a.entry) - int(b.entry)
	})
	l.forms = slices.Clip(l.forms)
}

// headOf is the first eight bytes of a text as a number that is ordered as the text is.
func headOf(s string) uint64 {
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}

func (l *lexicon) sortTypos() {
	for i, e := range l.entries {
		for _, w := range e.wholes() {
			if w == "" || !long(w) || mostlyFigures(w) {
				continue
			}
			l.typos = append(l.typos, typoKey(w, -1, int32(i)))
			for at := range w {
				l.typos = append(l.typos, typoKey(w, at, int32(i)))
			}
		}
	}
	slices.Sort(l.typos)
	l.typos = slices.Clip(slices.Compact(l.typos))
}

// span gives the forms that begin with a prefix.
func (l *lexicon) span(prefix string) []form {
	from, _ := slices.BinarySearchFunc(l.forms, prefix, func(f form, p string) int { return strings.Compare(f.s, p) })
	to := from
	// Gallop to the end: a long run costs no comparison for each of its forms.
	for step := 1; to < len(l.forms) && strings.HasPrefix(l.forms[to].s, prefix); step *= 2 {
		from2 := to
		to = min(len(l.forms), to+step)
		if to == len(l.forms) || !strings.HasPrefix(l.forms[to].s, prefix) {
			n, _ := slices.BinarySearchFunc(l.forms[from2:to], prefix, func(f form, p string) int {
				if strings.HasPrefix(f.s, p) {
					return -1
				}
				return 1
			})
			to = from2 + n
			break
		}
	}
	return l.forms[from:to]
}

// exact is the entry whose compact name is key, -1 if there is none.
func (l *lexicon) exact(key string) int32 {
	for _, f := range l.span(key) {
		if len(f.s) > len(key) {
			break
		}
		if f.kind == formText && !f.inner {
			return f.entry
		}
	}
	return -1
}

// partBytesMin is the least that is looked for within a name: a character, or three letters.
const partBytesMin = 3

// find gives every name that a compact query may mean, in no order, each once with its best score. A query that is
// whole means a whole name: it is followed by a number, and names that merely begin with it are not meant.
func (l *lexicon) find(q string, whole bool, sp *speller) []match {
	if q == "" || len(l.entries) == 0 {
		return nil
	}
	c, _ := l.pool.Get().(*collector) // The pool holds nothing else.
	begun := len(q) < partBytesMin    // Too short to look for it within names.
	for _, f := range l.span(q) {
		if begun && f.inner || len(q) == 1 && f.kind == formPinyin { // One letter is found among the initials.
			continue
		}
		score, why := f.score(q)
		if !whole || score >= scoreWhole && !f.inner && (len(f.s) == len(q) || known[f.s[len(q):]]) {
			c.take(match{f.entry, score, why})
		}
	}
	if hasHan(q) {
		l.alike(q, whole, sp, c)
	}
	c.typos = c.top < scoreOther
	if long(q) {
		l.mistaken(q, sp, c)
	}
	found := c.found
	for _, m := range found {
		c.at[m.entry] = 0
	}
	c.found, c.top = nil, 0
	l.pool.Put(c)
	return found
}

// score says how good a form is for a query that it begins with.
func (f form) score(q string) (float64, string) {
	why := [3]string{ByText, ByPinyin, ByInitials}[f.kind]
	b := best[f.kind]
	switch {
	case f.inner:
		if f.kind == formText {
			why = ByPart
		}
		return b.part + scoreCoverage*float64(len(q))/float64(len(f.s)+4), why
	case len(f.s) == len(q):
		return b.whole, why
	}
	s := b.prefix + scoreCoverage*float64(len(q))/float64(len(f.s))
	if f.kind != formInitials && known[f.s[len(q):]] {
		s += scoreEnding
	}
	return s, why
}

// alike finds names that are read as the query is, and the same name with another ending.
func (l *lexicon) alike(q string, whole bool, sp *speller, c *collector) {
	for _, p := range sp.spell(q) {
		for _, f := range l.span(p.full) {
			if f.kind != formPinyin || f.inner {
				continue
			}
			switch {
			case len(f.s) == len(p.full):
				c.take(match{f.entry, scoreSound, BySound})
			case !whole:
				c.take(match{f.entry, scoreSoundPart, BySound})
			}
		}
	}
	_, size := utf8.DecodeLastRuneInString(q)
	if core := q[:len(q)-size]; known[q[len(q)-size:]] && utf8.RuneCountInString(core) >= 2 {
		for _, f := range l.span(core) {
			if f.kind == formText && !f.inner && known[f.s[len(core):]] {
				c.take(match{f.entry, scoreOther, ByEnding})
			}
		}
	}
}

// collector keeps the best match of each name.
type collector struct {
	found []match
	at    []int32 // By entry: its index in found, plus one.
	top   float64
	typos bool
}

func (c *collector) take(m match) {
	c.top = max(c.top, m.score)
	if i := c.at[m.entry]; i > 0 {
		if c.found[i-1].score < m.score {
			c.found[i-1] = m
		}
		return
	}
	c.found = append(c.found, m)
	c.at[m.entry] = int32(len(c.found))
}
