package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// written is a file with a text.
func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// routed runs the command and decodes what it says.
func routed(t *testing.T, args ...string) routeAnswer {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), append([]string{"route", "--json"}, args...), &out, &errs); code != 0 {
		t.Fatalf("it ended with %d: %s", code, errs.String())
	}
	var a routeAnswer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	return a
}

func TestRouteOnArcs(t *testing.T) {
	graph := written(t, "arcs.csv", "\ufeffid,Head,Tail,Cost\n1,B,A,30\n2,C,B,12.5\n3,C,B,0.000001\n4,C,C,7\n5,\"the, end\",C,0\n")
	pairs := written(t, "pairs.csv", "A,C\nC,A\nA,A\nA,\"the, end\"\n")
	a := routed(t, "--graph", graph, "--pairs", pairs, "--path", "--check")
	var got []string
	for _, p := range a.Pairs {
		seconds := "none"
		if p.Seconds != nil {
			seconds = fmt.Sprintf("%.6f", *p.Seconds)
		}
		got = append(got, fmt.Sprint(p.From, " ", p.To, " ", seconds, " ", strings.Join(p.Path, "-")))
	}
	want := "A C 30.000001 A-B-C; C A none ; A A 0.000000 A; A the, end 30.000001 A-B-C-the, end"
	if strings.Join(got, "; ") != want {
		t.Errorf("it answers %q, want %q", strings.Join(got, "; "), want)
	}
	if a.Check == nil || a.Check.Pairs != 4 || a.Check.GreatestS != 0 || a.Engine.Nodes != 4 || a.Engine.Arcs != 5 || a.Engine.Method != "hierarchy" {
		t.Errorf("%+v %+v", a.Engine, a.Check)
	}
	var table, errs bytes.Buffer
	if code := run(t.Context(), []string{"route", "--graph", graph, "--pairs", pairs}, &table, &errs); code != 0 || !strings.Contains(table.String(), "A\tC\t30.000001\t-\t") || !strings.Contains(table.String(), "no way leads there") {
		t.Errorf("the table is %q (%d, %s)", table.String(), code, errs.String())
	}
}

// TestRouteEqualsPlain asks a drawn graph of a thousand vertices for a thousand pairs.
func TestRouteEqualsPlain(t *testing.T) {
	dice := rand.New(rand.NewPCG(7, 7))
	var graph, pairs strings.Builder
	for range 3_000 {
		v := dice.IntN(1_000)
		fmt.Fprintf(&graph, "v%d,v%d,%.6f\n", v, (v+dice.IntN(60)+970)%1_000, dice.Float64()*100)
	}
	for v := range 1_000 {
		fmt.Fprintf(&graph, "v%d,v%d,1e3\n", v, v)
		fmt.Fprintf(&pairs, "v%d,v%d\n", dice.IntN(1_000), dice.IntN(1_000))
	}
	a := routed(t, "--graph", written(t, "g.csv", graph.String()), "--pairs", written(t, "p.csv", pairs.String()), "--check")
	if a.Check.Pairs != 1_000 || a.Check.GreatestS > 1e-6 {
		t.Errorf("%+v", a.Check)
	}
	none := 0
	for _, p := range a.Pairs {
		if p.Seconds == nil {
			none++
		}
	}
	if none == 0 || none > 500 {
		t.Errorf("%d of 1000 pairs have no way", none)
	}
}

func TestRouteOnStreets(t *testing.T) {
	streets := "../../testdata/worlds/lanhu.osm"
	world, err := loadStreets(t.Context(), streets)
	if err != nil {
		t.Fatal(err)
	}
	lines := world.Streets.Drawing()
	var text strings.Builder
	text.WriteString("to_lat,to_lon,from_lat,from_lon\n") // In any order, by name.
	for i := range 20 {
		from, to := lines[i*len(lines)/20].Points[0], lines[(i*7+3)%20*len(lines)/20].Points[0]
		fmt.Fprintf(&text, "%v,%v,%v,%v\n", to.Lat, to.Lon, from.Lat, from.Lon)
	}
	text.WriteString("0,0,0,0\n")
	speeds := written(t, "speeds.json", `{"factors":{"primary":[`+strings.Repeat("0.5,", 23)+`0.5]}}`)
	cache := filepath.Join(t.TempDir(), "order")
	pairs := written(t, "p.csv", text.String())
	for _, args := range [][]string{{}, {"--vehicle", "civil", "--hour", "8", "--speeds", speeds}} {
		a := routed(t, append([]string{"--streets", streets, "--pairs", pairs, "--check", "--cache", cache}, args...)...)
		answered, named := 0, 0
		for _, p := range a.Pairs {
			if p.Seconds != nil {
				answered++
			}
			if len(p.Names) > 0 {
				named++
			}
		}
		if len(a.Pairs) != 21 || answered < 15 || named < 10 || a.Check.Pairs < 20 || a.Check.GreatestS != 0 {
			t.Errorf("%v: %d answered, %d named, %+v", args, answered, named, a.Check)
		}
		if last := a.Pairs[20]; last.Seconds != nil || last.Why != whyOffStreet {
			t.Errorf("a place in the sea has the answer %+v", last)
		}
	}
	if _, err := os.Stat(cache); err != nil {
		t.Errorf("the order was not kept: %v", err)
	}
}

// TestRouteRefuses names bad rows by line, with what to do, and ends with 2.
func TestRouteRefuses(t *testing.T) {
	graph, pairs := written(t, "arcs.csv", "A,B,1\n"), written(t, "pairs.csv", "A,B\n")
	places := written(t, "places.csv", "1,2,3,4\n")
	for _, c := range []struct {
		says string
		args []string
	}{
		{"line 2: an id is empty", []string{"--graph", graph, "--pairs", written(t, "p.csv", "A,B\n,B\n")}},
		{"line 3: it has 1 columns", []string{"--graph", graph, "--pairs", written(t, "p.csv", "A,B\nB,A\nA\n")}},
		{"line 1: the time in seconds is \"-1\"", []string{"--graph", written(t, "g.csv", "A,B,-1\n"), "--pairs", pairs}},
		{"line 2: the time in seconds is \"NaN\"", []string{"--graph", written(t, "g.csv", "from,to,s\nA,B,NaN\n"), "--pairs", pairs}},
		{"line 1: an id is empty", []string{"--graph", written(t, "g.csv", ",B,1\n"), "--pairs", pairs}},
		{"line 1", []string{"--graph", written(t, "g.csv", "A\"x,B,1\n"), "--pairs", pairs}},
		{"holds no arcs", []string{"--graph", written(t, "g.csv", "from,to,seconds\n"), "--pairs", pairs}},
		{"cannot be read", []string{"--graph", "nowhere.csv", "--pairs", pairs}},
		{"and 5 more", []string{"--graph", graph, "--pairs", written(t, "p.csv", strings.Repeat("X\n", 15))}},
		{"line 1: from_lat is \"95\"", []string{"--streets", "x.osm", "--pairs", written(t, "p.csv", "1,95,3,4\n")}},
		{"has not 24 factors", []string{"--streets", "x.osm", "--pairs", places, "--speeds", written(t, "s.json", `{"primary":[1]}`)}},
		{"primary has the factor 0 at hour 3", []string{"--streets", "x.osm", "--pairs", places, "--speeds", written(t, "s.json", `{"primary":[1,1,1`+strings.Repeat(",0", 21)+`]}`)}},
		{"primary has the factor 80 at hour 0", []string{"--streets", "x.osm", "--pairs", places, "--speeds", written(t, "s.json", `{"factors":{"primary":80}}`)}},
		{"does not say which column", []string{"--streets", "x.osm", "--pairs", written(t, "p.csv", "p lat,p lon,q lat,q lon\n1,2,3,4\n")}},
		{"does not say which column", []string{"--graph", written(t, "g.csv", "id,from,to,miles,lanes\n1,A,B,3,2\n"), "--pairs", pairs}},
		{"out of range", []string{"--streets", "x.osm", "--pairs", places, "--hour", "24"}},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), append([]string{"route"}, c.args...), &out, &errs); code != 2 || !strings.Contains(errs.String(), c.says) || !strings.Contains(errs.String(), "what to do: ") {
			t.Errorf("%v ended with %d and says %q, want %q", c.args, code, errs.String(), c.says)
		}
	}
	for _, args := range [][]string{{"--pairs", pairs}, {"--graph", graph, "--streets", "x.osm", "--pairs", pairs}} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), append([]string{"route"}, args...), &out, &errs); code != 2 {
			t.Errorf("%v ended with %d: %s", args, code, errs.String())
		}
	}
}

// Tables are taken under any of the usual names, and with any separator.
func TestRouteReadsTables(t *testing.T) {
	pairs := written(t, "p.csv", "A,C\n")
	for _, text := range []string{
		"u,v,w\nA,B,1\nB,C,2\n", "s,t,w\nA,B,1\nB,C,2\n", "from_node,to_node,travel_time\nA,B,1\nB,C,2\n", "tail,head,travel_time_s\nA,B,1\nB,C,2\n",
		"length,weight_s,to_id,from_id\n9,1,B,A\n9,2,C,B\n", "Source Target Time_s\nA B 1\nB C 2\n", "id\tFrom Node\tTo Node\tDuration (s)\n1\tA\tB\t1\n2\tB\tC\t2\n",
		"from;to;seconds\nA;B;1\nB;C;2\n", "A;B;1\nB;C;2\n", "A\tB\t1\nB\tC\t2\n", "# drawn\n\nA,B,1\nB,C,2\n", "eins,zwei,drei\nA,B,1\nB,C,2\n", "from,to,how long\nA,B,1\nB,C,2\n",
	} {
		a := routed(t, "--graph", written(t, "g.csv", text), "--pairs", pairs)
		if p := a.Pairs[0]; len(a.Pairs) != 1 || p.Seconds == nil || *p.Seconds != 3 || a.Engine.Arcs != 2 {
			t.Errorf("%q: %+v", text, a)
		}
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"route", "--graph", written(t, "g.csv", "from,to,length\nA,B,1\nB,C,2\n"), "--pairs", pairs}, &out, &errs); code != 0 || !strings.Contains(errs.String(), "length as seconds") {
		t.Errorf("what was guessed is not said: %d %q", code, errs.String())
	}
	letters := written(t, "g.csv", "u,v,3\n")
	if a := routed(t, "--graph", letters, "--pairs", written(t, "p.csv", "u,v\n")); len(a.Pairs) != 1 || *a.Pairs[0].Seconds != 3 {
		t.Errorf("a pair of vertices is taken for a head: %+v", a)
	}
	if a := routed(t, "--graph", letters, "--pairs", written(t, "p.csv", "dest\torigin\nv\tu\n")); len(a.Pairs) != 1 || *a.Pairs[0].Seconds != 3 {
		t.Errorf("pairs by words: %+v", a)
	}
}

// Pairs of places are taken under any of the usual names.
func TestRouteReadsPlaces(t *testing.T) {
	for _, head := range []string{
		"from_lon,from_lat,to_lon,to_lat", "lon1,lat1,lon2,lat2", "lon0,lat0,lon1,lat1", "origin_lng,origin_lat,destination_lng,destination_lat", "start longitude,start latitude,end longitude,end latitude",
		"lon_from,lat_from,lon_to,lat_to", "x1,y1,x2,y2", "lon,lat,lon,lat", "one,two,three,four", "1,2,3,4",
	} {
		got, err := readPlaces(session{err: io.Discard}, written(t, "p.csv", head+"\n1,2,3,4\n"))
		if last := len(got) - 1; err != nil || last < 0 || got[last][0].Lon != 1 || got[last][0].Lat != 2 || got[last][1].Lon != 3 || got[last][1].Lat != 4 || last > 0 && head != "1,2,3,4" {
			t.Errorf("%s: %v, %v", head, got, err)
		}
	}
	got, err := readPlaces(session{err: io.Discard}, written(t, "p.csv", "lat2;lon2;lat1;lon1\n4;3;2;1\n"))
	if err != nil || got[0][0].Lon != 1 || got[0][1].Lat != 4 {
		t.Errorf("%v, %v", got, err)
	}
}

// A pair that names an unknown vertex has no answer; the others have.
func TestRouteUnknownVertex(t *testing.T) {
	graph, pairs := written(t, "g.csv", "A,B,1\n"), written(t, "p.csv", "from,to\nA,B\nX,B\nA,Y\n")
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"route", "--json", "--check", "--graph", graph, "--pairs", pairs}, &out, &errs)
	var a routeAnswer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil || code != 0 {
		t.Fatalf("%d %v %s", code, err, errs.String())
	}
	if len(a.Pairs) != 3 || *a.Pairs[0].Seconds != 1 || a.Unknown != 2 || a.Check.Pairs != 1 || !strings.Contains(errs.String(), "2 of 3 pairs") || !strings.Contains(out.String(), `"seconds":null`) {
		t.Errorf("%s %s", out.String(), errs.String())
	}
	for i, p := range a.Pairs[1:] {
		if p.Seconds != nil || p.Why != whyNoVertex || p.From != []string{"X", "A"}[i] || p.To != []string{"B", "Y"}[i] {
			t.Errorf("%+v", p)
		}
	}
}
