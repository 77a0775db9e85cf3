package main

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// kind is one type of call. The shares follow what Guangzhou published for 2015 (30 % traffic, 10 % crime and public
// order, 20 % not for the police, 30 % invalid, 10 % other), without the invalid ones: 430, 143, 285 and 142 in a
// thousand. Inside these groups disputes outnumber the rest of "other", and theft the rest of crime, as in the
// published half year of another city.
type kind struct {
	name     string // As an answering point writes it; centres/yunze/mapping.yaml gives our id.
	perMille int
	priority string
	hours    [24]int  // Weights of the hours 0 to 23.
	places   []string // Named places; none means any door in town.
	tales    []tale
	crowd    bool   // Several people see it: one in four is reported again.
	again    string // What the second caller says.
}

// tale is one way to say it. A word in brackets is chosen from its list.
type tale struct {
	text     string
	priority string   // When it differs from the kind's.
	places   []string // When they differ from the kind's.
}

// tell fills the brackets.
func tell(text string, rng *rand.Rand) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		choice, after, _ := strings.Cut(rest, "]")
		options := strings.Split(choice, "|")
		b.WriteString(options[rng.IntN(len(options))])
		text = after
	}
}

// The shapes of a day: busy hours, opening hours, the evening, the night of a Friday.
func byDay() [24]int {
	return [24]int{2, 1, 1, 1, 1, 2, 4, 8, 10, 10, 9, 8, 7, 7, 8, 8, 9, 10, 9, 8, 7, 6, 4, 3}
}

func byTraffic() [24]int {
	return [24]int{2, 1, 1, 1, 1, 2, 5, 13, 14, 9, 8, 8, 7, 7, 8, 9, 11, 15, 14, 9, 7, 6, 4, 3}
}

func byEvening() [24]int {
	return [24]int{8, 5, 3, 2, 1, 1, 1, 2, 3, 3, 3, 4, 5, 4, 4, 4, 5, 6, 8, 10, 12, 14, 14, 12}
}

func kinds() []kind {
	return slices.Concat(traffic(), crime(), help(), other())
}

func traffic() []kind {
	return []kind{
		{
			name: "人伤交通事故", perMille: 60, priority: "P2", hours: byTraffic(), crowd: true,
			again: "[路过看到|我在路边看到]撞车了，有人[坐在|躺在]地上，[救护车还没到|围了不少人]",
			tales: []tale{
				{text: "[电动车|摩托车]和[小轿车|出租车]相撞，骑车人[腿受伤|手臂擦伤|头上出血]，[人清醒|能说话]"},
				{text: "[一名老人|一名学生|一名行人]过马路被[电动车|小轿车]碰倒，[说腰疼|脚踝肿了|站不起来]"},
				{text: "[两车|三车]追尾，[驾驶员胸口疼|后排乘客碰到头]，车还[占着|停在][快车道|路中间]"},
				{text: "[货车|面包车]和小轿车相撞，驾驶员卡在车里出不来，[有汽油味|人还清醒]", priority: "P1"},
			},
		},
		{
			name: "轻微交通事故", perMille: 370, priority: "P3", hours: byTraffic(),
			tales: []tale{
				{text: "两车[刮擦|追尾]，没人受伤，[双方都说不是自己的责任|对方要走|等交警来定责]"},
				{text: "[停着的车|路边的车]被[刮了|撞了]，对方[已经开走|没有留电话]，[想看监控|车门有凹痕]"},
				{text: "[电动车|三轮车]碰了[我的车|小轿车]，[后视镜|保险杠]坏了，[人没事|人没有受伤]"},
				{text: "[门口|路口|消防通道]有车[堵住了出口|乱停]，[车主电话打不通|联系不上车主]，车子出不去"},
				{text: "[路口|桥头]红绿灯[不亮了|乱闪]，[车都堵住了|排了很长的队]"},
				{text: "倒车碰到[石墩|栏杆|花坛]，要开[事故证明|保险用的证明]"},
			},
		},
	}
}

func crime() []kind {
	return []kind{
		{
			name: "持刀伤人", perMille: 2, priority: "P1", hours: byEvening(), crowd: true,
			again: "有人拿刀，[大家都在跑|地上有血]，你们快来",
			tales: []tale{
				{text: "[一名男子|一个穿黑衣服的男的]拿着[菜刀|水果刀]追人，已经[砍伤一个|划伤两个]，[还在追|往路口跑了]"},
				{text: "[烧烤摊|小饭店]两个人吵起来，一个拿刀[捅了对方肚子|砍了对方手臂]，血流得很多"},
			},
		},
		{
			name: "抢劫", perMille: 2, priority: "P1", hours: byEvening(),
			tales: []tale{{text: "刚才[一个戴头盔的|两个骑摩托车的]把我的[包|手机|金项链]抢走了，往[东|西|江边]跑的，[不到两分钟|就刚刚]"}},
		},
		{
			name: "入室盗窃", perMille: 8, priority: "P3", hours: byDay(),
			tales: []tale{
				{text: "回家发现[门锁被撬|窗户开着]，[抽屉翻乱了|柜子里的现金没有了]，[昨晚|上午]没人在家"},
				{text: "听见[楼下仓库|隔壁空房]有人撬门，[手电在晃|还在里面]，不敢出去", priority: "P1"},
			},
		},
		{
			name: "盗窃", perMille: 55, priority: "P3", hours: byDay(),
			tales: []tale{
				{text: "[停在楼下|停在店门口]的电动车[不见了|电瓶被拆走了]，[昨晚|中午]还在"},
				{text: "[在超市|坐公交车|排队]的时候[手机|钱包]被偷，[刚发现|发现十来分钟了]"},
				{text: "[店里|摊位上]少了[两条烟|一箱酒|几件衣服]，监控里看到[一个戴帽子的人|一男一女]"},
				{text: "[工地|仓库]的[电缆|扣件]少了一批，[早上|交班时]才发现"},
				{text: "[人多的时候|一转身]包被划开，[现金|证件]没了", places: []string{"汀兰菜市场", "鹤汀客运站", "澜湖高铁站"}},
			},
		},
		{
			name: "电信诈骗", perMille: 28, priority: "P1", hours: byDay(),
			tales: []tale{
				{text: "[接到电话说是客服|被拉进一个群]，[让我退款|说能返利]，刚转了[八千|两万|三万五]，[不到十分钟|就刚才]"},
				{text: "我[母亲|父亲]正在[银行|家里]给人转账，对方说是[查案的|亲戚]，[劝不住|还没有转完]"},
				{text: "[贷款|兼职刷单]让先交[保证金|解冻费]，转了[五千|一万二]以后对方[不回话|把我删了]，[半小时前|一个小时前]"},
			},
		},
		{
			name: "打架斗殴", perMille: 38, priority: "P2", hours: byEvening(), crowd: true,
			again: "[楼下|街上][还在打|有人打架]，[声音很大|围了很多人]",
			tales: []tale{
				{text: "[饭店|烧烤摊|歌厅]门口[四五个人|两伙人]打起来了，都[喝了酒|很激动]，[没看到拿东西|有人摔酒瓶]"},
				{text: "[两个人|两个男的]为[停车位|排队]动手，一个[鼻子流血|嘴角破了]"},
				{text: "[一个醉汉|喝醉的男子]在[店里|路边][砸东西|拦着人骂]，劝不走"},
				{text: "我被[同事|邻居|房东]打了，[脸上|头上]有伤，人还在这里"},
			},
		},
		{
			name: "家庭暴力", perMille: 10, priority: "P2", hours: byEvening(),
			tales: []tale{
				{text: "丈夫[又|喝了酒]动手打我，[现在在楼下|我躲在卫生间]，[以前也报过|这是第一次报]"},
				{text: "[隔壁|楼上]夫妻吵架，听见[女的在喊救命|一直在摔东西]"},
				{text: "[隔壁|楼上]在打孩子，孩子哭喊[半个多小时|很久]了，[还有砸门声|听着很吓人]", priority: "P1"},
			},
		},
	}
}

func help() []kind {
	return []kind{
		{
			name: "人员走失", perMille: 5, priority: "P1", hours: byDay(), places: []string{"采菱公园", "柳堰公园", "澜湖高铁站", "汀兰步行街", "汀兰菜市场"},
			tales: []tale{
				{text: "[六岁女孩|七岁男孩|五岁男孩]走丢了，穿[红色外套|黄色上衣|校服]，[十分钟前|二十分钟前]还在身边"},
				{text: "家里老人[八十一岁|七十六岁]，[记性不好|有失智]，[早上|下午]出门[没回来|电话没带]"},
				{text: "[女儿十六岁|儿子十五岁]吵架后出走，[昨晚|中午]到现在联系不上", priority: "P2"},
			},
		},
		{
			name: "群众求助", perMille: 110, priority: "P3", hours: byDay(),
			tales: []tale{
				{text: "[老人|孩子]一个人反锁在屋里，[锅还在煮|打不开门|隔着门能说话]", priority: "P2"},
				{text: "[一位老人|一名男子][坐在路边|躺在花坛边]，[说不清住哪里|像是喝多了]，想请你们看看"},
				{text: "[钥匙|手机]掉进[下水道|电梯缝]了，[能不能帮忙|物业说没办法]"},
				{text: "[流浪狗|马蜂窝|一条蛇]在[楼道口|小区里|幼儿园门口]，怕[咬人|伤到孩子]"},
				{text: "[楼道|厨房]水管爆了，[水漫到楼下|找不到阀门]，物业[不接电话|说要等]"},
				{text: "[邻居老人|租客]两天没出门，敲门[没人应|不答应]，[想请你们开门看看|担心出事]", priority: "P2"},
			},
		},
		{
			name: "咨询", perMille: 95, priority: "P4", hours: byDay(),
			tales: []tale{
				{text: "问[身份证|居住证|户口]怎么办，[要带什么|周末办不办]"},
				{text: "问[养狗证|电动车牌照]在哪里办"},
				{text: "问上次报的警[处理得怎么样了|有没有结果]"},
				{text: "[工资|押金|货款]要不回来，问该找哪个部门"},
			},
		},
		{
			name: "遗失物品", perMille: 50, priority: "P3", hours: byDay(),
			tales: []tale{
				{text: "[手机|背包|钱包]落在[出租车|公交车]上了，[车号没记住|记得是刚才那一趟]"},
				{text: "[身份证|银行卡]丢了，[要挂失|怕被人冒用]"},
				{text: "行李[拿错了|忘在座位上]，里面有[电脑|药]", places: []string{"澜湖高铁站", "鹤汀客运站", "云澜江客运码头"}},
			},
		},
		{
			name: "拾得物品", perMille: 25, priority: "P4", hours: byDay(),
			tales: []tale{
				{text: "捡到[一个钱包|一部手机|一串钥匙]，[在店里保管|想交给你们]"},
				{text: "捡到一个[书包|文件袋]，里面有[证件|作业本]", places: []string{"采菱公园", "汀兰步行街", "站前广场"}},
			},
		},
	}
}

func other() []kind {
	return []kind{
		{
			name: "纠纷", perMille: 83, priority: "P3", hours: byDay(),
			tales: []tale{
				{text: "[租客和房东|买家和店主|楼上楼下]为[押金|退货|漏水]吵起来了，[没有动手|各说各的]"},
				{text: "[工人|装修队]来讨[工钱|尾款]，[老板不露面|堵在办公室]，[四五个人|十来个人]"},
				{text: "[理发店|健身房|培训班][不肯退钱|关门了]，[我们几个人都在|卡里还有两千多]"},
				{text: "[邻居|两家店]为[地界|占道|停车]争吵，[快要动手了|越吵越凶]"},
				{text: "[乘客和司机|食客和饭店]为[车费|账单]争执，[都不肯走|要你们来评理]"},
			},
		},
		{
			name: "噪音扰民", perMille: 46, priority: "P3", hours: byEvening(),
			tales: []tale{
				{text: "[楼上|隔壁|楼下店里][唱歌|放音响|搬东西]，[吵得睡不着|孩子明天要考试]"},
				{text: "[工地|马路对面]半夜还在[打桩|切割]，[已经两个晚上了|窗户都在震]"},
				{text: "跳舞的音响太大，[说了不听|从七点吵到现在]", places: []string{"采菱公园", "柳堰公园", "站前广场", "澜湖体育中心"}},
			},
		},
		{
			name: "群体聚集", perMille: 4, priority: "P2", hours: byDay(), crowd: true,
			again:  "[前面|门口]很多人，[路走不通|车过不去]",
			places: []string{"澜湖区人民法院", "云帆大厦", "站前广场"},
			tales:  []tale{{text: "[三四十个人|二十多个人]堵在门口，[举着牌子|要求退款|喊着要负责人出来]，[车过不去|暂时没有冲突]"}},
		},
		{
			name: "燃气泄漏", perMille: 5, priority: "P1", hours: byDay(), crowd: true,
			again: "[楼道|街上]煤气味很重，[有人已经下楼了|头有点晕]",
			tales: []tale{
				{text: "[楼道|厨房|地下室]煤气味很大，[不敢开灯|阀门关不上]，[楼里住了不少老人|一楼是饭店]"},
				{text: "[挖机|施工]把燃气管挖破了，[嘶嘶响|气味很大]，[工人跑开了|路上还有人走]"},
			},
		},
		{
			name: "落水轻生", perMille: 3, priority: "P1", hours: byEvening(), crowd: true,
			again: "江边有人[在喊救命|落水了]，[还能看到头|离岸十来米]", places: []string{"星浦桥", "云澜江客运码头"},
			tales: []tale{
				{text: "[一名女子|一名男子]坐在栏杆外面，[一直哭|说别过来]"},
				{text: "有人掉进江里，[在扑腾|离岸七八米]，[岸上没有救生圈|有人扔了绳子]"},
			},
		},
		{
			name: "爆炸物威胁", perMille: 1, priority: "P1", hours: byDay(), places: []string{"澜湖高铁站", "汀兰步行街", "澜湖体育中心"},
			tales: []tale{{text: "[候车的地方|服务台旁边]有个[没人管的箱子|黑色背包]，[上面有电线|里面有滴答声]，[刚接到电话说里面有炸弹|周围的人还没有走]"}},
		},
	}
}
