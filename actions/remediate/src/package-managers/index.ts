import type { Upgrade } from '@fairway/clients/scanner/index';
import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { dnf } from './dnf.ts';
import { npm } from './npm.ts';
import { pip } from './pip.ts';
import { zypper } from './zypper.ts';
import type { PackageManager } from './package-manager.ts';

export type { PackageManager, Wanted } from './package-manager.ts';

export function packageManager({ manager, environment }: Pick<Upgrade, 'manager' | 'environment'>): PackageManager {
  if (manager === 'pip') return pip(environment ?? '');
  return { apt, apk, dnf, zypper, npm }[manager];
}
