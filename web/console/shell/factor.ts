import { Store } from '../../shared/store.ts'

type Asked = { answer: ((shown: boolean) => void) | undefined }

/** The dialog for the second factor is open while there is somebody to answer. */
export const factorAsked = new Store<Asked>({ answer: undefined })

let waiting: Promise<boolean> | undefined

/** askForFactor opens the dialog; true when the factor was shown. Several requests at once wait for one dialog. */
export function askForFactor(): Promise<boolean> {
  waiting ??= new Promise<boolean>((resolve) => {
    factorAsked.set({
      answer: (shown) => {
        factorAsked.set({ answer: undefined })
        waiting = undefined
        resolve(shown)
      },
    })
  })
  return waiting
}
