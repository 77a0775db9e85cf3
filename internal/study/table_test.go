package study_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"shuniu/internal/fault"
	"shuniu/internal/study"
)

// Tables of places are read with and without headers, names and weights.
func TestReadPoints(t *testing.T) {
	for text, want := range map[string]study.Points{
		"x,y,weight\n1,2,3\n4,5,6\n":                        {Places: [][2]float64{{1, 2}, {4, 5}}, Weight: []float64{3, 6}},
		"1,2,3\n4,5,6\n":                                    {Places: [][2]float64{{1, 2}, {4, 5}}, Weight: []float64{3, 6}, Bare: true},
		"p;q;r\n1;2;3\n4;5;6\n":                             {Places: [][2]float64{{1, 2}, {4, 5}}, Weight: []float64{3, 6}, Bare: true},
		"X_m\tY (m)\tweight\n1\t2\t3\n4\t5\t6\n":            {Places: [][2]float64{{1, 2}, {4, 5}}, Weight: []float64{3, 6}},
		"name;Easting_27700;Northing_27700\na;1;2\n":        {Names: []string{"a"}, Places: [][2]float64{{1, 2}}},
		"tract,this,that,how_many\na,1,2,3\n":               {Names: []string{"a"}, Places: [][2]float64{{1, 2}}, Weight: []float64{3}, Bare: true},
		"1,2\n4,5\n":                                        {Places: [][2]float64{{1, 2}, {4, 5}}, Bare: true},
		"a,1,2\nb,4,5\n":                                    {Names: []string{"a", "b"}, Places: [][2]float64{{1, 2}, {4, 5}}, Bare: true},
		"\ufeffName,LON,Lat,Pop\na, 1 ,2,7\n":               {Names: []string{"a"}, Places: [][2]float64{{1, 2}}, Degree: true, Weight: []float64{7}},
		"Population,colour,Latitude,Longitude\n7,red,2,1\n": {Places: [][2]float64{{1, 2}}, Degree: true, Weight: []float64{7}},
		"NAME,POP2000\na,5\nb,6\n":                          {Names: []string{"a", "b"}, Weight: []float64{5, 6}},
		"NAME,incidents\na,5\nb,6\n":                        {Names: []string{"a", "b"}, Weight: []float64{5, 6}},
		"5\n6\n":                                            {Weight: []float64{5, 6}},
		"tract,demand\na,5\nb,6\n":                          {Names: []string{"a", "b"}, Weight: []float64{5, 6}},
	} {
		got, err := study.ReadPoints(strings.NewReader(text))
		if err != nil || !reflect.DeepEqual(*got, want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for text, says := range map[string]string{
		"":                             "line 1",
		"x,y,weight\n":                 "line 1",
		"x,y,weight\n1,2,-3\n":         "line 2: the weight",
		"x,y,weight\n1,2,3\n1,NaN,3\n": "line 3: y",
		"x,y\n1,2\n3\n":                "line 3 has 1",
		"x,y\n1,two\n":                 "line 2: y",
		"lon,lat\n200,2\n":             "line 2",
		"colour,shape\nred,round\n":    "line 1",
		"1,2,3,4,5\n":                  "line 1",
		"x,y\n1,\"2\n":                 "line 2",
		"name\na\n":                    "neither places nor weights",
		"x,y\n1,1e300\n":               "line 2",
	} {
		_, err := study.ReadPoints(strings.NewReader(text))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Matrices are read with and without names of rows and columns.
func TestReadMatrix(t *testing.T) {
	cost := [][]float64{{1, 2, 3}, {4, 5, 6}}
	rows, columns := []string{"a", "b"}, []string{"p", "q", "r"}
	for text, want := range map[string]study.Matrix{
		"1,2,3\n4,5,6\n":                          {},
		"p,q,r\n1,2,3\n4,5,6\n":                   {Sites: columns, Header: true},
		"a,1,2,3\nb,4,5,6\n":                      {Points: rows},
		",p,q,r\na,1,2,3\nb,4,5,6\n":              {Points: rows, Sites: columns, Header: true},
		";p;q;r\na;1;2;3\nb;4;5;6\n":              {Points: rows, Sites: columns, Header: true},
		"\tp\tq\tr\na\t1\t2\t3\nb\t4\t5\t6\n":     {Points: rows, Sites: columns, Header: true},
		"1 2 3\n4 5 6\n":                          {},
		",0,1,2\n0,1,2,3\n1,4,5,6\n":              {Points: []string{"0", "1"}, Sites: []string{"0", "1", "2"}, Header: true},
		"GEOID,p,q,r\n060,1,2,3\n061,4,5,6\n":     {Points: []string{"060", "061"}, Sites: columns, Header: true},
		"tract_id,p,q,r\n060,1,2,3\n061,4,5,6\n":  {Points: []string{"060", "061"}, Sites: columns, Header: true},
		"tract,p,q,r\n060,1,2,3\n061,4,5,6\n":     {Points: []string{"060", "061"}, Sites: columns, Header: true},
		"id,p,q,r,weight\na,1,2,3,9\nb,4,5,6,8\n": {Points: rows, Sites: columns, Header: true, Weigh: true},
		`{"cost_matrix_m":[[1,2,3],[4,5,6]],"demand":[9,8],"site_names":["p","q","r"],"tract_names":["a","b"]}`: {Points: rows, Sites: columns, Header: true, Weigh: true},
		"\n {\"cost\":[[1,2,3],[4,5,6]]}": {},
	} {
		want.Cost, want.Weight = cost, []float64{1, 1}
		if want.Weigh {
			want.Weight = []float64{9, 8}
		}
		got, err := study.ReadMatrix(strings.NewReader(text))
		if err != nil || !reflect.DeepEqual(*got, want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for text, says := range map[string]string{
		"": "line 1", "p,q\n": "line 1", "1,,3\n4,5,6\n": "line 1: column 2", ",2,7\n4,5,6\n7,8,9\n": "line 1: column 1", "1,2,\n4,5,6\n": "line 1: column 3", "1,2\n3,-4\n": "line 2: column 2", "1,2\n3\n": "line 2", "p,q\n1,x\n": "line 2", "a\nb\n": "no", "{": "line 1", "{}": "no costs",
		`{"cost":[[1]],"site_names":["a","b"]}`: "2 of sites",
	} {
		_, err := study.ReadMatrix(strings.NewReader(text))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Weights come to the rows of a matrix by name, or in order.
func TestMatrixTakesWeights(t *testing.T) {
	for text, want := range map[string][]float64{"name,weight\nb,2\na,1\n": {1, 2}, "name,weight\nc,2\na,1\n": {2, 1}, "7\n8\n": {7, 8}} {
		m, err := study.ReadMatrix(strings.NewReader("a,1,2\nb,3,4\n"))
		if err != nil {
			t.Fatal(err)
		}
		p, err := study.ReadPoints(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if byName, err := m.Take(p); err != nil || byName != strings.Contains(text, "\nb") || !reflect.DeepEqual(m.Weight, want) {
			t.Errorf("%q: %v, %v", text, m.Weight, err)
		}
		p.Weight = p.Weight[:1]
		if _, err := m.Take(p); fault.KindOf(err) != fault.Invalid {
			t.Errorf("one weight for two rows: %v", err)
		}
	}
}

// Distances are straight, along a grid, or along the great circle.
func TestBetween(t *testing.T) {
	read := func(text string) *study.Points {
		p, err := study.ReadPoints(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	flat, far := read("0,0\n"), read("3,4\n")
	for d, want := range map[study.Distance]float64{study.Euclid: 5, study.Manhattan: 7} {
		p, err := study.Between(flat, far, d)
		if err != nil || p.Cost[0][0] != want || p.Weight[0] != 1 {
			t.Errorf("%v: %+v, %v", d, p, err)
		}
	}
	p, err := study.Between(read("lon,lat\n0,0\n"), read("lon,lat\n1,0\n"), study.Euclid)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "a degree", p.Cost[0][0], 111_195, 1)
	bare := read("0,0\n1,0\n")
	if err := bare.Degrees(); err != nil || !bare.Degree {
		t.Errorf("degrees without a header: %v", err)
	}
	if err := read("0,91\n").Degrees(); fault.KindOf(err) != fault.Invalid {
		t.Errorf("91 degrees north: %v", err)
	}
	if study.LookLikeDegrees(flat, far) || study.LookLikeDegrees(read("0.5,0.5\n"), read("0.1,0.9\n")) || !study.LookLikeDegrees(read("-122.4,37.7\n"), read("-122.5,37.8\n")) {
		t.Error("degrees are told wrongly from metres")
	}
	town := read("-122.4,37.7\n")
	if made, err := study.Settle(town, read("lon,lat\n-122.5,37.8\n")); err != nil || !made || !town.Degree {
		t.Errorf("places of a town beside degrees: %v, %v", made, err)
	}
	if made, err := study.Settle(far, read("x,y\n0,0\n")); err != nil || made || far.Degree {
		t.Errorf("places beside metres: %v, %v", made, err)
	}
	for i, pair := range [][2]*study.Points{{flat, read("lon,lat\n1,0\n")}, {read("5\n"), flat}} {
		if _, err := study.Between(pair[0], pair[1], study.Euclid); fault.KindOf(err) != fault.Invalid {
			t.Errorf("pair %d: %v", i, err)
		}
	}
}

// Whatever is read is refused or solved.
func FuzzReadMatrix(f *testing.F) {
	for _, seed := range []string{"1,2\n3,4\n", ",0,1\n0,2,3\n", "x,y,weight\n1,2,3\n", `{"cost":[[1,2]],"demand":[3]}`, "\ufeffname\n1\n", "0\n", "-1,0,1\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := study.ReadPoints(strings.NewReader(text)); err == nil && p.Places != nil {
			if _, err := study.Between(p, p, study.Manhattan); err != nil {
				t.Fatal(err)
			}
		}
		m, err := study.ReadMatrix(strings.NewReader(text))
		if err != nil || len(m.Cost)*len(m.Cost[0]) > 100 {
			return
		}
		if a, err := study.PMedian(t.Context(), &m.Posts, 1, 3, study.Search{Branch: true}); err == nil && !a.Proven {
			t.Fatal(fmt.Sprint(a))
		}
	})
}
