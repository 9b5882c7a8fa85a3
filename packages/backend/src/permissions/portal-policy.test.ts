import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BackstageCredentials, BackstageUserInfo } from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type { Permission } from '@backstage/plugin-permission-common';
import type { PolicyQueryUser } from '@backstage/plugin-permission-node';
import {
  fairwayAlertUpdatePermission,
  fairwayDeliveryIngestPermission,
  fairwayReadPermission,
  fairwayReleaseRollbackPermission,
} from '@fairway/backstage-plugin-fairway-common';
import { PortalPolicy } from './portal-policy.ts';

const policy = new PortalPolicy({ readers: ['group:default/everybody'], operators: ['user:default/Ops'], owners: [] });

function decide(permission: Permission, ...ownershipEntityRefs: string[]) {
  const info: BackstageUserInfo = { userEntityRef: 'user:default/one', ownershipEntityRefs };
  // the policy looks at nothing but the information about the user
  const user = { info, credentials: {} as BackstageCredentials } as PolicyQueryUser;
  return policy.handle({ permission }, user);
}

test('a reader sees everything and changes nothing', async () => {
  for (const permission of [fairwayReadPermission, catalogEntityReadPermission])
    expect(await decide(permission, 'user:default/one', 'group:default/everybody')).toEqual({ result: 'ALLOW' });
  for (const permission of [fairwayAlertUpdatePermission, fairwayReleaseRollbackPermission])
    expect(await decide(permission, 'group:default/everybody')).toEqual({ result: 'DENY' });
});

test('an operator changes too, but stores no records', async () => {
  for (const permission of [fairwayAlertUpdatePermission, fairwayReleaseRollbackPermission])
    expect(await decide(permission, 'user:default/ops')).toEqual({ result: 'ALLOW' });
  expect(await decide(fairwayReadPermission, 'user:default/ops')).toEqual({ result: 'ALLOW' });
  expect(await decide(fairwayDeliveryIngestPermission, 'user:default/ops')).toEqual({ result: 'DENY' });
});

test('who is in no role sees nothing, the names in the catalog included', async () => {
  for (const permission of [fairwayReadPermission, catalogEntityReadPermission])
    expect(await decide(permission, 'user:default/stranger')).toEqual({ result: 'DENY' });
});

test('nobody is nobody, and * is everybody who is signed in', async () => {
  expect(await policy.handle({ permission: fairwayReadPermission })).toEqual({ result: 'DENY' });
  const open = new PortalPolicy({ readers: ['*'], operators: [], owners: ['*'] });
  expect(await open.handle({ permission: fairwayReadPermission })).toEqual({ result: 'DENY' });
});

test('Node itself loads the policy: not every ES module of Backstage is one that it can', async () => {
  const module = JSON.stringify(join(__dirname, 'permission-module.ts'));
  await promisify(execFile)(process.execPath, ['-e', `await import(${module})`], { cwd: __dirname });
});
