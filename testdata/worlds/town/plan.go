package main

// line is one street across the board.
type line struct {
	name, class string
	oneWay      bool // Eastward or northward.
	against     bool // One way, westward or southward.
}

// rowPlan names the streets from south to north.
var rowPlan = [rows]line{
	{name: "南环路", class: "tertiary"},
	{name: "堰塘巷", class: "residential"},
	{name: "柳堰路", class: "secondary"},
	{name: "河埠巷", class: "residential"},
	{name: "石埠大道", class: "primary"},
	{name: "杏铺路", class: "tertiary"},
	{name: "渔浦巷", class: "residential"},
	{name: "望江街", class: "residential"},
	{name: "汀兰路", class: "secondary"},
	{name: "汀澜路", class: "tertiary"},
	{name: "文澜巷", class: "residential"},
	{name: "东屏路", class: "primary"},
	{name: "采菱东街", class: "tertiary", oneWay: true},
	{name: "采菱东路", class: "tertiary", against: true},
	{name: "学校路", class: "tertiary"},
	{name: "站前路", class: "secondary"},
	{name: "北环路", class: "tertiary"},
}

// columnPlan names the streets from west to east.
var columnPlan = [columns]line{
	{name: "西环路", class: "tertiary"},
	{name: "桑园巷", class: "residential"},
	{name: "柳荫街", class: "tertiary"},
	{name: "藕塘巷", class: "residential"},
	{name: "石埠路", class: "primary"},
	{name: "竹埠巷", class: "residential"},
	{name: "兰亭街", class: "tertiary"},
	{name: "棉布弄", class: "residential"},
	{name: "云泽街", class: "secondary", oneWay: true},
	{name: "澜湖街", class: "secondary", against: true},
	{name: "星浦路", class: "primary"},
	{name: "灯笼巷", class: "residential"},
	{name: "荷香街", class: "tertiary"},
	{name: "菱角巷", class: "residential"},
	{name: "屏山路", class: "secondary"},
	{name: "瓦窑弄", class: "residential"},
	{name: "鹤汀路", class: "primary"},
	{name: "鹤鸣巷", class: "residential"},
	{name: "体育路", class: "tertiary"},
	{name: "窑湾巷", class: "residential"},
	{name: "东环路", class: "tertiary"},
}

// bridges are the columns that cross the river, and the names of their bridges.
var bridges = map[int]string{4: "石埠桥", 10: "星浦桥", 16: "鹤汀桥"}

// The pedestrian street is a part of 汀澜路 between two columns.
const (
	mallRow  = 9
	mallFrom = 5
	mallTo   = 8
	mallName = "汀兰步行街"
)

// park is a rectangle of blocks without streets.
type park struct {
	name         string
	west, east   int // Columns on its edge.
	south, north int // Rows on its edge.
}

var parkPlan = []park{
	{name: "采菱公园", west: 5, east: 8, south: 12, north: 14},
	{name: "柳堰公园", west: 2, east: 4, south: 2, north: 4},
}

// speeds are the signed limits, km/h. Lanes have no sign.
var speeds = map[string]string{"primary": "60", "secondary": "50", "tertiary": "40"}

// turnRule forbids or commands a turn at a crossing of two avenues. A row is left or entered to the east (+1) or west
// (-1), a column to the north (+1) or south (-1).
type turnRule struct {
	column, row int
	fromRow     bool // From the row into the column; else the other way.
	from        int  // Side of the crossing that one comes from.
	to          int  // Side that the rule speaks of.
	kind        string
}

var turnPlan = []turnRule{
	{10, 4, true, -1, 1, "no_left_turn"},
	{10, 11, true, 1, -1, "no_left_turn"},
	{10, 11, true, -1, 1, "no_left_turn"},
	{4, 4, false, -1, -1, "no_left_turn"},
	{16, 11, false, 1, 1, "no_left_turn"},
	{14, 15, true, -1, -1, "no_right_turn"},
}

// place is something with a name, at a place on the board.
type place struct {
	name string
	u, v float64
	tags []string
}

var (
	police = []string{"amenity", "police"}
	post   = []string{"police", "post"}
)

var places = []place{
	{"汀兰派出所", -1385, 268, police},
	{"柳堰派出所", -1630, -1478, police},
	{"石埠派出所", -390, -982, police},
	{"东屏派出所", 1870, 521, police},
	{"星浦派出所", 268, 268, police},
	{"鹤汀派出所", 1482, -1120, police},
	{"采菱派出所", -380, 1268, police},
	{"站前派出所", 612, 1732, police},
	{"水上派出所", 640, -190, police},
	{"澜湖高铁站", 875, 1885, []string{"railway", "station"}},
	{"云澜江客运码头", -640, -536, []string{"amenity", "ferry_terminal"}},
	{"柳堰水厂", -2140, -1268, []string{"man_made", "water_works"}},
	{"鹤汀医院", 1640, -982, []string{"amenity", "hospital"}},
	{"东屏实验小学", 1640, 1478, []string{"amenity", "school"}},
	{"石埠油库", -640, -1870, []string{"industrial", "oil_depot"}},
	{"澜湖体育中心", 2130, 980, []string{"leisure", "sports_centre"}},
	{"云帆大厦", 372, 478, []string{"office", "company"}},
	{"星浦桥", 0, -210, []string{"man_made", "bridge"}},
	{"汀兰步行街", -870, 262, []string{"place", "square"}},
	{"站前广场", 760, 1768, []string{"place", "square"}},
	{"澜湖区人民法院", -870, 768, []string{"amenity", "courthouse"}},
	{"汀兰菜市场", -1640, 22, []string{"amenity", "marketplace"}},
	{"星浦中学", 620, 768, []string{"amenity", "school"}},
	{"鹤汀客运站", 1130, -1478, []string{"amenity", "bus_station"}},
	{"快反点 站前广场", 745, 1762, post},
	{"快反点 汀兰步行街", -1120, 262, post},
	{"快反点 星浦桥北", 14, 60, post},
	{"快反点 采菱公园东门", -490, 1120, post},
	{"快反点 鹤汀医院", 1618, -988, post},
	{"快反点 东屏学校路", 1700, 1510, post},
}

// areaPlan names the stations in the order of their ids st1 .. st9.
var areaPlan = [9]string{"汀兰", "柳堰", "石埠", "东屏", "星浦", "鹤汀", "采菱", "站前", "水上"}
