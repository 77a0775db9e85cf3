package callers_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"shuniu/internal/callers"
)

// busyDays gives the calls of one busy day, hour by hour, on a ground.
func busyDays(t *testing.T, ground *callers.Ground, s callers.Surge) []callers.Call {
	t.Helper()
	g := generator(t, callers.Options{Ground: ground, Seed: 11, PerDay: 20_000})
	from := time.Date(2030, 6, 7, 0, 0, 0, 0, zone(t))
	var calls []callers.Call
	for m := range 24 * 60 {
		calls = g.Minute(calls, from.Add(time.Duration(m)*time.Minute), s)
	}
	return calls
}

// Nobody says what cannot be where he is: no collision on a floor, no traffic signals in an estate, no queue on a path.
func TestWordsFitThePlace(t *testing.T) {
	ground, err := callers.GroundOf(district(t), "zh")
	if err != nil {
		t.Fatal(err)
	}
	if len(ground.Spots["estate"]) < 1_000 {
		t.Fatalf("the district has too few doors to prove anything: %s", ground.Summary())
	}
	indoors := regexp.MustCompile(`单元|\d楼`)
	seen := map[string]int{}
	for _, c := range busyDays(t, ground, callers.Surge{}) {
		exact := !strings.HasSuffix(c.Place, "附近") && c.Kind == callers.Normal
		traffic := c.Type == "crash" || c.Type == "traffic_minor"
		switch {
		case traffic && indoors.MatchString(c.Place):
			t.Errorf("%s at %s: %s", c.Type, c.Place, c.Narrative)
		case exact && strings.Contains(c.Narrative, "红绿灯"):
			seen["signals"]++
			if !strings.Contains(c.Place, "交叉口") {
				t.Errorf("signals at %s: %s", c.Place, c.Narrative)
			}
		case exact && strings.Contains(c.Narrative, "喝醉的在路上"):
			seen["drunk"]++
			if strings.Contains(c.Place, "里面") {
				t.Errorf("a drunk on the road in %s", c.Place)
			}
		case exact && c.Type == "noise" && strings.Contains(c.Narrative, "跳舞"):
			seen["dance"]++
			if indoors.MatchString(c.Place) {
				t.Errorf("a dance on a floor, %s: %s", c.Place, c.Narrative)
			}
		case exact && c.Type == "traffic_minor" && (strings.Contains(c.Place, "地下车库") || strings.Contains(c.Place, "小区门口")):
			seen["yard"]++
		case exact && c.Type == "help" && strings.Contains(c.Narrative, "迷路了，不认识"):
			seen["lost"]++
			if indoors.MatchString(c.Place) {
				t.Errorf("lost at home, %s: %s", c.Place, c.Narrative)
			}
		}
	}
	for _, what := range []string{"signals", "drunk", "dance", "yard", "lost"} {
		if seen[what] < 3 {
			t.Errorf("%s was said %d times only: nothing is proved", what, seen[what])
		}
	}
}

// What belongs together is said together, and nothing else is.
func TestWordsBelongTogether(t *testing.T) {
	never := []*regexp.Regexp{
		regexp.MustCompile(`(房东|租房的).*(车费|漏水|狗)`),
		regexp.MustCompile(`(楼上楼下|上下楼).*(押金|车费|工钱|退货)`),
		regexp.MustCompile(`工地.*(划拳|唱歌|敲门)`),
		regexp.MustCompile(`，(撞的|碰了一下|撞了)`),
		regexp.MustCompile(`捡到?了?一(只|个)(身份证|手机|银行卡)`),
		regexp.MustCompile(`便利店.*金库`),
		regexp.MustCompile(`，，|！，|，！|。，`),
	}
	said := map[string]int{}
	for _, c := range busyDays(t, nil, callers.Surge{}) {
		for _, r := range never {
			if r.MatchString(c.Narrative) {
				t.Errorf("%s: %s", r, c.Narrative)
			}
		}
		for _, word := range []string{"房东", "楼上楼下", "工地", "捡到一", "便利店"} {
			if strings.Contains(c.Narrative, word) {
				said[word]++
			}
		}
	}
	if len(said) < 5 {
		t.Errorf("too little was said to prove anything: %v", said)
	}
}

// Night is spoken of at night, and floods in a storm.
func TestWordsFitTheHour(t *testing.T) {
	flood := func(s string) bool { return strings.Contains(s, "积水") || strings.Contains(s, "大树倒了") }
	night, floods := 0, 0
	for _, c := range busyDays(t, nil, callers.Surge{}) {
		h := c.At.In(zone(t)).Hour()
		if strings.Contains(c.Narrative, "半夜") {
			if night++; h >= 6 && h < 22 {
				t.Errorf("at %d o'clock: %s", h, c.Narrative)
			}
		}
		if strings.Contains(c.Narrative, "天也黑了") && h >= 6 && h < 19 {
			t.Errorf("at %d o'clock: %s", h, c.Narrative)
		}
		if strings.Contains(c.Narrative, "昨晚") || strings.Contains(c.Narrative, "中午上班的") {
			t.Errorf("an hour that nobody has checked: %s", c.Narrative)
		}
		if flood(c.Narrative) {
			t.Errorf("on a dry day: %s", c.Narrative)
		}
	}
	for _, c := range busyDays(t, nil, callers.Surge{Kind: "storm", Factor: 3}) {
		if callers.OfSurge(c.Event) && flood(c.Narrative) {
			floods++
		}
	}
	if night < 3 || floods < 3 {
		t.Errorf("night is spoken of %d times, floods %d times: nothing is proved", night, floods)
	}
}
