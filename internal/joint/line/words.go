package line

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// word is one word of a line, with the line from it on as it was typed.
type word struct {
	text string // Folded: half width, lower case, radio digits as digits.
	tail string
}

// known are the words that Chinese, which has no spaces, is cut at; the longest first.
var known = []string{
	"处置完毕", "结束备勤", "号警", "新警", "联动", "分流", "改派", "办结", "最近", "遇险", "合并", "关联", "推荐", "签收", "出发", "赶赴", "待命", "到达", "到场", "带离", "送达",
	"备勤", "二波", "三波", "四波", "五波", "加强", "恢复", "完毕", "下勤", "暂停", "增援", "排队", "理由", "一级", "二级", "三级", "四级", "派", "转", "去", "到", "至", "记", "催", "号",
}

// radio are the digits as they are spoken on the radio (洞幺两三四五六拐八勾).
const radio = "洞幺两三四五六拐八勾"

// split cuts a line into words: at spaces and signs, between digits and characters, and at the known words.
func split(line string) []word {
	runes := []rune(fold(line))
	original := []rune(line)
	var out []word
	add := func(from, to int) {
		out = append(out, word{text: strings.ToLower(string(runes[from:to])), tail: string(original[from:])})
	}
	for i := 0; i < len(runes); {
		switch {
		case unicode.IsSpace(runes[i]) || strings.ContainsRune(",、,;:。", runes[i]):
			i++
			continue
		case isLatin(runes[i]):
			j := i
			for j < len(runes) && isLatin(runes[j]) {
				j++
			}
			add(i, j)
			i = j
			continue
		}
		if n := knownAt(runes[i:]); n > 0 {
			add(i, i+n)
			i += n
			continue
		}
		j := i + 1
		for j < len(runes) && !isLatin(runes[j]) && !unicode.IsSpace(runes[j]) && knownAt(runes[j:]) == 0 && !strings.ContainsRune(",、,;:。", runes[j]) {
			j++
		}
		add(i, j)
		i = j
	}
	for i := range out {
		if spoken := spokenUnit(out[i].text); spoken != "" {
			out[i].text = spoken
		}
	}
	return out
}

func isLatin(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '#' || r == '-' || r == '@')
}

func knownAt(runes []rune) int {
	text := string(runes[:min(len(runes), 4)])
	for _, k := range known {
		if strings.HasPrefix(text, k) {
			return len([]rune(k))
		}
	}
	return 0
}

// fold makes full-width signs half width, one for one, so that places in the line stay the same.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '\uFF01' && r <= '\uFF5E':
			return r - '\uFF01' + '!'
		case r == '\u3000':
			return ' '
		}
		return r
	}, s)
}

// spokenUnit turns radio digits into digits: 幺洞两 is 102.
func spokenUnit(w string) string {
	digits := []rune(radio)
	var b strings.Builder
	n := 0
	for _, r := range w {
		i := slices.Index(digits, r)
		if i < 0 {
			return ""
		}
		b.WriteString(strconv.Itoa(i))
		n++
	}
	if n < 2 {
		return ""
	}
	return b.String()
}

// numeral reads digits and Chinese numerals up to 9999: 42, 四十二, 一百零三.
func numeral(w string) (int64, bool) {
	if n, err := strconv.ParseInt(w, 10, 64); err == nil && n > 0 {
		return n, true
	}
	units := map[rune]int64{'十': 10, '百': 100, '千': 1000}
	digits := []rune("零一二三四五六七八九")
	var total, digit int64
	seen := false
	for _, r := range w {
		switch i := slices.Index(digits, r); {
		case i >= 0:
			digit = int64(i)
		case r == '两':
			digit = 2
		case units[r] > 0:
			total += max(digit, 1) * units[r]
			digit = 0
		default:
			return 0, false
		}
		seen = true
	}
	return total + digit, seen && total+digit > 0
}
