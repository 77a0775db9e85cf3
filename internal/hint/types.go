package hint

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"shuniu/internal/cad"
)

// Vocabulary is what people say of each type. Make it with VocabularyOf; it is never changed.
type Vocabulary struct {
	words []entry
	types []cad.TypeID
}

type entry struct {
	text   string  // Lower case.
	weight float64 // How much it says, by its length and by how many types share it.
	types  []int
}

// Spoken is the words of one type.
type Spoken struct {
	Type  cad.TypeID
	Words []string // Of any language: what a caller says; names and synonyms among them.
}

// VocabularyOf makes one of the types' words. A word that several types share tells less, and a long one more than a
// short one, because it is met by chance more rarely.
func VocabularyOf(list []Spoken) *Vocabulary {
	v := &Vocabulary{}
	at := map[string]int{}
	for i, s := range list {
		v.types = append(v.types, s.Type)
		for _, w := range s.Words {
			w = strings.ToLower(strings.TrimSpace(w))
			if w == "" {
				continue
			}
			n, ok := at[w]
			if !ok {
				n = len(v.words)
				at[w] = n
				v.words = append(v.words, entry{text: w})
			}
			if !slices.Contains(v.words[n].types, i) {
				v.words[n].types = append(v.words[n].types, i)
			}
		}
	}
	for i := range v.words {
		e := &v.words[i]
		e.weight = lengthOf(e.text) / float64(len(e.types))
	}
	return v
}

// lengthOf is how long a word is in Chinese characters; three letters count as one.
func lengthOf(w string) float64 {
	n := 0.0
	for _, r := range w {
		if r < utf8.RuneSelf {
			n += 1.0 / 3
		} else {
			n++
		}
	}
	return n
}

// Meant is a type that somebody may mean.
type Meant struct {
	Type  cad.TypeID `json:"id"`
	Score float64    `json:"score"` // From 0 to 1, against the others that are offered.
	Words []string   `json:"words"` // What was said that speaks for it.
}

// meantMax and meantShare bound what is offered.
const (
	meantMax   = 3
	meantShare = 0.15 // One that has less of the sum is not offered.
	wordsMax   = 3
)

// Types are the types that a narrative may mean, the likeliest first. A word that lies within a longer one that was said
// does not count again.
func (v *Vocabulary) Types(narrative string) []Meant {
	text := strings.ToLower(narrative)
	sums := make([]float64, len(v.types))
	said := make([][]string, len(v.types))
	var found []entry
	for _, e := range v.words {
		if contains(text, e.text) {
			found = append(found, e)
		}
	}
	slices.SortStableFunc(found, func(a, b entry) int { return cmp.Compare(len(b.text), len(a.text)) })
	for n, e := range found {
		if slices.ContainsFunc(found[:n], func(longer entry) bool { return strings.Contains(longer.text, e.text) && sameTypes(longer, e) }) {
			continue
		}
		for _, t := range e.types {
			sums[t] += e.weight
			if len(said[t]) < wordsMax {
				said[t] = append(said[t], e.text)
			}
		}
	}
	total := 0.0
	for i := range sums {
		total += sums[i] * sums[i]
	}
	var out []Meant
	for i, sum := range sums {
		if score := sum * sum / total; sum > 0 && score >= meantShare {
			// Little that was said can mean much less than a whole tale.
			out = append(out, Meant{Type: v.types[i], Score: score * (1 - math.Exp(-sum/2)), Words: said[i]})
		}
	}
	slices.SortStableFunc(out, func(a, b Meant) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), meantMax)]
}

func sameTypes(a, b entry) bool {
	return !slices.ContainsFunc(b.types, func(t int) bool { return !slices.Contains(a.types, t) })
}

// contains finds a word; one of letters must begin and end where words do.
func contains(text, word string) bool {
	letters := word[0] < utf8.RuneSelf
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		if !letters || edge(text, i-1) && edge(text, i+len(word)) {
			return true
		}
		from = i + 1
	}
}

// edge reports whether no letter stands at a byte of the text.
func edge(text string, i int) bool {
	return i < 0 || i >= len(text) || text[i] < 'a' || text[i] > 'z'
}

// SpokenOf gathers what a centre's folder says of a type: its keywords, what else it is called, and what callers say.
func SpokenOf(id cad.TypeID, keywords []string, more ...map[string][]string) Spoken {
	s := Spoken{Type: id, Words: slices.Clone(keywords)}
	for _, m := range more {
		for _, lang := range slices.Sorted(maps.Keys(m)) {
			s.Words = append(s.Words, m[lang]...)
		}
	}
	return s
}
