package intake_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"shuniu/internal/fault"
	"shuniu/internal/intake"
)

func TestMappingErrorsNameTheLineAndTheRemedy(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"unknown key", "narrative: text", "narative: text", "m.yaml:14:"},
		{"unknown key inside", "  zone:", "  zonne: x\n  zone:", "m.yaml:9:"},
		{"unknown key in a table", "default: other", "defualt: other", "m.yaml:6:"},
		{"bad YAML", "call_id: id", "call_id: [id", "m.yaml:"},
		{"bad zone", "America/Los_Angeles", "America/San_Francisco", "m.yaml:9: times.zone"},
		{"no zone", "  zone: America/Los_Angeles\n", "", "m.yaml:8: times.zone"},
		{"unknown directive", "%H:%M:%S", "%Q", "m.yaml:10: times.layouts"},
		{"twelve hours without AM", "%H:%M:%S", "%I:%M:%S", "m.yaml:10: times.layouts"},
		{"letters of another notation", "%Y-%m-%d %H:%M:%S", "yyyy-MM-dd HH:mm:ss", "m.yaml:10: times.layouts"},
		{"no call number", "call_id: id\n", "", "m.yaml:1: call_id"},
		{"no received time", "  received: received\n", "", "m.yaml:8: times.received"},
		{"half a step", "dispatch: dispatch", "dispatch: {date: x}", "m.yaml:12: times.dispatch"},
		{"place in two ways", "lat: lat}", "lat: lat, pair: p}", "m.yaml:3: place"},
		{"half a place", ", lat: lat}", "}", "m.yaml:3: place"},
		{"another format", "call_id: id", "call_id: id\nformat: xlsx", "m.yaml:2: format"},
		{"another encoding", "call_id: id", "call_id: id\nencoding: gb18030", "m.yaml:2: encoding"},
		{"a source that is none", "call_id: id", "call_id: id\nsource: {column: who, map: {Y: officer}, default: phone}", "m.yaml:2: source: [\"officer\"]"},
		{"a source without a default", "call_id: id", "call_id: id\nsource: who", "m.yaml:2: source"},
		{"delimiter of two signs", "call_id: id", "call_id: id\ndelimiter: \"||\"", "m.yaml:2: delimiter"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(plain, tt.old, tt.new, 1)
			if text == plain {
				t.Fatal("the test changes nothing")
			}
			_, err := intake.ParseMapping("m.yaml", strings.NewReader(text))
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Remedy == "" || !strings.Contains(f.Text, tt.want) {
				t.Errorf("got %v, want %q with a remedy", err, tt.want)
			}
		})
	}
}

func TestAllComplaintsAtOnce(t *testing.T) {
	_, err := intake.ParseMapping("m.yaml", strings.NewReader("unit: u\ntimes:\n  zone: Nowhere\n"))
	for _, want := range []string{"call_id", "times.zone", "times.received"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestAMissingColumnNamesTheOnesThatAreThere(t *testing.T) {
	_, err := intake.Read(context.Background(), strings.NewReader(strings.Replace(plainHeader, "prio,", "rank,", 1)), parse(t, plain), nil)
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid || !strings.Contains(f.Text, `m.yaml:7: priority: the file has no column "prio"`) || !strings.Contains(f.Remedy, "rank") {
		t.Errorf("got %v", err)
	}
}

func TestTheZeroMappingReadsNothing(t *testing.T) {
	if _, err := intake.Read(context.Background(), strings.NewReader("a\n1\n"), intake.Mapping{}, nil); fault.KindOf(err) != fault.Internal {
		t.Errorf("got %v", err)
	}
}

func TestLoadMappingWithoutAFile(t *testing.T) {
	if _, err := intake.LoadMapping("none.yaml"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
}
