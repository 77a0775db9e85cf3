package gazetteer

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// table holds characters that are read in several ways in names of places, the commonest first. A name with one of
// them is found by each.
var table = map[rune][]string{
	'重': {"zhong", "chong"}, '长': {"chang", "zhang"}, '行': {"xing", "hang"}, '乐': {"le", "yue"}, '厦': {"xia", "sha"}, '都': {"du", "dou"},
	'朝': {"chao", "zhao"}, '大': {"da", "dai"}, '堡': {"bao", "bu", "pu"}, '单': {"dan", "shan"}, '曾': {"zeng", "ceng"}, '车': {"che", "ju"},
	'弄': {"nong", "long"}, '会': {"hui", "kuai"}, '传': {"chuan", "zhuan"}, '藏': {"cang", "zang"}, '盛': {"sheng", "cheng"}, '巷': {"xiang", "hang"},
	'柏': {"bai", "bo"}, '解': {"jie", "xie"}, '朴': {"pu", "piao"}, '区': {"qu", "ou"}, '查': {"cha", "zha"}, '盖': {"gai", "ge"}, '洗': {"xi", "xian"},
	'铺': {"pu"}, '校': {"xiao", "jiao"}, '调': {"diao", "tiao"}, '率': {"lv", "shuai"}, '省': {"sheng", "xing"}, '石': {"shi", "dan"}, '蚌': {"beng", "bang"},
	'浜': {"bang", "bin"}, '埔': {"pu", "bu"}, '埠': {"bu"}, '圩': {"xu", "wei"}, '坊': {"fang"}, '港': {"gang"}, '阿': {"a", "e"}, '咸': {"xian"}, '六': {"liu", "lu"},
	'荥': {"xing", "ying"}, '莘': {"shen", "xin"}, '涡': {"wo", "guo"}, '枞': {"cong", "zong"}, '种': {"zhong", "chong"}, '奇': {"qi", "ji"}, '强': {"qiang"},
	'着': {"zhe", "zhuo"}, '兴': {"xing"}, '南': {"nan"}, '晟': {"sheng", "cheng"}, '仇': {"qiu", "chou"}, '颉': {"jie", "xie"}, '尉': {"wei", "yu"},
}

// readingsMax is how many ways of reading one name are kept.
const readingsMax = 4

// speller spells characters and remembers them: a city uses two thousand. It is used by one goroutine; the zero value
// remembers nothing.
type speller struct{ seen map[rune][]string }

func newSpeller() *speller { return &speller{seen: make(map[rune][]string, 2000)} }

// rune gives the readings of a character without tones; none for a letter or a character that nobody can read.
func (s *speller) rune(r rune) []string {
	if !unicode.Is(unicode.Han, r) {
		return nil
	}
	got, ok := s.seen[r]
	if !ok {
		if got = table[r]; got == nil {
			first, _, _ := strings.Cut(pinyin.PinyinDict[int(r)], ",")
			if first != "" {
				got = []string{toneless(first)}
			}
		}
		if s.seen != nil {
			s.seen[r] = got
		}
	}
	return got
}

// toneless writes a syllable as it is typed: without its tone, and v for ü.
func toneless(s string) string {
	var b []byte
	for _, r := range norm.NFD.String(s) {
		switch {
		case r == '\u0308' && len(b) > 0:
			b[len(b)-1] = 'v'
		case r < 0x80:
			b = append(b, byte(r))
		}
	}
	return string(b)
}

// spelling is one way of reading a name.
type spelling struct {
	full     string
	initials string
	starts   []int // Bytes of full at which a syllable begins; as many as initials has letters.
}

// spell reads a compact name, the commonest reading first. Letters and digits stay as they are. A name without Han
// characters has none.
func (s *speller) spell(name string) []spelling {
	if !hasHan(name) {
		return nil
	}
	out := []spelling{{}}
	for _, r := range name {
		readings := s.rune(r)
		if readings == nil {
			readings = []string{string(r)}
		}
		were := len(out)
		for _, other := range readings[1:] {
			for i := range were {
				if len(out) == readingsMax {
					break
				}
				out = append(out, out[i].with(other))
			}
		}
		for i := range were {
			out[i] = out[i].with(readings[0])
		}
	}
	return out
}

func (p spelling) with(syllable string) spelling {
	return spelling{full: p.full + syllable, initials: p.initials + firstLetter(syllable), starts: append(slices.Clip(p.starts), len(p.full))}
}

func firstLetter(s string) string { return cutRunes(s, 1) }

// Initials are the ways to type a name by the first letters of its sounds, the commonest first; none of a name without
// Han characters.
func Initials(name string) []string {
	var s speller
	var out []string
	for _, p := range s.spell(strings.ToLower(name)) {
		if !slices.Contains(out, p.initials) {
			out = append(out, p.initials)
		}
	}
	return out
}
