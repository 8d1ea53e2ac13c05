// What the API servers of tests record: who wrote what and how often, for the kinds that this project's programs touch.

/** The audit policy as YAML (JSON is YAML). Bodies are not recorded; nothing of the server's own chatter is. */
export function auditPolicy(): string {
  const resources = [
    {group: 'scheduledexport.dev'},
    {group: 'batch'},
    {group: 'rbac.authorization.k8s.io'},
    {group: 'events.k8s.io'},
    {group: '', resources: ['serviceaccounts', 'events', 'secrets']},
  ]
  return JSON.stringify({
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{level: 'Metadata', resources}, {level: 'None'}],
  })
}
