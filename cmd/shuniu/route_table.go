package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/fault"
)

// badRowsShown is how many bad rows are named; more help nobody.
const badRowsShown = 10

// column is what a table must have: the names under which it is known in a head row, in small letters.
type column []string

// table reads rows of text with given columns. A first row that names all of them is a head, and says where they are;
// without one they come first and in order.
type table struct {
	file    string
	columns []column
	bad     []string
	count   int
}

// each gives every row's cells in the order of the columns. What take says against a row is kept, with the line.
func (t *table) each(take func(cells []string) error) error {
	file, err := os.Open(t.file)
	if err != nil {
		return wrongInput{fault.Wrap("shuniu route", fault.Invalid, err, "%s cannot be read: %v", t.file, err).Mend("name a file that is there")}
	}
	defer file.Close() //nolint:errcheck // Read only: nothing can be lost.
	r := csv.NewReader(file)
	r.FieldsPerRecord, r.ReuseRecord, r.TrimLeadingSpace, r.Comment = -1, true, true, '#'
	var at []int
	cells := make([]string, len(t.columns))
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t.refusal()
		}
		if err != nil {
			var p *csv.ParseError
			if errors.As(err, &p) {
				t.say(p.Line, p.Err)
				continue
			}
			return wrongInput{fault.Wrap("shuniu route", fault.Invalid, err, "%s cannot be read: %v", t.file, err).Mend("name a file of comma-separated rows")}
		}
		if at == nil {
			row[0] = strings.TrimPrefix(row[0], "\ufeff")
			var head bool
			if at, head = t.head(row); head {
				continue
			}
		}
		line, _ := r.FieldPos(0)
		if most := slices.Max(at); len(row) <= most {
			t.say(line, fmt.Errorf("it has %d columns, not %d", len(row), most+1))
			continue
		}
		for i, k := range at {
			cells[i] = strings.TrimSpace(row[k])
		}
		if err := take(cells); err != nil {
			t.say(line, err)
		}
	}
}

// head says where the columns are, and whether the row is a head.
func (t *table) head(row []string) (at []int, head bool) {
	for i, names := range t.columns {
		k := slices.IndexFunc(row, func(cell string) bool { return slices.Contains(names, strings.ToLower(strings.TrimSpace(cell))) })
		if k < 0 {
			plain := make([]int, len(t.columns))
			for i := range plain {
				plain[i] = i
			}
			return plain, false
		}
		at = append(at[:i], k)
	}
	return at, true
}

func (t *table) say(line int, err error) {
	if t.count++; t.count <= badRowsShown {
		t.bad = append(t.bad, fmt.Sprintf("%s, line %d: %v", t.file, line, err))
	}
}

// refusal is the error of all bad rows together; nil if there are none.
func (t *table) refusal() error {
	if t.count == 0 {
		return nil
	}
	text := strings.Join(t.bad, "\n")
	if t.count > len(t.bad) {
		text += fmt.Sprintf("\nand %d more", t.count-len(t.bad))
	}
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c[0]
	}
	return wrongInput{fault.New("shuniu route", fault.Invalid, "%d rows cannot be used:\n%s", t.count, text).
		Mend("mend these rows; each is " + strings.Join(names, ","))}
}

// number reads a finite number between two others.
func number(cell, what string, least, most float64) (float64, error) {
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil || !(x >= least && x <= most) { //nolint:staticcheck // Not a number is neither.
		return 0, fmt.Errorf("%s is %q, not a number from %v to %v", what, cell, least, most)
	}
	return x, nil
}
