package osm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What the reader leaves out, or takes otherwise than it stands in the file.
const (
	reasonNodePlace     = "node has no valid place"
	reasonNodeZero      = "node at 0, 0: its place was never filled in"
	reasonNodeTwice     = "node id given twice; the first is used"
	reasonNodeFar       = "node far away from all others; it does not count for the bounds"
	reasonWayTwice      = "way id given twice; the first is used"
	reasonRelationTwice = "relation id given twice; the first is used"
	reasonDeleted       = "element that its editor has deleted"
	reasonBounds        = "bounds that are none, or do not fit the nodes; the box around the nodes is used"
	reasonWide          = "the extract is wider than 10 degrees or crosses the 180th meridian; it is no city"
	reasonAreaOpen      = "area whose line does not close; not drawn"
	reasonAreaCrosses   = "area whose outline crosses itself; drawn as it is"
	reasonAreaTangled   = "area whose outline is too tangled to look for crossings"
	reasonAreaNodes     = "area or line refers to a node that is not in the data"
	reasonAreaParts     = "area of several lines lacks one of them"
	reasonAreaHeavy     = "area left out: the same outlines are used too often"
	reasonAreaWide      = "area or line wider than 10 degrees, or across the 180th meridian; not drawn"
	reasonOutlineOpen   = "outline that does not close; closed straight"
	reasonTagLong       = "tag longer than 255 characters; left out"
	reasonTagSigns      = "tag with control signs; they are taken out"
	reasonTagMany       = "element with more than 1000 tags; the rest is left out"
	reasonOneWay        = "direction of traffic changes by the hour; taken as both"
	reasonSpeed         = "speed limit is no figure; the class speed is used"
	reasonSpeedWord     = "speed limit is the word for a country's general rule; the class speed is used"
	reasonBarrier       = "barrier of unknown kind; it is passed"
	reasonRuleSome      = "restriction for some vehicles only"
	reasonRuleHours     = "restriction for some hours only"
	reasonRuleExcept    = "restriction that excepts our vehicles"
	reasonRuleParts     = "restriction without from, via or to"
	reasonRulePairs     = "restriction for more than 100 pairs of streets"
)

// Limits of OpenStreetMap on its own elements (https://wiki.openstreetmap.org/wiki/Elements), and of reason.
const (
	tagCharsMax  = 255
	tagsMax      = 1000
	rulePairsMax = 100
)

// clean leaves out tags that OpenStreetMap would not take, and takes signs out of them that nobody can see.
func (c *collector) clean(id int64, ts tags) tags {
	out := ts[:0]
	for _, t := range ts {
		if tooLong(t.key) || tooLong(t.value) {
			c.ignore(reasonTagLong, id)
			continue
		}
		if !plain(t.key) || !plain(t.value) {
			c.ignore(reasonTagSigns, id)
			t = tag{scrubbed(t.key), scrubbed(t.value)}
		}
		out = append(out, t)
	}
	if len(out) > tagsMax {
		c.ignore(reasonTagMany, id)
		out = out[:tagsMax]
	}
	return out
}

func tooLong(s string) bool {
	return len(s) > tagCharsMax && utf8.RuneCountInString(s) > tagCharsMax
}

// plain reports whether a text can be shown as it is.
func plain(s string) bool {
	for i, r := range s {
		if hidden(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return false
		}
	}
	return true
}

// hidden are control signs, and the signs that turn the direction of what stands around them.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// scrubbed is a text without hidden signs; a line's end becomes a blank.
func scrubbed(s string) string {
	if plain(s) {
		return s
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// cut is the beginning of a text.
func cut(s string, chars int) string {
	if len(s) <= chars {
		return s
	}
	if r := []rune(s); len(r) > chars {
		return string(r[:chars])
	}
	return s
}
