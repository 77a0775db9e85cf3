package callers

import (
	"strings"

	"shuniu/internal/cad"
)

// The moods of callers. Who is plain says what he has to say, and no more.
const (
	calm    = iota
	steady  // Calm, though it matters.
	cross   // Excited, though it is nothing great.
	hurried // Excited; it matters.
	upset   // Excited; somebody is in danger.
	worried // Excited about money.
	moods
	plain = moods
)

// moodNames are the moods as a file of words calls them.
func moodNames() []string { return []string{"calm", "steady", "cross", "hurried", "upset", "worried"} }

// nearest is the mood that serves where a file of words has none of this one.
func nearest(mood int) int {
	if mood == hurried || mood == worried {
		return upset
	}
	return calm
}

// scene is where and when somebody calls, as bits of when.
type scene struct {
	place uint32
	hour  uint32
	storm bool
}

// sceneOf is a scene at a kind of place and a local hour.
func sceneOf(place string, hour int, storm bool) scene {
	return scene{place: placeBit(place), hour: 1 << hour, storm: storm}
}

// when says on which scenes words fit.
type when struct {
	places uint32 // Bits of placeBit; 0: at all.
	hours  uint32 // A bit an hour; 0: at all.
	storm  bool   // In a storm only.
	plain  bool   // Said without an opener and a closer: whispered, or cut short.
	bound  bool   // Any of places, hours and storm.
}

// placeBit is the bit of a kind of place; 0 for none that words may name.
func placeBit(kind string) uint32 {
	kinds := [...]string{
		atEstate, atAddress, atCrossing, atStreet, atPath, atWater, atBridge, atPole, "station", "park", "school", "hospital", "market", "square",
		"public", "food", "works",
	}
	for i, k := range kinds {
		if k == kind {
			return 1 << i
		}
	}
	return 0
}

// hoursOf are the hours of a part of the day; 0 for a word that is none.
func hoursOf(word string) (bits uint32) {
	from, to := 0, 0 // From one hour up to another, which may be of the next day.
	switch word {
	case "night":
		from, to = 22, 30
	case "dark":
		from, to = 19, 30
	case "day":
		from, to = 7, 18
	case "awake":
		from, to = 7, 22
	}
	for h := from; h < to; h++ {
		bits |= 1 << (h % 24)
	}
	return bits
}

func (w *when) fits(s *scene) bool {
	return !w.bound || (w.places == 0 || w.places&s.place != 0) && (w.hours == 0 || w.hours&s.hour != 0) && (!w.storm || s.storm)
}

// when reads the words before a text that say where and when it fits: "@estate address night: ...".
func (c *compiler) when(s string) (w when, rest string) {
	if !strings.HasPrefix(s, "@") {
		return w, s
	}
	words, rest, ok := strings.Cut(s[1:], ":")
	if !ok {
		c.fail("%q does not end its conditions with a colon", s)
	}
	for _, word := range strings.Fields(words) {
		place, hours := placeBit(word), hoursOf(word)
		switch {
		case place != 0:
			w.places |= place
		case hours != 0:
			w.hours |= hours
		case word == "storm":
			w.storm = true
		case word == "plain":
			w.plain = true
		default:
			c.fail("%q names %q, which is no place and no time", s, word)
		}
	}
	w.bound = w.places != 0 || w.hours != 0 || w.storm
	return w, strings.TrimPrefix(rest, " ")
}

// follow lets slots choose with the ones that they belong to.
func (c *compiler) follow(pairs map[string]string, w *words) {
	for name, leader := range pairs {
		i, known := c.names[name]
		k, leads := c.names[leader]
		if !known || !leads || len(w.slots[i].ways) != len(w.slots[k].ways) || !w.slots[i].entity {
			c.fail("{%s} cannot follow {%s}: each needs as many lists as the other", name, leader)
			continue
		}
		w.slots[i].leader = k
	}
}

// voice speaks for one caller. own is his chance, event that of his event: it chooses whom everybody speaks of.
type voice struct {
	w     *words
	own   *stream
	event uint64
	scene scene
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
			v.say(v.choose(p.choice).parts)
		case p.slot >= 0:
			s := v.w.slots[p.slot]
			ways := s.ways[0]
			if s.entity {
				ways = s.ways[(mix(v.event+uint64(s.leader))>>33)%uint64(len(s.ways))]
			}
			v.say(v.choose(ways).parts)
		default:
			v.buf = append(v.buf, p.literal...)
		}
	}
}

// choose takes one of the ways that fit where and when it is; any, if none does.
func (v *voice) choose(list []text) *text {
	fit := 0
	for i := range list {
		if list[i].fits(&v.scene) {
			fit++
		}
	}
	if fit == 0 {
		return &list[v.own.n(len(list))]
	}
	k := v.own.n(fit)
	for i := range list {
		if !list[i].fits(&v.scene) {
			continue
		}
		if k == 0 {
			return &list[i]
		}
		k--
	}
	return &list[0] // Not reached: k is below fit.
}

func (v *voice) one(list []text) {
	if len(list) > 0 {
		v.say(v.choose(list).parts)
	}
}

// tell gives what a caller says of an event. slip lets a wrong word out.
func (v *voice) tell(list []text, mood int, slip bool) (string, cad.Priority) {
	v.buf = v.buf[:0]
	if len(list) == 0 {
		return "", ""
	}
	t := v.choose(list)
	if t.plain {
		mood, slip = plain, false
	}
	if t.priority >= cad.P3 && mood < plain { // "P3" and "P4": nothing to be excited about.
		mood = calm
	}
	if mood != plain {
		v.one(v.w.openers[mood])
	}
	v.say(t.parts)
	if mood != plain {
		v.one(v.w.closers[mood])
	}
	said := string(v.buf)
	if slip {
		said = v.slipped(said)
	}
	return said, t.priority
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
