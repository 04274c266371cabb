package desk

import (
	"fmt"
	"strings"
	"time"
)

// phrases are what a transcript says in one language.
type phrases map[string]string

// phrasesIn are the phrases of a locale: faces and kinds by their names, and system lines by their codes.
func phrasesIn(locale string) phrases {
	if locale == "zh-CN" {
		return chinese
	}
	return english
}

var english = phrases{
	"requester": "requester", "agent": "agent", "supervisor": "supervisor",
	"note": "note", "whisper": "whisper to {listener}", "file": "file {file}",
	"times": "Times are in {zone}.", "more": "There is more: ask again with after={seq}.",

	"assigned":           "{agent} works on it",
	"requeued":           "Back in the queue",
	"transferred":        "Passed on by {by}",
	"on_hold":            "On hold: {by} waits for a third party",
	"resumed":            "{by} goes on",
	"parked":             "Waits for the requester",
	"woken":              "In the queue again",
	"resolved":           "Resolved",
	"reopened":           "Reopened",
	"closed":             "Closed",
	"abandoned":          "Left by the requester",
	"renamed":            "{by} changed the subject",
	"priority_changed":   "{by} set the priority to {priority}",
	"department_changed": "{by} changed the department",
	"supervisor_joined":  "{supervisor} joined",
	"supervisor_left":    "{supervisor} left",
}

var chinese = phrases{
	"requester": "提问人", "agent": "坐席", "supervisor": "主管",
	"note": "内部备注", "whisper": "对 {listener} 耳语", "file": "文件 {file}",
	"times": "时间为 {zone} 时区。", "more": "内容未完，请以 after={seq} 继续获取。",

	"assigned":           "由 {agent} 受理",
	"requeued":           "已退回队列",
	"transferred":        "{by} 已转接",
	"on_hold":            "{by} 等待第三方处理",
	"resumed":            "{by} 继续处理",
	"parked":             "等待提问人回复",
	"woken":              "重新排队",
	"resolved":           "已解决",
	"reopened":           "已重新打开",
	"closed":             "已关闭",
	"abandoned":          "提问人已离开",
	"renamed":            "{by} 修改了主题",
	"priority_changed":   "{by} 将优先级改为 {priority}",
	"department_changed": "{by} 更改了受理部门",
	"supervisor_joined":  "{supervisor} 已介入会话",
	"supervisor_left":    "{supervisor} 已退出会话",
}

// say fills the places of a phrase with values. A code without a phrase is said as it is.
func (p phrases) say(code string, values map[string]string) string {
	phrase, known := p[code]
	if !known {
		return code
	}
	for name, value := range values {
		phrase = strings.ReplaceAll(phrase, "{"+name+"}", value)
	}
	return phrase
}

// text is the transcript for people. A message of several lines is set in below its first, so that
// nobody writes what looks like a line of somebody else's.
func (t *transcript) text(zone *time.Location) string {
	p := phrasesIn(t.tenant.Locale)
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s\n%s\n\n", t.conversation.Number, t.conversation.Subject, p.say("times", map[string]string{"zone": zone.String()}))
	for i := range t.messages {
		m := &t.messages[i]
		line := m.CreatedAt.In(zone).Format(time.DateTime) + " " + t.line(p, m)
		b.WriteString(strings.ReplaceAll(line, "\n", "\n    ") + "\n")
	}
	if t.more {
		last := t.reader.seq(&t.messages[len(t.messages)-1])
		b.WriteString("\n" + p.say("more", map[string]string{"seq": fmt.Sprint(last)}) + "\n")
	}
	return b.String()
}

// line is a message: who speaks, as what, and the words; or what happened.
func (t *transcript) line(p phrases, m *Message) string {
	if m.Kind == System {
		return "— " + p.say(m.Body, t.values(m.Details))
	}
	labels := []string{p[string(m.AuthorFace)]}
	if m.Kind == Note || m.Kind == Whisper {
		labels = append(labels, p.say(string(m.Kind), map[string]string{"listener": t.around.people[m.Listener]}))
	}
	if m.File != "" {
		labels = append(labels, p.say("file", map[string]string{"file": t.around.files[m.File].Name}))
	}
	return strings.TrimRight(fmt.Sprintf("%s (%s): %s", t.around.people[m.Author], strings.Join(labels, ", "), m.Body), " ")
}

// values are the details of a system line, with names where they are of people.
func (t *transcript) values(details Details) map[string]string {
	values := map[string]string{"by": ""}
	for name, value := range details {
		if person, found := t.around.people[value]; found {
			value = person
		}
		values[name] = value
	}
	return values
}
