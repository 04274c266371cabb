const browsers = [
  [/wxwork/i, 'WeCom'],
  [/MicroMessenger/, 'WeChat'],
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const
const systems = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const

/** deviceOf says what a browser calls itself in two words, or as it does where it is none that is known here. */
export function deviceOf(agent: string): string {
  const first = (among: readonly (readonly [RegExp, string])[]) => among.find(([like]) => like.test(agent))?.[1]
  return [first(browsers), first(systems)].filter(Boolean).join(' · ') || agent.slice(0, 40) || '–'
}
