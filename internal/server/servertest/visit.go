package servertest

// Enter has platform staff enter a tenant, and returns a client with the token of the visit. The one
// of the platform goes on beside it.
func (c *Client) Enter(t *Tenant, write bool) *Client {
	c.server.t.Helper()
	inside := c.server.Client()
	inside.Token = c.Do("POST", "/v1/platform/tenants/"+t.ID+"/enter", map[string]any{
		"reason": "somebody asked for help", "write": write,
	}).Expect(200).String("access_token")
	return inside
}
