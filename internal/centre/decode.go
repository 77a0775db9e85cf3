package centre

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// decoder fills Go values from nodes and notes every problem, not only the first. Keys that no field has are
// problems: a misspelt key must not be a rule that silently does not hold.
type decoder struct {
	file     string
	at       map[spot]place
	problems []Problem
}

// decode fills what out points to.
func (d *decoder) decode(root node, out any) {
	d.into(root, reflect.ValueOf(out).Elem(), "")
}

func (d *decoder) note(at place, text, remedy string) {
	d.problems = append(d.problems, Problem{File: d.file, Line: at.line, Column: at.column, Text: text, Remedy: remedy})
}

func (d *decoder) into(n node, v reflect.Value, path string) {
	d.at[spot{d.file, path}] = n.place
	if n.form == absent {
		return
	}
	if v.Type() == reflect.TypeFor[variables]() {
		d.variables(n, v, path)
		return
	}
	switch v.Kind() { //nolint:exhaustive // the folder's types use these kinds only; the default says so
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.into(n, v.Elem(), path)
	case reflect.Struct:
		d.fields(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.Array:
		if n.form != list || len(n.list) != v.Len() {
			d.note(n.place, fmt.Sprintf("%s needs %d numbers", last(path), v.Len()), "write them in brackets: places as [longitude, latitude], bounds as [west, south, east, north]")
			return
		}
		for i, item := range n.list {
			d.into(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		if n.form != scalar {
			d.note(n.place, fmt.Sprintf("%s needs one value, not several", last(path)), "write the value after the colon, in quotes if it holds a sign such as { or [")
			return
		}
		d.scalar(n, v, path)
	default:
		panic("centre: a field of the folder's types has the kind " + v.Kind().String()) // Every test that loads a folder would meet it.
	}
}

func (d *decoder) scalar(n node, v reflect.Value, path string) {
	if v.Type() == reflect.TypeFor[time.Duration]() {
		span, err := time.ParseDuration(n.text)
		if err != nil || span%time.Second != 0 {
			d.note(n.place, fmt.Sprintf("%s: %q is no time span in whole seconds", last(path), n.text), "write it as 30s, 5m or 24h")
		}
		v.SetInt(int64(span))
		return
	}
	switch v.Kind() { //nolint:exhaustive // into sends no other kind here
	case reflect.String:
		v.SetString(strings.TrimSpace(n.text))
	case reflect.Bool:
		if n.text != "true" && n.text != "false" {
			d.note(n.place, fmt.Sprintf("%s: %q is neither true nor false", last(path), n.text), "write true or false")
		}
		v.SetBool(n.text == "true")
	case reflect.Float64:
		f, err := strconv.ParseFloat(n.text, 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			d.note(n.place, fmt.Sprintf("%s: %q is no number", last(path), n.text), "write a number such as 118.39")
			return
		}
		v.SetFloat(f)
	default:
		i, err := strconv.ParseInt(n.text, 10, 32)
		if err != nil {
			d.note(n.place, fmt.Sprintf("%s: %q is no whole number", last(path), n.text), "write a whole number such as 2")
		}
		v.SetInt(i)
	}
}

// list takes one word for a list of one word.
func (d *decoder) list(n node, v reflect.Value, path string) {
	if n.form == scalar && v.Type().Elem().Kind() == reflect.String {
		n = node{place: n.place, form: list, list: []node{n}}
	}
	if n.form != list {
		d.note(n.place, fmt.Sprintf("%s needs a list", last(path)), "begin each entry with a dash, or write [a, b]")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.list), len(n.list)))
	for i, item := range n.list {
		if item.form == absent {
			d.note(n.place, fmt.Sprintf("entry %d of %s is empty", i+1, last(path)), "fill it in or remove the dash")
			continue
		}
		d.into(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

func (d *decoder) fields(n node, v reflect.Value, path string) {
	if n.form != fields {
		d.note(n.place, fmt.Sprintf("%s needs keys and values", last(path)), "write key: value pairs, or {key: value}")
		return
	}
	known := keysOf(v.Type(), nil)
	for _, k := range n.keys {
		i := slices.IndexFunc(known, func(f field) bool { return f.name == k.name })
		if i < 0 {
			var names []string
			for _, f := range known {
				names = append(names, f.name)
			}
			d.note(k.place, fmt.Sprintf("unknown key %q", k.name), "known here: "+strings.Join(names, ", "))
			continue
		}
		below := k.name
		if path != "" {
			below = path + "." + k.name
		}
		d.into(k.value, v.FieldByIndex(known[i].index), below)
		d.at[spot{d.file, below}] = k.place // A person looks for the key.
	}
}

// variables keeps the order in which they are written: the last one turns fastest.
func (d *decoder) variables(n node, v reflect.Value, path string) {
	if n.form != fields {
		d.note(n.place, last(path)+" needs names with numbers", `write for: {s: 1..9}`)
		return
	}
	var vars variables
	for _, k := range n.keys {
		nums, err := numbers(k.value.text)
		if k.value.form != scalar || err != nil || !isName(k.name) {
			d.note(k.place, fmt.Sprintf("%s: %q stands for no numbers", k.name, k.value.text), `write for: {s: 1..9} or {n: "1..26,28"}; at most 2000 numbers`)
			continue
		}
		vars = append(vars, variable{name: k.name, numbers: nums})
	}
	v.Set(reflect.ValueOf(vars))
}

// field is one key that a struct knows.
type field struct {
	name  string
	index []int
}

// keysOf lists the keys of a struct; those of embedded structs belong to it.
func keysOf(t reflect.Type, above []int) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(slices.Clone(above), i)
		if f.Anonymous {
			out = append(out, keysOf(f.Type, index)...)
			continue
		}
		out = append(out, field{name: f.Tag.Get("yaml"), index: index})
	}
	return out
}

// last is the name at the end of a path, for a message.
func last(path string) string {
	if path == "" {
		return "the file"
	}
	return path[strings.LastIndexByte(path, '.')+1:]
}
