import type { KubernetesObject } from '@fairway/clients/kubernetes/index';

/** GPU devices that a driver offers in one ResourceSlice. */
export interface WatchedSlice {
  readonly driver: string;
  readonly pool: string;
  readonly generation: number;
  /** Undefined for devices that no single node holds. */
  readonly node?: string;
  readonly devices: readonly { readonly name: string; readonly product?: string; readonly profile?: string }[];
}

/** What a ResourceClaim asks for and what it got. */
export interface WatchedClaim {
  /** Keys of devices as `deviceKey` makes them; empty until it is allocated. */
  readonly devices: readonly string[];
  readonly requests: readonly { readonly deviceClass: string; readonly count: number }[];
}

interface DeviceFields {
  readonly attributes?: Readonly<Record<string, { readonly string?: string }>>;
  readonly consumesCounters?: readonly unknown[];
}

interface ResourceSlice extends KubernetesObject {
  readonly spec?: {
    readonly driver: string;
    readonly nodeName?: string;
    readonly pool: { readonly name: string; readonly generation: number };
    /** In v1beta1 the fields of a device lie in `basic`. */
    readonly devices?: readonly (DeviceFields & { readonly name: string; readonly basic?: DeviceFields })[];
  };
}

interface DeviceRequest {
  readonly deviceClassName?: string;
  readonly count?: number;
}

interface ResourceClaim extends KubernetesObject {
  readonly spec?: {
    readonly devices?: {
      /** In v1beta1 the fields of a request lie beside its name. */
      readonly requests?: readonly (DeviceRequest & {
        readonly exactly?: DeviceRequest;
        readonly firstAvailable?: readonly DeviceRequest[];
      })[];
    };
  };
  readonly status?: {
    readonly allocation?: {
      readonly devices?: {
        readonly results?: readonly {
          readonly driver: string;
          readonly pool: string;
          readonly device: string;
          readonly adminAccess?: boolean;
        }[];
      };
    };
  };
}

/** Drivers of GPUs by their convention of names: gpu.nvidia.com, gpu.amd.com, gpu.intel.com. */
function isGpuDriver(driver: string): boolean {
  return driver.startsWith('gpu.');
}

export function deviceKey(driver: string, pool: string, device: string): string {
  return `${driver}/${pool}/${device}`;
}

export function keepSlice(object: KubernetesObject): WatchedSlice | undefined {
  const { spec } = object as ResourceSlice;
  if (!spec || !isGpuDriver(spec.driver)) return undefined;
  const devices = (spec.devices ?? []).flatMap(device => {
    const { attributes, consumesCounters } = device.basic ?? device;
    const profile = text(attributes, 'profile');
    // parts that a driver could make of a whole device which it offers too: counting both would count it twice
    if (profile !== undefined && consumesCounters?.length) return [];
    return [{ name: device.name, product: text(attributes, 'productName'), profile }];
  });
  return { driver: spec.driver, pool: spec.pool.name, generation: spec.pool.generation, node: spec.nodeName, devices };
}

function text(attributes: DeviceFields['attributes'], name: string): string | undefined {
  return attributes?.[name]?.string;
}

export function keepClaim(object: KubernetesObject): WatchedClaim | undefined {
  const { spec, status } = object as ResourceClaim;
  const devices = (status?.allocation?.devices?.results ?? [])
    .filter(({ driver, adminAccess }) => isGpuDriver(driver) && adminAccess !== true)
    .map(({ driver, pool, device }) => deviceKey(driver, pool, device));
  const requests = (spec?.devices?.requests ?? [])
    .map(request => request.exactly ?? request.firstAvailable?.[0] ?? request)
    .map(({ deviceClassName = '', count = 1 }) => ({ deviceClass: deviceClassName, count }))
    .filter(({ deviceClass }) => /(^|[.-])(gpu|mig)([.-]|$)/.test(deviceClass));
  return devices.length > 0 || requests.length > 0 ? { devices, requests } : undefined;
}
