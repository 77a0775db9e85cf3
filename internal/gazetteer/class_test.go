package gazetteer_test

import (
	"testing"

	"shuniu/internal/gazetteer"
	"shuniu/internal/org"
	"shuniu/internal/osm"
)

// A name that nobody knows still says what it is: the nearest of that kind are offered, and never as what was asked for.
func TestOfClass(t *testing.T) {
	var x osm.Extract
	for i, name := range []string{"鹤汀医院", "石埠医院", "柳堰小学"} {
		p := at(118.38+0.01*float64(i), 31.2)
		x.Bounds = x.Bounds.Extend(p)
		x.Places = append(x.Places, osm.Place{Kind: []string{"hospital", "hospital", "school"}[i], Name: name, Point: p, Bearing: -1})
	}
	ix := gazetteer.New(&x, org.State{})
	near := at(118.391, 31.2)
	for text, want := range map[string]string{"人民医院": "石埠医院 鹤汀医院", "people's hospital": "石埠医院 鹤汀医院", "育才学校": "柳堰小学", "无此名": ""} {
		hits := ix.Find(gazetteer.Query{Text: text, Near: &near})
		if got := titles(hits); got != want {
			t.Errorf("%s gives %q, want %q", text, got, want)
		}
		for _, h := range hits {
			if h.Why != gazetteer.ByClass {
				t.Errorf("%s: %s by %s", text, h.Name.Text, h.Why)
			}
		}
	}
	if hits := ix.Find(gazetteer.Query{Text: "鹤汀医院"}); len(hits) != 1 || hits[0].Why != gazetteer.ByText {
		t.Errorf("a name that is known: %s", titles(hits))
	}
}

// Where the number itself is found on two streets, other numbers that only stand for it take two rows at most.
func TestFewApproximate(t *testing.T) {
	var x osm.Extract
	for i, street := range []string{"星浦路", "杏铺路", "星屏路", "杏平路", "星平路", "杏盘路"} {
		p := at(118.38+0.01*float64(i), 31.2)
		x.Bounds = x.Bounds.Extend(p)
		number := "8号"
		if i > 1 {
			number = "11号"
		}
		x.Addresses = append(x.Addresses, osm.Address{Street: street, Number: number, Point: p})
	}
	ix := gazetteer.New(&x, org.State{})
	count := func(text string) (exact, approximate int) {
		for _, h := range ix.Find(gazetteer.Query{Text: text}) {
			if h.Approximate {
				approximate++
			} else {
				exact++
			}
		}
		return exact, approximate
	}
	if exact, approximate := count("xpl8"); exact != 2 || approximate != 2 {
		t.Errorf("of two that have it: %d exact, %d approximate", exact, approximate)
	}
	if exact, approximate := count("xpl9"); exact != 0 || approximate != 6 {
		t.Errorf("where nothing has it: %d exact, %d approximate", exact, approximate)
	}
}
