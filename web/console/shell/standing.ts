import { Store } from '../../shared/store.ts'

/**
 * Standing is whether a wall is shown. It names nobody and is meant to be left alone, so that the cover comes with the first
 * deed at it, not before. Over everything else it comes at once.
 */
export const standing = new Store({ wall: false })
