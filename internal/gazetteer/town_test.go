package gazetteer_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/centre"
	"shuniu/internal/gazetteer"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

func at(lon, lat float64) geo.Point { return geo.Point{Lon: lon, Lat: lat} }

// yunze is our sample centre as its facts make it.
func yunze(t testing.TB) org.State {
	t.Helper()
	charter, problems := centre.Load("../../centres/yunze", centre.Options{})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	s := org.State{Centre: charter.Centre, Orgs: map[cad.OrgID]org.Org{}, Settings: charter.Settings}
	for _, o := range charter.Orgs {
		s.Orgs[o.ID] = o
	}
	return s
}

// town is the committed town with house numbers, two estates, poles and a camera of the test's own: the town itself has
// streets and places only. Even numbers lie north of a street, odd ones south.
func town(t testing.TB) *osm.Extract {
	t.Helper()
	x, err := osm.ReadFile(context.Background(), "../../testdata/worlds/lanhu.osm", osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []struct {
		street string
		missed int
	}{{"汀兰路", 14}, {"星浦路", 0}, {"杏铺路", 0}, {"采菱东路", 0}} {
		first := corner(x, l.street)
		for n := 2; n <= 40; n++ {
			if n == l.missed || n == l.missed-1 {
				continue
			}
			side := 12.0
			if n%2 == 1 {
				side = -12
			}
			x.Addresses = append(x.Addresses, osm.Address{Street: l.street, Number: fmt.Sprintf("%d号", n), Point: first.Offset(float64(n)*10, side)})
		}
	}
	x.Addresses = append(x.Addresses, osm.Address{Street: "汀兰路", Number: "12-3号", Point: corner(x, "汀兰路").Offset(125, 20)})
	garden := at(118.3900, 31.1990)
	x.Places = append(x.Places,
		osm.Place{Kind: "residential", Name: "汀兰花园", NameEn: "Tinglan Garden", Point: garden, Bearing: -1},
		osm.Place{Kind: "pole", Name: "TL-0412", Ref: "TL-0412", Point: garden.Offset(200, 0), Bearing: -1},
		osm.Place{Kind: "surveillance", Name: "步行街东口", Ref: "CAM-0031", Point: garden.Offset(0, 200), Bearing: 90})
	for building := 1; building <= 6; building++ {
		p := garden.Offset(float64(building)*40, 30)
		x.Addresses = append(x.Addresses, osm.Address{Estate: "汀兰花园", Building: fmt.Sprintf("%d栋", building), Point: p})
		for unit := 1; unit <= 3; unit++ {
			x.Addresses = append(x.Addresses, osm.Address{
				Estate: "汀兰花园", Building: fmt.Sprintf("%d栋", building), Unit: fmt.Sprintf("%d单元", unit), Entrance: true, Point: p.Offset(float64(unit)*8, -10),
			})
		}
	}
	return x
}

// corner is the first corner of a street.
func corner(x *osm.Extract, name string) geo.Point {
	for _, l := range x.Streets.Drawing() {
		if l.Name == name {
			return l.Points[0]
		}
	}
	return geo.Point{}
}

// titled writes a hit as one reads it.
func titled(h gazetteer.Hit) string {
	s := h.Name.Text
	if h.Other.Text != "" {
		s += "/" + h.Other.Text
	}
	s += h.Number + h.Unit
	if h.Approximate {
		s += "~"
	}
	return s
}

func titles(hits []gazetteer.Hit) string {
	var out []string
	for _, h := range hits {
		out = append(out, titled(h))
	}
	return strings.Join(out, " ")
}

// The size of a metropolis: 735 x 700 corners are 514,500 street nodes.
const (
	metroColumns = 735
	metroRows    = 700
	metroWay     = 26 // Nodes of one street.
)

// metropolis is a city of streets at right angles with names, numbers, estates and places of made-up syllables.
func metropolis(t testing.TB) *osm.Extract {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 11))
	signs := []rune("汀兰柳堰石埠东屏星浦鹤采菱云泽澜湖望津桥竹梅松枫桐荷桂棠杉榆樱海江溪泉塘港湾洲岭峰阳明光华安宁康乐和平文昌景福瑞祥永定长春新民建设解放胜利青年红旗金玉翠")
	name := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteRune(signs[rng.IntN(len(signs))])
		}
		return b.String()
	}
	origin, step := at(118.0, 31.0), 0.0008
	place := func(c, r float64) geo.Point { return at(origin.Lon+c*step, origin.Lat+r*step) }
	var b street.Builder
	id := func(c, r int) int64 { return int64(r*metroColumns + c + 1) }
	for r := range metroRows {
		for c := range metroColumns {
			b.AddNode(id(c, r), place(float64(c), float64(r)))
		}
	}
	x := &osm.Extract{Bounds: geo.Bounds{Min: place(0, 0), Max: place(metroColumns, metroRows)}}
	way := int64(0)
	line := func(node func(i int) int64, from, to int, ending string, p func(i float64) geo.Point) {
		for i := from; i < to-1; i += metroWay - 1 {
			way++
			w := street.Way{ID: way, Name: name(3) + ending, Class: "residential"}
			for k := i; k < min(to, i+metroWay); k++ {
				w.Nodes = append(w.Nodes, node(k))
			}
			b.AddWay(w)
			for n := 1; n <= 24; n++ {
				q := p(float64(i) + float64(n)/24*float64(len(w.Nodes)-1))
				x.Addresses = append(x.Addresses, osm.Address{Street: w.Name, Number: fmt.Sprintf("%d号", n), Point: q.Offset(0, float64(n%2)*20-10)})
			}
		}
	}
	for r := range metroRows {
		line(func(i int) int64 { return id(i, r) }, 0, metroColumns, "路", func(i float64) geo.Point { return place(i, float64(r)) })
	}
	for c := range metroColumns {
		line(func(i int) int64 { return id(c, i) }, 0, metroRows, "街", func(i float64) geo.Point { return place(float64(c), i) })
	}
	anywhere := func() geo.Point { return place(rng.Float64()*metroColumns, rng.Float64()*metroRows) }
	for range 4000 {
		p, estate := anywhere(), name(2)+"花园"
		x.Places = append(x.Places, osm.Place{Kind: "residential", Name: estate, Point: p})
		for n := range 20 {
			x.Addresses = append(x.Addresses, osm.Address{Estate: estate, Building: fmt.Sprintf("%d栋", n/2+1), Unit: fmt.Sprintf("%d单元", n%2+1), Point: p.Offset(float64(n)*10, 0)})
		}
	}
	for i := range 30_000 {
		x.Places = append(x.Places, osm.Place{Kind: "shop", Name: name(2) + []string{"超市", "药店", "饭店", "学校", "公园", "医院"}[i%6], Point: anywhere()})
		x.Places = append(x.Places, osm.Place{Kind: "pole", Name: fmt.Sprintf("%c%c-%04d", 'A'+rng.IntN(26), 'A'+rng.IntN(26), rng.IntN(10_000)), Point: anywhere()})
	}
	var err error
	if x.Streets, _, err = b.Build(context.Background(), street.Profile{}); err != nil {
		t.Fatal(err)
	}
	return x
}
