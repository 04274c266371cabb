export { useLanguage } from '../text.ts'
import { wordsOf } from '../text.ts'
import { en } from './text/en.ts'
import { zh } from './text/zh-CN.ts'

/** Here one says what all pages say, and words of one's own. */
export const useText = wordsOf(zh, en)
export type Text = Parameters<ReturnType<typeof useText>>[0]
