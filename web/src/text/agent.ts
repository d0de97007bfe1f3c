/** The browser and system that a User-Agent header tells of, in a few words; the header
 *  itself where it tells neither. */
export function agentText(agent: string): string {
  const browsers: [RegExp, string][] = [
    [/\bEdg(?:A|iOS)?\/(\d+)/, 'Edge'],
    [/\bQQBrowser\/(\d+)/, 'QQ'],
    [/\bMicroMessenger\/(\d+)/, 'WeChat'],
    [/\bFirefox\/(\d+)/, 'Firefox'],
    [/\bChrom(?:e|ium)\/(\d+)/, 'Chrome'],
    [/\bVersion\/(\d+).*\bSafari\//, 'Safari'],
  ]
  const systems: [RegExp, string][] = [
    [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
  ]
  const parts: string[] = []
  for (const [pattern, name] of browsers) {
    const found = pattern.exec(agent)
    if (!found) continue
    parts.push(`${name} ${found[1]}`)
    break
  }
  const system = systems.find(([pattern]) => pattern.test(agent))
  if (system) parts.push(system[1])
  return parts.join(' · ') || agent || '–'
}
