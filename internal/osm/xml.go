package osm

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"shuniu/internal/geo"
)

// decodeXML reads OpenStreetMap XML 0.6 element by element; only what the collector keeps is ever in memory.
func decodeXML(r io.Reader, c *collector) error {
	x := &xmlReader{d: xml.NewDecoder(r), c: c}
	for {
		tok, err := x.d.Token()
		if errors.Is(err, io.EOF) {
			if !x.root {
				return foreign{"it holds no XML element", "Fetch or export the file again."}
			}
			return nil
		}
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) && syntax.Msg == "unexpected EOF" {
				return fmt.Errorf("line %d: %w", syntax.Line, io.ErrUnexpectedEOF)
			}
			return err
		}
		switch el := tok.(type) {
		case xml.StartElement:
			if err := x.start(el); err != nil {
				return err
			}
		case xml.EndElement:
			x.end(el.Name.Local)
		}
	}
}

type xmlReader struct {
	d    *xml.Decoder
	c    *collector
	root bool

	id      int64
	place   geo.Point
	tags    tags
	refs    []int64
	members []member
}

func (x *xmlReader) start(el xml.StartElement) error {
	name := el.Name.Local
	if !x.root {
		if name != "osm" {
			return foreign{fmt.Sprintf("its root is <%s>, not <osm>", name), "Fetch the file again; a web page or another format was saved in its place."}
		}
		x.root = true
		x.c.source(attr(el, "generator"), attr(el, "attribution"))
		return nil
	}
	switch name {
	case "bounds":
		x.c.setBounds(geo.Bounds{
			Min: geo.Point{Lon: degrees(attr(el, "minlon")), Lat: degrees(attr(el, "minlat"))},
			Max: geo.Point{Lon: degrees(attr(el, "maxlon")), Lat: degrees(attr(el, "maxlat"))},
		})
	case "node", "way", "relation":
		id, err := strconv.ParseInt(attr(el, "id"), 10, 64)
		if err != nil {
			line, _ := x.d.InputPos()
			return fmt.Errorf("line %d: <%s> without a number as id", line, name)
		}
		x.id, x.tags, x.refs, x.members = id, nil, nil, nil
		x.place = geo.Point{Lon: degrees(attr(el, "lon")), Lat: degrees(attr(el, "lat"))}
	case "tag":
		x.tags = append(x.tags, tag{attr(el, "k"), attr(el, "v")})
	case "nd":
		if ref, err := strconv.ParseInt(attr(el, "ref"), 10, 64); err == nil {
			x.refs = append(x.refs, ref)
		}
	case "member":
		if ref, err := strconv.ParseInt(attr(el, "ref"), 10, 64); err == nil {
			x.members = append(x.members, member{kind: attr(el, "type"), ref: ref, role: attr(el, "role")})
		}
	}
	return nil
}

func (x *xmlReader) end(name string) {
	switch name {
	case "node":
		x.c.node(x.id, x.place, x.tags)
	case "way":
		x.c.way(x.id, x.refs, x.tags)
	case "relation":
		x.c.relation(x.id, x.members, x.tags)
	}
}

func attr(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// degrees reads a coordinate; what is no number becomes NaN, which geo.Point.Valid refuses.
func degrees(s string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		return math.NaN()
	}
	return f
}
