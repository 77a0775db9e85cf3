package intake_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/intake"
)

const plain = `call_id: id
unit: unit
place: {lon: lon, lat: lat}
address: [street, no]
address_join: " "
type: {column: kind, map: {A: alarm}, default: other}
priority: prio
times:
  zone: America/Los_Angeles
  layouts: ["%Y-%m-%d %H:%M:%S"]
  received: received
  dispatch: dispatch
  on_scene: on_scene
narrative: text
`

const plainHeader = "id,unit,lon,lat,street,no,kind,prio,received,dispatch,on_scene,text\n"

func parse(t testing.TB, text string) intake.Mapping {
	t.Helper()
	m, err := intake.ParseMapping("m.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func read(t testing.TB, mapping, calls string) intake.File {
	t.Helper()
	f, err := intake.Read(context.Background(), strings.NewReader(calls), parse(t, mapping), nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRowsOfOneCallAreJoined(t *testing.T) {
	f := read(t, plain, "\xef\xbb\xbf"+plainHeader+
		"7,B,,,,,A,1,2017-01-02 10:00:00,2017-01-02 10:03:00,,\n"+
		"7,A,-122.4,37.7,Main St,5,A,1,2017-01-02 10:00:00,2017-01-02 10:02:00,2017-01-02 10:01:00,smoke\r\n"+
		"\n"+
		"7,A,-122.4,37.7,Main St,5,A,1,2017-01-02 10:00:00,2017-01-02 10:02:00,2017-01-02 10:01:00,smoke\n"+
		"6,,,,,,Z,,2017-01-02 10:00:00,,,\n")
	if len(f.Calls) != 2 || f.Calls[0].ID != "6" || f.Calls[1].ID != "7" {
		t.Fatalf("calls %+v", f.Calls)
	}
	c := f.Calls[1]
	if c.Type != "alarm" || f.Calls[0].Type != "other" || c.Address != "Main St 5" || c.Narrative != "smoke" || c.Place == nil || c.Place.Lon != -122.4 {
		t.Errorf("call %+v", c)
	}
	if len(c.Units) != 2 || c.Units[0].Unit != "A" || c.Units[1].Unit != "B" {
		t.Fatalf("units %+v", c.Units)
	}
	if !c.Units[0].Disorder || c.Units[1].Disorder {
		t.Error("only A arrived before it was sent")
	}
	if want := time.Date(2017, 1, 2, 18, 1, 0, 0, time.UTC); !c.Units[0].OnScene.Equal(want) {
		t.Errorf("the published time is kept: got %v, want %v", c.Units[0].OnScene, want)
	}
	want := intake.Counts{Rows: 4, Usable: 4, Units: 2, Repeated: 1, Disorder: 1, NoEnRoute: 2, NoOnScene: 1, NoAvailable: 2, NoPlace: 1}
	if f.Counts != want {
		t.Errorf("counted %+v\nwant    %+v", f.Counts, want)
	}
}

func TestBadRowsAreListedAndTheRestIsRead(t *testing.T) {
	const ok = "1,,,,,,,,2017-01-02 10:00:00,,,fine\n"
	for _, tt := range []struct {
		name, row  string
		line       int
		field      string
		bad        bool // Otherwise a doubt.
		goodBefore string
	}{
		{"no call number", ",,,,,,,,2017-01-02 10:00:00,,,\n", 3, "call_id", true, ok},
		{"no received time", "2,,,,,,,,,,,\n", 3, "times.received", true, ok},
		{"received is no time", "2,,,,,,,,yesterday,,,\n", 3, "times.received", true, ok},
		{"year of a slip", "2,,,,,,,,0017-01-02 10:00:00,,,\n", 3, "times.received", true, ok},
		{"not UTF-8", "2,,,,,,,,2017-01-02 10:00:00,,,\xff\n", 3, "", true, ok},
		{"comma not quoted", "2,,,,,,,,2017-01-02 10:00:00,,,a,b\n", 3, "", true, ok},
		{"quote never closed", "2,,,,,,,,2017-01-02 10:00:00,,,\"a\n", 3, "", true, ok},
		{"quote closed by a later row", "2,,,,,,,,2017-01-02 10:00:00,,,\"a\n3,,,,,,,,2017-01-02 10:00:00,,,\"b\"\n", 3, "", true, ok},
		{"after a cell of three lines", ",,,,,,,,2017-01-02 10:00:00,,,\n", 5, "call_id", true, "1,,,,,,,,2017-01-02 10:00:00,,,\"a\nb\nc\"\n"},
		{"a line of two million signs", "2," + strings.Repeat("x", 2_000_000) + "\n", 3, "", true, ok},
		{"dispatch is no time", "2,,,,,,,,2017-01-02 10:00:00,soon,,\n", 3, "times.dispatch", false, ok},
		{"latitude off the earth", "2,,37.7,-122.4,,,,,2017-01-02 10:00:00,,,\n", 3, "place", false, ok},
		{"null island", "2,,0,0,,,,,2017-01-02 10:00:00,,,\n", 3, "place", false, ok},
		{"cut off", "2,,,,,,,,2017-01-02 10:00:00\n", 3, "", false, ok},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := read(t, plain, plainHeader+tt.goodBefore+tt.row+"9,,,,,,,,2017-01-02 11:00:00,,,last\n")
			rows := f.Doubts
			if tt.bad {
				rows = f.Bad
			}
			if len(rows) != 1 || len(f.Bad)+len(f.Doubts) != 1 || rows[0].Line != tt.line || rows[0].Field != tt.field {
				t.Fatalf("bad %+v, doubts %+v; want line %d, field %q", f.Bad, f.Doubts, tt.line, tt.field)
			}
			if last := f.Calls[len(f.Calls)-1]; last.ID != "9" || last.Narrative != "last" {
				t.Errorf("the row after it was lost: %+v", last)
			}
			if f.Counts.Rows != f.Counts.Usable+len(f.Bad) {
				t.Errorf("%d rows, but %d usable and %d bad", f.Counts.Rows, f.Counts.Usable, len(f.Bad))
			}
		})
	}
}

// A mark that is never closed costs its own row and no other, and the lines below keep their numbers.
func TestAnOpenQuoteCostsOneRow(t *testing.T) {
	const open = "2,,,,,,,,2017-01-02 10:00:00,,,\"a\n"
	for _, tt := range []struct{ name, next string }{
		{"no mark below", "3,A,,,,,,,2017-01-02 10:00:00,,,c\n"},
		{"a mark below, then a comma", "3,5\",,,,,,,2017-01-02 10:00:00,,,c\n"},
		{"a quoted cell below", "3,\"A\",,,,,,,2017-01-02 10:00:00,,,c\n"},
	} {
		f := read(t, plain, plainHeader+open+tt.next+",,,,,,,,2017-01-02 10:00:00,,,\n")
		if len(f.Bad) != 2 || f.Bad[0].Line != 2 || f.Bad[1].Line != 4 {
			t.Errorf("%s: bad rows %+v, want lines 2 and 4", tt.name, f.Bad)
		}
		if len(f.Calls) != 1 || f.Calls[0].ID != "3" || f.Calls[0].Narrative != "c" {
			t.Errorf("%s: calls %+v, want only 3", tt.name, f.Calls)
		}
	}
}

func TestPlacesInOneCell(t *testing.T) {
	const mapping = "call_id: id\nplace: {%: at}\ntimes: {zone: UTC, layouts: ['2006-01-02T15:04:05Z07:00'], received: r}\n"
	for _, tt := range []struct{ way, text, address string }{
		{"pair", "(37.7, -122.4)", ""},
		{"pair", "37.7 -122.4", ""},
		{"pair", "POINT (-122.4 37.7)", ""},
		{"cell", "12 MAIN ST\nSAN FRANCISCO\n(37.7, -122.4)", "12 MAIN ST, SAN FRANCISCO"},
	} {
		f := read(t, strings.Replace(mapping, "%", tt.way, 1), "id,at,r\n1,\""+tt.text+"\",2017-01-02T10:00:00+08:00\n")
		c := f.Calls[0]
		if c.Place == nil || c.Place.Lon != -122.4 || c.Place.Lat != 37.7 || c.Address != tt.address {
			t.Errorf("%s %q: place %v, address %q", tt.way, tt.text, c.Place, c.Address)
		}
		if want := time.Date(2017, 1, 2, 2, 0, 0, 0, time.UTC); !c.Received.Equal(want) {
			t.Errorf("the offset in the text was not used: %v", c.Received)
		}
	}
}

// On 6 November 2016 at 02:00 the clocks of San Francisco went back one hour, on 13 March at 02:00 forward.
func TestClocksThatChange(t *testing.T) {
	for _, tt := range []struct{ name, received, dispatch, wantReceived, wantDispatch string }{
		{"new year", "2016-12-31 23:59:50", "2017-01-01 00:00:20", "2017-01-01T07:59:50Z", "2017-01-01T08:00:20Z"},
		{"both in the hour shown twice", "2016-11-06 01:10:00", "2016-11-06 01:20:00", "2016-11-06T08:10:00Z", "2016-11-06T08:20:00Z"},
		{"across the change", "2016-11-06 01:58:00", "2016-11-06 01:03:00", "2016-11-06T08:58:00Z", "2016-11-06T09:03:00Z"},
		{"the hour shown never", "2016-03-13 01:59:00", "2016-03-13 02:04:00", "2016-03-13T09:59:00Z", "2016-03-13T10:04:00Z"},
		{"summer", "2016-07-01 12:00:00", "2016-07-01 12:01:00", "2016-07-01T19:00:00Z", "2016-07-01T19:01:00Z"},
	} {
		f := read(t, plain, plainHeader+"1,A,,,,,,,"+tt.received+","+tt.dispatch+",,\n")
		c := f.Calls[0]
		if got := c.Received.Format(time.RFC3339); got != tt.wantReceived {
			t.Errorf("%s: received %s, want %s", tt.name, got, tt.wantReceived)
		}
		if got := c.Units[0].Dispatch.Format(time.RFC3339); got != tt.wantDispatch || c.Units[0].Disorder {
			t.Errorf("%s: dispatched %s, want %s", tt.name, got, tt.wantDispatch)
		}
	}
}

func TestSplitDatesPassMidnight(t *testing.T) {
	f := read(t, `call_id: id
unit: u
times:
  zone: Asia/Shanghai
  date_layouts: ["%d.%m.%Y"]
  time_layouts: ["%I:%M %p"]
  received: {date: d, time: r}
  dispatch: {date: d, time: s}
  on_scene: {date: d, time: o}
`, "id,u,d,r,s,o\n1,A,31.12.2016,11:58 pm,12:01 a.m.,12:09 AM\n2,A,31.12.2016,11:58 pm,11:57 pm,\n")
	u := f.Calls[0].Units[0]
	if got := u.OnScene.Format(time.RFC3339); got != "2016-12-31T16:09:00Z" || u.Disorder {
		t.Errorf("on scene %s, disorder %v", got, u.Disorder)
	}
	if !f.Calls[1].Units[0].Disorder {
		t.Error("a minute too early is disorder, not tomorrow")
	}
}

func TestGzipAndItsDamage(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(plainHeader + strings.Repeat("1,,,,,,,,2017-01-02 10:00:00,,,x\n", 2000))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	m := parse(t, plain)
	f, err := intake.Read(context.Background(), bytes.NewReader(b.Bytes()), m, nil)
	if err != nil || f.Counts.Rows != 2000 {
		t.Fatalf("%d rows, %v", f.Counts.Rows, err)
	}
	f, err = intake.Read(context.Background(), bytes.NewReader(b.Bytes()[:b.Len()-12]), m, nil)
	if fault.KindOf(err) != fault.Invalid || f.Counts.Rows == 0 {
		t.Errorf("a file cut off: %d rows, %v", f.Counts.Rows, err)
	}
}

func TestReadStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	rows := plainHeader + strings.Repeat("1,,,,,,,,2017-01-02 10:00:00,,,x\n", 5000)
	f, err := intake.Read(ctx, strings.NewReader(rows), parse(t, plain), func(intake.Progress) { cancel() })
	if !errors.Is(err, context.Canceled) || f.Counts.Rows == 0 || f.Counts.Rows >= 5000 {
		t.Errorf("%d rows, %v", f.Counts.Rows, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(plainHeader + "7,A,-122.4,37.7,Main St,5,A,1,2017-01-02 10:00:00,2017-01-02 10:02:00,,\"a\nb\"\n"))
	f.Add([]byte(plainHeader + "\"7,A\n8,\"\"\"\n,,\n"))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	m := parse(f, plain)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, text := range [][]byte{data, append([]byte(plainHeader), data...)} {
			file, err := intake.Read(context.Background(), bytes.NewReader(text), m, nil)
			if err != nil && fault.KindOf(err) == fault.Internal {
				t.Fatalf("our own mistake: %v", err)
			}
			if c := file.Counts; c.Rows != c.Usable+len(file.Bad) || len(file.Calls) > c.Usable {
				t.Fatalf("%d rows, %d usable, %d bad, %d calls", c.Rows, c.Usable, len(file.Bad), len(file.Calls))
			}
			line := 1
			for _, b := range file.Bad {
				if b.Line <= line {
					t.Fatalf("line %d after %d", b.Line, line)
				}
				line = b.Line
			}
			intake.Measure(file.Calls)
		}
	})
}
