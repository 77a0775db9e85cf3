package gazetteer

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/geo"
)

// How many hits are given, and how many names are followed up with a number or a second street.
const (
	hitsUsual     = 20
	hitsMax       = 50
	followedMax   = 10     // With a second street: every pair is tried.
	numberedMax   = 400    // With a number: of many streets with the same initials, only some have it.
	halfBonusM    = 1000.0 // So far away, being near earns half.
	samePlaceM    = 150.0  // Two hits of one name that are nearer are one place.
	besideStreetM = 150.0  // A place has the street that is nearer than this.
)

// What is added to and taken off the score of a name.
const (
	bonusNear    = 0.08 // At the caller's own position.
	bonusHome    = 0.02 // In the box of the centre's own map.
	bonusArea    = 0.03 // In the area that was asked for.
	bonusNumber  = 0.04 // The number exists.
	lessNearest  = 0.05 // Another number stands for it.
	lessNoNumber = 0.12 // The street has no numbers on this map.
	scoreContain = 0.50
	goodEnough   = 0.75 // With a hit of this score nobody looks for names within the text.
)

// search is one search.
type search struct {
	ix     *Index
	q      Query
	folded string
	sp     *speller
	hits   []Hit
	plane  *geo.Plane // Around the caller.
}

// Find gives the places that a text may mean, the likeliest first. Text that means nothing gives none.
func (ix *Index) Find(q Query) []Hit {
	q.Text = cutRunes(strings.ToValidUTF8(q.Text, " "), 2*queryRunesMax)
	if q.Near != nil && !q.Near.Valid() {
		q.Near = nil
	}
	if q.Limit = cmp.Or(max(0, q.Limit), hitsUsual); q.Limit > hitsMax {
		q.Limit = hitsMax
	}
	s := &search{ix: ix, q: q, folded: cutRunes(fold(q.Text), queryRunesMax), sp: &speller{}}
	if q.Near != nil {
		p := geo.PlaneAt(*q.Near)
		s.plane = &p
	}
	if s.coordinates() {
		return s.finish()
	}
	if s.folded == "" {
		return nil
	}
	s.numbers()
	s.crossing()
	s.names()
	if s.best() < goodEnough {
		s.contained()
	}
	if len(s.hits) == 0 {
		s.ofClass()
	}
	return s.finish()
}

func (s *search) best() float64 {
	top := 0.0
	for _, h := range s.hits {
		top = max(top, h.Score)
	}
	return top
}

// coordinates reads the text as a pair of degrees.
func (s *search) coordinates() bool {
	r, ok, err := geo.ReadCoordinates(s.q.Text, cmp.Or(s.q.Datum, geo.WGS84), s.ix.home())
	if !ok || err != nil {
		return false
	}
	s.hits = append(s.hits, Hit{Kind: Point, Point: r.Point, Score: 1, Why: ByCoordinates, Reading: &r})
	return true
}

// home is where places are expected: the centre's box, else the map's.
func (ix *Index) home() geo.Bounds {
	if !ix.org.home.Empty() {
		return ix.org.home
	}
	return ix.x.Bounds
}

// bonus is what a place earns by where it lies: in the centre's own district, and near the caller.
func (s *search) bonus(p geo.Point) float64 {
	b := 0.0
	if home := &s.ix.org.home; home.Contains(p) {
		b = bonusHome
	}
	if s.plane == nil {
		return b
	}
	x, y := s.plane.XY(p)
	return b + bonusNear/(1+math.Hypot(x, y)/halfBonusM)
}

// things shows the things of a match.
func (ix *Index) thingsOf(entry int32) []int32 {
	return ix.byEntry[ix.first[entry]:ix.first[entry+1]]
}

// names finds everything whose own name the text is.
func (s *search) names() {
	key, _ := compact(s.folded)
	type scored struct {
		thing int32
		score float64
		why   string
	}
	var all []scored
	keep, least := 4*s.q.Limit, 0.0 // What is below least cannot be among those that are kept.
	trim := func() {
		slices.SortFunc(all, func(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.thing, b.thing)) })
		if len(all) > keep {
			all = all[:keep]
			least = all[keep-1].score
		}
	}
	for _, m := range s.ix.lex.find(key, false, s.sp) {
		for _, id := range s.ix.thingsOf(m.entry) {
			t := &s.ix.things[id]
			if a := (scored{id, m.score + s.ix.standing(t) + s.bonus(t.at.point()), m.why}); a.score >= least {
				all = append(all, a)
			}
		}
		if len(all) > 8*keep {
			trim()
		}
	}
	trim()
	for _, a := range all {
		h := s.ix.hit(a.thing)
		if h.Kind == Street && s.q.Near != nil {
			h.Point = s.ix.nearestCorner(&s.ix.things[a.thing], *s.q.Near)
		}
		h.Score, h.Why = a.score, a.why
		s.hits = append(s.hits, h)
	}
	g := s.ix.org
	for _, m := range g.lex.find(key, false, s.sp) {
		for _, i := range g.byEntry[m.entry] {
			p := g.spots[i]
			s.hits = append(s.hits, Hit{
				Kind: p.kind, ID: p.id, Name: p.name, Point: p.at, Why: m.why, Score: m.score + bonusOwn + s.bonus(p.at),
			})
		}
	}
}

// bonusOwn is what the centre's own places earn before others of the map.
const bonusOwn = 0.006

// standing is what a thing earns by what it is: of two names that fit equally, people more often mean the bigger street.
func (ix *Index) standing(t *thing) float64 {
	switch t.kind {
	case kindPlace:
		if ix.org.premises[ix.lex.entries[t.entry].text] != "" {
			return 0.02
		}
	case kindPole, kindCamera:
		return -0.05 // There are thousands: they come first only for their own number.
	case kindEstate:
		return 0.005
	case kindStreet:
		switch ix.classes[t.class] {
		case "primary", "trunk", "motorway":
			return 0.016
		case "secondary":
			return 0.014
		case "tertiary":
			return 0.012
		}
		return 0.010
	}
	return 0
}

// hit describes a thing.
func (ix *Index) hit(id int32) Hit {
	t := &ix.things[id]
	h := Hit{Kind: kinds[t.kind], Class: ix.classes[t.class], Name: ix.name(id), Point: t.at.point()}
	if t.ref >= 0 {
		h.Ref = ix.lex.entries[t.ref].text
	}
	return h
}

func (ix *Index) name(id int32) Name {
	t := &ix.things[id]
	n := Name{Text: ix.lex.entries[t.entry].text}
	if t.en >= 0 {
		n.En = ix.lex.entries[t.en].text
	}
	return n
}

// whole is a street or an estate that a part of the text stands for.
type whole struct {
	thing int32
	score float64
	why   string
}

// wholes finds streets and estates whose whole name a folded text is, best first.
func (s *search) wholes(folded string, estates bool, most int) []whole {
	key, _ := compact(folded)
	var out []whole
	for _, m := range s.ix.lex.find(key, true, s.sp) {
		for _, id := range s.ix.thingsOf(m.entry) {
			t := &s.ix.things[id]
			if t.kind == kindStreet || estates && (t.kind == kindEstate || t.doors[1] > t.doors[0]) {
				out = append(out, whole{id, m.score + s.ix.standing(t), m.why})
			}
		}
	}
	where := func(w whole) float64 { return w.score + s.bonus(s.ix.things[w.thing].at.point()) }
	slices.SortStableFunc(out, func(a, b whole) int { return cmp.Or(cmp.Compare(where(b), where(a)), cmp.Compare(a.thing, b.thing)) })
	return out[:min(len(out), most)]
}

// contained finds known names within a text that means nothing as a whole, longest first: "在汀兰花园3栋楼下打架".
func (s *search) contained() {
	type part struct {
		entry    int32
		from, to int // Bytes of the folded text.
	}
	var parts []part
	ends := boundaries(s.folded)
	for i := 0; i+1 < len(ends); i++ {
		for j := min(len(ends)-1, i+mentionUnitsMax); j > i; j-- {
			text := s.folded[ends[i]:ends[j]]
			key, _ := compact(text)
			if len(key) < mentionBytesMin || key == "" {
				continue
			}
			if e := s.ix.lex.exact(key); e >= 0 {
				parts = append(parts, part{e, ends[i], ends[j]})
				i = j - 1 // Names do not overlap.
				break
			}
		}
	}
	var streets []whole
	for _, p := range parts {
		for _, id := range s.ix.thingsOf(p.entry) {
			t := &s.ix.things[id]
			w := whole{id, scoreContain + scoreCoverage*float64(p.to-p.from)/float64(len(s.folded)), ByMention}
			if t.kind == kindStreet {
				streets = append(streets, w)
			}
			if tail, _ := readTail(s.folded[p.to:]); len(tail) > 0 && t.doors[1] > t.doors[0] {
				w.score += bonusNumber
				s.number(w, tail)
				continue
			}
			h := s.ix.hit(id)
			h.Score, h.Why = w.score+s.bonus(h.Point), ByMention
			s.hits = append(s.hits, h)
		}
	}
	for i := range min(len(streets), followedMax) {
		for _, other := range streets[i+1 : min(len(streets), followedMax)] {
			s.meet(streets[i], other, false)
		}
	}
}

// The limits of a name within a text.
const (
	mentionUnitsMax = 12 // Characters or words.
	mentionBytesMin = 4  // Two characters, or a word of four letters.
)

// boundaries are the bytes of a folded text at which a character or a word begins, and its end.
func boundaries(s string) []int {
	var out []int
	inWord := false
	for i, r := range s {
		if isHan(r) || r != ' ' && !inWord {
			out = append(out, i)
		}
		inWord = r != ' ' && !isHan(r)
	}
	return append(out, len(s))
}

func decimal(n int32) string { return strconv.FormatInt(int64(n), 10) }
