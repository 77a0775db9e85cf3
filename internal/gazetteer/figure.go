package gazetteer

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// leadingNumber is the figure, in Arabic or Chinese signs, that a text begins with, and what follows it; 0 for none.
func leadingNumber(s string) (n int32, rest string) {
	s = fold(s)
	n, size := figure(s)
	return n, s[size:]
}

// figureDigitsMax is how long a figure may be; a longer one is a telephone number or the like.
const figureDigitsMax = 6

// figure reads the figure that a folded text begins with; a size of 0 means that there is none.
func figure(s string) (n int32, size int) {
	for size < len(s) && s[size] >= '0' && s[size] <= '9' {
		size++
	}
	if size > 0 {
		v, err := strconv.Atoi(s[:size])
		if err != nil || size > figureDigitsMax {
			return 0, 0
		}
		return int32(v), size
	}
	return chinese(s)
}

// chinese reads a figure below ten thousand in Chinese signs: 三, 十二, 二十, 一百零八, and digit by digit: 一二三.
func chinese(s string) (n int32, size int) {
	const digits = "零一二三四五六七八九"
	total, digit, plain := int32(0), int32(-1), true
	for _, r := range s {
		if size > 0 && total > 99_999 {
			return 0, 0
		}
		unit := map[rune]int32{'十': 10, '百': 100, '千': 1000}[r]
		at := strings.IndexRune(digits, r)
		switch r {
		case '〇':
			at = 0
		case '两':
			at = strings.IndexRune(digits, '二')
		}
		switch {
		case unit > 0:
			if digit < 0 {
				digit = 1
			}
			total += digit * unit
			digit, plain = -1, false
		case at >= 0:
			d := int32(at / utf8.RuneLen('零'))
			if digit >= 0 && plain {
				d += digit * 10
			}
			digit = d
		default:
			return total + max(0, digit), size
		}
		size += utf8.RuneLen(r)
	}
	return total + max(0, digit), size
}
