// Says of each test, one JSON object a line, what the Go test that runs these needs.
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') {
      const error = data.details?.error
      yield JSON.stringify({
        name: data.name,
        ok: type === 'test:pass' && !data.skip && !data.todo,
        seconds: (data.details?.duration_ms ?? 0) / 1000,
        said: error ? String(error.cause?.stack ?? error.cause ?? error.stack ?? error) : '',
      }) + '\n'
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      yield JSON.stringify({ said: data.message }) + '\n'
    }
  }
}
