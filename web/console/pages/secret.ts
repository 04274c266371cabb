/** The secret of a link stands behind the #, so that no server ever logged it; it leaves the address as soon as it is read, before its page is loaded. */
export const secret = /^\/(link|setup)$/.test(location.pathname) ? location.hash.slice(1) : ''
if (secret) history.replaceState(null, '', location.pathname)
