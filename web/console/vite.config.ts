import { program } from '../build.ts'

export default program({ name: 'console', base: '/', target: ['chrome107', 'safari15.4'] })
