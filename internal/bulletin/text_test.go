package bulletin_test

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/bulletin"
)

// The paper of the small week, word for word.
func TestText(t *testing.T) {
	o := weekOptions()
	o.AsOf, o.AtLeast = at("2030-06-18 08:05:00"), 1
	o.Units, o.Types = map[string]string{"st1": "汀兰派出所", "st2": "柳堰派出所"}, map[string]string{"theft": "盗窃", "noise": "噪音扰民", "fraud": "电信诈骗"}
	want := `接处警工作情况通报
（全中心，2030年6月10日0时至2030年6月17日0时）

一、接报警情。共接报警情4起，环比上升300.0%（上期1起），同比无可比数据。其中有效警情3起，环比上升200.0%（上期1起），同比无可比数据。另有无效警情1起。
二、签收、出警与反馈。出警、反馈时间自派警起算。` +
		`签收：处警指令4条，有签收时间的3条，30秒以内1条（33.3%），30秒至1分钟1条（33.3%），1分钟至2分钟0条（0.0%），2分钟至3分钟0条（0.0%），超过3分钟1条（33.3%）；中位数31秒，90%在3分1秒以内；未签收或时间不全的1条。` +
		`出警：处警指令4条，有出警时间的3条，5分钟以内2条（66.7%），5分钟至10分钟1条（33.3%），10分钟至15分钟0条（0.0%），15分钟至30分钟0条（0.0%），超过30分钟0条（0.0%）；中位数5分0秒，90%在5分1秒以内；未出警或时间不全的1条。` +
		`反馈：已派警的警情3起，有反馈时间的2起，30分钟以内1起（50.0%），30分钟至1小时0起（0.0%），1小时至2小时0起（0.0%），2小时至4小时0起（0.0%），超过4小时1起（50.0%）；中位数30分0秒，90%在24小时0分0秒以内；未反馈或时间不全的1起。
三、未办结警情。截至2030年6月18日8时5分，未办结警情2起：处置中1起、已反馈待审核1起。按单位：汀兰派出所处置中1起、柳堰派出所已反馈待审核1起。
四、用时较长的单位。签收：汀兰派出所（中位数30秒，90%在3分1秒以内）、柳堰派出所（中位数31秒，90%在31秒以内）。` +
		`出警：柳堰派出所（中位数10秒，90%在5分1秒以内）、汀兰派出所（中位数5分0秒，90%在5分0秒以内）。` +
		`反馈：柳堰派出所（中位数24小时0分0秒，90%在24小时0分0秒以内）、汀兰派出所（中位数30分0秒，90%在30分0秒以内）。
五、警情类别。按接警类别：盗窃2起（66.7%，环比上升100.0%）、噪音扰民1起（33.3%，环比不计增幅）。按反馈类别：未填1起（33.3%，环比持平）、电信诈骗1起（33.3%，环比不计增幅）、噪音扰民1起（33.3%，环比不计增幅）。两者均有而不一致的1起。
六、警情较多的地点。A 2起（66.7%，环比上升100.0%）、B 1起（33.3%，环比不计增幅）。
七、上升情况。盗窃2起，比上期多1起（环比上升100.0%）；噪音扰民1起，比上期多1起（环比不计增幅）；A 2起，比上期多1起（环比上升100.0%）；B 1起，比上期多1起（环比不计增幅）。
注：类别、地点按有效警情统计；恰在界限上的时间计入较短一档；百分位数按最近秩取值；签收、出警计入出警人员所属单位，其余计入管辖单位；时间为UTC时间。
`
	got := made(t, week(), o).Text()
	for k, line := range strings.Split(want, "\n") {
		if own := strings.Split(got, "\n"); k >= len(own) || own[k] != line {
			t.Errorf("line %d is\n%s\nwant\n%s", k+1, strings.Join(own[min(k, len(own)):min(k+1, len(own))], ""), line)
		}
	}
}

// What is absent is said to be absent, and an empty week makes a paper, too.
func TestTextOfLittle(t *testing.T) {
	o := weekOptions()
	o.Lacks = []bulletin.Field{bulletin.Signatures, bulletin.Departures, bulletin.Feedbacks, bulletin.FedTypes, bulletin.States, bulletin.Streets}
	text := made(t, week(), o).Text()
	for _, want := range []string{"签收：数据中无签收时间，不作统计", "出警：数据中无出警时间", "反馈：数据中无反馈时间", "按反馈类别：数据中无反馈类别", "有效警情：数据中无警情状态", "地点。数据中无地点", "按接报警情统计"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q:\n%s", want, text)
		}
	}
	o.AsOf = o.To.Add(-time.Hour)
	if early := made(t, week(), o).Text(); !strings.Contains(early, "注：记录截至2030年6月16日23时，早于统计期末，环比、同比仅供参考；") {
		t.Errorf("the paper of a week that is not over:\n%s", early)
	}
	if o.AsOf = o.To; !made(t, week(), o).Over {
		t.Error("records that reach to the end of the week are not enough")
	}
	o.Lacks, o.Since = nil, time.Time{}
	if text = made(t, nil, o).Text(); !strings.Contains(text, "共接报警情0起，环比无可比数据，同比无可比数据") || strings.Contains(text, "中位数") {
		t.Errorf("the paper of nothing:\n%s", text)
	}
}

// Whatever the incidents are: no number stands in the paper that is not one of the figures, or of a date or bound of them.
func TestTextHasNoNumberOfItsOwn(t *testing.T) {
	from := at("2030-06-10 00:00:00")
	number := regexp.MustCompile(`\d+(\.\d+)?`)
	rapid.Check(t, func(r *rapid.T) {
		b, err := bulletin.Make(anyIncidents(r, from), bulletin.Options{From: from, To: from.AddDate(0, 0, 7), AsOf: from.AddDate(0, 0, 8), Since: from.AddDate(-2, 0, 0), AtLeast: 1})
		if err != nil {
			r.Fatal(err)
		}
		figures := figuresOf(b)
		names := strings.NewReplacer("st1", "", "st2", "", "st3", "")
		for _, n := range number.FindAllString(names.Replace(b.Text()), -1) {
			if !figures[n] {
				r.Fatalf("%s is no figure:\n%s", n, b.Text())
			}
		}
	})
}

func figuresOf(b *bulletin.Bulletin) map[string]bool {
	out := map[string]bool{"90": true} // The ninth decile by its name.
	add := func(numbers ...int) {
		for _, n := range numbers {
			out[fmt.Sprint(n)] = true
		}
	}
	percent := func(f *float64) {
		if f != nil {
			out[fmt.Sprintf("%.1f", math.Abs(*f))] = true
		}
	}
	change := func(c bulletin.Change) {
		percent(c.Percent)
		if c.N != nil {
			add(*c.N)
		}
	}
	share := func(s bulletin.Share) { add(s.N); percent(&s.Percent); change(s.Before) }
	pace := func(p bulletin.Pace) {
		add(p.N)
		for _, s := range []*float64{p.P50S, p.P90S} {
			if s != nil {
				n := int(*s)
				add(n/3600, n/60%60, n%60)
			}
		}
	}
	for _, at := range []time.Time{b.From, b.To, b.AsOf} {
		add(at.Year(), int(at.Month()), at.Day(), at.Hour(), at.Minute())
	}
	for _, c := range []bulletin.Compared{b.Received, b.Valid} {
		add(c.N)
		change(c.Before)
		change(c.Year)
	}
	for _, s := range []bulletin.Speed{b.Sign, b.Depart, b.Feedback} {
		pace(s.Pace)
		add(s.All.N, s.Unknown.N, s.Disorder.N)
		for _, k := range s.Buckets {
			add(k.N)
			percent(&k.Percent)
			for _, n := range []int{1, 60, 3600} {
				add(int(k.OverS) / n)
			}
		}
	}
	for _, list := range [][]bulletin.Share{b.Void, b.Open.States, b.Taken.Rows, b.Fed.Rows, b.Places.Rows} {
		for _, s := range list {
			share(s)
		}
	}
	for _, c := range b.Open.Cells {
		add(c.N)
	}
	for _, s := range b.Slow {
		for _, u := range s.Units {
			pace(u.Pace)
		}
	}
	for _, x := range b.Rising {
		share(x.Share)
		add(x.More)
	}
	add(b.Open.All.N, b.Changed.N, b.Places.Rest.N)
	return out
}
