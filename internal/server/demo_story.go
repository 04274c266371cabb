package server

import "time"

// How long ago and how soon things are in stories.
const (
	day    = 24 * time.Hour
	hour   = time.Hour
	minute = time.Minute
	second = time.Second
)

// demoFiles are what people send in stories, by name.
var demoFiles = map[string]string{
	"vpn.log":    "09:02:11 connecting to vpn.example.com\n09:02:12 certificate expired on 2026-11-20\n09:02:12 handshake failed (48)\n",
	"router.txt": "uptime 41 days\nwan: down since 08:17\nlast error: PPPoE timeout\n",
}

// demoDesks are the desks of the demonstration, by the slug of the tenant.
var demoDesks = map[string]demoDesk{"it": demoITDesk, "center": demoCenterDesk}

var demoITDesk = demoDesk{
	requesters: []demoRequester{
		{"wang.min", "王敏"}, {"liu.yang", "刘洋"}, {"chen.jing", "陈静"}, {"zhao.lei", "赵磊"}, {"emma.clarke", "Emma Clarke"}, {"sun.hao", "孙浩"},
	},
	agents: []demoAgent{{"agent", 5, []string{"电脑", "软件", "外设", "资产", "其他"}}, {"agent2", 4, []string{"网络", "安全", "软件"}}},
	skills: map[string]string{
		"电脑": "Support 支持", "软件": "Support 支持", "外设": "Support 支持", "资产": "Support 支持", "其他": "Support 支持", "网络": "Network 网络", "安全": "Network 网络",
	},
	tags: []string{"打印机", "VPN", "新员工", "硬件更换"},
	canned: []demoCanned{
		{"请重启", "restart", "您好，请先保存工作并重启电脑，重启后如果仍有问题，请告诉我屏幕上的提示。"},
		{"请提供资产编号", "asset", "请把电脑底部标签上的资产编号（以 IT- 开头）发给我，谢谢。"},
		{"VPN 证书续期", "vpn", "您的 VPN 证书已续期，请退出客户端后重新登录；如仍失败，请把日志文件发过来。"},
		{"Closing", "bye", "Glad that it works. If it comes back, just answer here within three days."},
	},
	stories: []demoStory{
		{ago: 6 * day, requester: "wang.min", skill: "外设", subject: "三楼打印机一直提示缺纸", text: "三楼东侧的打印机，纸盒是满的，但一直提示缺纸，重启过两次。", steps: []demoStep{
			{3 * minute, "agent", "take", ""},
			{40 * second, "agent", "say", "您好，我看到这台机器上周也报过同样的错，我过去看一下。"},
			{10 * second, "agent", "tag", "打印机"},
			{25 * minute, "agent", "note", "搓纸轮磨损，和上周 2 楼那台一样。已申请备件，先用隔壁的轮子替换。"},
			{2 * minute, "agent", "say", "搓纸轮磨损了，已经换好，请再打一页试试。"},
			{4 * minute, "", "say", "好了，谢谢！"},
			{1 * minute, "agent", "resolve", ""},
			{20 * minute, "", "rate", "5 solved quick: 十分钟就有人来了"},
		}},
		{ago: 5*day + 2*hour, requester: "emma.clarke", skill: "软件", subject: "Access to the finance share", text: "I moved to the finance team on Monday and cannot open \\\\files\\finance. My manager is 赵磊.", steps: []demoStep{
			{9 * minute, "agent", "take", ""},
			{1 * minute, "agent", "say", "Hello Emma, I have asked 赵磊 to confirm. That is our rule for this share; it will not take long."},
			{20 * second, "agent", "hold", ""},
			{50 * minute, "agent", "resume", ""},
			{30 * second, "agent", "say", "Confirmed. Please sign out of Windows and in again, then open the share."},
			{12 * minute, "", "say", "It works now. Thanks!"},
			{2 * minute, "", "resolve", ""},
			{1 * minute, "", "rate", "4 solved friendly"},
		}},
		{ago: 4*day + 5*hour, requester: "sun.hao", skill: "电脑", subject: "电脑开机很慢", text: "每次开机要十多分钟才能用。", steps: []demoStep{
			{26 * minute, "", "leave", ""},
		}},
		{ago: 4 * day, requester: "user", skill: "资产", subject: "申请更换笔记本电池", text: "电池鼓包了，触控板已经按不下去。资产编号 IT-20418。", steps: []demoStep{
			{2 * minute, "agent", "take", ""},
			{30 * second, "agent", "say", "请立即关机并不要充电！鼓包的电池有起火风险，我马上安排更换。"},
			{10 * second, "agent", "tag", "硬件更换"},
			{20 * second, "agent", "raise", "2"},
			{35 * minute, "agent", "say", "备用机已放在 B 座前台，凭工牌领取；旧机器请放进前台的防火箱。"},
			{15 * minute, "", "say", "已领取，旧机器也放好了。"},
			{2 * minute, "agent", "resolve", ""},
			{3 * hour, "", "rate", "5 quick clear solved: 处理很专业"},
		}},
		{ago: 26 * hour, requester: "liu.yang", skill: "网络", subject: "VPN 连不上，提示证书过期", text: "今天早上开始在家连不上 VPN，提示证书已过期。", steps: []demoStep{
			{4 * minute, "agent2", "take", ""},
			{50 * second, "agent2", "say", "请把客户端的日志文件发给我，在“帮助 → 导出日志”。"},
			{6 * minute, "", "send", "vpn.log"},
			{2 * minute, "agent2", "note", "昨天批量续期漏掉了外包账号，共 12 个。"},
			{3 * minute, "agent2", "tag", "VPN"},
			{4 * minute, "agent2", "say", "证书已续期，请退出客户端后重新登录。"},
			{8 * minute, "", "say", "可以了。"},
			{1 * minute, "agent2", "resolve", ""},
			{30 * minute, "", "rate", "5 solved"},
		}},
		{ago: 22 * hour, requester: "chen.jing", skill: "软件", subject: "Outlook 一直要求输入密码", text: "改了密码以后 Outlook 每隔几分钟就弹窗。", steps: []demoStep{
			{6 * minute, "agent", "take", ""},
			{1 * minute, "agent", "say", "请打开“控制面板 → 凭据管理器”，把 Office 开头的条目全部删除，然后重启 Outlook。"},
			{11 * minute, "", "say", "删了，重启以后还是弹。"},
			{3 * minute, "team_lead", "whisper", "她的手机上可能还存着旧密码，先让她在手机邮件里退出登录。"},
			{1 * minute, "agent", "say", "您的手机上是不是也收公司邮件？请先在手机上退出，再试一次电脑。"},
			{30 * second, "team_lead", "stop listening", ""},
			{9 * minute, "", "say", "真的是手机的问题，现在正常了！"},
			{1 * minute, "agent", "resolve", ""},
			{2 * minute, "", "rate", "5 solved friendly clear"},
		}},
		{ago: 9 * hour, requester: "zhao.lei", skill: "其他", subject: "新员工下周一入职，需要账号和设备", text: "研发二组新同事下周一入职，需要一台笔记本、门禁和代码库权限。", steps: []demoStep{
			{15 * minute, "agent", "take", ""},
			{1 * minute, "agent", "tag", "新员工"},
			{2 * minute, "agent", "say", "收到。请把新同事的姓名、工位和需要的代码库发给我，设备我先预留。"},
			{1 * minute, "agent", "park", ""},
		}},
		{ago: 5 * hour, requester: "emma.clarke", skill: "电脑", subject: "Screen flickers when docked", text: "My laptop's screen flickers as soon as it is in the dock. Undocked it is fine. Asset IT-31177.", steps: []demoStep{
			{7 * minute, "agent", "take", ""},
			{1 * minute, "agent", "say", "Which dock is it, the silver one or the black one? And is the cable the short one?"},
			{5 * minute, "", "say", "The black one, with the short cable."},
			{2 * minute, "agent", "say", "That cable is known for it. A new one is on its way from the warehouse and arrives tomorrow."},
			{20 * second, "agent", "note", "Order 8841, cable 0.8 m. Same batch as in March."},
			{10 * second, "agent", "hold", ""},
		}},
		{ago: 70 * minute, requester: "wang.min", skill: "安全", subject: "收到可疑邮件，点了链接", text: "我收到“工资补贴”邮件，点了里面的链接，输入了账号和密码，现在怎么办？", steps: []demoStep{
			{40 * second, "agent2", "take", ""},
			{20 * second, "agent2", "raise", "3"},
			{20 * second, "agent2", "say", "请马上断开网络，不要关机。我正在重置您的密码并结束所有登录。"},
			{4 * minute, "team_lead", "barge", "我是服务台主管。王敏，请不要自责，及时报告非常重要。安全组同事会在十分钟内到您座位。"},
			{1 * minute, "team_lead", "stop listening", ""},
			{2 * minute, "", "say", "好的，已经拔了网线。"},
			{1 * minute, "agent2", "say", "密码已重置，请用手机扫码设置新密码。电脑先不要动。"},
		}},
		{ago: 45 * minute, requester: "user", skill: "软件", subject: "报销系统提交时报错 1603", text: "报销系统点提交就报错 1603，今天是最后一天。", steps: []demoStep{
			{5 * minute, "agent", "take", ""},
			{40 * second, "agent", "say", "您好，我先看一下系统日志。请问发票一共几张？"},
			{3 * minute, "", "say", "十二张。"},
			{4 * minute, "agent", "say", "单次最多十张，超过就会报 1603。请拆成两次提交，截止时间我已请财务延到明天中午。"},
		}},
		{ago: 25 * minute, requester: "liu.yang", skill: "网络", subject: "会议室 5 没有无线信号", text: "会议室 5 的无线今天一直连不上，隔壁 4 号没问题。"},
		{ago: 12 * minute, requester: "sun.hao", skill: "电脑", subject: "外接显示器没有反应", text: "换了线还是黑屏，笔记本自己的屏幕正常。"},
		{ago: 3 * minute, requester: "chen.jing", skill: "外设", subject: "键盘进水了", text: "咖啡洒在键盘上，部分按键失灵，想借一个备用键盘。"},
	},
}

var demoCenterDesk = demoDesk{
	requesters: []demoRequester{{"j.miller", "Jonas Miller"}, {"a.okafor", "Ada Okafor"}, {"li.na", "李娜"}, {"r.silva", "Rita Silva"}},
	agents:     []demoAgent{{"agent", 6, []string{"软件", "其他", "资产"}}, {"agent2", 5, []string{"网络", "软件"}}},
	skills:     map[string]string{"软件": "Support 支持", "其他": "Support 支持", "资产": "Support 支持", "网络": "Network 网络"},
	tags:       []string{"billing", "outage", "return"},
	canned: []demoCanned{
		{"Ask for the contract", "contract", "Could you tell me your contract number, please? It stands at the top right of every invoice."},
		{"Outage", "outage", "There is an outage in your area. Our people are on it; I will write here as soon as it is over."},
	},
	stories: []demoStory{
		{ago: 5 * day, requester: "j.miller", skill: "其他", subject: "Charged twice in October", text: "My invoice for October was taken twice from my card.", steps: []demoStep{
			{2 * minute, "agent", "take", ""},
			{40 * second, "agent", "say", "I am sorry about that, Mr Miller. I can see both charges. The second one goes back to your card today."},
			{15 * second, "agent", "tag", "billing"},
			{6 * minute, "", "say", "Thank you, that was quick."},
			{1 * minute, "agent", "resolve", ""},
			{10 * minute, "", "rate", "5 quick solved"},
		}},
		{ago: 28 * hour, requester: "a.okafor", skill: "网络", subject: "No internet since this morning", text: "The lamp for the line is red since 08:20. I work from home and have a call at ten.", steps: []demoStep{
			{3 * minute, "agent2", "take", ""},
			{30 * second, "agent2", "say", "There is an outage in your area. Our people are on it; I will write here as soon as it is over."},
			{20 * second, "agent2", "tag", "outage"},
			{5 * minute, "", "send", "router.txt"},
			{70 * minute, "agent2", "say", "It should be back. Is the lamp green?"},
			{4 * minute, "", "say", "Green. But I missed my call."},
			{2 * minute, "supervisor", "whisper", "Offer her a day's credit, we do it for the whole street."},
			{1 * minute, "agent2", "say", "I have put a credit of one day on your account. I am sorry about the call."},
			{20 * second, "supervisor", "stop listening", ""},
			{3 * minute, "agent2", "resolve", ""},
			{1 * hour, "", "rate", "3 slow solved"},
		}},
		{ago: 20 * hour, requester: "r.silva", skill: "软件", subject: "Cannot find the app for my TV", text: "Is there an app for older televisions?", steps: []demoStep{
			{19 * minute, "", "leave", ""},
		}},
		{ago: 6 * hour, requester: "li.na", skill: "资产", subject: "退回路由器", text: "我搬家了，旧路由器怎么退？", steps: []demoStep{
			{4 * minute, "agent", "take", ""},
			{1 * minute, "agent", "say", "您好，退货标签已经发到您的邮箱。寄出后请把单号发给我，我来结清合同。"},
			{10 * second, "agent", "tag", "return"},
			{20 * second, "agent", "park", ""},
		}},
		{ago: 2 * hour, requester: "j.miller", skill: "软件", subject: "App signs me out every day", text: "Since the last update I have to sign in every morning.", steps: []demoStep{
			{6 * minute, "agent", "take", ""},
			{1 * minute, "agent", "say", "Which version does it say under Settings, About?"},
			{9 * minute, "", "say", "4.18.0"},
			{3 * minute, "agent", "note", "Known in 4.18.0; 4.18.1 is promised for tonight."},
			{1 * minute, "agent", "say", "That version forgets sign-ins, and a repaired one comes tonight. I keep this open until you have it."},
			{10 * second, "agent", "hold", ""},
		}},
		{ago: 35 * minute, requester: "requester", skill: "软件", subject: "How do I change my address?", text: "I am moving at the end of the month.", steps: []demoStep{
			{3 * minute, "agent", "take", ""},
			{40 * second, "agent", "say", "You can do it yourself under Profile, Addresses; the new one counts from the day that you choose. Shall I do it for you?"},
		}},
		{ago: 8 * minute, requester: "a.okafor", skill: "网络", subject: "Slow in the evening", text: "From eight to eleven everything is slow, for a week now."},
	},
}
