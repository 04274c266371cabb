import { program } from '../build.ts'

export default program({ name: 'h5', base: '/h5/', target: ['chrome87', 'safari14'], jsxImportSource: 'preact' })
