package desk

import (
	"encoding/hex"
	"strings"
)

// digestBytes is how much of a keyed hash stands for a number: enough that two of a city's never meet by chance.
const digestBytes = 16

// Digest stands for a telephone number in indexes: the same for the same number however it is written, and nothing that
// leads back to it without the centre's key. Empty for what holds no figures.
func (d *Desk) Digest(number string) string {
	figures := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return -1
	}, number)
	if len(figures) > mobileLen { // With the country's own code before it.
		figures = strings.TrimPrefix(strings.TrimPrefix(figures, "00"), "86")
	}
	if len(figures) < numberMin {
		return ""
	}
	sum := d.cfg.Keys.MAC([]byte("caller number\x00" + figures))
	return hex.EncodeToString(sum[:digestBytes])
}

// mobileLen is how many figures a Chinese mobile number has.
const mobileLen = 11

// numberMin is how many figures a number has at least; fewer are an extension, which many people share.
const numberMin = 5
