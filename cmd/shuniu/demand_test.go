package main

import (
	"testing"
	"time"
)

// What the mapping says that officers or sensors began enters neither the live demand nor a study's. Seen to fail while
// every recorded call was a caller's.
func TestRecordedDemandIsCallersOwn(t *testing.T) {
	mapping := written(t, "mapping.yaml", `call_id: id
place: {lon: lon, lat: lat}
type: kind
source: {column: who, map: {Y: patrol, S: sensor}, default: phone}
times: {zone: UTC, layouts: ["%Y-%m-%d %H:%M:%S"], received: received}
`)
	calls := written(t, "calls.csv", `id,lon,lat,kind,who,received
1,0.01,0.01,theft,N,2030-01-01 10:00:00
2,0.01,0.01,theft,,2030-01-02 11:00:00
3,0.03,0.01,stop,Y,2030-01-03 12:00:00
4,0.03,0.01,alarm,S,2030-01-04 13:00:00
5,0.03,0.01,stop,Y,2030-01-05 14:00:00
`)
	file, err := readCalls(t.Context(), calls, mapping)
	if err != nil || len(file.Calls) != 5 {
		t.Fatal(err, file.Calls)
	}
	if s := recordedDemand(file.Calls, time.UTC).Source(); s.Calls != 2 || s.OfficerLeftOut != 3 {
		t.Errorf("the live demand rests on %+v, want 2 calls and 3 left out", s)
	}
	past := recordedPast{past: past{calls: file.Calls}, done: true}
	got, err := past.Calls(t.Context(), 0, 0)
	if err != nil || got.OfficerLeftOut != 3 || got.Unsaid {
		t.Errorf("a study leaves out %d, unsaid %v, %v; want 3, said", got.OfficerLeftOut, got.Unsaid, err)
	}
	for i := range file.Calls {
		file.Calls[i].Source = ""
	}
	if got, _ = past.Calls(t.Context(), 0, 0); got.OfficerLeftOut != 0 || !got.Unsaid {
		t.Errorf("without a source %d are left out, unsaid %v", got.OfficerLeftOut, got.Unsaid)
	}
}
