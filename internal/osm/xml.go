package osm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"shuniu/internal/geo"
)

// decodeXML reads OpenStreetMap XML 0.6 element by element; only what the collector keeps is ever in memory.
func decodeXML(r io.Reader, c *collector) error {
	x := &xmlReader{s: newScanner(r), c: c, words: make(map[string]string)}
	for {
		err := x.s.next()
		switch {
		case errors.Is(err, io.EOF) && !x.root:
			return foreign{"it holds no XML element", "Fetch or export the file again."}
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if x.s.start {
			if err := x.start(); err != nil {
				return err
			}
		}
		if x.s.empty || !x.s.start {
			x.end()
		}
	}
}

// Depths at which the elements of a map stand.
const (
	depthRoot    = 1
	depthElement = 2 // <node>, <way>, <relation>, <bounds>.
	depthPart    = 3 // <tag>, <nd>, <member>.
)

type xmlReader struct {
	s     *scanner
	c     *collector
	root  bool
	words map[string]string // Short words that came before, so that each is in memory once.

	inside  string // The element that is being read: "node", "way", "relation"; empty for none of them.
	deleted bool
	id      int64
	place   geo.Point
	tags    tags
	refs    []int64
	members []member
}

// depth is how deep the tag at hand stands.
func (x *xmlReader) depth() int {
	if x.s.empty || !x.s.start {
		return x.s.deep + 1
	}
	return x.s.deep
}

func (x *xmlReader) start() error {
	switch depth := x.depth(); {
	case depth == depthRoot:
		return x.begin()
	case depth == depthElement:
		return x.element()
	case depth == depthPart && x.inside != "":
		x.part()
	}
	return nil // Other programs put more around and into it.
}

// begin reads the root.
func (x *xmlReader) begin() error {
	if x.root {
		return x.s.at(errXML("a second map begins"))
	}
	if name := x.s.name; string(name) != "osm" {
		return foreign{fmt.Sprintf("its root is <%.40s>, not <osm>", name), "Fetch the file again; a web page or another format was saved in its place."}
	}
	x.root = true
	x.c.source(string(x.s.value("generator")), string(x.s.value("attribution")))
	return nil
}

func (x *xmlReader) element() error {
	x.inside = ""
	switch name := string(x.s.name); name {
	case "bounds":
		x.c.setBounds(geo.Bounds{
			Min: geo.Point{Lon: degrees(x.s.value("minlon")), Lat: degrees(x.s.value("minlat"))},
			Max: geo.Point{Lon: degrees(x.s.value("maxlon")), Lat: degrees(x.s.value("maxlat"))},
		})
	case "node", "way", "relation":
		id, err := strconv.ParseInt(string(x.s.value("id")), 10, 64)
		if err != nil {
			return x.s.at(errXML(fmt.Sprintf("<%s> without a number as id", name)))
		}
		x.inside, x.id, x.tags, x.refs, x.members = name, id, nil, nil, nil
		x.deleted = string(x.s.value("visible")) == "false" || string(x.s.value("action")) == "delete"
		if name == "node" {
			x.place = geo.Point{Lon: degrees(x.s.value("lon")), Lat: degrees(x.s.value("lat"))}
		}
	}
	return nil
}

// part reads what stands within an element.
func (x *xmlReader) part() {
	switch string(x.s.name) {
	case "tag":
		x.tags = append(x.tags, tag{x.word(x.s.value("k")), x.word(x.s.value("v"))})
	case "nd":
		if ref, err := strconv.ParseInt(string(x.s.value("ref")), 10, 64); err == nil {
			x.refs = append(x.refs, ref)
		}
	case "member":
		if ref, err := strconv.ParseInt(string(x.s.value("ref")), 10, 64); err == nil {
			x.members = append(x.members, member{kind: x.word(x.s.value("type")), ref: ref, role: x.word(x.s.value("role"))})
		}
	}
}

func (x *xmlReader) end() {
	if x.depth() != depthElement {
		return
	}
	switch {
	case x.inside == "":
	case x.deleted:
		x.c.ignore(reasonDeleted, x.id)
	case x.inside == "node":
		x.c.node(x.id, x.place, x.tags)
	case x.inside == "way":
		x.c.way(x.id, x.refs, x.tags)
	case x.inside == "relation":
		x.c.relation(x.id, x.members, x.tags)
	}
	x.inside = ""
}

// How many words are kept to be used again, and how long they may be.
const (
	wordsMax     = 1 << 17
	wordBytesMax = 40
)

// word is b as a string; the same short word is the same memory.
func (x *xmlReader) word(b []byte) string {
	if w, known := x.words[string(b)]; known {
		return w
	}
	w := string(b)
	if len(b) <= wordBytesMax && len(x.words) < wordsMax {
		x.words[w] = w
	}
	return w
}

// degrees reads a coordinate; what is no number becomes NaN, which geo.Point.Valid refuses.
func degrees(b []byte) float64 {
	f, err := strconv.ParseFloat(string(bytes.TrimSpace(b)), 64)
	if err != nil {
		return math.NaN()
	}
	return f
}
