package world

import "fmt"

// rowNames and columnNames name the lines of the district that every size has in its middle, from south to north
// and from west to east. Among them are the pairs that sound alike and must stay: 星浦路 and 杏铺路, 汀兰路 and 汀澜路,
// 采菱东路 and 采菱东街 (the second of each is a run).
//
//nolint:gochecknoglobals // Data that never changes.
var (
	rowNames = [coreRows + 1]title{
		{"南郊路", "Nanjiao Road"},
		{"窑湾路", "Yaowan Road"},
		{"柳堰路", "Liuyan Road"},
		{"石埠大道", "Shibu Avenue"},
		{"滨江南路", "South Riverside Road"},
		{"滨江北路", "North Riverside Road"},
		{"云泽路", "Yunze Road"},
		{"文渚路", "Wenzhu Road"},
		{"采菱路", "Cailing Road"},
		{"北屏路", "Beiping Road"},
		{},
		{"北郊路", "Beijiao Road"},
	}
	columnNames = [coreCols + 1]title{
		{"西郊路", "Xijiao Road"},
		{"桑园路", "Sangyuan Road"},
		{"柳荫路", "Liuyin Road"},
		{"澜湖路", "Lanhu Road"},
		{"书台路", "Shutai Road"},
		{"汀兰路", "Tinglan Road"},
		{"星浦路", "Xingpu Road"},
		{"荷香路", "Hexiang Road"},
		{"石埠路", "Shibu Road"},
		{"菱港路", "Linggang Road"},
		{"鹤汀大道", "Heting Avenue"},
		{"屏山路", "Pingshan Road"},
		{"东屏路", "Dongping Road"},
		{"东郊路", "Dongjiao Road"},
	}
)

// coreRuns are the named streets of the second rank in the district.
func coreRuns(p *plan) []run {
	c, r := p.c0, p.r0
	street := func(class, zh, en string, oneWay int) cutting {
		return cutting{class: class, name: title{zh, en}, oneWay: oneWay}
	}
	return []run{
		{street("secondary", "汀澜路", "Tinglan Road", 0), false, r + 6, c + 3, c + 8},
		{street("pedestrian", "汀兰步行街", "Tinglan Walking Street", 0), false, r + 5, c + 5, c + 5},
		{street("tertiary", "望江街", "Wangjiang Street", 0), false, r + 5, c + 6, c + 8},
		{street("tertiary", "杏铺路", "Xingpu Road", 0), false, r + 3, c + 3, c + 9},
		{street("tertiary", "采菱东街", "Cailing East Street", 1), false, r + 8, c + 5, c + 8},
		{street("tertiary", "菱塘街", "Lingtang Street", -1), false, r + 7, c + 6, c + 8},
		{street("tertiary", "学校路", "Xuexiao Road", 0), false, r + 7, c + 9, c + 11},
		{street("secondary", "体育路", "Tiyu Road", 0), false, r + 6, c + 9, c + 11},
		{street("tertiary", "云泽街", "Yunze Street", 1), true, c + 5, r + 5, r + 6},
		{street("tertiary", "澜湖街", "Lanhu Street", -1), true, c + 6, r + 5, r + 6},
		{street("tertiary", "鹤鸣街", "Heming Street", 0), true, c + 10, r, r + 3},
		{street("tertiary", "藕塘街", "Outang Street", 0), true, c + 5, r, r + 3},
	}
}

// reservedNames are given by the plan and to nobody by chance.
func reservedNames(p *plan) []string {
	out := []string{"采菱东路", "采菱西路", "星浦南路", "汀南路", "澜湖", "汀兰步行街"}
	for _, t := range rowNames {
		out = append(out, t.zh)
	}
	for _, t := range columnNames {
		out = append(out, t.zh)
	}
	for _, r := range coreRuns(p) {
		out = append(out, r.name.zh)
	}
	return out
}

// lineName names a piece of a line: in the middle as the district knows it, beyond by sections of about the
// district's width, each with a name of its own.
func (c *city) lineName(core []title, upright bool, line, k, line0, k0, width int) (title, float64) {
	section := (k - k0) / width
	if k < k0 {
		section = -1 - (k0-1-k)/width
	}
	n := line - line0
	if n >= 0 && n < len(core) && core[n].zh != "" && section == 0 {
		return core[n], float64(k-k0) * 850
	}
	t := c.sectionName(fmt.Sprint(upright, line, section), diceFor(c.seed, 33, b2i(upright), line, section+1000), "primary")
	return t, float64(k-(k0+section*width)) * 850
}

// sectionName gives the same name to all who ask with the same key.
func (c *city) sectionName(key string, d *dice, class string) title {
	t, ok := c.runs.sections[key]
	if !ok {
		t = c.names.road(d, class)
		c.runs.sections[key] = t
	}
	return t
}

// dressRow makes a piece of a row line a street, a quay, a railway.
func (c *city) dressRow(e *edge, col, line int) {
	p := &c.plan
	if line == p.rail {
		e.barrier, e.half = 34, 16
		return
	}
	e.class = "secondary"
	if (line-p.r0)%2 != 0 && line != p.river && line != p.river+1 && line != 0 && line != p.rows {
		e.class = "primary"
	}
	e.name, e.base = c.lineName(rowNames[:], false, line, col, p.r0, p.c0, coreCols)
	if e.name.zh == "采菱路" {
		e.name, e.base = title{"采菱西路", "Cailing West Road"}, float64(col-p.c0)*850
		if col >= p.c0+4 {
			e.name, e.base = title{"采菱东路", "Cailing East Road"}, float64(col-p.c0-4)*850
		}
	}
	for _, r := range p.rings {
		if col < r.west || col >= r.east || line != r.south && line != r.north {
			continue
		}
		side := syllable{"南", "South"}
		if line == r.north {
			side = syllable{"北", "North"}
		}
		if line != p.river+1 { // The inner ring is the quay there.
			e.name = title{r.name.zh + side.zh + "路", r.name.en + " " + side.latin + " Road"}
		}
		e.class, e.base = "primary", float64(col-r.west)*850
		if r.raised {
			e.half = 38
		}
	}
	e.half = max(e.half, kinds[e.class].half)
}

// dressColumn makes a piece of a column line a street, a bridge, a canal; or nothing, in a lake and in the river.
func (c *city) dressColumn(e *edge, line, row int) {
	p := &c.plan
	if p.isCanal(line, row) {
		e.barrier, e.half = 22, 12
		return
	}
	if _, lake := p.lakes[cellAt{line - 1, row}]; lake {
		return
	}
	e.class = "secondary"
	if (line-p.c0)%2 == 0 && line != 0 && line != p.cols {
		e.class = "primary"
	}
	e.name, e.base = c.lineName(columnNames[:], true, line, row, p.c0, p.r0, coreRows)
	switch { // The streets of the old town count from the river.
	case row > p.river && p.inCore(p.c0, row):
		e.base = float64(row-p.river-1) * 850
	case e.name.zh == "星浦路":
		e.name = title{"星浦南路", "Xingpu South Road"}
	case e.name.zh == "汀兰路":
		e.name = title{"汀南路", "Tingnan Road"}
	}
	for _, r := range p.rings {
		if row < r.south || row >= r.north || line != r.west && line != r.east {
			continue
		}
		side := syllable{"西", "West"}
		if line == r.east {
			side = syllable{"东", "East"}
		}
		e.name = title{r.name.zh + side.zh + "路", r.name.en + " " + side.latin + " Road"}
		e.class, e.base = "primary", float64(row-r.south)*850
		if r.raised {
			e.half = 38
		}
	}
	if row == p.river {
		if e.bridge = p.bridges[line]; e.bridge.zh == "" {
			e.class = ""
			return
		}
	}
	e.half = max(e.half, kinds[e.class].half)
}

// frontageName names the street beside a canal or the railway.
func (c *city) frontageName(k *cell, e *edge) title {
	p := &c.plan
	switch {
	case e == c.acrossAt(k.col, k.row) || e == c.acrossAt(k.col, k.row+1): // The railway.
		if k.row < p.rail && p.inCore(k.col, k.row) {
			return title{"站前路", "Zhanqian Road"}
		}
		if p.inCore(k.col, k.row) {
			return title{"站后路", "Zhanhou Road"}
		}
		side, section := b2i(k.row < p.rail), (k.col-p.c0+100)/coreCols
		return c.sectionName(fmt.Sprint("rail", side, section), diceFor(c.seed, 34, side, section), "tertiary")
	case e == c.alongAt(k.col, k.row):
		return title{p.canals[k.col].name.zh + "东街", p.canals[k.col].name.en + " East Street"}
	}
	return title{p.canals[k.col+1].name.zh + "西街", p.canals[k.col+1].name.en + " West Street"}
}
