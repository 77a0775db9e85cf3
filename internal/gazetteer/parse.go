package gazetteer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Units of a numeral.
const (
	unitNone     = iota
	unitHouse    // 号, 弄.
	unitBuilding // 栋, 幢, 座, 号楼, #.
	unitUnit     // 单元, 门.
	unitRoom     // 室, 层, 楼: read and not used.
)

// numeral is one number of an address with what it counts.
type numeral struct {
	value  int32
	letter string // Behind the figure: "a", "甲"; or the whole of it: "A栋".
	unit   uint8
	joined bool // A - stands before it: "12-3".
}

// text is the numeral as it was asked for, without the word of its unit.
func (n numeral) text() string {
	if n.value == 0 {
		return strings.ToUpper(n.letter)
	}
	return decimal(n.value) + strings.ToUpper(n.letter)
}

// unitWords are the words for units, longer ones first.
func unitWords() []struct {
	word string
	unit uint8
} {
	return []struct {
		word string
		unit uint8
	}{
		{"号楼", unitBuilding},
		{"号院", unitHouse},
		{"单元", unitUnit},
		{"栋", unitBuilding},
		{"幢", unitBuilding},
		{"座", unitBuilding},
		{"号", unitHouse},
		{"弄", unitHouse},
		{"门", unitUnit},
		{"室", unitRoom},
		{"层", unitRoom},
		{"楼", unitRoom},
		{"#", unitBuilding},
	}
}

// readUnit reads the word of a unit.
func readUnit(s string) (unit uint8, size int) {
	for _, w := range unitWords() {
		if strings.HasPrefix(s, w.word) {
			return w.unit, len(w.word)
		}
	}
	return unitNone, 0
}

// readNumeral reads a numeral at the beginning of a folded text; a size of 0 means that there is none. A figure in
// Chinese signs needs its unit: 三 is also a part of names. A figure that begins with 0 is no number of a house.
func readNumeral(s string) (n numeral, size int) {
	if s == "" || s[0] == '0' {
		return n, 0
	}
	n.value, size = figure(s)
	arabic := size > 0 && s[0] < 0x80
	if arabic || size == 0 {
		r, width := utf8.DecodeRuneInString(s[size:])
		next, _ := utf8.DecodeRuneInString(s[size+min(width, len(s)-size):])
		letter := r >= 'a' && r <= 'z' && !(next >= 'a' && next <= 'z')
		if strings.ContainsRune("甲乙丙丁戊己", r) || letter {
			n.letter = string(r)
			size += width
		}
	}
	if size == 0 {
		return n, 0
	}
	unit, width := readUnit(s[size:])
	n.unit = unit
	if unit == unitNone && !arabic || n.value == 0 && unit != unitBuilding {
		return numeral{}, 0
	}
	return n, size + width
}

// beside are words behind an address that change nothing of where it is looked for.
func beside() []string {
	return []string{"附近", "对面", "门口", "门前", "楼下", "楼上", "旁边", "隔壁", "院内", "大门", "这里", "那里", "旁", "内", "里", "处", "边"}
}

// readTail reads the numbers behind a name: 12号, 3栋2单元, 3-2, 12-3号. rest is what follows them.
func readTail(s string) (tail []numeral, rest string) {
	for len(tail) < 4 {
		cut := strings.TrimLeft(s, " /#")
		joined := false
		if t, ok := strings.CutPrefix(cut, "-"); ok && len(tail) > 0 {
			cut, joined = strings.TrimLeft(t, " "), true
		} else if t, ok := strings.CutPrefix(cut, "之"); ok && len(tail) > 0 {
			cut, joined = t, true
		}
		n, size := readNumeral(cut)
		if size == 0 {
			break
		}
		n.joined = joined
		tail = append(tail, n)
		s = cut[size:]
	}
	s = strings.TrimSpace(s)
	for _, w := range beside() {
		if t, ok := strings.CutSuffix(s, w); ok && len(tail) > 0 {
			s = strings.TrimSuffix(t, "的")
			break
		}
	}
	return tail, s
}

// numbered is one way to understand a text as a name with numbers.
type numbered struct {
	name string // Folded.
	tail []numeral
}

// splitNumbers gives the ways to understand a folded text as a name with numbers behind it, or one before it.
func splitNumbers(s string) (out []numbered) {
	var before rune
	for i, r := range s {
		starts := i > 0 && (unicode.IsDigit(r) && !unicode.IsDigit(before) || !unicode.IsDigit(r) && isHan(r) || r >= 'a' && r <= 'z' && isHan(before))
		before = r
		if !starts {
			continue
		}
		tail, rest := readTail(s[i:])
		name := strings.TrimRight(s[:i], " -/#")
		if len(tail) > 0 && rest == "" && name != "" {
			out = append(out, numbered{name, tail})
		}
	}
	if s != "" && s[0] >= '1' && s[0] <= '9' { // "12 market st"
		if n, size := readNumeral(s); size > 0 && size < len(s) && s[size] == ' ' {
			out = append(out, numbered{strings.TrimSpace(s[size:]), []numeral{n}})
		}
	}
	return out
}

// crossWords end the name of a crossing, longer ones first; joiners stand between two streets.
func crossWords() []string {
	return []string{"交叉路口", "十字路口", "丁字路口", "三岔路口", "交叉口", "交汇处", "交汇口", "交界处", "相交处", "路口", "交口", "交叉", "交汇", "口"}
}

func joiners() []string {
	return []string{" and ", " at ", "&", "@", "/", "与", "和", "跟", "同", "-"}
}

// splitCrossing gives the ways to understand a folded text as two streets. said reports that it names a crossing.
func splitCrossing(s string) (pairs [][2]string, said bool) {
	for _, w := range crossWords() {
		t, ok := strings.CutSuffix(s, w)
		if ok && w == "口" && !strings.HasSuffix(t, "路") && !strings.HasSuffix(t, "街") {
			ok = false // 渡口, 港口.
		}
		if !ok {
			continue
		}
		said = true
		s = strings.TrimSuffix(strings.TrimSpace(t), "的")
		if w == "路口" && !joined(s) {
			pairs = append(pairs, afterEnding(s+"路")...)
		}
		break
	}
	for _, j := range joiners() {
		for from := 0; ; {
			i := strings.Index(s[from:], j)
			if i < 0 {
				break
			}
			i += from
			a, b := strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+len(j):])
			if a != "" && b != "" && len(pairs) < 12 {
				pairs = append(pairs, [2]string{a, b})
			}
			from = i + len(j)
		}
	}
	pairs = append(pairs, afterEnding(s)...)
	if said && len(pairs) == 0 { // 汀兰星浦路口
		pairs = anywhere(s)
	}
	return pairs, said
}

// anywhere splits a Chinese text at every place that leaves two characters on each side.
func anywhere(s string) (pairs [][2]string) {
	ends := boundaries(s)
	for i := 2; i+2 < len(ends) && len(pairs) < 8; i++ {
		pairs = append(pairs, [2]string{s[:ends[i]], s[ends[i]:]})
	}
	return pairs
}

func joined(s string) bool {
	return slices.ContainsFunc(joiners(), func(j string) bool { return strings.Contains(s, j) })
}

// afterEnding splits two Chinese names that stand together, behind the ending of the first: 汀兰路采菱东路. Two words
// in pinyin are split at their space.
func afterEnding(s string) (pairs [][2]string) {
	for i, r := range s {
		end := i + utf8.RuneLen(r)
		if end >= len(s) || len(pairs) == 6 {
			break
		}
		if i > 0 && isHan(r) && known[string(r)] || r == ' ' && isLatin(s) {
			pairs = append(pairs, [2]string{strings.TrimSpace(s[:end]), strings.TrimSpace(s[end:])})
		}
	}
	return pairs
}
