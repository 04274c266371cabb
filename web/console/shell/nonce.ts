const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content

/**
 * giveNonces has every style that a component makes while it runs carry the nonce of the page, without which the policy
 * keeps it from applying. Ant Design passes the nonce on to most of them, and forgets those that lock scrolling.
 */
export function giveNonces() {
  const make = document.createElement.bind(document)
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const made = make(name, options)
    if (made instanceof HTMLStyleElement && nonce) made.nonce = nonce
    return made
  }) as typeof document.createElement
}
