package cluster

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/redis/rueidis"
)

// allowanceScript is [Cluster.Spend] in one step and by one clock, the server's, in microseconds. A clock
// that was set back makes nobody wait for longer than an allowance that is used up.
var allowanceScript = rueidis.NewLuaScript(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local wait, whole = 0, {}
for i, key in ipairs(KEYS) do
  local burst, every = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local unspent = tonumber(redis.call('GET', key) or now)
  unspent = math.min(math.max(unspent, now), now + burst * every)
  wait = math.max(wait, unspent - (burst - 1) * every - now)
  whole[i] = unspent + every
end
if wait > 0 then
  return wait
end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, string.format('%.0f', whole[i]), 'PX', math.ceil((whole[i] - now) / 1000))
end
return 0`)

// spend asks this node first: whoever has used up what one node allows costs the others nothing. What Redis
// does not answer is allowed by that. A node that may not run scripts goes on alone and says so once: it is
// no reason to do without the rest.
func (r *redis) spend(ctx context.Context, allowances []Allowance) time.Duration {
	if wait := r.alone.spend(allowances); wait > 0 {
		return wait
	}
	var keys, args []string
	for _, a := range allowances {
		keys = append(keys, a.Name)
		args = append(args, strconv.Itoa(a.Burst), strconv.FormatInt(max(1, a.Every.Microseconds()), 10))
	}
	wait, _ := do(ctx, r, func(ctx context.Context) (int64, error) {
		wait, err := allowanceScript.Exec(ctx, r.client, keys, args).AsInt64()
		if refused, ok := rueidis.IsRedisErr(err); ok && !refused.IsNil() {
			r.unscripted.Do(func() {
				slog.Warn("redis runs no scripts for this node; it counts requests for itself", "cause", refused)
			})
			return 0, nil
		}
		return wait, err
	})
	return time.Duration(wait) * time.Microsecond
}
