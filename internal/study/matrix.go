package study

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/columns"
)

// sampleMost is how much blank text is skipped before a table.
const sampleMost = 1 << 16

// Matrix is a table of costs with names, as it was read.
type Matrix struct {
	Posts

	Points []string // Names of the rows; nil where there are none.
	Sites  []string // Names of the columns; nil where there are none.
	Header bool     // The first line was taken as names of sites.
	Weigh  bool     // The table has weights.
}

// ReadMatrix reads costs from each demand point (row) to each site (column). A first line that holds words names the
// sites; a first column that holds no numbers, or is headed by a word for names, names the points; a column headed weight, demand or population
// weighs them. Text that begins with { is JSON: cost_matrix_m (or cost_matrix, cost), and if wanted demand, site_names, tract_names.
func ReadMatrix(r io.Reader) (*Matrix, error) {
	const op = "study.ReadMatrix"
	var begin []byte
	head := make([]byte, 1)
	for {
		if _, err := io.ReadFull(r, head); err != nil || len(begin) > sampleMost {
			return nil, refuse(op, "write one line for each demand point", "line 1: the table is empty")
		}
		begin = append(begin, head[0])
		if !strings.ContainsAny(string(head), " \t\r\n") {
			break
		}
	}
	r = io.MultiReader(bytes.NewReader(begin), r)
	if head[0] == '{' {
		return readMatrixJSON(op, r)
	}
	s, err := readSheet(op, r)
	if err != nil {
		return nil, err
	}
	return s.matrix()
}

func (s *sheet) matrix() (*Matrix, error) {
	m := &Matrix{}
	name, weight := -1, -1
	if s.headed() {
		if err := s.behead(); err != nil {
			return nil, err
		}
		m.Header = true
	}
	if slices.ContainsFunc(s.rows, func(row []string) bool { return isWord(row[0]) }) || (m.Header && !columns.Number(s.head[0]) && roleOf(s.head[0]) == "name") {
		name = 0
	}
	for i, word := range s.head {
		if i != name && roleOf(word) == "weight" {
			weight = i
			break
		}
	}
	if name == 0 {
		m.Points = s.names(0)
	}
	var err error
	if weight >= 0 {
		if m.Weight, err = s.column(weight, "weight"); err != nil {
			return nil, err
		}
		m.Weigh = true
	}
	m.Cost = make([][]float64, len(s.rows))
	for c := range len(s.rows[0]) {
		if c == name || c == weight {
			continue
		}
		what := fmt.Sprintf("column %d", c+1)
		if m.Header {
			m.Sites = append(m.Sites, strings.TrimSpace(s.head[c]))
		}
		column, err := s.column(c, what)
		if err != nil {
			return nil, err
		}
		for i, v := range column {
			if v < 0 {
				return nil, refuse(s.op, "give costs from 0", "line %d: %s is %g", s.lines[i], what, v)
			}
			m.Cost[i] = append(m.Cost[i], v)
		}
	}
	if !m.Weigh {
		m.Weight = (*Points)(nil).weights(len(s.rows))
	}
	if len(m.Cost[0]) == 0 {
		return nil, refuse(s.op, "give a column of costs for each site", "the table has no column of costs")
	}
	return m, nil
}

// headed reports whether the first row names the columns: it holds a word elsewhere than in the first column, or there one for
// names. Numbers alone are always costs, and an empty cell is no word: a cost that is missing must not hide its row. Only over a
// corner the numbers of the sites may stand, counted from 0 or 1.
func (s *sheet) headed() bool {
	row := s.rows[0]
	if strings.TrimSpace(row[0]) == "" && !slices.ContainsFunc(row[1:], isWord) {
		return counted(row[1:])
	}
	return slices.ContainsFunc(row[1:], isWord) || (isWord(row[0]) && (len(row) == 1 || roleOf(row[0]) == "name"))
}

func isWord(cell string) bool { return strings.TrimSpace(cell) != "" && !columns.Number(cell) }

// counted reports whether cells are 0, 1, 2 and so on, or 1, 2, 3.
func counted(cells []string) bool {
	if len(cells) == 0 {
		return false
	}
	first, err := strconv.Atoi(strings.TrimSpace(cells[0]))
	if err != nil || (first != 0 && first != 1) {
		return false
	}
	for k, cell := range cells {
		if strings.TrimSpace(cell) != strconv.Itoa(first+k) {
			return false
		}
	}
	return true
}

func readMatrixJSON(op string, r io.Reader) (*Matrix, error) {
	var file struct {
		Metres [][]float64 `json:"cost_matrix_m"`
		Costs  [][]float64 `json:"cost_matrix"`
		Cost   [][]float64 `json:"cost"`
		Demand []float64   `json:"demand"`
		Weight []float64   `json:"weight"`
		Sites  []string    `json:"site_names"`
		Tracts []string    `json:"tract_names"`
		Points []string    `json:"demand_names"`
	}
	if err := readJSON(op, r, &file); err != nil {
		return nil, err
	}
	first := func(lists ...[][]float64) [][]float64 {
		for _, l := range lists {
			if l != nil {
				return l
			}
		}
		return nil
	}
	m := &Matrix{Points: file.Tracts, Sites: file.Sites, Header: file.Sites != nil}
	m.Cost = first(file.Metres, file.Costs, file.Cost)
	if m.Points == nil {
		m.Points = file.Points
	}
	if m.Weight = file.Demand; m.Weight == nil {
		m.Weight = file.Weight
	}
	m.Weigh = m.Weight != nil
	if len(m.Cost) == 0 || len(m.Cost[0]) == 0 {
		return nil, refuse(op, "give cost_matrix_m: a row for each demand point, a number for each site", "the file has no costs")
	}
	if (m.Points != nil && len(m.Points) != len(m.Cost)) || (m.Sites != nil && len(m.Sites) != len(m.Cost[0])) {
		return nil, refuse(op, "name each point and each site once", "%d x %d costs have %d names of points and %d of sites", len(m.Cost), len(m.Cost[0]), len(m.Points), len(m.Sites))
	}
	if !m.Weigh {
		m.Weight = (*Points)(nil).weights(len(m.Cost))
	}
	return m, nil
}

// Take gives the rows of the matrix the weights of a table: by name where both have the same names, else in order.
// It answers whether names decided.
func (m *Matrix) Take(p *Points) (byName bool, err error) {
	if p.Weight == nil || len(p.Weight) != len(m.Cost) {
		return false, refuse("study.Take", "give one weight for each row of the matrix", "the matrix has %d rows, the table %d weights", len(m.Cost), len(p.Weight))
	}
	m.Weight, m.Weigh = p.Weight, true
	if m.Points == nil || p.Names == nil {
		return false, nil
	}
	by := make(map[string]float64, len(p.Names))
	for i, name := range p.Names {
		by[name] = p.Weight[i]
	}
	named := make([]float64, len(m.Points))
	for i, name := range m.Points {
		w, ok := by[name]
		if !ok || len(by) != len(m.Points) {
			return false, nil // Other names: the order counts.
		}
		named[i] = w
	}
	m.Weight = named
	return true, nil
}
