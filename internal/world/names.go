package world

import "strings"

// Every name is put together from these syllables; none was copied from a place. Their Latin letters are their pinyin.
type syllable struct{ zh, latin string }

func syllables(text string) []syllable {
	var out []syllable
	for _, w := range strings.Fields(text) {
		zh, latin, _ := strings.Cut(w, "/")
		out = append(out, syllable{zh, latin})
	}
	return out
}

// words are what the names are made of, by their use.
//
//nolint:gochecknoglobals // Data that never changes.
var words = struct {
	head, tail, lane, estate, virtue []syllable
}{
	head: syllables("云/yun 澜/lan 汀/ting 菱/ling 荷/he 柳/liu 桑/sang 枫/feng 桐/tong 桂/gui 梅/mei 松/song 竹/zhu 兰/lan 鹭/lu 鹤/he " +
		"雁/yan 鸥/ou 溪/xi 浦/pu 渚/zhu 沙/sha 石/shi 青/qing 碧/bi 翠/cui 霞/xia 月/yue 星/xing 晨/chen 春/chun 秋/qiu 和/he 安/an " +
		"宁/ning 康/kang 泰/tai 瑞/rui 祥/xiang 文/wen 书/shu 墨/mo 琴/qin 锦/jin 绣/xiu 银/yin 玉/yu 珠/zhu 芦/lu 莲/lian 藕/ou 橘/ju 杏/xing 榆/yu 槐/huai 棠/tang"),
	tail: syllables("湖/hu 江/jiang 溪/xi 浦/pu 汀/ting 洲/zhou 湾/wan 埠/bu 桥/qiao 坪/ping 屏/ping 岭/ling 冈/gang 亭/ting 台/tai 阁/ge 园/yuan 苑/yuan " +
		"林/lin 田/tian 塘/tang 堰/yan 渡/du 津/jin 泉/quan 川/chuan 原/yuan 平/ping 明/ming 光/guang 阳/yang 华/hua 庆/qing 丰/feng 盛/sheng 兴/xing 远/yuan 新/xin"),
	lane: syllables("灯笼/denglong 棉布/mianbu 瓦窑/wayao 竹器/zhuqi 染坊/ranfang 豆腐/doufu 油车/youche 米行/mihang 茶行/chahang 铁匠/tiejiang 箍桶/gutong 打索/dasuo " +
		"水井/shuijing 石臼/shijiu 藕塘/outang 菱角/lingjiao 渔网/yuwang 船坊/chuanfang 草鞋/caoxie 针线/zhenxian 书院/shuyuan 戏台/xitai 照壁/zhaobi 牌坊/paifang " +
		"花墙/huaqiang 青砖/qingzhuan 马房/mafang 仓前/cangqian 庙后/miaohou 学宫/xuegong 更楼/genglou 晒场/shaichang 磨坊/mofang 芦席/luxi 麻线/maxian 酱园/jiangyuan"),
	estate: syllables("花园/huayuan 家园/jiayuan 新村/xincun 雅苑/yayuan 嘉园/jiayuan 名都/mingdu 公寓/gongyu 小区/xiaoqu 华庭/huating 里/li 佳苑/jiayuan 水岸/shuian 锦苑/jinyuan 景园/jingyuan 坊/fang"),
	virtue: syllables("安居/anju 乐业/leye 同心/tongxin 和顺/heshun 长乐/changle 永宁/yongning 富民/fumin 百合/baihe 阳光/yangguang 康乐/kangle 友邻/youlin 书香/shuxiang 望湖/wanghu 临江/linjiang 听雨/tingyu 观荷/guanhe"),
}

// title is a name with its English form.
type title struct{ zh, en string }

// titled joins syllables into a name, with what the thing is in both languages.
func titled(kindZh, kindEn string, parts ...syllable) title {
	var zh, latin strings.Builder
	for _, p := range parts {
		zh.WriteString(p.zh)
		latin.WriteString(p.latin)
	}
	return title{zh.String() + kindZh, capital(latin.String()) + " " + kindEn}
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// register gives every name out once.
type register struct{ taken map[string]bool }

func newRegister(reserved ...string) *register {
	r := &register{taken: make(map[string]bool)}
	for _, n := range reserved {
		r.taken[n] = true
	}
	return r
}

// fresh asks propose for names until one is free. After many tries the last name gets a direction; a city of a million
// lanes has the same names in its far ends.
func (r *register) fresh(d *dice, propose func() title) title {
	var t title
	for range 12 {
		t = propose()
		if !r.taken[t.zh] {
			break
		}
	}
	if r.taken[t.zh] {
		side := pick(d, syllables("东/East 西/West 南/South 北/North 新/New 上/Upper 下/Lower 前/Front 后/Rear 中/Middle"))
		t = title{side.zh + t.zh, side.latin + " " + t.en}
	}
	r.taken[t.zh] = true
	return t
}

// realNames are pairs that the syllables could give by chance and that are well known as real places.
const realNames = "桂林 石林 青浦 松江 安庆 安阳 银川 玉林 玉溪 锦江 青田 青阳 青川 珠江 榆林 松原 沙坪 沙田 沙湾 康平 和平 和田 宁阳 石泉 柳江 兰溪 兰坪 竹溪 " +
	"梅江 溪湖 安平 宁津 青原 玉田 玉泉 泰兴 石屏 云阳 云台 云林 月湖 宁远 春江 文江 星湖 石湖 沙洲 青江 安远 安新 安平 泰宁 秋浦 兰州 梅岭 松溪 松阳 宁明 星洲 " +
	"石台 荷塘 竹山 柳林 兴安 安溪 瑞平 玉屏 玉园 康泉 云溪 云川 兰亭 梅园 松林 青林 青湖 沙江 沙市 安丰 庆安 宁兴 泰平 瑞兴 文兴 锦屏 雁江 梅溪 莲湖 橘洲 锦湖 " +
	"桂阳 桂平 浦江 翠屏 霞浦 榆阳 碧江 云冈 宁江 泰州 梅川 松明 沙溪 石桥 康桥 文华 玉阳 珠湖 荷泽"

// pairsEnough is how many names are taken when pairs of syllables begin to run out.
const pairsEnough = 6000

// root is a pair of syllables that begins a name; three of them in a city that has used up its pairs.
func (r *register) root(d *dice) []syllable {
	for {
		a, b := pick(d, words.head), pick(d, words.tail)
		if a.zh == b.zh || strings.Contains(realNames, a.zh+b.zh) {
			continue
		}
		if first := pick(d, words.head); len(r.taken) > pairsEnough && d.chance(0.8) && first.zh != a.zh && !strings.Contains(realNames, first.zh+a.zh) {
			return []syllable{first, a, b}
		}
		return []syllable{a, b}
	}
}

// road names a street by its class.
func (r *register) road(d *dice, class string) title {
	return r.fresh(d, func() title {
		switch {
		case class == "primary" && d.chance(0.45):
			return titled("大道", "Avenue", r.root(d)...)
		case class == "living_street" || class == "residential" && d.chance(0.3):
			return r.alley(d)
		case class != "primary" && d.chance(0.35):
			return titled("街", "Street", r.root(d)...)
		}
		return titled("路", "Road", r.root(d)...)
	})
}

func (r *register) alley(d *dice) title {
	parts := []syllable{pick(d, words.lane)}
	if d.chance(0.5) {
		parts = r.root(d)
	}
	kind := pick(d, syllables("巷/Lane 巷/Lane 弄/Lane 里/Alley"))
	return titled(kind.zh, kind.latin, parts...)
}

// quarter names a 小区.
func (r *register) quarter(d *dice) title {
	return r.fresh(d, func() title {
		e := pick(d, words.estate)
		parts := r.root(d)
		if d.chance(0.4) {
			parts = []syllable{pick(d, words.virtue)}
		}
		return title{titled(e.zh, "", parts...).zh, strings.TrimSpace(titled("", "", parts...).en) + " " + capital(e.latin)}
	})
}

// thing names a park, a school, a shop.
func (r *register) thing(d *dice, zh, en string) title {
	return r.fresh(d, func() title { return titled(zh, en, r.root(d)...) })
}

// kind names one of several kinds of a thing: "小学/Primary-School 中学/Middle-School".
func (r *register) kind(d *dice, kinds string) title {
	k := pick(d, syllables(kinds))
	return r.thing(d, k.zh, strings.ReplaceAll(k.latin, "-", " "))
}
