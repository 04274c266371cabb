package virtualdesk

import "context"

// posted is how a message is sent.
type posted struct {
	Kind        string `json:"kind"`
	Text        string `json:"text"`
	ClientMsgID string `json:"client_msg_id"`
}

// say says something in a conversation, and again with the same mark until the server has answered. A
// refusal of a retry leaves open whether the first try was stored: then it may turn up, and need not.
func (p *person) say(ctx context.Context, conversation, kind, text string) error {
	e := p.desk.ledger.draft(conversation, p, kind, text)
	err := p.insist(ctx, request{
		method: "POST", path: "/v1/conversations/" + conversation + "/messages",
		body: posted{Kind: kind, Text: e.text, ClientMsgID: e.mark},
	})
	if err == nil {
		p.desk.ledger.acknowledge(e, conversation)
	}
	return err
}

// change does something to a conversation in the version in which the person knows it. When there is no
// answer nobody tries again: the stream shows what came of it.
func (p *person) change(ctx context.Context, c *conversation, what string, body any) error {
	if body == nil {
		body = struct{}{}
	}
	return p.do(ctx, request{
		method: "POST", path: "/v1/conversations/" + c.ID + "/" + what, body: body, version: c.Version,
	})
}
