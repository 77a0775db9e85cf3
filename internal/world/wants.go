package world

import (
	"fmt"
	"strconv"
)

// want orders something for a cell.
func (c *city) want(at cellAt, w want) { c.wanted[at] = append(c.wanted[at], w) }

// landmarks orders the key premises of the district and other houses that everybody knows.
func (c *city) landmarks() {
	col, row := c.plan.c0, c.plan.r0
	for _, o := range []struct {
		col, row int
		want     want
	}{
		{7, 9, want{"rail", title{"澜湖高铁站", "Lanhu High-Speed Station"}, "hsr", 90_000}},
		{1, 3, want{"works", title{"柳堰水厂", "Liuyan Waterworks"}, "waterworks", 40_000}},
		{10, 1, want{"hospital", title{"鹤汀医院", "Heting Hospital"}, "hospital", 36_000}},
		{10, 7, want{"school", title{"东屏实验小学", "Dongping Primary School"}, "school", 26_000}},
		{4, 8, want{"park", title{"采菱公园", "Cailing Park"}, "park", 90_000}},
		{6, 0, want{"depot", title{"石埠油库", "Shibu Oil Depot"}, "oil_depot", 40_000}},
		{11, 5, want{"sports", title{"澜湖体育中心", "Lanhu Sports Centre"}, "sports", 80_000}},
		{6, 6, want{"police", title{"巡特警大队", "Patrol and Special Police"}, "patrol", 12_000}},
		{4, 5, want{"court", title{"澜湖区人民法院", "Lanhu District Court"}, "", 9_000}},
		{7, 5, want{"tower", title{"云帆大厦", "Yunfan Tower"}, "", 14_000}},
		{5, 6, want{"market", title{"汀兰菜市场", "Tinglan Market"}, "", 8_000}},
		{8, 6, want{"school", title{"星浦中学", "Xingpu Middle School"}, "", 30_000}},
		{9, 0, want{"coach", title{"鹤汀客运站", "Heting Coach Station"}, "", 14_000}},
		{3, 2, want{"park", title{"柳堰公园", "Liuyan Park"}, "", 50_000}},
	} {
		c.want(cellAt{col + o.col, row + o.row}, o.want)
	}
}

// marks finds the places that the streets give by themselves: the ends of bridges, the pier, the named streets.
func (c *city) marks() {
	p, s := &c.plan, c.sheet
	places := c.found.Places
	for line := range p.cols + 1 {
		if b, ok := p.bridges[line]; ok {
			at := c.alongAt(line, p.river).at(0.5)
			s.node(at, "man_made", "bridge", "name", b.zh, "name:en", b.en)
			if b.zh == "星浦桥" {
				places["bridge"] = degrees(at)
				places["post_xingpu"] = degrees(c.alongAt(line, p.river).at(1))
			}
		}
	}
	places["ferry"] = degrees(c.bank(p.c0+8, 0.5, 7, "amenity", "ferry_terminal", "name", "云澜江客运码头", "name:en", "Yunlan River Ferry Pier"))
	at := func(name string, col, row int) xy {
		k := &cell{city: c, col: p.c0 + col, row: p.r0 + row, ground: c.ground.patch(p.c0+col, p.r0+row)}
		for _, r := range c.runs.of(c, k) {
			if r.name.zh == name {
				return k.ground.place(r.from.to(r.to, 0.36))
			}
		}
		return k.ground.place(xy{k.ground.w / 2, k.ground.h / 2})
	}
	mall := at("汀兰步行街", 5, 5)
	s.node(mall, "place", "square", "name", "汀兰步行街", "name:en", "Tinglan Walking Street")
	places["walking_street"], places["post_tinglan"] = degrees(mall), degrees(mall)
	places["post_dongping"] = degrees(at("学校路", 10, 7))
	for post, premise := range map[string]string{"post_cailing": "park", "post_heting": "hospital"} {
		places[post] = places[premise]
	}
	c.posts()
}

// posts marks the rapid-response posts (快反点), and gives each a camera that looks along its street.
func (c *city) posts() {
	s := c.sheet
	for k, post := range []struct{ id, zh, en string }{
		{"post_zhanqian", "站前广场快反点", "Station Square Post"},
		{"post_tinglan", "汀兰步行街快反点", "Tinglan Walking Street Post"},
		{"post_xingpu", "星浦桥北", "Xingpu Bridge North"},
		{"post_cailing", "采菱公园东门", "Cailing Park East Gate"},
		{"post_heting", "鹤汀医院快反点", "Heting Hospital Post"},
		{"post_dongping", "东屏学校路快反点", "Dongping School Road Post"},
	} {
		at := onBoard(c.found.Places[post.id])
		s.node(at, "police", "post", "name", post.zh, "name:en", post.en)
		s.counts.Cameras++
		s.node(at.plus(xy{2, 2}), "man_made", "surveillance", "surveillance:type", "camera", "name", post.zh+"摄像机",
			"ref", fmt.Sprintf("SXT-%05d", s.counts.Cameras), "camera:direction", strconv.Itoa(diceFor(c.seed, 54, k).under(360)))
	}
}

// bank sets a house on the north bank, between the quay road and the water, and gives the place at the road.
func (c *city) bank(col int, share, low float64, tags ...string) xy {
	g := c.ground.patch(col, c.plan.river)
	x := g.w * share
	quay := g.place(xy{x, g.h})
	dir := g.place(xy{x + 5, g.h}).minus(g.place(xy{x - 5, g.h})).unit()
	low = min(low, 4.5)
	b := box{at: quay.toward(dir.left(), -19.5-low), dir: dir, half: 15, low: low}
	c.sheet.area(b.ring(), append([]string{"building", "yes", "building:levels", "2"}, tags...)...)
	c.sheet.counts.Buildings++
	return quay.toward(dir.left(), -15)
}
