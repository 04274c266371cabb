package virtualdesk

import "math/rand/v2"

// What people of a virtual desk say. Two languages, because both are searched and shown.
var (
	questions = []string{
		"电脑开机后一直停在登录界面", "The printer on the third floor takes no paper", "VPN 连不上，提示证书过期", "My mail has stopped syncing since this morning",
		"显示器一直闪烁", "I need access to the finance share", "软件安装时报错 1603", "The wireless drops every few minutes",
	}
	answersGiven = []string{
		"我看一下，请稍等", "Please restart it once and tell me what it says", "已经重置，请再试一次", "Which building are you in?",
		"请把错误截图发给我", "It should work now", "我已联系供应商", "Try the other cable, please",
	}
	replies = []string{
		"还是不行", "Now it works for a minute and then stops", "好的，我试试", "Third floor, room 312", "谢谢，好多了", "It says the same as before",
	}
	notes  = []string{"上周同一台机器报过", "Same switch as yesterday", "等备件到货", "Ask the network people"}
	asides = []string{"先确认资产编号", "Offer the spare laptop", "语气可以再缓和些"}
)

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }
