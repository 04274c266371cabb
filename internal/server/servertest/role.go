package servertest

import "encoding/json"

// ChangeRole edits a role in its present version, after a look at the preview.
func (c *Client) ChangeRole(name string, edit any) *Answer {
	c.server.t.Helper()
	version := c.Do("GET", "/v1/roles/"+name, nil).Expect(200).ETag()
	return c.asPreviewed("PATCH", name, "", edit, map[string]any{"edit": edit}, "If-Match", version)
}

// ActivateRole lets a role grant again, after a look at the preview.
func (c *Client) ActivateRole(name string) *Answer {
	c.server.t.Helper()
	return c.asPreviewed("POST", name, "/activate", nil, map[string]any{"active": true})
}

// asPreviewed changes a role as the preview shows it. Where that is refused, so is the change.
func (c *Client) asPreviewed(method, role, path string, body, change any, headers ...string) *Answer {
	c.server.t.Helper()
	if text, isText := body.(string); isText {
		change = map[string]any{"edit": json.RawMessage(text)}
	}
	if preview := c.Do("POST", "/v1/roles/"+role+"/preview", change); preview.Status == 200 {
		headers = append(headers, "If-Preview", `"`+preview.String("digest")+`"`)
	}
	return c.Do(method, "/v1/roles/"+role+path, body, headers...)
}
