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
const sixty: readonly FleetService[] = [
  ...simulatedServices.map(({ name, team, pods }) => ({ name, team, pods, engine: 'vllm' as const, broken: false })),
  ...teams.flatMap((team, index) =>
    small.map((name, place) => ({
      ...{ name: `${name}-${team.replace('team-', '')}`, team, pods: 1 + (place % 3) },
      engine: 'llamacpp' as const,
      broken: index === 2 && place === 4,
    })),
  ),
];

/** The first of them, or more of the small ones. @param amount default: all sixty */
export function fleetOf(amount = sixty.length): readonly FleetService[] {
  const smallOnes = sixty.filter(({ engine }) => engine === 'llamacpp');
  return Array.from({ length: amount }, (_, place) => {
    const known = sixty[place];
    if (known) return known;
    const like = smallOnes[place % smallOnes.length]!;
    return { ...like, name: `${like.name}-${place}`, broken: place % 500 === 0 };
  });
}
