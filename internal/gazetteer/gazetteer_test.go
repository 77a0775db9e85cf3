package gazetteer_test

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
	"shuniu/internal/gazetteer"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
)

// What people type, and what must come first; all names of want must be among the first five.
func TestFind(t *testing.T) {
	ix := gazetteer.New(town(t), yunze(t))
	for _, tt := range []struct {
		text string
		kind string // Of the first hit.
		want string // First hit first.
		why  string
	}{
		{"汀兰路", "street", "汀兰路", "text"},
		{"汀兰", "street", "汀兰路", "text"},
		{"tinglanlu", "street", "汀兰路 汀澜路", "pinyin"},
		{"ting lan lu", "street", "汀兰路 汀澜路", "pinyin"},
		{"TLL", "street", "汀兰路 汀澜路", "initials"},
		{"tinglan rd", "street", "汀兰路", "pinyin"},
		{"Tinglan Road", "street", "汀兰路", "pinyin"},
		{"汀兰路与星浦路交叉口", "crossing", "汀兰路/星浦路", "text"},
		{"汀兰路星浦路路口", "crossing", "汀兰路/星浦路", "text"},
		{"汀兰路和星浦路", "crossing", "汀兰路/星浦路", "text"},
		{"星浦路 & 汀兰路", "crossing", "星浦路/汀兰路", "text"},
		{"星浦路、汀兰路", "crossing", "星浦路/汀兰路", "text"},
		{"汀兰星浦路口", "crossing", "汀兰路/星浦路", ""},
		{"tinglanlu@xingpulu", "crossing", "汀兰路/星浦路", "pinyin"},
		{"采菱东路石埠路", "crossing", "采菱东路/石埠路", "text"},
		{"汀蓝路与星浦路口", "crossing", "汀兰路/星浦路", "sound"},
		{"汀兰路与采菱东路交叉口", "street", "采菱东路 汀兰路", "mention"}, // They do not meet.
		{"汀兰路12号", "address", "汀兰路12号", "text"},
		{"汀兰路１２号", "address", "汀兰路12号", "text"},
		{"汀兰路十二号", "address", "汀兰路12号", "text"},
		{"汀兰路12", "address", "汀兰路12号", "text"},
		{"汀兰12号", "address", "汀兰路12号", "text"},
		{"tll12", "address", "汀兰路12号", "initials"},
		{"汀兰路12号对面", "address", "汀兰路12号", "text"},
		{"汀兰路12-3号", "address", "汀兰路12-3号", "text"},
		{"xpl8", "address", "星浦路8号 杏铺路8号", "initials"},
		{"xpl8号", "address", "星浦路8号 杏铺路8号", "initials"},
		{"星浦路8号", "address", "星浦路8号 杏铺路8号", "text"},
		{"汀兰路14号", "address", "汀兰路12号~", "text"},
		{"汀兰路13号", "address", "汀兰路11号~", "text"},
		{"汀兰路900号", "address", "汀兰路40号~", "text"},
		{"兰亭街5号", "street", "兰亭街~", "text"},
		{"汀兰花园3栋2单元", "entrance", "汀兰花园3栋2单元", "text"},
		{"汀兰花园三栋二单元", "entrance", "汀兰花园3栋2单元", "text"},
		{"tlhy 3-2", "entrance", "汀兰花园3栋2单元", "initials"},
		{"tlhy3-2", "entrance", "汀兰花园3栋2单元", "initials"},
		{"汀兰花园3号楼", "building", "汀兰花园3栋", "text"},
		{"汀兰花园3栋9单元", "building", "汀兰花园3栋~", "text"},
		{"汀兰花园3栋2单元501室", "entrance", "汀兰花园3栋2单元", "text"},
		{"tinglan garden", "estate", "汀兰花园", "text"},
		{"TL-0412", "pole", "TL-0412", "text"},
		{"tl0412", "pole", "TL-0412", "text"},
		{"CAM-0031", "camera", "步行街东口", "text"},
		{"cam0031", "camera", "步行街东口", "text"},
		{"采菱公园东门", "post", "采菱公园东门", "text"},
		{"cygydm", "", "", ""},
		{"clgydm", "post", "采菱公园东门", "initials"},
		{"汀兰派出所", "station", "汀兰派出所", "text"},
		{"鹤汀医院", "place", "鹤汀医院", "text"},
		{"汀南路", "street", "汀兰路", "typo"},
		{"汀蓝路", "street", "汀兰路 汀澜路", "sound"},
		{"tinlanlu", "street", "汀兰路", "typo"},
		{"汀蓝路12号", "address", "汀兰路12号", "sound"},
		{"采菱东路", "street", "采菱东路 采菱东街", "text"},
		{"在汀兰花园3栋楼下有人打架", "building", "汀兰花园3栋", "mention"},
		{"云泽市澜湖分局汀兰路12号", "address", "汀兰路12号", "mention"},
		{"118.3856,31.2001", "point", "", "coordinates"},
		{"gcj02 118.3856,31.2001", "point", "", "coordinates"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			hits := ix.Find(gazetteer.Query{Text: tt.text})
			if tt.kind == "" {
				return
			}
			if len(hits) == 0 {
				t.Fatal("nothing found")
			}
			first := hits[0]
			t.Log(titles(hits[:min(8, len(hits))]), first.Score, first.Why)
			if first.Kind != tt.kind || tt.why != "" && first.Why != tt.why {
				t.Errorf("first is a %s by %s: %+v", first.Kind, first.Why, first)
			}
			all := " " + titles(hits[:min(5, len(hits))]) + " "
			for i, name := range strings.Fields(tt.want) {
				if i == 0 && titled(first) != name {
					t.Errorf("first %s, want %s", titled(first), name)
				}
				if !strings.Contains(all, " "+name+" ") {
					t.Errorf("no %s in%s", name, all)
				}
			}
		})
	}
}

// Two names that are easily taken for each other are both given, both marked, each with its own station.
func TestTrapsShowBoth(t *testing.T) {
	ix := gazetteer.New(town(t), yunze(t))
	for _, tt := range []struct{ text, first, second string }{
		{"xpl8", "星浦路8号", "杏铺路8号"},
		{"xpl8号", "星浦路8号", "杏铺路8号"},
		{"星浦路8号", "星浦路8号", "杏铺路8号"},
		{"杏铺路8号", "杏铺路8号", "星浦路8号"},
		{"汀兰路", "汀兰路", "汀澜路"},
		{"汀澜路", "汀澜路", "汀兰路"},
		{"采菱东路", "采菱东路", "采菱东街"},
		{"采菱东街", "采菱东街", "采菱东路"},
	} {
		hits := ix.Find(gazetteer.Query{Text: tt.text, Limit: 6})
		if len(hits) < 2 || titled(hits[0]) != tt.first || titled(hits[1]) != tt.second {
			t.Errorf("%s: %s", tt.text, titles(hits))
			continue
		}
		for _, h := range hits[:2] {
			if !h.Alike || h.Station == "" || h.By == "" {
				t.Errorf("%s: %s is not marked, or nobody is responsible: %+v", tt.text, titled(h), h)
			}
		}
	}
	if hits := ix.Find(gazetteer.Query{Text: "柳荫街"}); len(hits) == 0 || hits[0].Alike {
		t.Errorf("a name without a double is marked: %s", titles(hits))
	}
}

// A mistake in a figure is never forgiven: whoever reads 0413 off a pole does not stand at 0412.
func TestFiguresAreNotForgiven(t *testing.T) {
	ix := gazetteer.New(town(t), yunze(t))
	for text, never := range map[string]string{"TL-0413": "TL-0412", "望江街43弄": "望江街42弄", "wangjiangjie43nong": "望江街42弄"} {
		for _, h := range ix.Find(gazetteer.Query{Text: text}) {
			if titled(h) == never {
				t.Errorf("%s gives %s by %s", text, never, h.Why)
			}
		}
	}
	if hits := ix.Find(gazetteer.Query{Text: "望江街42弄"}); len(hits) == 0 || titled(hits[0]) != "望江街42弄" {
		t.Errorf("the lane itself: %s", titles(hits))
	}
}

// Of two equal names the nearer one comes first, then the one in the area that was asked for.
func TestNearAndArea(t *testing.T) {
	x, o := town(t), yunze(t)
	west, east := at(118.3860, 31.2000), at(118.4200, 31.2070)
	x.Places = append(x.Places, osm.Place{Kind: "shop", Name: "便民超市", Point: east}, osm.Place{Kind: "shop", Name: "便民超市", Point: west})
	ix := gazetteer.New(x, o)
	for _, near := range []geo.Point{west, east} {
		hits := ix.Find(gazetteer.Query{Text: "便民超市", Near: &near})
		if len(hits) != 2 || geo.DistanceMeters(hits[0].Point, near) > 1 || hits[0].DistanceMeters > 1 || hits[1].DistanceMeters < 1000 {
			t.Errorf("near %v: %+v", near, hits)
		}
		station, _, _ := o.Responsible(near)
		hits = ix.Find(gazetteer.Query{Text: "便民超市", Area: station})
		if len(hits) != 2 || hits[0].Station != station || hits[0].DistanceMeters >= 0 {
			t.Errorf("in %s: %+v", station, hits)
		}
	}
	if h := ix.Find(gazetteer.Query{Text: "汀兰路", Near: &west})[0]; h.DistanceMeters > 300 {
		t.Errorf("a street is %f m away where it passes", h.DistanceMeters)
	}
	if h := ix.Find(gazetteer.Query{Text: "便民超市"})[0]; h.Street.Text == "" {
		t.Errorf("no street beside %+v", h)
	}
}

func TestCoordinates(t *testing.T) {
	ix := gazetteer.New(town(t), yunze(t))
	place := at(118.3856, 31.2001)
	for _, tt := range []struct {
		text  string
		datum geo.Datum
		want  geo.Datum
	}{
		{"118.3856,31.2001", "", geo.WGS84},
		{"31.2001 118.3856", geo.CGCS2000, geo.CGCS2000},
		{"118.39100,31.19820", geo.GCJ02, geo.GCJ02},
		{"高德 118.39100,31.19820", geo.WGS84, geo.GCJ02},
	} {
		hits := ix.Find(gazetteer.Query{Text: tt.text, Datum: tt.datum})
		if len(hits) != 1 || hits[0].Kind != gazetteer.Point || hits[0].Reading.Datum != tt.want || geo.DistanceMeters(hits[0].Point, place) > 1 || hits[0].Station != "st1" {
			t.Errorf("%s: %+v", tt.text, hits)
		}
	}
}

// Whoever points into the river is not at a house number beside it; whoever points at an island is not in the river.
func TestReverseInWater(t *testing.T) {
	x := town(t)
	bank := geo.Ring{at(118.3800, 31.1800), at(118.4000, 31.1800), at(118.4000, 31.1840), at(118.3800, 31.1840)}
	island := geo.Ring{at(118.3890, 31.1815), at(118.3910, 31.1815), at(118.3910, 31.1825), at(118.3890, 31.1825)}
	x.Areas = append(x.Areas, osm.Shape{Kind: "water", Name: "云澜江", NameEn: "Yunlan River", Rings: []geo.Ring{bank, island}})
	ix := gazetteer.New(x, yunze(t))
	for _, tt := range []struct {
		name string
		at   geo.Point
		wet  bool
	}{{"in the river", at(118.3850, 31.1820), true}, {"on its island", at(118.3905, 31.1822), false}, {"on the bank", at(118.3850, 31.1841), false}} {
		l := ix.Reverse(tt.at).Landmark
		if wet := l != nil && l.Class == "water" && l.Meters == 0; wet != tt.wet || wet && (l.Name.Text != "云澜江" || l.Name.En != "Yunlan River" || l.Toward != "") {
			t.Errorf("%s: landmark %+v", tt.name, l)
		}
	}
}

func TestReverse(t *testing.T) {
	ix := gazetteer.New(town(t), yunze(t))
	x := town(t)
	p := corner(x, "汀兰路").Offset(120, 30) // North of 12号.
	a := ix.Reverse(p)
	switch {
	case a.Address == nil || titled(a.Address.Hit) != "汀兰路12-3号" && titled(a.Address.Hit) != "汀兰路12号":
		t.Errorf("address %+v", a.Address)
	case a.Street == nil || a.Street.Name.Text != "汀兰路" || a.Street.Toward != "n" && a.Street.Toward != "ne" && a.Street.Toward != "nw":
		t.Errorf("street %+v", a.Street)
	case a.Crossing == nil || a.Crossing.Name.Text != "汀兰路" && a.Crossing.Other.Text != "汀兰路":
		t.Errorf("crossing %+v", a.Crossing)
	case a.Landmark == nil || a.Landmark.Meters > 1500 || a.Landmark.Name.Text == "":
		t.Errorf("landmark %+v", a.Landmark)
	case a.Station != "st1" || a.By != org.ByPolygon:
		t.Errorf("station %+v", a.Responsible)
	}
	if a := ix.Reverse(at(118.3900, 31.1990)); a.Address == nil || a.Landmark == nil || a.Landmark.Name.Text != "汀兰花园" || a.Landmark.Toward != "" {
		t.Errorf("in the garden: %+v %+v", a.Address, a.Landmark)
	}
	border := ix.Find(gazetteer.Query{Text: "汀兰路"})[0].Point
	if a := ix.Reverse(border); len(a.Border) == 0 {
		t.Errorf("no neighbour at the border: %+v", a.Responsible)
	}
	if a := ix.Reverse(at(0, 0)); a.Address != nil || a.Crossing != nil || a.Landmark != nil || a.Street != nil || a.By != org.ByNearest {
		t.Errorf("in the Gulf of Guinea: %+v", a)
	}
	if a := ix.Reverse(at(math.NaN(), 31)); a.Station != "" {
		t.Errorf("nowhere: %+v", a)
	}
}

// The short way to the responsible station gives what the rule itself gives, everywhere, also at borders and outside.
func TestResponsibleIsTheRule(t *testing.T) {
	o := yunze(t)
	ix := gazetteer.New(nil, o)
	var corners []geo.Point
	for _, id := range slices.Sorted(maps.Keys(o.Orgs)) {
		for _, part := range o.Orgs[id].Area {
			corners = append(corners, part[0]...)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := at(rapid.Float64Range(118.30, 118.50).Draw(t, "lon"), rapid.Float64Range(31.10, 31.30).Draw(t, "lat"))
		if rapid.Bool().Draw(t, "at a border") { // Around a corner, also where the neighbour's own box ends.
			p = rapid.SampledFrom(corners).Draw(t, "corner").Offset(rapid.Float64Range(-200, 200).Draw(t, "east"), rapid.Float64Range(-200, 200).Draw(t, "north"))
		}
		id, by, border := o.Responsible(p)
		a := ix.Reverse(p)
		if a.Station != id || a.By != by || !slices.Equal(a.Border, border) {
			t.Fatalf("%v: %s %s %v, want %s %s %v", p, a.Station, a.By, a.Border, id, by, border)
		}
	})
}

// Another configuration changes the centre's own places at once, and leaves the map.
func TestWithOrg(t *testing.T) {
	o := yunze(t)
	ix := gazetteer.New(town(t), o)
	o.Posts = []org.Post{{ID: "post_new", Name: org.Name{"zh": "新桥岗亭"}, Place: at(118.39, 31.2)}}
	next := ix.WithOrg(o)
	if hits := next.Find(gazetteer.Query{Text: "xqgt"}); len(hits) == 0 || hits[0].ID != "post_new" {
		t.Errorf("the new post: %+v", hits)
	}
	if hits := ix.Find(gazetteer.Query{Text: "xqgt"}); len(hits) != 0 {
		t.Errorf("the old index knows it: %s", titles(hits))
	}
	if hits := next.Find(gazetteer.Query{Text: "汀兰路"}); len(hits) == 0 {
		t.Error("the map is gone")
	}
	if next.Premises("鹤汀医院") != "hospital" || next.Premises("汀兰路") != "" {
		t.Error("key premises are not known")
	}
}

// A book answers before its map is read, and follows the configuration afterwards.
func TestBook(t *testing.T) {
	o := yunze(t)
	var b gazetteer.Book
	ix, ready := b.At(o)
	if hits := ix.Find(gazetteer.Query{Text: "采菱公园东门"}); ready || len(hits) == 0 || hits[0].Kind != gazetteer.Post {
		t.Errorf("before the map: ready %v, %s", ready, titles(hits))
	}
	if err := b.Read(town(t)); err != nil {
		t.Fatal(err)
	}
	if ix, ready = b.At(o); !ready || len(ix.Find(gazetteer.Query{Text: "汀兰路"})) == 0 || len(ix.Find(gazetteer.Query{Text: "采菱公园东门"})) == 0 {
		t.Error("the map or the centre is not there")
	}
	if again, _ := b.At(o); again != ix {
		t.Error("the same centre makes another index")
	}
	o.Posts, o.Changed = nil, o.Changed+1
	next, ready := b.At(o)
	hits := next.Find(gazetteer.Query{Text: "采菱公园东门"})
	if !ready || slices.ContainsFunc(hits, func(h gazetteer.Hit) bool { return h.Kind == gazetteer.Post }) || len(next.Find(gazetteer.Query{Text: "汀兰路"})) == 0 {
		t.Errorf("after the posts are gone: %s", titles(hits))
	}
}

func TestEmpty(t *testing.T) {
	for _, x := range []*osm.Extract{nil, {}, {Bounds: geo.EmptyBounds()}} {
		ix := gazetteer.New(x, org.State{Orgs: map[cad.OrgID]org.Org{}})
		if hits := ix.Find(gazetteer.Query{Text: "汀兰路12号"}); len(hits) != 0 {
			t.Errorf("%+v", hits)
		}
		if hits := ix.Find(gazetteer.Query{Text: "1.5,2.5"}); len(hits) != 1 {
			t.Errorf("coordinates need no map: %+v", hits)
		}
		if a := ix.Reverse(at(118, 31)); a.Station != "" || a.Street != nil {
			t.Errorf("%+v", a)
		}
	}
}

// Absurd data is indexed without harm.
func TestAbsurdData(t *testing.T) {
	long := strings.Repeat("长", 10_000)
	x := &osm.Extract{
		Places: []osm.Place{
			{Kind: "x", Name: long, Point: at(180, 90)},
			{Kind: "x", Name: "\xff\xfe", Point: at(-180, -90)},
			{Kind: "x", Name: " ", Point: at(0, 0)},
			{Kind: "pole", Name: "0", Ref: "0", Point: at(math.NaN(), 0)},
			{Kind: "x", Name: "!!!", NameEn: "？", Point: at(0, 180)},
		},
		Addresses: []osm.Address{
			{Street: "甲路", Number: "99999999999999999999", Point: at(1, 1)},
			{Street: "甲路", Number: "一百百十亿", Point: at(1, 1)},
			{Street: "甲路", Number: "十十十十十十十十十", Point: at(1, 1)},
			{Estate: long, Building: long, Unit: long, Point: at(2, 2)},
			{Street: "甲路", Number: "-", Point: at(math.Inf(1), 1)},
		},
		Areas: []osm.Shape{{Kind: "park", Name: "空"}, {Kind: "park", Name: "点", Rings: []geo.Ring{{at(1, 1)}}}},
	}
	ix := gazetteer.New(x, org.State{})
	for _, text := range []string{long, "甲路1号", "甲路99999999999999999999号", "\xff", "!!!", "空", "点", "0", "长长长"} {
		ix.Find(gazetteer.Query{Text: text})
	}
	for _, p := range []geo.Point{at(180, 90), at(-180, -90), at(0, 0), at(180, 0), at(1, 1)} {
		ix.Reverse(p)
	}
}

func FuzzFind(f *testing.F) {
	ix := gazetteer.New(town(f), yunze(f))
	for _, s := range []string{"汀兰路12号", "xpl8", "tlhy 3-2", "汀兰路与星浦路交叉口", "118.3,31.2", "12 market st", "三栋", "--", "&", "路口", "\xff汀", "a1b2c3", "汀兰路十百千号", "#12", "号号号"} {
		f.Add(s, 118.39, 31.2)
	}
	f.Fuzz(func(t *testing.T, text string, lon, lat float64) {
		p := at(lon, lat)
		for _, h := range ix.Find(gazetteer.Query{Text: text, Near: &p, Limit: 5, Area: "st1", Datum: geo.GCJ02}) {
			if !h.Point.Valid() || h.Kind == "" || h.Why == "" {
				t.Fatalf("%q: %+v", text, h)
			}
		}
		ix.Reverse(p)
	})
}
