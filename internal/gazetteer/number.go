package gazetteer

import (
	"slices"
	"sort"
	"strings"
)

// numbers finds the addresses that the text may mean.
func (s *search) numbers() {
	for _, n := range splitNumbers(s.folded) {
		for _, w := range s.wholes(n.name, true, numberedMax) {
			s.number(w, n.tail)
		}
	}
}

// number finds a number of one street or estate, and takes the nearest one on the same side for one that does not exist.
func (s *search) number(w whole, tail []numeral) {
	t := &s.ix.things[w.thing]
	doors := s.ix.doors[t.doors[0]:t.doors[1]]
	if len(doors) == 0 {
		s.unnumbered(w, tail)
		return
	}
	want, unit := split(tail, t.kind != kindStreet)
	found := exactly(s.ix, doors, want)
	asked, less := "", -bonusNumber
	if len(found) == 0 {
		near, ok := sameSide(doors, want.value)
		if !ok {
			s.unnumbered(w, tail)
			return
		}
		found, asked, less = exactly(s.ix, doors, numeral{value: near}), want.text(), lessNearest
		if len(found) == 0 { // Every door of that number has a letter.
			found = withNumber(doors, near)
		}
	}
	if unit.value > 0 || unit.letter != "" {
		if with := withUnit(s.ix, found, unit); len(with) > 0 {
			found = with
		} else {
			asked, less = want.text()+"-"+unit.text(), lessNearest
		}
	} else {
		found = plainest(found)
	}
	for _, d := range apart(found) {
		h := s.ix.hit(w.thing)
		h.Kind, h.Class, h.Ref, h.Point = Address, "", "", d.at.point()
		h.Number, h.Unit = s.ix.labels[d.text], s.ix.labels[d.unit]
		if t.kind != kindStreet {
			h.Kind = Building
		}
		if h.Unit != "" || d.entry && h.Kind == Building {
			h.Kind = Entrance
		}
		h.Asked, h.Approximate = asked, asked != ""
		h.Score, h.Why = w.score-less+s.bonus(h.Point), w.why
		s.hits = append(s.hits, h)
	}
}

// unnumbered gives the street itself for a number that this map does not know.
func (s *search) unnumbered(w whole, tail []numeral) {
	h := s.ix.hit(w.thing)
	if h.Kind == Street && s.q.Near != nil {
		h.Point = s.ix.nearestCorner(&s.ix.things[w.thing], *s.q.Near)
	}
	h.Approximate, h.Asked = true, tail[0].text()
	h.Score, h.Why = w.score-lessNoNumber+s.bonus(h.Point), w.why
	s.hits = append(s.hits, h)
}

// split tells the number of the house or building from that of the unit in it.
func split(tail []numeral, estate bool) (number, unit numeral) {
	number = tail[0]
	for _, n := range tail[1:] {
		switch {
		case n.unit == unitRoom:
		case n.unit == unitUnit || estate && n.unit == unitNone && unit == numeral{}:
			unit = n
		case !estate && n.joined && number.letter == "" && n.unit != unitBuilding:
			number.letter = "-" + n.text() // 12-3号: the third of number 12.
		}
	}
	return number, unit
}

// exactly gives the doors of a number, with the same letter behind it.
func exactly(ix *Index, doors []door, want numeral) []door {
	var out []door
	for _, d := range withNumber(doors, want.value) {
		_, rest := leadingNumber(ix.labels[d.text])
		if letterOf(rest) == want.letter {
			out = append(out, d)
		}
	}
	return out
}

// letterOf is what tells numbers of one figure apart: "a" of "12a号", "-3" of "12-3", "a" of "a栋".
func letterOf(rest string) string {
	rest = strings.TrimSpace(rest)
	for _, w := range unitWords() {
		if before, _, ok := strings.Cut(rest, w.word); ok {
			return strings.TrimSpace(before)
		}
	}
	return rest
}

// withNumber gives the doors of a number; they are sorted by it.
func withNumber(doors []door, number int32) []door {
	from := sort.Search(len(doors), func(i int) bool { return doors[i].number >= number })
	to := sort.Search(len(doors), func(i int) bool { return doors[i].number > number })
	return doors[from:to]
}

func withUnit(ix *Index, doors []door, unit numeral) []door {
	return slices.DeleteFunc(slices.Clone(doors), func(d door) bool {
		n, rest := leadingNumber(ix.labels[d.unit])
		return d.unit == 0 || n != unit.value || letterOf(rest) != unit.letter
	})
}

// plainest leaves out units where the house itself is known.
func plainest(doors []door) []door {
	houses := slices.DeleteFunc(slices.Clone(doors), func(d door) bool { return d.unit != 0 })
	if len(houses) > 0 {
		return houses
	}
	return doors[:min(1, len(doors))]
}

// sameSide is the existing number that is nearest to one that does not exist: on the same side of the street, where
// even and odd numbers lie apart, if that side has any.
func sameSide(doors []door, want int32) (number int32, ok bool) {
	least := int32(-1)
	for _, anySide := range []bool{false, true} {
		for _, d := range doors {
			far := d.number - want
			if far < 0 {
				far = -far
			}
			if d.number > 0 && (anySide || d.number%2 == want%2) && (least < 0 || far < least) {
				number, least = d.number, far
			}
		}
		if least >= 0 {
			return number, true
		}
	}
	return 0, false
}

// apart gives one door for each place: a street and number may exist in two districts, and a house may have two doors.
func apart(doors []door) []door {
	var out []door
	for _, d := range doors {
		if len(out) < 4 && !slices.ContainsFunc(out, func(o door) bool { return metersBetween(o.at, d.at) < samePlaceM }) {
			out = append(out, d)
		}
	}
	return out
}
