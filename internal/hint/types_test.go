package hint_test

import (
	"slices"
	"testing"

	"shuniu/internal/callers"
	"shuniu/internal/hint"
)

// Of what callers say first, the right type is among the three that are offered mostly, and often the first of them. The
// words of the centres are our own; they were read against other days of these callers and completed, so real callers will
// be met less often.
func TestTypes(t *testing.T) {
	for _, tt := range []struct {
		city, lang    string
		first, listed float64
	}{
		{"yunze", "zh", 0.85, 0.94},
		{"sf", "en", 0.55, 0.58}, // A third of these callers report dead traffic lights and the like, which are no type of a fire service.
	} {
		c := cityOf(t, tt.city, tt.lang)
		var calls, first, listed int
		missed := map[string]int{}
		c.stream(t, 78, 4, 700, func(k *callers.Call) {
			x, ok := c.typeOf(k)
			if !ok || k.Kind != callers.Normal || k.N > 0 {
				return
			}
			calls++
			found := c.words.Types(k.Narrative)
			switch i := slices.IndexFunc(found, func(m hint.Meant) bool { return m.Type == x.ID }); {
			case i == 0:
				first++
				listed++
			case i > 0:
				listed++
			default:
				missed[string(x.ID)]++
				if testing.Verbose() && missed[string(x.ID)] <= 3 {
					t.Logf("%s: %q gives %v", x.ID, k.Narrative, found)
				}
			}
		})
		f, l := float64(first)/float64(calls), float64(listed)/float64(calls)
		t.Logf("%s: %d first calls, first %.3f, among three %.3f; missed %v", tt.city, calls, f, l, missed)
		if f < tt.first || l < tt.listed {
			t.Errorf("%s: first %.3f, among three %.3f, want %.2f and %.2f", tt.city, f, l, tt.first, tt.listed)
		}
	}
}

// What is offered says by which words, and nothing is offered for nothing.
func TestTypesSayWhy(t *testing.T) {
	v := hint.VocabularyOf([]hint.Spoken{
		{Type: "knife", Words: []string{"菜刀", "刀", "knife"}},
		{Type: "fight", Words: []string{"打架", "knife fight"}},
	})
	got := v.Types("有人拿着菜刀")
	if len(got) != 1 || got[0].Type != "knife" || !slices.Equal(got[0].Words, []string{"菜刀"}) {
		t.Errorf("菜刀 gives %+v: 刀 lies within it and is not said again", got)
	}
	if got := v.Types("he is penknifed"); len(got) > 0 {
		t.Errorf("a word within another is no word: %+v", got)
	}
	if got := v.Types("A KNIFE!"); len(got) != 1 || got[0].Score <= 0 || got[0].Score > 1 {
		t.Errorf("knife gives %+v", got)
	}
	if got := append(v.Types(""), v.Types("你好")...); len(got) > 0 {
		t.Errorf("nothing gives %+v", got)
	}
}
