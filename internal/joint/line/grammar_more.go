package line

func gradingVerbs() []Verb {
	return []Verb{
		{
			ID: Priority, Words: words("", "p1 p2 p3 p4"), slots: []slot{need(takesIncident), may(takesText)}, after: true,
			Form: in("警情 P1|P2|P3|P4 [理由]", "INCIDENT P1|P2|P3|P4 [reason]"), Example: in("42 P1 有人持刀", "42 p1 a knife was seen"), Button: "classify", How: in("{number} P1", "{number} p1"),
		},
		{
			ID: Level, Words: words("事件等级", "level"), slots: []slot{need(takesIncident), need(takesLevel), may(takesText)},
			Form: in("警情 事件等级 Ⅰ|Ⅱ|Ⅲ|Ⅳ", "INCIDENT level I|II|III|IV"), Example: in("42 事件等级 Ⅱ", "42 level II"),
		},
		{
			ID: "axis", Words: words("一级 二级 三级 四级", ""), slots: []slot{need(takesIncident), may(takesText)}, after: true,
			Form: in("警情 一级 (先问是优先级还是事件等级)", "INCIDENT 一级 (asks which axis)"), Example: in("42 一级", "42 一级"),
		},
		{
			ID: Type, Words: words("改类", "type"), slots: []slot{need(takesIncident), need(takesType), may(takesText)},
			Form: in("警情 改类 类别 [理由]", "INCIDENT type TYPE [reason]"), Example: in("42 改类 走失 家属更正", "42 type lost family says so"),
		},
		{
			ID: Tag, Words: words("标签", "tag"), slots: []slot{need(takesIncident), need(takesTags)},
			Form: in("警情 标签 涉刀 …", "INCIDENT tag TAG…"), Example: in("42 标签 涉刀", "42 tag knife"),
		},
		{
			ID: Untag, Words: words("去标签", "untag"), slots: []slot{need(takesIncident), need(takesTags)},
			Form: in("警情 去标签 涉刀 …", "INCIDENT untag TAG…"), Example: in("43 去标签 涉校", "43 untag school"),
		},
	}
}

func pairVerbs() []Verb {
	two := []slot{need(takesIncident), need(takesOther)}
	partner := func(last slot) []slot { return []slot{need(takesIncident), need(takesPartner), last} }
	return []Verb{
		{
			ID: Merge, Words: words("合并", "merge"), slots: two, Form: in("合并 警情 到 警情", "merge INCIDENT into INCIDENT"),
			Example: in("合并 43 到 42", "merge 43 into 42"), Button: "merge", How: in("合并 {number} 到 43", "merge {number} into 43"),
		},
		{
			ID: Split, Words: words("拆分", "split"), slots: []slot{need(takesIncident)}, Form: in("拆分 警情", "split INCIDENT"),
			Example: in("拆分 43", "split 43"), Button: "split", How: in("拆分 {number}", "split {number}"),
		},
		{
			ID: Link, Words: words("关联", "link"), slots: two, Form: in("关联 警情 警情", "link INCIDENT INCIDENT"), Example: in("关联 42 43", "link 42 43"),
			Button: "link", How: in("关联 {number} 43", "link {number} 43"),
		},
		{
			ID: Unlink, Words: words("取消关联", "unlink"), slots: two, Form: in("取消关联 警情 警情", "unlink INCIDENT INCIDENT"), Example: in("取消关联 42 43", "unlink 42 43"),
			Button: "unlink", How: in("取消关联 {number} 43", "unlink {number} 43"),
		},
		{
			ID: With, Words: words("联动", "with"), slots: partner(may(takesText)), Form: in("联动 警情 单位 [告知什么]", "with INCIDENT SERVICE [words]"),
			Example: in("联动 42 120 一人受伤", "with 42 120 one hurt"), Button: "with", How: in("联动 {number} 120", "with {number} 120"),
		},
		{
			ID: Transfer, Words: words("分流", "transfer"), slots: partner(may(takesText)), Form: in("分流 警情 单位 理由", "transfer INCIDENT SERVICE why"),
			Example: in("分流 42 12345 属其职责", "transfer 42 12345 theirs"), Button: "transfer", How: in("分流 {number} 12345 …", "transfer {number} 12345 …"),
		},
		{
			ID: "hand_on", Words: words("转", ""), slots: partner(may(takesText)), Form: in("转 警情 单位 (先问是分流还是联动)", "转 INCIDENT SERVICE (asks which)"),
			Example: in("转 42 120", "转 42 120"),
		},
		{
			ID: FollowUp, Words: words("回询", "followup"), slots: partner(may(takesText)), Form: in("回询 警情 单位 [说了什么]", "followup INCIDENT SERVICE [words]"),
			Example: in("回询 42 120 已送医", "followup 42 120 taken to hospital"), Button: "follow_up", How: in("回询 {number} 120 …", "followup {number} 120 …"),
		},
	}
}

func otherVerbs() []Verb {
	return []Verb{
		{
			ID: Order, Words: words("令", "order"), slots: []slot{need(takesUnits), need(takesText)}, Form: in("令 单元|派出所|席位|全体：内容，15:00前", "order UNIT|STATION|SEAT|all: words, by 15:00"),
			Example: in("令 101 151:管控星浦桥北口,15:00前反馈", "order 101 151: hold the north end of the bridge, report by 15:00"),
		},
		{
			ID: Signed, Words: words("签令", "ordersign"), slots: []slot{need(takesOrder), may(takesUnits), may(takesStation), may(takesSeat)}, Form: in("签令 指令编号 [单元|派出所|席位]", "ordersign ORDER [UNIT|STATION|SEAT]"),
			Example: in("签令 1 101", "ordersign 1 101"),
		},
		{
			ID: Answered, Words: words("复令", "orderreport"), slots: []slot{need(takesOrder), may(takesUnits), may(takesStation), may(takesSeat), need(takesText)}, Form: in("复令 指令编号 [单元|派出所|席位] 办了什么", "orderreport ORDER [UNIT|STATION|SEAT] what was done"),
			Example: in("复令 1 101 桥北口已封控", "orderreport 1 101 the north end is held"),
		},
		{
			ID: Cleared, Words: words("销令", "orderclear"), slots: []slot{need(takesOrder)}, Form: in("销令 指令编号 (核查无误，销号)", "orderclear ORDER (checked, off the list)"),
			Example: in("销令 1", "orderclear 1"),
		},
		{
			ID: Orders, Words: words("在办指令", "orders"), Form: in("在办指令 (列出未销号的指令)", "orders (lists those that are open)"), Example: in("在办指令", "orders"),
		},
		{
			ID: AskSeat, Words: words("交办", "askseat"), slots: []slot{need(takesIncident), need(takesSeat), may(takesText)}, Form: in("交办 警情 给 席位 [内容]", "askseat INCIDENT SEAT [words]"),
			Example: in("交办 42 给 22席 请核实", "askseat 42 22 please check"), Button: AskSeat, How: in("交办 {number} 给 22席", "askseat {number} 22"),
		},
		{
			ID: TakeSeat, Words: words("接办", "seattakes"), slots: []slot{need(takesIncident), may(takesSeat)}, Form: in("接办 警情 [席位]", "seattakes INCIDENT [SEAT]"),
			Example: in("接办 42", "seattakes 42"), Button: TakeSeat, How: in("接办 {number}", "seattakes {number}"),
		},
		{
			ID: EndSeat, Words: words("办毕", "seatdone"), slots: []slot{need(takesIncident), may(takesSeat), may(takesResult), may(takesText)}, Form: in("办毕 警情 [席位] [结果] [内容]", "seatdone INCIDENT [SEAT] [result] [words]"),
			Example: in("办毕 42 调解结案", "seatdone 42 mediated"), Button: EndSeat, How: in("办毕 {number}", "seatdone {number}"),
		},
		{
			ID: Schedule, Words: words("预约", "schedule"), slots: []slot{need(takesIncident), need(takesTime)}, Form: in("预约 警情 时间", "schedule INCIDENT TIME"),
			Example: in("预约 42 18:00", "schedule 42 18:00"), Button: Schedule, How: in("预约 {number} 18:00", "schedule {number} 18:00"),
		},
		{
			ID: "at", Words: words("补录", "at"), slots: []slot{need(takesTime), need(takesText)}, Form: in("补录 时间 一条命令", "at TIME a line"),
			Example: in("补录 14:20 102 到达 42", "at 14:20 102 there 42"),
		},
		{ID: Undo, Words: words("撤回 撤销", "undo"), Form: in("撤回", "undo"), Example: in("撤回", "undo")},
		{ID: Help, Words: words("帮助 ?", "help"), slots: []slot{may(takesVerb)}, Form: in("帮助 [命令]", "help [verb]"), Example: in("帮助 派", "help send")},
	}
}
