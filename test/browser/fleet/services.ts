import { simulatedServices } from '../../../plugins/fairway-backend/src/cluster/simulated-fleet.ts';

export const namespace = 'models';
export const released = '1a2b3c4d';

export interface FleetService {
  readonly name: string;
  readonly team: string;
  readonly pods: number;
  readonly engine: 'vllm' | 'llamacpp' | 'sglang';
  /** None of its pods is ready. */
  readonly broken: boolean;
}

const small = [
  'intent',
  'spelling',
  'language',
  'sentiment',
  'topics',
  'tagging',
  'routing',
  'safety',
  'titles',
  'facts',
];
const teams = ['team-assistant', 'team-documents', 'team-media', 'team-search', 'team-trust'];

/** Those that hold the GPUs of the simulated fleet, and fifty small ones on processors. */
export const fleetServices: readonly FleetService[] = [
  ...simulatedServices.map(({ name, team, pods }) => ({ name, team, pods, engine: 'vllm' as const, broken: false })),
  ...teams.flatMap((team, index) =>
    small.map((name, place) => ({
      ...{ name: `${name}-${team.replace('team-', '')}`, team, pods: 1 + (place % 3) },
      engine: 'llamacpp' as const,
      broken: index === 2 && place === 4,
    })),
  ),
];
