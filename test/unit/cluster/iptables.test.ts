import {expect, test} from 'vitest'
import {withoutChains} from '../../cluster/iptables.ts'

const SAVED = `*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:CNI-0123 - [0:0]
:MY-KUBE-LIKE - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -s 10.213.0.2/32 -m comment --comment "name: \\"scheduled-export\\"" -j CNI-0123
-A POSTROUTING -s 192.168.0.0/16 -j MASQUERADE
-A KUBE-SERVICES -d 10.214.0.1/32 -p tcp -j KUBE-SVC-1
-A MY-KUBE-LIKE -j ACCEPT
COMMIT
`

test('chains of the prefixes go with all their rules and all that jump to them; others stay as they are', () => {
  expect(withoutChains(SAVED, ['KUBE-', 'CNI-'])).toBe(`*nat
:PREROUTING ACCEPT [0:0]
:MY-KUBE-LIKE - [0:0]
-A POSTROUTING -s 192.168.0.0/16 -j MASQUERADE
-A MY-KUBE-LIKE -j ACCEPT
COMMIT
`)
})

test('a filter without such chains is not changed', () => {
  const clean = withoutChains(SAVED, ['KUBE-', 'CNI-'])
  expect(withoutChains(clean, ['KUBE-', 'CNI-'])).toBe(clean)
})
