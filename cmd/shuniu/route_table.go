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

	"shuniu/internal/columns"
	"shuniu/internal/fault"
)

// badRowsShown is how many bad rows are named; more help nobody.
const badRowsShown = 10

// column is what a table must have.
type column struct {
	words  []string // What a head row may call it, as columns.Word writes it, the surest first. The first is its name.
	number bool     // It holds numbers.
	never  string   // A head that holds this word means something else.
}

// table reads rows of text with given columns. A first row that names them says where they are. Without one they come
// first and in order. A first row with words where the second has numbers is a head, too, whatever it says.
type table struct {
	file    string
	columns []column
	data    func(row []string) bool // Reports that a first row is no head, whatever it says. May be nil.
	guess   string                  // What was made of a head that is not known; empty if nothing had to be guessed.
	bad     []string
	count   int
}

// line is a row with its number in the file.
type line struct {
	cells []string
	at    int
}

// rows gives the lines of a file that can be parted, also those that were looked at before.
type rows struct {
	t     *table
	r     *csv.Reader
	ahead []line
}

// next is the next line, or io.EOF.
func (q *rows) next() (line, error) {
	if len(q.ahead) > 0 {
		l := q.ahead[0]
		q.ahead = q.ahead[1:]
		return l, nil
	}
	for {
		row, err := q.r.Read()
		var p *csv.ParseError
		if errors.As(err, &p) {
			q.t.say(p.Line, p.Err)
			continue
		}
		if err != nil {
			return line{}, err
		}
		at, _ := q.r.FieldPos(0)
		return line{row, at}, nil
	}
}

// peek gives the first lines without taking them.
func (q *rows) peek(most int) []line {
	for len(q.ahead) < most {
		ahead := q.ahead
		q.ahead = nil
		l, err := q.next()
		q.ahead = ahead
		if err != nil {
			break
		}
		l.cells = slices.Clone(l.cells)
		q.ahead = append(q.ahead, l)
	}
	return q.ahead
}

// each gives every row's cells in the order of the columns. What take says against a row is kept, with the line.
func (t *table) each(take func(cells []string) error) error {
	file, err := os.Open(t.file)
	if err != nil {
		return wrongInput{fault.Wrap("shuniu route", fault.Invalid, err, "%s cannot be read: %v", t.file, err).Mend("name a file that is there")}
	}
	defer file.Close() //nolint:errcheck // Read only: nothing can be lost.
	q := &rows{t: t, r: columns.Reader(file, '#')}
	q.r.ReuseRecord = true
	at, head, err := t.head(q.peek(2))
	if err != nil {
		return err
	}
	if head {
		q.ahead = q.ahead[1:]
	}
	cells := make([]string, len(t.columns))
	for {
		l, err := q.next()
		if errors.Is(err, io.EOF) {
			return t.refusal()
		}
		if err != nil {
			return wrongInput{fault.Wrap("shuniu route", fault.Invalid, err, "%s cannot be read: %v", t.file, err).Mend("name a file of rows parted by commas, semicolons or tabs")}
		}
		if most := slices.Max(at); len(l.cells) <= most {
			t.say(l.at, fmt.Errorf("it has %d columns, not %d", len(l.cells), most+1))
			continue
		}
		for i, k := range at {
			cells[i] = strings.TrimSpace(l.cells[k])
		}
		if err := take(cells); err != nil {
			t.say(l.at, err)
		}
	}
}

// head says where the columns are, and whether the first row is a head.
func (t *table) head(first []line) (at []int, head bool, err error) {
	plain := make([]int, len(t.columns))
	for i := range plain {
		plain[i] = i
	}
	if len(first) == 0 || (t.data != nil && t.data(first[0].cells)) {
		return plain, false, nil
	}
	words := make([]string, len(first[0].cells))
	for k, cell := range first[0].cells {
		words[k] = columns.Word(cell)
	}
	at, unknown := t.known(words)
	if unknown == 0 {
		return at, true, nil
	}
	if len(first) < 2 || !t.worded(first[0].cells, first[1].cells) {
		return plain, false, nil
	}
	at, err = t.fill(at, unknown, first)
	return at, true, err
}

// known finds the columns by the words of a head; -1 stands for those that it does not name.
func (t *table) known(words []string) (at []int, unknown int) {
	for _, c := range t.columns {
		found := -1
		for _, name := range c.words {
			if found = wordAt(words, at, name); found >= 0 {
				break
			}
		}
		if found < 0 {
			unknown++
		}
		at = append(at, found)
	}
	return at, unknown
}

// wordAt is where a word stands that is not taken yet, or -1.
func wordAt(words []string, taken []int, name string) int {
	for k, w := range words {
		if w == name && !slices.Contains(taken, k) {
			return k
		}
	}
	return -1
}

// worded reports that a row has words where the next one has numbers, in a place of the columns of numbers or anywhere behind.
func (t *table) worded(row, next []string) bool {
	first := slices.IndexFunc(t.columns, func(c column) bool { return c.number })
	if first < 0 {
		return false
	}
	for k := first; k < min(len(row), len(next)); k++ {
		if !columns.Number(row[k]) && columns.Number(next[k]) {
			return true
		}
	}
	return false
}

// fill finds the columns that a head does not name: all by their places if it names none, and those that are left over if
// there are as many of these.
func (t *table) fill(at []int, unknown int, first []line) ([]int, error) {
	row := first[0].cells
	var left []int
	for k := range row {
		if !slices.Contains(at, k) {
			left = append(left, k)
		}
	}
	ok := unknown == len(left) || (unknown == len(t.columns) && unknown < len(left))
	for i, c := range t.columns {
		if at[i] >= 0 || !ok {
			continue
		}
		at[i], left = left[0], left[1:]
		word := columns.Word(row[at[i]])
		ok = (c.never == "" || !strings.Contains(word, c.never)) && (!c.number || columns.Number(first[1].cells[at[i]]))
	}
	if !ok {
		return nil, wrongInput{fault.New("shuniu route", fault.Invalid, "%s, line %d: the head %q does not say which column is which", t.file, first[0].at, strings.Join(row, ",")).
			Mend("head the columns " + t.names())}
	}
	taken := make([]string, len(at))
	for i, k := range at {
		taken[i] = strings.TrimSpace(row[k]) + " as " + t.columns[i].words[0]
	}
	t.guess = fmt.Sprintf("%s: the head is not known; taken are %s", t.file, strings.Join(taken, ", "))
	return at, nil
}

func (t *table) names() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.words[0]
	}
	return strings.Join(names, ",")
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
	return wrongInput{fault.New("shuniu route", fault.Invalid, "%d rows cannot be used:\n%s", t.count, text).
		Mend("mend these rows; each is " + t.names())}
}

// number reads a finite number between two others.
func number(cell, what string, least, most float64) (float64, error) {
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil || !(x >= least && x <= most) { //nolint:staticcheck // Not a number is neither.
		return 0, fmt.Errorf("%s is %q, not a number from %v to %v", what, cell, least, most)
	}
	return x, nil
}
