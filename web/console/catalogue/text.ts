import { wordsOf } from '../text.ts'
import { en } from './text/en.ts'
import { zh } from './text/zh-CN.ts'

/** Here one says what all pages say, and what permissions are called. */
export const useText = wordsOf(zh, en)
