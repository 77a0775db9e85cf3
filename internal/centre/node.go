package centre

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// What a file written by hand never reaches. Deeper files could exhaust the parser's stack.
const (
	lineBytesMax = 10_000
	nestingMax   = 100
)

// form is what a node is.
type form uint8

const (
	absent form = iota // Nothing is written, or null.
	scalar
	list
	fields
)

// node is one value of a YAML file with its place. Numbers keep the digits as written: unit 012 is not unit 12.
type node struct {
	place

	form form
	text string
	list []node
	keys []key
}

// key is one entry of a mapping.
type key struct {
	place

	name  string
	value node
}

// parse reads one YAML document. Anchors, aliases and tags are refused: a line then means what it says.
func parse(name string, data []byte) (root node, problem *Problem) {
	if bad := tooDeep(name, data); bad != nil {
		return node{}, bad
	}
	defer func() {
		// The parser is not ours, and the file comes from outside: whatever it stumbles over is the file's problem.
		if r := recover(); r != nil {
			problem = &Problem{File: name, Text: fmt.Sprintf("the YAML cannot be read: %v", r), Remedy: "look for an unclosed quote or bracket"}
		}
	}()
	parsed, err := parser.ParseBytes(data, 0)
	if err != nil {
		return node{}, syntax(name, err)
	}
	var body ast.Node
	for _, doc := range parsed.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			p := placeOf(doc.Body)
			return node{}, &Problem{File: name, Line: p.line, Column: p.column, Text: "a second document begins here", Remedy: "keep one document in a file; remove the line ---"}
		}
		body = doc.Body
	}
	if body == nil {
		return node{place: place{1, 1}}, nil
	}
	root, bad := convert(body)
	if bad != nil {
		bad.File = name
	}
	return root, bad
}

func tooDeep(name string, data []byte) *Problem {
	if !utf8.Valid(data) {
		return &Problem{File: name, Text: "the file is not UTF-8", Remedy: "save it as UTF-8"}
	}
	for i, line := range bytes.Split(data, []byte("\n")) {
		depth := 0
		for _, b := range line {
			if b == '[' || b == '{' {
				depth++
			}
		}
		if len(line) > lineBytesMax || depth > nestingMax {
			return &Problem{File: name, Line: i + 1, Text: "the line is too long or holds too many brackets", Remedy: "write one entry a line"}
		}
	}
	depth := 0
	for i, b := range data {
		switch b {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		}
		if depth > nestingMax {
			return &Problem{File: name, Line: 1 + bytes.Count(data[:i], []byte("\n")), Text: "brackets are nested too deep", Remedy: "close the brackets above"}
		}
	}
	return nil
}

func syntax(name string, err error) *Problem {
	p := &Problem{File: name, Text: "the YAML cannot be read", Remedy: "look for a wrong indent, an unclosed quote or bracket, or a key given twice"}
	var at yaml.Error
	if errors.As(err, &at) {
		p.Text = at.GetMessage()
		if tok := at.GetToken(); tok != nil && tok.Position != nil {
			p.Line, p.Column = tok.Position.Line, tok.Position.Column
		}
	}
	return p
}

func placeOf(n ast.Node) place {
	if n == nil {
		return place{}
	}
	if tok := n.GetToken(); tok != nil && tok.Position != nil {
		return place{tok.Position.Line, tok.Position.Column}
	}
	return place{}
}

func refuse(at place, text, remedy string) *Problem {
	return &Problem{Line: at.line, Column: at.column, Text: text, Remedy: remedy}
}

// convert copies the parser's tree into ours.
func convert(n ast.Node) (node, *Problem) {
	out := node{place: placeOf(n)}
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return out, nil
	case *ast.StringNode:
		out.form, out.text = scalar, n.Value
	case *ast.LiteralNode:
		out.form, out.text = scalar, n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		out.form, out.text = scalar, n.GetToken().Value
	case *ast.SequenceNode:
		out.form = list
		for _, v := range n.Values {
			item, bad := convert(v)
			if bad != nil {
				return out, bad
			}
			out.list = append(out.list, item)
		}
	case *ast.MappingNode:
		out.form = fields
		if len(n.Values) > 0 {
			out.place = placeOf(n.Values[0].Key)
		}
		return out, out.entries(n.Values)
	case *ast.MappingValueNode:
		out.form, out.place = fields, placeOf(n.Key)
		return out, out.entries([]*ast.MappingValueNode{n})
	default:
		return out, refuse(out.place, "anchors, aliases and tags (& * !) are not read here", "write the value out; quote a text that begins with such a sign")
	}
	return out, nil
}

func (n *node) entries(values []*ast.MappingValueNode) *Problem {
	for _, v := range values {
		at := placeOf(v.Key)
		name, bad := convert(v.Key)
		if bad != nil || name.form != scalar {
			return refuse(at, "this key is no plain word", "write a key such as id, and a colon")
		}
		value, bad := convert(v.Value)
		if bad != nil {
			return bad
		}
		if value.line == 0 {
			value.place = at
		}
		n.keys = append(n.keys, key{place: at, name: name.text, value: value})
	}
	return nil
}

// cause is what the machine said, without the path that the problem names anyway.
func cause(err error) string {
	var bad *fs.PathError
	if errors.As(err, &bad) {
		return bad.Err.Error()
	}
	return err.Error()
}
