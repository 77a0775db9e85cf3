package world

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"shuniu/internal/geo"
)

// credit stands in the file and must be shown with the map.
const credit = "云泽：枢纽项目虚构的城市 · an invented city of the Shuniu project, Apache-2.0"

// The middle of every world, and what a degree is worth there.
const (
	middleLon       = 118.40
	middleLat       = 31.20
	metersPerDegree = 6_371_008.8 * math.Pi / 180
)

// degrees turns a place on the board into degrees, rounded as it is written, so that all files agree.
func degrees(p xy) geo.Point {
	lat := middleLat + p.y/metersPerDegree
	lon := middleLon + p.x/(metersPerDegree*math.Cos(middleLat*math.Pi/180))
	return geo.Point{Lon: math.Round(lon*1e7) / 1e7, Lat: math.Round(lat*1e7) / 1e7}
}

// onBoard turns degrees into a place on the board again.
func onBoard(g geo.Point) xy {
	return xy{(g.Lon - middleLon) * metersPerDegree * math.Cos(middleLat*math.Pi/180), (g.Lat - middleLat) * metersPerDegree}
}

// sheet is the OSM file while it is written. Nodes go out at once; ways and relations wait, as text, for their turn.
type sheet struct {
	w             *bufio.Writer
	later         bytes.Buffer // The ways, compressed: a great city has hundreds of megabytes of them.
	ways          *flate.Writer
	relations     bytes.Buffer
	nodeID, wayID int64
	relationID    int64
	buf           []byte
	err           error
	counts        Counts
}

func newSheet(w io.Writer, b geo.Bounds) *sheet {
	s := &sheet{w: bufio.NewWriterSize(w, 1<<16)} // 64 KiB.
	s.ways, s.err = flate.NewWriter(&s.later, flate.BestSpeed)
	s.text(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	s.text(fmt.Sprintf(`<osm version="0.6" generator="shuniu world" attribution="%s">`, credit) + "\n")
	s.text(fmt.Sprintf("<bounds minlat=\"%.7f\" minlon=\"%.7f\" maxlat=\"%.7f\" maxlon=\"%.7f\"/>\n", b.Min.Lat, b.Min.Lon, b.Max.Lat, b.Max.Lon))
	return s
}

func (s *sheet) text(t string) {
	if _, err := s.w.WriteString(t); s.err == nil {
		s.err = err
	}
}

// node writes a node; tags are keys and values in turn.
func (s *sheet) node(p xy, tags ...string) int64 {
	s.nodeID++
	g := degrees(p)
	b := append(s.buf[:0], `<node id="`...)
	b = strconv.AppendInt(b, s.nodeID, 10)
	b = append(b, `" lat="`...)
	b = strconv.AppendFloat(b, g.Lat, 'f', 7, 64)
	b = append(b, `" lon="`...)
	b = strconv.AppendFloat(b, g.Lon, 'f', 7, 64)
	if len(tags) == 0 {
		b = append(b, "\"/>\n"...)
	} else {
		b = append(b, `">`...)
		b = appendTags(b, tags)
		b = append(b, "</node>\n"...)
	}
	s.buf = b
	if _, err := s.w.Write(b); s.err == nil {
		s.err = err
	}
	return s.nodeID
}

// way keeps a way for later.
func (s *sheet) way(refs []int64, tags ...string) int64 {
	s.wayID++
	b := append(s.buf[:0], `<way id="`...)
	b = strconv.AppendInt(b, s.wayID, 10)
	b = append(b, `">`...)
	for _, r := range refs {
		b = append(b, `<nd ref="`...)
		b = strconv.AppendInt(b, r, 10)
		b = append(b, `"/>`...)
	}
	b = appendTags(b, tags)
	b = append(b, "</way>\n"...)
	s.buf = b
	if _, err := s.ways.Write(b); s.err == nil {
		s.err = err
	}
	return s.wayID
}

// area writes a closed line with its nodes.
func (s *sheet) area(ring []xy, tags ...string) int64 {
	refs := make([]int64, 0, len(ring)+1)
	for _, p := range ring {
		refs = append(refs, s.node(p))
	}
	return s.way(append(refs, refs[0]), tags...)
}

// rule forbids a turn.
func (s *sheet) rule(from, via, to int64, kind string) {
	s.relationID++
	s.counts.Restrictions++
	fmt.Fprintf(&s.relations, `<relation id="%d"><member type="way" ref="%d" role="from"/><member type="node" ref="%d" role="via"/><member type="way" ref="%d" role="to"/>`,
		s.relationID, from, via, to)
	s.relations.Write(appendTags(nil, []string{"type", "restriction", "restriction", kind}))
	s.relations.WriteString("</relation>\n")
}

// close writes what waited.
func (s *sheet) close() error {
	if err := s.ways.Close(); s.err == nil {
		s.err = err
	}
	for _, r := range []io.Reader{flate.NewReader(&s.later), &s.relations} {
		if _, err := io.Copy(s.w, r); s.err == nil {
			s.err = err
		}
	}
	s.text("</osm>\n")
	if err := s.w.Flush(); s.err == nil {
		s.err = err
	}
	s.counts.Nodes, s.counts.Ways = int(s.nodeID), int(s.wayID)
	return s.err
}

func appendTags(b []byte, tags []string) []byte {
	for i := 0; i+1 < len(tags); i += 2 {
		if tags[i+1] == "" {
			continue
		}
		b = append(b, `<tag k="`...)
		b = append(b, tags[i]...)
		b = append(b, `" v="`...)
		b = append(b, escaped(tags[i+1])...)
		b = append(b, `"/>`...)
	}
	return b
}

// escaped makes a value safe in XML; names of a centre come from its own files.
func escaped(v string) string {
	if !strings.ContainsAny(v, "&<>\"'") {
		return v
	}
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(v)) // A builder never fails.
	return b.String()
}
