package osm

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// decodeByLibrary reads the same map with encoding/xml. It is what the scanner is held against.
func decodeByLibrary(r io.Reader, c *collector) error {
	d := xml.NewDecoder(r)
	x := &xmlReader{c: c, words: make(map[string]string)}
	depth := 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !x.root {
				return foreign{"it holds no XML element", ""}
			}
			return nil
		}
		if err != nil {
			return err
		}
		// The reader behind the scanner is the same for both; it is handed the tag as the library found it.
		x.s = &scanner{}
		switch el := tok.(type) {
		case xml.StartElement:
			depth++
			x.s.name, x.s.start, x.s.deep = []byte(el.Name.Local), true, depth
			for _, a := range el.Attr {
				x.s.attrs = append(x.s.attrs, attribute{[]byte(a.Name.Local), []byte(a.Value)})
			}
			if err := x.start(); err != nil {
				return err
			}
		case xml.EndElement:
			depth--
			x.s.name, x.s.deep = []byte(el.Name.Local), depth
			x.end()
		}
	}
}

// narrower are the words of our refusals of what encoding/xml would read: parts of XML that no map uses.
func narrower() []string {
	return []string{
		"a tag has no name", "an attribute has no name", "a closing tag is no tag", // Names that are not ASCII.
		"nested more than", "CDATA", "a document type with parts", "an instruction has no name", "a declaration has no name",
		"its version is not", "its encoding is not", "the XML declaration is no declaration", // Written in an unusual way.
	}
}

func compare(t *testing.T, data string) {
	t.Helper()
	ours, theirs := newCollector(), newCollector()
	err := decodeXML(strings.NewReader(data), ours)
	want := decodeByLibrary(strings.NewReader(data), theirs)
	switch {
	case err == nil && want != nil:
		t.Fatalf("it reads what encoding/xml refuses: %v", want)
	case err != nil && want == nil:
		for _, text := range narrower() {
			if strings.Contains(err.Error(), text) {
				return
			}
		}
		t.Fatalf("it refuses what encoding/xml reads: %v", err)
	case err == nil && !reflect.DeepEqual(ours, theirs):
		t.Fatalf("it reads something else:\n%+v\n%+v", ours, theirs)
	}
}

// awkward are documents that XML readers like to disagree about.
func awkward() []string {
	const node = `<node id="1" lat="31.2" lon="118.4">`
	whole := func(inside string) string { return "<osm>" + inside + "</osm>" }
	tagged := func(v string) string { return whole(node + `<tag k="name" v="` + v + `"/></node>`) }
	return []string{
		"", " ", "<", "<osm", "<osm/>", "<osm></osm>", "<osm></osm >", "< osm/>", "<osm/ >", "<osm /x>", "<osm></osn>", "<osm>", "</osm>", "<osm/><osm/>", "a<osm/>b",
		"<osm/>&amp;", "<osm/>&", "<osm/>]]>", "<osm>]]&gt;</osm>", "\ufeff<osm/>", "<osm/>\x00", "<osm/>\xff", "<!><osm/>", "<!1><osm/>",
		`<?xml version="1.0" encoding="UTF-8"?><osm/>`, `<?xml version='1.0'?><osm/>`, `<?xml version="1.1"?><osm/>`, `<?xml version="1.0" encoding="GBK"?><osm/>`,
		`<?xml version="1.0"?`, `<??><osm/>`, `<?a?><osm/>`, `<?a b>c?><osm/>`, `<!doctype html><osm/>`, `<!DOCTYPE a [<!ENTITY b "c">]><osm/>`, `<!DOCTYPE "><osm/>`,
		`<!-- > --><osm/>`, `<!-- -- --><osm/>`, `<!----><osm/>`, `<!---><osm/>`, `<!--->`, `<!--`, `<!-`, `<!`, `<osm><![CDATA[<node>]]></osm>`,
		tagged("&lt;&gt;&amp;&apos;&quot;"), tagged("&#27743;&#x6c5f;"), tagged("&#x110000;"), tagged("&#xD800;"), tagged("&#;"), tagged("&#x;"), tagged("&nbsp;"), tagged("&amp"),
		tagged("&;"), tagged("&#0;"), tagged("&#13;&#10;"), tagged("a\r\nb\rc\n"), tagged("a>b"), tagged("a<b"), tagged("\x01"), tagged("\x7f"), tagged("\xc3"), tagged("\ufffe"), tagged("江'岸"),
		tagged(strings.Repeat("江", 256)), tagged(strings.Repeat("x", 1<<17)), tagged(strings.Repeat(">", 1<<17)),
		whole(node + `<tag k='a' v='"'/></node>`), whole(node + `<tag k="a"v="b"/></node>`), whole(node + `<tag k = "a" v = "b" /></node>`), whole(node + `<tag k="a" k="b" v="c"/></node>`),
		whole(node + `<tag k=a v="b"/></node>`), whole(node + `<tag k v="b"/></node>`), whole(node + `<tag/></node>`), whole(node + `<x:tag y:k="name" z:v="b"/></node>`), whole(`<a:b:c/>`), whole(`<:a/>`), whole(`<a:/>`),
		whole(node + node + `</node></node>`), whole(`<tag k="a" v="b"/>` + node + `</node>`), whole(`<a>` + node + `</node></a>`), whole(`<node id="1" lat="1" lon="1" visible="false"/>`),
		whole(`<note>` + strings.Repeat("text ", 20000) + `</note>` + node + `</node>`), whole(`<江/>`), whole(strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40)),
		`<osm xmlns="u" xmlns:a="v">` + node + `</node></osm>`, `<a:osm xmlns:a="u"/>`, whole(`<node id="1e3"/>`), whole(`<node id="99999999999999999999"/>`), whole(`<way id="1"><nd ref="x"/><nd ref="-5"/></way>`),
		whole(`<bounds minlat="1" minlon="1" maxlat="2" maxlon="2"/><way id="1"><bounds minlat="50" minlon="50" maxlat="60" maxlon="60"/></way>`),
		`<osm generator="a&amp;b" attribution="` + strings.Repeat("x", 1000) + `"/>`,
	}
}

// The scanner reads what encoding/xml reads, and refuses what it refuses, but for parts of XML that no map uses.
func TestScannerAgreesWithTheLibrary(t *testing.T) {
	for i, data := range awkward() {
		t.Run(strconv.Itoa(i), func(t *testing.T) { compare(t, data) })
	}
	town, err := os.ReadFile(filepath.Join("..", "..", "testdata", "worlds", "lanhu.osm"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, string(town))
}

func FuzzScanner(f *testing.F) {
	for _, data := range awkward() {
		if len(data) < 1<<10 {
			f.Add(data)
		}
	}
	f.Fuzz(compare)
}
