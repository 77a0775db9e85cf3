package world

import "strconv"

// lotting says how houses stand along the streets of a block.
type lotting struct {
	front     [2]float64 // Frontage of a house, from and to, metres.
	deep      [2]float64
	back      [2]float64 // From the edge of the land to the house.
	gap       float64
	levels    [2]int
	filled    float64 // Share of the lots that are built.
	shops     float64 // Share of the houses with a shop or an office.
	secondRow bool
}

func (c *cell) lotting() lotting {
	k := lotting{front: [2]float64{20, 46}, deep: [2]float64{14, 26}, back: [2]float64{2, 7}, gap: 4, levels: [2]int{3, 24}, filled: 0.9, shops: 0.32}
	switch c.zone {
	case zoneOld:
		k = lotting{front: [2]float64{10, 19}, deep: [2]float64{9, 15}, back: [2]float64{0.4, 1.6}, gap: 0.8, levels: [2]int{1, 4}, filled: 0.95, shops: 0.13, secondRow: true}
	case zoneIndustry:
		k = lotting{front: [2]float64{30, 60}, deep: [2]float64{18, 34}, back: [2]float64{6, 14}, gap: 9, levels: [2]int{1, 4}, filled: 0.7, shops: 0.1}
	case zoneEdge:
		k = lotting{front: [2]float64{11, 17}, deep: [2]float64{9, 12}, back: [2]float64{3, 9}, gap: 4, levels: [2]int{1, 3}, filled: 0.55, shops: 0.03}
	case zoneCore, zoneLiving, zoneRiver, zoneLake:
	}
	if t := c.thrift(); t > 0 {
		k.front[0], k.front[1] = k.front[0]*(1+1.6*t), k.front[1]*(1+1.4*t)
		k.secondRow = k.secondRow && t < 0.5
	}
	return k
}

// lots sets houses with numbers along every street of the block.
func (l *land) lots(k lotting) {
	d := l.cell.dice
	for i, s := range l.sides {
		if s.e.class == "" || s.e.bridge.zh != "" {
			continue
		}
		long := l.meters(i)
		for at := 1.5; at < long-8; {
			half, low := d.between(k.front[0], k.front[1])/2, d.between(k.deep[0], k.deep[1])/2
			if at+2*half > long-1 {
				half = (long - 1 - at) / 2
			}
			if half < 4 {
				break
			}
			f := l.front(i, (at+half)/long)
			back := d.between(k.back[0], k.back[1])
			b := box{at: f.at.toward(f.dir.left(), back+low), dir: f.dir, half: half - k.gap/2, low: low}
			if d.chance(k.filled) {
				l.numbered(b, f, k)
			}
			at += 2 * half
		}
	}
	if k.secondRow {
		l.yards(k)
	}
}

// numbered writes a house at a street; some are shops.
func (l *land) numbered(b box, f front, k lotting) bool {
	d := l.cell.dice
	levels := k.levels[0] + d.under(k.levels[1]-k.levels[0]+1)
	tags := []string{"building", "yes", "building:levels", strconv.Itoa(levels), "addr:street", l.streetOf(f.side), "addr:housenumber", l.number(f)}
	if d.chance(k.shops) && l.free(b, 0.5) {
		tags = append(tags, l.cell.city.business(d, l.cell.zone)...)
	}
	return l.house(b, 0.5, nil, tags...)
}

// yards fills the inside of an old block with houses behind the houses.
func (l *land) yards(k lotting) {
	d := l.cell.dice
	side, ok := l.best(any1)
	if !ok {
		return
	}
	f := l.front(side, 0.5)
	for range 26 {
		b := box{
			at: f.at.toward(f.dir, d.between(-55, 55)).toward(f.dir.left(), d.between(14, 80)), dir: f.dir,
			half: d.between(4, 8), low: d.between(3.5, 6),
		}
		l.house(b, 1.5, nil, "building", "yes", "building:levels", strconv.Itoa(1+d.under(2)))
	}
}

// business is what a house at a street may be used for.
func (c *city) business(d *dice, z zone) []string {
	type trade struct{ zh, en, key, value string }
	trades := []trade{
		{"便利店", "Convenience Store", "shop", "convenience"},
		{"超市", "Supermarket", "shop", "supermarket"},
		{"药房", "Pharmacy", "amenity", "pharmacy"},
		{"面馆", "Noodles", "amenity", "restaurant"},
		{"酒家", "Restaurant", "amenity", "restaurant"},
		{"茶楼", "Tea House", "amenity", "cafe"},
		{"五金店", "Hardware", "shop", "hardware"},
		{"理发店", "Hairdresser", "shop", "hairdresser"},
		{"水果店", "Greengrocer", "shop", "greengrocer"},
		{"书店", "Bookshop", "shop", "books"},
		{"服装店", "Clothes", "shop", "clothes"},
		{"网吧", "Internet Cafe", "amenity", "internet_cafe"},
	}
	if z == zoneCore || z == zoneLiving {
		trades = append(trades, []trade{
			{"宾馆", "Hotel", "tourism", "hotel"},
			{"大厦", "Tower", "office", "company"},
			{"商场", "Mall", "shop", "mall"},
			{"银行", "Bank", "amenity", "bank"},
			{"广场", "Plaza", "shop", "mall"},
			{"影城", "Cinema", "amenity", "cinema"},
			{"诊所", "Clinic", "amenity", "clinic"},
			{"健身中心", "Gym", "leisure", "fitness_centre"},
			{"中心", "Centre", "office", "company"},
			{"歌厅", "Karaoke", "amenity", "karaoke_box"},
		}...)
	}
	if z == zoneIndustry {
		trades = []trade{{"物流园", "Logistics", "office", "logistics"}, {"汽修厂", "Car Repair", "shop", "car_repair"}, {"机械厂", "Machine Works", "man_made", "works"}}
	}
	t := pick(d, trades)
	c.sheet.counts.Businesses++
	n := c.names.thing(d, t.zh, t.en)
	return []string{"name", n.zh, "name:en", n.en, t.key, t.value}
}
