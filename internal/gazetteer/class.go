package gazetteer

import (
	"cmp"
	"slices"
	"strings"

	"shuniu/internal/geo"
)

// classWords are the words by which people ask for any place of a kind, as they are folded, and the classes of the map that
// are meant. Longer words stand before those that they contain.
//
//nolint:gochecknoglobals // Data that never changes.
var classWords = []struct {
	words   []string
	classes []string
}{
	{[]string{"派出所", "公安局", "警察局", "police"}, []string{"police"}},
	{[]string{"医院", "hospital"}, []string{"hospital"}},
	{[]string{"诊所", "clinic"}, []string{"clinic", "doctors"}},
	{[]string{"学校", "小学", "中学", "school"}, []string{"school", "university", "college"}},
	{[]string{"幼儿园", "kindergarten"}, []string{"kindergarten"}},
	{[]string{"超市", "便利店", "supermarket", "convenience store"}, []string{"supermarket", "convenience"}},
	{[]string{"加油站", "petrol station", "gas station"}, []string{"fuel"}},
	{[]string{"药房", "药店", "pharmacy"}, []string{"pharmacy"}},
	{[]string{"银行", "bank"}, []string{"bank"}},
	{[]string{"宾馆", "酒店", "旅馆", "hotel"}, []string{"hotel", "motel", "hostel", "guest_house"}},
	{[]string{"菜市场", "市场", "market"}, []string{"marketplace"}},
	{[]string{"商场", "mall"}, []string{"mall", "department_store"}},
	{[]string{"网吧", "internet cafe"}, []string{"internet_cafe"}},
	{[]string{"消防", "fire station"}, []string{"fire_station"}},
	{[]string{"公园", "park"}, []string{"park"}},
	{[]string{"火车站", "高铁站", "railway station", "train station"}, []string{"station"}},
}

const (
	scoreClass   = 0.40 // Below everything that was found by a name.
	ofClassShown = 8
)

// ofClass gives places of the kind that the text asks for, nearest to the caller first, else to the middle of the centre's
// own district: nobody knows a 人民医院, but perhaps one of these is meant. None of them is what was asked for.
func (s *search) ofClass() {
	classes := classesIn(s.folded)
	if len(classes) == 0 {
		return
	}
	type far struct {
		thing  int32
		meters float64
	}
	from := s.ix.home().Center()
	if s.q.Near != nil {
		from = *s.q.Near
	}
	var all []far
	for _, id := range s.ix.landmarks {
		if t := &s.ix.things[id]; slices.Contains(classes, s.ix.classes[t.class]) {
			all = append(all, far{id, geo.DistanceMeters(from, t.at.point())})
		}
	}
	slices.SortFunc(all, func(a, b far) int { return cmp.Or(cmp.Compare(a.meters, b.meters), cmp.Compare(a.thing, b.thing)) })
	for i, a := range all[:min(len(all), ofClassShown)] {
		h := s.ix.hit(a.thing)
		h.Score, h.Why = scoreClass-0.01*float64(i), ByClass
		s.hits = append(s.hits, h)
	}
}

// classesIn gives the classes of the word that a folded text has in it: the last one, because a name ends with what it is.
func classesIn(folded string) []string {
	var found []string
	last := -1
	for _, c := range classWords {
		for _, w := range c.words {
			if at := strings.LastIndex(folded, w); at >= 0 && at+len(w) > last {
				last, found = at+len(w), c.classes
			}
		}
	}
	return found
}
